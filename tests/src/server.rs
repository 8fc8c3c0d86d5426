//! What client and remote have in common: a server of their own, answers as Moodle words them, forms.
//!
//! Each stand-in runs on a runtime of its own, so that dropping it cuts every connection at once, as a dead machine does.

use axum::{
    Router,
    body::{Body, Bytes},
    extract::Request,
    http::{HeaderMap, HeaderValue, Response, StatusCode, Uri, header},
    middleware::{self, Next},
    response::IntoResponse,
};

use crate::{front::Front, tls::Certificate};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    io,
    net::{Ipv4Addr, TcpListener},
    ops::Deref,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};
use tokio::{runtime::Runtime, sync::watch};

/// A Moodle that runs until it is dropped.
#[derive(Debug)]
pub struct StandIn<S> {
    site: Arc<S>,
    front: Arc<Front>,
    address: String,
    runtime: Option<Runtime>,
}

impl<S: Send + Sync + 'static> StandIn<S> {
    /// Starts a server on a port of this machine, 0 for any; with a certificate over TLS.
    pub(crate) fn start(
        port: u16,
        certificate: Option<&Certificate>,
        make: impl FnOnce(String) -> (Arc<S>, Router),
    ) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        listener.set_nonblocking(true)?;
        let host = listener.local_addr()?.to_string();
        let address = format!("{}://{host}", if certificate.is_some() { "https" } else { "http" });
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let _inside = runtime.enter();
        let (site, router) = make(address.clone());
        let own = address.clone();
        let router =
            router.layer(middleware::from_fn(move |request, next| own_address_only(own.clone(), request, next)));
        let front = Arc::new(Front::default());
        let before = Arc::clone(&front);
        let router = router.layer(middleware::from_fn(move |request, next| {
            let front = Arc::clone(&before);
            async move { front.pass(request, next).await }
        }));
        let listener = tokio::net::TcpListener::from_std(listener)?;
        match certificate {
            Some(certificate) => {
                let listener = certificate.listen(listener);
                runtime.spawn(async move { axum::serve(listener, router).await })
            }
            None => runtime.spawn(async move { axum::serve(listener, router).await }),
        };
        Ok(Self { site, front, address, runtime: Some(runtime) })
    }

    /// Its address, without a trailing slash.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The proxy before it.
    pub fn front(&self) -> &Front {
        &self.front
    }

    /// The port that it listens on.
    pub fn port(&self) -> u16 {
        self.address.rsplit(':').next().and_then(|port| port.parse().ok()).unwrap_or_default()
    }

    /// The site itself, for tasks that outlive a borrow.
    pub fn site(&self) -> Arc<S> {
        Arc::clone(&self.site)
    }
}

impl<S> Deref for StandIn<S> {
    type Target = S;

    fn deref(&self) -> &S {
        &self.site
    }
}

