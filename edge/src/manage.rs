//! What needs `block/courseferry:manage`: does it work, who needs help, everybody's restores, the audit.

use crate::{
    App, audit,
    cron::Ports,
    fetch,
    peers::Names,
    readiness,
    refusal::{Refusal, Reply},
    restores::{changed, retarget},
    session::Visitor,
    snapshots,
    view::View,
    visit::{sealed, somebody},
};
use courseferry_api::{
    AuditPage, CategoryId, CourseId, ErrorCode, Explained, FailureGroup, JobId, Language, ManagedRestore, Overview,
    Pause, Peer, Problem, Refused, RemoteId, Restore, RestorePage, RestoreQuery, Status, Target, UnixTime, UserId,
    Verb,
};
use courseferry_ferry::{CancelOutcome, Failure, Window};
use courseferry_store::{Found, PeerStatus};
use serde::{Deserialize, Serialize};
use worker::Response;

/// Failures of so many seconds are grouped.
const WEEK: i64 = 7 * 86_400;
/// Pages of the audit that the file holds at the most: 50,000 lines.
const PAGES: u32 = 500;

/// `GET /api/manage`.
pub async fn overview(app: &App, visitor: &Visitor) -> Reply<Overview> {
    let language = visitor.account().language();
    let names = Names::of_all(app).await?;
    let groups = app.store.failures(app.now.plus(-WEEK), app.config.settings.one_per_course).await?;
    let (waiting, running) = app.store.queue().await?;
    let called = |remote: &RemoteId| names.of(remote, &visitor.account().locale);
    let needs_you: Vec<FailureGroup> = groups
        .into_iter()
        .map(|group| {
            let name = called(&group.remote);
            let problem = Problem::new(group.failure.code, language, &name, &group.failure.detail);
            FailureGroup { problem, remote: Some(group.remote), remote_name: Some(name), count: group.count }
        })
        .collect();
    let remotes = app.config.remotes.iter().map(|remote| (Some(remote.id()), remote.url.to_string()));
    let peers: Vec<Peer> = std::iter::once((None, app.config.companion.url.to_string()))
        .chain(remotes)
        .map(|(remote, address)| peer(visitor, &names, app.now, remote, address))
        .collect();
    let paused = names.all_paused();
    let problems = app.config.problems(language);
    let broken = peers.iter().filter(|peer| peer.problem.is_some()).count()
        + problems.len()
        + readiness::known_broken(app, visitor).await?;
    Ok(Overview {
        verdict: verdict(language, paused, broken, needs_you.iter().map(|group| group.count).sum()),
        paused,
        needs_you,
        peers,
        waiting,
        running,
        settings: settings(app),
        problems,
    })
}

fn peer(visitor: &Visitor, names: &Names, now: UnixTime, remote: Option<&RemoteId>, address: String) -> Peer {
    let met = names.met(remote).cloned().unwrap_or_default();
    let PeerStatus { release, last_success, problem, refused, paused, .. } = met;
    let name = match remote {
        Some(remote) => names.of(remote, &visitor.account().locale),
        None => visitor.rights.plain(&met.name),
    };
    let language = visitor.account().language();
    let told = |failure: Failure| Problem::new(failure.code, language, &name, &failure.detail);
    let refused = refused
        .filter(|refused| problem.is_none() && now.since(refused.at) < WEEK)
        .map(|refused| Refused { at: refused.at, problem: told(refused.failure) });
    let problem = problem.map(told);
    Peer {
        remote: remote.cloned(),
        name,
        address,
        release,
        last_success,
        problem,
        refused,
        paused,
        lender: None,
        held: None,
    }
}

fn verdict(language: Language, paused: bool, broken: usize, failed: u32) -> String {
    let sentence = match (language, paused, broken, failed) {
        (Language::English, true, ..) => "Restores are paused.",
        (Language::French, true, ..) => "Les restaurations sont suspendues.",
        (Language::English, _, 0, 0) => "All is well.",
        (Language::French, _, 0, 0) => "Tout va bien.",
        (Language::English, _, 0, _) => "It works, but some restores failed and need you.",
        (Language::French, _, 0, _) => "Tout fonctionne, mais des restaurations ont échoué et vous attendent.",
        (Language::English, ..) => "Something does not work and needs you.",
        (Language::French, ..) => "Quelque chose ne fonctionne pas et vous attend.",
    };
    sentence.to_owned()
}

