//! "Remove this copy": asked once more in the row, with what holds it back, and followed until Moodle's cron has done it.

use super::arrived::LOOK_AGAIN;
use crate::api::{ApiError, use_api};
use crate::i18n::{text, use_i18n};
use crate::state::announcer::Announcer;
use crate::state::page::every;
use crate::state::restores::RestoreList;
use crate::ui::button::Button;
use courseferry_api::{CopyAnswer, GetCopy, JobId};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Asks whether the copy of `course` is to go, or says why it stays.
#[component]
pub fn RemoveCopy(
    id: JobId,
    course: String,
    /// It is being asked for.
    #[prop(into)]
    busy: Signal<bool>,
    #[prop(into)] on_remove: UnsyncCallback<()>,
    #[prop(into)] on_keep: UnsyncCallback<()>,
) -> impl IntoView {
    let (i18n, api) = (use_i18n(), use_api());
    let announcer: Announcer = expect_context();
    let answer = LocalResource::new(move || {
        let restore = id.clone();
        async move { api.get(GetCopy { restore }, &()).await }
    });
    let obstacle = move |answer: &Result<CopyAnswer, ApiError>| match answer {
        Ok(answer) => answer.obstacle.as_ref().map(|problem| problem.message.clone()),
        Err(error) => Some(error.sentence(i18n)),
    };
    Effect::new(move || {
        if let Some(answer) = answer.get() {
            announcer.say(obstacle(&answer).unwrap_or_else(|| i18n.t(text::COPY_REALLY)));
        }
    });
    let course = StoredValue::new(course);
    let keep = move |label| {
        let name = i18n.named(label, &course.get_value());
        view! { <Button label=i18n.t(label) name on_press=on_keep /> }
    };
    let asked = move || {
        let Some(answer) = answer.get() else {
            return view! { <p class="cf-meta">{i18n.t(text::LOADING)}</p> }.into_any();
        };
        if let Some(why) = obstacle(&answer) {
            return view! {
                <p class="cf-to-check">{why}</p>
                {keep(text::CLOSE)}
            }
            .into_any();
        }
        let name = i18n.named(text::COPY_REMOVE_DO, &course.get_value());
        view! {
            <p>{i18n.t(text::COPY_REALLY)}</p>
            <Button label=i18n.t(text::COPY_REMOVE_DO) name busy on_press=on_remove />
            {keep(text::KEEP_COPY)}
        }
        .into_any()
    };
    view! { <div class="cf-mover">{asked}</div> }
}

/// Asks again and again whether the copy is gone.
#[component]
pub fn FollowRemoval(id: JobId) -> impl IntoView {
    let api = use_api();
    let restores: RestoreList = expect_context();
    every(LOOK_AGAIN, move || {
        let restore = id.clone();
        spawn_local(async move {
            // A Moodle that does not answer now is asked again.
            if let Ok(answer) = api.get(GetCopy { restore }, &()).await {
                restores.put([answer.restore]);
            }
        });
    });
}
