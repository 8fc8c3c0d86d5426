//! The widget under people's hands: by keyboard, by ear, in narrow places, in other languages, and when things break.

use crate::harness::{Browser, Options, World, run, until};
use courseferry_api::{Endpoint, OpenSession, Restore, Status};
use courseferry_tests::{
    backup::CourseContent,
    demo,
    remote::{RemoteConfig, RemoteCourse, Trap},
};
use fantoccini::key::Key;
use serde_json::json;
use std::collections::BTreeSet;

const MECHANICS: &str = "Classical mechanics, MECH201, Moodle Sciences";
const STATISTICS: &str = "Statistics & error < 5 %, STAT120, Moodle Sciences";

/// A world whose remotes are known by their names, and a browser in which somebody has a page of the client open.
async fn open(options: Options, username: &str, path: &str) -> (World, Browser) {
    let world = World::learnt(options).await;
    let browser = Browser::open().await;
    world.browse(&browser, username).await;
    browser.go(&format!("{}{path}", world.client.address())).await;
    (world, browser)
}

const PAGE: &str = "/blocks/courseferry/view.php";

/// Presses Tab until the control of that name has the focus.
async fn tab_to(browser: &Browser, name: &str) {
    let mut passed = Vec::new();
    for _ in 0..60 {
        browser.keys(&key(Key::Tab)).await;
        let focus = browser.focus().await;
        if focus == name {
            return;
        }
        passed.push(focus);
    }
    panic!("Tab does not come to \"{name}\", but to {passed:?}");
}

/// Presses Shift and Tab until the control of that name has the focus.
async fn back_to(browser: &Browser, name: &str) {
    let back = [Key::Shift, Key::Tab, Key::Null].map(char::from).iter().collect::<String>();
    for _ in 0..20 {
        browser.keys(&back).await;
        if browser.focus().await == name {
            return;
        }
    }
    panic!("Shift and Tab do not come back to \"{name}\"");
}

fn key(key: Key) -> String {
    char::from(key).to_string()
}

/// Writes down all that the widget's live regions say from now on.
async fn listen(browser: &Browser) {
    let script = "window.said = []; for (const region of document.querySelectorAll('.cf [role=status]'))
        new MutationObserver(() => said.push(region.textContent.trim())).observe(region, {childList: true, characterData: true, subtree: true})";
    browser.script(script, &[]).await;
}

async fn hears(browser: &Browser, text: &str) {
    until(&format!("\"{text}\" to be said"), 15, async || {
        let said = browser.script("return said", &[]).await;
        said.as_array().unwrap().iter().any(|line| line.as_str().unwrap().contains(text)).then_some(())
    })
    .await;
}

#[test]
fn the_narrow_block_lists_restores_and_asks_no_remote_anything() {
    run(async {
        let world = World::start(Options::default()).await;
        let browser = Browser::open().await;
        world.browse(&browser, "teacher1").await;
        browser.go(&format!("{}/my/?block=drawer", world.client.address())).await;
        let find = browser.control("Find courses to restore").await;
        browser.sees("Your restores").await;
        browser.sees("Nothing yet.").await;
        assert!(world.remotes.iter().all(|remote| remote.seen().is_empty()));
        find.click().await.unwrap();
        browser.control("Search your courses").await;
    });
}

/// A remote is known by its host until it has told its name, which it does when it is asked for the first list.
#[test]
fn the_first_visitor_of_all_sees_the_remotes_names_appear_and_goes_on_typing() {
    run(async {
        let world = World::start(Options::default()).await;
        for remote in &world.remotes {
            // Long enough for somebody to begin before the names are there.
            remote.set(Trap::Slow { seconds: 1.5 });
        }
        let browser = Browser::open().await;
        world.browse(&browser, "teacher1").await;
        browser.go(&world.page()).await;
        browser.control("Search your courses").await.send_keys("mecha").await.unwrap();
        for name in ["Moodle Sciences", "Moodle Lettres", "Moodle Médecine"] {
            browser.control(&format!("Refresh the list of {name}")).await;
        }
        assert_eq!(browser.focus().await, "Search your courses");
        assert_eq!(browser.script("return document.activeElement.value", &[]).await, "mecha");
        browser.press(MECHANICS).await;
        browser.sees("1 course to").await;
    });
}

