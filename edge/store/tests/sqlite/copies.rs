//! Restored courses that their owners have removed again.

use crate::world::{SCIENCES, World};
use courseferry_api::{JobId, Status, UserId};
use courseferry_store::{Change, CopyNews};
use futures::executor::block_on;

fn restored(world: &World) -> JobId {
    let row = world.try_schedule(&world.wish(1, SCIENCES, 11)).unwrap();
    world.until_all_ended();
    assert_eq!(world.job(&row.id).status, Status::Restored);
    row.id
}

fn note(world: &World, id: &JobId, owner: i64, news: CopyNews) -> Change {
    block_on(world.store().copy_news(id, UserId(owner), news, world.time())).unwrap()
}

#[test]
fn a_copy_that_is_gone_after_its_owner_asked_was_removed_and_gives_its_course_free() {
    let world = World::with(&[("onlyoneremoteinstance", "1")]);
    let id = restored(&world);
    assert!(matches!(note(&world, &id, 2, CopyNews::Asked), Change::NotFound));
    assert!(matches!(note(&world, &id, 1, CopyNews::Asked), Change::Done(_)));
    assert!(world.try_schedule(&world.wish(2, SCIENCES, 11)).is_err(), "it may still be there");
    assert!(matches!(note(&world, &id, 1, CopyNews::Gone), Change::Done(_)));
    let row = world.job(&id);
    assert!(row.gone && row.removed.is_some() && row.status == Status::Restored && !row.can_retry());
    assert!(matches!(note(&world, &id, 1, CopyNews::Asked), Change::TooLate(_)), "what is gone is gone");
    assert!(world.try_schedule(&world.wish(2, SCIENCES, 11)).is_ok());
}

#[test]
fn a_copy_that_stays_is_as_if_nobody_had_asked_and_one_deleted_in_moodle_was_not_removed() {
    let world = World::new();
    let id = restored(&world);
    note(&world, &id, 1, CopyNews::Asked);
    note(&world, &id, 1, CopyNews::Stays);
    let row = world.job(&id);
    assert_eq!((row.removal_asked, row.removed, row.gone), (None, None, false));
    note(&world, &id, 1, CopyNews::Gone);
    let row = world.job(&id);
    assert_eq!((row.removed, row.gone), (None, true));
}

#[test]
fn the_ticks_look_after_a_copy_whose_removal_was_asked_for_at_once_and_learn_that_it_is_gone() {
    let world = World::new();
    let id = restored(&world);
    note(&world, &id, 1, CopyNews::Asked);
    world.tick();
    assert!(!world.job(&id).gone);
    world.companion.borrow_mut().jobs.get_mut(id.as_str()).unwrap().made = None;
    world.wait(60);
    world.tick();
    let row = world.job(&id);
    assert!(row.gone && row.removed.is_some(), "{row:?}");
}
