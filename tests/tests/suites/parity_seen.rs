//! What the original block shows to teachers, as they see it here: courses, categories, who may choose what, when it
//! starts, "Enrol me", limits. Where a test says "the original", that was seen on a real Moodle 4.5.

use crate::harness::{Browser, Options, World, courses_of, now, run, until};
use courseferry_api::{Cancel, CategoryId, ErasePerson, ErrorCode, PersonRequest, Status, Target, UserId};
use courseferry_tests::{
    client::Pace,
    remote::{Armed, Trap},
};
use serde_json::json;
use std::time::Duration;

const MECHANICS: &str = "Classical mechanics, MECH201, Moodle Sciences";
const HISTORY: &str = "Histoire des sciences, HIST-SCI, Moodle Lettres";

async fn is_there(browser: &Browser, control: &str) -> bool {
    browser.look_for_control(control).await.is_some()
}

/// The original called a remote without an account, and one that is down, "No external moodle connected".
#[test]
fn courses_stand_under_their_moodles_names_in_the_readers_language_and_what_is_missing_is_said() {
    run(async {
        let world = World::start(Options::default()).await;
        let browser = world.open_page("teacher1", "").await;
        browser.control("Optics, OPT101, Moodle Sciences").await;
        browser.control(HISTORY).await;
        browser.sees("No account named “teacher1” on Moodle Médecine.").await;

        world.show(&browser, "teacher2", "").await;
        browser.control("Optique, OPT101, Moodle Sciences").await;
        browser.control("Anatomie I, ANAT1, Moodle Médecine").await;
        browser.sees("Vous n'enseignez aucun cours sur Moodle Lettres.").await;
        assert!(!browser.text().await.contains("multilang"), "no markup of names is printed");

        world.remotes[0].set(Trap::BadToken);
        world.show(&browser, "teacher3", "").await;
        browser.sees("Moodle Sciences est indisponible à cause d'un problème de réglage.").await;
        browser.sees("Les restaurations prévues sont conservées.").await;
        // Somebody who may restore nowhere is told that, and still sees what they teach.
        browser.sees("Vous ne pouvez restaurer dans aucune catégorie.").await;
        browser.row_says("Économie & société", "UNI-é経").await;

        // The remote's own `search_roles`, written with quotes as the original's settings page says.
        world.remotes[1].set(Trap::SearchRolesQuoted);
        world.show(&browser, "teacher3", "").await;
        browser.sees("Moodle Lettres est indisponible à cause d'un problème de réglage.").await;
        browser.sees("vous n'y êtes pour rien. Liste de").await;
        browser.row_says("Économie & société", "UNI-é経").await;
    });
}

#[test]
fn without_any_moodle_a_teacher_is_told_so_and_an_administrator_is_led_to_the_set_up() {
    run(async {
        let world = World::start(Options::default().remotes(Vec::new())).await;
        let browser = world.open_page("teacher1", "").await;
        browser.sees("No other Moodle is connected yet.").await;
        assert!(!is_there(&browser, "Set up").await, "that is not a teacher's to do");

        world.show(&browser, "admin", "").await;
        browser.sees("No other Moodle is connected yet.").await;
        browser.press("Set up").await;
        browser.sees("Settings in force").await;
    });
}

