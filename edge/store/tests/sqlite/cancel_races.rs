//! Complete wins every race: whatever answers are lost while somebody cancels, a row that says Cancelled has no course.

use crate::world::{CompanionJob, Ill, LETTRES, Mishap, SCIENCES, World, code};
use courseferry_api::*;
use courseferry_ferry::{CancelOutcome, Client, Collects, Outcome, Platform, State};
use courseferry_store::queries;
use futures::{
    executor::block_on,
    future::{join, join4},
};

impl World {
    /// Ticks and crons until everything has ended, the client being well again.
    pub fn settle_down(&self) {
        let mut companion = self.companion.borrow_mut();
        (companion.down, companion.down_at) = (false, None);
        (companion.loses_hand_overs, companion.deaf_progress, companion.loses_cancels) = (0, 0, 0);
        companion.failures.clear();
        drop(companion);
        self.ill.set(None);
        self.cron();
        self.wait(130);
        self.until_all_ended();
        // Whatever the client still has in hand.
        for _ in 0..3 {
            self.cron();
        }
    }

    /// A restore that came has its one course, any other has none.
    fn assert_no_row_lies(&self) {
        for job in self.all() {
            let courses = self.companion.borrow().courses.iter().filter(|id| *id == job.id.as_str()).count();
            assert_eq!(courses, usize::from(job.status == Status::Restored), "{job:#?}");
        }
        assert_eq!(self.remotes.borrow().collisions, 0, "two backups of one user at once");
    }
}

#[test]
fn a_row_whose_hand_over_lost_its_answer_is_not_cancelled_while_the_client_does_not_answer() {
    let world = World::new();
    let id = world.schedule(1, SCIENCES, 11);
    world.companion.borrow_mut().loses_hand_overs = 1;
    world.companion.borrow_mut().deaf_progress = 1;
    world.tick();
    world.cron();
    world.companion.borrow_mut().down = true;
    assert!(matches!(world.cancel(&id), CancelOutcome::Asked(_)));
    world.wait(61);
    world.tick();
    assert_eq!(world.job(&id).status, Status::InProgress, "the client has the word");
    world.settle_down();
    world.assert_no_row_lies();
    assert_eq!(world.job(&id).status, Status::Restored, "it had begun when the client could be asked");
}

/// A row whose first hand-over lost its answer and restores, while another invocation hands it over again and again.
fn an_older_attempt_restores() -> (World, JobId) {
    let (world, id) = an_older_attempt_restores_and_then(|_| {});
    let row = world.job(&id);
    assert!(row.attempt > world.companion.borrow().jobs[id.as_str()].attempt && !row.handed, "{row:#?}");
    (world, id)
}

/// The same; half a minute later, while the tick goes on, this happens.
fn an_older_attempt_restores_and_then(happens: impl FnOnce(&World)) -> (World, JobId) {
    let world = World::with(&[("stay_seconds", "50"), ("retry_first_seconds", "0")]);
    world.remotes.borrow_mut().slow.insert(11, 2);
    world.companion.borrow_mut().loses_hand_overs = 1;
    world.companion.borrow_mut().deaf_progress = 1;
    let id = world.schedule(1, SCIENCES, 11);
    world.with_ferry(async |ferry| {
        let tick_that_stays = async {
            world.sleep(1).await;
            ferry.tick().await
        };
        let cron = async {
            world.sleep(3).await;
            world.cron();
        };
        let later = async {
            world.sleep(30).await;
            happens(&world);
        };
        join4(ferry.help(), tick_that_stays, cron, later).await;
    });
    assert_eq!(world.companion.borrow().jobs[id.as_str()].state, State::Restoring);
    (world, id)
}

#[test]
fn a_course_that_an_older_attempt_made_is_accepted() {
    let (world, id) = an_older_attempt_restores();
    world.cron();
    world.raw_hurry();
    assert_eq!(world.job(&id).status, Status::Restored);
    world.settle_down();
    world.assert_no_row_lies();
}

