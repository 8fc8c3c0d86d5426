//! The confirm bar: one line that says what will happen to the chosen courses and does it, and, once opened, everything
//! that can be changed about it.

mod chosen;
mod contents;
mod state;
mod target;
mod where_to;
mod wishes;

use crate::i18n::{text, use_i18n};
use crate::layout::use_layout;
use crate::logic::confirm::obstacle;
use crate::logic::selection::Selection;
use crate::logic::summary::{Promise, promise, summary};
use crate::logic::targets;
use crate::state::announcer::Announcer;
use crate::state::restores::RestoreList;
use crate::state::session::Session;
use crate::ui::button::{Button, Look};
use crate::ui::focus::focus_later;
use crate::ui::id::use_id;
use crate::ui::rich::Bold;
use crate::ui::status::Status;
use chosen::Chosen;
use leptos::html::Div;
use leptos::prelude::*;
use leptos::web_sys::ResizeObserverBoxOptions;
use leptos_use_element_size::{UseElementSizeOptions, UseElementSizeReturn, use_element_size_with_options};
use state::{Bar, Refusal};
use target::{CommonTarget, WhyNotHere};
use wishes::WishesForAll;

/// The bar; before anything is chosen, a hint.
#[component]
pub fn ConfirmBar() -> impl IntoView {
    let (i18n, session): (_, Session) = (use_i18n(), expect_context());
    let selection: RwSignal<Selection> = expect_context();
    provide_context(Bar::new());
    let is_any = Memo::new(move |_| !selection.with(Selection::is_empty));
    let may =
        Memo::new(move |_| session.with_home(|home| home.may.bring() && !home.remotes.is_empty()).unwrap_or_default());
    let hint = move || may.get().then(|| view! { <p class="cf-hint cf-meta">{i18n.t(text::NOTHING_CHOSEN)}</p> });
    view! {
        <Show when=move || is_any.get() fallback=hint>
            <Choice />
        </Show>
    }
}

/// A way for the keyboard from a chosen course to the bar.
#[component]
pub fn GoToChoice() -> impl IntoView {
    let i18n = use_i18n();
    let selection: RwSignal<Selection> = expect_context();
    let bar = StoredValue::new(use_id("choice"));
    view! {
        <span class="cf-go-to-choice">
            <Button
                look=Look::Link
                label=Signal::derive(move || i18n.count(text::GO_TO_CHOICE, selection.with(Selection::len)))
                on_press=move || focus_later(bar.get_value())
            />
        </span>
    }
}

