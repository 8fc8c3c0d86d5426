//! What we ask a remote Moodle, of whichever kind: our own block's functions or the original's, and their download
//! scripts.

use crate::{AddressError, Answer, Beginning, Call, Class, Fault, Request, Secret, SiteUrl, fault, plain_text};
use courseferry_api::{
    ErrorCode, JobId, Options, RemoteCourseId, RemoteId, RemoteKind, UnixTime, lenient,
    remote::{BackupEntry, Contents, DeletedBackup},
};
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;
use thiserror::Error;

/// A remote Moodle and the token that it gave us. The token goes to this address only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remote {
    /// Its address.
    pub url: SiteUrl,
    /// Its web service token.
    pub token: Secret,
}

impl Remote {
    /// Its id, made from its address.
    pub fn id(&self) -> &RemoteId {
        self.url.id()
    }

    /// What the site is called and which functions the token may call.
    pub fn site_info(&self) -> Call<SiteInfo, RemoteError> {
        Call::function(&self.url, &self.token, "core_webservice_get_site_info", RemoteError::Fault)
    }

    /// The courses that `username` may take from there. A kind that is not known is asked as an original.
    pub fn courses(&self, kind: Option<RemoteKind>, username: &str) -> Call<Vec<Course>, RemoteError> {
        if kind == Some(RemoteKind::Courseferry) {
            return self
                .ours::<Courses>("get_courses")
                .with("username", username)
                .reading(|body| serde_json::from_slice(body).map(|Courses { courses }| within_limit(courses)));
        }
        // `concernedroles` must be there, and stays empty: it does not choose courses, it asks for the usernames of
        // colleagues and students.
        self.original::<Vec<Course>>("get_courses", listing)
            .with("username", username)
            .with("concernedroles", "")
            .reading(|body| serde_json::from_slice(body).map(within_limit))
    }

    /// Has an original make a backup, as `username`; it answers when the file is there. That replaces the backup which
    /// release 2 keeps for this user, or release 3 for the whole site.
    pub fn back_up(
        &self,
        kind: Option<RemoteKind>,
        username: &str,
        course: RemoteCourseId,
    ) -> Call<BackupFile, RemoteError> {
        let call = self.original("get_courses_zip", backing_up).with("username", username).with("courseid", course);
        // Release 2 refuses a parameter that it does not know.
        let call = if kind == Some(RemoteKind::Original3) { call.with("withuserdatas", 0) } else { call };
        call.checked(|backup: &BackupFile| {
            if backup.filerecordid > 0 { Ok(()) } else { Err(RemoteError::BackupFailed("no file".to_owned())) }
        })
    }

    /// Asks an original for a backup's bytes. Send it with `Accept-Encoding: identity` and, for a part, `Range`;
    /// then look at the answer's head with [`crate::Download::of`].
    pub fn download(&self, backup: BackupFile) -> Request {
        let script = "/blocks/my_external_backup_restore_courses/get_user_backup_course_webservice.php";
        let id = backup.filerecordid.to_string();
        Request::new(self.url.join(script), &[("token", self.token.reveal()), ("filerecordid", &id)])
    }

    /// What is in a course of a remote of our kind.
    pub fn contents(&self, username: &str, course: RemoteCourseId) -> Call<Contents, RemoteError> {
        self.ours("get_contents").with("username", username).with("courseid", course)
    }

    /// Has a remote of our kind begin a backup. Asked again with the same job and number it answers how that one
    /// fares.
    pub fn start_backup(
        &self,
        job: &JobId,
        number: u32,
        username: &str,
        course: RemoteCourseId,
        options: &Options,
    ) -> Call<BackupEntry, RemoteError> {
        let call = self.ours("start_backup").with("job", job).with("number", number);
        let call = call.with("username", username).with("courseid", course);
        let call = if options.students { call.with("options[users]", 1) } else { call };
        call.with_list("options[leaveoutsections]", &options.leave_out_sections)
            .with_list("options[leaveoutactivities]", &options.leave_out_activities)
    }