#[test]
fn a_page_without_the_worker_says_so_after_a_while_and_loads_no_longer() {
    run(async {
        let mut world = World::start(Options::default()).await;
        let browser = Browser::open().await;
        world.browse(&browser, "teacher1").await;
        world.kill_worker().await;
        browser.go(&world.page()).await;
        browser.sees("Loading…").await;
        browser.sees("Courseferry does not answer just now. Restores that are under way go on").await;
        assert!(!browser.text().await.contains("Loading…"), "one sentence takes the other's place");
    });
}

#[test]
fn keyboard_alone_finds_two_courses_changes_the_category_restores_them_and_cancels_one() {
    run(async {
        let (world, browser) = open(Options::default().set("settle_seconds", "600"), "teacher1", PAGE).await;
        browser.control(MECHANICS).await;
        listen(&browser).await;

        tab_to(&browser, "Search your courses").await;
        browser.keys("mecha").await;
        hears(&browser, "2 courses").await;
        tab_to(&browser, MECHANICS).await;
        browser.keys(" ").await;
        browser.sees("1 course to").await;
        assert_eq!(browser.focus().await, MECHANICS, "the focus stays where it was");

        browser.script("document.querySelector('input[type=search]').focus()", &[]).await;
        browser.keys(&key(Key::Escape)).await;
        browser.control(STATISTICS).await;
        tab_to(&browser, STATISTICS).await;
        browser.keys(" ").await;
        browser.sees("2 courses to").await;

        tab_to(&browser, "Change").await;
        browser.keys(&key(Key::Enter)).await;
        tab_to(&browser, "Where to").await;
        browser.keys("Sciences / Ch").await;
        back_to(&browser, "Restore 2 courses").await;
        browser.keys(&key(Key::Enter)).await;
        hears(&browser, "2 courses scheduled.").await;
        until("the focus on the list", 5, async || (browser.focus().await == "Your restores").then_some(())).await;

        tab_to(&browser, "Cancel: Classical mechanics").await;
        browser.keys(&key(Key::Enter)).await;
        browser.sees("Cancelled").await;
        hears(&browser, "Classical mechanics is cancelled.").await;
        assert_ne!(browser.focus().await, "BODY");

        let api = world.log_in("teacher1").await;
        let ended: Vec<_> = api.restores().await.iter().map(|r| (r.remote_course.0, r.status, r.target)).collect();
        let chemistry = courseferry_api::Target::Category(courseferry_api::CategoryId(5));
        assert!(ended.contains(&(12, Status::Cancelled, chemistry)), "{ended:?}");
        assert!(ended.contains(&(16, Status::Scheduled, chemistry)), "{ended:?}");
    });
}

#[test]
fn steps_and_ends_are_said_once_and_per_cents_never() {
    run(async {
        let (world, browser) = open(Options::default(), "teacher1", &format!("{PAGE}#restores")).await;
        browser.sees("Nothing yet.").await;
        let api = world.log_in("teacher1").await;
        let good = api.schedule_one(world.choice(0, 12)).await;
        let bad = api.schedule_one(world.choice(1, 21)).await;
        world.remotes[1].set(Trap::NotOwner);
        browser.driver.refresh().await.unwrap();
        browser.sees("Scheduled ·").await;
        listen(&browser).await;
        world.tick_until_all_end(&[&api]).await;
        assert_eq!(
            (api.restore(&good.id).await.status, api.restore(&bad.id).await.status),
            (Status::Restored, Status::Failed)
        );
        // A page that becomes visible polls at once.
        browser.script("document.dispatchEvent(new Event('visibilitychange', {bubbles: true}))", &[]).await;
        hears(&browser, "Classical mechanics is restored.").await;
        hears(&browser, "Histoire des sciences failed.").await;
        let said = browser.script("return said", &[]).await.to_string();
        assert!(!said.contains('%'), "{said}");
        assert_eq!(said.matches("is restored").count(), 1, "{said}");
    });
}

