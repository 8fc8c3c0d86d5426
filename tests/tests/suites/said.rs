//! What came of whatever somebody did is said aloud, and once: a page of live regions that repeat each other is as hard to
//! follow as one that keeps silent.

use crate::harness::{Browser, Options, World, now, run, until};
use courseferry_api::{
    Endpoint, GetHome, ListRestores, Phase, Preview, Restore, Revocation, Revoke, Status, TryAgain, UserId,
};
use courseferry_tests::{
    client::{ClientTrap, Stage},
    remote::Trap,
};
use serde_json::json;

/// Keeps what the live regions of the page say from now on. An alert is said when it comes, a status when it changes, and
/// nothing of what is hidden.
const LISTEN: &str = "
    window.heard = [];
    const live = '[role=status], [role=alert]';
    const said = records => {
        const regions = new Set();
        for (const {target, addedNodes} of records) {
            const around = (target.nodeType === Node.ELEMENT_NODE ? target : target.parentElement)?.closest(live);
            if (around) regions.add(around);
            for (const node of [...addedNodes].filter(node => node.nodeType === Node.ELEMENT_NODE)) {
                [node, ...node.querySelectorAll('*')].filter(e => e.role === 'alert').forEach(e => regions.add(e));
            }
        }
        for (const region of regions) {
            const text = region.textContent.replace(/\\s+/g, ' ').trim();
            if (text && region.checkVisibility()) heard.push(text);
        }
    };
    document.querySelectorAll('.cf').forEach(root =>
        new MutationObserver(said).observe(root, {childList: true, characterData: true, subtree: true}))";

/// A script that tells the page whether people look at it.
fn looked_at(is_visible: bool) -> String {
    let state = if is_visible { "visible" } else { "hidden" };
    format!(
        "Object.defineProperty(document, 'visibilityState', {{configurable: true, get: () => '{state}'}});
         Object.defineProperty(document, 'hidden', {{configurable: true, get: () => {}}})",
        !is_visible
    )
}

const LOOK_AGAIN: &str = "document.dispatchEvent(new Event('visibilitychange', {bubbles: true}))";

/// How many answers the page has had from this path.
async fn answers(browser: &Browser, path: &str) -> u64 {
    let count = "return performance.getEntriesByType('resource')
        .filter(entry => new URL(entry.name).pathname === arguments[0]).length";
    browser.script(count, &[path.into()]).await.as_u64().unwrap()
}

/// What a screen reader says of the page, line by line.
struct ScreenReader<'a> {
    browser: &'a Browser,
    /// How many lines the test has accounted for.
    known: usize,
}

impl<'a> ScreenReader<'a> {
    async fn at(browser: &'a Browser) -> Self {
        browser.script(LISTEN, &[]).await;
        Self { browser, known: 0 }
    }

    /// What was said since, without the steps in between, which come as the poll meets them.
    async fn news(&self) -> Vec<String> {
        let heard: Vec<String> = serde_json::from_value(self.browser.script("return heard", &[]).await).unwrap();
        let is_step = |line: &String| line.contains(": step ") || line.contains("is being removed");
        heard.into_iter().filter(|line| !is_step(line)).skip(self.known).collect()
    }

    /// Waits until each of these outcomes has been said; each once, and nothing else.
    async fn says(&mut self, outcomes: &[&str]) {
        let what = format!("{outcomes:?} to be said");
        let news = until(&what, 45, async || {
            let news = self.news().await;
            outcomes.iter().all(|outcome| news.iter().any(|line| line.contains(outcome))).then_some(news)
        });
        let news = news.await;
        for outcome in outcomes {
            let times: usize = news.iter().map(|line| line.matches(outcome).count()).sum();
            assert_eq!(times, 1, "\"{outcome}\" among {news:?}");
        }
        let expected = |line: &String| outcomes.iter().any(|outcome| line.contains(outcome));
        assert!(news.iter().all(expected), "{news:?}, and only {outcomes:?} happened");
        self.known += news.len();
    }

