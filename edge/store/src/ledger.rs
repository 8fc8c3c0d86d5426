//! The ferry's ledger in SQL: claims, leases, attempts and their ends.
//!
//! A statement of a batch that matches nothing does not stop the others; so each of them carries the whole condition
//! under which it may write.

use crate::{Executor, Statement, Store, executor::statement, row};
use courseferry_api::{ErrorCode, JobId, Phase, RemoteId, Status, UnixTime, UserId, Warning};
use courseferry_ferry::{
    Counts, Decision, Failure, Hold, Job, Lease, Ledger, LedgerError, Letter, Outcome, Progress, Ticket, Withdrawal,
};

/// The end of a try, under a condition. `?1` the row, `?2` the time, `?3` what the condition compares.
macro_rules! ended {
    ($condition:literal) => {
        concat!(
            "UPDATE restores SET
                 status = CASE WHEN cancelling AND ?4 <> 'restored' THEN 'cancelled' ELSE ?4 END,
                 exclusive_key = CASE WHEN ?4 = 'restored' OR (?4 = 'scheduled' AND NOT cancelling)
                     THEN exclusive_key END,
                 finished = CASE WHEN ?4 <> 'scheduled' OR cancelling THEN ?2 END,
                 phase = NULL, since = ?2, checked = ?2, lease = NULL, lease_until = NULL, cancelling = 0, asked = NULL,
                 handed = 0, backup = 0, ticket_hash = NULL, etag = NULL, length = NULL,
                 busy_until = ?5, retry_at = ?6, failures = failures + ?7, unknowns = unknowns + ?8,
                 empties = empties + ?9, bytes = ?10, total_bytes = ?10, percent = ?11, restored = ?12,
                 warnings = coalesce(?13, warnings), error = ?14, error_detail = ?15
             WHERE id = ?1 AND ",
            $condition
        )
    };
}

impl<E: Executor> Ledger for Store<E> {
    async fn claim(&self, now: UnixTime, open: bool, lease: &Lease, limit: u32) -> Result<Vec<Job>, LedgerError> {
        // The oldest of each pair; and of those, remotes take turns, so that a slow one holds up nobody else's.
        self.jobs(statement!(
            "UPDATE restores SET status = 'in_progress', phase = 'backing_up', since = ?1, lease = ?3, lease_until = ?4,
                 asked = NULL, handed = 0, backup = 0, warnings = '[]', error = NULL, error_detail = ''
             WHERE id IN (
                 SELECT id FROM (
                     SELECT id, created, row_number() OVER (PARTITION BY remote ORDER BY created, id)
                         + (SELECT count(*) FROM restores b
                            WHERE b.status = 'in_progress' AND b.phase = 'backing_up' AND b.remote = first.remote) AS turn
                     FROM (
                         SELECT id, remote, created,
                             row_number() OVER (PARTITION BY remote, username ORDER BY created, id) AS place
                         FROM restores r
                         WHERE r.status = 'scheduled' AND r.not_before <= ?1 AND r.retry_at <= ?1
                             AND (?2 OR r.start_now)
                             AND NOT EXISTS (SELECT 1 FROM peers p WHERE p.remote IN ('', r.remote) AND p.paused)
                             AND NOT EXISTS (SELECT 1 FROM restores o WHERE o.remote = r.remote
                                 AND o.username = r.username AND o.busy_until > ?1)
                             AND NOT EXISTS (SELECT 1 FROM restores o WHERE o.remote = r.remote
                                 AND o.username = r.username AND o.status = 'in_progress'
                                 AND o.phase IN ('backing_up', 'transferring') AND o.username <> '')
                     ) first WHERE place = 1
                 ) ORDER BY turn, created, id LIMIT ?5)
             RETURNING *",
            now,
            open,
            lease.token,
            lease.until,
            limit
        ))
        .await
    }

    async fn take_abandoned(&self, now: UnixTime, lease: &Lease) -> Result<Vec<Job>, LedgerError> {
        self.jobs(statement!(
            "UPDATE restores SET lease = ?2, lease_until = ?3
             WHERE status = 'in_progress' AND phase = 'backing_up' AND lease_until <= ?1
             RETURNING *",
            now,
            lease.token,
            lease.until
        ))
        .await
    }

