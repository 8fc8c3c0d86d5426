//! One request and its answer, by `gloo-net`. Answers are read by `serde_json`: `serde-wasm-bindgen` is 13 KB smaller,
//! but asks the browser for each field of each course, which for a list of thousands takes longer than loading those.

use super::ApiError;
use courseferry_api::ErrorBody;
use gloo_net::http::{Headers, Method, RequestBuilder, Response};
use js_sys::Promise;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, DomException};

/// Milliseconds after which an answer is no longer waited for; a remote may take its time behind a call.
const PATIENCE: u32 = 45_000;

/// Sends a request with a JSON body and a bearer token, if they are given.
pub async fn send(method: &str, url: &str, body: Option<&str>, token: Option<&str>) -> Result<Response, ApiError> {
    let headers = Headers::new();
    if let Some(token) = token {
        headers.set("Authorization", &format!("Bearer {token}"));
    }
    let signal = AbortSignal::timeout_with_u32(PATIENCE);
    let method = if method == "POST" { Method::POST } else { Method::GET };
    let request = RequestBuilder::new(url).method(method).headers(headers).abort_signal(Some(&signal));
    let request = match body {
        Some(body) => request.header("Content-Type", "application/json").body(body),
        None => request.build(),
    };
    let failed = |_| if signal.aborted() { ApiError::TooSlow } else { ApiError::Offline };
    request.map_err(failed)?.send().await.map_err(failed)
}

/// The answer to a request that the page's script has sent.
pub async fn arriving(answer: Promise) -> Result<Response, ApiError> {
    let failed = |error: JsValue| match error.dyn_ref::<DomException>() {
        Some(error) if error.name() == "TimeoutError" => ApiError::TooSlow,
        _ => ApiError::Offline,
    };
    JsFuture::from(answer).await.map_err(failed)?.dyn_into::<web_sys::Response>().map(Into::into).map_err(failed)
}

/// The answer as a `T`.
pub async fn json<T: DeserializeOwned>(response: &Response) -> Result<T, ApiError> {
    response.json().await.map_err(|_| ApiError::NotUnderstood(response.status()))
}

/// The Worker's answer, or its refusal.
pub async fn accepted(response: Response) -> Result<Response, ApiError> {
    if response.ok() {
        return Ok(response);
    }
    let refusal: ErrorBody = json(&response).await?;
    Err(ApiError::Refused(Box::new(refusal.error)))
}

/// A request's body.
pub fn write(body: &impl Serialize) -> Result<String, ApiError> {
    serde_json::to_string(body).map_err(|_| ApiError::NotUnderstood(0))
}
