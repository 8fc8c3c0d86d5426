//! A client Moodle at work: what it is, what it knows, and what can go wrong there.

use super::{
    course::Course,
    job::{Job, Stage},
    people::{Site, User},
};
use crate::server::{Changes, now};
use courseferry_access::token::{AccessClaim, Actor, Key, LaunchClaims, Standard, mint};
use courseferry_api::ErrorCode;
use courseferry_moodle::Secret;
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tempfile::TempDir;

#[derive(Debug, Clone)]
pub struct ClientConfig {
    /// 0 for any.
    pub port: u16,
    /// The Worker's origin; may be given later with [`Client::connect`].
    pub worker: Option<String>,
    /// The token that the Worker calls it with.
    pub token: String,
    /// Signs launch tokens, at least 32 bytes.
    pub launch_key: Secret,
    /// Signs the companion's own calls, at least 32 bytes.
    pub service_key: Secret,
    /// Where npm's packages lie, for Bootstrap; without it pages are plain.
    pub npm: Option<PathBuf>,
    pub pace: Pace,
}

impl Default for ClientConfig {
    fn default() -> Self {
        Self {
            port: 0,
            worker: None,
            token: "c11e4700a0b14f6d8e7f001122334455".to_owned(),
            launch_key: Secret::new("launch key of the stand-in, for tests only"),
            service_key: Secret::new("service key of the stand-in, for tests only"),
            npm: std::env::var_os("COURSEFERRY_NPM").map(PathBuf::from),
            pace: Pace::default(),
        }
    }
}

/// How quick the client's Moodle is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Until cron takes up a queued task.
    pub cron: Duration,
    pub extract: Duration,
    pub restore: Duration,
    /// Between two looks for tasks whose process died.
    pub recover: Duration,
    /// Until a process tries again after the Worker could not be reached.
    pub pause: Duration,
    /// For how long it waits for the Worker without a new byte.
    pub patience: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        let (short, none) = (Duration::from_millis(50), Duration::ZERO);
        let patience = Duration::from_secs(30);
        Self { cron: none, extract: none, restore: none, recover: Duration::from_millis(200), pause: short, patience }
    }
}

impl Pace {
    /// As slow as people need to see what happens.
    pub fn visible() -> Self {
        let seconds = Duration::from_secs;
        Self {
            cron: seconds(3),
            extract: seconds(2),
            restore: seconds(8),
            recover: seconds(10),
            pause: seconds(5),
            patience: seconds(900),
        }
    }
}

/// What goes wrong at the client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "trap", rename_all = "snake_case")]
pub enum ClientTrap {
    /// `sitemaintenance`.
    Maintenance,
    /// `invalidtoken`.
    BadToken,
    /// The companion is not installed.
    NotInstalled,
    /// The companion is of a version without this function.
    NoFunction {
        /// Without `block_courseferry_`.
        function: String,
    },
    /// The companion has this function, but its service does not.
    OutsideService {
        /// Without `block_courseferry_`.
        function: String,
    },
    /// A page instead of JSON.
    Html,
    /// HTTP 500 and nothing done.
    ServerError,
    /// The connection stays open and nothing comes.
    Hang,
    /// It is done, but the answer is lost.
    LoseAnswer {
        /// By this function only, without `block_courseferry_`.
        function: String,
    },
    /// The process that restores is killed.
    KillTask {
        at: Stage,
    },
    /// The process stays where it is until the traps are cleared or its restore is wanted no more.
    Hold {
        at: Stage,
    },
    DiskFull,
    /// Moodle's prechecks refuse the backup.
    PrecheckRefuses {
        /// The code that the companion gives it.
        code: ErrorCode,
        /// The detail beside the code.
        detail: String,
    },
    /// Moodle's restore fails in the middle.
    RestoreFailed,
    /// A restore ends with so many warnings.
    ManyWarnings {
        /// How many Moodle logged.
        count: usize,
    },
    /// The process dies when a part of an addition has arrived, on a database that cannot take it back.
    KillAddition,
    /// The process that removes a copy dies before it has begun.
    KillRemoval,
    /// The restore ends with warnings; `error` makes it partial.
    Warnings {
        error: bool,
    },
}

