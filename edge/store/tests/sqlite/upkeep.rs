//! Downloads, tokens, caches, one person's data, and what is deleted in time.

use crate::world::{LETTRES, Mishap, SCIENCES, World};
use courseferry_api::*;
use courseferry_store::{Backup, Cached, ChangedSetting, Entry, Listing, queries};
use futures::executor::block_on;

#[test]
fn a_ticket_opens_its_own_attempt_while_it_is_copied_and_nothing_else() {
    let world = World::new();
    let store = world.store();
    let enter = |id: &JobId, attempt, ticket: &str| block_on(store.enter(id, attempt, ticket)).unwrap();
    let id = world.schedule(1, SCIENCES, 11);
    let other = world.schedule(2, LETTRES, 21);
    let stranger: JobId = "f".repeat(32).parse().unwrap();
    assert_eq!(enter(&stranger, 1, "x"), Entry::NotFound);
    assert_eq!(enter(&id, 0, ""), Entry::Over, "there is no backup yet");
    world.tick();
    let ticket = world.companion.borrow().jobs.get(id.as_str()).unwrap().ticket.clone();
    let file = world.remotes.borrow().slots.values().find(|(course, _)| *course == 11).unwrap().1;
    let backup = |etag: Option<&str>, length| {
        Entry::Open(Backup {
            remote: SCIENCES.parse().unwrap(),
            kind: RemoteKind::Original2,
            id: file,
            number: 1,
            etag: etag.map(str::to_owned),
            length,
        })
    };
    assert_eq!(enter(&id, 1, &ticket), backup(None, None));
    assert_eq!(enter(&id, 2, &ticket), Entry::Refused);
    assert_eq!(enter(&id, 1, "another"), Entry::Refused);
    assert_eq!(enter(&other, 1, &ticket), Entry::Refused);
    block_on(store.first_answer(&id, 1, "\"a\"", Some(95))).unwrap();
    block_on(store.first_answer(&id, 1, "\"b\"", Some(96))).unwrap();
    assert_eq!(enter(&id, 1, &ticket), backup(Some("\"a\""), Some(95)), "the first answer counts");
    world.until_all_ended();
    assert_eq!(enter(&id, 1, &ticket), Entry::Over);
}

#[test]
fn a_token_is_used_once() {
    let store = World::new().store();
    assert_eq!(block_on(store.ask(queries::use_token("a", UnixTime(100)))), Ok(true));
    assert_eq!(block_on(store.ask(queries::use_token("a", UnixTime(100)))), Ok(false));
}

#[test]
fn revoked_sessions_and_enrolments_are_remembered() {
    let store = World::new().store();
    let job: JobId = "a".repeat(32).parse().unwrap();
    block_on(async {
        assert_eq!(store.ask(queries::revoked_before(&[UserId(1)])).await, Ok(None));
        store.revoke(UserId(1), UnixTime(100)).await.unwrap();
        store.revoke(UserId(2), UnixTime(90)).await.unwrap();
        assert_eq!(store.ask(queries::revoked_before(&[UserId(1)])).await, Ok(Some(UnixTime(100))));
        assert_eq!(
            store.ask(queries::revoked_before(&[UserId(2), UserId(1)])).await,
            Ok(Some(UnixTime(100))),
            "the later one counts"
        );
        store.enrolled(&job, UserId(2), UnixTime(1)).await.unwrap();
        store.enrolled(&job, UserId(2), UnixTime(2)).await.unwrap();
        let shown = store.became_of(&SCIENCES.parse().unwrap(), &[], UserId(2)).await.unwrap();
        assert_eq!(shown.enrolled, [job]);
    });
}

#[test]
fn a_list_of_nine_thousand_courses_is_kept_in_parts_and_comes_back_whole() {
    let store = World::new().store();
    let courses = "[\"Géométrie, une introduction\"]".repeat(100_000);
    let listing = |courses: &str| Listing {
        remote: SCIENCES.parse().unwrap(),
        as_of: UnixTime(7),
        no_account: false,
        courses: courses.to_owned(),
    };
    block_on(async {
        store.keep_listing(UserId(1), &listing(&courses)).await.unwrap();
        assert_eq!(
            store.ask(queries::listing(UserId(1), &SCIENCES.parse().unwrap())).await,
            Ok(Some(listing(&courses)))
        );
        store.keep_listing(UserId(1), &listing("[]")).await.unwrap();
        assert_eq!(
            store.ask(queries::listing(UserId(1), &SCIENCES.parse().unwrap())).await,
            Ok(Some(listing("[]"))),
            "nothing is left of the long one"
        );
    });
}

