//! A button that stays where it is and keeps the focus while its action is under way.

use super::el::{Child, el};
use super::view::{maybe, text};
use crate::live::Live;
use leptos::prelude::AnyView;

/// A button. `name` is what it is called aloud, if more than its label; it must contain the label.
pub fn button(
    class: &'static str,
    label: impl Fn() -> String + Send + 'static,
    name: Option<String>,
    busy: Live<bool>,
    press: impl Fn() + 'static,
) -> AnyView {
    let pressed = move |_| {
        if !busy.get_untracked() {
            press();
        }
    };
    el("button")
        .attr("type", "button")
        .class(class)
        .attr("aria-label", name)
        .attr("aria-disabled", maybe(move || busy.get().then(|| "true".to_owned())))
        .on("click", pressed)
        .child(text(label))
        .view()
}

/// A button that is never busy.
pub fn plain(class: &'static str, label: &'static str, name: Option<String>, press: impl Fn() + 'static) -> AnyView {
    button(class, move || label.to_owned(), name, Live::new(false), press)
}

/// A button that is never busy, whose label is made up.
pub fn plain_text(class: &'static str, label: String, press: impl Fn() + 'static) -> AnyView {
    button(class, move || label.clone(), None, Live::new(false), press)
}

/// A link that looks like a button.
pub fn link(class: &'static str, label: &'static str, name: Option<String>, address: String) -> AnyView {
    el("a").class(class).attr("href", address).attr("aria-label", name).child(label).view()
}

/// The look of the one action that a place is for.
pub const PRIMARY: &str = "btn btn-primary cf-button";
/// The look of other actions.
pub const SECONDARY: &str = "btn btn-outline-secondary btn-sm cf-button";
/// The look of actions among text.
pub const LINK: &str = "btn btn-link btn-sm cf-button cf-link";
