//! A pinned widget: with the hash of a build in the block's settings browsers run exactly that build.

use crate::harness::{Browser, Options, World, root, run, until};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fs;

/// The name of a file of the newest build, by its part in `builds.json`.
fn built(part: &str) -> String {
    let builds: Value = serde_json::from_slice(&fs::read(root("target/site/widget/builds.json")).unwrap()).unwrap();
    builds.pointer(&format!("/0/{part}")).and_then(Value::as_str).expect("a file").to_owned()
}

/// A world whose block pins the newest build, by the hash that a deployment prints; with a proxy on the way.
async fn pinned() -> World {
    let world = World::start(Options::default().relayed()).await;
    let script = fs::read(root("target/site/widget/courseferry.js")).unwrap();
    let pin = format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(script)));
    world.client.change(|site| site.integrity = Some(pin));
    world
}

#[test]
fn a_pinned_widget_works_wholly_and_takes_no_file_that_could_change_under_its_address() {
    run(async {
        let world = pinned().await;
        let browser = world.open_page("teacher1", "").await;
        browser.sees("Classical mechanics").await;
        world.show(&browser, "admin", "#manage").await;
        browser.sees("0 restores found").await;
        let loaded = "return performance.getEntriesByType('resource').map(entry => new URL(entry.name).pathname)
            .filter(path => path.startsWith('/widget/'))";
        let loaded = browser.script(loaded, &[]).await;
        let named_by_content = |path: &Value| path.as_str().unwrap().starts_with("/widget/files/");
        assert!(loaded.as_array().unwrap().iter().all(named_by_content), "{loaded}");
        assert!(loaded.to_string().contains("manage-"), "administrators' part too: {loaded}");
    });
}

#[test]
fn a_changed_byte_in_any_of_its_files_is_refused_by_the_browser() {
    run(async {
        let world = pinned().await;
        let relay = world.relay.as_ref().expect("a proxy");
        let browser = Browser::open().await;
        // Which scripts the browser refused.
        let note = "addEventListener('error', event => event.target.tagName === 'SCRIPT'
            && sessionStorage.setItem('refused', event.target.src), true)";
        browser.devtools("Page.addScriptToEvaluateOnNewDocument", serde_json::json!({"source": note})).await;
        world.browse(&browser, "teacher1").await;
        for (part, sentence) in
            [("script", ""), ("wasm", "Courseferry could not start."), ("texts/en", "Courseferry could not start.")]
        {
            relay.change(Some(&built(part)));
            // What an earlier page loaded is in the browser's cache.
            browser.devtools("Network.clearBrowserCache", serde_json::json!({})).await;
            browser.go(&world.page()).await;
            if sentence.is_empty() {
                let refused = async || {
                    browser.script("return sessionStorage.getItem('refused')", &[]).await.as_str().map(str::to_owned)
                };
                assert!(until("the script to be refused", 15, refused).await.ends_with(&built(part)));
            } else {
                browser.sees(sentence).await;
            }
            assert!(!browser.text().await.contains("Find courses"), "{part}: nothing of it ran");
        }
        relay.change(None);
        browser.devtools("Network.clearBrowserCache", serde_json::json!({})).await;
        browser.go(&world.page()).await;
        browser.sees("Classical mechanics").await;
        // Without the pin the same byte passes unnoticed.
        world.client.change(|site| site.integrity = None);
        relay.change(Some("/widget/courseferry.js"));
        browser.go(&world.page()).await;
        browser.sees("Classical mechanics").await;
    });
}

#[test]
fn what_a_browser_loads_of_the_widget_it_asks_for_by_https_alone_from_then_on() {
    run(async {
        let world = World::shared().await;
        for path in ["courseferry.js".to_owned(), built("styles"), built("script")] {
            let answer = reqwest::get(format!("{}/widget/{path}", world.worker.origin)).await.unwrap();
            assert_eq!(answer.headers()["strict-transport-security"], "max-age=31536000", "{path}");
        }
    });
}
