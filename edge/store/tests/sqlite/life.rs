//! The life of a restore, and what may happen to it on its way.

use crate::world::{LETTRES, Mishap, SCIENCES, START, World, code};
use courseferry_api::*;
use courseferry_ferry::*;
use courseferry_store::queries;
use futures::executor::block_on;

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
fn a_restore_whose_course_does_not_come_for_hours_is_found_and_named() {
    let world = World::new();
    let id = world.schedule(1, SCIENCES, 11);
    world.tick();
    let overdue = || {
        let late = block_on(world.store().overdue(world.time().plus(-readiness::OVERDUE))).unwrap();
        readiness::overdue(&late, world.time(), Language::English).map(|check| check.message)
    };
    assert!(!block_on(world.store().has_restored()).unwrap());
    assert_eq!(overdue(), None, "it has only begun");
    // Moodle's cron stands still.
    world.wait(7 * 3_600);
    let job = world.job(&id);
    let named = format!("1 restore does not end: “{}” ({}), in step 2 for 7 h.", job.full_name, job.user_name);
    assert_eq!(overdue(), Some(named));
    world.until_all_ended();
    assert_eq!(overdue(), None);
    assert!(block_on(world.store().has_restored()).unwrap());
}

#[test]
fn each_end_of_a_try_is_logged_once_with_its_code_and_without_names() {
    let world = World::new();
    let logged = || {
        let ended = block_on(world.store().newly_ended()).unwrap();
        ended.into_iter().map(|end| (end.restore, end.status, end.code)).collect::<Vec<_>>()
    };
    assert_eq!(logged(), [], "from the first question on");
    world.remotes.borrow_mut().script.insert((SCIENCES.to_owned(), 12), vec![Mishap::Fails(ErrorCode::RemoteNotOwner)]);
    let (came, failed) = (world.schedule(1, SCIENCES, 11), world.schedule(2, SCIENCES, 12));
    world.until_all_ended();
    let mut lines = logged();
    lines.sort();
    let mut expected = vec![
        (came.to_string(), "restored".to_owned(), None),
        (failed.to_string(), "failed".to_owned(), Some("remote.not_owner".to_owned())),
    ];
    expected.sort();
    assert_eq!(lines, expected);
    assert_eq!(logged(), []);
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
    assert_eq!(world.job(&colleague).phase, Some(Phase::Transferring), "a teacher's queue does not hold up another's");
    world.until_all_ended();
    world.assert_all_restored_once();
}

#[test]
fn one_tick_waits_for_four_backups_side_by_side_remotes_take_turns_and_the_next_begins_when_one_ends() {
    let world = World::new();
    world.bears(SCIENCES, 16);
    world.bears(LETTRES, 16);
    for user in 1..=5 {
        world.schedule(user, SCIENCES, user);
    }
    world.schedule(6, LETTRES, 60);
    world.tick();
    let calls: Vec<_> =
        world.remotes.borrow().calls.iter().map(|(at, remote, ..)| (at - START, remote.clone())).collect();
    let at = |time: i64| calls.iter().filter(|(at, _)| *at == time).count();
    assert_eq!((at(0), at(20)), (4, 2), "{calls:?}");
    assert!(calls.contains(&(0, LETTRES.to_owned())), "the last one is the first of its remote");
    world.until_all_ended();
    world.assert_all_restored_once();
}

#[test]
fn a_backup_that_outlives_its_call_is_waited_for_before_anybody_asks_again() {
    let world = World::new();
    let script = vec![Mishap::CutAfter(60, 500)];
    world.remotes.borrow_mut().script.insert((SCIENCES.to_owned(), 11), script);
    let id = world.schedule(1, SCIENCES, 11);
    world.schedule(1, SCIENCES, 12);
    world.tick();
    let job = world.job(&id);
    assert_eq!((job.status, job.unknowns, code(&job)), (Status::Scheduled, 1, Some(ErrorCode::RemoteBackupUnknown)));
    world.until_all_ended();
    world.assert_all_restored_once();
    let calls = &world.remotes.borrow().calls;
    assert!(
        calls.get(1).unwrap().0 - calls.first().unwrap().0 >= 660,
        "nobody asks for this teacher meanwhile: {calls:?}"
    );
}

