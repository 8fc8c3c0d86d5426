//! `edge/api/contract/client.json`: what the companion's functions take and answer on the client's side, and what its
//! tokens say. The stand-in (`tests/tests/contract.rs`) and the companion's `PHPUnit` tests are held to the same file, so
//! that a change on one side alone fails a test.
//!
//! What is sent is taken from the calls themselves, what is answered is read by the types. The file is written by
//! `UPDATE_CONTRACT=1 cargo test -p courseferry-moodle --test contract`.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use courseferry_access::{
    UserSnapshot,
    token::{Claims, LaunchClaims, ServiceClaims},
};
use courseferry_api::{
    CategoryId, CourseId, Enrolments, JobId, Options, RemoteCourseId, UnixTime, UserId,
    companion::{
        Arrived, Decision, Enrolled, FoundPeople, MessageIds, MessageKind, Order, Preview, ProgressOfRestores,
        TargetCourses,
    },
};
use courseferry_moodle::{Call, Companion, Course, Notification, Report, Secret, SiteAccess};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// What the companion answers and no type here reads.
const UNREAD: [&str; 8] = [
    "get_courses.categoryid",
    "get_courses.enddate",
    "get_courses.format",
    "get_readiness.leftovers.list.since",
    "get_target_courses.courses.categoryid",
    "get_target_courses.courses.visible",
    "preview.maxfullname",
    "preview.maxshortname",
];

const JOB: &str = "0123456789abcdef0123456789abcdef";

fn companion() -> Companion {
    Companion { url: "https://moodle.example.org".parse().unwrap(), token: Secret::new("t") }
}

/// A call's function with its parameters, each with the names of its members: `options[visible]`, `values[0][name]`.
fn sent<T>(call: &Call<T>) -> (String, Value) {
    let (mut function, mut parameters) = (String::new(), BTreeMap::<String, BTreeSet<String>>::new());
    for (name, value) in url::form_urlencoded::parse(call.request.body.as_bytes()) {
        let mut parts = name.split(['[', ']']).filter(|part| !part.is_empty());
        match parts.next().unwrap() {
            "wsfunction" => function = value.into_owned(),
            "wstoken" | "moodlewsrestformat" => {}
            parameter => {
                let member = parts.rfind(|part| part.parse::<u32>().is_err());
                parameters.entry(parameter.to_owned()).or_default().extend(member.map(str::to_owned));
            }
        }
    }
    (function, json!(parameters))
}

fn functions() -> Value {
    let job: JobId = JOB.parse().unwrap();
    let options = Options {
        full_name: Some("Optics".to_owned()),
        short_name: Some("OPT101".to_owned()),
        target_course: Some(CourseId(7)),
        starts: Some(UnixTime(1_795_308_746)),
        visible: Some(true),
        students: true,
        enrolments: Enrolments::Always,
        leave_out_sections: vec![3],
        leave_out_activities: vec![7],
    };
    let order = Order {
        job: &job,
        attempt: 1,
        user: UserId(5),
        actor: Some(UserId(2)),
        category: CategoryId(3),
        course: RemoteCourseId(11),
        remote_name: "Moodle Sciences",
        options: &options,
        sha256: Some(JOB),
    };
    let message = Notification {
        job: &job,
        attempt: 1,
        kind: MessageKind::Success,
        user: UserId(5),
        values: &[("subject", "Optics is here")],
        warnings: &["A quiz was left out.".to_owned()],
    };
    let companion = companion();
    let mut functions = Map::new();
    // A function that is asked in two ways is sent what either of them sends.
    let mut add = |(name, sent): (String, Value), answer: Value| {
        let known = functions.entry(name).or_insert_with(|| json!({"in": {}, "out": answer}));
        known["in"].as_object_mut().unwrap().extend(sent.as_object().cloned().unwrap());
    };
    add(sent(&companion.get_site_access("v1")), site_access());
    add(sent(&companion.get_user_access(UserId(5))), user_access());
    add(sent(&companion.get_readiness(Some(CategoryId(3)))), readiness());
    let names = [("Optics".to_owned(), "OPT101".to_owned())];
    add(sent(&companion.preview(UserId(5), CategoryId(3), &names)), preview());
    add(sent(&companion.find_course(UserId(5), CourseId(42))), preview());
    add(sent(&companion.target_courses(UserId(5), "optics")), target_courses());
    add(sent(&companion.target_course(UserId(5), CourseId(42))), target_courses());
    add(sent(&companion.find_people(UserId(2), "curie")), found_people());
    add(sent(&companion.people_named(UserId(2), &["mcurie"])), found_people());
    // What these answer stands in companion.json.
    add(sent(&companion.restore(&order, &Secret::new("ticket"))), json!("progress"));
    add(sent(&companion.cancel(&job, 1)), json!("progress"));
    add(sent(&companion.get_restores([&job])), json!({"restores": ["progress"]}));
    add(sent(&companion.enrol(&job, UserId(5))), enrolled());
    add(sent(&companion.get_arrived(&job, UserId(5))), arrived());
    add(sent(&companion.remove_arrived(&job, UserId(5))), decision());
    add(sent(&companion.keep_arrived(&job, UserId(5))), decision());
    add(sent(&companion.get_copy(&job, UserId(5))), decision());
    add(sent(&companion.remove_copy(&job, UserId(5))), decision());
    add(sent(&companion.notify(&message)), json!({"messageids": [17]}));
    Value::Object(functions)
}

