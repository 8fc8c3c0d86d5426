//! What we ask a remote Moodle, of whichever kind: our own block's functions or the original's, and their download
//! scripts.

use crate::{
    address::SiteUrl,
    call::{Call, Request},
    course::{Courses, within_limit},
    fault::Fault,
    site_info::{ORIGINAL, OURS, SiteInfo},
};
use courseferry_access::Secret;
use courseferry_api::{
    ErrorCode, Failure, JobId, Options, RemoteCourseId, RemoteId, RemoteKind,
    remote::{BackupEntry, Contents, DeletedBackup},
};
use serde::{Deserialize, Serialize};

/// A remote Moodle and the token that it gave us. The token goes to this address only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remote {
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
    pub fn site_info(&self) -> Call<SiteInfo> {
        Call::function(&self.url, &self.token, "core_webservice_get_site_info", Fault::of_remote)
    }

    /// The courses that `username` may take from there. A kind that is not known is asked as an original.
    pub fn courses(&self, kind: Option<RemoteKind>, username: &str) -> Call<Courses> {
        if kind == Some(RemoteKind::Courseferry) {
            return self
                .ours::<Courses>("get_courses")
                .with("username", username)
                .reading(|body| serde_json::from_slice(body).map(|Courses { courses, .. }| within_limit(courses)));
        }
        // `concernedroles` must be there, and stays empty: it does not choose courses, it asks for the usernames of
        // colleagues and students.
        self.original::<Courses>("get_courses", listing)
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
        students: bool,
    ) -> Call<BackupFile> {
        let call = self.original("get_courses_zip", backing_up).with("username", username).with("courseid", course);
        // Release 2 refuses a parameter that it does not know.
        let call =
            if kind == Some(RemoteKind::Original3) { call.with("withuserdatas", u8::from(students)) } else { call };
        call.checked(|backup: &BackupFile| {
            if backup.filerecordid > 0 { Ok(()) } else { Err(Failure::new(ErrorCode::RemoteBackupFailed, "no file")) }
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
    pub fn contents(&self, username: &str, course: RemoteCourseId) -> Call<Contents> {
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
    ) -> Call<BackupEntry> {
        let call = self.ours("start_backup").with("job", job).with("number", number);
        let call = call.with("username", username).with("courseid", course);
        let call = if options.students { call.with("options[users]", 1) } else { call };
        call.with_list("options[leaveoutsections]", &options.leave_out_sections)
            .with_list("options[leaveoutactivities]", &options.leave_out_activities)
    }

    /// How backups on a remote of our kind fare, in the order asked; at most 200.
    pub fn get_backups<'a>(&self, backups: impl IntoIterator<Item = (&'a JobId, u32)>) -> Call<Vec<BackupEntry>> {
        let call = pairs(self.ours::<Backups<BackupEntry>>("get_backups"), backups);
        call.reading(|body| serde_json::from_slice(body).map(|Backups { backups }| backups))
    }

    /// Removes backups on a remote of our kind, and stops those under way; at most 200.
    pub fn delete_backups<'a>(&self, backups: impl IntoIterator<Item = (&'a JobId, u32)>) -> Call<Vec<DeletedBackup>> {
        let call = pairs(self.ours::<Backups<DeletedBackup>>("delete_backups"), backups);
        call.reading(|body| serde_json::from_slice(body).map(|Backups { backups }| backups))
    }

    /// Asks a remote of our kind for a backup's bytes, as [`Remote::download`] does an original.
    pub fn download_of(&self, job: &JobId, number: u32) -> Request {
        let number = number.to_string();
        let fields = [("token", self.token.reveal()), ("job", job.as_str()), ("number", &number)];
        Request::new(self.url.join("/blocks/courseferry/backup.php"), &fields)
    }

    fn ours<T: serde::de::DeserializeOwned>(&self, name: &str) -> Call<T> {
        Call::function(&self.url, &self.token, &format!("{OURS}{name}"), lending)
    }

    fn original<T: serde::de::DeserializeOwned>(&self, name: &str, explain: fn(Fault) -> Failure) -> Call<T> {
        Call::function(&self.url, &self.token, &format!("{ORIGINAL}{name}"), explain)
    }
}

#[derive(Deserialize)]
struct Backups<T> {
    backups: Vec<T>,
}

fn pairs<'a, T>(call: Call<T>, backups: impl IntoIterator<Item = (&'a JobId, u32)>) -> Call<T> {
    backups.into_iter().enumerate().fold(call, |call, (i, (job, number))| {
        call.with(&format!("backups[{i}][job]"), job).with(&format!("backups[{i}][number]"), number)
    })
}

/// The failure of a call that lists or checks a user's courses on an original.
fn listing(fault: Fault) -> Failure {
    match fault {
        // One tag in one course's name makes the remote refuse its whole list.
        Fault::InvalidResponse => Failure::new(ErrorCode::RemoteInvalidList, "invalidresponse"),
        // The remote puts its setting `search_roles` into its query as it is.
        Fault::Database => Failure::new(ErrorCode::RemoteSearchRoles, "dmlreadexception"),
        Fault::Other { code, .. } if code == "invalidusername" => Failure::new(ErrorCode::RemoteUnknownUser, code),
        other => other.of_remote(),
    }
}

/// The failure of a call in which an original makes a backup; it may go on with it after the answer was lost, and the
/// new backup then replaces the one that is there.
fn backing_up(fault: Fault) -> Failure {
    let failed = |why: &str| Failure::new(ErrorCode::RemoteBackupFailed, format!("the backup failed there: {why}"));
    match fault {
        Fault::Timeout | Fault::Cut => {
            Failure::new(ErrorCode::RemoteBackupUnknown, "the answer was lost while the backup was made")
        }
        Fault::Empty => failed("an empty answer"),
        // A plain exception of the original, which has no error code.
        Fault::Other { code, message } if code.is_empty() && message.contains("notcourseowner") => {
            Failure::new(ErrorCode::RemoteNotOwner, "notcourseowner")
        }
        Fault::Other { code, .. } if code == "invalidusername" => Failure::new(ErrorCode::RemoteUnknownUser, code),
        // Errors of PHP's and of core's backup: whatever they are called, no backup came of it.
        Fault::Other { message, .. } => failed(&message),
        other => listing(other),
    }
}

/// The failure of a call of a remote of our kind, whose own codes are ours.
pub fn lending(fault: Fault) -> Failure {
    match fault {
        Fault::Other { ref code, ref message } if let Some(own) = own_code(code) => Failure::new(own, message.as_str()),
        other => other.of_remote(),
    }
}

/// A code of ours that a remote may speak: of itself and its backups, and of nobody else.
fn own_code(code: &str) -> Option<ErrorCode> {
    let own = code.starts_with("remote.") || code.starts_with("backup.");
    own.then(|| code.parse().ok()).flatten()
}

/// A backup that a remote has made: the id of its file there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupFile {
    /// `files.id`, gone as soon as the same user's next backup is there.
    pub filerecordid: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_sends_its_token_in_the_body_and_shows_it_nowhere_else() {
        let remote = Remote { url: "https://a.example".parse().unwrap(), token: Secret::new("s3cret") };
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