#[test]
fn two_backups_of_unknown_end_fail_with_the_setting_to_raise_and_the_other_courses_go_on() {
    let world = World::new();
    let script = vec![Mishap::CutAfter(60, 300), Mishap::CutAfter(60, 300)];
    world.remotes.borrow_mut().script.insert((SCIENCES.to_owned(), 11), script);
    let slow = world.schedule(1, SCIENCES, 11);
    let other = world.schedule(1, SCIENCES, 12);
    world.until_all_ended();
    assert_eq!(code(&world.job(&slow)), Some(ErrorCode::RemoteBackupTooSlow));
    assert_eq!(world.job(&other).status, Status::Restored);
    assert_eq!(world.remotes.borrow().collisions, 0);
}

#[test]
fn a_backup_beyond_the_time_limit_is_of_unknown_end_too() {
    let world = World::new();
    world.remotes.borrow_mut().slow.insert(11, 2_000);
    let id = world.schedule(1, SCIENCES, 11);
    let before = world.time();
    world.tick();
    assert_eq!(world.time().since(before), 780);
    let job = world.job(&id);
    assert_eq!((job.status, job.unknowns), (Status::Scheduled, 1));
    assert!(job.retry_at.since(world.time()) >= 2 * 780);
}

#[test]
fn a_backup_that_failed_inside_is_made_again() {
    let world = World::new();
    world.remotes.borrow_mut().script.insert((SCIENCES.to_owned(), 11), vec![Mishap::Zero]);
    let id = world.schedule(1, SCIENCES, 11);
    world.tick();
    assert_eq!(code(&world.job(&id)), Some(ErrorCode::RemoteBackupFailed));
    world.until_all_ended();
    world.assert_all_restored_once();
}

#[test]
fn a_fresh_backup_that_comes_out_empty_is_tried_three_times_at_most() {
    for (mishaps, status) in [(2, Status::Restored), (3, Status::Failed)] {
        let world = World::new();
        world.remotes.borrow_mut().script.insert((SCIENCES.to_owned(), 11), vec![Mishap::Empty; mishaps]);
        let id = world.schedule(1, SCIENCES, 11);
        world.until_all_ended();
        let job = world.job(&id);
        assert_eq!(job.status, status);
        if status == Status::Failed {
            assert_eq!((code(&job), job.empties), (Some(ErrorCode::RemoteEmptyBackup), 2));
        }
    }
}

#[test]
fn a_remote_that_is_down_is_tried_as_often_as_is_set_and_stops_nobody_else() {
    let world = World::with(&[("attempts", "4")]);
    let script = vec![Mishap::Fails(ErrorCode::RemoteUnreachable); 9];
    world.remotes.borrow_mut().script.insert((SCIENCES.to_owned(), 11), script);
    let id = world.schedule(1, SCIENCES, 11);
    let other = world.schedule(1, LETTRES, 12);
    world.until_all_ended();
    let job = world.job(&id);
    assert_eq!((job.status, job.failures, code(&job)), (Status::Failed, 4, Some(ErrorCode::RemoteUnreachable)));
    assert_eq!(world.job(&other).status, Status::Restored);
    let met = block_on(world.store().ask(queries::peers())).unwrap();
    let sciences = met.iter().find(|met| met.remote.as_ref() == Some(&job.remote)).unwrap();
    assert_eq!(sciences.problem.as_ref().map(|problem| problem.code), Some(ErrorCode::RemoteUnreachable));
}

#[test]
fn what_cannot_go_better_fails_at_once() {
    let world = World::new();
    let script = vec![Mishap::Fails(ErrorCode::RemoteNotOwner)];
    world.remotes.borrow_mut().script.insert((SCIENCES.to_owned(), 11), script);
    let id = world.schedule(1, SCIENCES, 11);
    world.tick();
    assert_eq!((world.job(&id).status, code(&world.job(&id))), (Status::Failed, Some(ErrorCode::RemoteNotOwner)));
}