impl<S> Drop for StandIn<S> {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Moodle sends whoever comes by another name to its own address.
async fn own_address_only(own: String, request: Request, next: Next) -> Response<Body> {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    if host == own.split("://").nth(1) {
        return next.run(request).await;
    }
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let location = format!("{own}{path}");
    let headers = [(header::LOCATION.as_str(), location.as_str()), ("x-redirect-by", "Moodle"), ("content-type", HTML)];
    (StatusCode::SEE_OTHER, to_headers(&headers), "<!DOCTYPE html>\n<html  lang=\"en\"><title>Redirect</title></html>")
        .into_response()
}

pub(crate) const HTML: &str = "text/html; charset=utf-8";

/// Headers from text; what is no header is left out.
pub(crate) fn to_headers(pairs: &[(&str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        if let (Ok(name), Ok(value)) = (header::HeaderName::try_from(*name), HeaderValue::from_str(value)) {
            headers.append(name, value);
        }
    }
    headers
}

/// A body without a known length, which HTTP/1.1 sends in chunks.
pub(crate) fn chunked(text: String) -> Body {
    Body::from_stream(futures::stream::iter(
        [Ok::<_, io::Error>(Bytes::from(text))]
            .into_iter()
            .filter(|chunk| chunk.as_ref().is_ok_and(|chunk| !chunk.is_empty())),
    ))
}

/// JSON as PHP writes it: slashes and everything beyond ASCII escaped.
pub(crate) fn php_json(value: &Value) -> String {
    value.to_string().chars().fold(String::new(), |mut json, character| {
        match character {
            '/' => json.push_str("\\/"),
            ' '..='~' => json.push(character),
            _ => {
                let mut units = [0; 2];
                for unit in character.encode_utf16(&mut units) {
                    json.extend(format!("\\u{unit:04x}").chars());
                }
            }
        }
        json
    })
}

/// An answer of `webservice/rest/server.php`.
pub(crate) fn rest(value: &Value) -> Response<Body> {
    let headers = [
        ("content-type", "application/json"),
        ("cache-control", "private, must-revalidate, pre-check=0, post-check=0, max-age=0"),
        ("expires", "Thu, 01 Jan 1970 00:00:00 GMT"),
        ("pragma", "no-cache"),
        ("accept-ranges", "none"),
        ("access-control-allow-origin", "*"),
    ];
    (to_headers(&headers), chunked(php_json(value))).into_response()
}

/// An answer of a script that talks JSON (`AJAX_SCRIPT`).
pub(crate) fn ajax(value: &Value) -> Response<Body> {
    let headers = [
        ("content-type", "application/json; charset=utf-8"),
        ("cache-control", "no-store, no-cache, must-revalidate"),
        ("cache-control", "post-check=0, pre-check=0"),
        ("pragma", "no-cache"),
        ("accept-ranges", "none"),
    ];
    (to_headers(&headers), chunked(php_json(value))).into_response()
}

/// An error of Moodle's: class, code, message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Exception {
    pub class: &'static str,
    pub code: &'static str,
    pub message: &'static str,
}

macro_rules! exceptions {
    ($($name:ident = $class:literal $code:literal $message:literal;)*) => {
        impl Exception {
            $(pub(crate) const $name: Self = Self { class: $class, code: $code, message: $message };)*
        }
    };
}

exceptions! {
    INVALID_TOKEN = "core\\exception\\moodle_exception" "invalidtoken" "Invalid token - token not found";
    ACCESS = "webservice_access_exception" "accessexception" "Access control exception";
    SUSPENDED = "core\\exception\\moodle_exception" "wsaccessusersuspended" "Refused web service access for suspended username: wsuser";
    NO_CAPABILITY = "core\\exception\\required_capability_exception" "nopermissions" "Sorry, but you do not currently have permissions to do that (Retrieve external backup files).";
    MAINTENANCE = "core\\exception\\moodle_exception" "sitemaintenance" "The site is undergoing maintenance and is currently not available";
    UNKNOWN_FUNCTION = "dml_missing_record_exception" "invalidrecord" "Can't find data record in database table external_functions.";
    INVALID_PARAMETER = "core\\exception\\invalid_parameter_exception" "invalidparameter" "Invalid parameter value detected";
    INVALID_RESPONSE = "core\\exception\\invalid_response_exception" "invalidresponse" "Invalid response value detected";
    INVALID_USERNAME = "block_my_external_backup_restore_courses_invalid_username_exception" "invalidusername" "debug/invalidusername";
    DATABASE = "dml_read_exception" "dmlreadexception" "Error reading from database";
    UNKNOWN_ACCOUNT = "core\\exception\\moodle_exception" "remote.unknown_user" "There is no account of that name here";
    ACCOUNT_NOT_LENT = "core\\exception\\moodle_exception" "remote.account_not_lent" "This site does not lend courses to this account";
    COURSE_MISSING = "core\\exception\\moodle_exception" "remote.course_missing" "There is no such course";
    NOT_LENT = "core\\exception\\moodle_exception" "remote.not_owner" "This account does not teach this course";
    NO_BACKUP_RIGHT = "core\\exception\\moodle_exception" "remote.no_backup_right" "This account may not back this course up";
    USERS_NOT_LENT = "core\\exception\\moodle_exception" "remote.users_not_lent" "Students' data are not lent";
    SITE_POLICY = "core\\exception\\moodle_exception" "sitepolicynotagreed" "Site policy not agreed";
    // PHP's own errors have no code, and neither has a plain exception.
    PHP_ERROR = "Error" "" "Call to undefined function debug()";
    NOT_OWNER = "Exception" "" "[[notcourseowner]]";
    USER_NOT_FOUND = "core\\exception\\moodle_exception" "usernotfound" "error/usernotfound";
    UNKNOWN_JOB = "core\\exception\\moodle_exception" "client.unknown_job" "error/client.unknown_job";
    NOT_AN_ADMINISTRATOR = "core\\exception\\moodle_exception" "client.no_capability" "error/client.no_capability";
    USER_INACTIVE = "core\\exception\\moodle_exception" "client.user_inactive" "error/client.user_inactive";
}

impl Exception {
    /// In the words of the REST server.
    pub(crate) fn rest(self) -> Response<Body> {
        let mut error = serde_json::json!({ "exception": self.class });
        if let Value::Object(fields) = &mut error {
            if !self.code.is_empty() {
                fields.insert("errorcode".to_owned(), self.code.into());
            }
            fields.insert("message".to_owned(), self.message.into());
        }
        rest(&error)
    }

