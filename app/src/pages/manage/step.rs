//! A line of a list of steps.

use crate::i18n::{text, use_i18n};
use crate::logic::trial::Mark;
use crate::ui::status::Status;
use leptos::prelude::*;

/// A step with its mark, said in words too, and how it is.
#[component]
pub fn StepLine(name: String, mark: Mark, says: Option<String>) -> impl IntoView {
    let i18n = use_i18n();
    let (icon, aloud) = match mark {
        Mark::Open => ("cf-icon cf-waiting", text::MANAGE_STEP_OPEN),
        Mark::Busy => ("cf-icon cf-busy", text::MANAGE_STEP_BUSY),
        Mark::Done => ("cf-icon cf-done", text::MANAGE_STEP_DONE),
        Mark::Failed => ("cf-icon cf-failed", text::MANAGE_STEP_FAILED),
    };
    view! {
        <li>
            <Status icon>
                <span class="cf-visually-hidden">{i18n.t(aloud)} " "</span>
                {name}
                {says.map(|says| view! { <div class="cf-meta">{says}</div> })}
            </Status>
        </li>
    }
}
