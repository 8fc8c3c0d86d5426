//! What the browser says of the page itself.

use leptos::prelude::document;

/// Nobody looks at it: it is in another tab, or behind another window.
pub fn is_hidden() -> bool {
    document().visibility_state() == web_sys::VisibilityState::Hidden
}
