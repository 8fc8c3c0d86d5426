//! Builds the Worker (`edge/build`) and the widget's files (`target/site`), and measures what a teacher's browser
//! loads. Steps whose inputs have not changed are left out.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use courseferry_api::{Endpoint as _, OpenSession};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::builds::{BUILDS, forget_old_builds, names, publish};
use crate::files::{files_below, write};
use crate::prepare::{Tools, cargo};
use crate::process::{self, announce, run_quietly};
use crate::workspace::{Stamp, Workspace, read};

/// How the WebAssembly is built.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// As it is deployed and measured: minutes to build.
    Shipped,
    /// The same code hardly optimised, for whoever changes it and looks: seconds to build.
    Quick,
}

impl Profile {
    /// The profile of `Cargo.toml` for what a browser loads.
    fn of_pages(self) -> &'static str {
        match self {
            Self::Shipped => "release",
            Self::Quick => "quick",
        }
    }

    /// The profile of `Cargo.toml` for a Worker.
    fn of_workers(self) -> &'static str {
        match self {
            Self::Shipped => "worker",
            Self::Quick => "quick",
        }
    }
}

/// Rules for Cloudflare's static assets. The widget runs inside a page of another origin. All its files but the script's
/// newest build are named by their content, so they never change under one address. Over plain http, as in development,
/// browsers pay no heed to `Strict-Transport-Security`.
const HEADERS: &str = "\
/widget/*
  Access-Control-Allow-Origin: *
  Cross-Origin-Resource-Policy: cross-origin
  X-Content-Type-Options: nosniff
  Strict-Transport-Security: max-age=31536000
