//! `cargo xtask doctor`: looks at a Worker and its client Moodle from outside, as a browser would and without any secret,
//! and says of each thing whether it is well, and if not what to do. What only the Worker knows it asks at `/health`.

mod csp;

use std::collections::BTreeSet;
use std::env;
use std::net::IpAddr;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use courseferry_api::{CheckCode, CheckState, Endpoint, GetHealth, GetHome, Health, Language, Problem, meaning};
use courseferry_moodle::{self as moodle, CONTENT_TYPE, Fault, Remote, parse_external_moodles, plain_text};
use pico_args::Arguments;
use url::Url;

use crate::arguments::nothing_more;
use crate::deploy;
use crate::http::{Answer, Http};
use crate::site::Site;
use crate::workspace::Workspace;

const HELP: &str = "\
cargo xtask doctor [--worker ADDRESS]
  Looks at a Worker and its client Moodle from outside, without any secret: one line for each thing, ✓ well,
  ! to check, ✗ broken, with the remedy below. Ends with an error if something is broken.

  --worker ADDRESS   the Worker; `worker_origin` of edge/site.toml by default

EXTERNAL_MOODLES=ADDRESS,TOKEN;… cargo xtask doctor
  Asks these remotes as well, as the Worker would: what lends their courses, its version and what it can do.
";

/// The page of the companion to which the Worker's root leads.
const PAGE: &str = "/blocks/courseferry/view.php";
/// The widget's script, the only one of its files with a fixed name. It holds the names of the others.
const SCRIPT: &str = "/widget/courseferry.js";
/// The media types with which those others must be sent.
const TYPES: [(&str, &str); 3] = [(".css", "text/css"), (".wasm", "application/wasm"), (".json", "application/json")];
/// An answer that takes longer than this is worth a look.
const SLOW: Duration = Duration::from_secs(5);
/// Clocks may be so many seconds apart: half the leeway of tokens, and all of it.
const CLOCKS_NEAR: i64 = 30;
const CLOCKS_APART: i64 = 60;

pub struct Options {
    help: bool,
    worker: Option<String>,
}

impl Options {
    /// Reads the command line.
    pub fn parse(mut arguments: Arguments) -> Result<Self> {
        let options =
            Self { help: arguments.contains(["-h", "--help"]), worker: arguments.opt_value_from_str("--worker")? };
        nothing_more(arguments, HELP)?;
        Ok(options)
    }
}

pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    if options.help {
        print!("{HELP}");
        return Ok(());
    }
    let site = Site::read(workspace)?;
    let own = site.address("worker_origin").map(str::to_owned);
    let worker = options.worker.as_ref().or(own.as_ref()).context(
        "where is the Worker? Write `worker_origin` into edge/site.toml (`cargo xtask deploy` prints it), or give \
         --worker ADDRESS",
    )?;
    let worker = Url::parse(worker).with_context(|| format!("{worker} is no address"))?;
    let mut doctor = Doctor {
        http: Http::new(is_loopback(&worker)),
        origin: worker.origin().ascii_serialization(),
        worker,
        broken: 0,
    };
    println!("The Worker at {}", doctor.origin);
    let there = doctor.health();
    if there {
        doctor.widget();
    }
    match doctor.client_address(workspace)? {
        Some(client) => doctor.client(&client),
        None => doctor.say(
            CheckState::ToCheck,
            "Nobody says where your Moodle is, so it was not looked at.",
            "Write `client_wwwroot` into edge/site.toml and run `cargo xtask deploy`.",
        ),
    }
    doctor.remotes();
    doctor.cloudflare(workspace)?;
    match doctor.broken {
        0 => Ok(()),
        1 => bail!("one thing is broken"),
        broken => bail!("{broken} things are broken"),
    }
}

struct Doctor {
    http: Http,
    worker: Url,
    origin: String,
    broken: usize,
}

impl Doctor {
    fn say(&mut self, state: CheckState, finding: impl AsRef<str>, remedy: impl AsRef<str>) {
        let mark = match state {
            CheckState::Ok => '✓',
            CheckState::ToCheck => '!',
            CheckState::Broken => '✗',
        };
        println!("{mark} {}", finding.as_ref());
        if state != CheckState::Ok && !remedy.as_ref().is_empty() {
            println!("    → {}", remedy.as_ref());
        }
        if state == CheckState::Broken {
            self.broken += 1;
        }
    }

