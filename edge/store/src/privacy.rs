//! One person's data, handed out and erased; and what is deleted when its time is over.

use crate::{Executor, Row, Statement, Store, executor::statement};
use courseferry_api::{UnixTime, UserId};
use courseferry_ferry::LedgerError;

/// Days after which the counts of a night are deleted.
const NIGHTS: u32 = 60;
/// Days after which a message is deleted, sent or not: it is no news any more, and what asks whether somebody was told
/// looks back for a day.
const LETTERS: u32 = 30;
/// Rows of each table that one clean-up deletes at the most.
const CLEANED: u32 = 300;

/// What a restore keeps when its owner is erased: the remote, the course and whether it is taken.
macro_rules! anonymous {
    ($condition:literal) => {
        concat!(
            "UPDATE restores SET user_id = 0, username = '', user_name = '', locale = 'en', error_detail = '',
                 actor_id = iif(actor_id IS NULL, NULL, 0), actor_name = '', actor_locale = '',
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
    /// What they asked for on behalf of others, whose names are not told.
    pub asked: Vec<Row>,
    /// What the audit says of them.
    pub audit: Vec<Row>,
    /// What others did for them.
    pub done_for_them: Vec<Row>,
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
                     category, category_name, status, created, finished, restored, warnings, error, error_detail,
                     actor_id IS NOT NULL AS asked_by_another
                 FROM restores WHERE user_id = ?1 ORDER BY created, id",
                user
            ),
            statement!(
                "SELECT id, actor_name, remote, course, full_name, status, created, finished
                 FROM restores WHERE actor_id = ?1 ORDER BY created, id",
                user
            ),
            statement!(
                "SELECT at, user_name, acting, action, restore, remote, outcome FROM audit
                 WHERE user_id = ?1 ORDER BY id",
                user
            ),
            statement!(
                "SELECT at, action, restore, remote, outcome, for_name FROM audit WHERE for_id = ?1 ORDER BY id",
                user
            ),
            statement!(
                "SELECT at, acting, action, restore, remote, outcome FROM audit
                 WHERE acting_id = ?1 AND acting IS NOT NULL ORDER BY id",
                user
            ),
            statement!("SELECT restore, at FROM enrolments WHERE user_id = ?1 ORDER BY at", user),
            statement!(
                "SELECT remote, part, as_of, no_account, courses FROM listings WHERE user_id = ?1 ORDER BY remote, part",
                user
            ),
            statement!("SELECT as_of, body FROM user_snapshots WHERE user_id = ?1", user),
        ];
        let mut answers = self.executor.run(batch).await?.into_iter();
        let mut next = || answers.next().unwrap_or_default();
        Ok(Export {
            restores: next(),
            asked: next(),
            audit: next(),
            done_for_them: next(),
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
                // The lines that tell it to the administrator who asked on their behalf.
                statement!(
                    "DELETE FROM outbox WHERE audience = 'actor' AND job IN (SELECT id FROM restores WHERE user_id = ?1)",
                    user
                ),
                statement!(anonymous!("user_id = ?1"), user),
                // Restores that they asked for on behalf of others are cancelled: nobody is left whose rights would count.
                statement!(
                    "UPDATE restores SET actor_id = 0, actor_name = '', actor_locale = '' WHERE actor_id = ?1",
                    user
                ),
                statement!("DELETE FROM outbox WHERE user_id = ?1 AND audience <> 'administrators'", user),
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
                statement!("UPDATE audit SET for_id = 0, for_name = '' WHERE for_id = ?1", user),
                statement!("DELETE FROM enrolments WHERE user_id = ?1", user),
                statement!("DELETE FROM listings WHERE user_id = ?1", user),
                statement!("DELETE FROM user_snapshots WHERE user_id = ?1", user),
                statement!("UPDATE settings SET user_id = -1, user_name = '' WHERE user_id = ?1", user),
                // Their sessions end too.
                statement!(
                    "INSERT OR REPLACE INTO revoked_sessions (user_id, before) VALUES (?1, ?2)",
                    user,
                    now.plus(1)
                ),
            ])
            .await?;
        Ok(())
    }

    /// Deletes what ended so many days ago, audit lines of their age, messages of a month ago, and what has expired, at
    /// most a few hundred rows of each: whether some may be left.
    ///
    /// A restore that still holds its course is not deleted but made anonymous: its course stays taken.
    pub async fn clean(&self, now: UnixTime, ended_days: u32, audit_days: u32) -> Result<bool, LedgerError> {
        /// The oldest rows of a table, by the index of their time.
        macro_rules! oldest {
            ($act:expr, $key:literal, $table:literal, $condition:literal, $time:literal) => {
                concat!(
                    $act,
                    " ",
                    $key,
                    " IN (SELECT ",
                    $key,
                    " FROM ",
                    $table,
                    " WHERE ",
                    $condition,
                    " ORDER BY ",
                    $time,
                    " LIMIT ?2) RETURNING 1"
                )
            };
        }
        let ago = |days: u32| now.plus(-86_400 * i64::from(days));
        let (ended, audited) = (ago(ended_days), ago(audit_days));
        let before = |sql, moment: UnixTime| -> Statement { statement!(sql, moment, CLEANED) };
        let deleted = self
            .executor
            .run(vec![
                before(
                    oldest!(
                        "DELETE FROM restores WHERE",
                        "rowid",
                        "restores INDEXED BY restores_deletable",
                        "finished < ?1 AND exclusive_key IS NULL",
                        "finished"
                    ),
                    ended,
                ),
                before(
                    oldest!(
                        anonymous!(""),
                        "rowid",
                        "restores INDEXED BY restores_with_owner",
                        "finished < ?1 AND user_id <> 0",
                        "finished"
                    ),
                    ended,
                ),
                before(
                    oldest!("DELETE FROM outbox WHERE", "rowid", "outbox", "created < ?1", "created"),
                    ago(ended_days.min(LETTERS)),
                ),
                before(oldest!("DELETE FROM enrolments WHERE", "rowid", "enrolments", "at < ?1", "at"), ended),
                before(oldest!("DELETE FROM listings WHERE", "rowid", "listings", "as_of < ?1", "as_of"), ended),
                before(
                    oldest!("DELETE FROM user_snapshots WHERE", "user_id", "user_snapshots", "as_of < ?1", "as_of"),
                    ended,
                ),
                before(oldest!("DELETE FROM questions WHERE", "name", "questions", "asked < ?1", "asked"), ago(1)),
                before(oldest!("DELETE FROM row_faults WHERE", "rowid", "row_faults", "last < ?1", "last"), ended),
                before(oldest!("DELETE FROM hours WHERE", "rowid", "hours", "hour < ?1 / 3600", "hour"), ago(NIGHTS)),
                before(
                    oldest!("DELETE FROM step_minutes WHERE", "rowid", "step_minutes", "day < ?1 / 86400", "day"),
                    ago(NIGHTS),
                ),
                // The oldest by number: the numbers of those that stay have no gaps.
                before(
                    oldest!(
                        "DELETE FROM audit WHERE",
                        "id",
                        "audit",
                        "id < coalesce((SELECT id FROM audit WHERE at >= ?1 ORDER BY at, id LIMIT 1), 9e15)",
                        "id"
                    ),
                    audited,
                ),
                before(oldest!("DELETE FROM used_tokens WHERE", "jti", "used_tokens", "expires < ?1", "expires"), now),
                before(
                    oldest!(
                        "DELETE FROM revoked_sessions WHERE",
                        "user_id",
                        "revoked_sessions",
                        "before < ?1",
                        "before"
                    ),
                    ago(1),
                ),
            ])
            .await?;
        Ok(deleted.iter().any(|rows| rows.len() >= CLEANED as usize))
    }
}
