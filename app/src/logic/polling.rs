//! How often the widget asks how restores fare, and how it comes back after a lost connection.

use courseferry_api::{Restore, Status, UnixTime};

const BUSY: u64 = 5;
const QUIET: u64 = 60;
/// `GET /api/home` brings a fresh window and fresh rights; in between only restores are asked for.
pub const HOME_AGE: i64 = 900;

/// Seconds until the next question: often while something is under way or due within the minute.
pub fn interval(restores: &[Restore], now: UnixTime) -> u64 {
    let due = |r: &Restore| r.expected.is_some_and(|at| at.since(now) < 60);
    let busy = |r: &Restore| match r.status {
        Status::InProgress => true,
        Status::Scheduled => due(r),
        Status::Restored | Status::Failed | Status::Cancelled => false,
    };
    if restores.iter().any(busy) { BUSY } else { QUIET }
}

/// Seconds until the next try after `failures` in a row: 2, 4, 8 … 60.
pub fn reconnect(failures: u32) -> u64 {
    QUIET.min(1 << failures.clamp(1, 6))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::stub::NOW;
    use crate::logic::restores::tests::restore;

    #[test]
    fn it_asks_often_only_while_something_happens() {
        assert_eq!(interval(&[], NOW), 60);
        let mut one = restore(1);
        one.expected = Some(NOW.plus(6 * 3_600));
        assert_eq!(interval(&[one.clone()], NOW), 60);
        one.expected = Some(NOW.plus(30));
        assert_eq!(interval(&[one.clone()], NOW), 5);
        one.status = Status::InProgress;
        assert_eq!(interval(&[one.clone()], NOW), 5);
        one.status = Status::Restored;
        assert_eq!(interval(&[one], NOW), 60);
    }

    #[test]
    fn it_comes_back_within_seconds_at_first_and_within_a_minute_always() {
        assert_eq!([1, 2, 3, 9].map(reconnect), [2, 4, 8, 60]);
    }
}
