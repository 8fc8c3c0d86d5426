//! The Manage page: the verdict first, then what needs a person, the Moodles, the queue, everybody's restores, why somebody
//! may or may not, readiness, the settings, the audit.

mod audit;
mod everybody;
mod first_steps;
mod for_somebody;
mod overview;
mod people;
mod person;
mod pictures;
mod readiness;
mod settings;
mod trial;

use crate::api::{Api, ApiError, use_api};
use crate::i18n::{text, use_i18n};
use crate::state::announcer::Announcer;
use crate::state::session::Session;
use crate::ui::button::Button;
use crate::ui::notice::{Failure, Notice, Sentence, Tone};
use audit::Audit;
use courseferry_api::{
    CheckState, GetOverview, GetReadiness, Overview, Pause, Readiness, RefreshQuery, RemoteId, RetryFailures,
    RetryGroup, SetPause, TryRemote,
};
use everybody::{Everybody, Filter};
use first_steps::FirstSteps;
use for_somebody::ForSomebody;
use leptos::prelude::*;
use overview::OverviewParts;
use person::Person;
use pictures::Pictures;
use readiness::ReadinessChecks;
use settings::Settings;

/// What an administrator does that answers with the overview.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Deed {
    Pause(Pause),
    Retry(RetryGroup),
    /// A remote that is held is tried again at once.
    Try(RemoteId),
}

/// What the parts of the page share; a handle that is cheap to copy.
#[derive(Clone, Copy)]
struct ManageState {
    api: Api,
    overview: LocalResource<Result<Overview, ApiError>>,
    act: Action<Deed, Result<(), String>>,
    /// Looks at how ready all is; anew if `true`.
    check: Action<bool, Result<(), ApiError>>,
    /// What was found last.
    readiness: RwSignal<Option<Readiness>>,
    /// What the list of everybody's restores shows.
    filter: RwSignal<Filter>,
}

impl ManageState {
    fn new() -> Self {
        let (i18n, api) = (use_i18n(), use_api());
        let announcer: Announcer = expect_context();
        let session: Session = expect_context();
        let overview = LocalResource::new(move || api.get(GetOverview, &()));
        let act = Action::new_local(move |deed: &Deed| {
            let deed = deed.clone();
            async move {
                let (done, answer) = match deed {
                    Deed::Pause(pause) => (text::MANAGE_DONE, api.post(SetPause, &pause).await),
                    Deed::Retry(group) => (text::MANAGE_RETRIED, api.post(RetryFailures, &group).await),
                    Deed::Try(remote) => (text::MANAGE_TRIED, api.post(TryRemote { remote }, &()).await),
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
        Self { api, overview, act, check, readiness, filter: RwSignal::default() }
    }

    /// What is known, followed.
    fn known(self) -> Option<Overview> {
        self.overview.get()?.ok()
    }
}

/// The page.
#[component]
pub fn Manage() -> impl IntoView {
    let i18n = use_i18n();
    let state = ManageState::new();
    provide_context(state);
    let failed = move |errors: ArcRwSignal<Errors>| {
        let sentences = move || {
            let sentence = |(_, error)| view! { <p role="alert">{format!("{error}")}</p> };
            errors.get().into_iter().map(sentence).collect_view()
        };
        view! {
            <Notice tone=Tone::Danger>
                {sentences} <Button label=i18n.t(text::TRY_AGAIN) on_press=move || state.overview.refetch() />
            </Notice>
        }
    };
    let loading = move || view! { <p class="cf-meta cf-late">{i18n.t(text::LOADING)}</p> };
    let overview = move || {
        let answer = state.overview.get()?.map_err(|error| Sentence(error.sentence(i18n)));
        Some(answer.map(|overview| view! { <OverviewParts overview /> }))
    };
    let failure = move || if state.act.pending().get() { None } else { state.act.value().get().and_then(Result::err) };
    view! {
        <div class="cf-manage">
            <Transition fallback=loading>
                <ErrorBoundary fallback=failed>{overview}</ErrorBoundary>
            </Transition>
            <Failure text=Signal::derive(failure) />
            <FirstSteps />
            <Everybody />
            <ForSomebody />
            <Pictures />
            <Person />
            <ReadinessChecks />
            <Settings />
            <Audit />
        </div>
    }
}

/// A part of the page under its heading.
#[component]
fn Section(heading: String, children: Children) -> impl IntoView {
    let label = heading.clone();
    view! {
        <section class="cf-group" aria-label=label tabindex="-1" data-cf-fallback="">
            <div class="cf-group-head"><h2 class="cf-subheading">{heading}</h2></div>
            {children()}
        </section>
    }
}
