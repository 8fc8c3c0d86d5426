//! What administrators look at and do.

use crate::world::{LETTRES, Mishap, SCIENCES, World, migrations};
use courseferry_api::*;
use courseferry_ferry::{Failure, Peers};
use courseferry_store::NEWEST_MIGRATION;
use futures::executor::block_on;

fn search(world: &World, query: &RestoreQuery) -> (u32, usize) {
    let (total, jobs) = block_on(world.store().search(query)).unwrap();
    (total, jobs.len())
}

#[test]
fn restores_are_found_by_part_of_a_persons_or_a_courses_name_in_any_case() {
    let world = World::new();
    let mut wish = world.wish(1, SCIENCES, 11);
    wish.full_name = "Électricité 100 %_ et plus : une introduction plus longue que cinquante octets".to_owned();
    world.try_schedule(&wish).unwrap();
    world.schedule(2, LETTRES, 21);
    for (text, found) in [
        ("", 2),
        ("teacher 1", 1),
        ("éLECTRICITÉ", 1),
        ("%_", 1),
        ("une introduction plus longue que cinquante octets", 1),
        ("c21", 1),
        ("ben", 1),
        ("nobody' OR 1=1", 0),
    ] {
        assert_eq!(search(&world, &RestoreQuery { search: text.to_owned(), ..Default::default() }).0, found, "{text}");
    }
    let lettres = RestoreQuery { remote: Some(LETTRES.parse().unwrap()), ..Default::default() };
    assert_eq!(search(&world, &lettres).0, 1);
    assert_eq!(search(&world, &RestoreQuery { status: Some(Status::Restored), ..Default::default() }).0, 0);
}

#[test]
fn a_page_holds_fifty_restores_and_knows_how_many_there_are() {
    let world = World::new();
    for course in 0..120 {
        world.schedule(1, SCIENCES, course);
    }
    for (page, rows) in [(0, 50), (1, 50), (2, 20), (3, 0), (u32::MAX, 0)] {
        assert_eq!(search(&world, &RestoreQuery { page, ..Default::default() }), (120, rows));
    }
    assert_eq!(block_on(world.store().queue()), Ok((120, 0)));
}

#[test]
fn failures_are_grouped_by_cause_and_all_of_a_group_tried_again() {
    let world = World::new();
    for (user, code) in [(1, ErrorCode::RemoteBadToken), (2, ErrorCode::RemoteBadToken), (3, ErrorCode::RemoteNotOwner)]
    {
        world.remotes.borrow_mut().script.insert((SCIENCES.to_owned(), user), vec![Mishap::Fails(code)]);
        world.schedule(user, SCIENCES, user);
    }
    world.tick();
    let store = world.store();
    let groups = block_on(store.failures(UnixTime(0))).unwrap();
    let seen: Vec<_> = groups.iter().map(|group| (group.failure.code, group.count)).collect();
    assert_eq!(seen, [(ErrorCode::RemoteBadToken, 2), (ErrorCode::RemoteNotOwner, 1)]);
    // A colleague has taken one of the courses meanwhile.
    world.schedule(4, SCIENCES, 2);
    let sciences = SCIENCES.parse().unwrap();
    let again = block_on(store.retry_all("remote.bad_token", Some(&sciences), true, world.time()));
    assert_eq!(again, Ok(1));
    assert_eq!(
        block_on(store.retry_all("remote.bad_token", Some(&LETTRES.parse().unwrap()), true, world.time())),
        Ok(0)
    );
}

#[test]
fn the_audit_tells_who_did_what_and_how_each_restore_ended() {
    let world = World::new();
    let id = world.schedule(1, SCIENCES, 11);
    let store = world.store();
    let entry = AuditEntry {
        at: world.time(),
        user: UserId(1),
        user_name: "Teacher 1".to_owned(),
        acting: Some("admin".to_owned()),
        acting_id: Some(UserId(9)),
        action: "restore.scheduled".to_owned(),
        restore: Some(id.to_string()),
        remote: Some(SCIENCES.to_owned()),
        outcome: "ok".to_owned(),
        request: "r1".to_owned(),
    };
    block_on(store.note(std::slice::from_ref(&entry))).unwrap();
    world.until_all_ended();
    let (total, entries) = block_on(store.audit(0)).unwrap();
    assert_eq!((total, entries.get(1)), (2, Some(&entry)));
    let end = entries.first().unwrap();
    assert_eq!((end.user, end.action.as_str(), end.outcome.as_str()), (UserId(0), "restore.restored", "ok"));
}

