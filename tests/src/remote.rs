//! The stand-in for a remote Moodle of any of the three kinds: with the original block, release 2 or 3, it answers as
//! the recordings of real ones do, and otherwise as the remote side of our own block.

mod download;
mod lender;
mod trap;

pub use lender::{Lent, LentState};
pub use trap::{Armed, BackupFailure, DownloadType, Trap};

use crate::{
    backup::{self, Archive, CourseContent, Kind, ReadBackup},
    server::{Changes, Exception, Form, HTML, StandIn, chunked, form, now, php_json, rest, to_headers},
};
use axum::{
    Json, Router,
    body::{Body, Bytes},
    extract::{Query, State},
    http::{HeaderMap, Method, Response, StatusCode, Uri},
    response::{Html, IntoResponse},
    routing::{any, get},
};
use courseferry_api::RemoteKind;
use download::Slot;
use maud::{DOCTYPE, html};
use serde::Serialize;
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::time::sleep;
use trap::Traps;

/// What a remote is.
#[derive(Debug, Clone)]
pub struct RemoteConfig {
    /// Its port; 0 for any.
    pub port: u16,
    /// Its name.
    pub name: String,
    /// The web service token that it takes.
    pub token: String,
    /// Accounts, by username.
    pub usernames: Vec<String>,
    /// Its courses.
    pub courses: Vec<RemoteCourse>,
    /// How long a backup takes.
    pub backup_time: Duration,
    /// Files of a folder of backups that are no course here, and why.
    pub not_listed: Vec<(PathBuf, String)>,
    /// What lends its courses.
    pub kind: RemoteKind,
    /// Our own kind: until cron takes a backup up.
    pub cron: Duration,
    /// Our own kind: whether students' data may be lent.
    pub lends_users: bool,
}

/// A course of a remote.
#[derive(Debug, Clone)]
pub struct RemoteCourse {
    /// What a list says of it.
    pub content: CourseContent,
    /// What names its category on other sites too.
    pub category_identifier: String,
    /// Who teaches it, and so may have it listed and backed up.
    pub teachers: Vec<String>,
    /// What a backup of it is.
    pub source: Source,
}

/// What a backup of a course is.
#[derive(Debug, Clone)]
pub enum Source {
    /// One written from the course's content.
    Written(Archive),
    /// This file, as it is.
    File(PathBuf),
}

impl RemoteConfig {
    /// A remote without courses.
    pub fn new(name: &str, token: &str) -> Self {
        Self {
            port: 0,
            name: name.to_owned(),
            token: token.to_owned(),
            usernames: Vec::new(),
            courses: Vec::new(),
            backup_time: Duration::ZERO,
            not_listed: Vec::new(),
            kind: RemoteKind::Original2,
            cron: Duration::ZERO,
            lends_users: false,
        }
    }

    /// The same remote with another block.
    pub fn of_kind(self, kind: RemoteKind) -> Self {
        Self { kind, ..self }
    }