#[component]
fn Choice() -> impl IntoView {
    let i18n = use_i18n();
    let (session, restores): (Session, RestoreList) = (expect_context(), expect_context());
    let announcer: Announcer = expect_context();
    let selection: RwSignal<Selection> = expect_context();
    let bar: Bar = expect_context();
    let count = Memo::new(move |_| selection.with(Selection::len));
    let place = Memo::new(move |_| {
        let one = selection.with(|s| s.0.first().filter(|_| s.len() == 1).cloned());
        let wishes = one.as_ref().map(|one| one.wishes.clone()).unwrap_or_default();
        if let Some(existing) = bar.for_all.with(|for_all| wishes.existing(for_all).cloned()) {
            return Some(existing.name);
        }
        let target = one.and_then(|one| one.target).or_else(|| bar.common.get())?;
        session.with_home(|home| targets::short_label(&i18n.untracked(), home, target))
    });
    let headline = move || {
        let (locale, n) = (i18n.untracked(), count.get());
        let text = match place.get() {
            Some(place) => locale.count_with(text::CHOSEN_TO, n, &[("category", &place)]),
            None => locale.count(text::CHOSEN_NOWHERE, n),
        };
        view! { <Bold text /> }
    };
    // Who may create no course says first to which of theirs it is added.
    let may_create = untrack(|| session.with_home(|home| home.may.restore)).unwrap_or_default();
    let asks_where = Memo::new(move |_| !may_create && place.with(Option::is_none));
    let start = move || {
        let locale = i18n.locale();
        let now = bar.now.get();
        let window = session.with_home(|home| locale.start_short(&home.window, now)).unwrap_or_default();
        if restores.paused.get() { i18n.t(text::WAITS_FOR_RESUMING) } else { window }
    };
    let obstacle =
        Memo::new(move |_| session.with_home(|home| obstacle(&i18n.untracked(), home, count.get())).flatten());
    Effect::new(move || {
        if let Some(obstacle) = obstacle.get() {
            announcer.say(obstacle);
        }
    });
    let is_placed = move || {
        let common = bar.common.get_untracked();
        selection.with_untracked(|s| bar.for_all.with_untracked(|for_all| s.choices(common, for_all))).is_some()
    };
    let label = Signal::derive(move || {
        if bar.schedule.pending().get() { i18n.t(text::SCHEDULING) } else { i18n.count(text::RESTORE_N, count.get()) }
    });
    let press = move || match obstacle.get_untracked() {
        Some(obstacle) => announcer.say(obstacle),
        None if !is_placed() => announcer.say(i18n.t(text::SAY_WHERE)),
        None => bar.send(),
    };
    let promise = Memo::new(move |_| selection.with(|s| bar.for_all.with(|for_all| promise(s, for_all))));
    let promised = move || {
        let text = match promise.get() {
            Promise::All => text::PROMISE_SHORT,
            Promise::Others => text::PROMISE_OTHERS,
            // What comes along is said with the other wishes.
            Promise::None => return None,
        };
        Some(view! { <p class="cf-bar-promise"><Bold text=i18n.t(text) /></p> })
    };
    let panel = use_id("choice-panel");
    let (layout, root) = (use_layout(), NodeRef::<Div>::new());
    let border_box = UseElementSizeOptions::default().box_(ResizeObserverBoxOptions::BorderBox);
    let UseElementSizeReturn { height, .. } = use_element_size_with_options(root, border_box);
    Effect::new(move || layout.bar_height.set(height.get()));
    // The effect ends with the bar and so does not see it go.
    on_cleanup(move || {
        let _ = layout.bar_height.try_set(0.0);
    });
    view! {
        <div
            class="cf-bar"
            node_ref=root
            role="region"
            id=use_id("choice")
            aria-label=i18n.t(text::YOUR_CHOICE)
            tabindex="-1"
            data-cf-fallback=""
        >
            <div class="cf-bar-line">
                <div class="cf-bar-count">{headline} " · " {start}</div>
                <div class="cf-actions">
                    <Button look=Look::Primary label busy=bar.schedule.pending() on_press=press />
                    <Button
                        look=Look::Link
                        label=i18n.t(text::CHANGE_CHOICE)
                        expanded=bar.open
                        on_press=move || bar.open.update(|open| *open = !*open)
                    />
                    <Button look=Look::Link label=i18n.t(text::CLEAR) on_press=move || bar.clear() />
                </div>
            </div>
            <Show when=move || asks_where.get()>
                <CommonTarget />
            </Show>
            {promised}
            <Wanted />
            <Summary />
            {move || obstacle.get().map(|text| view! { <div class="cf-alert text-danger">{text}</div> })}
            {move || bar.refusal.get().map(|refusal| view! { <NotScheduled refusal /> })}
            <Show when=move || bar.open.get()>
                <div class="cf-bar-panel" id=panel.clone()>
                    <Show when=move || !asks_where.get()>
                        <CommonTarget />
                    </Show>
                    <WishesForAll />
                    <WhyNotHere />
                    <Terms />
                    <Chosen />
                </div>
            </Show>
        </div>
    }
}

/// Wishes that are said before the bar is opened.
const WISHES: usize = 3;

