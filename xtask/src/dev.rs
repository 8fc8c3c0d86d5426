//! `cargo xtask dev`: a client Moodle, three remotes and the Worker on this machine until Ctrl-C; with `--client`,
//! the Worker between real Moodles. Everything it starts ends with it.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Lines, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use pico_args::Arguments;

use crate::build;
use crate::prepare::{Tools, cargo};
use crate::process::{self, announce};
use crate::workspace::{Workspace, hex, read, write_private};

/// What `dev` can be told.
const HELP: &str = "\
cargo xtask dev [--tick SECONDS] [--port PORT] [--backups FOLDER]
  The Worker between stand-in Moodles that forget everything at the end. With a folder of .mbz files there is one
  remote more, which has their courses.

cargo xtask dev --client ADDRESS --remote ADDRESS,TOKEN … [--values FILE]
  The Worker between real Moodles; its database is kept under target/dev. The keys that the companion must know
  are made once and printed.

  --tick SECONDS   how often cron fires; 5 by default, 60 in production
  --port PORT      where the Worker serves; 8787 by default
  --values FILE    secrets and settings over those of edge/wrangler.toml, as JSON: {\"CLIENT_TOKEN\": \"…\", …}
";

/// Secrets that are made up where none are given.
const MADE_UP: [&str; 4] = ["LAUNCH_KEY", "SESSION_KEY", "SERVICE_KEY", "CLIENT_TOKEN"];
const STAND_IN_PORT: u16 = 8700;

type Values = BTreeMap<String, String>;

/// How to run.
pub struct Options {
    help: bool,
    port: u16,
    tick: u32,
    client: Option<String>,
    remotes: Vec<String>,
    values: Option<PathBuf>,
    backups: Option<PathBuf>,
}

impl Options {
    fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Reads the command line.
    pub fn parse(mut arguments: Arguments) -> Result<Self> {
        let options = Self {
            help: arguments.contains(["-h", "--help"]),
            port: arguments.opt_value_from_str("--port")?.unwrap_or(8787),
            tick: arguments.opt_value_from_str("--tick")?.unwrap_or(5),
            client: arguments.opt_value_from_str("--client")?,
            remotes: arguments.values_from_str("--remote")?,
            values: arguments.opt_value_from_str("--values")?,
            backups: arguments.opt_value_from_str("--backups")?,
        };
        crate::nothing_more(arguments, HELP)?;
        Ok(options)
    }
}

/// Prepares, builds, starts, and stays until Ctrl-C.
pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    if options.help {
        print!("{HELP}");
        return Ok(());
    }
    let tools = Tools::prepare(workspace)?;
    build::both(workspace, &tools)?;
    match &options.client {
        Some(client) => between_real_moodles(workspace, &tools, options, client),
        None => between_stand_ins(workspace, &tools, options),
    }
}

fn between_stand_ins(workspace: &Workspace, tools: &Tools, options: &Options) -> Result<()> {
    announce("cargo build: the stand-in Moodles");
    process::run(cargo().args(["build", "--package", "courseferry-tests", "--bin", "standin"]))?;
    let mut values = values(workspace, options)?;
    // The stand-ins begin anew; so does the Worker, or it would speak of courses that nobody has.
    let state = workspace.target("dev/state");
    if state.exists() {
        fs::remove_dir_all(&state)?;
    }
    let interrupted = interruptions()?;
    let mut stand_ins = tools.command(workspace.target("debug/standin"));
    stand_ins.args(["dev", "--worker", &options.origin(), "--port", &STAND_IN_PORT.to_string()]);
    for (flag, name) in [("--launch-key", "LAUNCH_KEY"), ("--service-key", "SERVICE_KEY"), ("--token", "CLIENT_TOKEN")]
    {
        stand_ins.args([flag, values.get(name).map_or("", String::as_str)]);
    }
    if let Some(folder) = &options.backups {
        stand_ins.arg("--backups").arg(folder);
    }
    announce("Stand-in Moodles: a client and three remotes");
    let mut stand_ins = Running::start("the stand-in Moodles", &mut stand_ins)?;
    let served: Values = serde_json::from_str(&stand_ins.line()?).context("the stand-ins say nothing sensible")?;
    values.extend(served);
    let worker = start_worker(workspace, tools, options, &values, &state)?;
    println!("\nOpen http://127.0.0.1:{STAND_IN_PORT}/my/ and log in as one of the users above.");
    stay(&mut [stand_ins, worker], &interrupted)
}