    /// How backups on a remote of our kind fare, in the order asked; at most 200.
    pub fn get_backups<'a>(
        &self,
        backups: impl IntoIterator<Item = (&'a JobId, u32)>,
    ) -> Call<Vec<BackupEntry>, RemoteError> {
        let call = pairs(self.ours::<Backups<BackupEntry>>("get_backups"), backups);
        call.reading(|body| serde_json::from_slice(body).map(|Backups { backups }| backups))
    }

    /// Removes backups on a remote of our kind, and stops those under way; at most 200.
    pub fn delete_backups<'a>(
        &self,
        backups: impl IntoIterator<Item = (&'a JobId, u32)>,
    ) -> Call<Vec<DeletedBackup>, RemoteError> {
        let call = pairs(self.ours::<Backups<DeletedBackup>>("delete_backups"), backups);
        call.reading(|body| serde_json::from_slice(body).map(|Backups { backups }| backups))
    }

    /// Asks a remote of our kind for a backup's bytes, as [`Remote::download`] does an original.
    pub fn download_of(&self, job: &JobId, number: u32) -> Request {
        let number = number.to_string();
        let fields = [("token", self.token.reveal()), ("job", job.as_str()), ("number", &number)];
        Request::new(self.url.join("/blocks/courseferry/backup.php"), &fields)
    }

    fn ours<T: serde::de::DeserializeOwned>(&self, name: &str) -> Call<T, RemoteError> {
        Call::function(&self.url, &self.token, &format!("{OURS}{name}"), lending)
    }

    fn original<T: serde::de::DeserializeOwned>(
        &self,
        name: &str,
        explain: fn(Fault) -> RemoteError,
    ) -> Call<T, RemoteError> {
        Call::function(&self.url, &self.token, &format!("{ORIGINAL}{name}"), explain)
    }
}

/// How the functions of our remote side begin.
const OURS: &str = "block_courseferry_remote_";
/// How the original's functions begin.
const ORIGINAL: &str = "block_my_external_backup_restore_courses_";
/// The first version of the original's release 3.
const RELEASE_3: u64 = 2_023_022_000;
/// The most bytes of one person's list on one remote, about as it is kept.
const LIST_LIMIT: usize = 2 * 1024 * 1024;

#[derive(Deserialize)]
struct Courses {
    courses: Vec<Course>,
}

#[derive(Deserialize)]
struct Backups<T> {
    backups: Vec<T>,
}

fn pairs<'a, T>(
    call: Call<T, RemoteError>,
    backups: impl IntoIterator<Item = (&'a JobId, u32)>,
) -> Call<T, RemoteError> {
    backups.into_iter().enumerate().fold(call, |call, (i, (job, number))| {
        call.with(&format!("backups[{i}][job]"), job).with(&format!("backups[{i}][number]"), number)
    })
}

/// As many courses as a list may hold; those that started last are kept.
fn within_limit(mut courses: Vec<Course>) -> Vec<Course> {
    let total: usize = courses.iter().map(Course::weight).sum();
    if total > LIST_LIMIT {
        courses.sort_by_key(|course| std::cmp::Reverse(course.startdate));
        let mut left = LIST_LIMIT;
        courses.retain(|course| {
            let fits = course.weight() <= left;
            left -= if fits { course.weight() } else { left };
            fits
        });
    }
    courses
}

/// Faults of any call that lists or checks a user's courses.
fn listing(fault: Fault) -> RemoteError {
    match fault {
        Fault::InvalidResponse => RemoteError::InvalidList,
        // The remote puts its setting `search_roles` into its query as it is.
        Fault::Database => RemoteError::SearchRoles,
        Fault::Other { ref code, .. } if code == "invalidusername" => RemoteError::UnknownUser,
        other => RemoteError::Fault(other),
    }
}

/// Faults while an original makes a backup, which may go on after the answer was lost.
fn backing_up(fault: Fault) -> RemoteError {
    match fault {
        Fault::Timeout | Fault::Cut => RemoteError::BackupUnknown,
        Fault::Empty => RemoteError::BackupFailed("an empty answer".to_owned()),
        // A plain exception of the original, which has no error code.
        Fault::Other { ref code, ref message } if code.is_empty() && message.contains("notcourseowner") => {
            RemoteError::NotOwner
        }
        Fault::Other { ref code, .. } if code == "invalidusername" => RemoteError::UnknownUser,
        // Errors of PHP's and of core's backup: whatever they are called, no backup came of it.
        Fault::Other { message, .. } => RemoteError::BackupFailed(message),
        other => listing(other),
    }
}

