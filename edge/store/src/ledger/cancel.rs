//! Wishes to cancel.

use crate::{Executor, Store, executor::statement, row};
use courseferry_api::{JobId, Status, UnixTime, UserId};
use courseferry_ferry::{CancelOutcome, Cancels, LedgerError};

impl<E: Executor> Cancels for Store<E> {
    async fn request_cancel(
        &self,
        job: &JobId,
        owner: Option<UserId>,
        now: UnixTime,
    ) -> Result<CancelOutcome, LedgerError> {
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
        let Some(found) = answers.get(2).and_then(|rows| rows.first()) else { return Ok(CancelOutcome::NotFound) };
        let found = row::job(found)?;
        Ok(match found.status {
            _ if happened(1) => CancelOutcome::Asked(found),
            // Also when it had been cancelled before: a second press is no error.
            Status::Cancelled => CancelOutcome::Done(found),
            _ => CancelOutcome::TooLate(found),
        })
    }
}
