//! Cancelling a restore. A course that is complete wins every race: such a restore is never called cancelled.
//!
//! Once a backup may have reached the client, only the client's word ends its row: answers get lost, and the client may
//! be at work on what the row believes has yet to arrive.

use crate::{
    CancelOutcome, Client, Failure, Ferry, Ledger, LedgerError, Outcome, Platform, Progress, Remotes, RestoreRow, State,
};
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

    /// Carries out the wish to cancel a backed-up restore, if the companion agrees.
    pub(super) async fn cancel_on_client(&self, job: &RestoreRow) -> Result<(), LedgerError> {
        if job.attempt == 0 {
            // No order of it was ever sent, and a row that is being cancelled gets none: the client has nothing to say.
            return self.ledger.end_attempt(job, self.platform.now(), &Outcome::Cancelled).await;
        }
        match self.stop_on_client(job).await? {
            Ok(answer) => self.apply_progress(job, &answer).await,
            // The next tick asks again.
            Err(_) => Ok(()),
        }
    }

    /// Ends a row whose backup the client refused, or that has lost its remote: after the companion's word that none of
    /// its attempts is at work. False if the client does not answer: the row stays as it is.
    pub(super) async fn fail_on_client(&self, job: &RestoreRow, failure: Failure) -> Result<bool, LedgerError> {
        if job.attempt == 0 {
            // No order of it was ever sent.
            let outcome = if job.cancelling { Outcome::Cancelled } else { Outcome::Failed(failure) };
            self.ledger.end_attempt(job, self.platform.now(), &outcome).await?;
            return Ok(true);
        }
        let Ok(answer) = self.stop_on_client(job).await? else { return Ok(false) };
        if answer.state == State::Cancelled && answer.attempt == job.attempt && !job.cancelling {
            self.ledger.end_attempt(job, self.platform.now(), &Outcome::Failed(failure)).await?;
        } else {
            self.apply_progress(job, &answer).await?;
        }
        Ok(true)
    }

    /// Has the companion stop the row's attempt. It remembers a cancelled attempt, also one that has yet to arrive.
    async fn stop_on_client(&self, job: &RestoreRow) -> Result<Result<Progress, Failure>, LedgerError> {
        let mut answer = self.client.cancel(&job.id, job.attempt).await;
        let older =
            answer.as_ref().ok().filter(|found| found.attempt < job.attempt && found.state.is_before_restoring());
        if let Some(attempt) = older.map(|found| found.attempt) {
            // An older attempt, whose answer was lost, still waits there; it is stopped first.
            answer = match self.client.cancel(&job.id, attempt).await {
                Ok(_) => self.client.cancel(&job.id, job.attempt).await,
                Err(failure) => Err(failure),
            };
        }
        self.record_client(&answer).await?;
        Ok(answer)
    }
}
