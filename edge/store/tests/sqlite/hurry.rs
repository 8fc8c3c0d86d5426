//! Nothing waits for a tick: a tick stays and looks, and the client says when something ended. And what a night carries.

use crate::world::{SCIENCES, World};
use courseferry_api::*;
use courseferry_ferry::Platform;
use futures::{FutureExt, future::LocalBoxFuture, pin_mut};
use std::future::poll_fn;

/// How often the client and the Worker run, and whether the client says that something ended.
#[derive(Clone, Copy)]
struct Life {
    /// Seconds between two crons of the client.
    cron: i64,
    /// Invocations that the platform's clock sets off each minute: the first does everything.
    invocations: u32,
    hurries: bool,
}

/// Moodle's cron as it is shipped: it stays and takes up what comes within a second or two.
const MOODLE: Life = Life { cron: 2, invocations: 1, hurries: true };

impl World {
    /// So many seconds in which ticks begin each minute, as long as they may last, beside the client's own life.
    fn live_on(&self, life: Life, seconds: i64, until: impl Fn(&Self) -> bool) {
        let begun = self.now.get();
        self.with_ferry(async |ferry| {
            let mut invocations: Vec<LocalBoxFuture<'_, ()>> = Vec::new();
            let mut ended = 0;
            while self.now.get() < begun + seconds && !until(self) {
                let second = self.now.get() - begun;
                if second % 60 == 0 {
                    invocations.push(ferry.tick().map(drop).boxed_local());
                    for _ in 1..life.invocations {
                        invocations.push(ferry.help().map(drop).boxed_local());
                    }
                }
                if second > 0 && second % life.cron == 0 {
                    self.cron();
                }
                let progressed = self.companion.borrow().progressed();
                if life.hurries && progressed > ended && second % 3 == 0 {
                    ended = progressed;
                    invocations.push(ferry.hurry().map(drop).boxed_local());
                }
                let pause = self.sleep(1);
                pin_mut!(pause);
                poll_fn(|context| {
                    invocations.retain_mut(|invocation| invocation.poll_unpin(context).is_pending());
                    pause.as_mut().poll(context)
                })
                .await;
            }
        });
    }

    fn came(&self) -> usize {
        self.companion.borrow().courses.len()
    }
}

#[test]
fn one_small_course_is_there_within_a_minute_of_its_time_whenever_the_tick_is() {
    for second in [1, 20, 40, 49] {
        let world = World::with(&[("stay_seconds", "50")]);
        world.remotes.borrow_mut().slow.insert(11, 2);
        let mut wish = world.wish(1, SCIENCES, 11);
        wish.not_before = world.time().plus(second);
        let id = world.try_schedule(&wish).unwrap().id;
        world.live_on(MOODLE, 300, |world| world.job(&id).status == Status::Restored);
        let took = world.now.get() - crate::world::START - second;
        assert!(took <= 30, "due at second {second}, there {took} s later");
    }
}

#[test]
fn a_lost_call_of_the_client_costs_the_wait_for_the_next_tick_and_nothing_else() {
    let world = World::with(&[("stay_seconds", "50")]);
    let id = world.schedule(1, SCIENCES, 11);
    world.live_on(Life { hurries: false, ..MOODLE }, 300, |world| world.job(&id).status == Status::Restored);
    assert!(world.now.get() - crate::world::START <= 130);
    world.assert_all_restored_once();
}

#[test]
fn twelve_small_courses_of_one_teacher_come_in_three_minutes_from_an_original_and_in_ninety_seconds_from_our_block() {
    for (kind, limit) in [(RemoteKind::Original2, 180), (RemoteKind::Original3, 180), (RemoteKind::Courseferry, 90)] {
        let world = World::with(&[("stay_seconds", "50")]);
        world.remotes.borrow_mut().kinds.insert(SCIENCES.to_owned(), kind);
        for course in 1..=12 {
            world.remotes.borrow_mut().slow.insert(course, 2);
            world.schedule(1, SCIENCES, course);
        }
        world.live_on(MOODLE, 600, |world| world.all().iter().all(|row| row.status == Status::Restored));
        let took = world.now.get() - crate::world::START;
        world.assert_all_restored_once();
        assert!(took <= limit, "{kind:?}: {took} s");
    }
}

/// Seconds until three teachers have eight courses each from one remote of this kind, whose backups take ten seconds.
fn twenty_four_courses_take(kind: RemoteKind) -> i64 {
    let world = World::with(&[("stay_seconds", "50")]);
    world.remotes.borrow_mut().kinds.insert(SCIENCES.to_owned(), kind);
    for user in 1..=3 {
        for course in 10 * user..10 * user + 8 {
            world.remotes.borrow_mut().slow.insert(course, 10);
            world.schedule(user, SCIENCES, course);
        }
    }
    world.live_on(MOODLE, 1_800, |world| world.all().iter().all(|row| row.status == Status::Restored));
    world.assert_all_restored_once();
    world.now.get() - crate::world::START
}

