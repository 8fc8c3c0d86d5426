//! Answers recorded from a real Moodle (4.5.5, PostgreSQL) that runs our own block's remote side, read as the Worker
//! reads them. `fixtures/courseferry.http` holds them: `### name`, status line, the headers that count, body.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

use courseferry_api::{Failure, JobId, Options, RemoteCourseId, RemoteKind, remote::BackupState};
use courseferry_moodle::{Answer, Call, Download, Remote, Secret};

struct Recorded {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

impl Recorded {
    fn named(name: &str) -> Self {
        let text = include_str!("fixtures/courseferry.http");
        let (_, text) = text.split_once(&format!("### {name}\n")).expect(name);
        let text = text.split_once("\n### ").map_or(text, |(this, _)| this);
        let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
        let (status, headers) = head.split_once('\n').expect("a status line");
        Self {
            status: status.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status"),
            headers: headers
                .lines()
                .filter_map(|line| line.split_once(": "))
                .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
                .collect(),
            body: body.trim().to_owned(),
        }
    }

    fn header(&self, name: &str) -> Option<String> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    }

    fn answer(&self) -> Answer<'_> {
        let content_type = self.headers.iter().find(|(name, _)| name == "content-type").map_or("", |(_, value)| value);
        Answer { status: self.status, content_type, body: self.body.as_bytes() }
    }

    fn download(&self) -> Result<Download, Failure> {
        match Download::of(self.status, |name| self.header(name)) {
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
}

/// The answer of that name, read as the answer to a call.
fn read<T>(name: &str, call: &Call<T>) -> Result<T, Failure>
where
    T: serde::de::DeserializeOwned,
{
    call.read(&Recorded::named(name).answer())
}

fn remote() -> Remote {
    Remote { url: "https://sciences.example.org".parse().unwrap(), token: Secret::new("t") }
}

fn job() -> JobId {
    "0000000000000000000001a219066ff0".parse().unwrap()
}

#[test]
fn a_moodle_with_our_block_is_known_by_its_functions() {
    let info = read("site_info", &remote().site_info()).unwrap();
    let (kind, version) = info.lender().unwrap();
    assert_eq!(kind, RemoteKind::Courseferry);
    assert!(version.parse::<u64>().unwrap() >= 2_026_112_650, "{version}");
}

#[test]
fn its_list_reads_whole() {
    let courses = read("get_courses", &remote().courses(Some(RemoteKind::Courseferry), "bert")).unwrap().courses;
    assert_eq!(courses.len(), 8);
    assert_eq!(courses.first().unwrap().full_name("en"), "Course 1 of bert at sciences");
}

#[test]
fn its_contents_read_whole() {
    let contents = read("get_contents", &remote().contents("bert", RemoteCourseId(10))).unwrap();
    assert_eq!(contents.bytes, 300_032);
    let names: Vec<&str> =
        contents.sections.iter().flat_map(|section| &section.activities).map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["Light", "Script", "Essay"]);
}

#[test]
fn a_backup_is_followed_from_waiting_to_gone() {
    let start = remote().start_backup(&job(), 1, "bert", RemoteCourseId(10), &Options::default());
    assert_eq!(read("start_backup", &start).unwrap().state, BackupState::Waiting);
    let list = |name: &str| read(name, &remote().get_backups([(&job(), 1)])).unwrap();
    let running = list("get_backups_running");
    assert_eq!(running.first().map(|entry| (entry.state, entry.percent)), Some((BackupState::Running, 43)));
    let ready = list("get_backups_ready");
    let ready = ready.first().unwrap();
    assert_eq!((ready.state, ready.percent, ready.bytes), (BackupState::Ready, 100, 310_769));
    assert_eq!(ready.sha256.len(), 64);
    assert!(ready.expires.is_some());
    assert_eq!(read("start_backup_again", &start).unwrap(), *ready, "asked again: the same backup");
    let removed = |name: &str| read(name, &remote().delete_backups([(&job(), 1)])).unwrap().first().unwrap().removed;
    assert!(removed("delete_backups"));
    assert!(!removed("delete_backups_again"));
    for name in ["get_backups_deleted", "get_backups_anothers"] {
        assert_eq!(list(name).first().map(|entry| entry.state), Some(BackupState::Gone), "{name}");
    }
}

#[test]
fn every_refusal_of_a_call_has_its_code() {
    let courses = remote().courses(Some(RemoteKind::Courseferry), "bert");
    let contents = remote().contents("bert", RemoteCourseId(10));
    let start = remote().start_backup(&job(), 1, "bert", RemoteCourseId(10), &Options::default());
    let courses = |name: &str| read(name, &courses).unwrap_err();
    let contents = |name: &str| read(name, &contents).unwrap_err();
    let start = |name: &str| read(name, &start).unwrap_err();
    for (refusal, code) in [
        (courses("get_courses_nobody"), "remote.unknown_user"),
        (courses("get_courses_upper_case"), "remote.unknown_user"),
        (courses("get_courses_administrator"), "remote.account_not_lent"),
        (courses("get_courses_bad_token"), "remote.bad_token"),
        (contents("get_contents_not_owner"), "remote.not_owner"),
        (contents("get_contents_no_course"), "remote.course_missing"),
        (start("start_backup_students"), "remote.users_not_lent"),
        (start("start_backup_front_page"), "remote.not_owner"),
        (start("start_backup_wrong_job"), "remote.invalid_parameter"),
        (start("start_backup_another_course"), "remote.invalid_parameter"),
    ] {
        assert_eq!(refusal.code.as_str(), code);
    }
}

#[test]
fn a_file_arrives_whole_or_in_part_with_its_length_and_checksum() {
    for (name, status) in
        [("download", 200), ("download_replaced", 200), ("download_part", 206), ("download_last_part", 206)]
    {
        let recorded = Recorded::named(name);
        assert_eq!(recorded.status, status, "{name}");
        assert!(recorded.download().is_ok(), "{name}");
        assert_eq!(recorded.header("repr-digest").unwrap(), "sha-256=:wLlZt6z494oe9CGCUq9J2gZXbEE50UlV7eJoXWV8BSQ=:");
    }
}

#[test]
fn every_refusal_of_a_download_has_its_code() {
    for (name, code) in [
        ("download_not_ready", "remote.not_ready"),
        ("download_gone", "backup.gone"),
        ("download_anothers", "backup.gone"),
        ("download_bad_token", "remote.bad_token"),
        ("download_no_token", "remote.bad_token"),
        ("download_no_job", "remote.invalid_parameter"),
    ] {
        let refusal = Recorded::named(name).download().unwrap_err();
        assert_eq!(refusal.code.as_str(), code, "{name}");
    }
}
