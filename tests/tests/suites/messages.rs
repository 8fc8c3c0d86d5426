//! Moodle messages: one for each teacher and batch, and for administrators a digest. The original sent one mail for each
//! course, that named none, said "see details below" with nothing below, and led to the site's home page.

use crate::harness::{Api, Browser, Options, World, run};
use courseferry_api::Status;
use courseferry_tests::{
    client::{ClientTrap, Message},
    remote::{Armed, Trap},
};

/// The messages that somebody was sent.
fn to(world: &World, username: &str) -> Vec<Message> {
    let id = world.client.user(username).unwrap().id;
    world.client.messages().into_iter().filter(|message| message.userid == id).collect()
}

/// Minutes pass until these people's restores have ended and the messages that are due at once were sent.
async fn until_notified(world: &World, people: &[&Api]) {
    world.tick_until_all_end(people).await;
    world.cron().await;
    world.cron().await;
}

/// A line of Moodle's list of notifications, the newest first.
const NOTIFICATION: &str = "[data-region=notification-content-item-container]";

#[test]
fn each_teacher_gets_one_message_for_what_they_asked_together_naming_every_course_and_the_reasons() {
    run(async {
        let world = World::learnt(Options::default()).await;
        let (one, other) = (world.log_in("teacher1").await, world.log_in("teacher2").await);
        let batch = [(0, 12), (0, 16), (1, 21)].map(|(remote, course)| world.choice(remote, course));
        assert!(one.schedule(batch.to_vec()).await.results.iter().all(|result| result.restore.is_some()));
        other.schedule_one(world.choice(0, 14)).await;
        world.remotes[1].set(Trap::NotOwner);
        until_notified(&world, &[&one, &other]).await;

        let [message] = &to(&world, "teacher1")[..] else { panic!("one message: {:#?}", to(&world, "teacher1")) };
        for words in [
            "Classical mechanics",
            "Statistics & error",
            "Histoire des sciences",
            "You no longer teach this course on Moodle Lettres.",
        ] {
            assert!(message.values["text"].contains(words), "{words} in {message:#?}");
        }
        assert_eq!(message.kind, "failure");
        assert!(message.values["contexturl"].starts_with(&world.page()), "{message:#?}");
        let [message] = &to(&world, "teacher2")[..] else { panic!("one message: {:#?}", to(&world, "teacher2")) };
        let course = world.client.restored().into_iter().find(|course| course.shortname == "CHEM110").unwrap().id;
        assert!(message.values["contexturl"].ends_with(&format!("/course/view.php?id={course}")), "{message:#?}");
        assert!(!message.values["html"].contains("Classical"), "nobody else's courses");

        // Where the messages lead to when they are opened in Moodle.
        let browser = Browser::open().await;
        let notifications = format!("{}/message/output/popup/notifications.php", world.client.address());
        world.show(&browser, "teacher1", "").await;
        browser.go(&notifications).await;
        browser.sees("2 courses are restored, 1 could not be").await;
        browser.find(NOTIFICATION).await.click().await.unwrap();
        browser.press("Go to: Your restores").await;
        browser.sees("Find courses").await;
        world.show(&browser, "teacher2", "").await;
        browser.go(&notifications).await;
        browser.sees("« General chemistry » est restauré").await;
        browser.find(NOTIFICATION).await.click().await.unwrap();
        browser.press("Go to: Ouvrir le cours").await;
        browser.press("Participants").await;
        browser.row_says("Irène Joliot-Curie", "Teacher").await;
    });
}

#[test]
fn a_courses_address_on_its_moodle_is_shown_only_to_those_who_may_see_it_and_in_messages_only_if_set() {
    run(async {
        let mut world = World::learnt(Options::default().set("includeexternalurlinmail", "1")).await;
        world.make_manager("creator");
        let (teacher, manager) = (world.log_in("teacher1").await, world.log_in("creator").await);
        teacher.schedule_one(world.choice(0, 12)).await;
        manager.schedule_one(world.choice(0, 13)).await;
        until_notified(&world, &[&teacher, &manager]).await;
        let remote = world.remotes[0].address().to_owned();
        assert!(!to(&world, "teacher1")[0].values["text"].contains(&remote));
        let link = format!("Sur Moodle Sciences\u{a0}: {remote}/course/view.php?id=13");
        assert!(to(&world, "creator")[0].values["text"].contains(&link), "{:#?}", to(&world, "creator"));

        world.restart_worker_with("includeexternalurlinmail", "0").await;
        manager.schedule_one(world.choice(1, 24)).await;
        until_notified(&world, &[&manager]).await;
        let letter = &to(&world, "creator")[1];
        assert!(
            letter.values["text"].contains("Philosophie")
                && !letter.values["text"].contains(world.remotes[1].address())
        );

        // In the list the name is a link for the same people.
        let browser = world.open_page("creator", "").await;
        browser.control("Philosophie de la connaissance (ouvre Moodle Lettres)").await;
        world.show(&browser, "teacher1", "").await;
        browser.control("Histoire des sciences, HIST-SCI, Moodle Lettres").await;
        assert!(!browser.text().await.contains("(opens Moodle"), "no link for a teacher");
    });
}

