//! The courses that somebody teaches on one remote.

use crate::{Abilities, CategoryId, CourseId, JobId, Problem, RemoteCourseId, RemoteId, Status, UnixTime};
use serde::{Deserialize, Serialize};

/// `GET /api/remotes/{remote}/courses`, from the current user's own cache; from the remote with `?refresh=1`, or if
/// there is nothing in the cache.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CourseList {
    /// The remote.
    pub remote: RemoteId,
    /// Its site name.
    pub name: String,
    /// When the remote gave this list; none if it never did.
    pub as_of: Option<UnixTime>,
    /// The list is old enough to be asked for again.
    pub stale: bool,
    /// The remote has no account with the current user's user name.
    pub no_account: bool,
    /// Why the list is not fresh, if it should be.
    pub problem: Option<Problem>,
    /// What the remote can do; none while its kind is not known.
    #[serde(default)]
    pub abilities: Option<Abilities>,
    /// The courses, newest start first.
    pub courses: Vec<Course>,
    /// How many courses that began earlier are left out, because the list would be too long.
    #[serde(default)]
    pub left_out: usize,
}

/// A course of a remote.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Course {
    /// Its id there.
    pub id: RemoteCourseId,
    /// Full name in the current user's language, without markup.
    pub full_name: String,
    /// Short name.
    pub short_name: String,
    /// Id number; may be empty.
    pub id_number: String,
    /// When it starts, if it says so.
    pub starts: Option<UnixTime>,
    /// Students see it there.
    pub visible: bool,
    /// Its address, for those who may see it (`can_see_external_course_link`).
    pub link: Option<String>,
    /// The client's category with the same identifier, if there is one that the current user may restore into.
    pub original: Option<CategoryId>,
    /// Its original category exists but is not allowed to the current user, or does not exist.
    pub original_refused: bool,
    /// What became of it here, the newest first.
    pub restores: Vec<CourseRestore>,
    /// It may be chosen.
    pub choosable: bool,
}

/// `GET /api/targets`: courses here to which the current user may add what they bring.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExistingCourses {
    /// Those that began last first.
    pub courses: Vec<ExistingCourse>,
    /// There are others.
    pub more: bool,
}

/// A course here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExistingCourse {
    /// Its id.
    pub id: CourseId,
    /// Full name in the current user's language, without markup.
    pub full_name: String,
    /// Short name.
    pub short_name: String,
    /// Its category's name.
    pub category: String,
    /// When it starts, if it says so.
    pub starts: Option<UnixTime>,
}

/// A restore of a course, as somebody who teaches the course may see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CourseRestore {
    /// Who asked for it.
    pub by: Doer,
    /// The restore, if it is the current user's own.
    pub id: JobId,
    /// Its status.
    pub status: Status,
    /// When it came to this status.
    pub at: UnixTime,
    /// The course here and its address, once restored, for its owner and the enrolled.
    pub course: Option<CourseId>,
    /// The address of that course.
    pub link: Option<String>,
    /// Whether the current user can be enrolled in it.
    pub enrolment: Enrolment,
}

/// Who asked for a restore.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doer {
    /// The current user.
    Me,
    /// A colleague, by full name.
    Other(String),
}

/// Whether the current user can be enrolled in a copy that somebody else restored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Enrolment {
    /// Not offered.
    None,
    /// "Enrol me" is offered.
    Offered,
    /// Courseferry enrolled them.
    Enrolled,
}
