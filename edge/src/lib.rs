//! The Worker: routes, cron, D1, secrets. Glue only: what is decided is decided in the libraries beside it.

mod audit;
mod backup;
mod config;
mod courses;
mod cron;
mod database;
mod fetch;
mod home;
mod manage;
mod peers;
mod platform;
mod ports;
mod privacy;
mod readiness;
mod refusal;
mod restores;
mod rights;
mod route;
mod session;
mod sign_in;
mod snapshots;
mod view;
mod visit;

use config::Config;
use courseferry_api::UnixTime;
use courseferry_store::Store;
use database::D1;
use refusal::{Refusal, Reply};
use route::{Door, Manage, Route, Service};
use std::rc::Rc;
use visit::{Visit, json, sealed};
use worker::{Context, Env, Method, Request, Response, ScheduleContext, ScheduledEvent, Url, event};

/// What an invocation works with.
pub struct App {
    /// What an administrator set.
    pub config: Rc<Config>,
    /// The database.
    pub store: Store<D1>,
    /// The request's id, for the help desk, the audit and the log.
    pub request_id: String,
    /// When the invocation began.
    pub now: UnixTime,
}

impl App {
    fn new(env: &Env, request_id: &str) -> Reply<Self> {
        let database = env.d1("DB").map_err(Refusal::database)?;
        Ok(Self {
            config: Config::of(env)?,
            store: Store::new(D1::new(database)),
            request_id: request_id.to_owned(),
            now: platform::now(),
        })
    }
}

#[event(fetch)]
async fn fetch(request: Request, env: Env, _: Context) -> worker::Result<Response> {
    let mut visit = Visit::new(request)?;
    let api = visit.url().path().starts_with("/api/");
    if api && visit.request().method() == Method::Options {
        return cors(&env, Response::empty()?.with_status(204));
    }
    let response = match serve(&mut visit, &env).await {
        Ok(response) => response,
        Err(refusal) => visit.refuse(&refusal)?,
    };
    if api { cors(&env, response) } else { Ok(response) }
}

#[event(scheduled)]
async fn scheduled(_: ScheduledEvent, env: Env, _: ScheduleContext) {
    let id = platform::hex(&platform::random::<8>());
    let ticked = match App::new(&env, &id) {
        Ok(app) => cron::tick(&app).await,
        Err(refusal) => Err(refusal),
    };
    if let Err(refusal) = ticked {
        refusal.log(&id);
    }
}

async fn serve(visit: &mut Visit, env: &Env) -> Reply<Response> {
    let route = Route::find(&visit.request().method(), visit.url().path())?;
    if route == Route::Health {
        return health(env, visit.id()).await;
    }
    let app = App::new(env, visit.id())?;
    match route {
        Route::Health | Route::Front => redirect(&app.config.at_client(PAGE)),
        Route::SignIn => {
            let language = visit.language();
            let page = sign_in::go(&app, language, visit.parameter("path").as_deref());
            page.or_else(|refusal| sign_in::sorry(&app, language, &refusal))
        }
        Route::SignInReturn => sign_in::back(&app, visit.language()),
        Route::Backup(job, attempt) => backup::stream(&app, visit, &job, attempt).await,
        Route::Service(service) => {
            session::companion(&app, visit).await?;
            match service {
                Service::Export => json(&privacy::export(&app, visit.body().await?).await?),
                Service::Erase => json(&privacy::erase(&app, visit.body().await?).await?),
                Service::Check => json(&privacy::check(&app, visit.body().await?)?),
            }
        }
        Route::Session => json(&session::open(&app, visit).await?),
        // Moodle's `require_login`: whoever opens an address in the browser is taken through the login first.
        Route::Visitor(_) if visit.bearer().is_none() && visit.is_navigation() => {
            let mut sign_in = address(&format!("{}/sign-in", app.config.settings.worker_origin))?;
            sign_in.query_pairs_mut().append_pair("path", &visit.wanted());
            redirect(sign_in.as_str())
        }
        Route::Visitor(door) => visitor(&app, visit, door).await,
    }
}

