//! Restoring for somebody else: one person's courses, or many from a file. Nothing is done before what would become of each
//! row has been looked at.

mod many;
mod one;
mod plan;

use super::section::Section;
use super::state::ManageState;
use crate::i18n::{text, use_i18n};
use crate::ui::id::use_id;
use leptos::prelude::*;
use many::Many;
use one::One;
use plan::Plan;

/// The two ways.
#[component]
pub fn ForSomebody() -> impl IntoView {
    let i18n = use_i18n();
    let ManageState { api, .. } = expect_context();
    let plan = Plan::new(api);
    provide_context(plan);
    let from_file = RwSignal::new(false);
    let name = use_id("for");
    let radio = move |is_file: bool, label| {
        let name = name.clone();
        let choose = move |_| {
            plan.clear();
            from_file.set(is_file);
        };
        view! {
            <label class="cf-check">
                <input type="radio" name=name prop:checked=move || from_file.get() == is_file on:change=choose />
                <span>{i18n.t(label)}</span>
            </label>
        }
    };
    view! {
        <Section heading=i18n.t(text::FOR_HEADING)>
            <p class="cf-meta">{i18n.t(text::FOR_TEXT)}</p>
            <div class="cf-radios" role="radiogroup" aria-label=i18n.t(text::FOR_HEADING)>
                {radio.clone()(false, text::FOR_SINGLE)} {radio(true, text::FOR_LIST)}
            </div>
            <Show when=move || from_file.get() fallback=|| view! { <One /> }>
                <Many />
            </Show>
            <plan::Planned />
        </Section>
    }
}
