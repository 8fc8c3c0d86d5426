//! What the parts of the Manage page share.

use super::filter::Filter;
use crate::api::{Api, ApiError, use_api};
use crate::i18n::{text, use_i18n};
use crate::state::announcer::Announcer;
use crate::state::restores::RestoreList;
use crate::state::session::Session;
use courseferry_api::{
    CheckState, GetOverview, GetReadiness, Overview, Pause, Readiness, RefreshQuery, RemoteId, RetryFailures,
    RetryGroup, SetPause, TryRemote,
};
use leptos::prelude::*;

/// What an administrator does that answers with the overview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OverviewAction {
    Pause(Pause),
    Retry(RetryGroup),
    /// A remote that is held is tried again at once.
    Try(RemoteId),
}

/// What the parts of the page share; a handle that is cheap to copy.
#[derive(Clone, Copy)]
pub struct ManageState {
    pub api: Api,
    pub overview: LocalResource<Result<Overview, ApiError>>,
    pub act: Action<OverviewAction, Result<(), String>>,
    /// Looks at how ready all is; anew if `true`.
    pub check: Action<bool, Result<(), ApiError>>,
    /// What was found last.
    pub readiness: RwSignal<Option<Readiness>>,
    /// What the list of everybody's restores shows.
    pub filter: RwSignal<Filter>,
}

impl ManageState {
    /// Asks for what the page shows first.
    pub fn new() -> Self {
        let (i18n, api) = (use_i18n(), use_api());
        let announcer: Announcer = expect_context();
        let (session, restores): (Session, RestoreList) = (expect_context(), expect_context());
        let overview = LocalResource::new(move || api.get(GetOverview, &()));
        let act = Action::new_local(move |action: &OverviewAction| {
            let action = action.clone();
            async move {
                let (done, answer) = match action {
                    OverviewAction::Pause(pause) => (text::MANAGE_DONE, api.post(SetPause, &pause).await),
                    OverviewAction::Retry(group) => (text::MANAGE_RETRIED, api.post(RetryFailures, &group).await),
                    OverviewAction::Try(remote) => (text::MANAGE_TRIED, api.post(TryRemote { remote }, &()).await),
                };
                overview.set(Some(Ok(answer.map_err(|error| error.sentence(i18n))?)));
                announcer.say(i18n.t(done));
                Ok(())
            }
        });
        let readiness = RwSignal::new(None::<Readiness>);
        let check = Action::new_local(move |refresh: &bool| {
            let refresh = *refresh;
            async move {
                let found = api.get(GetReadiness, &RefreshQuery { refresh }).await?;
                if refresh && !found.steps.is_empty() {
                    // Another Moodle may have been connected meanwhile.
                    session.refresh().await?;
                }
                if refresh {
                    let troubles = found.checks.iter().filter(|check| check.state != CheckState::Ok).count();
                    announcer.say(i18n.count(text::MANAGE_READINESS_FOUND, troubles));
                }
                if refresh || found.checks.iter().any(|check| check.state == CheckState::Broken) {
                    // The verdict above may not know this yet.
                    overview.refetch();
                }
                readiness.set(Some(found));
                Ok(())
            }
        });
        check.dispatch(false);
        // Their own restores stand in the list of everybody's too.
        let followed = move |news: &Vec<String>, _: Option<&Vec<String>>, _: Option<()>| {
            if !news.is_empty() {
                overview.refetch();
            }
        };
        Effect::watch(move || restores.news.get(), followed, false);
        Self { api, overview, act, check, readiness, filter: RwSignal::default() }
    }

    /// What is known, followed.
    pub fn known(self) -> Option<Overview> {
        self.overview.get()?.ok()
    }
}
