//! What every request and every tick works with: the configuration, the database, the request's id and the time.

use crate::{
    adapters::{d1::D1, log::Line, rates::Rates, runtime},
    config::Config,
    http::error::{ApiError, ApiResult},
};
use courseferry_api::{ErrorCode, Language, Problem, UnixTime, UserId};
use courseferry_ferry::{LedgerError, SettingError, Settings};
use courseferry_store::{ChangedSetting, Query, Store, queries};
use std::rc::Rc;
use worker::{Context, Env};

/// What an invocation works with.
pub struct App {
    /// What was deployed: secrets, and the settings as shipped.
    pub config: Rc<Config>,
    /// The settings in force: those changed on the Manage page over the shipped ones.
    pub settings: Settings,
    /// What an administrator changed.
    pub changed: Vec<ChangedSetting>,
    wrong: Vec<SettingError>,
    /// The changed settings could not be read, so that only the deployed ones count.
    unread: Option<LedgerError>,
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
    pub async fn new(env: &Env, request_id: &str, context: Option<Rc<Context>>) -> ApiResult<Self> {
        Ok(Self::reading(env, request_id, context, Query::nothing).await?.0)
    }

    /// The same, and what else is read in the same call of the database as the changed settings.
    pub async fn reading<T: 'static>(
        env: &Env,
        request_id: &str,
        context: Option<Rc<Context>>,
        more: impl Fn() -> Query<T>,
    ) -> ApiResult<(Self, T)> {
        let database = env.d1("DB").map_err(ApiError::database)?;
        let store = Store::new(D1::new(database));
        let config = Config::of(env)?;
        let (changed, unread, more) = match store.ask(queries::changed_settings().and(more())).await {
            Ok((changed, more)) => (changed, None, more),
            // People go on with the deployed settings where only the changed ones cannot be read.
            Err(error) => {
                let more = store.ask(more()).await?;
                let detail = format!("settings changed on the Manage page: {error}");
                Line::Error { request: request_id, code: Some(error.code()), detail: &detail }.write();
                (Vec::new(), Some(error), more)
            }
        };
        let (settings, wrong) = in_force(&config.settings, &changed);
        let app = Self {
            config,
            settings,
            changed,
            wrong,
            unread,
            store,
            request_id: request_id.to_owned(),
            now: runtime::now(),
            rates: Rates::of(env),
            context,
        };
        Ok((app, more))
    }

    /// What is wrong with settings and secrets although people can work.
    pub fn problems(&self, language: Language) -> Vec<Problem> {
        let wrong = self.wrong.iter().map(|error| error.problem(language));
        let unread = self.unread.iter().map(|error| Problem::new(error.code(), language, "", &error.0));
        self.config.problems(language).into_iter().chain(wrong).chain(unread).collect()
    }

    /// Refuses to go on with the deployed settings where the changed ones could not be read: nothing may start outside a
    /// window that an administrator narrowed.
    pub fn require_settings(&self) -> ApiResult<()> {
        self.unread.clone().map_or(Ok(()), |error| Err(error.into()))
    }

    /// When the night began that limits count for.
    pub fn night_began(&self) -> UnixTime {
        self.settings.window.night_began(self.now, &runtime::zone(&self.settings.timezone))
    }

    /// Works on after the answer was sent. A tick has no answer, and awaits what it does.
    pub fn after_the_answer(&self, work: impl Future<Output = ()> + 'static) {
        if let Some(context) = &self.context {
            context.wait_until(work);
        }
    }

    /// Refuses what this person asks more often than anybody's hand does.
    pub async fn limit_person(&self, user: UserId) -> ApiResult<()> {
        if !self.settings.rate_limits || self.rates.person(user).await {
            return Ok(());
        }
        Err(ErrorCode::RequestTooMany.into())
    }
}

/// Shipped settings with those that an administrator changed over them, and which of these are wrong.
pub fn in_force(shipped: &Settings, changed: &[ChangedSetting]) -> (Settings, Vec<SettingError>) {
    let values = changed.iter().map(|setting| (setting.name.as_str(), setting.value.as_str()));
    shipped.with_changes(values, runtime::zone_exists)
}
