//! The remote side of our own block: backups are made while nobody waits, one for each (job, number), and kept until
//! they are deleted.

use super::{
    config::{RemoteCourse, Source},
    download::{BACKUP_TYPE, Line, Part, bytes, ranges},
    lent::{Lent, LentState, Pair, blank},
    moodle::{Answer, Made, Remote, Seen, header, spoiled},
    slot::Slot,
    trap::{self, Trap},
};
use crate::{
    backup::{self, CourseContent},
    server::{Exception, Form, form, list, now, php_json, to_headers},
};
use axum::{
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, Method, Response, StatusCode, Uri},
    response::IntoResponse,
};
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use courseferry_api::RemoteKind;
use serde_json::{Value, json};
use std::{collections::BTreeSet, sync::Arc, time::Duration};
use tokio::time::sleep;

pub(super) const COURSES: &str = "block_courseferry_remote_get_courses";
pub(super) const CONTENTS: &str = "block_courseferry_remote_get_contents";
pub(super) const START: &str = "block_courseferry_remote_start_backup";
pub(super) const BACKUPS: &str = "block_courseferry_remote_get_backups";
pub(super) const DELETE: &str = "block_courseferry_remote_delete_backups";

/// Processes that may die on one backup.
const MAX_RUNS: u32 = 3;
/// Steps in which a backup's progress is reported.
const STEPS: u32 = 10;

/// What our own functions answer.
pub(super) fn answer(remote: &Arc<Remote>, call: &Seen, form: &Form) -> Result<Answer, Exception> {
    match call.function.as_str() {
        COURSES => {
            only(form, &["username"], &[])?;
            let username = account(remote, call)?;
            Ok(Answer::Json(courses(remote, username)))
        }
        CONTENTS => {
            only(form, &["username", "courseid"], &[])?;
            let username = account(remote, call)?;
            Ok(Answer::Json(contents(&lendable(remote, call, username)?.content)))
        }
        START => {
            only(form, &["job", "number", "username", "courseid"], &["options"])?;
            start(remote, call, form).map(Answer::Json)
        }
        BACKUPS => {
            only(form, &["backups"], &[])?;
            let records = remote.records();
            let entry = |pair: &Pair| match records.lent.get(pair) {
                Some(lent) => lent.entry(),
                None => blank(&pair.0, pair.1),
            };
            Ok(Answer::Json(json!({ "backups": pairs(form)?.iter().map(entry).collect::<Vec<_>>() })))
        }
        DELETE => {
            only(form, &["backups"], &[])?;
            let removed = pairs(form)?.into_iter().map(|pair| {
                let removed = remove(remote, &pair);
                json!({ "job": pair.0, "number": pair.1, "removed": removed })
            });
            Ok(Answer::Json(json!({ "backups": removed.collect::<Vec<_>>() })))
        }
        _ => Err(Exception::UNKNOWN_FUNCTION),
    }
}

/// Moodle refuses missing and unknown parameters alike.
fn only(form: &Form, required: &[&str], optional: &[&str]) -> Result<(), Exception> {
    let given: BTreeSet<&str> = form.keys().filter_map(|key| key.split('[').next()).collect();
    let complete = required.iter().all(|name| given.contains(name));
    let known = given.iter().all(|name| required.contains(name) || optional.contains(name));
    if complete && known { Ok(()) } else { Err(Exception::INVALID_PARAMETER) }
}

fn pairs(form: &Form) -> Result<Vec<Pair>, Exception> {
    let (jobs, numbers) = (list(form, "backups", "[job]"), list(form, "backups", "[number]"));
    if jobs.len() != numbers.len() || jobs.len() > 200 {
        return Err(Exception::INVALID_PARAMETER);
    }
    let number = |text: &String| text.parse().map_err(|_| Exception::INVALID_PARAMETER);
    jobs.into_iter().zip(&numbers).map(|(job, text)| Ok((job, number(text)?))).collect()
}

fn account<'a>(remote: &Remote, call: &'a Seen) -> Result<&'a str, Exception> {
    let username = call.username.as_deref().unwrap_or_default();
    if remote.sprung(Some(username), call.course, Trap::AccountNotLent) {
        return Err(Exception::ACCOUNT_NOT_LENT);
    }
    let known = remote.config.usernames.iter().any(|known| known == username);
    let trapped = remote.sprung(Some(username), call.course, Trap::UnknownUser);
    (known && !trapped).then_some(username).ok_or(Exception::UNKNOWN_ACCOUNT)
}

