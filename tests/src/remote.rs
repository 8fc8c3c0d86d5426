//! The stand-in for a remote Moodle with the original block: answers as the recordings of a real one do.

mod download;
mod trap;

pub use trap::{Armed, Trap};

use crate::{
    backup::{self, Archive, CourseContent, Kind, ReadBackup},
    server::{Changes, Exception, Form, HTML, StandIn, chunked, form, now, rest, to_headers},
};
use axum::{
    Json, Router,
    body::{Body, Bytes},
    extract::{Query, State},
    http::{HeaderMap, Method, Response, StatusCode, Uri},
    response::{Html, IntoResponse},
    routing::{any, get},
};
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
        }
    }

    /// Adds every `.mbz` of a directory as a course of these teachers. Two files of the same course become
    /// two courses only if their ids differ; of equal ids the first by name is taken.
    pub fn with_backups_of(mut self, directory: &Path, teachers: &[&str]) -> io::Result<Self> {
        let mut files: Vec<PathBuf> =
            std::fs::read_dir(directory)?.filter_map(|entry| Some(entry.ok()?.path())).collect();
        files.sort();
        for path in files.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "mbz")) {
            if let Ok(read) = backup::read(&path) {
                self = self.with_backup(&path, &read, teachers);
            }
        }
        Ok(self)
    }

    /// Adds a backup as a course of these teachers.
    pub fn with_backup(mut self, path: &Path, read: &ReadBackup, teachers: &[&str]) -> Self {
        if self.courses.iter().any(|course| course.content.id == read.course_id) {
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
    /// Its SHA-1.
    pub sha1: String,
    /// Its length in bytes.
    pub bytes: u64,
}

#[derive(Debug, Default)]
struct Records {
    traps: Traps,
    seen: Vec<Seen>,
    made: Vec<Made>,
    /// The one backup that is kept for each user.
    slots: BTreeMap<String, Slot>,
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
            let records = Records { last_id: 268, ..Records::default() };
            let remote = Arc::new(Remote { config, address, records: Mutex::new(records), changes: Changes::new() });
            let router = Router::new()
                .route("/webservice/rest/server.php", any(web_service))
                .route(
                    "/blocks/my_external_backup_restore_courses/get_user_backup_course_webservice.php",
                    any(download::serve),
                )
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
    match call.function.as_str() {
        SITE_INFO => exactly(form, &[]).map(|()| site_info(remote)),
        LIST => {
            exactly(form, &["username", "concernedroles"])?;
            slow_down(remote, call).await;
            list(remote, call).map(Answer::Json)
        }
        BACK_UP => {
            exactly(form, &["username", "courseid"])?;
            slow_down(remote, call).await;
            back_up(remote, call).await
        }
        "" => Err(Exception::INVALID_PARAMETER),
        known if known.starts_with("core_") => Err(Exception::ACCESS),
        _ => Err(Exception::UNKNOWN_FUNCTION),
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
    let functions = [BACK_UP, LIST, SITE_INFO].map(|name| {
        let version = if name == SITE_INFO { "2024100705.01" } else { "2022061500" };
        json!({ "name": name, "version": version })
    });
    Answer::Json(json!({
        "sitename": remote.config.name, "username": "block_my_external_backup_restore_courses_user",
        "firstname": "wsuser", "lastname": "block_my_external_backup_restore_courses_user",
        "fullname": "wsuser block_my_external_backup_restore_courses_user", "lang": "en", "userid": 3,
        "siteurl": remote.address, "userpictureurl": format!("{}/theme/image.php/boost/core/1/u/f1", remote.address),
        "functions": functions, "downloadfiles": 1, "uploadfiles": 0,
        "release": "4.5.5+ (Build: 20250613)", "version": "2024100705.01", "mobilecssurl": "", "advancedfeatures": [],
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
        Trap::GatewayTimeout { after, backup } => Some((after, backup)),
        _ => None,
    };
    // PHP goes on when the other side has gone, so the work is a task of its own.
    if let Some((after, backup)) = remote.spring(Some(&username), Some(id), gateway) {
        tokio::spawn(Arc::clone(remote).fill_slot(username, id, Duration::from_secs_f64(backup)));
        sleep(Duration::from_secs_f64(after)).await;
        let page = "<html>\r\n<head><title>504 Gateway Time-out</title></head>\r\n</html>\r\n";
        return Ok(Answer::Http((StatusCode::GATEWAY_TIMEOUT, [("content-type", "text/html")], page).into_response()));
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
        let mut slot = tokio::task::spawn_blocking(move || {
            let course = remote.course(of).ok_or(io::ErrorKind::NotFound)?;
            let site = backup::Site { wwwroot: remote.address.clone(), now: now(), serial: serial.unsigned_abs() };
            Slot::make(course, &site, serial)
        })
        .await
        .map_err(io::Error::other)??;
        if self.sprung(Some(&username), Some(id), Trap::TruncatedBackup) {
            slot = slot.cut_short()?;
        }
        if self.sprung(Some(&username), Some(id), Trap::NotABackup) {
            slot = Slot::of_bytes(serial, b"%PDF-1.4 this is no backup\n")?;
        }
        let made = Made {
            username: username.clone(),
            course: id,
            filerecordid: serial,
            sha1: slot.sha1.clone(),
            bytes: slot.len,
        };
        let mut records = self.records();
        records.made.push(made);
        records.slots.insert(username, slot);
        drop(records);
        self.changes.note();
        Ok(serial)
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
    Json(json!({ "seen": records.seen, "made": records.made }))
}
