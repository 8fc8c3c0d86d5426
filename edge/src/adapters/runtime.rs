//! What the runtime gives: the time, sleep, random bytes, time zones. Nothing of Courseferry's own.

use courseferry_api::{Language, UnixTime};
use courseferry_ferry::Platform;
use std::{cell::RefCell, collections::HashMap, time::Duration};
use wasm_bindgen::prelude::wasm_bindgen;
use worker::{
    Date, Delay,
    js_sys::{Object, Reflect},
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

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Seconds east of UTC in an IANA time zone at a moment; none if there is no such zone.
pub fn offset(zone: &str, at: UnixTime) -> Option<i32> {
    let local = formatter("en-US", zone, &CLOCK)?.format(milliseconds(at)).ok()?;
    // "11/22/2026, 02:24:10"
    let mut numbers = local.split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse::<i64>().ok());
    let mut next = || numbers.next();
    let (month, day, year, hour, minute, second) = (next()?, next()?, next()?, next()?, next()?, next()?);
    let seconds = days_before(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second;
    i32::try_from(seconds - at.0).ok()
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

const CLOCK: [(&str, &str); 7] = [
    ("hourCycle", "h23"),
    ("year", "numeric"),
    ("month", "2-digit"),
    ("day", "2-digit"),
    ("hour", "2-digit"),
    ("minute", "2-digit"),
    ("second", "2-digit"),
];
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

/// Days from 1970-01-01 to a date of the Gregorian calendar.
fn days_before(year: i64, month: i64, day: i64) -> i64 {
    // Years begin in March here, so that the leap day is the last one.
    let year = if month < 3 { year - 1 } else { year };
    let month = (month + 9) % 12;
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + (month * 153 + 2) / 5 + day
        - 719_469
}
