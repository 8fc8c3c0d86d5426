//! What administrators see and do: every restore of everybody, the peers' health, the audit.

use crate::{
    Abilities, CategoryId, CheckState, CourseId, Held, JobId, Problem, RemoteId, RemoteKind, Restore, Status, UnixTime,
    UserId,
};
use serde::{Deserialize, Serialize};

/// `GET /api/manage`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Overview {
    /// One sentence: does it work?
    pub verdict: String,
    /// How bad it is, of the same list that the sentence is of.
    #[serde(default = "ok")]
    pub state: CheckState,
    /// All is paused.
    pub paused: bool,
    /// What waits for an administrator, and failures of the last week, grouped by cause: what waits first, then the
    /// largest.
    pub needs_you: Vec<FailureGroup>,
    /// The client and every remote.
    pub peers: Vec<Peer>,
    /// Restores waiting for tonight.
    pub waiting: u32,
    /// Restores in progress.
    pub running: u32,
    /// What waits, against the window.
    #[serde(default)]
    pub tonight: Tonight,
    /// What is wrong with the configuration.
    pub problems: Vec<Problem>,
}

fn ok() -> CheckState {
    CheckState::Ok
}

/// What waits, against the window.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tonight {
    /// About so many minutes until the last backup is made; none while nobody knows how long one takes.
    #[serde(default)]
    pub minutes: Option<u32>,
    /// When the window in which these restores start closes; none if they start at any time.
    #[serde(default)]
    pub closes: Option<UnixTime>,
    /// It is done before then; none if that is not known.
    #[serde(default)]
    pub fits: Option<bool>,
    /// Restores that the client's cron carries side by side at the most, if it says so.
    #[serde(default)]
    pub side_by_side: Option<u32>,
    /// Each remote on which something waits.
    pub remotes: Vec<RemoteTonight>,
}

/// What waits on one remote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoteTonight {
    /// Its name.
    pub name: String,
    /// How many restores.
    pub waiting: u32,
    /// About so many minutes; none if that is not known.
    #[serde(default)]
    pub minutes: Option<u32>,
}

/// `GET /api/manage/nights`: the last 30 nights in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nights {
    /// Each night, the oldest first; also those in which nothing ended.
    pub nights: Vec<Night>,
    /// Each Moodle from which something ended.
    pub remotes: Vec<RemoteNights>,
}

/// How the restores of one night ended. A night lasts from noon to noon, by the site's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Night {
    /// When it began.
    pub began: UnixTime,
    /// Restored, with nothing to check.
    pub restored: u32,
    /// Restored, with something to check.
    pub to_check: u32,
    /// Failed.
    pub failed: u32,
}

/// How the restores from one Moodle ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoteNights {
    /// Its name.
    pub name: String,
    /// How many restores ended.
    pub ended: u32,
    /// How many of them were restored.
    pub came: u32,
    /// The minutes that the middle restore took for steps 1, 2 and 3; none where nothing is known.
    pub minutes: [Option<u32>; 3],
}

/// Failures with one cause on one remote.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FailureGroup {
    /// The cause.
    pub problem: Problem,
    /// The remote, if the cause is there.
    pub remote: Option<RemoteId>,
    /// Its name.
    pub remote_name: Option<String>,
    /// How many.
    pub count: u32,
    /// They wait, and go on by themselves once the cause is mended; since when it is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits_since: Option<UnixTime>,
    /// Some of them.
    #[serde(default)]
    pub examples: Vec<Example>,
}

/// One restore of a group, by names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Example {
    /// The course.
    pub course: String,
    /// Its owner.
    pub user_name: String,
}

/// The client Moodle or a remote, as it last answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Peer {
    /// The remote; none is the client.
    pub remote: Option<RemoteId>,
    /// Its name.
    pub name: String,
    /// Its address.
    pub address: String,
    /// Its Moodle release, if known.
    pub release: String,
    /// When it last answered well.
    pub last_success: Option<UnixTime>,
    /// What is wrong with it.
    pub problem: Option<Problem>,
    /// What it refused in the last week, though it has answered other calls well since.
    #[serde(default)]
    pub refused: Option<Refused>,
    /// Restores from it are paused.
    pub paused: bool,
    /// What lends courses there, once that is known.
    #[serde(default)]
    pub lender: Option<Lender>,
    /// Why restores from it wait, if they do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<Held>,
}

/// What lends courses on a remote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lender {
    /// Its kind.
    pub kind: RemoteKind,
    /// The version of its block.
    pub version: String,
    /// What it can do.
    pub abilities: Abilities,
    /// The same in a sentence, with the block's version.
    pub described: String,
    /// When that was learnt.
    pub as_of: UnixTime,
    /// What would make it better, such as installing our block; empty where nothing would.
    pub advice: String,
}

/// A call that a peer refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// When.
    pub at: UnixTime,
    /// Why.
    pub problem: Problem,
}

/// `GET /api/manage/settings`: every setting in force.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ManagedSettings {
    /// In the order of the documentation.
    pub settings: Vec<ManagedSetting>,
}