#[test]
fn each_course_goes_to_its_original_category_or_to_the_default_or_where_one_says() {
    run(async {
        let options = Options::default().set("restorecourseinoriginalcategory", "1").set("defaultcategory", "9");
        let mut world = World::start(options.set("settle_seconds", "600")).await;
        let browser = world.open_page("teacher1", "").await;
        browser.press(MECHANICS).await;
        browser.press("Change").await;
        // As with the original's `defaultcategorychecked`, which means the original category in spite of its name.
        assert_eq!(browser.value("Where to").await, "Original category where possible");
        browser.press(HISTORY).await;
        browser.sees("“Histoire des sciences” goes to Restored courses.").await;
        assert!(!browser.text().await.contains("“Classical mechanics” goes to"), "Physics is here and open to them");

        browser.press("Change: Histoire des sciences").await;
        browser.choose("Change where Histoire des sciences goes", "Sciences / Chemistry").await;
        until("the exception to go", 10, async || {
            (!browser.text().await.contains("goes to Restored courses")).then_some(())
        })
        .await;
        browser.press("Restore 2 courses").await;
        browser.row_says("Classical mechanics", "to Physics").await;
        browser.row_says("Histoire des sciences", "to Chemistry").await;
        let restores = world.log_in("teacher1").await.restores().await;
        let target = |course: i64| restores.iter().find(|r| r.remote_course.0 == course).map(|r| r.target);
        assert_eq!(target(12), Some(Target::Original));
        assert_eq!(target(21), Some(Target::Category(CategoryId(5))));

        world.restart_worker_with("defaultcategorychecked", "0").await;
        world.show(&browser, "teacher1", "").await;
        browser.script("localStorage.clear()", &[]).await;
        browser.driver.refresh().await.unwrap();
        browser.press("Quantum mechanics, QM301, Moodle Sciences").await;
        browser.press("Change").await;
        assert_eq!(browser.value("Where to").await, "Default: Restored courses");

        world.restart_worker_with("restorecourseinoriginalcategory", "0").await;
        browser.driver.refresh().await.unwrap();
        browser.press("Quantum mechanics, QM301, Moodle Sciences").await;
        browser.press("Change").await;
        browser.control("Where to").await;
        let lines = browser.script("return [...document.querySelectorAll('option')].map(o => o.text)", &[]).await;
        assert!(!lines.to_string().contains("Original category"), "switched off, nobody is offered it: {lines}");
    });
}

/// The courses of one world, each of which both teachers teach, by what became of it.
const OUTCOMES: [(i64, &str); 5] =
    [(101, "Waiting one"), (102, "Running one"), (103, "Finished one"), (104, "Failing one"), (105, "Withdrawn one")];

/// `teacher1` asks for all of them, and each comes to its outcome; no tick follows.
async fn reach_every_outcome(world: &World) {
    let owner = world.log_in("teacher1").await;
    world.remotes[0].set(Armed::from(Trap::NotOwner).of_course(104));
    for course in [103, 104] {
        owner.schedule_one(world.choice(0, course)).await;
    }
    world.tick_until_all_end(&[&owner]).await;
    world.remotes[0].clear();
    let withdrawn = owner.schedule_one(world.choice(0, 105)).await;
    owner.post(&Cancel { restore: withdrawn.id.clone() }, &()).await.unwrap();
    world.remotes[0].set(Trap::HangDownload { after: 20_000 });
    let running = owner.schedule_one(world.choice(0, 102)).await;
    world.tick_until(&owner, &running, |restore| restore.bytes > 0).await;
    owner.schedule_one(world.choice(0, 101)).await;
}

/// Waits for the list, then tells which courses have a tick box.
async fn free(browser: &Browser) -> Vec<&'static str> {
    // This one can be chosen whatever became of the others: once it is there, the list is.
    browser.control("Withdrawn one, C105, Moodle Sciences").await;
    let mut free = Vec::new();
    for (id, name) in OUTCOMES {
        if is_there(browser, &format!("{name}, C{id}, Moodle Sciences")).await {
            free.push(name);
        }
    }
    free
}

