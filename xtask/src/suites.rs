//! Runs every suite: format, lints, Rust, PHP. All of them run even if one fails, so that one look at the end of
//! the log tells everything.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use pico_args::Arguments;
use walkdir::WalkDir;

use crate::arguments::nothing_more;
use crate::build::{self, Profile};
use crate::e2e;
use crate::prepare::{TestTools, Tools, cargo};
use crate::process::{self, Clock, announce};
use crate::workspace::Workspace;

/// A suite's name and what runs it.
type Suite<'a> = (&'static str, Box<dyn Fn() -> Result<()> + 'a>);

/// Runs the suites that `chosen` names, or all.
pub fn run(workspace: &Workspace, chosen: &[String]) -> Result<()> {
    let tools = Tools::prepare(workspace)?;
    let test_tools = TestTools::prepare()?;
    let suites: [Suite; 5] = [
        ("format", Box::new(|| format(workspace))),
        ("lint", Box::new(|| lint(workspace))),
        ("rust", Box::new(|| rust(workspace, &tools, &test_tools))),
        ("php", Box::new(|| php(workspace, &test_tools))),
        ("dependencies", Box::new(|| dependencies(workspace))),
    ];
    if let Some(unknown) = chosen.iter().find(|name| suites.iter().all(|(known, _)| known != name)) {
        bail!("there is no suite `{unknown}`; there are format, lint, rust, php, dependencies");
    }
    let mut summary = Vec::new();
    for (name, suite) in &suites {
        if chosen.is_empty() || chosen.iter().any(|word| word == name) {
            let clock = Clock::start();
            let outcome = suite();
            if let Err(error) = &outcome {
                eprintln!("\n✗ {name}: {error:#}");
            }
            summary.push((name, clock.seconds(), outcome.is_ok()));
        }
    }
    println!();
    for (name, seconds, passed) in &summary {
        println!("{} {name:<12} {seconds:>5} s", if *passed { "✓" } else { "✗" });
    }
    match summary.iter().filter(|(_, _, passed)| !passed).count() {
        0 => Ok(()),
        failed => bail!("{failed} of {} suites failed", summary.len()),
    }
}

pub fn shots(workspace: &Workspace) -> Result<()> {
    e2e::run(workspace, &e2e::Options::of_tests(Profile::Shipped, &["shots::", "--ignored"]))?;
    announce("target/shots/contact-sheet.png shows them all");
    Ok(())
}

/// Lets everything go wrong at once for some minutes, by chance from a seed.
pub fn faults(workspace: &Workspace, mut arguments: Arguments) -> Result<()> {
    let minutes: f64 = arguments.opt_value_from_str("--minutes")?.unwrap_or(10.0);
    let seed: u64 = arguments.opt_value_from_str("--seed")?.unwrap_or(1);
    nothing_more(arguments, "cargo xtask faults [--minutes N] [--seed S]")?;
    let seconds = (minutes * 60.0).round();
    let tests = e2e::Options::of_tests(Profile::Quick, &["fault_run::as_long_as_asked", "--ignored", "--nocapture"]);
    let tests = tests.given("COURSEFERRY_FAULTS_SECONDS", seconds.to_string());
    e2e::run(workspace, &tests.given("COURSEFERRY_FAULTS_SEED", seed.to_string()))
}

fn format(workspace: &Workspace) -> Result<()> {
    announce("cargo fmt --check: one style");
    process::run(cargo().args(["fmt", "--all", "--check"]).current_dir(workspace.path("")))
}

fn lint(workspace: &Workspace) -> Result<()> {
    let lint = |arguments: &[&str]| {
        let mut command = cargo();
        command.arg("clippy").args(arguments).args(["--", "--deny", "warnings"]);
        process::run(command.current_dir(workspace.path("")))
    };
    announce("cargo clippy: what runs natively");
    lint(&["--all-targets"])?;
    announce("cargo clippy: what is WebAssembly");
    lint(&[
        "--lib",
        "--target",
        "wasm32-unknown-unknown",
        "--package",
        "courseferry-app",
        "--package",
        "courseferry-edge",
    ])
}

fn rust(workspace: &Workspace, tools: &Tools, test_tools: &TestTools) -> Result<()> {
    build::both(workspace, tools, Profile::Shipped)?;
    build::browser_tests(workspace, tools, Profile::Shipped)?;
    announce("cargo test: units, properties, end to end, browser, faults");
    let mut tests = test_tools.cargo_test(workspace, tools);
    // The Worker's crate runs only on its platform: the end-to-end suites test it as it is built.
    process::run(tests.args(["--no-fail-fast", "--workspace", "--exclude", "courseferry-edge"]))
}

fn php(workspace: &Workspace, test_tools: &TestTools) -> Result<()> {
    let companion = workspace.path("edge/companion");
    let files = php_files(&companion);
    announce(format!("php -l: {} files of the companion", files.len()));
    let mut faulty = 0;
    for file in &files {
        let output = Command::new(&test_tools.php)
            .args(["-d", "display_errors=1", "-l"])
            .arg(file)
            .stdin(Stdio::null())
            .output()
            .context("cannot start php")?;
        if !output.status.success() {
            faulty += 1;
            eprintln!("{}", String::from_utf8_lossy(&output.stdout).trim());
        }
    }
    if faulty > 0 {
        bail!("{faulty} files are no PHP");
    }
    let tests = companion.join("tests/standalone/run.php");
    announce("php tests/standalone/run.php: what of the companion runs without Moodle");
    process::run(Command::new(&test_tools.php).arg(tests).current_dir(&companion))
}

/// Licences and sources of all libraries. `cargo deny` is not fetched: building it takes longer than all suites; the
/// workflow has it ready made, and its database of vulnerabilities besides.
fn dependencies(workspace: &Workspace) -> Result<()> {
    if process::answer(cargo().args(["deny", "--version"])).is_none() {
        announce("cargo deny: left out, it is not installed (cargo install --locked cargo-deny)");
        return Ok(());
    }
    announce("cargo deny: licences and sources of every library");
    let check = ["deny", "--offline", "check", "licenses", "bans", "sources"];
    process::run(cargo().args(check).current_dir(workspace.path("")))
}

fn php_files(folder: &std::path::Path) -> Vec<PathBuf> {
    let entries = WalkDir::new(folder).sort_by_file_name().into_iter().filter_map(Result::ok);
    let files = entries.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path);
    files.filter(|path| path.extension().is_some_and(|extension| extension == "php")).collect()
}
