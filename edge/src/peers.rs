//! The client Moodle and the remotes as they last answered: names, and who is paused.

use crate::{app::App, auth::rights::Rights, http::error::ApiResult};
use courseferry_api::{Held, RemoteId, RemoteKind};
use courseferry_moodle::plain_text;
use courseferry_store::{PeerStatus, queries};
use std::collections::HashMap;
use worker::{Url, url::Position};

/// The configured remotes' names, and who is paused.
#[derive(Debug)]
pub struct Names {
    names: HashMap<RemoteId, String>,
    /// Every peer that was ever asked.
    statuses: Vec<PeerStatus>,
}

impl Names {
    /// What is known now.
    pub async fn of_all(app: &App) -> ApiResult<Self> {
        Ok(Self::new(app, app.store.ask(queries::peers()).await?))
    }

    /// What these say of themselves.
    pub fn new(app: &App, statuses: Vec<PeerStatus>) -> Self {
        let names = app.config.remotes.iter().map(|remote| {
            let own =
                statuses.iter().find(|peer| peer.remote.as_ref() == Some(remote.id())).map(|peer| peer.name.clone());
            let host =
                || Some(Url::parse(remote.url.as_str()).ok()?[Position::BeforeHost..Position::AfterPort].to_owned());
            (remote.id().clone(), own.filter(|name| !name.is_empty()).or_else(host).unwrap_or_default())
        });
        Self { names: names.collect(), statuses }
    }

    /// A remote's name in somebody's language, also once it is no longer configured; its id if it never gave a name.
    pub fn of(&self, remote: &RemoteId, locale: &str) -> String {
        let own = || self.status(Some(remote)).map(|peer| &peer.name).filter(|name| !name.is_empty());
        let name = self.names.get(remote).or_else(own);
        name.map_or_else(|| remote.to_string(), |name| plain_text(name, locale))
    }

    /// A configured remote's name as messages have it.
    pub fn configured(&self, remote: &RemoteId) -> Option<String> {
        self.names.get(remote).map(|name| plain_text(name, ""))
    }

    /// What lends a remote's courses, if that is known.
    pub fn kind(&self, remote: &RemoteId) -> Option<RemoteKind> {
        self.status(Some(remote)).and_then(|peer| peer.kind).map(|(kind, _)| kind)
    }

    /// Why a remote's restores wait for an administrator, if they do, and when they are given up.
    pub fn held(&self, app: &App, remote: &RemoteId, reader: &Rights) -> Option<Held> {
        let (since, failure) = self.status(Some(remote))?.held.clone()?;
        let name = self.of(remote, &reader.account.locale);
        let until = since.plus(86_400 * i64::from(app.settings.held_days));
        Some(Held { since, until, problem: reader.remote_problem(&name, failure.code, &failure.detail, true) })
    }

    /// Everything is paused.
    pub fn all_paused(&self) -> bool {
        self.statuses.iter().any(|peer| peer.remote.is_none() && peer.paused)
    }

    /// A peer as it last answered; without a remote, the client.
    pub fn status(&self, remote: Option<&RemoteId>) -> Option<&PeerStatus> {
        self.statuses.iter().find(|peer| peer.remote.as_ref() == remote)
    }
}
