//! What administrators see and do on the Manage page: what is wrong, everybody's restores, the audit. The original's
//! admin tool wrote any status into any row; here only what is done changes one.

use crate::harness::{Browser, Options, World, courses_named, courses_of, run, until};
use courseferry_api::{Choice, Status, TryAgain};
use courseferry_tests::{
    demo,
    remote::{Armed, Trap},
};
use serde_json::{Value, json};

#[test]
fn a_wrong_setting_is_named_where_administrators_look_with_the_value_that_it_should_have() {
    run(async {
        let mut world = World::start(Options::default()).await;
        world.set("SERVICE_KEY", "too-short-a-key");
        let list = world.setting("EXTERNAL_MOODLES").to_owned();
        let wrong = format!("{list};https://moodle.four.example");
        world.restart_worker_with("EXTERNAL_MOODLES", &wrong).await;
        let browser = world.open_page("admin", "#manage").await;
        browser.sees("Something does not work and needs you:").await;
        browser.sees("The setting SERVICE_KEY must have at least 32 characters.").await;
        browser.sees("The setting EXTERNAL_MOODLES: entry 4").await;
        browser.sees("An administrator corrects it and deploys again.").await;
        assert!(!browser.text().await.contains("too-short-a-key"), "named, never shown");
        // Every setting in force stands there with its value.
        browser.press("Settings that need a deployment").await;
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
        let world = World::learnt(options.set("timezone", "UTC")).await;
        let (one, other) = (world.log_in("teacher1").await, world.log_in("teacher2").await);
        let choices = |ids: std::ops::RangeInclusive<i64>| ids.map(|id| world.choice(0, id)).collect::<Vec<Choice>>();
        for (api, ids) in [(&one, 101..=155), (&other, 156..=160)] {
            assert!(api.schedule(choices(ids)).await.results.iter().all(|result| result.restore.is_some()));
        }

        let browser = world.open_page("admin", "#manage").await;
        browser.sees("60 waiting, 0 in progress.").await;
        browser.sees("60 restores found").await;
        browser.sees("Page 1").await;
        browser.press("Next").await;
        browser.sees("Page 2").await;
        assert!(browser.look_for_control("Next").await.is_none(), "that was the last");
        browser.press("Previous").await;
        browser.sees("Page 1").await;
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
        browser.sees("Votre Moodle restaure jusqu'à 2 cours à la fois.").await;
        browser.fill("Chercher par personne ou cours", "pendulum").await;
        browser.sees("1 restauration trouvée").await;
        browser.row_says("Pendulum clocks", "Restauré aujourd'hui à").await;
    });
}