#[test]
fn a_remote_that_is_no_longer_configured_is_named_on_its_rows() {
    let world = World::new();
    let id = world.schedule(1, "0123456789ab", 11);
    world.tick();
    assert_eq!(code(&world.job(&id)), Some(ErrorCode::RemoteUnconfigured));
}

#[test]
fn rights_are_checked_afresh_right_before_the_backup() {
    let world = World::new();
    let denied = world.schedule(1, SCIENCES, 11);
    let renamed = world.schedule(2, SCIENCES, 21);
    let gone = world.schedule(3, SCIENCES, 31);
    let mut original = world.wish(4, SCIENCES, 41);
    (original.target, original.identifier) = (Target::Original, "PHY".to_owned());
    let original = world.try_schedule(&original).unwrap().id;
    {
        let mut companion = world.companion.borrow_mut();
        companion.denied = vec![(1, 9), (4, 3)];
        companion.usernames.insert(2, "benjamin".to_owned());
        companion.usernames.remove(&3);
    }
    world.until_all_ended();
    let job = world.job(&denied);
    assert_eq!(code(&job), Some(ErrorCode::AccessCategory));
    assert_eq!(job.failure.unwrap().detail, "You may not restore there.");
    assert_eq!(code(&world.job(&renamed)), Some(ErrorCode::UserRenamed));
    assert_eq!(code(&world.job(&gone)), Some(ErrorCode::ClientUserUnknown));
    let job = world.job(&original);
    assert_eq!((job.status, job.category, job.target), (Status::Restored, Some(CategoryId(9)), Target::Original));
    assert_eq!(job.warnings.first().unwrap().code, "category.default_instead");
}

#[test]
fn while_the_client_is_down_restores_wait_and_no_try_is_counted() {
    let world = World::with(&[("attempts", "2")]);
    let id = world.schedule(1, SCIENCES, 11);
    world.companion.borrow_mut().down = true;
    for _ in 0..30 {
        world.tick();
        world.wait(60);
    }
    let job = world.job(&id);
    assert_eq!((job.status, job.failures, code(&job)), (Status::Scheduled, 0, None));
    assert_eq!(world.companion.borrow().in_vain.get(), 30, "a tick asks a client that is away once");
    assert!(world.remotes.borrow().calls.is_empty());
    world.companion.borrow_mut().down = false;
    world.until_all_ended();
    world.assert_all_restored_once();
}

#[test]
fn a_client_that_goes_down_while_the_backup_is_made_gets_it_when_it_is_back() {
    let world = World::new();
    let id = world.schedule(1, SCIENCES, 11);
    world.go_down_in(10);
    world.tick();
    assert_eq!((world.job(&id).phase, world.job(&id).handed), (Some(Phase::Transferring), false));
    world.companion.borrow_mut().down_at = None;
    world.until_all_ended();
    world.assert_all_restored_once();
    assert_eq!(world.remotes.borrow().calls.len(), 1, "the backup was made once");
}

#[test]
fn a_job_that_the_companion_lost_is_handed_over_again() {
    let world = World::new();
    world.schedule(1, SCIENCES, 11);
    world.tick();
    world.companion.borrow_mut().jobs.clear();
    world.until_all_ended();
    world.assert_all_restored_once();
    assert_eq!(world.remotes.borrow().calls.len(), 1, "from the same backup");
}

#[test]
fn what_fails_on_the_client_is_tried_again_only_if_that_can_help() {
    for (failure, transient, status) in [
        (ErrorCode::ClientDiskFull, false, Status::Restored),
        (ErrorCode::ClientRestoreFailed, true, Status::Restored),
        (ErrorCode::ClientRestoreFailed, false, Status::Failed),
        (ErrorCode::ClientPrecheckFailed, false, Status::Failed),
    ] {
        let world = World::new();
        world.companion.borrow_mut().failures = vec![(failure, transient)];
        let id = world.schedule(1, SCIENCES, 11);
        world.until_all_ended();
        assert_eq!(world.job(&id).status, status, "{failure}");
        assert_eq!(world.companion.borrow().courses.len(), usize::from(status == Status::Restored));
    }
}

