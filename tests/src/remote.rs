//! The stand-in for a remote Moodle of any of the three kinds: with the original block, release 2 or 3, it answers as
//! the recordings of real ones do, and otherwise as the remote side of our own block.

mod config;
mod download;
mod lender;
mod lent;
mod moodle;
mod slot;
mod trap;

pub use config::{RemoteConfig, RemoteCourse, Source};
pub use lent::{Lent, LentState};
pub use moodle::{Made, Remote, Seen};
pub use trap::{Armed, BackupFailure, DownloadType, Trap};

use crate::{
    backup,
    server::{Changes, Exception, Form, HTML, StandIn, chunked, form, now, php_json, rest},
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
use maud::{DOCTYPE, html};
use moodle::{Answer, Records, header, spoiled};
use serde_json::{Value, json};
use slot::Slot;
use std::{
    collections::BTreeMap,
    io,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::time::sleep;
use trap::Traps;

impl StandIn<Remote> {
    pub fn remote(config: RemoteConfig) -> io::Result<Self> {
        let certificate = config.certificate.clone();
        Self::start(config.port, certificate.as_ref(), |address| {
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
            while remote.sprung(None, None, Trap::HoldSiteInfo) {
                sleep(trap::HOLD_POLL).await;
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

/// The account of that name, compared letter for letter as Moodle does.
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
    // Multilang spans pass Moodle's check of return values; any other tag makes it refuse the whole list.
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
    // PHP goes on when the caller has gone, so the work is a task of its own.
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
        // A backup that fails inside Moodle is answered with the file id 0.
        _ => Ok(made(0)),
    }
}

impl Remote {
    /// Makes a backup and puts it into the user's slot, where it replaces what is there.
    async fn fill_slot(self: Arc<Self>, username: String, id: i64, takes: Duration) -> io::Result<i64> {
        sleep(takes).await;
        while self.spring(Some(&username), Some(id), trap::held).is_some() {
            sleep(trap::HOLD_POLL).await;
        }
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
