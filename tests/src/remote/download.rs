//! The original's download script: Moodle's `send_stored_file` with its `ETag` and its own idea of ranges.

use super::{
    moodle::{Remote, Seen, header, spoiled},
    trap::Trap,
};
use crate::server::{Exception, form, to_headers};
use axum::{
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, Method, Response, StatusCode, Uri},
    response::IntoResponse,
};
use courseferry_api::RemoteKind;
use futures::{Stream, stream};
use std::{fs::File, io, os::unix::fs::FileExt, sync::Arc, time::Duration};
use tokio::time::sleep;

pub(super) const BACKUP_TYPE: &str = "application/vnd.moodle.backup";
const BOUNDARY: &str = "s1k2o3d4a5k6s7";
const CHUNK: u64 = 64 * 1024;

/// What is served: the file, its length and its `ETag`.
struct Stored {
    file: Arc<File>,
    len: u64,
    etag: String,
}

pub(super) async fn serve(
    State(remote): State<Arc<Remote>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let form = form(&uri, &headers, &body);
    let token = form.get("token").cloned().unwrap_or_default();
    // PARAM_INT makes a number of anything.
    let id: Option<i64> = form.get("filerecordid").map(|id| id.parse().unwrap_or_default());
    let made = remote.records().made.iter().find(|made| Some(made.filerecordid) == id).cloned();
    let call = Seen {
        function: "download".to_owned(),
        username: made.as_ref().map(|made| made.username.clone()),
        course: made.map(|made| made.course),
        filerecordid: id,
        with_people: false,
        concernedroles: None,
        token_in_address: uri.query().is_some_and(|query| query.contains("token")),
        own_token: token == remote.config.token,
        range: header(&headers, "range"),
        accept_encoding: header(&headers, "accept-encoding"),
    };
    remote.note(call.clone());
    if remote.kind() == RemoteKind::Courseferry {
        return StatusCode::NOT_FOUND.into_response();
    }
    if let Some(spoiled) = spoiled(&remote, &call).await {
        return spoiled;
    }
    if !form.contains_key("token") || id.is_none() {
        let message = if form.contains_key("token") {
            "A required parameter (filerecordid) was missing"
        } else {
            "A required parameter (token) was missing"
        };
        return Exception { class: "", code: "missingparam", message }.script();
    }
    if !call.own_token {
        return Exception::INVALID_TOKEN.script();
    }
    let empty = || (to_headers(&[("content-type", "application/json; charset=utf-8")]), no_bytes()).into_response();
    let (user, course) = (call.username.as_deref(), call.course);
    if remote.sprung(user, course, Trap::EmptyDownload) {
        return empty();
    }
    if remote.sprung(user, course, Trap::RedirectedDownload) {
        return (StatusCode::SEE_OTHER, to_headers(&[("location", "https://sso.example.org/login")])).into_response();
    }
    if remote.sprung(user, course, Trap::PageDownload) {
        let page = "<!DOCTYPE html>\n<html><title>Log in</title></html>";
        return (to_headers(&[("content-type", BACKUP_TYPE)]), page).into_response();
    }
    let stored = remote.records().slots.values().find(|slot| Some(slot.id) == id).map(|slot| Stored {
        file: slot.file(),
        len: slot.len,
        etag: format!("\"{}\"", slot.sha1),
    });
    // For an id that no longer exists the original's script answers with no bytes and no error.
    let Some(mut stored) = stored else { return empty() };
    let mut plain = true;
    if remote.sprung(user, course, Trap::WeakEtag) {
        // A compressing proxy does not compress parts.
        plain = call.range.is_some();
        stored.etag = format!("W/{}", stored.etag);
    }
    if remote.sprung(user, course, Trap::FrontEndEtag) {
        stored.etag = format!("\"656f13e8-{:x}\"", stored.len);
    }
    let line = Line::of(&remote, user, course);
    let mut response = send(&method, &headers, stored, plain, line);
    if let Some(kind) =
        remote.spring(user, course, |trap| if let Trap::DownloadType(kind) = trap { Some(kind) } else { None })
    {
        let kind = to_headers(&[("content-type", kind.as_str())]);
        response.headers_mut().remove("content-type");
        response.headers_mut().extend(kind);
    }
    response
}

fn no_bytes() -> Body {
    Body::from_stream(stream::empty::<io::Result<Bytes>>())
}

/// What happens to the bytes on their way.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Line {
    cut_after: Option<u64>,
    hang_after: Option<u64>,
    rate: Option<u64>,
    endless: bool,
    stray: bool,
}

impl Line {
    pub(super) fn of(remote: &Remote, user: Option<&str>, course: Option<i64>) -> Self {
        Self {
            cut_after: remote
                .spring(user, course, |trap| if let Trap::CutDownload { after } = trap { Some(after) } else { None }),
            hang_after: remote
                .spring(user, course, |trap| if let Trap::HangDownload { after } = trap { Some(after) } else { None }),
            rate: remote.spring(
                user,
                course,
                |trap| if let Trap::SlowDownload { rate } = trap { Some(rate) } else { None },
            ),
            endless: remote.sprung(user, course, Trap::EndlessDownload),
            stray: remote.sprung(user, course, Trap::StrayDownload),
        }
    }
}

