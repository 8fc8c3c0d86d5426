//! How people say times: today, tonight, since when. The calendar and the clock themselves are the browser's.

use super::{Locale, text};
use courseferry_api::UnixTime;

/// Names of `Intl` for Moodle's units, which count by 1,024.
const UNITS: [&str; 4] = ["kilobyte", "megabyte", "gigabyte", "terabyte"];

impl Locale {
    /// `20:12`, `20 h 12`, `20 h`.
    pub fn time(&self, at: UnixTime) -> String {
        let wall = self.formats.wall_time(at);
        let digits = self.t(text::HOUR_DIGITS).parse().unwrap_or(2);
        let (hour, minute) = (format!("{:0digits$}", wall.hour), format!("{:02}", wall.minute));
        let text = if wall.minute == 0 { text::FULL_HOUR } else { text::CLOCK };
        self.fill(text, &[("hour", &hour), ("minute", &minute)])
    }

    /// Days from today; negative ones are over.
    fn days_from_now(&self, at: UnixTime) -> i64 {
        self.formats.wall_time(at).day_number - self.formats.wall_time(self.now).day_number
    }

    /// `today`, `yesterday`, `on 3 Nov`, `on 3 Nov 2024`.
    pub fn day(&self, at: UnixTime) -> String {
        match self.days_from_now(at) {
            days @ -1..=1 => self.formats.relative_day(days),
            _ => self.date(at),
        }
    }

    /// `on 3 Nov`, with the year unless it is this one.
    pub fn date(&self, at: UnixTime) -> String {
        let this_year = self.formats.wall_time(at).year == self.formats.wall_time(self.now).year;
        let date = if this_year { self.formats.day(at) } else { self.formats.date(at) };
        self.fill(text::ON_DATE, &[("date", &date)])
    }

    /// `3 Nov 2024`.
    pub fn full_date(&self, at: UnixTime) -> String {
        self.formats.date(at)
    }

    /// `today 20:12`, `on 3 Nov 20:12`.
    pub fn moment(&self, at: UnixTime) -> String {
        self.fill(text::AT_TIME, &[("day", &self.day(at)), ("time", &self.time(at))])
    }

    /// `3 Nov 2024, 20:12`: with everything, for details.
    pub fn full_moment(&self, at: UnixTime) -> String {
        format!("{}, {}", self.full_date(at), self.time(at))
    }

    /// The time alone if it was today, else with its day.
    pub fn short_moment(&self, at: UnixTime) -> String {
        if self.days_from_now(at) == 0 { self.time(at) } else { self.moment(at) }
    }

    /// The day on which something starts, where late evening of today is `tonight`.
    pub fn start_day(&self, at: UnixTime) -> String {
        let tonight = self.days_from_now(at) == 0 && self.formats.wall_time(at).hour >= 18;
        if tonight { self.t(text::TONIGHT) } else { self.day(at) }
    }

    /// `Sept 2025`.
    pub fn month(&self, at: UnixTime) -> String {
        self.formats.month(at)
    }

    /// The day of a moment, as date fields have it.
    pub fn iso_date(&self, at: UnixTime) -> String {
        self.formats.iso_date(self.formats.wall_time(at).day_number)
    }

    /// The moment on this day (`2026-08-31`) at which the clock shows the same as at `like`, or midnight: then what is
    /// moved with it keeps its hours, across a change of daylight saving too.
    pub fn on_day(&self, iso_date: &str, like: Option<UnixTime>) -> Option<UnixTime> {
        let day = self.formats.day_number(iso_date)?;
        let start = like.unwrap_or(self.now);
        let clock = |at: UnixTime| {
            let wall = self.formats.wall_time(at);
            (wall.day_number, i64::from(wall.hour * 60 + wall.minute))
        };
        let (from, minutes) = clock(start);
        let wanted = if like.is_some() { minutes } else { 0 };
        let near = start.plus((day - from) * 86_400 + (wanted - minutes) * 60);
        let (near_day, near_minutes) = clock(near);
        Some(near.plus((day - near_day) * 86_400 + (wanted - near_minutes) * 60))
    }

    /// By how many days something moves that starts then instead of there.
    pub fn days_between(&self, there: UnixTime, then: UnixTime) -> i64 {
        self.formats.wall_time(then).day_number - self.formats.wall_time(there).day_number
    }

    /// `just started`, `2 min so far`, `1 h 5 min so far`.
    pub fn elapsed(&self, since: UnixTime) -> String {
        let minutes = self.now.since(since).max(0) / 60;
        let (h, n) = ((minutes / 60).to_string(), (minutes % 60).to_string());
        match minutes {
            0 => self.t(text::ELAPSED_NONE),
            1..60 => self.fill(text::ELAPSED_MINUTES, &[("n", &n)]),
            _ => self.fill(text::ELAPSED_HOURS, &[("h", &h), ("n", &n)]),
        }
    }

    /// `34 MB`, `9.5 MB`.
    #[expect(clippy::cast_precision_loss, reason = "two digits are shown")]
    pub fn size(&self, bytes: u64) -> String {
        let mut size = bytes as f64 / 1_024.0;
        let mut units = UNITS.into_iter();
        let mut unit = units.next().unwrap_or_default();
        for next in units {
            if size < 1_000.0 {
                break;
            }
            (size, unit) = (size / 1_024.0, next);
        }
        self.formats.size(size, unit)
    }
}

#[cfg(test)]
mod tests {
    use crate::i18n::stub::{NOW, english, french};

    #[test]
    fn times_are_said_as_each_language_says_them() {
        assert_eq!(english().time(NOW), "14:10");
        assert_eq!(english().time(NOW.plus(-600)), "14:00");
        assert_eq!(french().time(NOW), "14\u{a0}h\u{a0}10");
        assert_eq!(french().time(NOW.plus(-600)), "14\u{a0}h");
        assert_eq!(french().time(NOW.plus(-8 * 3_600)), "6\u{a0}h\u{a0}10");
    }

    #[test]
    fn another_start_date_keeps_the_hour_of_the_one_there() {
        let locale = english();
        let moved = locale.on_day(&locale.iso_date(NOW.plus(364 * 86_400)), Some(NOW)).unwrap();
        assert_eq!((moved.since(NOW), locale.days_between(NOW, moved)), (364 * 86_400, 364));
        let midnight = locale.on_day(&locale.iso_date(NOW), None).unwrap();
        assert_eq!(locale.time(midnight), "00:00");
        assert_eq!(locale.on_day("31 Aug", Some(NOW)), None);
    }

    #[test]
    fn only_the_evening_of_today_is_tonight() {
        assert_eq!(english().start_day(NOW.plus(6 * 3_600)), "tonight");
        assert_ne!(english().start_day(NOW.plus(3_600)), "tonight");
        assert_ne!(english().start_day(NOW.plus(30 * 3_600)), "tonight");
    }

    #[test]
    fn elapsed_time_is_never_invented_below_a_minute() {
        assert_eq!(english().elapsed(NOW.plus(-59)), "just started");
        assert_eq!(english().elapsed(NOW.plus(-125)), "2 min so far");
        assert_eq!(english().elapsed(NOW.plus(-3_900)), "1 h 5 min so far");
        assert_eq!(english().elapsed(NOW.plus(30)), "just started");
    }

    #[test]
    fn sizes_use_moodles_units() {
        assert_eq!(english().size(9_961_472), "9.5 megabyte");
        assert_eq!(english().size(99_614_720), "95 megabyte");
        assert_eq!(english().size(1_073_741_824), "1 gigabyte");
    }
}
