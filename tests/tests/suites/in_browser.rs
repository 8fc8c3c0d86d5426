//! The widget's own tests that need a browser, `wasm-bindgen-test`'s, in the browser of all suites. `cargo xtask` builds
//! them with wasm-bindgen as it is locked here.
//!
//! wasm-bindgen's own runner, `wasm-bindgen-test-runner`, does the same with a server and a `WebDriver` client of its own:
//! forty crates more, TLS among them, for what these lines do with the server and the client that are here already.

use crate::harness::{Browser, root, run, until};
use axum::{
    Router,
    extract::Path,
    http::StatusCode,
    response::{Html, IntoResponse},
    routing::get,
};
use serde_json::Value;

/// What the runner's own page does: each test is exported by its name, and the context runs them and writes what came of
/// each into `#output`.
const PAGE: &str = "<!doctype html><meta charset=utf-8><title>tests</title><pre id=output></pre><script type=module>
    import init, {WasmBindgenTestContext} from './tests.js';
    window.__wbg_test_invoke = test => test();
    try {
        const wasm = await init();
        const tests = Object.keys(wasm).filter(name => name.startsWith('__wbgt_')).map(name => wasm[name]);
        const passed = await new WasmBindgenTestContext(false).run(tests);
        window.outcome = {passed, number: tests.length, output: output.textContent};
    } catch (error) {
        window.outcome = {passed: false, number: 0, output: String(error.stack)};
    }
</script>";

async fn serve() -> String {
    let file = async |Path(name): Path<String>| {
        let kind = if name == "tests_bg.wasm" { "application/wasm" } else { "text/javascript" };
        match std::fs::read(root("target/browser-tests").join(&name)) {
            Ok(bytes) => ([("content-type", kind)], bytes).into_response(),
            Err(_) => StatusCode::NOT_FOUND.into_response(),
        }
    };
    let router = Router::new().route("/", get(async || Html(PAGE))).route("/{name}", get(file));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}/", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

#[test]
fn what_the_widget_needs_of_a_browser_is_as_it_expects() {
    run(async {
        let browser = Browser::open().await;
        // A time zone that is neither UTC nor the sites' of the tests.
        let zone = serde_json::json!({"timezoneId": "America/St_Johns"});
        browser.devtools("Emulation.setTimezoneOverride", zone).await;
        browser.go(&serve().await).await;
        let outcome = until("the tests to end", 60, async || {
            let outcome = browser.script("return window.outcome ?? null", &[]).await;
            (outcome != Value::Null).then_some(outcome)
        });
        let outcome = outcome.await;
        let output = outcome["output"].as_str().unwrap();
        assert!(outcome["passed"] == true && outcome["number"].as_u64() > Some(5), "{output}");
    });
}
