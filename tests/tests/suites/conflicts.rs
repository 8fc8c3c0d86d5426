//! Two people, or one in two places, who want opposite things at once: the database decides, and both see the truth.
//! The same races over the API alone are in `queue`.

use crate::harness::{Browser, Options, World, run, until};
use courseferry_api::{Phase, Status};
use courseferry_tests::{
    client::{ClientTrap, Stage},
    remote::Trap,
};

#[test]
fn of_two_who_press_at_once_for_one_course_one_has_it_and_the_other_is_told_by_whom() {
    run(async {
        let world = World::start(Options::default().set("settle_seconds", "600")).await;
        let (one, other) = (Browser::open().await, Browser::open().await);
        world.show(&one, "teacher1", "").await;
        world.show(&other, "teacher2", "").await;
        one.press("Optics, OPT101, Moodle Sciences").await;
        other.press("Optique, OPT101, Moodle Sciences").await;
        let (first, second) = (one.control("Restore 1 course").await, other.control("Restaurer 1 cours").await);
        let (pressed, too) = futures::join!(first.click(), second.click());
        pressed.and(too).expect("both press");

        let (mine, theirs) = (world.log_in("teacher1").await, world.log_in("teacher2").await);
        let (had, told) = until("an answer for each", 15, async || {
            let had = (one.text().await, other.text().await);
            let in_english = had.0.contains("Scheduled ·") && had.1.contains("1 cours n'a pas été programmé :");
            let in_french = had.1.contains("Programmé ·") && had.0.contains("1 course was not scheduled:");
            in_english.then(|| ("teacher1", had.1.clone())).or(in_french.then(|| ("teacher2", had.0.clone())))
        })
        .await;
        let (reason, who) = match had {
            "teacher1" => ("Ce cours est déjà programmé ou restauré. Par Marie Curie,", [1, 0]),
            _ => ("This course is already scheduled or restored. By Irène Joliot-Curie,", [0, 1]),
        };
        assert!(told.contains(reason), "{told}");
        assert_eq!([mine.restores().await.len(), theirs.restores().await.len()], who, "the database has one");
    });
}

#[test]
fn of_two_who_do_opposite_things_to_one_row_the_first_is_obeyed_and_the_second_is_shown_what_is_true() {
    run(async {
        let world = World::start(Options::default().set("settle_seconds", "3000")).await;
        let api = world.log_in("teacher1").await;
        let (teacher, admin) = (Browser::open().await, Browser::open().await);
        let row = api.schedule_one(world.choice(0, 12)).await;
        world.show(&teacher, "teacher1", "#restores").await;
        teacher.press("Change category: Classical mechanics").await;
        teacher.choose("New category for Classical mechanics", "Sciences / Chemistry").await;
        world.show(&admin, "admin", "#manage").await;
        admin.press("Cancel: Classical mechanics").await;
        admin.row_says("Classical mechanics", "Cancelled today").await;

        // The teacher's page does not know it yet.
        teacher.press("Change").await;
        teacher.sees("This restore has changed meanwhile.").await;
        teacher.row_says("Classical mechanics", "Cancelled today").await;
        assert_eq!(api.restore(&row.id).await.target, row.target, "nothing was moved");

        // And the other way round: the teacher withdraws what an administrator wants to move.
        let row = api.schedule_one(world.choice(1, 21)).await;
        world.show(&teacher, "teacher1", "#restores").await;
        world.show(&admin, "admin", "#manage").await;
        admin.press("Change category: Histoire des sciences").await;
        admin.fill("Address or number of the category", "5").await;
        teacher.press("Cancel: Histoire des sciences").await;
        teacher.row_says("Histoire des sciences", "Cancelled today").await;
        admin.press("Change").await;
        admin.row_says("Histoire des sciences", "This restore has changed meanwhile.").await;
        assert_eq!(api.restore(&row.id).await.status, Status::Cancelled);
    });
}

#[test]
fn who_cancels_what_has_gone_on_meanwhile_is_told_that_it_is_too_late_and_sees_it_end() {
    run(async {
        let world = World::start(Options::default()).await;
        world.client.set(ClientTrap::Hold { at: Stage::Restoring }, None);
        let api = world.log_in("teacher1").await;
        let restore = api.schedule_one(world.choice(0, 12)).await;
        let browser = world.open_page("teacher1", "#restores").await;
        let cancel = browser.control("Cancel: Classical mechanics").await;
        // A tab in the background does not poll, so it still shows the state of before.
        let hide = "Object.defineProperty(document, 'visibilityState', {get: () => 'hidden'});
            Object.defineProperty(document, 'hidden', {get: () => true});
            document.dispatchEvent(new Event('visibilitychange', {bubbles: true}))";
        browser.script(hide, &[]).await;
        world.tick_until(&api, &restore, |restore| restore.phase == Some(Phase::Restoring)).await;

        cancel.click().await.unwrap();
        browser.sees("It is too late: the course is being restored.").await;
        world.client.clear();
        world.tick_until(&api, &restore, |restore| restore.status == Status::Restored).await;
        browser.driver.refresh().await.unwrap();
        browser.row_says("Classical mechanics", "Restored today").await;
        world.arrived(&restore.id);

        // Two tabs try one failed restore again: it runs once.
        let (one, other) = (Browser::open().await, Browser::open().await);
        let failed = api.schedule_one(world.choice(1, 21)).await;
        world.remotes[1].set(Trap::NotOwner);
        world.tick_until_all_end(&[&api]).await;
        world.remotes[1].clear();
        world.show(&one, "teacher1", "#restores").await;
        world.show(&other, "teacher1", "#restores").await;
        let again = "Try again: Histoire des sciences";
        let (first, second) = (one.control(again).await, other.control(again).await);
        let (pressed, too) = futures::join!(first.click(), second.click());
        pressed.and(too).expect("both press");
        for tab in [&one, &other] {
            tab.row_says("Histoire des sciences", "Scheduled").await;
        }
        world.tick_until(&api, &failed, |restore| restore.status == Status::Restored).await;
        world.arrived(&failed.id);
    });
}
