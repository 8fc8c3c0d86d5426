//! Pictures of every surface and state, for people to look at: `cargo xtask e2e shots:: --ignored`.
//!
//! They go to `target/shots`, with one contact sheet of all of them.

use crate::harness::{Browser, Options, World, root, run};
use courseferry_api::{Cancel, Choice, Status};
use courseferry_tests::{
    client::{ClientTrap, Pace},
    remote::Trap,
};
use serde_json::json;
use std::{path::PathBuf, time::Duration};

const PAGE: &str = "/blocks/courseferry/view.php";

/// A place to look at: name, width and height, whose, and which page.
const SURFACES: &[(&str, u32, u32, &str, &str)] = &[
    ("dashboard", 1280, 1000, "teacher1", "/my/"),
    ("dashboard-dark", 1280, 1000, "teacher1", "/my/?theme=dark"),
    ("dashboard-moodle-4", 1280, 1000, "teacher1", "/my/?bs=4"),
    ("drawer", 1280, 900, "teacher1", "/my/?block=drawer"),
    ("find", 1280, 1300, "teacher1", PAGE),
    ("find-dark", 1280, 1300, "teacher1", "/blocks/courseferry/view.php?theme=dark"),
    ("find-french", 1280, 1300, "creator", PAGE),
    ("find-phone", 375, 1400, "teacher1", PAGE),
    ("restores", 1280, 1000, "teacher1", "/blocks/courseferry/view.php#restores"),
    ("restores-dark", 1280, 1000, "teacher1", "/blocks/courseferry/view.php?theme=dark#restores"),
    ("restores-french", 1280, 700, "teacher2", "/blocks/courseferry/view.php#restores"),
    ("restores-phone", 375, 1400, "teacher1", "/blocks/courseferry/view.php#restores"),
    ("no-right", 1280, 700, "teacher3", PAGE),
    ("no-account", 1280, 700, "colleague", PAGE),
    ("manage", 1280, 1800, "admin", "/blocks/courseferry/view.php#manage"),
    ("manage-dark", 1280, 1800, "admin", "/blocks/courseferry/view.php?theme=dark#manage"),
    ("manage-phone", 375, 2400, "admin", "/blocks/courseferry/view.php#manage"),
];

struct Album {
    browser: Browser,
    names: Vec<String>,
}

impl Album {
    fn path(name: &str) -> PathBuf {
        root(&format!("target/shots/{name}.png"))
    }

    async fn take(&mut self, name: &str) {
        // Animations and late words have come to rest by then.
        tokio::time::sleep(Duration::from_millis(1_200)).await;
        self.browser.picture(&Self::path(name)).await;
        self.names.push(name.to_owned());
    }

