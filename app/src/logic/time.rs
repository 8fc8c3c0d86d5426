//! Calendar and clock in the reader's time zone, and how people say them. The zone itself is behind a trait,
//! since only the browser knows time zones.

use courseferry_api::{Language, UnixTime};
use courseferry_words::{Words, fill};

/// A moment in the reader's time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Civil {
    /// Year.
    pub year: i64,
    /// Month, 1 to 12.
    pub month: i64,
    /// Day of the month, from 1.
    pub day: i64,
    /// Hour, 0 to 23.
    pub hour: i64,
    /// Minute.
    pub minute: i64,
}

/// Knows the reader's time zone.
pub trait Zone {
    /// The moment there.
    fn civil(&self, at: UnixTime) -> Civil;
}

impl Civil {
    /// A moment in UTC, for tests and for browsers that do not know the reader's zone.
    pub fn utc(at: UnixTime) -> Self {
        let (days, seconds) = (at.0.div_euclid(86_400), at.0.rem_euclid(86_400));
        // Howard Hinnant's civil_from_days, for the Gregorian calendar from 0000-03-01.
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let of_era = shifted.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        Self { year, month, day, hour: seconds / 3_600, minute: seconds % 3_600 / 60 }
    }

    /// Days since some fixed day; neighbours differ by one.
    fn day_number(self) -> i64 {
        let (year, month) = if self.month <= 2 { (self.year - 1, self.month + 9) } else { (self.year, self.month - 3) };
        let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
        era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + (153 * month + 2) / 5 + self.day
    }
}

/// Says times in the reader's language and zone, seen from now.
pub struct Clock<'a> {
    /// The language.
    pub words: &'a Words,
    /// The zone.
    pub zone: &'a dyn Zone,
    /// The present moment, by the Worker's clock.
    pub now: UnixTime,
}

