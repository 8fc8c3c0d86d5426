//! A part of the page under its heading.

use leptos::prelude::*;

/// A part of the page under its heading.
#[component]
pub fn Section(heading: String, children: Children) -> impl IntoView {
    let label = heading.clone();
    view! {
        <section class="cf-group" aria-label=label tabindex="-1" data-cf-fallback="">
            <div class="cf-group-head"><h2 class="cf-subheading">{heading}</h2></div>
            {children()}
        </section>
    }
}
