//! What the Worker and the companion block on the client Moodle say to each other about restores.
//!
//! These are the companion's own words on the wire; `edge/moodle` sends and reads them, `edge/ferry` decides by them.

use crate::{CategoryId, CourseId, ErrorCode, JobId, Options, RemoteCourseId, UnixTime, UserId, Warning, lenient};
use serde::{Deserialize, Serialize};

/// "Restore this." The backup's address is not in it: the companion makes that itself. Nor is the ticket, which is a
/// secret and travels beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order<'a> {
    /// The restore.
    pub job: &'a JobId,
    /// Its fencing number, raised by each hand-over.
    pub attempt: u32,
    /// For whom.
    pub user: UserId,
    /// The administrator who restores for them, and whose rights count where theirs do not suffice.
    pub actor: Option<UserId>,
    /// Where to.
    pub category: CategoryId,
    /// The course that must be in the backup.
    pub course: RemoteCourseId,
    /// The remote's name for people.
    pub remote_name: &'a str,
    /// What the teacher wants otherwise than it is there. The course's names stand in its backup; only what somebody
    /// typed is sent.
    pub options: &'a Options,
    /// The backup's SHA-256, where the remote sent it.
    pub sha256: Option<&'a str>,
}

/// How far the companion is with a restore.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Waits for Moodle's cron.
    Pending,
    /// Fetches the backup.
    Downloading,
    /// Unpacks it.
    Extracting,
    /// Makes the course.
    Restoring,
    /// The course is there.
    Complete,
    /// The course is there, something in it is not.
    PartiallyRestored,
    /// It ended without a course; [`Progress::error`] says why.
    Failed,
    /// It was cancelled before the restore began.
    Cancelled,
    /// The companion does not know the job.
    NotFound,
    /// A newer attempt is known (answer to a hand-over only).
    StaleAttempt,
    /// An earlier attempt still runs (answer to a hand-over only).
    Busy,
}

impl State {
    /// It can still be stopped: no course has been begun.
    pub fn is_before_restoring(self) -> bool {
        matches!(self, Self::Pending | Self::Downloading)
    }

    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Pending,
        Self::Downloading,
        Self::Extracting,
        Self::Restoring,
        Self::Complete,
        Self::PartiallyRestored,
        Self::Failed,
        Self::Cancelled,
        Self::NotFound,
        Self::StaleAttempt,
        Self::Busy,
    ];
}

/// How a restore fares on the client. What a state does not have is 0 or empty.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// The restore.
    pub job: JobId,
    /// The attempt that the companion has stored; 0 if none.
    #[serde(default)]
    pub attempt: u32,
    /// How far it is.
    pub state: State,
    /// Bytes copied so far.
    #[serde(default)]
    pub bytes: u64,
    /// Bytes of the whole backup; 0 = not known.
    #[serde(default, rename = "totalbytes")]
    pub total_bytes: u64,
    /// Per cent restored.
    #[serde(default, deserialize_with = "lenient::percent")]
    pub percent: u8,
    /// The course, once there is one that this restore made.
    #[serde(default, rename = "courseid", deserialize_with = "lenient::optional")]
    pub course: Option<CourseId>,
    /// The course's name here.
    #[serde(default, rename = "coursename", deserialize_with = "lenient::name")]
    pub course_name: String,
    /// The course's short name here.
    #[serde(default, rename = "shortname", deserialize_with = "lenient::name")]
    pub short_name: String,
    /// The existing course that the content is added to.
    #[serde(default, rename = "targetcourseid", deserialize_with = "lenient::optional")]
    pub target_course: Option<CourseId>,
    /// Things to check, from the restore's own log.
    #[serde(default, deserialize_with = "warnings")]
    pub warnings: Vec<Warning>,
    /// Why it failed.
    #[serde(default, deserialize_with = "failure")]
    pub error: Option<ErrorCode>,
    /// The same for the help desk.
    #[serde(default, rename = "errordetail", deserialize_with = "lenient::detail")]
    pub error_detail: String,
    /// The companion holds that it can go better later.
    #[serde(default, deserialize_with = "lenient::flag")]
    pub transient: bool,
    /// When any of this last changed.
    #[serde(default, rename = "timemodified", deserialize_with = "lenient::moment")]
    pub changed: Option<UnixTime>,
}

