//! One request at a time, never redirected: what the doctor wants to know of an answer, and files that are deployed.
//! The sending is ureq's.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ureq::http::{HeaderMap, Response};
use ureq::{Agent, Body};

use crate::process::Clock;

/// Longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(30);

pub struct Http(Agent);

impl Http {
    /// A client; for addresses on this machine it uses no proxy.
    pub fn new(here: bool) -> Self {
        let config = Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .http_status_as_error(false)
            .max_redirects(0)
            .user_agent("courseferry-xtask");
        Self(if here { config.proxy(None).build() } else { config.build() }.into())
    }

    pub fn get(&self, address: &str) -> Result<Answer, ureq::Error> {
        let clock = Clock::start();
        Answer::read(self.0.get(address).call()?, &clock)
    }

    pub fn post(&self, address: &str, content_type: &str, form: &str) -> Result<Answer, ureq::Error> {
        let clock = Clock::start();
        Answer::read(self.0.post(address).header("Content-Type", content_type).send(form)?, &clock)
    }

    /// Fetches a file; none if it is not there.
    pub fn file(&self, address: &str) -> Result<Option<Vec<u8>>, ureq::Error> {
        let mut response = self.0.get(address).call()?;
        let content = response.body_mut().read_to_vec()?;
        Ok(response.status().is_success().then_some(content))
    }

    /// Asks, as a browser does, whether pages of `origin` may use an address.
    pub fn preflight(&self, address: &str, origin: &str) -> Result<Answer, ureq::Error> {
        let clock = Clock::start();
        let request = self.0.options(address).header("Origin", origin).header("Access-Control-Request-Method", "GET");
        Answer::read(request.call()?, &clock)
    }
}

/// An answer, with when it came and how long it took.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    /// The body, if it is text.
    pub body: String,
    /// How long it took to begin.
    pub took: Duration,
    headers: HeaderMap,
    /// By this machine's clock.
    came: SystemTime,
}

impl Answer {
    fn read(mut response: Response<Body>, clock: &Clock) -> Result<Self, ureq::Error> {
        #[expect(clippy::disallowed_methods, reason = "this program runs on the developer's machine only")]
        let came = SystemTime::now();
        let took = clock.elapsed();
        let body = response.body_mut().read_to_vec()?;
        Ok(Self {
            status: response.status().as_u16(),
            body: String::from_utf8(body).unwrap_or_default(),
            took,
            headers: response.headers().clone(),
            came,
        })
    }

    pub fn header(&self, name: &str) -> Option<String> {
        self.headers(name).into_iter().next()
    }

    pub fn headers(&self, name: &str) -> Vec<String> {
        let values = self.headers.get_all(name).iter();
        values.filter_map(|value| value.to_str().ok()).map(str::to_owned).collect()
    }

    /// How many seconds the sender's clock is before this machine's, by its `Date`.
    pub fn clock(&self) -> Option<i64> {
        let seconds = |time: SystemTime| i64::try_from(time.duration_since(UNIX_EPOCH).ok()?.as_secs()).ok();
        Some(seconds(httpdate::parse_http_date(&self.header("date")?).ok()?)? - seconds(self.came)?)
    }

    #[cfg(test)]
    pub fn made(status: u16, headers: &[(&str, &str)]) -> Self {
        let headers = headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        Self { status, body: String::new(), took: Duration::ZERO, headers, came: UNIX_EPOCH }
    }
}
