//! A restore as the ferry carries it.

use crate::Failure;
use courseferry_api::{
    CategoryId, CourseId, ErrorCode, JobId, Options, Phase, RemoteCourseId, RemoteId, RemoteKind, Status, Target,
    UnixTime, UserId, Warning,
};

/// The administrator who asked for a restore on behalf of its owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// [`UserId::NOBODY`] once their data are erased.
    pub user: UserId,
    pub name: String,
}

/// A row of the ledger: one restore with everything that is known of it.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "columns, each with its own meaning")]
pub struct RestoreRow {
    pub id: JobId,
    /// What was scheduled together carries the same batch, and gets one message.
    pub batch: String,
    pub user: UserId,
    /// Their user name when they asked: by it the remote knows them.
    pub username: String,
    pub user_name: String,
    pub locale: String,
    /// Who asked for it, if not its owner.
    pub actor: Option<Actor>,
    pub remote: RemoteId,
    pub course: RemoteCourseId,
    pub full_name: String,
    pub short_name: String,
    /// The identifier of the course's category on the remote; empty if there is none.
    pub identifier: String,
    /// Where its owner wants it.
    pub target: Target,
    /// What else its owner decided.
    pub options: Options,
    /// Where it goes, once decided.
    pub category: Option<CategoryId>,
    pub category_name: Option<String>,
    /// It may start outside the window.
    pub start_now: bool,
    pub status: Status,
    /// Its phase while in progress.
    pub phase: Option<Phase>,
    /// When this status or phase began.
    pub since: UnixTime,
    pub created: UnixTime,
    /// Before this it does not start.
    pub not_before: UnixTime,
    /// Before this it is not tried again.
    pub retry_at: UnixTime,
    pub finished: Option<UnixTime>,
    /// Until when somebody holds the lease; none if nobody does.
    pub leased_until: Option<UnixTime>,
    /// Its owner asked to cancel.
    pub cancelling: bool,
    /// When the remote was asked for the backup, while it makes one.
    pub asked: Option<UnixTime>,
    /// The remote's id of the backup, once it is made; 0 before.
    pub backup: i64,
    /// What its remote was when it was claimed, which its backup and its download follow.
    pub kind: Option<RemoteKind>,
    /// Which backup of this restore a courseferry remote makes: raised by each claim.
    pub backup_no: u32,
    /// When a courseferry remote's backup last got further.
    pub progress_at: UnixTime,
    /// Its remote refused it once for a cause that may be the whole remote's.
    pub suspected: bool,
    /// The backup's SHA-256 as hex digits, where the remote told it.
    pub sha256: Option<String>,
    /// The fencing number: raised by each hand-over.
    pub attempt: u32,
    /// The companion has confirmed this attempt.
    pub handed: bool,
    /// The first answer of this attempt's download: its `ETag`, empty if it had none; none before.
    pub etag: Option<String>,
    pub failures: u32,
    /// Backups whose end is not known.
    pub unknowns: u32,
    /// Fresh backups that came out empty.
    pub empties: u32,
    /// Backups during which our own invocation ended.
    pub interruptions: u32,
    /// Hand-overs of this backup that the client, answering other calls well, did not take.
    pub hand_overs: u32,
    /// The category that was named before its owner pressed.
    pub announced: Option<CategoryId>,
    /// Bytes copied so far; the size of the backup afterwards. 0 = not known.
    pub bytes: u64,
    /// Size of the backup in bytes; 0 = not known.
    pub total_bytes: u64,
    pub percent: u8,
    pub restored: Option<CourseId>,
    /// That course was deleted since.
    pub gone: bool,
    /// When its owner asked for that course to be removed.
    pub removal_asked: Option<UnixTime>,
    /// Since when it is known that this was done.
    pub removed: Option<UnixTime>,
    pub warnings: Vec<Warning>,
    /// Why it failed, or why it will be tried again.
    pub failure: Option<Failure>,
}

impl RestoreRow {
    /// It was interrupted when a part had arrived in a course that exists.
    pub fn is_partly_added(&self) -> bool {
        let partly = |failure: &Failure| failure.code == ErrorCode::ClientPartlyAdded;
        self.status == Status::Failed && self.failure.as_ref().is_some_and(partly)
    }

    /// Whether its owner may have it tried again, or tried now. A course that somebody else has meanwhile is only seen
    /// by the database.
    pub fn can_retry(&self) -> bool {
        let begins_anew = matches!(self.status, Status::Failed | Status::Cancelled);
        let waits_for_next_try = self.status == Status::Scheduled && self.failure.is_some();
        // The owner of a row without a user name was erased.
        // What arrived is to be removed or kept first: another try would add it twice.
        !self.is_partly_added() && (begins_anew || waits_for_next_try) && !self.username.is_empty()
    }
}
