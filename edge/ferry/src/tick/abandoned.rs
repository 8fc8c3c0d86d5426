//! Backups whose Worker died: the remote may still be making them.

use super::row_lease;
use crate::{Client, Ferry, Ledger, LedgerError, Platform, Remotes};
use courseferry_api::RemoteKind;

impl<L: Ledger, R: Remotes, C: Client, P: Platform> Ferry<'_, L, R, C, P> {
    /// Ends them, or leaves them to what their remote says of them.
    pub(super) async fn end_abandoned(&self) -> Result<usize, LedgerError> {
        let now = self.platform.now();
        let lease = self.lease();
        let abandoned = self.ledger.take_abandoned(now, &lease).await?;
        for job in &abandoned {
            let lease = row_lease(job, &lease);
            let done = if job.kind == Some(RemoteKind::Courseferry) {
                // The remote knows whether it was begun and what became of it; the next question about backups asks.
                self.ledger.release(&lease).await
            } else {
                let verdict = self.retry_policy().interrupted(job);
                self.ledger.end_held(&lease, now, &verdict.outcome, verdict.busy_until).await
            };
            self.note_row_fault("abandoned", &job.id, done).await;
        }
        Ok(abandoned.len())
    }
}
