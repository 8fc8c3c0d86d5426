//! Looks after restored courses: one that was deleted may be brought again.

use crate::{Client, Ferry, Ledger, LedgerError, Platform, Remotes, State};
use courseferry_api::JobId;

/// Seconds between two looks after a restored course.
const CHECKED: i64 = 3_600;
/// Restored courses that the client is asked about in one call.
const CHECKED_AT_ONCE: u32 = 100;

impl<L: Ledger, R: Remotes, C: Client, P: Platform> Ferry<'_, L, R, C, P> {
    /// Asks the client whether they still exist.
    pub(super) async fn check_restored(&self) -> Result<usize, LedgerError> {
        let now = self.platform.now();
        let restored = self.ledger.take_restored(now.plus(-CHECKED), now, CHECKED_AT_ONCE).await?;
        if restored.is_empty() {
            return Ok(0);
        }
        let jobs: Vec<JobId> = restored.iter().map(|row| row.job.clone()).collect();
        let answers = self.client.progress(&jobs).await;
        self.record_client(&answers).await?;
        let Ok(answers) = answers else { return Ok(0) };
        let mut gone: Vec<JobId> = Vec::new();
        for row in &restored {
            let answer = answers.iter().find(|answer| answer.job == row.job);
            let made = answer.filter(|answer| matches!(answer.state, State::Complete | State::PartiallyRestored));
            let exists = match (made, row.course) {
                // A course that content was added to counts as well: once it is deleted, the row says so.
                (Some(made), _) => Ok(made.course.or(made.target_course).is_some()),
                // The companion made nothing for this row: an administrator linked it to a course of theirs.
                (None, Some(course)) => self.client.course_exists(row.user, course).await,
                (None, None) => Ok(true),
            };
            match exists {
                Ok(true) => {}
                Ok(false) => gone.push(row.job.clone()),
                // The next look is an hour away; so many calls into silence would take the tick's time.
                Err(_) => {
                    self.record_client(&exists).await?;
                    break;
                }
            }
        }
        if !gone.is_empty() {
            self.ledger.courses_gone(&gone, now).await?;
        }
        Ok(jobs.len())
    }
}
