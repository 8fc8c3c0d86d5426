//! `GET /backup/{job}/{attempt}`: the companion fetches a backup. The remote's stream is passed on natively: of a whole
//! one this code reads a copy of the first bytes, to see that they are an archive's, and of a part none. Nothing is
//! kept. Moodle ignores `If-Range`, so what it means is decided here.

use crate::{
    adapters::fetch::{self, header},
    app::App,
    http::{
        error::{ApiError, ApiResult},
        request::RequestContext,
    },
};
use courseferry_api::{ErrorCode, Failure, JobId, RemoteKind, Repeat};
use courseferry_moodle::{Answer, BODY_LIMIT, BackupFile, BackupHead, Beginning, Download, Fault};
use courseferry_store::Entry;
use futures::StreamExt;
use wasm_bindgen::JsCast;
use web_sys::ReadableStream;
use worker::{ByteStream, Headers, Response, ResponseBody};

/// Seconds that a remote may take until the first byte of a backup.
const PATIENCE: u32 = 60;
/// Bytes that tell what a body is, whatever stands before its first letter.
const BEGINNING: usize = 64;

/// Streams a backup, or the rest of it.
pub async fn stream(app: &App, request: &RequestContext, job: &JobId, attempt: u32) -> ApiResult<Response> {
    let ticket = request.bearer().ok_or(ErrorCode::BackupTicket)?;
    let row = match app.store.enter(job, attempt, &ticket).await? {
        Entry::Open(backup) => backup,
        Entry::Refused => return Err(ErrorCode::BackupTicket.into()),
        Entry::Over => return Err(ErrorCode::BackupGone.into()),
        Entry::NotFound => return Err(ErrorCode::RestoreNotFound.into()),
    };
    let remote = app.config.remote(&row.remote)?;

    let from = first_byte(&request.header("range"))?;
    let condition = request.header("if-range");
    if from > 0 && !condition.is_empty() && !same(&condition, row.etag.as_deref()) {
        return Err(ErrorCode::BackupReplaced.into());
    }
    let range = format!("bytes={from}-");
    let identity = ("Accept-Encoding", "identity");
    let headers = if from > 0 { vec![identity, ("Range", range.as_str())] } else { vec![identity] };
    // As it was made, whatever the remote is by now.
    let request = match row.kind {
        RemoteKind::Courseferry => remote.download_of(job, row.number),
        RemoteKind::Original3 | RemoteKind::Original2 => remote.download(BackupFile { filerecordid: row.id }),
    };
    let unreachable = |fault| ApiError::with(ErrorCode::BackupUnreachable, format!("{fault}"));
    let response = fetch::head(&request, &headers, PATIENCE).await.map_err(unreachable)?;

    let head = match Download::of(response.status_code(), |name| response.headers().get(name).ok().flatten()) {
        Download::Backup(head) => head,
        Download::NoSuchRange => return unsatisfiable(response.body(), row.length),
        Download::Refused => return Err(refused(&response, response.body().clone()).await),
    };
    let body = match (head.range, response.body()) {
        (None, ResponseBody::Stream(stream)) => match peek(stream).await.map_err(unreachable)? {
            (Beginning::Archive, body) => ResponseBody::Stream(body),
            (_, body) => return Err(refused(&response, ResponseBody::Stream(body)).await),
        },
        (_, body) => body.clone(),
    };
    let known = row.etag.is_some();
    let replaced = !same(head.etag.as_deref().unwrap_or_default(), row.etag.as_deref())
        || matches!((head.total, row.length), (Some(now), Some(then)) if now != then);
    if known && replaced {
        return Err(close(&body, ErrorCode::BackupReplaced));
    }
    match head.range {
        // Moodle answers an unsatisfiable Range with 200 and the whole file; turn that into 416.
        None if from > 0 && head.total.is_some_and(|total| from >= total) => {
            return unsatisfiable(&body, head.total);
        }
        Some(range) if range.first != from => return Err(close(&body, ErrorCode::BackupUnreachable)),
        _ => {}
    }
    if !known {
        app.store.first_answer(job, attempt, head.etag.as_deref().unwrap_or_default(), head.total).await?;
    }
    pass(body, &head)
}

