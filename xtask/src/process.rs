//! Running other programs: what is announced, what is shown while one runs, and what is said when one fails.

use std::fs::{self, File};
use std::io::{IsTerminal, Write, stdout};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// Prints in one line what is done now and why.
pub fn announce(line: impl AsRef<str>) {
    println!("• {}", line.as_ref());
}

/// Runs a program that shows its own progress.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| cannot_start(command))?;
    if !status.success() {
        bail!("{} failed ({status})", name(command));
    }
    Ok(())
}

/// Runs a program whose output matters only when it fails; meanwhile a line counts the seconds.
pub fn run_quietly(line: &str, log: &Path, command: &mut Command) -> Result<()> {
    if succeeds_quietly(line, log, command)? {
        return Ok(());
    }
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<_> = text.lines().collect();
    let tail = lines.iter().skip(lines.len().saturating_sub(30));
    tail.for_each(|line| eprintln!("    {line}"));
    bail!("{} failed; all it said is in {}", name(command), log.display());
}

/// The same where there is another way if the program fails: then only the log says why.
pub fn succeeds_quietly(line: &str, log: &Path, command: &mut Command) -> Result<bool> {
    if let Some(folder) = log.parent() {
        fs::create_dir_all(folder)?;
    }
    let output = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
    // A tool's own backtrace would push its error off the screen.
    let mut child = command
        .env("RUST_BACKTRACE", "0")
        .stdin(Stdio::null())
        .stdout(output.try_clone()?)
        .stderr(output)
        .spawn()
        .with_context(|| cannot_start(command))?;
    Ok(Ticker::start(line).wait(&mut child)?.success())
}

/// What a program prints on standard output, trimmed; `None` if it cannot be started or fails.
pub fn answer(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    output.status.success().then_some(text)
}

/// The program's name, without its folder.
fn name(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let first = command.get_args().next().unwrap_or_default().to_string_lossy();
    format!("{} {first}", program.file_name().unwrap_or_default().to_string_lossy())
}

fn cannot_start(command: &Command) -> String {
    format!("cannot start {}", command.get_program().to_string_lossy())
}

/// Measures how long a person waits.
pub struct Clock(Instant);

impl Clock {
    pub fn start() -> Self {
        #[expect(clippy::disallowed_methods, reason = "this program runs on the developer's machine only")]
        Self(Instant::now())
    }

    pub fn seconds(&self) -> u64 {
        self.elapsed().as_secs()
    }

    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

/// One line that shows how long something has taken: rewritten on a terminal, repeated in a log.
struct Ticker<'a> {
    line: &'a str,
    clock: Clock,
    terminal: bool,
}

impl<'a> Ticker<'a> {
    fn start(line: &'a str) -> Self {
        let ticker = Self { line, clock: Clock::start(), terminal: stdout().is_terminal() };
        print!("• {line}{}", if ticker.terminal { "" } else { "\n" });
        ticker
    }

    fn wait(&self, child: &mut Child) -> Result<ExitStatus> {
        let mut shown = 0;
        loop {
            if let Some(status) = child.try_wait()? {
                self.show(if status.success() { "done, " } else { "failed, " }, "\n");
                return Ok(status);
            }
            let seconds = self.clock.seconds();
            if seconds >= shown + if self.terminal { 1 } else { 30 } {
                shown = seconds;
                self.show("", if self.terminal { "" } else { "\n" });
            }
            sleep(Duration::from_millis(50));
        }
    }

    fn show(&self, word: &str, end: &str) {
        let seconds = self.clock.seconds();
        let start = if self.terminal { format!("\r• {}", self.line) } else { " ".to_owned() };
        print!("{start} … {word}{seconds} s{end}");
        // Progress that cannot be shown is no reason to stop.
        let _ = stdout().flush();
    }
}