fn send(method: &Method, headers: &HeaderMap, stored: Stored, plain: bool, line: Line) -> Response<Body> {
    let Stored { file, len, etag } = stored;
    let mut sent = to_headers(&[
        ("content-disposition", "inline; filename=\"backup.mbz\""),
        ("cache-control", "private, max-age=21600, no-transform"),
        ("pragma", ""),
        ("etag", &etag),
    ]);
    if header(headers, "if-none-match").as_deref() == Some(&etag) || header(headers, "if-modified-since").is_some() {
        return (StatusCode::NOT_MODIFIED, sent).into_response();
    }
    // Moodle ignores If-Range and If-Match.
    let ranges = header(headers, "range").and_then(|range| ranges(&range, len)).unwrap_or_default();
    let (status, content_type, length, parts) = match ranges.as_slice() {
        // Content-Length is the file's alone, so the line before it costs the file its last byte.
        [] if line.stray => {
            (StatusCode::OK, BACKUP_TYPE.to_owned(), len, vec![Part::Text("\n".to_owned()), Part::Bytes(0, len - 1)])
        }
        [] => (StatusCode::OK, BACKUP_TYPE.to_owned(), len, vec![Part::Bytes(0, len)]),
        [(first, last)] => {
            sent.extend(to_headers(&[("content-range", &format!("bytes {first}-{last}/{len}"))]));
            (StatusCode::PARTIAL_CONTENT, BACKUP_TYPE.to_owned(), last + 1 - first, vec![Part::Bytes(*first, last + 1)])
        }
        several => {
            let mut parts = Vec::new();
            for (first, last) in several {
                let head = format!(
                    "\r\n--{BOUNDARY}\r\nContent-Type: {BACKUP_TYPE}\r\nContent-Range: bytes {first}-{last}/{len}\r\n\r\n"
                );
                parts.extend([Part::Text(head), Part::Bytes(*first, last + 1)]);
            }
            parts.push(Part::Text(format!("\r\n--{BOUNDARY}--\r\n")));
            let length = parts.iter().map(Part::len).sum();
            (StatusCode::PARTIAL_CONTENT, format!("multipart/byteranges; boundary={BOUNDARY}"), length, parts)
        }
    };
    sent.extend(to_headers(&[("content-type", &content_type), ("accept-ranges", "bytes")]));
    if plain && !line.endless {
        sent.extend(to_headers(&[("content-length", &length.to_string())]));
    }
    let body = if method == Method::HEAD { Body::empty() } else { Body::from_stream(bytes(file, parts, line)) };
    (status, sent, body).into_response()
}

/// Moodle's reading of `Range`: nothing if one of them makes no sense, and then the whole file is sent.
pub(super) fn ranges(header: &str, len: u64) -> Option<Vec<(u64, u64)>> {
    let last_byte = len.checked_sub(1)?;
    let read = |range: &str| {
        let (first, last) = range.trim().split_once('-')?;
        let (first, last) = match (first.parse::<u64>(), last.parse::<u64>()) {
            (Ok(first), Ok(last)) => (first, last.min(last_byte)),
            (Ok(first), Err(_)) => (first, last_byte),
            (Err(_), Ok(suffix)) => (len.saturating_sub(suffix), last_byte),
            (Err(_), Err(_)) => return None,
        };
        (first <= last).then_some((first, last))
    };
    header.strip_prefix("bytes=")?.split(',').map(read).collect()
}

pub(super) enum Part {
    Text(String),
    /// From the first to before the second.
    Bytes(u64, u64),
}

impl Part {
    fn len(&self) -> u64 {
        match self {
            Self::Text(text) => text.len() as u64,
            Self::Bytes(from, to) => to - from,
        }
    }
}

/// The parts' bytes, read as they are asked for.
pub(super) fn bytes(
    file: Arc<File>,
    parts: Vec<Part>,
    line: Line,
) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    let state = (file, parts.into_iter().collect::<std::collections::VecDeque<_>>(), 0_u64);
    stream::try_unfold(state, move |(file, mut parts, sent)| async move {
        let cut = |limit: Option<u64>| limit.is_some_and(|limit| sent >= limit);
        if cut(line.cut_after) {
            // The bytes before must have left when the connection ends.
            sleep(Duration::from_millis(50)).await;
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        if cut(line.hang_after) {
            std::future::pending::<()>().await;
        }
        let chunk = match parts.pop_front() {
            None if line.endless => Bytes::from_static(&[0; 1024]),
            None => return Ok(None),
            Some(Part::Text(text)) => Bytes::from(text),
            Some(Part::Bytes(from, to)) => {
                let limits = [line.cut_after, line.hang_after].into_iter().flatten().map(|limit| limit - sent);
                let wanted = limits.chain([CHUNK, to - from]).min().unwrap_or(CHUNK);
                let mut buffer = vec![0; usize::try_from(wanted).map_err(io::Error::other)?];
                // `read_at` keeps no position: several downloads read the same file at once.
                let read = file.read_at(&mut buffer, from)?;
                if read == 0 && to > from {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                buffer.truncate(read);
                let next = from + read as u64;
                if next < to {
                    parts.push_front(Part::Bytes(next, to));
                }
                Bytes::from(buffer)
            }
        };
        if let Some(rate) = line.rate {
            let micros = chunk.len() as u64 * 1_000_000 / rate.max(1);
            sleep(Duration::from_micros(micros)).await;
        }
        let sent = sent + chunk.len() as u64;
        Ok(Some((chunk, (file, parts, sent))))
    })
}