#[test]
fn a_failure_of_an_older_attempt_that_restored_is_what_its_owner_reads() {
    let (world, id) = an_older_attempt_restores();
    world.raw_hurry();
    assert_eq!(world.job(&id).phase, Some(Phase::Restoring));
    world.companion.borrow_mut().failures = vec![(ErrorCode::ClientRestoreFailed, true)];
    world.cron();
    world.raw_hurry();
    let job = world.job(&id);
    assert_eq!((job.status, code(&job)), (Status::Scheduled, Some(ErrorCode::ClientRestoreFailed)));
    world.settle_down();
    world.assert_all_restored_once();
}

#[test]
fn cancelling_is_too_late_when_an_older_attempt_restores() {
    let (world, id) = an_older_attempt_restores();
    assert!(matches!(world.cancel(&id), CancelOutcome::TooLate(_)));
    world.settle_down();
    world.assert_no_row_lies();
    assert_eq!(world.job(&id).status, Status::Restored);
}

#[test]
fn a_hand_over_that_waits_for_its_next_try_is_not_hurried_by_a_question_about_it() {
    let world = World::new();
    world.companion.borrow_mut().refuses_hand_overs = Some(ErrorCode::ClientUnexpected);
    let id = world.schedule(1, SCIENCES, 11);
    world.tick();
    let waits_until = world.job(&id).retry_at;
    assert!(waits_until > world.time());
    world.raw_hurry();
    assert_eq!(world.job(&id).retry_at, waits_until);
}

#[test]
fn cancelling_stops_an_older_attempt_that_still_waits() {
    let (world, id) = an_older_attempt_restores();
    world.companion.borrow_mut().jobs.get_mut(id.as_str()).unwrap().state = State::Pending;
    assert!(matches!(world.cancel(&id), CancelOutcome::Done(_)));
    world.settle_down();
    world.assert_no_row_lies();
    assert_eq!(world.job(&id).status, Status::Cancelled);
}

#[test]
fn a_wish_to_cancel_that_meets_the_end_of_a_try_is_never_lost() {
    for step in 0..40 {
        let world = World::new();
        let fails = vec![Mishap::Fails(ErrorCode::RemoteMaintenance)];
        world.remotes.borrow_mut().script.insert((SCIENCES.to_owned(), 11), fails);
        let id = world.schedule(1, SCIENCES, 11);
        world.with_ferry(async |ferry| {
            let cancels = async {
                // The backup fails after a second.
                world.sleep(1).await;
                world.steps_pass(step).await;
                ferry.cancel(&id, None).await
            };
            join(ferry.tick(), cancels).await.1
        });
        world.settle_down();
        world.assert_no_row_lies();
        let row = world.job(&id);
        assert!(row.status == Status::Cancelled && row.finished.is_some(), "step {step}: {row:#?}");
        // The course is free for others.
        world.schedule(2, SCIENCES, 11);
    }
}

#[test]
fn what_is_written_late_of_an_older_attempt_or_of_an_ended_try_changes_nothing() {
    for meanwhile in [
        "attempt = attempt + 1",
        "status = 'failed', phase = NULL",
        "status = 'cancelled', phase = NULL",
        "status = 'scheduled', phase = NULL",
        "phase = 'backing_up', handed = 0",
    ] {
        let world = World::new();
        let id = world.schedule(1, SCIENCES, 11);
        world.tick();
        let read_before = world.job(&id);
        let update = format!("UPDATE restores SET {meanwhile} WHERE id = '{id}'");
        world.database.connection.execute_batch(&update).unwrap();
        let (now, store) = (world.time(), world.store());
        world.cron();
        let progress = world.run(world.progress(std::slice::from_ref(&id))).unwrap().unwrap().remove(0);
        let restored = Outcome::Restored { course: Some(CourseId(7)), bytes: 95, warnings: vec![] };
        let unchanged = world.job(&id);
        for ended in [Outcome::Cancelled, Outcome::Failed(ErrorCode::ClientRestoreFailed.into()), restored] {
            block_on(store.end_attempt(&read_before, now, &ended)).unwrap();
        }
        for phase in [Phase::Transferring, Phase::Restoring] {
            block_on(store.report(&read_before, now, phase, &progress)).unwrap();
        }
        block_on(store.hand_over_anew(&read_before)).unwrap();
        assert_eq!(world.job(&id), unchanged, "{meanwhile}");
    }
}

