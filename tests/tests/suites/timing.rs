//! How long a teacher waits for the first courses, beside what the remotes themselves take. `cargo xtask bench` runs
//! it and prints the figures; nothing is asserted, since a figure depends on the machine.

use crate::harness::{Browser, Options, World, run};
use courseferry_tests::remote::Trap;
use serde_json::json;

/// Notes in the page when the first course stands in it.
const WATCH: &str = "new MutationObserver((_, watcher) => {
    if (!document.querySelector('.cf-course')) return;
    window.firstCourse = performance.now();
    watcher.disconnect();
}).observe(document, {childList: true, subtree: true});";

#[test]
#[ignore = "measures; asserts nothing"]
fn first_courses_on_screen() {
    run(async {
        println!("remote answers after | first course, first visit ever | first course, next visit");
        for seconds in [0.0, 0.3, 1.0] {
            let world = World::start(Options::default().set("cache_minutes", "15")).await;
            for remote in &world.remotes {
                remote.set(Trap::Slow { seconds });
            }
            let browser = Browser::open().await;
            // In Moodle before the clock starts: what Moodle takes is not ours.
            world.browse(&browser, "teacher1").await;
            browser.go("about:blank").await;
            browser.devtools("Network.clearBrowserCache", json!({})).await;
            browser.devtools("Page.addScriptToEvaluateOnNewDocument", json!({"source": WATCH})).await;
            let mut figures = Vec::new();
            for _ in 0..2 {
                browser.go(&world.page()).await;
                browser.find(".cf-course").await;
                let at = browser.script("return window.firstCourse", &[]).await.as_f64().unwrap();
                figures.push(format!("{at:.0} ms = {:+.0} ms", at - seconds * 1_000.0));
                browser.go("about:blank").await;
            }
            println!("{:>6.0} ms | {}", seconds * 1_000.0, figures.join(" | "));
        }
    });
}
