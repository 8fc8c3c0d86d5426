//! Stand-in Moodles with a real Worker between them: traps can be set in them, and their memory looked into.

use super::{
    api::{Api, Dashboard, between},
    browser::Browser,
    forge::{forge, header, with},
    pair::{Pair, Person},
    until,
    worker::Worker,
};
use courseferry_access::{Assignment, ContextId, RoleId};
use courseferry_api::{CategoryId, Choice, GetHome, Home, JobId, RemoteCourseId, Restore, Target};
use courseferry_tests::{
    StandIn,
    backup::CourseContent,
    client::{Client, ClientConfig, Course, Pace},
    demo,
    relay::Relay,
    remote::{Remote, RemoteConfig, RemoteCourse},
};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    ops::{Deref, DerefMut},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};
use tokio::sync::OnceCell;

/// Longest wait, in seconds, for restores to end. Only a test that fails waits so long.
pub const PATIENCE: u64 = 300;

/// How a world is to be.
pub struct Options {
    /// Variables and secrets of the Worker.
    pub vars: BTreeMap<String, String>,
    remotes: Vec<RemoteConfig>,
    pace: Pace,
    relayed: bool,
}

impl Default for Options {
    /// The demo's three remotes, and a Worker that lets nobody wait.
    fn default() -> Self {
        let vars = [
            ("timelimitedmod", "0"),
            ("settle_seconds", "0"),
            ("retry_first_seconds", "1"),
            ("cache_minutes", "0"),
            ("stay_seconds", "0"),
        ];
        let vars = vars.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let remotes = vec![demo::sciences(), demo::lettres(), demo::medecine()];
        Self { vars: vars.into(), remotes, pace: Pace::default(), relayed: false }
    }
}

impl Options {
    /// Sets a variable or secret of the Worker.
    pub fn set(mut self, name: &str, value: &str) -> Self {
        self.vars.insert(name.to_owned(), value.to_owned());
        self
    }

    /// With these remotes instead of the demo's.
    pub fn remotes(self, remotes: Vec<RemoteConfig>) -> Self {
        Self { remotes, ..self }
    }

    /// With a proxy between the client and the Worker.
    pub fn relayed(self) -> Self {
        Self { relayed: true, ..self }
    }

    /// With a client that takes its time.
    pub fn pace(self, pace: Pace) -> Self {
        Self { pace, ..self }
    }
}

/// The category that courses go to unless somebody says otherwise.
pub const DEFAULT_CATEGORY: CategoryId = CategoryId(3);

/// "Moodle Sciences" with these courses instead of its own, by id and name; the short name of 7 is `C7`.
pub fn courses_of(courses: &[(i64, &str)], teachers: &[&str]) -> RemoteConfig {
    let mut sciences = demo::sciences();
    let like = sciences.courses.swap_remove(1);
    let course = |(id, name): &(i64, &str)| RemoteCourse {
        content: CourseContent {
            id: *id,
            fullname: (*name).to_owned(),
            shortname: format!("C{id}"),
            ..like.content.clone()
        },
        teachers: teachers.iter().map(ToString::to_string).collect(),
        ..like.clone()
    };
    sciences.courses = courses.iter().map(course).collect();
    sciences
}

/// The same with courses of these ids, each named after its own.
pub fn courses_named(
    ids: impl IntoIterator<Item = i64>,
    name: impl Fn(i64) -> String,
    teachers: &[&str],
) -> RemoteConfig {
    let named: Vec<_> = ids.into_iter().map(|id| (id, name(id))).collect();
    let named: Vec<_> = named.iter().map(|(id, name)| (*id, name.as_str())).collect();
    courses_of(&named, teachers)
}

/// Now, in Unix seconds: the clock of this machine is the Worker's too.
pub fn now() -> i64 {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock after 1970");
    i64::try_from(since_1970.as_secs()).expect("a clock of this age")
}

/// A stand-in client, stand-in remotes, and the Worker between them.
pub struct World {
    pub client: StandIn<Client>,
    /// In the order of the configuration.
    pub remotes: Vec<StandIn<Remote>>,
    /// The proxy through which the client reaches the Worker, if there is one.
    pub relay: Option<StandIn<Relay>>,
    pair: Pair,
}

static SHARED: OnceCell<World> = OnceCell::const_new();

