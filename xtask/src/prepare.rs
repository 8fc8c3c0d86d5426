//! Makes sure that what the other commands need is there, on an ordinary machine and on one that reaches only
//! package registries. What it installs goes under `target/`, system packages excepted; what it cannot get it names,
//! with the command that would.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process::{announce, answer, run, run_quietly, succeeds_quietly};
use crate::workspace::{Stamp, Workspace};

const WASM: &str = "wasm32-unknown-unknown";
/// The oldest Node that wrangler and Miniflare support.
const OLDEST_NODE: u32 = 22;
/// The Node that is fetched where the machine's is older or missing.
const FETCHED_NODE: &str = "24.21.0";

/// What `build` and `dev` need.
pub struct Tools {
    /// The Node binary, new enough for wrangler.
    pub node: PathBuf,
    /// The folder that holds `node_modules`.
    pub npm: PathBuf,
    pub worker_build: PathBuf,
    /// What writes the JavaScript around WebAssembly.
    pub wasm_bindgen: PathBuf,
}

/// What the test suites need besides.
pub struct TestTools {
    pub chromium: PathBuf,
    pub chromedriver: PathBuf,
    /// PHP's command line, with xml and mbstring.
    pub php: PathBuf,
}

impl Tools {
    pub fn prepare(workspace: &Workspace) -> Result<Self> {
        let _alone = workspace.lock()?;
        wasm_target()?;
        let node = node(workspace)?;
        let tools = Self {
            node,
            npm: workspace.target("npm"),
            worker_build: workspace.target("tools/bin/worker-build"),
            wasm_bindgen: workspace.target("debug/courseferry-bindgen"),
        };
        tools.install_npm_packages(workspace)?;
        tools.install_worker_build(workspace)?;
        announce("cargo build: wasm-bindgen, as it is locked here");
        let mut build = cargo();
        build.args(["build", "--package", "courseferry-bindgen"]).current_dir(workspace.path(""));
        // `wasm_bindgen` above names this folder, also where CARGO_TARGET_DIR sends every other build elsewhere.
        run(build.env("CARGO_TARGET_DIR", workspace.target("")))?;
        Ok(tools)
    }

    /// A command that finds our Node first.
    pub fn command(&self, program: impl Into<OsString>) -> Command {
        let mut command = Command::new(program.into());
        command.env("PATH", path_with_first(&self.node)).env("COURSEFERRY_NPM", &self.npm);
        command
    }

    /// A program of an npm package.
    pub fn npm_program(&self, name: &str) -> PathBuf {
        self.npm.join("node_modules/.bin").join(name)
    }

    fn install_npm_packages(&self, workspace: &Workspace) -> Result<()> {
        let files = ["package.json", "package-lock.json", ".npmrc"];
        let sources: Vec<_> = files.iter().map(|file| workspace.path("xtask/npm").join(file)).collect();
        let stamp = Stamp::new(workspace, "npm", &sources, &[])?;
        if stamp.is_fresh(&self.npm.join("node_modules")) {
            return Ok(());
        }
        fs::create_dir_all(&self.npm)?;
        for (file, source) in files.iter().zip(&sources) {
            fs::copy(source, self.npm.join(file))?;
        }
        let mut install = self.command(npm()?);
        install.arg("ci").current_dir(&self.npm);
        run_quietly(
            "npm ci: wrangler, workerd, wasm-opt, esbuild, axe-core into target/npm",
            &workspace.target("logs/npm.log"),
            &mut install,
        )?;
        stamp.set()
    }

    /// worker-build must fit the library that the workspace locks: both are released together.
    fn install_worker_build(&self, workspace: &Workspace) -> Result<()> {
        let version = workspace.locked_version("worker")?;
        let present = answer(Command::new(&self.worker_build).arg("--version"));
        if present.is_some_and(|text| text.ends_with(&version)) {
            return Ok(());
        }
        let scratch = workspace.target("tools-build");
        let log = workspace.target("logs/worker-build.log");
        let line = format!("cargo install worker-build {version} into target/tools (2 minutes, once)");
        let install = |locked: Option<&str>| {
            let mut command = cargo();
            command.args(["install", "--debug", "--force", "--root"]).arg(workspace.target("tools"));
            command.arg(format!("worker-build@={version}")).args(["--bin", "worker-build"]).args(locked);
            // Without debug information, which nobody needs here and which makes the build half as long again.
            command.env("CARGO_TARGET_DIR", &scratch).env("CARGO_PROFILE_DEV_DEBUG", "0");
            command
        };
        if !succeeds_quietly(&line, &log, &mut install(Some("--locked")))? {
            announce("Some part of it cannot be had in the version it was released with; trying those that can");
            run_quietly(&line, &log, &mut install(None))?;
        }
        if scratch.exists() {
            fs::remove_dir_all(scratch)?;
        }
        Ok(())
    }
}

impl TestTools {
    pub fn prepare() -> Result<Self> {
        let browsers = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"].as_slice();
        let browser = || env_path("COURSEFERRY_CHROMIUM").or_else(|| find(browsers));
        let driver = || env_path("COURSEFERRY_CHROMEDRIVER").or_else(|| find(&["chromedriver"]));
        let mut missing = Vec::new();
        if browser().is_none() {
            missing.push("chromium");
        }
        if driver().is_none() {
            missing.push("chromium-driver");
        }
        let modules = find(&["php"]).and_then(|php| answer(Command::new(php).arg("-m")));
        let has = |module| modules.as_ref().is_some_and(|list| list.lines().any(|line| line == module));
        for (module, package) in [("Core", "php-cli"), ("xml", "php-xml"), ("mbstring", "php-mbstring")] {
            if !has(module) {
                missing.push(package);
            }
        }
        debian_packages(&missing)?;
        Ok(Self {
            chromium: browser().context("there is still no Chromium on the path")?,
            chromedriver: driver().context("there is still no chromedriver on the path")?,
            php: find(&["php"]).context("there is still no php on the path")?,
        })
    }