    async fn take_backed_up(&self, now: UnixTime, lease: &Lease, limit: u32) -> Result<Vec<Job>, LedgerError> {
        self.jobs(statement!(
            "UPDATE restores SET lease = ?2, lease_until = ?3
             WHERE id IN (
                 SELECT id FROM restores
                 WHERE status = 'in_progress' AND phase = 'transferring' AND NOT handed AND retry_at <= ?1
                     AND (lease_until IS NULL OR lease_until <= ?1)
                 ORDER BY created, id LIMIT ?4)
             RETURNING *",
            now,
            lease.token,
            lease.until,
            limit
        ))
        .await
    }

    async fn renew(&self, hold: &Hold, until: UnixTime) -> Result<bool, LedgerError> {
        self.happens(statement!(
            "UPDATE restores SET lease_until = ?3 WHERE id = ?1 AND lease = ?2 RETURNING 1",
            hold.job,
            hold.lease,
            until
        ))
        .await
    }

    async fn asking(
        &self,
        hold: &Hold,
        now: UnixTime,
        decision: &Decision,
        warnings: &[Warning],
    ) -> Result<bool, LedgerError> {
        self.happens(statement!(
            "UPDATE restores SET asked = ?3, category = ?4, category_name = ?5, warnings = ?6
             WHERE id = ?1 AND lease = ?2 AND phase = 'backing_up'
             RETURNING 1",
            hold.job,
            hold.lease,
            now,
            decision.category,
            decision.name,
            warnings
        ))
        .await
    }

    async fn backed_up(
        &self,
        hold: &Hold,
        now: UnixTime,
        backup: i64,
        ticket: &Ticket,
    ) -> Result<Option<u32>, LedgerError> {
        // The attempt is raised in the same stroke: what the companion says of the one before is past.
        self.attempt(statement!(
            "UPDATE restores SET phase = 'transferring', since = ?4, asked = NULL, backup = ?5, handed = 0, retry_at = 0,
                 attempt = attempt + 1, ticket_hash = ?3, etag = NULL, length = NULL
             WHERE id = ?1 AND lease = ?2 AND phase = 'backing_up' AND NOT cancelling
             RETURNING attempt",
            hold.job,
            hold.lease,
            ticket.hash(),
            now,
            backup
        ))
        .await
    }

    async fn new_attempt(&self, hold: &Hold, ticket: &Ticket) -> Result<Option<u32>, LedgerError> {
        self.attempt(statement!(
            "UPDATE restores SET attempt = attempt + 1, ticket_hash = ?3, etag = NULL, length = NULL
             WHERE id = ?1 AND lease = ?2 AND phase = 'transferring' AND NOT handed AND NOT cancelling
             RETURNING attempt",
            hold.job,
            hold.lease,
            ticket.hash()
        ))
        .await
    }

    async fn handed(&self, hold: &Hold) -> Result<Option<Job>, LedgerError> {
        let jobs = self
            .jobs(statement!(
                "UPDATE restores SET handed = 1, lease = NULL, lease_until = NULL, error = NULL, error_detail = ''
                 WHERE id = ?1 AND lease = ?2 AND phase = 'transferring'
                 RETURNING *",
                hold.job,
                hold.lease
            ))
            .await?;
        Ok(jobs.into_iter().next())
    }

    async fn hand_over_later(
        &self,
        hold: &Hold,
        at: UnixTime,
        failure: &Failure,
        known: u32,
    ) -> Result<(), LedgerError> {
        self.rows(statement!(
            "UPDATE restores SET lease = NULL, lease_until = NULL, retry_at = ?3, error = ?4, error_detail = ?5,
                 attempt = max(attempt, ?6)
             WHERE id = ?1 AND lease = ?2 AND phase = 'transferring'",
            hold.job,
            hold.lease,
            at,
            failure.code,
            failure.detail,
            known
        ))
        .await?;
        Ok(())
    }

    async fn end_held(
        &self,
        hold: &Hold,
        now: UnixTime,
        outcome: &Outcome,
        busy_until: UnixTime,
    ) -> Result<(), LedgerError> {
        let fence = statement!(ended!("status = 'in_progress' AND lease = ?3"), hold.job, now, hold.lease);
        self.end(fence, &hold.job, now, outcome, busy_until, &[]).await
    }

    async fn under_way(&self, limit: u32) -> Result<Vec<Job>, LedgerError> {
        self.jobs(statement!(
            "SELECT * FROM restores WHERE status = 'in_progress' AND phase IN ('transferring', 'restoring')
             ORDER BY created, id LIMIT ?1",
            limit
        ))
        .await
    }

