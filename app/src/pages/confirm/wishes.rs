//! What is wanted of courses otherwise than it is there: names, start, who sees them, and what stays there. What is not
//! touched is as there.

use super::contents::WhatIsInIt;
use super::state::Bar;
use crate::i18n::{text, use_i18n};
use crate::logic::selection::{Key, Picked, Selection};
use crate::logic::wishes::Wishes;
use crate::state::session::Session;
use crate::ui::course_fields::{StartField, VisibleField};
use crate::ui::id::use_numbered_id;
use crate::ui::select::Select;
use courseferry_api::{Enrolments, PlannedCourse};
use leptos::prelude::*;

/// The fields of one course, below where it goes.
#[component]
pub fn CourseWishes(key: StoredValue<Key>) -> impl IntoView {
    let selection: RwSignal<Selection> = expect_context();
    let (bar, session): (Bar, Session) = (expect_context(), expect_context());
    let picked = Memo::new(move |_| selection.with(|chosen| key.with_value(|key| chosen.get(key).cloned())));
    let course = picked.with_untracked(|picked| picked.as_ref().map(|p| p.full_name.clone())).unwrap_or_default();
    let there = picked.with_untracked(|picked| picked.as_ref().and_then(|picked| picked.starts));
    let starts = Signal::derive(move || {
        picked.with(|p| p.as_ref().and_then(|p| bar.for_all.with(|for_all| p.wishes.starts(for_all))))
    });
    let visible = Signal::derive(move || {
        picked.with(|p| p.as_ref().and_then(|p| bar.for_all.with(|for_all| p.wishes.visible(for_all))))
    });
    let is_new = Memo::new(move |_| {
        let is_new = |picked: &Picked| bar.for_all.with(|for_all| picked.wishes.existing(for_all).is_none());
        picked.with(|picked| picked.as_ref().is_some_and(is_new))
    });
    let planned = Memo::new(move |_| {
        let plan = bar.plan.get()?.ok()?;
        let (remote, id) = key.get_value();
        plan.courses.into_iter().find(|p| (&p.choice.remote, p.choice.course) == (&remote, id))
    });
    let may = move |right: fn(&PlannedCourse) -> bool| planned.with(|p| p.as_ref().is_some_and(right));
    let refused = Signal::derive(move || planned.with(|p| p.as_ref()?.dates_refused.clone()));
    // Whoever has ticked it can untick it, whatever the Worker says since.
    let may_students = Memo::new(move |_| {
        may(|p| p.may_bring_students) || picked.with(|p| p.as_ref().is_some_and(|p| p.wishes.students))
    });
    let may_methods = Memo::new(move |_| {
        let is_wanted = |picked: &Picked| picked.wishes.enrolments != Enrolments::Never;
        may(|p| p.may_bring_methods) || picked.with(|p| p.as_ref().is_some_and(is_wanted))
    });
    let wish = move |change: &dyn Fn(&mut Wishes)| key.with_value(|key| selection.update(|s| s.wish(key, change)));
    let (longest, longest_short) = untrack(|| {
        session.with_home(|home| (home.policy.max_full_name, home.policy.max_short_name)).unwrap_or((254, 100))
    });
    let course = StoredValue::new(course);
    let short_name = picked.with_untracked(|picked| picked.as_ref().map(|p| p.short_name.clone())).unwrap_or_default();
    let short_name = StoredValue::new(short_name);
    let typed = move |look: fn(&Wishes) -> &String| {
        picked.with_untracked(|picked| picked.as_ref().map(|picked| look(&picked.wishes).clone())).unwrap_or_default()
    };
    view! {
        <Show when=move || is_new.get()>
            <div class="cf-wishes">
                <NameField
                    label=text::FIELD_NAME
                    course
                    there=course.get_value()
                    typed=typed(|wishes| &wishes.full_name)
                    longest
                    on_type=move |name: String| wish(&|wishes| wishes.full_name.clone_from(&name))
                />
                <NameField
                    label=text::FIELD_SHORT
                    course
                    there=short_name.get_value()
                    typed=typed(|wishes| &wishes.short_name)
                    longest=longest_short
                    on_type=move |name: String| wish(&|wishes| wishes.short_name.clone_from(&name))
                />
                <StartField
                    about=course.get_value()
                    there
                    value=starts
                    refused
                    on_change=move |starts| wish(&|wishes| wishes.starts = Some(starts))
                />
                <VisibleField
                    about=course.get_value()
                    value=visible
                    on_change=move |visible| wish(&|wishes| wishes.visible = Some(visible))
                />
                <Show when=move || may_students.get()>
                    <StudentsField
                        about=course.get_value()
                        value=Signal::derive(move || picked.with(|p| p.as_ref().is_some_and(|p| p.wishes.students)))
                        on_change=move |students| wish(&|wishes| wishes.students = students)
                    />
                </Show>
                <Show when=move || may_methods.get()>
                    <MethodsField
                        about=course.get_value()
                        with_students=may_students
                        value=Signal::derive(move || {
                            picked.with(|p| p.as_ref().map(|p| p.wishes.enrolments).unwrap_or_default())
                        })
                        on_change=move |methods| wish(&|wishes| wishes.enrolments = methods)
                    />
                </Show>
            </div>
        </Show>
        <WhatIsInIt key picked />
    }
}