/// One setting in force.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ManagedSetting {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// The value of the deployment: "as shipped".
    pub shipped: String,
    /// It can be changed here; the others need a deployment.
    pub changeable: bool,
    /// Who changed it here, and when; none while it is as shipped.
    #[serde(default)]
    pub changed: Option<SettingChange>,
    /// Its changed value is wrong, and the shipped one is in force.
    #[serde(default)]
    pub problem: Option<Problem>,
}

/// Who changed a setting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingChange {
    /// When.
    pub at: UnixTime,
    /// Who.
    pub by: String,
}

/// `POST /api/manage/settings`: another value for a setting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingValue {
    /// Its name.
    pub name: String,
    /// Its value; none: as shipped.
    #[serde(default)]
    pub value: Option<String>,
}

/// `GET /api/manage/restores?…`, and the same as a file. What is left out filters nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestoreQuery {
    /// Part of a person's or course's name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub search: String,
    /// Only this status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// Only this remote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remote: Option<RemoteId>,
    /// Only with this error, as text: a code that does not exist finds nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// Only into this category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<CategoryId>,
    /// Only this person's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<UserId>,
    /// Scheduled from this moment on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<UnixTime>,
    /// Scheduled before this moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<UnixTime>,
    /// In which order.
    #[serde(default)]
    pub sort: Sort,
    /// Where the page begins: [`RestorePage::next`] of the page before it; empty for the first page.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub after: String,
}

/// The order of restores.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// Scheduled last, first.
    #[default]
    Newest,
    /// Scheduled first, first.
    Oldest,
    /// Ended last, first; only what has ended.
    Ended,
}

impl Sort {
    /// The word in an address.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Newest => "newest",
            Self::Oldest => "oldest",
            Self::Ended => "ended",
        }
    }
}

/// Answer to [`RestoreQuery`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RestorePage {
    /// How many match in all.
    pub total: u32,
    /// Counting stopped there: at least so many match.
    #[serde(default)]
    pub at_least: bool,
    /// This page.
    pub restores: Vec<ManagedRestore>,
    /// When the rows were read.
    pub as_of: UnixTime,
    /// Where the next page begins; none if this is the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Somebody's restore.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ManagedRestore {
    /// Its owner's id.
    pub user: UserId,
    /// Their full name.
    pub user_name: String,
    /// The restore.
    pub restore: Restore,
}

/// `POST /api/manage/restores/{id}`: what an administrator does with one restore.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    /// Try again, from the beginning.
    Retry,
    /// Withdraw.
    Cancel,
    /// Send to another category (while scheduled or failed).
    Move(CategoryId),
    /// It is this course already: counts as Restored.
    Link(CourseId),
}

/// `POST /api/manage/restores`: the same for many.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActOnMany {
    /// Which; at most as many as a page has.
    pub restores: Vec<JobId>,
    /// What is done with each.
    pub verb: Verb,
}

/// Answer to [`ActOnMany`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ActedOnMany {
    /// Those with which it was done, as they are now.
    pub done: Vec<Restore>,
    /// Those with which it could not be, and why.
    pub refused: Vec<NotDone>,
}

/// A restore with which something could not be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotDone {
    /// The restore.
    pub restore: JobId,
    /// Why not.
    pub problem: Problem,
}

/// `POST /api/manage/pause`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// This remote only; none is everything.
    pub remote: Option<RemoteId>,
    /// Pause, or go on.
    pub paused: bool,
}

/// `GET /api/manage/explain?user=…&category=…`: why can or can't this person restore here?
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Explained {
    /// They can.
    pub allowed: bool,
    /// One sentence per question, the deciding one first.
    pub sentences: Vec<String>,
}

/// One line of the audit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// When.
    pub at: UnixTime,
    /// Who; 0 is the Worker itself.
    pub user: UserId,
    /// Their name at the time.
    pub user_name: String,
    /// The user name of the person who was logged in as them; empty once that person's data are erased.
    pub acting: Option<String>,
    /// That person's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acting_id: Option<UserId>,
    /// For whom it was done, if for somebody else; 0 once that person's data are erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub for_id: Option<UserId>,
    /// Their name at the time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub for_name: Option<String>,
    /// What: a dotted verb such as `restore.scheduled`.
    pub action: String,
    /// Which restore.
    pub restore: Option<String>,
    /// Which remote.
    pub remote: Option<String>,
    /// How it ended: `ok` or an error code.
    pub outcome: String,
    /// The request's id; of refusals that are counted, the last one's.
    pub request: String,
    /// How often: the same refusal of one person in a row is one line.
    #[serde(default = "once")]
    pub times: u32,
}

/// An older Worker, which did not count, means one.
fn once() -> u32 {
    1
}

/// One line of the audit in words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AuditLine {
    /// What is stored.
    #[serde(flatten)]
    pub entry: AuditEntry,
    /// What was done, in the reader's language.
    pub deed: String,
    /// The restore's course; none if there is no restore, or no row of it any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub course: Option<String>,
    /// The address of the course that it became.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// The remote's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remote_name: Option<String>,
    /// Why it did not go well, in a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
}

/// `GET /api/manage/audit?page=…`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AuditPage {
    /// How many entries in all.
    pub total: u32,
    /// This page, newest first; 100 entries each.
    pub entries: Vec<AuditLine>,
}
