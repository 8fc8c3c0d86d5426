//! Backups on their way to the client.

use crate::{Executor, Store, executor::statement};
use courseferry_api::UnixTime;
use courseferry_ferry::{Failure, HandOvers, Lease, LedgerError, RestoreRow, RowLease, Ticket};

impl<E: Executor> HandOvers for Store<E> {
    async fn take_backed_up(&self, now: UnixTime, lease: &Lease, limit: u32) -> Result<Vec<RestoreRow>, LedgerError> {
        self.jobs(statement!(
            "UPDATE restores SET lease = ?2, lease_until = ?3
             WHERE id IN (
                 SELECT id FROM restores
                 WHERE status = 'in_progress' AND phase = 'transferring' AND NOT handed AND NOT cancelling
                     AND retry_at <= ?1
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

    async fn new_attempt(&self, row_lease: &RowLease, ticket: &Ticket) -> Result<Option<u32>, LedgerError> {
        self.attempt(statement!(
            // Repeated after an answer that was lost, it raises nothing again.
            "UPDATE restores SET attempt = attempt + (ticket_hash IS NOT ?3), ticket_hash = ?3, etag = NULL, length = NULL
             WHERE id = ?1 AND lease = ?2 AND phase = 'transferring' AND NOT handed AND NOT cancelling
             RETURNING attempt",
            row_lease.job,
            row_lease.lease,
            ticket.hash()
        ))
        .await
    }

    async fn handed(&self, row_lease: &RowLease) -> Result<Option<RestoreRow>, LedgerError> {
        let jobs = self
            .jobs(statement!(
                "UPDATE restores SET handed = 1, lease = NULL, lease_until = NULL, error = NULL, error_detail = '',
                     hand_overs = 0
                 WHERE id = ?1 AND lease = ?2 AND phase = 'transferring'
                 RETURNING *",
                row_lease.job,
                row_lease.lease
            ))
            .await?;
        Ok(jobs.into_iter().next())
    }

    async fn hand_over_later(
        &self,
        row_lease: &RowLease,
        at: UnixTime,
        failure: &Failure,
        known: u32,
        counted: bool,
    ) -> Result<(), LedgerError> {
        self.rows(statement!(
            "UPDATE restores SET lease = NULL, lease_until = NULL, retry_at = ?3, error = ?4, error_detail = ?5,
                 attempt = max(attempt, ?6), hand_overs = hand_overs + ?7
             WHERE id = ?1 AND lease = ?2 AND phase = 'transferring'",
            row_lease.job,
            row_lease.lease,
            at,
            failure.code,
            failure.detail,
            known,
            counted
        ))
        .await?;
        Ok(())
    }
}
