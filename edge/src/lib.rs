//! The Worker: routes, cron, D1, secrets. Glue only: the rules are in the libraries beside it.
//!
//! Imports go one way: `http::router` and `cron` call `api`, which calls `auth` and `adapters`; `app`, `config` and
//! `http::error` are at the bottom. A test (`tests/tests/modules.rs`) keeps it free of circles.

mod adapters;
mod api;
mod app;
mod auth;
mod backup;
mod config;
mod cron;
mod http;
mod peers;

use adapters::{
    log::{self, Line, Since},
    runtime::random_hex,
};
use app::App;
use http::{request::RequestContext, response, router};
use worker::{Context, Env, Method, Request, Response, ScheduleContext, ScheduledEvent, event};

#[event(fetch)]
async fn fetch(request: Request, env: Env, context: Context) -> worker::Result<Response> {
    let mut request = RequestContext::new(request, context)?;
    let api = request.url().path().starts_with("/api/");
    if api && request.method() == Method::Options {
        return response::cors(&env, Response::empty()?.with_status(204));
    }
    let begun = Since::now();
    let (response, code) = match router::respond(&mut request, &env).await {
        Ok(response) => (response, None),
        Err(error) => {
            error.log(request.id());
            (response::failed(&error, request.language(), request.id())?, Some(error.code))
        }
    };
    let method = request.method();
    let line = Line::Request {
        request: request.id(),
        method: method.as_ref(),
        path: log::path(request.url().path()),
        status: response.status_code(),
        code,
        ms: begun.ms(),
    };
    line.write();
    if request.url().scheme() == "https" {
        response.headers().set("Strict-Transport-Security", "max-age=31536000")?;
    }
    if api { response::cors(&env, response) } else { Ok(response) }
}

#[event(scheduled)]
async fn scheduled(event: ScheduledEvent, env: Env, _: ScheduleContext) {
    let id = random_hex::<8>();
    let ticked = match App::new(&env, &id, None).await {
        Ok(app) => cron::scheduled(&app, &event.cron()).await,
        Err(error) => Err(error),
    };
    if let Err(error) = ticked {
        error.log(&id);
    }
}
