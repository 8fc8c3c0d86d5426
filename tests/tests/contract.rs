//! The stand-ins speak as `edge/api/contract/*.json` says: the same functions, the same fields, values of the same kind.
#![expect(clippy::unwrap_used, reason = "all of this is test code, and a panic is how a test fails")]

use courseferry_api::RemoteKind;
use courseferry_tests::{StandIn, client::ClientConfig, demo};
use reqwest::redirect::Policy;
use serde_json::{Value, json};
use std::{collections::BTreeMap, fs, path::Path};

fn contract(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../edge/api/contract").join(name);
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

async fn call(site: &str, token: &str, function: &str, parameters: &[(&str, &str)]) -> Value {
    let http = reqwest::Client::builder().redirect(Policy::none()).build().unwrap();
    let mut form = BTreeMap::from([("wstoken", token), ("wsfunction", function), ("moodlewsrestformat", "json")]);
    form.extend(parameters.iter().copied());
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let request = http.post(format!("{site}/webservice/rest/server.php")).body(body);
    let answer = request.header("content-type", "application/x-www-form-urlencoded").send().await.unwrap();
    serde_json::from_str(&answer.text().await.unwrap()).unwrap()
}

/// Where an answer differs from its example: fields that only one of them has, and values of another kind.
fn differences(at: &str, example: &Value, answer: &Value) -> Vec<String> {
    match (example, answer) {
        (Value::Object(example), Value::Object(answer)) => {
            let missing = example
                .keys()
                .filter(|name| !answer.contains_key(*name))
                .map(|name| format!("{at}.{name} is not sent"));
            let unknown = answer
                .keys()
                .filter(|name| !example.contains_key(*name))
                .map(|name| format!("{at}.{name} is not known"));
            let inside = example.iter().filter_map(|(name, example)| Some((name, example, answer.get(name)?)));
            let inside =
                inside.flat_map(|(name, example, answer)| differences(&format!("{at}.{name}"), example, answer));
            missing.chain(unknown).chain(inside).collect()
        }
        (Value::Array(example), Value::Array(answer)) => match example.first() {
            Some(example) => answer.iter().flat_map(|answer| differences(at, example, answer)).collect(),
            None => Vec::new(),
        },
        _ if std::mem::discriminant(example) == std::mem::discriminant(answer) => Vec::new(),
        _ => vec![format!("{at} is {answer}, not like {example}")],
    }
}

#[track_caller]
fn same(at: &str, example: &Value, answer: &Value) {
    let found = differences(at, example, answer);
    assert!(found.is_empty(), "{found:#?}");
}

#[tokio::test]
async fn the_stand_in_client_answers_as_the_contract_says() {
    let site = StandIn::client(ClientConfig::default()).unwrap();
    let (client, progress) = (contract("client.json"), contract("companion.json"));
    let progress = &progress["entries"][0];
    let job = "0123456789abcdef0123456789abcdef";
    let message = [
        ("job", job),
        ("attempt", "1"),
        ("kind", "success"),
        ("userid", "5"),
        ("values[0][name]", "subject"),
        ("values[0][value]", "x"),
    ];
    let order = [
        ("job", job),
        ("attempt", "1"),
        ("userid", "5"),
        ("categoryid", "3"),
        ("ticket", "0123456789abcdef"),
        ("remotecourseid", "11"),
        ("remote", "Moodle Sciences"),
    ];
    let preview = [
        ("userid", "5"),
        ("categoryid", "3"),
        ("names[0][fullname]", "Optics"),
        ("names[0][shortname]", "OPT101"),
        ("courseid", "42"),
    ];
    let calls: [(&str, &[(&str, &str)]); 16] = [
        ("get_site_access", &[("knownversion", "")]),
        ("get_user_access", &[("userid", "5")]),
        ("get_readiness", &[("defaultcategory", "3")]),
        ("preview", &preview),
        ("get_target_courses", &[("userid", "2"), ("search", "")]),
        ("find_people", &[("askedby", "2"), ("search", "curie")]),
        ("restore", &order),
        ("cancel", &[("job", job), ("attempt", "1")]),
        ("get_restores", &[("jobs[0]", job)]),
        ("enrol", &[("job", job), ("userid", "5")]),
        ("get_arrived", &[("job", job), ("userid", "5")]),
        ("remove_arrived", &[("job", job), ("userid", "5")]),
        ("keep_arrived", &[("job", job), ("userid", "5")]),
        ("get_copy", &[("job", job), ("userid", "5")]),
        ("remove_copy", &[("job", job), ("userid", "5")]),
        ("notify", &message),
    ];
    let functions = client["functions"].as_object().unwrap();
    assert_eq!(functions.len(), calls.len(), "each function is asked");
    for (name, parameters) in calls {
        let function = format!("block_courseferry_{name}");
        let answer = call(site.address(), &site.config().token, &function, parameters).await;
        let example = match &functions[&function]["out"] {
            Value::String(_) => progress.clone(),
            example if example["restores"].is_array() => json!({ "restores": [progress] }),
            example => example.clone(),
        };
        // The restore was cancelled, so nobody can be enrolled: that too is said in the contract's words.
        match answer["errorcode"].as_str() {
            Some(code) => assert!(name == "enrol" && contract("errors.json")[code].is_object(), "{name}: {answer}"),
            None => same(name, &example, &answer),
        }
    }
}

#[tokio::test]
async fn the_stand_in_remote_answers_as_the_contract_says() {
    let site = StandIn::remote(demo::sciences().of_kind(RemoteKind::Courseferry)).unwrap();
    let contract = contract("remote.json");
    let job = "0123456789abcdef0123456789abcdef";
    let ask = async |name: &str, parameters: &[(&str, &str)]| {
        call(site.address(), &site.config().token, &format!("block_courseferry_remote_{name}"), parameters).await
    };
    let courses = ask("get_courses", &[("username", "teacher1")]).await;
    let course = courses["courses"][0]["id"].to_string();
    same("get_courses", &contract["courses"], &courses["courses"]);
    let contents = ask("get_contents", &[("username", "teacher1"), ("courseid", &course)]).await;
    same("get_contents", &contract["contents"], &contents);
    let start = [("job", job), ("number", "1"), ("username", "teacher1"), ("courseid", course.as_str())];
    same("start_backup", &contract["entries"][0], &ask("start_backup", &start).await);
    let backup = [("backups[0][job]", job), ("backups[0][number]", "1")];
    let backups = ask("get_backups", &backup).await;
    same("get_backups", &contract["entries"][0], &backups["backups"][0]);
    let deleted = ask("delete_backups", &backup).await;
    same("delete_backups", &contract["deleted"], &deleted["backups"][0]);
}
