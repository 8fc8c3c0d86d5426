//! The stand-in itself: its answers have the shapes that were recorded from real Moodles, its backups are real ones.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "all of this is test code, and a panic is how a test fails"
)]

use courseferry_api::{ErrorCode, Failure, RemoteCourseId, Repeat};
use courseferry_moodle::{
    Answer, BackupFile, BackupHead, Beginning, CONTENT_TYPE, Call, Course, Download, Fault, Remote, Request, Secret,
};
use courseferry_tests::{
    StandIn,
    backup::{self, Archive, Broken},
    checksum::sha1,
    demo,
    remote::{self, Armed, RemoteConfig, Trap},
};
use reqwest::{Client, Response, redirect::Policy};
use std::{collections::BTreeMap, io::Cursor, path::Path, time::Duration};

fn http() -> Client {
    Client::builder().redirect(Policy::none()).build().unwrap()
}

fn sender(site: &StandIn<remote::Remote>) -> Remote {
    Remote { url: site.address().parse().unwrap(), token: Secret::new(site.config().token.clone()) }
}

async fn post(request: &Request) -> Result<Response, reqwest::Error> {
    let body = request.body.clone();
    http().post(&request.url).header("content-type", CONTENT_TYPE).body(body).send().await
}

async fn answer_of(response: Response) -> (u16, String, Vec<u8>) {
    let content_type = response.headers().get("content-type").map(|value| value.to_str().unwrap().to_owned());
    (response.status().as_u16(), content_type.unwrap_or_default(), response.bytes().await.unwrap().to_vec())
}

async fn ask<T>(call: &Call<T>) -> Result<T, Failure> {
    let Ok(response) = post(&call.request).await else { return Err(call.failed(Fault::Cut)) };
    let (status, content_type, body) = answer_of(response).await;
    call.read(&Answer { status, content_type: &content_type, body: &body })
}

async fn code<T: std::fmt::Debug>(call: &Call<T>) -> String {
    ask(call).await.unwrap_err().code.to_string()
}

async fn download(request: &Request, headers: &[(&str, &str)]) -> (Result<BackupHead, Failure>, Vec<u8>) {
    let mut post = http().post(&request.url).header("content-type", CONTENT_TYPE).body(request.body.clone());
    for (name, value) in headers {
        post = post.header(*name, *value);
    }
    let response = post.send().await.unwrap();
    let head: BTreeMap<String, String> =
        response.headers().iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
    let (status, content_type, body) = answer_of(response).await;
    match Download::of(status, |name| head.get(name).cloned()) {
        // Of a whole file the first bytes decide, as in the Worker.
        Download::Backup(head) if head.range.is_some() || Beginning::of(&body) == Beginning::Archive => {
            (Ok(head), body)
        }
        _ => (Err(Download::refusal(&Answer { status, content_type: &content_type, body: &body })), body),
    }
}

async fn back_up(site: &StandIn<remote::Remote>, user: &str, course: i64) -> BackupFile {
    ask(&sender(site).back_up(None, user, RemoteCourseId(course), false)).await.unwrap()
}

#[tokio::test]
async fn a_remote_lists_the_courses_that_a_user_teaches() {
    let site = StandIn::remote(demo::sciences()).unwrap();
    let list: Vec<Course> = ask(&sender(&site).courses(None, "teacher2")).await.unwrap().courses;
    let names: Vec<String> = list.iter().map(|course| course.full_name("fr")).collect();
    assert_eq!(names, ["Optique", "General chemistry"]);
    assert_eq!(list[0].categoryidentifier.as_deref(), Some("FAC-SCI-PHY"));
    assert_eq!(ask(&sender(&site).courses(None, "student1")).await.unwrap().courses, []);
    assert_eq!(ask(&sender(&site).site_info()).await.unwrap().sitename, "Moodle Sciences");
    let seen = site.seen();
    assert!(seen.iter().all(|seen| !seen.token_in_address && seen.own_token));
    assert_eq!(seen[0].concernedroles.as_deref(), Some(""));
}

