//! Who may have what: the database decides, and tells the truth about it.

use crate::world::{LETTRES, Mishap, SCIENCES, World, code};
use courseferry_api::*;
use courseferry_ferry::*;
use courseferry_store::{Change, NotScheduled, Quota, queries};
use futures::executor::block_on;

/// What a restore is before somebody wants the course (again).
#[derive(Debug, Clone, Copy, PartialEq)]
enum Before {
    Scheduled,
    InProgress,
    Restored,
    Gone,
    Failed,
    Cancelled,
}

#[test]
fn the_table_of_who_may_choose_a_course_holds_in_the_list_and_in_the_database() {
    use Before::{Cancelled, Failed, Gone, InProgress, Restored, Scheduled};
    //            before      me, on  me, off  others, on  others, off
    let table = [
        (Scheduled, [false, false, false, true]),
        (InProgress, [false, false, false, true]),
        (Restored, [false, true, false, true]),
        (Gone, [true, true, true, true]),
        (Failed, [true, true, true, true]),
        (Cancelled, [true, true, true, true]),
    ];
    for (before, answers) in table {
        for (place, expected) in answers.into_iter().enumerate() {
            let (exclusive, user) = (place % 2 == 0, if place < 2 { 1 } else { 2 });
            let world = World::with(&[("onlyoneremoteinstance", if exclusive { "1" } else { "0" })]);
            prepare(&world, before);
            let listed = block_on(
                world
                    .store()
                    .restores_of_courses(&SCIENCES.parse().unwrap(), &[RemoteCourseId(11), RemoteCourseId(12)]),
            )
            .unwrap();
            let free = taker(&listed, UserId(user), exclusive).is_none();
            let wish = world.wish(user, SCIENCES, 11);
            let scheduled = world.try_schedule(&wish);
            assert_eq!(
                (free, scheduled.is_ok()),
                (expected, expected),
                "{before:?}, exclusive {exclusive}, user {user}"
            );
            if let Err(refusal) = scheduled {
                assert!(matches!(refusal, NotScheduled::Taken(job) if job.user == UserId(1)));
            }
        }
    }
}

/// User 1's restore of course 11 comes into this state.
fn prepare(world: &World, before: Before) {
    if before == Before::Failed {
        let script = vec![Mishap::Fails(ErrorCode::RemoteNotOwner)];
        world.remotes.borrow_mut().script.insert((SCIENCES.to_owned(), 11), script);
    }
    let id = world.schedule(1, SCIENCES, 11);
    match before {
        Before::Scheduled => {}
        Before::InProgress | Before::Failed => {
            world.tick();
        }
        Before::Restored => world.until_all_ended(),
        Before::Gone => {
            world.until_all_ended();
            block_on(world.store().courses_gone(&[id], world.time())).unwrap();
        }
        Before::Cancelled => {
            world.cancel(&id);
        }
    }
}

#[test]
fn of_two_teachers_who_press_at_the_same_moment_one_gets_the_course_and_the_other_the_name() {
    let world = World::new();
    let (mine, theirs) = (world.wish(1, SCIENCES, 11), world.wish(2, SCIENCES, 11));
    let quota = Quota { since: UnixTime(0), per_person: 0, site: 0 };
    let answers = block_on(world.store().schedule(&[mine, theirs], true, quota, world.time())).unwrap();
    let [Ok(won), Err(NotScheduled::Taken(by))] = answers.as_slice() else { panic!("{answers:?}") };
    assert_eq!((won.user, &by.id, by.user_name.as_str()), (UserId(1), &won.id, "Teacher 1"));
}

#[test]
fn the_same_course_id_on_another_remote_is_another_course() {
    let world = World::new();
    world.schedule(1, SCIENCES, 11);
    world.schedule(2, LETTRES, 11);
}

#[test]
fn limits_for_one_night_hold_for_a_person_and_for_the_site_and_cancelled_ones_do_not_count() {
    let world = World::with(&[("max_per_person_per_night", "2"), ("max_per_night", "3")]);
    let first = world.schedule(1, SCIENCES, 11);
    world.schedule(1, SCIENCES, 12);
    assert_eq!(world.try_schedule(&world.wish(1, SCIENCES, 13)), Err(NotScheduled::PersonLimit));
    world.schedule(2, SCIENCES, 21);
    assert_eq!(world.try_schedule(&world.wish(2, SCIENCES, 22)), Err(NotScheduled::SiteLimit));
    assert_eq!(block_on(world.store().scheduled_since(UserId(1), UnixTime(0))), Ok((2, 3)));
    world.cancel(&first);
    world.schedule(1, SCIENCES, 13);
}

