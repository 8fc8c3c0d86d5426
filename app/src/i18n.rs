//! What the reader's language is: texts by key, and numbers, plurals and dates as it writes them.
//!
//! Texts are `locales/LANGUAGE.json`; a third language is one more file. `build.rs` makes a constant of each key.
//! `leptos_i18n` does as much and more, but brings ICU4X where the browser has `Intl`, and compiles all languages into
//! the WebAssembly where a reader needs one; this needs no more than the table below.

mod dates;
mod formats;
mod intl;
#[cfg(test)]
pub mod stub;
/// The keys of the texts, made from `locales/en.json`.
pub mod text {
    use crate::i18n::{Plural, Text};
    include!(concat!(env!("OUT_DIR"), "/text.rs"));
}

use courseferry_api::{UnixTime, words::fill};
use formats::Formats;
use intl::Intl;
use leptos::prelude::*;
use std::collections::HashMap;
use std::rc::Rc;

/// The key of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text(&'static str);

/// The key of a text with a form for each plural of the language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plural(&'static str);

/// The texts of one language.
#[derive(Debug, Clone, Default)]
pub struct Texts(Rc<HashMap<String, String>>);

impl Texts {
    /// The texts of a file; none if it is not one.
    pub fn read(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok().map(|table| Self(Rc::new(table)))
    }

    fn of_key(&self, key: &str) -> &str {
        self.0.get(key).map_or("", String::as_str)
    }

    /// The text.
    pub fn get(&self, text: Text) -> &str {
        self.of_key(text.0)
    }
}

/// Says things in the reader's language, seen from now.
#[derive(Clone)]
pub struct Locale {
    texts: Texts,
    formats: Rc<dyn Formats>,
    /// The present moment, by the Worker's clock.
    pub now: UnixTime,
}

impl Locale {
    /// The text.
    pub fn t(&self, text: Text) -> String {
        self.texts.get(text).to_owned()
    }

    /// The text with its places filled in.
    pub fn fill(&self, text: Text, values: &[(&str, &str)]) -> String {
        fill(self.texts.get(text), values)
    }

    /// The form of the text for `n`, which stands in its place `{n}`.
    pub fn count(&self, text: Plural, n: usize) -> String {
        self.count_with(text, n, &[])
    }

    /// As [`Locale::count`], with further values.
    #[expect(clippy::cast_precision_loss, reason = "nobody has 2^52 courses")]
    pub fn count_with(&self, text: Plural, n: usize, values: &[(&str, &str)]) -> String {
        let form = |form: &str| self.texts.0.get(&format!("{}_{form}", text.0));
        let chosen = form(&self.formats.plural(n as f64)).or_else(|| form("other"));
        let number = self.formats.number(n as f64);
        let values: Vec<_> = [("n", number.as_str())].into_iter().chain(values.iter().copied()).collect();
        fill(chosen.map_or("", String::as_str), &values)
    }

    /// `1,240`
    #[expect(clippy::cast_precision_loss, reason = "nobody has 2^52 courses")]
    pub fn number(&self, n: usize) -> String {
        self.formats.number(n as f64)
    }
}

/// The page's language, for components. What it says of times follows the clock.
#[derive(Clone, Copy)]
pub struct I18n {
    texts: StoredValue<Texts, LocalStorage>,
    formats: RwSignal<Rc<dyn Formats>, LocalStorage>,
    now: RwSignal<UnixTime>,
}

impl I18n {
    /// The language of these texts, in the browser's own time zone until [`I18n::set_time_zone`] tells the reader's.
    pub fn new(texts: Texts, now: UnixTime) -> Self {
        let formats: Rc<dyn Formats> = Rc::new(Intl::new(texts.get(text::LOCALE), &[]));
        Self { texts: StoredValue::new_local(texts), formats: RwSignal::new_local(formats), now: RwSignal::new(now) }
    }

    /// Tells times in the first of these time zones (IANA) that the browser knows.
    pub fn set_time_zone(self, zones: &[&str]) {
        let formats: Rc<dyn Formats> = Rc::new(Intl::new(&self.t(text::LOCALE), zones));
        self.formats.set(formats);
        // With the first of its formats a browser reads its tables of languages and zones, which takes it longer than to
        // draw the rows that need them. It has time for that while it waits for the lists.
        request_idle_callback(move || {
            let locale = self.untracked();
            let _ = (locale.number(0), locale.month(locale.now));
        });
    }

    /// What time it is.
    pub fn set_now(self, now: UnixTime) {
        self.now.set(now);
    }

    /// Everything that can be said, with the time followed.
    pub fn locale(self) -> Locale {
        Locale { now: self.now.get(), ..self.timeless() }
    }

    /// The same without following anything.
    pub fn untracked(self) -> Locale {
        untrack(|| self.timeless())
    }

    fn timeless(self) -> Locale {
        Locale { texts: self.texts.get_value(), formats: self.formats.get(), now: self.now.get_untracked() }
    }

    /// The text.
    pub fn t(self, text: Text) -> String {
        self.texts.with_value(|texts| texts.get(text).to_owned())
    }

    /// The text with its places filled in.
    pub fn fill(self, text: Text, values: &[(&str, &str)]) -> String {
        self.texts.with_value(|texts| fill(texts.get(text), values))
    }

    /// The form of the text for `n`.
    pub fn count(self, text: Plural, n: usize) -> String {
        self.timeless().count(text, n)
    }

    /// `1,240`
    pub fn number(self, n: usize) -> String {
        self.timeless().number(n)
    }

    /// The name of a control that does `verb` to the course, for whoever hears it alone.
    pub fn named(self, verb: Text, course: &str) -> String {
        self.fill(text::ON_CONTROL, &[("verb", &self.t(verb)), ("course", course)])
    }
}

/// The page's language.
pub fn use_i18n() -> I18n {
    expect_context()
}

#[cfg(test)]
mod tests {
    use super::stub::{english, french};
    use super::*;

    #[test]
    fn zero_is_many_in_english_and_one_in_french() {
        assert_eq!(english().count(text::RESTORE_N, 0), "Restore 0 courses");
        assert_eq!(french().count(text::RESTORE_N, 0), "Restaurer 0 cours");
        assert_eq!(english().count(text::RESTORE_N, 1), "Restore 1 course");
    }
}
