//! What the workspace says of itself is true: documents name files that are there, crates name libraries that they use.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::{
    fs,
    path::{Path, PathBuf},
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The files of a folder with one of these endings.
fn files(folder: &Path, endings: &[&str], found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, endings, found);
        } else if path.extension().is_some_and(|ending| endings.iter().any(|known| ending == *known)) {
            found.push(path);
        }
    }
}

#[test]
fn a_file_that_the_documents_name_is_there() {
    // A document names files as seen from the folder that it speaks of.
    const FROM: [&str; 8] =
        ["", "docs", "edge", "edge/src", "edge/api", "edge/ferry/src", "edge/companion", "edge/companion/classes"];
    const ENDINGS: [&str; 9] = [".rs", ".php", ".md", ".sql", ".mjs", ".json", ".toml", ".css", "/"];
    let mut documents = vec![root().join("README.md"), root().join("CONTRIBUTING.md")];
    files(&root().join("docs"), &["md"], &mut documents);
    let mut lost = Vec::new();
    for document in documents {
        let text = fs::read_to_string(&document).unwrap();
        for quoted in text.split('`').skip(1).step_by(2) {
            let path = quoted.chars().all(|letter| letter.is_ascii_alphanumeric() || "._-/".contains(letter));
            // Left out: what a build makes, folders of a Moodle, and addresses, which begin with a slash.
            let made = ["target/", "edge/build/", "edge/site.toml", "/", "blocks/", "public/blocks/"]
                .iter()
                .any(|made| quoted.starts_with(made));
            let named = path && !made && quoted.contains('/') && ENDINGS.iter().any(|ending| quoted.ends_with(ending));
            if named && !FROM.iter().any(|from| root().join(from).join(quoted).exists()) {
                lost.push(format!("{}: {quoted}", document.file_name().unwrap().to_string_lossy()));
            }
        }
    }
    assert!(lost.is_empty(), "{lost:#?}");
}

/// Files of other crates that a source file is made of too.
fn shared_by(file: &Path) -> Vec<PathBuf> {
    let text = fs::read_to_string(file).unwrap_or_default();
    let quoted = text.split("#[path = \"").skip(1).filter_map(|rest| rest.split('"').next());
    quoted.map(|path| file.parent().unwrap().join(path)).collect()
}

#[test]
fn a_crate_uses_every_library_that_it_names() {
    // Named for a feature or a version that another library takes from there.
    const FOR_ITS_FEATURES: [&str; 2] = ["getrandom", "wasm-bindgen"];
    let mut unused = Vec::new();
    for member in workspace_members() {
        let folder = root().join(&member);
        let mut sources = Vec::new();
        for part in ["src", "tests", "benches", "examples", "fuzz/src"] {
            files(&folder.join(part), &["rs"], &mut sources);
        }
        sources.push(folder.join("build.rs"));
        let shared: Vec<PathBuf> = sources.iter().flat_map(|file| shared_by(file)).collect();
        sources.extend(shared);
        let code: String = sources.iter().map(|file| fs::read_to_string(file).unwrap_or_default()).collect();
        for library in libraries(&fs::read_to_string(folder.join("Cargo.toml")).unwrap()) {
            let name = library.replace('-', "_");
            let used = code.match_indices(&name).any(|(at, _)| {
                let letter = |letter: Option<char>| letter.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
                let (before, after) = code.split_at(at);
                !letter(before.chars().next_back()) && !letter(after.chars().nth(name.len()))
            });
            if !used && !FOR_ITS_FEATURES.contains(&library.as_str()) {
                unused.push(format!("{member}: {library}"));
            }
        }
    }
    assert!(unused.is_empty(), "{unused:#?}");
}

fn workspace_members() -> Vec<String> {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let (_, members) = manifest.split_once("members = [").unwrap();
    let (members, _) = members.split_once(']').unwrap();
    members.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The libraries that a manifest names.
fn libraries(manifest: &str) -> Vec<String> {
    let mut inside = false;
    let mut found = Vec::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            inside = line.trim_end_matches(']').ends_with("dependencies");
        } else if let Some((name, _)) = line.split_once(['.', ' ', '=']).filter(|_| inside && !line.starts_with('#')) {
            found.push(name.trim().to_owned());
        }
    }
    found.retain(|name| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_'));
    found.sort();
    found.dedup();
    found
}
