//! Everything goes wrong at once, by chance, from a seed: proxies lose, delay, double and garble what Worker and Moodles
//! say to each other in either direction, processes die on every side, minutes are skipped and doubled, and people change their minds. In
//! the end each course that was asked for is there once, and no row says anything else.
//!
//! `cargo xtask faults --minutes N --seed S` runs it for longer. The faults and the people's acts follow from the seed;
//! when they meet depends on the machine, so a run that fails is not always repeated exactly.

use crate::harness::{Api, Options, World, courses_named, courses_of, now, run};
use courseferry_api::{Cancel, ErrorCode, JobId, RemoteKind, Restore, Schedule, ScheduleRequest, Status, TryAgain};
use courseferry_tests::{
    StandIn,
    client::{ClientTrap, Pace, Stage},
    front::{FaultRates, Front, InjectedFault, Tally},
    relay::Relay,
    remote::{Armed, Lent, RemoteConfig, Trap},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    time::{Duration, Instant},
};
use tokio::time::sleep;

const PEOPLE: [&str; 3] = ["creator", "teacher1", "teacher2"];
const COURSES_EACH: i64 = 30;
/// How long the last restores may take once no fault is injected any more.
const PATIENCE: Duration = Duration::from_secs(150);

#[test]
fn a_rough_quarter_of_a_minute_loses_doubles_and_hides_nothing() {
    run(rough_night(Duration::from_secs(15), 7));
}

#[test]
#[ignore = "as long as `cargo xtask faults` says"]
fn as_long_as_asked() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let seconds = number("COURSEFERRY_FAULTS_SECONDS").unwrap_or(60);
    let seed = number("COURSEFERRY_FAULTS_SEED").unwrap_or(1);
    run(rough_night(Duration::from_secs(seconds), seed));
}

/// A remote of this kind on which each person has courses of their own.
fn remote(kind: RemoteKind, first: i64) -> RemoteConfig {
    let mut remote = courses_of(&[], &[]).of_kind(kind);
    kind.as_str().clone_into(&mut remote.name);
    remote.backup_time = Duration::from_millis(300);
    for (n, person) in (0..).zip(PEOPLE) {
        let own = first + 100 * n;
        let courses = courses_named(own..own + COURSES_EACH, |id| format!("Course {id}"), &[person]);
        remote.courses.extend(courses.courses);
    }
    remote
}

/// A course of somebody's on a remote: person, remote, course.
type Wish = (usize, usize, i64);

struct Night {
    world: World,
    people: Vec<Api>,
    chance: fastrand::Rng,
    /// What was asked for, cancelled or not.
    wishes: BTreeSet<Wish>,
    /// What else was done, by name.
    acts: BTreeMap<&'static str, u32>,
    seed: u64,
}

async fn rough_night(length: Duration, seed: u64) {
    let remotes = [RemoteKind::Courseferry, RemoteKind::Original3, RemoteKind::Original2];
    let remotes = remotes.into_iter().zip([1000, 2000, 3000]).map(|(kind, first)| remote(kind, first)).collect();
    let pace = Pace {
        extract: Duration::from_millis(50),
        restore: Duration::from_millis(200),
        patience: Duration::from_secs(2),
        ..Pace::default()
    };
    let options = [("lease_seconds", "3"), ("unknown_wait_seconds", "2"), ("attempts", "50")]
        .into_iter()
        .fold(Options::default(), |options, (name, value)| options.set(name, value));
    let world = World::start(options.remotes(remotes).pace(pace).relayed()).await;
    let mut people = Vec::new();
    for person in PEOPLE {
        people.push(world.log_in(person).await);
    }
    let chance = fastrand::Rng::with_seed(seed);
    let mut night = Night { world, people, chance, wishes: BTreeSet::new(), acts: BTreeMap::new(), seed };
    night.inject(FaultRates::SOME_OF_EACH);
    let end = Instant::now() + length;
    while Instant::now() < end {
        night.step().await;
    }
    night.catch_up().await;
}

impl Night {
    fn inject(&self, rates: FaultRates) {
        self.world.client.front().change(rates, self.seed);
        self.relay().front().change(rates, self.seed.wrapping_add(100));
        for (remote, n) in self.world.remotes.iter().zip(1..) {
            remote.front().change(rates, self.seed.wrapping_add(n));
        }
    }

    fn relay(&self) -> &StandIn<Relay> {
        self.world.relay.as_ref().expect("a proxy before the Worker")
    }

