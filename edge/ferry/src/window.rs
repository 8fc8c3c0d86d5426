//! The restore window: the local times of day between which backups may start (`timelimitedmod`, `limitstart`,
//! `limitend`). It gates the start of a backup only; what has started is finished.

use courseferry_api::UnixTime;
use std::{fmt, str::FromStr};

const DAY: i64 = 86_400;

/// A time zone: seconds east of UTC at a moment.
pub trait Zone {
    /// The offset at a moment.
    fn offset(&self, at: UnixTime) -> i32;
}

impl<F: Fn(UnixTime) -> i32> Zone for F {
    fn offset(&self, at: UnixTime) -> i32 {
        self(at)
    }
}

/// A time of day, in minutes after midnight by the clock on the wall.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeOfDay(u16);

impl TimeOfDay {
    /// Minutes after midnight, below 1440; none for more.
    pub fn new(minutes: u16) -> Option<Self> {
        (minutes < 1440).then_some(Self(minutes))
    }

    /// Minutes after midnight.
    pub fn minutes(self) -> u16 {
        self.0
    }

    /// 07:00.
    pub const SEVEN: Self = Self(7 * 60);

    /// The last moment, `at` itself included, at which the clock on the wall showed this time.
    pub fn last(self, at: UnixTime, zone: &(impl Zone + ?Sized)) -> UnixTime {
        let offset = i64::from(zone.offset(at));
        let ago = (at.0 + offset - self.seconds()).rem_euclid(DAY);
        // The clock may have been set since.
        let set = |moment: UnixTime| moment.plus(offset - i64::from(zone.offset(moment)));
        let last = set(at.plus(-ago));
        if last <= at { last } else { set(at.plus(-ago - DAY)) }
    }

    fn seconds(self) -> i64 {
        i64::from(self.0) * 60
    }
}

impl FromStr for TimeOfDay {
    type Err = ();

    /// `20:00`, `6:30`.
    fn from_str(text: &str) -> Result<Self, ()> {
        let (hours, minutes) = text.split_once(':').ok_or(())?;
        let number = |digits: &str, most: u16| {
            let plain = (1..=2).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
            digits.parse::<u16>().ok().filter(|value| plain && *value <= most).ok_or(())
        };
        if minutes.len() != 2 {
            return Err(());
        }
        Ok(Self(number(hours, 23)? * 60 + number(minutes, 59)?))
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

/// When backups may start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// At any time; also a window whose ends are equal.
    Always,
    /// From `start` up to, not including, `end`; over midnight if `end` is the earlier one.
    Between {
        /// Its first minute.
        start: TimeOfDay,
        /// The minute after its last one.
        end: TimeOfDay,
    },
}

/// One opening of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opening {
    /// When it begins; the asked moment itself if the window is open then.
    pub opens: UnixTime,
    /// When it ends; the far future if it never does.
    pub closes: UnixTime,
}

impl Window {
    /// The window between two times of day.
    pub fn between(start: TimeOfDay, end: TimeOfDay) -> Self {
        if start == end { Self::Always } else { Self::Between { start, end } }
    }

    /// Whether backups may start at this moment: what the clock on the wall says decides, also when it is set
    /// forward or back.
    pub fn is_open(self, at: UnixTime, zone: &(impl Zone + ?Sized)) -> bool {
        let Self::Between { start, end } = self else { return true };
        let time = (at.0 + i64::from(zone.offset(at))).rem_euclid(DAY);
        if start < end {
            (start.seconds()..end.seconds()).contains(&time)
        } else {
            time >= start.seconds() || time < end.seconds()
        }
    }

    /// The present opening, or else the next one.
    pub fn opening(self, at: UnixTime, zone: &(impl Zone + ?Sized)) -> Opening {
        if self == Self::Always {
            return Opening { opens: at, closes: UnixTime(i64::MAX) };
        }
        let opens = if self.is_open(at, zone) { at } else { self.next_change(at, zone) };
        Opening { opens, closes: self.next_change(opens, zone) }
    }

    /// When the night began for which restores that are scheduled at this moment count: when the window last closed;
    /// at midnight if it never does.
    pub fn night_began(self, at: UnixTime, zone: &(impl Zone + ?Sized)) -> UnixTime {
        if self == Self::Always {
            return TimeOfDay::default().last(at, zone);
        }
        let mut began = at.plus(-2 * DAY);
        loop {
            let closes = self.opening(began, zone).closes;
            if closes > at {
                return began;
            }
            began = closes;
        }
    }

