//! `cargo xtask dev`: a client Moodle, three remotes and the Worker on this machine until Ctrl-C; with `--client`,
//! the Worker between real Moodles. Everything it starts ends with it.

use std::fs;
use std::io::{BufRead, BufReader, Lines};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use pico_args::Arguments;

use crate::arguments::nothing_more;
use crate::build::{self, Profile};
use crate::pair::{self, Pair, Values};
use crate::prepare::{Tools, cargo};
use crate::process::{self, announce};
use crate::workspace::{Workspace, write_private};

const HELP: &str = "\
cargo xtask dev [--tick SECONDS] [--port PORT] [--backups FOLDER]
  The Worker between stand-in Moodles that forget everything at the end. With a folder of .mbz files there is one
  remote more, which has their courses.

EXTERNAL_MOODLES=ADDRESS,TOKEN;… cargo xtask dev --client ADDRESS [--values FILE]
  The Worker between real Moodles; its database is kept under target/dev. The keys that the companion must know
  are made once and printed.

  --tick SECONDS          how often cron fires; 5 by default, 60 in production
";

const STAND_IN_PORT: u16 = 8700;

pub struct Options {
    help: bool,
    pair: Pair,
    tick: u32,
    backups: Option<PathBuf>,
}

impl Options {
    /// Reads the command line.
    pub fn parse(mut arguments: Arguments) -> Result<Self> {
        let options = Self {
            help: arguments.contains(["-h", "--help"]),
            pair: Pair::parse(&mut arguments)?,
            tick: arguments.opt_value_from_str("--tick")?.unwrap_or(5),
            backups: arguments.opt_value_from_str("--backups")?,
        };
        nothing_more(arguments, &format!("{HELP}{}", pair::HELP))?;
        Ok(options)
    }
}

/// Prepares, builds, starts, and stays until Ctrl-C.
pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    if options.help {
        print!("{HELP}{}", pair::HELP);
        return Ok(());
    }
    let tools = Tools::prepare(workspace)?;
    build::both(workspace, &tools, Profile::Quick)?;
    match &options.pair.client {
        Some(client) => between_real_moodles(workspace, &tools, options, client),
        None => between_stand_ins(workspace, &tools, options),
    }
}

fn between_stand_ins(workspace: &Workspace, tools: &Tools, options: &Options) -> Result<()> {
    announce("cargo build: the stand-in Moodles");
    process::run(cargo().args(["build", "--package", "courseferry-tests", "--bin", "standin"]))?;
    let mut values = options.pair.values(workspace)?;
    // The stand-ins begin empty, so the Worker must too: its rows would name courses that are not there.
    let state = workspace.target("dev/state");
    if state.exists() {
        fs::remove_dir_all(&state)?;
    }
    let interrupted = interruptions()?;
    let mut stand_ins = tools.command(workspace.target("debug/standin"));
    stand_ins.args(["dev", "--worker", &options.pair.origin(), "--port", &STAND_IN_PORT.to_string()]);
    let secrets = ["LAUNCH_KEY", "SERVICE_KEY", "CLIENT_TOKEN"];
    stand_ins.envs(secrets.into_iter().filter_map(|name| Some((name, values.get(name)?))));
    if let Some(folder) = &options.backups {
        stand_ins.arg("--backups").arg(folder);
    }
    announce("Stand-in Moodles: a client and three remotes, one of each kind");
    let mut stand_ins = Running::start("the stand-in Moodles", &mut stand_ins)?;
    let served: Values = serde_json::from_str(&stand_ins.line()?).context("the stand-ins say nothing sensible")?;
    values.extend(served);
    let worker = start_worker(workspace, tools, options, &values, &state)?;
    println!("\nOpen http://127.0.0.1:{STAND_IN_PORT}/my/ and log in as one of the users above.");
    stay(&mut [stand_ins, worker], &interrupted)
}

fn between_real_moodles(workspace: &Workspace, tools: &Tools, options: &Options, client: &str) -> Result<()> {
    let values = options.pair.values(workspace)?;
    let interrupted = interruptions()?;
    let worker = start_worker(workspace, tools, options, &values, &workspace.target("dev/state-real"))?;
    println!("\nThe companion's settings in {client}:");
    for (label, name) in [("Worker", "worker_origin"), ("Launch key", "LAUNCH_KEY"), ("Service key", "SERVICE_KEY")] {
        println!("  {label:<12}{}", values.get(name).map_or("", String::as_str));
    }
    stay(&mut [worker], &interrupted)
}

fn start_worker(
    workspace: &Workspace,
    tools: &Tools,
    options: &Options,
    values: &Values,
    state: &Path,
) -> Result<Running> {
    let file = workspace.target("dev/values.json");
    let mut values = values.clone();
    // Each tick looks until the next one, as in production, where that is a minute later.
    values.entry("stay_seconds".to_owned()).or_insert_with(|| options.tick.saturating_sub(10).min(50).to_string());
    write_private(&file, &serde_json::to_string_pretty(&values)?)?;
    announce(format!("Worker in workerd at {}, cron every {} s", options.pair.origin(), options.tick));
    let mut worker = tools.command(&tools.node);
    worker.arg(workspace.path("xtask/npm/worker.mjs"));
    worker.arg("--config").arg(workspace.path("edge/wrangler.toml"));
    worker.arg("--state").arg(state).arg("--vars").arg(file);
    worker.args(["--port", &options.pair.port.to_string(), "--tick", &options.tick.to_string()]);
    let mut running = Running::start("the Worker", &mut worker)?;
    running.line()?;
    Ok(running)
}

/// Waits for Ctrl-C; a program that ends before it is an error.
fn stay(running: &mut [Running], interrupted: &Receiver<()>) -> Result<()> {
    println!("\nCtrl-C ends it.");
    loop {
        match interrupted.recv_timeout(Duration::from_millis(300)) {
            Err(RecvTimeoutError::Timeout) => running.iter_mut().try_for_each(Running::must_run)?,
            _ => return Ok(()),
        }
    }
}

/// A program that ends when this value does: first by the end of its standard input, then by force.
struct Running {
    name: &'static str,
    child: Child,
    output: Lines<BufReader<ChildStdout>>,
}

impl Running {
    fn start(name: &'static str, command: &mut Command) -> Result<Self> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {name}"))?;
        let output = child.stdout.take().with_context(|| format!("{name} has no output"))?;
        Ok(Self { name, child, output: BufReader::new(output).lines() })
    }

    /// Waits for the next line that the program prints.
    fn line(&mut self) -> Result<String> {
        let line = self.output.next().with_context(|| format!("{} did not start", self.name))?;
        Ok(line?)
    }

    fn must_run(&mut self) -> Result<()> {
        match self.child.try_wait()? {
            Some(status) => bail!("{} ended ({status})", self.name),
            None => Ok(()),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        for _ in 0..30 {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return;
            }
            thread::sleep(Duration::from_millis(100));
        }
        // If it cannot be killed either, nothing is left to try.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Gives a message for each Ctrl-C or request to end.
fn interruptions() -> Result<Receiver<()>> {
    let (sender, receiver) = channel();
    ctrlc::set_handler(move || {
        // Fails only when the program is ending already.
        let _ = sender.send(());
    })?;
    Ok(receiver)
}