/// The page of the companion on which the widget has all its room.
const PAGE: &str = "/blocks/courseferry/view.php";

async fn visitor(app: &App, visit: &mut Visit, door: Door) -> Reply<Response> {
    let visitor = session::visitor(app, visit).await?;
    match door {
        Door::Home => json(&home::show(app, &visitor).await?),
        Door::Courses(remote) => {
            let refresh = visit.parameter("refresh").is_some_and(|refresh| refresh == "1");
            json(&courses::list(app, &visitor, &remote, refresh).await?)
        }
        Door::Restores => json(&restores::list(app, &visitor).await?),
        Door::Schedule => json(&restores::schedule(app, &visitor, visit.body().await?).await?),
        Door::Preview => json(&restores::preview(app, &visitor, visit.body().await?).await?),
        Door::Cancel(job) => json(&restores::cancel(app, &visitor, &job).await?),
        Door::Retry(job) => json(&restores::retry(app, &visitor, &job).await?),
        Door::Category(job) => json(&restores::category(app, &visitor, &job, visit.body().await?).await?),
        Door::Enrol(job) => json(&restores::enrol(app, &visitor, &job).await?),
        Door::Explain => json(&restores::explain(&visitor, visit.query()?)),
        Door::Manage(page) => {
            visitor.rights.require_manage()?;
            match page {
                Manage::Overview => json(&manage::overview(app, &visitor).await?),
                Manage::Restores => json(&manage::restores(app, &visitor, visit.query()?).await?),
                Manage::Act(job) => json(&manage::act(app, &visitor, &job, visit.body().await?).await?),
                Manage::Pause => json(&manage::pause(app, &visitor, visit.body().await?).await?),
                Manage::Explain => json(&manage::explain(app, &visitor, visit.query()?).await?),
                Manage::Audit => json(&manage::audit(app, &visitor, visit.query()?).await?),
                Manage::AuditFile => manage::audit_file(app).await,
                Manage::Revoke => json(&manage::revoke(app, &visitor, visit.body().await?).await?),
                Manage::Readiness => {
                    let refresh = visit.parameter("refresh").is_some_and(|refresh| refresh == "1");
                    json(&readiness::show(app, &visitor, refresh).await?)
                }
                Manage::Retry => json(&manage::retry(app, &visitor, visit.body().await?).await?),
            }
        }
    }
}

/// Whether it works, for a monitor: no names, no values.
async fn health(env: &Env, id: &str) -> Reply<Response> {
    let health = readiness::health(env, id).await;
    let status = if health.ok { 200 } else { 503 };
    Ok(sealed(Response::from_json(&health)?.with_status(status))?)
}

/// Lets the client Moodle's pages, and no others, read an answer. Sessions are no cookies: nothing is sent unasked.
fn cors(env: &Env, response: Response) -> worker::Result<Response> {
    let client = env.var("client_wwwroot").ok().and_then(|address| Url::parse(&address.to_string()).ok());
    let headers = response.headers();
    headers.set("Vary", "Origin")?;
    if let Some(client) = client {
        headers.set("Access-Control-Allow-Origin", &client.origin().ascii_serialization())?;
        headers.set("Access-Control-Allow-Headers", "Authorization, Content-Type")?;
        headers.set("Access-Control-Allow-Methods", "GET, POST")?;
        headers.set("Access-Control-Max-Age", "86400")?;
    }
    Ok(response)
}

/// Somewhere else. The runtime's own redirects cannot take further headers.
fn redirect(address: &str) -> Reply<Response> {
    let response = sealed(Response::empty()?.with_status(302))?;
    response.headers().set("Location", address)?;
    Ok(response)
}

fn address(text: &str) -> Reply<Url> {
    Url::parse(text).map_err(Refusal::internal)
}