    /// Adds every `.mbz` of a directory as a course of these teachers, or notes why it is none. A course is known by the
    /// id in its backup: of two files with the same one the first by name is taken.
    pub fn with_backups_of(mut self, directory: &Path, teachers: &[&str]) -> io::Result<Self> {
        let mut files: Vec<PathBuf> =
            std::fs::read_dir(directory)?.filter_map(|entry| Some(entry.ok()?.path())).collect();
        files.sort();
        for path in files.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "mbz")) {
            match backup::read(&path) {
                Ok(read) => self = self.with_backup(&path, &read, teachers),
                Err(broken) => self.not_listed.push((path, broken.to_string())),
            }
        }
        Ok(self)
    }

    /// Adds a backup as a course of these teachers.
    pub fn with_backup(mut self, path: &Path, read: &ReadBackup, teachers: &[&str]) -> Self {
        if let Some(other) = self.courses.iter().find(|course| course.content.id == read.course_id) {
            let why = format!("course {} is \"{}\" already", read.course_id, other.content.fullname);
            self.not_listed.push((path.to_owned(), why));
            return self;
        }
        let teachers: Vec<String> = teachers.iter().map(ToString::to_string).collect();
        self.usernames.extend(teachers.iter().cloned());
        self.courses.push(RemoteCourse {
            content: CourseContent {
                id: read.course_id,
                shortname: read.shortname.clone(),
                fullname: read.fullname.clone(),
                startdate: read.startdate,
                visible: read.visible,
                category: (1, "Category 1".to_owned()),
                ..CourseContent::default()
            },
            category_identifier: String::new(),
            teachers,
            source: Source::File(path.to_owned()),
        });
        self
    }

    /// Adds a course with one file of so many bytes that do not compress.
    pub fn with_large_course(mut self, id: i64, bytes: u64, teachers: &[&str]) -> Self {
        let teachers: Vec<String> = teachers.iter().map(ToString::to_string).collect();
        self.usernames.extend(teachers.iter().cloned());
        let file = backup::Activity {
            name: "Recordings".to_owned(),
            kind: Kind::File {
                filename: "recordings.bin".to_owned(),
                mimetype: "application/octet-stream".to_owned(),
                content: backup::FileContent::Noise(bytes),
            },
        };
        self.courses.push(RemoteCourse {
            content: CourseContent {
                id,
                shortname: format!("LARGE{id}"),
                fullname: format!("Large course {id}"),
                visible: true,
                startdate: 1_756_684_800,
                category: (1, "Category 1".to_owned()),
                sections: vec![backup::Section { name: String::new(), activities: vec![file] }],
                ..CourseContent::default()
            },
            category_identifier: String::new(),
            teachers,
            source: Source::Written(Archive::TarGz),
        });
        self
    }
}

/// A request that a remote has seen.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Seen {
    /// The web service function, or `download`.
    pub function: String,
    /// For which user.
    pub username: Option<String>,
    /// About which course.
    pub course: Option<i64>,
    /// About which file.
    pub filerecordid: Option<i64>,
    /// Whether people's data were asked for.
    pub with_people: bool,
    /// What `concernedroles` was.
    pub concernedroles: Option<String>,
    /// Whether its address held a token: it must not.
    pub token_in_address: bool,
    /// Whether the token was this remote's own.
    pub own_token: bool,
    /// Its `Range`.
    pub range: Option<String>,
    /// Its `Accept-Encoding`.
    pub accept_encoding: Option<String>,
}

/// A backup that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Made {
    /// For which user.
    pub username: String,
    /// Of which course.
    pub course: i64,
    /// The file's id.
    pub filerecordid: i64,
    /// Our own kind: the client's restore.
    pub job: Option<String>,
    /// Its SHA-1.
    pub sha1: String,
    /// Its length in bytes.
    pub bytes: u64,
}

#[derive(Debug)]
struct Records {
    kind: RemoteKind,
    traps: Traps,
    seen: Vec<Seen>,
    made: Vec<Made>,
    /// The one backup that an original keeps for each user (release 2) or for the site (release 3).
    slots: BTreeMap<String, Slot>,
    /// The backups of our own kind.
    lent: BTreeMap<lender::Pair, Lent>,
    last_id: i64,
}

/// A remote Moodle at work.
#[derive(Debug)]
pub struct Remote {
    config: RemoteConfig,
    address: String,
    records: Mutex<Records>,
    changes: Changes,
}

impl StandIn<Remote> {
    /// Starts a remote.
    pub fn remote(config: RemoteConfig) -> io::Result<Self> {
        Self::start(config.port, |address| {
            let records = Records {
                kind: config.kind,
                traps: Traps::default(),
                seen: Vec::new(),
                made: Vec::new(),
                slots: BTreeMap::new(),
                lent: BTreeMap::new(),
                last_id: 268,
            };
            let remote = Arc::new(Remote { config, address, records: Mutex::new(records), changes: Changes::new() });
            let router = Router::new()
                .route("/webservice/rest/server.php", any(web_service))
                .route(
                    "/blocks/my_external_backup_restore_courses/get_user_backup_course_webservice.php",
                    any(download::serve),
                )
                .route("/blocks/courseferry/backup.php", any(lender::serve))
                .route("/course/view.php", get(course_page))
                .route("/_standin/traps", get(list_traps).post(set_trap).delete(clear_traps))
                .route("/_standin/seen", get(list_seen))
                .fallback(|| async {
                    (StatusCode::NOT_FOUND, [("content-type", HTML)], chunked("File not found.\n".into()))
                })
                .with_state(Arc::clone(&remote));
            (remote, router)
        })
    }
}