    fn did(&mut self, act: &'static str) {
        *self.acts.entry(act).or_default() += 1;
    }

    /// A minute of the Worker's, or none, or two at once; everybody acts meanwhile, and sometimes the Worker is killed.
    async fn step(&mut self) {
        if self.chance.u32(0..100) < 25 {
            self.set_a_trap();
        }
        let minutes = *self.chance.choice(&[0, 1, 1, 1, 1, 1, 2, 2]).unwrap();
        match minutes {
            0 => self.did("a minute skipped"),
            2 => self.did("a minute doubled"),
            _ => {}
        }
        let dies = self.chance.u32(0..100) < 4;
        let death = Duration::from_millis(self.chance.u64(20..900));
        let draws: Vec<_> = self.people.iter().map(|_| fastrand::Rng::with_seed(self.chance.u64(..))).collect();
        let world = &self.world;
        let ticks = futures::future::join_all((0..minutes).map(|_| world.try_cron()));
        let people = self.people.iter().enumerate().zip(draws);
        let acting = futures::future::join_all(people.map(|((n, api), chance)| act(world, api, n, chance)));
        let both = async { futures::join!(ticks, acting).1 };
        let outcome = tokio::select! {
            outcome = both => outcome,
            () = sleep(death), if dies => Vec::new(),
        };
        if dies {
            self.did("the Worker killed");
            self.world.kill_worker().await;
            self.world.restart_worker().await;
        }
        for (act, wish) in outcome.into_iter().flatten() {
            self.did(act);
            self.wishes.extend(wish);
        }
        self.look().await;
    }

    fn set_a_trap(&mut self) {
        let n = self.chance.usize(0..self.world.remotes.len());
        let after = self.chance.u64(0..60_000);
        let remote = &self.world.remotes[n];
        let once = |trap: Trap| remote.set(Armed::from(trap).times(1));
        let name = match self.chance.u32(0..11) {
            0 => {
                let stages = [Stage::Downloading, Stage::Extracting, Stage::Restoring];
                let at = *self.chance.choice(stages).as_ref().unwrap();
                self.world.client.set(ClientTrap::KillTask { at }, Some(1));
                "the client's cron killed"
            }
            1 => {
                once(Trap::KillBackup);
                "a remote's cron killed"
            }
            2 => {
                once(Trap::CutDownload { after });
                "a download cut"
            }
            3 => {
                once(Trap::BackupIdZero);
                "a backup that failed inside"
            }
            4 => {
                once(Trap::TruncatedBackup);
                "a backup cut short"
            }
            5 => {
                once(Trap::EmptyDownload);
                "an empty download"
            }
            6 => {
                let status = *self.chance.choice(&[500, 502, 504, 520]).unwrap();
                once(Trap::GatewayError { status, after: 0.2, backup: 1.0 });
                "a proxy that gives up before the backup"
            }
            7 => {
                once(Trap::Maintenance);
                "a remote in maintenance"
            }
            8 => {
                self.world.client.set(ClientTrap::Maintenance, Some(1));
                "the client in maintenance"
            }
            9 => {
                self.world.client.set(ClientTrap::RestoreFailed, Some(1));
                "a restore that fails"
            }
            _ => {
                once(Trap::SlowDownload { rate: 200_000 });
                "a slow download"
            }
        };
        self.did(name);
    }

    /// What holds at any time: a row says that its course is there exactly if it is.
    async fn look(&self) {
        for api in &self.people {
            let rows = api.restores().await;
            let courses = self.world.client.restored();
            for row in rows {
                let there = courses.iter().filter(|course| course.job.as_deref() == Some(row.id.as_str())).count();
                assert!(there <= 1, "{} courses of {row:?}{}", there, self.report());
                assert!(row.problem.is_some() || row.status != Status::Failed, "no reason: {row:?}{}", self.report());
                match row.status {
                    Status::Restored => assert_eq!(there, 1, "no course of {row:?}{}", self.report()),
                    Status::Cancelled => assert_eq!(there, 0, "a course of {row:?}{}", self.report()),
                    _ => {}
                }
            }
        }
    }

    /// No fault is injected any more, and people ask again for what they did not get.
    async fn catch_up(&mut self) {
        self.inject(FaultRates::NONE);
        self.world.client.clear();
        self.world.remotes.iter().for_each(|remote| remote.clear());
        let deadline = Instant::now() + PATIENCE;
        loop {
            self.world.cron().await;
            let missing = self.ask_again().await;
            if missing.is_empty() {
                break;
            }
            assert!(Instant::now() < deadline, "still not there: {missing:#?}{}", self.report());
        }
        self.world.cron().await;
        self.look().await;
        self.once_each().await;
        self.nothing_is_left().await;
        println!("{}", self.report());
    }

