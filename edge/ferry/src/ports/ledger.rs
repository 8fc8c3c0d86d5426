//! The persistent rows, as the steps of a tick read and write them.

use super::{About, Letter};
use crate::{Decision, Failure, Pace, Progress, Queue, RestoreRow, Ticket, ToClaim};
use courseferry_api::{CourseId, ErrorCode, JobId, Phase, RemoteId, UnixTime, UserId, Warning};
use thiserror::Error;

/// The ledger could not be read or written. Whatever was under way is taken up later.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the ledger failed: {0}")]
pub struct LedgerError(pub String);

impl LedgerError {
    /// The code under which people see it.
    pub fn code(&self) -> ErrorCode {
        ErrorCode::Database
    }
}

impl From<LedgerError> for Failure {
    fn from(error: LedgerError) -> Self {
        Self::new(error.code(), error.0)
    }
}

/// The right to write a row: its id and the token of a lease. Every write under it happens only while the row
/// still carries that token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowLease {
    pub job: JobId,
    /// The lease's token.
    pub lease: String,
}

/// How a try ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// The course is there.
    Restored {
        /// Which.
        course: Option<CourseId>,
        /// Size of the backup; 0 = not known.
        bytes: u64,
        /// Things to check, from the restore's own log.
        warnings: Vec<Warning>,
    },
    /// Withdrawn.
    Cancelled,
    /// It is tried again.
    Again {
        failure: Failure,
        at: UnixTime,
        /// What it counts as.
        counts: Counts,
    },
    /// It failed for good.
    Failed(Failure),
}

/// What a try that did not succeed counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counts {
    /// Nothing: the restore itself was not tried.
    Nothing,
    /// A failure.
    Failure,
    /// A failure, and a backup whose end is not known.
    Unknown,
    /// A failure, and a fresh backup that came out empty.
    Empty,
    /// No failure of anybody else's: our own invocation ended while the remote was at work.
    Interruption,
}

/// What became of the wish to cancel.
#[derive(Debug, Clone, PartialEq)]
pub enum CancelOutcome {
    /// It had not begun, and is cancelled.
    Done(RestoreRow),
    /// It is under way, and is cancelled as soon as that is known to be safe.
    Asked(RestoreRow),
    /// The restore has begun, or it has ended.
    TooLate(RestoreRow),
    /// There is no such restore (of this owner).
    NotFound,
}

/// The persistent rows, one trait for each step of the tick. Every write names what it relies on and happens only
/// while that holds.
pub trait Ledger: Claims + RemoteBackups + HandOvers + Collects + Cancels + Letters + Peers + RowFaults {}

impl<T: Claims + RemoteBackups + HandOvers + Collects + Cancels + Letters + Peers + RowFaults> Ledger for T {}

/// Steps that failed for one row alone.
pub trait RowFaults {
    /// Notes one, for the administrators.
    async fn note_row_fault(&self, job: &JobId, step: &str, detail: &str, now: UnixTime) -> Result<(), LedgerError>;
}

/// A restored course that is looked after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestoredCourse {
    pub job: JobId,
    pub user: UserId,
    /// The course; none where it was not told.
    pub course: Option<CourseId>,
}

