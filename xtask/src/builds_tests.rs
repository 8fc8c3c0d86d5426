//! Which files of earlier builds stay. Apart from `builds.rs`, which the end-to-end suites include without these tests.

use crate::{
    builds::{BUILDS, forget_old_builds, keep_deployed, publish},
    files::files_below,
};
use serde_json::{Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// A folder for one test's builds.
struct Site(PathBuf);

impl Site {
    fn new(name: &str) -> Self {
        Self(std::env::temp_dir().join(format!("courseferry-builds-{name}-{}", std::process::id())))
    }

    fn build(&self, content: &str) -> Value {
        let wasm = publish(&self.0, "courseferry", "wasm", content.as_bytes()).unwrap();
        let texts = json!({"en": publish(&self.0, "en", "json", content.as_bytes()).unwrap()});
        let files = json!({"wasm": wasm, "texts": texts});
        forget_old_builds(&self.0, &files).unwrap();
        files
    }

    /// What is in its files, each once.
    fn kept(&self) -> Vec<String> {
        let mut kept: Vec<_> =
            files_below(&self.0.join("files")).into_iter().map(|path| fs::read_to_string(path).unwrap()).collect();
        kept.sort();
        kept.dedup();
        kept
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn fetch_from(deployed: &Path) -> impl Fn(&str) -> anyhow::Result<Option<Vec<u8>>> {
    move |name| Ok(fs::read(deployed.join(name)).ok())
}

#[test]
fn the_files_of_the_two_builds_before_stay_and_older_ones_go() {
    let site = Site::new("own");
    for content in ["one", "two", "three", "four", "four"] {
        site.build(content);
    }
    assert_eq!(site.kept(), ["four", "three", "two"]);
}

#[test]
fn a_deployment_from_a_clean_machine_keeps_the_two_builds_deployed_before() {
    let (deployed, here) = (Site::new("deployed"), Site::new("clean"));
    for content in ["one", "two", "three"] {
        deployed.build(content);
    }
    here.build("never deployed");
    let this = here.build("four");
    keep_deployed(&here.0, fetch_from(&deployed.0)).unwrap();
    assert_eq!(here.kept(), ["four", "three", "two"]);
    let list: Vec<Value> = serde_json::from_slice(&fs::read(here.0.join(BUILDS)).unwrap()).unwrap();
    assert_eq!((list.len(), list.first()), (3, Some(&this)));
}

#[test]
fn the_first_deployment_has_nothing_to_keep() {
    let here = Site::new("first");
    here.build("one");
    keep_deployed(&here.0, |_| Ok(None)).unwrap();
    assert_eq!(here.kept(), ["one"]);
}

#[test]
fn a_deployed_file_that_is_not_what_its_name_says_is_refused() {
    let (deployed, here) = (Site::new("changed"), Site::new("refusing"));
    deployed.build("one");
    for file in files_below(&deployed.0.join("files")) {
        fs::write(file, "<html>").unwrap();
    }
    here.build("two");
    assert!(keep_deployed(&here.0, fetch_from(&deployed.0)).is_err());
}
