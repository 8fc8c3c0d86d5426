//! A small world for the ferry: SQLite for D1, remotes with one backup slot per user, a companion with fencing, and a
//! clock that moves only when everybody sleeps. Every call into the world can be the last thing that a Worker does.

use courseferry_api::*;
use courseferry_ferry::*;
use courseferry_store::*;
use futures::{executor::block_on, future::join, pin_mut, task::noop_waker};
use rusqlite::{Connection, StatementStatus, types::Value as Sql};
use serde_json::{Number, Value};
use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, BTreeSet, HashMap},
    future::poll_fn,
    path::PathBuf,
    rc::Rc,
    task::{Context, Poll},
};

/// A Sunday in November, 21:00 in UTC.
pub const START: i64 = 1_795_381_200;
pub const SCIENCES: &str = "5c1e9ce50001";
pub const LETTRES: &str = "1e771e500002";

pub struct World {
    pub now: Cell<i64>,
    pub database: Database,
    pub remotes: RefCell<FakeRemotes>,
    pub companion: RefCell<Companion>,
    pub settings: Settings,
    steps: Cell<u32>,
    fatal_step: Cell<Option<u32>>,
    /// An illness of the database.
    pub ill: Cell<Option<Ill>>,
    /// How often the database was asked something; a batch is asked once.
    pub queries: Cell<u32>,
    yielded: Cell<bool>,
    timers: RefCell<Vec<i64>>,
    dice: Cell<u64>,
    pub offset: Cell<i32>,
    /// The remotes of the setting.
    pub configured: RefCell<Vec<String>>,
}

#[derive(Default)]
pub struct FakeRemotes {
    /// What the next backups of a course do; then they succeed.
    pub script: HashMap<(String, i64), Vec<Mishap>>,
    /// Seconds that a backup takes.
    pub slow: HashMap<i64, i64>,
    /// Backups being made: (end, remote, user, course, file).
    pub working: Vec<(i64, String, String, i64, i64)>,
    /// The slots: (remote, user) to (course, file).
    pub slots: HashMap<(String, String), (i64, i64)>,
    pub files: i64,
    pub calls: Vec<(i64, String, String, i64)>,
    /// Two backups in one slot at once: must never be.
    pub collisions: u32,
    /// What a remote is; an original 2 where nothing is said.
    pub kinds: HashMap<String, RemoteKind>,
    /// Remotes that refuse whatever they are asked.
    pub refuses: HashMap<String, ErrorCode>,
    /// People whose backups are refused, on any remote.
    pub refuses_people: HashMap<String, ErrorCode>,
    /// Backups that courseferry remotes make by themselves, by restore and number.
    pub made: BTreeMap<(String, u32), Made>,
    /// Seconds in which that remote's cron begins none.
    pub cron_still: i64,
    /// How often a remote was asked what it is.
    pub introductions: u32,
}

/// A backup that a courseferry remote makes by itself.
pub struct Made {
    pub course: i64,
    pub asked: i64,
    pub takes: i64,
    pub deleted: bool,
    pub fails: Option<(ErrorCode, bool)>,
}

impl FakeRemotes {
    /// What a remote is.
    pub fn kind(&self, remote: &str) -> RemoteKind {
        self.kinds.get(remote).copied().unwrap_or(RemoteKind::Original2)
    }

    /// Whose backup the next one of this person replaces: their own, or anybody's.
    fn owner(&self, remote: &str, username: &str) -> String {
        if self.kind(remote) == RemoteKind::Original3 { String::new() } else { username.to_owned() }
    }

    fn refusal(&self, remote: &str, username: &str) -> Option<ErrorCode> {
        self.refuses.get(remote).or_else(|| self.refuses_people.get(username)).copied()
    }

    /// How a courseferry remote's backup stands.
    fn backup_state(&self, job: &str, number: u32, now: i64) -> BackupState {
        let Some(made) = self.made.get(&(job.to_owned(), number)).filter(|made| !made.deleted) else {
            return BackupState::Gone;
        };
        let elapsed = now - made.asked;
        let running = elapsed - self.cron_still;
        if running < 0 {
            BackupState::Waiting { elapsed: u32::try_from(elapsed).unwrap() }
        } else if running < made.takes {
            BackupState::Running { percent: u8::try_from(running * 100 / made.takes).unwrap() }
        } else if let Some((code, transient)) = made.fails {
            BackupState::Failed { failure: code.into(), transient }
        } else {
            BackupState::Ready { bytes: 95, sha256: Some("5".repeat(64)) }
        }
    }
}

/// How a backup goes wrong.
#[derive(Clone, Copy)]
pub enum Mishap {
    Fails(ErrorCode),
    /// The front end gives up while the remote goes on for so many seconds.
    CutAfter(i64, i64),
    /// `filerecordid` 0.
    Zero,
    /// The slot is emptied at once.
    Empty,
}

