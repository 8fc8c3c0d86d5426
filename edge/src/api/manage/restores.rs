//! Everybody's restores, and the verbs that administrators have for them.

use crate::{
    adapters::{fetch, ports::Ports},
    api::{
        restores::{changed, retarget},
        view::View,
    },
    app::App,
    auth::{rights::Rights, session::CurrentUser},
    http::error::ApiResult,
    peers::Names,
};
use courseferry_api::{
    CategoryId, CourseId, ErrorCode, JobId, ManagedRestore, Restore, RestorePage, RestoreQuery, Status, Target, Verb,
};
use courseferry_ferry::CancelOutcome;
use courseferry_store::Found;

/// `GET /api/manage/restores`.
pub async fn list(app: &App, user: &CurrentUser, query: RestoreQuery) -> ApiResult<RestorePage> {
    let names = Names::of_all(app).await?;
    let view = View { app, rights: &user.rights, names: &names };
    let Found { total, at_least, restores } = app.store.search(&query).await?;
    let managed = |job: courseferry_ferry::RestoreRow| ManagedRestore {
        user: job.user,
        user_name: user.account().language().person(&job.user_name).to_owned(),
        restore: view.restore(&job),
    };
    Ok(RestorePage { total, at_least, restores: restores.into_iter().map(managed).collect() })
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

/// The owner must be allowed to restore there: it is restored with their rights.
async fn move_to(app: &App, user: &CurrentUser, id: &JobId, category: CategoryId) -> ApiResult<Restore> {
    let job = app.store.restore(id, None).await?.ok_or(ErrorCode::RestoreNotFound)?;
    let owner = Rights::fresh(app, job.user).await?;
    retarget(app, &owner, &job, Target::Category(category), &user.rights).await
}

/// Only to a course that is there: a row must not lie.
async fn link(app: &App, user: &CurrentUser, id: &JobId, course: CourseId) -> ApiResult<Restore> {
    let job = app.store.restore(id, None).await?.ok_or(ErrorCode::RestoreNotFound)?;
    let found = fetch::call(app.config.companion.find_course(job.user, course), fetch::PATIENCE).await;
    if !found?.course.is_some_and(|found| found.exists) {
        return Err(ErrorCode::ClientCourseMissing.into());
    }
    let change = app.store.link(id, course, app.settings.one_per_course, app.now).await?;
    changed(app, &user.rights, change).await
}
