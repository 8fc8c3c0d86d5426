//! The widget: Leptos, client-side rendered, one ES module that mounts into an element.
//!
//! `logic` and `words` are plain Rust; `state` is what all widgets of a page share; `components` draw it.

mod browser;
mod client;
mod components;
mod json;
mod live;
pub mod logic;
mod state;
pub mod words;

use client::Place;
use courseferry_api::Language;
use std::cell::Cell;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::HtmlElement;

thread_local! {
    static NUMBER: Cell<u32> = const { Cell::new(0) };
}

/// Mounts a widget into `element`, whose data attributes say who and where. Several on one page share a session.
#[wasm_bindgen]
pub fn mount(element: HtmlElement) {
    let data = element.dataset();
    let value = |name: &str| data.get(name).unwrap_or_default();
    let place =
        Place { worker: value("worker"), wwwroot: value("wwwroot"), sesskey: value("sesskey"), page: value("page") };
    let launch = data.get("launch").filter(|token| !token.is_empty());
    let page = value("surface") == "page";
    let number = NUMBER.replace(NUMBER.get() + 1);
    let language = Language::of(&value("lang"));
    element.set_inner_html("");
    let view = move || components::widget(state::App::shared(place, launch, language), number, page);
    leptos::mount::mount_to(element, view).forget();
}