/// Every surface, with something in every part of it.
#[test]
fn axe_finds_nothing_on_any_surface_in_any_state() {
    run(async {
        let (world, browser) = open(Options::default(), "creator", PAGE).await;
        fill_with_every_state(&world, "creator").await;
        let mut found = Vec::new();
        let mut look = async |what: &str| {
            for line in browser.axe().await {
                found.push(format!("{what}: {line}"));
            }
        };
        for (what, path) in [
            ("full page", PAGE.to_owned()),
            ("full page, dark", format!("{PAGE}?theme=dark")),
            ("full page, Bootstrap 4", format!("{PAGE}?bs=4")),
            ("drawer and main", "/my/".to_owned()),
            ("drawer and main, dark", "/my/?theme=dark".to_owned()),
            ("drawer and main, Bootstrap 4", "/my/?bs=4".to_owned()),
        ] {
            browser.go(&format!("{}{path}", world.client.address())).await;
            browser.control("Quantum mechanics, QM301, Moodle Sciences").await.click().await.unwrap();
            browser.find(".cf-bar").await;
            look(what).await;
            if path.starts_with(PAGE) {
                browser.go(&format!("{}{path}#restores", world.client.address())).await;
                browser.driver.refresh().await.unwrap();
                browser.sees("Détails").await;
                browser.script("document.querySelectorAll('.cf-row button').forEach(b => /tails/.test(b.textContent) && b.click())", &[]).await;
                look(&format!("{what}, restores")).await;
            }
        }
        browser.go(&format!("{}/login/logout.php", world.client.address())).await;
        world.browse(&browser, "admin").await;
        for theme in ["", "?theme=dark"] {
            browser.go(&format!("{}{theme}#manage", world.page())).await;
            browser.find(".cf-manage, .cf-tab:not([hidden]) section").await;
            browser.sees("Moodle Lettres").await;
            look(&format!("manage {theme}")).await;
        }
        assert!(found.is_empty(), "{}", found.join("\n"));
    });
}

/// Restores of one person in every state that a screen can show.
async fn fill_with_every_state(world: &World, username: &str) {
    let api = world.log_in(username).await;
    let restored = api.schedule_one(world.choice(2, 32)).await;
    let failed = api.schedule_one(world.choice(1, 24)).await;
    world.remotes[1].set(Trap::NotOwner);
    world.tick_until_all_end(&[&api]).await;
    world.remotes[1].clear();
    assert_eq!(api.restore(&restored.id).await.status, Status::Restored);
    assert_eq!(api.restore(&failed.id).await.status, Status::Failed);
}

/// A course of a hostile name.
fn named(id: i64, fullname: &str) -> RemoteCourse {
    let sciences = demo::sciences();
    let like = sciences.courses[1].clone();
    RemoteCourse {
        content: CourseContent { id, fullname: fullname.to_owned(), shortname: format!("X{id}"), ..like.content },
        ..like
    }
}

#[test]
fn no_name_and_no_width_makes_anybody_scroll_sideways() {
    run(async {
        let mut sciences: RemoteConfig = demo::sciences();
        sciences.courses.push(named(90, &"Unbreakable".repeat(19)));
        sciences.courses.push(named(91, &"الأدب العربي القديم ".repeat(10)));
        let options = Options::default().remotes(vec![sciences, demo::lettres()]);
        let (world, browser) = open(options, "teacher1", PAGE).await;
        let api = world.log_in("teacher1").await;
        for course in [90, 91, 15] {
            api.schedule_one(world.choice(0, course)).await;
        }
        // 320 px by 225 is also what 1280 by 900 leaves at 400 %.
        for (path, width, height) in [
            ("/my/?block=drawer", 1280, 900),
            ("/my/?block=main", 700, 900),
            (PAGE, 320, 900),
            (PAGE, 320, 225),
            ("/blocks/courseferry/view.php#restores", 320, 225),
            (PAGE, 270, 900),
        ] {
            browser.resize(width, height).await;
            browser.go("about:blank").await;
            browser.go(&format!("{}{path}", world.client.address())).await;
            browser.find(".cf-row").await;
            if path == PAGE {
                // A small viewport is emulated, which the driver's own click does not know of.
                let tick = browser.control(MECHANICS).await;
                browser.driver.execute("arguments[0].click()", vec![json!(tick)]).await.unwrap();
                browser.find(".cf-bar").await;
            }
            let wide = "const out = [...document.querySelectorAll('.cf *')].filter(e => e.getBoundingClientRect().right >
                document.querySelector('.cf').closest('[data-courseferry]').getBoundingClientRect().right + 1 && e.checkVisibility()
                && getComputedStyle(e).position !== 'absolute').map(e => e.outerHTML.slice(0, 120));
                const page = document.documentElement; return page.scrollWidth > page.clientWidth ? ['the page'].concat(out) : out";
            let out = if path.contains("drawer") {
                browser.script("return [...document.querySelectorAll('.cf')].filter(e => e.scrollWidth > e.clientWidth).length ? ['the block'] : []", &[]).await
            } else {
                browser.script(wide, &[]).await
            };
            assert_eq!(out, json!([]), "{path} at {width} by {height}");
        }
    });
}

