//! Backups whose Worker died: the remote may still be making them.

use super::row_lease;
use crate::{Client, Counts, Failure, Ferry, Ledger, LedgerError, Outcome, Platform, Remotes};
use courseferry_api::{ErrorCode, RemoteKind};

impl<L: Ledger, R: Remotes, C: Client, P: Platform> Ferry<'_, L, R, C, P> {
    /// Backups whose Worker died: the remote may still be making them.
    pub(super) async fn end_abandoned(&self) -> Result<usize, LedgerError> {
        let now = self.platform.now();
        let lease = self.lease();
        let abandoned = self.ledger.take_abandoned(now, &lease).await?;
        for job in &abandoned {
            if job.kind == Some(RemoteKind::Courseferry) {
                // Whether it was begun, and what became of it, its remote tells.
                self.ledger.release(&row_lease(job, &lease)).await?;
                continue;
            }
            let unknown = Failure::from(ErrorCode::RemoteBackupUnknown);
            let (outcome, busy_until) = match job.asked {
                Some(asked) => {
                    let verdict = self.retry_policy().backup_failed(job, unknown, now.since(asked));
                    (verdict.outcome, verdict.busy_until)
                }
                // The remote had not been asked yet.
                None if job.cancelling => (Outcome::Cancelled, now),
                None => (Outcome::Again { failure: ErrorCode::Internal.into(), at: now, counts: Counts::Nothing }, now),
            };
            self.ledger.end_held(&row_lease(job, &lease), now, &outcome, busy_until).await?;
        }
        Ok(abandoned.len())
    }
}
