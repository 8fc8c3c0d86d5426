//! Every parser of what comes from outside: each takes any bytes, must not panic, and asserts what holds of whatever it
//! makes of them. cargo-fuzz runs them for hours, the suite for seconds.

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use courseferry_access::token::{Expected, Key, Keys, LaunchClaims, ServiceClaims, SessionClaims, verify};
use courseferry_api::{
    ActOnMany, CategoryId, Language, RemoteCourseId, RemoteId, RemoteKind, RestoreQuery, Route, ScheduleRequest,
    SessionRequest, UserId, csv,
};
use courseferry_ferry::{Settings, list_file};
use courseferry_moodle::{
    Answer, Beginning, ByteRange, Companion, Demands, Download, OWN_SECRET, Remote, Secret, SiteUrl, StrongSha1,
    parse_external_moodles, plain_text, with_own_secrets,
};
use courseferry_tests::backup;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::borrow::Cow;

/// A parser by its name, which is its corpus's too.
pub type Parser = (&'static str, fn(&[u8]));

/// All of them.
pub const PARSERS: [Parser; 10] = [
    ("remote_answers", remote_answers),
    ("client_answers", client_answers),
    ("multilang", multilang),
    ("archives", archives),
    ("settings", settings),
    ("secrets", secrets),
    ("tokens", tokens),
    ("ranges", ranges),
    ("requests", requests),
    ("lists", lists),
];

/// Characters to which names are cut, and those to which details are.
const NAME: usize = 1_333;
const DETAIL: usize = 500;

fn text(data: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(data)
}

/// An answer of any status and type.
fn answer(data: &[u8]) -> Answer<'_> {
    let statuses = [200, 200, 200, 200, 206, 302, 401, 403, 404, 416, 429, 500, 503, 524];
    let (first, body) = data.split_first().map_or((0, data), |(first, body)| (*first, body));
    // A corpus of plain JSON is a corpus of answers with status 200.
    let (status, body) = if first.is_ascii_graphic() { (200, data) } else { (statuses[first as usize % 14], body) };
    Answer { status, content_type: "application/json", body }
}

fn remote() -> Remote {
    parse_external_moodles("https://remote.example,abc123").unwrap().remove(0)
}

/// What a remote says, as each of its calls reads it.
pub fn remote_answers(data: &[u8]) {
    let (remote, answer) = (remote(), answer(data));
    if let Ok(site) = remote.site_info().read(&answer) {
        assert!(site.sitename.chars().count() <= NAME);
        let _ = site.lender();
    }
    for kind in [None, Some(RemoteKind::Courseferry), Some(RemoteKind::Original2), Some(RemoteKind::Original3)] {
        match remote.courses(kind, "teacher").read(&answer) {
            Ok(list) => {
                for course in list.courses {
                    assert!(
                        course.full_name("fr").chars().count() <= NAME && course.short_name("").chars().count() <= NAME
                    );
                }
            }
            Err(failure) => assert!(failure.detail.chars().count() <= DETAIL, "{failure:?}"),
        }
        let _ = remote.back_up(kind, "teacher", RemoteCourseId(1), false).read(&answer);
    }
    let _ = remote.contents("teacher", RemoteCourseId(1)).read(&answer);
    let _ = remote.get_backups([]).read(&answer);
    let _ = remote.delete_backups([]).read(&answer);
    let refusal = Download::refusal(&answer);
    assert!(refusal.detail.chars().count() <= DETAIL, "{refusal:?}");
    let _ = (answer.is_moodles_own(), Beginning::of(data));
}

/// What the client says.
pub fn client_answers(data: &[u8]) {
    let url: SiteUrl = "https://client.example".parse().unwrap();
    let (companion, answer) = (Companion { url, token: Secret::new("abc123") }, answer(data));
    let _ = companion.get_site_access("").read(&answer);
    let _ = companion.get_user_access(UserId(2)).read(&answer);
    let _ = companion.get_restores([]).read(&answer);
    let _ = companion.preview(UserId(2), CategoryId(3), &[]).read(&answer);
    let _ = companion.target_courses(UserId(2), "").read(&answer);
    if let Ok(report) = companion.get_readiness(None).read(&answer) {
        let demands = Demands { default_category: Some(CategoryId(3)), original_category: true, enrol_button: true };
        let _ = report.checks(report.time, &demands, Language::French);
    }
}

/// Names in several languages, with markup and entities.
pub fn multilang(data: &[u8]) {
    let text = text(data);
    for language in ["", "en", "fr", "fr_ca"] {
        let plain = plain_text(&text, language);
        assert!(plain.chars().count() <= text.chars().count(), "it grew: {plain:?} of {text:?}");
    }
}

/// A backup, as the stand-in's restore reads it.
pub fn archives(data: &[u8]) {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    std::io::Write::write_all(&mut file, data).expect("a temporary file");
    let _ = backup::read(file.path());
}

/// Settings, a line each, `name=value`: the shipped ones and those that are changed on the Manage page.
pub fn settings(data: &[u8]) {
    let text = text(data);
    let lines: Vec<(&str, &str)> = text.lines().filter_map(|line| line.split_once('=')).collect();
    let get = |name: &str| lines.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
    let zone_exists = |zone: &str| zone == "Europe/Paris";
    match Settings::read(get, zone_exists) {
        Ok(settings) => {
            let (_, wrong) = settings.with_changes(lines.iter().copied(), zone_exists);
            assert!(wrong.iter().all(|error| lines.iter().any(|(name, _)| *name == error.setting)), "{wrong:?}");
        }
        Err(wrong) => {
            for error in wrong {
                let said = error.problem(Language::English).detail;
                assert!(said.starts_with(error.setting), "named, and its value never shown: {said}");
            }
        }
    }
}