#[test]
fn a_peer_keeps_its_name_and_its_last_success_through_its_troubles() {
    let world = World::new();
    let store = world.store();
    let sciences: RemoteId = SCIENCES.parse().unwrap();
    block_on(async {
        use courseferry_ferry::{Failure, Peers};
        store.name_peer(Some(&sciences), "Moodle Sciences", "4.5").await.unwrap();
        store.record_contact(Some(&sciences), UnixTime(10), None).await.unwrap();
        let down = Failure::new(ErrorCode::RemoteUnreachable, "refused");
        store.record_contact(Some(&sciences), UnixTime(20), Some(&down)).await.unwrap();
        store.record_contact(None, UnixTime(30), None).await.unwrap();
        let met = store.peers().await.unwrap();
        let [client, remote] = met.as_slice() else { panic!("{met:?}") };
        assert_eq!((client.remote.as_ref(), client.last_success), (None, Some(UnixTime(30))));
        assert_eq!((remote.name.as_str(), remote.release.as_str()), ("Moodle Sciences", "4.5"));
        assert_eq!((remote.last_success, remote.problem.as_ref()), (Some(UnixTime(10)), Some(&down)));
    });
}

#[test]
fn what_a_remote_refused_shows_although_it_answers_until_a_restore_from_it_arrives() {
    let world = World::new();
    let (store, sciences): (_, RemoteId) = (world.store(), SCIENCES.parse().unwrap());
    let peer =
        || block_on(store.peers()).unwrap().into_iter().find(|met| met.remote.as_ref() == Some(&sciences)).unwrap();
    let refusal = Failure::new(ErrorCode::RemoteNoCapability, "can_retrieve_courses");
    block_on(store.record_contact(Some(&sciences), world.time(), Some(&refusal))).unwrap();
    assert_eq!(peer().problem, Some(refusal.clone()));
    block_on(store.record_contact(Some(&sciences), world.time().plus(1), None)).unwrap();
    assert_eq!((peer().problem, peer().refused.map(|refused| refused.failure)), (None, Some(refusal)));
    world.wait(60);
    world.schedule(1, SCIENCES, 11);
    world.until_all_ended();
    assert_eq!(peer().refused, None);
}

#[test]
fn the_newest_migration_that_the_code_asks_for_is_the_last_file() {
    let last = migrations().pop().unwrap();
    assert_eq!(last.file_name().unwrap().to_str(), Some(NEWEST_MIGRATION));
    let world = World::new();
    let wrangler = "CREATE TABLE d1_migrations (id INTEGER PRIMARY KEY, name TEXT UNIQUE)";
    world.database.connection.execute_batch(wrangler).unwrap();
    assert_eq!(block_on(world.store().migrated()), Ok(false));
    world.database.connection.execute("INSERT INTO d1_migrations (name) VALUES (?1)", [NEWEST_MIGRATION]).unwrap();
    assert_eq!(block_on(world.store().migrated()), Ok(true));
}

#[test]
fn a_tick_and_what_the_client_told_are_kept_with_their_time() {
    let world = World::new();
    let (store, now) = (world.store(), world.time());
    assert_eq!(block_on(store.last_tick()), Ok(None));
    block_on(store.ticked(now)).unwrap();
    block_on(store.ticked(now.plus(60))).unwrap();
    assert_eq!(block_on(store.last_tick()), Ok(Some(now.plus(60))));
    block_on(store.keep_readiness(now, "{}")).unwrap();
    let kept = block_on(store.readiness()).unwrap().unwrap();
    assert_eq!((kept.as_of, kept.body.as_str()), (now, "{}"));
}
