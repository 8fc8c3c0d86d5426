//! The stand-in of a remote with our own block: asked for backups that are made while nobody waits, it answers as the
//! block does.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "all of this is test code, and a panic is how a test fails"
)]

use courseferry_api::RemoteKind;
use courseferry_tests::{
    StandIn,
    checksum::{read_sums, sha1},
    demo,
    remote::{Armed, BackupFailure, LentState, Remote, Trap},
};
use reqwest::{Client, Response};
use serde_json::{Value, json};

const JOB: &str = "0123456789abcdef0123456789abcdef";

fn lending() -> StandIn<Remote> {
    StandIn::remote(demo::sciences().of_kind(RemoteKind::Courseferry)).unwrap()
}

async fn call(site: &StandIn<Remote>, function: &str, parameters: &[(&str, &str)]) -> Value {
    let token = site.config().token.clone();
    let function = if function.starts_with("core_") {
        function.to_owned()
    } else {
        format!("block_courseferry_remote_{function}")
    };
    let mut form = vec![("wstoken", token.as_str()), ("wsfunction", &function), ("moodlewsrestformat", "json")];
    form.extend(parameters);
    let address = format!("{}/webservice/rest/server.php", site.address());
    let answer = Client::new().post(address).form(&form).send().await.unwrap();
    serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap()
}

async fn start(site: &StandIn<Remote>, number: &str) -> Value {
    call(site, "start_backup", &[("job", JOB), ("number", number), ("username", "teacher1"), ("courseid", "12")]).await
}

async fn entry(site: &StandIn<Remote>, number: &str) -> Value {
    let all = call(site, "get_backups", &[("backups[0][job]", JOB), ("backups[0][number]", number)]).await;
    all["backups"][0].clone()
}

async fn fetch(site: &StandIn<Remote>, number: &str, headers: &[(&str, &str)]) -> Response {
    let form = [("token", site.config().token.as_str()), ("job", JOB), ("number", number)];
    let request = Client::new().post(format!("{}/blocks/courseferry/backup.php", site.address())).form(&form);
    headers.iter().fold(request, |request, (name, value)| request.header(*name, *value)).send().await.unwrap()
}

async fn ready(site: &StandIn<Remote>) {
    site.until_lent(|lent| lent.state == LentState::Ready).await;
}

#[tokio::test]
async fn its_service_offers_our_functions_and_none_of_the_originals() {
    let site = lending();
    let info = call(&site, "core_webservice_get_site_info", &[]).await;
    let names: Vec<_> = info["functions"].as_array().unwrap().iter().map(|f| f["name"].as_str().unwrap()).collect();
    assert!(names.contains(&"block_courseferry_remote_get_courses"), "{names:?}");
    assert!(!names.iter().any(|name| name.contains("my_external")), "{names:?}");
    site.change_kind(RemoteKind::Original3);
    let info = call(&site, "core_webservice_get_site_info", &[]).await;
    let version = |name: &str| {
        let function = info["functions"].as_array().unwrap().iter().find(|f| f["name"] == name).cloned();
        function.map(|function| function["version"].as_str().unwrap().to_owned())
    };
    let zip = "block_my_external_backup_restore_courses_get_courses_zip";
    assert_eq!(version(zip).as_deref(), Some("2024021600"));
    assert_eq!(start(&site, "1").await["errorcode"], "invalidrecord");
}

#[tokio::test]
async fn it_lists_courses_by_name_with_what_is_in_them() {
    let site = lending();
    let list = call(&site, "get_courses", &[("username", "teacher1")]).await;
    let names: Vec<_> = list["courses"].as_array().unwrap().iter().map(|c| c["fullname"].as_str().unwrap()).collect();
    assert!(names.is_sorted() && !names.is_empty(), "{names:?}");
    let contents = call(&site, "get_contents", &[("username", "teacher1"), ("courseid", "12")]).await;
    assert!(contents["bytes"].as_u64().unwrap() > 60_000, "{contents}");
    assert_eq!(contents["sections"][1]["activities"][1]["name"], "Plan of the course");
    let stranger = call(&site, "get_courses", &[("username", "TEACHER1")]).await;
    assert_eq!(stranger["errorcode"], "remote.unknown_user");
}

#[tokio::test]
async fn the_same_number_is_the_same_backup_and_a_higher_one_another() {
    let site = lending();
    assert_eq!(start(&site, "1").await["state"], "waiting");
    ready(&site).await;
    let first = entry(&site, "1").await;
    assert_eq!(start(&site, "1").await, first);
    assert_eq!(site.made().len(), 1);
    let other = [("job", JOB), ("number", "1"), ("username", "teacher1"), ("courseid", "13")];
    assert_eq!(call(&site, "start_backup", &other).await["errorcode"], "invalidparameter");
    start(&site, "2").await;
    site.until_lent(|lent| lent.number == 2 && lent.state == LentState::Ready).await;
    assert_eq!(site.made().len(), 2);
}