#[test]
fn a_hand_over_that_arrives_late_at_whatever_moment_leaves_no_row_that_lies() {
    let mut orders = 0;
    for step in 0..50 {
        let world = World::with(&[("attempts", "1")]);
        let id = world.schedule(1, SCIENCES, 11);
        // The client fails to answer; what it was asked for still goes its way.
        world.companion.borrow_mut().refuses_hand_overs = Some(ErrorCode::ClientUnexpected);
        world.with_ferry(async |ferry| {
            let arrives = async {
                // The backup takes twenty seconds; then it is handed over.
                world.sleep(20).await;
                world.steps_pass(step).await;
                if world.companion.borrow().hand_overs == 0 {
                    return;
                }
                let attempt = world.job(&id).attempt;
                let ticket = String::new();
                let order =
                    CompanionJob { attempt, state: State::Restoring, failure: None, ticket, course: 11, made: None };
                world.companion.borrow_mut().jobs.entry(id.to_string()).or_insert(order);
            };
            join(ferry.tick(), arrives).await
        });
        orders += world.companion.borrow().jobs.len();
        world.companion.borrow_mut().refuses_hand_overs = None;
        world.settle_down();
        world.assert_no_row_lies();
    }
    assert!(orders > 10, "only {orders} of the moments were after the hand-over");
}

#[test]
fn a_cancellation_whose_answer_is_lost_is_done_all_the_same() {
    let world = World::new();
    let id = world.schedule(1, SCIENCES, 11);
    world.tick();
    world.companion.borrow_mut().loses_cancels = 1;
    assert!(matches!(world.cancel(&id), CancelOutcome::Asked(_)));
    world.tick();
    assert_eq!(world.job(&id).status, Status::Cancelled);
    world.settle_down();
    world.assert_no_row_lies();
}

#[test]
fn a_remote_that_is_taken_off_the_list_fails_its_row_only_when_the_client_makes_no_course_of_it() {
    let taken_off = |world: &World| world.configured.borrow_mut().retain(|remote| remote != SCIENCES);
    let (world, id) = an_older_attempt_restores_and_then(taken_off);
    assert_eq!(world.job(&id).phase, Some(Phase::Restoring));
    let (silent, waits) = an_older_attempt_restores_and_then(|world| {
        taken_off(world);
        world.companion.borrow_mut().loses_cancels = 100;
    });
    assert_eq!(silent.job(&waits).phase, Some(Phase::Transferring), "the client has the word");
    for (world, id) in [(world, id), (silent, waits)] {
        world.settle_down();
        world.assert_no_row_lies();
        assert_eq!(world.job(&id).status, Status::Restored);
    }
}

#[test]
fn a_cancelled_restore_is_tried_again_from_its_row() {
    let world = World::new();
    let id = world.schedule(1, SCIENCES, 11);
    world.tick();
    assert!(matches!(world.cancel(&id), CancelOutcome::Done(_)));
    assert!(world.job(&id).can_retry());
    world.retry(&id);
    world.until_all_ended();
    world.assert_all_restored_once();
}

