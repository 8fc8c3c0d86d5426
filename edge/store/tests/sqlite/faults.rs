//! Death and haste: whatever moment a Worker dies at, however ticks and wishes interleave, one restore makes one course.

use crate::world::{LETTRES, SCIENCES, World, code};
use courseferry_api::*;

#[test]
fn whatever_step_a_worker_dies_at_every_restore_comes_exactly_once() {
    let mut step = 1;
    loop {
        let world = World::new();
        world.schedule(1, SCIENCES, 11);
        world.schedule(1, SCIENCES, 12);
        world.schedule(2, LETTRES, 21);
        world.die_at(step);
        for _ in 0..8 {
            if world.tick().is_none() {
                break;
            }
            world.cron();
            world.wait(60);
        }
        let died = world.live();
        // The client goes on without us.
        world.cron();
        world.wait(30);
        world.until_all_ended();
        world.tick();
        world.assert_all_restored_once();
        assert_eq!(world.companion.borrow().notices.len(), 2, "one message for each teacher (died at {step})");
        if !died {
            assert!(step > 100, "the whole way has more than {step} steps");
            return;
        }
        step += 1;
    }
}

#[test]
fn a_worker_that_dies_again_and_again_brings_a_course_once_or_says_why_not() {
    for pace in [7, 11, 13, 29, 41] {
        let world = World::new();
        world.schedule(1, SCIENCES, 11);
        world.schedule(2, SCIENCES, 21);
        for life in 1..40 {
            world.die_at(pace * life % 53 + 1);
            let _ = world.tick();
            world.live();
            world.cron();
            world.wait(700);
        }
        world.until_all_ended();
        assert_eq!(world.remotes.borrow().collisions, 0);
        for job in world.all() {
            let courses = world.companion.borrow().courses.iter().filter(|id| *id == job.id.as_str()).count();
            match job.status {
                Status::Restored => assert_eq!(courses, 1),
                _ => assert_eq!((code(&job), courses), (Some(ErrorCode::Interrupted), 0)),
            }
        }
    }
}

#[test]
fn overlapping_ticks_do_everything_once_however_they_interleave() {
    for apart in 0..60 {
        let world = World::new();
        world.schedule(1, SCIENCES, 11);
        world.schedule(1, SCIENCES, 12);
        world.schedule(2, LETTRES, 21);
        for _ in 0..40 {
            world.two_ticks(apart);
            world.cron();
            world.wait(60);
            if world.all().iter().all(|job| job.status.ended()) {
                break;
            }
        }
        world.tick();
        world.assert_all_restored_once();
        assert_eq!(world.remotes.borrow().calls.len(), 3);
        assert_eq!(world.companion.borrow().hand_overs, 3);
        assert_eq!(world.companion.borrow().notices.len(), 2);
    }
}

#[test]
fn cancelling_at_any_step_leaves_either_no_course_or_exactly_one() {
    let (mut cancelled, mut restored) = (0, 0);
    for step in 0..60 {
        for ticks_before in 0..3 {
            let world = World::new();
            let id = world.schedule(1, SCIENCES, 11);
            for _ in 0..ticks_before {
                world.tick();
                world.cron();
                world.wait(60);
            }
            world.cancel_at_step(&id, step);
            world.cron();
            world.until_all_ended();
            if world.job(&id).status == Status::Cancelled {
                cancelled += 1;
                assert!(world.companion.borrow().courses.is_empty());
            } else {
                restored += 1;
                world.assert_all_restored_once();
            }
        }
    }
    assert!(cancelled > 10 && restored > 10, "{cancelled} {restored}");
}

#[test]
fn a_row_that_is_cancelled_after_a_worker_died_at_any_step_ends_without_a_course_or_comes() {
    for step in 1..60 {
        let world = World::new();
        let id = world.schedule(1, SCIENCES, 11);
        world.die_at(step);
        let _ = world.tick();
        world.live();
        world.cancel(&id);
        // Longer than any lease.
        world.wait(700);
        world.cron();
        world.until_all_ended();
        let courses = world.companion.borrow().courses.len();
        assert_eq!(courses, usize::from(world.job(&id).status == Status::Restored), "died at {step}");
    }
}

#[test]
fn a_try_that_failed_is_counted_once_however_ticks_interleave_and_die() {
    for step in 0..90 {
        let world = World::new();
        world.companion.borrow_mut().failures = vec![(ErrorCode::ClientDiskFull, false)];
        let id = world.schedule(1, SCIENCES, 11);
        for _ in 0..3 {
            world.tick();
            world.cron();
            world.wait(60);
        }
        assert_eq!((world.job(&id).status, world.job(&id).failures), (Status::Scheduled, 1));
        // The companion still says that the first attempt failed.
        if step % 2 == 0 {
            world.two_ticks(step / 2);
        } else {
            world.die_at(step / 2);
            let _ = world.tick();
            world.live();
        }
        world.wait(130);
        world.until_all_ended();
        world.assert_all_restored_once();
        let job = world.job(&id);
        assert_eq!(job.failures, 1 + job.unknowns, "step {step}");
    }
}
