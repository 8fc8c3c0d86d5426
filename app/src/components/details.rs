//! Details that a row has besides what everybody wants to know: opened by a press, as names and values.

use super::button::LINK;
use super::el::{Child, El, el};
use super::view::live;
use crate::live::Live;
use courseferry_words::Words;
use leptos::prelude::AnyView;

/// The button that opens and closes them; `name` is what it is called aloud.
pub fn details_button(words: &Words, name: String, open: Live<bool>) -> AnyView {
    el("button")
        .attr("type", "button")
        .class(LINK)
        .attr("aria-expanded", live(move || open.get().to_string()))
        .attr("aria-label", name)
        .on("click", move |_| open.update(|open| *open = !*open))
        .child(words.details)
        .view()
}

/// Names and values.
pub fn facts(facts: Vec<(&'static str, String)>) -> El {
    facts.into_iter().fold(el("dl").class("cf-facts"), |list, (name, value)| {
        list.child(el("dt").child(name)).child(el("dd").attr("dir", "auto").child(value))
    })
}