impl Clock<'_> {
    /// `20:12`, `20 h 12`, `20 h`.
    pub fn time(&self, at: UnixTime) -> String {
        let Civil { hour, minute, .. } = self.zone.civil(at);
        match (self.words.language, minute) {
            (Language::English, _) => format!("{hour:02}:{minute:02}"),
            (Language::French, 0) => format!("{hour}\u{a0}h"),
            (Language::French, _) => format!("{hour}\u{a0}h\u{a0}{minute:02}"),
        }
    }

    /// `today`, `yesterday`, `on 3 Nov`, `on 3 Nov 2024`.
    pub fn day(&self, at: UnixTime) -> String {
        let (then, now) = (self.zone.civil(at), self.zone.civil(self.now));
        match then.day_number() - now.day_number() {
            0 => self.words.today.to_owned(),
            1 => self.words.tomorrow.to_owned(),
            -1 => self.words.yesterday.to_owned(),
            _ => self.date(at),
        }
    }

    /// `on 3 Nov`, with the year unless it is this one.
    pub fn date(&self, at: UnixTime) -> String {
        let (then, now) = (self.zone.civil(at), self.zone.civil(self.now));
        let text = if then.year == now.year { self.words.on_day } else { self.words.on_date };
        let day = match (self.words.language, then.day) {
            (Language::French, 1) => "1er".to_owned(),
            (_, day) => day.to_string(),
        };
        fill(text, &[("day", &day), ("month", self.month_name(then)), ("year", &then.year.to_string())])
    }

    /// `today 20:12`, `on 3 Nov 20:12`.
    pub fn moment(&self, at: UnixTime) -> String {
        fill(self.words.at_time, &[("day", &self.day(at)), ("time", &self.time(at))])
    }

    /// The time alone if it was today, else with its day.
    pub fn short_moment(&self, at: UnixTime) -> String {
        let (then, now) = (self.zone.civil(at), self.zone.civil(self.now));
        if then.day_number() == now.day_number() { self.time(at) } else { self.moment(at) }
    }

    /// `2025-11-20 20:59`: one form for everybody, for support.
    pub fn stamp(&self, at: UnixTime) -> String {
        let Civil { year, month, day, hour, minute } = self.zone.civil(at);
        format!("{year}-{month:02}-{day:02} {hour:02}:{minute:02}")
    }

    /// The day on which something starts, where late evening of today is `tonight`.
    pub fn start_day(&self, at: UnixTime) -> String {
        let then = self.zone.civil(at);
        let today = then.day_number() == self.zone.civil(self.now).day_number();
        if today && then.hour >= 18 { self.words.tonight.to_owned() } else { self.day(at) }
    }

    /// `Sept 2025`.
    pub fn month(&self, at: UnixTime) -> String {
        let then = self.zone.civil(at);
        format!("{} {}", self.month_name(then), then.year)
    }

    /// `just started`, `2 min so far`, `1 h 5 min so far`.
    pub fn elapsed(&self, since: UnixTime) -> String {
        let minutes = self.now.since(since).max(0) / 60;
        let (h, n) = ((minutes / 60).to_string(), (minutes % 60).to_string());
        match minutes {
            0 => self.words.elapsed_none.to_owned(),
            1..60 => fill(self.words.elapsed_minutes, &[("n", &n)]),
            _ => fill(self.words.elapsed_hours, &[("h", &h), ("n", &n)]),
        }
    }

    /// `34 MB`, `9.5 MB`: Moodle's units, which count by 1,024.
    pub fn size(&self, bytes: u64) -> String {
        let mut units = self.words.units.split(' ');
        let (mut unit, mut tenths) = (units.next().unwrap_or_default(), bytes.saturating_mul(10));
        for next in units {
            if tenths < 10_235 {
                break;
            }
            (unit, tenths) = (next, (tenths + 512) / 1_024);
        }
        let point = if self.words.language == Language::French { ',' } else { '.' };
        if tenths >= 100 || tenths % 10 == 0 {
            format!("{}\u{a0}{unit}", (tenths + 5) / 10)
        } else {
            format!("{}{point}{}\u{a0}{unit}", tenths / 10, tenths % 10)
        }
    }

    fn month_name(&self, then: Civil) -> &str {
        let index = usize::try_from(then.month - 1).unwrap_or_default();
        self.words.months.split(' ').nth(index).unwrap_or_default()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// UTC.
    pub struct Utc;

    impl Zone for Utc {
        fn civil(&self, at: UnixTime) -> Civil {
            Civil::utc(at)
        }
    }

    /// 2025-11-22 14:10 UTC.
    pub const NOW: UnixTime = UnixTime(1_763_820_600);

    /// What a reader of `language` in UTC is told at [`NOW`].
    pub fn clock(language: Language) -> Clock<'static> {
        Clock { words: Words::of(language), zone: &Utc, now: NOW }
    }

    #[test]
    fn times_are_said_as_each_language_says_them() {
        let (english, french) = (clock(Language::English), clock(Language::French));
        assert_eq!(english.time(NOW), "14:10");
        assert_eq!(french.time(NOW), "14\u{a0}h\u{a0}10");
        assert_eq!(french.time(NOW.plus(-600)), "14\u{a0}h");
        assert_eq!(english.moment(NOW), "today 14:10");
        assert_eq!(french.moment(NOW.plus(86_400)), "demain à 14\u{a0}h\u{a0}10");
    }

    #[test]
    fn far_days_have_their_date_and_other_years_their_year() {
        let english = clock(Language::English);
        assert_eq!(english.day(NOW.plus(-86_400)), "yesterday");
        assert_eq!(english.day(NOW.plus(-19 * 86_400)), "on 3 Nov");
        assert_eq!(english.day(NOW.plus(-384 * 86_400)), "on 3 Nov 2024");
        assert_eq!(clock(Language::French).date(UnixTime(1_735_689_600)), "le 1er janv.");
    }

    #[test]
    fn only_the_evening_of_today_is_tonight() {
        let english = clock(Language::English);
        assert_eq!(english.start_day(NOW.plus(6 * 3_600)), "tonight");
        assert_eq!(english.start_day(NOW.plus(3_600)), "today");
        assert_eq!(english.start_day(NOW.plus(30 * 3_600)), "tomorrow");
    }

    #[test]
    fn the_calendar_knows_leap_days_and_the_turn_of_the_year() {
        let civil = Civil::utc(UnixTime(1_709_164_800));
        assert_eq!((civil.year, civil.month, civil.day), (2024, 2, 29));
        assert_eq!(Civil::utc(UnixTime(-1)).year, 1969);
        for day in -1_000..1_000 {
            let number = |day: i64| Civil::utc(UnixTime(day * 86_400)).day_number();
            assert_eq!(number(day + 1), number(day) + 1);
        }
    }

    #[test]
    fn sizes_use_moodles_units() {
        let english = clock(Language::English);
        assert_eq!(english.size(512), "512\u{a0}B");
        assert_eq!(english.size(9_961_472), "9.5\u{a0}MB");
        assert_eq!(english.size(99_614_720), "95\u{a0}MB");
        assert_eq!(clock(Language::French).size(9_961_472), "9,5\u{a0}Mo");
        assert_eq!(english.size(1_073_741_824), "1\u{a0}GB");
    }

    #[test]
    fn elapsed_time_is_never_invented_below_a_minute() {
        let english = clock(Language::English);
        assert_eq!(english.elapsed(NOW.plus(-59)), "just started");
        assert_eq!(english.elapsed(NOW.plus(-125)), "2 min so far");
        assert_eq!(english.elapsed(NOW.plus(-3_900)), "1 h 5 min so far");
        assert_eq!(english.elapsed(NOW.plus(30)), "just started");
    }
}