    async fn report(&self, job: &Job, now: UnixTime, phase: Phase, progress: &Progress) -> Result<(), LedgerError> {
        // Once its copy is complete the pair may have gone to another restore: it never goes back to 'transferring'.
        self.rows(statement!(
            "UPDATE restores SET handed = 1, phase = ?4,
                 since = CASE phase WHEN ?4 THEN since ELSE ?3 END,
                 cancelling = CASE ?4 WHEN 'restoring' THEN 0 ELSE cancelling END,
                 bytes = ?5, total_bytes = ?6, percent = ?7, error = NULL, error_detail = ''
             WHERE id = ?1 AND attempt = ?2 AND status = 'in_progress'
                 AND (phase = 'transferring' OR (phase = 'restoring' AND ?4 = 'restoring'))",
            job.id,
            job.attempt,
            now,
            phase.as_str(),
            progress.bytes,
            progress.total_bytes,
            progress.percent
        ))
        .await?;
        Ok(())
    }

    async fn lost(&self, job: &Job) -> Result<(), LedgerError> {
        self.rows(statement!(
            "UPDATE restores SET handed = 0, retry_at = 0
             WHERE id = ?1 AND attempt = ?2 AND status = 'in_progress' AND phase = 'transferring'",
            job.id,
            job.attempt
        ))
        .await?;
        Ok(())
    }

    async fn end_attempt(&self, job: &Job, now: UnixTime, outcome: &Outcome) -> Result<(), LedgerError> {
        let fence = statement!(
            ended!("status = 'in_progress' AND phase IN ('transferring', 'restoring') AND attempt = ?3"),
            job.id,
            now,
            job.attempt
        );
        self.end(fence, &job.id, now, outcome, UnixTime::default(), &job.warnings).await
    }

    async fn take_restored(&self, before: UnixTime, now: UnixTime, limit: u32) -> Result<Vec<JobId>, LedgerError> {
        let rows = self
            .rows(statement!(
                "UPDATE restores SET checked = ?2
                 WHERE id IN (
                     SELECT id FROM restores WHERE status = 'restored' AND NOT gone AND checked <= ?1
                     ORDER BY checked LIMIT ?3)
                 RETURNING id",
                before,
                now,
                limit
            ))
            .await?;
        rows.iter().map(|row| row::job_id(row, "id")).collect()
    }

    async fn courses_gone(&self, jobs: &[JobId]) -> Result<(), LedgerError> {
        self.rows(statement!(
            "UPDATE restores SET gone = 1, exclusive_key = NULL
             WHERE id IN (SELECT value FROM json_each(?1)) AND status = 'restored'",
            jobs
        ))
        .await?;
        Ok(())
    }

    async fn withdraw(&self, job: &JobId, owner: Option<UserId>, now: UnixTime) -> Result<Withdrawal, LedgerError> {
        let read = statement!("SELECT * FROM restores WHERE id = ?1 AND (?2 IS NULL OR user_id = ?2)", job, owner);
        let batch = vec![
            statement!(
                "UPDATE restores SET status = 'cancelled', since = ?3, finished = ?3, exclusive_key = NULL
                 WHERE id = ?1 AND (?2 IS NULL OR user_id = ?2) AND status = 'scheduled'
                 RETURNING 1",
                job,
                owner,
                now
            ),
            statement!(
                "UPDATE restores SET cancelling = 1
                 WHERE id = ?1 AND (?2 IS NULL OR user_id = ?2)
                     AND status = 'in_progress' AND phase IN ('backing_up', 'transferring')
                 RETURNING 1",
                job,
                owner
            ),
            read,
        ];
        let answers = self.executor.run(batch).await?;
        let happened = |place: usize| answers.get(place).is_some_and(|rows| !rows.is_empty());
        let Some(found) = answers.get(2).and_then(|rows| rows.first()) else { return Ok(Withdrawal::NotFound) };
        let found = row::job(found)?;
        Ok(match found.status {
            _ if happened(1) => Withdrawal::Asked(found),
            // Also when it had been cancelled before: what was wished is so.
            Status::Cancelled => Withdrawal::Done(found),
            _ => Withdrawal::TooLate(found),
        })
    }

    async fn met(
        &self,
        remote: Option<&RemoteId>,
        now: UnixTime,
        problem: Option<&Failure>,
    ) -> Result<(), LedgerError> {
        self.met_peer(remote, now, problem).await
    }

    async fn close_letters(
        &self,
        now: UnixTime,
        token: &str,
        patience: UnixTime,
        digest: UnixTime,
        urgent: &[ErrorCode],
    ) -> Result<(), LedgerError> {
        self.close(now, token, patience, digest, urgent).await
    }

