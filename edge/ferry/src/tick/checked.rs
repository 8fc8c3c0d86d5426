//! Looks after restored courses: one that was deleted may be brought again.

use crate::{Client, Ferry, Ledger, LedgerError, Platform, Progress, Remotes, State};
use courseferry_api::JobId;

/// Seconds between two looks after a restored course.
const CHECKED: i64 = 3_600;
/// Restored courses that the client is asked about in one call.
const CHECKED_AT_ONCE: u32 = 100;

impl<L: Ledger, R: Remotes, C: Client, P: Platform> Ferry<'_, L, R, C, P> {
    /// Looks after restored courses: one that was deleted may be brought again.
    pub(super) async fn check_restored(&self) -> Result<usize, LedgerError> {
        let now = self.platform.now();
        let jobs = self.ledger.take_restored(now.plus(-CHECKED), now, CHECKED_AT_ONCE).await?;
        if jobs.is_empty() {
            return Ok(0);
        }
        let answers = self.client.progress(&jobs).await;
        self.record_client(&answers).await?;
        let came = |answer: &Progress| matches!(answer.state, State::Complete | State::PartiallyRestored);
        let gone = answers.unwrap_or_default().into_iter().filter(|answer| came(answer) && answer.course.is_none());
        let gone: Vec<JobId> = gone.map(|answer| answer.job).collect();
        if !gone.is_empty() {
            self.ledger.courses_gone(&gone).await?;
        }
        Ok(jobs.len())
    }
}
