//! Who comes next: remotes take turns, and on each remote people do. Pure: the ledger tells what waits and what is under
//! way, and enforces once more what is chosen here.

use crate::slot::slot;
use courseferry_api::{JobId, RemoteId, RemoteKind, UnixTime, UserId};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Seconds after which a remote's kind is learnt anew.
const KIND_LASTS: i64 = 86_400;

/// What waits, what is under way, and what is known of the remotes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Queue {
    /// Everything is paused.
    pub paused: bool,
    /// Restores that are due.
    pub due: Vec<Due>,
    /// Backups that are made or copied, or may still be written.
    pub holders: Vec<Holder>,
    /// The remotes of which anything is known.
    pub remotes: Vec<RemoteState>,
}

/// A restore that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    pub job: JobId,
    pub remote: RemoteId,
    pub user: UserId,
    pub username: String,
    pub created: UnixTime,
    /// How many of its owner's are due before it on this remote.
    pub place: u32,
    /// When its owner's last was begun on this remote.
    pub served: UnixTime,
}

/// Rows that hold a remote or a slot of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    pub remote: RemoteId,
    pub kind: RemoteKind,
    pub slot: Option<String>,
    /// How many of them wait for their backup.
    pub backing_up: u32,
}

/// What is known of a remote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteState {
    pub remote: RemoteId,
    pub paused: bool,
    /// What lends its courses; none if that is not known.
    pub kind: Option<RemoteKind>,
    /// When that was learnt, or tried to.
    pub kind_learnt: UnixTime,
    /// It has not answered well since its last fault.
    pub failing: bool,
    /// Its restores wait for an administrator.
    pub held: bool,
    /// While it fails or is held: when the next restore may try it.
    pub probe_at: UnixTime,
    /// When a restore from it was last begun.
    pub served: UnixTime,
    /// Backups that it bears side by side.
    pub at_once: u32,
}

impl RemoteState {
    /// A remote of which nothing is known.
    pub fn unknown(remote: RemoteId) -> Self {
        Self {
            remote,
            paused: false,
            kind: None,
            kind_learnt: UnixTime(0),
            failing: false,
            held: false,
            probe_at: UnixTime(0),
            served: UnixTime(0),
            at_once: crate::Pace::default().at_once,
        }
    }

    /// One restore at a time tries whether it is well again.
    pub fn is_probed(&self) -> bool {
        self.failing || self.held
    }

    /// Its kind; an unknown one is treated as the kind that allows least at once.
    pub fn careful_kind(&self) -> RemoteKind {
        self.kind.unwrap_or(RemoteKind::CAREFUL)
    }
}

/// How many more an invocation can begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// Of those that are made while we wait.
    pub waited_for: u32,
    /// Of those that a remote makes by itself.
    pub asynchronous: u32,
}

/// A restore that is to be claimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToClaim {
    pub job: JobId,
    pub remote: RemoteId,
    pub kind: RemoteKind,
    pub slot: Option<String>,
}

impl Queue {
    /// What is known of a remote.
    pub fn remote(&self, remote: &RemoteId) -> RemoteState {
        let known = self.remotes.iter().find(|state| state.remote == *remote);
        known.cloned().unwrap_or_else(|| RemoteState::unknown(remote.clone()))
    }

    /// Remotes from which something is due and whose kind is to be learnt first.
    pub fn to_learn(&self, now: UnixTime) -> BTreeSet<RemoteId> {
        let mut remotes: BTreeSet<RemoteId> = self.due.iter().map(|due| due.remote.clone()).collect();
        remotes.retain(|remote| {
            let state = self.remote(remote);
            !self.paused && !state.paused && now.since(state.kind_learnt) >= KIND_LASTS
        });
        remotes
    }

    /// What is begun next; nothing on the `later` remotes, whose kind is being asked for.
    pub fn choose(&self, now: UnixTime, room: Room, later: &BTreeSet<RemoteId>) -> Vec<ToClaim> {
        if self.paused {
            return vec![];
        }
        let mut lines = self.lines(now, later);
        let mut room = room;
        let mut chosen = Vec::new();
        // A round gives each remote one turn.
        while !lines.is_empty() {
            lines.retain_mut(|line| {
                let places =
                    if line.kind == RemoteKind::Courseferry { &mut room.asynchronous } else { &mut room.waited_for };
                if *places == 0 || line.quota == 0 {
                    return false;
                }
                let Some(choice) = line.waiting.pop_front() else { return false };
                *places -= 1;
                line.quota -= 1;
                chosen.push(choice);
                true
            });
        }
        chosen
    }

    /// For each remote what may be begun on it, in the order of its people's turns; the remote that was served longest
    /// ago first.
    fn lines(&self, now: UnixTime, later: &BTreeSet<RemoteId>) -> Vec<Line> {
        let mut by_remote: BTreeMap<&RemoteId, Vec<&Due>> = BTreeMap::new();
        for due in self.due.iter().filter(|due| !later.contains(&due.remote)) {
            by_remote.entry(&due.remote).or_default().push(due);
        }
        let mut lines: Vec<(UnixTime, Line)> = by_remote
            .into_iter()
            .filter_map(|(remote, due)| {
                let state = self.remote(remote);
                let line = self.line(&state, due, now)?;
                Some((state.served, line))
            })
            .collect();
        lines.sort_by_key(|(served, _)| *served);
        lines.into_iter().map(|(_, line)| line).collect()
    }

    fn line(&self, state: &RemoteState, mut due: Vec<&Due>, now: UnixTime) -> Option<Line> {
        let kind = state.careful_kind();
        let holders: Vec<&Holder> = self.holders.iter().filter(|holder| holder.remote == state.remote).collect();
        let changes = holders.iter().any(|holder| holder.kind != kind);
        let backing_up: u32 = holders.iter().map(|holder| holder.backing_up).sum();
        let waits = state.is_probed() && (now < state.probe_at || backing_up > 0);
        if state.paused || changes || waits {
            return None;
        }
        let quota = match kind {
            _ if state.is_probed() => 1,
            RemoteKind::Courseferry => u32::MAX,
            RemoteKind::Original3 => u32::from(holders.is_empty()),
            RemoteKind::Original2 => state.at_once.saturating_sub(backing_up),
        };
        let mut taken: BTreeSet<String> = holders.iter().filter_map(|holder| holder.slot.clone()).collect();
        due.sort_by_key(|due| (due.place, due.served, due.created, due.job.clone()));
        let waiting = due.into_iter().filter_map(|due| {
            let slot = slot(kind, &state.remote, &due.username);
            let free = slot.as_ref().is_none_or(|slot| taken.insert(slot.clone()));
            free.then(|| ToClaim { job: due.job.clone(), remote: due.remote.clone(), kind, slot })
        });
        Some(Line { kind, quota, waiting: waiting.collect() })
    }
}

/// What may be begun on one remote.
struct Line {
    kind: RemoteKind,
    quota: u32,
    waiting: VecDeque<ToClaim>,
}

#[cfg(test)]
#[path = "queue_tests.rs"]
mod tests;
