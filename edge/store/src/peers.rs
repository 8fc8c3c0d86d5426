//! How the client and the remotes last answered, and whether they are paused.

use crate::{Executor, Query, Row, Statement, Store, executor::statement, row};
use courseferry_api::{RemoteId, RemoteKind, UnixTime};
use courseferry_ferry::{About, Failure, LedgerError, Pace, RemoteState, RestoreRow};

/// The client or a remote, as it last answered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PeerStatus {
    /// The remote; none is the client.
    pub remote: Option<RemoteId>,
    /// Its site name; empty until it is known.
    pub name: String,
    /// Its Moodle release; empty until it is known.
    pub release: String,
    /// When it last answered well.
    pub last_success: Option<UnixTime>,
    /// What is wrong with it since it last answered well.
    pub problem: Option<Failure>,
    /// The last call that it refused, even if it answered others well since; none once a restore from it arrived.
    pub refused: Option<Refused>,
    /// Restores from it (the client: all restores) are paused.
    pub paused: bool,
    /// What lends its courses, and when that was learnt; none before.
    pub kind: Option<(RemoteKind, UnixTime)>,
    /// The version of the block that lends them; empty until it is known.
    pub version: String,
    /// Its restores wait for an administrator: since when, and why.
    pub held: Option<(UnixTime, Failure)>,
}

impl PeerStatus {
    /// It answered well when it was last asked.
    pub fn answers(&self) -> bool {
        self.last_success.is_some() && self.problem.is_none()
    }
}

/// A call that a peer refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// When.
    pub at: UnixTime,
    /// Why.
    pub failure: Failure,
}

/// Every peer that was ever asked or paused.
pub fn peers() -> Query<Vec<PeerStatus>> {
    Query::new([all()], |[peers], _| statuses_of(&peers))
}

impl<E: Executor> Store<E> {
    /// What lends a remote's courses, and when that was learnt; the time is long ago where it is in doubt.
    pub async fn kind_of(&self, remote: &RemoteId) -> Result<Option<(RemoteKind, UnixTime)>, LedgerError> {
        let rows = self.rows(statement!("SELECT kind, kind_learnt FROM peers WHERE remote = ?1", remote)).await?;
        let Some(line) = rows.first() else { return Ok(None) };
        Ok(row::kind(line)?.zip(row::whole(line, "kind_learnt")?.map(UnixTime)))
    }

    /// A peer told its name and release.
    pub async fn name_peer(&self, remote: Option<&RemoteId>, name: &str, release: &str) -> Result<(), LedgerError> {
        self.rows(statement!(
            "INSERT INTO peers (remote, name, release) VALUES (?1, ?2, ?3)
             ON CONFLICT (remote) DO UPDATE SET name = excluded.name, release = excluded.release",
            key(remote),
            name,
            release
        ))
        .await?;
        Ok(())
    }

    /// Pauses a peer, or lets it go on.
    pub async fn pause(&self, remote: Option<&RemoteId>, paused: bool) -> Result<(), LedgerError> {
        self.rows(statement!(
            "INSERT INTO peers (remote, paused) VALUES (?1, ?2)
             ON CONFLICT (remote) DO UPDATE SET paused = excluded.paused",
            key(remote),
            paused
        ))
        .await?;
        Ok(())
    }

    pub(crate) async fn record_peer(
        &self,
        remote: Option<&RemoteId>,
        now: UnixTime,
        problem: Option<&Failure>,
    ) -> Result<(), LedgerError> {
        let statement = match problem {
            None => statement!(
                "INSERT INTO peers (remote, last_success) VALUES (?1, ?2)
                 ON CONFLICT (remote) DO UPDATE SET last_success = excluded.last_success, problem = NULL,
                     problem_detail = '', problem_since = NULL",
                key(remote),
                now
            ),
            Some(failure) => statement!(
                "INSERT INTO peers (remote, problem, problem_detail, problem_since, refusal, refusal_detail, refused)
                 VALUES (?1, ?3, ?4, ?2, ?3, ?4, ?2)
                 ON CONFLICT (remote) DO UPDATE SET problem = excluded.problem,
                     problem_detail = excluded.problem_detail,
                     problem_since = coalesce(problem_since, excluded.problem_since),
                     refusal = excluded.refusal, refusal_detail = excluded.refusal_detail, refused = excluded.refused",
                key(remote),
                now,
                failure.code,
                failure.detail
            ),
        };
        self.rows(statement).await?;
        Ok(())
    }
}

/// A remote's line of `peers`, as the claim looks at it.
pub(crate) fn state(line: &Row) -> Result<RemoteState, LedgerError> {
    Ok(RemoteState {
        remote: row::remote_id(line, "remote")?,
        paused: row::flag(line, "paused")?,
        kind: row::kind(line)?,
        kind_learnt: row::time(line, "kind_learnt")?,
        failing: row::flag(line, "failing")?,
        held: row::flag(line, "held")?,
        probe_at: row::time(line, "probe_at")?,
        served: row::time(line, "served")?,
        at_once: match row::count(line, "at_once")? {
            0 => Pace::default().at_once,
            known => known,
        },
    })
}

impl<E: Executor> Store<E> {
    pub(crate) async fn remember_kind(
        &self,
        remote: &RemoteId,
        now: UnixTime,
        about: Option<&About>,
    ) -> Result<(), LedgerError> {
        let statement = match about {
            Some(about) => statement!(
                "INSERT INTO peers (remote, name, release, kind, kind_learnt, lender_version)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (remote) DO UPDATE SET name = excluded.name, release = excluded.release,
                     kind = excluded.kind, kind_learnt = excluded.kind_learnt, lender_version = excluded.lender_version",
                remote,
                about.name,
                about.release,
                about.kind.map(RemoteKind::as_str),
                now,
                about.version
            ),
            // The last known kind stays, and is asked for again with the next contact.
            None => statement!("INSERT OR IGNORE INTO peers (remote) VALUES (?1)", remote),
        };
        self.rows(statement).await?;
        Ok(())
    }

