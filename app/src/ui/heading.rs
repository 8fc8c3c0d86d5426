//! A heading at the level that its place in Moodle's page asks for; it looks the same at every level.

use leptos::prelude::*;

/// A heading that can take the focus, since what it heads may be where an action leads.
#[component]
pub fn Heading(
    level: u8,
    #[prop(into)] id: String,
    #[prop(into)] text: String,
    #[prop(optional)] class: &'static str,
) -> impl IntoView {
    let text = view! { <bdi>{text}</bdi> };
    match level {
        2 => view! { <h2 class=class id=id tabindex="-1" data-cf-fallback="">{text}</h2> }.into_any(),
        3 => view! { <h3 class=class id=id tabindex="-1" data-cf-fallback="">{text}</h3> }.into_any(),
        4 => view! { <h4 class=class id=id tabindex="-1" data-cf-fallback="">{text}</h4> }.into_any(),
        _ => view! { <h5 class=class id=id tabindex="-1" data-cf-fallback="">{text}</h5> }.into_any(),
    }
}
