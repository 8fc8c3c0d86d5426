//! What the widget and the Worker say to each other: ids, error codes, requests and answers.
//!
//! Plain serde types, no I/O and no clock. The Worker fills in every sentence for people in their
//! language, so that the widget carries only the words of its own controls.

mod administrator;
mod coded;
pub mod companion;
mod course;
pub mod csv;
mod endpoint;
mod error;
mod failure;
mod for_somebody;
mod home;
mod ids;
mod language;
pub mod lenient;
mod manage;
mod readiness;
pub mod remote;
mod request;
mod restore;
pub mod words;

pub use administrator::audit_words;
pub use course::{Course, CourseList, CourseRestore, Doer, Enrolment, ExistingCourse, ExistingCourses};
pub use endpoint::{
    Act, ActOnAll, CalledBy, Cancel, ChangeCategory, ChangeSetting, CheckConnection, Endpoint, Enrol, ErasePerson,
    Explain, ExplainPerson, ExportPerson, FetchBackup, FindPeople, FindTargets, Front, GetAuditFile, GetContents,
    GetCopy, GetHealth, GetHome, GetNights, GetNightsFile, GetOverview, GetReadiness, GetRestoresFile, Hurry,
    KeepArrived, ListAllRestores, ListArrived, ListAudit, ListCourses, ListCoursesOf, ListRestores, ListSettings,
    Method, OpenSession, Preview, PreviewRows, Raw, ReadList, RemoveArrived, RemoveCopy, RetryFailures, Revoke, Route,
    Schedule, ScheduleFor, SetPause, SignIn, SignInReturn, TryAgain, TryRemote,
};
pub use error::{ErrorBody, ErrorCode, Problem, Repeat};
pub use failure::Failure;
pub use for_somebody::{
    FoundPerson, ListFile, ListRow, ListRows, OrderedFor, OrdersFor, People, PeopleSearch, PlanFor, PlannedFor,
    PreviewFor, ROWS_AT_ONCE, RestoreFor, WishFor,
};
pub use home::{Category, Home, Me, Permissions, Policy, Remote, RestoreWindow, Session, SessionRequest};
pub use ids::{CategoryId, CourseId, InvalidId, JobId, RemoteCourseId, RemoteId, UnixTime, UserId};
pub use language::Language;
pub use manage::{
    ActOnMany, ActedOnMany, AuditEntry, AuditLine, AuditPage, Example, Explained, FailureGroup, Lender, ManagedRestore,
    ManagedSetting, ManagedSettings, Night, Nights, NotDone, Overview, Pause, Peer, Refused, RemoteNights,
    RemoteTonight, RestorePage, RestoreQuery, SettingChange, SettingValue, Sort, Tonight, Verb,
};
pub use readiness::{Check, CheckCode, CheckState, Health, Readiness, Step, meaning};
pub use remote::{Abilities, RemoteKind};
pub use request::{
    AuditFileQuery, AuditQuery, CategoryChange, Connection, ConnectionCheck, ExplainPersonQuery, ExplainQuery,
    PersonRequest, RefreshQuery, RetryGroup, Revocation, SignInQuery, TargetQuery,
};
pub use restore::{
    Choice, CopyAnswer, CopyState, EnrolAnswer, Enrolments, Exception, Held, Options, Phase, Plan, PlannedCourse,
    Restore, Restores, ScheduleAnswer, ScheduleRequest, Scheduled, Status, TakenName, Target, Warning,
};
