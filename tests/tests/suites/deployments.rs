//! Another build of the widget is put in place while pages of an earlier one are open.

use crate::harness::{Browser, Options, World, root, run};
use files::{files_below, write};
use serde_json::{Value, json};
use std::{fs, ops::RangeInclusive, path::PathBuf};
use tempfile::TempDir;

#[path = "../../../xtask/src/builds.rs"]
mod builds;
#[path = "../../../xtask/src/files.rs"]
mod files;

/// What a Worker serves: the widget's files, and the headers that go with them.
struct Site(TempDir);

impl Site {
    /// The build that the other suites try, deployed for the first time.
    fn first() -> Self {
        let site = Self(tempfile::tempdir().unwrap());
        let built = root("target/site");
        for file in files_below(&built) {
            write(&site.0.path().join(file.strip_prefix(&built).unwrap()), fs::read(&file).unwrap()).unwrap();
        }
        builds::keep_deployed(&site.widget(), |_| Ok(None)).unwrap();
        site
    }

    fn widget(&self) -> PathBuf {
        self.0.path().join("widget")
    }

    fn newest(&self) -> Value {
        let list: Vec<Value> = serde_json::from_slice(&fs::read(self.widget().join(builds::BUILDS)).unwrap()).unwrap();
        list.into_iter().next().unwrap()
    }

    /// A build whose files all differ from those of this one, made on a machine that never had these, and deployed over
    /// them.
    fn followed_by(&self, number: u8) -> Self {
        let next = Self(tempfile::tempdir().unwrap());
        write(&next.0.path().join("_headers"), fs::read(self.0.path().join("_headers")).unwrap()).unwrap();
        let mut build = self.newest();
        let mut script = fs::read_to_string(self.widget().join("courseferry.js")).unwrap();
        build.as_object_mut().unwrap().remove("script");
        for old in builds::names(&build.clone()) {
            let (stem, extension) = old.strip_prefix("files/").unwrap().split_once('.').unwrap();
            let content = changed(&fs::read(self.widget().join(old)).unwrap(), extension, number);
            let name = stem.rsplit_once('-').unwrap().0;
            let new = builds::publish(&next.widget(), name, extension, &content).unwrap();
            script = script.replace(old, &new);
            build = serde_json::from_str(&build.to_string().replace(old, &new)).unwrap();
        }
        write(&next.widget().join("courseferry.js"), &script).unwrap();
        build["script"] = json!(builds::publish(&next.widget(), "courseferry", "js", script.as_bytes()).unwrap());
        builds::forget_old_builds(&next.widget(), &build).unwrap();
        builds::keep_deployed(&next.widget(), |name| Ok(fs::read(self.widget().join(name)).ok())).unwrap();
        next
    }
}

/// A file that does the same and has other bytes.
fn changed(content: &[u8], extension: &str, number: u8) -> Vec<u8> {
    let more = match extension {
        // A section of its own, named "n": engines skip what they do not know.
        "wasm" => vec![0, 3, 1, b'n', number],
        "css" => format!("/*{number}*/").into_bytes(),
        _ => vec![b' '; usize::from(number)],
    };
    [content, &more].concat()
}

/// Deploys so many more builds over `site`, one after the other, and serves the last one.
async fn deploy(world: &mut World, mut site: Site, numbers: RangeInclusive<u8>) -> Site {
    for number in numbers {
        site = site.followed_by(number);
    }
    serve(world, &site).await;
    site
}

async fn serve(world: &mut World, site: &Site) {
    world.kill_worker().await;
    world.worker.serve(site.0.path().to_owned());
    world.restart_worker().await;
}

/// While this is set, new pages have the widget in a block in a drawer that is closed: its script runs, and loads nothing
/// more. The page is changed once it is read and before its modules run.
const CLOSED: &str =
    "if (sessionStorage.getItem('drawer') === 'closed') document.addEventListener('readystatechange', () =>
    document.querySelectorAll('[data-courseferry]').forEach(place => {
        place.hidden = true;
        place.dataset.surface = 'block';
    }), {once: true})";

async fn open_with_the_drawer_closed(world: &World, browser: &Browser) {
    browser.script("sessionStorage.setItem('drawer', 'closed')", &[]).await;
    // What an earlier page loaded would come from the browser's cache.
    browser.devtools("Network.clearBrowserCache", json!({})).await;
    browser.go("about:blank").await;
    browser.go(&world.page()).await;
    // Module scripts have run by the time the page is complete.
    assert_eq!(loaded(browser).await, ["courseferry.js"]);
}

async fn open_the_drawer(browser: &Browser) {
    let open = "document.querySelectorAll('[data-courseferry]').forEach(place => { place.hidden = false; })";
    browser.script(open, &[]).await;
}

/// The names of the widget's files that this page has asked for.
async fn loaded(browser: &Browser) -> Vec<String> {
    let names = "return performance.getEntriesByType('resource').map(entry => new URL(entry.name).pathname)
        .filter(path => path.startsWith('/widget/')).map(path => path.slice('/widget/'.length))";
    serde_json::from_value(browser.script(names, &[]).await).unwrap()
}

#[test]
fn pages_opened_before_two_deployments_go_on_with_their_own_build_and_after_a_third_ask_to_be_reloaded() {
    run(async {
        let mut world = World::start(Options::default()).await;
        let first = Site::first();
        serve(&mut world, &first).await;
        let browser = Browser::open().await;
        browser.devtools("Page.addScriptToEvaluateOnNewDocument", json!({"source": CLOSED})).await;
        world.browse(&browser, "teacher1").await;
        open_with_the_drawer_closed(&world, &browser).await;
        let own = first.newest();
        let third = deploy(&mut world, first, 1..=2).await;
        open_the_drawer(&browser).await;
        browser.sees("Classical mechanics").await;
        for part in ["wasm", "styles"] {
            assert!(loaded(&browser).await.iter().any(|name| own[part] == name.as_str()), "its own {part}");
        }
        browser.press("Classical mechanics, MECH201, Moodle Sciences").await;
        browser.press("Restore 1 course").await;
        browser.sees("Scheduled ·").await;

        // What administrators load later belongs to the page's build too.
        browser.script("sessionStorage.removeItem('drawer')", &[]).await;
        world.show(&browser, "admin", "").await;
        browser.sees("Bring courses that you teach on other Moodles here.").await;
        let own = third.newest();
        let fifth = deploy(&mut world, third, 3..=4).await;
        assert!(!loaded(&browser).await.iter().any(|name| own["manage"] == name.as_str()), "not loaded before");
        browser.press("Manage").await;
        browser.sees("1 restore found").await;
        assert!(loaded(&browser).await.iter().any(|name| own["manage"] == name.as_str()), "its own Manage");

        // Three builds later its files are gone, and it says what to do.
        open_with_the_drawer_closed(&world, &browser).await;
        let _eighth = deploy(&mut world, fifth, 5..=7).await;
        open_the_drawer(&browser).await;
        browser.sees("Courseferry could not start. Reload the page").await;
        browser.script("sessionStorage.removeItem('drawer')", &[]).await;
        browser.driver.refresh().await.unwrap();
        browser.sees("Bring courses that you teach on other Moodles here.").await;
    });
}
