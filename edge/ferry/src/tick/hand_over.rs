//! Hands backups over to the client Moodle, which fetches and restores them.

use super::row_lease;
use crate::{
    Client, Ferry, Ledger, LedgerError, Order, Outcome, Platform, Remotes, RestoreRow, RowLease, State, Ticket, peer,
};
use courseferry_api::ErrorCode;

/// Backups that one tick hands over at the most.
const HAND_OVERS: u32 = 20;

impl<L: Ledger, R: Remotes, C: Client, P: Platform> Ferry<'_, L, R, C, P> {
    pub(super) async fn hand_over_the_rest(&self) -> Result<usize, LedgerError> {
        let lease = self.lease();
        let jobs = self.ledger.take_backed_up(self.platform.now(), &lease, HAND_OVERS).await?;
        for job in &jobs {
            let (row_lease, ticket) = (row_lease(job, &lease), Ticket::new(self.platform.random()));
            match self.ledger.new_attempt(&row_lease, &ticket).await? {
                Some(attempt) => self.hand_over(job, &row_lease, attempt, &ticket).await?,
                None => self.give_up(&row_lease).await?,
            }
        }
        Ok(jobs.len())
    }

    /// Hands a backup over under this attempt number and with this ticket.
    pub(super) async fn hand_over(
        &self,
        job: &RestoreRow,
        row_lease: &RowLease,
        attempt: u32,
        ticket: &Ticket,
    ) -> Result<(), LedgerError> {
        let (Some(category), Some(remote_name)) = (job.category, self.remotes.name(&job.remote)) else {
            let now = self.platform.now();
            let gone = Outcome::Failed(ErrorCode::RemoteUnconfigured.into());
            return self.ledger.end_held(row_lease, now, &gone, now).await;
        };
        let answer = self
            .client
            .restore(
                &Order {
                    job: &job.id,
                    attempt,
                    user: job.user,
                    category,
                    course: job.course,
                    remote_name: &remote_name,
                    options: &job.options,
                    sha256: job.sha256.as_deref(),
                },
                ticket,
            )
            .await;
        self.record_client(&answer).await?;
        let now = self.platform.now();
        match answer {
            Ok(answer) if matches!(answer.state, State::Busy | State::StaleAttempt) => {
                let code =
                    if answer.state == State::Busy { ErrorCode::ClientBusy } else { ErrorCode::ClientStaleAttempt };
                let at = self.retry_policy().hand_over_again();
                self.ledger.hand_over_later(row_lease, at, &code.into(), answer.attempt).await
            }
            Ok(answer) => {
                let Some(job) = self.ledger.handed(row_lease).await? else { return Ok(()) };
                if job.cancelling {
                    self.cancel_on_client(&job).await
                } else {
                    self.apply_progress(&job, &answer).await
                }
            }
            // It may have arrived all the same: the next tick asks, and only then hands over again.
            Err(failure) if peer::client_fault(failure.code) => {
                let at = self.retry_policy().hand_over_again();
                self.ledger.hand_over_later(row_lease, at, &failure, attempt).await
            }
            Err(failure) => {
                let outcome = self.retry_policy().failed(job, failure, false);
                self.ledger.end_held(row_lease, now, &outcome, now).await
            }
        }
    }
}