fn between_real_moodles(workspace: &Workspace, tools: &Tools, options: &Options, client: &str) -> Result<()> {
    let mut values = values(workspace, options)?;
    values.entry("client_wwwroot".into()).insert_entry(client.to_owned());
    if !options.remotes.is_empty() {
        values.insert("EXTERNAL_MOODLES".into(), options.remotes.join(";"));
    }
    let interrupted = interruptions()?;
    let worker = start_worker(workspace, tools, options, &values, &workspace.target("dev/state-real"))?;
    println!("\nThe companion's settings in {client}:");
    for (label, name) in [("Worker", "worker_origin"), ("Launch key", "LAUNCH_KEY"), ("Service key", "SERVICE_KEY")] {
        println!("  {label:<12}{}", values.get(name).map_or("", String::as_str));
    }
    stay(&mut [worker], &interrupted)
}

/// Settings and secrets over those of `wrangler.toml`: made up once, then what the developer gives.
fn values(workspace: &Workspace, options: &Options) -> Result<Values> {
    let parse = |path: &Path| -> Result<Values> {
        serde_json::from_str(&read(path)?).with_context(|| format!("{} is no map of texts", path.display()))
    };
    let made_up = workspace.target("dev/secrets.json");
    if !made_up.exists() {
        let secrets = MADE_UP.map(|name| random_key().map(|key| (name.to_owned(), key)));
        let secrets = secrets.into_iter().collect::<Result<Values>>()?;
        write_private(&made_up, &serde_json::to_string_pretty(&secrets)?)?;
    }
    let mut values = parse(&made_up)?;
    values.insert("worker_origin".into(), options.origin());
    if let Some(file) = &options.values {
        values.append(&mut parse(file)?);
    }
    Ok(values)
}

/// 32 random bytes in hex.
fn random_key() -> Result<String> {
    let mut bytes = [0; 32];
    File::open("/dev/urandom").and_then(|mut source| source.read_exact(&mut bytes)).context("no random bytes")?;
    Ok(hex(&bytes))
}

fn start_worker(
    workspace: &Workspace,
    tools: &Tools,
    options: &Options,
    values: &Values,
    state: &Path,
) -> Result<Running> {
    let file = workspace.target("dev/values.json");
    write_private(&file, &serde_json::to_string_pretty(values)?)?;
    announce(format!("Worker in workerd at {}, cron every {} s", options.origin(), options.tick));
    let mut worker = tools.command(&tools.node);
    worker.arg(workspace.path("xtask/npm/worker.mjs"));
    worker.arg("--config").arg(workspace.path("edge/wrangler.toml"));
    worker.arg("--state").arg(state).arg("--vars").arg(file);
    worker.args(["--port", &options.port.to_string(), "--tick", &options.tick.to_string()]);
    let mut running = Running::start("the Worker", &mut worker)?;
    running.line()?;
    Ok(running)
}

/// Waits for Ctrl-C, or for a program's end, which is an error.
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
        // Nothing is left to do if it cannot be killed either.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Gives a message for each Ctrl-C or request to end.
fn interruptions() -> Result<Receiver<()>> {
    let (sender, receiver) = channel();
    ctrlc::set_handler(move || {
        // Nobody listens any more when the program is ending already.
        let _ = sender.send(());
    })?;
    Ok(receiver)
}