    /// The first moment after `at` at which the window is open if it is closed now, and the other way round.
    ///
    /// The answer can change only where the wall shows `start` or `end`, or where the clock is set. Both happen on
    /// whole minutes, and offsets change in steps of a quarter of an hour at the least.
    fn next_change(self, at: UnixTime, zone: &(impl Zone + ?Sized)) -> UnixTime {
        let now = self.is_open(at, zone);
        let mut from = at;
        // Three days: a window may be skipped altogether on the day on which the clock is set.
        while from.since(at) < 3 * DAY {
            let next = self.next_candidate(from, zone);
            if self.is_open(next, zone) != now {
                return next;
            }
            from = next;
        }
        from
    }

    /// The next moment after `from` at which the window may open or close.
    fn next_candidate(self, from: UnixTime, zone: &(impl Zone + ?Sized)) -> UnixTime {
        let offset = zone.offset(from);
        let time = (from.0 + i64::from(offset)).rem_euclid(DAY);
        let ends = match self {
            Self::Always => [DAY, DAY],
            Self::Between { start, end } => [start.seconds(), end.seconds()],
        };
        let ahead = ends.map(|end| (end - time - 1).rem_euclid(DAY) + 1);
        let next = from.plus(ahead.into_iter().min().unwrap_or(DAY));
        if zone.offset(next) == offset { next } else { clock_set(from, next, zone).min(next) }
    }
}

