//! Every endpoint of the Worker, declared once: who may call it, method, path, query, body and answer.
//!
//! The Worker finds a request's [`Route`] here and answers it in one `match`; the widget and the suites build their
//! requests from the same declarations, so that no path and no body is written twice.

use crate::{
    ActOnMany, ActedOnMany, AuditPage, CopyAnswer, CourseList, EnrolAnswer, ErrorCode, ExistingCourses, Explained,
    Health, Home, JobId, ListFile, ListRows, ManagedSettings, Nights, OrderedFor, OrdersFor, Overview, Pause, People,
    PeopleSearch, Plan, PlanFor, PreviewFor, Readiness, RemoteCourseId, RemoteId, Restore, RestorePage, RestoreQuery,
    Restores, ScheduleAnswer, ScheduleRequest, Session, SessionRequest, SettingValue, UserId, Verb,
    companion::Arrived,
    remote::Contents,
    request::{
        AuditFileQuery, AuditQuery, CategoryChange, Connection, ConnectionCheck, ExplainPersonQuery, ExplainQuery,
        PersonRequest, RefreshQuery, RetryGroup, Revocation, SignInQuery, TargetQuery,
    },
};
use serde::{Serialize, de::DeserializeOwned};

/// How an endpoint is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// It changes nothing.
    Get,
    /// It changes something, or takes a body.
    Post,
}

impl Method {
    /// The method's name in HTTP.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

/// Who may call an endpoint. The Worker checks this before any handler runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CalledBy {
    /// Anybody, or whoever carries what the handler itself checks (a launch token, a ticket).
    Anybody,
    /// The companion, by a token signed with the service key.
    Companion,
    /// A person in a session.
    Person,
    /// A person in a session who has `block/courseferry:manage`.
    Manager,
}

/// An endpoint of the Worker. A value of it holds the parts of its path.
pub trait Endpoint: Sized {
    /// How it is called.
    const METHOD: Method;
    /// Who may call it.
    const CALLED_BY: CalledBy;
    /// Its path, with the names of its parts in braces.
    const PATTERN: &'static str;
    /// What stands behind the question mark.
    type Query: Serialize + DeserializeOwned;
    /// The request's body, as JSON.
    type Body: Serialize + DeserializeOwned;
    /// The answer, as JSON unless it is [`Raw`].
    type Answer;

    /// Its path.
    fn path(&self) -> String;

    /// Its path and query.
    fn address(&self, query: &Self::Query) -> String {
        match serde_urlencoded::to_string(query) {
            Ok(query) if !query.is_empty() => format!("{}?{query}", self.path()),
            _ => self.path(),
        }
    }
}

/// An answer that is no JSON of ours: a page, a file, the bytes of a backup, a person's data for Moodle's own export.
#[derive(Debug, Clone, Copy)]
pub struct Raw;

macro_rules! endpoint_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name;
    };
    ($(#[$doc:meta])* $name:ident $($part:ident: $kind:ty),+) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name { $(
            #[expect(missing_docs, reason = "its type says what it is")]
            pub $part: $kind,
        )+ }
    };
}

macro_rules! or_nothing {
    () => {
        ()
    };
    ($type:ident) => {
        $type
    };
}