    pub(crate) async fn forget_kind(&self, remote: &RemoteId) -> Result<(), LedgerError> {
        self.rows(statement!("UPDATE peers SET kind_learnt = 0 WHERE remote = ?1", remote)).await?;
        Ok(())
    }

    pub(crate) async fn postpone_probe(&self, remote: &RemoteId, at: UnixTime) -> Result<(), LedgerError> {
        self.rows(statement!("UPDATE peers SET probe_at = ?2 WHERE remote = ?1", remote, at)).await?;
        Ok(())
    }

    pub(crate) async fn hold_remote(
        &self,
        row: &RestoreRow,
        now: UnixTime,
        failure: &Failure,
    ) -> Result<(), LedgerError> {
        self.executor
            .run(vec![
                // The administrators hear of it when it begins. The outbox and the companion know a message by its
                // attempt: the row goes on under the next one, so that its own end is another message.
                statement!(
                    "INSERT OR IGNORE INTO outbox
                         (job, attempt, audience, user_id, batch, remote, error, error_detail, created)
                     SELECT id, attempt, 'administrators', user_id, batch, remote, ?2, ?3, ?4 FROM restores
                     WHERE id = ?1 AND NOT EXISTS (
                         SELECT 1 FROM peers p WHERE p.remote = restores.remote AND p.held_since IS NOT NULL)",
                    row.id,
                    failure.code,
                    failure.detail,
                    now
                ),
                statement!(
                    "UPDATE restores SET attempt = attempt + 1
                     WHERE id = ?1 AND NOT EXISTS (
                         SELECT 1 FROM peers p WHERE p.remote = restores.remote AND p.held_since IS NOT NULL)",
                    row.id
                ),
                statement!(
                    "INSERT INTO peers (remote, held_since, held, held_detail) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT (remote) DO UPDATE SET held_since = coalesce(held_since, excluded.held_since),
                         held = excluded.held, held_detail = excluded.held_detail",
                    row.remote,
                    now,
                    failure.code,
                    failure.detail
                ),
            ])
            .await?;
        Ok(())
    }

    pub(crate) async fn end_hold(&self, remote: &RemoteId, now: UnixTime) -> Result<(), LedgerError> {
        self.executor
            .run(vec![
                statement!(
                    "UPDATE restores SET retry_at = 0 WHERE status = 'scheduled' AND remote = ?1 AND retry_at > ?2
                         AND error = (SELECT held FROM peers WHERE remote = ?1)",
                    remote,
                    now
                ),
                statement!(
                    "UPDATE peers SET held_since = NULL, held = NULL, held_detail = '', probe_at = 0 WHERE remote = ?1",
                    remote
                ),
            ])
            .await?;
        Ok(())
    }

    pub(crate) async fn read_pace(&self, remote: &RemoteId) -> Result<Pace, LedgerError> {
        let rows = self
            .rows(statement!("SELECT at_once, usual_seconds FROM peers WHERE remote = ?1 AND at_once > 0", remote))
            .await?;
        let Some(line) = rows.first() else { return Ok(Pace::default()) };
        Ok(Pace { at_once: row::count(line, "at_once")?, usual: row::count(line, "usual_seconds")? })
    }

    pub(crate) async fn write_pace(&self, remote: &RemoteId, pace: Pace) -> Result<(), LedgerError> {
        self.rows(statement!(
            "UPDATE peers SET at_once = ?2, usual_seconds = ?3 WHERE remote = ?1",
            remote,
            pace.at_once,
            pace.usual
        ))
        .await?;
        Ok(())
    }
}

fn key(remote: Option<&RemoteId>) -> &str {
    remote.map_or("", RemoteId::as_str)
}

/// Reads every peer.
pub(crate) fn all() -> Statement {
    statement!(
        "SELECT remote, name, release, last_success, problem AS error, problem_detail AS error_detail, paused,
             kind, kind_learnt, lender_version, held_since, held, held_detail, refused, refusal, refusal_detail
         FROM peers ORDER BY remote"
    )
}

pub(crate) fn statuses_of(rows: &[Row]) -> Result<Vec<PeerStatus>, LedgerError> {
    rows.iter().map(status).collect()
}

fn status(line: &Row) -> Result<PeerStatus, LedgerError> {
    Ok(PeerStatus {
        remote: Some(row::text(line, "remote")?)
            .filter(|remote| !remote.is_empty())
            .map(|remote| remote.parse().map_err(|_| row::unreadable("remote")))
            .transpose()?,
        name: row::text(line, "name")?,
        release: row::text(line, "release")?,
        last_success: row::whole(line, "last_success")?.map(UnixTime),
        problem: row::failure(line, "error")?,
        refused: match (row::whole(line, "refused")?.map(UnixTime), row::failure(line, "refusal")?) {
            (Some(at), Some(failure)) => Some(Refused { at, failure }),
            _ => None,
        },
        paused: row::flag(line, "paused")?,
        kind: row::kind(line)?.zip(row::whole(line, "kind_learnt")?.map(UnixTime)),
        version: row::text(line, "lender_version")?,
        held: row::whole(line, "held_since")?.map(UnixTime).zip(row::failure(line, "held")?),
    })
}
