//! The companion's web services, as the Worker calls them, and its AJAX function.

use super::{
    arrived, copies,
    job::{Job, Stage},
    jobs,
    moodle::{Called, Client, ClientTrap, Message, Records},
    pages::session_of,
    people::{SYSTEM, Site, User},
};
use crate::server::{Exception, Form, HTML, ajax, chunked, form, list, rest};
use axum::{
    Json, Router,
    body::{Body, Bytes},
    extract::{Query, State},
    http::{HeaderMap, Response, StatusCode, Uri},
    response::IntoResponse,
    routing::{any, post},
};
use courseferry_access::CapabilityName;
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// What is free on the stand-in's disk.
const FREE_BYTES: u64 = 50 << 30;

pub fn router() -> Router<Arc<Client>> {
    Router::new()
        .route("/webservice/rest/server.php", any(web_service))
        .route("/lib/ajax/service.php", post(ajax_service))
}

async fn web_service(State(client): State<Arc<Client>>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response<Body> {
    let mut form = form(&uri, &headers, &body);
    let token = form.remove("wstoken").unwrap_or_default();
    let function = form.remove("wsfunction").unwrap_or_default();
    form.remove("moodlewsrestformat");
    let name = function.strip_prefix("block_courseferry_").unwrap_or_default().to_owned();
    let mut seen = form.clone();
    seen.remove("ticket");
    client.records().calls.push(Called { function: name.clone(), parameters: seen });
    client.changes.note();
    let spoiling = |trap: &ClientTrap| match trap {
        ClientTrap::Maintenance
        | ClientTrap::BadToken
        | ClientTrap::NotInstalled
        | ClientTrap::Html
        | ClientTrap::ServerError
        | ClientTrap::Hang => true,
        ClientTrap::LoseAnswer { function }
        | ClientTrap::NoFunction { function }
        | ClientTrap::OutsideService { function } => *function == name,
        _ => false,
    };
    let lost = match client.sprung(spoiling) {
        Some(ClientTrap::Maintenance) => return Exception::MAINTENANCE.rest(),
        Some(ClientTrap::BadToken) => return Exception::INVALID_TOKEN.rest(),
        Some(ClientTrap::OutsideService { .. }) => return Exception::ACCESS.rest(),
        Some(ClientTrap::NotInstalled | ClientTrap::NoFunction { .. }) => return Exception::UNKNOWN_FUNCTION.rest(),
        Some(ClientTrap::Html) => {
            return ([("content-type", HTML)], chunked("<!DOCTYPE html><title>Log in</title>".into())).into_response();
        }
        Some(ClientTrap::ServerError) => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        Some(ClientTrap::Hang) => std::future::pending().await,
        lost => lost.is_some(),
    };
    if token != client.config.token {
        return Exception::INVALID_TOKEN.rest();
    }
    let answer = answer(&client, &name, &form);
    if lost {
        return StatusCode::BAD_GATEWAY.into_response();
    }
    match answer {
        Ok(value) => rest(&value),
        Err(exception) => exception.rest(),
    }
}

fn text(form: &Form, name: &str) -> Result<String, Exception> {
    form.get(name).cloned().ok_or(Exception::INVALID_PARAMETER)
}

fn number<T: std::str::FromStr>(form: &Form, name: &str) -> Result<T, Exception> {
    text(form, name)?.parse().map_err(|_| Exception::INVALID_PARAMETER)
}

fn job(form: &Form) -> Result<String, Exception> {
    text(form, "job").and_then(checked_job)
}

fn checked_job(job: String) -> Result<String, Exception> {
    let hex = job.len() == 32 && job.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    hex.then_some(job).ok_or(Exception::INVALID_PARAMETER)
}

/// The functions with the parameters that each asks for, and those that it takes besides.
const FUNCTIONS: &[(&str, &[&str], &[&str])] = &[
    ("get_site_access", &[], &["knownversion"]),
    ("get_user_access", &["userid"], &[]),
    ("preview", &["userid", "categoryid"], &["courseid", "names"]),
    ("get_target_courses", &["userid"], &["search", "limit", "courseid"]),
    ("find_people", &["askedby"], &["search", "usernames"]),
    ("get_readiness", &["defaultcategory"], &[]),
    (
        "restore",
        &["job", "attempt", "userid", "ticket", "remotecourseid", "remote"],
        &["categoryid", "options", "sha256", "actorid"],
    ),
    ("get_restores", &["jobs"], &[]),
    ("cancel", &["job", "attempt"], &[]),
    ("enrol", &["job", "userid"], &[]),
    ("get_arrived", &["job", "userid"], &[]),
    ("remove_arrived", &["job", "userid"], &[]),
    ("keep_arrived", &["job", "userid"], &[]),
    ("get_copy", &["job", "userid"], &[]),
    ("remove_copy", &["job", "userid"], &[]),
    ("notify", &["job", "attempt", "kind", "userid", "values"], &["warnings"]),
];

/// Moodle's `validate_parameters`: all that are asked for, an empty list being none, and none that it does not know.
fn validate(function: &str, form: &Form) -> Result<(), Exception> {
    let known = FUNCTIONS.iter().find(|(name, ..)| *name == function);
    let (_, required, optional) = known.ok_or(Exception::UNKNOWN_FUNCTION)?;
    let given: BTreeSet<&str> = form.keys().filter_map(|key| key.split('[').next()).collect();
    let complete = required.iter().all(|name| given.contains(name));
    let expected = given.iter().all(|name| required.contains(name) || optional.contains(name));
    if complete && expected { Ok(()) } else { Err(Exception::INVALID_PARAMETER) }
}

fn answer(client: &Arc<Client>, function: &str, form: &Form) -> Result<Value, Exception> {
    validate(function, form)?;
    match function {
        "get_site_access" => {
            let known = form.get("knownversion").cloned().unwrap_or_default();
            let (version, snapshot) = client.records().site.snapshot();
            let unchanged = known == version;
            Ok(json!({ "version": version, "unchanged": unchanged, "snapshot": (!unchanged).then_some(snapshot) }))
        }
        "get_user_access" => {
            let user = number(form, "userid")?;
            let records = client.records();
            let mut snapshot = records.site.user_snapshot(user).ok_or(Exception::USER_NOT_FOUND)?;
            if let Value::Object(fields) = &mut snapshot {
                fields.insert("targetcourses".to_owned(), records.has_targets(user).into());
            }
            Ok(snapshot)
        }
        "get_readiness" => Ok(readiness(client, number(form, "defaultcategory")?)),
        "preview" => preview(client, form),
        "get_target_courses" => {
            let or = |name: &str, absent: i64| match form.get(name) {
                Some(number) => number.parse().map_err(|_| Exception::INVALID_PARAMETER),
                None => Ok(absent),
            };
            let limit = usize::try_from(or("limit", 20)?).unwrap_or(1);
            let search = form.get("search").map_or("", String::as_str);
            Ok(client.records().target_courses(number(form, "userid")?, search, limit, or("courseid", 0)?))
        }
        "find_people" => find_people(client, form),
        "restore" => {
            if client.records().site.has_old_block() {
                as_the_old_block(form)?;
            }
            Ok(jobs::hand_over(client, handed_over(form)?))
        }
        "get_restores" => {
            let jobs = list(form, "jobs", "").into_iter().map(checked_job).collect::<Result<Vec<_>, _>>()?;
            let records = client.records();
            Ok(json!({ "restores": jobs.iter().map(|job| jobs::entry(&records, job, None)).collect::<Vec<_>>() }))
        }
        "cancel" => Ok(jobs::cancel(client, &job(form)?, number(form, "attempt")?)),
        "enrol" => enrol(client, &job(form)?, number(form, "userid")?),
        "get_arrived" => client.arrived(&job(form)?, number(form, "userid")?),
        "remove_arrived" => arrived::remove(client, &job(form)?, number(form, "userid")?),
        "keep_arrived" => client.keep_arrived(&job(form)?, number(form, "userid")?),
        "get_copy" => Ok(client.copy(&job(form)?, number(form, "userid")?)?.answer()),
        "remove_copy" => copies::remove(client, &job(form)?, number(form, "userid")?),
        "notify" => notify(client, form),
        _ => Err(Exception::UNKNOWN_FUNCTION),
    }
}

/// What the first release of the block refused: names that are not `PARAM_TEXT`, and what it did not know yet.
fn as_the_old_block(form: &Form) -> Result<(), Exception> {
    let known = ["options[fullname]", "options[shortname]"];
    let unknown =
        form.keys().any(|key| key == "sha256" || (key.starts_with("options[") && !known.contains(&key.as_str())));
    let tagged =
        known.iter().filter_map(|name| form.get(*name)).any(|name| name.contains('<') && !name.contains("multilang"));
    if unknown || tagged || !form.contains_key("categoryid") { Err(Exception::INVALID_PARAMETER) } else { Ok(()) }
}

/// The restore that is handed over.
fn handed_over(form: &Form) -> Result<Job, Exception> {
    let option = |name: &str| form.get(&format!("options[{name}]")).cloned().unwrap_or_default();
    let integer = |name: &str| match option(name) {
        text if text.is_empty() => Ok(None),
        text => text.parse().map(Some).map_err(|_| Exception::INVALID_PARAMETER),
    };
    let left_out = list(form, "options[leaveoutactivities]", "");
    let job = Job {
        userid: number(form, "userid")?,
        categoryid: number(form, "categoryid")?,
        targetcourseid: integer("targetcourseid")?.unwrap_or_default(),
        ticket: text(form, "ticket")?,
        remotecourseid: number(form, "remotecourseid")?,
        remote: text(form, "remote")?,
        fullname: option("fullname"),
        shortname: option("shortname"),
        startdate: integer("startdate")?.unwrap_or_default(),
        visible: integer("visible")?.unwrap_or(-1),
        left_out: left_out.iter().filter_map(|id| id.parse().ok()).collect(),
        students: option("students") == "1",
        enrolments: option("enrolments").parse().unwrap_or_default(),
        sha256: form.get("sha256").cloned().unwrap_or_default(),
        actorid: form.get("actorid").map_or(Ok(0), |id| id.parse().map_err(|_| Exception::INVALID_PARAMETER))?,
        ..Job::blank(&job(form)?, number(form, "attempt")?)
    };
    let of_a_new_course =
        !job.fullname.is_empty() || !job.shortname.is_empty() || job.startdate != 0 || job.visible >= 0;
    let keeps_its_own = job.targetcourseid == 0 || !of_a_new_course;
    (job.attempt > 0 && job.ticket.len() >= 16 && keeps_its_own).then_some(job).ok_or(Exception::INVALID_PARAMETER)
}

fn find_people(client: &Client, form: &Form) -> Result<Value, Exception> {
    let site = client.site_now();
    let asked_by = number(form, "askedby")?;
    if !site.may(asked_by, &CapabilityName::from("block/courseferry:manage"), SYSTEM) {
        return Err(Exception::NOT_AN_ADMINISTRATOR);
    }
    let usernames: Vec<String> = list(form, "usernames", "").iter().map(|name| name.to_lowercase()).collect();
    let search = form.get("search").map_or(String::new(), |text| text.to_lowercase());
    let words: Vec<&str> = search.split_whitespace().collect();
    let matches = |user: &User| match usernames.as_slice() {
        [] => {
            let text = format!("{} {}", user.fullname(), user.username).to_lowercase();
            !words.is_empty() && words.iter().all(|word| text.contains(word))
        }
        named => named.contains(&user.username),
    };
    let mut found: Vec<&User> =
        site.users.iter().filter(|user| !user.deleted && !site.is_guest(user.id) && matches(user)).collect();
    found.sort_by_key(|user| (&user.lastname, &user.firstname));
    let people: Vec<Value> = found
        .iter()
        .take(20)
        .map(|user| {
            let named = if usernames.is_empty() { "" } else { &user.username };
            json!({ "id": user.id, "fullname": user.fullname(), "username": named, "identity": user.username })
        })
        .collect();
    Ok(json!({ "people": people, "more": found.len() > 20 }))
}

fn readiness(client: &Client, default_category: i64) -> Value {
    let records = client.records();
    let teaching = records.courses.values().flat_map(|course| &course.participants);
    let teachers = teaching.filter(|(_, role)| *role == "editingteacher").map(|(id, _)| *id).collect();
    let queued = records.jobs.values().filter(|job| job.state == Stage::Pending).count();
    records.site.readiness(default_category, &teachers, queued, FREE_BYTES)
}

fn preview(client: &Client, form: &Form) -> Result<Value, Exception> {
    number::<i64>(form, "userid")?;
    let id: i64 = number(form, "categoryid")?;
    let records = client.records();
    let pairs = list(form, "names", "[fullname]").into_iter().zip(list(form, "names", "[shortname]"));
    let pairs = pairs.map(|(full, short)| {
        let taken = records.courses.values().map(|course| (course.fullname.as_str(), course.shortname.as_str()));
        let (fullnametaken, shortnametaken) =
            (taken.clone().any(|(name, _)| name == full), taken.clone().any(|(_, name)| name == short));
        let (becomesfull, becomesshort) = Site::free_names(taken, &full, &short);
        json!({
            "fullname": full, "shortname": short, "fullnametaken": fullnametaken, "shortnametaken": shortnametaken,
            "becomesfullname": becomesfull, "becomesshortname": becomesshort,
        })
    });
    let pairs: Vec<_> = pairs.collect();
    let category = records.site.category(id);
    let course: i64 = form.get("courseid").and_then(|id| id.parse().ok()).unwrap_or_default();
    Ok(json!({
        "category": { "id": id, "exists": category.is_some(), "name": category.map_or("", |category| &category.name) },
        "names": pairs, "maxfullname": 254, "maxshortname": 100,
        "course": { "id": course, "exists": records.courses.contains_key(&course) },
        "freebytes": FREE_BYTES,
    }))
}

fn enrol(client: &Client, job: &str, user: i64) -> Result<Value, Exception> {
    let mut records = client.records();
    let Records { jobs, courses, site, .. } = &mut *records;
    let restored = jobs.get(job).filter(|job| job.state.is_restored());
    let course = restored.and_then(|job| courses.get_mut(&job.courseid)).ok_or(Exception::UNKNOWN_JOB)?;
    if !site.user(user).is_some_and(User::is_active) {
        return Err(Exception::USER_INACTIVE);
    }
    let already = course.participants.contains_key(&user);
    course.participants.entry(user).or_insert_with(|| "editingteacher".to_owned());
    client.changes.note();
    Ok(json!({ "job": job, "userid": user, "courseid": course.id, "enrolled": true, "already": already }))
}

fn notify(client: &Client, form: &Form) -> Result<Value, Exception> {
    let (job, attempt, kind, userid) =
        (job(form)?, number(form, "attempt")?, text(form, "kind")?, number(form, "userid")?);
    if !["success", "failure", "digest"].contains(&kind.as_str()) {
        return Err(Exception::INVALID_PARAMETER);
    }
    let mut records = client.records();
    let same = |message: &&Message| {
        (&message.job, message.attempt, &message.kind, message.userid) == (&job, attempt, &kind, userid)
    };
    if let Some(sent) = records.messages.iter().find(same) {
        return Ok(json!({ "messageids": [sent.id] }));
    }
    if !records.site.user(userid).is_some_and(User::is_active) {
        return Err(Exception::USER_INACTIVE);
    }
    let values = list(form, "values", "[name]").into_iter().zip(list(form, "values", "[value]")).collect();
    let id = i64::try_from(records.messages.len()).unwrap_or_default() + 1;
    records.messages.push(Message { id, job, attempt, kind, userid, values, warnings: list(form, "warnings", "") });
    client.changes.note();
    Ok(json!({ "messageids": [id] }))
}

/// Moodle's `lib/ajax/service.php`: several calls in one request, for whoever is logged in.
async fn ajax_service(
    State(client): State<Arc<Client>>,
    Query(query): Query<BTreeMap<String, String>>,
    headers: HeaderMap,
    Json(calls): Json<Vec<Value>>,
) -> Response<Body> {
    let failed =
        |code: &str, message: &str| json!({ "error": true, "exception": { "message": message, "errorcode": code } });
    let session = session_of(&client, &headers).map(|(_, session)| session);
    let logged_in = session.as_ref().and_then(|session| session.user);
    let Some((session, _)) = session.zip(logged_in) else {
        return ajax(&json!([failed(
            "servicerequireslogin",
            "Web service is not available. (The session has been logged out or has expired.)"
        )]));
    };
    if query.get("sesskey") != Some(&session.sesskey) {
        return ajax(&json!([failed(
            "invalidsesskey",
            "Your session has most likely timed out. Please check if you are logged in or go back to the previous screen and reload the page."
        )]));
    }
    let mut answers = Vec::new();
    for call in calls {
        let state = call.pointer("/args/state").and_then(Value::as_str).filter(|state| !state.is_empty());
        let known = call.get("methodname").and_then(Value::as_str) == Some("block_courseferry_get_launch_token");
        let token = client.token_for(&session, state.map(ToOwned::to_owned)).filter(|_| known);
        answers.push(match token {
            Some(token) => json!({ "error": false, "data": { "token": token, "expires": crate::server::now() + 300 } }),
            None if session.limited => failed("limitedloginas", "This log-in ends at its course"),
            None => failed("untrustedaccount", "Your kind of account cannot be used here"),
        });
    }
    ajax(&json!(answers))
}