fn lendable<'a>(remote: &'a Remote, call: &Seen, username: &str) -> Result<&'a RemoteCourse, Exception> {
    let id = call.course.unwrap_or_default();
    let course = remote.course(id).ok_or(Exception::COURSE_MISSING)?;
    if !course.teachers.iter().any(|teacher| teacher == username)
        || remote.sprung(Some(username), Some(id), Trap::NotOwner)
    {
        return Err(Exception::NOT_LENT);
    }
    if remote.sprung(Some(username), Some(id), Trap::NoBackupRight) {
        return Err(Exception::NO_BACKUP_RIGHT);
    }
    Ok(course)
}

fn courses(remote: &Remote, username: &str) -> Value {
    let taught =
        remote.config.courses.iter().filter(|course| course.teachers.iter().any(|teacher| teacher == username));
    let mut taught: Vec<_> = taught.collect();
    taught.sort_by_key(|course| (&course.content.fullname, course.content.id));
    let entry = |course: &&RemoteCourse| {
        let content = &course.content;
        json!({
            "id": content.id, "fullname": content.fullname, "shortname": content.shortname,
            "idnumber": content.idnumber, "categoryid": content.category.0, "categorypath": content.category.1,
            "categoryidentifier": course.category_identifier, "startdate": content.startdate, "enddate": 0,
            "visible": content.visible, "format": "topics", "users": remote.config.lends_users,
        })
    };
    json!({ "courses": taught.iter().map(entry).collect::<Vec<_>>() })
}

/// Ids that a course's parts have here: `course * 1000` and on.
fn contents(content: &CourseContent) -> Value {
    let mut activity = content.id * 1000;
    let sections = content.sections.iter().zip(0_i64..).map(|(section, number)| {
        let name = if section.name.is_empty() { format!("Topic {number}") } else { section.name.clone() };
        let activities = section.activities.iter().map(|part| {
            activity += 1;
            json!({
                "id": activity, "name": part.name, "kind": part.kind.module(), "kindname": part.kind.module(),
                "visible": true, "bytes": part.kind.bytes(), "section": 0,
            })
        });
        let activities: Vec<_> = activities.collect();
        json!({ "id": content.id * 100 + number, "number": number, "name": name, "visible": true, "activities": activities })
    });
    let sections: Vec<_> = sections.collect();
    let bytes: u64 =
        content.sections.iter().flat_map(|section| &section.activities).map(|part| part.kind.bytes()).sum();
    json!({ "bytes": bytes, "sections": sections })
}

/// What stays of a course when parts with these ids are left out.
fn without(content: &CourseContent, left_out: &Parts) -> CourseContent {
    let mut content = content.clone();
    let mut activity = content.id * 1000;
    let first = content.id * 100;
    let mut sections = Vec::new();
    for (mut section, number) in content.sections.into_iter().zip(0_i64..) {
        section.activities.retain(|_| {
            activity += 1;
            !left_out.activities.contains(&activity)
        });
        if !left_out.sections.contains(&(first + number)) {
            sections.push(section);
        }
    }
    content.sections = sections;
    content
}

/// Ids of sections and activities.
struct Parts {
    sections: Vec<i64>,
    activities: Vec<i64>,
}

fn start(remote: &Arc<Remote>, call: &Seen, form: &Form) -> Result<Value, Exception> {
    let text = |name: &str| form.get(name).cloned().unwrap_or_default();
    let (job, number) = (text("job"), text("number").parse::<u32>().unwrap_or_default());
    let well_formed = job.len() == 32 && job.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    let course = call.course.ok_or(Exception::INVALID_PARAMETER)?;
    if !well_formed || number < 1 {
        return Err(Exception::INVALID_PARAMETER);
    }
    let pair = (job.clone(), number);
    if let Some(lent) = remote.records().lent.get(&pair) {
        // The same number is the same backup, and of nobody and nothing else.
        let same = (Some(lent.username.as_str()), lent.course) == (call.username.as_deref(), course);
        return if same { Ok(lent.entry()) } else { Err(Exception::INVALID_PARAMETER) };
    }
    let username = account(remote, call)?.to_owned();
    lendable(remote, call, &username)?;
    let users = form.get("options[users]").is_some_and(|users| users == "1");
    if users && !remote.config.lends_users {
        return Err(Exception::USERS_NOT_LENT);
    }
    let ids =
        |name: &str| list(form, &format!("options[{name}]"), "").iter().filter_map(|id| id.parse().ok()).collect();
    let parts = Parts { sections: ids("leaveoutsections"), activities: ids("leaveoutactivities") };
    let lent = Lent {
        job,
        number,
        username,
        course,
        left_out: parts.activities.clone(),
        state: LentState::Waiting,
        since: now(),
        runs: 0,
        slot: None,
    };
    let entry = lent.entry();
    remote.records().lent.insert(pair.clone(), lent);
    remote.changes.note();
    tokio::spawn(work(Arc::clone(remote), pair, parts));
    Ok(entry)
}

