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