/// The original's table, but that it forbids what failed, for everybody and for ever; and with several restores allowed
/// it also forbids what a colleague has only scheduled.
#[test]
fn a_course_is_free_or_says_who_has_it_since_when_and_a_failed_one_can_be_chosen_again() {
    run(async {
        let pace = Pace { patience: Duration::from_mins(10), ..Pace::default() };
        let options = Options::default().pace(pace).remotes(vec![courses_of(&OUTCOMES, &["teacher1", "teacher2"])]);
        let mut world = World::start(options).await;
        reach_every_outcome(&world).await;
        let browser = world.open_page("teacher1", "").await;
        assert_eq!(free(&browser).await, ["Failing one", "Withdrawn one"]);
        browser.row_says("Waiting one", "Scheduled ·").await;
        browser.row_says("Running one", "Step 2 of 3: copying").await;
        browser.row_says("Finished one", "Restored today").await;
        browser.row_says("Finished one", "in Physics").await;
        browser.row_says("Failing one", "You no longer teach this course on Moodle Sciences.").await;
        world.show(&browser, "teacher2", "").await;
        assert_eq!(free(&browser).await, ["Failing one", "Withdrawn one"]);
        browser.row_says("Waiting one", "Programmé par Marie Curie").await;
        browser.row_says("Running one", "Programmé par Marie Curie").await;
        browser.row_says("Finished one", "Restauré par Marie Curie aujourd'hui").await;
        for name in ["Failing one", "Withdrawn one"] {
            assert!(!browser.row(name).await.contains("Marie"), "{name}: what came to nothing is nobody's business");
        }

        world.remotes[0].clear();
        world.restart_worker_with("onlyoneremoteinstance", "0").await;
        world.show(&browser, "teacher2", "").await;
        assert_eq!(free(&browser).await, OUTCOMES.map(|(_, name)| name));
        browser.row_says("Waiting one", "Programmé par Marie Curie").await;
        browser.row_says("Finished one", "Restauré par Marie Curie aujourd'hui").await;
        world.show(&browser, "teacher1", "").await;
        assert_eq!(free(&browser).await, ["Finished one", "Failing one", "Withdrawn one"]);

        // Once more, and the failed one anew.
        for name in ["Finished one, C103", "Failing one, C104"] {
            browser.press(&format!("{name}, Moodle Sciences")).await;
        }
        browser.press("Restore 2 courses").await;
        browser.sees("Scheduled ·").await;
        let owner = world.log_in("teacher1").await;
        world.tick_until_all_end(&[&owner]).await;
        let restored: Vec<_> = owner.restores().await.into_iter().filter(|r| r.status == Status::Restored).collect();
        let of = |course: i64| restored.iter().filter(|r| r.remote_course.0 == course).count();
        assert_eq!((of(103), of(104)), (2, 1));
        for restore in &restored {
            world.arrived(&restore.id);
        }
    });
}

/// `14:05`, by a clock of UTC.
fn clock(at: i64) -> String {
    format!("{:02}:{:02}", at / 3_600 % 24, at / 60 % 60)
}

#[test]
fn a_waiting_restore_says_when_and_where_to_and_can_be_moved_and_withdrawn() {
    run(async {
        let world = World::start(Options::default().set("settle_seconds", "3000").set("timezone", "UTC")).await;
        world.client.change(|site| "UTC".clone_into(&mut site.timezone));
        let browser = world.open_page("teacher1", "").await;
        browser.press(MECHANICS).await;
        browser.press("Restore 1 course").await;
        browser.row_says("Classical mechanics", "to Physics").await;
        let api = world.log_in("teacher1").await;
        let waiting = api.restores().await.remove(0);
        let expected = clock(waiting.expected.expect("when it starts").0);
        browser.row_says("Classical mechanics", &expected).await;

        browser.press("Change category: Classical mechanics").await;
        browser.choose("New category for Classical mechanics", "Sciences / Chemistry").await;
        browser.press("Change").await;
        browser.row_says("Classical mechanics", "to Chemistry").await;
        assert_eq!(api.restore(&waiting.id).await.target, Target::Category(CategoryId(5)));

        browser.press("Cancel: Classical mechanics").await;
        browser.row_says("Classical mechanics", "Cancelled today").await;
        assert_eq!(api.restore(&waiting.id).await.status, Status::Cancelled);
        // It is free again, and can be withdrawn where it was chosen too.
        browser.press("Find courses").await;
        browser.control(MECHANICS).await;
        browser.press(HISTORY).await;
        browser.press("Restore 1 course").await;
        browser.row_says("Histoire des sciences", "Scheduled").await;
        browser.press("Find courses").await;
        browser.press("Cancel: Histoire des sciences").await;
        browser.control(HISTORY).await;
        world.cron().await;
        assert!(world.client.restored().is_empty(), "nothing that was withdrawn starts");
    });
}