impl Remote {
    fn records(&self) -> MutexGuard<'_, Records> {
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What lends its courses now.
    pub fn kind(&self) -> RemoteKind {
        self.records().kind
    }

    /// Its administrator installs another block.
    pub fn change_kind(&self, kind: RemoteKind) {
        self.records().kind = kind;
    }

    /// What this remote is.
    pub fn config(&self) -> &RemoteConfig {
        &self.config
    }

    /// Its entry in `EXTERNAL_MOODLES`.
    pub fn external_moodle(&self) -> String {
        format!("{},{}", self.address, self.config.token)
    }

    /// Sets a trap.
    pub fn set(&self, trap: impl Into<Armed>) {
        self.records().traps.0.push(trap.into());
    }

    /// Clears all traps.
    pub fn clear(&self) {
        self.records().traps.0.clear();
    }

    /// All requests so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.records().seen.clone()
    }

    /// All backups so far.
    pub fn made(&self) -> Vec<Made> {
        self.records().made.clone()
    }

    /// Waits for a request.
    pub async fn until_seen(&self, wanted: impl Fn(&Seen) -> bool) -> Seen {
        self.changes.until(|| self.records().seen.iter().find(|seen| wanted(seen)).cloned()).await
    }

    /// Waits for a backup.
    pub async fn until_made(&self, wanted: impl Fn(&Made) -> bool) -> Made {
        self.changes.until(|| self.records().made.iter().find(|made| wanted(made)).cloned()).await
    }

    fn note(&self, seen: Seen) {
        self.records().seen.push(seen);
        self.changes.note();
    }

    fn spring<T>(&self, username: Option<&str>, course: Option<i64>, met: impl Fn(Trap) -> Option<T>) -> Option<T> {
        self.records().traps.spring(username, course, met)
    }

    fn sprung(&self, username: Option<&str>, course: Option<i64>, trap: Trap) -> bool {
        self.spring(username, course, |set| (set == trap).then_some(())).is_some()
    }

    fn course(&self, id: i64) -> Option<&RemoteCourse> {
        self.config.courses.iter().find(|course| course.content.id == id)
    }
}

