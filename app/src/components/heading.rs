//! A heading at the level that its place in Moodle's page asks for; it looks the same at every level.

use super::el::{Child, el};
use leptos::prelude::AnyView;

/// A heading that can take the focus, since what it heads may be where an action leads.
pub fn heading(level: u8, class: &'static str, id: String, label: &str) -> AnyView {
    let tag = match level {
        2 => "h2",
        3 => "h3",
        4 => "h4",
        _ => "h5",
    };
    el(tag).class(class).id(id).refuge().child(el("bdi").child(label)).view()
}
