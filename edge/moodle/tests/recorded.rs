//! Answers recorded from real Moodles (4.5, the original block installed), read as the Worker reads them.
//!
//! `fixtures/recorded.http` holds them: `### name`, status line, the headers that count, body.
//! A folder with further recordings (`../shared/moodle/transcripts` beside the workspace) is read too.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

use courseferry_api::{ErrorCode, Failure, JobId, Options, RemoteCourseId, RemoteKind, Repeat, remote::BackupState};
use courseferry_moodle::{
    Answer, BODY_LIMIT, BackupFile, Course, Download, Fault, Remote, Secret, SiteInfo, parse_external_moodles,
};
use std::{collections::BTreeMap, fs, path::Path};

struct Recorded {
    status: u16,
    headers: BTreeMap<String, String>,
    body: String,
}

impl Recorded {
    fn parse(text: &str) -> Self {
        let text = text.replace("\r\n", "\n");
        let text = text.trim_start_matches('\n');
        let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|status| status.parse().ok());
        let headers = lines.filter_map(|line| line.split_once(": "));
        Self {
            status: status.expect("a status line"),
            headers: headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect(),
            body: body.trim_matches('\n').to_owned(),
        }
    }

    fn answer(&self) -> Answer<'_> {
        let content_type = self.headers.get("content-type").map_or("", String::as_str);
        Answer { status: self.status, content_type, body: self.body.as_bytes() }
    }

    fn download(&self) -> Result<Download, Failure> {
        match Download::of(self.status, |name| self.headers.get(name).cloned()) {
            Download::Refused => Err(Download::refusal(&self.answer())),
            // What is not as long as it says was an archive, whose bytes were not kept.
            Download::Backup(head)
                if head.range.is_none() && head.length.is_none_or(|length| length == self.body.len() as u64) =>
            {
                Err(Download::refusal(&self.answer()))
            }
            download => Ok(download),
        }
    }

    fn courses(&self) -> Result<Vec<Course>, Failure> {
        remote().courses(None, "teacher1").read(&self.answer()).map(|list| list.courses)
    }

    fn backup(&self) -> Result<BackupFile, Failure> {
        remote().back_up(None, "teacher1", RemoteCourseId(3), false).read(&self.answer())
    }

    fn site_info(&self) -> Result<SiteInfo, Failure> {
        remote().site_info().read(&self.answer())
    }

    /// The error's code, or `ok`, when it is read as the answer to the call that `name` tells.
    fn outcome(&self, name: &str) -> String {
        let read = if name.contains("zip") {
            self.backup().map(drop)
        } else if name.contains("get_courses") {
            self.courses().map(drop)
        } else if name.starts_with("download") {
            self.download().map(drop)
        } else {
            self.site_info().map(drop)
        };
        read.map_or_else(|error| error.code.to_string(), |()| "ok".to_owned())
    }
}

fn recorded() -> BTreeMap<String, Recorded> {
    include_str!("fixtures/recorded.http")
        .split("### ")
        .filter_map(|section| section.split_once('\n'))
        .map(|(name, text)| (name.to_owned(), Recorded::parse(text)))
        .collect()
}

fn json(body: &str) -> Answer<'_> {
    Answer { status: 200, content_type: "application/json", body: body.as_bytes() }
}

fn remote() -> Remote {
    Remote { url: "https://remote.example".parse().unwrap(), token: Secret::new("t") }
}

