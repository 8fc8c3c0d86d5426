//! What arrived of an addition that was interrupted, by name, until its owner has decided about it.

use crate::api::use_api;
use crate::i18n::{text, use_i18n};
use crate::state::announcer::Announcer;
use crate::state::page::every;
use crate::state::restores::RestoreList;
use courseferry_api::{JobId, ListArrived};
use leptos::prelude::*;
use std::time::Duration;

/// How often it is asked whether Moodle's cron has removed something.
pub const LOOK_AGAIN: Duration = Duration::from_secs(5);

/// The list; `removing` while Moodle's cron is going to remove what is in it.
#[component]
pub fn WhatArrived(id: JobId, removing: RwSignal<bool>) -> impl IntoView {
    let (i18n, api) = (use_i18n(), use_api());
    let (restores, announcer): (RestoreList, Announcer) = (expect_context(), expect_context());
    let arrived = LocalResource::new(move || {
        let restore = id.clone();
        async move { api.get(ListArrived { restore }, &()).await }
    });
    every(LOOK_AGAIN, move || {
        if removing.get_untracked() {
            arrived.refetch();
        }
    });
    Effect::new(move || {
        // Nothing is left to decide about, which the row says itself as soon as it is asked again.
        if arrived.get().is_some_and(|answer| answer.is_ok_and(|list| list.arrived.is_empty())) {
            if removing.get_untracked() {
                announcer.say(i18n.t(text::SAID_ARRIVED_REMOVED));
                removing.set(false);
            }
            restores.poll();
        }
    });
    let parts = move || {
        arrived.get().map(|answer| match answer {
            Ok(list) => {
                let more = list.more.then(|| view! { <li>"…"</li> });
                let parts = list.arrived.into_iter().map(|part| view! { <li><bdi>{part.name}</bdi></li> });
                view! { <ul>{parts.collect_view()} {more}</ul> }.into_any()
            }
            Err(error) => view! { <p class="text-danger" role="alert">{error.sentence(i18n)}</p> }.into_any(),
        })
    };
    view! {
        <div class="cf-to-check">{i18n.t(text::WHAT_ARRIVED)}</div>
        <Transition fallback=move || view! { <p class="cf-meta">{i18n.t(text::LOADING)}</p> }>{parts}</Transition>
        <div class="cf-meta" role="status">
            {move || removing.get().then(|| i18n.t(text::REMOVING_ARRIVED))}
        </div>
    }
}
