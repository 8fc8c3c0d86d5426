//! Is it tried again, and when? Transient failures are, unknown ones once, permanent ones are not.

use crate::{Counts, Failure, Job, Outcome, Settings, peer};
use courseferry_api::{ErrorCode, Repeat, UnixTime};

/// Longest wait between two tries, in seconds.
const LONGEST: u64 = 86_400;
/// Wait while the client Moodle cannot be used, in seconds.
const CLIENT_WAIT: u64 = 300;
/// A call that broke sooner than this never reached the remote, which then is making no backup.
const NEVER_REACHED: i64 = 5;
/// Backups of one restore whose end may stay unknown.
const UNKNOWNS: u32 = 2;
/// Fresh backups of one restore that may come out empty.
const EMPTIES: u32 = 3;

/// What follows from a failure.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// How the try ended.
    pub outcome: Outcome,
    /// Until when the remote may still be writing this user's backup.
    pub busy_until: UnixTime,
}

/// What a failure is judged by.
#[derive(Debug, Clone, Copy)]
pub struct Judge<'a> {
    /// Limits and times.
    pub settings: &'a Settings,
    /// The time.
    pub now: UnixTime,
    /// A random number.
    pub random: u64,
}

impl Judge<'_> {
    /// What follows from a failure in which the remote was not at work on a backup.
    ///
    /// `transient`: somebody nearer to it holds that it can go better later.
    pub fn failed(&self, job: &Job, failure: Failure, transient: bool) -> Outcome {
        if job.cancelling {
            return Outcome::Cancelled;
        }
        if peer::client_fault(failure.code) {
            return self.again(failure, Counts::Nothing, self.jitter(CLIENT_WAIT));
        }
        let counts = match failure.code {
            ErrorCode::RemoteEmptyBackup => Counts::Empty,
            _ => Counts::Failure,
        };
        let worn_out = job.failures + 1 >= self.settings.attempts
            || (counts == Counts::Empty && job.empties + 1 >= EMPTIES)
            || !(transient || failure.code.repeat() == Repeat::Automatic);
        if worn_out {
            return Outcome::Failed(failure);
        }
        self.again(failure, counts, self.backoff(job.failures))
    }

    /// What follows from a backup call that failed after `waited` seconds.
    ///
    /// Where the remote may still be at work, the pair is kept for twice the time waited, and at the least for
    /// `unknown_wait_seconds`: asking sooner would make the two backups destroy each other.
    pub fn backup_failed(&self, job: &Job, failure: Failure, waited: i64) -> Verdict {
        let unknown = matches!(failure.code, ErrorCode::RemoteBackupUnknown | ErrorCode::RemoteTimeout);
        let broken = failure.code == ErrorCode::RemoteUnreachable && waited >= NEVER_REACHED;
        if !unknown && !broken {
            return Verdict { outcome: self.failed(job, failure, false), busy_until: self.now };
        }
        let waited = waited.clamp(0, self.settings.backup_limit_seconds.into());
        let keep = (2 * waited).max(self.settings.unknown_wait_seconds.into());
        let busy_until = self.now.plus(keep);
        let outcome = match self.failed(job, failure, false) {
            Outcome::Again { failure, .. } if unknown && job.unknowns + 1 >= UNKNOWNS => {
                Outcome::Failed(Failure { code: ErrorCode::RemoteBackupTooSlow, ..failure })
            }
            Outcome::Again { failure, at, .. } => {
                let counts = if unknown { Counts::Unknown } else { Counts::Failure };
                Outcome::Again { failure, at: at.max(busy_until), counts }
            }
            ended => ended,
        };
        Verdict { outcome, busy_until }
    }

    /// When a hand-over that the client did not take is tried again.
    pub fn hand_over_again(&self) -> UnixTime {
        self.now.plus(self.jitter(self.settings.retry_first_seconds.into()))
    }

    fn again(&self, failure: Failure, counts: Counts, wait: i64) -> Outcome {
        let asked = failure.retry_after.map_or(0, |seconds| i64::from(seconds).min(LONGEST.cast_signed()));
        Outcome::Again { at: self.now.plus(wait.max(asked)), failure, counts }
    }

    /// Full jitter: a random wait up to min(24 h, first · 2^failures).
    fn backoff(&self, failures: u32) -> i64 {
        let first = u64::from(self.settings.retry_first_seconds);
        self.jitter(first.saturating_mul(1_u64.checked_shl(failures).unwrap_or(u64::MAX)))
    }

    fn jitter(&self, most: u64) -> i64 {
        (self.random % (most.min(LONGEST) + 1)).cast_signed()
    }
}
