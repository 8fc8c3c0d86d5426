//! Can restores work? The Manage page, `/health` and `cargo xtask doctor` name what is wrong, each with its remedy.

use crate::harness::{Api, Browser, Options, World, prepared, root, run, until};
use courseferry_api::{
    Check, CheckConnection, CheckState, ConnectionCheck, ErrorCode, GetOverview, GetReadiness, Health, Language,
    Overview, Peer, RefreshQuery, Status, TryAgain, TryRemote, meaning,
};
use courseferry_tests::{client::ClientTrap, remote::Trap};
use serde_json::json;
use tokio::process::Command;

const HOUR: i64 = 3_600;

/// A world in which all is well and whose remotes have been asked, and an administrator.
async fn well() -> (World, Api) {
    let world = World::start(Options::default()).await;
    let (teacher, admin) = (world.log_in("teacher1").await, world.log_in("admin").await);
    for n in 0..world.remotes.len() {
        teacher.courses(world.remote(n)).await;
    }
    world.cron().await;
    (world, admin)
}

/// All checks, made anew.
async fn checked(admin: &Api) -> Vec<Check> {
    admin.find(&GetReadiness, &RefreshQuery { refresh: true }).await.expect("the checks").checks
}

fn found<'a>(checks: &'a [Check], code: &str) -> &'a Check {
    checks.iter().find(|check| check.code == code).unwrap_or_else(|| panic!("no {code} in {checks:#?}"))
}

/// What a monitor sees: status, text, and what it says.
async fn health(world: &World) -> (u16, String, Health) {
    let answer = reqwest::get(format!("{}/health", world.worker.origin)).await.unwrap();
    let (status, text) = (answer.status().as_u16(), answer.text().await.unwrap());
    let health = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error} in {text}"));
    (status, text, health)
}

/// The doctor's words, and whether it found everything in order.
async fn doctor(world: &World) -> (bool, String) {
    let mut doctor = Command::new(prepared("COURSEFERRY_XTASK"));
    doctor.args(["doctor", "--worker", &world.worker.origin]).env("CARGO_MANIFEST_DIR", root("xtask"));
    let output = doctor.output().await.expect("the doctor comes");
    let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    (output.status.success(), text)
}