#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a mishap of its own")]
pub struct Companion {
    pub jobs: BTreeMap<String, CompanionJob>,
    /// Courses made, by job.
    pub courses: Vec<String>,
    pub hand_overs: u32,
    /// SHA-256 of the backups, as the orders had them.
    pub checksums: HashMap<String, String>,
    pub notices: Vec<Notice>,
    pub down: bool,
    /// Goes down at this time.
    pub down_at: Option<i64>,
    pub refuses_notices: bool,
    /// It is older than this Worker can speak to.
    pub outdated: bool,
    /// Calls while it was down.
    pub in_vain: Cell<u32>,
    /// Calls of any kind.
    pub asked: Cell<u32>,
    pub usernames: HashMap<i64, String>,
    pub denied: Vec<(i64, i64)>,
    /// People who may restore for others.
    pub managers: Vec<i64>,
    pub not_vouched_for: Vec<i64>,
    /// The actor of each order, by job.
    pub actors: HashMap<String, UserId>,
    /// The next attempts fail with this.
    pub failures: Vec<(ErrorCode, bool)>,
    pub remote_links: bool,
    /// So many hand-overs are taken and their answers lost.
    pub loses_hand_overs: u32,
    /// So many questions after progress stay without an answer.
    pub deaf_progress: u32,
    /// So many cancellations are carried out and their answers lost.
    pub loses_cancels: u32,
    /// Hand-overs are refused with this, while every other call is answered.
    pub refuses_hand_overs: Option<ErrorCode>,
    /// Courses that somebody deleted, of those that Courseferry did not make.
    pub deleted: Vec<i64>,
    /// What the next restored courses are to be checked for.
    pub warnings: Vec<Warning>,
}

impl Companion {
    /// How often a download or a restore ended: what the companion says to the Worker.
    pub fn progressed(&self) -> usize {
        let copied = self.jobs.values().filter(|job| !matches!(job.state, State::Pending | State::Downloading)).count();
        copied + self.courses.len()
    }
}

/// What becomes of some statements of the database.
#[derive(Clone, Copy)]
pub struct Ill {
    /// Statements that contain this.
    pub text: &'static str,
    /// So many succeed first.
    pub spared: u32,
    /// So many fail then.
    pub failing: u32,
    /// What fails has been done all the same: only its answer is lost.
    pub done: bool,
}

pub struct CompanionJob {
    pub attempt: u32,
    pub state: State,
    /// Why it failed, and whether the companion holds that it can go better later.
    pub failure: Option<(ErrorCode, bool)>,
    pub ticket: String,
    pub course: i64,
    pub made: Option<i64>,
}

/// SQLite with D1's manners, and what it was asked.
#[derive(Clone)]
pub struct Database {
    pub connection: Rc<Connection>,
    pub asked: Rc<RefCell<BTreeSet<&'static str>>>,
    /// Steps of SQLite's machine by statement, the costliest run of each: what D1 bills and waits for grows with them.
    pub steps: Rc<RefCell<BTreeMap<&'static str, i32>>>,
}

impl Database {
    fn execute(&self, statement: &Statement) -> rusqlite::Result<Vec<Row>> {
        self.asked.borrow_mut().insert(statement.sql);
        let mut prepared = self.connection.prepare_cached(statement.sql)?;
        let names: Vec<String> = prepared.column_names().map(str::to_owned).collect();
        assert!(statement.params.len() <= 100, "D1 takes 100 parameters");
        // D1 hands numbers over as doubles.
        let params = statement.params.iter().map(|value| match value {
            Value::Null => Sql::Null,
            Value::Number(number) => Sql::Real(number.as_f64().unwrap()),
            Value::String(text) => Sql::Text(text.clone()),
            other => panic!("D1 does not take {other}"),
        });
        let mut rows = prepared.query(rusqlite::params_from_iter(params))?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let value = |place: usize| match row.get_unwrap(place) {
                Sql::Null => Value::Null,
                Sql::Integer(number) => Value::Number(Number::from_f64(number as f64).unwrap()),
                Sql::Real(number) => Value::Number(Number::from_f64(number).unwrap()),
                Sql::Text(text) => Value::String(text),
                Sql::Blob(_) => panic!("no blobs here"),
            };
            all.push(names.iter().enumerate().map(|(place, name)| (name.clone(), value(place))).collect());
        }
        drop(rows);
        let steps = prepared.reset_status(StatementStatus::VmStep);
        let mut costliest = self.steps.borrow_mut();
        let known = costliest.entry(statement.sql).or_default();
        *known = steps.max(*known);
        Ok(all)
    }
}

impl Executor for Database {
    /// A transaction; within one that the caller began, a savepoint.
    async fn run(&self, statements: Vec<Statement>) -> Result<Vec<Vec<Row>>, LedgerError> {
        let (begin, end, undo) = if self.connection.is_autocommit() {
            ("BEGIN IMMEDIATE", "COMMIT", "ROLLBACK")
        } else {
            ("SAVEPOINT batch", "RELEASE batch", "ROLLBACK TO batch; RELEASE batch")
        };
        self.connection.execute_batch(begin).unwrap();
        let done: Result<Vec<_>, _> = statements
            .iter()
            .map(|statement| {
                self.execute(statement).map_err(|error| LedgerError(format!("{error}: {}", statement.sql)))
            })
            .collect();
        self.connection.execute_batch(if done.is_ok() { end } else { undo }).unwrap();
        done
    }
}

