//! What administrators see and do on the Manage page: what is wrong, everybody's restores, the audit. The original's
//! admin tool wrote any status into any row; here only what is done changes one.

use crate::harness::{Browser, Options, World, courses_of, run, until};
use courseferry_api::{Choice, Status};
use courseferry_tests::remote::{Armed, Trap};
use serde_json::Value;

#[test]
fn a_wrong_setting_is_named_where_administrators_look_with_the_value_that_it_should_have() {
    run(async {
        let mut world = World::start(Options::default()).await;
        world.set("SERVICE_KEY", "too-short-a-key");
        let list = world.setting("EXTERNAL_MOODLES").to_owned();
        let wrong = format!("{list};https://moodle.four.example");
        world.restart_worker_with("EXTERNAL_MOODLES", &wrong).await;
        let browser = Browser::open().await;
        world.show(&browser, "admin", "#manage").await;
        browser.sees("Something does not work and needs you.").await;
        browser.sees("The setting SERVICE_KEY must have at least 32 characters.").await;
        browser.sees("The setting EXTERNAL_MOODLES: entry 4").await;
        browser.sees("An administrator corrects it and deploys again.").await;
        assert!(!browser.text().await.contains("too-short-a-key"), "named, never shown");
        // Every setting in force stands there with its value.
        browser.sees("retention_days").await;
        browser.sees("Europe/Paris").await;

        world.set("EXTERNAL_MOODLES", &list);
        world.set("SERVICE_KEY", "a service key that is long enough");
        world.restart_worker_with("limitstart", "8 pm").await;
        for username in ["admin", "teacher1"] {
            world.show(&browser, username, "").await;
            browser.sees("The setting limitstart must be a time such as 20:00.").await;
        }
    });
}

/// 60 courses, two words of a name that only the sixtieth has.
fn sixty() -> Vec<(i64, String)> {
    (101..=160)
        .map(|id| (id, if id == 160 { "Pendulum clocks".to_owned() } else { format!("Course no. {id}") }))
        .collect()
}

#[test]
fn everybodys_restores_are_found_by_person_and_course_paged_and_acted_upon() {
    run(async {
        let names = sixty();
        let courses: Vec<_> = names.iter().map(|(id, name)| (*id, name.as_str())).collect();
        let remotes = vec![courses_of(&courses, &["teacher1", "teacher2", "creator"])];
        let options = Options::default().remotes(remotes).set("settle_seconds", "3000");
        let world = World::start(options.set("timezone", "UTC")).await;
        world.learn_names().await;
        let (one, other) = (world.log_in("teacher1").await, world.log_in("teacher2").await);
        let choices = |ids: std::ops::RangeInclusive<i64>| ids.map(|id| world.choice(0, id)).collect::<Vec<Choice>>();
        for (api, ids) in [(&one, 101..=155), (&other, 156..=160)] {
            assert!(api.schedule(choices(ids)).await.results.iter().all(|result| result.restore.is_some()));
        }

        let browser = Browser::open().await;
        world.show(&browser, "admin", "#manage").await;
        browser.sees("60 waiting, 0 in progress.").await;
        browser.sees("60 restores found").await;
        browser.sees("Page 1 of 2").await;
        browser.press("Next").await;
        browser.sees("Page 2 of 2").await;
        assert!(browser.look_for_control("Next").await.is_none(), "that was the last");
        browser.press("Previous").await;
        browser.sees("Page 1 of 2").await;
        browser.fill("Search by person or course", "joliot").await;
        browser.sees("5 restores found").await;
        browser.row_says("Pendulum clocks", "C160 · Moodle Sciences · to Physics · by Irène Joliot-Curie (6)").await;
        browser.row_says("Pendulum clocks", "Scheduled ·").await;
        world.show(&browser, "admin", "#manage").await;
        browser.fill("Search by person or course", "pendulum").await;
        browser.sees("1 restore found").await;

        browser.press("Change category: Pendulum clocks").await;
        // With the owner's rights, who may not restore there.
        browser.fill("Address or number of the category", "6").await;
        browser.press("Change").await;
        browser.row_says("Pendulum clocks", "This category is not open to you.").await;
        browser.press("Cancel: Pendulum clocks").await;
        browser.row_says("Pendulum clocks", "Cancelled today").await;
        browser.press("Link to a course: Pendulum clocks").await;
        browser.fill("Address or number of the course here that it is already", "424242").await;
        browser.press("Link").await;
        browser.row_says("Pendulum clocks", "There is no such course here.").await;
        browser.fill("Address or number of the course here that it is already", "\u{e009}a\u{e000}42").await;
        browser.press("Link").await;
        browser.row_says("Pendulum clocks", "Restored today").await;
        let linked = other.restores().await.into_iter().find(|restore| restore.remote_course.0 == 160).unwrap();
        assert_eq!((linked.status, linked.course.map(|course| course.0)), (Status::Restored, Some(42)));

        // In French, with its forms for one and many.
        world.make_manager("creator");
        world.show(&browser, "creator", "#manage").await;
        browser.sees("60 restaurations trouvées").await;
        browser.sees("59 en attente, 0 en cours.").await;
        browser.fill("Chercher par personne ou cours", "pendulum").await;
        browser.sees("1 restauration trouvée").await;
        browser.row_says("Pendulum clocks", "Restauré aujourd'hui à").await;
    });
}