/widget/files/*
  ! Cache-Control
  Cache-Control: public, max-age=31536000, immutable
";

/// Leptos's own switch for fewer types, with which it compiles in half the time and weighs less.
const PAGE_FLAGS: &str = "--cfg=erase_components";

/// The same, and what the splitting needs to know of the linker. Between them stands what separates flags.
const WIDGET_FLAGS: &str = "--cfg=erase_components\x1f-Clink-arg=--emit-relocs";

/// What rustc's WebAssembly uses. A file that was split does not say it any more, and with all features wasm-opt writes
/// types that no browser knows.
const WASM_FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-extended-const",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];
/// What only administrators load, by the name that `wasm_split` gives it.
const MANAGE: &str = "split_manage.wasm";

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
    worker_of(workspace, tools, profile, "courseferry-edge", "edge")
}

/// Builds the Worker of a crate into `build` in its folder.
pub fn worker_of(workspace: &Workspace, tools: &Tools, profile: Profile, package: &str, folder: &str) -> Result<()> {
    announce(format!("{package}: cargo build --profile {}, WebAssembly", profile.of_workers()));
    let mut compile = compile(workspace, "build", package, profile.of_workers());
    // As worker-build sets it, so that the second build below finds everything done.
    process::run(compile.env("WASM_BINDGEN_USE_JS_SYS", "1"))?;
    let versions = [workspace.locked_version("worker")?, workspace.locked_version("wasm-bindgen")?];
    let manifest = workspace.path(folder).join("Cargo.toml");
    let inputs = [wasm_of(workspace, package, profile.of_workers()), manifest];
    let stamp = Stamp::new(workspace, package, &inputs, &versions.each_ref().map(String::as_str))?;
    if stamp.is_fresh(&workspace.path(folder).join("build/index.js")) {
        return Ok(());
    }
    let mut bundle = tools.command(&tools.worker_build);
    bundle
        .args(["--profile", profile.of_workers()])
        .args((profile == Profile::Quick).then_some("--no-opt"))
        .current_dir(workspace.path(folder))
        .env("CARGO_TARGET_DIR", workspace.target(""))
        .env("WASM_BINDGEN_BIN", &tools.wasm_bindgen)
        .env("WASM_OPT_BIN", tools.npm_program("wasm-opt"))
        .env("ESBUILD_BIN", tools.npm_program("esbuild"));
    let line = format!("{package}: worker-build bundles it into {folder}/build");
    run_quietly(&line, &workspace.target("logs/worker.log"), &mut bundle)?;
    stamp.set()
}

/// Where cargo puts a crate's WebAssembly.
fn wasm_of(workspace: &Workspace, package: &str, profile: &str) -> PathBuf {
    let folder = workspace.target("wasm32-unknown-unknown").join(profile);
    folder.join(package.replace('-', "_")).with_extension("wasm")
}

/// Builds a page of one crate and no more, `page.js` and its WebAssembly, into a folder.
pub fn page_of(workspace: &Workspace, tools: &Tools, package: &str, folder: &Path) -> Result<()> {
    announce(format!("{package}: cargo build, WebAssembly"));
    let profile = Profile::Shipped.of_pages();
    process::run(compile(workspace, "build", package, profile).env("CARGO_ENCODED_RUSTFLAGS", PAGE_FLAGS))?;
    fs::create_dir_all(folder)?;
    let mut bind = tools.command(&tools.wasm_bindgen);
    bind.args(["--target", "web", "--no-typescript", "--out-name", "page", "--out-dir"]).arg(folder);
    let log = workspace.target("logs/page.log");
    run_quietly("the JavaScript around it", &log, bind.arg(wasm_of(workspace, package, profile)))?;
    let wasm = folder.join("page_bg.wasm");
    let mut optimise = tools.command(tools.npm_program("wasm-opt"));
    run_quietly("wasm-opt makes it small", &log, optimise.arg("-Oz").arg("-o").arg(&wasm).arg(&wasm))
}

/// Builds the widget's tests that need a browser, and the JavaScript around them, into `target/browser-tests`.
pub fn browser_tests(workspace: &Workspace, tools: &Tools, profile: Profile) -> Result<()> {
    let _alone = workspace.lock()?;
    announce(format!("Widget: cargo test --no-run --profile {}, WebAssembly", profile.of_pages()));
    let mut compile = compile(workspace, "test", "courseferry-app", profile.of_pages());
    compile
        .args(["--no-run", "--message-format", "json-render-diagnostics"])
        .env("CARGO_ENCODED_RUSTFLAGS", WIDGET_FLAGS)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit());
    let output = compile.output().context("cannot start cargo")?;
    ensure!(output.status.success(), "cargo test --no-run failed");
    let messages = String::from_utf8_lossy(&output.stdout);
    let made = |line: &str| serde_json::from_str::<Value>(line).ok()?.get("executable")?.as_str().map(PathBuf::from);
    let wasm = messages.lines().find_map(made).context("cargo names no program of tests")?;
    let folder = workspace.target("browser-tests");
    fs::create_dir_all(&folder)?;
    let mut bind = tools.command(&tools.wasm_bindgen);
    bind.args(["--split", "--test", "--target", "web", "--no-typescript", "--out-name", "tests", "--out-dir"]);
    bind.arg(&folder).arg(&wasm);
    run_quietly(
        "Widget: wasm-bindgen writes the JavaScript around its tests",
        &workspace.target("logs/tests.log"),
        &mut bind,
    )
}

fn widget(workspace: &Workspace, tools: &Tools, profile: Profile) -> Result<()> {
    announce(format!("Widget: cargo build --profile {}, WebAssembly", profile.of_pages()));
    let mut compile = compile(workspace, "build", "courseferry-app", profile.of_pages());
    process::run(compile.env("CARGO_ENCODED_RUSTFLAGS", WIDGET_FLAGS))?;
    let wasm = wasm_of(workspace, "courseferry-app", profile.of_pages());
    let [entry, fetching] = ["app/courseferry.js", "app/files.js"].map(|name| workspace.path(name));
    let locales = files_below(&workspace.path("app/locales"));
    let styles = files_below(&workspace.path("style"));
    let inputs: Vec<_> = [&wasm, &entry, &fetching].into_iter().chain(&locales).chain(&styles).cloned().collect();
    let version = workspace.locked_version("wasm-bindgen")?;
    let stamp = Stamp::new(workspace, "widget", &inputs, &[&version, HEADERS])?;
    let site = workspace.target("site/widget");
    if stamp.is_fresh(&site.join("courseferry.js")) {
        return Ok(());
    }
    let parts = workspace.target("widget");
    if parts.exists() {
        fs::remove_dir_all(&parts)?;
    }
    fs::create_dir_all(&parts)?;
    let log = |name: &str| workspace.target("logs").join(name);

    let mut bind = tools.command(&tools.wasm_bindgen);
    bind.args(["--split", "--target", "web", "--no-typescript", "--omit-default-module-path"]);
    bind.args(["--out-name", "bindings"]);
    bind.arg("--out-dir").arg(&parts).arg(&wasm);
    run_quietly(
        "Widget: wasm-split and wasm-bindgen write files and the JavaScript around them",
        &log("bindgen.log"),
        &mut bind,
    )?;

    if profile == Profile::Shipped {
        for file in ["bindings_bg.wasm", MANAGE].map(|file| parts.join(file)) {
            let mut optimise = tools.command(tools.npm_program("wasm-opt"));
            optimise.args(WASM_FEATURES).args(["-Oz", "-o"]).args([&file, &file]);
            run_quietly("Widget: wasm-opt makes it small", &log("wasm-opt.log"), &mut optimise)?;
        }
    }

    let sheet = parts.join("courseferry.css");
    let mut style = tools.command(tools.npm_program("esbuild"));
    style.arg(workspace.path("style/courseferry.css")).args(["--bundle", "--minify", "--log-level=warning"]);
    style.arg(format!("--outfile={}", sheet.display()));
    run_quietly("Widget: esbuild bundles the styles", &log("style.log"), &mut style)?;

    let mut texts = BTreeMap::new();
    for locale in &locales {
        let compact: Value = serde_json::from_str(&read(locale)?).with_context(|| locale.display().to_string())?;
        let language = locale.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        texts.insert(language.clone(), publish(&site, &language, "json", compact.to_string().as_bytes())?);
    }
    let manage = publish(&site, "manage", "wasm", &fs::read(parts.join(MANAGE))?)?;
    let loader = parts.join("__wasm_split.js");
    let fetches = format!("fetch(new URL(\"./{MANAGE}\", import.meta.url))");
    let source = read(&loader)?;
    // Fetched in another way a changed file would not be noticed where the build is pinned.
    ensure!(source.contains(&fetches), "{MANAGE} is fetched in a way that is not known here");
    let source = source.replace(&fetches, &format!("fetched(\"{manage}\")"));
    write(&loader, format!("import {{ fetched }} from \"courseferry-files\";\n{source}"))?;
    let mut files = json!({
        "wasm": publish(&site, "courseferry", "wasm", &fs::read(parts.join("bindings_bg.wasm"))?)?,
        "manage": manage,
        "styles": publish(&site, "courseferry", "css", &fs::read(&sheet)?)?,
        "texts": texts,
    });
    let hash = |name: &str| Ok((name.to_owned(), Value::from(integrity(&fs::read(site.join(name))?))));
    let hashes: Map<String, Value> = names(&files).into_iter().map(hash).collect::<Result<_>>()?;

    let mut script = tools.command(tools.npm_program("esbuild"));
    script.arg(&entry).args(["--bundle", "--minify", "--format=esm", "--target=es2022", "--log-level=warning"]);
    script.arg(format!("--alias:courseferry-bindings={}", parts.join("bindings.js").display()));
    script.arg(format!("--alias:courseferry-files={}", fetching.display()));
    script.arg(format!("--define:FILES={files}")).arg(format!("--define:HASHES={}", Value::Object(hashes)));
    script.arg(format!("--define:OPEN_SESSION={}", json!(OpenSession.path())));
    let newest = site.join("courseferry.js");
    script.arg(format!("--outfile={}", newest.display()));
    run_quietly("Widget: esbuild bundles the script", &log("script.log"), &mut script)?;
    let pinned = publish(&site, "courseferry", "js", &fs::read(&newest)?)?;
    if let Some(parts) = files.as_object_mut() {
        parts.insert("script".to_owned(), pinned.into());
    }
    forget_old_builds(&site, &files)?;

    write(&workspace.target("site/_headers"), HEADERS)?;
    stamp.set()
}

/// A file's hash as browsers compare it. Its first digits are those in the file's name.
fn integrity(content: &[u8]) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(content)))
}

/// The hash that pins the latest build: with it in the block's settings browsers run that build and no other.
pub fn pin(workspace: &Workspace) -> Result<String> {
    let site = workspace.target("site/widget");
    let script = this_build(&site)?("script");
    Ok(integrity(&fs::read(site.join(script))?))
}

/// A command of cargo, `build` or `test`, for the library of a crate as WebAssembly.
fn compile(workspace: &Workspace, command: &str, package: &str, profile: &str) -> Command {
    let mut cargo = cargo();
    cargo
        .args([command, "--lib", "--profile", profile, "--target", "wasm32-unknown-unknown", "--package", package])
        .env("CARGO_TARGET_DIR", workspace.target(""))
        .current_dir(workspace.path(""));
    cargo
}

/// The Worker's WebAssembly raw, the widget's files as a browser gets them: Brotli, quality 11.
fn print_sizes(workspace: &Workspace, tools: &Tools) -> Result<()> {
    let worker = fs::metadata(workspace.path("edge/build/index_bg.wasm"))?.len();
    println!("\nWorker: {worker} bytes of WebAssembly");
    println!("Widget:");
    let mut total = 0;
    for (file, size) in sizes(workspace, tools)? {
        println!("{size:>9} bytes (br)  {file}");
        total += size;
    }
    println!("total: {total} bytes (br)");
    let site = workspace.target("site/widget");
    let manage = this_build(&site)?("manage");
    for (file, size) in compressed(tools, &site, &[manage])? {
        println!("{size:>9} bytes (br)  {file}, for administrators besides");
    }
    Ok(())
}

/// The names of the latest build's files.
fn this_build(site: &Path) -> Result<impl Fn(&str) -> String> {
    let builds: Value = serde_json::from_str(&read(&site.join(BUILDS))?)?;
    Ok(move |path: &str| builds.pointer(&format!("/0/{path}")).and_then(Value::as_str).unwrap_or_default().to_owned())
}

/// What a teacher's browser loads of the widget, with the compressed length of each file.
pub fn sizes(workspace: &Workspace, tools: &Tools) -> Result<Vec<(String, u64)>> {
    let site = workspace.target("site/widget");
    let file = this_build(&site)?;
    // French texts are the longer ones.
    compressed(tools, &site, &["courseferry.js".to_owned(), file("styles"), file("texts/fr"), file("wasm")])
}

/// Files of a folder with their lengths as they are sent, compressed with brotli.
pub fn compressed(tools: &Tools, folder: &Path, files: &[String]) -> Result<Vec<(String, u64)>> {
    let script = "for (const file of process.argv.slice(1)) \
                  console.log(require('zlib').brotliCompressSync(require('fs').readFileSync(file)).length)";
    let mut compress = tools.command(&tools.node);
    compress.args(["-e", script]).args(files).current_dir(folder);
    let sizes = process::answer(&mut compress).context("cannot weigh a browser's files")?;
    let lengths = sizes.lines().map(|size| size.parse::<u64>().context("no length"));
    files.iter().cloned().zip(lengths).map(|(file, length)| Ok((file, length?))).collect()
}

#[cfg(test)]
mod tests {
    use super::integrity;
    use crate::files::short_hash;
    use base64::prelude::{BASE64_STANDARD, Engine as _};

    #[test]
    fn the_block_finds_the_pinned_script_by_its_hash_alone() {
        // `worker_url::widget()` in PHP takes the first 16 hex digits of the same hash.
        let hash = integrity(b"a script");
        let bytes = BASE64_STANDARD.decode(hash.strip_prefix("sha256-").unwrap()).unwrap();
        assert!(hex::encode(bytes).starts_with(&short_hash(b"a script")));
    }
}