/// The database as a Worker reaches it: it may die before and after each call.
pub struct Remote<'a>(pub &'a World);

impl Executor for Remote<'_> {
    async fn run(&self, statements: Vec<Statement>) -> Result<Vec<Vec<Row>>, LedgerError> {
        self.0.queries.set(self.0.queries.get() + 1);
        self.0.step().await;
        let fails = self.0.falls_ill(&statements);
        let broken = || Err(LedgerError("the database hiccups".to_owned()));
        if fails.is_some_and(|ill| !ill.done) {
            return broken();
        }
        let answer = self.0.database.run(statements).await;
        self.0.step().await;
        if fails.is_some() { broken() } else { answer }
    }
}

/// The files of the schema, in their order.
pub fn migrations() -> Vec<PathBuf> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../migrations");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// A database with the whole schema.
pub fn migrated(connection: Connection) -> Connection {
    for migration in migrations() {
        connection.execute_batch(&std::fs::read_to_string(migration).unwrap()).unwrap();
    }
    connection
}

impl World {
    pub fn new() -> Self {
        Self::with(&[])
    }

    /// A world with these settings.
    pub fn with(settings: &[(&str, &str)]) -> Self {
        Self::over(migrated(Connection::open_in_memory().unwrap()), settings)
    }

    /// A world over a database that is there.
    pub fn over(connection: Connection, settings: &[(&str, &str)]) -> Self {
        connection.set_prepared_statement_cache_capacity(100);
        let standard = [
            ("client_wwwroot", "https://client.example.org"),
            ("worker_origin", "https://ferry.example.org"),
            ("defaultcategory", "9"),
            ("onlyoneremoteinstance", "1"),
            // A tick looks once; tests about staying set it otherwise.
            ("stay_seconds", "0"),
        ];
        let find = |name: &str| {
            settings.iter().chain(&standard).find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        };
        let settings = Settings::read(find, |_| true).unwrap();
        let names = ["ada", "ben", "cleo", "dan", "eve", "fay", "gus", "hal", "ida", "joe", "kim", "leo"];
        let usernames = (1..).zip(names.map(str::to_owned)).collect();
        let companion = Companion { usernames, ..Companion::default() };
        Self {
            now: Cell::new(START),
            database: Database { connection: Rc::new(connection), asked: Rc::default(), steps: Rc::default() },
            remotes: RefCell::default(),
            companion: RefCell::new(companion),
            settings,
            steps: Cell::new(0),
            fatal_step: Cell::new(None),
            ill: Cell::new(None),
            queries: Cell::default(),
            yielded: Cell::new(false),
            timers: RefCell::default(),
            dice: Cell::new(7),
            offset: Cell::new(0),
            configured: RefCell::new(vec![SCIENCES.to_owned(), LETTRES.to_owned()]),
        }
    }

    pub fn store(&self) -> Store<Database> {
        Store::new(self.database.clone())
    }

    pub fn time(&self) -> UnixTime {
        UnixTime(self.now.get())
    }

    /// Whether this is to fail.
    fn falls_ill(&self, statements: &[Statement]) -> Option<Ill> {
        let mut ill = self.ill.get()?;
        if !statements.iter().any(|statement| statement.sql.contains(ill.text)) {
            return None;
        }
        let fails = ill.spared == 0 && ill.failing > 0;
        if fails {
            ill.failing -= 1;
        } else {
            ill.spared = ill.spared.saturating_sub(1);
        }
        self.ill.set(Some(ill));
        fails.then_some(ill)
    }

    /// Every await is a step, and a Worker can die at any of them.
    async fn step(&self) {
        let mut first = true;
        poll_fn(|_| {
            if std::mem::take(&mut first) {
                self.steps.set(self.steps.get() + 1);
                self.yielded.set(true);
                Poll::Pending
            } else {
                Poll::Ready(())
            }
        })
        .await;
    }

    fn pass(&self, to: i64) {
        self.now.set(to.max(self.now.get()));
        let mut remotes = self.remotes.borrow_mut();
        let (ended, working) =
            std::mem::take(&mut remotes.working).into_iter().partition(|work: &(i64, _, _, _, _)| work.0 <= to);
        remotes.working = working;
        for (_, remote, user, course, file) in ended {
            remotes.slots.insert((remote, user), (course, file));
        }
    }

    /// Runs a future until it ends, or until the fatal step: then none.
    pub fn run<T>(&self, future: impl Future<Output = T>) -> Option<T> {
        pin_mut!(future);
        let waker = noop_waker();
        let mut context = Context::from_waker(&waker);
        loop {
            self.yielded.set(false);
            if let Poll::Ready(done) = future.as_mut().poll(&mut context) {
                self.timers.borrow_mut().clear();
                return Some(done);
            }
            if self.fatal_step.get().is_some_and(|step| self.steps.get() >= step) {
                self.timers.borrow_mut().clear();
                return None;
            }
            if !self.yielded.get() {
                let next = {
                    let mut timers = self.timers.borrow_mut();
                    let now = self.now.get();
                    timers.retain(|at| *at > now);
                    *timers.iter().min().expect("somebody waits for something that never comes")
                };
                self.pass(next);
            }
        }
    }