/// Check 5 of the five: a token broke overnight.
#[test]
fn what_broke_overnight_is_seen_by_its_cause_and_all_of_it_tried_again_at_once() {
    run(async {
        let mut world = World::start(Options::default()).await;
        world.learn_names().await;
        let (one, other) = (world.log_in("teacher1").await, world.log_in("teacher2").await);
        one.schedule_one(world.choice(0, 12)).await;
        one.schedule_one(world.choice(0, 13)).await;
        other.schedule_one(world.choice(0, 14)).await;
        one.schedule_one(world.choice(1, 21)).await;
        world.remotes[0].set(Trap::BadToken);
        world.remotes[1].set(Armed::from(Trap::NotOwner).times(1));
        // What only an administrator can mend fails no row: the remote is held, and its rows wait.
        for restore in one.restores().await.into_iter().filter(|restore| restore.remote == *world.remote(0)) {
            world.tick_until(&one, &restore, |restore| restore.held.is_some()).await;
        }
        let failing = one.restores().await.into_iter().find(|restore| restore.remote == *world.remote(1)).unwrap();
        world.tick_until(&one, &failing, |restore| restore.status == Status::Failed).await;

        let browser = Browser::open().await;
        world.show(&browser, "teacher1", "#restores").await;
        browser.row_says("Classical mechanics", "Scheduled · waits for Moodle Sciences.").await;
        world.show(&browser, "admin", "#manage").await;
        browser.sees("Something does not work and needs you.").await;
        browser.sees("Restores from it wait since today").await;
        browser.row_says("1 restore · remote.not_owner", "You no longer teach this course on Moodle Lettres.").await;
        browser.row_says("Histoire des sciences", "by Marie Curie (5)").await;

        world.remotes[0].clear();
        browser.press("Pause all restores").await;
        browser.sees("Restores are paused.").await;
        world.cron().await;
        assert!(one.restores().await.iter().all(|restore| restore.status != Status::Restored), "paused");
        browser.press("Resume restores").await;
        browser.control("Pause all restores").await;
        browser.press("Try this one again").await;
        browser.sees("No failure waits for you.").await;
        // A held remote is probed again after some minutes; the first restore that comes lets all the others go on.
        world.days_pass(1).await;
        world.tick_until_all_end(&[&one, &other]).await;
        let all = [one.restores().await, other.restores().await].concat();
        assert!(all.iter().all(|restore| restore.status == Status::Restored), "{all:?}");
        world.show(&browser, "admin", "#manage").await;
        browser.sees("All is well.").await;
    });
}

#[test]
fn the_audit_is_read_on_the_page_and_saved_as_a_file() {
    run(async {
        let world = World::start(Options::default()).await;
        let browser = Browser::open().await;
        // An administrator acts as a teacher, who is told so.
        world.show(&browser, "admin", "").await;
        let sesskey = browser.script("return document.querySelector('[data-sesskey]').dataset.sesskey", &[]).await;
        let teacher = world.client.user("teacher1").unwrap().id;
        let address = world.client.address();
        let as_teacher = format!("{address}/course/loginas.php?user={teacher}&sesskey={}", sesskey.as_str().unwrap());
        browser.go(&as_teacher).await;
        browser.go(&world.page()).await;
        browser.sees("You act as").await;
        browser.press("Classical mechanics, MECH201, Moodle Sciences").await;
        browser.press("Restore 1 course").await;
        browser.row_says("Classical mechanics", "Scheduled").await;
        world.log_in("teacher1").await.schedule_one(world.choice(1, 21)).await;

        world.show(&browser, "admin", "#manage").await;
        browser.press("Show the audit").await;
        browser.row_says("admin as Marie Curie", "session.acting").await;
        let text = browser.text().await;
        assert!(text.contains("admin as Marie Curie · restore.scheduled · ok"), "{text}");
        assert!(text.contains(" Marie Curie · restore.scheduled · ok"), "{text}");

        let keep = "window.saved = []; const make = URL.createObjectURL;
            URL.createObjectURL = blob => { blob.text().then(text => saved.push(text)); return make(blob) }";
        browser.script(keep, &[]).await;
        browser.press("Download as CSV").await;
        let file = until("the file", 15, async || {
            let saved = browser.script("return saved[0] ?? null", &[]).await;
            saved.as_str().map(str::to_owned)
        })
        .await;
        assert!(file.starts_with("\"at\",\"user\",\"user_name\",\"acting\",\"acting_id\",\"action\","), "{file}");
        let admin: Value = world.client.user("admin").unwrap().id.into();
        let acted = format!("\"{teacher}\",\"Marie Curie\",\"admin\",\"{admin}\",\"restore.scheduled\"");
        assert!(file.contains(&acted), "{acted} in {file}");
        assert_eq!(file.matches("\"restore.scheduled\"").count(), 2);
    });
}
