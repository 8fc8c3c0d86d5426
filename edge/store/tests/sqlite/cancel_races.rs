//! Complete wins every race: whatever answers are lost while somebody cancels, a row that says Cancelled has no course.

use crate::world::{LETTRES, Mishap, SCIENCES, World};
use courseferry_api::*;
use courseferry_ferry::{CancelOutcome, State};
use futures::executor::block_on;

impl World {
    /// Ticks and crons until everything has ended, the client being well again.
    fn settle_down(&self) {
        let mut companion = self.companion.borrow_mut();
        (companion.down, companion.down_at) = (false, None);
        (companion.loses_hand_overs, companion.deaf_progress, companion.loses_cancels) = (0, 0, 0);
        drop(companion);
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

#[test]
fn cancelling_is_too_late_when_an_older_attempt_restores() {
    let world = World::new();
    let id = world.schedule(1, SCIENCES, 11);
    world.companion.borrow_mut().loses_hand_overs = 1;
    world.companion.borrow_mut().deaf_progress = 2;
    world.tick();
    world.wait(61);
    world.tick();
    world.wait(61);
    world.tick();
    world.companion.borrow_mut().jobs.get_mut(id.as_str()).unwrap().state = State::Restoring;
    assert!(matches!(world.cancel(&id), CancelOutcome::TooLate(_)));
    world.settle_down();
    world.assert_no_row_lies();
    assert_eq!(world.job(&id).status, Status::Restored);
}

#[test]
fn cancelling_stops_an_older_attempt_that_still_waits() {
    let world = World::new();
    let id = world.schedule(1, SCIENCES, 11);
    world.companion.borrow_mut().loses_hand_overs = 1;
    world.companion.borrow_mut().deaf_progress = 2;
    world.tick();
    world.wait(61);
    world.companion.borrow_mut().deaf_progress = 1;
    world.tick();
    assert!(matches!(world.cancel(&id), CancelOutcome::Done(_)));
    world.settle_down();
    world.assert_no_row_lies();
    assert_eq!(world.job(&id).status, Status::Cancelled);
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
fn a_remote_that_is_taken_off_the_list_fails_its_row_only_when_the_client_has_no_course_of_it() {
    let world = World::new();
    let id = world.schedule(1, SCIENCES, 11);
    world.companion.borrow_mut().loses_hand_overs = 1;
    world.companion.borrow_mut().deaf_progress = 1;
    world.tick();
    world.cron();
    world.cron();
    world.configured.borrow_mut().retain(|remote| remote != SCIENCES);
    world.wait(61);
    world.companion.borrow_mut().deaf_progress = 1;
    world.settle_down();
    world.assert_no_row_lies();
    assert_eq!(world.job(&id).status, Status::Restored);
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