#[tokio::test]
async fn answers_have_the_recorded_words() {
    let site = StandIn::remote(demo::sciences()).unwrap();
    let token = &site.config().token;
    let url = format!("{}/webservice/rest/server.php", site.address());
    let say = async |form: &str| {
        let response =
            http().post(&url).header("content-type", CONTENT_TYPE).body(form.to_owned()).send().await.unwrap();
        assert!(response.headers().get("content-length").is_none(), "Moodle's answers are chunked");
        String::from_utf8(answer_of(response).await.2).unwrap()
    };
    let json_of = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    let function = "wsfunction=block_my_external_backup_restore_courses_get_courses";
    let json = "moodlewsrestformat=json";
    assert_eq!(
        json_of(&say(&format!("wstoken=0&{function}&{json}&username=teacher1&concernedroles=")).await),
        json_of(
            r#"{"exception":"core\\exception\\moodle_exception","errorcode":"invalidtoken","message":"Invalid token - token not found"}"#
        )
    );
    assert_eq!(
        json_of(&say(&format!("wstoken={token}&{function}&{json}&username=TEACHER1&concernedroles=")).await),
        json_of(
            r#"{"exception":"block_my_external_backup_restore_courses_invalid_username_exception","errorcode":"invalidusername","message":"debug\/invalidusername"}"#
        )
    );
    assert_eq!(
        json_of(&say(&format!("wstoken={token}&{function}_zip&{json}&username=teacher2&courseid=12")).await),
        json_of(r#"{"exception":"Exception","message":"[[notcourseowner]]"}"#)
    );
    assert_eq!(say(&format!("wstoken={token}&{function}&{json}&username=guest&concernedroles=")).await, "[]");
    assert!(say(&format!("wstoken=0&{function}&username=teacher1&concernedroles=")).await.starts_with("<?xml"));
    for wrong in [
        "username=teacher1",
        "username=teacher1&concernedroles=&foo=bar",
        "username[]=teacher1&concernedroles=",
        "username=t<b>&concernedroles=",
    ] {
        assert!(
            say(&format!("wstoken={token}&{function}&{json}&{wrong}")).await.contains("invalidparameter"),
            "{wrong}"
        );
    }
    for wrong in ["courseid=abc", "courseid=2.5", "courseid="] {
        assert!(
            say(&format!("wstoken={token}&{function}_zip&{json}&username=teacher1&{wrong}"))
                .await
                .contains("invalidparameter"),
            "{wrong}"
        );
    }
    assert!(say(&format!("wstoken={token}&wsfunction=no_such_function&{json}")).await.contains("invalidrecord"));
    assert!(
        say(&format!("wstoken={token}&wsfunction=core_course_get_categories&{json}")).await.contains("accessexception")
    );
    let list = say(&format!("wstoken={token}&{function}&{json}&username=teacher1&concernedroles=editingteacher")).await;
    let list: serde_json::Value = serde_json::from_str(&list).unwrap();
    let recorded: serde_json::Value = serde_json::from_str(recorded("get_courses_post_ok")).unwrap();
    assert_eq!(shape(&list[0]), shape(&recorded[0]));
    let info: serde_json::Value =
        serde_json::from_str(&say(&format!("wstoken={token}&wsfunction=core_webservice_get_site_info&{json}")).await)
            .unwrap();
    let recorded: serde_json::Value = serde_json::from_str(self::recorded("site_info_post_ok")).unwrap();
    assert_eq!(shape(&info), shape(&recorded));
}

/// The body of a recorded answer.
fn recorded(name: &str) -> &'static str {
    let all = include_str!("../../edge/moodle/tests/fixtures/recorded.http");
    let section =
        all.split("### ").find_map(|section| section.strip_prefix(name)?.strip_prefix('\n')).expect("a recording");
    section.split_once("\n\n").expect("a body").1.trim_end()
}

/// Names and types of an object's members.
fn shape(value: &serde_json::Value) -> BTreeMap<String, std::mem::Discriminant<serde_json::Value>> {
    value.as_object().unwrap().iter().map(|(name, value)| (name.clone(), std::mem::discriminant(value))).collect()
}

