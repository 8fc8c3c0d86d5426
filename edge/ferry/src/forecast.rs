//! Whether what waits will be done before the window closes, as far as that can be told.

use crate::tick::WAITED_FOR;

/// Backups that are waited for side by side, whichever remotes make them. Invocations that help a tick are not counted on.
const SIDE_BY_SIDE: u64 = WAITED_FOR as u64;

/// What waits on one remote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    /// Restores that wait.
    pub waiting: u32,
    /// Backups that it makes side by side.
    pub at_once: u32,
    /// Seconds that one usually takes; 0 = not known.
    pub usual: u32,
}

impl Load {
    /// Seconds until its last backup is made; none while nobody knows how long one takes.
    pub fn seconds(self) -> Option<u64> {
        let rounds = u64::from(self.waiting).div_ceil(u64::from(self.at_once.max(1)).min(SIDE_BY_SIDE));
        (self.usual > 0).then(|| rounds * u64::from(self.usual))
    }
}

/// Seconds until the last backup of all remotes is made; none if one of them is not known.
pub fn seconds(loads: &[Load]) -> Option<u64> {
    let each: Vec<u64> = loads.iter().map(|load| load.seconds()).collect::<Option<_>>()?;
    let work: u64 = loads.iter().map(|load| u64::from(load.waiting) * u64::from(load.usual)).sum();
    Some(each.into_iter().max().unwrap_or_default().max(work.div_ceil(SIDE_BY_SIDE)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn load(waiting: u32, at_once: u32, usual: u32) -> Load {
        Load { waiting, at_once, usual }
    }

    #[test]
    fn the_slowest_remote_or_the_work_of_all_together_says_how_long_it_takes() {
        assert_eq!(seconds(&[]), Some(0));
        assert_eq!(seconds(&[load(9, 1, 600)]), Some(5_400));
        assert_eq!(seconds(&[load(9, 2, 600), load(1, 1, 60)]), Some(3_000));
        assert_eq!(seconds(&[load(8, 4, 600), load(8, 4, 600)]), Some(2_400));
    }

    #[test]
    fn what_is_not_known_is_not_invented() {
        assert_eq!(seconds(&[load(9, 1, 600), load(1, 2, 0)]), None);
    }

    proptest! {
        #[test]
        fn more_that_waits_never_takes_less(waiting in 0..10_000_u32, more in 0..10_000_u32, at_once in 0..20_u32, usual in 1..90_000_u32) {
            let (less, all) = (load(waiting, at_once, usual), load(waiting + more, at_once, usual));
            prop_assert!(seconds(&[less]) <= seconds(&[all]) && seconds(&[less]) <= seconds(&[less, all]));
        }
    }
}
