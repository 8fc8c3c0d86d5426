//! Three kinds of remote, what may be under way on each at once, and backups that a remote makes by itself.

use crate::world::{LETTRES, Mishap, SCIENCES, START, World, code};
use courseferry_api::*;
use courseferry_ferry::*;
use courseferry_store::queries;
use futures::executor::block_on;

fn world_of(kind: RemoteKind) -> World {
    let world = World::new();
    world.remotes.borrow_mut().kinds.insert(SCIENCES.to_owned(), kind);
    world
}

/// When each backup was asked for, in seconds.
fn asked(world: &World) -> Vec<i64> {
    world.remotes.borrow().calls.iter().map(|(at, ..)| at - START).collect()
}

/// Backups that are kept on the remote.
fn kept(world: &World) -> usize {
    world.remotes.borrow().made.values().filter(|made| !made.deleted).count()
}

#[test]
fn three_teachers_with_eight_courses_each_all_arrive_from_every_kind_of_remote() {
    for kind in RemoteKind::ALL {
        let world = world_of(kind);
        for user in 1..=3 {
            for course in 1..=8 {
                world.schedule(user, SCIENCES, 10 * user + course);
            }
        }
        world.until_all_ended();
        world.assert_all_restored_once();
        let empty = world.all().iter().map(|row| row.empties).sum::<u32>();
        assert_eq!((empty, world.remotes.borrow().calls.len()), (0, 24), "{kind:?}: each backup was made once");
        world.tick();
        assert_eq!(kept(&world), 0, "nothing is left on the remote");
    }
}

#[test]
fn an_original_3_is_asked_for_the_next_backup_once_the_last_one_is_copied_whoever_it_is_for() {
    let world = world_of(RemoteKind::Original3);
    world.schedule(1, SCIENCES, 11);
    let colleague = world.schedule(2, SCIENCES, 21);
    world.tick();
    assert_eq!(asked(&world), [0]);
    world.wait(60);
    world.tick();
    assert_eq!(world.job(&colleague).status, Status::Scheduled, "the first is not copied yet");
    world.cron();
    world.wait(60);
    world.tick();
    assert_eq!(world.job(&colleague).phase, Some(Phase::Transferring));
}

#[test]
fn a_remote_is_asked_what_it_is_before_its_first_backup_and_once_a_day() {
    let world = World::new();
    for day in 0..3 {
        world.schedule(1, SCIENCES, 11 + day);
        world.schedule(2, SCIENCES, 21 + day);
        world.until_all_ended();
        world.wait(86_400);
    }
    assert_eq!(world.remotes.borrow().introductions, 3);
    let known = block_on(world.store().ask(queries::peers())).unwrap();
    let sciences = known.iter().find(|peer| peer.remote == Some(SCIENCES.parse().unwrap())).unwrap();
    assert_eq!(sciences.kind.map(|(kind, _)| kind), Some(RemoteKind::Original2));
}

#[test]
fn an_answer_that_does_not_fit_a_remotes_kind_has_it_asked_anew() {
    let world = World::new();
    world.bears(SCIENCES, 4);
    // It was moved over to another block since.
    world.remotes.borrow_mut().kinds.insert(SCIENCES.to_owned(), RemoteKind::Courseferry);
    let refused = vec![Mishap::Fails(ErrorCode::RemotePluginMissing)];
    world.remotes.borrow_mut().script.insert((SCIENCES.to_owned(), 11), refused);
    let id = world.schedule(1, SCIENCES, 11);
    world.until_all_ended();
    let row = world.job(&id);
    assert_eq!((row.status, row.kind), (Status::Restored, Some(RemoteKind::Courseferry)));
}