/// The settings in force: name, value, where it is set.
fn settings(app: &App) -> Vec<(String, String, String)> {
    let settings = &app.config.settings;
    let flag = |set: bool| u8::from(set).to_string();
    let (limited, start, end) = match settings.window {
        Window::Always => (false, String::new(), String::new()),
        Window::Between { start, end } => (true, start.to_string(), end.to_string()),
    };
    let rows = [
        ("client_wwwroot", settings.client_wwwroot.clone()),
        ("worker_origin", settings.worker_origin.clone()),
        ("timezone", settings.timezone.clone()),
        ("search_roles", settings.search_roles.join(",")),
        ("defaultcategory", settings.default_category.map_or_else(|| "0".to_owned(), |id| id.to_string())),
        ("restorecourseinoriginalcategory", flag(settings.original_category)),
        ("defaultcategorychecked", flag(settings.original_first)),
        ("onlyoneremoteinstance", flag(settings.one_per_course)),
        ("enrollbutton", flag(settings.enrol_button)),
        ("enrollrole", settings.enrol_role.clone()),
        ("includeexternalurlinmail", flag(settings.remote_links_in_messages)),
        ("warningstoowner", flag(settings.warnings_to_owner)),
        ("timelimitedmod", flag(limited)),
        ("limitstart", start),
        ("limitend", end),
        ("max_per_person_per_night", settings.max_per_person.to_string()),
        ("max_per_night", settings.max_per_night.to_string()),
        ("attempts", settings.attempts.to_string()),
        ("retention_days", settings.retention_days.to_string()),
        ("audit_retention_days", settings.audit_retention_days.to_string()),
        ("cache_minutes", settings.cache_minutes.to_string()),
    ];
    rows.into_iter().map(|(name, value)| (name.to_owned(), value, "wrangler.toml".to_owned())).collect()
}

/// `GET /api/manage/restores`.
pub async fn restores(app: &App, visitor: &Visitor, query: RestoreQuery) -> Reply<RestorePage> {
    let names = Names::of_all(app).await?;
    let view = View { app, rights: &visitor.rights, names: &names };
    let Found { total, at_least, restores } = app.store.search(&query).await?;
    let managed = |job: courseferry_ferry::RestoreRow| ManagedRestore {
        user: job.user,
        user_name: visitor.account().language().person(&job.user_name).to_owned(),
        restore: view.restore(&job),
    };
    Ok(RestorePage { total, at_least, restores: restores.into_iter().map(managed).collect() })
}

/// `POST /api/manage/restores/{id}`.
pub async fn act(app: &App, visitor: &Visitor, id: &JobId, verb: Verb) -> Reply<Restore> {
    let rights = &visitor.rights;
    let exclusive = app.config.settings.one_per_course;
    let (action, outcome) = match verb {
        Verb::Retry => {
            let change = app.store.retry(id, None, exclusive, app.now).await?;
            ("manage.retried", changed(app, rights, change).await)
        }
        Verb::Cancel => ("manage.cancelled", cancel(app, visitor, id).await),
        Verb::Move(category) => ("manage.moved", move_to(app, visitor, id, category).await),
        Verb::Link(course) => ("manage.linked", link(app, visitor, id, course).await),
    };
    app.audited(visitor, action, Some(id), None, outcome).await
}

async fn cancel(app: &App, visitor: &Visitor, id: &JobId) -> Reply<Restore> {
    let names = Names::of_all(app).await?;
    let job = match Ports::new(app, &names).ferry(app).cancel(id, None).await? {
        CancelOutcome::Done(job) | CancelOutcome::Asked(job) => job,
        CancelOutcome::TooLate(job) if job.status == Status::Cancelled => job,
        CancelOutcome::TooLate(_) => return Err(ErrorCode::RestoreTooLate.into()),
        CancelOutcome::NotFound => return Err(ErrorCode::RestoreNotFound.into()),
    };
    Ok(View { app, rights: &visitor.rights, names: &names }.restore(&job))
}

/// The owner must be allowed to restore there: it is restored with their rights.
async fn move_to(app: &App, visitor: &Visitor, id: &JobId, category: CategoryId) -> Reply<Restore> {
    let job = app.store.restore(id, None).await?.ok_or(ErrorCode::RestoreNotFound)?;
    let owner = snapshots::rights(app, job.user).await?;
    retarget(app, &owner, &job, Target::Category(category), &visitor.rights).await
}

/// Only to a course that is there: a row must not lie.
async fn link(app: &App, visitor: &Visitor, id: &JobId, course: CourseId) -> Reply<Restore> {
    let job = app.store.restore(id, None).await?.ok_or(ErrorCode::RestoreNotFound)?;
    let found = fetch::call(app.config.companion.find_course(job.user, course), fetch::PATIENCE).await;
    if !found.map_err(Failure::from)?.course.is_some_and(|found| found.exists) {
        return Err(ErrorCode::ClientCourseMissing.into());
    }
    let change = app.store.link(id, course, app.config.settings.one_per_course, app.now).await?;
    changed(app, &visitor.rights, change).await
}