#[test]
fn two_widgets_on_one_page_share_one_session_and_no_id() {
    run(async {
        let (_world, browser) = open(Options::default(), "teacher1", "/my/").await;
        browser.control(MECHANICS).await;
        browser.control("Find courses to restore").await;
        assert_eq!(browser.script("return document.querySelectorAll('.cf').length", &[]).await, 2);
        let ids = browser.script("return [...document.querySelectorAll('[id]')].map(e => e.id)", &[]).await;
        let ids: Vec<_> = ids.as_array().unwrap().iter().map(ToString::to_string).collect();
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{ids:?}");
        let sessions =
            "return performance.getEntriesByType('resource').filter(e => e.name.endsWith(arguments[0])).length";
        assert_eq!(browser.script(sessions, &[OpenSession.path().into()]).await, 1);
    });
}

/// The Worker dies, and the chosen course is asked for while it is away: the choice is kept.
async fn lose_the_connection(world: &mut World, browser: &Browser) {
    world.kill_worker().await;
    browser.press("Restore 1 course").await;
    browser.sees("Connection lost at").await;
    browser.sees("Your selection is kept.").await;
    assert!(browser.control(MECHANICS).await.is_selected().await.unwrap());
}

/// The Worker comes back, and what is still chosen is scheduled once.
async fn restore_when_connected_again(world: &mut World, browser: &Browser) {
    world.restart_worker().await;
    until("the connection to come back", 40, async || {
        (!browser.text().await.contains("Connection lost")).then_some(())
    })
    .await;
    assert!(browser.control(MECHANICS).await.is_selected().await.unwrap());
    browser.press("Restore 1 course").await;
    browser.sees("Scheduled ·").await;
    assert_eq!(world.log_in("teacher1").await.restores().await.len(), 1, "once, not twice");
}

#[test]
fn what_is_chosen_survives_a_lost_connection_and_a_restarted_worker() {
    run(async {
        let (mut world, browser) = open(Options::default(), "teacher1", PAGE).await;
        browser.press(MECHANICS).await;
        browser.sees("1 course to").await;
        lose_the_connection(&mut world, &browser).await;
        restore_when_connected_again(&mut world, &browser).await;
    });
}

#[test]
fn a_session_that_ends_in_the_middle_is_renewed_without_a_word() {
    run(async {
        let (mut world, browser) = open(Options::default(), "teacher1", PAGE).await;
        browser.press(MECHANICS).await;
        // All sessions are void from here on.
        world.restart_worker_with("SESSION_KEY", "another session key of these suites").await;
        browser.press("Restore 1 course").await;
        browser.sees("Scheduled ·").await;
        assert!(!browser.text().await.contains("session"));
    });
}

#[test]
fn whoever_was_logged_out_of_moodle_keeps_the_selection_and_is_told_what_to_do() {
    run(async {
        let (mut world, browser) = open(Options::default(), "teacher1", PAGE).await;
        browser.press(MECHANICS).await;
        browser.sees("1 course to").await;
        // Their session ends in Moodle, and here.
        browser.script("return fetch('/login/logout.php')", &[]).await;
        world.restart_worker_with("SESSION_KEY", "another session key of these suites").await;
        browser.press("Restore 1 course").await;
        browser.sees("You are logged out of Moodle. Your selection is kept").await;
        assert!(browser.control(MECHANICS).await.is_selected().await.unwrap());
    });
}

#[test]
fn a_hanging_remote_delays_nobody_and_says_so_in_its_own_place() {
    run(async {
        let world = World::learnt(Options::default()).await;
        // Before the dashboard is shown, which asks for the lists by itself.
        world.remotes[1].set(Trap::Hang);
        let browser = world.open_page("teacher1", "").await;
        browser.control(MECHANICS).await;
        browser.sees("Asking Moodle Lettres…").await;
        browser.press(MECHANICS).await;
        browser.press("Restore 1 course").await;
        browser.sees("Scheduled ·").await;
    });
}

#[test]
fn on_an_evening_on_which_all_breaks_the_choice_stays_the_rest_works_and_each_fault_says_whose_turn_it_is() {
    run(async {
        let mut world = World::learnt(Options::default()).await;
        world.remotes[1].set(Trap::Hang);
        world.remotes[2].set(Trap::BadToken);
        let browser = world.open_page("teacher1", "").await;
        // One remote hangs and one refuses our token: courses of the third can be chosen.
        browser.press(MECHANICS).await;
        browser.sees("Asking Moodle Lettres…").await;
        browser
            .sees(
                "Moodle Médecine is unavailable because of a settings problem. An administrator must mend it; it is no fault \
                 of yours.",
            )
            .await;
        lose_the_connection(&mut world, &browser).await;
        // The Worker comes back, and by then the session has ended.
        world.set("SESSION_KEY", "another session key of these suites");
        restore_when_connected_again(&mut world, &browser).await;
    });
}

