//! Who is told what, when, and how often.

use crate::world::{LETTRES, Mishap, SCIENCES, World};
use courseferry_api::*;
use courseferry_ferry::*;

fn notices(world: &World) -> Vec<Notice> {
    world.companion.borrow().notices.clone()
}

#[test]
fn a_batch_is_one_message_when_its_last_course_has_ended() {
    let world = World::new();
    world.schedule(1, SCIENCES, 11);
    world.schedule(1, SCIENCES, 12);
    world.until_all_ended();
    world.tick();
    let notices = notices(&world);
    let [notice] = notices.as_slice() else { panic!("one message: {notices:?}") };
    assert_eq!((notice.kind, notice.user), (MessageKind::Success, UserId(1)));
    assert_eq!(notice.subject, "2 courses are restored");
    for needle in ["Course 11, in Category 9", "Course 12", "https://client.example.org/course/view.php?id=101"] {
        assert!(notice.text.contains(needle) || notice.html.contains(needle), "{needle} in {}", notice.text);
    }
    assert_eq!(notice.link, "https://client.example.org/blocks/courseferry/view.php");
}

#[test]
fn the_message_about_one_course_names_it_and_leads_to_it() {
    let world = World::new();
    let mut wish = world.wish(1, SCIENCES, 11);
    wish.full_name = "Optics <2> & \"light\"".to_owned();
    world.try_schedule(&wish).unwrap();
    world.until_all_ended();
    world.tick();
    let notice = notices(&world).remove(0);
    assert_eq!(notice.subject, "“Optics <2> & \"light\"” is restored");
    assert_eq!(notice.link, "https://client.example.org/course/view.php?id=101");
    assert!(notice.html.contains(">Optics &lt;2&gt; &amp; &quot;light&quot;</a>"), "{}", notice.html);
}

#[test]
fn a_failure_is_told_with_its_reason_in_the_owners_language() {
    let world = World::new();
    let script = vec![Mishap::Fails(ErrorCode::RemoteNotOwner)];
    world.remotes.borrow_mut().script.insert((SCIENCES.to_owned(), 11), script);
    let mut wish = world.wish(1, SCIENCES, 11);
    wish.locale = "fr_ca".to_owned();
    world.try_schedule(&wish).unwrap();
    world.schedule(1, LETTRES, 12);
    world.until_all_ended();
    world.tick();
    let notice = notices(&world).remove(0);
    assert_eq!(notice.kind, MessageKind::Failure);
    assert_eq!(notice.subject, "1 cours est restauré, 1 n'a pas pu l'être");
    assert!(
        notice.text.contains("Course 11 (Moodle Sciences)\u{a0}: Vous n'enseignez plus ce cours sur Moodle Sciences.")
    );
}

#[test]
fn courses_that_are_through_are_told_after_six_hours_although_another_still_waits() {
    let world = World::new();
    world.schedule(1, SCIENCES, 11);
    let mut late = world.wish(1, SCIENCES, 12);
    late.not_before = world.time().plus(86_400);
    world.try_schedule(&late).unwrap();
    for _ in 0..3 {
        world.tick();
        world.cron();
        world.wait(60);
    }
    world.tick();
    assert_eq!(notices(&world).len(), 0);
    world.wait(6 * 3_600);
    world.tick();
    assert_eq!(notices(&world).len(), 1);
    world.until_all_ended();
    world.tick();
    assert_eq!(notices(&world).len(), 2);
}