/// What a stream begins with, and the same stream from its first byte. It is the platform that copies: once the branch
/// that is read here is given up, the other is all that is left of the stream, and still a native one of known length.
async fn peek(stream: &ReadableStream) -> Result<(Beginning, ReadableStream), Fault> {
    let branches = stream.tee();
    let branch = |number| branches.get(number).unchecked_into::<ReadableStream>();
    let (mut copy, mut first) = (ByteStream::from(branch(0)), Vec::new());
    while first.len() < BEGINNING
        && let Some(chunk) = copy.next().await
    {
        first.extend(chunk.map_err(|_| Fault::Cut)?);
    }
    Ok((Beginning::of(&first), branch(1)))
}

/// The remote's own stream under our headers. Its length is known to the runtime where the remote told it.
fn pass(body: ResponseBody, head: &BackupHead) -> ApiResult<Response> {
    let headers = Headers::new();
    headers.set("Content-Type", "application/vnd.moodle.backup")?;
    headers.set("Cache-Control", "no-store, no-transform")?;
    headers.set("X-Content-Type-Options", "nosniff")?;
    headers.set("Accept-Ranges", "bytes")?;
    if let Some(etag) = &head.etag {
        headers.set("ETag", etag)?;
    }
    if let Some(length) = head.length {
        headers.set("Content-Length", &length.to_string())?;
    }
    if let Some(range) = head.range {
        headers.set("Content-Range", &range.to_string())?;
    }
    let status = if head.range.is_some() { 206 } else { 200 };
    Ok(Response::from_body(body)?.with_status(status).with_headers(headers))
}

/// Why there is no backup in an answer. What passes by itself is waited for by the companion, which asks again; anything
/// else ends this attempt under its own name.
async fn refused(response: &Response, body: ResponseBody) -> ApiError {
    let read = match body {
        ResponseBody::Stream(stream) => fetch::read(stream.into(), BODY_LIMIT).await,
        ResponseBody::Body(bytes) => Ok(bytes),
        ResponseBody::Empty => Ok(Vec::new()),
    };
    let Ok(body) = read else { return ApiError::with(ErrorCode::BackupUnreachable, Fault::Cut.to_string()) };
    let content_type = header(response.headers(), "content-type");
    let answer = Answer { status: response.status_code(), content_type: &content_type, body: &body };
    match Download::refusal(&answer) {
        Failure { code: ErrorCode::RemoteEmptyBackup, .. } => ErrorCode::BackupGone.into(),
        Failure { code, detail, .. } if code.repeat() == Repeat::Automatic => {
            ApiError::with(ErrorCode::BackupUnreachable, format!("{code}: {detail}"))
        }
        failure => failure.into(),
    }
}

fn unsatisfiable(body: &ResponseBody, total: Option<u64>) -> ApiResult<Response> {
    let detail = total.map(|total| format!("{total} bytes")).unwrap_or_default();
    Err(ApiError { detail, ..close(body, ErrorCode::BackupRange) })
}

/// Lets the remote stop sending what nobody will read.
fn close(body: &ResponseBody, code: ErrorCode) -> ApiError {
    if let ResponseBody::Stream(stream) = body {
        let _ = stream.cancel();
    }
    code.into()
}

/// The first byte asked for: only "from here to the end" is a part that is ever asked for.
fn first_byte(range: &str) -> ApiResult<u64> {
    if range.is_empty() {
        return Ok(0);
    }
    let first = range.trim().strip_prefix("bytes=").and_then(|rest| rest.strip_suffix('-'));
    Ok(first.and_then(|first| first.parse().ok()).ok_or(ErrorCode::BackupRange)?)
}

/// Whether two entity tags are of one content. A compressing front end makes a strong one weak.
fn same(tag: &str, known: Option<&str>) -> bool {
    let plain = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    plain(tag) == plain(known.unwrap_or_default())
}
