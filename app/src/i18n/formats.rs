//! What the browser knows of a language and a time zone. A trait, since tests on other machines have no browser.

use courseferry_api::UnixTime;

/// A moment as a clock on the wall shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WallTime {
    /// 0 to 23.
    pub hour: u32,
    pub minute: u32,
    /// Days since 1970-01-01.
    pub day_number: i64,
    pub year: i32,
}

/// Numbers, plurals and times in one language and time zone.
pub trait Formats {
    /// `1,240`
    fn number(&self, n: f64) -> String;
    /// The plural form for `n`: `one`, `other` and the like.
    fn plural(&self, n: f64) -> String;
    /// The moment in the reader's time zone.
    fn wall_time(&self, at: UnixTime) -> WallTime;
    /// `today`, `in 2 days`
    fn relative_day(&self, days: i64) -> String;
    /// `3 Nov`
    fn day(&self, at: UnixTime) -> String;
    /// `3 Nov 2024`
    fn date(&self, at: UnixTime) -> String;
    /// `Sept 2025`
    fn month(&self, at: UnixTime) -> String;
    /// `2025-09-01`, as date fields have it, of a day since 1970-01-01.
    fn iso_date(&self, day_number: i64) -> String;
    /// The inverse of [`Formats::iso_date`]; none if that is no date.
    fn day_number(&self, iso_date: &str) -> Option<i64>;
    /// `34 MB`; `unit` is one of `Intl`'s names.
    fn size(&self, n: f64, unit: &str) -> String;
}