    fn well(&mut self, finding: impl AsRef<str>) {
        self.say(CheckState::Ok, finding, "");
    }

    /// Whether the Worker is there, and what it says of itself.
    fn health(&mut self) -> bool {
        let address = format!("{}{}", self.origin, GetHealth.path());
        let answer = match self.http.get(&address) {
            Ok(answer) => answer,
            Err(error) => {
                self.say(
                    CheckState::Broken,
                    format!("The Worker does not answer: {error}"),
                    "Compare the address with what `cargo xtask deploy` prints; run it again if there is no Worker.",
                );
                return false;
            }
        };
        let Ok(health) = serde_json::from_str::<Health>(&answer.body) else {
            self.say(
                CheckState::Broken,
                format!("Something answers at {address}, but not this version of the Worker (HTTP {}).", answer.status),
                "Compare the address with what `cargo xtask deploy` prints, and run it again.",
            );
            return false;
        };
        self.in_time("The Worker answers", &answer);
        if health.broken.is_empty() && health.to_check.is_empty() {
            self.well("The Worker finds nothing wrong: configuration, database, cron, your Moodle, the remotes.");
        }
        let found = |codes: Vec<String>, state| codes.into_iter().map(move |code| (code, state));
        for (code, state) in found(health.broken, CheckState::Broken).chain(found(health.to_check, CheckState::ToCheck))
        {
            let (finding, remedy) = explained(&code);
            self.say(state, finding, remedy);
        }
        true
    }

    fn in_time(&mut self, what: &str, answer: &Answer) {
        let took = answer.took;
        let state = if took > SLOW { CheckState::ToCheck } else { CheckState::Ok };
        let remedy = "Look again later; if it stays slow, look at the server's load and at what stands before it.";
        self.say(state, format!("{what} in {} ms.", took.as_millis()), remedy);
    }

    /// Whether a page of Moodle's can load the widget's files.
    fn widget(&mut self) {
        let Some(script) = self.file(SCRIPT, "text/javascript") else { return };
        let files = files_named_in(&script);
        let mut all = true;
        for (ending, wanted) in TYPES {
            let mut of_type = files.iter().filter(|file| file.ends_with(ending)).peekable();
            if of_type.peek().is_none() {
                all = false;
                self.say(
                    CheckState::Broken,
                    format!("{SCRIPT} names no file of the type {wanted}."),
                    "Run `cargo xtask deploy` again.",
                );
            }
            for file in of_type {
                all &= self.file(&format!("/widget/{file}"), wanted).is_some();
            }
        }
        if all {
            self.well("The widget's files are there, as a page of another site may load them.");
        }
    }

    /// What is in a file of the widget's, if a page of another site may load it.
    fn file(&mut self, path: &str, wanted: &str) -> Option<String> {
        let Ok(answer) = self.http.get(&format!("{}{path}", self.origin)) else {
            self.say(CheckState::Broken, format!("{path} cannot be fetched."), "Run `cargo xtask deploy` again.");
            return None;
        };
        let faults = faults_of_file(&answer, wanted);
        for fault in &faults {
            self.say(
                CheckState::Broken,
                format!("{path} {fault}."),
                "Run `cargo xtask deploy` again; if it stays so, look at rules on Cloudflare that change headers.",
            );
        }
        faults.is_empty().then_some(answer.body)
    }

    /// The client's address: where the Worker's root leads, or what the settings say.
    fn client_address(&self, workspace: &Workspace) -> Result<Option<String>> {
        let answer = self.http.get(&format!("{}/", self.origin)).ok();
        let told = answer.and_then(|answer| led_to(&answer.header("location")?).map(str::to_owned));
        let site = Site::read(workspace)?;
        Ok(told.or(site.address("client_wwwroot").map(str::to_owned)))
    }

