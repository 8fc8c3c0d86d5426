//! A button that stays where it is and keeps the focus while its action is under way.

use super::view::{maybe, text};
use crate::live::Live;
use leptos::prelude::*;

/// A button. `name` is what it is called aloud, if more than its label; it must contain the label.
pub fn button(
    class: &'static str,
    label: impl Fn() -> String + Send + 'static,
    name: Option<String>,
    busy: Live<bool>,
    press: impl Fn() + 'static,
) -> AnyView {
    draw(class, text(label), name, busy, Box::new(press))
}

fn draw(class: &'static str, label: AnyView, name: Option<String>, busy: Live<bool>, press: Box<dyn Fn()>) -> AnyView {
    let disabled = maybe(move || busy.get().then(|| "true".to_owned()));
    let on_click = move |_| {
        if !busy.get_untracked() {
            press();
        }
    };
    view! {
        <button type="button" class=class aria-label=name aria-disabled=disabled on:click=on_click>
            {label}
        </button>
    }
    .into_any()
}

/// A button that is never busy.
pub fn plain(class: &'static str, label: &'static str, name: Option<String>, press: impl Fn() + 'static) -> AnyView {
    button(class, move || label.to_owned(), name, Live::new(false), press)
}

/// The look of the one action that a place is for.
pub const PRIMARY: &str = "btn btn-primary cf-button";
/// The look of other actions.
pub const SECONDARY: &str = "btn btn-outline-secondary btn-sm cf-button";
/// The look of actions among text.
pub const LINK: &str = "btn btn-link btn-sm cf-button cf-link";