#[test]
fn our_block_lends_twenty_four_courses_five_times_faster_than_release_three_of_the_original() {
    let [ours, theirs] = [RemoteKind::Courseferry, RemoteKind::Original3].map(twenty_four_courses_take);
    assert!(theirs >= 5 * ours, "{ours} s beside {theirs} s");
}

#[test]
fn a_tick_that_stays_asks_the_client_once_while_nothing_ends_there() {
    let world = World::with(&[("stay_seconds", "50")]);
    let slow = Life { cron: 1_000, ..MOODLE };
    world.schedule(1, SCIENCES, 11);
    world.live_on(slow, 120, |_| false);
    let before = world.companion.borrow().asked.get();
    world.live_on(slow, 600, |_| false);
    let asked = world.companion.borrow().asked.get() - before;
    assert!(asked <= 10, "once a minute: {asked} in ten minutes");
}

#[test]
fn a_tick_asks_the_client_nothing_while_nothing_is_under_way() {
    let world = World::with(&[("stay_seconds", "50")]);
    world.live_on(MOODLE, 600, |_| false);
    assert_eq!(world.companion.borrow().asked.get(), 0);
}

#[test]
fn no_invocation_asks_the_database_more_often_than_the_platform_allows_however_much_is_due() {
    let world = World::with(&[("stay_seconds", "50"), ("onlyoneremoteinstance", "0")]);
    let remotes: Vec<String> = (0..20).map(|number| format!("{number:012x}")).collect();
    world.configured.borrow_mut().clone_from(&remotes);
    for remote in &remotes {
        for course in 1..=60 {
            world.remotes.borrow_mut().slow.insert(course, 2);
            world.schedule(1 + course % 12, remote, course);
        }
    }
    // Much has ended on the client, and nobody has asked it yet.
    world.live_on(Life { cron: 1, invocations: 3, hurries: false }, 50, |_| false);
    let counted = |helps: bool| {
        world.queries.set(0);
        let report = world.with_ferry(async |ferry| if helps { ferry.help().await } else { ferry.tick().await });
        let claimed = report.as_ref().map_or(0, |report| report.claimed);
        assert!(claimed >= 40, "as much as it can: {report:?}");
        // Besides, the Worker keeps the person's roles for each, and reads the site if its instance is a new one.
        let queries = world.queries.get() + u32::try_from(claimed).unwrap() + 2;
        assert!(queries <= 950, "{queries} for {report:?}");
    };
    counted(false);
    counted(true);
}

/// Restores that came in so many minutes from twenty remotes with backups of so many seconds, an hour.
fn an_hour_of(kind: RemoteKind, takes: i64, minutes: i64, invocations: u32) -> usize {
    let world = World::with(&[("stay_seconds", "50"), ("onlyoneremoteinstance", "0")]);
    let remotes: Vec<String> = (0..20).map(|number| format!("{number:012x}")).collect();
    world.configured.borrow_mut().clone_from(&remotes);
    for remote in &remotes {
        world.remotes.borrow_mut().kinds.insert(remote.clone(), kind);
        let one_after_another = minutes * 60 / (takes + 4);
        let waiting = if kind == RemoteKind::Original3 { one_after_another } else { 4 * one_after_another };
        for course in 1..=waiting.min(120) {
            world.remotes.borrow_mut().slow.insert(course, takes);
            world.schedule(1 + course % 12, remote, course);
        }
    }
    let life = Life { cron: 2, invocations, hurries: true };
    world.live_on(life, minutes * 60, |_| false);
    assert_eq!(world.remotes.borrow().collisions, 0);
    world.came() * 60 / usize::try_from(minutes).unwrap()
}

#[test]
#[ignore = "prints what docs/costs.md says of a night; takes six minutes in a release build"]
fn what_an_hour_carries() {
    for kind in [RemoteKind::Original3, RemoteKind::Original2, RemoteKind::Courseferry] {
        for (takes, minutes) in [(2, 5), (60, 30), (600, 180)] {
            for invocations in [1, 3] {
                let an_hour = an_hour_of(kind, takes, minutes, invocations);
                println!("{kind:?}, {takes} s, {invocations} invocation(s) a minute: {an_hour} an hour");
            }
        }
    }
}

#[test]
fn twenty_originals_with_backups_of_two_seconds_give_four_thousand_restores_an_hour() {
    let an_hour = an_hour_of(RemoteKind::Original3, 2, 5, 3);
    assert!(an_hour >= 4_000, "{an_hour} an hour");
}

#[test]
fn twenty_originals_with_backups_of_a_minute_are_kept_busy() {
    // Each makes one backup at a time: 20 × 60 an hour at the most, less the copy of each.
    let an_hour = an_hour_of(RemoteKind::Original3, 60, 30, 3);
    assert!(an_hour >= 700, "{an_hour} an hour");
}
