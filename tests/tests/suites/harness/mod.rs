//! What the suites stand on: Moodles with a real Worker between them, a browser, and ways to wait.
//!
//! Nothing here asserts what the product should do; that is the suites' part.

mod api;
mod browser;
pub mod forge;
mod host;
mod pair;
mod source;
mod worker;
mod world;

pub use api::{Api, ApiError};
pub use browser::Browser;
pub use host::Host;
pub use source::{Backup, Source};
pub use worker::Worker;
pub use world::{Options, PATIENCE, World, courses_named, courses_of, now};

use futures::FutureExt;
use std::{
    panic::{AssertUnwindSafe, resume_unwind},
    path::PathBuf,
    sync::LazyLock,
    time::Duration,
};
use tokio::{
    runtime::Runtime,
    time::{Instant, sleep},
};

/// One runtime for all tests, so that a world can outlive the test that started it.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("a runtime"));

/// Runs a test to its end, and closes the browsers that it opened whatever that end is.
pub fn run(test: impl Future<Output = ()>) {
    RUNTIME
        .block_on(browser::closing_at_the_end(async {
            let whole = async {
                test.await;
                browser::assert_that_nothing_broke().await;
            };
            let outcome = AssertUnwindSafe(whole).catch_unwind().await;
            if outcome.is_err() {
                browser::keep_pictures_of_failure().await;
            }
            outcome
        }))
        .unwrap_or_else(|panic| resume_unwind(panic));
}

/// Asks `probe` until it gives something; a test that waits longer than `seconds` fails, saying for what.
pub async fn until<T>(what: &str, seconds: u64, mut probe: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + Duration::from_secs(seconds);
    loop {
        if let Some(found) = probe().await {
            return found;
        }
        assert!(Instant::now() < deadline, "waited {seconds} s in vain for: {what}");
        sleep(Duration::from_millis(50)).await;
    }
}

/// A path of the work tree.
pub fn root(relative: &str) -> PathBuf {
    prepared("COURSEFERRY_ROOT").join(relative)
}

/// What `cargo xtask test` prepares and names in the environment.
pub fn prepared(name: &str) -> PathBuf {
    let value = std::env::var_os(name);
    PathBuf::from(value.unwrap_or_else(|| panic!("{name} is not set: run `cargo xtask test`")))
}