    /// Nothing follows, not even when the page polls.
    async fn says_no_more(&mut self) {
        let polls =
            async || answers(self.browser, &ListRestores.path()).await + answers(self.browser, &GetHome.path()).await;
        let before = polls().await;
        self.browser.script(LOOK_AGAIN, &[]).await;
        until("the page to have asked", 15, async || (polls().await > before).then_some(())).await;
        assert_eq!(self.news().await, [""; 0]);
    }
}

const MECHANICS: &str = "Classical mechanics, MECH201, Moodle Sciences";
const OPTICS: &str = "Optics, OPT101, Moodle Sciences";
const STATISTICS: &str = "Statistics & error < 5 %";

#[test]
fn of_a_choice_its_number_what_differs_and_what_came_of_it_are_said_once() {
    run(async {
        let world = World::learnt(Options::default().set("settle_seconds", "600")).await;
        let browser = world.open_page("teacher1", "").await;
        browser.control(MECHANICS).await;
        let mut reader = ScreenReader::at(&browser).await;
        browser.fill("Search your courses", "mecha").await;
        reader.says(&["2 courses"]).await;
        browser.fill("Search your courses", "\u{e00c}").await;
        reader.says(&["courses"]).await;
        browser.press(MECHANICS).await;
        reader.says(&["1 course chosen."]).await;
        browser.press(OPTICS).await;
        reader.says(&["2 courses chosen.", "OPT101 exists here: yours becomes"]).await;
        browser.press(OPTICS).await;
        reader.says(&["1 course chosen."]).await;

        browser.press(OPTICS).await;
        reader.says(&["2 courses chosen.", "OPT101 exists here: yours becomes"]).await;
        // A colleague is quicker.
        world.log_in("teacher2").await.schedule_one(world.choice(0, 11)).await;
        browser.press("Restore 2 courses").await;
        reader.says(&["1 course scheduled.", "1 course was not scheduled:"]).await;
        browser.press("Clear").await;
        reader.says(&["0 courses chosen."]).await;
        browser.press("Cancel: Classical mechanics").await;
        reader.says(&["Classical mechanics is cancelled."]).await;

        browser.press("Refresh the list of Moodle Lettres").await;
        reader.says(&["Moodle Lettres: 3 courses"]).await;
        world.remotes[1].set(Trap::CliMaintenance);
        browser.press("Refresh the list of Moodle Lettres").await;
        reader.says(&["Restores already scheduled are kept."]).await;
        world.remotes[1].clear();
        browser.press("Try again: Moodle Lettres").await;
        reader.says(&["Moodle Lettres: 3 courses"]).await;

        browser.press("Choose all 8").await;
        reader.says(&["8 courses chosen."]).await;
        browser.press("Clear").await;
        reader.says(&["0 courses chosen."]).await;
        reader.says_no_more().await;
    });
}

#[test]
fn of_a_restore_every_act_and_every_end_is_said_once() {
    run(async {
        let world = World::learnt(Options::default()).await;
        let api = world.log_in("teacher1").await;
        api.schedule_one(world.choice(0, 12)).await;
        api.schedule_one(world.choice(1, 21)).await;
        world.remotes[1].set(Trap::NotOwner);
        world.tick_until_all_end(&[&api]).await;
        world.remotes[1].set(Trap::CliMaintenance);
        let economics = api.schedule_one(world.choice(1, 22)).await;
        world.tick_until(&api, &economics, |restore| restore.failures == 1).await;
        let economics = economics.full_name;
        world.remotes[1].clear();
        let statistics = api.schedule_one(world.choice(0, 16)).await;

        let browser = world.open_page("teacher1", "#restores").await;
        browser.control(&format!("Cancel: {STATISTICS}")).await;
        let mut reader = ScreenReader::at(&browser).await;
        browser.press(&format!("Change category: {STATISTICS}")).await;
        browser.choose(&format!("New category for {STATISTICS}"), "Sciences / Chemistry").await;
        browser.press("Change").await;
        reader.says(&[&format!("{STATISTICS} goes to Chemistry.")]).await;
        browser.press(&format!("Cancel: {STATISTICS}")).await;
        reader.says(&[&format!("{STATISTICS} is cancelled.")]).await;
        browser.press(&format!("Try again: {STATISTICS}")).await;
        reader.says(&[&format!("{STATISTICS} is scheduled.")]).await;
        browser.press("Try again: Histoire des sciences").await;
        reader.says(&["Histoire des sciences is scheduled."]).await;
        browser.press(&format!("Try again: {economics}")).await;
        reader.says(&[&format!("{economics} is scheduled again.")]).await;
        browser.press("Details: Classical mechanics").await;
        browser.press("Copy details for support").await;
        reader.says(&["Copied."]).await;
        browser.press("Remove this copy: Classical mechanics").await;
        reader.says(&["The restored course goes into Moodle's recycle bin."]).await;
        browser.press("Remove it: Classical mechanics").await;
        reader.says(&["The copy of Classical mechanics is removed."]).await;

        // In another tab for a while: the row still shows the state of before.
        browser.control(&format!("Cancel: {STATISTICS}")).await;
        browser.script(&looked_at(false), &[]).await;
        world.client.set(ClientTrap::Hold { at: Stage::Restoring }, None);
        world.tick_until(&api, &statistics, |restore: &Restore| restore.phase == Some(Phase::Restoring)).await;
        browser.press(&format!("Cancel: {STATISTICS}")).await;
        reader.says(&["It is too late: the course is being restored."]).await;
        world.client.clear();
        world.tick_until_all_end(&[&api]).await;
        assert_eq!(api.restore(&statistics.id).await.status, Status::Restored);
        browser.script(&looked_at(true), &[]).await;
        browser.script(LOOK_AGAIN, &[]).await;
        let ends = [STATISTICS, "Histoire des sciences", &economics].map(|name| format!("{name} is restored."));
        reader.says(&ends.each_ref().map(String::as_str)).await;
        reader.says_no_more().await;
    });
}