fn remove(remote: &Remote, pair: &Pair) -> bool {
    let mut records = remote.records();
    let Some(lent) = records.lent.get_mut(pair).filter(|lent| lent.state != LentState::Gone) else { return false };
    lent.state = LentState::Gone;
    lent.slot = None;
    drop(records);
    remote.changes.note();
    true
}

/// Changes a backup that is still wanted; returns whether it is.
fn advance(remote: &Remote, pair: &Pair, change: impl FnOnce(&mut Lent)) -> bool {
    let mut records = remote.records();
    let wanted = |lent: &&mut Lent| matches!(lent.state, LentState::Waiting | LentState::Running { .. });
    let Some(lent) = records.lent.get_mut(pair).filter(wanted) else { return false };
    change(lent);
    drop(records);
    remote.changes.note();
    true
}

/// The adhoc task: waits for cron, makes the backup, is begun anew where its process died.
async fn work(remote: Arc<Remote>, pair: Pair, parts: Parts) {
    loop {
        sleep(remote.config.cron).await;
        while remote.sprung(None, None, Trap::CronStopped) {
            sleep(Duration::from_millis(50)).await;
        }
        let mut course = None;
        let running = advance(&remote, &pair, |lent| {
            lent.state = LentState::Running { percent: 0 };
            lent.since = now();
            lent.runs += 1;
            course = Some((lent.username.clone(), lent.course, lent.runs));
        });
        let Some((username, id, runs)) = course.filter(|_| running) else { return };
        let (user, of) = (Some(username.as_str()), Some(id));
        for step in 1..=STEPS {
            sleep(remote.config.backup_time / STEPS).await;
            let state = LentState::Running { percent: step * 99 / STEPS };
            if !advance(&remote, &pair, |lent| lent.state = state) {
                return;
            }
            while let Some((percent, elapsed)) = remote.spring(user, of, trap::held) {
                let held = advance(&remote, &pair, |lent| {
                    lent.state = LentState::Running { percent };
                    lent.since = now() - elapsed;
                });
                if !held {
                    return;
                }
                sleep(trap::HOLD_POLL).await;
            }
        }
        if remote.sprung(user, of, Trap::KillBackup) {
            let state = if runs >= MAX_RUNS {
                LentState::Failed { error: "remote.backup_crashed" }
            } else {
                LentState::Waiting
            };
            let over = state != LentState::Waiting;
            if !advance(&remote, &pair, |lent| lent.state = state) || over {
                return;
            }
            continue;
        }
        let failure = |trap| if let Trap::BackupFails { code } = trap { Some(code.code()) } else { None };
        let made = match remote.spring(user, of, failure) {
            Some(error) => Err(error),
            None => make(&remote, &pair, &username, id, &parts).await.ok_or("remote.backup_failed"),
        };
        advance(&remote, &pair, |lent| {
            lent.since = now();
            match made {
                Ok(slot) => {
                    lent.slot = Some(Arc::new(slot));
                    lent.state = LentState::Ready;
                }
                Err(error) => lent.state = LentState::Failed { error },
            }
        });
        return;
    }
}

async fn make(remote: &Arc<Remote>, pair: &Pair, username: &str, id: i64, parts: &Parts) -> Option<Slot> {
    let other = |trap| if let Trap::OtherCourse { course } = trap { Some(course) } else { None };
    let of = remote.spring(Some(username), Some(id), other).unwrap_or(id);
    let mut course = remote.course(of)?.clone();
    if matches!(course.source, Source::Written(_)) {
        course.content = without(&course.content, parts);
    }
    let serial = {
        let mut records = remote.records();
        records.last_id += 1;
        records.last_id
    };
    let site = backup::Site { wwwroot: remote.address.clone(), now: now(), serial: serial.unsigned_abs() };
    let slot = tokio::task::spawn_blocking(move || Slot::make(&course, &site, serial)).await.ok()?.ok()?;
    let slot = remote.spoil(slot, username, id).ok()?;
    remote.records().made.push(Made {
        username: username.to_owned(),
        course: id,
        filerecordid: serial,
        job: Some(pair.0.clone()),
        sha1: slot.sha1.clone(),
        bytes: slot.len,
    });
    remote.changes.note();
    Some(slot)
}

