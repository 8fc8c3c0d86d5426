//! Text with `**bold**` parts.

use super::el::{Child, el};
use leptos::prelude::*;

/// The text, its marked parts bold.
pub fn rich(text: &str) -> AnyView {
    let part = |(at, part): (usize, &str)| if at % 2 == 1 { el("strong").child(part).view() } else { part.view() };
    text.split("**").enumerate().map(part).collect::<Vec<_>>().view()
}