/// A trap that is set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Armed {
    #[serde(flatten)]
    pub(super) trap: ClientTrap,
    #[serde(default)]
    pub(super) times: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    pub id: i64,
    pub job: String,
    pub attempt: u32,
    /// `success`, `failure` or `digest`.
    pub kind: String,
    pub userid: i64,
    /// `subject`, `text`, `html`, `contexturl`, `contexturlname`.
    pub values: BTreeMap<String, String>,
    pub warnings: Vec<String>,
}

#[derive(Debug, Clone)]
pub(super) struct Session {
    pub(super) user: Option<i64>,
    /// Who is behind "log in as".
    pub(super) real_user: Option<i64>,
    /// Whether that was begun inside a course: then Moodle refuses this session everything outside it.
    pub(super) limited: bool,
    pub(super) sesskey: String,
    /// The page that was wanted before the log-in.
    pub(super) wanted: Option<String>,
}

#[derive(Debug)]
pub(super) struct Records {
    pub(super) site: Site,
    pub(super) worker: Option<String>,
    pub(super) courses: BTreeMap<i64, Course>,
    pub(super) last_course: i64,
    pub(super) jobs: BTreeMap<String, Job>,
    /// Jobs that a process is at work on, or that cron has queued.
    pub(super) tasks: BTreeSet<(String, u32)>,
    pub(super) messages: Vec<Message>,
    /// Restores whose copies are going to be removed.
    pub(super) removals: BTreeSet<String>,
    /// Courses in the recycle bin.
    pub(super) recycled: Vec<Course>,
    pub(super) sessions: BTreeMap<String, Session>,
    pub(super) traps: Vec<Armed>,
    pub(super) calls: Vec<Called>,
}

/// A web service call that the client has seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Called {
    /// The function, without `block_courseferry_`.
    pub function: String,
    /// Its parameters.
    pub parameters: BTreeMap<String, String>,
}

/// A client Moodle at work.
#[derive(Debug)]
pub struct Client {
    pub(super) config: ClientConfig,
    pub(super) address: String,
    pub(super) records: Mutex<Records>,
    pub(super) changes: Changes,
    pub(super) http: reqwest::Client,
    pub(super) files: TempDir,
}

impl Client {
    pub(super) fn records(&self) -> MutexGuard<'_, Records> {
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn config(&self) -> &ClientConfig {
        &self.config
    }

    /// Says where the Worker is, once its address is known.
    pub fn connect(&self, worker: &str) {
        self.records().worker = Some(worker.to_owned());
    }

    /// Sets a trap, for so many calls or (`None`) until all are cleared.
    pub fn set(&self, trap: ClientTrap, times: Option<u32>) {
        self.records().traps.push(Armed { trap, times });
    }

    pub fn clear(&self) {
        self.records().traps.clear();
    }

    /// Its people, roles and categories.
    pub fn site_now(&self) -> Site {
        self.records().site.clone()
    }

    /// Changes its people, roles or categories.
    pub fn change(&self, change: impl FnOnce(&mut Site)) {
        change(&mut self.records().site);
        self.changes.note();
    }

    pub fn user(&self, username: &str) -> Option<User> {
        self.records().site.users.iter().find(|user| user.username == username).cloned()
    }

    /// All courses, half-made ones too.
    pub fn courses(&self) -> Vec<Course> {
        self.records().courses.values().cloned().collect()
    }

    /// The courses that restores made, and finished.
    pub fn restored(&self) -> Vec<Course> {
        self.courses().into_iter().filter(|course| course.job.is_some() && !course.half_made).collect()
    }

    /// Changes a course, as an administrator might.
    pub fn change_course(&self, id: i64, change: impl FnOnce(&mut Course)) {
        if let Some(course) = self.records().courses.get_mut(&id) {
            change(course);
        }
        self.changes.note();
    }