/// The most warnings of one restore.
const WARNINGS: usize = 50;

fn warnings<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<Warning>, D::Error> {
    let mut warnings = Vec::<Warning>::deserialize(deserializer)?;
    warnings.truncate(WARNINGS);
    for warning in &mut warnings {
        warning.code = lenient::cut(std::mem::take(&mut warning.code), 100);
        warning.message = lenient::cut(std::mem::take(&mut warning.message), lenient::DETAIL);
    }
    Ok(warnings)
}

/// The companion's word for why a restore failed; one that this version does not know is a failed restore.
fn failure<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<ErrorCode>, D::Error> {
    let code = lenient::filled(deserializer)?;
    Ok(code.map(|code| code.parse().unwrap_or(ErrorCode::ClientRestoreFailed)))
}

/// How several restores fare.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProgressOfRestores {
    /// One entry for each job asked for.
    pub restores: Vec<Progress>,
}

/// What a message tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MessageKind {
    /// Restores arrived.
    Success,
    /// A restore failed.
    Failure,
    /// An administrator's summary.
    Digest,
}

impl MessageKind {
    /// The companion's word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Digest => "digest",
        }
    }
}

/// What the site is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SiteFacts {
    /// The address that the site calls its own.
    pub wwwroot: String,
    /// Its name.
    #[serde(default)]
    pub sitename: String,
    /// Moodle's version for people.
    #[serde(default)]
    pub release: String,
    /// Its time zone's name.
    #[serde(default)]
    pub timezone: String,
    /// Its language.
    #[serde(default)]
    pub lang: String,
    /// When its cron last ran.
    #[serde(default, deserialize_with = "lenient::moment")]
    pub lastcron: Option<UnixTime>,
    /// The companion's version.
    #[serde(default)]
    pub pluginversion: String,
    /// Whether the original block is active there too.
    #[serde(default, deserialize_with = "lenient::flag")]
    pub originalblock: bool,
    /// Whether people may add to courses that exist (`targetcourses`).
    #[serde(default, deserialize_with = "lenient::flag")]
    pub targetcourses: bool,
    /// Whether students' data and enrolment methods may come along (`userdata`).
    #[serde(default, deserialize_with = "lenient::flag")]
    pub userdata: bool,
    /// For how many seconds whoever restored a course may have it removed again; 0 = never.
    #[serde(default)]
    pub removecopytime: u32,
    /// Characters of a course's full name.
    #[serde(default = "full_name_length")]
    pub maxfullname: u16,
    /// Characters of a course's short name.
    #[serde(default = "short_name_length")]
    pub maxshortname: u16,
}

/// What the oldest supported Moodle takes.
fn full_name_length() -> u16 {
    254
}

fn short_name_length() -> u16 {
    100
}

/// What Moodle would do with names and a category if a restore came now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// The category.
    pub category: CategoryPreview,
    /// The names, in the order asked.
    #[serde(default)]
    pub names: Vec<NamesPreview>,
    /// The course that was looked for.
    #[serde(default)]
    pub course: Option<CoursePreview>,
    /// Free temporary space, in bytes.
    #[serde(default)]
    pub freebytes: u64,
}

/// The target category of a preview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryPreview {
    /// Its id.
    pub id: CategoryId,
    /// Whether it is there.
    #[serde(default, deserialize_with = "lenient::flag")]
    pub exists: bool,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::name")]
    pub name: String,
}

/// The course that a preview looks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoursePreview {
    /// Its id.
    pub id: CourseId,
    /// Whether it is there.
    #[serde(default, deserialize_with = "lenient::flag")]
    pub exists: bool,
}

/// A course's names in a preview, as they are stored. If one of them is taken, Moodle changes both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamesPreview {
    /// The full name asked for.
    #[serde(deserialize_with = "lenient::name")]
    pub fullname: String,
    /// The short name asked for.
    #[serde(deserialize_with = "lenient::name")]
    pub shortname: String,
    /// Whether a course has this full name.
    #[serde(default, deserialize_with = "lenient::flag")]
    pub fullnametaken: bool,
    /// Whether a course has this short name.
    #[serde(default, deserialize_with = "lenient::flag")]
    pub shortnametaken: bool,
    /// What Moodle would make of the full name.
    #[serde(default, deserialize_with = "lenient::name")]
    pub becomesfullname: String,
    /// What Moodle would make of the short name.
    #[serde(default, deserialize_with = "lenient::name")]
    pub becomesshortname: String,
}