    /// How many steps this takes from here if nothing dies.
    pub fn die_at(&self, step: u32) {
        self.steps.set(0);
        self.fatal_step.set(Some(step));
    }

    /// Nobody dies any more; whether somebody died.
    pub fn live(&self) -> bool {
        let died = self.fatal_step.get().is_some_and(|step| self.steps.get() >= step);
        self.fatal_step.set(None);
        died
    }

    /// One tick of a Worker; none if it died.
    pub fn tick(&self) -> Option<Report> {
        let report = self.raw_tick()?;
        assert_eq!(report.troubles, Vec::<String>::new());
        Some(report)
    }

    /// One tick of a Worker in which something may go wrong.
    pub fn raw_tick(&self) -> Option<Report> {
        self.with_ferry(async |ferry| ferry.tick().await)
    }

    /// What the client's word that something ended sets off.
    pub fn raw_hurry(&self) -> Option<Report> {
        self.with_ferry(async |ferry| ferry.hurry().await)
    }

    /// Cancels, which may go wrong or die.
    pub fn try_cancel(&self, job: &JobId) -> Option<Result<CancelOutcome, LedgerError>> {
        self.with_ferry(async |ferry| ferry.cancel(job, None).await)
    }

    /// Two ticks, the second so many steps later.
    pub fn two_ticks(&self, apart: u32) {
        let both = self.with_ferry(async |ferry| {
            let late = async {
                self.steps_pass(apart).await;
                ferry.tick().await
            };
            join(ferry.tick(), late).await
        });
        let (one, two) = both.unwrap();
        assert!(one.troubles.is_empty() && two.troubles.is_empty(), "{one:?} {two:?}");
    }

    /// The client goes down so many seconds from now.
    pub fn go_down_in(&self, seconds: i64) {
        self.companion.borrow_mut().down_at = Some(self.now.get() + seconds);
    }

    /// Cancels.
    pub fn cancel(&self, job: &JobId) -> CancelOutcome {
        self.with_ferry(async |ferry| ferry.cancel(job, None).await).unwrap().unwrap()
    }

    /// A tick, and so many seconds after its beginning somebody cancels.
    pub fn cancel_during_tick(&self, job: &JobId, seconds: u32) -> CancelOutcome {
        let both = self.with_ferry(async |ferry| {
            let late = async {
                self.sleep(seconds).await;
                ferry.cancel(job, None).await
            };
            join(ferry.tick(), late).await.1
        });
        both.unwrap().unwrap()
    }

    /// A tick, and so many steps after its beginning somebody cancels.
    pub fn cancel_at_step(&self, job: &JobId, step: u32) -> CancelOutcome {
        let both = self.with_ferry(async |ferry| {
            let late = async {
                self.steps_pass(step).await;
                ferry.cancel(job, None).await
            };
            join(ferry.tick(), late).await.1
        });
        both.unwrap().unwrap()
    }

    pub async fn steps_pass(&self, steps: u32) {
        for _ in 0..steps {
            self.step().await;
        }
    }

