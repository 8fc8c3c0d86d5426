//! What a row has besides what everybody wants to know: names and values.

use leptos::prelude::*;

/// Names and values.
#[component]
pub fn Facts(#[prop(into)] facts: Signal<Vec<(String, String)>>) -> impl IntoView {
    let lines = move || {
        facts.get().into_iter().map(|(name, value)| view! { <dt>{name}</dt><dd dir="auto">{value}</dd> }).collect_view()
    };
    view! { <dl class="cf-facts">{lines}</dl> }
}
