//! One call of a Moodle's REST server: what is sent, and how its answer is read.

use crate::{
    address::SiteUrl,
    answer::{Answer, Script},
    fault::Fault,
};
use courseferry_access::Secret;
use courseferry_api::Failure;
use std::fmt;
use url::form_urlencoded::Serializer;

/// The content type of every request body.
pub const CONTENT_TYPE: &str = "application/x-www-form-urlencoded";

/// A POST request. The body holds a token, so `Debug` leaves it out.
#[derive(Clone)]
pub struct Request {
    /// Where to send it.
    pub url: String,
    /// The form, of type [`CONTENT_TYPE`].
    pub body: String,
}

impl Request {
    pub(crate) fn new(url: String, fields: &[(&str, &str)]) -> Self {
        Self { url, body: Serializer::new(String::new()).extend_pairs(fields).finish() }
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request").field("url", &self.url).finish_non_exhaustive()
    }
}

/// A request, and the way to read its answer as a `T`.
#[derive(Debug)]
#[must_use]
pub struct Call<T> {
    pub request: Request,
    parse: fn(&[u8]) -> Result<T, serde_json::Error>,
    check: fn(&T) -> Result<(), Failure>,
    explain: fn(Fault) -> Failure,
}

impl<T> Call<T> {
    /// A function of the site's REST server. The token goes into the body, never into the address.
    pub(crate) fn function(site: &SiteUrl, token: &Secret, function: &str, explain: fn(Fault) -> Failure) -> Self
    where
        T: serde::de::DeserializeOwned,
    {
        let fields = [("wstoken", token.reveal()), ("wsfunction", function), ("moodlewsrestformat", "json")];
        Self {
            request: Request::new(site.join("/webservice/rest/server.php"), &fields),
            parse: |body| serde_json::from_slice(body),
            check: |_| Ok(()),
            explain,
        }
    }

    /// The same, where the answer is read otherwise than as plain JSON.
    pub(crate) fn reading<U>(self, parse: fn(&[u8]) -> Result<U, serde_json::Error>) -> Call<U> {
        Call { request: self.request, parse, check: |_| Ok(()), explain: self.explain }
    }

    /// Adds what an answer must fulfil beyond its shape.
    pub(crate) fn checked(self, check: fn(&T) -> Result<(), Failure>) -> Self {
        Self { check, ..self }
    }

    /// Adds a parameter; members of lists are named as Moodle wants them, `a[0][b]`.
    pub(crate) fn with(mut self, name: &str, value: impl fmt::Display) -> Self {
        let body = std::mem::take(&mut self.request.body);
        self.request.body = Serializer::new(body).append_pair(name, &value.to_string()).finish();
        self
    }

    /// Adds a parameter where there is a value for it.
    pub(crate) fn with_given(self, name: &str, value: Option<impl fmt::Display>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// Adds a list of plain values.
    pub(crate) fn with_list<V: fmt::Display>(self, name: &str, values: impl IntoIterator<Item = V>) -> Self {
        values.into_iter().enumerate().fold(self, |call, (i, value)| call.with(&format!("{name}[{i}]"), value))
    }

    /// What the answer says.
    pub fn read(&self, answer: &Answer<'_>) -> Result<T, Failure> {
        self.parsed(answer).map_err(|failure| Failure { well_formed: answer.is_moodles_own(), ..failure })
    }

    fn parsed(&self, answer: &Answer<'_>) -> Result<T, Failure> {
        answer.require_success(Script::Core).map_err(self.explain)?;
        // The error quotes what it did not expect.
        let unexpected = |error| Fault::Unexpected(format!("another answer than asked: {error}"));
        let read = (self.parse)(answer.body).map_err(|error| (self.explain)(unexpected(error)))?;
        (self.check)(&read).map(|()| read)
    }

    /// What it means when no answer came: `fault` is [`Fault::Unreachable`], [`Fault::Cut`] or
    /// [`Fault::Timeout`].
    pub fn failed(&self, fault: Fault) -> Failure {
        Failure { well_formed: false, ..(self.explain)(fault) }
    }
}