    pub fn with_ferry<'a, T>(
        &'a self,
        work: impl AsyncFnOnce(&Ferry<'_, Store<Remote<'a>>, World, World, World>) -> T,
    ) -> Option<T> {
        let ledger = Store::new(Remote(self));
        let zone = |_| self.offset.get();
        let ferry = Ferry::new(&ledger, self, self, self, &self.settings, &zone);
        self.run(work(&ferry))
    }

    /// The client's cron: every job takes one step.
    pub fn cron(&self) {
        let store = self.store();
        let mut companion = self.companion.borrow_mut();
        let Companion { jobs, courses, failures, .. } = &mut *companion;
        for (id, job) in jobs.iter_mut() {
            let id: JobId = id.parse().unwrap();
            match job.state {
                State::Pending => {
                    (job.state, job.failure) = match block_on(store.enter(&id, job.attempt, &job.ticket)).unwrap() {
                        Entry::Open(backup) => self.download(&store, &id, job, &backup),
                        _ => failed(ErrorCode::BackupTicket, false),
                    };
                }
                State::Restoring => {
                    if let Some((code, transient)) = failures.pop() {
                        (job.state, job.failure) = failed(code, transient);
                    } else {
                        courses.push(id.to_string());
                        job.made = Some(100 + i64::try_from(courses.len()).unwrap());
                        job.state = State::Complete;
                    }
                }
                _ => {}
            }
        }
    }

    fn download(
        &self,
        store: &Store<Database>,
        id: &JobId,
        job: &CompanionJob,
        backup: &Backup,
    ) -> (State, Option<(ErrorCode, bool)>) {
        let remotes = self.remotes.borrow();
        let course = if backup.kind == RemoteKind::Courseferry {
            let ready =
                matches!(remotes.backup_state(id.as_str(), backup.number, self.now.get()), BackupState::Ready { .. });
            remotes.made.get(&(id.to_string(), backup.number)).filter(|_| ready).map(|made| made.course)
        } else {
            let mut slots = remotes.slots.iter().filter(|((remote, _), _)| *remote == backup.remote.as_str());
            slots.find(|(_, (_, file))| *file == backup.id).map(|(_, (course, _))| *course)
        };
        let Some(course) = course else { return failed(ErrorCode::BackupGone, true) };
        block_on(store.first_answer(id, job.attempt, "\"etag\"", Some(95))).unwrap();
        if course == job.course { (State::Restoring, None) } else { failed(ErrorCode::BackupWrongCourse, true) }
    }

    /// Ticks and crons, a minute apart, until everything has ended.
    pub fn until_all_ended(&self) {
        for _ in 0..2_000 {
            self.tick().unwrap();
            self.cron();
            self.pass(self.now.get() + 60);
            if block_on(self.store().queue()) == Ok((0, 0)) {
                return;
            }
        }
        panic!("does not end: {:#?}", self.all());
    }

    /// Tries a restore again now.
    pub fn retry(&self, id: &JobId) {
        let exclusive = self.settings.one_per_course;
        let change = block_on(self.store().retry(id, None, exclusive, self.time())).unwrap();
        assert!(matches!(change, Change::Done(_)), "{change:?}");
    }

    /// Time passes until the clock shows this in UTC.
    pub fn wait_until(&self, time: &str) {
        let time: TimeOfDay = time.parse().unwrap();
        self.wait((i64::from(time.minutes()) * 60 - self.now.get()).rem_euclid(86_400));
    }

    /// Time passes.
    pub fn wait(&self, seconds: i64) {
        self.pass(self.now.get() + seconds);
    }

    /// A remote is known, and makes so many backups side by side.
    pub fn bears(&self, remote: &str, at_once: u32) {
        let remote: RemoteId = remote.parse().unwrap();
        let about = About {
            kind: Some(self.remotes.borrow().kind(remote.as_str())),
            version: "2022061500".to_owned(),
            name: self.name(&remote).unwrap(),
            release: "4.1".to_owned(),
        };
        let store = self.store();
        block_on(store.learnt(&remote, self.time(), Some(&about))).unwrap();
        block_on(store.set_pace(&remote, Pace { at_once, usual: 20 })).unwrap();
    }

    /// The newest fifty restores.
    pub fn all(&self) -> Vec<RestoreRow> {
        block_on(self.store().search(&RestoreQuery::default(), 50)).unwrap().restores
    }

    pub fn job(&self, id: &JobId) -> RestoreRow {
        block_on(self.store().restore(id, None)).unwrap().unwrap()
    }

    /// A restore of a course, not scheduled yet. Teacher 1 is "ada".
    pub fn wish(&self, user: i64, remote: &str, course: i64) -> NewRestore {
        let number = self.dice.get() + 1;
        self.dice.set(number);
        NewRestore {
            id: format!("{number:032x}").parse().unwrap(),
            batch: format!("batch of {user}"),
            user: UserId(user),
            username: self.companion.borrow().usernames[&user].clone(),
            user_name: format!("Teacher {user}"),
            locale: "en".to_owned(),
            asked_by: None,
            remote: remote.parse().unwrap(),
            course: RemoteCourseId(course),
            full_name: format!("Course {course}"),
            short_name: format!("C{course}"),
            identifier: String::new(),
            target: Target::Default,
            announced: None,
            added_to: None,
            options: Options::default(),
            start_now: false,
            not_before: self.time(),
        }
    }

    /// Schedules it, which must succeed.
    pub fn schedule(&self, user: i64, remote: &str, course: i64) -> JobId {
        let wish = self.wish(user, remote, course);
        self.try_schedule(&wish).unwrap().id
    }

    pub fn try_schedule(&self, wish: &NewRestore) -> Result<RestoreRow, NotScheduled> {
        let quota =
            Quota { since: UnixTime(0), per_person: self.settings.max_per_person, site: self.settings.max_per_night };
        let exclusive = self.settings.one_per_course;
        block_on(self.store().schedule(std::slice::from_ref(wish), exclusive, quota, self.time())).unwrap().remove(0)
    }

    /// Every restore came, and came once.
    pub fn assert_all_restored_once(&self) {
        let jobs = self.all();
        for job in &jobs {
            assert_eq!(job.status, Status::Restored, "{job:#?}");
            assert!(job.restored.is_some());
        }
        let mut courses = self.companion.borrow().courses.clone();
        courses.sort();
        let mut ids: Vec<String> = jobs.iter().map(|job| job.id.to_string()).collect();
        ids.sort();
        assert_eq!(courses, ids, "every restore makes exactly one course");
        assert_eq!(self.remotes.borrow().collisions, 0, "two backups of one user at once");
    }
}