#[tokio::test]
async fn a_backup_is_downloaded_whole_and_in_parts_as_moodle_sends_them() {
    let site = StandIn::remote(demo::sciences()).unwrap();
    let backup = back_up(&site, "teacher1", 11).await;
    let request = sender(&site).download(backup);
    let (head, whole) = download(&request, &[]).await;
    let head = head.unwrap();
    let len = whole.len();
    assert_eq!((head.length, head.sha1().unwrap().as_str()), (Some(len as u64), sha1(&whole).as_str()));
    let (part, tail) = download(&request, &[("range", "bytes=1000-"), ("if-range", "\"something else\"")]).await;
    assert_eq!(part.unwrap().range.unwrap().to_string(), format!("bytes 1000-{}/{len}", len - 1));
    assert_eq!(tail, whole[1000..]);
    let (part, suffix) = download(&request, &[("range", "bytes=-50")]).await;
    assert_eq!((part.unwrap().length, &suffix[..]), (Some(50), &whole[len - 50..]));
    let (beyond, bytes) = download(&request, &[("range", &format!("bytes={len}-"))]).await;
    assert_eq!((beyond.unwrap().range, bytes.len()), (None, len), "everything where a range cannot be satisfied");
    let (several, bytes) = download(&request, &[("range", "bytes=0-9,20-29")]).await;
    assert!(several.is_err() && bytes.starts_with(b"\r\n--s1k2o3d4a5k6s7\r\n"));
    let post = |name, value: &str| {
        http().post(&request.url).header("content-type", CONTENT_TYPE).header(name, value).body(request.body.clone())
    };
    let unchanged = post("if-none-match", &head.etag.unwrap()).send().await.unwrap();
    assert_eq!(unchanged.status(), 304);
    let address = format!("{}?{}", request.url, request.body);
    let headers = http().head(address).send().await.unwrap();
    assert_eq!(headers.headers()["content-length"].to_str().unwrap(), len.to_string());
}

#[tokio::test]
async fn a_second_backup_of_a_user_takes_the_place_of_the_first() {
    let site = StandIn::remote(demo::sciences()).unwrap();
    let first = back_up(&site, "teacher1", 11).await;
    let colleague = back_up(&site, "teacher2", 11).await;
    let second = back_up(&site, "teacher1", 11).await;
    let (gone, bytes) = download(&sender(&site).download(first), &[("range", "bytes=5-")]).await;
    assert_eq!((gone.map_err(|gone| gone.code), bytes.len()), (Err(ErrorCode::RemoteEmptyBackup), 0));
    assert!(download(&sender(&site).download(colleague), &[]).await.0.is_ok());
    let (head, _) = download(&sender(&site).download(second), &[]).await;
    let sha1 = head.unwrap().sha1().unwrap().as_str().to_owned();
    assert_ne!(sha1, site.made()[0].sha1, "the same course backed up twice has two SHA-1s");
}

#[tokio::test]
async fn every_trap_is_told_apart() {
    let site = StandIn::remote(demo::sciences()).unwrap();
    let (info, list) = (sender(&site).site_info(), sender(&site).courses(None, "teacher1"));
    for (trap, expected) in [
        (Trap::BadToken, "remote.bad_token"),
        (Trap::AccessRefused, "remote.access_refused"),
        (Trap::AccountSuspended, "remote.user_suspended"),
        (Trap::NoCapability, "remote.no_capability"),
        (Trap::Maintenance, "remote.maintenance"),
        (Trap::CliMaintenance, "remote.maintenance"),
        (Trap::WebServicesOff, "remote.protocol_off"),
        (Trap::NotInstalled, "remote.plugin_missing"),
        (Trap::Html, "remote.not_moodle"),
        (Trap::Firewall, "remote.not_moodle"),
        (Trap::ServerError, "remote.server_error"),
        (Trap::NoErrorCode, "remote.unexpected"),
    ] {
        site.set(Armed::from(trap).times(1));
        assert_eq!(code(&info).await, expected, "{trap:?}");
    }
    for (trap, expected) in [
        (Trap::InvalidResponse, "remote.invalid_list"),
        (Trap::SearchRolesQuoted, "remote.search_roles"),
        (Trap::UnknownUser, "remote.unknown_user"),
    ] {
        site.set(Armed::from(trap).times(1).of_user("teacher1"));
        assert!(ask(&sender(&site).courses(None, "teacher2")).await.is_ok(), "others go on");
        assert_eq!(code(&list).await, expected, "{trap:?}");
    }
    site.set(Armed::from(Trap::NoCategoryIdentifiers).times(1));
    assert!(ask(&list).await.unwrap().courses.iter().all(|course| course.categoryidentifier.is_none()));
    assert_eq!(ask(&list).await.unwrap().courses.len(), 6, "all traps are used up");
    let zip = sender(&site).back_up(None, "teacher1", RemoteCourseId(11), false);
    for (trap, expected) in [(Trap::BackupIdZero, "remote.backup_failed"), (Trap::NotOwner, "remote.not_owner")] {
        site.set(Armed::from(trap).times(1));
        assert_eq!(code(&zip).await, expected, "{trap:?}");
    }
    let other =
        http().get(format!("http://localhost:{}/webservice/rest/server.php", site.port())).send().await.unwrap();
    assert_eq!(other.status(), 303);
}

