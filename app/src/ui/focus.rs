//! Keyboard focus: never lost to the page's body when what had it goes away, and never behind the bar.

use leptos::html::Div;
use leptos::prelude::*;
use leptos::web_sys::{Element, FocusEvent, HtmlElement, MutationRecord, ScrollBehavior, ScrollToOptions};
use leptos_use_element::{UseMutationObserverOptions, use_mutation_observer_with_options};
use leptos_use_event_listener::use_event_listener;
use wasm_bindgen::JsCast;

/// Marks places that take the focus when what had it is gone. They have `tabindex="-1"` too.
const FALLBACK: &str = "[data-cf-fallback]";
/// Marks what lies over the page at its lower edge.
const OVERLAY: &str = "[data-cf-overlay]";

/// The focused element and the fallbacks around it, the nearest first.
#[derive(Clone)]
struct Held {
    element: Element,
    fallbacks: Vec<Element>,
}

/// Looks after the focus inside `root`: when the focused control is taken away, its nearest surrounding fallback that is left
/// gets the focus, or the first action there if that is a row.
pub fn keep_focus(root: NodeRef<Div>) {
    let held = StoredValue::new_local(None::<Held>);
    let remember = move |event: FocusEvent| {
        let Some(element) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
        reveal(&element);
        held.set_value(Some(Held { fallbacks: fallbacks_around(&element), element }));
    };
    let _ = use_event_listener(root, leptos::ev::focusin, remember);
    let restore = move |_: Vec<MutationRecord>, _| held.with_value(|held| held.iter().for_each(Held::restore));
    let options = UseMutationObserverOptions::default().child_list(true).subtree(true);
    let _ = use_mutation_observer_with_options(root, restore, options);
}

fn fallbacks_around(element: &Element) -> Vec<Element> {
    let around = |element: &Element| element.closest(FALLBACK).ok().flatten();
    let outer = |fallback: &Element| fallback.parent_element().as_ref().and_then(around);
    std::iter::successors(around(element), outer).collect()
}

impl Held {
    fn restore(&self) {
        let elsewhere = document().active_element().is_some_and(|now| now.tag_name() != "BODY");
        if self.element.is_connected() || elsewhere {
            return;
        }
        if let Some(fallback) = self.fallbacks.iter().find(|fallback| fallback.is_connected()) {
            let action = fallback.query_selector("li:scope .cf-actions :is(button, a)").ok().flatten();
            focus(action.as_ref().unwrap_or(fallback));
        }
    }
}

/// Scrolls a focused element out from behind the bar.
fn reveal(element: &Element) {
    let Ok(Some(overlay)) = document().query_selector(OVERLAY) else { return };
    if overlay.contains(Some(element)) {
        return;
    }
    let (control, bar) = (element.get_bounding_client_rect(), overlay.get_bounding_client_rect());
    let hidden = control.bottom() - bar.top();
    if hidden > 0.0 && control.top() < bar.bottom() {
        // Bootstrap scrolls smoothly; whoever presses Tab quickly would be ahead of it.
        let options = ScrollToOptions::new();
        options.set_top(hidden + 8.0);
        options.set_behavior(ScrollBehavior::Instant);
        window().scroll_by_with_scroll_to_options(&options);
    }
}

fn focus(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let _ = element.focus();
    }
}

/// Moves the focus to the element with this id once the page has been drawn.
pub fn focus_later(id: String) {
    request_animation_frame(move || {
        if let Some(element) = document().get_element_by_id(&id) {
            focus(&element);
        }
    });
}