/// Why a restore failed, or will be tried again.
pub fn code(job: &RestoreRow) -> Option<ErrorCode> {
    job.failure.as_ref().map(|failure| failure.code)
}

fn failed(code: ErrorCode, transient: bool) -> (State, Option<(ErrorCode, bool)>) {
    (State::Failed, Some((code, transient)))
}

impl Platform for World {
    fn now(&self) -> UnixTime {
        self.time()
    }

    async fn sleep(&self, seconds: u32) {
        let until = self.now.get() + i64::from(seconds);
        self.timers.borrow_mut().push(until);
        poll_fn(|_| {
            if self.now.get() >= until {
                return Poll::Ready(());
            }
            self.timers.borrow_mut().push(until);
            Poll::Pending
        })
        .await;
    }

    fn random(&self) -> [u8; 32] {
        // SplitMix64, so that a test is the same each time.
        let mut bytes = [0; 32];
        for chunk in bytes.chunks_mut(8) {
            let mut z = self.dice.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
            self.dice.set(z);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            chunk.copy_from_slice(&(z ^ (z >> 31)).to_le_bytes());
        }
        bytes
    }
}

impl Remotes for World {
    fn configured(&self) -> Vec<RemoteId> {
        self.configured.borrow().iter().map(|remote| remote.parse().unwrap()).collect()
    }

    fn name(&self, remote: &RemoteId) -> Option<String> {
        let configured = self.configured.borrow().iter().any(|configured| configured == remote.as_str());
        configured.then(|| match remote.as_str() {
            SCIENCES => "Moodle Sciences".to_owned(),
            LETTRES => "Moodle Lettres".to_owned(),
            other => other.to_owned(),
        })
    }

    fn course_link(&self, remote: &RemoteId, course: RemoteCourseId) -> Option<String> {
        self.name(remote).map(|_| format!("https://remote.example.org/course/view.php?id={course}"))
    }

    fn address(&self, remote: &RemoteId) -> String {
        self.name(remote).map(|_| "https://remote.example.org".to_owned()).unwrap_or_default()
    }

    async fn about(&self, remote: &RemoteId) -> Result<About, Failure> {
        self.step().await;
        let mut remotes = self.remotes.borrow_mut();
        remotes.introductions += 1;
        match remotes.refuses.get(remote.as_str()) {
            Some(code) => Err((*code).into()),
            None => Ok(About {
                kind: Some(remotes.kind(remote.as_str())),
                version: "2022061500".to_owned(),
                name: self.name(remote).unwrap_or_default(),
                release: "4.1".to_owned(),
            }),
        }
    }

    async fn start_backup(&self, order: &BackupOrder<'_>) -> Result<BackupEntry, Failure> {
        self.step().await;
        let state = {
            let mut remotes = self.remotes.borrow_mut();
            let now = self.now.get();
            remotes.calls.push((now, order.remote.to_string(), order.username.to_owned(), order.course.0));
            if let Some(code) = remotes.refusal(order.remote.as_str(), order.username) {
                return Err(code.into());
            }
            let key = (order.remote.to_string(), order.course.0);
            let mishap = remotes.script.get_mut(&key).and_then(Vec::pop);
            let fails = match mishap {
                Some(Mishap::Fails(code)) => Some((code, true)),
                _ => None,
            };
            let takes = remotes.slow.get(&order.course.0).copied().unwrap_or(20);
            let made = Made { course: order.course.0, asked: now, takes, deleted: false, fails };
            remotes.made.entry((order.job.to_string(), order.number)).or_insert(made);
            if matches!(mishap, Some(Mishap::CutAfter(..))) {
                return Err(ErrorCode::RemoteTimeout.into());
            }
            remotes.backup_state(order.job.as_str(), order.number, now)
        };
        self.step().await;
        Ok(BackupEntry { job: order.job.clone(), number: order.number, state })
    }

    async fn backups(&self, remote: &RemoteId, backups: &[(JobId, u32)]) -> Result<Vec<BackupEntry>, Failure> {
        self.step().await;
        let remotes = self.remotes.borrow();
        if let Some(code) = remotes.refuses.get(remote.as_str()) {
            return Err((*code).into());
        }
        let entry = |(job, number): &(JobId, u32)| BackupEntry {
            job: job.clone(),
            number: *number,
            state: remotes.backup_state(job.as_str(), *number, self.now.get()),
        };
        Ok(backups.iter().map(entry).collect())
    }

    async fn delete_backups(&self, _: &RemoteId, backups: &[(JobId, u32)]) -> Result<(), Failure> {
        self.step().await;
        for (job, number) in backups {
            if let Some(made) = self.remotes.borrow_mut().made.get_mut(&(job.to_string(), *number)) {
                made.deleted = true;
            }
        }
        Ok(())
    }

    fn may_be_asked_for_people(&self, _: &RemoteId) -> bool {
        false
    }

