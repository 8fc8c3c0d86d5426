//! Everybody's restores, and the verbs that administrators have for them.

use crate::{
    adapters::{fetch, ports::Ports, runtime::iso},
    api::{
        restores::{changed, retarget},
        view::View,
    },
    app::App,
    auth::{rights::Rights, session::CurrentUser},
    http::{
        error::{ApiError, ApiResult},
        response::attachment,
    },
    peers::Names,
};
use courseferry_api::{
    ActOnMany, ActedOnMany, CategoryId, CourseId, ErrorCode, JobId, Language, ManagedRestore, NotDone, Problem,
    Restore, RestorePage, RestoreQuery, Status, Target, UserId, Verb, csv,
};
use courseferry_ferry::{CancelOutcome, RestoreRow, for_others_refused};
use courseferry_store::Found;
use futures::stream::try_unfold;
use worker::Response;

/// Restores on one page, and the most that something is done with at once.
const PAGE: u32 = 50;
/// Restores that are read, and held, at once for a file.
const CHUNK: u32 = 500;

/// `GET /api/manage/restores`.
pub async fn list(app: &App, user: &CurrentUser, query: RestoreQuery) -> ApiResult<RestorePage> {
    let names = Names::of_all(app).await?;
    let view = View { app, rights: &user.rights, names: &names };
    let Found { total, at_least, restores, next } = app.store.search(&query, PAGE).await?;
    let managed = |job: RestoreRow| ManagedRestore {
        user: job.user,
        user_name: user.account().language().person(&job.user_name).to_owned(),
        restore: view.managed(&job),
    };
    Ok(RestorePage { total, at_least, restores: restores.into_iter().map(managed).collect(), as_of: app.now, next })
}

/// `GET /api/manage/restores.csv`: everything that the list shows page by page, sent while it is read.
pub async fn file(app: &App, user: &CurrentUser, query: RestoreQuery) -> ApiResult<Response> {
    let store = app.store.clone();
    let names = Names::of_all(app).await?;
    let (language, locale) = (user.account().language(), user.account().locale.clone());
    let query = RestoreQuery { after: String::new(), ..query };
    let lines = try_unfold((names, Some((csv::line(HEADER), query))), move |(names, rest)| {
        let (store, locale) = (store.clone(), locale.clone());
        async move {
            let Some((header, mut query)) = rest else { return Ok(None) };
            let found =
                store.search(&query, CHUNK).await.map_err(|error| worker::Error::RustError(error.to_string()))?;
            let text = found.restores.iter().fold(header, |text, row| text + &line(row, &names, language, &locale));
            let rest = found.next.map(|next| {
                query.after = next;
                (String::new(), query)
            });
            Ok::<_, worker::Error>(Some((text, (names, rest))))
        }
    });
    attachment("courseferry-restores.csv", Response::from_stream(lines)?)
}

const HEADER: [&str; 17] = [
    "restore",
    "status",
    "user",
    "user_name",
    "remote",
    "remote_course",
    "full_name",
    "short_name",
    "category",
    "category_name",
    "scheduled",
    "ended",
    "bytes",
    "course",
    "removed",
    "error",
    "to_check",
];

fn line(row: &RestoreRow, names: &Names, language: Language, locale: &str) -> String {
    let number = |number: Option<i64>| number.map_or_else(String::new, |number| number.to_string());
    let to_check: Vec<&str> = row.warnings.iter().map(|warning| warning.message.as_str()).collect();
    csv::line([
        row.id.as_str(),
        row.status.as_str(),
        &row.user.to_string(),
        language.person(&row.user_name),
        &names.of(&row.remote, locale),
        &row.course.to_string(),
        &row.full_name,
        &row.short_name,
        &number(row.category.map(|category| category.0)),
        row.category_name.as_deref().unwrap_or_default(),
        &iso(row.created),
        &row.finished.map(iso).unwrap_or_default(),
        &row.bytes.to_string(),
        &number(row.restored.map(|course| course.0)),
        &row.removed.map(iso).unwrap_or_default(),
        row.failure.as_ref().map_or("", |failure| failure.code.as_str()),
        &to_check.join(" | "),
    ])
}