    /// Rows that are not restored yet; those that wait are hurried, those that ended otherwise are asked for again.
    async fn ask_again(&self) -> Vec<Restore> {
        let mut missing = Vec::new();
        for (person, api) in self.people.iter().enumerate() {
            let rows = api.restores().await;
            for (_, n, course) in self.wishes.iter().filter(|(of, ..)| *of == person) {
                let same = |row: &&Restore| row.remote == *self.world.remote(*n) && row.remote_course.0 == *course;
                let mut of_wish: Vec<_> = rows.iter().filter(same).collect();
                of_wish.sort_by_key(|row| row.created);
                if of_wish.iter().any(|row| row.status == Status::Restored) {
                    continue;
                }
                // A row that has not ended counts first: it may be an older one that was tried again.
                let latest = of_wish.iter().find(|row| !row.status.ended()).or(of_wish.last());
                match latest {
                    Some(row) if row.status == Status::Failed => again(api, row).await,
                    Some(row) if row.status == Status::Scheduled && row.expected.is_some_and(|at| at.0 > now() + 1) => {
                        again(api, row).await;
                    }
                    Some(row) if !row.status.ended() => {}
                    _ => {
                        ask(&self.world, api, *n, *course).await;
                    }
                }
                missing.extend(latest.map(|row| (*row).clone()));
            }
            missing.extend(rows.into_iter().filter(|row| !row.status.ended()));
        }
        missing
    }

    /// Every course that was asked for is there once, no other course is, and the Worker's database has nothing left.
    async fn once_each(&mut self) {
        let courses = self.world.client.courses();
        let half_made: Vec<_> = courses.iter().filter(|course| course.half_made).collect();
        assert!(half_made.is_empty(), "half made: {half_made:#?}{}", self.report());
        let mut known: BTreeSet<JobId> = BTreeSet::new();
        for (person, api) in self.people.iter().enumerate() {
            let rows = api.restores().await;
            for (_, n, course) in self.wishes.iter().filter(|(of, ..)| *of == person) {
                let same = |row: &&Restore| row.remote == *self.world.remote(*n) && row.remote_course.0 == *course;
                let restored = rows.iter().filter(same).filter(|row| row.status == Status::Restored);
                assert_eq!(restored.count(), 1, "course {course} of {}{}", PEOPLE[person], self.report());
            }
            known.extend(rows.into_iter().filter(|row| row.status == Status::Restored).map(|row| row.id));
        }
        for course in courses.iter().filter(|course| course.job.is_some()) {
            let owned = known.iter().any(|id| course.job.as_deref() == Some(id.as_str()));
            assert!(owned, "a stray course: {course:?}{}", self.report());
        }
    }

    /// No message came twice or says what is not so, no task goes on, no remote still makes a backup, no row is held.
    async fn nothing_is_left(&mut self) {
        let restored: BTreeSet<_> = self.world.client.restored().into_iter().filter_map(|course| course.job).collect();
        let mut letters = BTreeSet::new();
        for letter in self.world.client.messages() {
            let about = (letter.kind.clone(), letter.userid, letter.job.clone());
            // A restore may fail again after a retry; it arrives once.
            let new = letters.insert(about) || letter.kind != "success";
            assert!(new, "a letter of success twice: {letter:#?}{}", self.report());
            let true_one = letter.kind != "success" || restored.contains(&letter.job);
            assert!(true_one, "a letter of what did not arrive: {letter:#?}{}", self.report());
        }
        let going_on: Vec<_> = self.world.client.jobs().into_iter().filter(|job| !job.state.is_over()).collect();
        assert!(going_on.is_empty(), "orders that go on: {going_on:#?}{}", self.report());
        // Only what is still being made: a finished backup whose deletion was lost is removed by the remote after its time.
        let deadline = Instant::now() + PATIENCE;
        loop {
            let going_on: Vec<_> =
                self.world.remotes.iter().flat_map(|remote| remote.lent()).filter(Lent::is_going_on).collect();
            if going_on.is_empty() {
                break;
            }
            assert!(Instant::now() < deadline, "backups that nobody waits for: {going_on:#?}{}", self.report());
            self.world.cron().await;
        }
        self.world.kill_worker().await;
        let database = self.world.worker.database();
        let count = |what: &str| {
            let sql = format!("SELECT count(*) FROM restores WHERE {what}");
            database.query_row(&sql, (), |row| row.get::<_, i64>(0)).unwrap()
        };
        let open = count("status IN ('scheduled', 'in_progress') OR cancelling AND status = 'in_progress'");
        let taken = count("exclusive_key IS NOT NULL AND status IN ('failed', 'cancelled')");
        let leased = count("lease IS NOT NULL");
        drop(database);
        assert_eq!((open, taken, leased), (0, 0, 0), "rows that hold something{}", self.report());
        self.world.restart_worker().await;
    }

