//! Formats for tests on machines without a browser: UTC, and only what the sentences under test need.

use super::{Formats, Locale, Texts, WallTime};
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

fn locale(json: &str, formats: Stub) -> Locale {
    Locale { texts: Texts::read(json).expect("texts"), formats: Rc::new(formats), now: NOW }
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

    fn size(&self, n: f64, unit: &str) -> String {
        let digits = usize::from(n < 10.0 && n.fract() > 0.05);
        format!("{n:.digits$} {unit}")
    }
}
