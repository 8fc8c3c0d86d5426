//! One person's data, handed out and erased; and what is deleted when its time is over.

use crate::{Executor, Row, Statement, Store, executor::statement};
use courseferry_api::{UnixTime, UserId};
use courseferry_ferry::LedgerError;

/// What a restore keeps when its owner is erased: the remote, the course and whether it is taken.
macro_rules! anonymous {
    ($condition:literal) => {
        concat!(
            "UPDATE restores SET user_id = 0, username = '', user_name = '', locale = 'en', error_detail = '',
                 search = lower(full_name || ' ' || short_name)
             WHERE ",
            $condition
        )
    };
}

/// Everything that is kept of one person, row by row.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize)]
pub struct Export {
    /// Their restores.
    pub restores: Vec<Row>,
    /// What the audit says of them.
    pub audit: Vec<Row>,
    /// What they did while they were logged in as somebody else, whose name is not told.
    pub acted: Vec<Row>,
    /// Where Courseferry enrolled them.
    pub enrolments: Vec<Row>,
    /// What remotes said of their courses.
    pub listings: Vec<Row>,
    /// What the client said of them.
    pub snapshots: Vec<Row>,
}

impl<E: Executor> Store<E> {
    /// Everything that is kept of one person.
    pub async fn export(&self, user: UserId) -> Result<Export, LedgerError> {
        let batch = vec![
            statement!(
                "SELECT id, user_id, username, user_name, locale, remote, course, full_name, short_name, target,
                     category, category_name, status, created, finished, restored, warnings, error, error_detail
                 FROM restores WHERE user_id = ?1 ORDER BY created, id",
                user
            ),
            statement!(
                "SELECT at, user_name, acting, action, restore, remote, outcome FROM audit
                 WHERE user_id = ?1 ORDER BY id",
                user
            ),
            statement!(
                "SELECT at, acting, action, restore, remote, outcome FROM audit
                 WHERE acting_id = ?1 AND acting IS NOT NULL ORDER BY id",
                user
            ),
            statement!("SELECT restore, at FROM enrolments WHERE user_id = ?1 ORDER BY at", user),
            statement!("SELECT remote, as_of, no_account, courses FROM listings WHERE user_id = ?1", user),
            statement!("SELECT as_of, body FROM user_snapshots WHERE user_id = ?1", user),
        ];
        let mut answers = self.executor.run(batch).await?.into_iter();
        let mut next = || answers.next().unwrap_or_default();
        Ok(Export {
            restores: next(),
            audit: next(),
            acted: next(),
            enrolments: next(),
            listings: next(),
            snapshots: next(),
        })
    }

    /// Erases one person. What waits is cancelled first, what is under way is cancelled as soon as that is safe; a
    /// course that is being restored comes, and nobody is told.
    pub async fn erase(&self, user: UserId, now: UnixTime) -> Result<(), LedgerError> {
        self.executor
            .run(vec![
                statement!(
                    "UPDATE restores SET status = 'cancelled', since = ?2, finished = ?2, exclusive_key = NULL
                     WHERE user_id = ?1 AND status = 'scheduled'",
                    user,
                    now
                ),
                statement!(
                    "UPDATE restores SET cancelling = 1
                     WHERE user_id = ?1 AND status = 'in_progress' AND phase IN ('backing_up', 'transferring')",
                    user
                ),
                statement!(anonymous!("user_id = ?1"), user),
                statement!("DELETE FROM outbox WHERE user_id = ?1 AND audience = 'owner'", user),
                statement!("UPDATE outbox SET user_id = 0, error_detail = '' WHERE user_id = ?1", user),
                statement!(
                    "UPDATE audit SET user_id = -1, user_name = '', acting = NULL, acting_id = NULL WHERE user_id = ?1",
                    user
                ),
                // That somebody acted as somebody else stays known. A line without an id may be theirs.
                statement!(
                    "UPDATE audit SET acting = '', acting_id = NULL
                     WHERE acting <> '' AND (acting_id = ?1 OR acting_id IS NULL)",
                    user
                ),
                statement!("DELETE FROM enrolments WHERE user_id = ?1", user),
                statement!("DELETE FROM listings WHERE user_id = ?1", user),
                statement!("DELETE FROM user_snapshots WHERE user_id = ?1", user),
                // Whatever session they have ends too.
                statement!(
                    "INSERT OR REPLACE INTO revoked_sessions (user_id, before) VALUES (?1, ?2)",
                    user,
                    now.plus(1)
                ),
            ])
            .await?;
        Ok(())
    }

    /// Deletes what ended so many days ago, audit lines of their age, and what has expired.
    ///
    /// A restore that still holds its course is not deleted but made anonymous: its course stays taken.
    pub async fn clean(&self, now: UnixTime, ended_days: u32, audit_days: u32) -> Result<(), LedgerError> {
        let ago = |days: u32| now.plus(-86_400 * i64::from(days));
        let (ended, audited) = (ago(ended_days), ago(audit_days));
        let before = |sql, moment: UnixTime| -> Statement { statement!(sql, moment) };
        self.executor
            .run(vec![
                before("DELETE FROM restores WHERE finished < ?1 AND exclusive_key IS NULL", ended),
                before(anonymous!("finished < ?1 AND user_id <> 0"), ended),
                before("DELETE FROM outbox WHERE created < ?1", ended),
                before("DELETE FROM enrolments WHERE at < ?1", ended),
                before("DELETE FROM listings WHERE as_of < ?1", ended),
                before("DELETE FROM user_snapshots WHERE as_of < ?1", ended),
                before("DELETE FROM audit WHERE at < ?1", audited),
                before("DELETE FROM used_tokens WHERE expires < ?1", now),
                before("DELETE FROM revoked_sessions WHERE before < ?1", ago(1)),
            ])
            .await?;
        Ok(())
    }
}