#[test]
fn the_button_of_a_group_starts_exactly_what_the_group_shows() {
    let world = World::new();
    for course in [11, 12, 13, 14] {
        let refused = vec![Mishap::Fails(ErrorCode::RemoteNotOwner)];
        world.remotes.borrow_mut().script.insert((SCIENCES.to_owned(), course), refused);
    }
    world.schedule(1, SCIENCES, 11);
    world.schedule(2, SCIENCES, 12);
    world.until_all_ended();
    world.wait(300 * 86_400);
    world.schedule(3, SCIENCES, 13);
    let colleague = world.schedule(4, SCIENCES, 14);
    world.until_all_ended();
    // Somebody else brought the course meanwhile: that failure needs nobody any more.
    world.schedule(5, SCIENCES, 14);
    world.until_all_ended();
    let (store, since) = (world.store(), world.time().plus(-7 * 86_400));
    let shown: u32 = block_on(store.failures(since, true)).unwrap().iter().map(|group| group.count).sum();
    assert_eq!(shown, 1);
    assert_eq!(block_on(store.retry_all("remote.not_owner", None, since, true, world.time())), Ok(1));
    assert_eq!(world.job(&colleague).status, Status::Failed);
}

#[test]
fn no_letter_says_of_one_course_that_it_came_and_that_it_failed() {
    let world = World::new();
    let refused = vec![Mishap::Fails(ErrorCode::RemoteNotOwner)];
    world.remotes.borrow_mut().script.insert((SCIENCES.to_owned(), 11), refused);
    world.remotes.borrow_mut().slow.insert(12, 600);
    world.schedule(1, SCIENCES, 11);
    world.schedule(1, SCIENCES, 12);
    world.tick();
    block_on(world.store().retry_all("remote.not_owner", None, UnixTime(0), true, world.time())).unwrap();
    world.until_all_ended();
    world.tick();
    let notices = world.companion.borrow().notices.clone();
    let [notice] = notices.as_slice() else { panic!("{notices:?}") };
    assert_eq!(notice.subject, "2 courses are restored");
    assert_eq!(notice.text.matches("Course 11").count(), 1, "{}", notice.text);
}

#[test]
fn a_failure_that_an_administrator_linked_to_a_course_is_not_told() {
    let world = World::new();
    let refused = vec![Mishap::Fails(ErrorCode::RemoteNotOwner)];
    world.remotes.borrow_mut().script.insert((SCIENCES.to_owned(), 11), refused);
    let id = world.schedule(1, SCIENCES, 11);
    let mut late = world.wish(1, LETTRES, 12);
    late.not_before = world.time().plus(600);
    world.try_schedule(&late).unwrap();
    world.tick();
    block_on(world.store().link(&id, CourseId(77), true, world.time())).unwrap();
    world.until_all_ended();
    world.tick();
    let notices = world.companion.borrow().notices.clone();
    assert!(notices.iter().all(|notice| !notice.text.contains("Not restored")), "{notices:?}");
}

#[test]
fn one_hiccup_of_the_database_throws_no_backup_away() {
    for (what, text, spared, failing) in [
        ("the third renewal fails", "SET lease_until = ?3 WHERE id = ?1", 2, 1),
        ("two renewals in a row fail", "SET lease_until = ?3 WHERE id = ?1", 2, 2),
        ("that the remote answered is not noted", "INSERT INTO peers (remote, last_success)", 1, 1),
        ("that it is backed up is not written", "SET phase = 'transferring', since = ?4", 0, 3),
    ] {
        for done in [false, true] {
            let world = World::new();
            world.remotes.borrow_mut().slow.insert(11, 300);
            world.ill.set(Some(Ill { text, spared, failing, done }));
            let id = world.schedule(1, SCIENCES, 11);
            for _ in 0..30 {
                let _ = world.raw_tick();
                world.cron();
                world.wait(60);
            }
            let job = world.job(&id);
            assert_eq!((job.status, job.interruptions, job.unknowns), (Status::Restored, 0, 0), "{what}, done {done}");
            assert_eq!(world.remotes.borrow().calls.len(), 1, "{what}, done {done}: one backup is enough");
        }
    }
}

