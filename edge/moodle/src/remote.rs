//! What we ask a remote Moodle: the original block's functions and its download script.

use crate::{AddressError, Answer, Call, Class, Fault, Request, Secret, SiteUrl, fault, flexible, plain_text};
use courseferry_api::{ErrorCode, RemoteCourseId, RemoteId, UnixTime};
use serde::{Deserialize, Serialize};
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

    /// The courses that `username` teaches there. `concernedroles` must be there, and stays empty: it
    /// does not choose courses, it asks for the usernames of colleagues and students.
    pub fn courses(&self, username: &str) -> Call<Vec<Course>, RemoteError> {
        Call::function(&self.url, &self.token, "block_my_external_backup_restore_courses_get_courses", listing)
            .with("username", username)
            .with("concernedroles", "")
    }

    /// Backs a course up, as `username`, and answers when the file is there. It replaces the one backup
    /// that the remote keeps for this user.
    pub fn back_up(&self, username: &str, course: RemoteCourseId) -> Call<BackupFile, RemoteError> {
        Call::function(&self.url, &self.token, "block_my_external_backup_restore_courses_get_courses_zip", backing_up)
            .with("username", username)
            .with("courseid", course)
            .checked(
                |backup: &BackupFile| if backup.filerecordid > 0 { Ok(()) } else { Err(RemoteError::BackupFailed) },
            )
    }

    /// Asks for a backup's bytes. Send it with `Accept-Encoding: identity` and, for a part, `Range`;
    /// then look at the answer's head with [`crate::Download::of`].
    pub fn download(&self, backup: BackupFile) -> Request {
        let script = "/blocks/my_external_backup_restore_courses/get_user_backup_course_webservice.php";
        let id = backup.filerecordid.to_string();
        Request::new(self.url.join(script), &[("token", self.token.reveal()), ("filerecordid", &id)])
    }
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

/// Faults while the remote makes a backup, which may go on after the answer was lost.
fn backing_up(fault: Fault) -> RemoteError {
    match fault {
        Fault::Timeout | Fault::Cut => RemoteError::BackupUnknown,
        // Two plain exceptions of the original, which have no error code.
        Fault::Other { ref code, ref message } if code.is_empty() && message.contains("notcourseowner") => {
            RemoteError::NotOwner
        }
        Fault::Other { ref code, ref message } if code.is_empty() && message.contains("can't be created") => {
            RemoteError::BackupFailed
        }
        other => listing(other),
    }
}

/// What the site says about itself and the token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteInfo {
    /// The site's name, which may hold several languages: show it with [`plain_text`].
    pub sitename: String,
    /// The address that the site calls its own.
    #[serde(default)]
    pub siteurl: String,
    /// Moodle's version for people.
    #[serde(default)]
    pub release: String,
    /// The functions that the token may call.
    #[serde(default)]
    pub functions: Vec<SiteFunction>,
    /// Whether the token's service lets files be downloaded.
    #[serde(default, deserialize_with = "flexible::flag")]
    pub downloadfiles: bool,
}

/// A function that a token may call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteFunction {
    /// Its name.
    pub name: String,
    /// The version of the plugin that has it.
    #[serde(default)]
    pub version: String,
}

/// A course of a remote, as its list has it. Fields that we do not use are not read; the usernames
/// of colleagues (`concernedusers`) are among them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Course {
    /// Its id there.
    pub id: RemoteCourseId,
    /// Its short name, markup and all.
    pub shortname: String,
    /// Its full name, markup and all.
    #[serde(default, deserialize_with = "flexible::text")]
    pub fullname: String,
    /// Its id number; empty if it has none.
    #[serde(default, deserialize_with = "flexible::text")]
    pub idnumber: String,
    /// The id of its category there.
    #[serde(default)]
    pub category: i64,
    /// When it starts, if it says so.
    #[serde(default, deserialize_with = "flexible::moment")]
    pub startdate: Option<UnixTime>,
    /// Whether students see it. A remote that does not say so lists what everybody sees.
    #[serde(default = "yes", deserialize_with = "flexible::flag")]
    pub visible: bool,
    /// What names its category on both sites, if the remote tells.
    #[serde(default, deserialize_with = "flexible::filled")]
    pub categoryidentifier: Option<String>,
}

fn yes() -> bool {
    true
}

impl Course {
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
    /// The remote tried and failed.
    #[error("the backup failed there")]
    BackupFailed,
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
            Self::BackupFailed => ErrorCode::RemoteBackupFailed,
            Self::EmptyBackup => ErrorCode::RemoteEmptyBackup,
        }
    }

    /// Whether trying again can help.
    pub fn class(&self) -> Class {
        Class::of(self.code())
    }

    /// What an answer to [`Remote::download`] says that is not a backup.
    pub fn of_download(answer: &Answer<'_>) -> Self {
        if answer.status == 200 && answer.body.is_empty() {
            return Self::EmptyBackup;
        }
        match fault::of(answer) {
            Err(fault) => Self::Fault(fault),
            Ok(()) => Self::Fault(Fault::Unexpected(format!("{} instead of a backup", answer.content_type))),
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
        let call = remote.courses("o.brien@example.org");
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