macro_rules! endpoints {
    ($($(#[$doc:meta])* $name:ident $({ $($part:ident: $kind:ty),+ })? = $caller:ident $method:ident $pattern:literal
        $(query $query:ident)? $(body $body:ident)? -> $answer:ident;)*) => {
        $(
            endpoint_type! { $(#[$doc])* $name $($($part: $kind),+)? }

            impl Endpoint for $name {
                const METHOD: Method = Method::$method;
                const CALLED_BY: CalledBy = CalledBy::$caller;
                const PATTERN: &'static str = $pattern;
                type Query = or_nothing!($($query)?);
                type Body = or_nothing!($($body)?);
                type Answer = $answer;

                fn path(&self) -> String {
                    let path = Self::PATTERN.to_owned();
                    $($(let path = path.replace(concat!("{", stringify!($part), "}"), &self.$part.to_string());)+)?
                    path
                }
            }
        )*

        /// A request that is understood. Whatever is not declared here does not exist.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Route {
            $($(#[$doc])* $name($name),)*
        }

        impl Route {
            /// The route of a request: [`ErrorCode::RequestNotFound`] if there is no such address,
            /// [`ErrorCode::RequestMethod`] if there is, for another method.
            pub fn parse(method: &str, path: &str) -> Result<Self, ErrorCode> {
                let mut error = ErrorCode::RequestNotFound;
                $(
                    if let Some(_parts) = parts($pattern, path) {
                        let endpoint = $name { $($($part: part(&_parts, stringify!($part))?),+)? };
                        if method == $name::METHOD.as_str() {
                            return Ok(Self::$name(endpoint));
                        }
                        error = ErrorCode::RequestMethod;
                    }
                )*
                Err(error)
            }

            /// Who may call it.
            pub fn called_by(&self) -> CalledBy {
                match self {
                    $(Self::$name(_) => $name::CALLED_BY,)*
                }
            }

            /// Every endpoint: who may call it, its method, its path with the names of its parts in braces.
            pub const ALL: &'static [(CalledBy, Method, &'static str)] =
                &[$(($name::CALLED_BY, $name::METHOD, $pattern)),*];
        }
    };
}

endpoints! {
    /// The root: leads to the widget's full page inside Moodle.
    Front = Anybody Get "/" -> Raw;
    /// Whether it works, for monitors and `cargo xtask doctor`.
    GetHealth = Anybody Get "/health" -> Health;
    /// Off to Moodle to log in.
    SignIn = Anybody Get "/sign-in" query SignInQuery -> Raw;
    /// Back from there, with a launch token in the address's fragment.
    SignInReturn = Anybody Get "/sign-in/return" -> Raw;
    /// The companion fetches a backup; its ticket is the bearer token.
    FetchBackup { job: JobId, attempt: u32 } = Anybody Get "/backup/{job}/{attempt}" -> Raw;

    /// A person's data.
    ExportPerson = Companion Post "/api/privacy/export" body PersonRequest -> Raw;
    /// A person is to be forgotten.
    ErasePerson = Companion Post "/api/privacy/erase" body PersonRequest -> PersonRequest;
    /// Something ended on the client, and the Worker is to ask what. It carries no state, and is answered 202 at once.
    Hurry = Companion Post "/api/companion/hurry" -> Raw;
    /// The block's "Test connection".
    CheckConnection = Companion Post "/api/companion/check" body ConnectionCheck -> Connection;

    /// Exchanges a launch token for a session.
    OpenSession = Anybody Post "/api/session" body SessionRequest -> Session;
    /// The first screen. It asks no remote anything.
    GetHome = Person Get "/api/home" -> Home;
    /// The current user's courses on a remote: from their own cache, or asked afresh.
    ListCourses { remote: RemoteId } = Person Get "/api/remotes/{remote}/courses" query RefreshQuery -> CourseList;
    /// What is in one of them, before anything is copied.
    GetContents { remote: RemoteId, course: RemoteCourseId } =
        Person Get "/api/remotes/{remote}/courses/{course}/contents" -> Contents;
    /// Courses here to which the current user may add what they bring.
    FindTargets = Person Get "/api/targets" query TargetQuery -> ExistingCourses;
    /// The current user's own restores, newest first.
    ListRestores = Person Get "/api/restores" -> Restores;
    /// Schedules restores, each course by itself.
    Schedule = Person Post "/api/restores" body ScheduleRequest -> ScheduleAnswer;
    /// What would become of such restores.
    Preview = Person Post "/api/restores/preview" body ScheduleRequest -> Plan;
    /// Cancels a restore of the current user's.
    Cancel { restore: JobId } = Person Post "/api/restores/{restore}/cancel" -> Restore;
    /// Tries a failed restore again, or a waiting one now.
    TryAgain { restore: JobId } = Person Post "/api/restores/{restore}/retry" -> Restore;
    /// Sends a restore to another category.
    ChangeCategory { restore: JobId } = Person Post "/api/restores/{restore}/category" body CategoryChange -> Restore;
    /// "Enrol me" in a copy that a colleague restored.
    Enrol { restore: JobId } = Person Post "/api/restores/{restore}/enrol" -> EnrolAnswer;
    /// What arrived of the current user's addition that was interrupted.
    ListArrived { restore: JobId } = Person Get "/api/restores/{restore}/arrived" -> Arrived;
    /// Removes what arrived.
    RemoveArrived { restore: JobId } = Person Post "/api/restores/{restore}/arrived/remove" -> Restore;
    /// Keeps what arrived.
    KeepArrived { restore: JobId } = Person Post "/api/restores/{restore}/arrived/keep" -> Restore;
    /// Whether the course that the current user's restore made can be removed again, or has been.
    GetCopy { restore: JobId } = Person Get "/api/restores/{restore}/copy" -> CopyAnswer;
    /// Removes it: into Moodle's recycle bin.
    RemoveCopy { restore: JobId } = Person Post "/api/restores/{restore}/copy/remove" -> Restore;
    /// Why can or can't I restore there?
    Explain = Person Get "/api/explain" query ExplainQuery -> Explained;

    /// Does it work, and what needs somebody?
    GetOverview = Manager Get "/api/manage" -> Overview;
    /// How the last nights went.
    GetNights = Manager Get "/api/manage/nights" -> Nights;
    /// How they went, Moodle by Moodle, as CSV.
    GetNightsFile = Manager Get "/api/manage/nights.csv" -> Raw;
    /// Everybody's restores.
    ListAllRestores = Manager Get "/api/manage/restores" query RestoreQuery -> RestorePage;
    /// The same as CSV.
    GetRestoresFile = Manager Get "/api/manage/restores.csv" query RestoreQuery -> Raw;
    /// An administrator's act on many restores.
    ActOnAll = Manager Post "/api/manage/restores" body ActOnMany -> ActedOnMany;
    /// An administrator's act on somebody's restore.
    Act { restore: JobId } = Manager Post "/api/manage/restores/{restore}" body Verb -> Restore;
    /// Pauses restores, or resumes them.
    SetPause = Manager Post "/api/manage/pause" body Pause -> Overview;
    /// A remote that is held is tried again within a minute.
    TryRemote { remote: RemoteId } = Manager Post "/api/manage/remotes/{remote}/try" -> Overview;
    /// Why can or can't somebody restore there?
    ExplainPerson = Manager Get "/api/manage/explain" query ExplainPersonQuery -> Explained;
    /// People by name.
    FindPeople = Manager Post "/api/manage/people" body PeopleSearch -> People;
    /// Somebody's courses on a remote, for whoever restores for them.
    ListCoursesOf { person: UserId, remote: RemoteId } =
        Manager Get "/api/manage/people/{person}/{remote}/courses" query RefreshQuery -> CourseList;
    /// What a list of restores for others says, row by row.
    ReadList = Manager Post "/api/manage/for/file" body ListFile -> ListRows;
    /// What would become of such rows.
    PreviewRows = Manager Post "/api/manage/for/preview" body PreviewFor -> PlanFor;
    /// Schedules restores for others, each by itself.
    ScheduleFor = Manager Post "/api/manage/for" body OrdersFor -> OrderedFor;
    /// The audit, a page at a time, newest first.
    ListAudit = Manager Get "/api/manage/audit" query AuditQuery -> AuditPage;
    /// The audit as CSV.
    GetAuditFile = Manager Get "/api/manage/audit.csv" query AuditFileQuery -> Raw;
    /// Can restores work?
    GetReadiness = Manager Get "/api/manage/readiness" query RefreshQuery -> Readiness;
    /// Every setting in force.
    ListSettings = Manager Get "/api/manage/settings" -> ManagedSettings;
    /// Gives a setting another value, or its shipped one.
    ChangeSetting = Manager Post "/api/manage/settings" body SettingValue -> ManagedSettings;
    /// Ends every session of a person.
    Revoke = Manager Post "/api/manage/revoke" body Revocation -> Revocation;
    /// Tries all failures of one cause again.
    RetryFailures = Manager Post "/api/manage/retry" body RetryGroup -> Overview;
}

/// The parts of a path by their names in its pattern; none if the path is another.
fn parts<'a>(pattern: &'static str, path: &'a str) -> Option<Vec<(&'static str, &'a str)>> {
    let mut found = Vec::new();
    let (mut names, mut segments) = (pattern.split('/'), path.split('/'));
    loop {
        let (name, segment) = match (names.next(), segments.next()) {
            (Some(name), Some(segment)) => (name, segment),
            (None, None) => return Some(found),
            _ => return None,
        };
        match name.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some(name) => found.push((name, segment)),
            None if name == segment => {}
            None => return None,
        }
    }
}