#[test]
fn a_row_that_cannot_be_written_stops_no_row_after_it_and_is_shown() {
    let world = World::new();
    let broken = world.schedule(1, SCIENCES, 11);
    world.wait(1);
    let other = world.schedule(2, LETTRES, 21);
    world.tick();
    // Of this row alone no end can be written: an administrator's own statement got in the way, say.
    let trigger = format!(
        "CREATE TRIGGER broken BEFORE UPDATE OF percent ON restores WHEN old.id = '{broken}'
         BEGIN SELECT RAISE(ABORT, 'this row cannot be written'); END"
    );
    world.database.connection.execute_batch(&trigger).unwrap();
    let mut troubles = 0;
    for _ in 0..5 {
        world.cron();
        troubles += world.raw_tick().unwrap().troubles.len();
        world.wait(60);
    }
    assert_eq!(world.job(&other).status, Status::Restored, "the row after it goes on");
    assert!(troubles > 0);
    let faults = block_on(world.store().row_faults(world.time().plus(-600))).unwrap();
    let [fault] = faults.as_slice() else { panic!("{faults:?}") };
    assert_eq!((&fault.restore, fault.step.as_str()), (&broken, "collect"));
    assert!(fault.times >= 2 && fault.detail.contains("this row cannot be written"), "{fault:?}");
    world.database.connection.execute_batch("DROP TRIGGER broken").unwrap();
    world.until_all_ended();
    world.assert_all_restored_once();
    assert_eq!(block_on(world.store().row_faults(UnixTime(0))).unwrap(), vec![], "it came: nobody is needed");
}

#[test]
fn a_row_that_does_not_read_keeps_no_other_from_its_owner_its_remote_or_its_letter_and_is_shown() {
    let world = World::new();
    world.remotes.borrow_mut().kinds.insert(SCIENCES.to_owned(), RemoteKind::Original3);
    let broken = world.schedule(1, SCIENCES, 11);
    world.wait(1);
    let others = [world.schedule(1, SCIENCES, 12), world.schedule(2, SCIENCES, 13)];
    let faults = || block_on(world.store().row_faults(UnixTime(0))).unwrap();
    for (column, value) in [("options", "'\"nothing\"'"), ("target", "'somewhere'"), ("failures", "-1")] {
        let update = format!("UPDATE restores SET {column} = {value} WHERE id = '{broken}'");
        world.database.connection.execute_batch(&update).unwrap();
    }
    assert_eq!(
        block_on(world.store().ask(queries::restores_of(UserId(1), 50))).unwrap().restores.len(),
        1,
        "its owner sees the other"
    );
    for _ in 0..12 {
        world.tick();
        world.cron();
        world.wait(60);
    }
    for other in &others {
        assert_eq!(world.job(other).status, Status::Restored, "it holds no slot");
    }
    let [fault] = faults().try_into().expect("one fault");
    assert_eq!((&fault.restore, fault.step.as_str()), (&broken, "read"));
    assert!(fault.detail.contains("does not read"), "{fault:?}");

    let mend = format!("UPDATE restores SET options = '{{}}', target = 'default', failures = 0 WHERE id = '{broken}'");
    world.database.connection.execute_batch(&mend).unwrap();
    assert_eq!((world.job(&broken).status, code(&world.job(&broken))), (Status::Failed, Some(ErrorCode::Internal)));
    world.retry(&broken);
    world.until_all_ended();
    world.assert_all_restored_once();
}

#[test]
fn a_course_with_thousands_of_warnings_arrives_with_fifty_lines() {
    let world = World::new();
    world.companion.borrow_mut().warnings =
        (0..9_000).map(|n| Warning::new("log", format!("{} {}", n % 4_500, "x".repeat(900)))).collect();
    let id = world.schedule(1, SCIENCES, 11);
    world.until_all_ended();
    let job = world.job(&id);
    assert_eq!((job.status, job.warnings.len()), (Status::Restored, 50));
    assert!(job.warnings.iter().all(|warning| warning.message.chars().count() <= 500));
}

