//! `require_login` at the edge: plain pages that keep the wanted path, let Moodle log the user in, and exchange
//! the launch token that comes back in the address's fragment. They hold no session: the scripts do, while they run.

use crate::{
    adapters::runtime::random_hex,
    app::App,
    http::error::{ApiError, ApiResult},
};
use courseferry_api::{ErrorCode, Language, words};
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
        html! { script nonce=(nonce) data-launch=(launch) data-path=(path) { (PreEscaped(GO)) } }
    };
    page(app, language, language.say(words::GOING_TO_MOODLE), Some(&script), 200)
}

/// `GET /sign-in/return`: back from Moodle.
pub fn back(app: &App, language: Language) -> ApiResult<Response> {
    let foreign = ErrorCode::LaunchState.sentence(language);
    let failed = ErrorCode::Internal.sentence(language);
    let script = |nonce: &str| {
        html! { script nonce=(nonce) data-foreign=(foreign) data-failed=(failed) { (PreEscaped(RETURN)) } }
    };
    page(app, language, language.say(words::OPENING_SESSION), Some(&script), 200)
}

/// What went wrong, for somebody who came with a browser.
pub fn sorry(app: &App, language: Language, error: &ApiError) -> ApiResult<Response> {
    let body = error.body(language, &app.request_id);
    page(app, language, &body.error.message, None, error.code.status())
}

/// A plain page. Its style and its script carry a nonce, and nothing else may run there.
fn page(
    app: &App,
    language: Language,
    title: &str,
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
                p id="again" hidden { a href="/" { (language.say(words::LOG_IN_AGAIN)) } }
                p { small { (app.request_id) } }
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
