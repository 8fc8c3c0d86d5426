//! One request: its id, its reader's language, its body.

use crate::{
    adapters::{fetch, runtime::random_hex},
    http::error::{ApiError, ApiResult},
};
use courseferry_api::{Endpoint, ErrorCode, Language};
use std::{cell::Cell, rc::Rc};
use worker::{Context, Method, Request, Url};

/// The longest body of a request, in bytes: 200 choices are 20 KB.
const BODY_LIMIT: usize = 256 * 1024;

/// One request.
pub struct RequestContext {
    request: Request,
    url: Url,
    id: String,
    language: Cell<Language>,
    context: Rc<Context>,
}

impl RequestContext {
    /// The request, with a fresh id, in the language that the browser asks for.
    pub fn new(request: Request, context: Context) -> worker::Result<Self> {
        let accepted = fetch::header(request.headers(), "accept-language");
        let language = Language::of(accepted.split([',', ';']).next().unwrap_or_default().trim());
        Ok(Self {
            url: request.url()?,
            id: random_hex::<8>(),
            language: Cell::new(language),
            request,
            context: Rc::new(context),
        })
    }

    /// Its id, for the help desk and the log.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What lets work go on after the answer.
    pub fn context(&self) -> Rc<Context> {
        Rc::clone(&self.context)
    }

    pub fn method(&self) -> Method {
        self.request.method()
    }

    /// The reader's language.
    pub fn language(&self) -> Language {
        self.language.get()
    }

    /// From here on the reader is known, and with them their language.
    pub fn speak(&self, language: Language) {
        self.language.set(language);
    }

    /// A header's value, or the empty string.
    pub fn header(&self, name: &str) -> String {
        fetch::header(self.request.headers(), name)
    }

    /// The bearer token, if there is one.
    pub fn bearer(&self) -> Option<String> {
        let header = self.header("authorization");
        let (scheme, token) = header.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
    }

    /// Somebody opened this address in a browser, as a page.
    pub fn is_navigation(&self) -> bool {
        self.header("accept").contains("text/html")
    }

    /// The path and query, as wanted.
    pub fn wanted(&self) -> String {
        match self.url.query() {
            Some(query) => format!("{}?{query}", self.url.path()),
            None => self.url.path().to_owned(),
        }
    }

    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The query of an endpoint.
    pub fn query<E: Endpoint>(&self, _: &E) -> ApiResult<E::Query> {
        self.request.query().map_err(|error| ApiError::with(ErrorCode::RequestMalformed, error.to_string()))
    }

    /// The body of an endpoint, which is JSON.
    pub async fn body<E: Endpoint>(&mut self, _: &E) -> ApiResult<E::Body> {
        let Ok(stream) = self.request.stream() else {
            return Err(ApiError::with(ErrorCode::RequestMalformed, "no body"));
        };
        let bytes = fetch::read(stream, BODY_LIMIT).await?;
        if bytes.len() > BODY_LIMIT {
            return Err(ApiError::with(ErrorCode::RequestTooLarge, format!("{BODY_LIMIT} bytes")));
        }
        serde_json::from_slice(&bytes).map_err(|error| ApiError::with(ErrorCode::RequestMalformed, error.to_string()))
    }
}
