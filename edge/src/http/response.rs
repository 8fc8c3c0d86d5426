//! Answers: JSON, redirects, errors, and the headers that each of them carries.

use crate::http::error::{ApiError, ApiResult};
use courseferry_api::Language;
use serde::Serialize;
use worker::{Env, Response, Url};

pub fn json<T: Serialize>(value: &T) -> ApiResult<Response> {
    Ok(sealed(Response::from_json(value)?)?)
}

/// An answer for one reader: never stored, never taken for something else.
pub fn sealed(response: Response) -> worker::Result<Response> {
    let headers = response.headers();
    headers.set("Cache-Control", "no-store")?;
    headers.set("X-Content-Type-Options", "nosniff")?;
    Ok(response)
}

/// A CSV file to be saved under this name.
pub fn attachment(name: &str, response: Response) -> ApiResult<Response> {
    let response = sealed(response)?;
    response.headers().set("Content-Type", "text/csv; charset=utf-8")?;
    response.headers().set("Content-Disposition", &format!("attachment; filename=\"{name}\""))?;
    Ok(response)
}

/// A redirect. The runtime's own redirects cannot take further headers.
///
/// A browser carries the fragment of the address that it leaves, which may hold a launch token, over to an address
/// without one; so the target gets an empty fragment.
pub fn redirect(address: &str) -> ApiResult<Response> {
    let response = sealed(Response::empty()?.with_status(302))?;
    response.headers().set("Location", &format!("{address}#"))?;
    Ok(response)
}

/// The answer that an error becomes.
pub fn failed(error: &ApiError, language: Language, request_id: &str) -> worker::Result<Response> {
    let response = Response::from_json(&error.body(language, request_id))?;
    sealed(response.with_status(error.code.status()))
}

/// Lets the client Moodle's pages, and no others, read an answer. Sessions are no cookies: nothing is sent unasked.
pub fn cors(env: &Env, response: Response) -> worker::Result<Response> {
    let client = env.var("client_wwwroot").ok().and_then(|address| Url::parse(&address.to_string()).ok());
    let headers = response.headers();
    headers.set("Vary", "Origin")?;
    if let Some(client) = client {
        headers.set("Access-Control-Allow-Origin", &client.origin().ascii_serialization())?;
        headers.set("Access-Control-Allow-Headers", "Authorization, Content-Type")?;
        headers.set("Access-Control-Allow-Methods", "GET, POST")?;
        headers.set("Access-Control-Max-Age", "86400")?;
    }
    Ok(response)
}