/// What goes wrong with any call, whatever it asks.
async fn spoiled(remote: &Remote, call: &Seen) -> Option<Response<Body>> {
    let page = |status: StatusCode, text: &str| {
        Some((status, [("content-type", HTML)], chunked(text.to_owned())).into_response())
    };
    let is_script = call.function == "download";
    let worded = |exception: Exception| Some(if is_script { exception.script() } else { exception.rest() });
    let met = |trap| match trap {
        Trap::BadToken
        | Trap::AccessRefused
        | Trap::AccountSuspended
        | Trap::NoCapability
        | Trap::Maintenance
        | Trap::CliMaintenance
        | Trap::WebServicesOff
        | Trap::NotInstalled
        | Trap::Html
        | Trap::Firewall
        | Trap::Challenge
        | Trap::NotFoundPage
        | Trap::SitePolicy
        | Trap::PhpError
        | Trap::EmptyAnswer
        | Trap::LongError { .. }
        | Trap::ServerError
        | Trap::NoErrorCode
        | Trap::Hang => Some(trap),
        _ => None,
    };
    match remote.spring(call.username.as_deref(), call.course, met)? {
        Trap::BadToken => worded(Exception::INVALID_TOKEN),
        Trap::AccessRefused => worded(Exception::ACCESS),
        Trap::AccountSuspended => worded(Exception::SUSPENDED),
        Trap::NoCapability => worded(Exception::NO_CAPABILITY),
        Trap::Maintenance => worded(Exception::MAINTENANCE),
        Trap::CliMaintenance => {
            let text = format!("<!DOCTYPE html>\n<html><title>{} under maintenance</title></html>", remote.config.name);
            let headers = to_headers(&[("content-type", HTML), ("retry-after", "300")]);
            Some((StatusCode::SERVICE_UNAVAILABLE, headers, chunked(text)).into_response())
        }
        // Only the REST server looks at the setting; the script says that access is refused.
        Trap::WebServicesOff if is_script => worded(Exception::ACCESS),
        Trap::WebServicesOff => page(StatusCode::FORBIDDEN, ""),
        Trap::NotInstalled if is_script => page(StatusCode::NOT_FOUND, "File not found.\n"),
        Trap::NotInstalled => worded(Exception::UNKNOWN_FUNCTION),
        Trap::Html => page(StatusCode::OK, "<!DOCTYPE html>\n<html><title>Welcome</title></html>"),
        Trap::Firewall => page(StatusCode::FORBIDDEN, "<html><h1>Request blocked</h1></html>"),
        Trap::Challenge => {
            let headers = to_headers(&[("content-type", HTML), ("cf-mitigated", "challenge")]);
            let text = "<!DOCTYPE html>\n<html><title>Just a moment...</title></html>".to_owned();
            Some((StatusCode::SERVICE_UNAVAILABLE, headers, chunked(text)).into_response())
        }
        Trap::NotFoundPage => page(StatusCode::NOT_FOUND, "<!DOCTYPE html>\n<html><title>404 Not Found</title></html>"),
        Trap::SitePolicy => worded(Exception::SITE_POLICY),
        Trap::PhpError => worded(Exception::PHP_ERROR),
        Trap::EmptyAnswer => Some(([("content-type", "application/json")], Body::empty()).into_response()),
        Trap::LongError { bytes } => Some(rest(&json!({
            "exception": "moodle_exception", "errorcode": "somethingelse", "message": "x".repeat(bytes),
        }))),
        Trap::ServerError => page(StatusCode::INTERNAL_SERVER_ERROR, ""),
        Trap::NoErrorCode => Some(rest(&json!({ "exception": "Exception", "message": "Something went wrong" }))),
        _ => {
            std::future::pending::<()>().await;
            None
        }
    }
}

const LIST: &str = "block_my_external_backup_restore_courses_get_courses";
const BACK_UP: &str = "block_my_external_backup_restore_courses_get_courses_zip";
const SITE_INFO: &str = "core_webservice_get_site_info";

async fn web_service(
    State(remote): State<Arc<Remote>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let mut form = form(&uri, &headers, &body);
    let token = form.remove("wstoken").unwrap_or_default();
    let function = form.remove("wsfunction").unwrap_or_default();
    let json = form.remove("moodlewsrestformat").is_some_and(|format| format == "json");
    let call = Seen {
        function: function.clone(),
        username: form.get("username").cloned(),
        course: form.get("courseid").and_then(|id| id.parse().ok()),
        filerecordid: None,
        with_people: ["withuserdatas", "options[users]"]
            .iter()
            .any(|name| form.get(*name).is_some_and(|asked| asked == "1")),
        concernedroles: form.get("concernedroles").cloned(),
        token_in_address: uri.query().is_some_and(|query| query.contains("token")),
        own_token: token == remote.config.token,
        range: None,
        accept_encoding: header(&headers, "accept-encoding"),
    };
    remote.note(call.clone());
    if let Some(spoiled) = spoiled(&remote, &call).await {
        return spoiled;
    }
    let answer = if !call.own_token {
        Err(Exception::INVALID_TOKEN)
    } else if method == Method::OPTIONS {
        Ok(site_info(&remote))
    } else {
        answer(&remote, &call, &form).await
    };
    if let Ok(Answer::Json(value)) = &answer
        && remote.sprung(call.username.as_deref(), call.course, Trap::StrayOutput)
    {
        return ([("content-type", "application/json")], format!("\u{feff}{}", php_json(value))).into_response();
    }
    match answer {
        Ok(Answer::Json(value)) => rest(&value),
        Ok(Answer::Http(response)) => response,
        Err(exception) if json => exception.rest(),
        Err(exception) => exception.xml(),
    }
}

