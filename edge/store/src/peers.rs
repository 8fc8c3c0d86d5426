//! The client and the remotes as we last met them, and whether they are paused.

use crate::{Executor, Store, executor::statement, row};
use courseferry_api::{RemoteId, UnixTime};
use courseferry_ferry::{Failure, LedgerError};

/// A peer as we last met it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PeerStatus {
    /// The remote; none is the client.
    pub remote: Option<RemoteId>,
    /// Its site name; empty until it has told it.
    pub name: String,
    /// Its Moodle release; empty until it has told it.
    pub release: String,
    /// When it last answered well.
    pub last_success: Option<UnixTime>,
    /// What is wrong with it since it last answered well.
    pub problem: Option<Failure>,
    /// What it last refused, though it may have answered other calls well since; none once a restore from it arrived.
    pub refused: Option<Refused>,
    /// Restores from it (the client: all restores) are paused.
    pub paused: bool,
}

/// A call that a peer refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// When.
    pub at: UnixTime,
    /// Why.
    pub failure: Failure,
}

impl<E: Executor> Store<E> {
    /// Every peer that was ever met or paused.
    pub async fn peers(&self) -> Result<Vec<PeerStatus>, LedgerError> {
        let rows = self
            .rows(statement!(
                "SELECT remote, name, release, last_success, problem AS error, problem_detail AS error_detail, paused,
                     CASE WHEN refused IS NULL OR EXISTS (
                         SELECT 1 FROM restores
                         WHERE finished >= peers.refused AND status = 'restored' AND remote = peers.remote
                     ) THEN NULL ELSE refused END AS refused, refusal, refusal_detail
                 FROM peers ORDER BY remote"
            ))
            .await?;
        let met = |line| {
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
            })
        };
        rows.iter().map(met).collect()
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

fn key(remote: Option<&RemoteId>) -> &str {
    remote.map_or("", RemoteId::as_str)
}