/// The list of remotes and the secrets of one remote's own: a wrong one is named without its token.
pub fn secrets(data: &[u8]) {
    let text = text(data);
    match parse_external_moodles(&text) {
        Ok(remotes) => {
            for remote in &remotes {
                let again: Result<SiteUrl, _> = remote.url.as_str().parse();
                assert_eq!(again.as_ref(), Ok(&remote.url), "an address is read as it is written");
            }
            let own = remotes.first().map(|remote| (format!("{OWN_SECRET}{}", remote.id()), text.to_string()));
            let _ = with_own_secrets(remotes, own.into_iter().collect());
        }
        Err(error) => {
            let said = error.to_string();
            // A shorter word may stand in our own sentence as well.
            let tokens = text.split(';').filter_map(|entry| entry.split_once(',')).map(|(_, token)| token);
            let words = tokens.flat_map(|token| token.split(|letter: char| !letter.is_ascii_alphanumeric()));
            for word in words.filter(|word| word.len() >= 12) {
                assert!(!said.contains(word), "{said} shows {word}");
            }
        }
    }
    let _ = text.parse::<SiteUrl>();
    let _ = text.parse::<RemoteId>();
}

/// Tokens as they come, and with these claims under a signature that holds.
pub fn tokens(data: &[u8]) {
    const KEY: &str = "a key of the fuzzer's that is long enough";
    let keys = Keys { current: Key::new(Secret::new(KEY)).expect("a key"), previous: None };
    let expected = Expected {
        issuer: "https://client.example",
        audience: "https://worker.example",
        state: None,
        now: 1_795_308_746,
    };
    let token = text(data);
    assert!(verify::<LaunchClaims>(&token, &keys, &expected).is_err(), "nobody can sign");
    for kind in ["launch", "session", "service"] {
        let header = format!(r#"{{"typ":"courseferry-{kind}+jwt","alg":"HS256"}}"#);
        let encode = |part: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(part);
        let message = format!("{}.{}", encode(header.as_bytes()), encode(data));
        let mut mac = Hmac::<Sha256>::new_from_slice(KEY.as_bytes()).expect("any key");
        mac.update(message.as_bytes());
        let token = format!("{message}.{}", encode(&mac.finalize().into_bytes()));
        if let Ok(claims) = verify::<LaunchClaims>(&token, &keys, &expected) {
            assert_eq!((claims.standard.iss.as_str(), kind), (expected.issuer, "launch"));
        }
        let _ = verify::<SessionClaims>(&token, &keys, &expected)
            .map(|claims| assert_eq!(claims.standard.aud, expected.audience));
        let _ = verify::<ServiceClaims>(&token, &keys, &expected);
    }
}

/// Headers of a download.
pub fn ranges(data: &[u8]) {
    let text = text(data);
    if let Ok(range) = text.parse::<ByteRange>() {
        assert!(range.first <= range.last && range.last < range.total, "{range:?}");
        assert_eq!(range.to_string().parse::<ByteRange>(), Ok(range));
    }
    let _ = text.parse::<StrongSha1>();
    let mut lines = text.lines();
    let status = lines.next().and_then(|line| line.trim().parse().ok()).unwrap_or(206);
    let headers: Vec<_> = lines.filter_map(|line| line.split_once(':')).collect();
    let header =
        |name: &str| headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.trim().to_owned());
    if let Download::Backup(head) = Download::of(status, header) {
        assert!(head.total >= head.range.map(|range| range.total), "{head:?}");
        let _ = head.sha1();
    }
}

/// Paths, queries and bodies of a browser's requests, and a cell of the CSV that administrators save.
pub fn requests(data: &[u8]) {
    let text = text(data);
    for method in ["GET", "POST"] {
        let _ = Route::parse(method, &text);
    }
    let _ = serde_json::from_slice::<ScheduleRequest>(data);
    let _ = serde_json::from_slice::<SessionRequest>(data);
    let _ = serde_json::from_slice::<ActOnMany>(data);
    let _ = serde_json::from_slice::<RestoreQuery>(data);
    let line = csv::line([&*text, "next"]);
    let cell = line.strip_suffix(",\"next\"\r\n").and_then(|cell| cell.strip_prefix('"')?.strip_suffix('"'));
    let cell = cell.expect("a quoted cell");
    assert!(!cell.replace("\"\"", "").contains('"'), "a quote in a cell is doubled: {line:?}");
    let is_number = text.parse::<i64>().is_ok();
    assert!(is_number || !cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "no formula: {line:?}");
}

/// A list of restores for others, as a spreadsheet saves it.
pub fn lists(data: &[u8]) {
    let text = text(data);
    let Ok(rows) = list_file::read(&text, Language::French) else { return };
    assert!((1..=list_file::MOST_ROWS).contains(&rows.len()));
    let lines = text.lines().count();
    for row in rows {
        assert!((1..=lines.max(1)).contains(&(row.line as usize)), "line {} of {lines}", row.line);
        let said = row.problem.map(|problem| problem.detail).unwrap_or_default();
        assert!(said.chars().count() <= DETAIL, "{said}");
    }
}
