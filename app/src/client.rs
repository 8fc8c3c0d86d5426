//! The one HTTP client: opens the session with a launch token, takes a fresh one from Moodle when the session has
//! ended and repeats the call, and tells connection trouble from refusals. Tokens live in memory only.

use crate::json;
use courseferry_api::{ErrorBody, Home, Problem, Repeat, Session, SessionRequest};
use js_sys::Promise;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{AbortSignal, DomException, Headers, RequestInit, Response};

/// Milliseconds after which an answer is no longer waited for; a remote may take its time behind a call.
const PATIENCE: u32 = 45_000;

/// Why a call brought no answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Fault {
    /// The Worker could not be reached.
    Offline,
    /// It did not answer in time.
    TooSlow,
    /// The visitor is no longer logged in to Moodle.
    LoggedOut,
    /// The answer was not one of ours; its HTTP status.
    Garbled(u16),
    /// The Worker refused, with its reason and the request's id.
    Refused(Box<Problem>, String),
}

impl Fault {
    /// Nothing is wrong with the request: the connection or the service is away.
    pub fn is_connection(&self) -> bool {
        match self {
            Self::Offline | Self::TooSlow => true,
            Self::Garbled(status) => *status >= 500,
            Self::LoggedOut | Self::Refused(..) => false,
        }
    }

    /// A fresh launch token can mend it.
    fn renewable(&self) -> bool {
        let Self::Refused(problem, _) = self else { return false };
        let code = problem.code.as_str();
        (code.starts_with("launch.") || code.starts_with("session.")) && problem.code.repeat() == Repeat::Automatic
    }
}

/// Where the widget is and whom it serves: the block's data attributes.
#[derive(Debug, Clone, Default)]
pub struct Place {
    /// The Worker's origin.
    pub worker: String,
    /// Moodle's address.
    pub wwwroot: String,
    /// Moodle's session key, for its AJAX function.
    pub sesskey: String,
    /// The full page.
    pub page: String,
}

#[derive(Default)]
struct Access {
    launch: Option<String>,
    token: Option<String>,
    home: Option<Home>,
    opening: Option<Promise>,
    failed: Option<Fault>,
}

/// The text of an answer, or why there is none.
pub type Answer = Pin<Box<dyn Future<Output = Result<String, Fault>>>>;

/// Calls the Worker as the visitor.
pub struct Client {
    place: Place,
    access: RefCell<Access>,
}

#[derive(Serialize)]
struct MoodleCall {
    index: u8,
    methodname: &'static str,
    args: MoodleState,
}

#[derive(Serialize)]
struct MoodleState {
    state: &'static str,
}

#[derive(Deserialize)]
struct MoodleAnswer {
    data: Option<LaunchToken>,
    exception: Option<MoodleException>,
}

#[derive(Deserialize)]
struct LaunchToken {
    token: String,
}

#[derive(Deserialize)]
struct MoodleException {
    errorcode: String,
}

const LAUNCH_FUNCTION: &str = "block_courseferry_get_launch_token";

impl Client {
    /// A client with the page's own launch token for the first try.
    pub fn new(place: Place, launch: Option<String>) -> Rc<Self> {
        let access = Access { launch, ..Access::default() };
        Rc::new(Self { place, access: RefCell::new(access) })
    }

    /// Opens the session; its first screen, unless somebody has taken that already.
    pub async fn open(self: &Rc<Self>) -> Result<Option<Home>, Fault> {
        self.session(None).await?;
        Ok(self.access.borrow_mut().home.take())
    }

    /// What the Worker answers to `method path` with `body`: one future for all callers, whatever they make of it.
    pub fn call(self: &Rc<Self>, method: &'static str, path: &str, body: Option<String>) -> Answer {
        let (client, path) = (Rc::clone(self), path.to_owned());
        Box::pin(async move {
            let token = client.session(None).await?;
            match client.send(method, &path, body.as_deref(), Some(&token)).await {
                Err(fault) if fault.renewable() => {
                    let token = client.session(Some(token)).await?;
                    client.send(method, &path, body.as_deref(), Some(&token)).await
                }
                answer => answer,
            }
        })
    }

    /// A session token other than `ended`. Callers that come while one is being fetched wait for that one.
    async fn session(self: &Rc<Self>, ended: Option<String>) -> Result<String, Fault> {
        if let Some(token) = self.access.borrow().token.clone().filter(|token| ended.as_ref() != Some(token)) {
            return Ok(token);
        }
        let opening = self.access.borrow().opening.clone().unwrap_or_else(|| {
            let client = Rc::clone(self);
            future_to_promise(async move {
                let opened = client.exchange().await;
                let mut access = client.access.borrow_mut();
                access.opening = None;
                match opened {
                    Ok(session) => {
                        (access.token, access.home, access.failed) = (Some(session.token), Some(session.home), None);
                    }
                    Err(fault) => (access.token, access.failed) = (None, Some(fault)),
                }
                Ok(JsValue::UNDEFINED)
            })
        });
        self.access.borrow_mut().opening = Some(opening.clone());
        let _ = JsFuture::from(opening).await;
        let access = self.access.borrow();
        access.token.clone().ok_or_else(|| access.failed.clone().unwrap_or(Fault::Offline))
    }

    /// The page's launch token first; it may be used or too old, then a fresh one.
    async fn exchange(&self) -> Result<Session, Fault> {
        let at_hand = self.access.borrow_mut().launch.take();
        if let Some(launch) = at_hand {
            match self.redeem(launch.clone()).await {
                Err(fault) if fault.renewable() => {}
                Err(fault) => {
                    if fault.is_connection() {
                        self.access.borrow_mut().launch = Some(launch);
                    }
                    return Err(fault);
                }
                opened => return opened,
            }
        }
        self.redeem(self.fresh_launch().await?).await
    }

