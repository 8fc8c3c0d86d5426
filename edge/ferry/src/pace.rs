//! How many backups at once a remote bears: few at first, more while each takes as long as usual, fewer when it does not.

/// Backups that an unknown remote makes side by side.
const FIRST: u32 = 2;
/// Backups that any remote makes side by side at the most.
const MOST: u32 = 16;
/// Shorter backups say nothing about a remote's load, in seconds.
const SHORT: u32 = 10;

/// What a remote bears.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Backups side by side.
    pub at_once: u32,
    /// Seconds that one usually takes; 0 = not known.
    pub usual: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Self { at_once: FIRST, usual: 0 }
    }
}

impl Pace {
    /// A backup was made in so many seconds.
    #[must_use]
    pub fn after(self, took: u32) -> Self {
        let took = took.max(SHORT);
        let usual = if self.usual == 0 { took } else { (7 * self.usual + took) / 8 };
        let slow = self.usual > 0 && took > 2 * self.usual;
        let at_once = if slow { self.at_once / 2 } else { self.at_once + 1 };
        Self { at_once: at_once.clamp(1, MOST), usual: usual.max(1) }
    }

    /// A backup took longer than is waited for.
    #[must_use]
    pub fn after_timeout(self) -> Self {
        Self { at_once: (self.at_once / 2).max(1), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remote_whose_backups_stay_quick_gets_more_of_them_up_to_a_limit() {
        let pace = (0..100).fold(Pace::default(), |pace, _| pace.after(30));
        assert_eq!(pace, Pace { at_once: MOST, usual: 30 });
    }

    #[test]
    fn a_remote_that_slows_down_gets_fewer_and_always_one() {
        let busy = Pace { at_once: 8, usual: 30 };
        assert_eq!(busy.after(90).at_once, 4);
        assert_eq!(busy.after_timeout().at_once, 4);
        let pace = (0..20).fold(busy, |pace, _| pace.after_timeout());
        assert_eq!(pace.at_once, 1);
    }

    #[test]
    fn backups_that_slow_each_other_down_settle_below_what_makes_them_slow() {
        // Up to six side by side are quick; each one more doubles the time.
        let mut pace = Pace::default();
        let mut most = 0;
        for round in 0..200 {
            let took = if pace.at_once <= 6 { 30 } else { 30 << (pace.at_once - 6).min(5) };
            pace = pace.after(took);
            if round > 50 {
                most = most.max(pace.at_once);
            }
        }
        assert!(most <= 9, "{most}");
        assert!(pace.at_once >= 1);
    }
}
