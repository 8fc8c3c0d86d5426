//! Cancelling a restore. A course that is complete wins every race: such a restore is never called cancelled.

use crate::{CancelOutcome, Client, Ferry, Ledger, LedgerError, Outcome, Platform, Remotes, RestoreRow, RowLease};
use courseferry_api::{JobId, Phase, RemoteKind, UserId};

impl<L: Ledger, R: Remotes, C: Client, P: Platform> Ferry<'_, L, R, C, P> {
    /// Cancels a restore; `owner`: only if it is theirs. Complete wins every race.
    pub async fn cancel(&self, job: &JobId, owner: Option<UserId>) -> Result<CancelOutcome, LedgerError> {
        let cancellation = self.ledger.request_cancel(job, owner, self.platform.now()).await?;
        match &cancellation {
            CancelOutcome::Asked(job) if job.phase == Some(Phase::Transferring) => {
                // Should the client not answer, the next tick asks again.
                self.cancel_on_client(job).await?;
                self.ledger.request_cancel(&job.id, owner, self.platform.now()).await
            }
            CancelOutcome::Asked(job) if job.kind == Some(RemoteKind::Courseferry) => {
                // Nobody waits for this backup: the row ends at once, unless a call about it is under way.
                self.ledger.end_backup(job, self.platform.now(), &Outcome::Cancelled).await?;
                self.delete_backups().await?;
                self.ledger.request_cancel(&job.id, owner, self.platform.now()).await
            }
            _ => Ok(cancellation),
        }
    }

    /// Carries out the wish to cancel a backed-up restore, if the companion agrees. It remembers a cancelled attempt,
    /// also one that has yet to arrive.
    pub(super) async fn cancel_on_client(&self, job: &RestoreRow) -> Result<(), LedgerError> {
        let answer = self.client.cancel(&job.id, job.attempt).await;
        self.record_client(&answer).await?;
        match answer {
            Ok(answer) => self.apply_progress(job, &answer).await,
            // The next tick asks again.
            Err(_) => Ok(()),
        }
    }

    /// Nothing was handed over, because its owner asked to cancel; or the lease was lost, and then this writes nothing.
    pub(super) async fn give_up(&self, row_lease: &RowLease) -> Result<(), LedgerError> {
        let now = self.platform.now();
        self.ledger.end_held(row_lease, now, &Outcome::Cancelled, now).await
    }
}