/// Faults of a remote of our kind, whose own codes are ours.
fn lending(fault: Fault) -> RemoteError {
    match fault {
        Fault::Other { ref code, ref message } => match own_code(code) {
            Some(own) => RemoteError::Refused(own, message.clone()),
            None => RemoteError::Fault(fault),
        },
        other => RemoteError::Fault(other),
    }
}

/// A code of ours that a remote may speak: of itself and its backups, and of nobody else.
fn own_code(code: &str) -> Option<ErrorCode> {
    let own = code.starts_with("remote.") || code.starts_with("backup.");
    own.then(|| code.parse().ok()).flatten()
}

/// What the site says about itself and the token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteInfo {
    /// The site's name, which may hold several languages: show it with [`plain_text`].
    #[serde(deserialize_with = "lenient::name")]
    pub sitename: String,
    /// The address that the site calls its own.
    #[serde(default, deserialize_with = "lenient::name")]
    pub siteurl: String,
    /// Moodle's version for people.
    #[serde(default, deserialize_with = "lenient::name")]
    pub release: String,
    /// The functions of blocks that the token may call.
    #[serde(default, deserialize_with = "of_blocks")]
    pub functions: Vec<SiteFunction>,
    /// Whether the token's service lets files be downloaded.
    #[serde(default, deserialize_with = "lenient::flag")]
    pub downloadfiles: bool,
}

impl SiteInfo {
    /// What lends courses there, and its version; none if nothing that we know does. Where our block stands beside
    /// the original, ours is used.
    pub fn lender(&self) -> Option<(RemoteKind, &str)> {
        let version = |name: &str| {
            let function = self.functions.iter().find(|function| function.name == name)?;
            Some(function.version.as_str())
        };
        if let Some(version) = version(&format!("{OURS}get_courses")) {
            return Some((RemoteKind::Courseferry, version));
        }
        let version = version(&format!("{ORIGINAL}get_courses"))?;
        let kind =
            if version.parse::<u64>().ok()? >= RELEASE_3 { RemoteKind::Original3 } else { RemoteKind::Original2 };
        Some((kind, version))
    }
}

/// A token may call hundreds of core's functions, which tell nothing.
fn of_blocks<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<SiteFunction>, D::Error> {
    let mut functions = Vec::<SiteFunction>::deserialize(deserializer)?;
    functions.retain(|function| function.name.starts_with("block_"));
    functions.truncate(200);
    Ok(functions)
}

/// A function that a token may call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteFunction {
    /// Its name.
    #[serde(deserialize_with = "lenient::name")]
    pub name: String,
    /// The version of the plugin that has it.
    #[serde(default, deserialize_with = "lenient::name")]
    pub version: String,
}

/// A course of a remote, as its list has it. Fields that we do not use are not read; the usernames
/// of colleagues (`concernedusers`) are among them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Course {
    /// Its id there.
    pub id: RemoteCourseId,
    /// Its short name as it is stored, markup and all.
    #[serde(deserialize_with = "lenient::name")]
    pub shortname: String,
    /// Its full name as it is stored, markup and all.
    #[serde(default, deserialize_with = "lenient::name")]
    pub fullname: String,
    /// Its id number; empty if it has none.
    #[serde(default, deserialize_with = "lenient::name")]
    pub idnumber: String,
    /// The names of its categories there, from the top down; only our kind of remote tells.
    #[serde(default, skip_serializing_if = "String::is_empty", deserialize_with = "lenient::name")]
    pub categorypath: String,
    /// When it starts, if it says so.
    #[serde(default, deserialize_with = "lenient::moment")]
    pub startdate: Option<UnixTime>,
    /// Whether students see it. A remote that does not say so lists what everybody sees.
    #[serde(default = "yes", deserialize_with = "lenient::flag")]
    pub visible: bool,
    /// Whether the teacher may take students' data along; only our kind of remote tells.
    #[serde(default, skip_serializing_if = "std::ops::Not::not", deserialize_with = "lenient::flag")]
    pub users: bool,
    /// What names its category on both sites, if the remote tells.
    #[serde(default, deserialize_with = "lenient::filled")]
    pub categoryidentifier: Option<String>,
}

