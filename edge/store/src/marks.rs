//! What the Worker notes of itself: when its cron last ticked, what the client told of its readiness, and whether the
//! database is the one that this code was written for.

use crate::{Cached, Executor, Store, executor::statement, row};
use courseferry_api::UnixTime;
use courseferry_ferry::LedgerError;

/// The newest migration that the statements need.
pub const NEWEST_MIGRATION: &str = "0010_copies.sql";

const TICK: &str = "tick";
const READINESS: &str = "readiness";

/// Up to which line of the audit ends of restores were logged.
const LOGGED: &str = "logged";

/// How a try of a restore ended: ids and codes, no names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// Which restore.
    pub restore: String,
    /// From where.
    pub remote: Option<String>,
    /// `restored`, `failed`, `cancelled`, or `postponed` if it is tried again.
    pub status: String,
    /// Why it failed, or is tried again.
    pub code: Option<String>,
    /// Since it was scheduled.
    pub seconds: i64,
}

impl<E: Executor> Store<E> {
    /// The cron ticks.
    pub async fn ticked(&self, now: UnixTime) -> Result<(), LedgerError> {
        self.mark(TICK, now, "").await
    }

    /// When it last did.
    pub async fn last_tick(&self) -> Result<Option<UnixTime>, LedgerError> {
        Ok(self.marked(TICK).await?.map(|mark| mark.as_of))
    }

    /// How tries of restores ended since this was last asked, for the log: each once, the oldest first. The first question
    /// only marks the place.
    pub async fn newly_ended(&self) -> Result<Vec<Ended>, LedgerError> {
        let batch = vec![
            statement!(
                "SELECT a.id, a.restore, a.remote, a.action, a.outcome, a.at - r.created AS seconds
                 FROM audit a JOIN restores r ON r.id = a.restore
                 WHERE a.id > (SELECT CAST(body AS INTEGER) FROM marks WHERE name = ?1) AND a.user_id = 0
                 ORDER BY a.id",
                LOGGED
            ),
            // In the same transaction, so that another tick begins after these.
            statement!(
                "INSERT INTO marks (name, at, body) SELECT ?1, 0, CAST(coalesce(max(id), 0) AS TEXT) FROM audit WHERE true
                 ON CONFLICT (name) DO UPDATE SET body = excluded.body WHERE body <> excluded.body",
                LOGGED
            ),
        ];
        let answers = self.executor.run(batch).await?;
        let ended = |line| {
            let outcome = row::text(line, "outcome")?;
            Ok(Ended {
                restore: row::text(line, "restore")?,
                remote: row::optional_text(line, "remote")?,
                status: row::text(line, "action")?.trim_start_matches("restore.").to_owned(),
                code: (outcome != "ok").then_some(outcome),
                seconds: row::whole(line, "seconds")?.unwrap_or_default(),
            })
        };
        answers.first().map_or(&[][..], Vec::as_slice).iter().map(ended).collect()
    }

    /// Keeps what came of asking the client how ready it is.
    pub async fn keep_readiness(&self, now: UnixTime, answer: &str) -> Result<(), LedgerError> {
        self.mark(READINESS, now, answer).await
    }

    /// What last came of it.
    pub async fn readiness(&self) -> Result<Option<Cached>, LedgerError> {
        self.marked(READINESS).await
    }

    /// Whether [`NEWEST_MIGRATION`] was applied, by the table in which wrangler notes it.
    pub async fn migrated(&self) -> Result<bool, LedgerError> {
        Ok(!self.rows(statement!("SELECT 1 FROM d1_migrations WHERE name = ?1", NEWEST_MIGRATION)).await?.is_empty())
    }

    async fn mark(&self, name: &str, at: UnixTime, body: &str) -> Result<(), LedgerError> {
        self.rows(statement!("INSERT OR REPLACE INTO marks (name, at, body) VALUES (?1, ?2, ?3)", name, at, body))
            .await?;
        Ok(())
    }

    async fn marked(&self, name: &str) -> Result<Option<Cached>, LedgerError> {
        let rows = self.rows(statement!("SELECT at, body FROM marks WHERE name = ?1", name)).await?;
        let kept =
            |line| Ok(Cached { version: String::new(), as_of: row::time(line, "at")?, body: row::text(line, "body")? });
        rows.first().map(kept).transpose()
    }
}
