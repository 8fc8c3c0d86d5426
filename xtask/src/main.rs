//! The developer's commands, `cargo xtask …`: each prepares what it needs, says what it does in a line, and ends
//! with what there is now. Nothing of the product is in here.

mod arguments;
mod bench;
mod build;
mod builds;
#[cfg(test)]
mod builds_tests;
mod companion;
mod deploy;
mod dev;
mod doctor;
mod e2e;
mod files;
mod http;
mod pair;
mod prepare;
mod process;
mod release;
mod secret;
mod site;
mod suites;
mod workspace;

use std::process::ExitCode;

use anyhow::{Result, bail};
use pico_args::Arguments;

use crate::arguments::{nothing_more, words};
use crate::workspace::Workspace;

const HELP: &str = "\
cargo xtask COMMAND

  dev         a client Moodle, three remotes and the Worker on this machine, until Ctrl-C
  test        every suite (or those named: format, lint, rust, php, dependencies)
  e2e         the end-to-end suites alone, or the tests that are named; with --client, between real Moodles
  faults      everything goes wrong at once, by chance: --minutes 10, --seed 1
  shots       pictures of every surface and state, with a contact sheet, in target/shots
  build       the Worker and the widget in release, and what the widget's files weigh
  bench       the benchmarks, each beside a reference; --quick; load for the one with ten thousand restores
  companion   the Moodle plugin as target/courseferry.zip
  release     what goes with a release, in target/published: plugin, notes, licences, bill of materials; of the newest
              version in CHANGELOG.md, or `release VERSION`; --twice makes plugin and widget in a second folder and compares
  deploy      database, migrations and Worker to Cloudflare; --jurisdiction eu for a new database
  secret      `secret remote ADDRESS`: the token of one other Moodle, read without being shown
  doctor      looks at a Worker and its Moodle from outside: what is broken, and the remedy
  wrangler …  Cloudflare's own command, in the version that is locked here

`cargo xtask dev --help` and `cargo xtask e2e --help` tell how to run against real Moodles.
What is missing is installed under target/ (or named, with the command that gets it).
";

fn main() -> ExitCode {
    match run(Arguments::from_env()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(mut arguments: Arguments) -> Result<()> {
    let workspace = Workspace::find()?;
    let command = arguments.subcommand()?;
    match command.as_deref() {
        Some("dev") => dev::run(&workspace, &dev::Options::parse(arguments)?),
        Some("test") => suites::run(&workspace, &words(arguments)?),
        Some("e2e") => e2e::run(&workspace, &e2e::Options::parse(arguments)?),
        Some("faults") => suites::faults(&workspace, arguments),
        Some("shots") => no_more(arguments).and_then(|()| suites::shots(&workspace)),
        Some("build") => no_more(arguments).and_then(|()| build::run(&workspace)),
        Some("bench") => bench::run(&workspace, arguments),
        Some("companion") => no_more(arguments).and_then(|()| companion::run(&workspace)),
        Some("release") => release::run(&workspace, arguments),
        Some("deploy") => deploy::run(&workspace, &deploy::Options::parse(arguments)?),
        Some("secret") => secret::run(&workspace, arguments),
        Some("doctor") => doctor::run(&workspace, &doctor::Options::parse(arguments)?),
        Some("wrangler") => deploy::pass_through(&workspace, &words(arguments)?),
        Some("help") | None => {
            print!("{HELP}");
            Ok(())
        }
        Some(unknown) => bail!("there is no command `{unknown}`\n\n{HELP}"),
    }
}

/// For commands that take no words.
fn no_more(arguments: Arguments) -> Result<()> {
    nothing_more(arguments, "see `cargo xtask help`")
}
