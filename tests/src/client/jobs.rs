//! A restore at the client: its row with the fencing number, the process that fetches and opens the backup, and the
//! scheduled task that finds what a dead process left behind. The rules are the companion's own.

use super::{
    course::Course,
    job::{Job, Stage},
    moodle::{Client, ClientTrap, Records},
    people::{SYSTEM, Site, User},
};
use crate::{
    backup::{self, Broken, ReadBackup},
    checksum::read_sums,
    server::now,
};
use courseferry_access::CapabilityName;
use courseferry_api::ErrorCode;
use courseferry_moodle::{ByteRange, StrongSha1};
use reqwest::{Response, header};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    io::{self, Write},
    path::PathBuf,
    sync::{Arc, Weak},
    time::Duration,
};
use tokio::time::sleep;

/// Processes that may start on one attempt.
const MAX_RUNS: u32 = 3;
/// The most warnings that the companion reports of one restore.
const MOST_WARNINGS: usize = 50;

/// Whether a later attempt may succeed.
fn is_transient(code: &str) -> bool {
    const TRANSIENT: [&str; 6] = [
        "client.disk_full",
        "backup.truncated",
        "backup.checksum",
        "backup.replaced",
        "backup.gone",
        "backup.unreachable",
    ];
    TRANSIENT.contains(&code)
}

/// A job's entry in an answer to the Worker. `answer` takes the place of its state: `busy`, `staleattempt`.
pub fn entry(records: &Records, id: &str, answer: Option<&str>) -> Value {
    let blank = Job::blank(id, 0);
    let job = records.jobs.get(id).unwrap_or(&blank);
    let state = match answer {
        Some(answer) => answer.into(),
        None if job.attempt == 0 => "notfound".into(),
        None => json!(job.state),
    };
    let course = records.courses.get(&job.courseid).filter(|_| job.state.is_restored());
    let added_to = records.courses.get(&job.targetcourseid).filter(|_| job.state.is_restored());
    let named = course.or(added_to);
    let warnings: Vec<Value> =
        job.warnings.iter().map(|(code, message)| json!({ "code": code, "message": message })).collect();
    json!({
        "job": id, "attempt": job.attempt, "state": state, "bytes": job.bytes, "totalbytes": job.totalbytes,
        "percent": php_number(job.percent), "courseid": course.map_or(0, |course| course.id),
        "targetcourseid": added_to.map_or(0, |course| course.id),
        "coursename": named.map_or("", |course| &course.fullname), "shortname": named.map_or("", |course| &course.shortname),
        "warnings": warnings, "error": job.error, "errordetail": job.errordetail, "transient": is_transient(&job.error),
        "timemodified": job.timemodified,
    })
}

/// Takes a restore up, or answers what became of an earlier attempt.
pub fn hand_over(client: &Arc<Client>, mut job: Job) -> Value {
    let (id, attempt) = (job.job.clone(), job.attempt);
    let mut records = client.records();
    let answer = records.jobs.get(&id).and_then(|before| match () {
        () if before.state.is_restored() || before.is_partly_added() => Some(None),
        () if attempt < before.attempt => Some(Some("staleattempt")),
        () if attempt == before.attempt => Some(None),
        () if !before.state.is_over() => Some(Some("busy")),
        () => None,
    });
    if let Some(answer) = answer {
        return entry(&records, &id, answer);
    }
    records.remove_half_made_course(&id);
    job.requests = records.jobs.get(&id).map_or(0, |before| before.requests);
    if let Some((code, detail)) = records.why_not(&job) {
        job.state = Stage::Failed;
        code.clone_into(&mut job.error);
        job.errordetail = detail;
    }
    let queued = job.state == Stage::Pending;
    records.jobs.insert(id.clone(), job);
    let answer = entry(&records, &id, None);
    if queued {
        queue(client, &mut records, &id, attempt, client.config.pace.cron);
    }
    drop(records);
    client.changes.note();
    answer
}

/// Cancels up to an attempt, if it is not too late. One that never arrived is noted: its hand-over may be on the way.
pub fn cancel(client: &Client, id: &str, attempt: u32) -> Value {
    let mut records = client.records();
    let job = records.jobs.entry(id.to_owned()).or_insert_with(|| Job::blank(id, attempt));
    let overtaken = attempt > job.attempt && job.state.is_over() && !job.state.is_restored();
    if attempt >= job.attempt && (job.state.is_cancellable() || overtaken) {
        job.attempt = attempt;
        job.state = Stage::Cancelled;
        job.ticket.clear();
        job.timemodified = now();
        client.changes.note();
    }
    entry(&records, id, None)
}

