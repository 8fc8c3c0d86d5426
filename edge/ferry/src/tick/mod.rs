//! One tick of the ferry: collect what the client finished, hand over what is backed up, tell the owners, claim new
//! backups and wait for them.
//!
//! Ticks overlap, and any of them may die at any point. Nothing is remembered but the ledger, every write relies on a
//! lease or on the attempt's number, and so whatever one tick leaves behind, a later one takes up.

mod abandoned;
mod backups;
mod cancel;
mod checked;
mod claim;
mod collect;
mod hand_over;
mod hopeless;

pub(crate) use claim::WAITED_FOR;

use crate::{
    Client, Failure, Lease, Ledger, LedgerError, Platform, Remotes, RestoreRow, RetryPolicy, RowLease, Settings, Zone,
    peer,
};
use courseferry_api::{JobId, UnixTime};
use std::cell::{Cell, RefCell};

/// Everything that a tick works with.
pub struct Ferry<'a, L, R, C, P> {
    pub(crate) ledger: &'a L,
    pub(crate) remotes: &'a R,
    pub(crate) client: &'a C,
    pub(crate) platform: &'a P,
    pub(crate) settings: &'a Settings,
    /// The site's time zone.
    pub(crate) zone: &'a dyn Zone,
    /// The client as a whole did not answer well: the steps that need it are left to the next tick.
    client_down: Cell<bool>,
    /// What went wrong in this tick, the steps' names first.
    troubles: RefCell<Vec<String>>,
}

/// What a tick did, for the log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Backups whose Worker died.
    pub abandoned: usize,
    /// Backups that remotes make, and were asked about.
    pub backups: usize,
    /// Waiting restores that failed because nothing can begin them.
    pub hopeless: usize,
    /// Restores that the client was asked about.
    pub collected: usize,
    /// Backups handed over that an earlier tick had left.
    pub handed_over: usize,
    /// Restored courses looked after.
    pub checked: usize,
    /// Letters sent.
    pub letters: usize,
    /// Backups deleted on their remotes.
    pub deleted: usize,
    /// Backups begun.
    pub claimed: usize,
    /// What went wrong, the steps' names first.
    pub troubles: Vec<String>,
}

impl<'a, L: Ledger, R: Remotes, C: Client, P: Platform> Ferry<'a, L, R, C, P> {
    /// A ferry over this world.
    pub fn new(
        ledger: &'a L,
        remotes: &'a R,
        client: &'a C,
        platform: &'a P,
        settings: &'a Settings,
        zone: &'a dyn Zone,
    ) -> Self {
        Self {
            ledger,
            remotes,
            client,
            platform,
            settings,
            zone,
            client_down: Cell::new(false),
            troubles: RefCell::default(),
        }
    }

    /// Carries every due restore forward, and returns once the backups that it began have ended. Each step ends at the
    /// first fault of the client as a whole, and the steps after it that need the client are skipped: a client that
    /// hangs costs a tick one call.
    pub async fn tick(&self) -> Report {
        let began = self.platform.now();
        let mut report = Report::default();
        self.client_down.set(false);
        self.troubles.take();
        report.abandoned = self.noted("abandoned", self.end_abandoned().await);
        report.backups = self.noted("backups", self.collect_backups().await);
        report.hopeless = self.noted("hopeless", self.end_hopeless().await);
        report.collected = self.noted("collect", self.collect().await);
        if !self.client_is_down() {
            report.handed_over = self.noted("hand over", self.hand_over_the_rest().await);
        }
        if !self.client_is_down() {
            report.checked = self.noted("check", self.check_restored().await);
        }
        if !self.client_is_down() {
            report.letters = self.noted("letters", self.send_letters().await);
        }
        report.deleted = self.noted("delete", self.delete_backups().await);
        if !self.client_is_down() {
            report.claimed = self.noted("claim", self.claim(began, self.stays_until(began), false).await);
        }
        report.troubles = self.troubles.take();
        report
    }

    /// Has more backups made beside a tick, in an invocation of its own: each has connections for a few at a time.
    pub async fn help(&self) -> Report {
        let began = self.platform.now();
        let claimed = self.noted("claim", self.claim(began, self.stays_until(began), true).await);
        Report { claimed, troubles: self.troubles.take(), ..Report::default() }
    }

    /// The client says that something ended there, and no more: it is asked what, as a tick asks. A tick that is under
    /// way begins what that made room for.
    pub async fn hurry(&self) -> Report {
        let collected = self.noted("collect", self.collect().await);
        Report { collected, troubles: self.troubles.take(), ..Report::default() }
    }

    fn stays_until(&self, began: UnixTime) -> UnixTime {
        began.plus(self.settings.stay_seconds.into())
    }

    /// Whether the client as a whole did not answer well in this tick.
    pub(crate) fn client_is_down(&self) -> bool {
        self.client_down.get()
    }

    /// Remembers how the client answered.
    async fn record_client<T>(&self, answer: &Result<T, Failure>) -> Result<(), LedgerError> {
        if let Some(fault) = answer.as_ref().err().filter(|failure| peer::client_fault(failure.code)) {
            return self.client_failed(fault).await;
        }
        // A call that failed before was that call's own matter.
        self.client_down.set(false);
        self.ledger.record_contact(None, self.platform.now(), None).await
    }

    /// Remembers that the client as a whole did not answer well.
    async fn client_failed(&self, fault: &Failure) -> Result<(), LedgerError> {
        self.client_down.set(true);
        self.ledger.record_contact(None, self.platform.now(), Some(fault)).await
    }

    /// A step that failed as a whole leaves its work to the next tick.
    fn noted(&self, step: &str, done: Result<usize, LedgerError>) -> usize {
        done.unwrap_or_else(|error| {
            self.troubles.borrow_mut().push(format!("{step}: {error}"));
            0
        })
    }

    /// A step failed for one row alone: it is noted and shown, and the rows after it go on.
    pub(crate) async fn note_row_fault(&self, step: &str, job: &JobId, done: Result<(), LedgerError>) {
        let Err(LedgerError(error)) = done else { return };
        let noted = self.ledger.note_row_fault(job, step, &error, self.platform.now()).await;
        // While the database is away altogether the log has to do.
        self.troubles
            .borrow_mut()
            .push(format!("{step} {job}: {error}{}", if noted.is_err() { " (not noted)" } else { "" }));
    }

    pub(crate) fn retry_policy(&self) -> RetryPolicy<'_> {
        let random = self.platform.random().first_chunk().copied().map_or(0, u64::from_le_bytes);
        RetryPolicy { settings: self.settings, now: self.platform.now(), random }
    }

    fn lease(&self) -> Lease {
        let until = self.platform.now().plus(self.settings.lease_seconds.into());
        Lease { token: hex::encode(self.platform.random()), until }
    }
}

fn row_lease(job: &RestoreRow, lease: &Lease) -> RowLease {
    RowLease { job: job.id.clone(), lease: lease.token.clone() }
}
