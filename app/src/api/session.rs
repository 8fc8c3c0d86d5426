//! The session: opened with a launch token, and with a fresh one from Moodle when it has ended; then the call is repeated.

use super::ApiError;
use super::http::{accepted, arriving, json, send, write};
use courseferry_api::{Endpoint, Home, OpenSession, SessionRequest};
use gloo_net::http::Response;
use js_sys::Promise;
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, future_to_promise};

/// The companion's function that signs launch tokens.
const LAUNCH_FUNCTION: &str = "block_courseferry_get_launch_token";

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

/// The page's own launch token.
pub struct Launch {
    pub token: String,
    /// What the Worker answers to it, if it was asked while this code was still being loaded.
    pub answer: Option<Promise>,
}

#[derive(Default)]
struct Tokens {
    launch: Option<Launch>,
    session: Option<String>,
    home: Option<Home>,
    /// Resolves when the session that is being opened is open or has failed; all callers wait for the same one.
    opening: Option<Promise>,
    failed: Option<ApiError>,
}

/// The current user's session.
pub struct Session {
    place: Place,
    tokens: RefCell<Tokens>,
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

impl Session {
    /// A session not opened yet.
    pub fn new(place: Place, launch: Option<Launch>) -> Self {
        Self { place, tokens: RefCell::new(Tokens { launch, ..Tokens::default() }) }
    }

    /// Opens it and gives the home that came with it, unless an earlier caller has had that.
    pub async fn open(self: Rc<Self>) -> Result<Option<Home>, ApiError> {
        self.token(None).await?;
        Ok(self.tokens.borrow_mut().home.take())
    }

    /// What the Worker answers to `method path`.
    pub async fn call(self: &Rc<Self>, method: &str, path: &str, body: Option<&str>) -> Result<Response, ApiError> {
        let url = format!("{}{path}", self.place.worker);
        let token = self.token(None).await?;
        match accepted(send(method, &url, body, Some(&token)).await?).await {
            Err(error) if error.is_renewable() => {
                let token = self.token(Some(token)).await?;
                accepted(send(method, &url, body, Some(&token)).await?).await
            }
            answer => answer,
        }
    }

    /// A session token other than `ended`. Callers that come while one is being fetched wait for that one.
    async fn token(self: &Rc<Self>, ended: Option<String>) -> Result<String, ApiError> {
        if let Some(token) = self.tokens.borrow().session.clone().filter(|token| ended.as_ref() != Some(token)) {
            return Ok(token);
        }
        let opening = self.tokens.borrow().opening.clone().unwrap_or_else(|| self.opening());
        self.tokens.borrow_mut().opening = Some(opening.clone());
        let _ = JsFuture::from(opening).await;
        let tokens = self.tokens.borrow();
        tokens.session.clone().ok_or_else(|| tokens.failed.clone().unwrap_or(ApiError::Offline))
    }

    fn opening(self: &Rc<Self>) -> Promise {
        let session = Rc::clone(self);
        future_to_promise(async move {
            let opened = session.exchange().await;
            let mut tokens = session.tokens.borrow_mut();
            tokens.opening = None;
            match opened {
                Ok(opened) => {
                    (tokens.session, tokens.home, tokens.failed) = (Some(opened.token), Some(opened.home), None);
                }
                Err(error) => (tokens.session, tokens.failed) = (None, Some(error)),
            }
            Ok(JsValue::UNDEFINED)
        })
    }

    /// The page's launch token first; it may be used or too old, then a fresh one.
    async fn exchange(&self) -> Result<courseferry_api::Session, ApiError> {
        let at_hand = self.tokens.borrow_mut().launch.take();
        if let Some(Launch { token, answer }) = at_hand {
            match self.redeem(&token, answer).await {
                Err(error) if error.is_renewable() => {}
                Err(error) => {
                    if error.is_connection() {
                        self.tokens.borrow_mut().launch = Some(Launch { token, answer: None });
                    }
                    return Err(error);
                }
                opened => return opened,
            }
        }
        self.redeem(&self.fresh_launch().await?, None).await
    }

    /// What the Worker answers to a launch token; `answer` if it has been asked already.
    async fn redeem(&self, launch: &str, answer: Option<Promise>) -> Result<courseferry_api::Session, ApiError> {
        let answer = if let Some(answer) = answer {
            arriving(answer).await?
        } else {
            let request = write(&SessionRequest { launch: launch.to_owned(), state: None })?;
            let url = format!("{}{}", self.place.worker, OpenSession.path());
            send("POST", &url, Some(&request), None).await?
        };
        json(&accepted(answer).await?).await
    }

    /// From Moodle's AJAX function; if the current user has logged out and in again meanwhile, the page's session key is
    /// void, and a fresh copy of the full page has what is needed.
    async fn fresh_launch(&self) -> Result<String, ApiError> {
        match self.ajax_launch().await {
            Err(ApiError::LoggedOut) => {
                let page = send("GET", &self.place.page, None, None).await?.text().await;
                page.ok().as_deref().and_then(launch_in).ok_or(ApiError::LoggedOut)
            }
            answer => answer,
        }
    }

    async fn ajax_launch(&self) -> Result<String, ApiError> {
        let Place { wwwroot, sesskey, .. } = &self.place;
        let url = format!("{wwwroot}/lib/ajax/service.php?sesskey={sesskey}&info={LAUNCH_FUNCTION}");
        let call = [MoodleCall { index: 0, methodname: LAUNCH_FUNCTION, args: MoodleState { state: "" } }];
        let response = send("POST", &url, Some(&write(&call)?), None).await?;
        let status = response.status();
        // Without a login, Moodle answers with an object instead of a list, or with its login page.
        let Ok(answers) = json::<Vec<MoodleAnswer>>(&response).await else {
            return Err(if status < 500 { ApiError::LoggedOut } else { ApiError::NotUnderstood(status) });
        };
        match answers.into_iter().next() {
            Some(MoodleAnswer { data: Some(launch), .. }) => Ok(launch.token),
            Some(MoodleAnswer { exception: Some(exception), .. }) if !is_login(&exception.errorcode) => {
                Err(ApiError::NotUnderstood(status))
            }
            _ => Err(ApiError::LoggedOut),
        }
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

#[cfg(test)]
mod tests {
    use super::launch_in;

    #[test]
    fn a_launch_token_is_found_in_moodles_page_and_not_in_its_login_page() {
        let page = r#"<div data-courseferry data-launch="a.b-c_d" data-lang="en">"#;
        assert_eq!(launch_in(page).as_deref(), Some("a.b-c_d"));
        assert_eq!(launch_in(r#"<form id="login">"#), None);
    }
}
