//! Content that is added to courses that exist: one addition to a course at a time, and never twice.

use crate::world::{LETTRES, SCIENCES, World, code};
use courseferry_api::{CategoryId, CourseId, ErrorCode, JobId, Options, Status, Target, UnixTime, UserId, Warning};
use courseferry_ferry::RestoreRow;
use courseferry_store::{AboutArrived, Change, NewRestore, NotScheduled};
use futures::executor::block_on;

/// A course of a person's, to be added to a course that exists.
fn addition(world: &World, user: i64, remote: &str, course: i64, to: i64) -> NewRestore {
    let options = Options { target_course: Some(CourseId(to)), ..Options::default() };
    NewRestore { options, added_to: Some("Optics 2026".to_owned()), ..world.wish(user, remote, course) }
}

fn running(rows: &[RestoreRow]) -> usize {
    rows.iter().filter(|row| row.status == Status::InProgress).count()
}

#[test]
fn of_two_additions_to_one_course_one_waits_outside_its_remotes_slot_until_the_other_has_ended() {
    let world = World::new();
    let wishes = [(1, SCIENCES, 11), (2, LETTRES, 21)];
    for (user, remote, course) in wishes {
        let row = world.try_schedule(&addition(&world, user, remote, course, 43)).unwrap();
        assert_eq!(row.category_name.as_deref(), Some("Optics 2026"));
    }
    world.tick();
    assert_eq!(running(&world.all()), 1, "{:?}", world.all());
    world.until_all_ended();
    assert!(world.all().iter().all(|row| row.status == Status::Restored && row.category.is_none()));
}

#[test]
fn additions_to_two_courses_do_not_wait_for_each_other() {
    let world = World::new();
    world.try_schedule(&addition(&world, 1, SCIENCES, 11, 43)).unwrap();
    world.try_schedule(&addition(&world, 2, LETTRES, 21, 44)).unwrap();
    world.tick();
    assert_eq!(running(&world.all()), 2, "{:?}", world.all());
}

/// An addition that was interrupted when a part had arrived.
fn interrupted(world: &World) -> JobId {
    let row = world.try_schedule(&addition(world, 1, SCIENCES, 11, 43)).unwrap();
    world.companion.borrow_mut().refuses_hand_overs = Some(ErrorCode::ClientPartlyAdded);
    world.until_all_ended();
    world.companion.borrow_mut().refuses_hand_overs = None;
    assert_eq!(code(&world.job(&row.id)), Some(ErrorCode::ClientPartlyAdded));
    row.id
}

#[test]
fn what_arrived_in_part_is_never_added_again_by_a_retry_of_one_or_of_all_or_by_a_new_schedule() {
    let world = World::new();
    let id = interrupted(&world);
    let store = world.store();
    assert!(!world.job(&id).can_retry());
    assert!(!matches!(block_on(store.retry(&id, None, false, world.time())), Ok(Change::Done(_))));
    let all = block_on(store.retry_all("client.partly_added", None, UnixTime(0), false, world.time()));
    assert_eq!(all, Ok(0));
    for exclusive in [false, true] {
        let world = World::with(&[("onlyoneremoteinstance", if exclusive { "1" } else { "0" })]);
        interrupted(&world);
        let again = world.try_schedule(&addition(&world, 1, SCIENCES, 11, 43));
        assert!(matches!(again, Err(NotScheduled::Taken(_))), "{again:?}");
    }
}

#[test]
fn what_arrived_is_removed_or_kept_once_and_by_its_owner_alone_and_only_what_was_removed_is_tried_again() {
    let kept = AboutArrived::Kept(vec![Warning::new("partlyadded", "Something may be missing.")]);
    let removed = AboutArrived::Removed("It stays, because it is in use: Quiz.".to_owned());
    for (decided, status, error) in
        [(kept, Status::Restored, None), (removed, Status::Failed, Some(ErrorCode::ClientArrivedRemoved))]
    {
        let world = World::new();
        let id = interrupted(&world);
        let decide = |owner| block_on(world.store().decided_about_arrived(&id, UserId(owner), &decided, world.time()));
        assert!(matches!(decide(2), Ok(Change::NotFound)));
        assert!(matches!(decide(1), Ok(Change::Done(_))));
        let row = world.job(&id);
        assert_eq!((row.status, code(&row)), (status, error));
        assert_eq!(row.warnings.len(), usize::from(error.is_none()));
        assert_eq!(row.can_retry(), error.is_some());
        assert!(matches!(decide(1), Ok(Change::TooLate(_))));
    }
}

#[test]
fn an_addition_is_not_sent_to_a_category() {
    let world = World::new();
    let row = world.try_schedule(&addition(&world, 1, SCIENCES, 11, 43)).unwrap();
    let moved = block_on(world.store().set_target(&row.id, None, &Target::Category(CategoryId(5)), None));
    assert!(matches!(moved, Ok(Change::TooLate(_))), "{moved:?}");
}
