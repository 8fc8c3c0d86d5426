//! The field in which an administrator finds a person of this Moodle by typing a part of the name.

use super::state::ManageState;
use crate::i18n::{text, use_i18n};
use crate::ui::combobox::Combobox;
use courseferry_api::{FindPeople, FoundPerson, People, PeopleSearch};
use leptos::prelude::*;
use leptos_use_watch_debounce_throttle::{WatchDebouncedOptions, watch_debounced_with_options};

/// People are asked for once the typing has paused for so many milliseconds.
const SEARCH_AFTER: f64 = 250.0;
/// Letters from which on people are asked for.
const LETTERS: usize = 2;

/// The field; `label` stands above it.
#[component]
pub fn PersonFinder(
    label: String,
    /// What stands in the field while nobody types.
    #[prop(into)]
    chosen: Signal<String>,
    #[prop(into)] on_choose: Callback<FoundPerson>,
) -> impl IntoView {
    let i18n = use_i18n();
    let ManageState { api, .. } = expect_context();
    let typed = RwSignal::new(None::<String>);
    let search = Action::new_local(move |search: &String| {
        let search = search.clone();
        async move {
            if search.chars().count() < LETTERS {
                return Ok((search, People::default()));
            }
            let found = api.post(FindPeople, &PeopleSearch { search: search.clone() }).await?;
            Ok::<_, crate::api::ApiError>((search, found))
        }
    });
    let _ = watch_debounced_with_options(
        move || typed.get().map(|typed| typed.trim().to_owned()).unwrap_or_default(),
        move |typed, _, _: Option<()>| {
            search.dispatch(typed.clone());
        },
        SEARCH_AFTER,
        WatchDebouncedOptions::default(),
    );
    let found = Memo::new(move |_| match search.value().get() {
        Some(Ok((_, found))) => found,
        _ => People::default(),
    });
    let lines = Signal::derive(move || found.with(|found| found.people.iter().map(line).collect()));
    let hint = Signal::derive(move || match search.value().get() {
        Some(Err(error)) => Some(error.sentence(i18n)),
        _ if typed.with(|typed| typed.as_ref().is_none_or(|typed| typed.trim().chars().count() < LETTERS)) => {
            Some(i18n.t(text::PEOPLE_TYPE))
        }
        Some(Ok((_, found))) if found.more => Some(i18n.t(text::PEOPLE_MORE)),
        // What came for an earlier word says nothing of this one.
        Some(Ok((asked, found))) if found.people.is_empty() => {
            let is_answer = typed.with(|typed| typed.as_ref().is_some_and(|typed| typed.trim() == asked));
            Some(i18n.t(if is_answer { text::PEOPLE_NONE } else { text::LOADING }))
        }
        Some(Ok(_)) => None,
        None => Some(i18n.t(text::LOADING)),
    });
    let pick = move |at: usize| {
        if let Some(person) = found.with_untracked(|found| found.people.get(at).cloned()) {
            on_choose.run(person);
        }
    };
    view! {
        <Combobox
            label
            lines
            chosen
            typed
            list_label=i18n.t(text::PEOPLE)
            placeholder=i18n.t(text::PEOPLE_FIND)
            hint
            on_pick=pick
        />
    }
}

/// `Marie Curie · m.curie@example.org`; of two who are called alike it tells which.
pub fn line(person: &FoundPerson) -> String {
    let parts = [person.name.as_str(), person.identity.as_str()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}
