//! `cargo xtask e2e`: the suites of `tests/` against its stand-in Moodles; with `--client`, the journey of its module
//! `journey` against a real pair. What the journey must know goes to it in a file that nobody else may read.

use std::env;

use anyhow::{Context, Result, bail};
use pico_args::Arguments;
use serde_json::{Value, json};

use crate::arguments;
use crate::build::{self, Profile};
use crate::pair::{self, Pair};
use crate::prepare::{TestTools, Tools};
use crate::process::{self, announce};
use crate::workspace::{Workspace, write_private};

const HELP: &str = "\
cargo xtask e2e [--release] [WORD …]
  Every end-to-end test against the stand-in Moodles, or those whose names hold a word. With --release they try the
  Worker and the widget as they are shipped, which take minutes to build.

EXTERNAL_MOODLES=ADDRESS,TOKEN;… cargo xtask e2e --client ADDRESS --user NAME [WORD …]
  What a teacher does, in a browser, between real Moodles: the tests of the suite `journey`, which pass unchanged
  against the stand-ins, or those whose names begin with a word. The Worker runs on this machine with a database that
  is gone afterwards. What is made on the client is named in the output, for you to remove; run again it makes more.

";

const MORE_HELP: &str = "
  --user NAME             a teacher of courses on a remote, who may restore here and uses Moodle in English
                          whose password is in the environment: COURSEFERRY_PASSWORD
  --nobody NAME           somebody who may not restore anywhere
                          whose password is in the environment: COURSEFERRY_NOBODY_PASSWORD
  --lender NAME           an administrator, by one name and password, of the remotes that run the block courseferry
                          whose password is in the environment: COURSEFERRY_LENDER_PASSWORD
  --course SHORTNAME      a course to restore; once for each. By default four of those that can be chosen
  --category ID           where to; by default the last category that the teacher may restore into
  --cron COMMAND          runs Moodle's cron once, on both sides if both need it. By default their own is awaited
";

/// The test that runs the widget's own tests in a browser, which are built for it alone.
const IN_BROWSER: &str = "in_browser::what_the_widget_needs_of_a_browser_is_as_it_expects";

pub struct Options {
    help: bool,
    profile: Profile,
    pair: Pair,
    teacher: Option<Person>,
    nobody: Option<Person>,
    lender: Option<Person>,
    courses: Vec<String>,
    category: Option<i64>,
    cron: Option<String>,
    words: Vec<String>,
    given: Vec<(&'static str, String)>,
}

struct Person {
    username: String,
    password: String,
}

impl Person {
    /// Somebody named by an option; a password on the command line would stand in every list of processes.
    fn parse(arguments: &mut Arguments, name: &'static str, variable: &str) -> Result<Option<Self>> {
        let Some(username) = arguments.opt_value_from_str(name)? else { return Ok(None) };
        let password = env::var(variable).with_context(|| format!("{name} needs a password in {variable}"))?;
        Ok(Some(Self { username, password }))
    }

    fn json(&self) -> Value {
        json!({"username": self.username, "password": self.password})
    }
}

impl Options {
    /// Some tests against the stand-ins.
    pub fn of_tests(profile: Profile, words: &[&str]) -> Self {
        Self {
            help: false,
            profile,
            pair: Pair::default(),
            teacher: None,
            nobody: None,
            lender: None,
            courses: Vec::new(),
            category: None,
            cron: None,
            words: words.iter().map(ToString::to_string).collect(),
            given: Vec::new(),
        }
    }

    /// Whether this test is among those that are named.
    fn has(&self, test: &str) -> bool {
        self.words.is_empty() || self.words.iter().any(|word| test.contains(word))
    }

    /// Sets an environment variable for the tests.
    pub fn given(mut self, name: &'static str, value: String) -> Self {
        self.given.push((name, value));
        self
    }

    /// Reads the command line.
    pub fn parse(mut arguments: Arguments) -> Result<Self> {
        let help = arguments.contains(["-h", "--help"]);
        let profile = if arguments.contains("--release") { Profile::Shipped } else { Profile::Quick };
        let pair = Pair::parse(&mut arguments)?;
        let teacher = Person::parse(&mut arguments, "--user", "COURSEFERRY_PASSWORD")?;
        let options = Self {
            help,
            profile,
            pair,
            teacher,
            nobody: Person::parse(&mut arguments, "--nobody", "COURSEFERRY_NOBODY_PASSWORD")?,
            lender: Person::parse(&mut arguments, "--lender", "COURSEFERRY_LENDER_PASSWORD")?,
            courses: arguments.values_from_str("--course")?,
            category: arguments.opt_value_from_str("--category")?,
            cron: arguments.opt_value_from_str("--cron")?,
            words: arguments::words(arguments)?,
            given: Vec::new(),
        };
        if options.pair.client.is_some() != options.teacher.is_some() {
            bail!("--client and --user need each other\n\n{HELP}{}{MORE_HELP}", pair::HELP);
        }
        Ok(options)
    }
}

/// Prepares, builds and runs the tests.
pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    if options.help {
        print!("{HELP}{}{MORE_HELP}", pair::HELP);
        return Ok(());
    }
    let tools = Tools::prepare(workspace)?;
    let test_tools = TestTools::prepare()?;
    build::both(workspace, &tools, options.profile)?;
    if options.pair.client.is_none() && options.has(IN_BROWSER) {
        build::browser_tests(workspace, &tools, options.profile)?;
    }
    let mut tests = test_tools.cargo_test(workspace, &tools);
    tests.envs(options.given.iter().map(|(name, value)| (name, value)));
    tests.args(["--package", "courseferry-tests", "--test", "suites"]);
    let (Some(client), Some(teacher)) = (&options.pair.client, &options.teacher) else {
        announce("cargo test: end to end, browser, faults");
        return process::run(tests.arg("--").args(&options.words));
    };
    let given = json!({
        "client": client,
        "port": options.pair.port,
        "teacher": teacher.json(),
        "nobody": options.nobody.as_ref().map(Person::json),
        "lender": options.lender.as_ref().map(Person::json),
        "courses": options.courses,
        "category": options.category,
        "cron": options.cron,
        "values": options.pair.values(workspace)?,
    });
    let file = workspace.target("e2e/pair.json");
    write_private(&file, &given.to_string())?;
    announce(format!(
        "cargo test: the journey of {} on {client}, the Worker at {}",
        teacher.username,
        options.pair.origin()
    ));
    let filters = match &options.words[..] {
        [] => vec!["journey::".to_owned()],
        words => words.iter().map(|word| format!("journey::{word}")).collect(),
    };
    // With `--nocapture`: the courses that were made on the real client must be listed, also when all tests pass.
    process::run(tests.env("COURSEFERRY_PAIR", &file).args(["--", "--nocapture", "--test-threads=1"]).args(filters))
}