    async fn make_backup(
        &self,
        remote: &RemoteId,
        known: Option<RemoteKind>,
        username: &str,
        course: RemoteCourseId,
        _: bool,
    ) -> Result<i64, Failure> {
        assert_ne!(known, Some(RemoteKind::Courseferry));
        self.step().await;
        let (wait, answer) = {
            let mut remotes = self.remotes.borrow_mut();
            let now = self.now.get();
            remotes.calls.push((now, remote.to_string(), username.to_owned(), course.0));
            let next = remotes.script.get_mut(&(remote.to_string(), course.0)).and_then(Vec::pop);
            let slow = remotes.slow.get(&course.0).copied().unwrap_or(20);
            let refusal = remotes.refusal(remote.as_str(), username);
            if let Some(Mishap::Fails(code)) = next {
                (1, Err(Failure::from(code)))
            } else if let Some(code) = refusal {
                (1, Err(Failure::from(code)))
            } else {
                let owner = remotes.owner(remote.as_str(), username);
                let busy = remotes.working.iter().any(|(_, r, u, ..)| r == remote.as_str() && *u == owner);
                remotes.collisions += u32::from(busy);
                remotes.files += 1;
                let file = remotes.files;
                let (wait, takes, answer) = match next {
                    Some(Mishap::CutAfter(wait, takes)) => (wait, takes, Err(ErrorCode::RemoteBackupUnknown.into())),
                    Some(Mishap::Zero) => (slow, slow, Ok(0)),
                    _ => (slow, slow, Ok(file)),
                };
                // What is made in silence for an empty download carries a file id that nobody asks for.
                let stored = if matches!(next, Some(Mishap::Empty)) { -file } else { file };
                remotes.working.push((now + takes, remote.to_string(), owner, course.0, stored));
                (wait, answer)
            }
        };
        self.sleep(u32::try_from(wait).unwrap()).await;
        self.step().await;
        answer
    }
}

pub struct Rights {
    username: String,
    denied: Vec<i64>,
    remote_links: bool,
    manages: bool,
    vouched_for: bool,
}

impl Access for Rights {
    fn username(&self) -> &str {
        &self.username
    }
    fn language(&self) -> Language {
        Language::English
    }
    fn may_see_remote_links(&self) -> bool {
        self.remote_links
    }
    fn original(&self, identifier: &str) -> Option<CategoryId> {
        (identifier == "PHY").then_some(CategoryId(3))
    }
    fn may_restore(&self, category: CategoryId) -> Result<Allowed, String> {
        if self.denied.contains(&category.0) {
            return Err("You may not restore there.".to_owned());
        }
        Ok(Allowed { name: format!("Category {category}"), incomplete: vec![] })
    }
    fn dates_refused(&self, _: CategoryId) -> Option<String> {
        None
    }
    fn may_restore_for_others(&self) -> bool {
        self.manages
    }
    fn is_vouched_for(&self) -> bool {
        self.vouched_for
    }
    fn people_refused(&self, _: CategoryId, _: bool) -> Option<String> {
        None
    }
}

impl World {
    fn answer(&self, job: &JobId) -> Progress {
        let companion = self.companion.borrow();
        let known = companion.jobs.get(job.as_str());
        let failure = known.and_then(|job| job.failure);
        Progress {
            job: job.clone(),
            attempt: known.map_or(0, |job| job.attempt),
            // What has no attempt is nothing that the companion knows.
            state: known.filter(|job| job.attempt > 0).map_or(State::NotFound, |job| job.state),
            bytes: 95,
            total_bytes: 95,
            percent: 50,
            course: known.and_then(|job| job.made).map(CourseId),
            course_name: String::new(),
            short_name: String::new(),
            target_course: None,
            warnings: companion.warnings.clone(),
            error: failure.map(|(code, _)| code),
            error_detail: String::new(),
            transient: failure.is_some_and(|(_, transient)| transient),
            changed: None,
        }
    }

    fn receive(&self, notice: &Notice) -> Result<(), Failure> {
        let mut companion = self.companion.borrow_mut();
        if companion.refuses_notices {
            return Err(ErrorCode::ClientUserUnknown.into());
        }
        let same = |sent: &&Notice| {
            (&sent.job, sent.attempt, sent.kind, sent.user) == (&notice.job, notice.attempt, notice.kind, notice.user)
        };
        match companion.notices.iter().find(same) {
            Some(sent) => assert_eq!(sent.text, notice.text, "the same message says the same"),
            None => companion.notices.push(notice.clone()),
        }
        Ok(())
    }

    fn up(&self) -> Result<(), Failure> {
        let companion = self.companion.borrow();
        companion.asked.set(companion.asked.get() + 1);
        if companion.down || companion.down_at.is_some_and(|at| self.now.get() >= at) {
            companion.in_vain.set(companion.in_vain.get() + 1);
            Err(ErrorCode::ClientUnreachable.into())
        } else {
            Ok(())
        }
    }
}

/// Whether there was one left.
fn take_one(left: &mut u32) -> bool {
    let any = *left > 0;
    *left = left.saturating_sub(1);
    any
}

impl Client for World {
    type Access = Rights;

