//! The files of several builds of the widget beside one another. Each is named by its content, so that a page that was
//! opened before a deployment goes on with the files of its own build: those of the two builds before stay.
//!
//! The end-to-end suites include this file, to put another build in place as a deployment does.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::files::{files_below, short_hash, write};

/// The list of the builds whose files are there, the newest first.
pub const BUILDS: &str = "builds.json";

/// The files of so many earlier builds stay, for pages that were opened before a deployment.
const EARLIER_BUILDS: usize = 2;

/// Puts a file where browsers find it, named by its content; its address seen from the script.
pub fn publish(site: &Path, name: &str, extension: &str, content: &[u8]) -> Result<String> {
    let file = format!("files/{name}-{}.{extension}", short_hash(content));
    write(&site.join(&file), content)?;
    Ok(file)
}

/// Notes which files this build and its predecessors have, and removes those that only older ones had.
pub fn forget_old_builds(site: &Path, files: &Value) -> Result<()> {
    let known = fs::read(site.join(BUILDS)).unwrap_or_default();
    let earlier = builds_in(&known).into_iter().filter(|build| build != files).take(EARLIER_BUILDS);
    keep_only(site, [files.clone()].into_iter().chain(earlier).collect())
}

/// Fetches what the two builds deployed last have, so that a deployment from any machine leaves it in place; `fetch` gives
/// a deployed file of the widget. Other earlier builds of this machine were never deployed, and go.
pub fn keep_deployed(site: &Path, fetch: impl Fn(&str) -> Result<Option<Vec<u8>>>) -> Result<()> {
    let this = builds_in(&fs::read(site.join(BUILDS))?).into_iter().next().context("nothing is built")?;
    let deployed = builds_in(&fetch(BUILDS)?.unwrap_or_default()).into_iter().filter(|build| *build != this);
    let deployed: Vec<_> = deployed.take(EARLIER_BUILDS).collect();
    for name in deployed.iter().flat_map(names).filter(|name| !site.join(name).exists()) {
        let content =
            fetch(name)?.with_context(|| format!("{name} is in the list of deployed files, but not there"))?;
        let is_it = name.strip_prefix("files/").is_some_and(|file| {
            !file.contains('/') && file.split_once('.').is_some_and(|(stem, _)| stem.ends_with(&short_hash(&content)))
        });
        ensure!(is_it, "what is deployed as {name} is not that file");
        write(&site.join(name), content)?;
    }
    keep_only(site, [this].into_iter().chain(deployed).collect())
}

fn keep_only(site: &Path, builds: Vec<Value>) -> Result<()> {
    let kept: Vec<_> = builds.iter().flat_map(names).map(|name| site.join(name)).collect();
    for file in files_below(&site.join("files")) {
        if !kept.contains(&file) {
            fs::remove_file(&file)?;
        }
    }
    write(&site.join(BUILDS), Value::from(builds).to_string())
}

fn builds_in(list: &[u8]) -> Vec<Value> {
    serde_json::from_slice(list).unwrap_or_default()
}

/// The names of a build's files; texts are one a language.
pub fn names(build: &Value) -> Vec<&str> {
    match build {
        Value::String(name) => vec![name],
        Value::Object(parts) => parts.values().flat_map(names).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{BUILDS, files_below, forget_old_builds, keep_deployed, publish};
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
}