/// What is wanted of all chosen courses.
#[component]
pub fn WishesForAll() -> impl IntoView {
    let i18n = use_i18n();
    let bar: Bar = expect_context();
    let selection: RwSignal<Selection> = expect_context();
    let starts = Signal::derive(move || bar.for_all.with(|for_all| for_all.starts));
    let visible = Signal::derive(move || bar.for_all.with(|for_all| for_all.visible));
    // Where none of them may have its dates moved, nobody is asked for a date.
    let refused = Signal::derive(move || {
        let plan = bar.plan.get()?.ok()?;
        let mut reasons = plan.courses.into_iter().map(|planned| planned.dates_refused);
        let first = reasons.next().flatten()?;
        reasons.all(|reason| reason.is_some()).then_some(first)
    });
    let about = i18n.t(text::ALL_CHOSEN);
    let (about, is_new) =
        (StoredValue::new(about), Memo::new(move |_| bar.for_all.with(|for_all| for_all.existing.is_none())));
    view! {
        <Show when=move || is_new.get() && selection.with(Selection::len) != 1>
            <div class="cf-wishes">
                <StartField
                    about=about.get_value()
                    there=None
                    value=starts
                    refused
                    on_change=move |starts| bar.for_all.update(|for_all| for_all.starts = starts)
                />
                <VisibleField
                    about=about.get_value()
                    value=visible
                    on_change=move |visible| bar.for_all.update(|for_all| for_all.visible = visible)
                />
            </div>
        </Show>
    }
}

/// A name; empty as there.
#[component]
fn NameField(
    label: crate::i18n::Text,
    course: StoredValue<String>,
    there: String,
    typed: String,
    longest: u16,
    on_type: impl Fn(String) + 'static,
) -> impl IntoView {
    let i18n = use_i18n();
    let id = use_numbered_id("wish");
    view! {
        <div class="cf-field">
            <label for=id.clone()>{i18n.t(label)}</label>
            <input
                id=id
                type="text"
                aria-label=course.with_value(|course| i18n.named(label, course))
                class="form-control"
                dir="auto"
                autocomplete="off"
                maxlength=longest.to_string()
                placeholder=there
                prop:value=typed
                on:input=move |event| on_type(event_target_value(&event))
            />
        </div>
    }
}

/// Whether students come along with their data.
#[component]
fn StudentsField(
    about: String,
    #[prop(into)] value: Signal<bool>,
    on_change: impl Fn(bool) + 'static,
) -> impl IntoView {
    let i18n = use_i18n();
    let hint_id = use_numbered_id("wish");
    view! {
        <div class="cf-field">
            <label class="cf-check">
                <input
                    type="checkbox"
                    aria-label=i18n.named(text::WITH_STUDENTS, &about)
                    aria-describedby=hint_id.clone()
                    prop:checked=value
                    on:change=move |event| on_change(event_target_checked(&event))
                />
                <span>{i18n.t(text::WITH_STUDENTS)}</span>
            </label>
            <div class="cf-meta" id=hint_id>{i18n.t(text::STUDENTS_HINT)}</div>
        </div>
    }
}

/// Which enrolment methods come along. Methods "with their people" mean something only to those who may bring people.
#[component]
fn MethodsField(
    about: String,
    with_students: Memo<bool>,
    #[prop(into)] value: Signal<Enrolments>,
    on_change: impl Fn(Enrolments) + 'static,
) -> impl IntoView {
    let i18n = use_i18n();
    let options = move || {
        let used = with_students.get().then_some((Enrolments::WithUsers, text::METHODS_USED));
        let options = [(Enrolments::Never, text::METHODS_NONE)].into_iter().chain(used);
        let options = options.chain([(Enrolments::Always, text::METHODS_ALL)]);
        options.map(|(choice, label)| (choice, i18n.t(label))).collect::<Vec<_>>()
    };
    view! {
        <Select
            label=i18n.t(text::METHODS)
            name=i18n.named(text::METHODS, &about)
            options=Signal::derive(options)
            chosen=value
            on_choose=on_change
        />
    }
}
