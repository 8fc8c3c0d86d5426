//! The search field, its switches, and "Choose all".

use super::searched::Searched;
use crate::i18n::{text, use_i18n};
use crate::logic::confirm::room;
use crate::logic::courses::free;
use crate::logic::selection::{Picked, Selection};
use crate::state::announcer::Announcer;
use crate::state::restores::RestoreList;
use crate::state::session::Session;
use crate::ui::button::{Button, Look};
use crate::ui::id::use_id;
use leptos::prelude::*;
use leptos::web_sys::KeyboardEvent;
use leptos_use_watch_debounce_throttle::watch_debounced;

/// How long, in milliseconds, somebody must have stopped typing before the number of matches is said.
const SAID_AFTER: f64 = 600.0;

/// The field, the switches, and "Choose all".
#[component]
pub fn Search() -> impl IntoView {
    let i18n = use_i18n();
    let announcer: Announcer = expect_context();
    let selection: RwSignal<Selection> = expect_context();
    let Searched { typed, hide_restored, only_chosen, found, .. } = expect_context();
    let say_matches = move || {
        if let Some(n) = found.try_with_untracked(|found| found.iter().map(|(_, entries)| entries.len()).sum()) {
            announcer.say(i18n.count(text::MATCHES, n));
        }
    };
    // A memo, since setting a signal to the value it has is no new search.
    let searched = Memo::new(move |_| (typed.get(), hide_restored.get(), only_chosen.get()));
    let _ = watch_debounced(move || searched.get(), move |_, _, _: Option<()>| say_matches(), SAID_AFTER);
    let clear = move |event: KeyboardEvent| {
        if event.key() == "Escape" && typed.with_untracked(|typed| !typed.is_empty()) {
            typed.set(String::new());
            event.stop_propagation();
        }
    };
    // Whoever leaves out the last chosen course wants to see the others again.
    Effect::new(move || {
        if selection.with(Selection::is_empty) {
            only_chosen.set(false);
        }
    });
    let (id, hint) = (use_id("search"), use_id("hint"));
    view! {
        <div class="cf-search">
            <label for=id.clone()>{i18n.t(text::SEARCH)}</label>
            <input
                id=id
                type="search"
                class="form-control"
                autocomplete="off"
                aria-describedby=hint.clone()
                prop:value=typed
                on:keydown=clear
                on:input=move |event| typed.set(event_target_value(&event))
            />
            <div class="cf-meta" id=hint>{i18n.t(text::SEARCH_HINT)}</div>
        </div>
        <div class="cf-tools">
            <Switch label=i18n.t(text::HIDE_RESTORED) on=hide_restored />
            <Show when=move || !selection.with(Selection::is_empty)>
                <Switch label=i18n.t(text::ONLY_CHOSEN) on=only_chosen />
            </Show>
            <ChooseAll />
        </div>
    }
}

#[component]
fn Switch(label: String, on: RwSignal<bool>) -> impl IntoView {
    view! {
        <label class="cf-check">
            <input
                type="checkbox"
                role="switch"
                prop:checked=on
                on:change=move |event| on.set(event_target_checked(&event))
            />
            <span>{label}</span>
        </label>
    }
}

/// "Choose all 12", as far as the limits allow, of what the search has found.
#[component]
fn ChooseAll() -> impl IntoView {
    let i18n = use_i18n();
    let (session, restores): (Session, RestoreList) = (expect_context(), expect_context());
    let selection: RwSignal<Selection> = expect_context();
    let announcer: Announcer = expect_context();
    let Searched { found, .. } = expect_context();
    let total = Memo::new(move |_| {
        let Some(home) = session.home().get() else { return 0 };
        free(&found.read(), &restores.all.read(), &home, &selection.read()).count()
    });
    let room = move || {
        let chosen = selection.with(Selection::len);
        session.with_home(|home| room(home, chosen)).unwrap_or_default()
    };
    let label = Memo::new(move |_| {
        let total = total.get();
        match total.min(room()) {
            0 => None,
            n if n == total => Some(i18n.count(text::CHOOSE_ALL, n)),
            n => Some(i18n.fill(text::CHOOSE_FIRST, &[("n", &i18n.number(n)), ("total", &i18n.number(total))])),
        }
    });
    let choose = move || {
        let Some(home) = session.home().get_untracked() else { return };
        let (found, own, room) = (found.read_untracked(), restores.all.read_untracked(), untrack(room));
        let chosen = selection.get_untracked();
        let picked = free(&found, &own, &home, &chosen).take(room).map(|(remote, course)| Picked::new(remote, course));
        selection.update(|s| picked.for_each(|p| s.add(p)));
        announcer.say(i18n.count(text::SAID_CHOSEN, selection.with_untracked(Selection::len)));
    };
    view! {
        <Show when=move || label.with(Option::is_some)>
            <Button
                look=Look::Link
                label=Signal::derive(move || label.get().unwrap_or_default())
                on_press=choose
            />
        </Show>
    }
}
