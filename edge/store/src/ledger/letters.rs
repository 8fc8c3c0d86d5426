//! Messages; their statements stand in the outbox.

use crate::{Executor, Store};
use courseferry_api::{ErrorCode, UnixTime};
use courseferry_ferry::{LedgerError, Letter, Letters};

impl<E: Executor> Letters for Store<E> {
    async fn close_letters(
        &self,
        now: UnixTime,
        token: &str,
        patience: UnixTime,
        digest: UnixTime,
        urgent: &[ErrorCode],
    ) -> Result<(), LedgerError> {
        self.close(now, token, patience, digest, urgent).await
    }

    async fn letters(&self, now: UnixTime, limit: u32) -> Result<Vec<Letter>, LedgerError> {
        self.due_letters(now, limit).await
    }

    async fn letter_sent(&self, letter: &str, now: UnixTime) -> Result<(), LedgerError> {
        self.mark_sent(letter, now).await
    }

    async fn letter_later(&self, letter: &str, at: UnixTime, refused: bool) -> Result<(), LedgerError> {
        self.postpone(letter, at, refused).await
    }
}
