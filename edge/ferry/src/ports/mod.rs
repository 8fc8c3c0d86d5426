//! What the ferry needs of the world: the ledger, the remotes, the client Moodle, time and chance.

mod ledger;
mod messages;

pub use ledger::{
    CancelOutcome, Cancels, Claims, Collects, Counts, HandOvers, Lease, Ledger, LedgerError, Letters, Outcome, Peers,
    RowLease,
};
pub use messages::{Audience, Letter, LetterLine, Notice, NoticeKind, Recipient};

use crate::{Access, Failure, Order, Progress};
use courseferry_api::{JobId, RemoteCourseId, RemoteId, UnixTime, UserId};

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
