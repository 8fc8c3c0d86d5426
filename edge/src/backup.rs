//! `GET /backup/{job}/{attempt}`: the companion fetches a backup. The remote's stream is passed on natively: of a whole
//! one this code reads the first bytes, to see that they are an archive's, and of a part none. Nothing is kept. Moodle
//! ignores `If-Range`, so what it means is decided here.

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
use wasm_bindgen::{JsCast, prelude::wasm_bindgen};
use web_sys::{ReadableStream, ReadableStreamDefaultReader, ReadableStreamReadResult, TransformStream, WritableStream};
use worker::{
    Headers, Response, ResponseBody, js_sys::Uint8Array, wasm_bindgen_futures::JsFuture, worker_sys::FixedLengthStream,
};

/// Seconds that a remote may take until the first byte of a backup.
const PATIENCE: u32 = 60;
/// Bytes that are enough to tell what a body is, even with blank space before it.
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
    // By the kind that the remote was when the backup was made.
    let request = match row.kind {
        RemoteKind::Courseferry => remote.download_of(job, row.number),
        RemoteKind::Original3 | RemoteKind::Original2 => remote.download(BackupFile { filerecordid: row.id }),
    };
    let response = fetch::head(&request, &headers, PATIENCE).await.map_err(unreachable)?;

    let head = match Download::of(response.status_code(), |name| response.headers().get(name).ok().flatten()) {
        Download::Backup(head) => head,
        Download::NoSuchRange => return unsatisfiable(response.body(), row.length),
        Download::Refused => return Err(refused(&response, response.body().clone()).await),
    };
    let body = match (head.range, response.body()) {
        (None, ResponseBody::Stream(stream)) => {
            match peek(app, stream, head.length).await.map_err(|_| unreachable(Fault::Cut))? {
                (Beginning::Archive, body) => ResponseBody::Stream(body),
                (_, body) => return Err(refused(&response, ResponseBody::Stream(body)).await),
            }
        }
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

/// What a stream begins with, and the same stream from its first byte: the pieces that were looked at are sent first, and
/// the platform passes on all others by itself.
async fn peek(app: &App, stream: &ReadableStream, length: Option<u64>) -> worker::Result<(Beginning, ReadableStream)> {
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    let (mut pieces, mut first) = (Vec::new(), Vec::new());
    while first.len() < BEGINNING {
        let read: ReadableStreamReadResult = JsFuture::from(reader.read()).await?.unchecked_into();
        if read.get_done() == Some(true) {
            break;
        }
        let piece: Uint8Array = read.get_value().unchecked_into();
        first.extend(piece.to_vec());
        pieces.push(piece);
    }
    reader.release_lock();

    let channel = match length {
        Some(length) => FixedLengthStream::new_big_int(length.into())?.unchecked_into(),
        None => IdentityTransformStream::new().unchecked_into::<TransformStream>(),
    };
    let (source, writable) = (stream.clone(), channel.writable());
    app.after_the_answer(async move {
        // A reader that goes away ends this loop, which lets the remote stop.
        if send_first(&writable, &pieces).await.is_ok() {
            let _ = JsFuture::from(source.pipe_to(&writable)).await;
        } else {
            let _ = source.cancel();
        }
    });
    Ok((Beginning::of(&first), channel.readable()))
}

async fn send_first(writable: &WritableStream, pieces: &[Uint8Array]) -> worker::Result<()> {
    let writer = writable.get_writer()?;
    for piece in pieces {
        JsFuture::from(writer.write_with_chunk(piece)).await?;
    }
    writer.release_lock();
    Ok(())
}

#[wasm_bindgen]
extern "C" {
    /// The platform's own pair of ends, through which bytes pass without this code.
    #[wasm_bindgen(extends = TransformStream)]
    type IdentityTransformStream;

    #[wasm_bindgen(constructor)]
    fn new() -> IdentityTransformStream;
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

/// Why there is no backup in an answer. The companion asks again after what passes by itself; anything else ends this
/// attempt with its own code.
async fn refused(response: &Response, body: ResponseBody) -> ApiError {
    let read = match body {
        ResponseBody::Stream(stream) => fetch::read(stream.into(), BODY_LIMIT).await,
        ResponseBody::Body(bytes) => Ok(bytes),
        ResponseBody::Empty => Ok(Vec::new()),
    };
    let Ok(body) = read else { return unreachable(Fault::Cut) };
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

fn unreachable(fault: Fault) -> ApiError {
    ApiError::with(ErrorCode::BackupUnreachable, fault.to_string())
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