/// Courses to which somebody may add, or why they may not add to the one asked about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetCourses {
    /// Those that began last first.
    #[serde(default)]
    pub courses: Vec<TargetCourse>,
    /// Whether there are others.
    #[serde(default, deserialize_with = "lenient::flag")]
    pub more: bool,
    /// Why they may not add to the one course asked about.
    #[serde(default, deserialize_with = "failure")]
    pub error: Option<ErrorCode>,
    /// The same for the help desk.
    #[serde(default, rename = "errordetail", deserialize_with = "lenient::detail")]
    pub error_detail: String,
}

/// What arrived of an addition that was interrupted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrived {
    /// The restore.
    pub job: JobId,
    /// The parts; none once its owner has decided.
    #[serde(default)]
    pub arrived: Vec<ArrivedPart>,
    /// There are more than are listed.
    #[serde(default, deserialize_with = "lenient::flag")]
    pub more: bool,
}

/// A part that arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArrivedPart {
    /// `section`, `activity`, `group`, `grouping` or `questions`.
    #[serde(deserialize_with = "lenient::name")]
    pub kind: String,
    /// Its name, as stored.
    #[serde(default, deserialize_with = "lenient::name")]
    pub name: String,
}

/// What became of an owner's wish to have something removed, or kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DecisionState {
    /// Nothing holds it back, and nothing was done.
    Possible,
    /// Moodle's cron is going to do it.
    Queued,
    /// It is done.
    Done,
    /// Something holds it back.
    Refused,
}

/// The answer to an owner's decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The restore.
    pub job: JobId,
    /// What became of it.
    pub state: DecisionState,
    /// What holds it back, in one word.
    #[serde(default, deserialize_with = "lenient::name")]
    pub reason: String,
    /// The same for the help desk.
    #[serde(default, deserialize_with = "lenient::detail")]
    pub detail: String,
}

/// A course to which somebody may add.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetCourse {
    /// Its id.
    pub id: CourseId,
    /// Its full name, as stored.
    #[serde(default, deserialize_with = "lenient::name")]
    pub fullname: String,
    /// Its short name, as stored.
    #[serde(default, deserialize_with = "lenient::name")]
    pub shortname: String,
    /// When it starts.
    #[serde(default, deserialize_with = "lenient::moment")]
    pub startdate: Option<UnixTime>,
    /// Its category's name, as stored.
    #[serde(default, deserialize_with = "lenient::name")]
    pub category: String,
}

/// People who were looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundPeople {
    /// By name.
    pub people: Vec<KnownPerson>,
    /// Whether there are others.
    #[serde(default, deserialize_with = "lenient::flag")]
    pub more: bool,
}

/// Somebody, as whoever asks may see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownPerson {
    /// Their id.
    pub id: UserId,
    /// Their full name.
    #[serde(default, deserialize_with = "lenient::name")]
    pub fullname: String,
    /// Their user name, if people were asked for by user names.
    #[serde(default, deserialize_with = "lenient::name")]
    pub username: String,
    /// What tells people of one name apart, as Moodle shows it to whoever asks: an e-mail address, say.
    #[serde(default, deserialize_with = "lenient::name")]
    pub identity: String,
}

/// The outcome of an enrolment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolled {
    /// The restore that made the course.
    pub job: JobId,
    /// Who.
    pub userid: UserId,
    /// In which course.
    pub courseid: CourseId,
    /// Whether they are enrolled now.
    #[serde(default, deserialize_with = "lenient::flag")]
    pub enrolled: bool,
    /// Whether they were before.
    #[serde(default, deserialize_with = "lenient::flag")]
    pub already: bool,
}

/// The messages that a notification made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageIds {
    /// Their ids; the stored ones if they were sent before.
    pub messageids: Vec<i64>,
}
