//! An administrator restores for somebody else: with whose rights, who is told, and what is kept of whom.

use crate::world::{LETTRES, Mishap, SCIENCES, World, code};
use courseferry_api::{
    AuditEntry, CategoryId, Enrolments, ErrorCode, JobId, Options, Status, Target, UnixTime, UserId,
};
use courseferry_ferry::{Actor, Failure, MessageKind};
use courseferry_store::{AskedBy, NewRestore};
use futures::executor::block_on;

/// The administrator.
const GRACE: i64 = 3;

fn world() -> World {
    let world = World::new();
    world.companion.borrow_mut().managers = vec![GRACE];
    world
}

/// What Grace asks for on behalf of somebody.
fn asked(world: &World, user: i64, remote: &str, course: i64) -> NewRestore {
    let by =
        AskedBy { user: UserId(GRACE), name: "Grace".to_owned(), locale: "fr".to_owned(), list: "list 1".to_owned() };
    NewRestore { asked_by: Some(by), ..world.wish(user, remote, course) }
}

fn schedule(world: &World, user: i64, remote: &str, course: i64) -> JobId {
    world.try_schedule(&asked(world, user, remote, course)).unwrap().id
}

#[test]
fn the_owners_rights_do_and_where_they_do_not_the_administrators_stand_in() {
    let world = world();
    world.companion.borrow_mut().denied = vec![(1, 9)];
    let id = schedule(&world, 1, SCIENCES, 11);
    assert_eq!(world.job(&id).actor, Some(Actor { user: UserId(GRACE), name: "Grace".to_owned() }));
    let alone = world.schedule(1, LETTRES, 21);
    world.until_all_ended();
    assert_eq!((world.job(&id).status, world.job(&id).user), (Status::Restored, UserId(1)), "it is the owner's");
    assert_eq!(world.companion.borrow().actors.get(id.as_str()), Some(&UserId(GRACE)), "the companion checks again");
    assert_eq!(code(&world.job(&alone)), Some(ErrorCode::AccessCategory));
    assert!(!world.companion.borrow().actors.contains_key(alone.as_str()));
}

#[test]
fn whoever_may_no_longer_ask_for_others_has_nothing_done_for_them() {
    for (lost, why) in [
        ("the capability", ""),
        ("the account", "The account no longer exists here."),
        ("the confirmation", "Their account is not confirmed here."),
    ] {
        let world = world();
        let id = schedule(&world, 1, SCIENCES, 11);
        {
            let mut companion = world.companion.borrow_mut();
            match lost {
                "the capability" => companion.managers.clear(),
                "the account" => drop(companion.usernames.remove(&GRACE)),
                _ => companion.not_vouched_for.push(GRACE),
            }
        }
        world.until_all_ended();
        assert_eq!(world.job(&id).failure, Some(Failure::new(ErrorCode::RestoreActorRefused, why)), "{lost}");
        assert_eq!(world.companion.borrow().hand_overs, 0, "{lost}");
    }
}

#[test]
fn an_owner_for_whom_the_site_does_not_vouch_gets_nothing() {
    let world = world();
    world.companion.borrow_mut().not_vouched_for.push(1);
    let id = schedule(&world, 1, SCIENCES, 11);
    world.until_all_ended();
    assert_eq!(code(&world.job(&id)), Some(ErrorCode::AccessNotVouched));
}

#[test]
fn borrowed_rights_never_bring_students_data() {
    let world = world();
    world.companion.borrow_mut().denied = vec![(1, 6)];
    for (course, options) in [
        (11, Options { students: true, ..Options::default() }),
        (12, Options { enrolments: Enrolments::Always, ..Options::default() }),
    ] {
        let target = Target::Category(CategoryId(6));
        let wish = NewRestore { target, options, ..asked(&world, 1, SCIENCES, course) };
        let id = world.try_schedule(&wish).unwrap().id;
        world.until_all_ended();
        assert_eq!(code(&world.job(&id)), Some(ErrorCode::AccessCategory));
    }
}

#[test]
fn both_are_told_the_owner_of_theirs_and_whoever_asked_of_the_whole_list_in_their_own_language() {
    let world = world();
    let script = vec![Mishap::Fails(ErrorCode::RemoteNotOwner)];
    world.remotes.borrow_mut().script.insert((SCIENCES.to_owned(), 12), script);
    schedule(&world, 1, SCIENCES, 11);
    schedule(&world, 2, SCIENCES, 12);
    world.until_all_ended();
    world.tick();
    let notices = world.companion.borrow().notices.clone();
    let to = |user: i64| {
        let theirs: Vec<_> =
            notices.iter().filter(|n| n.user == UserId(user) && n.kind != MessageKind::Digest).collect();
        let [one] = theirs.as_slice() else { panic!("one message to {user}: {theirs:?}") };
        (*one).clone()
    };
    assert!(to(1).text.contains("Course 11, in Category 9\n"), "{}", to(1).text);
    assert!(to(1).text.contains("Grace asked for it on your behalf."), "{}", to(1).text);
    assert!(to(2).text.contains("You no longer teach this course on Moodle Sciences."), "{}", to(2).text);
    let grace = to(GRACE);
    assert_eq!(grace.subject, "1 cours est restauré, 1 n'a pas pu l'être, pour autrui");
    for line in ["Course 11, pour Teacher 1, dans Category 9", "Course 12, pour Teacher 2 (Moodle Sciences)"] {
        assert!(grace.text.contains(line), "{line} in {}", grace.text);
    }
    assert!(!grace.text.contains("Vous n'enseignez"), "it is not Grace's course: {}", grace.text);
}

#[test]
fn who_asked_is_exported_and_erased_and_what_waits_is_not_carried_out_with_the_rights_of_nobody() {
    let world = world();
    let store = world.store();
    let id = schedule(&world, 1, SCIENCES, 11);
    let line = AuditEntry {
        at: UnixTime(1),
        user: UserId(GRACE),
        user_name: "Grace".to_owned(),
        acting: None,
        acting_id: None,
        for_id: Some(UserId(1)),
        for_name: Some("Teacher 1".to_owned()),
        action: "restore.scheduled_for".to_owned(),
        restore: Some(id.to_string()),
        remote: None,
        outcome: "ok".to_owned(),
        request: "r1".to_owned(),
        times: 1,
    };
    block_on(store.note(std::slice::from_ref(&line))).unwrap();
    assert_eq!(block_on(store.audit(0)).unwrap().1, [line]);
    let export = block_on(store.export(UserId(GRACE))).unwrap();
    assert_eq!((export.restores.len(), export.asked.len(), export.audit.len()), (0, 1, 1));
    assert!(!serde_json::to_string(&export).unwrap().contains("Teacher 1"), "not the other person's name");
    assert_eq!(block_on(store.export(UserId(1))).unwrap().done_for_them.len(), 1);
    assert!(!serde_json::to_string(&block_on(store.export(UserId(1))).unwrap()).unwrap().contains("Grace"));

    block_on(store.erase(UserId(GRACE), world.time())).unwrap();
    assert_eq!(block_on(store.export(UserId(GRACE))).unwrap(), courseferry_store::Export::default());
    world.until_all_ended();
    assert_eq!(code(&world.job(&id)), Some(ErrorCode::RestoreActorRefused));

    block_on(store.erase(UserId(1), world.time())).unwrap();
    assert_eq!(block_on(store.export(UserId(1))).unwrap(), courseferry_store::Export::default());
    let (_, lines) = block_on(store.audit(0)).unwrap();
    assert!(lines.iter().all(|line| line.for_name.as_deref().is_none_or(str::is_empty)));
}