#[test]
fn one_of_many_who_want_to_know_the_same_asks_and_after_a_failure_the_next() {
    let store = World::new().store();
    let may_ask = |name, now| block_on(store.may_ask(name, UnixTime(now), 60)).unwrap();
    assert!(may_ask("courses", 100));
    assert!(!may_ask("courses", 100) && !may_ask("courses", 159));
    assert!(may_ask("readiness", 100), "another question is another's");
    assert!(may_ask("courses", 160));
    block_on(store.asked("courses")).unwrap();
    assert!(may_ask("courses", 161));
}

#[test]
fn a_changed_setting_is_remembered_with_who_changed_it_until_it_is_reset() {
    let store = World::new().store();
    let changed = |value: &str| ChangedSetting {
        name: "limitstart".to_owned(),
        value: value.to_owned(),
        changed: UnixTime(5),
        user: UserId(3),
        user_name: "Ada".to_owned(),
    };
    block_on(async {
        store.change_setting(&changed("20:00")).await.unwrap();
        store.change_setting(&changed("21:00")).await.unwrap();
        assert_eq!(store.ask(queries::changed_settings()).await, Ok(vec![changed("21:00")]));
        store.erase(UserId(3), UnixTime(6)).await.unwrap();
        let left = store.ask(queries::changed_settings()).await.unwrap().remove(0);
        assert_eq!(
            (left.value.as_str(), left.user_name.as_str()),
            ("21:00", ""),
            "the setting stays, the name does not"
        );
        store.reset_setting("limitstart").await.unwrap();
        assert_eq!(store.ask(queries::changed_settings()).await, Ok(vec![]));
    });
}

#[test]
fn a_listing_is_its_owners_alone() {
    let store = World::new().store();
    let listing =
        Listing { remote: SCIENCES.parse().unwrap(), as_of: UnixTime(5), no_account: false, courses: "[1]".to_owned() };
    block_on(async {
        store.keep_listing(UserId(1), &listing).await.unwrap();
        assert_eq!(store.ask(queries::listing(UserId(1), &listing.remote)).await, Ok(Some(listing.clone())));
        assert_eq!(store.ask(queries::listing(UserId(2), &listing.remote)).await, Ok(None));
    });
}

#[test]
fn a_site_snapshot_larger_than_a_row_comes_back_whole() {
    let store = World::new().store();
    let site = Cached { version: "v1".to_owned(), as_of: UnixTime(1), body: "é€x".repeat(500_000) };
    block_on(async {
        assert_eq!(store.site().await, Ok(None));
        store.keep_site(&Cached { body: "z".repeat(5_000_000), ..site.clone() }).await.unwrap();
        store.keep_site(&site).await.unwrap();
        assert!(store.site().await == Ok(Some(site)));
        store.confirm_site("v1", UnixTime(9)).await.unwrap();
        assert_eq!(store.site_version().await, Ok(Some(("v1".to_owned(), UnixTime(9)))));
    });
}

#[test]
fn a_persons_data_is_handed_out_and_erased_and_the_course_stays_taken() {
    let world = World::new();
    world.schedule(1, SCIENCES, 11);
    world.until_all_ended();
    let waiting = world.schedule(1, SCIENCES, 12);
    world.schedule(2, LETTRES, 21);
    let store = world.store();
    let export = block_on(store.export(UserId(1))).unwrap();
    assert_eq!((export.restores.len(), export.audit.len()), (2, 0));
    block_on(store.erase(UserId(1), world.time())).unwrap();
    assert_eq!(block_on(store.export(UserId(1))).unwrap(), courseferry_store::Export::default());
    assert_eq!(world.job(&waiting).status, Status::Cancelled);
    for job in world.all().iter().filter(|job| job.user != UserId(2)) {
        assert_eq!((job.user, job.username.as_str(), job.user_name.as_str()), (UserId(0), "", ""));
    }
    let found =
        block_on(store.search(&RestoreQuery { search: "teacher 1".to_owned(), ..Default::default() }, 50)).unwrap();
    assert_eq!(found.total, 0);
    assert!(world.try_schedule(&world.wish(2, SCIENCES, 11)).is_err(), "the course is here");
}

/// A line of the audit about what `acting` did while they were logged in as `user`.
fn acted(user: i64, acting: Option<i64>) -> AuditEntry {
    AuditEntry {
        at: UnixTime(1),
        user: UserId(user),
        user_name: format!("Teacher {user}"),
        acting: Some("admin".to_owned()),
        acting_id: acting.map(UserId),
        for_id: None,
        for_name: None,
        action: "restore.scheduled".to_owned(),
        restore: None,
        remote: None,
        outcome: "ok".to_owned(),
        request: "r1".to_owned(),
        times: 1,
    }
}

