//! What every request and every tick works with: the configuration, the database, the request's id and the time.

use crate::{
    adapters::{d1::D1, rates::Rates, runtime},
    config::Config,
    http::error::{ApiError, ApiResult},
};
use courseferry_api::{ErrorCode, UnixTime, UserId};
use courseferry_store::Store;
use std::rc::Rc;
use worker::{Context, Env};

/// What an invocation works with.
pub struct App {
    /// What an administrator set.
    pub config: Rc<Config>,
    /// The database.
    pub store: Store<D1>,
    /// The request's id, for the help desk, the audit and the log.
    pub request_id: String,
    /// When the invocation began.
    pub now: UnixTime,
    rates: Rates,
    context: Option<Rc<Context>>,
}

impl App {
    /// For one request, whose context it is, or for one tick.
    pub fn new(env: &Env, request_id: &str, context: Option<Rc<Context>>) -> ApiResult<Self> {
        let database = env.d1("DB").map_err(ApiError::database)?;
        Ok(Self {
            config: Config::of(env)?,
            store: Store::new(D1::new(database)),
            request_id: request_id.to_owned(),
            now: runtime::now(),
            rates: Rates::of(env),
            context,
        })
    }

    /// Works on after the answer was sent. A tick has no answer, and awaits what it does.
    pub fn after_the_answer(&self, work: impl Future<Output = ()> + 'static) {
        if let Some(context) = &self.context {
            context.wait_until(work);
        }
    }

    /// Refuses what this person asks more often than anybody's hand does.
    pub async fn limit_person(&self, user: UserId) -> ApiResult<()> {
        if !self.config.settings.rate_limits || self.rates.person(user).await {
            return Ok(());
        }
        Err(ErrorCode::RequestTooMany.into())
    }
}