#[test]
fn of_a_lost_connection_its_return_and_an_ended_login_each_is_said_once() {
    run(async {
        let mut world = World::learnt(Options::default().set("settle_seconds", "600")).await;
        let browser = world.open_page("teacher1", "").await;
        browser.control(MECHANICS).await;
        let mut reader = ScreenReader::at(&browser).await;
        browser.press(MECHANICS).await;
        reader.says(&["1 course chosen."]).await;
        world.kill_worker().await;
        browser.press("Restore 1 course").await;
        reader.says(&["We could not confirm your request.", "Connection lost."]).await;
        let shown = browser.text().await;
        assert_eq!(shown.matches("Your selection is kept").count(), 1, "{shown}");
        world.restart_worker().await;
        reader.says(&["Connected again."]).await;
        browser.press("Restore 1 course").await;
        reader.says(&["1 course scheduled."]).await;

        browser.press("Find courses").await;
        let previews = answers(&browser, &Preview.path()).await;
        browser.press(&format!("{STATISTICS}, STAT120, Moodle Sciences")).await;
        reader.says(&["1 course chosen."]).await;
        // Nothing is under way when the session ends, in Moodle and here.
        let checked = async || (answers(&browser, &Preview.path()).await > previews).then_some(());
        until("the choice to have been checked", 15, checked).await;
        browser.script("return fetch('/login/logout.php').then(answer => answer.text()).then(() => true)", &[]).await;
        let teacher = world.client.user("teacher1").unwrap().id;
        world.log_in("admin").await.post(&Revoke, &Revocation { user: UserId(teacher) }).await.unwrap();
        let revoked = now();
        browser.press("Restore 1 course").await;
        reader.says(&["We could not confirm your request.", "Your selection is kept: log in again"]).await;
        // In another tab, and not in the second of the revocation, whose launch tokens are refused with it.
        until("the next second", 5, async || (now() > revoked).then_some(())).await;
        let again = json!({ "username": "teacher1", "password": world.person("teacher1").password });
        let log_in = "return fetch('/login/index.php', {method: 'POST', body: new URLSearchParams(arguments[0])}).then(() => true)";
        browser.script(log_in, &[again]).await;
        browser.press("Try again").await;
        reader.says(&["Connected again."]).await;
        browser.press("Restore 1 course").await;
        reader.says(&["1 course scheduled."]).await;
    });
}