#[test]
fn a_failed_restore_is_tried_again_from_the_beginning_by_its_owner_only() {
    let world = World::new();
    prepare(&world, Before::Failed);
    let id = world.all().first().unwrap().id.clone();
    let store = world.store();
    assert_eq!(block_on(store.retry(&id, Some(UserId(2)), true, world.time())), Ok(Change::NotFound));
    let Ok(Change::Done(job)) = block_on(store.retry(&id, Some(UserId(1)), true, world.time())) else { panic!() };
    assert_eq!((job.status, job.failures, code(&job)), (Status::Scheduled, 0, None));
    assert!(world.try_schedule(&world.wish(2, SCIENCES, 11)).is_err(), "the course is taken again");
    world.until_all_ended();
    world.assert_all_restored_once();
}

#[test]
fn a_failed_restore_is_not_tried_again_once_a_colleague_has_the_course() {
    let world = World::new();
    prepare(&world, Before::Failed);
    let id = world.all().first().unwrap().id.clone();
    world.schedule(2, SCIENCES, 11);
    assert_eq!(block_on(world.store().retry(&id, None, true, world.time())), Ok(Change::Taken));
    assert_eq!(world.job(&id).status, Status::Failed);
    assert!(matches!(block_on(world.store().retry(&id, None, false, world.time())), Ok(Change::Done(_))));
}

#[test]
fn a_restore_that_waits_for_its_next_try_can_be_tried_now() {
    let world = World::new();
    let script = vec![Mishap::Fails(ErrorCode::RemoteMaintenance)];
    world.remotes.borrow_mut().script.insert((SCIENCES.to_owned(), 11), script);
    let id = world.schedule(1, SCIENCES, 11);
    world.tick();
    assert!(world.job(&id).retry_at > world.time());
    world.retry(&id);
    // A remote that fails is tried once a minute.
    world.wait(60);
    world.tick();
    assert_eq!(world.job(&id).phase, Some(Phase::Transferring));
    let change = block_on(world.store().retry(&id, None, true, world.time())).unwrap();
    assert!(matches!(change, Change::TooLate(_)));
}

#[test]
fn the_category_can_be_changed_while_a_restore_waits_and_not_later() {
    let world = World::new();
    let id = world.schedule(1, SCIENCES, 11);
    let store = world.store();
    let physics = Target::Category(CategoryId(3));
    assert_eq!(block_on(store.set_target(&id, Some(UserId(2)), &physics, Some(CategoryId(3)))), Ok(Change::NotFound));
    assert!(matches!(
        block_on(store.set_target(&id, Some(UserId(1)), &physics, Some(CategoryId(3)))),
        Ok(Change::Done(_))
    ));
    world.tick();
    assert!(matches!(block_on(store.set_target(&id, None, &Target::Default, None)), Ok(Change::TooLate(_))));
    world.until_all_ended();
    assert_eq!(world.job(&id).category, Some(CategoryId(3)));
}

#[test]
fn a_restore_can_be_linked_to_a_course_that_is_there_already() {
    let world = World::new();
    prepare(&world, Before::Failed);
    let id = world.all().first().unwrap().id.clone();
    let change = block_on(world.store().link(&id, CourseId(77), true, world.time())).unwrap();
    let Change::Done(job) = change else { panic!() };
    assert_eq!((job.status, job.restored), (Status::Restored, Some(CourseId(77))));
    assert!(world.try_schedule(&world.wish(2, SCIENCES, 11)).is_err());
    let again = block_on(world.store().link(&id, CourseId(78), true, world.time())).unwrap();
    assert!(matches!(again, Change::TooLate(_)));
}

#[test]
fn everybody_sees_their_own_restores_only_the_newest_first() {
    let world = World::new();
    let first = world.schedule(1, SCIENCES, 11);
    world.schedule(2, SCIENCES, 21);
    world.wait(60);
    let second = world.schedule(1, LETTRES, 12);
    let store = world.store();
    let mine: Vec<JobId> = block_on(store.ask(queries::restores_of(UserId(1), 10)))
        .unwrap()
        .restores
        .into_iter()
        .map(|job| job.id)
        .collect();
    assert_eq!(mine, [second, first.clone()]);
    assert_eq!(block_on(store.restore(&first, Some(UserId(2)))), Ok(None));
}