impl Records {
    fn why_not(&self, job: &Job) -> Option<(&'static str, String)> {
        let for_another = job.actorid != 0 && job.actorid != job.userid;
        if for_another && let Some(refusal) = self.why_not_for_another(job) {
            return Some(refusal);
        }
        let own = self.why_not_by(job.userid, job)?;
        let borrows = for_another && own.0 == "client.no_capability" && !job.brings_people();
        if borrows && self.why_not_by(job.actorid, job).is_none() { None } else { Some(own) }
    }

    fn why_not_by(&self, user: i64, job: &Job) -> Option<(&'static str, String)> {
        match job.targetcourseid {
            0 => self.site.why_not(user, job.categoryid, job.startdate).or_else(|| {
                job.brings_people().then(|| self.site.why_no_people(user, job.categoryid, job.students)).flatten()
            }),
            course => self.why_not_adding(user, course),
        }
    }

    /// Why this administrator may not restore for this owner, if they may not.
    fn why_not_for_another(&self, job: &Job) -> Option<(&'static str, String)> {
        let stranger = |id: &i64| !self.site.user(*id).is_some_and(|user| self.site.vouches_for(user));
        if let Some(id) = [job.userid, job.actorid].into_iter().find(|id| stranger(id)) {
            return Some(("client.user_inactive", format!("user {id} is not vouched for")));
        }
        let manage = "block/courseferry:manage";
        let manages = self.site.may(job.actorid, &CapabilityName::from(manage), SYSTEM);
        (!manages).then(|| ("client.no_capability", format!("{manage} of user {}", job.actorid)))
    }

    fn remove_half_made_course(&mut self, id: &str) {
        let Some(job) = self.jobs.get_mut(id).filter(|job| !job.state.is_restored()) else { return };
        self.courses.remove(&job.courseid);
        job.courseid = 0;
    }
}

/// Cron's queue: a process begins after a while, unless the user is suspended by then; then the task vanishes. The task is
/// there as soon as its job is: the process of a job without a task is taken for dead, and another begun in its place.
fn queue(client: &Arc<Client>, records: &mut Records, id: &str, attempt: u32, delay: Duration) {
    let (client, id) = (Arc::clone(client), id.to_owned());
    records.tasks.insert((id.clone(), attempt));
    tokio::spawn(async move {
        sleep(delay).await;
        held(&client, &id, attempt, Stage::Pending).await;
        let dropped = {
            let records = client.records();
            records.jobs.get(&id).and_then(|job| records.site.user(job.userid)).is_none_or(|user| user.suspended)
        };
        let again = if dropped { None } else { run(&client, &id, attempt).await };
        let mut records = client.records();
        match again {
            Some(delay) => queue(&client, &mut records, &id, attempt, delay),
            None => {
                records.tasks.remove(&(id, attempt));
            }
        }
        drop(records);
        client.changes.note();
    });
}

/// Waits while a trap holds this restore where it is and it is still wanted.
async fn held(client: &Arc<Client>, id: &str, attempt: u32, at: Stage) {
    while client.sprung(|trap| *trap == ClientTrap::Hold { at }).is_some() {
        if !client.records().jobs.get(id).is_some_and(|job| job.goes_on(attempt)) {
            return;
        }
        sleep(Duration::from_millis(20)).await;
    }
}

/// Looks for jobs at which nobody is at work.
pub async fn recover(client: Weak<Client>, every: Duration) {
    loop {
        sleep(every).await;
        let Some(client) = client.upgrade() else { return };
        let orphans: Vec<(String, u32)> = {
            let records = client.records();
            let unfinished = records.jobs.values().filter(|job| !job.state.is_over());
            let known = unfinished.map(|job| (job.job.clone(), job.attempt));
            known.filter(|task| !records.tasks.contains(task)).collect()
        };
        for (id, attempt) in orphans {
            let mut records = client.records();
            records.remove_half_made_course(&id);
            let Some(job) = records.jobs.get(&id).cloned() else { continue };
            let end = if !records.site.user(job.userid).is_some_and(User::is_active) {
                Some(("client.user_inactive", format!("user {}", job.userid)))
            } else if job.runs >= MAX_RUNS {
                Some(("client.crashed", format!("the process died {} times", job.runs)))
            } else {
                None
            };
            let Some(job) = records.jobs.get_mut(&id).filter(|job| job.goes_on(attempt)) else { continue };
            if let Some((code, detail)) = end {
                job.state = Stage::Failed;
                job.error = code.to_owned();
                job.errordetail = detail;
                job.ticket.clear();
                client.changes.note();
            } else {
                job.state = Stage::Pending;
                job.percent = 0.0;
                queue(&client, &mut records, &id, attempt, client.config.pace.cron);
            }
        }
    }
}