/// The first moment in (`from`, `to`] with another offset than at `from`, if the two differ.
fn clock_set(from: UnixTime, to: UnixTime, zone: &(impl Zone + ?Sized)) -> UnixTime {
    let offset = zone.offset(from);
    let (mut before, mut after) = (from.0, to.0);
    while after - before > 1 {
        let middle = before + (after - before) / 2;
        if zone.offset(UnixTime(middle)) == offset { before = middle } else { after = middle }
    }
    UnixTime(after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
    use proptest::prelude::*;

    fn zone(name: &str) -> impl Zone {
        let zone = TimeZone::get(name).unwrap();
        move |at: UnixTime| zone.to_offset(Timestamp::from_second(at.0).unwrap()).seconds()
    }

    fn utc(text: &str) -> UnixTime {
        UnixTime(text.parse::<Timestamp>().unwrap().as_second())
    }

    /// A moment by the clock on the wall.
    fn local(text: &str, name: &str) -> UnixTime {
        let zone = TimeZone::get(name).unwrap();
        UnixTime(text.parse::<DateTime>().unwrap().to_zoned(zone).unwrap().timestamp().as_second())
    }

    fn window(start: &str, end: &str) -> Window {
        Window::between(start.parse().unwrap(), end.parse().unwrap())
    }

    #[test]
    fn the_window_is_open_from_its_first_minute_to_before_its_last() {
        let paris = zone("Europe/Paris");
        for (start, end, time, open) in [
            // The original's default refuses everything before midnight.
            ("20:00", "06:00", "19:59:59", false),
            ("20:00", "06:00", "20:00:00", true),
            ("20:00", "06:00", "23:59:59", true),
            ("20:00", "06:00", "00:00:00", true),
            ("20:00", "06:00", "05:59:59", true),
            ("20:00", "06:00", "06:00:00", false),
            // The original lets 00:30 through here.
            ("01:00", "05:00", "00:30:00", false),
            ("01:00", "05:00", "01:00:00", true),
            ("01:00", "05:00", "05:00:00", false),
            ("00:00", "23:59", "23:59:30", false),
            ("23:59", "00:00", "23:59:30", true),
            ("12:00", "12:00", "03:00:00", true),
            ("00:00", "00:00", "23:00:00", true),
        ] {
            let at = local(&format!("2026-11-22T{time}"), "Europe/Paris");
            assert_eq!(window(start, end).is_open(at, &paris), open, "{start}-{end} at {time}");
        }
    }

    #[test]
    fn the_next_opening_is_told_with_its_end() {
        let paris = zone("Europe/Paris");
        let at = |text| local(text, "Europe/Paris");
        let night = window("20:00", "06:00");
        let opening = night.opening(at("2026-11-22T12:00:00"), &paris);
        assert_eq!((opening.opens, opening.closes), (at("2026-11-22T20:00:00"), at("2026-11-23T06:00:00")));
        let now = at("2026-11-23T01:00:00");
        assert_eq!(night.opening(now, &paris), Opening { opens: now, closes: at("2026-11-23T06:00:00") });
        assert_eq!(Window::Always.opening(now, &paris).opens, now);
    }

    #[test]
    fn daylight_saving_moves_the_window_with_the_clock_on_the_wall() {
        let paris = zone("Europe/Paris");
        let night = window("20:00", "06:00");
        // In spring the night is nine hours long, in autumn eleven.
        for (evening, closes, hours) in
            [("2026-03-28T20:00:00", "2026-03-29T04:00:00Z", 9), ("2026-10-24T20:00:00", "2026-10-25T05:00:00Z", 11)]
        {
            let opens = local(evening, "Europe/Paris");
            let opening = night.opening(opens, &paris);
            assert_eq!((opening.opens, opening.closes), (opens, utc(closes)));
            assert_eq!(opening.closes.since(opening.opens), hours * 3_600);
        }
    }

    #[test]
    fn a_window_in_the_hour_that_is_skipped_opens_the_next_day_and_one_in_the_hour_that_comes_twice_opens_twice() {
        let paris = zone("Europe/Paris");
        let hour = window("02:00", "03:00");
        let opening = hour.opening(local("2026-03-29T00:00:00", "Europe/Paris"), &paris);
        assert_eq!(opening.opens, local("2026-03-30T02:00:00", "Europe/Paris"));
        let autumn = hour.opening(local("2026-10-25T00:00:00", "Europe/Paris"), &paris);
        assert_eq!((autumn.opens, autumn.closes), (utc("2026-10-25T00:00:00Z"), utc("2026-10-25T02:00:00Z")));
        let half = window("02:15", "02:45").opening(utc("2026-10-25T00:45:00Z"), &paris);
        assert_eq!(half.opens, utc("2026-10-25T01:15:00Z"));
    }

    #[test]
    fn odd_zones_have_windows_too() {
        for (name, at, open) in [
            ("Asia/Kathmandu", "2026-11-22T14:15:00Z", true),
            ("Asia/Kathmandu", "2026-11-22T14:14:59Z", false),
            ("Pacific/Kiritimati", "2026-11-22T06:00:00Z", true),
            ("Pacific/Marquesas", "2026-11-23T05:30:00Z", true),
            // Half an hour of daylight saving, over since April.
            ("Australia/Lord_Howe", "2026-06-01T09:30:00Z", true),
            ("Australia/Lord_Howe", "2026-12-01T09:00:00Z", true),
            ("Australia/Lord_Howe", "2026-12-01T08:59:59Z", false),
        ] {
            assert_eq!(window("20:00", "06:00").is_open(utc(at), &zone(name)), open, "{name} {at}");
        }
    }

    #[test]
    fn the_night_that_limits_count_for_began_when_the_window_last_closed() {
        let paris = zone("Europe/Paris");
        let at = |text| local(text, "Europe/Paris");
        let night = window("20:00", "06:00");
        for now in ["2026-11-22T06:00:00", "2026-11-22T19:00:00", "2026-11-22T23:00:00", "2026-11-23T05:59:00"] {
            assert_eq!(night.night_began(at(now), &paris), at("2026-11-22T06:00:00"), "{now}");
        }
        assert_eq!(Window::Always.night_began(at("2026-11-22T19:00:00"), &paris), at("2026-11-22T00:00:00"));
        assert_eq!(Window::Always.night_began(at("2026-10-25T19:00:00"), &paris), at("2026-10-25T00:00:00"));
    }

    #[test]
    fn only_times_of_day_read_as_times_of_day() {
        for good in ["00:00", "6:30", "23:59"] {
            assert!(good.parse::<TimeOfDay>().is_ok(), "{good}");
        }
        for bad in ["", "24:00", "12:60", "12", "12:5", "-1:00", "+1:00", "12:00:00", "aa:bb", "001:00", "١:00"] {
            assert!(bad.parse::<TimeOfDay>().is_err(), "{bad}");
        }
        assert_eq!("6:05".parse::<TimeOfDay>().unwrap().to_string(), "06:05");
    }

    const ZONES: [&str; 7] = [
        "UTC",
        "Europe/Paris",
        "America/St_Johns",
        "Australia/Lord_Howe",
        "Asia/Kathmandu",
        "Pacific/Apia",
        "Africa/Casablanca",
    ];

    proptest! {
        #[test]
        fn an_opening_is_open_throughout_and_closed_just_before_and_at_its_end(
            start in 0_u16..1440, end in 0_u16..1440, zone_number in 0..ZONES.len(), at in 1_300_000_000_i64..1_900_000_000,
        ) {
            let zone = zone(ZONES[zone_number]);
            let at = UnixTime(at);
            let window = Window::between(TimeOfDay::new(start).unwrap(), TimeOfDay::new(end).unwrap());
            let Opening { opens, closes } = window.opening(at, &zone);
            prop_assert!(opens >= at && closes > opens);
            prop_assert!(window.is_open(opens, &zone));
            prop_assert_eq!(opens == at, window.is_open(at, &zone));
            if window != Window::Always {
                prop_assert!(!window.is_open(closes, &zone));
                prop_assert!(window.is_open(closes.plus(-1), &zone));
                prop_assert!(opens == at || !window.is_open(opens.plus(-1), &zone));
                let step = (closes.since(opens) / 97).max(1);
                let mut moment = opens;
                while moment < closes {
                    prop_assert!(window.is_open(moment, &zone));
                    moment = moment.plus(step);
                }
                let began = window.night_began(at, &zone);
                prop_assert!(began <= at && at.since(began) <= 3 * DAY);
            }
        }
    }
}