    /// Courses in the recycle bin.
    pub fn recycled(&self) -> Vec<Course> {
        self.records().recycled.clone()
    }

    /// Deletes a course, as an administrator might.
    pub fn delete_course(&self, id: i64) {
        self.records().courses.remove(&id);
        self.changes.note();
    }

    pub fn jobs(&self) -> Vec<Job> {
        self.records().jobs.values().cloned().collect()
    }

    pub fn messages(&self) -> Vec<Message> {
        self.records().messages.clone()
    }

    pub fn calls(&self) -> Vec<Called> {
        self.records().calls.clone()
    }

    /// Waits for a job to become what is wanted.
    pub async fn until_job(&self, wanted: impl Fn(&Job) -> bool) -> Job {
        self.changes.until(|| self.records().jobs.values().find(|job| wanted(job)).cloned()).await
    }

    /// Waits for a web service call.
    pub async fn until_called(&self, function: &str) -> Called {
        self.changes.until(|| self.records().calls.iter().find(|call| call.function == function).cloned()).await
    }

    /// Logs somebody in without the form: the value of a `Cookie` header.
    pub fn sign_in(&self, username: &str) -> Option<String> {
        let user = self.user(username)?;
        Some(format!("MoodleSession={}", self.begin_session(Some(user.id), None)))
    }

    /// A launch token as a page of this user's would hold it.
    pub fn launch_token(&self, username: &str) -> Option<String> {
        let user = self.user(username)?;
        let session =
            Session { user: Some(user.id), real_user: None, limited: false, sesskey: String::new(), wanted: None };
        self.token_for(&session, None)
    }

    pub(super) fn begin_session(&self, user: Option<i64>, wanted: Option<String>) -> String {
        let mut records = self.records();
        let id = random();
        records.sessions.insert(
            id.clone(),
            Session { user, real_user: None, limited: false, sesskey: random().chars().take(10).collect(), wanted },
        );
        id
    }

    /// Whether such a trap is set; used up once.
    pub(super) fn sprung(&self, wanted: impl Fn(&ClientTrap) -> bool) -> Option<ClientTrap> {
        let mut records = self.records();
        let index = records.traps.iter().position(|armed| wanted(&armed.trap))?;
        let armed = records.traps.get_mut(index)?;
        let trap = armed.trap.clone();
        if let Some(times) = &mut armed.times {
            *times = times.saturating_sub(1);
            if *times == 0 {
                records.traps.remove(index);
            }
        }
        Some(trap)
    }

    /// A launch token for a user, as the companion mints it. None where no Worker is connected or the account is not vouched for.
    pub(super) fn token_for(&self, session: &Session, state: Option<String>) -> Option<String> {
        if session.limited {
            return None;
        }
        let records = self.records();
        let (site, worker) = (&records.site, records.worker.clone()?);
        let user = site.user(session.user?).filter(|user| site.vouches_for(user))?;
        let now = now();
        let standard = Standard {
            iss: self.address.clone(),
            aud: worker,
            sub: user.id.to_string(),
            iat: now,
            exp: now + 300,
            nbf: None,
            jti: random(),
        };
        let act = session.real_user.and_then(|id| site.user(id));
        let claims = LaunchClaims {
            standard,
            preferred_username: user.username.clone(),
            name: user.fullname(),
            locale: user.lang.clone(),
            zoneinfo: site.timezone.clone(),
            act: act.map(|real| Actor { sub: real.id.to_string(), preferred_username: real.username.clone() }),
            state,
            access: Some(AccessClaim {
                assignments: user.assignments.clone(),
                siteversion: site.snapshot().0,
                targetcourses: records.has_targets(user.id),
            }),
        };
        mint(&claims, &Key::new(self.config.launch_key.clone())?)
    }
}

/// 32 hex digits that nobody can guess.
pub(super) fn random() -> String {
    use std::hash::{BuildHasher, Hasher};
    // The standard library's own source of randomness; a stand-in needs no better one.
    let digits = || std::hash::RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", digits(), digits())
}
