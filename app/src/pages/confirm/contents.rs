//! "What is in it": sections and activities of a course before anything is copied, each of which can stay there.

use crate::api::use_api;
use crate::i18n::{text, use_i18n};
use crate::logic::selection::{Key, Picked, Selection};
use crate::logic::wishes::Wishes;
use crate::state::session::Session;
use crate::ui::button::{Button, Look};
use courseferry_api::{
    GetContents,
    remote::{Activity, Contents, Section},
};
use leptos::ev::Event;
use leptos::prelude::*;
use std::collections::BTreeSet;

/// A button that shows it; nothing where the remote cannot tell.
#[component]
pub fn WhatIsInIt(key: StoredValue<Key>, picked: Memo<Option<Picked>>) -> impl IntoView {
    let (i18n, session): (_, Session) = (use_i18n(), expect_context());
    let tells = move || {
        let of = |home: &courseferry_api::Home| {
            key.with_value(|(remote, _)| {
                home.remotes.iter().any(|r| r.id == *remote && r.abilities.is_some_and(|a| a.contents))
            })
        };
        session.with_home(of).unwrap_or_default()
    };
    let course = picked.with_untracked(|picked| picked.as_ref().map(|p| p.full_name.clone())).unwrap_or_default();
    let open = RwSignal::new(false);
    let name = StoredValue::new(i18n.named(text::WHAT_IS_IN_IT, &course));
    view! {
        <Show when=tells>
            <div class="cf-actions">
                <Button
                    look=Look::Link
                    label=i18n.t(text::WHAT_IS_IN_IT)
                    name=name.get_value()
                    expanded=open
                    on_press=move || open.update(|open| *open = !*open)
                />
            </div>
            <Show when=move || open.get()>
                <Listed key picked />
            </Show>
        </Show>
    }
}

#[component]
fn Listed(key: StoredValue<Key>, picked: Memo<Option<Picked>>) -> impl IntoView {
    let (i18n, api) = (use_i18n(), use_api());
    let contents = LocalResource::new(move || {
        let (remote, course) = key.get_value();
        async move { api.get(GetContents { remote, course }, &()).await }
    });
    let shown = move || {
        contents.get().map(|answer| match answer {
            Ok(contents) => view! { <Parts key picked contents /> }.into_any(),
            Err(error) => view! { <p class="text-danger" role="alert">{error.sentence(i18n)}</p> }.into_any(),
        })
    };
    view! { <Suspense fallback=move || view! { <p class="cf-meta">{i18n.t(text::LOADING)}</p> }>{shown}</Suspense> }
}

/// The parts, ticked where they come along.
#[component]
fn Parts(key: StoredValue<Key>, picked: Memo<Option<Picked>>, contents: Contents) -> impl IntoView {
    let i18n = use_i18n();
    let selection: RwSignal<Selection> = expect_context();
    let size = (contents.bytes > 0).then(|| {
        let size = i18n.untracked().size(contents.bytes);
        view! { <p class="cf-meta">{i18n.fill(text::SIZE_AT_MOST, &[("size", &size)])}</p> }
    });
    let stays = move |look: fn(&Picked) -> &BTreeSet<i64>, id: i64| {
        picked.with(|picked| picked.as_ref().is_some_and(|picked| look(picked).contains(&id)))
    };
    let tick = move |parts: fn(&mut Wishes) -> &mut BTreeSet<i64>, id: i64| {
        move |event: Event| {
            let comes = event_target_checked(&event);
            key.with_value(|key| selection.update(|s| s.wish(key, |wishes| put(parts(wishes), id, !comes))));
        }
    };
    let section = move |section: Section| {
        let id = section.id;
        let stays_there = Memo::new(move |_| stays(|picked| &picked.wishes.sections, id));
        let activity = move |activity: Activity| {
            let id = activity.id;
            let own = Memo::new(move |_| stays(|picked| &picked.wishes.activities, id));
            view! {
                <li>
                    <label class="cf-check">
                        <input
                            type="checkbox"
                            prop:checked=move || !own.get() && !stays_there.get()
                            disabled=stays_there
                            on:change=tick(|wishes| &mut wishes.activities, id)
                        />
                        <span>
                            <bdi>{activity.name}</bdi> " "
                            <span class="cf-meta">{activity.kindname} {(!activity.visible).then(|| hidden(i18n))}</span>
                        </span>
                    </label>
                </li>
            }
        };
        let activities = section.activities.into_iter().map(activity).collect_view();
        view! {
            <li>
                <label class="cf-check cf-section">
                    <input type="checkbox" prop:checked=move || !stays_there.get() on:change=tick(|wishes| &mut wishes.sections, id) />
                    <span>
                        <bdi>{section.name}</bdi>
                        <span class="cf-meta">{(!section.visible).then(|| hidden(i18n))}</span>
                    </span>
                </label>
                <ul class="cf-parts">{activities}</ul>
            </li>
        }
    };
    view! {
        <fieldset class="cf-contents">
            <legend>{i18n.t(text::COMES_ALONG)}</legend>
            {size} <ul class="cf-parts">{contents.sections.into_iter().map(section).collect_view()}</ul>
        </fieldset>
    }
}

fn put(parts: &mut BTreeSet<i64>, id: i64, is_in: bool) {
    if is_in {
        parts.insert(id);
    } else {
        parts.remove(&id);
    }
}

fn hidden(i18n: crate::i18n::I18n) -> String {
    format!(" · {}", i18n.t(text::HIDDEN_THERE))
}
