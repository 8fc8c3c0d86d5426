//! What stands before the Worker, as seen from the client Moodle: a proxy whose [`crate::front::Front`] loses, delays,
//! doubles and garbles what the client fetches from the Worker and tells it.

use crate::server::StandIn;
use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, Response, StatusCode, header},
    response::IntoResponse,
};
use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
};

/// The longest body that is passed on.
const MOST: usize = 1 << 20;

/// A proxy that passes everything on to one address.
#[derive(Debug)]
pub struct Relay {
    target: String,
    http: reqwest::Client,
    /// A byte is added to answers to paths that end like this.
    changes: Mutex<Option<String>>,
}

impl Relay {
    /// From now on adds a byte to what is fetched from paths that end like this: the same script, text or sheet, but for
    /// its hash.
    pub fn change(&self, ending: Option<&str>) {
        *self.changes.lock().unwrap_or_else(PoisonError::into_inner) = ending.map(str::to_owned);
    }

    fn changes(&self, path: &str) -> bool {
        let ending = self.changes.lock().unwrap_or_else(PoisonError::into_inner);
        ending.as_ref().is_some_and(|ending| path.ends_with(ending.as_str()))
    }
}

impl StandIn<Relay> {
    /// Starts a proxy before `target`, an address without a trailing slash.
    pub fn relay(target: &str) -> io::Result<Self> {
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy();
        // workerd closes an idle connection just when the next request would use it.
        let http = http.pool_max_idle_per_host(0).build().map_err(io::Error::other)?;
        Self::start(0, None, |_| {
            let relay = Arc::new(Relay { target: target.to_owned(), http, changes: Mutex::default() });
            let router = Router::new().fallback(pass_on).with_state(Arc::clone(&relay));
            (relay, router)
        })
    }
}

async fn pass_on(State(relay): State<Arc<Relay>>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MOST).await else { return StatusCode::PAYLOAD_TOO_LARGE.into_response() };
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let asked = relay.http.request(parts.method, format!("{}{path}", relay.target));
    let mut sent = between_ends(&parts.headers);
    if relay.changes(path) {
        // A decoder takes no notice of what follows a compressed body.
        sent.remove(header::ACCEPT_ENCODING);
    }
    match asked.headers(sent).body(body).send().await {
        Ok(answer) => {
            let (status, mut headers) = (answer.status(), between_ends(answer.headers()));
            if relay.changes(path) {
                headers.remove(header::CONTENT_LENGTH);
                let changed = [&answer.bytes().await.unwrap_or_default()[..], b" "].concat();
                return (status, headers, changed).into_response();
            }
            (status, headers, Body::from_stream(answer.bytes_stream())).into_response()
        }
        Err(_) => StatusCode::BAD_GATEWAY.into_response(),
    }
}

/// The headers that are not about one connection alone.
fn between_ends(headers: &HeaderMap) -> HeaderMap {
    let mut headers = headers.clone();
    for own in [header::HOST, header::CONNECTION, header::TRANSFER_ENCODING] {
        headers.remove(own);
    }
    headers
}