fn yes() -> bool {
    true
}

impl Course {
    /// About how many bytes it takes where a list is kept.
    fn weight(&self) -> usize {
        let texts = [&self.shortname, &self.fullname, &self.idnumber, &self.categorypath];
        let identifier = self.categoryidentifier.as_ref().map_or(0, String::len);
        120 + identifier + texts.into_iter().map(String::len).sum::<usize>()
    }

    /// Its full name in the reader's language.
    pub fn full_name(&self, language: &str) -> String {
        plain_text(&self.fullname, language)
    }

    /// Its short name in the reader's language.
    pub fn short_name(&self, language: &str) -> String {
        plain_text(&self.shortname, language)
    }
}

/// A backup that a remote has made: the id of its file there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupFile {
    /// `files.id`, gone as soon as the same user's next backup is there.
    pub filerecordid: i64,
}

/// Why a remote did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RemoteError {
    /// What any Moodle may say.
    #[error("{0}")]
    Fault(#[from] Fault),
    /// The user is not, or no longer, a teacher of the course; or there is no such course.
    #[error("notcourseowner")]
    NotOwner,
    /// No account of that name.
    #[error("invalidusername")]
    UnknownUser,
    /// One tag in one name makes the remote refuse its whole list.
    #[error("invalidresponse")]
    InvalidList,
    /// The remote's setting `search_roles` breaks its query.
    #[error("dmlreadexception")]
    SearchRoles,
    /// The answer was lost, so the backup may still be under way and will then replace the one that is there.
    #[error("the answer was lost while the backup was made")]
    BackupUnknown,
    /// The remote tried and failed, and says why.
    #[error("the backup failed there: {0}")]
    BackupFailed(String),
    /// The download is sent elsewhere; a token never goes to another address.
    #[error("a redirect instead of the backup")]
    DownloadRedirected,
    /// What came is no course backup.
    #[error("{0} instead of the backup")]
    NotABackup(String),
    /// A remote of our kind refuses, in our words, and says why.
    #[error("{1}")]
    Refused(ErrorCode, String),
    /// The remote has no such backup any more: another one took its place.
    #[error("an empty answer instead of the backup")]
    EmptyBackup,
}

impl RemoteError {
    /// Its stable code.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Fault(fault) => fault.of_remote(),
            Self::NotOwner => ErrorCode::RemoteNotOwner,
            Self::UnknownUser => ErrorCode::RemoteUnknownUser,
            Self::InvalidList => ErrorCode::RemoteInvalidList,
            Self::SearchRoles => ErrorCode::RemoteSearchRoles,
            Self::BackupUnknown => ErrorCode::RemoteBackupUnknown,
            Self::BackupFailed(_) => ErrorCode::RemoteBackupFailed,
            Self::DownloadRedirected => ErrorCode::RemoteDownloadRedirected,
            Self::NotABackup(_) => ErrorCode::BackupNotABackup,
            Self::Refused(code, _) => *code,
            Self::EmptyBackup => ErrorCode::RemoteEmptyBackup,
        }
    }

    /// Whether trying again can help.
    pub fn class(&self) -> Class {
        Class::of(self.code())
    }

    /// What an answer to [`Remote::download`] says that is not a backup.
    pub fn of_download(answer: &Answer<'_>) -> Self {
        match (answer.status, Beginning::of(answer.body)) {
            (200, Beginning::Nothing) => return Self::EmptyBackup,
            // An archive under the name of a page: PHP had sent its header before Moodle could say what follows.
            (200 | 206, Beginning::Archive) => return Self::Fault(Fault::StrayOutput("something")),
            _ => {}
        }
        match fault::of(answer, fault::Script::Plugin) {
            Err(Fault::WrongAddress) => Self::DownloadRedirected,
            Err(Fault::Unexpected(what)) => Self::NotABackup(what),
            Err(fault) => lending(fault),
            Ok(()) => Self::NotABackup(lenient::cut(format!("an answer of type {}", answer.content_type), 100)),
        }
    }
}

