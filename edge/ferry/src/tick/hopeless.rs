//! Waiting restores that nothing can begin: their remote is no longer configured, or has been held for too long.

use crate::{Client, Ferry, Ledger, LedgerError, Outcome, Platform, Remotes};

/// Restores that one tick ends in this way.
const ENDED: u32 = 50;

impl<L: Ledger, R: Remotes, C: Client, P: Platform> Ferry<'_, L, R, C, P> {
    /// Fails them, so that their owners hear of it and others may choose the courses.
    pub(super) async fn end_hopeless(&self) -> Result<usize, LedgerError> {
        let now = self.platform.now();
        let held_before = now.plus(-86_400 * i64::from(self.settings.held_days));
        let rows = self.ledger.hopeless(&self.remotes.configured(), held_before, ENDED).await?;
        let mut outcome = Ok(rows.len());
        for (row, failure) in rows {
            let done = self.ledger.end_waiting(&row, now, &Outcome::Failed(failure)).await;
            outcome = done.and(outcome);
        }
        outcome
    }
}
