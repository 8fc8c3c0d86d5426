//! Boxes that say what hinders the current user, what failed, or what to know.

use leptos::prelude::*;
use std::fmt;

/// An error as people are told it, for error boundaries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence(pub String);

impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Sentence {}

/// How serious a notice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Info,
    /// Something hinders the current user.
    Warning,
    Danger,
}

#[component]
pub fn Notice(tone: Tone, children: Children) -> impl IntoView {
    let class = match tone {
        Tone::Info => "alert alert-info cf-notice",
        Tone::Warning => "alert alert-warning cf-notice",
        Tone::Danger => "alert alert-danger cf-notice",
    };
    view! { <div class=class>{children()}</div> }
}

/// What failed just now because of the current user's own press; it is said aloud at once.
#[component]
pub fn Failure(#[prop(into)] text: Signal<Option<String>>) -> impl IntoView {
    move || text.get().map(|text| view! { <div class="cf-alert text-danger" role="alert">{text}</div> })
}
