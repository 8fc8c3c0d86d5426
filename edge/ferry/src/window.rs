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

    /// The next moment after `from` that could change the answer.
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