    async fn fits(&self) -> Result<(), Failure> {
        self.step().await;
        self.up()?;
        if self.companion.borrow().outdated { Err(ErrorCode::ClientPluginTooOld.into()) } else { Ok(()) }
    }

    async fn access(&self, user: UserId) -> Result<Rights, Failure> {
        self.step().await;
        self.up()?;
        let companion = self.companion.borrow();
        let username = companion.usernames.get(&user.0).cloned().ok_or(ErrorCode::ClientUserUnknown)?;
        let denied = companion.denied.iter().filter(|(id, _)| *id == user.0).map(|(_, category)| *category).collect();
        Ok(Rights {
            username,
            denied,
            remote_links: companion.remote_links,
            manages: companion.managers.contains(&user.0),
            vouched_for: !companion.not_vouched_for.contains(&user.0),
        })
    }

    async fn restore(&self, order: &Order<'_>, ticket: &Ticket) -> Result<Progress, Failure> {
        self.step().await;
        self.up()?;
        let refused = self.companion.borrow().refuses_hand_overs;
        if let Some(code) = refused {
            self.companion.borrow_mut().hand_overs += 1;
            return Err(code.into());
        }
        let mut answer = self.answer(order.job);
        {
            let mut companion = self.companion.borrow_mut();
            companion.hand_overs += 1;
            if let Some(actor) = order.actor {
                companion.actors.insert(order.job.to_string(), actor);
            }
            if let Some(sha256) = order.sha256 {
                companion.checksums.insert(order.job.to_string(), sha256.to_owned());
            }
            let known = companion.jobs.get(order.job.as_str()).map(|job| (job.attempt, job.state));
            match known {
                Some((_, State::Complete)) => {}
                Some((attempt, _)) if attempt == order.attempt => {}
                Some((attempt, _)) if attempt > order.attempt => answer.state = State::StaleAttempt,
                Some((_, State::Pending | State::Downloading | State::Extracting | State::Restoring)) => {
                    answer.state = State::Busy;
                }
                _ => {
                    let job = CompanionJob {
                        attempt: order.attempt,
                        state: State::Pending,
                        failure: None,
                        ticket: ticket.reveal().to_owned(),
                        course: order.course.0,
                        made: None,
                    };
                    companion.jobs.insert(order.job.to_string(), job);
                    (answer.attempt, answer.state) = (order.attempt, State::Pending);
                }
            }
        }
        self.step().await;
        let lost = take_one(&mut self.companion.borrow_mut().loses_hand_overs);
        if lost { Err(ErrorCode::ClientTimeout.into()) } else { Ok(answer) }
    }

    async fn progress(&self, jobs: &[JobId]) -> Result<Vec<Progress>, Failure> {
        self.step().await;
        self.up()?;
        if take_one(&mut self.companion.borrow_mut().deaf_progress) {
            return Err(ErrorCode::ClientTimeout.into());
        }
        let answers = jobs.iter().map(|job| self.answer(job)).collect();
        self.step().await;
        Ok(answers)
    }

    async fn cancel(&self, job: &JobId, attempt: u32) -> Result<Progress, Failure> {
        self.step().await;
        self.up()?;
        {
            // An attempt that has yet to arrive is remembered as cancelled.
            let mut companion = self.companion.borrow_mut();
            let known = companion.jobs.entry(job.to_string()).or_insert(CompanionJob {
                attempt,
                state: State::Pending,
                failure: None,
                ticket: String::new(),
                course: 0,
                made: None,
            });
            let overtaken = attempt > known.attempt && matches!(known.state, State::Failed | State::Cancelled);
            let in_time = attempt == known.attempt && matches!(known.state, State::Pending | State::Downloading);
            if overtaken || in_time {
                (known.attempt, known.state) = (attempt, State::Cancelled);
            }
        }
        let answer = self.answer(job);
        self.step().await;
        let lost = take_one(&mut self.companion.borrow_mut().loses_cancels);
        if lost { Err(ErrorCode::ClientTimeout.into()) } else { Ok(answer) }
    }

    async fn target_course(&self, _: UserId, course: CourseId, _: &str) -> Result<String, Failure> {
        self.step().await;
        self.up()?;
        let deleted = self.companion.borrow().deleted.contains(&course.0);
        if deleted { Err(ErrorCode::ClientCourseMissing.into()) } else { Ok(format!("Course {course} here")) }
    }

    async fn course_exists(&self, _: UserId, course: CourseId) -> Result<bool, Failure> {
        self.step().await;
        self.up()?;
        Ok(!self.companion.borrow().deleted.contains(&course.0))
    }

    async fn notify(&self, notice: &Notice) -> Result<(), Failure> {
        self.step().await;
        self.up()?;
        self.receive(notice)?;
        self.step().await;
        Ok(())
    }

    async fn administrators(&self) -> Result<Vec<Recipient>, Failure> {
        self.step().await;
        self.up()?;
        Ok(vec![Recipient { user: UserId(90), locale: "en".to_owned() }])
    }
}