/// One part of a path. What is not an id of the right kind is an address that does not exist.
fn part<T: std::str::FromStr>(parts: &[(&'static str, &str)], name: &str) -> Result<T, ErrorCode> {
    let found = parts.iter().find(|(known, _)| *known == name).and_then(|(_, segment)| segment.parse().ok());
    found.ok_or(ErrorCode::RequestNotFound)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CategoryId;

    fn job() -> JobId {
        "0123456789abcdef0123456789abcdef".parse().unwrap()
    }

    #[test]
    fn a_request_is_found_by_method_and_path_and_nothing_else_exists() {
        let route = |method, path| Route::parse(method, path);
        assert_eq!(route("GET", "/"), Ok(Route::Front(Front)));
        assert_eq!(route("GET", "/api/restores"), Ok(Route::ListRestores(ListRestores)));
        assert_eq!(route("POST", "/api/restores"), Ok(Route::Schedule(Schedule)));
        let path = Cancel { restore: job() }.path();
        assert_eq!(path, "/api/restores/0123456789abcdef0123456789abcdef/cancel");
        assert_eq!(route("POST", &path), Ok(Route::Cancel(Cancel { restore: job() })));
        assert_eq!(route("GET", &path), Err(ErrorCode::RequestMethod));
        assert_eq!(route("DELETE", "/api/restores"), Err(ErrorCode::RequestMethod));
        for nowhere in ["", "//", "/api", "/api/", "/api/restores/", "/api/restores/x/cancel", "/backup/x/1", "/x"] {
            assert_eq!(route("GET", nowhere).err().or(route("POST", nowhere).err()), Some(ErrorCode::RequestNotFound));
        }
    }

    #[test]
    fn every_endpoint_is_found_by_its_own_path_for_its_own_method() {
        let ids = |pattern: &str| {
            let id = job();
            let pattern = pattern.replace("{job}", id.as_str()).replace("{restore}", id.as_str());
            pattern
                .replace("{attempt}", "1")
                .replace("{person}", "5")
                .replace("{remote}", "0123456789ab")
                .replace("{course}", "7")
        };
        for (called_by, method, pattern) in Route::ALL {
            let route = Route::parse(method.as_str(), &ids(pattern)).unwrap();
            assert_eq!(route.called_by(), *called_by, "{pattern}");
        }
    }

    #[test]
    fn manage_pages_are_for_managers_and_only_they() {
        for (called_by, _, pattern) in Route::ALL {
            assert_eq!(pattern.starts_with("/api/manage"), *called_by == CalledBy::Manager, "{pattern}");
        }
    }

    #[test]
    fn a_query_stands_behind_the_path_where_there_is_one() {
        let remote: RemoteId = "0123456789ab".parse().unwrap();
        let list = ListCourses { remote };
        assert_eq!(list.address(&RefreshQuery { refresh: true }), "/api/remotes/0123456789ab/courses?refresh=1");
        assert_eq!(list.address(&RefreshQuery::default()), "/api/remotes/0123456789ab/courses");
        assert_eq!(Explain.address(&ExplainQuery { category: CategoryId(3) }), "/api/explain?category=3");
        assert_eq!(GetHome.address(&()), "/api/home");
        let search = RestoreQuery { search: "Ada & co".into(), ..RestoreQuery::default() };
        assert_eq!(ListAllRestores.address(&search), "/api/manage/restores?search=Ada+%26+co&sort=newest");
    }
}
