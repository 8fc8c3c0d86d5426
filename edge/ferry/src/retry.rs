//! Whether and when a restore is tried again: after transient failures, once after a backup whose end is unknown, and
//! never after permanent failures.

use crate::{Counts, Failure, Outcome, RestoreRow, Settings, peer};
use courseferry_api::{ErrorCode, Repeat, UnixTime};

/// Longest wait between two tries, in seconds.
const LONGEST: u64 = 86_400;
/// Wait while the client Moodle cannot be used, in seconds.
const CLIENT_WAIT: u64 = 300;
/// A call that broke sooner than this never reached the remote, which then is making no backup.
const NEVER_REACHED: i64 = 5;
/// Backups of one restore whose end may stay unknown.
const UNKNOWNS: u32 = 2;
/// Backups of one restore that may end because our own invocation does.
const INTERRUPTIONS: u32 = 5;
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
pub struct RetryPolicy<'a> {
    /// Limits and times.
    pub settings: &'a Settings,
    /// The time.
    pub now: UnixTime,
    /// A random number.
    pub random: u64,
}

impl RetryPolicy<'_> {
    /// What follows from a failure in which the remote was not at work on a backup.
    ///
    /// `transient`: whoever reported it (the companion, a remote of our kind) says that another try can succeed.
    pub fn failed(&self, job: &RestoreRow, failure: Failure, transient: bool) -> Outcome {
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
    /// Where the remote may still be at work, the slot stays taken for twice the time waited, and at the least for
    /// `unknown_wait_seconds`: two backups in one slot would destroy each other.
    pub fn backup_failed(&self, job: &RestoreRow, failure: Failure, waited: i64) -> Verdict {
        let timed_out = matches!(failure.code, ErrorCode::RemoteBackupUnknown | ErrorCode::RemoteTimeout);
        // A page of a proxy, a cut, an empty answer: only what Moodle itself says, well-formed, proves that it ended.
        let unknown = timed_out || (!failure.well_formed && waited >= NEVER_REACHED);
        if !unknown {
            return Verdict { outcome: self.failed(job, failure, false), busy_until: self.now };
        }
        let busy_until = self.may_be_writing(waited);
        let outcome = match self.failed(job, failure, true) {
            Outcome::Again { failure, .. } | Outcome::Failed(failure) if job.unknowns + 1 >= UNKNOWNS => {
                Outcome::Failed(Failure::new(ErrorCode::RemoteBackupTooSlow, failure.detail))
            }
            Outcome::Again { failure, at, .. } => {
                Outcome::Again { failure, at: at.max(busy_until), counts: Counts::Unknown }
            }
            ended => ended,
        };
        Verdict { outcome, busy_until }
    }

    /// What follows when our own invocation ended while the remote made the backup: nothing is learnt of the remote,
    /// which may still be at work.
    pub fn interrupted(&self, job: &RestoreRow) -> Verdict {
        let busy_until = job.asked.map_or(self.now, |asked| self.may_be_writing(self.now.since(asked)));
        let failure = Failure::from(ErrorCode::Interrupted);
        let outcome = if job.cancelling {
            Outcome::Cancelled
        } else if job.interruptions + 1 >= INTERRUPTIONS {
            Outcome::Failed(failure)
        } else {
            Outcome::Again { failure, at: busy_until, counts: Counts::Interruption }
        };
        Verdict { outcome, busy_until }
    }

    /// Until when the remote may still be writing after a call that lasted so many seconds.
    fn may_be_writing(&self, waited: i64) -> UnixTime {
        let waited = waited.clamp(0, self.settings.backup_limit_seconds.into());
        self.now.plus((2 * waited).max(self.settings.unknown_wait_seconds.into()))
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

#[cfg(test)]
mod tests {
    use super::*;
    use courseferry_api::{JobId, RemoteCourseId, RemoteId, Status, Target, UserId};
    use proptest::prelude::*;

    const NOW: UnixTime = UnixTime(1_000_000);

    fn settings() -> Settings {
        let addresses = ["client_wwwroot", "worker_origin"];
        Settings::read(|name| addresses.contains(&name).then(|| "https://example.org".to_owned()), |_| true).unwrap()
    }

    fn job(failures: u32, unknowns: u32, empties: u32) -> RestoreRow {
        RestoreRow {
            id: "0".repeat(32).parse::<JobId>().unwrap(),
            batch: String::new(),
            user: UserId(1),
            username: "ada".to_owned(),
            user_name: "Ada".to_owned(),
            actor: None,
            locale: "en".to_owned(),
            remote: "0".repeat(12).parse::<RemoteId>().unwrap(),
            course: RemoteCourseId(1),
            full_name: String::new(),
            short_name: String::new(),
            identifier: String::new(),
            target: Target::Default,
            options: courseferry_api::Options::default(),
            category: None,
            category_name: None,
            start_now: false,
            status: Status::InProgress,
            phase: None,
            since: NOW,
            created: NOW,
            not_before: NOW,
            retry_at: NOW,
            finished: None,
            leased_until: None,
            cancelling: false,
            asked: None,
            backup: 0,
            kind: None,
            backup_no: 0,
            progress_at: NOW,
            suspected: false,
            sha256: None,
            attempt: 0,
            handed: false,
            etag: None,
            failures,
            unknowns,
            empties,
            interruptions: 0,
            hand_overs: 0,
            announced: None,
            bytes: 0,
            total_bytes: 0,
            percent: 0,
            restored: None,
            gone: false,
            removal_asked: None,
            removed: None,
            warnings: vec![],
            failure: None,
        }
    }

    fn retry_policy(settings: &Settings, random: u64) -> RetryPolicy<'_> {
        RetryPolicy { settings, now: NOW, random }
    }

    /// Seconds until the next try; none if there is none.
    fn wait(outcome: &Outcome) -> Option<i64> {
        match outcome {
            Outcome::Again { at, .. } => Some(at.since(NOW)),
            _ => None,
        }
    }

    proptest! {
        #[test]
        fn waits_are_anywhere_up_to_twice_the_one_before_and_never_longer_than_a_day(
            failures in 0_u32..49, random: u64,
        ) {
            let settings = Settings { attempts: 50, ..settings() };
            let outcome = retry_policy(&settings, random).failed(&job(failures, 0, 0), ErrorCode::RemoteUnreachable.into(), false);
            let most = 60_i64.checked_shl(failures.min(20)).unwrap().min(86_400);
            let waited = wait(&outcome).unwrap();
            prop_assert!((0..=most).contains(&waited));
        }

        #[test]
        fn the_pair_is_kept_for_twice_the_time_waited_and_ten_minutes_at_the_least(waited in 0_i64..100_000, random: u64) {
            let settings = settings();
            let verdict =
                retry_policy(&settings, random).backup_failed(&job(0, 0, 0), ErrorCode::RemoteBackupUnknown.into(), waited);
            prop_assert_eq!(verdict.busy_until.since(NOW), (2 * waited.min(780)).max(600));
            prop_assert!(wait(&verdict.outcome).unwrap() >= verdict.busy_until.since(NOW));
        }

        #[test]
        fn a_restore_ends_after_as_many_failures_as_are_set(attempts in 1_u32..50, random: u64) {
            let settings = Settings { attempts, ..settings() };
            let retry_policy = retry_policy(&settings, random);
            let mut failures = 0;
            while wait(&retry_policy.failed(&job(failures, 0, 0), ErrorCode::RemoteTimeout.into(), false)).is_some() {
                failures += 1;
            }
            prop_assert_eq!(failures + 1, attempts);
        }
    }

    #[test]
    fn a_permanent_failure_ends_it_unless_somebody_nearer_knows_better() {
        let settings = settings();
        let retry_policy = retry_policy(&settings, 0);
        for code in [ErrorCode::RemoteBadToken, ErrorCode::RemoteNotOwner, ErrorCode::ClientNoCapability] {
            assert_eq!(retry_policy.failed(&job(0, 0, 0), code.into(), false), Outcome::Failed(code.into()));
            assert!(wait(&retry_policy.failed(&job(0, 0, 0), code.into(), true)).is_some());
        }
    }

    #[test]
    fn a_client_that_cannot_be_used_is_nobodys_failure() {
        let settings = Settings { attempts: 1, ..settings() };
        for code in [ErrorCode::ClientUnreachable, ErrorCode::ClientBadToken, ErrorCode::ClientMaintenance] {
            let outcome = retry_policy(&settings, u64::MAX).failed(&job(0, 0, 0), code.into(), false);
            assert!(matches!(outcome, Outcome::Again { counts: Counts::Nothing, .. }));
            assert!(wait(&outcome).unwrap() <= 300);
        }
    }

    #[test]
    fn the_second_backup_of_unknown_end_is_the_last_and_names_the_cause() {
        let settings = settings();
        let verdict =
            retry_policy(&settings, 0).backup_failed(&job(1, 1, 0), ErrorCode::RemoteBackupUnknown.into(), 60);
        assert_eq!(verdict.outcome, Outcome::Failed(ErrorCode::RemoteBackupTooSlow.into()));
        assert_eq!(verdict.busy_until.since(NOW), 600, "the remote may still be writing");
    }

    #[test]
    fn a_call_that_broke_at_once_never_reached_the_remote_and_one_that_broke_late_may_have() {
        let settings = settings();
        let retry_policy = retry_policy(&settings, 0);
        let at_once = retry_policy.backup_failed(&job(0, 0, 0), ErrorCode::RemoteUnreachable.into(), 0);
        assert_eq!(at_once.busy_until, NOW);
        let late = retry_policy.backup_failed(&job(0, 0, 0), ErrorCode::RemoteUnreachable.into(), 400);
        assert_eq!(late.busy_until.since(NOW), 800);
        assert!(matches!(late.outcome, Outcome::Again { counts: Counts::Unknown, .. }));
    }

    #[test]
    fn whatever_is_not_moodles_own_word_after_some_seconds_leaves_the_end_open() {
        let settings = settings();
        let judge = retry_policy(&settings, 0);
        for code in [ErrorCode::RemoteServerError, ErrorCode::RemoteNotMoodle, ErrorCode::RemoteUnexpected] {
            let page = Failure { well_formed: false, ..code.into() };
            let late = judge.backup_failed(&job(0, 0, 0), page.clone(), 12);
            assert_eq!(late.busy_until.since(NOW), 600, "{code}");
            assert!(matches!(late.outcome, Outcome::Again { counts: Counts::Unknown, .. }), "{code}");
            let again = judge.backup_failed(&job(1, 1, 0), page.clone(), 12);
            assert!(
                matches!(again.outcome, Outcome::Failed(failure) if failure.code == ErrorCode::RemoteBackupTooSlow)
            );
            assert_eq!(
                judge.backup_failed(&job(0, 0, 0), page, 1).busy_until,
                NOW,
                "a page at once: nothing was begun"
            );
            let said = judge.backup_failed(&job(0, 0, 0), code.into(), 12);
            assert_eq!(said.busy_until, NOW, "Moodle itself says that it failed");
        }
    }

    #[test]
    fn our_own_end_during_a_backup_blames_nobody_and_is_not_repeated_for_ever() {
        let settings = settings();
        let judge = retry_policy(&settings, 0);
        let mut row = RestoreRow { asked: Some(NOW.plus(-400)), ..job(0, 1, 0) };
        let verdict = judge.interrupted(&row);
        assert_eq!(verdict.busy_until.since(NOW), 800);
        let Outcome::Again { failure, counts, .. } = verdict.outcome else { panic!("it is tried again") };
        assert_eq!((failure.code, counts), (ErrorCode::Interrupted, Counts::Interruption));
        row.interruptions = 4;
        assert_eq!(judge.interrupted(&row).outcome, Outcome::Failed(ErrorCode::Interrupted.into()));
    }

    #[test]
    fn a_remote_that_says_when_to_come_back_is_obeyed_within_a_day() {
        let settings = settings();
        for (asked, waits) in [(120, 120), (10_000_000, 86_400)] {
            let failure = Failure { retry_after: Some(asked), ..ErrorCode::RemoteMaintenance.into() };
            assert_eq!(wait(&retry_policy(&settings, 0).failed(&job(0, 0, 0), failure, false)), Some(waits));
        }
    }

    #[test]
    fn whoever_asked_to_cancel_gets_no_new_try() {
        let settings = settings();
        let cancelling = RestoreRow { cancelling: true, ..job(0, 0, 0) };
        let verdict = retry_policy(&settings, 0).backup_failed(&cancelling, ErrorCode::RemoteBackupUnknown.into(), 60);
        assert_eq!((verdict.outcome, verdict.busy_until.since(NOW)), (Outcome::Cancelled, 600));
    }
}
