//! The widget: Leptos, client-side rendered, one ES module that mounts into an element.
//!
//! `logic` is plain Rust, `courseferry_words` what people read; `state` is what all widgets of a page share; `components` draw it.

mod browser;
mod client;
mod components;
mod json;
mod live;
pub mod logic;
mod state;

use client::Place;
use courseferry_api::Language;
use courseferry_words::Words;
use std::cell::Cell;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::HtmlElement;

thread_local! {
    static NUMBER: Cell<u32> = const { Cell::new(0) };
}

/// Where the widget has made room for the Manage page, and the event by which it says so.
pub(crate) const MANAGE: &str = "courseferry-manage";

fn place_of(element: &HtmlElement) -> (Place, Language) {
    let data = element.dataset();
    let value = |name: &str| data.get(name).unwrap_or_default();
    let place =
        Place { worker: value("worker"), wwwroot: value("wwwroot"), sesskey: value("sesskey"), page: value("page") };
    (place, Language::of(&value("lang")))
}

/// Mounts the Manage page where the widget has made room for it.
pub fn mount_manage() {
    let room = browser::document().query_selector(&format!("[data-{MANAGE}]")).ok().flatten();
    let Some(element) = room.and_then(|room| room.dyn_into::<HtmlElement>().ok()) else { return };
    let (place, language) = place_of(&element);
    let view = move || components::manage::manage(state::App::shared(place, None, || Words::of(language)));
    leptos::mount::mount_to(element, view).forget();
}

/// Mounts a widget into `element`, whose data attributes say who and where; `texts` is the file of its language.
/// Several on one page share a session.
#[wasm_bindgen]
pub fn mount(element: HtmlElement, texts: String) {
    let (place, language) = place_of(&element);
    let data = element.dataset();
    let launch = data.get("launch").filter(|token| !token.is_empty());
    let page = data.get("surface").is_some_and(|surface| surface == "page");
    let number = NUMBER.replace(NUMBER.get() + 1);
    element.set_inner_html("");
    let words = move || Words::read(language, texts.leak());
    let view = move || components::widget(state::App::shared(place, launch, words), number, page);
    leptos::mount::mount_to(element, view).forget();
}