impl World {
    /// One world with the default options, for the tests that change nothing in it.
    pub async fn shared() -> &'static Self {
        SHARED.get_or_init(|| Self::start(Options::default())).await
    }

    /// A world for one test alone.
    pub async fn start(options: Options) -> Self {
        let Options { mut vars, remotes, pace, relayed } = options;
        let mut worker = Worker::reserve();
        if let Some(certificate) = remotes.iter().find_map(|remote| remote.certificate.as_ref()) {
            worker.trust(certificate);
        }
        let relay = relayed.then(|| StandIn::relay(&worker.origin).expect("a proxy"));
        let origin = relay.as_ref().map_or(worker.origin.as_str(), |relay| relay.address()).to_owned();
        let client = ClientConfig { worker: Some(origin.clone()), pace, ..ClientConfig::default() };
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
            ("worker_origin", &origin),
            // The suites press faster than people, and look at once at what they changed.
            ("rate_limits", "0"),
            ("fresh_seconds", "0"),
            ("defaultcategory", &default_category),
            ("timezone", "Europe/Paris"),
        ] {
            vars.entry(name.to_owned()).or_insert_with(|| value.to_owned());
        }
        let pair = Pair::start(client.address(), worker, vars).await;
        Self { client, remotes, relay, pair }
    }

    /// A world for one test alone, whose Worker knows what the remotes are and what they are called.
    pub async fn learnt(options: Options) -> Self {
        let world = Self::start(options).await;
        world.learn_names().await;
        world
    }

    /// Somebody of the demo.
    pub fn person(&self, username: &str) -> Person {
        let user = self.client.user(username).unwrap_or_else(|| panic!("no user {username}"));
        Person { username: user.username, password: user.password }
    }

    /// Logs somebody in at the client, without a browser, and opens their dashboard.
    pub async fn dashboard(&self, username: &str) -> Dashboard {
        let Person { username, password } = self.person(username);
        Dashboard::log_in(self.client.address(), &username, &password).await
    }

    /// Logs somebody in the real way: Moodle's form, its page, the launch token there.
    pub async fn log_in(&self, username: &str) -> Api {
        self.enter(&self.person(username)).await.0
    }

    /// Logs the administrator in as somebody else, with Moodle's own "log in as".
    pub async fn log_in_as(&self, username: &str) -> (Api, Home) {
        let dashboard = self.dashboard("admin").await;
        let user = self.client.user(username).unwrap_or_else(|| panic!("no user {username}")).id;
        let sesskey = dashboard.data("sesskey").expect("a sesskey");
        let address = format!("{}/course/loginas.php?user={user}&sesskey={sesskey}", self.client.address());
        let page = dashboard.http.get(address).send().await.unwrap().text().await.unwrap();
        let launch = between(&page, "data-launch=\"", "\"").expect("their block");
        self.open(launch).await.unwrap_or_else(|error| panic!("no session as {username}: {error:?}"))
    }

    /// Makes somebody a manager of the whole client.
    pub fn make_manager(&self, username: &str) {
        let manager = Assignment { roleid: RoleId(1), contextid: ContextId(1) };
        self.client.change(|site| site.user_named(username).expect("a demo user").assignments.push(manager));
    }

    /// From now on somebody uses Moodle in this language.
    pub fn set_language(&self, username: &str, language: &str) {
        self.client.change(|site| language.clone_into(&mut site.user_named(username).expect("a demo user").lang));
    }

    /// Logs somebody in with a browser, which then shows their dashboard.
    pub async fn browse(&self, browser: &Browser, username: &str) {
        self.pair.show(browser, &self.person(username)).await;
    }

    /// Shows somebody the full page, at a part of it such as `#restores`; whoever was logged in before is logged out.
    pub async fn show(&self, browser: &Browser, username: &str, part: &str) {
        browser.go(&format!("{}/login/logout.php", self.client.address())).await;
        self.browse(browser, username).await;
        browser.go(&format!("{}{part}", self.page())).await;
    }

    /// A browser that shows somebody the full page, or a part of it such as `#restores`.
    pub async fn open_page(&self, username: &str, part: &str) -> Browser {
        let browser = Browser::open().await;
        self.show(&browser, username, part).await;
        browser
    }

    /// Has the Worker learn what the remotes are and what they are called, which it may do after its answer.
    pub async fn learn_names(&self) {
        let api = self.log_in("creator").await;
        for n in 0..self.remotes.len() {
            api.courses(self.remote(n)).await;
        }
        until("the remotes' names", PATIENCE, async || {
            let home = api.get(&GetHome).await.expect("the first screen");
            let known = home.remotes.iter().zip(&self.remotes).all(|(told, remote)| told.name == remote.config().name);
            known.then_some(())
        })
        .await;
    }

    /// A token of the companion's for its own calls, with these claims changed.
    pub fn service_token(&self, changes: Value) -> String {
        let claims = json!({
            "iss": self.client.address(), "aud": self.worker.origin, "sub": "companion",
            "iat": now(), "exp": now() + 60, "jti": format!("service-{:?}", Instant::now()),
        });
        forge(&header("service"), &with(&claims, changes), self.setting("SERVICE_KEY"))
    }

    /// Tokens of everybody else, which none of the companion's calls takes: what is wrong with each, and the token.
    pub fn foreign_service_tokens(&self, session: &Api) -> Vec<(&'static str, String)> {
        vec![
            ("nothing", String::new()),
            ("a session", session.token.clone()),
            ("no token at all", "companion".to_owned()),
            ("another key", self.service_token(json!({})) + "x"),
            ("past its time", self.service_token(json!({"iat": now() - 600, "exp": now() - 540}))),
            ("too long lived", self.service_token(json!({"exp": now() + 3600}))),
            ("for another Worker", self.service_token(json!({"aud": "https://evil.example"}))),
            ("of another client", self.service_token(json!({"iss": "https://evil.example"}))),
            ("of somebody else", self.service_token(json!({"sub": "7"}))),
        ]
    }

    /// This course of a remote, to the default category.
    pub fn choice(&self, remote: usize, course: i64) -> Choice {
        Choice::new(self.remote(remote).clone(), RemoteCourseId(course), Target::Default)
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

    /// So many days pass while the Worker is away.
    pub async fn days_pass(&mut self, days: i64) {
        self.minutes_pass(days * 24 * 60).await;
    }

    /// So many minutes pass while the Worker is away: all that it has noted is that much older afterwards.
    pub async fn minutes_pass(&mut self, minutes: i64) {
        self.kill_worker().await;
        let database = self.worker.database();
        for (table, columns) in [
            ("restores", &["since", "created", "not_before", "retry_at", "finished", "checked"][..]),
            ("peers", &["probe_at", "held_since", "kind_learnt"]),
            ("outbox", &["created", "sent"]),
            ("enrolments", &["at"]),
            ("audit", &["at"]),
        ] {
            let set: Vec<_> = columns.iter().map(|column| format!("{column} = {column} - 60 * {minutes}")).collect();
            database.execute(&format!("UPDATE {table} SET {}", set.join(", ")), ()).expect("older rows");
        }
        drop(database);
        self.restart_worker().await;
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
