//! `require_login` at the edge: plain pages that keep the wanted path, let Moodle log the visitor in, and exchange
//! the launch token that comes back in the address's fragment. They hold no session: the scripts do, while they run.

use crate::{
    App,
    platform::{hex, random},
    refusal::{Refusal, Reply},
};
use courseferry_api::{ErrorCode, Language};
use worker::{Response, Url};

const STYLE: &str = include_str!("../../style/sign-in.css");
const GO: &str = include_str!("pages/go.js");
const RETURN: &str = include_str!("pages/return.js");

/// The wanted path, if it is one of ours: a single leading slash, and the same origin however it is read.
pub fn wanted(path: Option<&str>, origin: &str) -> Reply<String> {
    let path = path.unwrap_or("/");
    let plain = path.len() <= 1024 && path.starts_with('/') && !path.chars().any(char::is_control);
    let ours = |url: &Url| url.origin().ascii_serialization() == origin && !url.path().starts_with("//");
    let url = Url::parse(origin).and_then(|origin| origin.join(path)).ok();
    url.filter(ours).filter(|_| plain).map(|_| path.to_owned()).ok_or_else(|| ErrorCode::RequestReturn.into())
}

/// `GET /sign-in?path=…`: off to Moodle.
pub fn go(app: &App, language: Language, path: Option<&str>) -> Reply<Response> {
    let path = wanted(path, &app.config.settings.worker_origin)?;
    let launch = app.config.at_client("/blocks/courseferry/launch.php");
    let data = [("launch", launch.as_str()), ("path", &path)];
    page(app, language, words(language).going, GO, &data, 200)
}

/// `GET /sign-in/return`: back from Moodle.
pub fn back(app: &App, language: Language) -> Reply<Response> {
    let words = words(language);
    let foreign = ErrorCode::LaunchState.sentence(language);
    let failed = ErrorCode::Internal.sentence(language);
    page(app, language, words.coming, RETURN, &[("foreign", foreign), ("failed", failed)], 200)
}

/// What went wrong, for somebody who came with a browser.
pub fn sorry(app: &App, language: Language, refusal: &Refusal) -> Reply<Response> {
    let body = refusal.body(language, &app.request_id);
    page(app, language, &body.error.message, "", &[], refusal.code.status())
}

struct Words {
    going: &'static str,
    coming: &'static str,
    again: &'static str,
    script: &'static str,
}

fn words(language: Language) -> Words {
    match language {
        Language::English => Words {
            going: "Going to Moodle to log in…",
            coming: "Opening your session…",
            again: "Log in again",
            script: "This page needs JavaScript. Switch it on for this site, or open Courseferry from your Moodle dashboard.",
        },
        Language::French => Words {
            going: "Direction Moodle pour vous connecter…",
            coming: "Ouverture de votre session…",
            again: "Se connecter de nouveau",
            script: "Cette page a besoin de JavaScript. Activez-le pour ce site, ou ouvrez Courseferry depuis votre tableau de bord Moodle.",
        },
    }
}

fn page(
    app: &App,
    language: Language,
    title: &str,
    script: &str,
    data: &[(&str, &str)],
    status: u16,
) -> Reply<Response> {
    let nonce = hex(&random::<16>());
    let Words { again, script: needed, .. } = words(language);
    let data: Vec<String> = data.iter().map(|(name, value)| format!("data-{name}=\"{}\"", escape(value))).collect();
    let data = data.join(" ");
    let script = match script {
        "" => String::new(),
        script => format!("<noscript><p>{needed}</p></noscript><script nonce=\"{nonce}\" {data}>{script}</script>"),
    };
    let html = format!(
        "<!doctype html><html lang=\"{}\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>Courseferry</title><style nonce=\"{nonce}\">{STYLE}</style>\
         <main><h1 role=\"status\">{}</h1><p id=\"again\" hidden><a href=\"/\">{again}</a></p><p><small>{}</small></p></main>{script}</html>",
        language.tag(),
        escape(title),
        app.request_id,
    );
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src 'self'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    let response = Response::from_html(html)?.with_status(status);
    let headers = response.headers();
    headers.set("Content-Security-Policy", &policy)?;
    headers.set("Referrer-Policy", "no-referrer")?;
    headers.set("X-Content-Type-Options", "nosniff")?;
    headers.set("Cache-Control", "no-store")?;
    Ok(response)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}