enum Answer {
    Json(Value),
    Http(Response<Body>),
}

async fn answer(remote: &Arc<Remote>, call: &Seen, form: &Form) -> Result<Answer, Exception> {
    if call.function.is_empty() {
        return Err(Exception::INVALID_PARAMETER);
    }
    let offered = offered(remote.kind());
    if !offered.contains(&call.function.as_str()) {
        let known = call.function.starts_with("core_");
        return Err(if known { Exception::ACCESS } else { Exception::UNKNOWN_FUNCTION });
    }
    match call.function.as_str() {
        SITE_INFO => {
            exactly(form, &[])?;
            let slow = |trap| if let Trap::SlowSiteInfo { seconds } = trap { Some(seconds) } else { None };
            if let Some(seconds) = remote.spring(None, None, slow) {
                sleep(Duration::from_secs_f64(seconds)).await;
            }
            Ok(site_info(remote))
        }
        LIST => {
            exactly(form, &["username", "concernedroles"])?;
            slow_down(remote, call).await;
            list(remote, call).map(Answer::Json)
        }
        BACK_UP => {
            let mut asked = form.clone();
            if remote.kind() == RemoteKind::Original3 {
                let users = asked.remove("withuserdatas").unwrap_or_else(|| "0".to_owned());
                users.parse::<i64>().map_err(|_| Exception::INVALID_PARAMETER)?;
            }
            exactly(&asked, &["username", "courseid"])?;
            slow_down(remote, call).await;
            back_up(remote, call).await
        }
        _ => {
            slow_down(remote, call).await;
            lender::answer(remote, call, form)
        }
    }
}

/// The functions of a remote's service.
fn offered(kind: RemoteKind) -> &'static [&'static str] {
    match kind {
        RemoteKind::Courseferry => {
            &[lender::COURSES, lender::CONTENTS, lender::START, lender::BACKUPS, lender::DELETE, SITE_INFO]
        }
        RemoteKind::Original2 | RemoteKind::Original3 => &[BACK_UP, LIST, SITE_INFO],
    }
}

/// The release of Moodle, its version and the plugin's: those of the recorded sites.
fn releases(kind: RemoteKind) -> (&'static str, &'static str, &'static str) {
    match kind {
        RemoteKind::Courseferry => ("5.1.3 (Build: 20260209)", "2025100603.00", "2026112600"),
        RemoteKind::Original3 => ("4.1.10 (Build: 20240422)", "2022112810.00", "2024021600"),
        RemoteKind::Original2 => ("4.5.5+ (Build: 20250613)", "2024100705.01", "2022061500"),
    }
}

/// Moodle refuses missing and further parameters alike, and values that cleaning would change.
fn exactly(form: &Form, names: &[&str]) -> Result<(), Exception> {
    let all_there = names.len() == form.len() && names.iter().all(|name| form.contains_key(*name));
    let clean = form.values().all(|value| !value.contains('<'));
    let number = form.get("courseid").is_none_or(|id| id.parse::<i64>().is_ok());
    (all_there && clean && number).then_some(()).ok_or(Exception::INVALID_PARAMETER)
}

fn site_info(remote: &Remote) -> Answer {
    let kind = remote.kind();
    let (release, version, plugin) = releases(kind);
    let functions: Vec<_> = offered(kind)
        .iter()
        .map(|name| json!({ "name": name, "version": if *name == SITE_INFO { version } else { plugin } }))
        .collect();
    Answer::Json(json!({
        "sitename": remote.config.name, "username": "block_my_external_backup_restore_courses_user",
        "firstname": "wsuser", "lastname": "block_my_external_backup_restore_courses_user",
        "fullname": "wsuser block_my_external_backup_restore_courses_user", "lang": "en", "userid": 3,
        "siteurl": remote.address, "userpictureurl": format!("{}/theme/image.php/boost/core/1/u/f1", remote.address),
        "functions": functions, "downloadfiles": 1, "uploadfiles": 0,
        "release": release, "version": version, "mobilecssurl": "", "advancedfeatures": [],
        "usercanmanageownfiles": true, "userquota": 104_857_600, "usermaxuploadfilesize": 536_870_912, "userhomepage": 1,
        "userprivateaccesskey": "", "siteid": 1, "sitecalendartype": "gregorian", "usercalendartype": "gregorian",
        "userissiteadmin": false, "theme": "boost", "limitconcurrentlogins": 0, "policyagreed": 0,
    }))
}

