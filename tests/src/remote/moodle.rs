//! A remote Moodle: what it has made and seen, and what goes wrong with any call.

use super::{
    config::{RemoteConfig, RemoteCourse},
    lent::{Lent, Pair},
    slot::Slot,
    trap::{Armed, Trap, Traps},
};
use crate::server::{Changes, Exception, HTML, chunked, rest, to_headers};
use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, Response, StatusCode},
    response::IntoResponse,
};
use courseferry_api::RemoteKind;
use flate2::{Compression, write::GzEncoder};
use futures::{StreamExt, stream};
use serde::Serialize;
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    io::{self, Write},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::time::sleep;

/// A request that a remote has seen.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Seen {
    /// The web service function, or `download`.
    pub function: String,
    pub username: Option<String>,
    pub course: Option<i64>,
    pub filerecordid: Option<i64>,
    /// Whether people's data were asked for.
    pub with_people: bool,
    pub concernedroles: Option<String>,
    /// Whether its address held a token: it must not.
    pub token_in_address: bool,
    /// Whether the token was this remote's own.
    pub own_token: bool,
    pub range: Option<String>,
    pub accept_encoding: Option<String>,
}

/// A backup that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Made {
    pub username: String,
    pub course: i64,
    /// The file's id.
    pub filerecordid: i64,
    /// Our own kind: the client's restore.
    pub job: Option<String>,
    pub sha1: String,
    pub bytes: u64,
}

/// What a remote knows and has seen.
#[derive(Debug)]
pub(super) struct Records {
    pub(super) kind: RemoteKind,
    pub(super) traps: Traps,
    pub(super) seen: Vec<Seen>,
    pub(super) made: Vec<Made>,
    /// The one backup that an original keeps for each user (release 2) or for the site (release 3).
    pub(super) slots: BTreeMap<String, Slot>,
    /// The backups of our own kind.
    pub(super) lent: BTreeMap<Pair, Lent>,
    pub(super) last_id: i64,
}

/// A remote Moodle at work.
#[derive(Debug)]
pub struct Remote {
    pub(super) config: RemoteConfig,
    pub(super) address: String,
    pub(super) records: Mutex<Records>,
    pub(super) changes: Changes,
}

impl Remote {
    pub(super) fn records(&self) -> MutexGuard<'_, Records> {
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What lends its courses now.
    pub fn kind(&self) -> RemoteKind {
        self.records().kind
    }

    /// Its administrator installs another block.
    pub fn change_kind(&self, kind: RemoteKind) {
        self.records().kind = kind;
    }

    pub fn config(&self) -> &RemoteConfig {
        &self.config
    }

    /// Its entry in `EXTERNAL_MOODLES`.
    pub fn external_moodle(&self) -> String {
        format!("{},{}", self.address, self.config.token)
    }

    /// Sets a trap.
    pub fn set(&self, trap: impl Into<Armed>) {
        self.records().traps.0.push(trap.into());
    }

    pub fn clear(&self) {
        self.records().traps.0.clear();
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.records().seen.clone()
    }

    pub fn made(&self) -> Vec<Made> {
        self.records().made.clone()
    }

    pub async fn until_seen(&self, wanted: impl Fn(&Seen) -> bool) -> Seen {
        self.changes.until(|| self.records().seen.iter().find(|seen| wanted(seen)).cloned()).await
    }

    pub async fn until_made(&self, wanted: impl Fn(&Made) -> bool) -> Made {
        self.changes.until(|| self.records().made.iter().find(|made| wanted(made)).cloned()).await
    }

    pub(super) fn note(&self, seen: Seen) {
        self.records().seen.push(seen);
        self.changes.note();
    }

    pub(super) fn spring<T>(
        &self,
        username: Option<&str>,
        course: Option<i64>,
        met: impl Fn(Trap) -> Option<T>,
    ) -> Option<T> {
        self.records().traps.spring(username, course, met)
    }

    pub(super) fn sprung(&self, username: Option<&str>, course: Option<i64>, trap: Trap) -> bool {
        self.spring(username, course, |set| (set == trap).then_some(())).is_some()
    }

    pub(super) fn course(&self, id: i64) -> Option<&RemoteCourse> {
        self.config.courses.iter().find(|course| course.content.id == id)
    }

    /// All backups that clients of our own kind asked for.
    pub fn lent(&self) -> Vec<Lent> {
        self.records().lent.values().cloned().collect()
    }

    /// Waits for such a backup to become what is wanted.
    pub async fn until_lent(&self, wanted: impl Fn(&Lent) -> bool) -> Lent {
        self.changes.until(|| self.records().lent.values().find(|lent| wanted(lent)).cloned()).await
    }

    /// What traps make of a backup's file.
    pub(super) fn spoil(&self, slot: Slot, username: &str, id: i64) -> io::Result<Slot> {
        let slot = if self.sprung(Some(username), Some(id), Trap::TruncatedBackup) { slot.cut_short()? } else { slot };
        if self.sprung(Some(username), Some(id), Trap::NotABackup) {
            return Slot::of_bytes(slot.id, b"%PDF-1.4 this is no backup\n");
        }
        Ok(slot)
    }
}