#[test]
fn a_scheduled_restore_is_cancelled_at_once_and_its_course_is_free_again() {
    let world = World::new();
    let id = world.schedule(1, SCIENCES, 11);
    assert!(matches!(world.cancel(&id), CancelOutcome::Done(_)));
    world.schedule(2, SCIENCES, 11);
}

#[test]
fn cancelling_during_the_backup_keeps_the_pair_until_the_call_ends() {
    let world = World::new();
    world.remotes.borrow_mut().slow.insert(11, 300);
    let id = world.schedule(1, SCIENCES, 11);
    let next = world.schedule(1, SCIENCES, 12);
    let CancelOutcome::Asked(job) = world.cancel_during_tick(&id, 100) else { panic!("too early or too late") };
    assert_eq!(job.phase, Some(Phase::BackingUp));
    assert_eq!(world.job(&id).status, Status::Cancelled);
    assert_eq!(world.job(&next).status, Status::Scheduled);
    world.until_all_ended();
    assert_eq!(world.job(&next).status, Status::Restored);
    assert_eq!((world.remotes.borrow().collisions, world.companion.borrow().courses.len()), (0, 1));
}

#[test]
fn cancelling_during_the_copy_is_the_companions_word() {
    let world = World::new();
    let id = world.schedule(1, SCIENCES, 11);
    world.tick();
    assert!(matches!(world.cancel(&id), CancelOutcome::Done(_)));
    assert_eq!(world.job(&id).status, Status::Cancelled);
    world.cron();
    world.cron();
    assert!(world.companion.borrow().courses.is_empty());
}

#[test]
fn once_the_restore_has_begun_it_is_too_late_to_cancel() {
    let world = World::new();
    let id = world.schedule(1, SCIENCES, 11);
    world.tick();
    // The companion has begun, and we do not know it yet.
    world.cron();
    assert!(matches!(world.cancel(&id), CancelOutcome::TooLate(_)));
    assert!(!world.job(&id).cancelling);
    world.until_all_ended();
    assert!(matches!(world.cancel(&id), CancelOutcome::TooLate(_)));
    world.assert_all_restored_once();
}

#[test]
fn a_wish_to_cancel_outlives_a_client_that_is_down() {
    let world = World::new();
    let id = world.schedule(1, SCIENCES, 11);
    world.tick();
    world.companion.borrow_mut().down = true;
    assert!(matches!(world.cancel(&id), CancelOutcome::Asked(_)));
    world.companion.borrow_mut().down = false;
    world.tick();
    assert_eq!(world.job(&id).status, Status::Cancelled);
}

#[test]
fn a_wish_to_cancel_outlives_what_a_tick_had_heard_before() {
    let world = World::new();
    let id = world.schedule(1, SCIENCES, 11);
    world.tick();
    let handed = world.job(&id);
    assert_eq!(handed.phase, Some(Phase::Transferring));
    let waits = world.run(world.progress(std::slice::from_ref(&id))).unwrap().unwrap().remove(0);
    world.companion.borrow_mut().down = true;
    assert!(matches!(world.cancel(&id), CancelOutcome::Asked(_)));
    block_on(world.store().report(&handed, world.time(), Phase::Transferring, &waits)).unwrap();
    assert!(world.job(&id).cancelling, "it waits for the client, and so does the wish");
    world.companion.borrow_mut().down = false;
    world.tick();
    assert_eq!(world.job(&id).status, Status::Cancelled);
}

#[test]
fn nobody_cancels_somebody_elses_restore() {
    let world = World::new();
    let id = world.schedule(1, SCIENCES, 11);
    let stranger = block_on(world.store().request_cancel(&id, Some(UserId(2)), world.time())).unwrap();
    assert_eq!(stranger, CancelOutcome::NotFound);
    assert_eq!(world.job(&id).status, Status::Scheduled);
}

