//! The browser's `Intl`. Bound here once more, since `js_sys`'s constructors abort where the browser throws, as at a time
//! zone that it does not know.

use super::formats::{Formats, WallTime};
use courseferry_api::UnixTime;
use js_sys::Intl::{
    DateTimeFormatOptions, DayFormat, HourCycle, MonthFormat, NumberFormatOptions, NumberFormatStyle, NumericFormat,
    RelativeTimeFormatNumeric, RelativeTimeFormatOptions, UnitDisplay, YearFormat,
};
use std::cell::OnceCell;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Intl)]
    type DateTimeFormat;
    #[wasm_bindgen(constructor, catch, js_namespace = Intl)]
    fn new(locale: &str, options: &DateTimeFormatOptions) -> Result<DateTimeFormat, JsValue>;
    #[wasm_bindgen(method)]
    fn format(this: &DateTimeFormat, milliseconds: f64) -> String;

    #[wasm_bindgen(js_namespace = Intl)]
    type NumberFormat;
    #[wasm_bindgen(constructor, js_namespace = Intl)]
    fn new(locale: &str, options: &NumberFormatOptions) -> NumberFormat;
    #[wasm_bindgen(method)]
    fn format(this: &NumberFormat, n: f64) -> String;

    #[wasm_bindgen(js_namespace = Intl)]
    type PluralRules;
    #[wasm_bindgen(constructor, js_namespace = Intl)]
    fn new(locale: &str) -> PluralRules;
    #[wasm_bindgen(method)]
    fn select(this: &PluralRules, n: f64) -> String;

    #[wasm_bindgen(js_namespace = Intl)]
    type RelativeTimeFormat;
    #[wasm_bindgen(constructor, js_namespace = Intl)]
    fn new(locale: &str, options: &RelativeTimeFormatOptions) -> RelativeTimeFormat;
    #[wasm_bindgen(method)]
    fn format(this: &RelativeTimeFormat, n: f64, unit: &str) -> String;
}

/// The browser's formats in one language and time zone. Each is made when it is first needed: the browser takes
/// milliseconds for one, and most pages need few.
pub struct Intl {
    locale: String,
    /// IANA names; the first that the browser knows counts, or else its own zone.
    zones: Vec<String>,
    numbers: OnceCell<NumberFormat>,
    plurals: OnceCell<PluralRules>,
    days: OnceCell<RelativeTimeFormat>,
    wall: OnceCell<Wall>,
    day: OnceCell<Option<DateTimeFormat>>,
    date: OnceCell<Option<DateTimeFormat>>,
    month: OnceCell<Option<DateTimeFormat>>,
}

/// A clock in the reader's time zone.
struct Wall {
    zone: Option<String>,
    /// `en-CA` writes year, month, day, hour and minute in this order.
    format: Option<DateTimeFormat>,
}

impl Intl {
    /// The formats of `locale` in the first of `zones` (IANA) that the browser knows, or else in its own.
    pub fn new(locale: &str, zones: &[&str]) -> Self {
        Self {
            locale: locale.to_owned(),
            zones: zones.iter().map(|&zone| zone.to_owned()).collect(),
            numbers: OnceCell::new(),
            plurals: OnceCell::new(),
            days: OnceCell::new(),
            wall: OnceCell::new(),
            day: OnceCell::new(),
            date: OnceCell::new(),
            month: OnceCell::new(),
        }
    }

    fn wall(&self) -> &Wall {
        self.wall.get_or_init(|| {
            let clock = |zone: Option<&str>| options(zone).wall().make("en-CA");
            let known = self.zones.iter().find_map(|zone| Some((zone.clone(), clock(Some(zone))?)));
            match known {
                Some((zone, format)) => Wall { zone: Some(zone), format: Some(format) },
                None => Wall { zone: None, format: clock(None) },
            }
        })
    }

    /// `at` in a format that is made of `options` when it is first needed.
    fn formatted(
        &self,
        format: &OnceCell<Option<DateTimeFormat>>,
        choose: impl FnOnce(Options) -> Options,
        at: UnixTime,
    ) -> String {
        let format = format.get_or_init(|| choose(options(self.wall().zone.as_deref())).make(&self.locale)).as_ref();
        format.map(|format| format.format(milliseconds(at))).unwrap_or_default()
    }
}