#[test]
fn where_all_is_well_page_monitor_and_doctor_say_so() {
    run(async {
        let (world, admin) = well().await;
        let checks = checked(&admin).await;
        assert!(checks.iter().all(|check| check.state == CheckState::Ok), "{checks:#?}");
        assert_eq!(found(&checks, "moodle.widget_seen").message, "1 of 2 teachers see the widget.");
        assert_eq!(found(&checks, "moodle.cron").message, "Moodle's cron last ran just now.");
        let overview: Overview = admin.get(&GetOverview).await.unwrap();
        assert!(overview.peers[0].last_success.is_some(), "asking counts as an answer of the client");
        for code in ["worker.configuration", "worker.database", "worker.cron", "client.answers", "remote.answers"] {
            found(&checks, code);
        }
        assert_eq!(checks.iter().filter(|check| check.code == "remote.answers").count(), 3);
        let (status, text, _) = health(&world).await;
        assert_eq!((status, text.as_str()), (200, r#"{"ok":true,"broken":[],"to_check":[]}"#));
        let (ok, said) = doctor(&world).await;
        assert!(ok && !said.contains(['✗', '!', '→']), "{said}");
        for line in ["The Worker finds nothing wrong", "The widget's files are there", "The block is installed"] {
            assert!(said.contains(&format!("✓ {line}")), "{line}: {said}");
        }
    });
}

#[test]
fn what_is_wrong_in_moodle_is_named_with_its_remedy_in_the_readers_language() {
    run(async {
        let (world, admin) = well().await;
        world.client.change(|site| {
            site.cron_ago = 3 * HOUR;
            site.original_block = true;
            site.on_dashboard = false;
            site.user_named("teacher1").unwrap().assignments.clear();
        });
        world.set_language("manager", "fr");
        let checks = checked(&admin).await;
        for (code, state, message, remedy) in [
            ("moodle.cron", CheckState::Broken, "Moodle's cron last ran 3 h ago.", "php admin/cli/cron.php"),
            ("moodle.widget_seen", CheckState::Broken, "0 of 2 teachers see the widget.", "cli/install.php --role"),
            ("moodle.may_restore", CheckState::Broken, "0 of 2 teachers may restore", "moodle/course:create"),
            ("moodle.original_block", CheckState::Broken, "both share the one backup slot per user", "cli/migrate.php"),
            ("moodle.dashboard", CheckState::ToCheck, "does not stand on the default dashboard", "Default Dashboard"),
        ] {
            let check = found(&checks, code);
            assert_eq!(check.state, state, "{check:?}");
            assert!(check.message.contains(message) && check.advice.contains(remedy), "{check:?}");
        }
        let french = checked(&world.log_in("manager").await).await;
        assert_eq!(
            found(&french, "moodle.cron").message,
            "Le cron de Moodle a tourné pour la dernière fois il y a 3 h."
        );
        assert!(found(&french, "moodle.cron").advice.contains("Administration du site ▸ Serveur"));

        let (status, text, health) = health(&world).await;
        assert_eq!((status, health.ok), (503, false));
        assert!(health.broken.contains(&"moodle.original_block".to_owned()), "{text}");
        assert_eq!(health.to_check, ["moodle.dashboard"]);
        assert!(!text.contains("Campus") && !text.contains("127.0.0.1"), "no names and no values: {text}");

        let (ok, said) = doctor(&world).await;
        assert!(!ok && said.contains("4 things are broken"), "{said}");
        let (sentence, advice) = meaning("moodle.cron", Language::English).unwrap();
        assert!(said.contains(&format!("✗ {sentence} (moodle.cron)\n    → {advice}")), "{said}");
    });
}

#[test]
fn a_companion_too_old_to_tell_is_to_be_upgraded_and_nothing_else_is_wrong() {
    run(async {
        let (world, admin) = well().await;
        let function = || "get_readiness".to_owned();
        for old in
            [ClientTrap::NoFunction { function: function() }, ClientTrap::OutsideService { function: function() }]
        {
            world.client.clear();
            world.client.set(old, None);
            let checks = checked(&admin).await;
            let companion = found(&checks, "moodle.companion");
            assert_eq!(companion.state, CheckState::ToCheck);
            for remedy in ["admin/cli/upgrade.php", "cli/install.php"] {
                assert!(companion.advice.contains(remedy), "{companion:?}");
            }
            assert_eq!(found(&checks, "client.answers").state, CheckState::Ok);
            assert!(checks.iter().all(|check| check.state != CheckState::Broken), "{checks:#?}");
            assert!(health(&world).await.2.ok);
        }
    });
}

#[test]
fn a_block_that_this_worker_does_not_speak_to_is_told_so_where_its_connection_is_tested() {
    run(async {
        let (world, admin) = well().await;
        let check = async |version: &str| {
            let companion = admin.with_token(&world.service_token(json!({})));
            let (wwwroot, version) = (world.client.address().to_owned(), version.to_owned());
            companion.post(&CheckConnection, &ConnectionCheck { wwwroot, version }).await
        };
        let error = check("2020010100").await.expect_err("too old");
        assert_eq!(error.code(), ErrorCode::ClientPluginTooOld);
        assert!(check("2099010100").await.unwrap().ok);
        assert!(check("").await.unwrap().ok, "blocks that do not tell it here are looked at when a restore begins");
    });
}

#[test]
fn a_moodle_that_cannot_be_used_is_told_by_what_it_answers() {
    run(async {
        let (world, admin) = well().await;
        for (trap, code, words) in [
            (ClientTrap::Html, ErrorCode::ClientNotMoodle, "it answers with a web page (HTTP 200)"),
            (ClientTrap::BadToken, ErrorCode::ClientBadToken, "it does not know the token"),
            (ClientTrap::NotInstalled, ErrorCode::ClientPluginMissing, "it does not have the plugin"),
        ] {
            world.client.clear();
            world.client.set(trap, None);
            let checks = checked(&admin).await;
            let client = found(&checks, "client.answers");
            assert_eq!((client.state, client.error), (CheckState::Broken, Some(code)));
            assert!(client.message.contains(words) && !client.advice.is_empty(), "{client:?}");
            // Only a monitor can report it: messages to administrators go through this Moodle.
            let (status, text, health) = health(&world).await;
            assert_eq!((status, health.broken), (503, vec![code.as_str().to_owned()]), "{text}");
        }
    });
}

#[test]
fn moodle_is_asked_again_only_after_a_while_or_when_somebody_wants_it() {
    run(async {
        let (world, admin) = well().await;
        let asked = || world.client.calls().iter().filter(|call| call.function == "get_readiness").count();
        for _ in 0..3 {
            health(&world).await;
            admin.get(&GetReadiness).await.unwrap();
        }
        assert_eq!(asked(), 1);
        checked(&admin).await;
        assert_eq!(asked(), 2);
        let teacher = world.log_in("teacher1").await;
        let error = teacher.get(&GetReadiness).await.expect_err("for administrators");
        assert_eq!(error.code(), ErrorCode::AccessDenied);
    });
}

#[test]
fn a_monitor_is_told_every_wrong_setting_and_a_cron_that_does_not_tick() {
    run(async {
        let mut world = World::start(Options::default()).await;
        assert!(health(&world).await.2.to_check.contains(&"worker.cron".to_owned()));
        world.cron().await;
        assert!(!health(&world).await.2.to_check.contains(&"worker.cron".to_owned()));
        world.restart_worker_with("limitstart", "noon").await;
        world.restart_worker_with("SESSION_KEY", "").await;
        let (status, text, health) = health(&world).await;
        let mut broken = health.broken.clone();
        broken.sort_unstable();
        assert_eq!((status, broken), (503, vec!["config.invalid".to_owned(), "config.missing".to_owned()]), "{text}");
        assert!(!text.contains("noon") && !text.contains("limitstart"), "no names and no values: {text}");
        let (ok, said) = doctor(&world).await;
        assert!(!ok && said.contains("A setting or secret of the Worker is missing or wrong."), "{said}");
        assert!(said.contains("wrangler tail"), "{said}");
    });
}

#[test]
fn a_refused_backup_stays_in_sight_although_the_remote_lists_courses_again() {
    run(async {
        let (world, admin) = well().await;
        let teacher = world.log_in("teacher1").await;
        let restore = teacher.schedule_one(world.choice(0, 12)).await;
        world.remotes[0].set(Trap::NoCapability);
        world.cron().await;
        world.remotes[0].clear();
        teacher.courses(world.remote(0)).await;
        let overview: Overview = admin.get(&GetOverview).await.unwrap();
        let peer = overview.peers.into_iter().find(|peer| peer.remote.as_ref() == Some(world.remote(0))).unwrap();
        assert_eq!(peer.problem, None, "it answered since");
        assert_eq!(peer.refused.map(|refused| refused.problem.code), Some(ErrorCode::RemoteNoCapability));
        assert!(health(&world).await.2.to_check.contains(&"remote.no_capability".to_owned()));

        // Only a backup shows that the remote gives backups again: until its next probe, minutes later, the row waits.
        teacher.post(&TryAgain { restore: restore.id.clone() }, &()).await.unwrap();
        world.cron().await;
        let row = teacher.restore(&restore.id).await;
        let held = row.held.as_ref().map(|held| held.problem.code);
        assert_eq!((row.status, held), (Status::Scheduled, Some(ErrorCode::RemoteNoCapability)), "{row:?}");
        // An administrator who has mended it need not wait for the next probe.
        admin.post(&TryRemote { remote: world.remote(0).clone() }, &()).await.expect("it is tried");
        world.tick_until_all_end(&[&teacher]).await;
        let overview: Overview = admin.get(&GetOverview).await.unwrap();
        assert_eq!(teacher.restore(&restore.id).await.status, Status::Restored);
        let past = |peer: &Peer| peer.refused.is_none() && peer.held.is_none();
        assert!(overview.peers.iter().all(past), "a restore from it arrived");
    });
}

#[test]
fn the_doctor_names_the_directive_and_what_to_write_into_it() {
    run(async {
        let (world, _) = well().await;
        world.client.change(|site| {
            site.policy = Some("default-src 'self'; script-src 'self' 'unsafe-inline'; style-src *".to_owned());
        });
        let (ok, said) = doctor(&world).await;
        let worker = &world.worker.origin;
        assert!(!ok, "{said}");
        for line in [
            &format!("✗ The Content-Security-Policy blocks the widget: connect-src lacks {worker}."),
            &format!("The whole directive: connect-src 'self' {worker};"),
            &format!("→ Add {worker} 'wasm-unsafe-eval' to script-src."),
        ] {
            assert!(said.contains(line), "{line}\n{said}");
        }
        // What it says to write is what a browser wants.
        let written = said.lines().filter_map(|line| line.split_once("The whole directive: "));
        let directives: Vec<_> = written.map(|(_, directive)| directive).collect();
        let policy = format!("default-src 'self'; style-src *; {}", directives.join(" "));
        world.client.change(|site| site.policy = Some(policy));
        assert!(doctor(&world).await.0);
        let browser = Browser::open().await;
        world.browse(&browser, "teacher1").await;
        browser.go(&world.page()).await;
        browser.sees("Classical mechanics").await;
    });
}

#[test]
fn an_administrator_reads_what_is_wrong_mends_it_and_sees_it_well() {
    run(async {
        let (world, admin) = well().await;
        world.client.change(|site| site.cron_ago = 3 * HOUR);
        checked(&admin).await;
        let browser = Browser::open().await;
        world.browse(&browser, "admin").await;
        browser.go(&format!("{}#manage", world.page())).await;
        // The last list to load: nothing below it moves afterwards.
        browser.sees("0 restores found").await;
        browser.sees("Readiness").await;
        browser.sees("Moodle's cron last ran 3 h ago.").await;
        browser.sees("Something does not work and needs you:").await;
        browser.sees("On Moodle's server have php admin/cli/cron.php run every minute").await;
        assert_eq!(browser.axe().await, Vec::<String>::new());
        world.client.change(|site| site.cron_ago = 0);
        // Bootstrap scrolls smoothly, and the driver presses where the button is on its way.
        browser.script("document.documentElement.style.scrollBehavior = 'auto'", &[]).await;
        browser.press("Check again").await;
        browser.sees("Moodle's cron last ran just now.").await;
        // The verdict above says the same as the list.
        until("the old verdict to go", 15, async || (!browser.text().await.contains("3 h ago")).then_some(())).await;
        assert_eq!(browser.focus().await, "Check again", "the focus stays where it was");
    });
}

#[test]
fn a_previous_key_that_is_still_believed_is_named_until_it_is_deleted() {
    run(async {
        let (mut world, admin) = well().await;
        world.restart_worker_with("LAUNCH_KEY_PREVIOUS", "the launch key before the one that is used now").await;
        let check = found(&checked(&admin).await, "worker.previous_key").clone();
        assert_eq!(check.state, CheckState::ToCheck);
        assert!(check.message.contains("LAUNCH_KEY_PREVIOUS") && !check.message.contains("SESSION_KEY"), "{check:?}");
        assert!(check.advice.contains("secret delete LAUNCH_KEY_PREVIOUS"), "{check:?}");
        assert!(!world.everything_said().contains("the launch key before"), "its value is shown");
        let (_, text, health) = health(&world).await;
        assert!(health.to_check.contains(&"worker.previous_key".to_owned()), "{text}");
        world.restart_worker_with("LAUNCH_KEY_PREVIOUS", "").await;
        assert!(checked(&admin).await.iter().all(|check| check.code != "worker.previous_key"));
    });
}
