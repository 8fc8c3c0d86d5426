//! Which handler answers which request. The addresses, and who may call them, are declared in `courseferry_api`.

use crate::{
    adapters::rates::Rates,
    api::{
        arrived, contents, copies,
        courses::{self, CachedList},
        existing, home, manage,
        prefetched::Prefetched,
        privacy, restores, session as sessions,
    },
    app::App,
    auth::{
        session::{self, CurrentUser, Session},
        sign_in,
    },
    backup,
    config::Config,
    cron,
    http::{
        error::ApiResult,
        request::RequestContext,
        response::{json, redirect, sealed},
    },
};
use courseferry_api::{CalledBy, Endpoint, ErrorCode, Route, SignIn, SignInQuery};
use serde::Serialize;
use serde_json::json as object;
use worker::{Env, Method, Response};

/// The page of the companion on which the widget has all its room.
const PAGE: &str = "/blocks/courseferry/view.php";

/// Answers a request.
#[expect(clippy::too_many_lines, reason = "one arm an endpoint")]
pub async fn respond(request: &mut RequestContext, env: &Env) -> ApiResult<Response> {
    let route = Route::parse(request.method().as_ref(), request.url().path())?;
    if route.called_by() == CalledBy::Anybody {
        limit_address(env, request, &route).await?;
    }
    // A monitor is answered although the configuration is broken.
    if matches!(route, Route::GetHealth(_)) {
        return health(env, request).await;
    }
    if matches!(route, Route::Front(_)) {
        let worker = request.url().origin().ascii_serialization();
        if let Some(steps) = manage::readiness::begun(env, &worker, request.language()).await? {
            return sign_in::first_steps(request.id(), request.language(), &steps);
        }
    }
    let signed_in = matches!(route.called_by(), CalledBy::Person | CalledBy::Manager);
    // Moodle's `require_login`: whoever opens an address in the browser is taken through the login first.
    if signed_in && request.method() == Method::Get && request.bearer().is_none() && request.is_navigation() {
        let sign_in = SignIn.address(&SignInQuery { path: Some(request.wanted()) });
        return redirect(&format!("{}{sign_in}", Config::of(env)?.settings.worker_origin));
    }
    let (app, caller, prefetched) = enter(env, request, &route).await?;
    let app = &app;
    if let Caller::Person(user) = &caller
        && (request.method() == Method::Post || asks_a_moodle(&route))
    {
        app.limit_person(user.id()).await?;
    }
    match route {
        Route::Front(_) | Route::GetHealth(_) => redirect(&app.config.at_client(PAGE)),
        Route::SignIn(to) => {
            let page = sign_in::go(app, request.language(), request.query(&to)?.path.as_deref());
            page.or_else(|error| sign_in::sorry(app, request.language(), &error))
        }
        Route::SignInReturn(_) => sign_in::back(app, request.language()),
        Route::FetchBackup(of) => backup::stream(app, request, &of.job, of.attempt).await,

        Route::ExportPerson(to) => json(&privacy::export(app, request.body(&to).await?).await?),
        Route::ErasePerson(to) => answer(&to, privacy::erase(app, request.body(&to).await?).await?),
        Route::Hurry(_) => {
            app.after_the_answer(cron::hurry(env.clone(), request.id().to_owned()));
            Ok(json(&object!({}))?.with_status(202))
        }
        Route::CheckConnection(to) => answer(&to, privacy::check(app, request.body(&to).await?)?),

        Route::OpenSession(to) => {
            let body = request.body(&to).await?;
            answer(&to, sessions::open(app, request, body).await?)
        }
        Route::GetHome(to) => {
            let user = caller.person()?;
            let own = prefetched.restores(app, user.id()).await?;
            answer(&to, home::show(app, user, own).await?)
        }
        Route::ListCourses(to) => {
            let query = request.query(&to)?;
            let rights = &caller.person()?.rights;
            let cached = prefetched.listing(app, rights.account.id, &to.remote).await?;
            let cached = cached.map(CachedList::read).unwrap_or_default();
            answer(&to, courses::list(app, rights, rights, &to.remote, cached, query.refresh).await?)
        }
        Route::GetContents(of) => answer(&of, contents::show(app, caller.person()?, &of.remote, of.course).await?),
        Route::FindTargets(to) => {
            let query = request.query(&to)?;
            answer(&to, existing::find(app, caller.person()?, &query.search).await?)
        }
        Route::ListRestores(to) => {
            let user = caller.person()?;
            let own = prefetched.restores(app, user.id()).await?;
            answer(&to, restores::list(app, user, own))
        }
        Route::Schedule(to) => {
            let body = request.body(&to).await?;
            answer(&to, restores::schedule(app, caller.person()?, body).await?)
        }
        Route::Preview(to) => {
            let body = request.body(&to).await?;
            answer(&to, restores::preview(app, caller.person()?, body).await?)
        }
        Route::Cancel(to) => answer(&to, restores::cancel(app, caller.person()?, &to.restore).await?),
        Route::TryAgain(to) => answer(&to, restores::retry(app, caller.person()?, &to.restore).await?),
        Route::ChangeCategory(to) => {
            let body = request.body(&to).await?;
            answer(&to, restores::category(app, caller.person()?, &to.restore, body).await?)
        }
        Route::Enrol(to) => answer(&to, restores::enrol(app, caller.person()?, &to.restore).await?),
        Route::ListArrived(to) => answer(&to, arrived::list(app, caller.person()?, &to.restore).await?),
        Route::RemoveArrived(to) => answer(&to, arrived::remove(app, caller.person()?, &to.restore).await?),
        Route::KeepArrived(to) => answer(&to, arrived::keep(app, caller.person()?, &to.restore).await?),
        Route::GetCopy(of) => answer(&of, copies::look(app, caller.person()?, &of.restore).await?),
        Route::RemoveCopy(to) => answer(&to, copies::remove(app, caller.person()?, &to.restore).await?),
        Route::Explain(to) => answer(&to, restores::explain(caller.person()?, request.query(&to)?)),

        Route::GetOverview(to) => answer(&to, manage::overview::show(app, caller.person()?).await?),
        Route::GetNights(to) => answer(&to, manage::nights::show(app, caller.person()?).await?),
        Route::GetNightsFile(_) => manage::nights::file(app, caller.person()?).await,
        Route::ListAllRestores(to) => {
            let query = request.query(&to)?;
            answer(&to, manage::restores::list(app, caller.person()?, query).await?)
        }
        Route::GetRestoresFile(to) => {
            let query = request.query(&to)?;
            manage::restores::file(app, caller.person()?, query).await
        }
        Route::ActOnAll(to) => {
            let body = request.body(&to).await?;
            answer(&to, manage::restores::act_on_many(app, caller.person()?, body).await?)
        }
        Route::Act(to) => {
            let verb = request.body(&to).await?;
            answer(&to, manage::restores::act(app, caller.person()?, &to.restore, verb).await?)
        }
        Route::SetPause(to) => {
            let body = request.body(&to).await?;
            answer(&to, manage::overview::pause(app, caller.person()?, body).await?)
        }
        Route::TryRemote(to) => answer(&to, manage::overview::try_remote(app, caller.person()?, &to.remote).await?),
        Route::ExplainPerson(to) => {
            let query = request.query(&to)?;
            answer(&to, manage::people::explain(app, caller.person()?, query).await?)
        }
        Route::FindPeople(to) => {
            let body = request.body(&to).await?;
            answer(&to, manage::people::find(app, caller.person()?, body).await?)
        }
        Route::ListCoursesOf(of) => {
            let query = request.query(&of)?;
            let user = caller.person()?;
            let list = manage::for_somebody::courses(app, user, of.person, &of.remote, query.refresh).await?;
            answer(&of, list)
        }
        Route::ReadList(to) => {
            let body = request.body(&to).await?;
            answer(&to, manage::for_somebody::read(caller.person()?, &body)?)
        }
        Route::PreviewRows(to) => {
            let body = request.body(&to).await?;
            answer(&to, manage::for_somebody::preview(app, caller.person()?, body).await?)
        }
        Route::ScheduleFor(to) => {
            let body = request.body(&to).await?;
            answer(&to, manage::for_somebody::schedule(app, caller.person()?, body).await?)
        }
        Route::ListAudit(to) => {
            let query = request.query(&to)?;
            answer(&to, manage::audit::page(app, caller.person()?, query).await?)
        }
        Route::GetAuditFile(to) => manage::audit::file(app, request.query(&to)?),
        Route::GetReadiness(to) => {
            let query = request.query(&to)?;
            answer(&to, manage::readiness::show(app, caller.person()?, query.refresh).await?)
        }
        Route::ListSettings(to) => answer(&to, manage::settings::list(app, caller.person()?)),
        Route::ChangeSetting(to) => {
            let body = request.body(&to).await?;
            answer(&to, manage::settings::change(app, caller.person()?, body).await?)
        }
        Route::Revoke(to) => {
            let body = request.body(&to).await?;
            answer(&to, manage::people::revoke(app, caller.person()?, body).await?)
        }
        Route::RetryFailures(to) => {
            let body = request.body(&to).await?;
            answer(&to, manage::overview::retry(app, caller.person()?, body).await?)
        }
    }
}