#[test]
fn administrators_get_one_digest_a_day_at_seven() {
    let world = World::new();
    for course in [11, 12] {
        let script = vec![Mishap::Fails(ErrorCode::RemoteNotOwner)];
        world.remotes.borrow_mut().script.insert((SCIENCES.to_owned(), course), script);
        world.schedule(course, SCIENCES, course);
    }
    let digests =
        || notices(&world).into_iter().filter(|notice| notice.kind == MessageKind::Digest).collect::<Vec<_>>();
    world.until_all_ended();
    world.tick();
    assert_eq!(digests(), []);
    world.wait_until("07:00");
    world.tick();
    world.tick();
    let sent = digests();
    let [digest] = sent.as_slice() else { panic!("one digest: {sent:?}") };
    assert_eq!((digest.user, digest.subject.as_str()), (UserId(90), "Courseferry: 2 restores failed"));
    assert!(digest.text.contains("Course 11 (Teacher 11)") && digest.text.contains("Course 12 (Teacher 12)"));
    assert_eq!(digest.text.matches("They no longer teach this course").count(), 1, "grouped by cause");
}

#[test]
fn a_digest_of_a_bad_night_stays_readable() {
    let world = World::new();
    for user in 1..=60 {
        world.companion.borrow_mut().usernames.insert(user, format!("user{user}"));
        let script = vec![Mishap::Fails(ErrorCode::RemoteNotOwner)];
        world.remotes.borrow_mut().script.insert((SCIENCES.to_owned(), user), script);
        world.schedule(user, SCIENCES, user);
    }
    world.until_all_ended();
    world.wait_until("07:00");
    world.tick();
    world.tick();
    let digests: Vec<Notice> =
        notices(&world).into_iter().filter(|notice| notice.kind == MessageKind::Digest).collect();
    let [digest] = digests.as_slice() else { panic!("{digests:?}") };
    assert_eq!(digest.subject, "Courseferry: 60 restores failed");
    assert!(digest.text.contains("- and 10 more\n"), "{}", digest.text);
}

#[test]
fn what_stops_everything_is_told_at_once_and_once_a_day() {
    let world = World::new();
    world.remotes.borrow_mut().refuses.insert(SCIENCES.to_owned(), ErrorCode::RemoteBadToken);
    let digests = || notices(&world).into_iter().filter(|notice| notice.kind == MessageKind::Digest).count();
    world.schedule(1, SCIENCES, 1);
    world.tick();
    world.tick();
    assert_eq!(digests(), 1);
    world.schedule(2, SCIENCES, 2);
    world.wait(300);
    world.tick();
    world.tick();
    assert_eq!(digests(), 1, "they know already");
}

#[test]
fn things_to_check_go_to_the_owner_or_else_to_the_administrators() {
    for (to_owner, kind) in [("1", MessageKind::Success), ("0", MessageKind::Digest)] {
        let world = World::with(&[("warningstoowner", to_owner)]);
        world.companion.borrow_mut().denied = vec![(1, 3)];
        let mut wish = world.wish(1, SCIENCES, 11);
        (wish.target, wish.identifier) = (Target::Original, "PHY".to_owned());
        world.try_schedule(&wish).unwrap();
        world.until_all_ended();
        world.tick();
        world.wait_until("07:00");
        world.tick();
        for notice in notices(&world) {
            let warned = notice.text.contains("To check: It went to “Category 9”");
            assert_eq!(warned, notice.kind == kind, "{notice:?}");
            assert!(notice.text.matches("To check").count() <= 1, "named once: {notice:?}");
        }
        assert_eq!(notices(&world).len(), if to_owner == "1" { 1 } else { 2 });
    }
}

#[test]
fn courses_on_remotes_are_linked_only_if_it_is_set_and_the_reader_may_see_them() {
    for (set, may, linked) in [("1", true, true), ("1", false, false), ("0", true, false)] {
        let world = World::with(&[("includeexternalurlinmail", set)]);
        world.companion.borrow_mut().remote_links = may;
        world.schedule(1, SCIENCES, 11);
        world.until_all_ended();
        world.tick();
        let notice = notices(&world).remove(0);
        assert_eq!(notice.text.contains("https://remote.example.org/course/view.php?id=11"), linked);
    }
}

