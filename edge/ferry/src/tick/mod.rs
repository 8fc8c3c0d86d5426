//! One tick of the ferry: collect what the client finished, hand over what is backed up, tell the owners, claim new
//! backups and wait for them.
//!
//! Ticks overlap, and any of them may die at any point. Nothing is remembered but the ledger, every write relies on a
//! lease or on the attempt's number, and so whatever one tick leaves behind, a later one takes up.

mod abandoned;
mod cancel;
mod checked;
mod claim;
mod collect;
mod hand_over;

use crate::{
    Client, Failure, Lease, Ledger, LedgerError, Platform, Remotes, RestoreRow, RetryPolicy, RowLease, Settings, Zone,
    peer, ticket::hex,
};

/// Everything that a tick works with.
pub struct Ferry<'a, L, R, C, P> {
    /// The rows.
    pub ledger: &'a L,
    /// The remotes.
    pub remotes: &'a R,
    /// The client Moodle.
    pub client: &'a C,
    /// Time and chance.
    pub platform: &'a P,
    /// What the administrator decided.
    pub settings: &'a Settings,
    /// The site's time zone.
    pub zone: &'a dyn Zone,
}

/// What a tick did, for the log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Backups whose Worker died.
    pub abandoned: usize,
    /// Restores that the client was asked about.
    pub collected: usize,
    /// Backups handed over that an earlier tick had left.
    pub handed_over: usize,
    /// Restored courses looked after.
    pub checked: usize,
    /// Letters sent.
    pub letters: usize,
    /// Backups begun.
    pub claimed: usize,
    /// What went wrong, the steps' names first.
    pub troubles: Vec<String>,
}

impl<L: Ledger, R: Remotes, C: Client, P: Platform> Ferry<'_, L, R, C, P> {
    /// Carries every due restore forward, and returns once the backups that it began have ended.
    pub async fn tick(&self) -> Report {
        let mut report = Report::default();
        report.abandoned = noted(&mut report.troubles, "abandoned", self.end_abandoned().await);
        report.collected = noted(&mut report.troubles, "collect", self.collect().await);
        report.handed_over = noted(&mut report.troubles, "hand over", self.hand_over_the_rest().await);
        report.checked = noted(&mut report.troubles, "check", self.check_restored().await);
        report.letters = noted(&mut report.troubles, "letters", self.send_letters().await);
        report.claimed = noted(&mut report.troubles, "claim", self.claim().await);
        report
    }

    /// Remembers how the client answered.
    async fn record_client<T>(&self, answer: &Result<T, Failure>) -> Result<(), LedgerError> {
        let fault = answer.as_ref().err().filter(|failure| peer::client_fault(failure.code));
        self.ledger.record_contact(None, self.platform.now(), fault).await
    }

    pub(crate) fn retry_policy(&self) -> RetryPolicy<'_> {
        let random = self.platform.random().first_chunk().copied().map_or(0, u64::from_le_bytes);
        RetryPolicy { settings: self.settings, now: self.platform.now(), random }
    }

    fn lease(&self) -> Lease {
        let until = self.platform.now().plus(self.settings.lease_seconds.into());
        Lease { token: hex(&self.platform.random()), until }
    }
}

fn row_lease(job: &RestoreRow, lease: &Lease) -> RowLease {
    RowLease { job: job.id.clone(), lease: lease.token.clone() }
}

fn noted(troubles: &mut Vec<String>, step: &str, done: Result<usize, LedgerError>) -> usize {
    done.unwrap_or_else(|error| {
        troubles.push(format!("{step}: {error}"));
        0
    })
}
