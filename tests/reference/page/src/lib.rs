//! What the benchmarks measure the widget beside: a bare Leptos page with one list.
#![cfg(target_arch = "wasm32")]

use leptos::prelude::*;
use wasm_bindgen::prelude::wasm_bindgen;

/// Shows the list.
#[wasm_bindgen(start)]
pub fn start() {
    mount_to_body(|| {
        let course = |number| view! { <li class="cf-course">"Course "{number}</li> };
        view! { <ul>{(1..=20).map(course).collect_view()}</ul> }
    });
}
