//! The widget: Leptos, client-side rendered, one ES module that mounts into an element.
//!
//! `logic` is plain Rust, `i18n` what people read; `api` calls the Worker; `state` is what all widgets of a page share; `ui`
//! has components that know no page, `pages` those that do, and `widget` puts the pages together.

mod api;
mod i18n;
mod layout;
mod logic;
mod pages;
mod state;
mod ui;
mod widget;

use api::{Launch, Place};
use i18n::Texts;
use js_sys::Promise;
use leptos::prelude::*;
use leptos::web_sys::HtmlElement;
use state::Shared;
use std::cell::Cell;
use ui::id::WidgetNumber;
use wasm_bindgen::prelude::wasm_bindgen;
use widget::Widget;

thread_local! {
    static NUMBER: Cell<u32> = const { Cell::new(0) };
}

/// Mounts a widget into `element`, whose data attributes say who and where; `texts` is the file of its language, `answer`
/// the Worker's to the launch token, if it has been asked already. Several on one page share a session.
#[wasm_bindgen]
pub fn mount(element: HtmlElement, texts: &str, answer: Option<Promise>) {
    let data = element.dataset();
    let value = |name: &str| data.get(name).unwrap_or_default();
    let place =
        Place { worker: value("worker"), wwwroot: value("wwwroot"), sesskey: value("sesskey"), page: value("page") };
    let launch = data.get("launch").filter(|token| !token.is_empty()).map(|token| Launch { token, answer });
    let on_page = value("surface") == "page";
    let number = NUMBER.replace(NUMBER.get() + 1);
    let texts = Texts::read(texts).unwrap_or_default();
    element.set_inner_html("");
    let root = move || {
        Shared::of_page(place, launch, texts).provide();
        provide_context(WidgetNumber(number));
        view! { <Widget number on_page /> }
    };
    mount_to(element, root).forget();
}
