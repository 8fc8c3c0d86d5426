//! Text with `**bold**` parts.

use leptos::prelude::*;

/// The text, its marked parts bold.
pub fn rich(text: &str) -> AnyView {
    let part = |(at, part): (usize, &str)| {
        let part = part.to_owned();
        if at % 2 == 1 { view! { <strong>{part}</strong> }.into_any() } else { part.into_any() }
    };
    text.split("**").enumerate().map(part).collect::<Vec<_>>().into_any()
}
