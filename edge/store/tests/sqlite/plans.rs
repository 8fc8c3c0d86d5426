//! Every statement finds its rows by an index: years of restores make no tick slower.

use crate::world::{LETTRES, Mishap, SCIENCES, World};
use courseferry_api::{ErrorCode, RemoteCourseId, Target, UnixTime, UserId};
use courseferry_store::queries;
use futures::executor::block_on;

#[test]
fn no_statement_of_the_daily_life_walks_through_all_rows() {
    let world = World::with(&[("max_per_night", "1000"), ("max_per_person_per_night", "100")]);
    world.remotes.borrow_mut().script.insert((SCIENCES.to_owned(), 12), vec![Mishap::Fails(ErrorCode::RemoteNotOwner)]);
    let first = world.schedule(1, SCIENCES, 11);
    world.schedule(1, SCIENCES, 12);
    let cancelled = world.schedule(2, LETTRES, 21);
    assert!(world.try_schedule(&world.wish(2, SCIENCES, 11)).is_err());
    world.cancel(&cancelled);
    world.until_all_ended();
    world.wait(86_400);
    world.tick();
    let (store, now) = (world.store(), world.time());
    block_on(async {
        store.ask(queries::restores_of(UserId(1), 50)).await.unwrap();
        store.restores_of_courses(&SCIENCES.parse().unwrap(), &[RemoteCourseId(11)]).await.unwrap();
        store.became_of(&SCIENCES.parse().unwrap(), &[RemoteCourseId(11)], UserId(1)).await.unwrap();
        store.ask(queries::known_user(UserId(1), &[UserId(1)])).await.unwrap();
        store.retry(&first, None, true, now).await.unwrap();
        store.set_target(&first, None, &Target::Default, None).await.unwrap();
        store.scheduled_since(UserId(1), UnixTime(0)).await.unwrap();
        store.enter(&first, 1, "").await.unwrap();
        store.failures(UnixTime(0), true).await.unwrap();
        store.queue().await.unwrap();
        store.overdue(now).await.unwrap();
        store.newly_ended().await.unwrap();
        store.has_restored().await.unwrap();
        store.ask(queries::peers()).await.unwrap();
        store.audit(0).await.unwrap();
        store.export(UserId(1)).await.unwrap();
        store.erase(UserId(1), now).await.unwrap();
        store.clean(now, 30, 30).await.unwrap();
    });
    let mut slow = Vec::new();
    for sql in world.database.asked.borrow().iter() {
        let mut explained = world.database.connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let nothing = vec![rusqlite::types::Null; explained.parameter_count()];
        let steps = explained.query_map(rusqlite::params_from_iter(nothing), |row| row.get::<_, String>(3)).unwrap();
        // An administrator who searches for a word has all rows looked at, and waits for it.
        let walks = |step: &String| ["SCAN restores", "SCAN r", "SCAN outbox", "SCAN o"].contains(&step.as_str());
        if !sql.contains("instr(search") {
            slow.extend(steps.map(Result::unwrap).filter(walks).map(|step| format!("{step}: {sql}")));
        }
    }
    assert_eq!(slow, Vec::<String>::new());
}