    /// The client Moodle as a browser meets it.
    fn client(&mut self, client: &str) {
        println!("\nYour Moodle at {client}");
        let Ok(page) = Url::parse(&format!("{client}/login/index.php")) else {
            return self.say(CheckState::Broken, "That is no address.", "Mend `client_wwwroot` in edge/site.toml.");
        };
        self.api(&page);
        let answer = match self.http.get(page.as_str()) {
            Ok(answer) => answer,
            Err(error) => {
                return self.say(
                    CheckState::Broken,
                    format!("It does not answer from here: {error}"),
                    "Compare `client_wwwroot` in edge/site.toml with $CFG->wwwroot; look whether it is up.",
                );
            }
        };
        match answer.status {
            200 => self.in_time("The login page answers", &answer),
            301..=308 => {
                let to = answer.header("location").unwrap_or_default();
                self.say(
                    CheckState::ToCheck,
                    format!("The login page sends visitors to {to}."),
                    "That is right for a single sign-on. If it is this Moodle's own address, write exactly that \
                     ($CFG->wwwroot) into `client_wwwroot` in edge/site.toml.",
                );
            }
            status => self.say(
                CheckState::Broken,
                format!("The login page answers with HTTP {status}."),
                "Open it in a browser; a firewall or maintenance mode may be in the way.",
            ),
        }
        self.companion(client);
        self.policies(&page, &answer);
        self.clocks(&answer);
    }

    /// Whether the pages of that Moodle may read what the Worker answers.
    fn api(&mut self, page: &Url) {
        let origin = page.origin().ascii_serialization();
        let answer = self.http.preflight(&format!("{}{}", self.origin, GetHome.path()), &origin);
        let allowed = answer.ok().and_then(|answer| answer.header("access-control-allow-origin"));
        if allowed.as_ref() == Some(&origin) {
            self.well("Its pages may read the Worker's answers (CORS).");
        } else {
            self.say(
                CheckState::Broken,
                format!(
                    "The Worker lets pages of {} read its answers, not those of {origin}.",
                    allowed.unwrap_or_else(|| "no site".into())
                ),
                "Write Moodle's exact address into `client_wwwroot` in edge/site.toml and run `cargo xtask deploy`.",
            );
        }
    }

    fn companion(&mut self, client: &str) {
        match self.http.get(&format!("{client}{PAGE}")).map(|answer| answer.status) {
            Ok(404) => self.say(
                CheckState::Broken,
                "The block is not installed there.",
                "`cargo xtask companion`, then Site administration ▸ Plugins ▸ Install plugins.",
            ),
            Ok(200..=399) => self.well("The block is installed."),
            Ok(status) => self.say(
                CheckState::ToCheck,
                format!("The block's page answers with HTTP {status}."),
                "Open it in a browser, logged in.",
            ),
            // Reported above already: that Moodle does not answer.
            Err(_) => {}
        }
    }

    fn policies(&mut self, page: &Url, answer: &Answer) {
        let mut wrong = false;
        for (header, state, ending) in [
            ("content-security-policy", CheckState::Broken, "blocks the widget"),
            ("content-security-policy-report-only", CheckState::ToCheck, "would block the widget if it were enforced"),
        ] {
            for lack in csp::lacks(&answer.headers(header), page, &self.worker) {
                wrong = true;
                let csp::Lack { directive, add, mut whole, strict_dynamic } = lack;
                let add = add.join(" ");
                let first = if strict_dynamic {
                    whole.retain(|value| !value.eq_ignore_ascii_case("'strict-dynamic'"));
                    format!("Take 'strict-dynamic' out of {directive}: with it no address counts. Add {add}.")
                } else {
                    format!("Add {add} to {directive}.")
                };
                let remedy = format!("{first} The whole directive: {directive} {};", whole.join(" "));
                let finding = format!("The Content-Security-Policy {ending}: {directive} lacks {add}.");
                self.say(state, finding, remedy);
            }
        }
        if !wrong {
            let has = !answer.headers("content-security-policy").is_empty();
            self.well(if has {
                "The Content-Security-Policy of its login page allows the widget."
            } else {
                "It sends no Content-Security-Policy with its login page."
            });
        }
    }

    /// The remotes whose entries are in the environment. A token never leaves for anywhere but its own remote.
    fn remotes(&mut self) {
        let Ok(entries) = env::var("EXTERNAL_MOODLES") else { return };
        println!("\nThe remotes of EXTERNAL_MOODLES");
        match parse_external_moodles(&entries) {
            Ok(remotes) => remotes.iter().for_each(|remote| self.remote(remote)),
            Err(error) => self.say(
                CheckState::Broken,
                format!("EXTERNAL_MOODLES does not read: {error}"),
                "Its entries are address,token with a semicolon between them.",
            ),
        }
    }