const EXPECTED: &[(&str, &str)] = &[
    ("ok", "site_info_post_ok get_courses_post_ok get_courses_no_courses get_courses_guest get_courses_unicode_user"),
    ("ok", "get_courses_category_enrol get_courses_remote_origcat_off get_courses_fullname_with_lt get_courses_zip_ok"),
    ("ok", "download_post_ok download_range_tail download_range_suffix download_range_bad"),
    ("remote.bad_token", "err_bad_token err_empty_token err_expired_token_second download_bad_token"),
    ("remote.access_refused", "err_expired_token err_ip_restricted err_user_not_authorised err_service_disabled"),
    ("remote.access_refused", "err_function_not_in_service rest-use-capability-missing download_service_no_download"),
    ("remote.access_refused", "download_webservices_disabled"),
    ("remote.user_suspended", "err_user_suspended"),
    (
        "remote.no_capability",
        "err_token_without_capability_get_courses err_token_seeonly_zip download_without_capability",
    ),
    ("remote.maintenance", "err_maintenance_web err_maintenance_cli download_maintenance"),
    ("remote.protocol_off", "err_rest_protocol_disabled err_webservices_disabled"),
    ("remote.plugin_missing", "err_function_unknown"),
    ("remote.no_moodle", "http_404"),
    ("remote.wrong_address", "http_wrong_host_post"),
    ("remote.not_moodle", "site_info_xml_ok site_info_json_body"),
    ("remote.unknown_user", "get_courses_unknown_username get_courses_uppercase_username"),
    ("remote.unknown_user", "get_courses_zip_unknown_username debug_get_courses_unknown_username"),
    ("remote.invalid_list", "get_courses_fullname_with_tag"),
    ("remote.search_roles", "get_courses_remote_search_roles_quoted"),
    ("remote.invalid_parameter", "get_courses_roles_missing get_courses_zip_wrong_type download_missing_id"),
    ("remote.not_owner", "get_courses_zip_not_owner get_courses_zip_unknown_course get_courses_zip_student"),
    ("remote.empty_backup", "download_stale_id download_unknown_id"),
    ("backup.not_a_backup", "download_unrelated_file download_range_multi"),
];

#[test]
fn every_recorded_answer_gets_its_own_code() {
    let recorded = recorded();
    let expected: BTreeMap<&str, &str> =
        EXPECTED.iter().flat_map(|(code, names)| names.split(' ').map(move |name| (name, *code))).collect();
    assert!(expected.keys().copied().eq(recorded.keys().map(String::as_str)), "every recording has an expectation");
    for (name, code) in expected {
        assert_eq!(recorded[name].outcome(name), code, "{name}");
    }
}

#[test]
fn a_folder_of_further_recordings_gives_the_same_codes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/moodle/transcripts");
    let Ok(files) = fs::read_dir(folder) else { return };
    let ours = recorded();
    let mut read = 0;
    for path in files.map(|file| file.unwrap().path()).filter(|path| path.extension().is_some_and(|ext| ext == "http"))
    {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        // Other functions of Moodle, which we do not call, and HEAD.
        if ["client_", "login_", "upload_", "remote_", "site_info_head"].iter().any(|other| name.starts_with(other)) {
            continue;
        }
        let outcome = Recorded::parse(&fs::read_to_string(&path).unwrap()).outcome(&name);
        match ours.get(&name) {
            Some(own) => assert_eq!(outcome, own.outcome(&name), "{name}"),
            None if name.ends_with("_ok") && !name.contains("xml") => assert_eq!(outcome, "ok", "{name}"),
            None => assert!(outcome == "ok" || outcome.starts_with("remote."), "{name}: {outcome}"),
        }
        read += 1;
    }
    assert!(read > ours.len(), "{read} recordings");
}

#[test]
fn a_list_of_courses_reads_whole_without_the_names_of_colleagues() {
    let recorded = recorded();
    let list = recorded["get_courses_post_ok"].courses().unwrap();
    assert_eq!(list.len(), 6);
    let (first, unicode, hidden) = (&list[0], &list[4], &list[5]);
    assert_eq!(
        (first.id.0, first.shortname.as_str(), first.idnumber.as_str(), first.visible),
        (3, "TINY", "TINY-1", true)
    );
    assert_eq!(first.startdate.unwrap().0, 1_704_067_200);
    assert_eq!(unicode.full_name("fr"), "Économie & société — 経済学 Ω \"quoted\" 🎓");
    assert_eq!(unicode.categoryidentifier.as_deref(), Some("FAC-ART"));
    assert_eq!((hidden.visible, &hidden.categoryidentifier), (false, &None));
    assert!(!serde_json::to_string(&list).unwrap().contains("o.brien"));
    let with_less_than = recorded["get_courses_fullname_with_lt"].courses().unwrap();
    assert_eq!(with_less_than[0].full_name("en"), "Tiny & small < 5 courses");
    let switched_off = recorded["get_courses_remote_origcat_off"].courses().unwrap();
    assert!(switched_off.iter().all(|course| course.categoryidentifier.is_none()));
}

