//! `contract/*.json`: what Worker, companion, remotes and widget say to each other, for those who are not written in
//! Rust. The companion's `PHPUnit` tests and the stand-in Moodle read these files, so that a change on one side alone
//! fails a test.
//!
//! The files are written from the types: `UPDATE_CONTRACT=1 cargo test -p courseferry-api --test contract`.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests")]

use courseferry_api::{
    ErrorBody, ErrorCode, Language, Method, Phase, Problem, RemoteKind, Repeat, Route, Status,
    companion::{MessageKind, Progress, State},
    remote::{BackupEntry, BackupState, Contents, DeletedBackup},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use std::{collections::BTreeSet, fs, path::Path};

const JOB: &str = "0123456789abcdef0123456789abcdef";

/// Every code: its HTTP status, whether Courseferry tries again by itself, and who can do something otherwise.
fn errors() -> Value {
    let row = |code: &ErrorCode| {
        let help = match code.repeat() {
            Repeat::Automatic => "by itself",
            Repeat::Manual => "after a change",
            Repeat::Administrator => "after an administrator's change",
            Repeat::Never => "never",
        };
        (
            code.to_string(),
            json!({"status": code.status(), "transient": code.repeat() == Repeat::Automatic, "again": help}),
        )
    };
    Value::Object(ErrorCode::ALL.iter().map(row).collect())
}

/// The body of every answer of the Worker that is no success. The request's id stands beside the error, not in it.
fn error_body() -> Value {
    let error = Problem::new(ErrorCode::BackupGone, Language::English, "", "");
    serde_json::to_value(ErrorBody { error, request_id: "0123456789abcdef".to_owned() }).unwrap()
}

/// What the companion answers to `restore`, `get_restores` and `cancel`, and its words.
fn companion() -> Value {
    let entry = |state: State| {
        let over = matches!(state, State::Complete | State::PartiallyRestored);
        let failed = state == State::Failed;
        let warning = json!({"code": "warning", "message": "A quiz was left out.", "count": 2});
        json!({
            "job": JOB,
            "attempt": u8::from(state != State::NotFound),
            "state": state,
            "bytes": 34,
            "totalbytes": 95,
            "percent": if over { 100.0 } else { 0.0 },
            "courseid": if over { 7 } else { 0 },
            "coursename": if over { "Optics" } else { "" },
            "shortname": if over { "OPT101" } else { "" },
            "targetcourseid": 0,
            "warnings": if over { vec![warning] } else { vec![] },
            "error": if failed { "client.no_capability" } else { "" },
            "errordetail": if failed { "moodle/course:create" } else { "" },
            "transient": false,
            "timemodified": 1_795_308_746,
        })
    };
    json!({
        "states": State::ALL,
        "entries": State::ALL.map(entry),
        "messagekinds": [MessageKind::Success, MessageKind::Failure, MessageKind::Digest],
        "order": {
            "required": ["job", "attempt", "userid", "ticket", "remotecourseid", "remote"],
            "optional": ["categoryid", "options", "sha256", "actorid"],
            "options": [
                "fullname", "shortname", "targetcourseid", "startdate", "visible", "leaveoutsections", "leaveoutactivities",
                "students", "enrolments",
            ],
        },
    })
}

/// The functions of our remote side: what they take and what they answer.
fn remote() -> Value {
    let entry = |state: BackupState| {
        let (ready, failed) = (state == BackupState::Ready, state == BackupState::Failed);
        json!({
            "job": JOB,
            "number": 1,
            "state": state,
            "percent": match state { BackupState::Ready => 100.0, BackupState::Running => 59.6, _ => 0.0 },
            "elapsed": if matches!(state, BackupState::Waiting | BackupState::Running) { 12 } else { 0 },
            "bytes": if ready { 95 } else { 0 },
            "sha256": if ready { "5".repeat(64) } else { String::new() },
            "error": if failed { "remote.backup_failed" } else { "" },
            "message": if failed { "Core's own words" } else { "" },
            "transient": failed,
            "expires": if ready { 1_795_481_546 } else { 0 },
        })
    };
    let states =
        [BackupState::Waiting, BackupState::Running, BackupState::Ready, BackupState::Failed, BackupState::Gone];
    let activity = json!({
        "id": 7, "name": "Lenses", "kind": "page", "kindname": "Page", "visible": true, "bytes": 12, "section": 0,
    });
    let course = json!({
        "id": 11, "fullname": "Optics", "shortname": "OPT101", "idnumber": "O-1", "categoryid": 3,
        "categorypath": "Sciences / Physics", "categoryidentifier": "FAC-SCI-PHY", "startdate": 1_795_308_746,
        "enddate": 0, "visible": true, "format": "topics", "users": true,
    });
    let section = json!({"id": 3, "number": 1, "name": "Week 1", "visible": true, "activities": [activity]});
    json!({
        "kinds": RemoteKind::ALL,
        "states": states,
        "entries": states.map(entry),
        "deleted": {"job": JOB, "number": 1, "removed": true},
        "courses": [course],
        "contents": {"bytes": 12, "sections": [section]},
        "errors": [
            "remote.unknown_user", "remote.account_not_lent", "remote.not_owner", "remote.users_not_lent",
            "remote.course_missing", "remote.no_backup_right", "remote.backup_failed", "remote.backup_crashed",
            "remote.backup_settings", "remote.disk_full", "remote.not_ready", "backup.gone", "backup.range",
        ],
        "functions": {
            "block_courseferry_remote_get_courses": {"in": ["username"], "out": ["courses"]},
            "block_courseferry_remote_get_contents": {"in": ["username", "courseid"], "out": ["bytes", "sections"]},
            "block_courseferry_remote_start_backup": {
                "in": ["job", "number", "username", "courseid", "options"],
                "options": ["users", "leaveoutsections", "leaveoutactivities"],
            },
            "block_courseferry_remote_get_backups": {"in": ["backups"], "out": ["backups"]},
            "block_courseferry_remote_delete_backups": {"in": ["backups"], "out": ["backups"]},
        },
        "script": {"path": "/blocks/courseferry/backup.php", "in": ["token", "job", "number"]},
    })
}

/// The Worker's endpoints, and the words of a restore.
fn worker() -> Value {
    let endpoint = |(called_by, method, path): &(courseferry_api::CalledBy, Method, &str)| json!({"calledby": format!("{called_by:?}").to_lowercase(), "method": method.as_str(), "path": path});
    json!({
        "endpoints": Route::ALL.iter().map(endpoint).collect::<Vec<_>>(),
        "statuses": [Status::Scheduled, Status::InProgress, Status::Restored, Status::Failed, Status::Cancelled],
        "phases": [Phase::BackingUp, Phase::Transferring, Phase::Restoring],
    })
}

#[test]
fn the_files_say_what_the_types_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("contract");
    let files = [
        ("errors", errors()),
        ("error_body", error_body()),
        ("companion", companion()),
        ("remote", remote()),
        ("worker", worker()),
    ];
    for (name, value) in files {
        let (path, text) =
            (folder.join(name).with_extension("json"), serde_json::to_string_pretty(&value).unwrap() + "\n");
        if std::env::var_os("UPDATE_CONTRACT").is_some() {
            fs::write(&path, &text).unwrap();
        }
        let written = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            written == text,
            "contract/{name}.json is old: UPDATE_CONTRACT=1 cargo test -p courseferry-api --test contract"
        );
    }
}

