//! Parts of the page that follow what they read, each of one type however many there are: the smaller WebAssembly.

use leptos::prelude::*;
use std::sync::Arc;

/// Text that follows what `read` reads.
pub fn text(read: impl Fn() -> String + Send + 'static) -> AnyView {
    let read: Box<dyn Fn() -> String + Send> = Box::new(read);
    read.into_any()
}

/// A part that follows what `draw` reads, and is gone while there is none.
pub fn part(draw: impl Fn() -> Option<AnyView> + Send + 'static) -> AnyView {
    let draw: Box<dyn Fn() -> Option<AnyView> + Send> = Box::new(draw);
    draw.into_any()
}

/// A value of an attribute that follows what `read` reads.
pub fn live(read: impl Fn() -> String + Send + Sync + 'static) -> Signal<String> {
    Signal::derive(read)
}

/// Whether something holds, followed.
pub fn whether(read: impl Fn() -> bool + Send + Sync + 'static) -> Signal<bool> {
    Signal::derive(read)
}

/// An attribute that is there only while `read` gives it a value.
pub fn maybe(read: impl Fn() -> Option<String> + Send + Sync + 'static) -> Signal<Option<String>> {
    Signal::derive(read)
}

/// A row for each of `keys`; a row stays as it is while its key is there.
pub fn each(
    keys: impl Fn() -> Vec<String> + Send + Sync + 'static,
    row: impl Fn(String) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    rows(Box::new(keys), Arc::new(row))
}

type Keys = Box<dyn Fn() -> Vec<String> + Send + Sync>;

fn rows(keys: Keys, row: Arc<dyn Fn(String) -> AnyView + Send + Sync>) -> AnyView {
    view! { <For each=keys key=Clone::clone children=move |key| row(key) /> }.into_any()
}

/// Nothing.
pub fn nothing() -> AnyView {
    ().into_any()
}
