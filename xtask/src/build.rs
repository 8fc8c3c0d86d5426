//! Builds the Worker (`edge/build`) and the widget's files (`target/site`), and weighs what a teacher's browser
//! loads. Steps whose inputs have not changed are left out.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use courseferry_api::Language;
use courseferry_words::Words;
use walkdir::WalkDir;

use crate::prepare::{Tools, cargo};
use crate::process::{self, announce, run_quietly};
use crate::workspace::{Stamp, Workspace, read, short_hash, write};

/// How the WebAssembly is built.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// As it is deployed and measured: small, and minutes to build.
    Shipped,
    /// The same code hardly optimised, for whoever changes it and looks: seconds to build.
    Quick,
}

impl Profile {
    /// The profile of `Cargo.toml`.
    fn name(self) -> &'static str {
        match self {
            Self::Shipped => "release",
            Self::Quick => "quick",
        }
    }

    /// Where cargo puts what it built.
    fn folder(self, workspace: &Workspace) -> PathBuf {
        workspace.target("wasm32-unknown-unknown").join(self.name())
    }
}

/// Rules for Cloudflare's static assets. The widget runs inside a page of another origin; its WebAssembly is asked
/// for with its hash, so it never changes under one address.
const HEADERS: &str = "\
/widget/*
  Access-Control-Allow-Origin: *
  Cross-Origin-Resource-Policy: cross-origin
  X-Content-Type-Options: nosniff