/// A colleague's restore broke the original's page on PHP 8; its button enrolled in any course with manual enrolment.
#[test]
fn a_colleague_is_let_into_a_copy_and_no_restore_of_anybody_breaks_the_page() {
    run(async {
        let mut world = World::start(Options::default()).await;
        let owner = world.log_in("teacher1").await;
        let restore = owner.schedule_one(world.choice(0, 11)).await;
        world.tick_until(&owner, &restore, |restore| restore.status == Status::Restored).await;
        let browser = world.open_page("teacher2", "").await;
        browser.row_says("Optique", "Restauré par Marie Curie aujourd'hui").await;
        assert!(!is_there(&browser, "M'inscrire : Optique").await, "switched off, it is not offered");
        assert!(is_there(&browser, "General chemistry, CHEM110, Moodle Sciences").await);

        world.restart_worker_with("enrollbutton", "1").await;
        world.show(&browser, "teacher2", "").await;
        browser.press("M'inscrire : Optique").await;
        browser.press("Ouvrir le cours : Optique").await;
        browser.press("Participants").await;
        browser.row_says("Irène Joliot-Curie", "Teacher").await;
        world.show(&browser, "teacher2", "").await;
        browser.control("Ouvrir le cours : Optique").await;
        assert!(!is_there(&browser, "M'inscrire : Optique").await, "already enrolled");

        let erase = PersonRequest { userid: UserId(world.client.user("teacher1").unwrap().id) };
        owner.with_token(&world.service_token(json!({}))).post(&ErasePerson, &erase).await.unwrap();
        world.show(&browser, "teacher2", "").await;
        browser.row_says("Optique", "Restauré par un ancien utilisateur").await;
        browser.control("General chemistry, CHEM110, Moodle Sciences").await;
    });
}

#[test]
fn a_moodle_taken_out_of_the_configuration_leaves_its_rows_with_its_name_and_the_reason() {
    run(async {
        let mut world = World::learnt(Options::default()).await;
        let api = world.log_in("teacher1").await;
        let (lost, kept) = (api.schedule_one(world.choice(0, 12)).await, api.schedule_one(world.choice(1, 21)).await);
        let only_second = world.remotes[1].external_moodle();
        world.restart_worker_with("EXTERNAL_MOODLES", &only_second).await;
        world.tick_until_all_end(&[&api]).await;
        let lost = api.restore(&lost.id).await;
        assert_eq!((lost.status, lost.error()), (Status::Failed, Some(ErrorCode::RemoteUnconfigured)));
        assert_eq!(api.restore(&kept.id).await.status, Status::Restored);
        let browser = world.open_page("teacher1", "#restores").await;
        browser.row_says("Classical mechanics", "MECH201 · Moodle Sciences").await;
        browser.row_says("Classical mechanics", "This Moodle is no longer connected. Ask support.").await;
    });
}

#[test]
fn dates_numbers_and_plurals_are_french_for_who_reads_french() {
    run(async {
        let world = World::start(Options::default()).await;
        let browser = world.open_page("teacher2", "").await;
        browser.press("General chemistry, CHEM110, Moodle Sciences").await;
        browser.sees("1 cours vers").await;
        browser.sees("début sept. 2025").await;
        browser.press("Anatomie I, ANAT1, Moodle Médecine").await;
        browser.sees("2 cours vers").await;
        browser.press("Restaurer 2 cours").await;
        browser.row_says("Anatomie I", "Programmé · commence dans quelques minutes").await;
        let api = world.log_in("teacher2").await;
        world.tick_until_all_end(&[&api]).await;
        browser.driver.refresh().await.unwrap();
        browser.row_says("Anatomie I", "Restauré aujourd'hui à").await;
        let row = browser.row("Anatomie I").await;
        let (_, clock) = row.split_once("aujourd'hui à ").expect("when");
        let hour = clock.split_whitespace().nth(1);
        assert_eq!(hour, Some("h"), "20 h 12, not 20:12: {row}");
        browser.press("Détails : Anatomie I").await;
        browser.row_says("Anatomie I", "Taille de la sauvegarde").await;
        let size = browser.row("Anatomie I").await;
        assert!(size.contains(" ko") && !size.contains(" kB"), "{size}");
    });
}

/// An hour of the day, so many hours from now, as settings write it.
fn hour(later: i64) -> String {
    format!("{:02}:00", (now() / 3_600 + later) % 24)
}

