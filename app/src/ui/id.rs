//! Ids that are unique in the page: several widgets can stand in one.

use leptos::prelude::*;

/// The number of a widget in its page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WidgetNumber(pub u32);

/// An id for the element that this widget calls `name`.
pub fn use_id(name: &str) -> String {
    let WidgetNumber(number) = expect_context();
    format!("cf{number}-{name}")
}