/// Why a process ends early.
enum End {
    /// For good.
    Failed(&'static str, String),
    /// The Worker cannot be reached now.
    Unreached(String),
    /// The attempt was cancelled or replaced.
    Superseded,
    /// The process is killed: nothing is tidied up.
    Killed,
}

/// One process. Returns after how long another one is to go on, if one is.
async fn run(client: &Arc<Client>, id: &str, attempt: u32) -> Option<Duration> {
    let began = now();
    let process = Process { client, id, attempt };
    let end = process.work().await.err()?;
    let (code, detail) = match end {
        End::Failed(code, detail) => (code, detail),
        End::Unreached(detail) => {
            let patience = i64::try_from(client.config.pace.patience.as_secs()).unwrap_or(i64::MAX);
            let waits = process.advance(|job| {
                let waits = began - job.timemodified.min(began) <= patience && now() - began <= patience;
                // Only processes that died count as runs; this one will go on.
                job.runs -= u32::from(waits);
                (waits, job.bytes)
            });
            match waits {
                Ok((true, _)) => return Some(client.config.pace.pause),
                Ok((false, 0)) => ("backup.unreachable", detail),
                Ok((false, _)) => ("backup.truncated", detail),
                Err(_) => return None,
            }
        }
        End::Superseded | End::Killed => return None,
    };
    let mut records = client.records();
    if records.jobs.get(id).is_some_and(|job| job.goes_on(attempt)) {
        records.remove_half_made_course(id);
    }
    drop(records);
    // Fails if it was superseded just now: then the newer attempt counts.
    let _ = process.advance(|job| {
        job.state = Stage::Failed;
        job.error = code.to_owned();
        job.errordetail = detail;
        job.ticket.clear();
    });
    None
}

struct Process<'a> {
    client: &'a Arc<Client>,
    id: &'a str,
    attempt: u32,
}

