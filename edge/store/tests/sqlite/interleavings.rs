//! Every interleaving of ticks, crons, people and broken calls keeps the promise, whatever the remotes are: a restore that
//! came has its one course, any other has none, nothing is made twice, nothing stays stuck, and no backup is left behind.

use crate::world::{Ill, LETTRES, Mishap, SCIENCES, World};
use courseferry_api::*;
use courseferry_ferry::{CancelOutcome, Platform, RemoteBackups};
use courseferry_store::Change;
use futures::{
    executor::block_on,
    future::{join, join_all},
};
use proptest::prelude::*;

/// Something that happens. A schedule of these is what proptest shrinks.
#[derive(Debug, Clone)]
enum Happening {
    /// A tick; it may die after so many steps.
    Tick { dies_at: Option<u32> },
    /// Several things at once, each so many seconds and steps after the first, while so many answers of the client are
    /// lost; all of them may die after so many steps.
    Together { first: Invocation, others: Vec<(Invocation, u32, u32)>, lost: Lost, dies_at: Option<u32> },
    /// The client says that something ended; what that sets off may die after so many steps.
    Hurry { dies_at: Option<u32> },
    /// The client's cron.
    Cron,
    /// Time passes.
    Wait { seconds: i64 },
    /// Somebody cancels the nth restore; the request may die after so many steps.
    Cancel { restore: usize, dies_at: Option<u32> },
    /// Somebody tries the nth restore again.
    Retry { restore: usize },
    /// An administrator tries everything again.
    RetryAll,
    /// The next hand-overs are taken and their answers lost.
    LosesHandOvers { times: u32 },
    /// The next questions after progress get no answer.
    DeafProgress { times: u32 },
    /// The next cancellations are carried out and their answers lost.
    LosesCancels { times: u32 },
    /// The client goes away, or comes back.
    Down { down: bool },
    /// The client takes no more hand-overs, for a reason of its own, or takes them again.
    RefusesHandOvers { refuses: bool },
    /// The second remote is taken off the list, or put on it again.
    Configured { both: bool },
    /// The next restore on the client fails.
    FailsThere { transient: bool },
    /// The next backup of the nth course goes wrong.
    BackupFails { restore: usize, how: u32 },
    /// Backups of the nth course take so many seconds from now on. Within `unknown_wait_seconds`: of a longer one that
    /// nobody waits for any more, nobody can know when it ends.
    Slow { restore: usize, seconds: i64 },
    /// A write of the database fails, before or after it was done.
    Hiccup { statement: usize, spared: u32, done: bool },
}

/// Answers that are lost: to hand-overs, to questions after progress, to cancellations.
type Lost = (u32, u32, u32);

/// What may happen beside others.
#[derive(Debug, Clone, Copy)]
enum Invocation {
    Tick,
    Help,
    Hurry,
    /// The client's cron.
    Cron,
    /// Somebody cancels the nth restore.
    Cancel(usize),
}

/// Parts of the statements that a restore's way consists of.
const WRITES: [&str; 10] = [
    "SET lease_until = ?3 WHERE id = ?1",
    "SET phase = 'transferring'",
    "SET handed = 1",
    "SET attempt = attempt +",
    "SET cancelling = 1",
    "status = CASE WHEN cancelling",
    "INSERT INTO peers",
    "SET lease = ?2",
    "SET lease = NULL",
    "SET to_delete = 0",
];

fn happening() -> impl Strategy<Value = Happening> {
    use Happening as H;
    let dies = || prop::option::weighted(0.3, 1_u32..60);
    prop_oneof![
        6 => dies().prop_map(|dies_at| H::Tick { dies_at }),
        6 => (invocation(), prop::collection::vec((invocation(), later(), 0_u32..60), 1..6), lost(), dies())
            .prop_map(|(first, others, lost, dies_at)| H::Together { first, others, lost, dies_at }),
        2 => dies().prop_map(|dies_at| H::Hurry { dies_at }),
        5 => Just(H::Cron),
        4 => prop_oneof![Just(1_i64), Just(61), Just(130), Just(700), Just(5_000)].prop_map(|seconds| H::Wait { seconds }),
        3 => (0_usize..3, dies()).prop_map(|(restore, dies_at)| H::Cancel { restore, dies_at }),
        2 => (0_usize..3).prop_map(|restore| H::Retry { restore }),
        1 => Just(H::RetryAll),
        3 => (1_u32..3).prop_map(|times| H::LosesHandOvers { times }),
        3 => (1_u32..4).prop_map(|times| H::DeafProgress { times }),
        2 => (1_u32..3).prop_map(|times| H::LosesCancels { times }),
        2 => any::<bool>().prop_map(|down| H::Down { down }),
        2 => any::<bool>().prop_map(|refuses| H::RefusesHandOvers { refuses }),
        1 => any::<bool>().prop_map(|both| H::Configured { both }),
        1 => any::<bool>().prop_map(|transient| H::FailsThere { transient }),
        2 => (0_usize..3, 0_u32..4).prop_map(|(restore, how)| H::BackupFails { restore, how }),
        1 => (0_usize..3, prop_oneof![Just(2_i64), Just(20), Just(200), Just(500)])
            .prop_map(|(restore, seconds)| H::Slow { restore, seconds }),
        3 => (0..WRITES.len(), 0_u32..3, any::<bool>())
            .prop_map(|(statement, spared, done)| H::Hiccup { statement, spared, done }),
    ]
}