    /// `cargo test` with what the end-to-end suites ask for.
    pub fn cargo_test(&self, workspace: &Workspace, tools: &Tools) -> Command {
        let mut command = cargo();
        command
            .arg("test")
            .current_dir(workspace.path(""))
            .env("COURSEFERRY_ROOT", workspace.path(""))
            .envs(env::current_exe().ok().map(|xtask| ("COURSEFERRY_XTASK", xtask)))
            .env("COURSEFERRY_NODE", &tools.node)
            .env("COURSEFERRY_NPM", &tools.npm)
            .env("COURSEFERRY_CHROMIUM", &self.chromium)
            .env("COURSEFERRY_CHROMEDRIVER", &self.chromedriver);
        command
    }
}

/// The cargo that runs this program.
pub fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

fn wasm_target() -> Result<()> {
    let sysroot =
        answer(Command::new("rustc").args(["--print", "sysroot"])).context("cannot ask rustc for its folder")?;
    if Path::new(&sysroot).join("lib/rustlib").join(WASM).join("lib").exists() {
        return Ok(());
    }
    announce(format!("rustup target add {WASM}: the Worker and the widget are WebAssembly"));
    run(Command::new("rustup").args(["target", "add", WASM])).with_context(|| {
        format!(
            "Rust's standard library for {WASM} is not here.\n\
             With rustup (https://rustup.rs): rustup target add {WASM}\n\
             With a distribution's Rust: its package for that target (Debian: libstd-rust-dev-wasm32, Fedora: \
             rust-std-static-{WASM}), if its Rust is new enough for Cargo.toml's `rust-version`\n\n"
        )
    })
}

fn node(workspace: &Workspace) -> Result<PathBuf> {
    let machine = env_path("COURSEFERRY_NODE").or_else(|| find(&["node"]));
    let version = machine.as_ref().and_then(|node| answer(Command::new(node).arg("--version")));
    let major = version.as_ref().and_then(|text| text.trim_start_matches('v').split('.').next()?.parse::<u32>().ok());
    if let (Some(node), Some(OLDEST_NODE..)) = (machine, major) {
        return Ok(node);
    }
    let platform = match (env::consts::OS, env::consts::ARCH) {
        ("linux", "x86_64") => "linux-x64",
        ("linux", "aarch64") => "linux-arm64",
        _ => bail!("Node {OLDEST_NODE} or newer is needed on the path: https://nodejs.org"),
    };
    let folder = workspace.target("node");
    let binary = folder.join(format!("node_modules/node-{platform}/bin/node"));
    let fetched = answer(Command::new(&binary).arg("--version"));
    if fetched.is_none_or(|version| version.trim_start_matches('v') != FETCHED_NODE) {
        fs::create_dir_all(&folder)?;
        let mut install = Command::new(npm()?);
        install.args(["install", "--no-save", "--no-package-lock", "--ignore-scripts", "--prefix"]).arg(&folder);
        install.arg(format!("node-{platform}@{FETCHED_NODE}")).current_dir(&folder);
        let found = version.map_or_else(|| "none".to_owned(), |version| format!("Node {version}"));
        run_quietly(
            &format!(
                "npm install Node {FETCHED_NODE} into target/node: wrangler needs {OLDEST_NODE} or newer, here is {found}"
            ),
            &workspace.target("logs/node.log"),
            &mut install,
        )?;
    }
    Ok(binary)
}

fn npm() -> Result<PathBuf> {
    find(&["npm"])
        .with_context(|| format!("npm is needed on the path: it comes with Node {OLDEST_NODE}, https://nodejs.org"))
}

/// Installs `packages` where that can be done without asking; else says how.
fn debian_packages(packages: &[&str]) -> Result<()> {
    if packages.is_empty() {
        return Ok(());
    }
    let names = packages.join(" ");
    let root = answer(Command::new("id").arg("-u")).is_some_and(|id| id == "0");
    let Some(apt) = find(&["apt-get"]) else {
        bail!("the tests need what Debian calls {names}: install your system's packages and run this again");
    };
    if !root {
        bail!(
            "the tests need more packages. Run this, then this command again:\n  sudo apt-get install --no-install-recommends {names}"
        );
    }
    announce(format!("apt-get install {names}: the browser suites and the companion's PHP need them"));
    let quiet = |command: &mut Command| run(command.env("DEBIAN_FRONTEND", "noninteractive"));
    quiet(Command::new(&apt).args(["update", "-qq"]))?;
    quiet(Command::new(&apt).args(["install", "-y", "-qq", "--no-install-recommends"]).args(packages))
}

fn env_path(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).map(PathBuf::from)
}

/// The first of `names` that is on the path.
fn find(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let folders: Vec<_> = env::split_paths(&path).collect();
    let candidates = names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    candidates.into_iter().find(|candidate| candidate.is_file())
}

/// The path with `program`'s folder before all others.
fn path_with_first(program: &Path) -> OsString {
    let path = env::var_os("PATH").unwrap_or_default();
    let first = program.parent().map(Path::to_owned);
    env::join_paths(first.into_iter().chain(env::split_paths(&path))).unwrap_or(path)
}
