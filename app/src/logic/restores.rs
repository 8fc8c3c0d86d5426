//! The list "Your restores": its order, what of it the narrow block shows, and what is said aloud when it changes.

use crate::i18n::{Locale, Text, text};
use courseferry_api::{CopyState, JobId, Phase, Restore, Status, UnixTime};
use std::cmp::Reverse;

/// So many lines the narrow block shows.
pub const BRIEF: usize = 5;

/// A failure that nobody has looked after for so many seconds no longer comes first.
const OLD: i64 = 14 * 86_400;

fn rank(restore: &Restore, now: UnixTime) -> u8 {
    match restore.status {
        Status::Failed if now.since(restore.since) > OLD => 4,
        Status::Failed => 0,
        Status::InProgress => 1,
        Status::Scheduled => 2,
        Status::Restored if restore.is_gone() => 4,
        Status::Restored => 3,
        Status::Cancelled => 4,
    }
}

/// Where a restore goes that has not arrived: `to Physics`.
pub fn destination(locale: &Locale, restore: &Restore) -> Option<String> {
    let name = restore.category_name.as_ref()?;
    let under_way = matches!(restore.status, Status::Scheduled | Status::InProgress);
    under_way.then(|| locale.fill(text::TO_CATEGORY, &[("category", name)]))
}

/// Failed, in progress, scheduled, then the newest restored, then cancelled.
pub fn order(restores: &[Restore], now: UnixTime) -> Vec<JobId> {
    let key = |r: &Restore| (rank(r, now), Reverse(r.since), Reverse(r.created));
    let mut sorted: Vec<&Restore> = restores.iter().collect();
    sorted.sort_by_key(|restore| key(restore));
    sorted.into_iter().map(|r| r.id.clone()).collect()
}

/// The earlier order with what is gone left out and what is new put first: nothing moves that somebody points at.
pub fn steady(shown: &[JobId], restores: &[Restore], now: UnixTime) -> Vec<JobId> {
    let fresh = order(restores, now).into_iter().filter(|id| !shown.contains(id));
    let kept = shown.iter().filter(|id| restores.iter().any(|r| r.id == **id)).cloned();
    fresh.chain(kept).collect()
}

fn what_became_of_the_copy(then: &Restore, now: &Restore) -> Option<Text> {
    let was_removing = matches!(then.copy, Some(CopyState::Removing { .. }));
    match now.copy {
        Some(CopyState::Removing { .. }) if !was_removing => Some(text::SAID_COPY_REMOVING),
        Some(CopyState::Removed { .. }) if then.copy != now.copy => Some(text::SAID_COPY_REMOVED),
        Some(CopyState::Removable { .. }) | None if was_removing => Some(text::SAID_COPY_STAYS),
        _ => None,
    }
}

/// What to say aloud: steps and ends, never per cent.
pub fn changes(locale: &Locale, before: &[Restore], after: &[Restore]) -> Vec<String> {
    let change = |now: &Restore| {
        let then = before.iter().find(|r| r.id == now.id)?;
        if (then.status, then.phase) == (now.status, now.phase) {
            let said = what_became_of_the_copy(then, now)?;
            return Some(locale.fill(said, &[("course", &now.full_name)]));
        }
        let said = match now.status {
            Status::Scheduled => text::SAID_SCHEDULED,
            Status::InProgress => text::SAID_STARTED,
            Status::Restored => text::SAID_RESTORED,
            Status::Failed => text::SAID_FAILED,
            Status::Cancelled => text::SAID_CANCELLED,
        };
        let step = now.phase.map_or(1, Phase::step).to_string();
        Some(locale.fill(said, &[("course", &now.full_name), ("n", &step)]))
    };
    after.iter().filter_map(change).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::i18n::stub::{NOW, english};
    use courseferry_api::{RemoteCourseId, Target};
    use std::slice::from_ref;

    /// A scheduled restore of course `id` of "Moodle Sciences".
    pub fn restore(id: i64) -> Restore {
        Restore {
            id: format!("{id:032x}").parse().expect("an id"),
            remote: "0123456789ab".parse().expect("an id"),
            remote_name: "Moodle Sciences".into(),
            remote_course: RemoteCourseId(id),
            full_name: format!("Course {id}"),
            short_name: format!("C{id}"),
            status: Status::Scheduled,
            phase: None,
            since: NOW.plus(-60),
            bytes: 0,
            total_bytes: 0,
            percent: 0,
            target: Target::Original,
            options: courseferry_api::Options::default(),
            category: None,
            category_name: None,
            created: NOW.plus(-60),
            expected: None,
            finished: None,
            failures: 0,
            attempts: 8,
            course: None,
            link: None,
            warnings: Vec::new(),
            problem: None,
            held: None,
            can_cancel: true,
            can_retry: false,
            can_move: true,
            asked_by: None,
            copy: None,
        }
    }

    fn with(id: i64, status: Status, ago: i64) -> Restore {
        Restore { status, since: NOW.plus(-ago), ..restore(id) }
    }

    #[test]
    fn what_needs_somebody_comes_first_and_the_newest_restored_before_older() {
        let list = [
            with(1, Status::Cancelled, 0),
            with(2, Status::Restored, 500),
            with(3, Status::Restored, 20),
            with(4, Status::Scheduled, 9),
            with(5, Status::InProgress, 9),
            with(6, Status::Failed, 900),
            with(7, Status::Failed, 15 * 86_400),
        ];
        let expected: Vec<JobId> = [6, 5, 4, 3, 2, 1, 7].into_iter().map(|id| restore(id).id).collect();
        assert_eq!(order(&list, NOW), expected);
    }

    #[test]
    fn under_the_pointer_nothing_changes_place() {
        let before = [with(1, Status::Scheduled, 9), with(2, Status::Restored, 9)];
        let shown = order(&before, NOW);
        let after = [with(1, Status::Restored, 0), with(2, Status::Failed, 0), with(3, Status::Scheduled, 0)];
        let expected: Vec<JobId> = [3, 1, 2].into_iter().map(|id| restore(id).id).collect();
        assert_eq!(steady(&shown, &after, NOW), expected);
    }

    #[test]
    fn steps_and_ends_are_said_and_per_cent_is_not() {
        let locale = &english();
        let mut before = with(1, Status::InProgress, 9);
        before.phase = Some(Phase::Transferring);
        let mut after = Restore { percent: 40, bytes: 9, ..before.clone() };
        assert!(changes(locale, &[before.clone()], &[after.clone()]).is_empty());
        after.phase = Some(Phase::Restoring);
        assert_eq!(changes(locale, &[before.clone()], &[after.clone()]), ["Course 1: step 3 of 3."]);
        after.status = Status::Restored;
        assert_eq!(changes(locale, &[before], &[after.clone()]), ["Course 1 is restored."]);
        let copy = |copy| Restore { copy: Some(copy), ..after.clone() };
        let (free, asked) = (copy(CopyState::Removable { until: NOW }), copy(CopyState::Removing { since: NOW }));
        let said = |before: &Restore, after: &Restore| changes(locale, from_ref(before), from_ref(after));
        assert_eq!(said(&free, &asked), ["The copy of Course 1 is being removed."]);
        assert_eq!(said(&asked, &copy(CopyState::Removed { at: NOW })), ["The copy of Course 1 is removed."]);
        assert_eq!(said(&asked, &free), ["The copy of Course 1 stays."]);
    }
}
