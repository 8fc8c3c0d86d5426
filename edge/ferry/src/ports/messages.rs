//! Messages to owners and administrators.

use crate::Failure;
use courseferry_api::{CourseId, JobId, RemoteCourseId, RemoteId, UserId, Warning, companion::MessageKind};

/// Somebody to write to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    pub user: UserId,
    pub locale: String,
}

/// A message, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The restore that names the message, so that it is sent once.
    pub job: JobId,
    pub attempt: u32,
    pub kind: MessageKind,
    pub user: UserId,
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
    pub id: String,
    pub audience: Audience,
    /// What to tell; never empty, the same at every try.
    pub results: Vec<LetterLine>,
}

/// Who gets a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience {
    /// The owner of the restores.
    Owner(Recipient),
    /// The administrator who asked for them on behalf of others.
    Actor(Recipient),
    /// Every administrator.
    Administrators,
}

/// One restore's end, as a letter tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct LetterLine {
    pub job: JobId,
    /// The attempt that ended.
    pub attempt: u32,
    pub user_name: String,
    /// The administrator who asked for it, if its owner did not.
    pub asked_by: Option<String>,
    pub remote: RemoteId,
    pub course: RemoteCourseId,
    pub full_name: String,
    /// Where it went.
    pub category_name: Option<String>,
    /// Students' data came along.
    pub students: bool,
    /// The course here.
    pub restored: Option<CourseId>,
    /// Why it failed, if it did.
    pub failure: Option<Failure>,
    /// It has not ended: it waits until an administrator mends the cause.
    pub waits: bool,
    pub warnings: Vec<Warning>,
}