struct Options(DateTimeFormatOptions);

fn options(zone: Option<&str>) -> Options {
    let options = DateTimeFormatOptions::new();
    if let Some(zone) = zone {
        options.set_time_zone(zone);
    }
    Options(options)
}

impl Options {
    fn day(self) -> Self {
        self.0.set_day(DayFormat::Numeric);
        self
    }

    fn month(self) -> Self {
        self.0.set_month(MonthFormat::Short);
        self
    }

    fn year(self) -> Self {
        self.0.set_year(YearFormat::Numeric);
        self
    }

    fn wall(self) -> Self {
        let Self(options) = self.day().year();
        options.set_month(MonthFormat::Numeric);
        options.set_hour(NumericFormat::Numeric);
        options.set_minute(NumericFormat::Numeric);
        options.set_hour_cycle(HourCycle::H23);
        Self(options)
    }

    fn make(self, locale: &str) -> Option<DateTimeFormat> {
        DateTimeFormat::new(locale, &self.0).ok()
    }
}

#[expect(clippy::cast_precision_loss, reason = "times stay far below 2^53 ms")]
fn milliseconds(at: UnixTime) -> f64 {
    at.0 as f64 * 1_000.0
}

impl Formats for Intl {
    fn number(&self, n: f64) -> String {
        self.numbers.get_or_init(|| NumberFormat::new(&self.locale, &NumberFormatOptions::new())).format(n)
    }

    fn plural(&self, n: f64) -> String {
        self.plurals.get_or_init(|| PluralRules::new(&self.locale)).select(n)
    }

