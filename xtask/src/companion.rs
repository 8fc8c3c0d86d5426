//! Packs the companion plugin as Moodle installs it: one folder `courseferry` in a zip. The same sources give the
//! same bytes: names are sorted, and times and permissions are fixed.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};
use walkdir::{DirEntry, WalkDir};
use zip::write::{SimpleFileOptions, ZipWriter};

use crate::files::short_hash;
use crate::process::announce;
use crate::workspace::Workspace;

/// Left out of the zip: a site runs its tests inside Moodle.
const LEFT_OUT: &str = "tests/standalone";

/// Makes `target/courseferry.zip`.
pub fn run(workspace: &Workspace) -> Result<()> {
    let made = workspace.target("courseferry.zip");
    let files = pack(&workspace.path("edge/companion"), &made)?;
    let content = fs::read(&made)?;
    announce(format!("{}: {files} files, {} bytes, hash {}", made.display(), content.len(), short_hash(&content)));
    println!("  Install it in Moodle under Site administration > Plugins > Install plugins.");
    Ok(())
}

/// Packs the plugin of a folder; how many files it has.
pub fn pack(source: &Path, made: &Path) -> Result<u32> {
    if !source.join("version.php").exists() {
        bail!("{} is no Moodle plugin: it has no version.php", source.display());
    }
    let mut zip = ZipWriter::new(File::create(made).with_context(|| format!("cannot write {}", made.display()))?);
    let options = SimpleFileOptions::default().unix_permissions(0o644).last_modified_time(zip::DateTime::default());
    let mut files = 0_u32;
    for entry in WalkDir::new(source).sort_by_file_name().into_iter().filter_entry(|entry| belongs(source, entry)) {
        let entry = entry?;
        if entry.file_type().is_file() {
            let name = entry.path().strip_prefix(source)?.to_str().context("a file name is not text")?;
            zip.start_file(format!("courseferry/{name}"), options)?;
            zip.write_all(&fs::read(entry.path())?)?;
            files += 1;
        }
    }
    zip.finish()?;
    Ok(files)
}

fn belongs(source: &Path, entry: &DirEntry) -> bool {
    let hidden = entry.depth() > 0 && entry.file_name().as_encoded_bytes().starts_with(b".");
    !hidden && entry.path() != source.join(LEFT_OUT)
}

#[cfg(test)]
mod tests {
    use super::pack;
    use std::{env, fs, path::Path, process};
    use walkdir::WalkDir;

    #[test]
    fn the_same_sources_in_another_folder_give_the_same_zip_byte_for_byte() {
        let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("../edge/companion");
        let elsewhere = env::temp_dir().join(format!("courseferry zip {}", process::id()));
        let copy = elsewhere.join("another folder");
        // The same files, written in the opposite order and at other times.
        let files: Vec<_> = WalkDir::new(&ours).into_iter().map(|entry| entry.expect("an entry").into_path()).collect();
        for file in files.iter().rev().filter(|file| file.is_file()) {
            let to = copy.join(file.strip_prefix(&ours).expect("below it"));
            fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
            fs::write(to, fs::read(file).expect("a file")).expect("a copy");
        }
        let [one, other] = ["one.zip", "other.zip"].map(|name| elsewhere.join(name));
        assert_eq!(pack(&ours, &one).expect("a zip"), pack(&copy, &other).expect("a zip"));
        let same = fs::read(&one).expect("a zip") == fs::read(&other).expect("a zip");
        fs::remove_dir_all(&elsewhere).expect("our own folder");
        assert!(same);
    }
}