/// A token broke overnight, and 14 rows wait. The cause and the one command stand on the first screen; once it is mended
/// everything goes on.
#[test]
fn a_token_that_broke_overnight_is_seen_at_once_mended_with_one_command_and_everything_goes_on() {
    run(async {
        let sciences = courses_named(101..=114, |id| format!("Course no. {id}"), &["teacher1", "teacher2"]);
        let remotes = vec![sciences, demo::lettres()];
        let mut world = World::learnt(Options::default().remotes(remotes)).await;
        let (one, other) = (world.log_in("teacher1").await, world.log_in("teacher2").await);
        for (api, ids) in [(&one, 101..=107), (&other, 108..=114)] {
            api.schedule(ids.map(|id| world.choice(0, id)).collect()).await;
        }
        let elsewhere = one.schedule_one(world.choice(1, 21)).await;
        world.remotes[0].set(Trap::BadToken);
        world.remotes[1].set(Armed::from(Trap::NotOwner).times(1));
        world.tick_until(&one, &elsewhere, |restore| restore.status == Status::Failed).await;
        let waiting = one.restores().await.into_iter().find(|restore| restore.remote == *world.remote(0)).unwrap();
        world.tick_until(&one, &waiting, |restore| restore.held.is_some()).await;

        let browser = world.open_page("teacher1", "#restores").await;
        browser.row_says("Course no. 101", "Scheduled · waits for Moodle Sciences.").await;
        world.show(&browser, "admin", "#manage").await;
        // On the first screen, without scrolling: the cause, how many wait, and the command.
        let verdict =
            "Something does not work and needs you: Moodle Sciences refuses our access token. 14 restores wait.";
        browser.sees(verdict).await;
        let command = format!("cargo xtask secret remote {}", world.remotes[0].address());
        browser.sees(&command).await;
        let seen =
            "const command = [...document.querySelectorAll('code')].find(e => e.textContent.includes(arguments[0]));
            return command.getBoundingClientRect().bottom < innerHeight";
        assert_eq!(browser.script(seen, &[command.into()]).await, true, "the command is on the first screen");
        browser.row_says("14 restores wait since", "and go on by themselves").await;
        // What failed is told as an administrator reads it, with course and person.
        browser.row_says("1 restore · remote.not_owner", "They no longer teach this course on Moodle Lettres.").await;
        browser.row_says("1 restore · remote.not_owner", "“Histoire des sciences” (Marie Curie)").await;
        assert_eq!(browser.axe().await, Vec::<String>::new());

        world.remotes[0].clear();
        browser.press("Pause all restores").await;
        browser.sees("Restores are paused.").await;
        world.cron().await;
        assert!(one.restores().await.iter().all(|restore| restore.status != Status::Restored), "paused");
        browser.press("Resume restores").await;
        browser.control("Pause all restores").await;
        // Nobody need press anything for what waited: the next probe comes, and lets all the others go on. What failed
        // is tried again by its own button.
        browser.press("Try this one again: Moodle Lettres").await;
        let again = async || (one.restore(&elsewhere.id).await.status != Status::Failed).then_some(());
        until("what failed to be tried again", 15, again).await;
        world.minutes_pass(5).await;
        world.tick_until_all_end(&[&one, &other]).await;
        let all = [one.restores().await, other.restores().await].concat();
        assert!(all.iter().all(|restore| restore.status == Status::Restored), "{all:?}");
        world.show(&browser, "admin", "#manage").await;
        browser.sees("No failure waits for you.").await;
        assert!(!browser.text().await.contains("needs you:"), "one list, one verdict");
    });
}

#[test]
fn many_restores_are_found_by_filters_ticked_and_acted_upon_together_and_saved_as_they_are_shown() {
    run(async {
        let world = World::learnt(Options::default().set("settle_seconds", "3000")).await;
        let (one, other) = (world.log_in("teacher1").await, world.log_in("teacher2").await);
        one.schedule(vec![world.choice(0, 12), world.choice(0, 13), world.choice(1, 21)]).await;
        other.schedule_one(world.choice(0, 14)).await;

        let browser = world.open_page("admin", "#manage").await;
        browser.sees("4 restores found").await;
        browser.choose("From", "Moodle Sciences").await;
        browser.sees("3 restores found").await;
        browser.press("Details: General chemistry").await;
        browser.press("Show only this person's").await;
        browser.sees("Only: by Irène Joliot-Curie").await;
        browser.sees("1 restore found").await;
        browser.press("Show all").await;
        browser.sees("4 restores found").await;
        browser.press("Histoire des sciences, Marie Curie").await;
        browser.press("Classical mechanics, Marie Curie").await;
        browser.sees("2 ticked").await;
        assert_eq!(browser.axe().await, Vec::<String>::new());
        browser.press("Cancel: ticked restores").await;
        browser.row_says("Histoire des sciences", "Cancelled today").await;
        browser.row_says("Classical mechanics", "Cancelled today").await;
        browser.choose("Status", "Cancelled").await;
        browser.sees("2 restores found").await;
        // What cannot be done with one is done with the others, and said.
        browser.press("Tick all shown").await;
        let cancelled = one.restores().await.into_iter().find(|row| row.remote_course.0 == 12).unwrap();
        one.post(&TryAgain { restore: cancelled.id }, &()).await.unwrap();
        browser.press("Try again: ticked restores").await;
        browser.sees("Done with 1 restore. Not with 1:").await;

        browser.choose("Status", "Any status").await;
        browser.choose("From", "Moodle Lettres").await;
        browser.sees("1 restore found").await;
        let file = browser.saved_by("Download these as CSV").await;
        assert!(file.starts_with("\"restore\",\"status\",\"user\",\"user_name\",\"remote\","), "{file}");
        assert!(file.contains("\"Marie Curie\",\"Moodle Lettres\",\"21\",\"Histoire des sciences\""), "{file}");
        assert_eq!(file.lines().count(), 2, "what is shown and nothing else: {file}");
    });
}

