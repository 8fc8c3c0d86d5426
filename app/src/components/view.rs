//! Parts of the page that follow what they read, each of one type however many there are: the smaller WebAssembly.

use super::el::Child;
use leptos::prelude::*;
use std::sync::{Arc, Mutex};

/// A value that an attribute or property follows.
pub type Followed<T> = Arc<Mutex<dyn FnMut() -> T + Send>>;

/// Text that follows what `read` reads.
pub fn text(read: impl FnMut() -> String + Send + 'static) -> AnyView {
    reads(read).into_any()
}

/// A part that follows what `draw` reads, and is gone while there is none.
pub fn part<C: Child>(mut draw: impl FnMut() -> Option<C> + Send + 'static) -> AnyView {
    let draw: Followed<Option<AnyView>> = Arc::new(Mutex::new(move || draw().map(Child::view)));
    draw.into_any()
}

/// A text that follows what `read` reads, for properties.
pub fn reads(read: impl FnMut() -> String + Send + 'static) -> Followed<String> {
    Arc::new(Mutex::new(read))
}

/// Whether something holds, followed, for properties.
pub fn whether(read: impl FnMut() -> bool + Send + 'static) -> Followed<bool> {
    Arc::new(Mutex::new(read))
}

/// An attribute that is there only while `read` gives it a value.
pub fn maybe(read: impl FnMut() -> Option<String> + Send + 'static) -> Followed<Option<String>> {
    Arc::new(Mutex::new(read))
}

/// An attribute that follows what `read` reads.
pub fn live(mut read: impl FnMut() -> String + Send + 'static) -> Followed<Option<String>> {
    maybe(move || Some(read()))
}

/// An attribute without a value that is there only while `read` holds.
pub fn there_while(mut read: impl FnMut() -> bool + Send + 'static) -> Followed<Option<String>> {
    maybe(move || read().then(String::new))
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

/// Several things after each other.
pub fn several<const N: usize>(parts: [AnyView; N]) -> AnyView {
    Vec::from(parts).into_any()
}

/// Nothing.
pub fn nothing() -> AnyView {
    ().into_any()
}

/// Runs `run` now and whenever something that it read has changed.
pub fn effect(run: impl FnMut() + 'static) {
    let mut run: Box<dyn FnMut()> = Box::new(run);
    Effect::new(move |_| run());
}
