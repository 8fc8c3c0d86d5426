//! What the widget decides, as plain Rust: no Leptos, and no browser but for `search::fold`; tested on any machine.

pub mod confirm;
pub mod courses;
pub mod phrases;
pub mod polling;
pub mod restores;
pub mod search;
pub mod selection;
pub mod summary;
pub mod targets;
pub mod trial;
pub mod wishes;
