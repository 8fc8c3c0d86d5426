//! The few things the widget needs of the browser beside Leptos: storage, clipboard, focus, the time zone.

use crate::logic::time::{Civil, Zone};
use courseferry_api::UnixTime;
use js_sys::{Array, Function, Object, Reflect};
use leptos::leptos_dom::helpers::{TimeoutHandle, request_animation_frame, set_timeout_with_handle};
use leptos::prelude::on_cleanup;
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Document, Element, HtmlAnchorElement, HtmlElement, Storage, Window};

/// The window; there is always one where the widget runs.
pub fn window() -> Window {
    leptos::prelude::window()
}

/// Its document.
pub fn document() -> Document {
    leptos::prelude::document()
}

/// The computer's clock. Use the Worker's for what is shown.
#[expect(clippy::cast_possible_truncation, reason = "whole seconds are wanted")]
pub fn computer_time() -> UnixTime {
    UnixTime((js_sys::Date::now() / 1_000.0) as i64)
}

/// The page is not looked at.
pub fn hidden() -> bool {
    document().visibility_state() == web_sys::VisibilityState::Hidden
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// What the browser remembers under `key`; nothing where storage is forbidden.
pub fn remembered(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

/// Has the browser remember `value`, if it will.
pub fn remember(key: &str, value: &str) {
    if let Some(storage) = storage() {
        // A full or forbidden storage only means that the next visit starts with the site's default.
        let _ = storage.set_item(key, value);
    }
}

/// Puts `text` on the clipboard; false if the browser does not allow it.
pub async fn copy(text: &str) -> bool {
    // Pages without https have no clipboard, which the typed binding does not know.
    let clipboard = Reflect::get(&window().navigator(), &"clipboard".into()).unwrap_or_default();
    match clipboard.dyn_into::<web_sys::Clipboard>() {
        Ok(clipboard) => JsFuture::from(clipboard.write_text(text)).await.is_ok(),
        Err(_) => false,
    }
}

/// Has the browser save `text` as a file.
pub fn save(name: &str, kind: &str, text: &str) {
    let parts = Array::of1(&text.into());
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(kind);
    let blob = web_sys::Blob::new_with_str_sequence_and_options(&parts, &options);
    let Ok(address) = blob.and_then(|blob| web_sys::Url::create_object_url_with_blob(&blob)) else { return };
    if let Some(link) = document().create_element("a").ok().and_then(|e| e.dyn_into::<HtmlAnchorElement>().ok()) {
        link.set_href(&address);
        link.set_download(name);
        link.click();
    }
    let _ = web_sys::Url::revoke_object_url(&address);
}

/// Scrolls the element with this id into sight once the page has been drawn, and no further than needed.
pub fn reveal_later(id: String) {
    request_animation_frame(move || {
        if let Some(element) = document().get_element_by_id(&id) {
            let options = web_sys::ScrollIntoViewOptions::new();
            options.set_block(web_sys::ScrollLogicalPosition::Nearest);
            element.scroll_into_view_with_scroll_into_view_options(&options);
        }
    });
}

/// Sends a bubbling event named `name` from `element`.
pub fn tell(element: &Element, name: &str) {
    let options = web_sys::EventInit::new();
    options.set_bubbles(true);
    if let Ok(event) = web_sys::Event::new_with_event_init_dict(name, &options) {
        let _ = element.dispatch_event(&event);
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

fn focus(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let _ = element.focus();
    }
}

/// Makes `change`, and if it takes the focused control away, moves the focus to what replaced it: the nearest
/// surrounding `[data-cf-refuge]` that is left, or the first action there if that is a row.
pub fn keeping_focus(change: impl FnOnce()) {
    let held = hold_focus();
    change();
    if let Some((active, refuges)) = held {
        request_animation_frame(move || settle_focus(&active, &refuges));
    }
}

/// The focused element and what surrounds it, the nearest first.
fn hold_focus() -> Option<(Element, Vec<Element>)> {
    let active = document().active_element()?;
    let mut refuges = Vec::new();
    let mut around = active.closest("[data-cf-refuge]").ok()?;
    while let Some(refuge) = around {
        around = refuge.parent_element().and_then(|e| e.closest("[data-cf-refuge]").ok().flatten());
        refuges.push(refuge);
    }
    (!refuges.is_empty()).then_some((active, refuges))
}

fn settle_focus(active: &Element, refuges: &[Element]) {
    let elsewhere = document().active_element().is_some_and(|now| now.tag_name() != "BODY");
    if active.is_connected() || elsewhere {
        return;
    }
    if let Some(refuge) = refuges.iter().find(|refuge| refuge.is_connected()) {
        let action = refuge.query_selector("li:scope .cf-actions :is(button, a)").ok().flatten();
        focus(action.as_ref().unwrap_or(refuge));
    }
}

/// Of an effect: does `run` after `wait`, unless the effect runs again before that, or ends with what it belongs to.
pub fn later(wait: Duration, run: impl FnOnce() + 'static) {
    let timer = set_timeout_with_handle(run, wait).ok();
    on_cleanup(move || timer.iter().for_each(TimeoutHandle::clear));
}

/// The reader's time zone, as the browser knows it.
pub struct BrowserZone(Option<Function>);

impl BrowserZone {
    /// The first of `names` (IANA) that the browser knows, or else its own.
    pub fn new(names: &[&str]) -> Self {
        let known = names.iter().find_map(|name| formatter(Some(name)));
        Self(known.or_else(|| formatter(None)))
    }

    fn parts(&self, at: UnixTime) -> Option<Civil> {
        #[expect(clippy::cast_precision_loss, reason = "times stay far below 2^53 ms")]
        let milliseconds = JsValue::from_f64(at.0 as f64 * 1_000.0);
        let text = self.0.as_ref()?.call1(&JsValue::UNDEFINED, &milliseconds).ok()?.as_string()?;
        // American order, by the locale chosen below: 11/22/2025, 14:10.
        let mut numbers = text.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse().ok());
        let (month, day, year) = (numbers.next()?, numbers.next()?, numbers.next()?);
        Some(Civil { year, month, day, hour: numbers.next()?, minute: numbers.next()? })
    }
}

fn formatter(zone: Option<&str>) -> Option<Function> {
    let options = Object::new();
    for part in ["year", "month", "day", "hour", "minute"] {
        Reflect::set(&options, &part.into(), &"numeric".into()).ok()?;
    }
    Reflect::set(&options, &"hourCycle".into(), &"h23".into()).ok()?;
    if let Some(zone) = zone {
        Reflect::set(&options, &"timeZone".into(), &zone.into()).ok()?;
    }
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    let constructor = Reflect::get(&intl, &"DateTimeFormat".into()).ok()?.dyn_into::<Function>().ok()?;
    // An unknown zone throws here; the typed constructor could not be caught.
    let format = Reflect::construct(&constructor, &Array::of2(&"en-US".into(), &options)).ok()?;
    Reflect::get(&format, &"format".into()).ok()?.dyn_into().ok()
}

impl Zone for BrowserZone {
    fn civil(&self, at: UnixTime) -> Civil {
        self.parts(at).unwrap_or_else(|| Civil::utc(at))
    }
}