#[test]
fn who_acted_as_somebody_else_is_told_so_and_leaves_no_name_when_they_are_erased() {
    let store = World::new().store();
    // The last one is of a database from before ids were kept.
    block_on(store.note(&[acted(1, Some(8)), acted(2, Some(9)), acted(3, None)])).unwrap();
    let export = block_on(store.export(UserId(8))).unwrap();
    assert_eq!((export.acted.len(), export.audit.len()), (1, 0));
    assert!(!serde_json::to_string(&export).unwrap().contains("Teacher"), "not the other person's name");

    block_on(store.erase(UserId(8), UnixTime(2))).unwrap();
    let after = || {
        let (_, mut lines) = block_on(store.audit(0)).unwrap();
        lines.reverse();
        lines.into_iter().map(|line| (line.user, line.acting, line.acting_id)).collect::<Vec<_>>()
    };
    let admin = || Some("admin".to_owned());
    let nobody = || Some(String::new());
    assert_eq!(
        after(),
        [
            (UserId(1), nobody(), None),
            (UserId(2), admin(), Some(UserId(9))),
            // It cannot be known whose it is: it may be theirs.
            (UserId(3), nobody(), None),
        ],
        "that somebody acted stays known"
    );
    assert_eq!(block_on(store.export(UserId(8))).unwrap(), courseferry_store::Export::default());
    block_on(store.erase(UserId(2), UnixTime(2))).unwrap();
    assert_eq!(after()[1], (UserId(-1), None, None));
    assert_eq!(block_on(store.export(UserId(9))).unwrap(), courseferry_store::Export::default());
}

#[test]
fn erasure_in_the_middle_of_a_restore_cancels_it_or_lets_it_finish_in_silence() {
    for ticks in 0..3 {
        let world = World::new();
        world.schedule(1, SCIENCES, 11);
        world.schedule(3, SCIENCES, 31);
        for _ in 0..ticks {
            world.tick();
            world.cron();
        }
        for user in [1, 3] {
            block_on(world.store().erase(UserId(user), world.time())).unwrap();
        }
        world.until_all_ended();
        world.tick();
        for job in world.all() {
            let courses = world.companion.borrow().courses.iter().filter(|id| *id == job.id.as_str()).count();
            assert_eq!(courses, usize::from(job.status == Status::Restored));
        }
        assert!(world.companion.borrow().notices.is_empty(), "nobody is told");
    }
}

#[test]
fn what_is_old_is_deleted_but_a_course_that_is_here_stays_taken() {
    let world = World::new();
    let script = vec![Mishap::Fails(ErrorCode::RemoteNotOwner)];
    world.remotes.borrow_mut().script.insert((SCIENCES.to_owned(), 12), script);
    world.schedule(1, SCIENCES, 11);
    world.schedule(1, LETTRES, 13);
    world.schedule(2, SCIENCES, 12);
    world.until_all_ended();
    world.wait(31 * 86_400);
    let young = world.schedule(3, SCIENCES, 31);
    let store = world.store();
    block_on(store.clean(world.time(), 30, 10)).unwrap();
    let jobs = world.all();
    assert_eq!(jobs.len(), 3);
    assert!(jobs.iter().all(|job| job.id == young || (job.user == UserId(0) && job.status == Status::Restored)));
    assert_eq!(block_on(store.audit(0)).unwrap().0, 0);
    assert!(world.try_schedule(&world.wish(2, SCIENCES, 11)).is_err());
    // Doing it again changes nothing.
    block_on(store.clean(world.time(), 30, 10)).unwrap();
    assert_eq!(world.all().len(), 3);
}

#[test]
fn a_message_is_deleted_after_a_month_though_its_restore_is_kept_for_longer() {
    let world = World::new();
    world.schedule(1, SCIENCES, 11);
    world.until_all_ended();
    world.tick();
    let told = world.companion.borrow().notices.len();
    let lines =
        || -> u32 { world.database.connection.query_row("SELECT count(*) FROM outbox", (), |row| row.get(0)).unwrap() };
    let clean_after = |days: i64| {
        world.wait(days * 86_400);
        block_on(world.store().clean(world.time(), 365, 365)).unwrap();
    };
    clean_after(29);
    assert_eq!((told, lines(), world.all().len()), (1, 1, 1));
    clean_after(2);
    assert_eq!((lines(), world.all().len()), (0, 1));
    world.tick();
    assert_eq!(world.companion.borrow().notices.len(), told, "nobody is told again");
}
