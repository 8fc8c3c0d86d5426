//! Where a course goes: a new course in a category, or a course that the current user has here, found by typing.

use crate::api::use_api;
use crate::i18n::{text, use_i18n};
use crate::logic::search::{Query, fold};
use crate::logic::targets::Offer;
use crate::logic::wishes::Existing;
use crate::state::session::Session;
use crate::ui::combobox::Combobox;
use crate::ui::id::use_numbered_id;
use crate::ui::target_picker::TargetPicker;
use courseferry_api::{ExistingCourse, FindTargets, Target, TargetQuery};
use leptos::prelude::*;
use leptos_use_watch_debounce_throttle::{WatchDebouncedOptions, watch_debounced_with_options};

/// The courses are asked for once the typing has paused for so many milliseconds.
const SEARCH_AFTER: f64 = 250.0;

/// A new course, or one that exists; who can do but one of both is asked only that.
#[component]
pub fn WhereTo(
    /// Whose place it is, aloud.
    about: String,
    /// What the list of categories is called.
    label: String,
    offer: Offer,
    #[prop(into)] target: Signal<Option<Target>>,
    #[prop(into)] existing: Signal<Option<Existing>>,
    #[prop(into)] on_target: Callback<Target>,
    #[prop(into)] on_existing: Callback<Option<Existing>>,
) -> impl IntoView {
    let (i18n, session): (_, Session) = (use_i18n(), expect_context());
    let (may_create, may_add) =
        untrack(|| session.with_home(|home| (home.may.restore, home.may.add))).unwrap_or_default();
    let adds = RwSignal::new(!may_create || existing.with_untracked(Option::is_some));
    let name = use_numbered_id("where");
    let radio = move |is_adding: bool, label| {
        let name = name.clone();
        let choose = move |_| {
            adds.set(is_adding);
            if !is_adding {
                on_existing.run(None);
            }
        };
        view! {
            <label class="cf-check">
                <input type="radio" name=name prop:checked=move || adds.get() == is_adding on:change=choose />
                <span>{i18n.t(label)}</span>
            </label>
        }
    };
    let both = (may_create && may_add).then(|| {
        view! {
            <div class="cf-radios" role="radiogroup" aria-label=about.clone()>
                {radio(false, text::NEW_COURSE)} {radio(true, text::COURSE_HERE)}
            </div>
        }
    });
    let (label, offer, about) = (StoredValue::new(label), StoredValue::new(offer), StoredValue::new(about));
    view! {
        {both}
        <Show when=move || adds.get() && may_add>
            <CourseFinder about=about.get_value() existing on_choose=move |found| on_existing.run(Some(found)) />
        </Show>
        <Show when=move || !adds.get()>
            <TargetPicker label=label.get_value() offer=offer.get_value() value=target on_choose=on_target />
        </Show>
    }
}

/// The field in which one of the current user's own courses here is found.
#[component]
pub fn CourseFinder(
    about: String,
    #[prop(into)] existing: Signal<Option<Existing>>,
    #[prop(into)] on_choose: Callback<Existing>,
) -> impl IntoView {
    let (i18n, api) = (use_i18n(), use_api());
    let typed = RwSignal::new(None::<String>);
    let search = Action::new_local(move |search: &String| {
        let search = search.clone();
        async move { api.get(FindTargets, &TargetQuery { search }).await }
    });
    let _ = watch_debounced_with_options(
        move || typed.get().unwrap_or_default(),
        move |typed, _, _: Option<()>| {
            search.dispatch(typed.clone());
        },
        SEARCH_AFTER,
        WatchDebouncedOptions::default().immediate(true),
    );
    // What came for an earlier word is looked through while the next answer is on its way.
    let found = Memo::new(move |_| {
        let Some(Ok(answer)) = search.value().get() else { return Vec::new() };
        let query = Query::new(&fold(&typed.get().unwrap_or_default()));
        answer.courses.into_iter().filter(|course| query.matches(&fold(&line(course)))).collect::<Vec<_>>()
    });
    let lines = Signal::derive(move || found.with(|found| found.iter().map(line).collect()));
    let chosen = Signal::derive(move || existing.get().map(|existing| existing.name).unwrap_or_default());
    let hint = Signal::derive(move || match search.value().get() {
        Some(Err(error)) => Some(error.sentence(i18n)),
        Some(Ok(answer)) if answer.more => Some(i18n.t(text::MORE_COURSES_HERE)),
        Some(Ok(_)) if found.with(Vec::is_empty) => Some(i18n.t(text::NO_COURSE_HERE)),
        Some(Ok(_)) => None,
        None => Some(i18n.t(text::LOADING)),
    });
    let pick = move |at: usize| {
        if let Some(course) = found.with_untracked(|found| found.get(at).cloned()) {
            on_choose.run(course.into());
        }
    };
    view! {
        <Combobox
            label=i18n.t(text::ADD_TO)
            name=i18n.named(text::ADD_TO, &about)
            lines
            chosen
            typed
            list_label=i18n.t(text::COURSES_HERE)
            placeholder=i18n.t(text::FIND_COURSE_HERE)
            hint
            on_pick=pick
        />
    }
}

/// `Optics 2026 · OPT101-26 · Physics`
fn line(course: &ExistingCourse) -> String {
    let parts = [&course.full_name, &course.short_name, &course.category];
    parts.into_iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" · ")
}
