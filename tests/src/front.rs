//! What stands before a Moodle, or before the Worker: a proxy that loses, delays, doubles and garbles answers, most of
//! them after who is behind it has acted. It does so by chance, from a seed, and counts what it did.

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::Request,
    http::{Response, StatusCode, header},
    middleware::Next,
    response::IntoResponse,
};
use std::{
    collections::BTreeMap,
    io,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::time::sleep;

/// What can happen to a request, with how often it shall in a thousand.
#[derive(Debug, Clone, Copy, Default)]
pub struct Weather {
    /// The Moodle never hears of it; a page with an error.
    pub refused: u32,
    /// The connection ends before anything was done.
    pub cut_before: u32,
    /// Done; the connection ends without an answer.
    pub cut_after: u32,
    /// Done; a proxy's page instead of the answer.
    pub replaced: u32,
    /// Done twice, as a proxy does that repeats a request; the second answer comes.
    pub doubled: u32,
    /// Done; the answer is cut in its middle, and yet looks whole.
    pub garbled: u32,
    /// Done, and the answer comes late.
    pub late: u32,
    /// Done late.
    pub held_up: u32,
}

impl Weather {
    /// Nothing happens.
    pub const CALM: Self =
        Self { refused: 0, cut_before: 0, cut_after: 0, replaced: 0, doubled: 0, garbled: 0, late: 0, held_up: 0 };

    /// Everything happens now and then.
    pub const ROUGH: Self = Self {
        refused: 30,
        cut_before: 20,
        cut_after: 50,
        replaced: 40,
        doubled: 40,
        garbled: 20,
        late: 40,
        held_up: 40,
    };

    fn of(self, mut number: u32) -> Option<Meddling> {
        let all = [
            (self.refused, Meddling::Refused),
            (self.cut_before, Meddling::CutBefore),
            (self.cut_after, Meddling::CutAfter),
            (self.replaced, Meddling::Replaced),
            (self.doubled, Meddling::Doubled),
            (self.garbled, Meddling::Garbled),
            (self.late, Meddling::Late),
            (self.held_up, Meddling::HeldUp),
        ];
        all.into_iter().find_map(|(share, meddling)| {
            if number < share {
                return Some(meddling);
            }
            number -= share;
            None
        })
    }
}

/// What happened to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Meddling {
    /// A page with an error; nothing was done.
    Refused,
    /// The connection ended; nothing was done.
    CutBefore,
    /// Done; the connection ended.
    CutAfter,
    /// Done; another answer.
    Replaced,
    /// Done twice.
    Doubled,
    /// Done; half an answer.
    Garbled,
    /// Done; answered late.
    Late,
    /// Done late.
    HeldUp,
}

impl Meddling {
    /// All of them, in the order of a table.
    pub const ALL: [Self; 8] = [
        Self::Refused,
        Self::CutBefore,
        Self::CutAfter,
        Self::Replaced,
        Self::Doubled,
        Self::Garbled,
        Self::Late,
        Self::HeldUp,
    ];

    /// The column's title.
    pub fn title(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::CutBefore => "cut before",
            Self::CutAfter => "cut after",
            Self::Replaced => "replaced",
            Self::Doubled => "doubled",
            Self::Garbled => "garbled",
            Self::Late => "late",
            Self::HeldUp => "held up",
        }
    }
}

/// What was called, and what happened to it: how often.
pub type Tally = BTreeMap<(String, Meddling), u32>;

/// The proxy before one Moodle. At first nothing happens.
#[derive(Debug, Default)]
pub struct Front(Mutex<State>);

#[derive(Debug)]
struct State {
    weather: Weather,
    chance: fastrand::Rng,
    tally: Tally,
}

impl Default for State {
    fn default() -> Self {
        Self { weather: Weather::CALM, chance: fastrand::Rng::with_seed(0), tally: Tally::new() }
    }
}

