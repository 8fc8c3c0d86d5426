//! What the ferry needs of the world: the ledger, the remotes, the client Moodle, time and chance.

use crate::{Access, Failure, Job, Order, Progress, Ticket};
use courseferry_api::{
    CategoryId, CourseId, ErrorCode, JobId, Phase, RemoteCourseId, RemoteId, UnixTime, UserId, Warning,
};
use thiserror::Error;

/// The ledger could not be read or written. Whatever was under way is taken up later.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the ledger failed: {0}")]
pub struct LedgerError(pub String);

impl LedgerError {
    /// As people meet it.
    pub fn code(&self) -> ErrorCode {
        ErrorCode::Database
    }
}

/// The right to write a row: its id and the token of a lease. Every write under a hold happens only while the row
/// still carries that token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// The row.
    pub job: JobId,
    /// The lease's token.
    pub lease: String,
}

/// Time, sleep and chance.
pub trait Platform {
    /// The time.
    fn now(&self) -> UnixTime;
    /// Returns after so many seconds.
    async fn sleep(&self, seconds: u32);
    /// 256 random bits.
    fn random(&self) -> [u8; 32];
}

/// The configured remotes.
pub trait Remotes {
    /// The remote's name for people; none if it is not configured (any more).
    fn name(&self, remote: &RemoteId) -> Option<String>;
    /// Has it make a backup and waits for it: the backup's `filerecordid`, 0 if it failed inside.
    ///
    /// A call whose end is not known (504, 524, cut) is `remote.backup_unknown`.
    async fn make_backup(&self, remote: &RemoteId, username: &str, course: RemoteCourseId) -> Result<i64, Failure>;
}

/// The client Moodle's companion.
pub trait Client {
    /// What a user may do, from fresh snapshots.
    type Access: Access;
    /// Asks afresh who a user is and what they may do.
    async fn access(&self, user: UserId) -> Result<Self::Access, Failure>;
    /// Hands a restore over; the companion answers at once.
    async fn restore(&self, order: &Order<'_>) -> Result<Progress, Failure>;
    /// How these restores fare, one answer each.
    async fn progress(&self, jobs: &[JobId]) -> Result<Vec<Progress>, Failure>;
    /// Cancels if the restore has not begun; else its present state.
    async fn cancel(&self, job: &JobId, attempt: u32) -> Result<Progress, Failure>;
    /// Sends a message; the same (job, attempt, kind, user) twice is one message.
    async fn notify(&self, notice: &Notice) -> Result<(), Failure>;
    /// Who gets the digest of failures.
    async fn administrators(&self) -> Result<Vec<Recipient>, Failure>;
}

/// Somebody to write to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// Who.
    pub user: UserId,
    /// Their Moodle language.
    pub locale: String,
}

/// What a message is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeKind {
    /// All went well.
    Success,
    /// Something failed.
    Failure,
    /// The administrators' digest.
    Digest,
}

impl NoticeKind {
    /// The companion's word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Digest => "digest",
        }
    }
}

/// A message, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The restore that names the message, so that it is sent once.
    pub job: JobId,
    /// Its attempt.
    pub attempt: u32,
    /// Its kind.
    pub kind: NoticeKind,
    /// To whom.
    pub user: UserId,
    /// Subject.
    pub subject: String,
    /// Text without markup.
    pub text: String,
    /// The same as HTML.
    pub html: String,
    /// Where it leads.
    pub link: String,
    /// The words on that link.
    pub link_name: String,
    /// Warnings of the restores, one sentence each.
    pub warnings: Vec<String>,
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
        /// Things to check.
        warnings: Vec<Warning>,
    },
    /// Withdrawn.
    Cancelled,
    /// It failed and is tried again.
    Again {
        /// Why.
        failure: Failure,
        /// When.
        at: UnixTime,
        /// Counted as a backup whose end is not known.
        unknown: bool,
        /// Counted as a fresh backup that came out empty.
        empty: bool,
    },
    /// It failed for good.
    Failed {
        /// Why.
        failure: Failure,
    },
}

/// The persistent rows.
pub trait Ledger {
    /// Chooses and leases, in one step, at most `limit` due rows: the oldest of each (remote, user name) pair that
    /// has nothing active. `open`: the restore window is open.
    async fn claim(
        &self,
        now: UnixTime,
        open: bool,
        lease: &str,
        until: UnixTime,
        limit: u32,
    ) -> Result<Vec<Job>, LedgerError>;
    /// Renews a lease: whether its owner asked to cancel; none if the lease was lost.
    async fn renew(&self, hold: &Hold, until: UnixTime) -> Result<Option<bool>, LedgerError>;
    /// The remote is about to be asked: the category is decided. False if the lease was lost.
    async fn asking(
        &self,
        hold: &Hold,
        now: UnixTime,
        category: CategoryId,
        category_name: &str,
        warnings: &[Warning],
    ) -> Result<bool, LedgerError>;
    /// The backup exists: phase `transferring`, not handed over yet. False if the lease was lost.
    async fn backed_up(&self, hold: &Hold, now: UnixTime, backup: i64) -> Result<bool, LedgerError>;
    /// Raises the fencing number and stores the ticket's hash: the new attempt; none if the lease was lost or its
    /// owner asked to cancel.
    async fn new_attempt(&self, hold: &Hold, ticket: &Ticket) -> Result<Option<u32>, LedgerError>;
    /// The companion has confirmed the attempt; the lease ends. Whether its owner asked to cancel meanwhile.
    async fn handed(&self, hold: &Hold) -> Result<bool, LedgerError>;
    /// The hand-over did not succeed: again at `at`; the lease ends. `known` is the companion's attempt.
    async fn hand_over_later(
        &self,
        hold: &Hold,
        at: UnixTime,
        failure: &Failure,
        known: u32,
    ) -> Result<(), LedgerError>;
    /// A try of a held row ended; the lease ends, the pair is kept until `busy_until`.
    async fn end_held(
        &self,
        hold: &Hold,
        now: UnixTime,
        outcome: &Outcome,
        busy_until: Option<UnixTime>,
    ) -> Result<bool, LedgerError>;
    /// Rows whose lease ran out while the remote made the backup.
    async fn abandoned(&self, now: UnixTime) -> Result<Vec<(Hold, Job)>, LedgerError>;
    /// Rows that were handed over or should be.
    async fn under_way(&self, limit: u32) -> Result<Vec<Job>, LedgerError>;
    /// Leases, in one step, rows that are backed up, not handed over and due for it.
    async fn take_backed_up(
        &self,
        now: UnixTime,
        lease: &str,
        until: UnixTime,
        limit: u32,
    ) -> Result<Vec<Job>, LedgerError>;
    /// The companion tells how an attempt fares. Happens only while the row is at that attempt.
    async fn report(
        &self,
        job: &JobId,
        attempt: u32,
        now: UnixTime,
        phase: Phase,
        progress: &Progress,
    ) -> Result<(), LedgerError>;
    /// The companion has lost an attempt: it is to be handed over again.
    async fn lost(&self, job: &JobId, attempt: u32) -> Result<(), LedgerError>;
    /// An attempt ended. Happens only while the row is at that attempt.
    async fn end_attempt(
        &self,
        job: &JobId,
        attempt: u32,
        now: UnixTime,
        outcome: &Outcome,
    ) -> Result<bool, LedgerError>;
    /// A peer (none: the client) answered, well or not.
    async fn met(&self, remote: Option<&RemoteId>, now: UnixTime, problem: Option<&Failure>)
    -> Result<(), LedgerError>;
}
