//! Stand-in Moodles with a real Worker between them: traps can be set in them, and their memory looked into.

use super::{
    api::{Api, Visit},
    browser::Browser,
    pair::{Pair, Person},
    until,
    worker::Worker,
};
use courseferry_api::{CategoryId, Choice, JobId, RemoteCourseId, Restore, Target};
use courseferry_tests::{
    StandIn,
    client::{Client, ClientConfig, Course, Pace},
    demo,
    remote::{Remote, RemoteConfig},
};
use std::{
    collections::BTreeMap,
    ops::{Deref, DerefMut},
    time::{Duration, Instant},
};
use tokio::sync::OnceCell;

/// Longest wait, in seconds, for restores to end.
pub const PATIENCE: u64 = 100;

/// How a world is to be.
pub struct Options {
    /// Variables and secrets of the Worker.
    pub vars: BTreeMap<String, String>,
    remotes: Vec<RemoteConfig>,
    pace: Pace,
}

impl Default for Options {
    /// The demo's three remotes, and a Worker that lets nobody wait.
    fn default() -> Self {
        let vars =
            [("timelimitedmod", "0"), ("settle_seconds", "0"), ("retry_first_seconds", "1"), ("cache_minutes", "0")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let remotes = vec![demo::sciences(), demo::lettres(), demo::medecine()];
        Self { vars: vars.into(), remotes, pace: Pace::default() }
    }
}

impl Options {
    /// With this variable or secret.
    pub fn set(mut self, name: &str, value: &str) -> Self {
        self.vars.insert(name.to_owned(), value.to_owned());
        self
    }

    /// With these remotes instead of the demo's.
    pub fn remotes(self, remotes: Vec<RemoteConfig>) -> Self {
        Self { remotes, ..self }
    }

    /// With a client that takes its time.
    pub fn pace(self, pace: Pace) -> Self {
        Self { pace, ..self }
    }
}

/// The category that courses go to unless somebody says otherwise.
pub const DEFAULT_CATEGORY: CategoryId = CategoryId(3);

/// A stand-in client, stand-in remotes, and the Worker between them.
pub struct World {
    /// The client Moodle.
    pub client: StandIn<Client>,
    /// The remotes, in the order of the configuration.
    pub remotes: Vec<StandIn<Remote>>,
    pair: Pair,
}

static SHARED: OnceCell<World> = OnceCell::const_new();

impl World {
    /// A world as it comes, shared by the tests that leave it as it was.
    pub async fn shared() -> &'static Self {
        SHARED.get_or_init(|| Self::start(Options::default())).await
    }

    /// A world of one's own.
    pub async fn start(options: Options) -> Self {
        let Options { mut vars, remotes, pace } = options;
        let worker = Worker::reserve();
        let client = ClientConfig { worker: Some(worker.origin.clone()), pace, ..ClientConfig::default() };
        let client = StandIn::client(client).expect("a client Moodle");
        let remotes: Vec<_> = remotes.into_iter().map(|remote| StandIn::remote(remote).expect("a remote")).collect();
        let list = remotes.iter().map(|remote| remote.external_moodle()).collect::<Vec<_>>().join(";");
        let default_category = DEFAULT_CATEGORY.to_string();
        let config = client.config();
        for (name, value) in [
            ("EXTERNAL_MOODLES", list.as_str()),
            ("CLIENT_TOKEN", &config.token),
            ("LAUNCH_KEY", config.launch_key.reveal()),
            ("SERVICE_KEY", config.service_key.reveal()),
            ("SESSION_KEY", "session key of the end-to-end suites"),
            ("client_wwwroot", client.address()),
            ("worker_origin", &worker.origin),
            ("defaultcategory", &default_category),
            ("timezone", "Europe/Paris"),
        ] {
            vars.entry(name.to_owned()).or_insert_with(|| value.to_owned());
        }
        let pair = Pair::start(client.address(), worker, vars).await;
        Self { client, remotes, pair }
    }

    /// Somebody of the demo.
    pub fn person(&self, username: &str) -> Person {
        let user = self.client.user(username).unwrap_or_else(|| panic!("no user {username}"));
        Person { username: user.username, password: user.password }
    }

    /// Somebody's visit to the client's dashboard.
    pub async fn visit(&self, username: &str) -> Visit {
        let Person { username, password } = self.person(username);
        Visit::log_in(self.client.address(), &username, &password).await
    }

    /// Logs somebody in the real way: Moodle's form, its page, the launch token there.
    pub async fn log_in(&self, username: &str) -> Api {
        self.enter(&self.person(username)).await.0
    }

    /// Logs somebody in with a browser, which then shows their dashboard.
    pub async fn browse(&self, browser: &Browser, username: &str) {
        self.show(browser, &self.person(username)).await;
    }

    /// This course of a remote, to the default category.
    pub fn choice(&self, remote: usize, course: i64) -> Choice {
        Choice { remote: self.remote(remote).clone(), course: RemoteCourseId(course), target: Target::Default }
    }

    /// Minutes pass until a restore is as wanted.
    pub async fn tick_until(&self, api: &Api, restore: &Restore, wanted: impl Fn(&Restore) -> bool) -> Restore {
        let what = format!("{} of {}", restore.id, restore.full_name);
        let found = until(&what, PATIENCE, async || {
            self.cron().await;
            Some(api.restore(&restore.id).await).filter(&wanted)
        });
        found.await
    }

    /// Minutes pass until everything that these people asked for has ended.
    pub async fn tick_until_all_end(&self, people: &[&Api]) {
        let deadline = Instant::now() + Duration::from_secs(PATIENCE);
        loop {
            self.cron().await;
            let mut going_on = Vec::new();
            for api in people {
                going_on.extend(api.restores().await.into_iter().filter(|restore| !restore.status.ended()));
            }
            if going_on.is_empty() {
                break;
            }
            assert!(Instant::now() < deadline, "do not end: {going_on:#?}");
        }
    }

    /// The one course that came of a restore, byte for byte what the remote gave.
    pub fn arrived(&self, id: &JobId) -> Course {
        let mut of_job = self.client.courses().into_iter().filter(|course| course.job.as_deref() == Some(id.as_str()));
        let course = of_job.next().expect("a course came of the restore");
        assert_eq!(of_job.next(), None, "one course and no more");
        assert!(!course.half_made);
        let given = self.remotes.iter().flat_map(|remote| remote.made()).any(|made| Some(made.sha1) == course.sha1);
        assert!(given, "its bytes are those of the remote's ETag");
        course
    }
}

impl Deref for World {
    type Target = Pair;

    fn deref(&self) -> &Pair {
        &self.pair
    }
}

impl DerefMut for World {
    fn deref_mut(&mut self) -> &mut Pair {
        &mut self.pair
    }
}