#[test]
fn a_remote_that_becomes_another_kind_begins_nothing_until_the_old_kinds_rows_are_done_and_these_are_copied_as_they_were_made()
 {
    let world = world_of(RemoteKind::Original2);
    let old = world.schedule(1, SCIENCES, 11);
    world.tick();
    world.remotes.borrow_mut().kinds.insert(SCIENCES.to_owned(), RemoteKind::Courseferry);
    block_on(world.store().doubt_kind(&SCIENCES.parse().unwrap())).unwrap();
    let new = world.schedule(2, SCIENCES, 21);
    world.wait(60);
    world.tick();
    assert_eq!(world.job(&new).status, Status::Scheduled, "the old row's backup is not copied yet");
    world.cron();
    world.wait(60);
    world.tick();
    world.wait(60);
    world.tick();
    assert_eq!(world.job(&new).kind, Some(RemoteKind::Courseferry));
    world.until_all_ended();
    world.assert_all_restored_once();
    assert_eq!(world.job(&old).kind, Some(RemoteKind::Original2));
    assert_eq!(world.remotes.borrow().calls.len(), 2, "no backup was made twice");
}

#[test]
fn a_backup_of_twenty_minutes_shows_its_progress_and_no_lease_is_held_meanwhile() {
    let world = world_of(RemoteKind::Courseferry);
    world.remotes.borrow_mut().slow.insert(11, 1_200);
    let id = world.schedule(1, SCIENCES, 11);
    let mut seen = Vec::new();
    for _ in 0..20 {
        world.tick();
        let row = world.job(&id);
        assert_eq!((row.phase, row.leased_until), (Some(Phase::BackingUp), None));
        assert!(world.now.get() - START < 1_200, "no tick waits for it");
        seen.push(row.percent);
        world.wait(60);
    }
    assert!(seen.is_sorted() && seen.last() > Some(&80), "{seen:?}");
    world.tick();
    let row = world.job(&id);
    assert_eq!((row.phase, row.handed, row.total_bytes), (Some(Phase::Transferring), true, 95));
    assert_eq!(world.companion.borrow().checksums.get(id.as_str()), Some(&"5".repeat(64)), "the order has its SHA-256");
    world.until_all_ended();
    world.assert_all_restored_once();
}

#[test]
fn fifty_backups_of_one_teacher_are_begun_in_one_tick_where_the_remote_makes_them_by_itself() {
    let world = world_of(RemoteKind::Courseferry);
    for course in 1..=60 {
        world.schedule(1, SCIENCES, course);
    }
    world.tick();
    assert_eq!(asked(&world).len(), 50);
    world.until_all_ended();
    assert_eq!(world.companion.borrow().courses.len(), 60);
}

#[test]
fn a_failed_backup_is_begun_anew_under_another_number_and_the_first_is_deleted() {
    let world = world_of(RemoteKind::Courseferry);
    let failed = vec![Mishap::Fails(ErrorCode::RemoteBackupFailed)];
    world.remotes.borrow_mut().script.insert((SCIENCES.to_owned(), 11), failed);
    let id = world.schedule(1, SCIENCES, 11);
    world.until_all_ended();
    world.tick();
    world.assert_all_restored_once();
    let numbers: Vec<u32> = world.remotes.borrow().made.keys().map(|(_, number)| *number).collect();
    assert_eq!((numbers, kept(&world)), (vec![1, 2], 0));
    assert_eq!(world.job(&id).failures, 1);
}

#[test]
fn tries_that_fail_one_after_another_within_a_tick_leave_none_of_their_backups() {
    let world = World::with(&[("stay_seconds", "50"), ("retry_first_seconds", "1")]);
    let mut remotes = world.remotes.borrow_mut();
    remotes.kinds.insert(SCIENCES.to_owned(), RemoteKind::Courseferry);
    remotes.slow.insert(11, 2);
    remotes.script.insert((SCIENCES.to_owned(), 11), vec![Mishap::Fails(ErrorCode::RemoteMaintenance); 2]);
    drop(remotes);
    let id = world.schedule(1, SCIENCES, 11);
    world.tick();
    world.until_all_ended();
    world.tick();
    let job = world.job(&id);
    assert_eq!((job.status, job.failures, kept(&world)), (Status::Restored, 2, 0));
}

#[test]
fn a_backup_that_its_remote_has_lost_is_begun_anew() {
    let world = world_of(RemoteKind::Courseferry);
    world.remotes.borrow_mut().slow.insert(11, 600);
    let id = world.schedule(1, SCIENCES, 11);
    world.tick();
    world.remotes.borrow_mut().made.get_mut(&(id.to_string(), 1)).unwrap().deleted = true;
    world.until_all_ended();
    world.assert_all_restored_once();
    assert!(world.job(&id).backup_no > 1);
}