/// What is wanted otherwise than it is there.
#[component]
fn Wanted() -> impl IntoView {
    let i18n = use_i18n();
    let selection: RwSignal<Selection> = expect_context();
    let bar: Bar = expect_context();
    let lines =
        Memo::new(move |_| selection.with(|s| bar.for_all.with(|for_all| summary(&i18n.untracked(), s, for_all))));
    let shown = move || {
        let most = if bar.open.get() { usize::MAX } else { WISHES };
        let line = |text: String| view! { <li><Bold text /></li> };
        lines.get().into_iter().take(most).map(line).collect_view()
    };
    view! {
        <Show when=move || lines.with(|lines| !lines.is_empty())>
            <ul class="cf-wanted">{shown}</ul>
        </Show>
    }
}

/// What differs from the wish, in one line, which is said aloud when it comes; the opened bar has all of it.
#[component]
fn Summary() -> impl IntoView {
    let i18n = use_i18n();
    let announcer: Announcer = expect_context();
    let selection: RwSignal<Selection> = expect_context();
    let bar: Bar = expect_context();
    let line = Memo::new(move |_| {
        bar.differences.with(|all| match all.as_slice() {
            [] => None,
            [one] => Some((one.refused(), selection.with(|s| one.sentence(&i18n.untracked(), s)))),
            [first, ..] => Some((first.refused(), i18n.count(text::DIFFERS, all.len()))),
        })
    });
    let icon = move || line.with(|line| line.as_ref().is_some_and(|(refused, _)| *refused));
    let is_unchecked = Memo::new(move |_| {
        bar.plan.with(|plan| plan.as_ref().is_some_and(|plan| plan.as_ref().is_err_and(|e| !e.is_connection())))
    });
    let unchecked = move || is_unchecked.get().then(|| view! { <p class="cf-meta">{i18n.t(text::NOT_CHECKED)}</p> });
    Effect::new(move || {
        let differs = line.get().map(|(_, text)| text);
        if let Some(text) = differs.or_else(|| is_unchecked.get().then(|| i18n.t(text::NOT_CHECKED))) {
            announcer.say(text);
        }
    });
    view! {
        <Show when=move || line.with(Option::is_some) && !bar.open.get()>
            <Status icon=Signal::derive(move || if icon() { "cf-icon cf-failed" } else { "cf-icon cf-check" })>
                {move || line.get().map(|(_, text)| text)}
            </Status>
        </Show>
        {unchecked}
    }
}

/// When it starts, and what is done and not done.
#[component]
fn Terms() -> impl IntoView {
    let (i18n, session): (_, Session) = (use_i18n(), expect_context());
    let restores: RestoreList = expect_context();
    let bar: Bar = expect_context();
    let start = move || {
        let (locale, now) = (i18n.locale(), bar.now.get());
        if restores.paused.get() {
            return i18n.t(text::PAUSED);
        }
        session.with_home(|home| locale.start(&home.window, now)).unwrap_or_default()
    };
    let may_start_now = Memo::new(move |_| {
        session.with_home(|home| home.may.start_now && !home.window.open && !home.window.always).unwrap_or_default()
    });
    let selection: RwSignal<Selection> = expect_context();
    let makes_courses = move || {
        let is_new = |for_all: &_| selection.with(|s| s.0.iter().any(|p| p.wishes.existing(for_all).is_none()));
        bar.for_all.with(is_new).then(|| i18n.t(text::PROMISE))
    };
    view! {
        <p class="cf-bar-text">{start} " " {makes_courses}</p>
        <Show when=move || may_start_now.get()>
            <label class="cf-check">
                <input
                    type="checkbox"
                    prop:checked=bar.now
                    on:change=move |event| bar.now.set(event_target_checked(&event))
                />
                <span>{i18n.t(text::START_NOW)}</span>
            </label>
        </Show>
    }
}

#[component]
fn NotScheduled(refusal: Refusal) -> impl IntoView {
    let lines = refusal.lines.into_iter().map(|line| view! { <li>{line}</li> }).collect::<Vec<_>>();
    let lines = (!lines.is_empty()).then(|| view! { <ul>{lines}</ul> });
    view! {
        <div class="alert alert-danger cf-notice cf-wrong">
            <div role="alert">
                <p>{refusal.heading}</p>
                {lines}
            </div>
            {refusal.reason.map(|reason| view! { <p>{reason}</p> })}
        </div>
    }
}