/// `POST /api/manage/restores`: each by itself, so that one that is refused stops no other.
pub async fn act_on_many(app: &App, user: &CurrentUser, body: ActOnMany) -> ApiResult<ActedOnMany> {
    if body.restores.len() > PAGE as usize {
        return Err(ApiError::with(ErrorCode::RequestMalformed, "restores"));
    }
    let language = user.account().language();
    let mut acted = ActedOnMany::default();
    for id in body.restores {
        match act(app, user, &id, body.verb).await {
            Ok(restore) => acted.done.push(restore),
            Err(error) => {
                let problem = Problem::for_administrator(error.code, language, "", "", &error.detail, true);
                acted.refused.push(NotDone { restore: id, problem });
            }
        }
    }
    Ok(acted)
}

/// `POST /api/manage/restores/{id}`.
pub async fn act(app: &App, user: &CurrentUser, id: &JobId, verb: Verb) -> ApiResult<Restore> {
    let rights = &user.rights;
    let exclusive = app.settings.one_per_course;
    let (action, outcome) = match verb {
        Verb::Retry => {
            let change = app.store.retry(id, None, exclusive, app.now).await?;
            ("manage.retried", changed(app, rights, change).await)
        }
        Verb::Cancel => ("manage.cancelled", cancel(app, user, id).await),
        Verb::Move(category) => ("manage.moved", move_to(app, user, id, category).await),
        Verb::Link(course) => ("manage.linked", link(app, user, id, course).await),
    };
    app.audited(user, action, Some(id), None, outcome).await
}

async fn cancel(app: &App, user: &CurrentUser, id: &JobId) -> ApiResult<Restore> {
    let names = Names::of_all(app).await?;
    let job = match Ports::new(app, &names).ferry(app).cancel(id, None).await? {
        CancelOutcome::Done(job) | CancelOutcome::Asked(job) => job,
        CancelOutcome::TooLate(job) if job.status == Status::Cancelled => job,
        CancelOutcome::TooLate(_) => return Err(ErrorCode::RestoreTooLate.into()),
        CancelOutcome::NotFound => return Err(ErrorCode::RestoreNotFound.into()),
    };
    Ok(View { app, rights: &user.rights, names: &names }.restore(&job))
}

/// The owner must be allowed to restore there, or whoever asked for it on their behalf: it is restored with those rights.
async fn move_to(app: &App, user: &CurrentUser, id: &JobId, category: CategoryId) -> ApiResult<Restore> {
    let job = app.store.restore(id, None).await?.ok_or(ErrorCode::RestoreNotFound)?;
    let owner = Rights::fresh(app, job.user).await?;
    let actor = match &job.actor {
        // An administrator who cannot be asked lends no rights: the owner's own have to suffice.
        Some(actor) if actor.user > UserId::NOBODY => Rights::fresh(app, actor.user).await.ok(),
        _ => None,
    };
    let actor = actor.filter(|actor| for_others_refused(&owner, actor).is_ok());
    retarget(app, &owner, actor.as_ref(), &job, Target::Category(category), &user.rights).await
}

/// Links a restore to a course, if that exists: a row must not lie.
async fn link(app: &App, user: &CurrentUser, id: &JobId, course: CourseId) -> ApiResult<Restore> {
    let job = app.store.restore(id, None).await?.ok_or(ErrorCode::RestoreNotFound)?;
    let found = fetch::call(app.config.companion.find_course(job.user, course), fetch::PATIENCE).await;
    if !found?.course.is_some_and(|found| found.exists) {
        return Err(ErrorCode::ClientCourseMissing.into());
    }
    let change = app.store.link(id, course, app.settings.one_per_course, app.now).await?;
    changed(app, &user.rights, change).await
}
