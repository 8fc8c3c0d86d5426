//! Ids that are unique in the page: several widgets can stand in one.

use leptos::prelude::*;
use std::sync::atomic::{AtomicU32, Ordering};

static NEXT: AtomicU32 = AtomicU32::new(0);

/// The number of a widget in its page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WidgetNumber(pub u32);

/// An id for the element that this widget calls `name`.
pub fn use_id(name: &str) -> String {
    let WidgetNumber(number) = expect_context();
    format!("cf{number}-{name}")
}

/// An id of its own for each of the elements that this widget calls `name`.
pub fn use_numbered_id(name: &str) -> String {
    use_id(&format!("{name}{}", NEXT.fetch_add(1, Ordering::Relaxed)))
}
