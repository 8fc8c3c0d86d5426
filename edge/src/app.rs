//! What every request and every tick works with: the configuration, the database, the request's id and the time.

use crate::{
    adapters::{d1::D1, runtime},
    config::Config,
    http::error::{ApiError, ApiResult},
};
use courseferry_api::UnixTime;
use courseferry_store::Store;
use std::rc::Rc;
use worker::Env;

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
}

impl App {
    /// For one request, or one tick.
    pub fn new(env: &Env, request_id: &str) -> ApiResult<Self> {
        let database = env.d1("DB").map_err(ApiError::database)?;
        Ok(Self {
            config: Config::of(env)?,
            store: Store::new(D1::new(database)),
            request_id: request_id.to_owned(),
            now: runtime::now(),
        })
    }
}
