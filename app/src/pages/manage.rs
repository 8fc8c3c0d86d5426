//! The Manage page: the verdict first, then what needs a person, the Moodles, the queue, everybody's restores, why somebody
//! may or may not, readiness, the settings, the audit.

mod audit;
mod csv_file;
mod everybody;
mod filter;
mod first_steps;
mod for_somebody;
mod overview;
mod people;
mod person;
mod pictures;
mod readiness;
mod section;
mod settings;
mod state;
mod step;
mod ticked;
mod trial;

use crate::i18n::{text, use_i18n};
use crate::ui::button::Button;
use crate::ui::notice::{Failure, Notice, Sentence, Tone};
use audit::Audit;
use everybody::Everybody;
use first_steps::FirstSteps;
use for_somebody::ForSomebody;
use leptos::prelude::*;
use overview::OverviewParts;
use person::Person;
use pictures::Pictures;
use readiness::ReadinessChecks;
use settings::Settings;
use state::ManageState;

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