impl Front {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on things happen as often as this says.
    pub fn change(&self, weather: Weather, seed: u64) {
        let mut state = self.state();
        state.weather = weather;
        state.chance.seed(seed);
    }

    /// What has happened so far.
    pub fn tally(&self) -> Tally {
        self.state().tally.clone()
    }

    /// What happens to the next request, and how long it takes.
    fn draw(&self, call: &str) -> Option<(Meddling, Duration, u16)> {
        let mut state = self.state();
        let number = state.chance.u32(0..1000);
        let wait = Duration::from_millis(state.chance.u64(50..1500));
        let status = *[500, 502, 503, 504, 520].get(state.chance.usize(0..5))?;
        let meddling = state.weather.of(number)?;
        *state.tally.entry((call.to_owned(), meddling)).or_default() += 1;
        Some((meddling, wait, status))
    }

    /// Lets a request through, or not quite.
    pub(crate) async fn pass(&self, request: Request, next: Next) -> Response<Body> {
        let path = request.uri().path().to_owned();
        let between_servers =
            ["/webservice/", "/backup/", "/api/companion/"].iter().any(|start| path.starts_with(start))
                || path.starts_with("/blocks/") && (path.ends_with("webservice.php") || path.ends_with("/backup.php"));
        if !between_servers {
            return next.run(request).await;
        }
        let (parts, body) = request.into_parts();
        let Ok(body) = to_bytes(body, 64 << 20).await else { return StatusCode::BAD_REQUEST.into_response() };
        let whole = || Request::from_parts(parts.clone(), Body::from(body.clone()));
        let call = name_of(&path, &body);
        let Some((meddling, wait, status)) = self.draw(&call) else { return next.run(whole()).await };
        match meddling {
            Meddling::Refused => page(status),
            Meddling::CutBefore => cut(),
            Meddling::CutAfter => {
                next.run(whole()).await;
                cut()
            }
            Meddling::Replaced => {
                next.run(whole()).await;
                page(status)
            }
            Meddling::Doubled => {
                next.clone().run(whole()).await;
                next.run(whole()).await
            }
            Meddling::Garbled => {
                let (mut head, body) = next.run(whole()).await.into_parts();
                let Ok(body) = to_bytes(body, 64 << 20).await else { return cut() };
                head.headers.remove(header::CONTENT_LENGTH);
                Response::from_parts(head, Body::from(body.slice(..body.len() / 2)))
            }
            Meddling::Late => {
                let answer = next.run(whole()).await;
                sleep(wait).await;
                answer
            }
            Meddling::HeldUp => {
                sleep(wait).await;
                next.run(whole()).await
            }
        }
    }
}

fn page(status: u16) -> Response<Body> {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    let page = format!("<html>\r\n<head><title>{status}</title></head>\r\n</html>\r\n");
    (status, [(header::CONTENT_TYPE, "text/html")], page).into_response()
}

/// Headers, and then the connection ends.
fn cut() -> Response<Body> {
    let end = futures::stream::iter([Err::<Bytes, _>(io::Error::from(io::ErrorKind::ConnectionAborted))]);
    ([(header::CONTENT_TYPE, "application/json")], Body::from_stream(end)).into_response()
}

/// The function that a request calls; `download` from a remote, `copy` from the Worker, or what the Worker is told.
fn name_of(path: &str, body: &[u8]) -> String {
    if path.starts_with("/backup/") {
        return "copy".to_owned();
    }
    if let Some(told) = path.strip_prefix("/api/companion/") {
        return told.to_owned();
    }
    if !path.starts_with("/webservice/") {
        return "download".to_owned();
    }
    let function = url::form_urlencoded::parse(body).find(|(name, _)| name == "wsfunction");
    let function = function.map(|(_, value)| value.into_owned()).unwrap_or_default();
    let prefixes = ["block_courseferry_", "block_my_external_backup_restore_courses_", "core_webservice_"];
    prefixes.iter().find_map(|prefix| function.strip_prefix(prefix)).unwrap_or(&function).to_owned()
}