#[tokio::test]
async fn its_file_has_the_sums_that_it_tells_and_comes_in_ranges() {
    let site = lending();
    start(&site, "1").await;
    ready(&site).await;
    let lent = entry(&site, "1").await;
    let answer = fetch(&site, "1", &[]).await;
    let etag = answer.headers()["etag"].to_str().unwrap().to_owned();
    let digest = answer.headers()["repr-digest"].to_str().unwrap().to_owned();
    let whole = answer.bytes().await.unwrap();
    let (_, _, sha256) = read_sums(&whole[..]).unwrap();
    assert_eq!((lent["bytes"].as_u64(), lent["sha256"].as_str()), (Some(whole.len() as u64), Some(sha256.as_str())));
    assert_eq!(etag, format!("\"{}\"", sha1(&whole)));
    assert!(digest.starts_with("sha-256=:"), "{digest}");

    let rest = fetch(&site, "1", &[("range", "bytes=1000-"), ("if-range", &etag)]).await;
    assert_eq!(rest.status(), 206);
    assert_eq!(rest.bytes().await.unwrap(), whole.slice(1000..));
    assert_eq!(fetch(&site, "1", &[("range", "bytes=1000-"), ("if-range", "\"other\"")]).await.status(), 200);
    let beyond = format!("bytes={}-", whole.len());
    assert_eq!(fetch(&site, "1", &[("range", &beyond)]).await.status(), 416);
}

#[tokio::test]
async fn what_is_not_there_yet_any_more_or_for_this_token_is_refused_with_a_status() {
    let site = lending();
    assert_eq!(fetch(&site, "1", &[]).await.status(), 410);
    site.set(Trap::CronStopped);
    start(&site, "1").await;
    assert_eq!(fetch(&site, "1", &[]).await.status(), 409);
    site.clear();
    ready(&site).await;
    let gone = [("backups[0][job]", JOB), ("backups[0][number]", "1")];
    assert_eq!(call(&site, "delete_backups", &gone).await["backups"][0]["removed"], true);
    assert_eq!(call(&site, "delete_backups", &gone).await["backups"][0]["removed"], false);
    assert_eq!(entry(&site, "1").await["state"], "gone");
    assert_eq!(fetch(&site, "1", &[]).await.status(), 410);
    let foreign = [("token", "nobody's"), ("job", JOB), ("number", "1")];
    let address = format!("{}/blocks/courseferry/backup.php", site.address());
    assert_eq!(Client::new().post(address).form(&foreign).send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn a_backup_that_is_held_tells_how_far_it_is_and_for_how_long() {
    let site = lending();
    site.set(Trap::HoldBackup { percent: 40, elapsed: 600 });
    start(&site, "1").await;
    site.until_lent(|lent| lent.state == LentState::Running { percent: 40 }).await;
    let lent = entry(&site, "1").await;
    assert_eq!((&lent["state"], &lent["percent"]), (&json!("running"), &json!(40)));
    assert!(lent["elapsed"].as_i64().unwrap() >= 600, "{lent}");
    site.clear();
    ready(&site).await;
}

#[tokio::test]
async fn a_killed_backup_is_made_anew_and_given_up_after_three_deaths() {
    let site = lending();
    site.set(Armed::from(Trap::KillBackup).times(2));
    start(&site, "1").await;
    ready(&site).await;
    site.set(Trap::KillBackup);
    start(&site, "2").await;
    site.until_lent(|lent| lent.number == 2 && matches!(lent.state, LentState::Failed { .. })).await;
    assert_eq!(entry(&site, "2").await["error"], "remote.backup_crashed");
    site.clear();
    site.set(Trap::BackupFails { code: BackupFailure::DiskFull });
    start(&site, "3").await;
    site.until_lent(|lent| lent.number == 3 && matches!(lent.state, LentState::Failed { .. })).await;
    let failed = entry(&site, "3").await;
    assert_eq!((&failed["error"], &failed["transient"]), (&json!("remote.disk_full"), &json!(true)));
}

#[tokio::test]
async fn backups_of_one_teacher_are_made_side_by_side() {
    let site = lending();
    site.set(Trap::hold_backup());
    for number in ["1", "2", "3"] {
        start(&site, number).await;
    }
    for held in 1..=3 {
        site.until_lent(|lent| lent.number == held && lent.state == LentState::Running { percent: 40 }).await;
    }
    // A held backup goes on only when it is let go, so the three are under way at the same moment.
    assert!(site.lent().iter().all(|lent| lent.state == LentState::Running { percent: 40 }), "{:?}", site.lent());
}

#[tokio::test]
async fn release_three_of_the_original_keeps_one_backup_for_the_whole_site() {
    let site = StandIn::remote(demo::sciences().of_kind(RemoteKind::Original3)).unwrap();
    let token = site.config().token.clone();
    let zip = async |username: &str, course: &str| {
        let form = [
            ("wstoken", token.as_str()),
            ("wsfunction", "block_my_external_backup_restore_courses_get_courses_zip"),
            ("moodlewsrestformat", "json"),
            ("username", username),
            ("courseid", course),
            ("withuserdatas", "0"),
        ];
        let address = format!("{}/webservice/rest/server.php", site.address());
        let answer = Client::new().post(address).form(&form).send().await.unwrap();
        let answer: Value = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
        answer["filerecordid"].as_i64().unwrap().to_string()
    };
    let script = "/blocks/my_external_backup_restore_courses/get_user_backup_course_webservice.php";
    let length = async |id: &str| {
        let form = [("token", token.as_str()), ("filerecordid", id)];
        let answer = Client::new().post(format!("{}{script}", site.address())).form(&form).send().await.unwrap();
        answer.bytes().await.unwrap().len()
    };
    let first = zip("teacher1", "12").await;
    assert!(length(&first).await > 0);
    let second = zip("teacher2", "14").await;
    assert_eq!(length(&first).await, 0, "another teacher's backup replaced it");
    assert!(length(&second).await > 0);
}
