//! Which addresses there are. Whatever is not written here does not exist.

use crate::refusal::Reply;
use courseferry_api::{ErrorCode, JobId, RemoteId};
use worker::Method;

/// A request that is understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// The monitor's question.
    Health,
    /// The front door: leads into Moodle.
    Front,
    /// Off to Moodle to log in.
    SignIn,
    /// Back from there.
    SignInReturn,
    /// The companion fetches a backup.
    Backup(JobId, u32),
    /// What the companion calls by itself, with its own kind of token.
    Service(Service),
    /// A launch token is exchanged for a session.
    Session,
    /// What a session is for.
    Visitor(Door),
}

/// What the companion calls by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Service {
    /// A person's data.
    Export,
    /// A person is to be forgotten.
    Erase,
    /// Test connection.
    Check,
}

/// What a person asks for in a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Door {
    /// The first screen.
    Home,
    /// Their courses on a remote.
    Courses(RemoteId),
    /// Their restores.
    Restores,
    /// Make restores.
    Schedule,
    /// What would become of restores.
    Preview,
    /// Withdraw.
    Cancel(JobId),
    /// Try again, or now.
    Retry(JobId),
    /// Another category.
    Category(JobId),
    /// "Enrol me".
    Enrol(JobId),
    /// Why can or can't I restore there?
    Explain,
    /// What needs `block/courseferry:manage`.
    Manage(Manage),
}

/// The Manage pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Manage {
    /// Does it work, and what needs somebody?
    Overview,
    /// Everybody's restores.
    Restores,
    /// A verb for somebody's restore.
    Act(JobId),
    /// Pause, or go on.
    Pause,
    /// Why can or can't somebody restore there?
    Explain,
    /// The audit, a page at a time.
    Audit,
    /// The audit as a file.
    AuditFile,
    /// Can restores work?
    Readiness,
    /// End somebody's sessions.
    Revoke,
    /// Try all failures of one cause again.
    Retry,
}

impl Route {
    /// The route of a request; 404 or 405 if there is none.
    pub fn find(method: &Method, path: &str) -> Reply<Self> {
        use Door as D;
        use Manage as M;
        let get = |route: Self| (*method == Method::Get).then_some(route).ok_or(ErrorCode::RequestMethod);
        let post = |route: Self| (*method == Method::Post).then_some(route).ok_or(ErrorCode::RequestMethod);
        let segments: Vec<&str> = path.strip_prefix('/').unwrap_or(path).split('/').collect();
        let route = match segments.as_slice() {
            [""] => get(Self::Front),
            ["health"] => get(Self::Health),
            ["sign-in"] => get(Self::SignIn),
            ["sign-in", "return"] => get(Self::SignInReturn),
            ["backup", job, attempt] => get(Self::Backup(id(job)?, id(attempt)?)),
            ["api", rest @ ..] => match rest {
                ["session"] => post(Self::Session),
                ["privacy", "export"] => post(Self::Service(Service::Export)),
                ["privacy", "erase"] => post(Self::Service(Service::Erase)),
                ["companion", "check"] => post(Self::Service(Service::Check)),
                ["home"] => get(Self::Visitor(D::Home)),
                ["remotes", remote, "courses"] => get(Self::Visitor(D::Courses(id(remote)?))),
                ["restores"] => get(Self::Visitor(D::Restores)).or(post(Self::Visitor(D::Schedule))),
                ["restores", "preview"] => post(Self::Visitor(D::Preview)),
                ["restores", job, "cancel"] => post(Self::Visitor(D::Cancel(id(job)?))),
                ["restores", job, "retry"] => post(Self::Visitor(D::Retry(id(job)?))),
                ["restores", job, "category"] => post(Self::Visitor(D::Category(id(job)?))),
                ["restores", job, "enrol"] => post(Self::Visitor(D::Enrol(id(job)?))),
                ["explain"] => get(Self::Visitor(D::Explain)),
                ["manage"] => get(Self::manage(M::Overview)),
                ["manage", "restores"] => get(Self::manage(M::Restores)),
                ["manage", "restores", job] => post(Self::manage(M::Act(id(job)?))),
                ["manage", "pause"] => post(Self::manage(M::Pause)),
                ["manage", "explain"] => get(Self::manage(M::Explain)),
                ["manage", "audit"] => get(Self::manage(M::Audit)),
                ["manage", "audit.csv"] => get(Self::manage(M::AuditFile)),
                ["manage", "readiness"] => get(Self::manage(M::Readiness)),
                ["manage", "revoke"] => post(Self::manage(M::Revoke)),
                ["manage", "retry"] => post(Self::manage(M::Retry)),
                _ => Err(ErrorCode::RequestNotFound),
            },
            _ => Err(ErrorCode::RequestNotFound),
        };
        Ok(route?)
    }

    fn manage(page: Manage) -> Self {
        Self::Visitor(Door::Manage(page))
    }
}

fn id<T: std::str::FromStr>(text: &str) -> Reply<T> {
    text.parse().map_err(|_| ErrorCode::RequestNotFound.into())
}
