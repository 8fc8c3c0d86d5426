//! The stand-in for the client Moodle with the companion block: log-in, pages, web services, and restores that
//! really open the backup. What it may and may not do is decided by `courseferry_access` on its own rows.

mod arrived;
mod copies;
mod course;
mod demo;
mod job;
mod jobs;
mod moodle;
mod pages;
mod people;
mod services;
mod targets;

pub use course::Course;
pub use job::{Job, Stage};
pub use moodle::{Called, Client, ClientConfig, ClientTrap, Message, Pace};
pub use people::{Category, Site, User};

use crate::server::{Changes, StandIn, to_headers};
use axum::{
    Json,
    extract::{Query, State},
    http::StatusCode,
    middleware::map_response_with_state,
    response::IntoResponse,
    routing::{get, post},
};
use moodle::{Armed, Records};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

impl StandIn<Client> {
    /// Starts a client with the demo's people, roles and categories.
    pub fn client(config: ClientConfig) -> io::Result<Self> {
        let files = tempfile::tempdir()?;
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy();
        let http = http.read_timeout(Duration::from_mins(1)).build().map_err(io::Error::other)?;
        Self::start(config.port, None, |address| {
            let records = Records {
                site: demo::site(&address),
                worker: config.worker.clone(),
                courses: demo::courses(),
                last_course: 100,
                jobs: BTreeMap::new(),
                tasks: BTreeSet::new(),
                messages: Vec::new(),
                removals: BTreeSet::new(),
                recycled: Vec::new(),
                sessions: BTreeMap::new(),
                traps: Vec::new(),
                calls: Vec::new(),
            };
            let client = Arc::new(Client {
                config,
                address,
                records: Mutex::new(records),
                changes: Changes::new(),
                http,
                files,
            });
            tokio::spawn(jobs::recover(Arc::downgrade(&client), client.config.pace.recover));
            let router = pages::router()
                .layer(map_response_with_state(Arc::clone(&client), pages::with_policy))
                .merge(services::router())
                .route("/_standin/state", get(state))
                .route("/_standin/traps", post(set_trap).delete(clear_traps))
                .route("/_standin/sign-in", get(sign_in))
                .with_state(Arc::clone(&client));
            (client, router)
        })
    }
}

async fn state(State(client): State<Arc<Client>>) -> Json<Value> {
    let records = client.records();
    let jobs: Vec<_> = records.jobs.values().collect();
    let courses: Vec<_> = records.courses.values().collect();
    Json(json!({ "courses": courses, "jobs": jobs, "messages": records.messages, "calls": records.calls }))
}

async fn set_trap(State(client): State<Arc<Client>>, Json(armed): Json<Armed>) -> StatusCode {
    client.set(armed.trap, armed.times);
    StatusCode::NO_CONTENT
}

async fn clear_traps(State(client): State<Arc<Client>>) -> StatusCode {
    client.clear();
    StatusCode::NO_CONTENT
}

/// `?username=…&to=/path`: logs in without the form, for tests that are not about it.
async fn sign_in(
    State(client): State<Arc<Client>>,
    Query(query): Query<BTreeMap<String, String>>,
) -> impl IntoResponse {
    let cookie = query.get("username").and_then(|username| client.sign_in(username));
    let Some(cookie) = cookie else { return StatusCode::NOT_FOUND.into_response() };
    let to = query.get("to").map_or("/my/", String::as_str);
    (StatusCode::SEE_OTHER, to_headers(&[("set-cookie", &pages::cookie(&cookie)), ("location", to)])).into_response()
}