    fn remote(&mut self, remote: &Remote) {
        let address = remote.url.as_str();
        let here = Url::parse(address).is_ok_and(|url| is_loopback(&url));
        let call = remote.site_info();
        let answer = Http::new(here).post(&call.request.url, CONTENT_TYPE, &call.request.body);
        let site = match &answer {
            Err(_) => Err(call.failed(Fault::Unreachable)),
            Ok(answer) => {
                let content_type = answer.header("content-type").unwrap_or_default();
                let (status, body) = (answer.status, answer.body.as_bytes());
                call.read(&moodle::Answer { status, content_type: &content_type, body })
            }
        };
        let site = match site {
            Ok(site) => site,
            Err(failure) => {
                let problem = Problem::new(failure.code, Language::English, address, &failure.detail);
                return self.say(CheckState::Broken, problem.message, problem.advice);
            }
        };
        let name = plain_text(&site.sitename, "en");
        match site.lender() {
            Some((kind, version)) => {
                let (described, release) = (kind.described(version, Language::English), &site.release);
                self.well(format!("{name} ({address}) answers. Moodle {release}. {described}"));
                let advice = kind.advice(Language::English);
                if !advice.is_empty() {
                    println!("    → {advice}");
                }
            }
            None => self.say(
                CheckState::Broken,
                format!("{name} ({address}) answers, but nothing there lends courses to this token."),
                "Run `php blocks/courseferry/cli/install_remote.php` there, and use the entry that it prints.",
            ),
        }
    }

    /// Tokens are good for minutes: the two clocks must agree.
    fn clocks(&mut self, client: &Answer) {
        let worker =
            self.http.get(&format!("{}{}", self.origin, GetHealth.path())).ok().and_then(|answer| answer.clock());
        let (Some(worker), Some(client)) = (worker, client.clock()) else {
            // workerd on this machine sends no date.
            if !is_loopback(&self.worker) {
                self.say(CheckState::ToCheck, "The clocks cannot be compared: one of the two sends no Date.", "");
            }
            return;
        };
        let apart = (worker - client).abs();
        let state = match apart {
            near if near <= CLOCKS_NEAR => CheckState::Ok,
            far if far <= CLOCKS_APART => CheckState::ToCheck,
            _ => CheckState::Broken,
        };
        let remedy = CheckCode::MoodleClock.advice(Language::English);
        self.say(state, format!("The clocks of Moodle and Worker are {apart} s apart."), remedy);
    }

    /// What only Cloudflare can tell, if it knows who asks.
    fn cloudflare(&mut self, workspace: &Workspace) -> Result<()> {
        println!("\nCloudflare");
        if is_loopback(&self.worker) {
            println!("- Skipped: this Worker runs on this machine.");
            return Ok(());
        }
        let Some(found) = deploy::look(workspace)? else {
            println!("- Skipped: secrets and migrations can be looked at after `cargo xtask wrangler login`.");
            return Ok(());
        };
        if found.missing_secrets.is_empty() {
            self.well("Every secret is set.");
        }
        for name in found.missing_secrets {
            self.say(
                CheckState::Broken,
                format!("The secret {name} is not set."),
                format!("cargo xtask wrangler secret put {name}"),
            );
        }
        match found.migrated {
            Some(true) => self.well("Every migration is applied."),
            Some(false) => {
                self.say(CheckState::Broken, "The database lacks a migration.", "Run `cargo xtask deploy`.");
            }
            None => self.say(
                CheckState::ToCheck,
                "The migrations cannot be listed.",
                "Run `cargo xtask wrangler d1 migrations list courseferry --remote` and read what it says.",
            ),
        }
        Ok(())
    }
}

/// What a code of the Worker's means, and its remedy.
fn explained(code: &str) -> (String, &'static str) {
    // `/health` names no setting to outsiders; the log has the name.
    let setting = code.starts_with("config.");
    let known = if setting { CheckCode::WorkerConfiguration.as_str() } else { code };
    let Some((sentence, advice)) = meaning(known, Language::English) else {
        return (format!("The Worker reports {code}."), "This doctor is older than the Worker: update this folder.");
    };
    let sentence = sentence.replace("{remote}", "a remote").replace(" {detail}", "");
    let mut letters = sentence.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    (format!("{first}{} ({code})", letters.as_str()), if setting { WHICH_SETTING } else { advice })
}

const WHICH_SETTING: &str = "`cargo xtask wrangler tail` names it when /health is opened again. Mend it in \
    edge/site.toml and run `cargo xtask deploy`; a secret with `cargo xtask wrangler secret put NAME`.";

