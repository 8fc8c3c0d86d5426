//! The life of a restore: the ferry over the SQL that D1 runs, in a world that can break at any moment.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

mod world;

use courseferry_api::*;
use courseferry_ferry::*;
use futures::executor::block_on;
use world::{LETTRES, Mishap, SCIENCES, World};

#[test]
fn a_scheduled_course_arrives_in_its_category() {
    let world = World::new();
    let id = world.schedule(1, SCIENCES, 11);
    world.tick();
    assert_eq!(world.job(&id).phase, Some(Phase::Transferring));
    world.cron();
    world.tick();
    assert_eq!(world.job(&id).phase, Some(Phase::Restoring));
    world.cron();
    world.tick();
    let job = world.job(&id);
    assert_eq!((job.status, job.category, job.bytes), (Status::Restored, Some(CategoryId(9)), 95));
    world.assert_all_restored_once();
}

#[test]
fn three_courses_of_one_teacher_and_one_of_a_colleague_all_arrive() {
    let world = World::new();
    for course in 11..14 {
        world.schedule(1, SCIENCES, course);
    }
    let colleague = world.schedule(2, SCIENCES, 21);
    world.tick();
    let calls = world.remotes.borrow().calls.len();
    assert_eq!(calls, 2, "one backup for each of the two teachers");
    assert_eq!(world.job(&colleague).phase, Some(Phase::Transferring), "a teacher's queue does not hold another's");
    world.until_all_ended();
    world.assert_all_restored_once();
}

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
        if !world.live() {
            assert!(step > 60, "the whole way has more steps than {step}");
            return;
        }
        // The client goes on without us.
        world.cron();
        world.wait(30);
        world.until_all_ended();
        world.assert_all_restored_once();
        step += 1;
    }
}
