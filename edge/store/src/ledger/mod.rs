//! The ferry's ledger in SQL: claims, leases, attempts and their ends.
//!
//! A statement of a batch that matches nothing does not stop the others; so each of them carries the whole condition
//! under which it may write.

mod backups;
mod cancel;
mod claim;
mod collect;
mod hand_over;
mod letters;
mod peers;
mod row_faults;

use crate::{Executor, Statement, Store, executor::statement, row};
use courseferry_api::{JobId, Status, UnixTime, Warning};
use courseferry_ferry::{Counts, Failure, LedgerError, Outcome, RestoreRow};

/// The end of a try, under a condition. `?1` the row, `?2` the time, `?3` what the condition compares.
macro_rules! ended {
    ($($condition:tt)+) => {
        concat!(
            "UPDATE restores SET
                 status = CASE WHEN cancelling AND ?4 <> 'restored' THEN 'cancelled' ELSE ?4 END,
                 exclusive_key = CASE WHEN ?4 = 'restored' OR (?4 = 'scheduled' AND NOT cancelling)
                     THEN exclusive_key END,
                 finished = CASE WHEN ?4 <> 'scheduled' OR cancelling THEN ?2 END,
                 phase = NULL, since = ?2, checked = ?2, lease = NULL, lease_until = NULL, cancelling = 0, asked = NULL,
                 to_delete = CASE WHEN kind = 'courseferry' AND backup_no > 0 THEN backup_no ELSE to_delete END,
                 handed = 0, backup = 0, ticket_hash = NULL, etag = NULL, length = NULL,
                 busy_until = ?5, retry_at = ?6, failures = failures + ?7, unknowns = unknowns + ?8,
                 empties = empties + ?9, bytes = ?10, total_bytes = ?10, percent = ?11, restored = ?12,
                 warnings = coalesce(?13, warnings), error = ?14, error_detail = ?15,
                 interruptions = interruptions + ?16, hand_overs = 0
             WHERE id = ?1 AND ",
            $($condition)+
        )
    };
}
use ended;
pub(crate) use row_faults::{READ, unreadable};

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
                end.failures = u32::from(!matches!(counts, Counts::Nothing | Counts::Interruption));
                end.unknowns = u32::from(*counts == Counts::Unknown);
                end.empties = u32::from(*counts == Counts::Empty);
                end.interruptions = u32::from(*counts == Counts::Interruption);
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
                end.failure.map(|failure| failure.detail.as_str()).unwrap_or_default(),
                end.interruptions
            )
            .params,
        );
        self.executor
            .run(vec![
                update,
                Self::note_end(job, now),
                Self::forget_unsent(job, now),
                Self::tell_owner(job, now),
                Self::tell_actor(job, now),
                Self::tell_administrators(job, now),
                Self::forget_refusal(job, now),
            ])
            .await?;
        Ok(())
    }

    /// A restore that came shows that its remote does by now what it had refused.
    fn forget_refusal(job: &JobId, now: UnixTime) -> Statement {
        statement!(
            "UPDATE peers SET refused = NULL, refusal = NULL, refusal_detail = ''
             WHERE refused <= ?2 AND remote = (SELECT remote FROM restores
                 WHERE id = ?1 AND finished = ?2 AND status = 'restored')",
            job,
            now
        )
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

    pub(crate) async fn jobs(&self, statement: Statement) -> Result<Vec<RestoreRow>, LedgerError> {
        let lines = self.rows(statement).await?;
        Ok(self.readable(&lines, row::job).await)
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
    interruptions: u32,
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
            interruptions: 0,
            bytes: 0,
            percent: 0,
            course: None,
            warnings: None,
            failure: None,
        }
    }
}
