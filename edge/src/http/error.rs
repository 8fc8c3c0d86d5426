//! The one way in which anything fails here: a stable code with what its sentence needs, and a line for the log.
//!
//! People get the code's sentence and the request's id. What exactly happened inside goes to the log only; neither
//! ever holds a secret, a token or a ticket.

use crate::adapters::log::Line;
use courseferry_api::{ErrorBody, ErrorCode, Language, Problem};
use courseferry_ferry::{Failure, LedgerError};
use std::fmt::Display;

/// What a handler answers.
pub type ApiResult<T> = Result<T, ApiError>;

/// Why something was not done.
#[derive(Debug, Clone)]
pub struct ApiError {
    /// Which error it is.
    pub code: ErrorCode,
    /// The remote's name, for sentences with `{remote}`.
    pub remote: String,
    /// What exactly is meant; people see it.
    pub detail: String,
    /// What happened inside; only the log sees it.
    pub inside: String,
}

impl ApiError {
    /// An error that says more than its code.
    pub fn with(code: ErrorCode, detail: impl Into<String>) -> Self {
        Self { detail: detail.into(), ..code.into() }
    }

    /// An error of ours: the cause is for the log.
    pub fn internal(cause: impl Display) -> Self {
        Self { inside: cause.to_string(), ..ErrorCode::Internal.into() }
    }

    pub fn database(cause: impl Display) -> Self {
        Self { inside: cause.to_string(), ..ErrorCode::Database.into() }
    }

    /// As a person reads it.
    pub fn problem(&self, language: Language) -> Problem {
        Problem::new(self.code, language, &self.remote, &self.detail)
    }

    /// The body of the answer.
    pub fn body(&self, language: Language, request_id: &str) -> ErrorBody {
        ErrorBody { error: self.problem(language), request_id: request_id.to_owned() }
    }

    /// A line for the log, if it is our own fault: what people did wrong may hold names.
    pub fn log(&self, request_id: &str) {
        if self.code.status() >= 500 {
            let detail = format!("{} {}", self.detail, self.inside);
            Line::Error { request: request_id, code: Some(self.code), detail: detail.trim() }.write();
        }
    }
}

impl From<ErrorCode> for ApiError {
    fn from(code: ErrorCode) -> Self {
        Self { code, remote: String::new(), detail: String::new(), inside: String::new() }
    }
}

impl From<Failure> for ApiError {
    /// What ended a call or a step. Of the database people learn only that it failed.
    fn from(failure: Failure) -> Self {
        match failure.code {
            ErrorCode::Database => Self::database(failure.detail),
            code => Self::with(code, failure.detail),
        }
    }
}

impl From<LedgerError> for ApiError {
    fn from(error: LedgerError) -> Self {
        Self::database(error)
    }
}

impl From<worker::Error> for ApiError {
    fn from(error: worker::Error) -> Self {
        Self::internal(error)
    }
}
