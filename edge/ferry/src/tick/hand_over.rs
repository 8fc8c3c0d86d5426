//! Hands backups over to the client Moodle, which fetches and restores them.

use super::row_lease;
use crate::{
    Client, Failure, Ferry, Ledger, LedgerError, Order, Platform, Progress, Remotes, RestoreRow, RowLease, State,
    Ticket, peer,
};
use courseferry_api::{CategoryId, ErrorCode, Phase};

/// Backups that one tick hands over at the most.
const HAND_OVERS: u32 = 20;

impl<L: Ledger, R: Remotes, C: Client, P: Platform> Ferry<'_, L, R, C, P> {
    /// Hands over what earlier ticks backed up and could not hand over. It stops once the client does not answer.
    pub(super) async fn hand_over_the_rest(&self) -> Result<usize, LedgerError> {
        let lease = self.lease();
        let jobs = self.ledger.take_backed_up(self.platform.now(), &lease, HAND_OVERS).await?;
        let mut handed_over = 0;
        for job in &jobs {
            let row_lease = row_lease(job, &lease);
            let answered = self.hand_over_again(job, &row_lease).await;
            let away = answered == Ok(false);
            self.note_row_fault("hand over", &job.id, answered.map(drop)).await;
            if away {
                break;
            }
            handed_over += 1;
        }
        Ok(handed_over)
    }

    /// False if the client does not answer.
    async fn hand_over_again(&self, job: &RestoreRow, row_lease: &RowLease) -> Result<bool, LedgerError> {
        let ticket = Ticket::new(self.platform.random());
        match self.ledger.new_attempt(row_lease, &ticket).await? {
            Some(attempt) => self.hand_over(job, row_lease, attempt, &ticket).await,
            // The lease was lost, or somebody asked to cancel just now: then the client is asked, in another step.
            None => Ok(true),
        }
    }

    /// Hands a backup over under this attempt number and with this ticket. False if the client does not answer.
    pub(super) async fn hand_over(
        &self,
        job: &RestoreRow,
        row_lease: &RowLease,
        attempt: u32,
        ticket: &Ticket,
    ) -> Result<bool, LedgerError> {
        let job = &RestoreRow { attempt, handed: false, phase: Some(Phase::Transferring), ..job.clone() };
        // A course that is added to stays where it is.
        let category = job.category.or(job.options.target_course.map(|_| CategoryId(0)));
        let (Some(category), Some(remote_name)) = (category, self.remotes.name(&job.remote)) else {
            return self.refused(job, row_lease, ErrorCode::RemoteUnconfigured.into()).await;
        };
        let answer = self
            .client
            .restore(
                &Order {
                    job: &job.id,
                    attempt,
                    user: job.user,
                    actor: job.actor.as_ref().map(|actor| actor.user),
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
        match answer {
            Ok(answer) if answer.state == State::Busy => {
                if answer.attempt < attempt {
                    // An older attempt that still waits cannot fetch the backup any more, for its ticket was replaced: it
                    // is stopped. One that restores already goes on, and the next tick sees it.
                    let stopped = self.client.cancel(&job.id, answer.attempt).await;
                    self.record_client(&stopped).await?;
                }
                self.hand_over_later(row_lease, &ErrorCode::ClientBusy.into(), answer.attempt, true).await
            }
            Ok(answer) if answer.state == State::StaleAttempt => {
                self.hand_over_later(row_lease, &ErrorCode::ClientStaleAttempt.into(), answer.attempt, true).await
            }
            Ok(answer) => self.taken(row_lease, &answer).await,
            Err(failure) if peer::client_fault(failure.code) => self.not_taken(job, row_lease, failure).await,
            Err(failure) => self.refused(job, row_lease, failure).await,
        }
    }

    /// The companion has the attempt.
    async fn taken(&self, row_lease: &RowLease, answer: &Progress) -> Result<bool, LedgerError> {
        let Some(job) = self.ledger.handed(row_lease).await? else { return Ok(true) };
        if job.cancelling {
            self.cancel_on_client(&job).await?;
        } else {
            self.apply_progress(&job, answer).await?;
        }
        Ok(true)
    }

    /// The hand-over ended without an answer, or with one that blames the client as a whole. It may have arrived all
    /// the same; and if the client answers another question well, this row is to blame, and its tries are counted.
    async fn not_taken(&self, job: &RestoreRow, row_lease: &RowLease, failure: Failure) -> Result<bool, LedgerError> {
        let asked = std::slice::from_ref(&job.id);
        let answers = self.client.progress(asked).await;
        self.record_client(&answers).await?;
        let Ok(answers) = answers else {
            self.hand_over_later(row_lease, &failure, 0, false).await?;
            return Ok(false);
        };
        match answers.into_iter().find(|answer| answer.job == job.id && answer.attempt == job.attempt) {
            Some(arrived) => self.taken(row_lease, &arrived).await,
            None if job.hand_overs + 1 >= self.settings.attempts => self.refused(job, row_lease, failure).await,
            None => self.hand_over_later(row_lease, &failure, 0, true).await,
        }
    }

    /// The client will not take this backup, for a reason of its own: the row ends with it.
    async fn refused(&self, job: &RestoreRow, row_lease: &RowLease, failure: Failure) -> Result<bool, LedgerError> {
        if self.fail_on_client(job, failure.clone()).await? {
            return Ok(true);
        }
        self.hand_over_later(row_lease, &failure, 0, false).await?;
        Ok(false)
    }

    async fn hand_over_later(
        &self,
        row_lease: &RowLease,
        failure: &Failure,
        known: u32,
        counted: bool,
    ) -> Result<bool, LedgerError> {
        let at = self.retry_policy().hand_over_again();
        self.ledger.hand_over_later(row_lease, at, failure, known, counted).await?;
        Ok(true)
    }
}
