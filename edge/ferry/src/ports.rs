//! What the ferry needs of the world: the ledger, the remotes, the client Moodle, time and chance.

use crate::{Access, Decision, Failure, Job, Order, Progress, Ticket};
use courseferry_api::{CourseId, ErrorCode, JobId, Phase, RemoteCourseId, RemoteId, UnixTime, UserId, Warning};
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
    /// A course's address there.
    fn course_link(&self, remote: &RemoteId, course: RemoteCourseId) -> Option<String>;
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
        /// Things to check, from the restore's own log.
        warnings: Vec<Warning>,
    },
    /// Withdrawn.
    Cancelled,
    /// It is tried again.
    Again {
        /// Why.
        failure: Failure,
        /// When.
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
}

/// What became of the wish to cancel.
#[derive(Debug, Clone, PartialEq)]
pub enum Withdrawal {
    /// It had not begun, and is cancelled.
    Done(Job),
    /// It is under way, and is cancelled as soon as that is known to be safe.
    Asked(Job),
    /// The restore has begun, or it has ended.
    TooLate(Job),
    /// There is no such restore (of this owner).
    NotFound,
}

/// The persistent rows. Every write names what it relies on and happens only while that holds.
pub trait Ledger {
    /// Chooses and leases, in one step, at most `limit` due rows: the oldest of each (remote, user name) pair that
    /// has nothing active. `open`: the restore window is open.
    async fn claim(&self, now: UnixTime, open: bool, lease: &Lease, limit: u32) -> Result<Vec<Job>, LedgerError>;
    /// Leases anew the rows whose lease ran out while the remote made the backup.
    async fn take_abandoned(&self, now: UnixTime, lease: &Lease) -> Result<Vec<Job>, LedgerError>;
    /// Leases, in one step, rows that are backed up, not handed over and due for it.
    async fn take_backed_up(&self, now: UnixTime, lease: &Lease, limit: u32) -> Result<Vec<Job>, LedgerError>;

    /// Renews a lease; false if it was lost.
    async fn renew(&self, hold: &Hold, until: UnixTime) -> Result<bool, LedgerError>;
    /// The category is decided and the remote is about to be asked. False if the lease was lost.
    async fn asking(
        &self,
        hold: &Hold,
        now: UnixTime,
        decision: &Decision,
        warnings: &[Warning],
    ) -> Result<bool, LedgerError>;
    /// The backup exists: phase `transferring`, not handed over yet. Raises the fencing number and stores the ticket's
    /// hash: the new attempt; none if the lease was lost or the owner asked to cancel.
    async fn backed_up(
        &self,
        hold: &Hold,
        now: UnixTime,
        backup: i64,
        ticket: &Ticket,
    ) -> Result<Option<u32>, LedgerError>;
    /// The same for a backup that is to be handed over again.
    async fn new_attempt(&self, hold: &Hold, ticket: &Ticket) -> Result<Option<u32>, LedgerError>;
    /// The companion has confirmed the attempt; the lease ends. The row, unless the lease was lost.
    async fn handed(&self, hold: &Hold) -> Result<Option<Job>, LedgerError>;
    /// The hand-over did not succeed: again at `at`; the lease ends. `known`: the newest attempt that the companion
    /// knows of.
    async fn hand_over_later(
        &self,
        hold: &Hold,
        at: UnixTime,
        failure: &Failure,
        known: u32,
    ) -> Result<(), LedgerError>;
    /// A try ended before it was handed over; the lease ends, the pair is kept until `busy_until`.
    async fn end_held(
        &self,
        hold: &Hold,
        now: UnixTime,
        outcome: &Outcome,
        busy_until: UnixTime,
    ) -> Result<(), LedgerError>;

    /// Rows in the phases `transferring` and `restoring`.
    async fn under_way(&self, limit: u32) -> Result<Vec<Job>, LedgerError>;
    /// How the row's attempt fares. Written only while the row is at that attempt.
    async fn report(&self, job: &Job, now: UnixTime, phase: Phase, progress: &Progress) -> Result<(), LedgerError>;
    /// The companion does not know the row's attempt: it is to be handed over again.
    async fn lost(&self, job: &Job) -> Result<(), LedgerError>;
    /// The row's attempt ended. Written only while the row is at that attempt.
    async fn end_attempt(&self, job: &Job, now: UnixTime, outcome: &Outcome) -> Result<(), LedgerError>;

    /// Restored courses that nobody has looked after since `before`; they count as looked after now.
    async fn take_restored(&self, before: UnixTime, now: UnixTime, limit: u32) -> Result<Vec<JobId>, LedgerError>;
    /// These restored courses do not exist any more: others may bring them again.
    async fn courses_gone(&self, jobs: &[JobId]) -> Result<(), LedgerError>;

    /// Somebody wants to cancel; `owner`: only if it is theirs.
    async fn withdraw(&self, job: &JobId, owner: Option<UserId>, now: UnixTime) -> Result<Withdrawal, LedgerError>;
    /// A peer (none: the client) answered, well or not.
    async fn met(&self, remote: Option<&RemoteId>, now: UnixTime, problem: Option<&Failure>)
    -> Result<(), LedgerError>;

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

/// A lease to be taken: its token and its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// Random, so that nobody holds it by accident.
    pub token: String,
    /// When it ends unless it is renewed.
    pub until: UnixTime,
}

/// Results to be told in one message.
#[derive(Debug, Clone, PartialEq)]
pub struct Letter {
    /// Its id.
    pub id: String,
    /// To whom.
    pub audience: Audience,
    /// What to tell; never empty, the same at every try.
    pub results: Vec<Told>,
}

/// Who gets a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience {
    /// The owner of the restores.
    Owner(Recipient),
    /// Every administrator.
    Administrators,
}

/// One restore's end, as a letter tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// The restore.
    pub job: JobId,
    /// The attempt that ended.
    pub attempt: u32,
    /// Its owner's full name.
    pub user_name: String,
    /// The remote.
    pub remote: RemoteId,
    /// The course there.
    pub course: RemoteCourseId,
    /// Its full name.
    pub full_name: String,
    /// Where it went.
    pub category_name: Option<String>,
    /// The course here.
    pub restored: Option<CourseId>,
    /// Why it failed, if it did.
    pub failure: Option<Failure>,
    /// Things to check.
    pub warnings: Vec<Warning>,
}
