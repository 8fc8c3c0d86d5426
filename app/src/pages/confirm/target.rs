//! Where the chosen courses go, and why a category is not to be had.

use super::state::Bar;
use super::where_to::WhereTo;
use crate::api::use_api;
use crate::i18n::{text, use_i18n};
use crate::logic::targets::{self, Offer};
use crate::state::session::Session;
use crate::ui::button::Button;
use crate::ui::id::use_id;
use courseferry_api::{CategoryId, Explain, ExplainQuery};
use leptos::prelude::*;

/// The place of all courses that have none of their own.
#[component]
pub fn CommonTarget() -> impl IntoView {
    let (i18n, session): (_, Session) = (use_i18n(), expect_context());
    let bar: Bar = expect_context();
    let offer = move || session.with_home(|home| Offer::new(&i18n.untracked(), home)).unwrap_or_default();
    view! {
        <WhereTo
            about=i18n.t(text::ALL_CHOSEN)
            label=i18n.t(text::TARGET)
            offer=untrack(offer)
            target=bar.common
            existing=Signal::derive(move || bar.for_all.with(|for_all| for_all.existing.clone()))
            on_target=move |target| bar.common.set(Some(target))
            on_existing=move |existing| bar.for_all.update(|for_all| for_all.existing = existing)
        />
    }
}

/// "Why isn't my category here?"
#[component]
pub fn WhyNotHere() -> impl IntoView {
    let (i18n, api) = (use_i18n(), use_api());
    let typed = RwSignal::new(String::new());
    let explain = Action::new_local(move |typed: &String| {
        let category = targets::number_in(typed).map(CategoryId);
        async move {
            let Some(category) = category else { return vec![i18n.t(text::NOT_A_CATEGORY)] };
            let explained = api.get(Explain, &ExplainQuery { category }).await;
            explained.map_or_else(|error| vec![error.sentence(i18n)], |explained| explained.sentences)
        }
    });
    let sentences = move || {
        let sentences = explain.value().get().unwrap_or_default();
        sentences.into_iter().map(|sentence| view! { <p>{sentence}</p> }).collect_view()
    };
    let id = use_id("why");
    view! {
        <details class="cf-details">
            <summary>{i18n.t(text::WHY_NOT)}</summary>
            <p class="cf-meta">{i18n.t(text::WHY_NOT_TEXT)}</p>
            <div class="cf-ask">
                <label for=id.clone()>{i18n.t(text::CATEGORY_ADDRESS)}</label>
                <input id=id type="text" class="form-control" bind:value=typed />
                <Button
                    label=i18n.t(text::EXPLAIN)
                    busy=explain.pending()
                    on_press=move || { explain.dispatch(typed.get_untracked()); }
                />
            </div>
            <div role="status">{sentences}</div>
        </details>
    }
}
