//! What is to be told, and to whom: lines are written with the end that they tell of, letters are closed over them,
//! and a closed letter is sent until the client has it.

use crate::{Executor, Row, Statement, Store, executor::statement, row};
use courseferry_api::{CourseId, ErrorCode, JobId, Options, RemoteCourseId, UnixTime, UserId};
use courseferry_ferry::{Audience, LedgerError, Letter, LetterLine, Recipient};
use std::collections::BTreeMap;

/// Times that a letter is offered to a client that answers and refuses it.
const TRIES: u32 = 10;

/// Closes the letters to this audience of which everything has ended, or which have waited long enough (`?2`). Its lines
/// carry in `batch` what the column of their restores says.
macro_rules! closed {
    ($audience:literal, $column:literal) => {
        concat!(
            "UPDATE outbox SET letter = ?1 || ' ' || batch, send_at = 0
             WHERE audience = '",
            $audience,
            "' AND letter IS NULL AND batch IN (
                 SELECT batch FROM outbox o WHERE audience = '",
            $audience,
            "' AND letter IS NULL
                 GROUP BY batch
                 HAVING min(created) <= ?2 OR NOT EXISTS (
                     SELECT 1 FROM restores r WHERE ",
            $column,
            " = o.batch AND r.status IN ('scheduled', 'in_progress')))"
        )
    };
}

impl<E: Executor> Store<E> {
    /// Drops what no letter says yet of an earlier end of a restore that ended just now: one letter must not say of one
    /// course that it failed and that it came.
    pub(crate) fn forget_unsent(job: &JobId, now: UnixTime) -> Statement {
        statement!(
            "DELETE FROM outbox WHERE job = ?1 AND letter IS NULL AND created < ?2
                 AND EXISTS (SELECT 1 FROM restores WHERE id = ?1 AND finished = ?2)",
            job,
            now
        )
    }

    /// A line for the owner of a restore that came or failed just now.
    pub(crate) fn tell_owner(job: &JobId, now: UnixTime) -> Statement {
        statement!(
            "INSERT OR IGNORE INTO outbox (job, attempt, audience, user_id, batch, remote, error, error_detail, created)
             SELECT id, attempt, 'owner', user_id, batch, remote, error, error_detail, ?2
             FROM restores WHERE id = ?1 AND finished = ?2 AND status IN ('restored', 'failed') AND username <> ''",
            job,
            now
        )
    }

    /// The same for whoever asked for it on the owner's behalf.
    pub(crate) fn tell_actor(job: &JobId, now: UnixTime) -> Statement {
        statement!(
            "INSERT OR IGNORE INTO outbox (job, attempt, audience, user_id, batch, remote, error, error_detail, created)
             SELECT id, attempt, 'actor', actor_id, list, remote, error, error_detail, ?2
             FROM restores WHERE id = ?1 AND finished = ?2 AND status IN ('restored', 'failed') AND username <> ''
                 AND actor_id > 0",
            job,
            now
        )
    }

    /// A line for the administrators about a restore that failed, or came with things to check, just now.
    pub(crate) fn tell_administrators(job: &JobId, now: UnixTime) -> Statement {
        statement!(
            "INSERT OR IGNORE INTO outbox (job, attempt, audience, user_id, batch, remote, error, error_detail, created)
             SELECT id, attempt, 'administrators', user_id, batch, remote, error, error_detail, ?2
             FROM restores WHERE id = ?1 AND finished = ?2
                 AND (status = 'failed' OR (status = 'restored' AND warnings <> '[]'))",
            job,
            now
        )
    }

    pub(crate) async fn close(
        &self,
        now: UnixTime,
        token: &str,
        patience: UnixTime,
        digest: UnixTime,
        urgent: &[ErrorCode],
    ) -> Result<(), LedgerError> {
        let owners = statement!(closed!("owner", "r.batch"), token, patience);
        let actors = statement!(closed!("actor", "r.list"), token, patience);
        let administrators = statement!(
            "UPDATE outbox SET letter = ?1, send_at = 0
             WHERE audience = 'administrators' AND letter IS NULL AND (
                 created <= ?2
                 OR EXISTS (
                     SELECT 1 FROM outbox o
                     WHERE o.audience = 'administrators' AND o.letter IS NULL
                         AND o.error IN (SELECT value FROM json_each(?3))
                         AND NOT EXISTS (
                             SELECT 1 FROM outbox t
                             WHERE t.audience = 'administrators' AND t.letter IS NOT NULL
                                 AND t.error = o.error AND t.remote = o.remote AND t.created > ?4)))",
            token,
            digest,
            urgent,
            now.plus(-86_400)
        );
        self.executor.run(vec![owners, actors, administrators]).await?;
        Ok(())
    }

    pub(crate) async fn due_letters(&self, now: UnixTime, limit: u32) -> Result<Vec<Letter>, LedgerError> {
        let rows = self
            .rows(statement!(
                "SELECT o.letter, o.job, o.attempt, o.audience, o.user_id, o.remote, o.error, o.error_detail,
                     r.status = 'scheduled' AS waits,
                     iif(o.audience = 'actor', r.actor_locale, r.locale) AS locale, r.user_name, r.actor_id, r.actor_name, r.course, r.full_name, r.category_name, r.restored, r.warnings, r.options
                 FROM outbox o JOIN restores r ON r.id = o.job
                 WHERE o.letter IN (
                     SELECT letter FROM outbox INDEXED BY outbox_due
                     WHERE letter IS NOT NULL AND sent IS NULL AND send_at <= ?1
                     GROUP BY letter ORDER BY min(created), letter LIMIT ?2)
                 ORDER BY o.letter, o.job, o.attempt",
                now,
                limit
            ))
            .await?;
        let mut letters: BTreeMap<String, Letter> = BTreeMap::new();
        let line = |line: &Row| Ok((row::text(line, "letter")?, audience(line)?, letter_line(line)?));
        for (id, audience, result) in self.readable(&rows, line).await {
            letters.entry(id.clone()).or_insert(Letter { id, audience, results: vec![] }).results.push(result);
        }
        Ok(letters.into_values().collect())
    }

    pub(crate) async fn mark_sent(&self, letter: &str, now: UnixTime) -> Result<(), LedgerError> {
        self.rows(statement!("UPDATE outbox SET sent = ?2 WHERE letter = ?1 AND sent IS NULL", letter, now)).await?;
        Ok(())
    }

    pub(crate) async fn postpone(&self, letter: &str, at: UnixTime, refused: bool) -> Result<(), LedgerError> {
        self.rows(statement!(
            // Given up counts as sent at time 0: nobody looks at it again.
            "UPDATE outbox SET send_at = ?2, tries = tries + ?3, sent = iif(tries + ?3 >= ?4, 0, NULL)
             WHERE letter = ?1 AND sent IS NULL",
            letter,
            at,
            refused,
            TRIES
        ))
        .await?;
        Ok(())
    }
}

fn audience(line: &Row) -> Result<Audience, LedgerError> {
    let reader = || {
        Ok::<_, LedgerError>(Recipient { user: UserId(row::int(line, "user_id")?), locale: row::text(line, "locale")? })
    };
    Ok(match row::text(line, "audience")?.as_str() {
        "administrators" => Audience::Administrators,
        "actor" => Audience::Actor(reader()?),
        _ => Audience::Owner(reader()?),
    })
}

fn letter_line(line: &Row) -> Result<LetterLine, LedgerError> {
    Ok(LetterLine {
        job: row::job_id(line, "job")?,
        attempt: row::count(line, "attempt")?,
        user_name: row::text(line, "user_name")?,
        asked_by: row::actor(line)?.map(|actor| actor.name),
        remote: row::remote_id(line, "remote")?,
        course: RemoteCourseId(row::int(line, "course")?),
        full_name: row::text(line, "full_name")?,
        category_name: row::optional_text(line, "category_name")?,
        students: row::json::<Options>(line, "options")?.students,
        restored: row::whole(line, "restored")?.map(CourseId),
        failure: row::failure(line, "error")?,
        waits: row::flag(line, "waits")?,
        warnings: row::json(line, "warnings")?,
    })
}
