//! Claims: rows leased until their backup is made.

use super::ended;
use crate::{Executor, Store, executor::statement};
use courseferry_api::{UnixTime, Warning};
use courseferry_ferry::{Claims, Decision, Lease, LedgerError, Outcome, RestoreRow, RowLease, Ticket};

impl<E: Executor> Claims for Store<E> {
    async fn claim(
        &self,
        now: UnixTime,
        open: bool,
        lease: &Lease,
        limit: u32,
    ) -> Result<Vec<RestoreRow>, LedgerError> {
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

    async fn take_abandoned(&self, now: UnixTime, lease: &Lease) -> Result<Vec<RestoreRow>, LedgerError> {
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

    async fn renew(&self, row_lease: &RowLease, until: UnixTime) -> Result<bool, LedgerError> {
        self.happens(statement!(
            "UPDATE restores SET lease_until = ?3 WHERE id = ?1 AND lease = ?2 RETURNING 1",
            row_lease.job,
            row_lease.lease,
            until
        ))
        .await
    }

    async fn backup_requested(
        &self,
        row_lease: &RowLease,
        now: UnixTime,
        decision: &Decision,
        warnings: &[Warning],
    ) -> Result<bool, LedgerError> {
        self.happens(statement!(
            "UPDATE restores SET asked = ?3, category = ?4, category_name = ?5, warnings = ?6
             WHERE id = ?1 AND lease = ?2 AND phase = 'backing_up'
             RETURNING 1",
            row_lease.job,
            row_lease.lease,
            now,
            decision.category,
            decision.name,
            warnings
        ))
        .await
    }

    async fn backed_up(
        &self,
        row_lease: &RowLease,
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
            row_lease.job,
            row_lease.lease,
            ticket.hash(),
            now,
            backup
        ))
        .await
    }

    async fn end_held(
        &self,
        row_lease: &RowLease,
        now: UnixTime,
        outcome: &Outcome,
        busy_until: UnixTime,
    ) -> Result<(), LedgerError> {
        let fence = statement!(ended!("status = 'in_progress' AND lease = ?3"), row_lease.job, now, row_lease.lease);
        self.end(fence, &row_lease.job, now, outcome, busy_until, &[]).await
    }
}
