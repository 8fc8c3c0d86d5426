//! Keyboard focus: never lost to the page's body when what had it goes away.

use leptos::html::Div;
use leptos::prelude::*;
use leptos::web_sys::{Element, FocusEvent, HtmlElement, MutationRecord};
use leptos_use_element::{UseMutationObserverOptions, use_mutation_observer_with_options};
use leptos_use_event_listener::use_event_listener;
use wasm_bindgen::JsCast;

/// Marks places that take the focus when what had it is gone. They have `tabindex="-1"` too.
const FALLBACK: &str = "[data-cf-fallback]";

/// The focused element and the fallbacks around it, the nearest first.
#[derive(Clone)]
struct Focused {
    element: Element,
    fallbacks: Vec<Element>,
}

/// Looks after the focus inside `root`: when the focused control is taken away, its nearest surrounding fallback that is left
/// gets the focus, or the first action there if that is a row.
pub fn keep_focus(root: NodeRef<Div>) {
    let focused = StoredValue::new_local(None::<Focused>);
    let remember = move |event: FocusEvent| {
        let Some(element) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
        focused.set_value(Some(Focused { fallbacks: fallbacks_around(&element), element }));
    };
    let _ = use_event_listener(root, leptos::ev::focusin, remember);
    let restore = move |_: Vec<MutationRecord>, _| focused.with_value(|last| last.iter().for_each(Focused::restore));
    let options = UseMutationObserverOptions::default().child_list(true).subtree(true);
    let _ = use_mutation_observer_with_options(root, restore, options);
}

fn fallbacks_around(element: &Element) -> Vec<Element> {
    let around = |element: &Element| element.closest(FALLBACK).ok().flatten();
    let outer = |fallback: &Element| fallback.parent_element().as_ref().and_then(around);
    std::iter::successors(around(element), outer).collect()
}

impl Focused {
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

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use super::*;
    use leptos::mount::mount_to;
    use leptos::task::tick;
    use wasm_bindgen_test::wasm_bindgen_test;

    /// A list of two rows in a place of the page of its own, each row with a button; a row is shown while its signal is
    /// true.
    fn list(rows: [RwSignal<bool>; 2]) -> impl IntoView {
        let root = NodeRef::new();
        keep_focus(root);
        let row = |(n, shown): (usize, RwSignal<bool>)| {
            view! {
                <Show when=move || shown.get()>
                    <li tabindex="-1" data-cf-fallback="">
                        <span class="cf-actions"><button id=format!("button-{n}")>"Cancel"</button></span>
                    </li>
                </Show>
            }
        };
        let rows = rows.into_iter().enumerate().map(row).collect_view();
        view! {
            <div node_ref=root>
                <section tabindex="-1" data-cf-fallback="" id="section"><ul>{rows}</ul></section>
            </div>
        }
    }

    fn focused() -> String {
        document().active_element().map(|element| element.id()).unwrap_or_default()
    }

    #[wasm_bindgen_test]
    async fn focus_goes_to_what_surrounds_a_row_that_goes_away_and_never_to_the_page() {
        let rows = [RwSignal::new(true), RwSignal::new(true)];
        let place = document().create_element("div").expect("a place").unchecked_into::<HtmlElement>();
        document().body().expect("a page").append_child(&place).expect("a place in it");
        let mounted = mount_to(place, move || list(rows));
        tick().await;
        focus_later("button-0".to_owned());
        let frame = || js_sys::Promise::new(&mut |done, _| request_animation_frame(move || drop(done.call0(&done))));
        for _ in 0..2 {
            let _ = wasm_bindgen_futures::JsFuture::from(frame()).await;
        }
        assert_eq!(focused(), "button-0");
        rows[1].set(false);
        tick().await;
        assert_eq!(focused(), "button-0", "another row's end moves nothing");
        rows[0].set(false);
        for _ in 0..2 {
            let _ = wasm_bindgen_futures::JsFuture::from(frame()).await;
        }
        assert_eq!(focused(), "section");
        drop(mounted);
    }
}