#[test]
fn optional_fields_of_a_course_may_be_missing() {
    let body = br#"[{"id":9,"shortname":"X","category":2,"fullname":"X","startdate":0,"concernedusers":""}]"#;
    let answer = Answer { status: 200, content_type: "application/json", body };
    let list = remote().courses(None, "t").read(&answer).unwrap().courses;
    assert_eq!((list[0].visible, list[0].startdate, list[0].idnumber.as_str()), (true, None, ""));
}

#[test]
fn a_backup_keeps_its_length_and_checksum() {
    let recorded = recorded();
    let Ok(Download::Backup(whole)) = recorded["download_post_ok"].download() else { panic!("no backup") };
    assert_eq!((whole.length, whole.range), (Some(5096), None));
    assert_eq!(whole.sha1().unwrap().as_str(), "7bb400e4803053c41c1c67a959f4938641d8e2c9");
    let Ok(Download::Backup(tail)) = recorded["download_range_tail"].download() else { panic!("no part") };
    assert_eq!((tail.length, tail.total, tail.range.unwrap().first), (Some(4096), Some(5096), 1000));
    let Ok(Download::Backup(beyond)) = recorded["download_range_bad"].download() else { panic!("no backup") };
    assert_eq!(beyond.range, None, "Moodle sends everything where a range cannot be satisfied");
}

#[test]
fn a_lost_answer_leaves_a_backup_unknown_and_any_other_call_to_be_tried_again() {
    let back_up = remote().back_up(None, "t", RemoteCourseId(1), false);
    for status in [504, 524, 408] {
        let answer = Answer { status, content_type: "text/html", body: b"<html>" };
        assert_eq!(back_up.read(&answer).unwrap_err().code, ErrorCode::RemoteBackupUnknown, "{status}");
        assert_eq!(remote().site_info().read(&answer).unwrap_err().code, ErrorCode::RemoteTimeout, "{status}");
    }
    assert_eq!(back_up.failed(Fault::Cut).code, ErrorCode::RemoteBackupUnknown);
    assert_eq!(back_up.failed(Fault::Unreachable).code, ErrorCode::RemoteUnreachable);
    let bad_gateway = Answer { status: 502, content_type: "text/html", body: b"<html>" };
    assert_eq!(back_up.read(&bad_gateway).unwrap_err().code, ErrorCode::RemoteServerError);
}