impl Process<'_> {
    /// Changes the row while the attempt is still wanted.
    fn advance<T>(&self, change: impl FnOnce(&mut Job) -> T) -> Result<T, End> {
        let mut records = self.client.records();
        let job = records.jobs.get_mut(self.id).filter(|job| job.goes_on(self.attempt)).ok_or(End::Superseded)?;
        let changed = change(job);
        job.timemodified = now();
        drop(records);
        self.client.changes.note();
        Ok(changed)
    }

    async fn enter(&self, stage: Stage) -> Result<(), End> {
        self.advance(|job| {
            job.state = stage;
            job.percent = 0.0;
        })?;
        if self.client.sprung(|trap| *trap == ClientTrap::KillTask { at: stage }).is_some() {
            return Err(End::Killed);
        }
        held(self.client, self.id, self.attempt, stage).await;
        Ok(())
    }

    fn file(&self) -> PathBuf {
        self.client.files.path().join(format!("{}.{}.mbz", self.id, self.attempt))
    }

    async fn work(&self) -> Result<(), End> {
        let job = self.advance(|job| {
            job.runs += 1;
            job.clone()
        })?;
        self.client.records().remove_half_made_course(self.id);
        if job.runs > MAX_RUNS {
            return Err(End::Failed("client.crashed", format!("the process died {MAX_RUNS} times")));
        }
        self.check_rights(&job)?;
        self.enter(Stage::Downloading).await?;
        if self.client.sprung(|trap| *trap == ClientTrap::DiskFull).is_some() {
            return Err(End::Failed("client.disk_full", "the temporary directory is full".to_owned()));
        }
        self.fetch().await?;
        let sha1 = self.check_bytes().await?;
        self.enter(Stage::Extracting).await?;
        let read = self.open(job.remotecourseid).await?;
        sleep(self.client.config.pace.extract).await;
        if job.targetcourseid == 0 {
            let course = self.make_course(&job)?;
            self.enter(Stage::Restoring).await?;
            self.restore().await?;
            self.finish(course, &job, read, sha1)?;
        } else {
            self.check_rights(&job)?;
            self.enter(Stage::Restoring).await?;
            self.restore().await?;
            self.add(&job, read)?;
        }
        // If it cannot be removed now, it goes with the stand-in's folder.
        let _ = std::fs::remove_file(self.file());
        Ok(())
    }

    fn check_rights(&self, job: &Job) -> Result<(), End> {
        match self.client.records().why_not(job) {
            Some((code, detail)) => Err(End::Failed(code, detail)),
            None => Ok(()),
        }
    }

    /// Fetches what is missing, a few times.
    async fn fetch(&self) -> Result<(), End> {
        let mut last = String::new();
        for _ in 0..4 {
            match self.request().await {
                Ok(()) => return Ok(()),
                Err(End::Unreached(detail)) => last = detail,
                Err(end) => return Err(end),
            }
            sleep(self.client.config.pace.pause).await;
        }
        Err(End::Unreached(last))
    }

    /// From which byte a download may be resumed.
    fn have(&self, job: &Job) -> u64 {
        let size = std::fs::metadata(self.file()).map_or(0, |file| file.len());
        if job.etag.is_empty() || (job.totalbytes > 0 && size > job.totalbytes) { 0 } else { size }
    }

    /// One request, resuming where the last one ended.
    async fn request(&self) -> Result<(), End> {
        let job = self.advance(|job| {
            job.requests += 1;
            job.clone()
        })?;
        let have = self.have(&job);
        if job.totalbytes > 0 && have == job.totalbytes {
            return Ok(());
        }
        let worker = self.client.records().worker.clone();
        let worker = worker.ok_or_else(|| End::Unreached("the Worker is not configured".to_owned()))?;
        let request =
            self.client.http.get(format!("{worker}/backup/{}/{}", self.id, self.attempt)).bearer_auth(&job.ticket);
        let mut request = request.header(header::ACCEPT_ENCODING, "identity");
        if have > 0 {
            request = request.header(header::RANGE, format!("bytes={have}-")).header(header::IF_RANGE, &job.etag);
        }
        let unreached = |error: reqwest::Error| End::Unreached(error.to_string());
        let mut response = request.send().await.map_err(unreached)?;
        let (from, total) = match response.status().as_u16() {
            200 => (0, response.content_length().unwrap_or_default()),
            206 => match range_of(&response).filter(|range| range.first == have) {
                Some(range) => (have, range.total),
                None => return Err(self.start_over()),
            },
            416 => {
                let total = value_of(&response, header::CONTENT_RANGE)
                    .and_then(|range| range.strip_prefix("bytes */")?.parse().ok());
                return if total == Some(have) && have > 0 {
                    Ok(())
                } else {
                    Err(End::Failed("backup.replaced", "HTTP 416".to_owned()))
                };
            }
            status => return Err(download_error(status, &response.text().await.unwrap_or_default())),
        };
        let etag = value_of(&response, header::ETAG).unwrap_or_default();
        self.advance(|job| {
            job.totalbytes = total;
            if from == 0 {
                job.etag = etag;
            }
        })?;
        let disk = |error: io::Error| End::Failed("client.disk_full", error.to_string());
        let options =
            std::fs::OpenOptions::new().create(true).write(true).append(from > 0).truncate(from == 0).open(self.file());
        let mut file = options.map_err(disk)?;
        let mut bytes = from;
        loop {
            let chunk = match response.chunk().await {
                Ok(Some(chunk)) => chunk,
                Ok(None) => break,
                Err(error) => return Err(unreached(error)),
            };
            file.write_all(&chunk).map_err(disk)?;
            bytes += chunk.len() as u64;
            self.advance(|job| {
                job.bytes = bytes;
                job.percent = percent(bytes, total);
            })?;
        }
        if total > 0 && bytes < total {
            return Err(End::Unreached(format!("{bytes} of {total} bytes")));
        }
        Ok(())
    }

    fn start_over(&self) -> End {
        // It may not be there.
        let _ = std::fs::remove_file(self.file());
        let forgotten = self.advance(|job| {
            job.etag.clear();
            job.totalbytes = 0;
            job.bytes = 0;
        });
        forgotten.err().unwrap_or_else(|| End::Unreached("the Worker sent other bytes than those asked for".to_owned()))
    }

    /// Checks length, checksum and kind of what has come, and returns its SHA-1.
    async fn check_bytes(&self) -> Result<String, End> {
        let job = self.advance(|job| job.clone())?;
        let path = self.file();
        let (len, sha1, sha256) = blocking(move || read_sums(std::fs::File::open(path)?))
            .await?
            .map_err(|error| End::Failed("backup.unreadable", error.to_string()))?;
        if len == 0 {
            return Err(End::Failed("backup.gone", "the download was empty".to_owned()));
        }
        if job.totalbytes > 0 && len != job.totalbytes {
            return Err(End::Failed("backup.truncated", format!("{len} of {} bytes", job.totalbytes)));
        }
        if !job.sha256.is_empty() {
            let same = job.sha256 == sha256;
            return if same {
                Ok(sha1)
            } else {
                Err(End::Failed("backup.checksum", format!("its SHA-256 is {sha256}")))
            };
        }
        match job.etag.parse::<StrongSha1>() {
            Ok(told) if told.as_str() != sha1 => {
                Err(End::Failed("backup.checksum", format!("the file's SHA-1 is {sha1}")))
            }
            _ => Ok(sha1),
        }
    }

    async fn open(&self, wanted: i64) -> Result<ReadBackup, End> {
        let known = self.advance(|job| job.totalbytes > 0)?;
        let path = self.file();
        let read = blocking(move || backup::read(&path)).await?.map_err(|broken| match broken {
            Broken::NotABackup(why) => End::Failed("backup.not_a_backup", why),
            Broken::Unreadable(why) if known => End::Failed("backup.unreadable", why),
            Broken::Unreadable(why) => End::Failed("backup.truncated", why),
        })?;
        if read.course_id == wanted {
            Ok(read)
        } else {
            Err(End::Failed("backup.wrong_course", format!("course {}, not {wanted}", read.course_id)))
        }
    }

    /// Makes the empty course and notes its id in the row in one step, as the companion does in one transaction: the
    /// course is known, whatever dies afterwards.
    fn make_course(&self, job: &Job) -> Result<i64, End> {
        self.check_rights(job)?;
        let mut records = self.client.records();
        let records = &mut *records;
        let row = records.jobs.get_mut(self.id).filter(|job| job.goes_on(self.attempt)).ok_or(End::Superseded)?;
        records.last_course += 1;
        let id = records.last_course;
        row.courseid = id;
        let course = Course {
            id,
            category: job.categoryid,
            fullname: "Restoring…".to_owned(),
            shortname: format!("courseferry-{}", self.id),
            visible: false,
            starts: 0,
            sections: Vec::new(),
            files: (0, 0),
            participants: BTreeMap::new(),
            job: Some(self.id.to_owned()),
            added: Vec::new(),
            sha1: None,
            half_made: true,
        };
        records.courses.insert(id, course);
        Ok(id)
    }

    async fn restore(&self) -> Result<(), End> {
        if let Some(ClientTrap::PrecheckRefuses { code, detail }) =
            self.client.sprung(|trap| matches!(trap, ClientTrap::PrecheckRefuses { .. }))
        {
            return Err(End::Failed(code.as_str(), detail));
        }
        for step in 1..=10 {
            sleep(self.client.config.pace.restore / 10).await;
            self.advance(|job| job.percent = f64::from(step) * 10.0)?;
            if step == 5 && self.client.sprung(|trap| *trap == ClientTrap::RestoreFailed).is_some() {
                return Err(End::Failed("client.restore_failed", "Error writing to database".to_owned()));
            }
        }
        Ok(())
    }

    /// Adds everything and ends the job in one step, as the companion does in one transaction.
    fn add(&self, job: &Job, read: ReadBackup) -> Result<(), End> {
        let dies = self.client.sprung(|trap| *trap == ClientTrap::KillAddition).is_some();
        let mut records = self.client.records();
        let records = &mut *records;
        let row = records.jobs.get_mut(self.id).filter(|job| job.goes_on(self.attempt)).ok_or(End::Superseded)?;
        let missing = || End::Failed("client.course_missing", format!("course {}", job.targetcourseid));
        let course = records.courses.get_mut(&job.targetcourseid).ok_or_else(missing)?;
        if dies {
            row.arrived = course.add_a_part(self.id, read);
            return Err(End::Failed("client.partly_added", "the process died".to_owned()));
        }
        course.add(self.id, read);
        row.state = Stage::Complete;
        row.percent = 100.0;
        row.ticket.clear();
        row.timemodified = now();
        self.client.changes.note();
        Ok(())
    }

    fn finish(&self, id: i64, job: &Job, read: ReadBackup, sha1: String) -> Result<(), End> {
        let warned =
            self.client.sprung(|trap| matches!(trap, ClientTrap::Warnings { .. } | ClientTrap::ManyWarnings { .. }));
        let mut records = self.client.records();
        let records = &mut *records;
        let row = records.jobs.get_mut(self.id).filter(|job| job.goes_on(self.attempt)).ok_or(End::Superseded)?;
        let others = records.courses.values().filter(|course| course.id != id);
        let taken: Vec<(String, String)> =
            others.map(|course| (course.fullname.clone(), course.shortname.clone())).collect();
        let wanted = |asked: &str, own: &str| if asked.is_empty() { own.to_owned() } else { asked.to_owned() };
        let (fullname, shortname) = Site::free_names(
            taken.iter().map(|(full, short)| (full.as_str(), short.as_str())),
            &wanted(&job.fullname, &read.fullname),
            &wanted(&job.shortname, &read.shortname),
        );
        let course = records.courses.get_mut(&id).ok_or(End::Superseded)?;
        course.fullname = fullname;
        course.shortname = shortname;
        course.visible = if job.visible < 0 { read.visible } else { job.visible == 1 };
        course.starts = if job.startdate == 0 { read.startdate } else { job.startdate };
        course.sections = read.sections;
        course.files = read.files;
        course.participants.insert(job.userid, "editingteacher".to_owned());
        course.sha1 = Some(sha1);
        course.half_made = false;
        row.state = Stage::Complete;
        if let Some(ClientTrap::ManyWarnings { count }) = &warned {
            // The companion counts equal ones and sends no more than these.
            let warning = |n| ("warning".to_owned(), format!("The file picture{n}.png is missing in the backup"));
            row.warnings = (0..(*count).min(MOST_WARNINGS)).map(warning).collect();
        }
        if let Some(ClientTrap::Warnings { error }) = warned {
            row.warnings =
                vec![(if error { "error" } else { "warning" }.to_owned(), "A block could not be restored".to_owned())];
            if error {
                row.state = Stage::PartiallyRestored;
            }
        }
        row.percent = 100.0;
        row.ticket.clear();
        row.timemodified = now();
        self.client.changes.note();
        Ok(())
    }
}