#[test]
fn paused_restores_wait_and_what_has_started_is_finished() {
    let world = World::new();
    let started = world.schedule(1, SCIENCES, 11);
    world.tick();
    let store = world.store();
    let sciences = started_remote(&world, &started);
    block_on(store.pause(Some(&sciences), true)).unwrap();
    let waits = world.schedule(2, SCIENCES, 21);
    let other = world.schedule(3, LETTRES, 31);
    for _ in 0..5 {
        world.tick();
        world.cron();
        world.wait(60);
    }
    assert_eq!(world.job(&started).status, Status::Restored);
    assert_eq!(world.job(&waits).status, Status::Scheduled);
    assert_eq!(world.job(&other).status, Status::Restored);
    block_on(store.pause(None, true)).unwrap();
    block_on(store.pause(Some(&sciences), false)).unwrap();
    world.tick();
    assert_eq!(world.job(&waits).status, Status::Scheduled, "everything is paused");
    block_on(store.pause(None, false)).unwrap();
    world.until_all_ended();
    world.assert_all_restored_once();
}

fn started_remote(world: &World, id: &JobId) -> RemoteId {
    world.job(id).remote
}

#[test]
fn outside_the_window_only_who_may_start_now_starts() {
    // It is 21:00.
    let world = World::with(&[("timelimitedmod", "1"), ("limitstart", "22:00"), ("limitend", "06:00")]);
    let waits = world.schedule(1, SCIENCES, 11);
    let mut now = world.wish(2, SCIENCES, 21);
    now.start_now = true;
    let now = world.try_schedule(&now).unwrap().id;
    world.tick();
    assert_eq!(world.job(&waits).status, Status::Scheduled);
    assert_eq!(world.job(&now).status, Status::InProgress);
    world.wait(3_600);
    world.tick();
    assert_eq!(world.job(&waits).status, Status::InProgress);
    // What has started is finished, although the window closes.
    world.wait(10 * 3_600);
    world.until_all_ended();
    world.assert_all_restored_once();
}

#[test]
fn a_fresh_schedule_waits_until_it_may_start() {
    let world = World::new();
    let mut wish = world.wish(1, SCIENCES, 11);
    wish.not_before = world.time().plus(30);
    let id = world.try_schedule(&wish).unwrap().id;
    world.tick();
    assert_eq!(world.job(&id).status, Status::Scheduled);
    world.wait(30);
    world.tick();
    assert_eq!(world.job(&id).status, Status::InProgress);
}

#[test]
fn a_lease_is_renewed_as_long_as_its_worker_lives() {
    let world = World::new();
    world.remotes.borrow_mut().slow.insert(11, 700);
    world.schedule(1, SCIENCES, 11);
    world.two_ticks(200);
    world.until_all_ended();
    world.assert_all_restored_once();
    assert_eq!(world.remotes.borrow().calls.len(), 1, "nobody took it for abandoned");
}

#[test]
fn a_course_that_was_deleted_here_may_be_brought_again() {
    let world = World::new();
    let id = world.schedule(1, SCIENCES, 11);
    world.until_all_ended();
    assert!(world.try_schedule(&world.wish(2, SCIENCES, 11)).is_err());
    world.companion.borrow_mut().jobs.get_mut(id.as_str()).unwrap().made = None;
    world.wait(3_600);
    world.tick();
    assert!(world.job(&id).gone);
    world.schedule(2, SCIENCES, 11);
}

#[test]
fn a_category_that_was_named_before_pressing_is_no_warning_and_another_one_is() {
    for (announced, warned) in [(Some(CategoryId(9)), false), (Some(CategoryId(3)), true)] {
        let world = World::new();
        world.companion.borrow_mut().denied = vec![(1, 3)];
        let mut wish = world.wish(1, SCIENCES, 11);
        (wish.target, wish.identifier, wish.announced) = (Target::Original, "PHY".to_owned(), announced);
        let id = world.try_schedule(&wish).unwrap().id;
        world.until_all_ended();
        let job = world.job(&id);
        assert_eq!((job.status, job.category), (Status::Restored, Some(CategoryId(9))));
        assert_eq!(!job.warnings.is_empty(), warned, "announced {announced:?}");
    }
}