#[test]
fn a_backup_with_the_id_nought_has_failed() {
    let answer = Answer { status: 200, content_type: "application/json", body: br#"{"filename":"","filerecordid":0}"# };
    let error = remote().back_up(None, "t", RemoteCourseId(1), false).read(&answer).unwrap_err();
    assert_eq!((error.code.as_str(), error.code.repeat()), ("remote.backup_failed", Repeat::Automatic));
}

#[test]
fn pages_and_floods_are_errors_of_their_own() {
    let read = |status, content_type, body: &[u8]| {
        remote().site_info().read(&Answer { status, content_type, body }).unwrap_err().code.to_string()
    };
    assert_eq!(read(200, "text/html", b"<!DOCTYPE html>"), "remote.not_moodle");
    assert_eq!(read(403, "text/html", b"<h1>Blocked</h1>"), "remote.not_moodle");
    assert_eq!(read(503, "text/html", b"<h1>no server is available</h1>"), "remote.server_error");
    assert_eq!(read(200, "application/json", b""), "remote.unexpected");
    assert_eq!(read(404, "text/html", b"<h1>Not Found</h1>"), "remote.no_moodle");
    assert_eq!(read(503, "text/html", b"<title>Just a moment...</title>"), "remote.firewall");
    assert_eq!(read(403, "text/html", b"<p>Please solve this CAPTCHA</p>"), "remote.firewall");
    assert_eq!(read(200, "text/html", b"<html>Request Rejected. Your support ID</html>"), "remote.firewall");
    assert_eq!(read(503, "text/html", b"<h1>Site under MAINTENANCE</h1>"), "remote.maintenance");
    assert_eq!(read(200, "application/json", &vec![b' '; BODY_LIMIT + 1]), "remote.too_large");
}

#[test]
fn a_remote_keeps_its_id_when_its_token_changes() {
    let id = |text| parse_external_moodles(text).unwrap()[0].id().clone();
    assert_eq!(id("https://a.example,one"), id("https://A.example/,two"));
}

#[test]
fn something_before_an_answer_is_named() {
    let site = "\n{\"sitename\":\"M\"}";
    let notice = "<br />\n<b>Warning</b>: x in <b>/config.php</b> on line <b>3</b><br />\n{\"sitename\":\"M\"}";
    for body in [site.to_owned(), format!("\u{feff}{}", site.trim()), notice.to_owned()] {
        let answer = Answer { status: 200, content_type: "application/json", body: body.as_bytes() };
        assert_eq!(remote().site_info().read(&answer).unwrap_err().code.as_str(), "remote.stray_output", "{body}");
    }
    for (body, code) in [
        (&b"\n\x1f\x8b\x08"[..], "remote.stray_output"),
        (b"\xef\xbb\xbf\x1f\x8b\x08", "remote.stray_output"),
        (b"", "remote.empty_backup"),
        (b"<html>", "remote.not_moodle"),
    ] {
        let answer = Answer { status: 200, content_type: "text/html", body };
        assert_eq!(Download::refusal(&answer).code.as_str(), code, "{body:?}");
    }
}

#[test]
fn a_download_that_is_sent_elsewhere_says_so() {
    let answer = Answer { status: 303, content_type: "text/html", body: b"" };
    assert_eq!(Download::refusal(&answer).code.as_str(), "remote.download_redirected");
    let missing = Answer { status: 404, content_type: "text/html", body: b"<h1>Not Found</h1>" };
    assert_eq!(Download::refusal(&missing).code.as_str(), "remote.plugin_missing");
}

#[test]
fn whatever_php_or_moodle_says_instead_of_a_file_the_backup_failed() {
    for body in [
        r#"{"exception":"Error","message":"Call to undefined function debug()"}"#,
        r#"{"exception":"backup_plan_exception","errorcode":"backup_plan_error","message":"x"}"#,
        "",
    ] {
        let answer = Answer { status: 200, content_type: "application/json", body: body.as_bytes() };
        let error = remote().back_up(None, "t", RemoteCourseId(1), false).read(&answer).unwrap_err();
        assert_eq!((error.code.as_str(), error.code.repeat()), ("remote.backup_failed", Repeat::Automatic), "{body}");
    }
    let policy = r#"{"exception":"moodle_exception","errorcode":"sitepolicynotagreed","message":"…"}"#;
    let answer = Answer { status: 200, content_type: "application/json", body: policy.as_bytes() };
    let error = remote().back_up(None, "t", RemoteCourseId(1), false).read(&answer).unwrap_err();
    assert_eq!((error.code.as_str(), error.code.repeat()), ("remote.site_policy", Repeat::Administrator));
}

#[test]
fn only_moodles_own_words_prove_that_a_backup_has_ended() {
    let own = |status, body: &str| {
        let answer = Answer { status, content_type: "application/json", body: body.as_bytes() };
        answer.is_moodles_own()
    };
    assert!(own(200, r#"{"filename":"","filerecordid":0}"#));
    assert!(own(200, r#"{"exception":"Exception","message":"[[notcourseowner]]"}"#));
    assert!(own(503, r#"{"exception":"moodle_exception","errorcode":"sitemaintenance","message":"x"}"#));
    for (status, body) in [
        (200, ""),
        (200, "<html>"),
        (200, "{\"filename\":"),
        (500, "<h1>Internal Server Error</h1>"),
        (502, ""),
        (503, "{\"message\":\"no healthy upstream\"}"),
        (520, "error code: 520"),
    ] {
        assert!(!own(status, body), "{status} {body}");
    }
}

#[test]
fn what_comes_from_outside_is_cut_where_it_is_read() {
    let long = "é".repeat(950_000);
    let read = |body: String| {
        remote().site_info().read(&Answer { status: 200, content_type: "application/json", body: body.as_bytes() })
    };
    assert_eq!(read(format!(r#"{{"sitename":"{long}"}}"#)).unwrap().sitename.chars().count(), 1_333);
    for body in [
        format!(r#"{{"exception":"x","errorcode":"y","message":"{long}"}}"#),
        format!(r#"{{"exception":"x","errorcode":"{long}","message":"z"}}"#),
        format!(r#"{{"sitename":"M","functions":"{long}"}}"#),
    ] {
        let told = read(body).unwrap_err().to_string();
        assert!(told.chars().count() < 1_200, "{} characters", told.chars().count());
    }
}

#[test]
fn a_list_of_thousands_of_courses_is_shown_as_far_as_it_fits_the_latest_first() {
    let course = |id: i64| {
        let name = format!("{id:0>200}");
        format!(r#"{{"id":{id},"shortname":"S{id}","fullname":"{name}","startdate":{}}}"#, 1_700_000_000 + id)
    };
    let read = |body: String| {
        let answer = Answer { status: 200, content_type: "application/json", body: body.as_bytes() };
        remote().courses(None, "t").read(&answer).unwrap()
    };
    let list = read(format!("[{}]", (1..=14_000).map(course).collect::<Vec<_>>().join(",")));
    assert!((9_000..14_000).contains(&list.courses.len()), "{}", list.courses.len());
    assert_eq!(list.courses.len() + list.left_out, 14_000, "and it says how many are left out");
    assert_eq!(list.courses[0].id.0, 14_000);
    assert!(serde_json::to_string(&list).unwrap().len() < 9 * 1024 * 1024 / 2);
    let one = read(format!(
        r#"[{{"id":1,"shortname":"S","fullname":"{}","startdate":-1}},{}]"#,
        "x".repeat(1_900_000),
        course(2)
    ))
    .courses;
    assert_eq!((one.len(), one[0].fullname.len(), one[0].startdate), (2, 1_333, None));
}

#[test]
fn a_remote_is_told_by_its_functions_and_their_version() {
    let lender = |body: &str| {
        let answer = Answer { status: 200, content_type: "application/json", body: body.as_bytes() };
        let info = remote().site_info().read(&answer).unwrap();
        info.lender().map(|(kind, version)| (kind, version.to_owned()))
    };
    let original = |version: &str| {
        let name = "block_my_external_backup_restore_courses_get_courses";
        format!(r#"{{"name":"{name}","version":"{version}"}}"#)
    };
    let site = |functions: &[String]| format!(r#"{{"sitename":"M","functions":[{}]}}"#, functions.join(","));
    let ours = r#"{"name":"block_courseferry_remote_get_courses","version":"2026112600"}"#.to_owned();
    let core = r#"{"name":"core_webservice_get_site_info","version":"2024100700"}"#.to_owned();
    assert_eq!(
        lender(&site(&[core.clone(), original("2022061500")])),
        Some((RemoteKind::Original2, "2022061500".to_owned()))
    );
    assert_eq!(lender(&site(&[original("2023022000")])), Some((RemoteKind::Original3, "2023022000".to_owned())));
    assert_eq!(
        lender(&site(&[original("2024021600"), ours])),
        Some((RemoteKind::Courseferry, "2026112600".to_owned())),
        "ours is used where both are installed"
    );
    assert_eq!(lender(&site(&[core])), None);
    assert_eq!(lender(&site(&[original("soon")])), None);
    let recorded = recorded();
    let told = |name: &str| recorded[name].site_info().unwrap().lender().map(|(kind, _)| kind);
    assert_eq!(told("site_info_post_ok"), Some(RemoteKind::Original2));
    let release3 = Recorded::parse(include_str!("fixtures/release3/site_info.http"));
    assert_eq!(
        release3.site_info().unwrap().lender().map(|(kind, version)| (kind, version.to_owned())),
        Some((RemoteKind::Original3, "2024021600".to_owned()))
    );
}

#[test]
fn release_three_answers_as_release_two_does() {
    let read = |text: &str, name: &str| Recorded::parse(text).outcome(name);
    for (text, name, code) in [
        (include_str!("fixtures/release3/get_courses.http"), "get_courses", "ok"),
        (include_str!("fixtures/release3/get_courses_unknown_user.http"), "get_courses", "remote.unknown_user"),
        (include_str!("fixtures/release3/zip_ok.http"), "zip", "ok"),
        (include_str!("fixtures/release3/zip_withuserdatas_0.http"), "zip", "ok"),
        (include_str!("fixtures/release3/zip_withuserdatas_wrong.http"), "zip", "remote.invalid_parameter"),
        (include_str!("fixtures/release3/zip_not_owner.http"), "zip", "remote.not_owner"),
        (include_str!("fixtures/release3/zip_unknown_course.http"), "zip", "remote.not_owner"),
        (include_str!("fixtures/release3/zip_unknown_user.http"), "zip", "remote.unknown_user"),
        (include_str!("fixtures/release3/download_replaced.http"), "download", "remote.empty_backup"),
        (include_str!("fixtures/release3/bad_token.http"), "site_info", "remote.bad_token"),
    ] {
        assert_eq!(read(text, name), code, "{name}");
    }
}

#[test]
fn students_data_are_asked_for_or_refused_in_words_to_release_three_only() {
    let sent = |kind, students| remote().back_up(kind, "t", RemoteCourseId(1), students).request.body;
    assert!(sent(Some(RemoteKind::Original3), false).ends_with("&withuserdatas=0"));
    assert!(sent(Some(RemoteKind::Original3), true).ends_with("&withuserdatas=1"));
    for kind in [None, Some(RemoteKind::Original2)] {
        assert!(!sent(kind, true).contains("withuserdatas"), "{kind:?}");
    }
}

#[test]
fn a_remote_of_our_kind_is_asked_by_job_and_number() {
    let job: JobId = "0123456789abcdef0123456789abcdef".parse().unwrap();
    let options = Options { students: true, leave_out_activities: vec![7, 9], ..Options::default() };
    let call = remote().start_backup(&job, 2, "ada", RemoteCourseId(3), &options);
    for part in [
        "wsfunction=block_courseferry_remote_start_backup",
        "job=0123456789abcdef0123456789abcdef",
        "number=2",
        "options%5Busers%5D=1",
        "options%5Bleaveoutactivities%5D%5B1%5D=9",
    ] {
        assert!(call.request.body.contains(part), "{part}: {}", call.request.body);
    }
    assert!(!call.request.body.contains("leaveoutsections"));
    let entry = r#"{"job":"0123456789abcdef0123456789abcdef","number":2,"state":"running","percent":59.6,"elapsed":12,"bytes":0,
        "sha256":"","error":"","message":"","transient":false,"expires":0}"#;
    let entry = call.read(&json(entry)).unwrap();
    assert_eq!((entry.state, entry.percent, entry.error, entry.expires), (BackupState::Running, 59, None, None));
    let failed = r#"{"backups":[{"job":"0123456789abcdef0123456789abcdef","number":2,"state":"failed","error":"remote.disk_full",
        "message":"no space","transient":true}]}"#;
    let list = remote().get_backups([(&job, 2)]).read(&json(failed)).unwrap();
    assert_eq!((list[0].error, list[0].transient), (Some(ErrorCode::RemoteDiskFull), true));
    let error = |body: &str| call.read(&json(body)).unwrap_err().code.to_string();
    let exception = |code: &str| format!(r#"{{"exception":"x","errorcode":"{code}","message":"m"}}"#);
    assert_eq!(error(&exception("remote.account_not_lent")), "remote.account_not_lent");
    assert_eq!(error(&exception("client.bad_token")), "remote.unexpected", "a remote speaks of itself only");
    assert_eq!(error(&exception("accessexception")), "remote.access_refused");
    // A function that Moodle does not know, as 5.1 says it unless it shows debugging messages.
    assert_eq!(error(&exception("invalidrecordunknown")), "remote.plugin_missing");
    let gone = exception("backup.gone");
    let gone = Answer { status: 410, content_type: "application/json", body: gone.as_bytes() };
    assert_eq!(Download::refusal(&gone).code.as_str(), "backup.gone");
    let download = remote().download_of(&job, 2);
    assert_eq!(download.url, "https://remote.example/blocks/courseferry/backup.php");
    assert_eq!(download.body, "token=t&job=0123456789abcdef0123456789abcdef&number=2");
}