async fn slow_down(remote: &Remote, call: &Seen) {
    let met = |trap| if let Trap::Slow { seconds } = trap { Some(seconds) } else { None };
    if let Some(seconds) = remote.spring(call.username.as_deref(), call.course, met) {
        sleep(Duration::from_secs_f64(seconds)).await;
    }
}

/// The account of that name. Moodle compares as it is written.
fn known_user<'a>(remote: &Remote, call: &'a Seen) -> Result<&'a str, Exception> {
    let username = call.username.as_deref().unwrap_or_default();
    let known = username == "guest" || remote.config.usernames.iter().any(|known| known == username);
    let trapped = remote.sprung(Some(username), call.course, Trap::UnknownUser);
    (known && !trapped).then_some(username).ok_or(Exception::INVALID_USERNAME)
}

fn list(remote: &Remote, call: &Seen) -> Result<Value, Exception> {
    let username = known_user(remote, call)?;
    if remote.sprung(Some(username), None, Trap::SearchRolesQuoted) {
        return Err(Exception::DATABASE);
    }
    let identifiers = !remote.sprung(Some(username), None, Trap::NoCategoryIdentifiers);
    let taught: Vec<&RemoteCourse> = remote
        .config
        .courses
        .iter()
        .filter(|course| course.teachers.iter().any(|teacher| teacher == username))
        .collect();
    // Multilang spans pass Moodle's check of what it sends; any other tag makes it refuse the whole list.
    let tagged = |name: &str| name.contains("</") && !name.contains("multilang");
    if remote.sprung(Some(username), None, Trap::InvalidResponse)
        || taught.iter().any(|course| tagged(&course.content.fullname))
    {
        return Err(Exception::INVALID_RESPONSE);
    }
    let roles = call.concernedroles.as_deref().unwrap_or_default();
    Ok(taught
        .iter()
        .enumerate()
        .map(|(place, course)| {
            let content = &course.content;
            json!({
                "id": content.id, "shortname": content.shortname, "category": content.category.0,
                "sortorder": content.category.0 * 10_000 + 1 + i64::try_from(place).unwrap_or_default(),
                "fullname": content.fullname, "idnumber": content.idnumber, "startdate": content.startdate,
                "visible": i32::from(content.visible), "groupmode": 0, "groupmodeforce": 0,
                "categoryidentifier": identifiers.then_some(&course.category_identifier),
                "concernedusers": if roles.contains("editingteacher") { course.teachers.join(",") } else { String::new() },
            })
        })
        .collect())
}

async fn back_up(remote: &Arc<Remote>, call: &Seen) -> Result<Answer, Exception> {
    let username = known_user(remote, call)?.to_owned();
    let id = call.course.unwrap_or_default();
    let owned = remote.course(id).filter(|course| course.teachers.contains(&username));
    if owned.is_none() || remote.sprung(Some(&username), Some(id), Trap::NotOwner) {
        return Err(Exception::NOT_OWNER);
    }
    let made = |id: i64| Answer::Json(json!({ "filename": "", "filerecordid": id }));
    if remote.sprung(Some(&username), Some(id), Trap::BackupIdZero) {
        return Ok(made(0));
    }
    let gateway = |trap| match trap {
        Trap::GatewayTimeout { after, backup } => Some((504, after, backup)),
        Trap::GatewayError { status, after, backup } => Some((status, after, backup)),
        _ => None,
    };
    // PHP goes on when the other side has gone, so the work is a task of its own.
    if let Some((status, after, backup)) = remote.spring(Some(&username), Some(id), gateway) {
        tokio::spawn(Arc::clone(remote).fill_slot(username, id, Duration::from_secs_f64(backup)));
        sleep(Duration::from_secs_f64(after)).await;
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
        let page = format!("<html>\r\n<head><title>{status}</title></head>\r\n</html>\r\n");
        return Ok(Answer::Http((status, [("content-type", "text/html")], page).into_response()));
    }
    let work = tokio::spawn(Arc::clone(remote).fill_slot(username, id, remote.config.backup_time));
    match work.await {
        Ok(Ok(id)) => Ok(made(id)),
        // What fails inside is told by the id 0.
        _ => Ok(made(0)),
    }
}