/// `blocks/courseferry/backup.php`: one backup's file, with ranges as HTTP means them and errors as HTTP has them.
pub(super) async fn serve(
    State(remote): State<Arc<Remote>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let form = form(&uri, &headers, &body);
    let token = form.get("token").cloned().unwrap_or_default();
    let pair = form.get("job").cloned().zip(form.get("number").and_then(|number| number.parse::<u32>().ok()));
    let lent = pair.as_ref().and_then(|pair| remote.records().lent.get(pair).cloned());
    let call = Seen {
        function: "download".to_owned(),
        username: lent.as_ref().map(|lent| lent.username.clone()),
        course: lent.as_ref().map(|lent| lent.course),
        filerecordid: None,
        with_people: false,
        concernedroles: None,
        token_in_address: uri.query().is_some_and(|query| query.contains("token")),
        own_token: token == remote.config.token,
        range: header(&headers, "range"),
        accept_encoding: header(&headers, "accept-encoding"),
    };
    remote.note(call.clone());
    if remote.kind() != RemoteKind::Courseferry {
        return StatusCode::NOT_FOUND.into_response();
    }
    if let Some(spoiled) = spoiled(&remote, &call).await {
        return spoiled;
    }
    if method != Method::POST {
        return refused(StatusCode::METHOD_NOT_ALLOWED, "invalidmethod");
    }
    if !call.own_token {
        return refused(StatusCode::UNAUTHORIZED, "invalidtoken");
    }
    if pair.is_none() {
        return refused(StatusCode::BAD_REQUEST, "invalidparameter");
    }
    let Some(lent) = lent.filter(|lent| lent.state != LentState::Gone) else {
        return refused(StatusCode::GONE, "backup.gone");
    };
    if remote.sprung(call.username.as_deref(), call.course, Trap::EmptyDownload) {
        return refused(StatusCode::GONE, "backup.gone");
    }
    match lent.slot {
        Some(slot) => send(&headers, &slot, Line::of(&remote, call.username.as_deref(), call.course)),
        None => refused(StatusCode::CONFLICT, "remote.not_ready"),
    }
}

fn refused(status: StatusCode, code: &str) -> Response<Body> {
    let body = php_json(&json!({ "exception": "", "errorcode": code, "message": format!("Refused: {code}") }));
    (status, to_headers(&[("content-type", "application/json"), ("cache-control", "no-store")]), body).into_response()
}

fn send(headers: &HeaderMap, slot: &Slot, line: Line) -> Response<Body> {
    let (len, etag) = (slot.len, format!("\"{}\"", slot.sha1));
    let mut sent = to_headers(&[
        ("content-type", BACKUP_TYPE),
        ("accept-ranges", "bytes"),
        ("cache-control", "private, no-store, no-transform"),
        ("etag", &etag),
        ("repr-digest", &format!("sha-256=:{}:", BASE64.encode(slot.digest()))),
    ]);
    let same = header(headers, "if-range").is_none_or(|wanted| wanted == etag);
    let wanted = header(headers, "range").filter(|_| same);
    let (status, first, end) = match wanted {
        None => (StatusCode::OK, 0, len),
        Some(range) => match ranges(&range, len).as_deref() {
            Some([(first, last)]) if *first < len => (StatusCode::PARTIAL_CONTENT, *first, last + 1),
            _ => {
                let mut response = refused(StatusCode::RANGE_NOT_SATISFIABLE, "backup.range");
                response.headers_mut().extend(to_headers(&[("content-range", &format!("bytes */{len}"))]));
                return response;
            }
        },
    };
    if status == StatusCode::PARTIAL_CONTENT {
        sent.extend(to_headers(&[("content-range", &format!("bytes {first}-{}/{len}", end - 1))]));
    }
    sent.extend(to_headers(&[("content-length", &(end - first).to_string())]));
    (status, sent, Body::from_stream(bytes(slot.file(), vec![Part::Bytes(first, end)], line))).into_response()
}