/// What goes wrong with any call, whatever it asks.
pub(super) async fn spoiled(remote: &Remote, call: &Seen) -> Option<Response<Body>> {
    let page = |status: StatusCode, text: &str| {
        Some((status, [("content-type", HTML)], chunked(text.to_owned())).into_response())
    };
    let is_script = call.function == "download";
    let worded = |exception: Exception| Some(if is_script { exception.script() } else { exception.rest() });
    let met = |trap| match trap {
        Trap::BadToken
        | Trap::AccessRefused
        | Trap::AccountSuspended
        | Trap::NoCapability
        | Trap::Maintenance
        | Trap::CliMaintenance
        | Trap::WebServicesOff
        | Trap::NotInstalled
        | Trap::Html
        | Trap::Firewall
        | Trap::Challenge
        | Trap::NotFoundPage
        | Trap::SitePolicy
        | Trap::PhpError
        | Trap::EmptyAnswer
        | Trap::LongError { .. }
        | Trap::EndlessAnswer
        | Trap::PackedAnswer
        | Trap::DrippingAnswer
        | Trap::RedirectedAnswer
        | Trap::ServerError
        | Trap::NoErrorCode
        | Trap::Hang => Some(trap),
        _ => None,
    };
    match remote.spring(call.username.as_deref(), call.course, met)? {
        Trap::BadToken => worded(Exception::INVALID_TOKEN),
        Trap::AccessRefused => worded(Exception::ACCESS),
        Trap::AccountSuspended => worded(Exception::SUSPENDED),
        Trap::NoCapability => worded(Exception::NO_CAPABILITY),
        Trap::Maintenance => worded(Exception::MAINTENANCE),
        Trap::CliMaintenance => {
            let text = format!("<!DOCTYPE html>\n<html><title>{} under maintenance</title></html>", remote.config.name);
            let headers = to_headers(&[("content-type", HTML), ("retry-after", "300")]);
            Some((StatusCode::SERVICE_UNAVAILABLE, headers, chunked(text)).into_response())
        }
        // Only the REST server looks at the setting; the script says that access is refused.
        Trap::WebServicesOff if is_script => worded(Exception::ACCESS),
        Trap::WebServicesOff => page(StatusCode::FORBIDDEN, ""),
        Trap::NotInstalled if is_script => page(StatusCode::NOT_FOUND, "File not found.\n"),
        Trap::NotInstalled => worded(Exception::UNKNOWN_FUNCTION),
        Trap::Html => page(StatusCode::OK, "<!DOCTYPE html>\n<html><title>Welcome</title></html>"),
        Trap::Firewall => page(StatusCode::FORBIDDEN, "<html><h1>Request blocked</h1></html>"),
        Trap::Challenge => {
            let headers = to_headers(&[("content-type", HTML), ("cf-mitigated", "challenge")]);
            let text = "<!DOCTYPE html>\n<html><title>Just a moment...</title></html>".to_owned();
            Some((StatusCode::SERVICE_UNAVAILABLE, headers, chunked(text)).into_response())
        }
        Trap::NotFoundPage => page(StatusCode::NOT_FOUND, "<!DOCTYPE html>\n<html><title>404 Not Found</title></html>"),
        Trap::SitePolicy => worded(Exception::SITE_POLICY),
        Trap::PhpError => worded(Exception::PHP_ERROR),
        Trap::EmptyAnswer => Some(([("content-type", "application/json")], Body::empty()).into_response()),
        Trap::LongError { bytes } => Some(rest(&json!({
            "exception": "moodle_exception", "errorcode": "somethingelse", "message": "x".repeat(bytes),
        }))),
        Trap::EndlessAnswer => Some(endless(SPACES, Duration::ZERO)),
        Trap::PackedAnswer => {
            let packed = tokio::task::spawn_blocking(|| packed(UNPACKED_BYTES)).await.ok()?;
            let headers = to_headers(&[("content-type", "application/json"), ("content-encoding", "gzip")]);
            Some((headers, packed).into_response())
        }
        Trap::DrippingAnswer => Some(endless(b" ", Duration::from_secs(1))),
        Trap::RedirectedAnswer => {
            let headers = to_headers(&[("location", "https://elsewhere.example/webservice/rest/server.php")]);
            Some((StatusCode::TEMPORARY_REDIRECT, headers).into_response())
        }
        Trap::ServerError => page(StatusCode::INTERNAL_SERVER_ERROR, ""),
        Trap::NoErrorCode => Some(rest(&json!({ "exception": "Exception", "message": "Something went wrong" }))),
        _ => {
            std::future::pending::<()>().await;
            None
        }
    }
}

/// How much a packed answer unpacks to.
const UNPACKED_BYTES: usize = 1 << 28;
/// Whitespace, which JSON may have between any two values.
const SPACES: &[u8] = &[b' '; 1 << 14];

/// JSON that begins and never ends: the same piece again and again, after a pause each.
fn endless(piece: &'static [u8], pause: Duration) -> Response<Body> {
    let pieces = stream::repeat(Bytes::from_static(piece)).then(move |piece| async move {
        sleep(pause).await;
        Ok::<_, io::Error>(piece)
    });
    let begun = stream::iter([Ok(Bytes::from_static(b"["))]);
    ([("content-type", "application/json")], Body::from_stream(begun.chain(pieces))).into_response()
}

/// This many bytes of whitespace in gzip.
fn packed(bytes: usize) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    for _ in 0..bytes / SPACES.len() {
        // Writing to a vector cannot fail.
        let _ = packer.write_all(SPACES);
    }
    packer.finish().unwrap_or_default()
}

/// What a web service function answers.
pub(super) enum Answer {
    Json(Value),
    Http(Response<Body>),
}

pub(super) fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(ToOwned::to_owned)
}