impl Remote {
    /// Makes a backup and puts it into the user's slot, where it replaces what is there.
    async fn fill_slot(self: Arc<Self>, username: String, id: i64, takes: Duration) -> io::Result<i64> {
        sleep(takes).await;
        let other = |trap| if let Trap::OtherCourse { course } = trap { Some(course) } else { None };
        let of = self.spring(Some(&username), Some(id), other).unwrap_or(id);
        let serial = {
            let mut records = self.records();
            records.last_id += 1;
            records.last_id
        };
        let remote = Arc::clone(&self);
        let slot = tokio::task::spawn_blocking(move || {
            let course = remote.course(of).ok_or(io::ErrorKind::NotFound)?;
            let site = backup::Site { wwwroot: remote.address.clone(), now: now(), serial: serial.unsigned_abs() };
            Slot::make(course, &site, serial)
        })
        .await
        .map_err(io::Error::other)??;
        let slot = self.spoil(slot, &username, id)?;
        let made = Made {
            username: username.clone(),
            course: id,
            filerecordid: serial,
            job: None,
            sha1: slot.sha1.clone(),
            bytes: slot.len,
        };
        let mut records = self.records();
        records.made.push(made);
        // Release 3 makes every backup as the administrator, who has one file.
        let owner = if records.kind == RemoteKind::Original3 { "admin".to_owned() } else { username };
        records.slots.insert(owner, slot);
        drop(records);
        self.changes.note();
        Ok(serial)
    }

    /// What traps make of a backup's file.
    fn spoil(&self, slot: Slot, username: &str, id: i64) -> io::Result<Slot> {
        let slot = if self.sprung(Some(username), Some(id), Trap::TruncatedBackup) { slot.cut_short()? } else { slot };
        if self.sprung(Some(username), Some(id), Trap::NotABackup) {
            return Slot::of_bytes(slot.id, b"%PDF-1.4 this is no backup\n");
        }
        Ok(slot)
    }
}

fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(ToOwned::to_owned)
}

/// The page that a link to a remote course leads to.
async fn course_page(
    State(remote): State<Arc<Remote>>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response<Body> {
    let course = query.get("id").and_then(|id| id.parse().ok()).and_then(|id| remote.course(id));
    let Some(course) = course else { return StatusCode::NOT_FOUND.into_response() };
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head { meta charset="utf-8"; title { (course.content.fullname) " | " (remote.config.name) } }
            body { h1 { (course.content.fullname) } p { (remote.config.name) } }
        }
    };
    Html(page.into_string()).into_response()
}

async fn list_traps(State(remote): State<Arc<Remote>>) -> Json<Vec<Armed>> {
    Json(remote.records().traps.0.clone())
}

async fn set_trap(State(remote): State<Arc<Remote>>, Json(trap): Json<Armed>) -> StatusCode {
    remote.set(trap);
    StatusCode::NO_CONTENT
}

async fn clear_traps(State(remote): State<Arc<Remote>>) -> StatusCode {
    remote.clear();
    StatusCode::NO_CONTENT
}

async fn list_seen(State(remote): State<Arc<Remote>>) -> Json<Value> {
    let records = remote.records();
    let lent: Vec<_> = records.lent.values().collect();
    Json(json!({ "seen": records.seen, "made": records.made, "lent": lent }))
}