/// Who called, once they have proved it.
enum Caller {
    /// Whoever an endpoint for anybody, or for the companion, was called by.
    Nobody,
    /// A person in a session.
    Person(CurrentUser),
}

/// Reads what the request begins with, and checks that its caller may call this endpoint.
async fn enter(env: &Env, request: &RequestContext, route: &Route) -> ApiResult<(App, Caller, Prefetched)> {
    let (id, context) = (request.id(), Some(request.context()));
    let called_by = route.called_by();
    if matches!(called_by, CalledBy::Anybody | CalledBy::Companion) {
        let app = App::new(env, id, context).await?;
        if called_by == CalledBy::Companion {
            session::companion(&app, request).await?;
        }
        return Ok((app, Caller::Nobody, Prefetched::Nothing));
    }
    let session = Session::of(&*Config::of(env)?, request)?;
    let needed = || session.known().and(Prefetched::query(route, session.user()));
    let (app, (known, prefetched)) = App::reading(env, id, context, needed).await?;
    let mut user = session.admit(&app, known).await?;
    if called_by == CalledBy::Manager {
        user = user.with_fresh_rights(&app, request.method() == Method::Get).await?;
        user.rights.require_manage()?;
    }
    Ok((app, Caller::Person(user), prefetched))
}

impl Caller {
    fn person(&self) -> ApiResult<&CurrentUser> {
        match self {
            Self::Person(user) => Ok(user),
            Self::Nobody => Err(ErrorCode::SessionMissing.into()),
        }
    }
}