    async fn redeem(&self, launch: String) -> Result<Session, Fault> {
        let request = SessionRequest { launch, state: None };
        read(&self.send("POST", "/api/session", Some(&write(&request)?), None).await?)
    }

    /// From Moodle's AJAX function; if the visitor has logged out and in again meanwhile, the page's session key is
    /// void, and a fresh copy of the full page has what is needed.
    async fn fresh_launch(&self) -> Result<String, Fault> {
        match self.ajax_launch().await {
            Err(Fault::LoggedOut) => {
                let (_, page) = fetch("GET", &self.place.page, None, None).await?;
                launch_in(&page).ok_or(Fault::LoggedOut)
            }
            answer => answer,
        }
    }

    async fn ajax_launch(&self) -> Result<String, Fault> {
        let Place { wwwroot, sesskey, .. } = &self.place;
        let url = format!("{wwwroot}/lib/ajax/service.php?sesskey={sesskey}&info={LAUNCH_FUNCTION}");
        let call = [MoodleCall { index: 0, methodname: LAUNCH_FUNCTION, args: MoodleState { state: "" } }];
        let (status, text) = fetch("POST", &url, Some(&write(&call)?), None).await?;
        // Without a login, Moodle answers with an object instead of a list, or with its login page.
        let Ok(answers) = json::read::<Vec<MoodleAnswer>>(&text) else {
            return Err(if status < 500 { Fault::LoggedOut } else { Fault::Garbled(status) });
        };
        match answers.into_iter().next() {
            Some(MoodleAnswer { data: Some(launch), .. }) => Ok(launch.token),
            Some(MoodleAnswer { exception: Some(exception), .. }) if !is_login(&exception.errorcode) => {
                Err(Fault::Garbled(status))
            }
            _ => Err(Fault::LoggedOut),
        }
    }

    async fn send(&self, method: &str, path: &str, body: Option<&str>, token: Option<&str>) -> Result<String, Fault> {
        let url = format!("{}{path}", self.place.worker);
        let (status, text) = fetch(method, &url, body, token).await?;
        if (200..300).contains(&status) {
            return Ok(text);
        }
        let refusal = json::read::<ErrorBody>(&text).map_err(|_| Fault::Garbled(status))?;
        Err(Fault::Refused(Box::new(refusal.error), refusal.request_id))
    }
}

/// The launch token in the markup of a Moodle page with the widget.
fn launch_in(page: &str) -> Option<String> {
    let (_, tail) = page.split_once("data-launch=\"")?;
    tail.split('"').next().filter(|token| !token.is_empty()).map(str::to_owned)
}

fn is_login(errorcode: &str) -> bool {
    matches!(errorcode, "servicerequireslogin" | "invalidsesskey" | "requireloginerror" | "sessiontimedout")
}

/// The Worker's answer as a `T`.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, Fault> {
    json::read(text).map_err(|_| Fault::Garbled(200))
}

/// `body` as the Worker reads it.
pub fn write(body: &impl Serialize) -> Result<String, Fault> {
    serde_json::to_string(body).map_err(|_| Fault::Garbled(0))
}

async fn fetch(method: &str, url: &str, body: Option<&str>, token: Option<&str>) -> Result<(u16, String), Fault> {
    exchange(method, url, body, token).await.map_err(|error| {
        let late = error.dyn_ref::<DomException>().is_some_and(|e| e.name() == "TimeoutError");
        if late { Fault::TooSlow } else { Fault::Offline }
    })
}

async fn exchange(method: &str, url: &str, body: Option<&str>, token: Option<&str>) -> Result<(u16, String), JsValue> {
    let headers = Headers::new()?;
    let init = RequestInit::new();
    init.set_method(method);
    if let Some(body) = body {
        headers.set("Content-Type", "application/json")?;
        init.set_body(&body.into());
    }
    if let Some(token) = token {
        headers.set("Authorization", &format!("Bearer {token}"))?;
    }
    init.set_headers(&headers);
    init.set_signal(Some(&AbortSignal::timeout_with_u32(PATIENCE)));
    let response: Response =
        JsFuture::from(crate::browser::window().fetch_with_str_and_init(url, &init)).await?.dyn_into()?;
    let text = JsFuture::from(response.text()?).await?.as_string().unwrap_or_default();
    Ok((response.status(), text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use courseferry_api::{ErrorCode, Language};

    fn refused(code: ErrorCode) -> Fault {
        Fault::Refused(Box::new(Problem::new(code, Language::English, "", "")), String::new())
    }

    #[test]
    fn only_an_ended_session_or_used_launch_is_renewed() {
        for code in [ErrorCode::SessionExpired, ErrorCode::SessionRevoked, ErrorCode::LaunchReplayed] {
            assert!(refused(code).renewable(), "{code}");
        }
        for code in [ErrorCode::LaunchSignature, ErrorCode::AccessDenied, ErrorCode::RemoteUnreachable] {
            assert!(!refused(code).renewable(), "{code}");
        }
    }

    #[test]
    fn a_launch_token_is_found_in_moodles_page_and_not_in_its_login_page() {
        assert_eq!(
            launch_in(r#"<div data-courseferry data-launch="a.b-c_d" data-lang="en">"#).as_deref(),
            Some("a.b-c_d")
        );
        assert_eq!(launch_in(r#"<form id="login">"#), None);
    }
}
