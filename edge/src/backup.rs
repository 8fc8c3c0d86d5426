//! `GET /backup/{job}/{attempt}`: the companion fetches a backup. The remote's stream is passed on natively, no byte
//! goes through this code, nothing is kept. Moodle ignores `If-Range`, so what it means is decided here.

use crate::{
    adapters::fetch::{self, header},
    app::App,
    http::{
        error::{ApiError, ApiResult},
        request::RequestContext,
    },
};
use courseferry_api::{ErrorCode, Failure, JobId, RemoteKind};
use courseferry_moodle::{Answer, BackupFile, BackupHead, Download};
use courseferry_store::Entry;
use worker::{Headers, Response, ResponseBody};

/// Seconds that a remote may take until the first byte of a backup.
const PATIENCE: u32 = 60;

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
    let mut response = fetch::head(&request, &headers, PATIENCE).await.map_err(unreachable)?;

    let head = match Download::of(response.status_code(), |name| response.headers().get(name).ok().flatten()) {
        Download::Backup(head) => head,
        Download::NoSuchRange => return unsatisfiable(&response, row.length),
        Download::Refused => return Err(refused(&mut response).await),
    };
    let known = row.etag.is_some();
    let replaced = !same(head.etag.as_deref().unwrap_or_default(), row.etag.as_deref())
        || matches!((head.total, row.length), (Some(now), Some(then)) if now != then);
    if known && replaced {
        return Err(close(&response, ErrorCode::BackupReplaced));
    }
    match head.range {
        // Moodle answers a part that is not there with everything.
        None if from > 0 && head.total.is_some_and(|total| from >= total) => {
            return unsatisfiable(&response, head.total);
        }
        Some(range) if range.first != from => return Err(close(&response, ErrorCode::BackupUnreachable)),
        _ => {}
    }
    if !known {
        app.store.first_answer(job, attempt, head.etag.as_deref().unwrap_or_default(), head.total).await?;
    }
    pass(&response, &head)
}

/// The remote's own stream under our headers. Its length is known to the runtime where the remote told it.
fn pass(response: &Response, head: &BackupHead) -> ApiResult<Response> {
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
    Ok(Response::from_body(response.body().clone())?.with_status(status).with_headers(headers))
}

async fn refused(response: &mut Response) -> ApiError {
    let body = match fetch::body(response).await {
        Ok(body) => body,
        Err(fault) => return ApiError::with(ErrorCode::BackupUnreachable, fault.to_string()),
    };
    let content_type = header(response.headers(), "content-type");
    let answer = Answer { status: response.status_code(), content_type: &content_type, body: &body };
    match Download::refusal(&answer) {
        Failure { code: ErrorCode::RemoteEmptyBackup, .. } => ErrorCode::BackupGone.into(),
        failure => failure.into(),
    }
}

fn unsatisfiable(response: &Response, total: Option<u64>) -> ApiResult<Response> {
    let detail = total.map(|total| format!("{total} bytes")).unwrap_or_default();
    Err(ApiError { detail, ..close(response, ErrorCode::BackupRange) })
}

/// Lets the remote stop sending what nobody will read.
fn close(response: &Response, code: ErrorCode) -> ApiError {
    if let ResponseBody::Stream(stream) = response.body() {
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