#[tokio::test]
async fn after_a_gateway_timeout_the_backup_goes_on_and_takes_the_slot() {
    let site = StandIn::remote(demo::sciences()).unwrap();
    let first = back_up(&site, "teacher1", 12).await;
    site.set(Armed::from(Trap::GatewayTimeout { after: 0.05, backup: 0.0 }).times(1));
    site.set(Trap::hold_backup());
    let error = ask(&sender(&site).back_up(None, "teacher1", RemoteCourseId(11), false)).await.unwrap_err();
    assert_eq!((error.code.as_str(), error.code.repeat()), ("remote.backup_unknown", Repeat::Automatic));
    assert!(download(&sender(&site).download(first), &[]).await.0.is_ok(), "it is still there");
    site.clear();
    site.until_made(|made| made.course == 11).await;
    assert!(download(&sender(&site).download(first), &[]).await.0.is_err(), "now it is not");
}

#[tokio::test]
async fn downloads_can_be_spoiled_in_every_way() {
    let site = StandIn::remote(demo::sciences()).unwrap();
    let back_up_as = async |trap: Option<Trap>| {
        site.clear();
        if let Some(trap) = trap {
            site.set(trap);
        }
        let backup = back_up(&site, "teacher1", 11).await;
        download(&sender(&site).download(backup), &[]).await
    };
    let folder = tempfile::tempdir().unwrap();
    let opened = |bytes: &[u8]| {
        let path = folder.path().join("backup.mbz");
        std::fs::write(&path, bytes).unwrap();
        backup::read(&path)
    };
    let (good, bytes) = back_up_as(None).await;
    assert_eq!((good.is_ok(), opened(&bytes).unwrap().course_id), (true, 11));
    let (cut_short, bytes) = back_up_as(Some(Trap::TruncatedBackup)).await;
    assert_eq!(cut_short.unwrap().sha1().unwrap().as_str(), sha1(&bytes));
    assert!(matches!(opened(&bytes), Err(Broken::Unreadable(_))));
    assert!(matches!(opened(&back_up_as(Some(Trap::NotABackup)).await.1), Err(Broken::NotABackup(_))));
    assert_eq!(opened(&back_up_as(Some(Trap::OtherCourse { course: 14 })).await.1).unwrap().course_id, 14);
    assert_eq!(
        back_up_as(Some(Trap::EmptyDownload)).await.0.map_err(|gone| gone.code),
        Err(ErrorCode::RemoteEmptyBackup)
    );
    let weak = back_up_as(Some(Trap::WeakEtag)).await.0.unwrap();
    assert_eq!((weak.length, weak.sha1()), (None, None));
    assert!(back_up_as(Some(Trap::FrontEndEtag)).await.0.unwrap().sha1().is_none());
    site.clear();
    let backup = back_up(&site, "teacher1", 11).await;
    site.set(Armed::from(Trap::CutDownload { after: 2000 }).times(1));
    let response = post(&sender(&site).download(backup)).await.unwrap();
    assert!(response.bytes().await.is_err(), "the connection is cut");
    site.set(Armed::from(Trap::HangDownload { after: 2000 }).times(1));
    let mut response = post(&sender(&site).download(backup)).await.unwrap();
    assert_eq!(response.chunk().await.unwrap().unwrap().len(), 2000);
    assert!(tokio::time::timeout(Duration::from_millis(100), response.chunk()).await.is_err(), "nothing more comes");
    site.clear();
    assert!(download(&sender(&site).download(backup), &[]).await.0.is_ok());
}

#[tokio::test]
async fn a_remote_that_is_dropped_is_down_at_once() {
    let site = StandIn::remote(demo::lettres()).unwrap();
    let port = site.port();
    let info = sender(&site).site_info();
    assert!(ask(&info).await.is_ok());
    drop(site);
    assert!(post(&info.request).await.is_err());
    let again = StandIn::remote(RemoteConfig { port, ..demo::lettres() });
    assert_eq!(again.unwrap().port(), port);
}

