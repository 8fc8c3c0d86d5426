//! What a release consists of beside its sources, in `target/published`: the plugin's zip, the licences and the bill of
//! materials of the libraries in the Worker and the widget, and the notes from CHANGELOG.md. With `--twice` it makes plugin
//! and widget once more in another folder and compares them byte for byte.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use pico_args::Arguments;
use walkdir::WalkDir;

use crate::arguments::nothing_more;
use crate::build::{self, Profile};
use crate::companion;
use crate::files::write;
use crate::prepare::{Tools, cargo};
use crate::process::{self, announce};
use crate::workspace::{Workspace, read};

/// Makes the files of a release, of the newest version in CHANGELOG.md unless another is named.
pub fn run(workspace: &Workspace, mut arguments: Arguments) -> Result<()> {
    let twice = arguments.contains("--twice");
    let version: Option<String> = arguments.opt_free_from_str()?;
    nothing_more(arguments, "cargo xtask release [--twice] [VERSION]")?;
    let folder = workspace.target("published");
    fs::create_dir_all(&folder)?;
    let notes = notes(&read(&workspace.path("CHANGELOG.md"))?, version.as_deref())?;
    write(&folder.join("notes.md"), notes)?;
    let zip = folder.join("courseferry.zip");
    let files = companion::pack(&workspace.path("edge/companion"), &zip)?;
    announce(format!("{}: {files} files", zip.display()));
    let mut notices = cargo();
    notices.args(["run", "--quiet", "--package", "courseferry-notices", "--"]).arg(&folder);
    process::run(notices.current_dir(workspace.path("")))?;
    announce(format!("{}: plugin, notes, licences, bill of materials", folder.display()));
    if twice { reproduce(workspace, &zip) } else { Ok(()) }
}

/// Makes plugin and widget here and in a copy of the work tree elsewhere; they must come out the same.
fn reproduce(workspace: &Workspace, zip: &Path) -> Result<()> {
    let git = |arguments: &[&str]| {
        let mut git = Command::new("git");
        git.args(arguments).current_dir(workspace.path(""));
        git
    };
    let dirty = process::answer(&mut git(&["status", "--porcelain"])).context("this is no git work tree")?;
    ensure!(dirty.is_empty(), "commit first: only what is committed is built elsewhere");
    let tools = Tools::prepare(workspace)?;
    build::both(workspace, &tools, Profile::Shipped)?;
    let elsewhere = std::env::temp_dir().join(format!("courseferry-{}", std::process::id()));
    announce(format!("git worktree: the last commit in {}", elsewhere.display()));
    process::run(git(&["worktree", "add", "--detach"]).arg(&elsewhere))?;
    let built = Command::new("cargo").args(["xtask", "build"]).current_dir(&elsewhere).status();
    let again = elsewhere.join("target/courseferry.zip");
    let packed = companion::pack(&elsewhere.join("edge/companion"), &again);
    let same_zip = packed.and_then(|_| Ok(fs::read(zip)? == fs::read(&again)?));
    let same = compare(workspace, &elsewhere.join("target/site/widget"));
    process::run(git(&["worktree", "remove", "--force"]).arg(&elsewhere))?;
    ensure!(built?.success(), "the build elsewhere failed");
    ensure!(same_zip?, "the plugin differs");
    let files = same?;
    announce(format!("The plugin and the widget's {files} files came out the same twice"));
    Ok(())
}

/// How many files of this build there are, all the same here and there.
fn compare(workspace: &Workspace, there: &Path) -> Result<usize> {
    let here = workspace.target("site/widget");
    let mut files = 0;
    for entry in WalkDir::new(there) {
        let entry = entry?;
        // The list also names earlier builds, which differ between machines.
        if !entry.file_type().is_file() || entry.file_name() == "builds.json" {
            continue;
        }
        let name = entry.path().strip_prefix(there)?;
        let ours =
            fs::read(here.join(name)).with_context(|| format!("{} came out in one folder only", name.display()))?;
        ensure!(ours == fs::read(entry.path())?, "{} differs", name.display());
        files += 1;
    }
    Ok(files)
}

/// The part of a change log that is about one version, without its heading; the first one if none is named.
fn notes(changes: &str, version: Option<&str>) -> Result<String> {
    let mut parts = changes.split("\n## ").skip(1);
    let found = parts.find(|part| {
        let title = part.lines().next().unwrap_or_default();
        version.is_none_or(|version| title.split([' ', ',']).next() == Some(version))
    });
    let Some((_, text)) = found.and_then(|part| part.split_once('\n')) else {
        bail!("CHANGELOG.md says nothing of {}", version.unwrap_or("any version"))
    };
    Ok(format!("{}\n", text.trim()))
}

#[cfg(test)]
mod tests {
    use super::notes;

    const CHANGES: &str =
        "# Changes\n\nBoth together.\n\n## 0.2, not released yet\n\n### New\n- A thing.\n\n## 0.1\n\nThe first.\n";

    #[test]
    fn a_releases_notes_are_what_the_change_log_says_of_it() {
        assert_eq!(notes(CHANGES, None).unwrap(), "### New\n- A thing.\n");
        assert_eq!(notes(CHANGES, Some("0.2")).unwrap(), "### New\n- A thing.\n");
        assert_eq!(notes(CHANGES, Some("0.1")).unwrap(), "The first.\n");
        assert!(notes(CHANGES, Some("0.3")).is_err() && notes("", None).is_err());
    }
}
