//! Tokens used once, sessions ended by an administrator, sign-ins under way, and enrolments.

use crate::{Cached, Executor, Query, Store, executor::statement, row};
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
    let latest = statement!(
        "SELECT max(before) AS before FROM revoked_sessions WHERE user_id IN (SELECT value FROM json_each(?1))",
        people
    );
    Query::new([latest], |[rows], _| {
        let before = rows.first().map(|line| row::whole(line, "before")).transpose()?;
        Ok(before.flatten().map(UnixTime))
    })
}

/// What is known of a user in whose session a request comes; `people` are they and whoever acts as them.
pub fn known_user(user: UserId, people: &[UserId]) -> Query<KnownUser> {
    let known = statement!(
        "SELECT kept.as_of, kept.body, (SELECT version FROM site_snapshot WHERE part = 0) AS site_version
         FROM (SELECT ?1 AS id) LEFT JOIN user_snapshots kept ON kept.user_id = id",
        user
    );
    let known = Query::new([known], |[rows], _| {
        let line = rows.first().ok_or_else(|| row::unreadable("site_version"))?;
        let kept = row::whole(line, "as_of")?.zip(row::optional_text(line, "body")?);
        let user = kept.map(|(as_of, body)| Cached { version: String::new(), as_of: UnixTime(as_of), body });
        Ok((user, row::optional_text(line, "site_version")?.unwrap_or_default()))
    });
    let known = revoked_before(people).and(known);
    known.map(|(revoked_before, (user, site_version))| KnownUser { revoked_before, user, site_version })
}
