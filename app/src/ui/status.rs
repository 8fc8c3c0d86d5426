//! A status in words, with an icon that says the same.

use leptos::prelude::*;

/// The status; `icon` is the class that draws its icon.
#[component]
pub fn Status(#[prop(into)] icon: Signal<&'static str>, children: Children) -> impl IntoView {
    view! {
        <div class="cf-status">
            <span class=icon></span>
            <span>{children()}</span>
        </div>
    }
}
