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

/// How often each fault is injected, of a thousand requests.
#[derive(Debug, Clone, Copy, Default)]
pub struct FaultRates {
    /// An error page; the Moodle never gets the request.
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

impl FaultRates {
    /// Nothing happens.
    pub const NONE: Self =
        Self { refused: 0, cut_before: 0, cut_after: 0, replaced: 0, doubled: 0, garbled: 0, late: 0, held_up: 0 };

    /// Every fault happens now and then.
    pub const SOME_OF_EACH: Self = Self {
        refused: 30,
        cut_before: 20,
        cut_after: 50,
        replaced: 40,
        doubled: 40,
        garbled: 20,
        late: 40,
        held_up: 40,
    };

    fn of(self, mut number: u32) -> Option<InjectedFault> {
        let all = [
            (self.refused, InjectedFault::Refused),
            (self.cut_before, InjectedFault::CutBefore),
            (self.cut_after, InjectedFault::CutAfter),
            (self.replaced, InjectedFault::Replaced),
            (self.doubled, InjectedFault::Doubled),
            (self.garbled, InjectedFault::Garbled),
            (self.late, InjectedFault::Late),
            (self.held_up, InjectedFault::HeldUp),
        ];
        all.into_iter().find_map(|(share, fault)| {
            if number < share {
                return Some(fault);
            }
            number -= share;
            None
        })
    }
}

/// A fault that was injected, as the field of [`FaultRates`] with the same name describes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum InjectedFault {
    Refused,
    CutBefore,
    CutAfter,
    Replaced,
    Doubled,
    Garbled,
    Late,
    HeldUp,
}

impl InjectedFault {
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

    /// The title of its column in the table.
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
pub type Tally = BTreeMap<(String, InjectedFault), u32>;

/// The proxy before one Moodle. At first nothing happens.
#[derive(Debug, Default)]
pub struct Front(Mutex<State>);

#[derive(Debug)]
struct State {
    rates: FaultRates,
    chance: fastrand::Rng,
    tally: Tally,
}

impl Default for State {
    fn default() -> Self {
        Self { rates: FaultRates::NONE, chance: fastrand::Rng::with_seed(0), tally: Tally::new() }
    }
}

impl Front {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets how often faults are injected from now on.
    pub fn change(&self, rates: FaultRates, seed: u64) {
        let mut state = self.state();
        state.rates = rates;
        state.chance.seed(seed);
    }

    pub fn tally(&self) -> Tally {
        self.state().tally.clone()
    }

    /// The fault of the next request, if it has one, how long it takes, and the status of its error page.
    fn draw(&self, call: &str) -> Option<(InjectedFault, Duration, u16)> {
        let mut state = self.state();
        let number = state.chance.u32(0..1000);
        let wait = Duration::from_millis(state.chance.u64(50..1500));
        let status = *[500, 502, 503, 504, 520].get(state.chance.usize(0..5))?;
        let fault = state.rates.of(number)?;
        *state.tally.entry((call.to_owned(), fault)).or_default() += 1;
        Some((fault, wait, status))
    }

    /// Passes a request on, with the fault that was drawn for it.
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
        let Some((fault, wait, status)) = self.draw(&call) else { return next.run(whole()).await };
        match fault {
            InjectedFault::Refused => page(status),
            InjectedFault::CutBefore => cut(),
            InjectedFault::CutAfter => {
                next.run(whole()).await;
                cut()
            }
            InjectedFault::Replaced => {
                next.run(whole()).await;
                page(status)
            }
            InjectedFault::Doubled => {
                next.clone().run(whole()).await;
                next.run(whole()).await
            }
            InjectedFault::Garbled => {
                let (mut head, body) = next.run(whole()).await.into_parts();
                let Ok(body) = to_bytes(body, 64 << 20).await else { return cut() };
                head.headers.remove(header::CONTENT_LENGTH);
                Response::from_parts(head, Body::from(body.slice(..body.len() / 2)))
            }
            InjectedFault::Late => {
                let answer = next.run(whole()).await;
                sleep(wait).await;
                answer
            }
            InjectedFault::HeldUp => {
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

/// The function that a request calls; `download` from a remote, `copy` from the Worker, or the last part of the
/// address that the companion calls there.
fn name_of(path: &str, body: &[u8]) -> String {
    if path.starts_with("/backup/") {
        return "copy".to_owned();
    }
    if let Some(endpoint) = path.strip_prefix("/api/companion/") {
        return endpoint.to_owned();
    }
    if !path.starts_with("/webservice/") {
        return "download".to_owned();
    }
    let function = url::form_urlencoded::parse(body).find(|(name, _)| name == "wsfunction");
    let function = function.map(|(_, value)| value.into_owned()).unwrap_or_default();
    let prefixes = ["block_courseferry_", "block_my_external_backup_restore_courses_", "core_webservice_"];
    prefixes.iter().find_map(|prefix| function.strip_prefix(prefix)).unwrap_or(&function).to_owned()
}
