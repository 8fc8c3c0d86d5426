//! What the Worker notes of itself: when its cron last ticked, what the client told of its readiness, and whether the
//! database is the one that this code was written for.

use crate::{Cached, Executor, Store, executor::statement, row};
use courseferry_api::UnixTime;
use courseferry_ferry::LedgerError;

/// The newest migration that the statements need.
pub const NEWEST_MIGRATION: &str = "0009_for_somebody.sql";

const TICK: &str = "tick";
const READINESS: &str = "readiness";

impl<E: Executor> Store<E> {
    /// The cron ticks.
    pub async fn ticked(&self, now: UnixTime) -> Result<(), LedgerError> {
        self.mark(TICK, now, "").await
    }

    /// When it last did.
    pub async fn last_tick(&self) -> Result<Option<UnixTime>, LedgerError> {
        Ok(self.marked(TICK).await?.map(|mark| mark.as_of))
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