/// The original refused 06:00 to 24:00 when set to 20:00–06:00, and let 00:30 through when set to 01:00–05:00.
#[test]
fn the_window_is_said_in_words_and_who_may_start_now_does_so_outside_it() {
    run(async {
        // Closed now, for the next hours; mostly it is one over midnight.
        let (start, end) = (hour(6), hour(-1));
        let options = Options::default().set("timezone", "UTC").set("timelimitedmod", "1");
        let mut world = World::start(options.set("limitstart", &start).set("limitend", &end)).await;
        world.client.change(|site| "UTC".clone_into(&mut site.timezone));
        world.make_manager("teacher4");
        let opens = (now() / 3_600 + 6) * 3_600;
        let day = match (opens / 86_400 - now() / 86_400, opens / 3_600 % 24) {
            (0, 18..) => "tonight",
            (0, _) => "today",
            _ => "tomorrow",
        };
        let browser = world.open_page("teacher1", "").await;
        browser.press(MECHANICS).await;
        browser.sees(&format!("· {day} {start}–{end}")).await;
        browser.press("Change").await;
        browser.sees(&format!("Starts {day} between {start} and {end}.")).await;
        assert!(!is_there(&browser, "Start now, outside the usual hours").await);
        browser.press("Restore 1 course").await;
        browser.row_says("Classical mechanics", &format!("Scheduled · {day}, {start}–{end}")).await;

        world.show(&browser, "teacher4", "").await;
        browser.press("Statistics & error < 5 %, STAT120, Moodle Sciences").await;
        browser.press("Change").await;
        browser.choose("Where to", "Medicine").await;
        browser.press("Start now, outside the usual hours").await;
        browser.sees("Starts now.").await;
        browser.press("Restore 1 course").await;
        browser.row_says("Statistics & error", "Scheduled · starts within minutes").await;
        let (teacher, manager) = (world.log_in("teacher1").await, world.log_in("teacher4").await);
        world.tick_until_all_end(&[&manager]).await;
        assert_eq!(manager.restores().await[0].status, Status::Restored);
        assert_eq!(teacher.restores().await[0].status, Status::Scheduled, "it waits for its hour");

        let close = hour(3);
        for (start, end, words) in [
            (hour(-1), close.clone(), format!("Starts now; restores run until {close}.")),
            // The same time twice is always.
            (hour(6), hour(6), "Starts now.".to_owned()),
        ] {
            world.set("limitstart", &start);
            world.restart_worker_with("limitend", &end).await;
            world.show(&browser, "teacher1", "").await;
            browser.press("Quantum mechanics, QM301, Moodle Sciences").await;
            browser.press("Change").await;
            browser.sees(&words).await;
        }
        world.tick_until_all_end(&[&teacher]).await;
        assert_eq!(teacher.restores().await[0].status, Status::Restored, "what waited goes on by itself");
    });
}

#[test]
fn the_nights_limits_are_said_with_their_numbers_before_and_after_the_press() {
    run(async {
        let options = Options::default().set("max_per_person_per_night", "2").set("max_per_night", "3");
        let world = World::start(options.set("settle_seconds", "600")).await;
        let browser = world.open_page("teacher1", "").await;
        for course in [MECHANICS, HISTORY, "Optics, OPT101, Moodle Sciences"] {
            browser.press(course).await;
        }
        browser.sees("You may schedule 2 more for one night: leave 1 out.").await;
        browser.press("Restore 3 courses").await;
        assert!(world.log_in("teacher1").await.restores().await.is_empty(), "nothing is sent that would be refused");
        browser.press("Optics, OPT101, Moodle Sciences").await;
        browser.press("Restore 2 courses").await;
        browser.row_says("Classical mechanics", "Scheduled").await;

        world.log_in("teacher2").await.schedule_one(world.choice(0, 14)).await;
        world.show(&browser, "creator", "").await;
        browser.press("Philosophie de la connaissance, PHILO, Moodle Lettres").await;
        browser.press("Restaurer 1 cours").await;
        browser.sees("1 cours n'a pas été programmé :").await;
        browser.sees("Le site a atteint son nombre de restaurations pour une nuit (3).").await;
        browser.sees("Programmez le reste demain.").await;
    });
}
