//! Formats for tests on machines without a browser: UTC, and only what the sentences under test need.

use super::formats::{Formats, WallTime};
use super::{Locale, Texts};
use courseferry_api::UnixTime;
use std::rc::Rc;

/// 2025-11-22 14:10 UTC.
pub const NOW: UnixTime = UnixTime(1_763_820_600);

/// English at [`NOW`].
pub fn english() -> Locale {
    locale(include_str!("../../locales/en.json"), Stub { zero_is_one: false })
}

/// French at [`NOW`].
pub fn french() -> Locale {
    locale(include_str!("../../locales/fr.json"), Stub { zero_is_one: true })
}

fn locale(json: &str, formats: impl Formats + 'static) -> Locale {
    Locale { texts: Texts::read(json).expect("texts"), formats: Rc::new(formats), now: NOW }
}

/// English at [`NOW`], with the browser's own formats.
#[cfg(target_arch = "wasm32")]
pub fn locale_in(formats: super::Intl) -> Locale {
    locale(include_str!("../../locales/en.json"), formats)
}

struct Stub {
    zero_is_one: bool,
}

impl Formats for Stub {
    fn number(&self, n: f64) -> String {
        n.to_string()
    }

    fn plural(&self, n: f64) -> String {
        let one = if self.zero_is_one { n < 2.0 } else { (n - 1.0).abs() < 0.5 };
        if one { "one" } else { "other" }.to_owned()
    }

    fn wall_time(&self, at: UnixTime) -> WallTime {
        let minutes = u32::try_from(at.0.rem_euclid(86_400) / 60).expect("small");
        WallTime { hour: minutes / 60, minute: minutes % 60, day_number: at.0.div_euclid(86_400), year: 2025 }
    }

    fn relative_day(&self, days: i64) -> String {
        ["yesterday", "today", "tomorrow"][usize::try_from(days + 1).expect("a neighbour")].to_owned()
    }

    fn day(&self, at: UnixTime) -> String {
        format!("day {}", at.0.div_euclid(86_400))
    }

    fn date(&self, at: UnixTime) -> String {
        self.day(at)
    }

    fn month(&self, at: UnixTime) -> String {
        format!("month of {}", self.day(at))
    }

    /// Enough of a calendar for tests: years of 365 days, months of 31.
    fn iso_date(&self, day_number: i64) -> String {
        let (year, day) = (day_number.div_euclid(365), day_number.rem_euclid(365));
        format!("{:04}-{:02}-{:02}", 1970 + year, day / 31 + 1, day % 31 + 1)
    }

    fn day_number(&self, iso_date: &str) -> Option<i64> {
        let mut parts = iso_date.split('-').map(|part| part.parse::<i64>().ok());
        let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
        Some((year - 1970) * 365 + (month - 1) * 31 + day - 1)
    }

    fn size(&self, n: f64, unit: &str) -> String {
        let digits = usize::from(n < 10.0 && n.fract() > 0.05);
        format!("{n:.digits$} {unit}")
    }
}