/// `POST /api/manage/pause`.
pub async fn pause(app: &App, visitor: &Visitor, pause: Pause) -> Reply<Overview> {
    if let Some(remote) = &pause.remote {
        app.config.remote(remote)?;
    }
    let done = app.store.pause(pause.remote.as_ref(), pause.paused).await.map_err(Refusal::from);
    let action = if pause.paused { "manage.paused" } else { "manage.resumed" };
    app.audited(visitor, action, None, pause.remote.as_ref(), done).await?;
    overview(app, visitor).await
}

/// Query of `GET /api/manage/explain`.
#[derive(Debug, Deserialize)]
pub struct Whether {
    #[serde(deserialize_with = "somebody")]
    user: UserId,
    category: CategoryId,
}

/// `GET /api/manage/explain`: why can or can't this person restore there?
pub async fn explain(app: &App, visitor: &Visitor, query: Whether) -> Reply<Explained> {
    let language = visitor.account().language();
    let rights = match snapshots::rights(app, query.user).await {
        Ok(rights) => rights,
        Err(Failure { code: code @ (ErrorCode::UserInactive | ErrorCode::ClientUserUnknown), .. }) => {
            return Ok(Explained { allowed: false, sentences: vec![code.sentence(language).to_owned()] });
        }
        Err(failure) => return Err(failure.into()),
    };
    let mut sentences = Vec::new();
    let restore = rights.explain(query.category, &visitor.rights);
    let allowed = restore.is_ok() && rights.may_see_widget();
    match restore {
        Ok(restore) => sentences.extend(restore.incomplete),
        Err(reason) => sentences.push(reason),
    }
    sentences.extend(rights.widget_refused(&visitor.rights));
    Ok(Explained { allowed, sentences })
}

/// Query of `GET /api/manage/audit`.
#[derive(Debug, Deserialize)]
pub struct Page {
    #[serde(default)]
    page: u32,
}

/// `GET /api/manage/audit`.
pub async fn audit(app: &App, visitor: &Visitor, query: Page) -> Reply<AuditPage> {
    let language = visitor.account().language();
    let (total, mut entries) = app.store.audit(query.page).await?;
    for entry in &mut entries {
        entry.user_name = language.person(&entry.user_name).to_owned();
        entry.acting = entry.acting.as_deref().map(|name| language.person(name).to_owned());
    }
    Ok(AuditPage { total, entries })
}

/// `GET /api/manage/audit.csv`.
pub async fn audit_file(app: &App) -> Reply<Response> {
    let mut file = audit::HEADER.to_owned();
    for page in 0..PAGES {
        let (_, entries) = app.store.audit(page).await?;
        if entries.is_empty() {
            break;
        }
        file.extend(entries.iter().map(audit::csv));
    }
    let response = sealed(Response::from_bytes(file.into_bytes())?)?;
    response.headers().set("Content-Type", "text/csv; charset=utf-8")?;
    response.headers().set("Content-Disposition", "attachment; filename=\"courseferry-audit.csv\"")?;
    Ok(response)
}

/// Body and answer of `POST /api/manage/revoke`.
#[derive(Debug, Serialize, Deserialize)]
pub struct Revoke {
    #[serde(deserialize_with = "somebody")]
    user: UserId,
}

/// `POST /api/manage/revoke`: every session of a person ends.
pub async fn revoke(app: &App, visitor: &Visitor, body: Revoke) -> Reply<Revoke> {
    // Sessions that began in this very second end too.
    let done = app.store.revoke(body.user, app.now.plus(1)).await.map_err(Refusal::from);
    app.audited(visitor, "manage.revoked", None, None, done).await?;
    Ok(body)
}

/// Body of `POST /api/manage/retry`.
#[derive(Debug, Deserialize)]
pub struct Group {
    /// As text: a code that does not exist must not read as another.
    code: String,
    remote: Option<RemoteId>,
}

/// `POST /api/manage/retry`: all failures of one cause.
pub async fn retry(app: &App, visitor: &Visitor, group: Group) -> Reply<Overview> {
    let exclusive = app.config.settings.one_per_course;
    let code: ErrorCode = group.code.parse().map_err(|()| Refusal::with(ErrorCode::RequestMalformed, "code"))?;
    let since = app.now.plus(-WEEK);
    let retried = app.store.retry_all(code.as_str(), group.remote.as_ref(), since, exclusive, app.now).await;
    app.audited(visitor, "manage.retried", None, group.remote.as_ref(), retried.map_err(Refusal::from)).await?;
    overview(app, visitor).await
}
