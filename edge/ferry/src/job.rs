//! A restore as the ferry carries it, what it asks of the companion, and what the companion answers.

use crate::{Failure, Ticket};
use courseferry_api::{
    CategoryId, CourseId, JobId, Phase, RemoteCourseId, RemoteId, Target, UnixTime, UserId, Warning,
};

/// A row of the ledger.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// Who asked for it.
    pub user: UserId,
    /// Their user name when they asked: by it the remote knows them.
    pub username: String,
    /// The remote.
    pub remote: RemoteId,
    /// The course there.
    pub course: RemoteCourseId,
    /// Its full name when it was scheduled.
    pub full_name: String,
    /// Its short name when it was scheduled.
    pub short_name: String,
    /// Where its owner wants it.
    pub target: Target,
    /// The identifier of the course's category on the remote; empty if there is none.
    pub identifier: String,
    /// Where it goes, once decided.
    pub category: Option<CategoryId>,
    /// Its phase while in progress.
    pub phase: Option<Phase>,
    /// When this status or phase began.
    pub since: UnixTime,
    /// The fencing number: raised by each hand-over.
    pub attempt: u32,
    /// Tries that failed so far.
    pub failures: u32,
    /// Backups whose end is not known.
    pub unknowns: u32,
    /// Fresh backups that came out empty.
    pub empties: u32,
    /// When the remote was asked for the backup, while it makes one.
    pub asked: Option<UnixTime>,
    /// The remote's id of the backup, once it is made; 0 before.
    pub backup: i64,
    /// The download of this backup has begun.
    pub download_begun: bool,
    /// The companion has confirmed this attempt.
    pub handed: bool,
    /// Its owner asked to cancel.
    pub cancelling: bool,
    /// Until when somebody holds the lease; none if nobody does.
    pub leased_until: Option<UnixTime>,
    /// Things to check, ours.
    pub warnings: Vec<Warning>,
}

/// "Restore this": what the companion is asked.
#[derive(Debug, Clone)]
pub struct Order<'a> {
    /// The restore.
    pub job: &'a JobId,
    /// The fencing number.
    pub attempt: u32,
    /// For whom.
    pub user: UserId,
    /// Where to.
    pub category: CategoryId,
    /// What lets the companion fetch the backup.
    pub ticket: &'a Ticket,
    /// The course that the backup must be of.
    pub course: RemoteCourseId,
    /// The remote's name for people.
    pub remote_name: &'a str,
    /// The course's full name.
    pub full_name: &'a str,
    /// The course's short name.
    pub short_name: &'a str,
}

/// How a restore fares on the client.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// The restore.
    pub job: JobId,
    /// The attempt that the companion knows; 0 if none.
    pub attempt: u32,
    /// Its state there.
    pub state: State,
    /// Bytes copied so far.
    pub bytes: u64,
    /// Bytes in all; 0 = not known.
    pub total_bytes: u64,
    /// Per cent restored.
    pub percent: u8,
    /// The course, once there is one.
    pub course: Option<CourseId>,
    /// Things to check, from the restore's own log.
    pub warnings: Vec<Warning>,
}

/// The companion's states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Waiting for Moodle's cron.
    Pending,
    /// Copying.
    Downloading,
    /// Unpacking.
    Extracting,
    /// Restoring.
    Restoring,
    /// The course is there.
    Complete,
    /// The course is there, with parts left out.
    PartiallyRestored,
    /// It ended without a course.
    Failed {
        /// Why.
        failure: Failure,
        /// The companion holds that it can go better later.
        transient: bool,
    },
    /// Cancelled before the restore began.
    Cancelled,
    /// The companion does not know the job.
    NotFound,
    /// Answer to a hand-over: it knows a newer attempt.
    StaleAttempt,
    /// Answer to a hand-over: an earlier attempt still runs.
    Busy,
}