fn invocation() -> impl Strategy<Value = Invocation> {
    prop_oneof![
        4 => Just(Invocation::Tick),
        1 => Just(Invocation::Help),
        2 => Just(Invocation::Hurry),
        4 => Just(Invocation::Cron),
        2 => (0_usize..3).prop_map(Invocation::Cancel),
    ]
}

fn lost() -> impl Strategy<Value = Lost> {
    prop_oneof![Just((0, 0, 0)), Just((1, 1, 0)), Just((2, 2, 0)), (0_u32..3, 0_u32..4, 0_u32..3)]
}

/// Seconds later: mostly none, or while a tick stays and looks.
fn later() -> impl Strategy<Value = u32> {
    prop_oneof![3 => Just(0_u32), 1 => Just(1), 2 => 2_u32..25]
}

/// Three restores: two of one teacher on one remote, one of another elsewhere.
const COURSES: [(i64, &str, i64); 3] = [(1, SCIENCES, 11), (1, SCIENCES, 12), (2, LETTRES, 21)];

fn happens(world: &World, restores: &[JobId], happening: &Happening) {
    use Happening as H;
    let dying = |dies_at: &Option<u32>| {
        if let Some(step) = dies_at {
            world.die_at(*step);
        }
    };
    match happening {
        H::Tick { dies_at } => {
            dying(dies_at);
            let _ = world.raw_tick();
            world.live();
        }
        H::Together { first, others, lost, dies_at } => {
            let mut companion = world.companion.borrow_mut();
            (companion.loses_hand_overs, companion.deaf_progress, companion.loses_cancels) = *lost;
            drop(companion);
            dying(dies_at);
            world.together(restores, *first, others);
            world.live();
        }
        H::Hurry { dies_at } => {
            dying(dies_at);
            let _ = world.raw_hurry();
            world.live();
        }
        H::Cron => world.cron(),
        H::Wait { seconds } => world.wait(*seconds),
        H::Cancel { restore, dies_at } => {
            dying(dies_at);
            let answer = world.try_cancel(&restores[*restore]);
            let died = world.live();
            if let (Some(Ok(answer)), false) = (answer, died) {
                assert_no_answer_lies(world, &restores[*restore], &answer);
            }
        }
        H::Retry { restore } => {
            let change = block_on(world.store().retry(&restores[*restore], None, true, world.time())).unwrap();
            assert!(!matches!(change, Change::NotFound));
        }
        H::RetryAll => {
            for group in block_on(world.store().failures(UnixTime(0), true)).unwrap() {
                let code = group.failure.code.as_str();
                block_on(world.store().retry_all(code, Some(&group.remote), UnixTime(0), true, world.time())).unwrap();
            }
        }
        H::LosesHandOvers { times } => world.companion.borrow_mut().loses_hand_overs = *times,
        H::DeafProgress { times } => world.companion.borrow_mut().deaf_progress = *times,
        H::LosesCancels { times } => world.companion.borrow_mut().loses_cancels = *times,
        H::Down { down } => world.companion.borrow_mut().down = *down,
        H::RefusesHandOvers { refuses } => {
            world.companion.borrow_mut().refuses_hand_overs = refuses.then_some(ErrorCode::ClientInvalidParameter);
        }
        H::Configured { both } => {
            let remotes = if *both { &[SCIENCES, LETTRES][..] } else { &[SCIENCES] };
            *world.configured.borrow_mut() = remotes.iter().map(|remote| (*remote).to_owned()).collect();
        }
        H::FailsThere { transient } => {
            world.companion.borrow_mut().failures.push((ErrorCode::ClientRestoreFailed, *transient));
        }
        H::BackupFails { restore, how } => {
            let (_, remote, course) = COURSES[*restore];
            let mishap = match how {
                0 => Mishap::CutAfter(30, 200),
                1 => Mishap::Zero,
                2 => Mishap::Empty,
                _ => Mishap::Fails(ErrorCode::RemoteMaintenance),
            };
            world.remotes.borrow_mut().script.entry((remote.to_owned(), course)).or_default().push(mishap);
        }
        H::Slow { restore, seconds } => {
            let (.., course) = COURSES[*restore];
            world.remotes.borrow_mut().slow.insert(course, *seconds);
        }
        H::Hiccup { statement, spared, done } => {
            let text = WRITES[*statement];
            world.ill.set(Some(Ill { text, spared: *spared, failing: 1, done: *done }));
        }
    }
}

