//! The queries and bodies of endpoints that belong to no page of their own.

use crate::{CategoryId, RemoteId, Target, UnixTime, UserId};
use serde::{Deserialize, Deserializer, Serialize};

/// Whether the other side is asked afresh: `?refresh=1`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefreshQuery {
    /// Ask afresh.
    #[serde(default, with = "one", skip_serializing_if = "std::ops::Not::not")]
    pub refresh: bool,
}

/// Query of [`crate::SignIn`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInQuery {
    /// Where the person wanted to go before they were asked to log in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

/// Whose data the companion asks for, or wants erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonRequest {
    /// Who.
    #[serde(deserialize_with = "somebody")]
    pub userid: UserId,
}

/// What a companion says of itself when its connection is tested.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionCheck {
    /// The address that its Moodle calls its own.
    pub wwwroot: String,
    /// The version of its block; empty from blocks that do not send it yet.
    #[serde(default)]
    pub version: String,
}

/// What a companion that is connected learns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// Always true: a connection that does not work is answered with an error.
    pub ok: bool,
    /// The Worker's origin.
    pub worker: String,
}

/// Body of [`crate::ChangeCategory`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryChange {
    /// Where the restore is to go.
    pub target: Target,
}

/// Query of [`crate::Explain`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExplainQuery {
    /// Where the current user wants to restore.
    pub category: CategoryId,
}

/// Query of [`crate::FindTargets`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetQuery {
    /// A part of a name; empty for all.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub search: String,
}

/// Query of [`crate::ExplainPerson`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExplainPersonQuery {
    /// Who.
    #[serde(deserialize_with = "somebody")]
    pub user: UserId,
    /// Where.
    pub category: CategoryId,
}

/// Query of [`crate::ListAudit`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditQuery {
    /// Page, from 0; 100 entries each.
    #[serde(default)]
    pub page: u32,
}

/// Query of [`crate::GetAuditFile`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditFileQuery {
    /// Lines from this moment on; all if it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<UnixTime>,
    /// Lines before this moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<UnixTime>,
}

/// Body and answer of [`crate::Revoke`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revocation {
    /// Whose sessions end.
    #[serde(deserialize_with = "somebody")]
    pub user: UserId,
}

/// Body of [`crate::RetryFailures`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetryGroup {
    /// The cause. As text: a code that does not exist must not read as another.
    pub code: String,
    /// The remote on which they failed.
    pub remote: Option<RemoteId>,
}

/// Reads the id of a person. 0 stands for the Worker and for those who were erased, about whom nobody can ask.
fn somebody<'de, D: Deserializer<'de>>(deserializer: D) -> Result<UserId, D::Error> {
    let user = UserId::deserialize(deserializer)?;
    if user > UserId::NOBODY { Ok(user) } else { Err(serde::de::Error::custom("not a person's id")) }
}

/// A flag that is written as `1`.
mod one {
    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
    pub fn serialize<S: Serializer>(flag: &bool, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(u8::from(*flag))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
        Ok(String::deserialize(deserializer)? == "1")
    }
}
