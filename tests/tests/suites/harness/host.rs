//! Where a journey runs: stand-in Moodles, or the real pair that `cargo xtask e2e --client …` was told of. Journeys
//! know no difference; what differs is here: who the people are, and how time passes in the Moodles.

use super::{
    api::Api,
    pair::{Pair, Person},
    prepared,
    source::Source,
    until,
    worker::Worker,
    world::{Options, World},
};
use courseferry_api::{Category, CategoryId, Home, Restore};
use serde::Deserialize;
use std::{
    collections::BTreeMap,
    ops::{Deref, DerefMut},
    process::Stdio,
    sync::LazyLock,
    time::Duration,
};
use tokio::{
    process::Command,
    sync::{Mutex, MutexGuard},
    time::sleep,
};

/// Most courses that a journey takes where none are named.
const COURSES: usize = 4;
/// Longest wait, in seconds, for restores to end on a real pair.
const PATIENCE: u64 = 1_800;
/// Between two looks where the Moodles' own cron is awaited.
const PAUSE: Duration = Duration::from_secs(5);

/// A real pair and how to use it, as `xtask/src/e2e.rs` writes it.
#[derive(Deserialize)]
struct Given {
    client: String,
    port: u16,
    teacher: Person,
    nobody: Option<Person>,
    lender: Option<Person>,
    /// Short names of the courses to restore.
    courses: Vec<String>,
    category: Option<CategoryId>,
    /// A shell command that runs Moodle's cron once.
    cron: Option<String>,
    /// Variables and secrets of the Worker.
    values: BTreeMap<String, String>,
}

static GIVEN: LazyLock<Option<Given>> = LazyLock::new(|| {
    std::env::var_os("COURSEFERRY_PAIR")?;
    let file = std::fs::read_to_string(prepared("COURSEFERRY_PAIR")).expect("the file that names the pair");
    Some(serde_json::from_str(&file).expect("a pair"))
});

/// There is one real pair, and one port at which its companion knows the Worker.
static ALONE: Mutex<()> = Mutex::const_new(());

/// Moodles with a Worker between them, and people.
pub struct Host {
    /// Somebody who teaches on a remote and may restore here.
    pub teacher: Person,
    /// Somebody who may not restore anywhere; none if nobody was named.
    pub nobody: Option<Person>,
    /// An administrator of the real remotes that run the block `courseferry`; none if nobody was named.
    pub lender: Option<Person>,
    moodles: Moodles,
}

enum Moodles {
    StandIn(Box<World>),
    Real { pair: Box<Pair>, given: &'static Given, _alone: MutexGuard<'static, ()> },
}

impl Host {
    /// Moodles as they are told on the command line, stand-ins if none are, and a Worker that knows nothing yet.
    pub async fn start(options: Options) -> Self {
        if let Some(given) = &*GIVEN {
            let alone = ALONE.lock().await;
            let mut vars = options.vars;
            given.values.iter().for_each(|(name, value)| {
                vars.entry(name.clone()).or_insert_with(|| value.clone());
            });
            let pair = Box::new(Pair::start(&given.client, Worker::at(given.port), vars).await);
            let moodles = Moodles::Real { pair, given, _alone: alone };
            let Given { teacher, nobody, lender, .. } = given;
            return Self { teacher: teacher.clone(), nobody: nobody.clone(), lender: lender.clone(), moodles };
        }
        let world = World::start(options).await;
        let (teacher, nobody) = (world.person("teacher1"), world.person("teacher3"));
        Self { teacher, nobody: Some(nobody), lender: None, moodles: Moodles::StandIn(Box::new(world)) }
    }

    fn given(&self) -> Option<&'static Given> {
        match &self.moodles {
            Moodles::StandIn(_) => None,
            Moodles::Real { given, .. } => Some(given),
        }
    }

    /// The remotes with their tokens, in the order of the configuration.
    pub fn sources(&self) -> Vec<Source> {
        Source::all(self.setting("EXTERNAL_MOODLES"))
    }

    /// Of these courses those whose short names were given; the first few if none were.
    pub fn chosen<T>(&self, courses: Vec<T>, short_name: impl Fn(&T) -> &str) -> Vec<T> {
        match self.given().map(|given| &given.courses[..]) {
            None | Some([]) => courses.into_iter().take(COURSES).collect(),
            Some(named) => courses.into_iter().filter(|course| named.iter().any(|n| n == short_name(course))).collect(),
        }
    }

    /// A category of those that somebody may restore into.
    pub fn category(&self, home: &Home) -> Category {
        let wanted = self.given().and_then(|given| given.category);
        let found = home.categories.iter().rfind(|category| wanted.is_none_or(|wanted| category.id == wanted));
        found.unwrap_or_else(|| panic!("{} may not restore into {wanted:?}", self.teacher.username)).clone()
    }

    /// Lets Moodle's cron run: by the command that was given, else by itself.
    pub async fn moodle_cron(&self) {
        let Some(given) = self.given() else { return };
        let Some(command) = &given.cron else { return sleep(PAUSE).await };
        let mut shell = Command::new("/bin/sh");
        let cron = shell.args(["-c", command]).stdin(Stdio::null()).kill_on_drop(true).output();
        let output = cron.await.expect("a shell");
        let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert!(output.status.success(), "{command}: {}{}", said(&output.stdout), said(&output.stderr));
    }

    /// Minutes pass, for the Worker and for Moodle, until this person's restores have ended.
    pub async fn until_all_end(&self, api: &Api) -> Vec<Restore> {
        let patience = self.given().map_or(super::world::PATIENCE, |_| PATIENCE);
        let ended = until("the end of all restores", patience, async || {
            self.cron().await;
            self.moodle_cron().await;
            let restores = api.restores().await;
            restores.iter().all(|restore| restore.status.ended()).then_some(restores)
        });
        let restores = ended.await;
        // Somebody must remove these from a real Moodle, whatever comes after.
        for Restore { short_name, id, link, .. } in &restores {
            println!("of restore {id} of {short_name}: {}", link.as_deref().unwrap_or("nothing"));
        }
        // What has ended is told in the next minute.
        self.cron().await;
        restores
    }
}

impl Deref for Host {
    type Target = Pair;

    fn deref(&self) -> &Pair {
        match &self.moodles {
            Moodles::StandIn(world) => world,
            Moodles::Real { pair, .. } => pair,
        }
    }
}

impl DerefMut for Host {
    fn deref_mut(&mut self) -> &mut Pair {
        match &mut self.moodles {
            Moodles::StandIn(world) => world,
            Moodles::Real { pair, .. } => pair,
        }
    }
}
