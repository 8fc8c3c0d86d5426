//! Buttons that stay where they are and keep the focus while their action is under way, and links that look like them.

use leptos::prelude::*;

/// How a button looks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Look {
    /// The one action that a place is for.
    Primary,
    /// Other actions.
    #[default]
    Secondary,
    /// Actions among text.
    Link,
}

impl Look {
    fn class(self) -> &'static str {
        match self {
            Self::Primary => "btn btn-primary cf-button",
            Self::Secondary => "btn btn-outline-secondary btn-sm cf-button",
            Self::Link => "btn btn-link btn-sm cf-button cf-link",
        }
    }
}

/// A button. `name` is what it is called aloud, if more than its label; it must contain the label. While it is `busy`, a
/// press does nothing.
#[component]
pub fn Button(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] on_press: UnsyncCallback<()>,
    #[prop(optional, into)] name: Option<String>,
    #[prop(optional)] look: Look,
    #[prop(optional, into)] busy: Signal<bool>,
    #[prop(optional, into)] expanded: MaybeProp<bool>,
) -> impl IntoView {
    let press = move |_| {
        if !busy.get_untracked() {
            on_press.run(());
        }
    };
    view! {
        <button
            type="button"
            class=look.class()
            aria-label=name
            aria-disabled=move || busy.get().then_some("true")
            aria-expanded=move || expanded.get().map(|expanded| expanded.to_string())
            on:click=press
        >
            {label}
        </button>
    }
}

/// A link that looks like a button.
#[component]
pub fn LinkButton(
    #[prop(into)] label: String,
    #[prop(into)] href: String,
    #[prop(optional, into)] name: Option<String>,
    #[prop(optional)] look: Look,
    /// Opens in a tab of its own.
    #[prop(optional)]
    new_tab: bool,
) -> impl IntoView {
    view! {
        <a class=look.class() href=href aria-label=name target=new_tab.then_some("_blank")>
            {label}
        </a>
    }
}