#[test]
fn a_row_that_fails_says_why_and_can_be_tried_again() {
    run(async {
        let (world, browser) = open(Options::default(), "teacher1", PAGE).await;
        let api = world.log_in("teacher1").await;
        let restore = api.schedule_one(world.choice(0, 12)).await;
        world.remotes[0].set(Trap::NotOwner);
        world.tick_until_all_end(&[&api]).await;
        world.remotes[0].clear();
        browser.go(&format!("{}#restores", world.page())).await;
        browser.driver.refresh().await.unwrap();
        browser.sees("You no longer teach this course on Moodle Sciences.").await;
        browser.press("Try again: Classical mechanics").await;
        browser.sees("Scheduled ·").await;
        // The buttons of a row follow its state.
        browser.control("Cancel: Classical mechanics").await;
        world.tick_until(&api, &restore, |r: &Restore| r.status == Status::Restored).await;
    });
}

#[test]
fn everything_is_french_for_whoever_uses_moodle_in_french() {
    run(async {
        let (_world, browser) = open(Options::default(), "teacher2", PAGE).await;
        browser.press("Optique, OPT101, Moodle Sciences").await;
        browser.sees("1 cours vers").await;
        browser.sees("ni étudiants, ni notes, ni travaux remis.").await;
        browser.sees("début sept. 2025").await;
        browser.press("Restaurer 1 cours").await;
        browser.sees("Programmé ·").await;
        assert_eq!(browser.script("return document.querySelector('.cf').lang", &[]).await, "fr");
        let text = browser.text().await;
        for english in ["Scheduled", "Cancel ", "Search", "Where to"] {
            assert!(!text.contains(english), "{english} in {text}");
        }
    });
}

/// Whether the bar has the focus.
const IN_BAR: &str = "return document.querySelector('.cf-bar').contains(document.activeElement)";
/// What has the focus, if the bar lies over it.
const COVERED: &str = "const focus = document.activeElement, bar = document.querySelector('.cf-bar');
    if (bar.contains(focus)) return null;
    const box = focus.getBoundingClientRect(), over = bar.getBoundingClientRect();
    return box.bottom > over.top + 1 && box.top < over.bottom ? focus.outerHTML : null";

/// From a tick to the button by keyboard: not past all other courses.
#[test]
fn the_button_is_few_stops_behind_a_tick_and_no_focused_control_lies_behind_the_bar() {
    run(async {
        let (world, browser) = open(Options::default(), "teacher1", PAGE).await;
        for (width, height) in [(1280, 900), (1280, 757), (1280, 640)] {
            browser.resize(width, height).await;
            browser.go("about:blank").await;
            browser.go(&format!("{}{PAGE}", world.client.address())).await;
            browser.control(STATISTICS).await;
            listen(&browser).await;
            tab_to(&browser, MECHANICS).await;
            browser.keys(" ").await;
            hears(&browser, "1 course chosen.").await;

            let mut stops = 0;
            while browser.focus().await != "Go to your choice (1)" {
                browser.keys(&key(Key::Tab)).await;
                stops += 1;
                assert!(stops <= 4, "the way to the choice is not among the row's own stops");
            }
            browser.keys(&key(Key::Enter)).await;
            until("the focus on the bar", 5, async || (browser.focus().await == "Your choice").then_some(())).await;
            browser.keys(&key(Key::Tab)).await;
            assert_eq!(browser.focus().await, "Restore 1 course");
            assert!(stops + 2 <= 6, "{stops} stops and two more");

            // From the search to the bar, past every control between: none that has the focus is covered, not even by the
            // opened bar.
            for is_open in [false, true] {
                if is_open {
                    browser.press("Change").await;
                }
                browser.script("document.querySelector('input[type=search]').focus()", &[]).await;
                let mut passed = 0;
                while browser.script(IN_BAR, &[]).await == json!(false) {
                    browser.keys(&key(Key::Tab)).await;
                    // Bootstrap scrolls smoothly.
                    until(
                        &format!("{} not behind the bar at {width} by {height}", browser.focus().await),
                        15,
                        async || browser.script(COVERED, &[]).await.is_null().then_some(()),
                    )
                    .await;
                    passed += 1;
                    assert!(passed < 200, "Tab does not come to the bar");
                }
                assert!(passed > 25, "past {passed} controls only");
            }
        }
    });
}
