//! Letters: one message for each owner and batch, a daily digest of failures for administrators.

use crate::{Client, Ferry, Ledger, LedgerError, Platform, Remotes};

impl<L: Ledger, R: Remotes, C: Client, P: Platform> Ferry<'_, L, R, C, P> {
    pub(crate) async fn send_letters(&self) -> Result<usize, LedgerError> {
        Ok(0)
    }
}
