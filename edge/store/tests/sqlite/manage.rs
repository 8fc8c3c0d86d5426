//! What administrators look at and do.

use crate::world::{LETTRES, Mishap, SCIENCES, World, migrations};
use courseferry_api::*;
use courseferry_ferry::{Failure, Peers};
use courseferry_store::{NEWEST_MIGRATION, queries};
use futures::executor::block_on;

fn search(world: &World, query: &RestoreQuery) -> (u32, usize) {
    let found = block_on(world.store().search(query, 50)).unwrap();
    (found.total, found.restores.len())
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

/// Every page of a query, from the first to the last, and what each counted.
fn pages(world: &World, query: &RestoreQuery) -> Vec<(u32, bool, Vec<i64>)> {
    let (mut query, mut pages) = (query.clone(), vec![]);
    loop {
        let found = block_on(world.store().search(&query, 50)).unwrap();
        let courses = found.restores.iter().map(|restore| restore.course.0).collect();
        pages.push((found.total, found.at_least, courses));
        let Some(next) = found.next else { break pages };
        query.after = next;
    }
}

#[test]
fn pages_follow_each_other_without_a_gap_or_a_double_in_both_directions() {
    let world = World::new();
    for course in 0..120 {
        world.schedule(1, SCIENCES, course);
        if course % 10 == 9 {
            world.wait(1);
        }
    }
    let newest = pages(&world, &RestoreQuery::default());
    assert_eq!(
        newest.iter().map(|(total, _, rows)| (*total, rows.len())).collect::<Vec<_>>(),
        [(120, 50), (120, 50), (120, 20)]
    );
    let all: Vec<i64> = newest.into_iter().flat_map(|(_, _, rows)| rows).collect();
    assert_eq!(all, (0..120).rev().collect::<Vec<_>>());
    let oldest = pages(&world, &RestoreQuery { sort: Sort::Oldest, ..Default::default() });
    assert_eq!(oldest.into_iter().flat_map(|(_, _, rows)| rows).collect::<Vec<_>>(), (0..120).collect::<Vec<_>>());
    let found = pages(&world, &RestoreQuery { search: "course".to_owned(), ..Default::default() });
    assert_eq!(found.iter().map(|(_, _, rows)| rows.len()).sum::<usize>(), 120);
    let beyond = RestoreQuery { search: "course".to_owned(), after: "500".to_owned(), ..Default::default() };
    assert_eq!(
        pages(&world, &beyond),
        [(120, false, vec![])],
        "a page behind the last one still says how many there are"
    );
    assert_eq!(block_on(world.store().queue()), Ok((120, 0)));
}

#[test]
fn filters_combine_and_what_is_rare_is_found_page_by_page_however_many_rows_stand_before_it() {
    let world = World::new();
    crate::filled::fill(&world, 6_000);
    let refused = RestoreQuery { cause: Some("remote.not_owner".to_owned()), ..Default::default() };
    let (remotes, owners): (Vec<_>, Vec<_>) = [SCIENCES, LETTRES]
        .map(|remote| {
            let query = RestoreQuery { remote: Some(remote.parse().unwrap()), ..refused.clone() };
            let courses: Vec<i64> = pages(&world, &query).into_iter().flat_map(|(_, _, rows)| rows).collect();
            (courses.len(), courses)
        })
        .into_iter()
        .unzip();
    assert_eq!(remotes, [0, 60], "each hundredth failed, and those with an even number are of one remote");
    let all = pages(&world, &refused);
    assert_eq!(all.iter().flat_map(|(_, _, rows)| rows.clone()).collect::<Vec<_>>(), owners[1]);
    assert!(all[0].1, "there are more than were counted, and it says so");
    let mine = RestoreQuery { person: Some(UserId(1_000)), ..refused.clone() };
    assert_eq!(pages(&world, &mine), [(3, false, vec![5_000, 3_000, 1_000])]);
    let ended = pages(&world, &RestoreQuery { sort: Sort::Ended, ..mine });
    assert_eq!(ended.iter().flat_map(|(_, _, rows)| rows.clone()).collect::<Vec<_>>(), [5_000, 3_000, 1_000]);
    let named = RestoreQuery { search: "old course 10".to_owned(), ..refused };
    assert_eq!(pages(&world, &named).iter().flat_map(|(_, _, rows)| rows.clone()).collect::<Vec<_>>(), [2_000, 1_100]);
}

#[test]
fn a_list_in_the_order_of_its_ends_holds_what_has_ended_also_when_it_is_searched() {
    let world = World::new();
    let ended = world.schedule(1, SCIENCES, 11);
    world.until_all_ended();
    let waits = world.schedule(1, SCIENCES, 12);
    for search in ["", "co", "course"] {
        let query = RestoreQuery { search: search.to_owned(), sort: Sort::Ended, ..Default::default() };
        assert_eq!(pages(&world, &query), [(1, false, vec![11])], "{search:?}");
    }
    assert!(world.job(&ended).finished.is_some() && world.job(&waits).finished.is_none());
}

#[test]
fn dates_and_categories_filter_too() {
    let world = World::new();
    let begun = world.time();
    for course in 1..=3 {
        let mut wish = world.wish(1, SCIENCES, course);
        wish.target = Target::Category(CategoryId(20 + course));
        world.try_schedule(&wish).unwrap();
        world.wait(3_600);
    }
    let between = RestoreQuery { from: Some(begun.plus(10)), to: Some(begun.plus(7_000)), ..Default::default() };
    assert_eq!(pages(&world, &between), [(1, false, vec![2])]);
    world.until_all_ended();
    let into = RestoreQuery { category: Some(CategoryId(22)), ..Default::default() };
    assert_eq!(pages(&world, &into), [(1, false, vec![2])]);
}

#[test]
fn what_cannot_be_read_as_a_place_is_the_first_page() {
    let world = World::new();
    world.schedule(1, SCIENCES, 1);
    for after in ["x", "-", "1-", "9e9-1", "-1", "99999999999999999999-1"] {
        let query = RestoreQuery { after: after.to_owned(), ..Default::default() };
        assert_eq!(search(&world, &query), (1, 1), "{after}");
    }
}

#[test]
fn failures_are_grouped_by_cause_and_all_of_a_group_tried_again() {
    let world = World::new();
    for (user, code) in
        [(1, ErrorCode::RemoteUnknownUser), (2, ErrorCode::RemoteUnknownUser), (3, ErrorCode::RemoteNotOwner)]
    {
        world.remotes.borrow_mut().script.insert((SCIENCES.to_owned(), user), vec![Mishap::Fails(code)]);
        world.schedule(user, SCIENCES, user);
    }
    world.tick();
    let store = world.store();
    let groups = block_on(store.failures(UnixTime(0), true)).unwrap();
    let seen: Vec<_> = groups.iter().map(|group| (group.failure.code, group.count)).collect();
    assert_eq!(seen, [(ErrorCode::RemoteUnknownUser, 2), (ErrorCode::RemoteNotOwner, 1)]);
    let owners: Vec<_> = groups[0].examples.iter().map(|(_, owner)| owner.as_str()).collect();
    assert_eq!((owners.len(), owners.contains(&"Teacher 1"), groups[1].examples.len()), (2, true, 1));
    // A colleague has taken one of the courses meanwhile.
    world.schedule(4, SCIENCES, 2);
    let sciences = SCIENCES.parse().unwrap();
    let again = block_on(store.retry_all("remote.unknown_user", Some(&sciences), UnixTime(0), true, world.time()));
    assert_eq!(again, Ok(1));
    assert_eq!(
        block_on(store.retry_all(
            "remote.unknown_user",
            Some(&LETTRES.parse().unwrap()),
            UnixTime(0),
            true,
            world.time()
        )),
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
        for_id: None,
        for_name: None,
        action: "restore.scheduled".to_owned(),
        restore: Some(id.to_string()),
        remote: Some(SCIENCES.to_owned()),
        outcome: "ok".to_owned(),
        request: "r1".to_owned(),
        times: 1,
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
        let met = store.ask(queries::peers()).await.unwrap();
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
    let peer = || {
        block_on(store.ask(queries::peers()))
            .unwrap()
            .into_iter()
            .find(|met| met.remote.as_ref() == Some(&sciences))
            .unwrap()
    };
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

#[test]
fn what_is_refused_again_and_again_is_one_line_with_a_number_and_what_was_done_is_a_line_each() {
    let store = World::new().store();
    let line = |at: i64, user: i64, outcome: &str, request: &str| AuditEntry {
        at: UnixTime(at),
        user: UserId(user),
        user_name: "Teacher".to_owned(),
        acting: None,
        acting_id: None,
        for_id: None,
        for_name: None,
        action: "restore.scheduled".to_owned(),
        restore: None,
        remote: Some(SCIENCES.to_owned()),
        outcome: outcome.to_owned(),
        request: request.to_owned(),
        times: 1,
    };
    let refused = |at, user, request| vec![line(at, user, "restore.taken", request); 200];
    block_on(async {
        store.note(&refused(10, 1, "r1")).await.unwrap();
        store.note(&[line(20, 1, "ok", "r2"), line(20, 1, "ok", "r2")]).await.unwrap();
        store.note(&refused(30, 1, "r3")).await.unwrap();
        store.note(&refused(30, 2, "r4")).await.unwrap();
        // An hour later it is another evening.
        store.note(&refused(3_700, 1, "r5")).await.unwrap();
        let (total, lines) = store.audit(0).await.unwrap();
        let seen: Vec<_> = lines.iter().map(|line| (line.user.0, line.request.as_str(), line.times)).collect();
        assert_eq!(seen, [(1, "r5", 200), (2, "r4", 200), (1, "r2", 1), (1, "r2", 1), (1, "r3", 400)]);
        assert_eq!(total, 5);
    });
}

#[test]
fn the_audit_is_read_to_its_end_in_pieces_and_between_two_dates() {
    let store = World::new().store();
    let line = |at: i64| AuditEntry {
        at: UnixTime(at),
        user: UserId(1),
        user_name: "Teacher".to_owned(),
        acting: None,
        acting_id: None,
        for_id: None,
        for_name: None,
        action: "restore.scheduled".to_owned(),
        restore: None,
        remote: None,
        outcome: "ok".to_owned(),
        request: format!("r{at}"),
        times: 1,
    };
    block_on(async {
        store.note(&(0..50).map(line).collect::<Vec<_>>()).await.unwrap();
        let (mut after, mut read) = (0, vec![]);
        loop {
            let piece = store.audit_after(after, UnixTime(10), UnixTime(45), 8).await.unwrap();
            let Some((last, _)) = piece.last() else { break };
            after = *last;
            read.extend(piece.into_iter().map(|(_, line)| line.at.0));
        }
        assert_eq!(read, (10..45).collect::<Vec<_>>());
    });
}

#[test]
fn a_search_that_finds_a_thousand_stops_counting_and_says_so() {
    let world = World::new();
    crate::filled::fill(&world, 3_000);
    let found = |search: &str, status| {
        let query = RestoreQuery { search: search.to_owned(), status, ..Default::default() };
        let found = block_on(world.store().search(&query, 50)).unwrap();
        (found.total, found.at_least, found.restores.len())
    };
    assert_eq!(found("", None), (3_000, false, 50));
    assert_eq!(found("", Some(Status::Failed)), (30, false, 30));
    assert_eq!(found("old course", None), (1_000, true, 50));
    assert_eq!(found("old course", Some(Status::Failed)), (30, true, 30), "the few that failed are all found");
    assert_eq!(found("old course 2999", None), (1, false, 1));
}