    async fn letters(&self, now: UnixTime, limit: u32) -> Result<Vec<Letter>, LedgerError> {
        self.due_letters(now, limit).await
    }

    async fn letter_sent(&self, letter: &str, now: UnixTime) -> Result<(), LedgerError> {
        self.mark_sent(letter, now).await
    }

    async fn letter_later(&self, letter: &str, at: UnixTime, refused: bool) -> Result<(), LedgerError> {
        self.postpone(letter, at, refused).await
    }
}

impl<E: Executor> Store<E> {
    /// Completes an `ended!` statement and runs it together with what is to be told and noted of it.
    async fn end(
        &self,
        fence: Statement,
        job: &JobId,
        now: UnixTime,
        outcome: &Outcome,
        busy_until: UnixTime,
        warnings: &[Warning],
    ) -> Result<(), LedgerError> {
        let mut end = End::default();
        match outcome {
            Outcome::Restored { course, bytes, warnings: theirs } => {
                end.status = Status::Restored;
                (end.course, end.bytes, end.percent) = (course.map(|course| course.0), *bytes, 100);
                end.warnings = Some(warnings.iter().chain(theirs).cloned().collect());
            }
            Outcome::Cancelled => {}
            Outcome::Again { failure, at, counts } => {
                (end.status, end.retry_at, end.failure) = (Status::Scheduled, *at, Some(failure));
                end.failures = u32::from(*counts != Counts::Nothing);
                end.unknowns = u32::from(*counts == Counts::Unknown);
                end.empties = u32::from(*counts == Counts::Empty);
            }
            Outcome::Failed(failure) => {
                (end.status, end.failure, end.failures) = (Status::Failed, Some(failure), 1);
            }
        }
        let mut update = fence;
        update.params.extend(
            statement!(
                "",
                end.status.as_str(),
                busy_until,
                end.retry_at,
                end.failures,
                end.unknowns,
                end.empties,
                end.bytes,
                end.percent,
                end.course,
                end.warnings,
                end.failure.map(|failure| failure.code),
                end.failure.map(|failure| failure.detail.as_str()).unwrap_or_default()
            )
            .params,
        );
        self.executor
            .run(vec![
                update,
                Self::note_end(job, now),
                Self::tell_owner(job, now),
                Self::tell_administrators(job, now),
            ])
            .await?;
        Ok(())
    }

    /// The audit's line about a try that ended just now.
    fn note_end(job: &JobId, now: UnixTime) -> Statement {
        statement!(
            "INSERT OR IGNORE INTO audit (at, user_id, user_name, action, restore, remote, outcome, request)
             SELECT ?2, 0, '', CASE status WHEN 'scheduled' THEN 'restore.postponed' ELSE 'restore.' || status END,
                 id, remote, coalesce(error, 'ok'), ''
             FROM restores WHERE id = ?1 AND since = ?2 AND status <> 'in_progress'",
            job,
            now
        )
    }

    async fn attempt(&self, statement: Statement) -> Result<Option<u32>, LedgerError> {
        self.rows(statement).await?.first().map(|row| row::count(row, "attempt")).transpose()
    }

    pub(crate) async fn rows(&self, statement: Statement) -> Result<Vec<crate::Row>, LedgerError> {
        Ok(self.executor.run(vec![statement]).await?.pop().unwrap_or_default())
    }

    pub(crate) async fn jobs(&self, statement: Statement) -> Result<Vec<Job>, LedgerError> {
        row::jobs(&self.rows(statement).await?)
    }

    /// Whether a statement that returns a row for each match matched.
    pub(crate) async fn happens(&self, statement: Statement) -> Result<bool, LedgerError> {
        Ok(!self.rows(statement).await?.is_empty())
    }
}

/// The values that an end writes.
struct End<'a> {
    status: Status,
    retry_at: UnixTime,
    failures: u32,
    unknowns: u32,
    empties: u32,
    bytes: u64,
    percent: u8,
    course: Option<i64>,
    warnings: Option<Vec<Warning>>,
    failure: Option<&'a Failure>,
}

impl Default for End<'_> {
    fn default() -> Self {
        Self {
            status: Status::Cancelled,
            retry_at: UnixTime::default(),
            failures: 0,
            unknowns: 0,
            empties: 0,
            bytes: 0,
            percent: 0,
            course: None,
            warnings: None,
            failure: None,
        }
    }
}
