//! The widget: Leptos, client-side rendered, one ES module that mounts into an element.

pub mod logic;
pub mod words;
