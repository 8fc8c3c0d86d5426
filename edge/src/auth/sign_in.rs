//! The Worker's own plain pages. `require_login` at the edge keeps the wanted path, lets Moodle log the user in, and
//! exchanges the launch token that comes back in the address's fragment; the pages hold no session: their scripts do,
//! while they run. Another page tells what is to be done before the Worker can work at all.

use crate::{
    adapters::runtime::random_hex,
    app::App,
    http::error::{ApiError, ApiResult},
};
use courseferry_api::{Endpoint, ErrorCode, Language, OpenSession, SignIn, SignInReturn, Step, words};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use worker::{Response, Url};

const STYLE: &str = include_str!("../../../style/sign-in.css");
const GO: &str = include_str!("pages/go.js");
const RETURN: &str = include_str!("pages/return.js");

/// The wanted path, if it is one of ours: a single leading slash, and the same origin however it is read.
pub fn wanted(path: Option<&str>, origin: &str) -> ApiResult<String> {
    let path = path.unwrap_or("/");
    let plain = path.len() <= 1024 && path.starts_with('/') && !path.chars().any(char::is_control);
    let ours = |url: &Url| url.origin().ascii_serialization() == origin && !url.path().starts_with("//");
    let url = Url::parse(origin).and_then(|origin| origin.join(path)).ok();
    url.filter(ours).filter(|_| plain).map(|_| path.to_owned()).ok_or_else(|| ErrorCode::RequestReturn.into())
}

/// `GET /sign-in?path=…`: off to Moodle.
pub fn go(app: &App, language: Language, path: Option<&str>) -> ApiResult<Response> {
    let path = wanted(path, &app.settings.worker_origin)?;
    let launch = app.config.at_client("/blocks/courseferry/launch.php");
    let script = |nonce: &str| {
        html! {
            script nonce=(nonce) data-launch=(launch) data-path=(path) data-back=(SignInReturn.path()) {
                (PreEscaped(GO))
            }
        }
    };
    page(&app.request_id, language, language.say(words::GOING_TO_MOODLE), None, Some(&script), 200)
}

/// `GET /sign-in/return`: back from Moodle.
pub fn back(app: &App, language: Language) -> ApiResult<Response> {
    let foreign = ErrorCode::LaunchState.sentence(language);
    let failed = ErrorCode::Internal.sentence(language);
    let script = |nonce: &str| {
        html! {
            script nonce=(nonce) data-foreign=(foreign) data-failed=(failed) data-session=(OpenSession.path())
                data-sign-in=(SignIn.path()) { (PreEscaped(RETURN)) }
        }
    };
    page(&app.request_id, language, language.say(words::OPENING_SESSION), None, Some(&script), 200)
}

/// What went wrong, for somebody who came with a browser.
pub fn sorry(app: &App, language: Language, error: &ApiError) -> ApiResult<Response> {
    let body = error.body(language, &app.request_id);
    page(&app.request_id, language, &body.error.message, None, None, error.code.status())
}

/// What is to be done before anybody can work: for whoever opens the Worker's address.
pub fn first_steps(request_id: &str, language: Language, steps: &[Step]) -> ApiResult<Response> {
    let next = steps.iter().position(|step| !step.done).unwrap_or_default();
    let heading = steps.get(next).map(|step| {
        let (n, of) = ((next + 1).to_string(), steps.len().to_string());
        language.fill(words::STEP_OF, &[("n", &n), ("of", &of), ("title", &step.title)])
    });
    let list = html! {
        ol {
            @for (at, step) in steps.iter().enumerate() {
                li aria-current=[(at == next).then_some("step")] {
                    (step.title) @if step.done { " (" (language.say(words::STEP_DONE)) ")" }
                    @if at == next {
                        @for reason in &step.reasons { p { (with_code(reason)) } }
                        p { (with_code(&step.advice)) }
                        @if !step.command.is_empty() { pre { code { (step.command) } } }
                    }
                }
            }
        }
        p { a href="/" { (language.say(words::CHECK_AGAIN)) } }
    };
    page(request_id, language, &heading.unwrap_or_default(), Some(&list), None, 503)
}

/// The text, its parts between back ticks as code.
fn with_code(text: &str) -> Markup {
    html! {
        @for (at, part) in text.split('`').enumerate() {
            @if at % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

/// A plain page. Its style and its script carry a nonce, and nothing else may run there.
fn page(
    request_id: &str,
    language: Language,
    title: &str,
    below: Option<&Markup>,
    script: Option<&dyn Fn(&str) -> Markup>,
    status: u16,
) -> ApiResult<Response> {
    let nonce = random_hex::<16>();
    let page = html! {
        (DOCTYPE)
        html lang=(language.tag()) {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width";
            title { "Courseferry" }
            style nonce=(nonce) { (PreEscaped(STYLE)) }
            main {
                h1 role="status" { (title) }
                @if let Some(below) = below { (below) }
                p id="again" hidden { a href="/" { (language.say(words::LOG_IN_AGAIN)) } }
                p { small { (request_id) } }
            }
            @if let Some(script) = script {
                noscript { p { (language.say(words::NEEDS_JAVASCRIPT)) } }
                (script(&nonce))
            }
        }
    };
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src 'self'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    let response = Response::from_html(page.into_string())?.with_status(status);
    let headers = response.headers();
    headers.set("Content-Security-Policy", &policy)?;
    headers.set("Referrer-Policy", "no-referrer")?;
    headers.set("X-Content-Type-Options", "nosniff")?;
    headers.set("Cache-Control", "no-store")?;
    Ok(response)
}
