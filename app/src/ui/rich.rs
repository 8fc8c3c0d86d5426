//! Texts with marked parts.

use leptos::prelude::*;

/// The text, its parts between `**` bold.
#[component]
pub fn Bold(#[prop(into)] text: String) -> impl IntoView {
    marked(&text, "**", |part| view! { <strong>{part}</strong> }.into_any())
}

/// The text, its parts between back ticks as code: commands and names.
#[component]
pub fn WithCode(#[prop(into)] text: String) -> impl IntoView {
    marked(&text, "`", |part| view! { <code>{part}</code> }.into_any())
}

fn marked(text: &str, mark: &str, draw: impl Fn(String) -> AnyView) -> Vec<AnyView> {
    let part = |(place, part): (usize, &str)| {
        let part = part.to_owned();
        if place % 2 == 1 { draw(part) } else { part.into_any() }
    };
    text.split(mark).enumerate().map(part).collect()
}