#[test]
fn a_setting_of_daily_life_is_changed_where_it_is_looked_for_and_set_back_as_shipped() {
    run(async {
        let world = World::start(Options::default()).await;
        let browser = world.open_page("admin", "#manage").await;
        browser.row_says("attempts", "as shipped").await;
        browser.press("Change: attempts").await;
        browser.fill("New value of attempts", "\u{e009}a\u{e000}many").await;
        browser.press("Change").await;
        browser.row_says("attempts", "The setting attempts must be a whole number from 1 to 50.").await;
        browser.fill("New value of attempts", "\u{e009}a\u{e000}3").await;
        browser.press("Change").await;
        browser.row_says("attempts", "as shipped: 8").await;
        browser.press("Settings that need a deployment").await;
        browser.sees("They stand in edge/site.toml").await;
        assert_eq!(browser.axe().await, Vec::<String>::new());
        browser.press("As shipped: attempts").await;
        browser.row_says("attempts", "attempts 8 as shipped").await;
        browser.press("Show the audit").await;
        browser.sees("changed a setting: attempts=3").await;
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
        browser.row_says("admin as Marie Curie", "opened Courseferry as somebody else").await;
        let text = browser.text().await;
        assert!(text.contains("admin as Marie Curie scheduled Classical mechanics (Moodle Sciences)"), "{text}");
        assert!(text.contains(" Marie Curie scheduled Histoire des sciences ("), "{text}");

        let file = browser.saved_by("Download as CSV").await;
        assert!(file.starts_with("\"at\",\"user\",\"user_name\",\"acting\",\"acting_id\",\"action\","), "{file}");
        let admin: Value = world.client.user("admin").unwrap().id.into();
        let acted = format!("\"{teacher}\",\"Marie Curie\",\"admin\",\"{admin}\",\"restore.scheduled\"");
        assert!(file.contains(&acted), "{acted} in {file}");
        assert_eq!(file.matches("\"restore.scheduled\"").count(), 2);
    });
}

#[test]
fn how_the_nights_went_is_drawn_read_as_tables_and_saved_as_a_file() {
    run(async {
        let world = World::learnt(Options::default().set("attempts", "1")).await;
        let teacher = world.log_in("teacher1").await;
        world.remotes[0].set(Armed::from(Trap::NotOwner).of_course(13));
        teacher.schedule(vec![world.choice(0, 12), world.choice(0, 13), world.choice(1, 21)]).await;
        world.tick_until_all_end(&[&teacher]).await;

        let browser = world.open_page("admin", "#manage").await;
        browser.sees("The last 30 nights").await;
        let drawn = "return document.querySelector('.cf-picture').getAttribute('aria-label')";
        until("the first picture", 15, async || {
            let said = browser.script(drawn, &[]).await;
            (said == "Restores per night. Restored: 2, To check: 0, Failed: 1").then_some(())
        })
        .await;
        // Whoever sees few colours still tells the three apart.
        let forced = json!({"features": [{"name": "forced-colors", "value": "active"}]});
        browser.devtools("Emulation.setEmulatedMedia", forced).await;
        let fills =
            "return new Set([...document.querySelectorAll('.cf-key rect')].map(e => getComputedStyle(e).fill)).size";
        assert_eq!(browser.script(fills, &[]).await, 3);
        browser.devtools("Emulation.setEmulatedMedia", json!({"features": []})).await;
        // Whoever cannot see them reads the same as tables.
        for table in ["Restores per night", "Share that succeeded, per Moodle", "Median minutes per step, per Moodle"] {
            browser.press(&format!("As a table : {table}")).await;
        }
        browser.sees("Moodle Sciences 2 1 50 %").await;
        browser.sees("Moodle Lettres 1 1 100 %").await;
        assert_eq!(browser.axe().await, Vec::<String>::new());

        let file = browser.saved_by("Download the nights as CSV").await;
        let mut lines = file.lines();
        assert_eq!(lines.next(), Some("\"night\",\"remote\",\"restored\",\"to_check\",\"failed\""));
        let mut nights: Vec<_> = lines.map(|line| line.split_once("Z\",").expect("a night").1).collect();
        nights.sort_unstable();
        let expected = ["\"Moodle Lettres\",\"1\",\"0\",\"0\"", "\"Moodle Sciences\",\"1\",\"0\",\"1\""];
        assert_eq!(nights, expected, "{file}");
    });
}