/// Claimed rows, from the claim until their backup is made.
pub trait Claims {
    /// What is due, what is under way, and what is known of the remotes. `open`: the restore window is open.
    async fn queue(&self, now: UnixTime, open: bool) -> Result<Queue, LedgerError>;
    /// Leases, in one step, what was chosen, as far as it still waits and its slot is still free.
    async fn claim(&self, now: UnixTime, lease: &Lease, chosen: &[ToClaim]) -> Result<Vec<RestoreRow>, LedgerError>;
    /// The remote refused the row for a cause that may be its own or the whole remote's.
    async fn suspect(&self, lease: &RowLease) -> Result<(), LedgerError>;
    /// Whether a row of somebody else on this remote was refused likewise and waits to be tried again.
    async fn refused_likewise(&self, remote: &RemoteId, user: UserId, code: ErrorCode) -> Result<bool, LedgerError>;
    /// Waiting rows that cannot be begun at all: of remotes that are not configured, and of those held since before
    /// `held_before`; each with the reason.
    async fn hopeless(
        &self,
        configured: &[RemoteId],
        held_before: UnixTime,
        limit: u32,
    ) -> Result<Vec<(RestoreRow, Failure)>, LedgerError>;
    /// A row ends while it waits.
    async fn end_waiting(&self, row: &RestoreRow, now: UnixTime, outcome: &Outcome) -> Result<(), LedgerError>;
    /// Leases anew the rows whose lease ran out while the remote made the backup.
    async fn take_abandoned(&self, now: UnixTime, lease: &Lease) -> Result<Vec<RestoreRow>, LedgerError>;
    /// Renews a lease; false if it was lost.
    async fn renew(&self, row_lease: &RowLease, until: UnixTime) -> Result<bool, LedgerError>;
    /// The category is decided and the remote is about to be asked. False if the lease was lost.
    async fn backup_requested(
        &self,
        row_lease: &RowLease,
        now: UnixTime,
        decision: &Decision,
        warnings: &[Warning],
    ) -> Result<bool, LedgerError>;
    /// The backup exists: phase `transferring`, not handed over yet. Raises the fencing number and stores the ticket's
    /// hash: the new attempt; none if the lease was lost or the owner asked to cancel.
    async fn backed_up(
        &self,
        row_lease: &RowLease,
        now: UnixTime,
        backup: i64,
        ticket: &Ticket,
    ) -> Result<Option<u32>, LedgerError>;
    /// A try ended before there was a backup; the lease ends, the slot stays taken until `busy_until`. `Cancelled` is
    /// written only if somebody asked for it.
    async fn end_held(
        &self,
        row_lease: &RowLease,
        now: UnixTime,
        outcome: &Outcome,
        busy_until: UnixTime,
    ) -> Result<(), LedgerError>;
}

/// Backups on their way to the client.
pub trait HandOvers {
    /// Leases, in one step, rows that are backed up, not handed over and due for it.
    async fn take_backed_up(&self, now: UnixTime, lease: &Lease, limit: u32) -> Result<Vec<RestoreRow>, LedgerError>;
    /// The next attempt and ticket of a backup that is to be handed over again; none if the lease was lost, or the owner
    /// asked to cancel.
    async fn new_attempt(&self, row_lease: &RowLease, ticket: &Ticket) -> Result<Option<u32>, LedgerError>;
    /// The companion has confirmed the attempt; the lease ends. The row, unless the lease was lost.
    async fn handed(&self, row_lease: &RowLease) -> Result<Option<RestoreRow>, LedgerError>;
    /// The hand-over did not succeed: again at `at`; the lease ends. `known`: the newest attempt that the companion
    /// knows of. `counted`: the client answers otherwise, so this row has used up one of its tries.
    async fn hand_over_later(
        &self,
        row_lease: &RowLease,
        at: UnixTime,
        failure: &Failure,
        known: u32,
        counted: bool,
    ) -> Result<(), LedgerError>;
}

/// Restores that the client has, and restored courses.
pub trait Collects {
    /// Rows in the phases `transferring` and `restoring`.
    async fn under_way(&self, limit: u32) -> Result<Vec<RestoreRow>, LedgerError>;
    /// How the row's attempt fares. Written only while the row is at that attempt.
    async fn report(
        &self,
        job: &RestoreRow,
        now: UnixTime,
        phase: Phase,
        progress: &Progress,
    ) -> Result<(), LedgerError>;
    /// The companion does not know the row's attempt: it is to be handed over again.
    async fn hand_over_anew(&self, job: &RestoreRow) -> Result<(), LedgerError>;
    /// The row's attempt ended. Written only while the row is at that attempt.
    async fn end_attempt(&self, job: &RestoreRow, now: UnixTime, outcome: &Outcome) -> Result<(), LedgerError>;
    /// Restored courses that nobody has looked after since `before`; they count as looked after now.
    async fn take_restored(
        &self,
        before: UnixTime,
        now: UnixTime,
        limit: u32,
    ) -> Result<Vec<RestoredCourse>, LedgerError>;
    /// These restored courses do not exist any more: others may bring them again.
    async fn courses_gone(&self, jobs: &[JobId], now: UnixTime) -> Result<(), LedgerError>;
}

/// Wishes to cancel.
pub trait Cancels {
    /// Somebody wants to cancel; `owner`: only if it is theirs.
    async fn request_cancel(
        &self,
        job: &JobId,
        owner: Option<UserId>,
        now: UnixTime,
    ) -> Result<CancelOutcome, LedgerError>;
}