#[test]
fn what_to_check_goes_to_the_owner_or_to_the_administrators_as_is_set() {
    run(async {
        let mut world = World::start(Options::default()).await;
        let api = world.log_in("teacher1").await;
        world.client.set(ClientTrap::Warnings { error: false }, None);
        api.schedule_one(world.choice(0, 12)).await;
        until_notified(&world, &[&api]).await;
        let checked = api.restores().await.remove(0).warnings;
        let warning = checked.iter().find(|warning| warning.message == "A block could not be restored");
        let warning = warning.unwrap_or_else(|| panic!("nothing to check: {checked:#?}"));
        let letter = &to(&world, "teacher1")[0];
        for form in ["text", "html"] {
            let words = format!("To check: {}", warning.message);
            assert_eq!(letter.values[form].matches(&words).count(), 1, "{form}: {letter:#?}");
        }
        assert!(letter.warnings.is_empty(), "said in the letter, and not a second time below it: {letter:#?}");

        world.restart_worker_with("warningstoowner", "0").await;
        api.schedule_one(world.choice(0, 13)).await;
        until_notified(&world, &[&api]).await;
        let letter = &to(&world, "teacher1")[1];
        for form in ["text", "html"] {
            assert!(!letter.values[form].contains(&warning.message), "{form}: {letter:#?}");
        }
        assert!(letter.warnings.is_empty(), "{letter:#?}");
        assert!(to(&world, "admin").is_empty(), "not by night");
        world.days_pass(1).await;
        world.cron().await;
        let [digest] = &to(&world, "admin")[..] else { panic!("one digest: {:#?}", to(&world, "admin")) };
        assert_eq!(digest.values["subject"], "Courseferry: restores with things to check");
        assert!(digest.values["text"].contains("Quantum mechanics (Marie Curie)"), "{digest:#?}");
        assert!(digest.values["text"].contains(&warning.message), "{digest:#?}");
    });
}

#[test]
fn administrators_hear_at_once_of_what_stops_everything_and_once_a_day_of_the_rest() {
    run(async {
        let mut world = World::learnt(Options::default()).await;
        let (one, other) = (world.log_in("teacher1").await, world.log_in("teacher2").await);
        world.remotes[0].set(Armed::from(Trap::NotOwner).times(1));
        one.schedule_one(world.choice(0, 12)).await;
        until_notified(&world, &[&one]).await;
        assert!(to(&world, "admin").is_empty(), "one teacher's failure waits for the digest");
        world.days_pass(1).await;
        world.cron().await;
        let [digest] = &to(&world, "admin")[..] else { panic!("one digest: {:#?}", to(&world, "admin")) };
        assert_eq!(
            (digest.kind.as_str(), digest.values["subject"].as_str()),
            ("digest", "Courseferry: 1 restore failed")
        );
        assert!(digest.values["text"].contains("Classical mechanics (Marie Curie)"), "{digest:#?}");
        assert!(to(&world, "manager").is_empty(), "managers are no site administrators");

        // Their lists are known: nobody asks the remote just to schedule.
        other.courses(world.remote(0)).await;
        world.remotes[0].set(Trap::BadToken);
        let waiting = one.schedule_one(world.choice(0, 13)).await;
        world.tick_until(&one, &waiting, |restore| restore.held.is_some()).await;
        world.cron().await;
        world.cron().await;
        let messages = to(&world, "admin");
        let [_, urgent] = &messages[..] else { panic!("at once: {messages:#?}") };
        assert_eq!(urgent.values["subject"], "Courseferry: restores wait for an administrator");
        let text = &urgent.values["text"];
        assert!(text.contains("Quantum mechanics (Marie Curie)"), "{text}");
        assert!(text.contains("Moodle Sciences refuses our access token."), "{text}");
        let command = format!("cargo xtask secret remote {}", world.remotes[0].address());
        assert!(text.contains(&command), "the command that mends it: {text}");
        assert_eq!(urgent.values["contexturl"], format!("{}#manage", world.page()), "where it is seen whole");
        assert!(text.contains(&urgent.values["contexturl"]), "{text}");
        assert_eq!(to(&world, "teacher1").len(), 1, "nothing has ended: only of the first one was its owner told");
        // Administrators know this cause by now: it is not sent again, however often it occurs.
        let another = other.schedule_one(world.choice(0, 14)).await;
        world.cron().await;
        for _ in 0..2 {
            world.days_pass(1).await;
            world.cron().await;
            world.cron().await;
        }
        assert_eq!(to(&world, "admin").len(), 2, "once, as long as it lasts");
        let another = other.restore(&another.id).await;
        assert!(another.status == Status::Scheduled && another.held.is_some(), "{another:#?}");

        // Once it is mended, their owners hear of both, and administrators of nothing more.
        world.remotes[0].clear();
        world.days_pass(1).await;
        until_notified(&world, &[&one, &other]).await;
        assert_eq!(one.restore(&waiting.id).await.status, Status::Restored);
        assert_eq!(other.restore(&another.id).await.status, Status::Restored);
        assert_eq!((to(&world, "teacher1").len(), to(&world, "teacher2").len()), (2, 1));
        assert_eq!(to(&world, "admin").len(), 2, "nothing more");
    });
}