/// What must hold whenever one looks.
fn assert_nothing_lies(world: &World, when: &str) {
    let companion = world.companion.borrow();
    for job in world.all() {
        let courses = companion.courses.iter().filter(|id| *id == job.id.as_str()).count();
        assert!(courses <= 1, "{when}: made twice: {job:#?}");
        let lies = match job.status {
            Status::Cancelled | Status::Failed => courses != 0,
            Status::Restored => courses != 1,
            Status::Scheduled | Status::InProgress => false,
        };
        assert!(!lies, "{when}: {courses} course(s) of {job:#?}");
    }
    assert_eq!(world.remotes.borrow().collisions, 0, "{when}: two backups of one user at once");
}

/// What somebody who cancelled was told is how it stands.
fn assert_no_answer_lies(world: &World, id: &JobId, answer: &CancelOutcome) {
    let job = world.job(id);
    let holds = match answer {
        CancelOutcome::Done(_) => job.status == Status::Cancelled,
        CancelOutcome::Asked(_) => job.status == Status::InProgress && job.cancelling,
        CancelOutcome::TooLate(_) => job.status != Status::Cancelled && !job.cancelling,
        CancelOutcome::NotFound => false,
    };
    assert!(holds, "{answer:?}, and {job:#?}");
}

impl World {
    /// Several things at once; each may go wrong.
    fn together(&self, restores: &[JobId], first: Invocation, others: &[(Invocation, u32, u32)]) {
        self.with_ferry(async |ferry| {
            let happens = async |what: Invocation| match what {
                Invocation::Tick => drop(ferry.tick().await),
                Invocation::Help => drop(ferry.help().await),
                Invocation::Hurry => drop(ferry.hurry().await),
                Invocation::Cron => self.cron(),
                Invocation::Cancel(restore) => drop(ferry.cancel(&restores[restore], None).await),
            };
            let later = others.iter().map(async |(what, seconds, steps)| {
                self.sleep(*seconds).await;
                self.steps_pass(*steps).await;
                happens(*what).await;
            });
            join(happens(first), join_all(later)).await
        });
    }
}

fn live_through(kinds: [RemoteKind; 2], stays: &str, schedule: &[Happening]) {
    let world = World::with(&[("attempts", "8"), ("stay_seconds", stays), ("retry_first_seconds", "10")]);
    world.remotes.borrow_mut().kinds = [SCIENCES, LETTRES].map(str::to_owned).into_iter().zip(kinds).collect();
    let restores: Vec<JobId> =
        COURSES.iter().map(|(user, remote, course)| world.schedule(*user, remote, *course)).collect();
    for (place, happening) in schedule.iter().enumerate() {
        happens(&world, &restores, happening);
        assert_nothing_lies(&world, &format!("after {place}, {happening:?}"));
    }
    world.companion.borrow_mut().refuses_hand_overs = None;
    *world.configured.borrow_mut() = vec![SCIENCES.to_owned(), LETTRES.to_owned()];
    world.settle_down();
    assert_nothing_is_left(&world, "at the end");
    // Whatever happened to them: who tries again in peace gets the courses that are missing, and each once.
    world.remotes.borrow_mut().script.clear();
    world.remotes.borrow_mut().slow.clear();
    for job in world.all().iter().filter(|job| job.can_retry()) {
        world.retry(&job.id);
    }
    world.settle_down();
    assert_nothing_is_left(&world, "after another try");
    world.assert_all_restored_once();
}

/// What must hold once all is quiet.
fn assert_nothing_is_left(world: &World, when: &str) {
    for _ in 0..4 {
        world.wait(900);
        world.tick();
        world.cron();
    }
    assert_nothing_lies(world, when);
    for job in world.all() {
        assert!(job.status.ended() && job.leased_until.is_none() && !job.cancelling, "{when}: stuck: {job:#?}");
    }
    let remotes = world.remotes.borrow();
    let left: Vec<_> = remotes.made.iter().filter(|(_, made)| !made.deleted).map(|(of, _)| of).collect();
    assert!(left.is_empty(), "{when}: backups left on their remote: {left:?}");
    let to_delete = block_on(world.store().deletable_backups(50)).unwrap();
    assert!(to_delete.is_empty(), "{when}: backups are deleted for ever: {to_delete:?}");
}

/// What a remote may be.
fn kind() -> impl Strategy<Value = RemoteKind> {
    prop_oneof![Just(RemoteKind::Original2), Just(RemoteKind::Original3), Just(RemoteKind::Courseferry)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), max_shrink_iters: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn no_interleaving_makes_a_row_lie_or_a_course_twice(
        kinds in [kind(), kind()],
        stays in prop_oneof![Just("0"), Just("20")],
        schedule in prop::collection::vec(happening(), 1..40),
    ) {
        live_through(kinds, stays, &schedule);
    }
}

/// More with `PROPTEST_CASES`.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(150)
}
