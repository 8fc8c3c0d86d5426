//! First steps: whoever sets Courseferry up is told what comes next, until the first course has come.

use crate::harness::{Browser, Options, World, courses_of, root, run};
use courseferry_api::{GetReadiness, Status};
use courseferry_tests::remote::Trap;

/// What a browser gets at the Worker's own address: its status and the page.
async fn front(world: &World, language: &str) -> (u16, String) {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let request = client.get(&world.worker.origin).header("accept-language", language);
    let answer = request.send().await.expect("the Worker answers");
    (answer.status().as_u16(), answer.text().await.unwrap())
}

/// A world with one remote, on which one person teaches one course.
pub async fn begun(teacher: &str, options: Options) -> World {
    let mut remote = courses_of(&[(101, "A first course")], &[teacher]);
    remote.usernames = vec![teacher.to_owned()];
    let world = World::start(options.remotes(vec![remote])).await;
    world.cron().await;
    world
}

#[test]
fn a_worker_that_lacks_secrets_tells_the_next_step_at_its_own_address_without_showing_anything() {
    run(async {
        let mut world = World::start(Options::default()).await;
        assert_eq!(front(&world, "en").await.0, 302, "to Moodle");
        world.set("CLIENT_TOKEN", "");
        world.restart_worker_with("LAUNCH_KEY", "to be set").await;
        let (status, page) = front(&world, "en").await;
        assert_eq!(status, 503);
        for words in ["Step 1 of 4: Deploy the Worker", "CLIENT_TOKEN", "LAUNCH_KEY", "cargo xtask deploy"] {
            assert!(page.contains(words), "{words} in {page}");
        }
        assert!(!page.contains(world.client.address()), "nothing of the site: {page}");
        assert!(front(&world, "fr").await.1.contains("Étape 1 sur 4\u{a0}: Déployez le Worker"));
        let browser = Browser::open().await;
        browser.go(&world.worker.origin).await;
        browser.sees("Connect another Moodle").await;
        browser.picture(&root("target/shots/first-steps-worker.png")).await;
    });
}

#[test]
fn an_administrator_is_led_by_checked_steps_to_the_first_course() {
    run(async {
        let mut world = begun("admin", Options::default().set("EXTERNAL_MOODLES", ";")).await;
        // The value that a deployment gives to secrets that nobody has set.
        world.restart_worker_with("EXTERNAL_MOODLES", "to be set").await;
        let browser = world.open_page("admin", "#manage").await;
        browser.sees("Step 3 of 4: Connect another Moodle").await;
        browser.sees("No other Moodle is connected yet.").await;
        browser.sees("cargo xtask secret remote https://moodle.example.org").await;
        browser.control("Copy the command").await;
        assert!(!browser.text().await.contains("All is well"), "nothing is connected");
        assert_eq!(browser.axe().await, Vec::<String>::new());

        let list = world.remotes[0].external_moodle();
        world.restart_worker_with("EXTERNAL_MOODLES", &list).await;
        world.remotes[0].set(Trap::BadToken);
        browser.press("Check the steps again").await;
        browser.sees("refuses our access token").await;
        browser.sees(&format!("cargo xtask secret remote {}", world.remotes[0].address())).await;
        browser.picture(&root("target/shots/first-steps.png")).await;
        world.remotes[0].clear();
        browser.press("Check the steps again").await;
        browser.sees("Step 4 of 4: Restore one course as a test").await;

        // With the keyboard alone.
        let enter = "\u{e007}";
        browser.control("Find my courses there").await.send_keys(enter).await.unwrap();
        browser.sees("A first course (C101)").await;
        browser.row_says("Moodle Sciences lists your courses", "Done:").await;
        browser.control("Restore it as a test").await.send_keys(enter).await.unwrap();
        browser.row_says("The restore is scheduled", "Done:").await;
        browser.row_says("Moodle Sciences makes a backup", "Being done:").await;
        assert_eq!(browser.focus().await, "Restore it as a test", "the focus stays where it was");
        let admin = world.log_in("admin").await;
        world.tick_until_all_end(&[&admin]).await;
        browser.row_says("The course is restored here", "Done:").await;
        browser.sees("All steps are done.").await;
        browser.row_says("C101", "Restored").await;
        browser.control("Open course").await;
        assert_eq!(browser.axe().await, Vec::<String>::new());
        browser.picture(&root("target/shots/first-steps-done.png")).await;
        let steps = admin.get(&GetReadiness).await.expect("the checks").steps;
        assert_eq!(steps, [], "a site that works is not told how to begin");
    });
}

#[test]
fn a_test_that_fails_says_why_at_the_step_that_failed_in_the_readers_language_on_a_phone() {
    run(async {
        let world = begun("creator", Options::default()).await;
        world.make_manager("creator");
        let browser = Browser::open().await;
        browser.resize(375, 1_200).await;
        world.show(&browser, "creator", "#manage").await;
        browser.press("Vérifier de nouveau les étapes").await;
        browser.sees("Étape 4 sur 4 : Restaurez un cours à titre d'essai").await;
        world.remotes[0].set(Trap::NotOwner);
        browser.press("Chercher mes cours").await;
        browser.press("Le restaurer à titre d'essai").await;
        browser.row_says("La restauration est programmée", "Fait :").await;
        let api = world.log_in("creator").await;
        world.tick_until_all_end(&[&api]).await;
        assert_eq!(api.restores().await[0].status, Status::Failed, "an ordinary restore of their own");
        browser.row_says("fait une sauvegarde", "Échec :").await;
        browser.row_says("fait une sauvegarde", "Vous n'enseignez plus ce cours").await;
        assert!(!browser.row("Le cours est restauré ici").await.contains("Fait"), "not reached");
        assert_eq!(browser.axe().await, Vec::<String>::new());
        let wide = "return document.documentElement.scrollWidth <= innerWidth";
        assert_eq!(browser.script(wide, &[]).await, true, "no sideways scroll");
        browser.picture(&root("target/shots/first-steps-phone.png")).await;

        // Somebody who teaches nothing there is told so at the first step.
        world.show(&browser, "admin", "#manage").await;
        browser.press("Check the steps again").await;
        browser.press("Find my courses there").await;
        browser.row_says("lists your courses", "Failed:").await;
    });
}
