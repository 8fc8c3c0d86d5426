//! Tokens used once, sessions ended by an administrator, sign-ins under way, and enrolments.

use crate::{Cached, Executor, Query, Row, Statement, Store, cache, executor::statement, row};
use courseferry_api::{JobId, UnixTime, UserId};
use courseferry_ferry::LedgerError;

/// What is known of a user in whose session a request comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownUser {
    /// Sessions that began before this moment have ended.
    pub revoked_before: Option<UnixTime>,
    /// Their kept snapshot.
    pub user: Option<Cached>,
    /// The version of the kept site snapshot; empty where none is kept.
    pub site_version: String,
}

impl<E: Executor> Store<E> {
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
}

/// Uses a token up; false if it was used before.
pub fn use_token(jti: &str, expires: UnixTime) -> Query<bool> {
    let insert = statement!(
        "INSERT INTO used_tokens (jti, expires) VALUES (?1, ?2) ON CONFLICT DO NOTHING RETURNING 1",
        jti,
        expires
    );
    Query::new([insert], |[used], _| Ok(!used.is_empty()))
}

/// Sessions of any of these people that began before this moment have ended.
pub fn revoked_before(people: &[UserId]) -> Query<Option<UnixTime>> {
    Query::new([revoked(people)], |[revoked], _| before(&revoked))
}

/// What is known of a user in whose session a request comes; `people` are they and whoever acts as them.
pub fn known_user(user: UserId, people: &[UserId]) -> Query<KnownUser> {
    Query::new([revoked(people), cache::user(user), cache::site_version()], |[revoked, user, site], _| {
        Ok(KnownUser {
            revoked_before: before(&revoked)?,
            user: cache::user_of(&user)?,
            site_version: cache::version_of(&site)?.map(|(version, _)| version).unwrap_or_default(),
        })
    })
}

fn revoked(people: &[UserId]) -> Statement {
    statement!(
        "SELECT before FROM revoked_sessions WHERE user_id IN (SELECT value FROM json_each(?1))
         ORDER BY before DESC LIMIT 1",
        people
    )
}

fn before(rows: &[Row]) -> Result<Option<UnixTime>, LedgerError> {
    rows.first().map(|line| row::time(line, "before")).transpose()
}
