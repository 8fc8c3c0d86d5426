//! Parts of the page that follow what they read, each of one type however many there are: the smaller WebAssembly.

use leptos::prelude::*;
use std::sync::{Arc, Mutex};

/// Text that follows what `read` reads.
pub fn text(read: impl Fn() -> String + Send + 'static) -> AnyView {
    live(read).into_any()
}

/// A part that follows what `draw` reads, and is gone while there is none.
pub fn part(draw: impl Fn() -> Option<AnyView> + Send + 'static) -> AnyView {
    let draw: Followed<Option<AnyView>> = Arc::new(Mutex::new(draw));
    draw.into_any()
}

/// A value that an attribute or property follows.
pub type Followed<T> = Arc<Mutex<dyn FnMut() -> T + Send>>;

/// Text that follows what `read` reads, for attributes and properties.
pub fn live(read: impl FnMut() -> String + Send + 'static) -> Followed<String> {
    Arc::new(Mutex::new(read))
}

/// Whether something holds, followed.
pub fn whether(read: impl FnMut() -> bool + Send + 'static) -> Followed<bool> {
    Arc::new(Mutex::new(read))
}

/// An attribute that is there only while `read` gives it a value.
pub fn maybe(read: impl FnMut() -> Option<String> + Send + 'static) -> Followed<Option<String>> {
    Arc::new(Mutex::new(read))
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