fn site_access() -> Value {
    let context = json!({
        "id": 3, "contextlevel": 40, "instanceid": 2, "path": "/1/3", "depth": 2, "locked": false, "name": "Sciences",
        "visible": true, "identifier": "FAC-SCI",
    });
    let capability = json!({
        "name": "moodle/course:create", "captype": "write", "contextlevel": 40, "riskbitmask": 4, "component": "moodle",
    });
    json!({
        "version": "5d41402abc4b2a76b9719d911017c592", "unchanged": false,
        "snapshot": {
            "config": {
                "siteadmins": [2], "siteguest": 1, "defaultuserroleid": 7, "notloggedinroleid": 6, "guestroleid": 6,
                "defaultfrontpageroleid": 8, "forcelogin": false, "contextlocking": true,
                "contextlockappliestoadmin": true, "frontpagecontextid": 2, "syscontextid": 1,
            },
            "contexts": [context],
            "roles": [{"id": 3, "shortname": "editingteacher", "name": "", "archetype": "editingteacher", "sortorder": 3}],
            "capabilities": [capability],
            "role_capabilities": [
                {"contextid": 1, "roleid": 3, "capability": "moodle/course:create", "permission": 1},
            ],
            "site": {
                "wwwroot": "https://moodle.example.org", "sitename": "Campus", "release": "4.5.5", "lang": "en",
                "timezone": "Europe/Paris", "lastcron": 1_795_308_746, "pluginversion": "2026112600",
                "maxfullname": 254, "maxshortname": 100, "originalblock": false, "targetcourses": true, "userdata": false,
                "removecopytime": 604_800,
            },
        },
    })
}

fn user_access() -> Value {
    json!({
        "userid": 5, "username": "mcurie", "fullname": "Marie Curie", "lang": "fr", "timezone": "Europe/Paris",
        "suspended": false, "deleted": false, "confirmed": true, "auth": "manual", "vouchedfor": true, "targetcourses": true,
        "assignments": [{"roleid": 9, "contextid": 3}], "siteversion": "5d41402abc4b2a76b9719d911017c592",
    })
}

fn readiness() -> Value {
    let leftover = json!({"courseid": 43, "name": "Optics", "reason": "a row is locked", "since": 1_795_308_746});
    json!({
        "time": 1_795_308_746, "release": "4.5.5", "pluginversion": "2026112600", "lastcron": 1_795_308_746,
        "croninterval": 60, "task": {"enabled": true, "lastrun": 1_795_308_746, "faildelay": 0},
        "waiting": {"number": 1, "oldest": 1_795_308_746}, "sidebyside": 2, "teachers": 12, "seewidget": 11, "mayrestore": 10,
        "ondashboard": true, "original": {"installed": true, "running": false}, "freebytes": 53_687_091_200_u64,
        "defaultcategoryexists": true, "missingidentifier": "", "identifiedcategories": 6,
        "enrolrole": "editingteacher", "manualenrolment": true,
        "leftovers": {"number": 1, "list": [leftover]},
    })
}

fn preview() -> Value {
    let names = json!({
        "fullname": "Optics", "shortname": "OPT101", "fullnametaken": true, "shortnametaken": true,
        "becomesfullname": "Optics copy 1", "becomesshortname": "OPT101_1",
    });
    json!({
        "category": {"id": 3, "exists": true, "name": "Physics"},
        "names": [names], "maxfullname": 254, "maxshortname": 100,
        "course": {"id": 42, "exists": true}, "freebytes": 53_687_091_200_u64,
    })
}

fn target_courses() -> Value {
    let course = json!({
        "id": 42, "fullname": "Optics", "shortname": "OPT101", "visible": true, "startdate": 1_795_308_746,
        "categoryid": 3, "category": "Physics",
    });
    json!({"courses": [course], "more": false, "error": "", "errordetail": ""})
}

fn found_people() -> Value {
    json!({"people": [{"id": 5, "fullname": "Marie Curie", "username": "mcurie", "identity": "m.curie@example.org"}], "more": false})
}

