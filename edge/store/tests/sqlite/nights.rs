//! How nights went is counted while restores end, whatever happens to their rows afterwards.

use crate::world::{LETTRES, Mishap, SCIENCES, World};
use courseferry_api::{ErrorCode, UnixTime, UserId};
use futures::executor::block_on;

#[test]
fn each_end_is_counted_once_by_its_hour_and_stays_when_rows_are_deleted() {
    let world = World::new();
    world.remotes.borrow_mut().script.insert((SCIENCES.to_owned(), 12), vec![Mishap::Fails(ErrorCode::RemoteNotOwner)]);
    let begun = world.time();
    world.schedule(1, SCIENCES, 11);
    let failing = world.schedule(1, SCIENCES, 12);
    world.schedule(2, LETTRES, 21);
    let cancelled = world.schedule(2, LETTRES, 22);
    world.cancel(&cancelled);
    world.until_all_ended();
    let store = world.store();
    let sums = |since: UnixTime| {
        let hours = block_on(store.hours(since)).unwrap();
        hours.iter().fold((0, 0, 0), |sum, hour| (sum.0 + hour.restored, sum.1 + hour.to_check, sum.2 + hour.failed))
    };
    assert_eq!(sums(begun), (2, 0, 1), "what was withdrawn is no end of a night");
    // Tried again it is an end of its own.
    block_on(store.retry(&failing, None, true, world.time())).unwrap();
    world.until_all_ended();
    assert_eq!(sums(begun), (3, 0, 1));
    block_on(store.erase(UserId(1), world.time())).unwrap();
    assert_eq!(sums(begun), (3, 0, 1));
    assert_eq!(sums(world.time().plus(7_200)), (0, 0, 0));
    let sciences: Vec<_> = block_on(store.step_minutes(begun))
        .unwrap()
        .into_iter()
        .filter(|step| step.remote.as_str() == SCIENCES)
        .collect();
    assert!(sciences.iter().any(|step| step.step == 1 && step.number == 2), "{sciences:?}");
    // After two months nobody looks at it any more.
    world.wait(61 * 86_400);
    block_on(store.clean(world.time(), 365, 365)).unwrap();
    assert_eq!(sums(UnixTime(0)), (0, 0, 0));
}

#[test]
fn the_median_is_the_middle_one_whatever_the_slowest_took() {
    let world = World::new();
    let day = world.time().0 / 86_400;
    for (minutes, number) in [(2, 3), (5, 4), (480, 2)] {
        let line = format!("INSERT INTO step_minutes VALUES ({day}, '{SCIENCES}', 1, {minutes}, {number})");
        world.database.connection.execute_batch(&line).unwrap();
    }
    let steps = block_on(world.store().step_minutes(world.time())).unwrap();
    assert_eq!(steps.iter().map(|step| (step.step, step.median, step.number)).collect::<Vec<_>>(), [(1, 5, 9)]);
}

#[test]
fn what_waits_is_counted_by_remote_beside_the_pace_of_each() {
    let world = World::new();
    world.bears(SCIENCES, 4);
    world.bears(LETTRES, 1);
    world.schedule(1, SCIENCES, 11);
    world.schedule(2, SCIENCES, 12);
    world.schedule(2, LETTRES, 21);
    let queues = block_on(world.store().queues()).unwrap();
    let seen: Vec<_> = queues.iter().map(|queue| (queue.remote.as_str(), queue.waiting, queue.at_once)).collect();
    assert_eq!(seen, [(LETTRES, 1, 1), (SCIENCES, 2, 4)]);
}
