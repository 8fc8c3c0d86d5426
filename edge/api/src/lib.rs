//! What the widget and the Worker say to each other: ids, error codes, requests and answers.
//!
//! Plain serde types, no I/O and no clock. The Worker fills in every sentence for people in their
//! language, so that the widget carries only the words of its own controls.

mod coded;
mod course;
mod error;
mod home;
mod ids;
mod manage;
mod readiness;
mod restore;

pub use course::{Course, CourseList, CourseRestore, Doer, Enrolment};
pub use error::{ErrorBody, ErrorCode, Language, Problem, Repeat};
pub use home::{Category, Home, Me, Permissions, Policy, Remote, RestoreWindow, Session, SessionRequest};
pub use ids::{CategoryId, CourseId, InvalidId, JobId, RemoteCourseId, RemoteId, UnixTime, UserId};
pub use manage::{
    AuditEntry, AuditPage, Explained, FailureGroup, ManagedRestore, Overview, Pause, Peer, Refused, RestorePage,
    RestoreQuery, Verb,
};
pub use readiness::{Check, CheckCode, CheckState, Health, Readiness, meaning};
pub use restore::{
    Choice, EnrolAnswer, Exception, Phase, Plan, PlannedCourse, Restore, Restores, ScheduleAnswer, ScheduleRequest,
    Scheduled, Status, Target, Warning,
};
