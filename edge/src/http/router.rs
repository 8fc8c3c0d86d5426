//! Which address is answered by which handler. Whatever is not written here does not exist.

use crate::{
    api::{courses, home, manage, privacy, restores, session as sessions},
    app::App,
    auth::{
        session::{self, CurrentUser},
        sign_in,
    },
    backup,
    http::{
        error::{ApiError, ApiResult},
        request::RequestContext,
        response::{json, redirect, sealed},
    },
};
use courseferry_api::ErrorCode;
use std::str::FromStr;
use worker::{
    Env,
    Method::{self, Get, Post},
    Response, Url,
};

/// The page of the companion on which the widget has all its room.
const PAGE: &str = "/blocks/courseferry/view.php";

/// Answers a request.
pub async fn respond(request: &mut RequestContext, env: &Env) -> ApiResult<Response> {
    let method = request.method();
    let path = request.url().path().to_owned();
    let segments: Vec<&str> = path.strip_prefix('/').unwrap_or(&path).split('/').collect();
    if (&method, segments.as_slice()) == (&Get, &["health"]) {
        return health(env, request.id()).await;
    }
    let app = &App::new(env, request.id())?;
    match (&method, segments.as_slice()) {
        (Get, [""]) => redirect(&app.config.at_client(PAGE)),
        (Get, ["sign-in"]) => {
            let page = sign_in::go(app, request.language(), request.parameter("path").as_deref());
            page.or_else(|error| sign_in::sorry(app, request.language(), &error))
        }
        (Get, ["sign-in", "return"]) => sign_in::back(app, request.language()),
        (Get, ["backup", job, attempt]) => backup::stream(app, request, &id(job)?, id(attempt)?).await,
        (Post, ["api", "session"]) => json(&sessions::open(app, request).await?),
        (Post, ["api", group @ ("privacy" | "companion"), verb]) => {
            session::companion(app, request).await?;
            match (*group, *verb) {
                ("privacy", "export") => json(&privacy::export(app, request.body().await?).await?),
                ("privacy", "erase") => json(&privacy::erase(app, request.body().await?).await?),
                ("companion", "check") => json(&privacy::check(app, request.body().await?)?),
                _ => Err(ErrorCode::RequestNotFound.into()),
            }
        }
        (_, ["" | "sign-in"] | ["sign-in", "return"] | ["backup", _, _] | ["api", "session"]) => {
            Err(ErrorCode::RequestMethod.into())
        }
        // Moodle's `require_login`: whoever opens an address in the browser is taken through the login first.
        (Get, ["api", ..]) if request.bearer().is_none() && request.is_navigation() => {
            let origin = &app.config.settings.worker_origin;
            let mut address = Url::parse(&format!("{origin}/sign-in")).map_err(ApiError::internal)?;
            address.query_pairs_mut().append_pair("path", &request.wanted());
            redirect(address.as_str())
        }
        (_, ["api", "manage", rest @ ..]) => {
            let user = session::current_user(app, request).await?;
            user.rights.require_manage()?;
            manage(app, request, &user, &method, rest).await
        }
        (_, ["api", rest @ ..]) => {
            let user = session::current_user(app, request).await?;
            teacher(app, request, &user, &method, rest).await
        }
        _ => Err(ErrorCode::RequestNotFound.into()),
    }
}

/// What everybody who sees the widget may ask.
async fn teacher(
    app: &App,
    request: &mut RequestContext,
    user: &CurrentUser,
    method: &Method,
    path: &[&str],
) -> ApiResult<Response> {
    match (method, path) {
        (Get, ["home"]) => json(&home::show(app, user).await?),
        (Get, ["remotes", remote, "courses"]) => {
            json(&courses::list(app, user, &id(remote)?, request.flag("refresh")).await?)
        }
        (Get, ["restores"]) => json(&restores::list(app, user).await?),
        (Post, ["restores"]) => json(&restores::schedule(app, user, request.body().await?).await?),
        (Post, ["restores", "preview"]) => json(&restores::preview(app, user, request.body().await?).await?),
        (Post, ["restores", job, "cancel"]) => json(&restores::cancel(app, user, &id(job)?).await?),
        (Post, ["restores", job, "retry"]) => json(&restores::retry(app, user, &id(job)?).await?),
        (Post, ["restores", job, "category"]) => {
            json(&restores::category(app, user, &id(job)?, request.body().await?).await?)
        }
        (Post, ["restores", job, "enrol"]) => json(&restores::enrol(app, user, &id(job)?).await?),
        (Get, ["explain"]) => json(&restores::explain(user, request.query()?)),
        (_, ["home" | "restores" | "explain"] | ["remotes", _, "courses"] | ["restores", ..]) => {
            Err(ErrorCode::RequestMethod.into())
        }
        _ => Err(ErrorCode::RequestNotFound.into()),
    }
}

/// What needs `block/courseferry:manage`, which the caller has checked.
async fn manage(
    app: &App,
    request: &mut RequestContext,
    user: &CurrentUser,
    method: &Method,
    path: &[&str],
) -> ApiResult<Response> {
    match (method, path) {
        (Get, []) => json(&manage::overview::show(app, user).await?),
        (Get, ["restores"]) => json(&manage::restores::list(app, user, request.query()?).await?),
        (Post, ["restores", job]) => json(&manage::restores::act(app, user, &id(job)?, request.body().await?).await?),
        (Post, ["pause"]) => json(&manage::overview::pause(app, user, request.body().await?).await?),
        (Get, ["explain"]) => json(&manage::people::explain(app, user, request.query()?).await?),
        (Get, ["audit"]) => json(&manage::audit::page(app, user, request.query()?).await?),
        (Get, ["audit.csv"]) => manage::audit::file(app).await,
        (Post, ["revoke"]) => json(&manage::people::revoke(app, user, request.body().await?).await?),
        (Get, ["readiness"]) => json(&manage::readiness::show(app, user, request.flag("refresh")).await?),
        (Post, ["retry"]) => json(&manage::overview::retry(app, user, request.body().await?).await?),
        (
            _,
            [] | ["restores", ..] | ["pause" | "explain" | "audit" | "audit.csv" | "revoke" | "readiness" | "retry"],
        ) => Err(ErrorCode::RequestMethod.into()),
        _ => Err(ErrorCode::RequestNotFound.into()),
    }
}

/// Whether it works, for a monitor: no names, no values.
async fn health(env: &Env, id: &str) -> ApiResult<Response> {
    let health = manage::readiness::health(env, id).await;
    let status = if health.ok { 200 } else { 503 };
    Ok(sealed(Response::from_json(&health)?.with_status(status))?)
}

fn id<T: FromStr>(text: &str) -> ApiResult<T> {
    text.parse().map_err(|_| ErrorCode::RequestNotFound.into())
}