#[test]
fn a_remote_whose_cron_stands_still_is_said_to_after_six_hours_and_fails_the_try_after_a_day_without_progress() {
    let world = world_of(RemoteKind::Courseferry);
    world.remotes.borrow_mut().cron_still = i64::MAX / 2;
    let id = world.schedule(1, SCIENCES, 11);
    world.tick();
    world.wait(6 * 3_600 - 60);
    world.tick();
    assert_eq!(code(&world.job(&id)), None);
    world.wait(60);
    world.tick();
    let row = world.job(&id);
    assert_eq!((row.status, code(&row)), (Status::InProgress, Some(ErrorCode::RemoteCronStopped)));
    world.wait(18 * 3_600);
    world.tick();
    let row = world.job(&id);
    assert_ne!(row.status, Status::InProgress);
    assert_eq!(code(&row), Some(ErrorCode::RemoteBackupStalled));
    assert_eq!(kept(&world), 0, "what may still come of it is not wanted");
}

#[test]
fn a_row_whose_remote_makes_the_backup_is_cancelled_at_once_and_its_backup_deleted() {
    let world = world_of(RemoteKind::Courseferry);
    world.remotes.borrow_mut().slow.insert(11, 600);
    let id = world.schedule(1, SCIENCES, 11);
    world.tick();
    assert!(matches!(world.cancel(&id), CancelOutcome::Done(_)));
    assert_eq!((world.job(&id).status, kept(&world)), (Status::Cancelled, 0));
    world.until_all_ended();
    assert!(world.companion.borrow().courses.is_empty());
}

#[test]
fn whatever_step_a_worker_dies_at_one_backup_of_a_courseferry_remote_becomes_one_course() {
    let mut step = 1;
    loop {
        let world = world_of(RemoteKind::Courseferry);
        world.schedule(1, SCIENCES, 11);
        world.schedule(2, SCIENCES, 21);
        world.die_at(step);
        for _ in 0..6 {
            if world.tick().is_none() {
                break;
            }
            world.cron();
            world.wait(60);
        }
        let died = world.live();
        world.cron();
        world.wait(200);
        world.until_all_ended();
        world.tick();
        world.assert_all_restored_once();
        assert_eq!(kept(&world), 0, "died at {step}");
        if !died {
            assert!(step > 60, "the whole way has more than {step} steps");
            return;
        }
        step += 1;
    }
}

#[test]
fn cancelled_at_any_moment_of_a_tick_a_row_of_a_courseferry_remote_is_cancelled_without_a_course_or_comes() {
    for step in 0..60 {
        let world = world_of(RemoteKind::Courseferry);
        world.remotes.borrow_mut().slow.insert(11, 0);
        let id = world.schedule(1, SCIENCES, 11);
        world.cancel_at_step(&id, step);
        for _ in 0..4 {
            world.tick();
            world.cron();
            world.wait(60);
        }
        world.until_all_ended();
        world.tick();
        let courses = world.companion.borrow().courses.len();
        assert_eq!(courses, usize::from(world.job(&id).status == Status::Restored), "cancelled at {step}");
        assert_eq!(kept(&world), 0, "cancelled at {step}");
    }
}

#[test]
fn a_backup_that_is_waited_for_begins_only_while_its_whole_limit_fits_into_the_invocation() {
    let world = world_of(RemoteKind::Original2);
    for course in 1..=12 {
        world.schedule(1, SCIENCES, course);
        // Copied at once, so that the next one could begin in the same tick.
        world.schedule(course, LETTRES, 100 + course);
    }
    world.bears(LETTRES, 1);
    world.remotes.borrow_mut().slow.extend((1..200).map(|course| (course, 50)));
    world.tick();
    let asked = asked(&world);
    let last = asked.iter().max().unwrap();
    assert!((50..=105).contains(last), "{asked:?}");
    assert!(world.now.get() - START < 900, "the tick ends in time");
}