/// Reads an example and compares the names of its fields with the type's own.
fn read<T: DeserializeOwned + Serialize>(example: &Value) -> T {
    let read: T = serde_json::from_value(example.clone()).unwrap_or_else(|error| panic!("{error}: {example}"));
    let names = |value: &Value| value.as_object().expect("an object").keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(names(&serde_json::to_value(&read).unwrap()), names(example));
    read
}

#[test]
fn every_example_is_read_by_its_type_field_by_field() {
    for entry in companion()["entries"].as_array().unwrap() {
        let progress: Progress = read(entry);
        assert_eq!(progress.error.is_some(), progress.state == State::Failed);
        assert_eq!(progress.warnings.iter().map(|warning| warning.count).sum::<u32>() > 0, progress.course.is_some());
    }
    let remote = remote();
    for entry in remote["entries"].as_array().unwrap() {
        let backup: BackupEntry = read(entry);
        assert_eq!(backup.error.is_some(), backup.state == BackupState::Failed);
    }
    assert!(read::<DeletedBackup>(&remote["deleted"]).removed);
    assert_eq!(read::<Contents>(&remote["contents"]).sections[0].activities[0].kind, "page");
    for code in remote["errors"].as_array().unwrap() {
        assert!(code.as_str().unwrap().parse::<ErrorCode>().is_ok(), "{code}");
    }
    read::<ErrorBody>(&error_body());
}

#[test]
fn the_request_id_stands_beside_the_error_and_a_wrong_course_is_tried_again() {
    let body = error_body();
    assert!(body["request_id"].is_string() && body["error"]["request_id"].is_null());
    assert_eq!(errors()["backup.wrong_course"]["transient"], true);
}