/// PHP writes a float without a fraction as a whole number.
#[expect(clippy::cast_possible_truncation, reason = "a whole number from 0 to 100")]
fn php_number(number: f64) -> Value {
    if number.fract() == 0.0 { (number as i64).into() } else { number.into() }
}

#[expect(clippy::cast_precision_loss, reason = "a per cent for people")]
fn percent(bytes: u64, total: u64) -> f64 {
    if total == 0 { 0.0 } else { bytes as f64 * 100.0 / total as f64 }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, End> {
    tokio::task::spawn_blocking(work).await.map_err(|_| End::Killed)
}

fn value_of(response: &Response, name: header::HeaderName) -> Option<String> {
    response.headers().get(name).and_then(|value| value.to_str().ok()).map(ToOwned::to_owned)
}

fn range_of(response: &Response) -> Option<ByteRange> {
    value_of(response, header::CONTENT_RANGE)?.parse().ok()
}

/// What an error of the Worker's means for the download.
fn download_error(status: u16, body: &str) -> End {
    let answer: Value = serde_json::from_str(body).unwrap_or_default();
    let said =
        |name: &str| answer.pointer(&format!("/error/{name}")).and_then(Value::as_str).unwrap_or_default().to_owned();
    let known = [
        "backup.ticket_refused",
        "backup.replaced",
        "backup.gone",
        "backup.unreachable",
        "backup.truncated",
        "backup.not_a_backup",
    ];
    // The Worker passes on what a remote answered instead of a backup.
    let named = said("code").parse().ok().map(ErrorCode::as_str);
    let code = named.filter(|code| code.starts_with("remote.") || known.contains(code)).unwrap_or(match status {
        401 | 403 | 404 | 409 => "backup.ticket_refused",
        410 => "backup.gone",
        412 => "backup.replaced",
        _ => "backup.unreachable",
    });
    let detail = format!("HTTP {status} {} {}", said("message"), said("detail"));
    if code == "backup.unreachable" { End::Unreached(detail) } else { End::Failed(code, detail) }
}
