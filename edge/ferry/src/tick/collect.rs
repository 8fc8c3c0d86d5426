//! Collects what the client Moodle did with the restores that it was given.

use crate::{
    Client, Failure, Ferry, Ledger, LedgerError, Outcome, Platform, Progress, Remotes, RestoreRow, State, warnings,
};
use courseferry_api::{ErrorCode, JobId, Phase};

/// Restores that the client is asked about in one call.
const COLLECTED: u32 = 100;

impl<L: Ledger, R: Remotes, C: Client, P: Platform> Ferry<'_, L, R, C, P> {
    /// Asks the client how its restores fare.
    pub(super) async fn collect(&self) -> Result<usize, LedgerError> {
        let jobs = self.ledger.under_way(COLLECTED).await?;
        if jobs.is_empty() {
            return Ok(0);
        }
        let ids: Vec<JobId> = jobs.iter().map(|job| job.id.clone()).collect();
        let answers = self.client.progress(&ids).await;
        self.record_client(&answers).await?;
        let Ok(answers) = answers else { return Ok(0) };
        for job in &jobs {
            let answer = answers.iter().find(|answer| answer.job == job.id);
            let done = match answer {
                _ if job.cancelling => self.cancel_on_client(job).await,
                Some(answer) => self.apply_progress(job, answer).await,
                None => Ok(()),
            };
            self.note_row_fault("collect", &job.id, done).await;
        }
        Ok(jobs.len())
    }

    /// Writes what the companion says of a restore.
    pub(super) async fn apply_progress(&self, job: &RestoreRow, answer: &Progress) -> Result<(), LedgerError> {
        let now = self.platform.now();
        let same = answer.attempt == job.attempt;
        let copied = job.phase == Some(Phase::Restoring);
        let outcome = match answer.state {
            // Completion wins: the course is accepted even if an older attempt made it.
            State::Complete | State::PartiallyRestored => Outcome::Restored {
                course: answer.course,
                bytes: answer.total_bytes.max(answer.bytes),
                warnings: warnings::tidied(&answer.warnings),
            },
            // An older attempt whose answer was lost may be the one that restores.
            State::Failed if same || copied => {
                let failure = Self::refine_gone(job, Failure::of_restore(answer));
                self.retry_policy().failed(job, failure, answer.transient)
            }
            State::Cancelled if same => Outcome::Cancelled,
            State::Pending | State::Downloading if same => {
                return self.ledger.report(job, now, Phase::Transferring, answer).await;
            }
            State::Extracting | State::Restoring => {
                return self.ledger.report(job, now, Phase::Restoring, answer).await;
            }
            // Not handed over yet, or another invocation is just doing it.
            _ if !job.handed => return Ok(()),
            _ if !copied => return self.ledger.hand_over_anew(job).await,
            // Its backup may be replaced by now.
            _ => self.retry_policy().failed(job, ErrorCode::ClientUnknownJob.into(), false),
        };
        self.ledger.end_attempt(job, now, &outcome).await
    }

    /// A backup that was gone at the first look is an empty one, and not one that vanished later.
    pub(super) fn refine_gone(job: &RestoreRow, failure: Failure) -> Failure {
        match failure.code {
            ErrorCode::BackupGone if job.etag.is_none() => Failure { code: ErrorCode::RemoteEmptyBackup, ..failure },
            _ => failure,
        }
    }
}