/// Messages to owners and administrators.
pub trait Letters {
    /// Closes letters: for each owner and batch in which nothing waits any more (or whose first result is older than
    /// `patience`), and for the administrators over failures up to `digest`, or all if one has a code of `urgent`
    /// that they were not told about within a day. What is in a closed letter does not change any more.
    async fn close_letters(
        &self,
        now: UnixTime,
        token: &str,
        patience: UnixTime,
        digest: UnixTime,
        urgent: &[ErrorCode],
    ) -> Result<(), LedgerError>;
    /// Closed letters that are due to be sent.
    async fn letters(&self, now: UnixTime, limit: u32) -> Result<Vec<Letter>, LedgerError>;
    /// A letter was sent.
    async fn letter_sent(&self, letter: &str, now: UnixTime) -> Result<(), LedgerError>;
    /// A letter could not be sent: again at `at`. `refused`: the client is well and would not take it, which it may
    /// do a few times.
    async fn letter_later(&self, letter: &str, at: UnixTime, refused: bool) -> Result<(), LedgerError>;
}

/// Backups that a courseferry remote makes by itself. No lease is held meanwhile: each write relies on the backup's number.
pub trait RemoteBackups {
    /// The remote has begun the backup, and the lease ends. False if the lease was lost or the owner asked to cancel.
    async fn backup_started(&self, lease: &RowLease, now: UnixTime) -> Result<bool, LedgerError>;
    /// Ends the lease of a row whose invocation died: what the remote says of its backup decides.
    async fn release(&self, lease: &RowLease) -> Result<(), LedgerError>;
    /// Rows whose backup a remote makes.
    async fn backups_under_way(&self, limit: u32) -> Result<Vec<RestoreRow>, LedgerError>;
    /// The backup got further, or waits for a reason that is worth telling.
    async fn backup_progress(
        &self,
        row: &RestoreRow,
        now: UnixTime,
        percent: u8,
        trouble: Option<&Failure>,
    ) -> Result<(), LedgerError>;
    /// The backup is made: phase `transferring`, to be handed over.
    async fn backup_ready(
        &self,
        row: &RestoreRow,
        now: UnixTime,
        bytes: u64,
        sha256: Option<&str>,
    ) -> Result<(), LedgerError>;
    /// The try ended before there was a backup.
    async fn end_backup(&self, row: &RestoreRow, now: UnixTime, outcome: &Outcome) -> Result<(), LedgerError>;
    /// Backups that nobody needs any more, by remote, restore and number.
    async fn deletable_backups(&self, limit: u32) -> Result<Vec<(RemoteId, JobId, u32)>, LedgerError>;
    /// Their remote was asked to delete these backups, by restore and number.
    async fn backups_deleted(&self, backups: &[(JobId, u32)]) -> Result<(), LedgerError>;
}

/// How the client and the remotes answer.
pub trait Peers {
    /// What a remote is was learnt (or could not be, now).
    async fn learnt(&self, remote: &RemoteId, now: UnixTime, about: Option<&About>) -> Result<(), LedgerError>;
    /// An answer did not fit the remote's kind: it is to be learnt anew.
    async fn doubt_kind(&self, remote: &RemoteId) -> Result<(), LedgerError>;
    /// While it fails or is held, the next row tries it at this time.
    async fn probe_later(&self, remote: &RemoteId, at: UnixTime) -> Result<(), LedgerError>;
    /// The rows of this one's remote wait for an administrator. When that begins, the administrators are told.
    async fn hold(&self, row: &RestoreRow, now: UnixTime, failure: &Failure) -> Result<(), LedgerError>;
    /// The remote serves again: what waited because of it is due.
    async fn lift_hold(&self, remote: &RemoteId, now: UnixTime) -> Result<(), LedgerError>;
    /// What the remote bears.
    async fn pace(&self, remote: &RemoteId) -> Result<Pace, LedgerError>;
    /// Remembers what the remote bears.
    async fn set_pace(&self, remote: &RemoteId, pace: Pace) -> Result<(), LedgerError>;
    /// A peer (none: the client) answered, well or not.
    async fn record_contact(
        &self,
        remote: Option<&RemoteId>,
        now: UnixTime,
        problem: Option<&Failure>,
    ) -> Result<(), LedgerError>;
}

/// A lease to be taken: its token and its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// Random, so that nobody holds it by accident.
    pub token: String,
    /// When it ends unless it is renewed.
    pub until: UnixTime,
}
