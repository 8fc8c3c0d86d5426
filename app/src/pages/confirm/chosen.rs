//! The chosen courses, each with where it really goes and what differs for it; what differs in the same way for several is
//! said once, and changed at once.

use super::state::Bar;
use super::where_to::WhereTo;
use super::wishes::CourseWishes;
use crate::i18n::{text, use_i18n};
use crate::logic::confirm::{Changing, Difference, Kind, destination};
use crate::logic::selection::{Key, Selection};
use crate::logic::targets::Offer;
use crate::logic::wishes::ForAll;
use crate::state::session::Session;
use crate::ui::button::{Button, Look};
use crate::ui::status::Status;
use crate::ui::target_picker::TargetPicker;
use courseferry_api::Target;
use leptos::prelude::*;

/// What they have in common, then each of them.
#[component]
pub fn Chosen() -> impl IntoView {
    let i18n = use_i18n();
    let selection: RwSignal<Selection> = expect_context();
    let bar: Bar = expect_context();
    let groups = move || {
        let is_group =
            |difference: &&Difference| difference.courses.len() > 1 || matches!(difference.kind, Kind::Changing { .. });
        bar.differences.with(|all| all.iter().filter(is_group).map(|group| group.id.clone()).collect::<Vec<_>>())
    };
    let keys = move || selection.with(|s| s.0.iter().map(|picked| picked.key.clone()).collect::<Vec<_>>());
    let title = move || i18n.count(text::CHOSEN_LIST, selection.with(Selection::len));
    view! {
        <ul class="cf-exceptions" tabindex="-1" data-cf-fallback="">
            <For each=groups key=String::clone children=move |id| view! { <Group id /> } />
        </ul>
        <div class="cf-chosen-title">{title}</div>
        <ul class="cf-chosen" tabindex="-1" data-cf-fallback="">
            <For each=keys key=Key::clone children=move |key| view! { <ChosenCourse key_of=key /> } />
        </ul>
    }
}

/// The icon of what differs.
fn icon(refused: bool) -> &'static str {
    if refused { "cf-icon cf-failed" } else { "cf-icon cf-check" }
}

/// Their original category is not to be had.
fn lacks_original(difference: &Difference) -> bool {
    matches!(difference.kind, Kind::Default { .. } | Kind::Incomplete { .. })
}

/// What differs for several courses in the same way.
#[component]
fn Group(id: String) -> impl IntoView {
    let (i18n, session): (_, Session) = (use_i18n(), expect_context());
    let selection: RwSignal<Selection> = expect_context();
    let bar: Bar = expect_context();
    let group = Memo::new(move |_| bar.differences.with(|all| all.iter().find(|group| group.id == id).cloned()));
    let keys =
        move || group.with_untracked(|group| group.as_ref().map(|group| group.courses.clone()).unwrap_or_default());
    let sentence = move || {
        group.with(|group| selection.with(|s| group.as_ref().map(|group| group.sentence(&i18n.untracked(), s))))
    };
    let refused = move || group.with(|group| group.as_ref().is_some_and(Difference::refused));
    let movable = group.with_untracked(|group| group.as_ref().is_some_and(Difference::movable));
    let offers_original = !group.with_untracked(|group| group.as_ref().is_some_and(lacks_original));
    let is_changing = move || {
        let id = group.with(|group| group.as_ref().map(|group| group.id.clone()));
        bar.changing.with(|changing| changing.as_ref().map(|changing| &changing.id) == id.as_ref() && id.is_some())
    };
    let is_changing = Memo::new(move |_| is_changing());
    let number = i18n.count(text::N_COURSES, keys().len());
    let number = StoredValue::new(number);
    let named = move |verb| number.with_value(|number| i18n.named(verb, number));
    let change = move || {
        let group = group.get_untracked().filter(|_| !is_changing.get_untracked());
        bar.changing.set(group.map(|group| Changing { id: group.id, courses: group.courses }));
    };
    let leave_out = move || {
        let keys = keys();
        bar.changing.set(None);
        bar.leave_out(&keys);
    };
    let value = move || {
        let first = keys().into_iter().next();
        let own = selection.with(|s| first.and_then(|key| s.get(&key).and_then(|picked| picked.target)));
        possible(own.or_else(|| bar.common.get()), offers_original)
    };
    let choose = move |target| {
        let keys = keys();
        selection.update(|s| keys.iter().for_each(|key| s.send(key, Some(target))));
    };
    let picker = move || {
        let offer = session.with_home(|home| Offer::new(&i18n.untracked(), home)).unwrap_or_default();
        let offer = if offers_original { offer } else { offer.without_original() };
        let label = i18n.count(text::CHANGE_OF_N, keys().len());
        view! { <TargetPicker label offer value=Signal::derive(value) on_choose=choose /> }
    };
    view! {
        <li>
            <Status icon=Signal::derive(move || icon(refused()))>{sentence}</Status>
            <span class="cf-actions">
                {movable
                    .then(|| {
                        view! {
                            <Button
                                look=Look::Link
                                label=i18n.t(text::CHANGE_ALL)
                                name=named(text::CHANGE_ALL)
                                expanded=is_changing
                                on_press=change
                            />
                        }
                    })}
                <Button
                    look=Look::Link
                    label=i18n.t(text::LEAVE_OUT_ALL)
                    name=named(text::LEAVE_OUT_ALL)
                    on_press=leave_out
                />
            </span>
            <Show when=move || is_changing.get()>{picker}</Show>
        </li>
    }
}

