//! Tokens used once, sessions ended by an administrator, sign-ins under way, and enrolments.

use crate::{Executor, Store, executor::statement, row};
use courseferry_api::{JobId, UnixTime, UserId};
use courseferry_ferry::LedgerError;

impl<E: Executor> Store<E> {
    /// Uses a token up; false if it was used before.
    pub async fn use_token(&self, jti: &str, expires: UnixTime) -> Result<bool, LedgerError> {
        self.happens(statement!(
            "INSERT INTO used_tokens (jti, expires) VALUES (?1, ?2) ON CONFLICT DO NOTHING RETURNING 1",
            jti,
            expires
        ))
        .await
    }

    /// Ends every session of a user that began before this moment.
    pub async fn revoke(&self, user: UserId, before: UnixTime) -> Result<(), LedgerError> {
        self.rows(statement!(
            "INSERT OR REPLACE INTO revoked_sessions (user_id, before) VALUES (?1, ?2)",
            user,
            before
        ))
        .await?;
        Ok(())
    }

    /// Sessions of any of these people that began before this moment have ended.
    pub async fn revoked_before(&self, people: &[UserId]) -> Result<Option<UnixTime>, LedgerError> {
        let rows = self
            .rows(statement!(
                "SELECT before FROM revoked_sessions WHERE user_id IN (SELECT value FROM json_each(?1))
                 ORDER BY before DESC LIMIT 1",
                people
            ))
            .await?;
        rows.first().map(|line| row::time(line, "before")).transpose()
    }

    /// Somebody was enrolled in a copy that somebody else restored.
    pub async fn enrolled(&self, restore: &JobId, user: UserId, now: UnixTime) -> Result<(), LedgerError> {
        self.rows(statement!(
            "INSERT INTO enrolments (restore, user_id, at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            restore,
            user,
            now
        ))
        .await?;
        Ok(())
    }

    /// The restores in whose courses Courseferry enrolled this user.
    pub async fn enrolments(&self, user: UserId) -> Result<Vec<JobId>, LedgerError> {
        let rows = self.rows(statement!("SELECT restore FROM enrolments WHERE user_id = ?1", user)).await?;
        rows.iter().map(|line| row::job_id(line, "restore")).collect()
    }
}