#[test]
fn a_backup_reads_back_as_it_was_written_in_both_archives() {
    let folder = tempfile::tempdir().unwrap();
    for (course, archive) in demo::lettres().courses.into_iter().zip([Archive::TarGz, Archive::Zip].into_iter().cycle())
    {
        let path = folder.path().join("backup.mbz");
        let site = backup::Site { wwwroot: "https://remote.example".to_owned(), now: 1_795_308_746, serial: 1 };
        let mut bytes = Cursor::new(Vec::new());
        backup::write(&course.content, &site, archive, &mut bytes).unwrap();
        std::fs::write(&path, bytes.into_inner()).unwrap();
        let read = backup::read(&path).unwrap();
        assert_eq!((read.course_id, &read.fullname), (course.content.id, &course.content.fullname));
        assert_eq!((read.activity_count(), read.files.0), (7, 2));
        assert_eq!(read.sections[1].activities[1].name, "Plan of the course");
    }
}

/// The paths of a backup's files, its activities' directories named by their kind.
fn paths(bytes: &[u8]) -> Vec<String> {
    let mut tar = tar::Archive::new(flate2::read::GzDecoder::new(bytes));
    tar.entries().unwrap().map(|entry| entry.unwrap().path().unwrap().to_string_lossy().into_owned()).collect()
}

#[test]
fn a_written_backup_has_the_files_of_a_real_one() {
    let real = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/moodle/tiny.mbz");
    let Ok(real) = std::fs::read(real) else { return };
    let page = backup::Activity { name: "One page".to_owned(), kind: backup::Kind::Page("<p>Hello</p>".to_owned()) };
    let sections = vec![backup::Section { activities: vec![page], ..Default::default() }, backup::Section::default()];
    let course = backup::CourseContent { id: 3, sections, ..Default::default() };
    let site = backup::Site { wwwroot: "http://127.0.0.1:8101".to_owned(), now: 1, serial: 1 };
    let mut ours = Cursor::new(Vec::new());
    backup::write(&course, &site, Archive::TarGz, &mut ours).unwrap();
    let ours = ours.into_inner();
    let general = |bytes: &[u8]| {
        let mut paths = paths(bytes);
        assert_eq!(paths[0], ".ARCHIVE_INDEX");
        for path in &mut paths {
            *path = path.chars().filter(|c| !c.is_ascii_digit()).collect();
        }
        paths.sort();
        paths
    };
    assert_eq!(general(&ours), general(&real));
    let elements = |bytes: &[u8]| {
        let mut tar = tar::Archive::new(flate2::read::GzDecoder::new(bytes));
        let mut all = BTreeMap::new();
        for entry in tar.entries().unwrap() {
            let mut entry = entry.unwrap();
            let path: String =
                entry.path().unwrap().to_string_lossy().chars().filter(|c| !c.is_ascii_digit()).collect();
            if !path.contains(".xml") {
                continue;
            }
            let mut text = String::new();
            std::io::Read::read_to_string(&mut entry, &mut text).unwrap();
            let document = roxmltree::Document::parse(&text).unwrap();
            let names: Vec<String> = document
                .descendants()
                .filter(roxmltree::Node::is_element)
                .map(|node| node.tag_name().name().to_owned())
                .collect();
            all.insert(path, names);
        }
        all
    };
    let (ours, real) = (elements(&ours), elements(&real));
    for (path, names) in &real {
        assert_eq!(&ours[path], names, "{path}");
    }
}

#[tokio::test]
async fn real_backups_are_read_and_served_as_courses() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/moodle");
    if !folder.is_dir() {
        return;
    }
    let config = RemoteConfig::new("Real backups", "7ea1").with_backups_of(&folder, &["teacher1"]).unwrap();
    let site = StandIn::remote(config).unwrap();
    let list = ask(&sender(&site).courses(None, "teacher1")).await.unwrap().courses;
    assert!(list.len() >= 4, "{} courses", list.len());
    for course in list {
        let (head, bytes) = download(&sender(&site).download(back_up(&site, "teacher1", course.id.0).await), &[]).await;
        assert_eq!(head.unwrap().sha1().unwrap().as_str(), sha1(&bytes), "{}", course.shortname);
    }
}

#[tokio::test]
async fn a_large_backup_is_streamed_from_disk() {
    let site =
        StandIn::remote(RemoteConfig::new("Large", "1a29e").with_large_course(500, 60 << 20, &["teacher1"])).unwrap();
    let backup = back_up(&site, "teacher1", 500).await;
    let made = site.made().remove(0);
    assert!(made.bytes > 60 << 20, "{} bytes", made.bytes);
    let mut response = post(&sender(&site).download(backup)).await.unwrap();
    let mut bytes = 0;
    while let Some(chunk) = response.chunk().await.unwrap() {
        bytes += chunk.len() as u64;
    }
    assert_eq!(bytes, made.bytes);
}