/// The Moodle to whose page the root redirects; the address ends with an empty fragment.
fn led_to(location: &str) -> Option<&str> {
    location.split('#').next()?.strip_suffix(PAGE)
}

/// The widget's other files, as its script names them: in quotes of whatever kind, seen from itself.
fn files_named_in(script: &str) -> BTreeSet<&str> {
    let quoted = script.split(['"', '\'', '`']);
    quoted.filter(|text| text.starts_with("files/") && !text.contains(char::is_whitespace)).collect()
}

/// Why a page of another site cannot use a file.
fn faults_of_file(answer: &Answer, wanted: &str) -> Vec<String> {
    if answer.status != 200 {
        return vec![format!("answers with HTTP {}", answer.status)];
    }
    let header = |name: &str| answer.header(name).unwrap_or_default();
    let kind = header("content-type");
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let mut faults = Vec::new();
    if kind != wanted && !(wanted == "text/javascript" && kind == "application/javascript") {
        faults.push(format!("is sent as \"{kind}\" instead of {wanted}"));
    }
    for (name, wanted) in [("access-control-allow-origin", "*"), ("cross-origin-resource-policy", "cross-origin")] {
        if header(name) != wanted {
            faults.push(format!("lacks the header {name}: {wanted}"));
        }
    }
    faults
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(status: u16, headers: &[(&str, &str)]) -> Answer {
        Answer::made(status, headers)
    }

    #[test]
    fn a_widgets_file_must_be_there_of_its_type_and_open_to_other_sites() {
        let open = [("access-control-allow-origin", "*"), ("cross-origin-resource-policy", "cross-origin")];
        let of_type = |kind| [&open[..], &[("content-type", kind)]].concat();
        let faults = |status, headers: &[(&str, &str)]| faults_of_file(&file(status, headers), "text/javascript");
        assert!(faults(200, &of_type("text/javascript; charset=utf-8")).is_empty());
        assert!(faults(200, &of_type("application/javascript")).is_empty());
        assert_eq!(faults(404, &of_type("text/javascript")), ["answers with HTTP 404"]);
        assert_eq!(faults(200, &of_type("text/html")), ["is sent as \"text/html\" instead of text/javascript"]);
        assert_eq!(
            faults(200, &[("content-type", "text/javascript")]),
            [
                "lacks the header access-control-allow-origin: *",
                "lacks the header cross-origin-resource-policy: cross-origin"
            ]
        );
    }

    #[test]
    fn the_script_names_the_other_files_and_the_root_leads_to_the_moodle() {
        let script = r#"var F={wasm:"files/courseferry-0a.wasm",styles:'files/courseferry-1b.css',texts:{en:`files/en-2c.json`}},t="no files/x";"#;
        let named: Vec<_> = files_named_in(script).into_iter().collect();
        assert_eq!(named, ["files/courseferry-0a.wasm", "files/courseferry-1b.css", "files/en-2c.json"]);
        for location in [
            "https://m.example.org/sub/blocks/courseferry/view.php#",
            "https://m.example.org/sub/blocks/courseferry/view.php",
        ] {
            assert_eq!(led_to(location), Some("https://m.example.org/sub"));
        }
        assert_eq!(led_to("https://m.example.org/login"), None);
    }

    #[test]
    fn every_code_of_the_worker_reads_as_a_sentence_without_gaps() {
        let codes = CheckCode::ALL.iter().map(|code| code.as_str());
        let of_the_whole =
            |code: &&str| ["client.", "remote.", "config.", "internal."].iter().any(|of| code.starts_with(of));
        let errors = courseferry_api::ErrorCode::ALL.iter().map(|code| code.as_str()).filter(of_the_whole);
        for code in codes.chain(errors) {
            let (sentence, _) = explained(code);
            assert!(!sentence.contains(['{', '}']) && sentence.contains(code), "{sentence}");
        }
        assert_eq!(explained("remote.bad_token").0.split(" (").next(), Some("A remote refuses our access token."));
        assert!(explained("moodle.of_the_future").0.contains("moodle.of_the_future"));
    }

    #[test]
    fn this_machine_is_known_by_its_addresses() {
        for (url, here) in [
            ("http://127.0.0.1:8787", true),
            ("http://localhost:8787", true),
            ("http://[::1]:8787", true),
            ("https://ferry.example.org", false),
            ("https://localhost.example.org", false),
        ] {
            assert_eq!(is_loopback(&Url::parse(url).unwrap()), here, "{url}");
        }
    }
}