    /// One picture of all pictures.
    async fn contact_sheet(&self) {
        let figure =
            |name: &String| format!("<figure><img src=\"{name}.png\"><figcaption>{name}</figcaption></figure>");
        let style = "body{font:16px sans-serif;display:flex;flex-wrap:wrap;gap:16px;align-items:start;width:1900px}
            figure{margin:0} img{height:520px;border:1px solid #888} figcaption{padding:4px 0 12px}";
        let figures: String = self.names.iter().map(figure).collect();
        let sheet = root("target/shots/index.html");
        std::fs::write(&sheet, format!("<!doctype html><meta charset=utf-8><style>{style}</style>{figures}")).unwrap();
        self.browser.go(&format!("file://{}", sheet.display())).await;
        let height = self.browser.script("return document.documentElement.scrollHeight", &[]).await.as_u64().unwrap();
        self.browser.resize(1_940, u32::try_from(height).unwrap()).await;
        self.browser.picture(&root("target/shots/contact-sheet.png")).await;
    }
}

/// One restore in each state that stays as it is.
async fn every_state(world: &World) {
    let teacher = world.log_in("teacher1").await;
    world.learn_names().await;
    let schedule = async |choice: Choice| teacher.schedule_one(choice).await;
    schedule(world.choice(0, 12)).await;
    world.tick_until_all_end(&[&teacher]).await;
    world.client.set(ClientTrap::Warnings { error: false }, Some(1));
    schedule(world.choice(0, 13)).await;
    world.tick_until_all_end(&[&teacher]).await;
    world.client.clear();
    world.remotes[1].set(Trap::NotOwner);
    schedule(world.choice(1, 21)).await;
    world.tick_until_all_end(&[&teacher]).await;
    world.remotes[1].clear();
    world.remotes[1].set(Trap::CliMaintenance);
    let waits = schedule(world.choice(1, 22)).await;
    world.tick_until(&teacher, &waits, |restore| restore.failures == 1).await;
    let cancelled = schedule(world.choice(0, 16)).await;
    teacher.post(&Cancel { restore: cancelled.id.clone() }, &()).await.unwrap();
    world.remotes[0].set(Trap::HangDownload { after: 40_000 });
    let copying = schedule(world.choice(0, 17)).await;
    world.tick_until(&teacher, &copying, |restore| restore.status == Status::InProgress && restore.bytes > 0).await;
    let colleague = world.log_in("teacher2").await;
    let held = colleague.schedule_one(world.choice(2, 31)).await;
    world.remotes[2].set(Trap::BadToken);
    world.tick_until(&colleague, &held, |restore| restore.held.is_some()).await;
    schedule(world.choice(1, 23)).await;
}

#[test]
#[ignore = "makes pictures for people; asserts nothing"]
fn every_surface_and_state() {
    run(async {
        let pace = Pace { patience: Duration::from_mins(10), ..Pace::default() };
        let options =
            Options::default().set("enrollbutton", "1").set("attempts", "8").set("onlyoneremoteinstance", "1");
        let world = World::start(options.pace(pace)).await;
        every_state(&world).await;
        let mut album = Album { browser: Browser::open().await, names: Vec::new() };
        let mut last = "";
        for (name, width, height, username, path) in SURFACES {
            if *username != last {
                album.browser.go(&format!("{}/login/logout.php", world.client.address())).await;
                world.browse(&album.browser, username).await;
                last = username;
            }
            album.browser.resize(*width, *height).await;
            album.browser.go("about:blank").await;
            album.browser.go(&format!("{}{path}", world.client.address())).await;
            album.browser.find(".cf section, .cf .alert, .cf-tab").await;
            album.take(name).await;
            let free = album
                .browser
                .script("return document.querySelectorAll('.cf-course input[type=checkbox]').length", &[])
                .await;
            if name.starts_with("find") && free.as_u64() > Some(1) {
                let choose = "[...document.querySelectorAll('.cf-course input[type=checkbox]')].slice(0, 2).forEach(box => box.click());
                    setTimeout(() => document.querySelector('.cf-bar').scrollIntoView({block: 'end'}), 900)";
                album.browser.script(choose, &[]).await;
                album.take(&format!("{name}-confirm")).await;
            }
        }
        // Where the system chooses the colours.
        let forced = json!({"features": [{"name": "forced-colors", "value": "active"}]});
        album.browser.go(&format!("{}/login/logout.php", world.client.address())).await;
        world.browse(&album.browser, "teacher1").await;
        album.browser.devtools("Emulation.setEmulatedMedia", forced).await;
        album.browser.resize(1280, 1000).await;
        for (name, part) in [("find-forced-colours", "#find"), ("restores-forced-colours", "#restores")] {
            album.browser.go("about:blank").await;
            album.browser.go(&format!("{}{part}", world.page())).await;
            album.browser.find(".cf-row").await;
            album.take(name).await;
        }
        album.browser.devtools("Emulation.setEmulatedMedia", json!({"features": []})).await;
        // Details that somebody has opened.
        album.browser.go(&world.page()).await;
        album.browser.press("Details: Classical mechanics").await;
        album.take("find-details").await;
        // A connection that is lost.
        album.browser.go(&format!("{}/login/logout.php", world.client.address())).await;
        world.browse(&album.browser, "teacher1").await;
        album.browser.resize(1280, 900).await;
        album.browser.go(&world.page()).await;
        album.browser.find(".cf-course").await;
        let mut world = world;
        world.kill_worker().await;
        album.browser.script("dispatchEvent(new Event('online'))", &[]).await;
        album.take("connection-lost").await;
        album.contact_sheet().await;
    });
}
