//! Answers recorded from real Moodles (4.5, the original block installed), read as the Worker reads them.
//!
//! `fixtures/recorded.http` holds them: `### name`, status line, the headers that count, body.
//! A folder with further recordings (`../shared/moodle/transcripts` beside the workspace) is read too.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

use courseferry_api::RemoteCourseId;
use courseferry_moodle::{
    Answer, BODY_LIMIT, BackupFile, Class, Course, Download, Fault, Remote, RemoteError, Secret, SiteInfo,
    parse_external_moodles,
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

    fn download(&self) -> Result<Download, RemoteError> {
        match Download::of(self.status, |name| self.headers.get(name).cloned()) {
            Download::Refused => Err(RemoteError::of_download(&self.answer())),
            download => Ok(download),
        }
    }

    fn courses(&self) -> Result<Vec<Course>, RemoteError> {
        remote().courses("teacher1").read(&self.answer())
    }

    fn backup(&self) -> Result<BackupFile, RemoteError> {
        remote().back_up("teacher1", RemoteCourseId(3)).read(&self.answer())
    }

    fn site_info(&self) -> Result<SiteInfo, RemoteError> {
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
        read.map_or_else(|error| error.code().to_string(), |()| "ok".to_owned())
    }
}

fn recorded() -> BTreeMap<String, Recorded> {
    include_str!("fixtures/recorded.http")
        .split("### ")
        .filter_map(|section| section.split_once('\n'))
        .map(|(name, text)| (name.to_owned(), Recorded::parse(text)))
        .collect()
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
    ("remote.plugin_missing", "err_function_unknown http_404"),
    ("remote.wrong_address", "http_wrong_host_post"),
    ("remote.not_moodle", "site_info_xml_ok site_info_json_body"),
    ("remote.unknown_user", "get_courses_unknown_username get_courses_uppercase_username"),
    ("remote.unknown_user", "get_courses_zip_unknown_username debug_get_courses_unknown_username"),
    ("remote.invalid_list", "get_courses_fullname_with_tag"),
    ("remote.search_roles", "get_courses_remote_search_roles_quoted"),
    ("remote.invalid_parameter", "get_courses_roles_missing get_courses_zip_wrong_type download_missing_id"),
    ("remote.not_owner", "get_courses_zip_not_owner get_courses_zip_unknown_course get_courses_zip_student"),
    ("remote.empty_backup", "download_stale_id download_unknown_id"),
    ("remote.unexpected", "download_unrelated_file download_range_multi"),
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
    let list = remote().courses("t").read(&Answer { status: 200, content_type: "application/json", body }).unwrap();
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
    let back_up = remote().back_up("t", RemoteCourseId(1));
    for status in [504, 524, 408] {
        let answer = Answer { status, content_type: "text/html", body: b"<html>" };
        assert_eq!(back_up.read(&answer).unwrap_err().class(), Class::Unknown, "{status}");
        assert_eq!(remote().site_info().read(&answer).unwrap_err().class(), Class::Transient, "{status}");
    }
    assert_eq!(back_up.failed(Fault::Cut).class(), Class::Unknown);
    assert_eq!(back_up.failed(Fault::Unreachable).class(), Class::Transient);
    let bad_gateway = Answer { status: 502, content_type: "text/html", body: b"<html>" };
    assert_eq!(back_up.read(&bad_gateway).unwrap_err().class(), Class::Transient);
}

#[test]
fn a_backup_with_the_id_nought_has_failed() {
    let answer = Answer { status: 200, content_type: "application/json", body: br#"{"filename":"","filerecordid":0}"# };
    let error = remote().back_up("t", RemoteCourseId(1)).read(&answer).unwrap_err();
    assert_eq!((error.code().as_str(), error.class()), ("remote.backup_failed", Class::Transient));
}

#[test]
fn pages_and_floods_are_errors_of_their_own() {
    let read = |status, content_type, body: &[u8]| {
        remote().site_info().read(&Answer { status, content_type, body }).unwrap_err().code().to_string()
    };
    assert_eq!(read(200, "text/html", b"<!DOCTYPE html>"), "remote.not_moodle");
    assert_eq!(read(403, "text/html", b"<h1>Blocked</h1>"), "remote.not_moodle");
    assert_eq!(read(503, "text/html", b"<h1>no server is available</h1>"), "remote.server_error");
    assert_eq!(read(200, "application/json", b""), "remote.unexpected");
    assert_eq!(read(200, "application/json", &vec![b' '; BODY_LIMIT + 1]), "remote.too_large");
}

#[test]
fn a_remote_keeps_its_id_when_its_token_changes() {
    let id = |text| parse_external_moodles(text).unwrap()[0].id().clone();
    assert_eq!(id("https://a.example,one"), id("https://A.example/,two"));
}