/// What a picker shows at first: never a target that is not to be had.
fn possible(target: Option<Target>, offers_original: bool) -> Option<Target> {
    target.filter(|target| offers_original || *target != Target::Original).or(Some(Target::Default))
}

/// One chosen course.
#[component]
fn ChosenCourse(key_of: Key) -> impl IntoView {
    let (i18n, session): (_, Session) = (use_i18n(), expect_context());
    let selection: RwSignal<Selection> = expect_context();
    let bar: Bar = expect_context();
    let key = StoredValue::new(key_of);
    let name = key.with_value(|key| selection.with_untracked(|s| s.get(key).map(|p| p.full_name.clone())));
    let name = name.unwrap_or_default();
    let asked = Memo::new(move |_| {
        let own = key.with_value(|key| selection.with(|s| s.get(key).and_then(|picked| picked.target)));
        own.or_else(|| bar.common.get())
    });
    let existing = Signal::derive(move || {
        let of = |for_all: &ForAll| {
            key.with_value(|key| selection.with(|s| s.get(key).and_then(|p| p.wishes.existing(for_all).cloned())))
        };
        bar.for_all.with(of)
    });
    let category = Memo::new(move |_| {
        if let Some(existing) = existing.get() {
            return Some(existing.name);
        }
        let asked = asked.get()?;
        let plan = bar.plan.get().and_then(Result::ok);
        let locale = i18n.untracked();
        key.with_value(|key| session.with_home(|home| destination(&locale, home, key, asked, plan.as_ref())))
    });
    let own_differences = Memo::new(move |_| {
        let is_own = |difference: &&Difference| key.with_value(|key| difference.courses == [key.clone()]);
        let is_own = |d: &&Difference| is_own(d) && !matches!(d.kind, Kind::Changing { .. });
        bar.differences.with(|all| all.iter().filter(is_own).cloned().collect::<Vec<_>>())
    });
    let lines = move || {
        let line = |difference: Difference| {
            let text = selection.with(|s| difference.sentence(&i18n.untracked(), s));
            view! { <Status icon=icon(difference.refused())>{text}</Status> }
        };
        own_differences.get().into_iter().map(line).collect_view()
    };
    let offers_original = move || !own_differences.with_untracked(|all| all.iter().any(lacks_original));
    let open = RwSignal::new(false);
    let shown = name.clone();
    let name = StoredValue::new(name);
    let named = move |verb| name.with_value(|name| i18n.named(verb, name));
    let picker = {
        let label = name.with_value(|name| i18n.fill(text::CHANGE_OF, &[("course", name)]));
        move || {
            let offers_original = offers_original();
            let offer = session.with_home(|home| Offer::new(&i18n.untracked(), home)).unwrap_or_default();
            let offer = if offers_original { offer } else { offer.without_original() };
            let value = Signal::derive(move || possible(asked.get(), offers_original));
            let choose = move |target| key.with_value(|key| selection.update(|s| s.send(key, Some(target))));
            let put = move |existing| {
                key.with_value(|key| selection.update(|s| s.wish(key, |wishes| wishes.existing = Some(existing))));
            };
            view! {
                <div class="cf-wish-panel">
                    <WhereTo
                        about=name.get_value()
                        label=label.clone()
                        offer
                        target=value
                        existing
                        on_target=choose
                        on_existing=put
                    />
                    <CourseWishes key />
                </div>
            }
        }
    };
    view! {
        <li tabindex="-1" data-cf-fallback="">
            <span class="cf-chosen-course">
                <bdi>{shown}</bdi>
                <span class="cf-meta">" → " <bdi>{category}</bdi></span>
            </span>
            <span class="cf-actions">
                <Button
                    look=Look::Link
                    label=i18n.t(text::CHANGE)
                    name=named(text::CHANGE)
                    expanded=open
                    on_press=move || open.update(|open| *open = !*open)
                />
                <Button
                    look=Look::Link
                    label=i18n.t(text::LEAVE_OUT)
                    name=named(text::LEAVE_OUT)
                    on_press=move || key.with_value(|key| bar.leave_out(std::slice::from_ref(key)))
                />
            </span>
            {lines}
            <Show when=move || open.get()>{picker.clone()}</Show>
        </li>
    }
}
