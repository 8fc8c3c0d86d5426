//! What the runtime gives: the time, sleep, random bytes, time zones. Nothing of Courseferry's own.

use courseferry_api::{Language, UnixTime};
use courseferry_ferry::Platform;
use std::{cell::RefCell, collections::HashMap, time::Duration};
use wasm_bindgen::prelude::wasm_bindgen;
use worker::{
    Date, Delay,
    js_sys::{self, Object, Reflect},
    wasm_bindgen::JsValue,
};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Intl, js_name = DateTimeFormat)]
    #[derive(Clone)]
    type Formatter;

    #[wasm_bindgen(constructor, catch, js_namespace = Intl, js_class = "DateTimeFormat")]
    fn new(locale: &str, options: &JsValue) -> Result<Formatter, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn format(this: &Formatter, milliseconds: f64) -> Result<String, JsValue>;

    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues)]
    fn fill(bytes: &mut [u8]);
}

/// The runtime, as the ferry asks it.
#[derive(Debug, Clone, Copy)]
pub struct Runtime;

impl Platform for Runtime {
    fn now(&self) -> UnixTime {
        now()
    }

    async fn sleep(&self, seconds: u32) {
        Delay::from(Duration::from_secs(seconds.into())).await;
    }

    fn random(&self) -> [u8; 32] {
        random()
    }
}

/// The Worker's clock.
pub fn now() -> UnixTime {
    UnixTime(i64::try_from(Date::now().as_millis() / 1000).unwrap_or_default())
}

/// Random bytes from the runtime's own source.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    fill(&mut bytes);
    bytes
}

/// So many random bytes as lower-case hexadecimal digits, two each.
pub fn random_hex<const N: usize>() -> String {
    hex::encode(random::<N>())
}

/// Seconds east of UTC in an IANA time zone at a moment; none if there is no such zone.
pub fn offset(zone: &str, at: UnixTime) -> Option<i32> {
    let written = formatter("en-US", zone, &OFFSET)?.format(milliseconds(at)).ok()?;
    // "11/22/2026, GMT+01:00"; London's winter is a bare "GMT".
    let (_, offset) = written.split_once("GMT")?;
    let Some(size) = offset.strip_prefix(['+', '-']) else { return Some(0) };
    let parts = size.split(':').zip([3_600, 60, 1]);
    let seconds: i32 = parts.map(|(digits, unit)| Some(digits.parse::<i32>().ok()? * unit)).sum::<Option<i32>>()?;
    Some(if offset.starts_with('-') { -seconds } else { seconds })
}

/// Whether there is such a time zone.
pub fn zone_exists(zone: &str) -> bool {
    offset(zone, UnixTime(0)).is_some()
}

/// Seconds east of UTC in a time zone that is known to exist.
pub fn zone(name: &str) -> impl Fn(UnixTime) -> i32 + '_ {
    move |at| offset(name, at).unwrap_or_default()
}

/// A moment in words of a language, in a time zone; in UTC if there is no such zone.
pub fn moment(at: UnixTime, zone: &str, language: Language) -> String {
    let formatter = formatter(language.tag(), zone, &WORDS).or_else(|| formatter(language.tag(), "UTC", &WORDS));
    formatter.and_then(|formatter| formatter.format(milliseconds(at)).ok()).unwrap_or_default()
}

/// A moment as files have it: `2026-11-26T20:28:35Z`.
pub fn iso(at: UnixTime) -> String {
    let date = js_sys::Date::new(&milliseconds(at).into());
    let text = date.to_iso_string().as_string().unwrap_or_default();
    text.split_once('.').map_or_else(|| text.clone(), |(seconds, _)| format!("{seconds}Z"))
}

const OFFSET: [(&str, &str); 1] = [("timeZoneName", "longOffset")];
const WORDS: [(&str, &str); 2] = [("dateStyle", "long"), ("timeStyle", "short")];

/// Formatters are slow to make and are kept for the life of the instance.
fn formatter(locale: &'static str, zone: &str, style: &[(&str, &str)]) -> Option<Formatter> {
    thread_local! {
        static MADE: RefCell<HashMap<(String, &'static str, usize), Formatter>> = RefCell::default();
    }
    let key = (zone.to_owned(), locale, style.len());
    if let Some(made) = MADE.with_borrow(|made| made.get(&key).cloned()) {
        return Some(made);
    }
    let options = Object::new();
    for (name, value) in style.iter().chain([&("timeZone", zone)]) {
        Reflect::set(&options, &(*name).into(), &(*value).into()).ok()?;
    }
    let formatter = Formatter::new(locale, &options).ok()?;
    MADE.with_borrow_mut(|made| made.insert(key, formatter.clone()));
    Some(formatter)
}

#[expect(clippy::cast_precision_loss, reason = "JavaScript's times are such numbers; exact for 285,000 years")]
fn milliseconds(at: UnixTime) -> f64 {
    at.0.saturating_mul(1000) as f64
}