    #[expect(clippy::cast_possible_truncation, reason = "a number of days")]
    fn wall_time(&self, at: UnixTime) -> WallTime {
        let text = self.wall().format.as_ref().map(|format| format.format(milliseconds(at))).unwrap_or_default();
        let mut numbers = text.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse::<u32>().ok());
        let mut next = || numbers.next().unwrap_or_default();
        let (year, month, day, hour, minute) = (next(), next(), next(), next(), next());
        let midnight = js_sys::Date::utc(f64::from(year), f64::from(month.saturating_sub(1)));
        let day_number = (midnight / 86_400_000.0) as i64 + i64::from(day) - 1;
        WallTime { hour, minute, day_number, year: i32::try_from(year).unwrap_or_default() }
    }

    #[expect(clippy::cast_precision_loss, reason = "a number of days")]
    fn relative_day(&self, days: i64) -> String {
        let format = self.days.get_or_init(|| {
            let auto = RelativeTimeFormatOptions::new();
            auto.set_numeric(RelativeTimeFormatNumeric::Auto);
            RelativeTimeFormat::new(&self.locale, &auto)
        });
        // The Worker's sentences, which stand beside it, have plain apostrophes.
        format.format(days as f64, "day").replace('’', "'")
    }

    fn day(&self, at: UnixTime) -> String {
        self.formatted(&self.day, |options| options.day().month(), at)
    }

    fn date(&self, at: UnixTime) -> String {
        self.formatted(&self.date, |options| options.day().month().year(), at)
    }

    fn month(&self, at: UnixTime) -> String {
        self.formatted(&self.month, |options| options.month().year(), at)
    }

    #[expect(clippy::cast_precision_loss, reason = "a number of days")]
    fn iso_date(&self, day_number: i64) -> String {
        let midnight = js_sys::Date::new(&(day_number as f64 * 86_400_000.0).into());
        // Beyond the years that JavaScript knows, `toISOString` throws.
        let known = !midnight.get_time().is_nan();
        let text = if known { String::from(midnight.to_iso_string()) } else { String::new() };
        text.split('T').next().unwrap_or_default().to_owned()
    }

    #[expect(clippy::cast_possible_truncation, reason = "a number of days")]
    fn day_number(&self, iso_date: &str) -> Option<i64> {
        // A date alone is midnight in UTC.
        let midnight = js_sys::Date::parse(iso_date);
        (!midnight.is_nan()).then(|| (midnight / 86_400_000.0).floor() as i64)
    }

    fn size(&self, n: f64, unit: &str) -> String {
        let options = NumberFormatOptions::new();
        options.set_style(NumberFormatStyle::Unit);
        options.set_unit(unit);
        options.set_unit_display(UnitDisplay::Short);
        options.set_maximum_fraction_digits(u8::from(n < 10.0));
        NumberFormat::new(&self.locale, &options).format(n)
    }
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::i18n::stub;
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    wasm_bindgen_test_configure!(run_in_browser);

    const PARIS: &[&str] = &["Europe/Paris"];
    /// 2025-11-22 14:10 UTC.
    const NOW: UnixTime = stub::NOW;

    fn clock(formats: &Intl, at: UnixTime) -> (u32, u32) {
        let wall = formats.wall_time(at);
        (wall.hour, wall.minute)
    }

    #[wasm_bindgen_test]
    fn moments_are_those_of_the_readers_zone_with_its_summer_time() {
        let paris = Intl::new("en-GB", PARIS);
        assert_eq!(clock(&paris, NOW), (15, 10));
        assert_eq!(clock(&paris, UnixTime(1_753_193_400)), (16, 10), "22 July 2025, 14:10 UTC");
        let midnight = paris.wall_time(UnixTime(1_767_222_000));
        assert_eq!((midnight.hour, midnight.minute, midnight.year), (0, 0, 2026), "31 December 2025, 23:00 UTC");
        assert_eq!(paris.iso_date(midnight.day_number), "2026-01-01");
    }

    #[wasm_bindgen_test]
    fn the_first_zone_that_the_browser_knows_counts_and_else_its_own() {
        let paris = Intl::new("en-GB", &["Moodle/Server", "99", "Europe/Paris", "Asia/Tokyo"]);
        assert_eq!(clock(&paris, NOW), (15, 10));
        // The suite has the browser be in St. John's, three and a half hours behind.
        assert_eq!(clock(&Intl::new("en-GB", &["Moodle/Server"]), NOW), (10, 40));
    }

    #[wasm_bindgen_test]
    fn words_and_numbers_are_those_of_the_language() {
        let (english, french) = (Intl::new("en-GB", PARIS), Intl::new("fr-FR", PARIS));
        assert_eq!((english.plural(0.0), french.plural(0.0)), ("other".to_owned(), "one".to_owned()));
        assert_eq!((english.relative_day(0), french.relative_day(-1)), ("today".to_owned(), "hier".to_owned()));
        assert_eq!(french.relative_day(0), "aujourd'hui", "with the apostrophe of all other sentences");
        assert_eq!((english.number(1_240.0), french.number(1_240.0)), ("1,240".to_owned(), "1\u{202f}240".to_owned()));
        assert_eq!((english.month(NOW), french.month(NOW)), ("Nov 2025".to_owned(), "nov. 2025".to_owned()));
        assert_eq!((english.day(NOW), french.date(NOW)), ("22 Nov".to_owned(), "22 nov. 2025".to_owned()));
        assert_eq!(english.size(9.5, "megabyte"), "9.5 MB");
        assert_eq!(french.size(95.4, "megabyte"), "95\u{202f}Mo");
    }

    #[wasm_bindgen_test]
    fn dates_of_date_fields_are_read_and_written_and_nonsense_is_none() {
        let formats = Intl::new("en-GB", PARIS);
        for date in ["1970-01-01", "2024-02-29", "2026-08-31"] {
            assert_eq!(formats.day_number(date).map(|day| formats.iso_date(day)).as_deref(), Some(date));
        }
        assert_eq!(formats.day_number("31 Août"), None);
        assert_eq!(formats.iso_date(i64::MAX), "");
    }

    #[wasm_bindgen_test]
    fn a_start_date_keeps_its_hour_across_a_change_of_the_clock() {
        let locale = stub::locale_in(Intl::new("en-GB", PARIS));
        let july = locale.on_day("2026-07-01", Some(NOW)).expect("a date");
        assert_eq!((locale.time(NOW), locale.time(july)), ("15:10".to_owned(), "15:10".to_owned()));
        assert_eq!(locale.iso_date(july), "2026-07-01");
        let midnight = locale.on_day("2026-03-29", None).expect("a date");
        assert_eq!((locale.time(midnight), locale.iso_date(midnight)), ("00:00".to_owned(), "2026-03-29".to_owned()));
    }
}