#[test]
fn a_hand_over_that_is_refused_for_its_content_ends_its_row_and_holds_nobody_up() {
    let world = World::new();
    world.companion.borrow_mut().refuses_hand_overs = Some(ErrorCode::ClientInvalidParameter);
    let id = world.schedule(1, SCIENCES, 11);
    world.tick();
    let job = world.job(&id);
    assert_eq!(job.status, Status::Failed);
    assert_eq!(job.failure.map(|failure| failure.code), Some(ErrorCode::ClientInvalidParameter));
    world.companion.borrow_mut().refuses_hand_overs = None;
    let next = world.schedule(1, SCIENCES, 12);
    world.until_all_ended();
    assert_eq!(world.job(&next).status, Status::Restored);
}

#[test]
fn a_hand_over_that_fails_while_the_client_answers_otherwise_is_not_tried_for_ever() {
    let world = World::with(&[("attempts", "4")]);
    world.companion.borrow_mut().refuses_hand_overs = Some(ErrorCode::ClientUnexpected);
    let id = world.schedule(1, SCIENCES, 11);
    world.until_all_ended();
    let job = world.job(&id);
    assert_eq!(job.failure.map(|failure| failure.code), Some(ErrorCode::ClientUnexpected));
    assert_eq!(world.companion.borrow().hand_overs, 4);
}

#[test]
fn the_deletion_of_a_linked_course_is_noticed() {
    let world = World::new();
    let refused = vec![Mishap::Fails(ErrorCode::RemoteNotOwner)];
    world.remotes.borrow_mut().script.insert((SCIENCES.to_owned(), 11), refused);
    let id = world.schedule(1, SCIENCES, 11);
    world.until_all_ended();
    block_on(world.store().link(&id, CourseId(77), true, world.time())).unwrap();
    world.wait(3_700);
    world.tick();
    assert!(!world.job(&id).gone);
    world.companion.borrow_mut().deleted.push(77);
    world.wait(3_700);
    world.tick();
    assert!(world.job(&id).gone);
    world.schedule(2, SCIENCES, 11);
}

/// A row whose backup is here and being restored.
fn a_restore_in_its_middle() -> (World, JobId) {
    let world = World::new();
    let id = world.schedule(1, SCIENCES, 11);
    world.tick();
    world.cron();
    world.tick();
    assert_eq!(world.job(&id).phase, Some(Phase::Restoring));
    (world, id)
}

#[test]
fn after_a_crash_while_it_restores_the_file_that_is_here_is_used() {
    let (world, id) = a_restore_in_its_middle();
    // Its process was killed; the companion queues the same attempt again and has the file.
    world.companion.borrow_mut().jobs.get_mut(id.as_str()).unwrap().state = State::Pending;
    world.tick();
    assert_eq!(world.job(&id).phase, Some(Phase::Restoring), "its slot on the remote is not taken back");
    world.companion.borrow_mut().jobs.get_mut(id.as_str()).unwrap().state = State::Extracting;
    world.tick();
    world.companion.borrow_mut().jobs.get_mut(id.as_str()).unwrap().state = State::Restoring;
    world.until_all_ended();
    world.assert_all_restored_once();
    assert_eq!(world.remotes.borrow().calls.len(), 1, "no second backup");
}

#[test]
fn a_restore_that_the_client_lost_in_its_middle_ends_and_says_so() {
    let (world, id) = a_restore_in_its_middle();
    world.companion.borrow_mut().jobs.clear();
    world.tick();
    assert_eq!(code(&world.job(&id)), Some(ErrorCode::ClientUnknownJob), "its backup may be replaced by now");
    world.until_all_ended();
}

#[test]
fn a_backup_that_vanishes_in_the_middle_of_its_copy_is_no_empty_one() {
    let world = World::new();
    let id = world.schedule(1, SCIENCES, 11);
    world.tick();
    block_on(world.store().first_answer(&id, 1, "\"etag\"", Some(95))).unwrap();
    let mut companion = world.companion.borrow_mut();
    let job = companion.jobs.get_mut(id.as_str()).unwrap();
    (job.state, job.failure) = (State::Failed, Some((ErrorCode::BackupGone, true)));
    drop(companion);
    world.tick();
    let job = world.job(&id);
    assert_eq!((code(&job), job.empties), (Some(ErrorCode::BackupGone), 0));
}