fn enrolled() -> Value {
    json!({"job": JOB, "userid": 5, "courseid": 42, "enrolled": true, "already": false})
}

fn arrived() -> Value {
    json!({"job": JOB, "arrived": [{"kind": "activity", "name": "Exercise 1"}], "more": false})
}

fn decision() -> Value {
    json!({"job": JOB, "state": "refused", "reason": "nolog", "detail": "no log can be asked"})
}

fn launch() -> Value {
    json!({
        "iss": "https://moodle.example.org", "aud": "https://courseferry.example.org", "sub": "5",
        "preferred_username": "mcurie", "name": "Marie Curie", "locale": "fr", "zoneinfo": "Europe/Paris",
        "iat": 1_795_308_746, "exp": 1_795_309_046, "jti": "aJ7", "state": "s1",
        "act": {"sub": "2", "preferred_username": "admin"},
        "access": {
            "assignments": [{"roleid": 9, "contextid": 3}], "siteversion": "5d41402abc4b2a76b9719d911017c592",
            "targetcourses": true,
        },
    })
}

fn service() -> Value {
    json!({
        "iss": "https://moodle.example.org", "aud": "https://courseferry.example.org",
        "sub": ServiceClaims::COMPANION, "iat": 1_795_308_746, "exp": 1_795_308_806, "jti": "aJ8",
    })
}

#[test]
fn the_file_says_what_the_types_say() {
    let token = |kind: courseferry_access::token::Kind, optional: &[&str], claims: Value| json!({"header": {"typ": kind.typ(), "alg": "HS256"}, "longestlife": kind.longest_life(), "claims": claims, "optional": optional});
    let value = json!({
        "functions": functions(),
        "tokens": {
            "launch": token(LaunchClaims::KIND, &["act", "state", "access"], launch()),
            "service": token(ServiceClaims::KIND, &[], service()),
        },
    });
    let text = serde_json::to_string_pretty(&value).unwrap() + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../api/contract/client.json");
    if std::env::var_os("UPDATE_CONTRACT").is_some() {
        fs::write(&path, &text).unwrap();
    }
    assert!(
        fs::read_to_string(&path).unwrap_or_default() == text,
        "contract/client.json is old: UPDATE_CONTRACT=1 cargo test -p courseferry-moodle --test contract"
    );
}

/// The fields of an example that its type does not read, and those that only the type has.
fn differences(at: &str, example: &Value, read: &Value) -> BTreeSet<String> {
    let below = |name: &str| format!("{at}.{name}");
    match (example, read) {
        (Value::Object(example), Value::Object(read)) => {
            let names: BTreeSet<&String> = example.keys().chain(read.keys()).collect();
            let differ = |name: &String| match (example.get(name), read.get(name)) {
                (Some(example), Some(read)) => differences(&below(name), example, read),
                _ => BTreeSet::from([below(name)]),
            };
            names.into_iter().flat_map(differ).collect()
        }
        (Value::Array(example), Value::Array(read)) => {
            example.iter().zip(read).flat_map(|(example, read)| differences(at, example, read)).collect()
        }
        _ => BTreeSet::new(),
    }
}

fn unread<T: DeserializeOwned + Serialize>(at: &str, example: &Value) -> BTreeSet<String> {
    let read: T = serde_json::from_value(example.clone()).unwrap_or_else(|error| panic!("{at}: {error}"));
    differences(at, example, &serde_json::to_value(&read).unwrap())
}

#[test]
fn every_field_of_an_answer_is_read_but_for_those_that_are_named() {
    let remote = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../api/contract/remote.json")).unwrap();
    let remote: Value = serde_json::from_str(&remote).unwrap();
    let found = [
        unread::<Vec<Course>>("get_courses", &remote["courses"]),
        unread::<SiteAccess>("get_site_access", &site_access()),
        unread::<UserSnapshot>("get_user_access", &user_access()),
        unread::<Report>("get_readiness", &readiness()),
        unread::<Preview>("preview", &preview()),
        unread::<TargetCourses>("get_target_courses", &target_courses()),
        unread::<FoundPeople>("find_people", &found_people()),
        unread::<Enrolled>("enrol", &enrolled()),
        unread::<Arrived>("get_arrived", &arrived()),
        unread::<Decision>("remove_arrived", &decision()),
        unread::<MessageIds>("notify", &json!({"messageids": [17]})),
        unread::<ProgressOfRestores>("get_restores", &json!({"restores": []})),
        unread::<LaunchClaims>("launch", &launch()),
        unread::<ServiceClaims>("service", &service()),
    ];
    let found: BTreeSet<String> = found.into_iter().flatten().collect();
    let expected: BTreeSet<String> = UNREAD.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(found, expected, "an answer and its type differ");
}
