//! Restores: what a teacher chooses, what would become of it, and how it fares.

use crate::{CategoryId, CourseId, ErrorCode, JobId, Problem, RemoteCourseId, RemoteId, UnixTime};
use serde::{Deserialize, Serialize};

/// The state of a restore, in the same words on the screen, in messages, CSV, the API and the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Waiting for its turn, or for its next try.
    Scheduled,
    /// Under way; [`Phase`] says where.
    InProgress,
    /// The course is there.
    Restored,
    /// It ended without a course.
    Failed,
    /// Somebody withdrew it.
    Cancelled,
}

/// Where a restore in progress is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Step 1: the remote makes the backup.
    BackingUp,
    /// Step 2: the client copies it.
    Transferring,
    /// Step 3: the client restores it.
    Restoring,
}

/// Where a course is to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// The category with the original's identifier; if that is not there or not allowed, the default.
    Original,
    /// The default category (`defaultcategory`).
    Default,
    /// This category.
    Category(CategoryId),
}

/// One course and where it is to go.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Choice {
    /// The remote.
    pub remote: RemoteId,
    /// The course there.
    pub course: RemoteCourseId,
    /// Where to.
    pub target: Target,
    /// What else the teacher wants otherwise than it is there.
    #[serde(default, skip_serializing_if = "Options::is_as_there")]
    pub options: Options,
}

impl Choice {
    /// This course, to there, with everything as it is on the remote.
    pub fn new(remote: RemoteId, course: RemoteCourseId, target: Target) -> Self {
        Self { remote, course, target, options: Options::default() }
    }
}

/// What a teacher wants otherwise than it is on the remote. Each is "as there" where it is not given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Options {
    /// The content is added to this course here, instead of making a new one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_course: Option<CourseId>,
    /// The new course's full name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub full_name: Option<String>,
    /// The new course's short name, before Moodle makes it unique.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub short_name: Option<String>,
    /// When the new course starts; Moodle moves every date in it by as much.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub starts: Option<UnixTime>,
    /// Students see the new course.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visible: Option<bool>,
    /// Sections of the remote's course that do not come along, by their ids there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub leave_out_sections: Vec<i64>,
    /// Activities of the remote's course that do not come along, by their course module ids there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub leave_out_activities: Vec<i64>,
    /// Students and their data come along.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub students: bool,
    /// Which enrolment methods come along.
    #[serde(skip_serializing_if = "Enrolments::is_never")]
    pub enrolments: Enrolments,
}

impl Options {
    /// Students with their data, or enrolment methods, come along.
    pub fn brings_people(&self) -> bool {
        self.students || self.enrolments != Enrolments::Never
    }

    /// Something of the course stays there.
    pub fn leaves_out(&self) -> bool {
        !(self.leave_out_sections.is_empty() && self.leave_out_activities.is_empty())
    }

    /// Nothing is wanted otherwise than it is there.
    pub fn is_as_there(&self) -> bool {
        *self == Self::default()
    }
}

/// Which of the remote course's enrolment methods come along.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Enrolments {
    /// None.
    #[default]
    Never,
    /// Those that somebody is enrolled by.
    WithUsers,
    /// All.
    Always,
}

impl Enrolments {
    /// Moodle's number for it.
    pub fn number(self) -> u8 {
        match self {
            Self::Never => 0,
            Self::WithUsers => 1,
            Self::Always => 2,
        }
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
    fn is_never(&self) -> bool {
        *self == Self::Never
    }
}

/// `POST /api/restores` and `POST /api/restores/preview`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduleRequest {
    /// What to restore; at most 200 at once.
    pub choices: Vec<Choice>,
    /// Start outside the restore window; needs `block/courseferry:startnow`.
    #[serde(default)]
    pub now: bool,
}

/// Answer to `POST /api/restores`: one entry per choice, in its order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScheduleAnswer {
    /// What became of each choice.
    pub results: Vec<Scheduled>,
}

/// What became of one choice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scheduled {
    /// The choice.
    pub choice: Choice,
    /// The restore, if it was scheduled.
    pub restore: Option<Restore>,
    /// Why not, otherwise.
    pub problem: Option<Problem>,
}

/// Answer to `POST /api/restores/preview`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// One entry per choice, in its order.
    pub courses: Vec<PlannedCourse>,
}

/// What would become of one choice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlannedCourse {
    /// The choice.
    pub choice: Choice,
    /// The category it would go to; none if it could not be restored.
    pub category: Option<CategoryId>,
    /// The existing course that it would be added to, by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub added_to: Option<String>,
    /// Why its start date cannot be another one, in one sentence; none if it can.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dates_refused: Option<String>,
    /// Students with their data may be asked for.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub may_bring_students: bool,
    /// Enrolment methods may be asked for.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub may_bring_methods: bool,
    /// What differs from what was asked for.
    pub exceptions: Vec<Exception>,
}

/// A difference between what was asked for and what would happen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exception {
    /// It goes to the default category instead of the original one.
    DefaultInstead {
        /// Why, in one sentence.
        reason: String,
    },
    /// One of its names is taken here; Moodle then changes both.
    Renamed {
        /// Which of them is taken.
        taken: TakenName,
        /// What its full name would become.
        full_name: String,
        /// What its short name would become.
        short_name: String,
    },
    /// It cannot be restored as asked.
    Refused {
        /// Why.
        problem: Problem,
    },
    /// It is restored, but something may be left out.
    Incomplete {
        /// Why, in one sentence.
        reason: String,
    },
}

