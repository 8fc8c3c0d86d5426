//! What the browser says of the page itself.

use leptos::leptos_dom::helpers::set_interval_with_handle;
use leptos::prelude::{document, on_cleanup};
use std::time::Duration;

/// Nobody looks at it: it is in another tab, or behind another window.
pub fn is_hidden() -> bool {
    document().visibility_state() == web_sys::VisibilityState::Hidden
}

/// Does something again and again for as long as what is being made here is shown and somebody looks at the page.
pub fn every(period: Duration, act: impl Fn() + 'static) {
    let shown = move || {
        if !is_hidden() {
            act();
        }
    };
    let timer = set_interval_with_handle(shown, period);
    on_cleanup(move || {
        if let Ok(timer) = timer {
            timer.clear();
        }
    });
}