/widget/*.wasm
  ! Cache-Control
  Cache-Control: public, max-age=31536000, immutable
";

/// What makes the widget small as it travels, compressed by Brotli, and not as a file: functions that stay apart and
/// lie beside their like repeat each other. Inlined ones weigh less raw and seven per cent more compressed.
const SMALL_WHEN_COMPRESSED: &[&str] = &[
    "-Oz",
    "--skip-pass=local-cse",
    "--one-caller-inline-max-function-size=12",
    "--always-inline-max-function-size=4",
    "--reorder-functions-by-name",
    "--converge",
    "--strip-debug",
    "--strip-producers",
];

/// Prepares, builds both, and prints the sizes.
pub fn run(workspace: &Workspace) -> Result<()> {
    let tools = Tools::prepare(workspace)?;
    both(workspace, &tools, Profile::Shipped)?;
    print_sizes(workspace, &tools)
}

/// Builds what is not up to date.
pub fn both(workspace: &Workspace, tools: &Tools, profile: Profile) -> Result<()> {
    let _alone = workspace.lock()?;
    worker(workspace, tools, profile)?;
    widget(workspace, tools, profile)
}

fn worker(workspace: &Workspace, tools: &Tools, profile: Profile) -> Result<()> {
    announce(format!("Worker: cargo build --profile {}, WebAssembly", profile.name()));
    let mut compile = compile(workspace, "courseferry-edge", profile);
    // As worker-build sets it, so that the second build below finds everything done.
    process::run(compile.env("WASM_BINDGEN_USE_JS_SYS", "1"))?;
    let versions = [workspace.locked_version("worker")?, workspace.locked_version("wasm-bindgen")?];
    let inputs = [profile.folder(workspace).join("courseferry_edge.wasm"), workspace.path("edge/Cargo.toml")];
    let stamp = Stamp::new(workspace, "worker", &inputs, &versions.each_ref().map(String::as_str))?;
    if stamp.is_fresh(&workspace.path("edge/build/index.js")) {
        return Ok(());
    }
    let mut bundle = tools.command(&tools.worker_build);
    bundle
        .args(["--profile", profile.name()])
        .args((profile == Profile::Quick).then_some("--no-opt"))
        .current_dir(workspace.path("edge"))
        .env("CARGO_TARGET_DIR", workspace.target(""))
        .env("WASM_BINDGEN_BIN", &tools.wasm_bindgen)
        .env("WASM_OPT_BIN", tools.npm_program("wasm-opt"))
        .env("ESBUILD_BIN", tools.npm_program("esbuild"));
    run_quietly("Worker: worker-build bundles it into edge/build", &workspace.target("logs/worker.log"), &mut bundle)?;
    stamp.set()
}

fn widget(workspace: &Workspace, tools: &Tools, profile: Profile) -> Result<()> {
    announce(format!("Widget: cargo build --profile {}, WebAssembly", profile.name()));
    let mut compile = compile(workspace, "courseferry-app", profile);
    compile.args(["--bin", "courseferry-manage"]).env("CARGO_ENCODED_RUSTFLAGS", widget_flags(profile).join("\x1f"));
    process::run(&mut compile)?;
    let wasm = profile.folder(workspace).join("courseferry_app.wasm");
    let manage_wasm = profile.folder(workspace).join("courseferry-manage.wasm");
    let (entry, manage_entry) = (workspace.path("app/courseferry.js"), workspace.path("app/manage.js"));
    let styles = files_below(&workspace.path("style"));
    let inputs: Vec<_> = [&wasm, &manage_wasm, &entry, &manage_entry].into_iter().chain(&styles).cloned().collect();
    let version = workspace.locked_version("wasm-bindgen")?;
    let texts = [Language::English, Language::French].map(Words::lines).concat();
    let stamp =
        Stamp::new(workspace, "widget", &inputs, &[&version, HEADERS, &SMALL_WHEN_COMPRESSED.join(" "), &texts])?;
    let site = workspace.target("site");
    if stamp.is_fresh(&site) {
        return Ok(());
    }
    let parts = workspace.target("widget");
    for folder in [&site, &parts] {
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
        fs::create_dir_all(folder)?;
    }
    let log = |name: &str| workspace.target("logs").join(name);

    fs::create_dir_all(site.join("widget"))?;
    let small = site.join("widget/courseferry_bg.wasm");
    let small_manage = site.join("widget/courseferry-manage_bg.wasm");
    for (wasm, name, small) in [(&wasm, "bindings", &small), (&manage_wasm, "manage", &small_manage)] {
        let mut bind = tools.command(&tools.wasm_bindgen);
        bind.args(["--target", "web", "--no-typescript", "--omit-default-module-path", "--out-name", name]);
        bind.arg("--out-dir").arg(&parts).arg(wasm);
        run_quietly("Widget: wasm-bindgen writes the JavaScript around it", &log("bindgen.log"), &mut bind)?;

        let bound = parts.join(format!("{name}_bg.wasm"));
        match profile {
            Profile::Shipped => {
                let mut optimise = tools.command(tools.npm_program("wasm-opt"));
                optimise.args(SMALL_WHEN_COMPRESSED).arg("-o").arg(small).arg(bound);
                run_quietly("Widget: wasm-opt makes it small", &log("wasm-opt.log"), &mut optimise)?;
            }
            Profile::Quick => fs::rename(bound, small)?,
        }
        plain_names(&parts.join(format!("{name}.js")), small)?;
    }

    // Texts and styles first: the script asks for them by their hashes.
    for language in [Language::English, Language::French] {
        write(&site.join(format!("widget/words.{}.txt", language.tag())), Words::lines(language))?;
    }

    let sheet = site.join("widget/courseferry.css");
    let mut style = tools.command(tools.npm_program("esbuild"));
    style.arg(workspace.path("style/courseferry.css")).args(["--bundle", "--minify", "--log-level=warning"]);
    style.arg(format!("--outfile={}", sheet.display()));
    run_quietly("Widget: esbuild bundles the styles", &log("style.log"), &mut style)?;

    let manage = site.join("widget/courseferry-manage.js");
    let mut script = tools.command(tools.npm_program("esbuild"));
    script.arg(&manage_entry).args(["--bundle", "--minify", "--format=esm", "--target=es2022", "--log-level=warning"]);
    script.arg(format!("--alias:courseferry-manage-bindings={}", parts.join("manage.js").display()));
    script.arg(format!("--define:MANAGE_WASM_HASH=\"{}\"", file_hash(&small_manage)?));
    script.arg(format!("--outfile={}", manage.display()));
    run_quietly("Widget: esbuild bundles the Manage page's script", &log("script.log"), &mut script)?;

    let mut script = tools.command(tools.npm_program("esbuild"));
    script.arg(&entry).args(["--bundle", "--minify", "--format=esm", "--target=es2022", "--log-level=warning"]);
    script.arg(format!("--alias:courseferry-bindings={}", parts.join("bindings.js").display()));
    script.arg(format!("--define:WASM_HASH=\"{}\"", file_hash(&small)?));
    script.arg(format!("--define:MANAGE_HASH=\"{}\"", file_hash(&manage)?));
    script.arg(format!("--define:WORDS_HASH=\"{}\"", short_hash(texts.as_bytes())));
    script.arg(format!("--define:STYLE_HASH=\"{}\"", file_hash(&sheet)?));
    script.arg(format!("--outfile={}", site.join("widget/courseferry.js").display()));
    run_quietly("Widget: esbuild bundles the script", &log("script.log"), &mut script)?;

    write(&site.join("_headers"), HEADERS)?;
    stamp.set()
}

fn compile(workspace: &Workspace, package: &str, profile: Profile) -> std::process::Command {
    let mut command = cargo();
    command
        .args([
            "build",
            "--lib",
            "--profile",
            profile.name(),
            "--target",
            "wasm32-unknown-unknown",
            "--package",
            package,
        ])
        .env("CARGO_TARGET_DIR", workspace.target(""))
        .current_dir(workspace.path(""));
    command
}

/// Leptos's own switch for fewer, erased types; in what is shipped functions left apart here too, and sources called
/// by what they are, not by where this machine has them, so that every machine makes the same bytes.
fn widget_flags(profile: Profile) -> Vec<String> {
    let mut flags = ["--cfg", "erase_components"].map(str::to_owned).to_vec();
    if profile == Profile::Quick {
        return flags;
    }
    flags.extend(["-C", "llvm-args=-inline-threshold=0"].map(str::to_owned));
    let home = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(env::home_dir()?.join(".cargo")));
    let sources = home.and_then(|home| fs::read_dir(home.join("registry/src")).ok());
    for source in sources.into_iter().flatten().filter_map(Result::ok) {
        flags.push(format!("--remap-path-prefix={}=", source.path().display()));
    }
    flags
}

/// wasm-bindgen tells the functions between JavaScript and WebAssembly apart by hashes, which do not compress;
/// numbers of the same length do.
fn plain_names(script: &Path, wasm: &Path) -> Result<()> {
    let mut text = read(script)?;
    let mut bytes = fs::read(wasm)?;
    let is_hash =
        |word: &&str| word.len() == 16 && word.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    let hash =
        |word: &'_ str| [word.strip_prefix('h'), Some(word)].into_iter().flatten().find(is_hash).map(str::to_owned);
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    let hashes: BTreeSet<String> = words.filter_map(hash).collect();
    for (number, hash) in hashes.iter().enumerate() {
        let name = format!("{number:016}");
        text = text.replace(hash, &name);
        replace_bytes(&mut bytes, hash.as_bytes(), name.as_bytes());
    }
    write(script, text)?;
    write(wasm, bytes)
}

/// Puts `new` in every place of `old`, which is as long.
fn replace_bytes(bytes: &mut [u8], old: &[u8], new: &[u8]) {
    let mut from = 0;
    while let Some(at) = bytes.get(from..).and_then(|rest| rest.windows(old.len()).position(|window| window == old)) {
        from += at + old.len();
        if let Some(place) = bytes.get_mut(from - old.len()..from) {
            place.copy_from_slice(new);
        }
    }
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = WalkDir::new(folder).sort_by_file_name().into_iter().filter_map(Result::ok);
    entries.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path).collect()
}

fn file_hash(path: &Path) -> Result<String> {
    let content = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(short_hash(&content))
}

/// The Worker's WebAssembly raw, the widget's files as a browser gets them: Brotli, quality 11.
fn print_sizes(workspace: &Workspace, tools: &Tools) -> Result<()> {
    let worker = fs::metadata(workspace.path("edge/build/index_bg.wasm"))?.len();
    println!("\nWorker: {worker} bytes of WebAssembly");
    // French texts are the longer ones.
    let files = ["courseferry.js", "courseferry.css", "words.fr.txt", "courseferry_bg.wasm"];
    let script = "for (const file of process.argv.slice(1)) \
                  console.log(require('zlib').brotliCompressSync(require('fs').readFileSync(file)).length)";
    let mut compress = tools.command(&tools.node);
    compress.args(["-e", script]).args(files).current_dir(workspace.target("site/widget"));
    let sizes = process::answer(&mut compress).context("cannot weigh the widget's files")?;
    let mut total = 0;
    println!("Widget:");
    for (file, size) in files.iter().zip(sizes.lines()) {
        println!("{size:>9} bytes (br)  {file}");
        total += size.parse::<u64>()?;
    }
    println!("total: {total} bytes (br)");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::replace_bytes;

    #[test]
    fn every_place_is_filled_and_nothing_else_moves() {
        let mut bytes = *b"a11b11";
        replace_bytes(&mut bytes, b"11", b"22");
        assert_eq!(&bytes, b"a22b22");
        replace_bytes(&mut bytes, b"33", b"44");
        assert_eq!(&bytes, b"a22b22");
    }
}
