//! The Worker's client: calls its typed endpoints as the current user. Sessions open, end and are renewed below here;
//! tokens live in memory only.

mod error;
mod http;
mod session;

pub use error::ApiError;
pub use session::{Launch, Place};

use courseferry_api::{Endpoint, Home, Raw, UnixTime};
use gloo_net::http::Response;
use leptos::prelude::*;
use serde::de::DeserializeOwned;
use session::Session;
use std::rc::Rc;

/// The computer's clock. Use the Worker's for what is shown.
#[expect(clippy::cast_possible_truncation, reason = "whole seconds are wanted")]
pub fn computer_time() -> UnixTime {
    UnixTime((js_sys::Date::now() / 1_000.0) as i64)
}

/// How the connection to the Worker is, for those who follow it.
#[derive(Clone, Copy, Default)]
pub struct Connection {
    /// How many calls in a row brought no answer; 0 while it is there.
    pub failures: RwSignal<u32>,
    /// Since when, by the computer's clock.
    pub lost: RwSignal<Option<UnixTime>>,
    /// The current user is no longer logged in to Moodle.
    pub logged_out: RwSignal<bool>,
}

/// Calls the Worker; a handle that is cheap to copy.
#[derive(Clone, Copy)]
pub struct Api {
    session: StoredValue<Rc<Session>, LocalStorage>,
    /// How the connection is.
    pub connection: Connection,
}

/// The Worker's client.
pub fn use_api() -> Api {
    expect_context()
}

impl Api {
    /// A client with the page's own launch token for the first try.
    pub fn new(place: Place, launch: Option<Launch>) -> Self {
        let session = StoredValue::new_local(Rc::new(Session::new(place, launch)));
        Self { session, connection: Connection::default() }
    }

    /// Opens the session and gives the home that came with it, unless an earlier caller has had that.
    pub async fn open(self) -> Result<Option<Home>, ApiError> {
        self.note_connection(self.session.get_value().open().await)
    }

    /// Calls an endpoint that only tells something.
    pub async fn get<E: Endpoint>(self, endpoint: E, query: &E::Query) -> Result<E::Answer, ApiError>
    where
        E::Answer: DeserializeOwned,
    {
        self.call(E::METHOD.as_str(), &endpoint.address(query), None).await
    }

    /// Calls an endpoint that takes a body.
    pub async fn post<E: Endpoint<Query = ()>>(self, endpoint: E, body: &E::Body) -> Result<E::Answer, ApiError>
    where
        E::Answer: DeserializeOwned,
    {
        self.call(E::METHOD.as_str(), &endpoint.path(), Some(http::write(body)?)).await
    }

    /// Calls an endpoint that answers with a file of text.
    pub async fn file<E: Endpoint<Answer = Raw>>(self, endpoint: E, query: &E::Query) -> Result<String, ApiError> {
        let text = match self.answer(E::METHOD.as_str(), &endpoint.address(query), None).await {
            Ok(response) => response.text().await.map_err(|_| ApiError::NotUnderstood(response.status())),
            Err(error) => Err(error),
        };
        self.note_connection(text)
    }

    async fn call<T: DeserializeOwned>(self, method: &str, path: &str, body: Option<String>) -> Result<T, ApiError> {
        let answer = match self.answer(method, path, body).await {
            Ok(response) => http::json(&response).await,
            Err(error) => Err(error),
        };
        self.note_connection(answer)
    }

    async fn answer(self, method: &str, path: &str, body: Option<String>) -> Result<Response, ApiError> {
        self.session.get_value().call(method, path, body.as_deref()).await
    }

    /// Keeps [`Connection`] true: a lost connection, an ended login, and their return.
    fn note_connection<T>(self, answer: Result<T, ApiError>) -> Result<T, ApiError> {
        let Connection { failures, lost, logged_out } = self.connection;
        match answer.as_ref().err() {
            Some(ApiError::LoggedOut) => logged_out.set(true),
            Some(error) if error.is_connection() => {
                if lost.get_untracked().is_none() {
                    lost.set(Some(computer_time()));
                }
                failures.update(|n| *n += 1);
            }
            _ => {
                if failures.get_untracked() > 0 {
                    failures.set(0);
                    lost.set(None);
                }
                if logged_out.get_untracked() {
                    logged_out.set(false);
                }
            }
        }
        answer
    }
}