#[test]
fn a_letter_waits_for_a_client_that_is_down_and_is_given_up_after_ten_refusals() {
    let world = World::new();
    world.companion.borrow_mut().refuses_notices = true;
    world.schedule(1, SCIENCES, 11);
    world.until_all_ended();
    world.companion.borrow_mut().down = true;
    for _ in 0..30 {
        world.tick();
        world.wait(300);
    }
    world.companion.borrow_mut().down = false;
    let mut offered = 1;
    for _ in 0..30 {
        offered += world.tick().unwrap().letters;
        world.wait(300);
    }
    assert_eq!(offered, 10);
}

#[test]
fn a_failure_that_was_tried_again_before_anybody_was_told_is_not_told() {
    let world = World::new();
    let script = vec![Mishap::Fails(ErrorCode::RemoteNotOwner)];
    world.remotes.borrow_mut().script.insert((SCIENCES.to_owned(), 11), script);
    let id = world.schedule(1, SCIENCES, 11);
    let mut other = world.wish(1, LETTRES, 12);
    other.not_before = world.time().plus(600);
    world.try_schedule(&other).unwrap();
    world.tick();
    assert_eq!(world.job(&id).status, Status::Failed);
    world.retry(&id);
    world.until_all_ended();
    world.tick();
    let notice = notices(&world).remove(0);
    assert_eq!(notice.subject, "2 courses are restored");
}

#[test]
fn a_failure_that_has_ended_for_good_never_says_that_it_is_tried_again() {
    let world = World::with(&[("attempts", "2")]);
    let script = vec![Mishap::Fails(ErrorCode::RemoteMaintenance); 9];
    world.remotes.borrow_mut().script.insert((SCIENCES.to_owned(), 11), script);
    world.schedule(1, SCIENCES, 11);
    world.until_all_ended();
    world.tick();
    world.wait_until("07:00");
    world.tick();
    world.tick();
    let notices = notices(&world);
    assert_eq!(notices.len(), 2, "its owner, and the digest");
    for notice in notices {
        assert!(!notice.text.contains("Nothing to do"), "{}", notice.text);
        assert!(notice.text.contains("It was tried as often as is set."), "{}", notice.text);
    }
}

#[test]
fn a_course_with_many_things_to_check_lists_twenty_and_counts_what_is_equal() {
    let world = World::with(&[("warningstoowner", "1")]);
    world.companion.borrow_mut().warnings =
        (0..90).map(|n| Warning::new("log", format!("File {} is missing.", n % 30))).collect();
    world.schedule(1, SCIENCES, 11);
    world.until_all_ended();
    world.tick();
    let notice = notices(&world).remove(0);
    assert_eq!(notice.text.matches("To check: File").count(), 20);
    assert!(notice.text.contains("To check: File 0 is missing. (× 3)"), "{}", notice.text);
    assert!(notice.text.contains("and 10 more to check"), "{}", notice.text);
}

#[test]
fn a_restore_that_waited_for_an_administrator_in_vain_is_in_two_digests_when_it_begins_to_wait_and_when_it_fails() {
    let world = World::new();
    world.remotes.borrow_mut().refuses.insert(SCIENCES.to_owned(), ErrorCode::RemoteBadToken);
    world.schedule(1, SCIENCES, 11);
    let digests =
        || notices(&world).into_iter().filter(|notice| notice.kind == MessageKind::Digest).collect::<Vec<_>>();
    world.tick();
    world.tick();
    let [waits] = digests().try_into().expect("one digest");
    assert_eq!(waits.subject, "Courseferry: restores wait for an administrator");
    assert!(
        waits.text.contains("cargo xtask secret remote") && !waits.text.contains("tried as often"),
        "{}",
        waits.text
    );

    world.wait(14 * 86_400);
    world.tick();
    world.wait_until("07:00");
    world.tick();
    world.tick();
    let [_, failed] = digests().try_into().expect("two digests");
    assert_eq!(failed.subject, "Courseferry: 1 restore failed");
    assert_ne!((waits.job, waits.attempt), (failed.job, failed.attempt), "the companion sends each once");
}
