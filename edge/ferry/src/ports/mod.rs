//! What the ferry needs of the world: the ledger, the remotes, the client Moodle, time and chance.

mod ledger;
mod messages;

pub use ledger::{
    CancelOutcome, Cancels, Claims, Collects, Counts, HandOvers, Lease, Ledger, LedgerError, Letters, Outcome, Peers,
    RemoteBackups, RestoredCourse, RowFaults, RowLease,
};
pub use messages::{Audience, Letter, LetterLine, Notice, Recipient};

use crate::{Access, Failure, Order, Progress, Ticket};
use courseferry_api::{CourseId, JobId, Options, RemoteCourseId, RemoteId, RemoteKind, UnixTime, UserId};

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
    /// Every remote that is configured.
    fn configured(&self) -> Vec<RemoteId>;
    /// The remote's name for people; none if it is not configured (any more).
    fn name(&self, remote: &RemoteId) -> Option<String>;
    /// A course's address there.
    fn course_link(&self, remote: &RemoteId, course: RemoteCourseId) -> Option<String>;
    /// Its address; empty once it is not configured any more.
    fn address(&self, remote: &RemoteId) -> String;
    /// What it says of itself and of our account there.
    async fn about(&self, remote: &RemoteId) -> Result<About, Failure>;
    /// Has an original make a backup and waits for it: the backup's `filerecordid`, 0 if it failed inside.
    ///
    /// `known`: which original it is, where that was learnt. A call whose end is not known (504, 524, cut) is
    /// `remote.backup_unknown`.
    async fn make_backup(
        &self,
        remote: &RemoteId,
        known: Option<RemoteKind>,
        username: &str,
        course: RemoteCourseId,
        students: bool,
    ) -> Result<i64, Failure>;
    /// Has a courseferry remote begin a backup. The same restore and number twice is one backup.
    async fn start_backup(&self, order: &BackupOrder<'_>) -> Result<BackupEntry, Failure>;
    /// Whether an administrator here has named this original among those that may be asked for students' data.
    fn may_be_asked_for_people(&self, remote: &RemoteId) -> bool;
    /// How backups of a courseferry remote fare, by restore and number, one answer each.
    async fn backups(&self, remote: &RemoteId, backups: &[(JobId, u32)]) -> Result<Vec<BackupEntry>, Failure>;
    /// Deletes backups of a courseferry remote; those that are gone count as deleted.
    async fn delete_backups(&self, remote: &RemoteId, backups: &[(JobId, u32)]) -> Result<(), Failure>;
}

/// What a remote says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// What lends its courses; none if nothing that we know does.
    pub kind: Option<RemoteKind>,
    /// The version of the block that lends.
    pub version: String,
    pub name: String,
    /// Its Moodle's release.
    pub release: String,
}

/// "Begin this backup."
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BackupOrder<'a> {
    pub remote: &'a RemoteId,
    pub job: &'a JobId,
    /// A later backup of the same restore has a higher one.
    pub number: u32,
    pub username: &'a str,
    pub course: RemoteCourseId,
    /// What its owner decided.
    pub options: &'a Options,
}

/// How a backup on a courseferry remote fares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupEntry {
    pub job: JobId,
    pub number: u32,
    pub state: BackupState,
}

/// Where a backup on a courseferry remote stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BackupState {
    /// It waits for that Moodle's cron.
    Waiting {
        /// For so many seconds.
        elapsed: u32,
    },
    /// It is being made.
    Running { percent: u8 },
    /// It can be fetched.
    Ready { bytes: u64, sha256: Option<String> },
    /// It could not be made.
    Failed {
        failure: Failure,
        /// A new one may succeed by itself.
        transient: bool,
    },
    /// The remote keeps nothing under this number.
    Gone,
}

/// The client Moodle's companion.
pub trait Client {
    /// What a user may do, from fresh snapshots.
    type Access: Access;
    /// Whether block and Worker fit; if not, everything waits and nothing fails.
    async fn fits(&self) -> Result<(), Failure>;
    /// Asks afresh who a user is and what they may do.
    async fn access(&self, user: UserId) -> Result<Self::Access, Failure>;
    /// Hands a restore over; the companion answers at once.
    async fn restore(&self, order: &Order<'_>, ticket: &Ticket) -> Result<Progress, Failure>;
    /// How these restores fare, one answer each.
    async fn progress(&self, jobs: &[JobId]) -> Result<Vec<Progress>, Failure>;
    /// Cancels if the restore has not begun; else its present state.
    async fn cancel(&self, job: &JobId, attempt: u32) -> Result<Progress, Failure>;
    /// The name of a course, in this language, to which this person may add now, or why they may not.
    async fn target_course(&self, user: UserId, course: CourseId, locale: &str) -> Result<String, Failure>;
    /// Whether there is such a course.
    async fn course_exists(&self, user: UserId, course: CourseId) -> Result<bool, Failure>;
    /// Sends a message; the same (job, attempt, kind, user) twice is one message.
    async fn notify(&self, notice: &Notice) -> Result<(), Failure>;
    /// Who gets the digest of failures.
    async fn administrators(&self) -> Result<Vec<Recipient>, Failure>;
}