/// What is wrong with a list of remotes, and in which of its entries, counted from 1. It never shows a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemotesError {
    /// Which entry.
    pub entry: usize,
    /// What is wrong with it.
    pub mistake: RemotesMistake,
}

/// What is wrong with one entry of a list of remotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RemotesMistake {
    /// No comma, or nothing after it.
    #[error("there is no token after the address; an entry is address,token")]
    NoToken,
    /// Something that Moodle would not take for a token.
    #[error("the token holds other characters than letters and digits")]
    BadToken,
    /// No address that a token may be sent to.
    #[error("{0}")]
    BadAddress(#[from] AddressError),
    /// The same site again.
    #[error("the same address stands in an earlier entry")]
    Twice,
}

impl fmt::Display for RemotesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "entry {}: {}", self.entry, self.mistake)
    }
}

impl std::error::Error for RemotesError {}

/// Reads the original's setting `external_moodles`: `url1,token1;url2,token2`.
pub fn parse_external_moodles(text: &str) -> Result<Vec<Remote>, RemotesError> {
    let mut remotes: Vec<Remote> = Vec::new();
    for (i, entry) in text.split(';').map(str::trim).enumerate().filter(|(_, entry)| !entry.is_empty()) {
        let mistake = |mistake| RemotesError { entry: i + 1, mistake };
        let remote = parse_remote(entry).map_err(mistake)?;
        if remotes.iter().any(|earlier| earlier.url == remote.url) {
            return Err(mistake(RemotesMistake::Twice));
        }
        remotes.push(remote);
    }
    Ok(remotes)
}

fn parse_remote(entry: &str) -> Result<Remote, RemotesMistake> {
    let (url, token) = entry.split_once(',').ok_or(RemotesMistake::NoToken)?;
    let token = token.trim();
    match token {
        "" => Err(RemotesMistake::NoToken),
        _ if !token.bytes().all(|byte| byte.is_ascii_alphanumeric()) => Err(RemotesMistake::BadToken),
        _ => Ok(Remote { url: url.parse()?, token: Secret::new(token) }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_originals_setting_is_read_as_it_is_written() {
        let remotes =
            parse_external_moodles(" https://A.example/ , abc123;\nhttps://b.example/moodle,def456 ;").unwrap();
        let read: Vec<_> = remotes.iter().map(|remote| (remote.url.as_str(), remote.token.reveal())).collect();
        assert_eq!(read, [("https://a.example", "abc123"), ("https://b.example/moodle", "def456")]);
        assert_eq!(parse_external_moodles("").unwrap(), []);
    }

    #[test]
    fn a_wrong_entry_is_named_and_its_token_is_not_shown() {
        for (text, entry, mistake) in [
            ("https://a.example,t1;https://b.example", 2, RemotesMistake::NoToken),
            ("https://a.example,", 1, RemotesMistake::NoToken),
            ("https://a.example,s3cret,x", 1, RemotesMistake::BadToken),
            ("http://a.example,s3cret", 1, RemotesMistake::BadAddress(AddressError::NotHttps)),
            ("https://a.example,s3cret;https://A.example/,s3cret", 2, RemotesMistake::Twice),
        ] {
            let error = parse_external_moodles(text).unwrap_err();
            assert_eq!(error, RemotesError { entry, mistake }, "{text}");
            assert!(!error.to_string().contains("s3cret"));
        }
        assert!(!format!("{:?}", parse_external_moodles("https://a.example,s3cret")).contains("s3cret"));
    }

    #[test]
    fn a_call_sends_its_token_in_the_body_and_shows_it_nowhere_else() {
        let remote = parse_remote("https://a.example,s3cret").unwrap();
        let call = remote.courses(None, "o.brien@example.org");
        assert_eq!(call.request.url, "https://a.example/webservice/rest/server.php");
        assert_eq!(
            call.request.body,
            "wstoken=s3cret&wsfunction=block_my_external_backup_restore_courses_get_courses&moodlewsrestformat=json\
             &username=o.brien%40example.org&concernedroles="
        );
        assert!(!format!("{call:?}").contains("s3cret"));
        let download = remote.download(BackupFile { filerecordid: 7 });
        assert_eq!(download.body, "token=s3cret&filerecordid=7");
        assert!(!download.url.contains("s3cret"));
    }
}