    /// The table of the faults and of what was done.
    fn report(&self) -> String {
        let mut text = format!("\n\nSeed {}. Courses that were asked for:", self.seed);
        for (n, remote) in self.world.remotes.iter().enumerate() {
            let number = self.wishes.iter().filter(|(_, of, _)| *of == n).count();
            let _ = write!(text, " {number} of {}", remote.config().name);
        }
        text.push('\n');
        let mut all: Tally = self.world.client.front().tally();
        let others = self.world.remotes.iter().map(StandIn::front).chain([self.relay().front()]);
        for (what, times) in others.flat_map(Front::tally) {
            *all.entry(what).or_default() += times;
        }
        let calls: BTreeSet<_> = all.keys().map(|(call, _)| call.clone()).collect();
        let titles: Vec<_> = InjectedFault::ALL.iter().map(|fault| format!("{:>11}", fault.title())).collect();
        let _ = writeln!(text, "\n{:<26}{}", "answers", titles.concat());
        for call in calls {
            let times = |fault| all.get(&(call.clone(), fault)).copied().unwrap_or_default();
            let numbers: Vec<_> = InjectedFault::ALL.iter().map(|fault| format!("{:>11}", times(*fault))).collect();
            let _ = writeln!(text, "{call:<26}{}", numbers.concat());
        }
        let _ = writeln!(text);
        for (act, times) in &self.acts {
            let _ = writeln!(text, "{times:>6}  {act}");
        }
        text
    }
}

/// What one person does now, and what they ask for; none if they do nothing.
async fn act(
    world: &World,
    api: &Api,
    person: usize,
    mut chance: fastrand::Rng,
) -> Option<(&'static str, Option<Wish>)> {
    let rows = api.restores().await;
    match chance.u32(0..100) {
        0..45 => {
            let n = chance.usize(0..world.remotes.len());
            let own = world.remotes[n].config().courses.iter();
            let own: Vec<_> =
                own.filter(|course| course.teachers == [PEOPLE[person]]).map(|course| course.content.id).collect();
            let course = *chance.choice(&own)?;
            let same = |row: &&Restore| row.remote == *world.remote(n) && row.remote_course.0 == course;
            let there = rows.iter().filter(same).any(|row| !row.status.ended() || row.status == Status::Restored);
            if there || !ask(world, api, n, course).await {
                return None;
            }
            Some(("a course asked for", Some((person, n, course))))
        }
        45..60 => {
            let going: Vec<_> = rows.iter().filter(|row| !row.status.ended()).collect();
            let row = chance.choice(&going)?;
            let answer = api.post(&Cancel { restore: row.id.clone() }, &()).await;
            match answer {
                Ok(row) if row.status == Status::Cancelled => Some(("a restore cancelled", None)),
                Ok(_) => Some(("a cancel asked for", None)),
                Err(error) => {
                    let expected = [ErrorCode::RestoreTooLate, ErrorCode::RestoreChanged];
                    assert!(expected.contains(&error.code()), "cancel of {row:?}: {error:?}");
                    Some(("a cancel refused", None))
                }
            }
        }
        60..75 => {
            let failed: Vec<_> = rows.iter().filter(|row| row.status == Status::Failed).collect();
            again(api, chance.choice(&failed)?).await;
            Some(("a failure retried", None))
        }
        _ => None,
    }
}

/// Asks for a course; returns whether it was scheduled, which it is not where the client cannot be asked for rights.
async fn ask(world: &World, api: &Api, n: usize, course: i64) -> bool {
    let request = ScheduleRequest { choices: vec![world.choice(n, course)], now: false };
    let answer = api.post(&Schedule, &request).await;
    answer.is_ok_and(|mut answer| answer.results.remove(0).restore.is_some())
}

/// Asks that a restore be tried now. An error is no fault: the restore may have begun just now.
async fn again(api: &Api, row: &Restore) {
    let _ = api.post(&TryAgain { restore: row.id.clone() }, &()).await;
}