    /// In the words of a script.
    pub(crate) fn script(self) -> Response<Body> {
        ajax(&serde_json::json!({
            "error": self.message, "errorcode": self.code, "stacktrace": null, "debuginfo": null, "reproductionlink": null,
        }))
    }

    /// In the words of the REST server to somebody who did not ask for JSON.
    pub(crate) fn xml(self) -> Response<Body> {
        let body = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<EXCEPTION class=\"{}\">\n<ERRORCODE>{}</ERRORCODE>\n<MESSAGE>{}</MESSAGE>\n</EXCEPTION>\n",
            self.class, self.code, self.message
        );
        (to_headers(&[("content-type", "application/xml; charset=utf-8")]), chunked(body)).into_response()
    }
}

/// Parameters as PHP merges them, the body before the address. Lists keep their names, `a[0][b]`.
pub(crate) type Form = BTreeMap<String, String>;

/// The parameters of a request. A body that is no form has none, whatever it holds.
pub(crate) fn form(uri: &Uri, headers: &HeaderMap, body: &[u8]) -> Form {
    let query = uri.query().unwrap_or_default().as_bytes();
    let is_form = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("application/x-www-form-urlencoded"));
    let body = if is_form { body } else { &[] };
    let parse = |text| url::form_urlencoded::parse(text).into_owned();
    parse(query).chain(parse(body)).collect()
}

/// `name[0]suffix`, `name[1]suffix`, …
pub(crate) fn list(form: &Form, name: &str, suffix: &str) -> Vec<String> {
    (0..).map_while(|index| form.get(&format!("{name}[{index}]{suffix}")).cloned()).collect()
}

/// Now, Unix seconds.
#[expect(clippy::disallowed_methods, reason = "a stand-in for Moodle has a clock, unlike the Worker")]
pub(crate) fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| i64::try_from(time.as_secs()).unwrap_or(i64::MAX))
}

/// Lets tests wait for something to become true instead of sleeping.
#[derive(Debug)]
pub(crate) struct Changes(watch::Sender<u64>);

impl Changes {
    pub(crate) fn new() -> Self {
        Self(watch::Sender::new(0))
    }

    pub(crate) fn note(&self) {
        self.0.send_modify(|version| *version += 1);
    }

    /// Waits until `look` sees something.
    pub(crate) async fn until<T>(&self, look: impl Fn() -> Option<T>) -> T {
        let mut version = self.0.subscribe();
        loop {
            version.mark_unchanged();
            if let Some(found) = look() {
                return found;
            }
            // The sender lives as long as this borrow.
            let _ = version.changed().await;
        }
    }
}