/// A name that another course here has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TakenName {
    /// The short name; perhaps the full name as well.
    Short(String),
    /// The full name alone.
    Full(String),
}

/// A restore as its owner sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Restore {
    /// Its id.
    pub id: JobId,
    /// The remote.
    pub remote: RemoteId,
    /// Its site name.
    pub remote_name: String,
    /// The course there.
    pub remote_course: RemoteCourseId,
    /// The course's full name when it was scheduled.
    pub full_name: String,
    /// The course's short name when it was scheduled.
    pub short_name: String,
    /// Its status.
    pub status: Status,
    /// Its phase, while in progress.
    pub phase: Option<Phase>,
    /// When this status or phase began.
    pub since: UnixTime,
    /// Bytes copied so far, in step 2; the size of the backup afterwards. 0 = not known.
    pub bytes: u64,
    /// Size of the backup in bytes; 0 = not known.
    pub total_bytes: u64,
    /// Per cent restored, in step 3.
    pub percent: u8,
    /// What the owner chose.
    pub target: Target,
    /// What else they wanted otherwise than it is there.
    #[serde(default, skip_serializing_if = "Options::is_as_there")]
    pub options: Options,
    /// The administrator who asked for it on the owner's behalf.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_by: Option<String>,
    /// The category it goes or went to, once decided.
    pub category: Option<CategoryId>,
    /// That category's name, or the name of the existing course that it is added to.
    pub category_name: Option<String>,
    /// When it was scheduled.
    pub created: UnixTime,
    /// When it may start at the earliest (next opening of the window, next try); only while scheduled.
    pub expected: Option<UnixTime>,
    /// When it ended.
    pub finished: Option<UnixTime>,
    /// Tries that failed so far.
    pub failures: u32,
    /// Tries at the most.
    pub attempts: u32,
    /// The restored course.
    pub course: Option<CourseId>,
    /// The restored course's address.
    pub link: Option<String>,
    /// Things to check.
    pub warnings: Vec<Warning>,
    /// Why it failed, or why it will be tried again.
    pub problem: Option<Problem>,
    /// It waits for an administrator, who has to mend something first; only while scheduled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<Held>,
    /// It can be cancelled now.
    pub can_cancel: bool,
    /// It can be tried again, or tried now, by its owner.
    pub can_retry: bool,
    /// Its category can still be changed.
    pub can_move: bool,
    /// What may become, or became, of the course after it was restored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy: Option<CopyState>,
}

/// What becomes of a restored course.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CopyState {
    /// Its owner may have it removed until then, as long as nobody has worked in it.
    Removable {
        /// The end of that time.
        until: UnixTime,
    },
    /// Its owner asked for it to be removed; whether Moodle has done it is not known yet.
    Removing {
        /// When they asked.
        since: UnixTime,
    },
    /// Its owner had it removed.
    Removed {
        /// Since when it is known to be gone.
        at: UnixTime,
    },
    /// Somebody deleted it in Moodle.
    Deleted,
}

/// Answer to `GET /api/restores/{id}/copy`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CopyAnswer {
    /// The restore as it is now.
    pub restore: Restore,
    /// What holds the removal of its course back.
    pub obstacle: Option<Problem>,
}

/// Why restores from a remote wait. Teachers and administrators read different sentences: see
/// [`Problem::for_teacher`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Since when.
    pub since: UnixTime,
    /// When what waits is given up.
    pub until: UnixTime,
    /// The cause.
    pub problem: Problem,
}

/// Something to check in a restored course.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// What kind: a code of ours, or the restore's own log.
    pub code: String,
    /// What, in one sentence.
    pub message: String,
    /// How often the restore's log says it.
    #[serde(default = "once", skip_serializing_if = "is_once")]
    pub count: u32,
}

impl Warning {
    /// A warning that stands once.
    pub fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code: code.into(), message: message.into(), count: 1 }
    }
}

fn once() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_once(count: &u32) -> bool {
    *count == 1
}

/// `GET /api/restores`: the current user's own, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Restores {
    /// The Worker's clock when it answered.
    pub now: UnixTime,
    /// Restores are paused.
    pub paused: bool,
    /// The restores.
    pub restores: Vec<Restore>,
}

/// `POST /api/restores/{id}/enrol`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EnrolAnswer {
    /// The course.
    pub course: CourseId,
    /// Its address.
    pub link: String,
    /// They were enrolled before.
    pub already: bool,
}

impl Status {
    /// The word in the database, the API and CSV.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::InProgress => "in_progress",
            Self::Restored => "restored",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// It will not change by itself any more.
    pub fn ended(self) -> bool {
        matches!(self, Self::Restored | Self::Failed | Self::Cancelled)
    }
}

impl Phase {
    /// The word in the database and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BackingUp => "backing_up",
            Self::Transferring => "transferring",
            Self::Restoring => "restoring",
        }
    }

    /// 1, 2 or 3.
    pub fn step(self) -> u8 {
        match self {
            Self::BackingUp => 1,
            Self::Transferring => 2,
            Self::Restoring => 3,
        }
    }
}

impl Restore {
    /// Its course is not here any more.
    pub fn is_gone(&self) -> bool {
        matches!(self.copy, Some(CopyState::Removed { .. } | CopyState::Deleted))
    }

    /// The code of its problem, if it has one.
    pub fn error(&self) -> Option<ErrorCode> {
        self.problem.as_ref().map(|p| p.code)
    }
}