#[test]
fn that_a_choice_could_not_be_checked_is_said_once() {
    run(async {
        let world = World::learnt(Options::default().set("settle_seconds", "600")).await;
        let browser = world.open_page("teacher1", "").await;
        browser.control(MECHANICS).await;
        let mut reader = ScreenReader::at(&browser).await;
        world.client.set(ClientTrap::Html, None);
        browser.press(MECHANICS).await;
        reader.says(&["1 course chosen.", "What would change could not be checked."]).await;
        world.client.clear();
        reader.says_no_more().await;
    });
}

#[test]
fn of_a_test_each_step_that_waits_for_the_reader_is_said_once() {
    run(async {
        let world = super::first_steps::begun("admin", Options::default()).await;
        let browser = world.open_page("admin", "#manage").await;
        browser.press("Check the steps again").await;
        browser.sees("Step 4 of 4: Restore one course as a test").await;
        let mut reader = ScreenReader::at(&browser).await;
        browser.press("Find my courses there").await;
        reader.says(&["1 course"]).await;
        browser.press("Restore it as a test").await;
        browser.row_says("The restore is scheduled", "Done:").await;
        let admin = world.log_in("admin").await;
        world.tick_until_all_end(&[&admin]).await;
        // The list below has one more now; when that is known depends on the poll.
        reader.says(&["1 course scheduled.", "1 restore found", "A first course is restored."]).await;
        reader.says_no_more().await;
    });
}

#[test]
fn what_administrators_do_is_answered_aloud_once() {
    run(async {
        let world = World::learnt(Options::default().set("settle_seconds", "3000")).await;
        let (one, other) = (world.log_in("teacher1").await, world.log_in("teacher2").await);
        let scheduled = one.schedule(vec![world.choice(0, 12), world.choice(0, 13), world.choice(1, 21)]).await;
        other.schedule_one(world.choice(0, 14)).await;
        let browser = world.open_page("admin", "#manage").await;
        browser.sees("4 restores found").await;
        browser.sees("Moodle was asked").await;
        let mut reader = ScreenReader::at(&browser).await;
        for verb in ["Pause all restores", "Resume restores"] {
            browser.press(verb).await;
            reader.says(&["Done."]).await;
        }
        browser.press("Refresh").await;
        reader.says(&["4 restores found"]).await;
        browser.choose("From", "Moodle Sciences").await;
        reader.says(&["3 restores found"]).await;
        for name in ["Classical mechanics", "Quantum mechanics"] {
            browser.press(&format!("{name}, Marie Curie")).await;
        }
        browser.press("Cancel: ticked restores").await;
        reader.says(&["Done with 2 restores."]).await;
        browser.choose("Status", "Cancelled").await;
        reader.says(&["2 restores found"]).await;
        browser.press("Tick all shown").await;
        let first = scheduled.results[0].restore.as_ref().unwrap();
        one.post(&TryAgain { restore: first.id.clone() }, &()).await.unwrap();
        browser.press("Try again: ticked restores").await;
        reader.says(&["Done with 1 restore. Not with 1:", "0 restores found"]).await;
        browser.choose("Status", "Any status").await;
        reader.says(&["3 restores found"]).await;

        browser.press("Change category: General chemistry").await;
        browser.fill("Address or number of the category", "6").await;
        browser.press("Change").await;
        reader.says(&["This category is not open to you."]).await;
        browser.press("Cancel: General chemistry").await;
        reader.says(&["Done."]).await;

        browser.press("Change: attempts").await;
        browser.fill("New value of attempts", "\u{e009}a\u{e000}many").await;
        browser.press("Change").await;
        reader.says(&["The setting attempts must be a whole number from 1 to 50."]).await;
        browser.fill("New value of attempts", "\u{e009}a\u{e000}3").await;
        browser.press("Change").await;
        reader.says(&["Done."]).await;
        browser.press("Check again").await;
        reader.says(&["to look at."]).await;
        browser.press("End this person's sessions").await;
        reader.says(&["Choose a person first."]).await;
        super::for_somebody::choose_person(&browser, "poincar", "Henri Poincaré").await;
        browser.press("Astronomy for everybody").await;
        browser.choose("Where to", "Arts").await;
        browser.press("See what happens to 1 course").await;
        reader.says(&["1 course can be restored."]).await;
        browser.press("Restore 1 course for somebody else").await;
        reader.says(&["1 course is scheduled."]).await;
        reader.says_no_more().await;
    });
}