/// The answer of an endpoint, of the type that it declares.
fn answer<E: Endpoint<Answer: Serialize>>(_: &E, answer: E::Answer) -> ApiResult<Response> {
    json(&answer)
}

/// Whether reading this may cost a Moodle or the database something, and is limited per person.
fn asks_a_moodle(route: &Route) -> bool {
    matches!(
        route,
        Route::ListCourses(_)
            | Route::ListCoursesOf(_)
            | Route::GetContents(_)
            | Route::FindTargets(_)
            | Route::ListArrived(_)
            | Route::GetCopy(_)
            | Route::GetReadiness(_)
            | Route::ExplainPerson(_)
            | Route::GetAuditFile(_)
            | Route::GetRestoresFile(_)
    )
}

/// Refuses an address that asks what needs no session more often than a campus behind one address does. A backup has
/// a ticket of its own, and is fetched in parts.
async fn limit_address(env: &Env, request: &RequestContext, route: &Route) -> ApiResult<()> {
    let endpoint = match route {
        Route::FetchBackup(_) => return Ok(()),
        Route::GetHealth(_) => "health",
        Route::OpenSession(_) => "session",
        _ => "page",
    };
    let switched_off = env.var("rate_limits").is_ok_and(|value| value.to_string() == "0");
    if switched_off || Rates::of(env).address(endpoint, &request.header("cf-connecting-ip")).await {
        return Ok(());
    }
    Err(ErrorCode::RequestTooMany.into())
}

/// Whether it works, for a monitor: no names, no values.
async fn health(env: &Env, request: &RequestContext) -> ApiResult<Response> {
    let health = manage::readiness::health(env, request).await;
    let status = if health.ok { 200 } else { 503 };
    Ok(sealed(Response::from_json(&health)?.with_status(status))?)
}
