//! What administrators see and do: every restore of everybody, the peers' health, the audit.

use crate::{Abilities, CategoryId, CourseId, Held, Problem, RemoteId, RemoteKind, Restore, Status, UnixTime, UserId};
use serde::{Deserialize, Serialize};

/// `GET /api/manage`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Overview {
    /// One sentence: does it work?
    pub verdict: String,
    /// All is paused.
    pub paused: bool,
    /// Failures of the last week grouped by cause, the largest first.
    pub needs_you: Vec<FailureGroup>,
    /// The client and every remote.
    pub peers: Vec<Peer>,
    /// Restores waiting for tonight.
    pub waiting: u32,
    /// Restores in progress.
    pub running: u32,
    /// Settings in force: name, value, where it comes from.
    pub settings: Vec<(String, String, String)>,
    /// What is wrong with the configuration.
    pub problems: Vec<Problem>,
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
}

/// The client Moodle or a remote, as the Worker last met it.
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

/// `GET /api/manage/restores?…`.
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
    /// Page, from 0; 50 rows each.
    #[serde(default)]
    pub page: u32,
}

/// Answer to [`RestoreQuery`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RestorePage {
    /// How many match in all.
    pub total: u32,
    /// A search stops counting there: at least so many match.
    #[serde(default)]
    pub at_least: bool,
    /// This page.
    pub restores: Vec<ManagedRestore>,
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

/// What an older Worker, which counted nothing, means.
fn once() -> u32 {
    1
}

/// `GET /api/manage/audit?page=…`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AuditPage {
    /// How many entries in all.
    pub total: u32,
    /// This page, newest first; 100 entries each.
    pub entries: Vec<AuditEntry>,
}
