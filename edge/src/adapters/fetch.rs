//! Requests to the client Moodle and to remotes: POST only, never redirected, limited in time and size.

use courseferry_api::ErrorCode;
use courseferry_ferry::Failure;
use courseferry_moodle::{Answer, BODY_LIMIT, CONTENT_TYPE, Call, Fault};
use futures::{
    StreamExt,
    future::{Either, select},
};
use std::{pin::pin, time::Duration};
use worker::{
    AbortController, AbortSignal, ByteStream, Delay, Fetch, Headers, Method, Request, RequestInit, RequestRedirect,
    Response,
};

/// Seconds that a Moodle may take over anything but a backup.
pub const PATIENCE: u32 = 25;

/// Makes a call of a Moodle and reads its answer.
pub async fn call<T>(call: Call<T>, seconds: u32) -> Result<T, Failure> {
    let answer = async |signal: AbortSignal| {
        let mut response = post(&call.request, &[], &signal).await?;
        let body = body(&mut response).await?;
        Ok((response, body))
    };
    let (response, body) = within(seconds, answer).await.map_err(|fault| call.failed(fault))?;
    let content_type = header(response.headers(), "content-type");
    let answer = Answer { status: response.status_code(), content_type: &content_type, body: &body };
    let retry_after = || header(response.headers(), "retry-after").parse().ok();
    call.read(&answer).map_err(|failure| Failure { retry_after: retry_after(), ..failure })
}

/// Posts a form and waits for the head of the answer; its body is left unread, and is not limited in time.
pub async fn head(
    request: &courseferry_moodle::Request,
    headers: &[(&str, &str)],
    seconds: u32,
) -> Result<Response, Fault> {
    within(seconds, async |signal: AbortSignal| post(request, headers, &signal).await).await
}

/// A header's value, or the empty string.
pub fn header(headers: &Headers, name: &str) -> String {
    headers.get(name).ok().flatten().unwrap_or_default()
}

/// The body of an answer, up to one byte more than is ever read.
pub async fn body(response: &mut Response) -> Result<Vec<u8>, Fault> {
    match response.stream() {
        Ok(stream) => read(stream, BODY_LIMIT).await.map_err(|_| Fault::Cut),
        Err(_) => Ok(Vec::new()),
    }
}

/// A stream's bytes, cut off once there are more than `limit`.
pub async fn read(mut stream: ByteStream, limit: usize) -> worker::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    while let Some(chunk) = stream.next().await {
        bytes.extend(chunk?);
        if bytes.len() > limit {
            break;
        }
    }
    Ok(bytes)
}

/// What came of asking the client, if that is known within so many seconds.
pub async fn soon<T>(seconds: u32, asked: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    match select(pin!(asked), Delay::from(Duration::from_secs(seconds.into()))).await {
        Either::Left((answer, _)) => answer,
        Either::Right(_) => Err(ErrorCode::ClientTimeout.into()),
    }
}

async fn within<T>(seconds: u32, work: impl AsyncFnOnce(AbortSignal) -> Result<T, Fault>) -> Result<T, Fault> {
    let controller = AbortController::default();
    let signal = controller.signal();
    let limit = Delay::from(Duration::from_secs(seconds.into()));
    let outcome = match select(pin!(work(signal)), limit).await {
        Either::Left((outcome, _)) => outcome,
        Either::Right(_) => Err(Fault::Timeout),
    };
    if outcome.is_err() {
        controller.abort();
    }
    outcome
}

async fn post(
    request: &courseferry_moodle::Request,
    headers: &[(&str, &str)],
    signal: &AbortSignal,
) -> Result<Response, Fault> {
    // The runtime does not tell a connection that was never made from one that broke before the answer came.
    let request = form(request, headers).map_err(|_| Fault::Unreachable)?;
    Fetch::Request(request).send_with_signal(signal).await.map_err(|_| Fault::Unreachable)
}

fn form(request: &courseferry_moodle::Request, headers: &[(&str, &str)]) -> worker::Result<Request> {
    let sent = Headers::new();
    sent.set("Content-Type", CONTENT_TYPE)?;
    sent.set("User-Agent", "Courseferry")?;
    for (name, value) in headers {
        sent.set(name, value)?;
    }
    let mut init = RequestInit::new();
    init.with_method(Method::Post)
        .with_headers(sent)
        .with_redirect(RequestRedirect::Manual)
        .with_body(Some(request.body.as_str().into()));
    Request::new_with_init(&request.url, &init)
}
