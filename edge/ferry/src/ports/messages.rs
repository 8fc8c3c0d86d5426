//! Messages to owners and administrators.

use crate::Failure;
use courseferry_api::{CourseId, JobId, RemoteCourseId, RemoteId, UserId, Warning, companion::MessageKind};

/// Somebody to write to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// Who.
    pub user: UserId,
    /// Their Moodle language.
    pub locale: String,
}

/// A message, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The restore that names the message, so that it is sent once.
    pub job: JobId,
    /// Its attempt.
    pub attempt: u32,
    /// Its kind.
    pub kind: MessageKind,
    /// To whom.
    pub user: UserId,
    /// Subject.
    pub subject: String,
    /// Text without markup.
    pub text: String,
    /// The same as HTML.
    pub html: String,
    /// Where it leads.
    pub link: String,
    /// The words on that link.
    pub link_name: String,
}

/// Results to be told in one message.
#[derive(Debug, Clone, PartialEq)]
pub struct Letter {
    /// Its id.
    pub id: String,
    /// To whom.
    pub audience: Audience,
    /// What to tell; never empty, the same at every try.
    pub results: Vec<LetterLine>,
}

/// Who gets a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience {
    /// The owner of the restores.
    Owner(Recipient),
    /// Every administrator.
    Administrators,
}

/// One restore's end, as a letter tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct LetterLine {
    /// The restore.
    pub job: JobId,
    /// The attempt that ended.
    pub attempt: u32,
    /// Its owner's full name.
    pub user_name: String,
    /// The remote.
    pub remote: RemoteId,
    /// The course there.
    pub course: RemoteCourseId,
    /// Its full name.
    pub full_name: String,
    /// Where it went.
    pub category_name: Option<String>,
    /// The course here.
    pub restored: Option<CourseId>,
    /// Why it failed, if it did.
    pub failure: Option<Failure>,
    /// It has not ended: it waits until an administrator mends the cause.
    pub waits: bool,
    /// Things to check.
    pub warnings: Vec<Warning>,
}
