//! What the three kinds of tokens say.

use super::kind::Kind;
use crate::rows::Assignment;
use courseferry_api::UserId;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// Seconds by which two clocks may disagree.
pub(super) const LEEWAY: i64 = 60;

/// The claims of every token (RFC 7519).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standard {
    /// Who made it.
    pub iss: String,
    /// For whom.
    pub aud: String,
    /// About whom: a user's id as text, or who calls.
    pub sub: String,
    /// When it was made, Unix seconds.
    pub iat: i64,
    /// When it ends, Unix seconds.
    pub exp: i64,
    /// From when it counts, Unix seconds; ours count at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nbf: Option<i64>,
    pub jti: String,
}

impl Standard {
    /// The user that `sub` names; nothing for service tokens, guests' 0 and nonsense.
    pub fn user(&self) -> Option<UserId> {
        let id = self.sub.parse().ok().filter(|id| *id > 0)?;
        Some(UserId(id))
    }

    /// Until when the id must be remembered, Unix seconds: after that the token is refused anyway.
    pub fn remember_until(&self) -> i64 {
        self.exp.saturating_add(LEEWAY)
    }
}

/// The claims of one kind of token.
pub trait Claims: Serialize + DeserializeOwned {
    /// Which kind.
    const KIND: Kind;

    /// What every token says.
    fn standard(&self) -> &Standard;

    /// The sign-in that it answers, where one was started.
    fn state(&self) -> Option<&str> {
        None
    }

    /// Whether its subject makes sense for the kind.
    fn subject_is_right(&self) -> bool {
        self.standard().user().is_some()
    }
}

/// The person behind "log in as" (RFC 8693).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// Their user id as text.
    pub sub: String,
    pub preferred_username: String,
}

/// A user's roles, where they fit into a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessClaim {
    /// The roles at system and category level.
    pub assignments: Vec<Assignment>,
    /// The site snapshot that they belong to.
    pub siteversion: String,
    /// They have a course here to which they may add.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub targetcourses: bool,
}

/// What the companion says of whoever is logged in there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaunchClaims {
    /// Issuer: the client's wwwroot; audience: the Worker's origin.
    #[serde(flatten)]
    pub standard: Standard,
    /// The user name, by which remotes know them.
    pub preferred_username: String,
    /// The full name as Moodle shows it.
    #[serde(default)]
    pub name: String,
    /// Their language, such as `fr` or `fr-ca`.
    #[serde(default)]
    pub locale: String,
    /// Their time zone's IANA name.
    #[serde(default)]
    pub zoneinfo: String,
    /// The real user under "log in as".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<Actor>,
    /// The sign-in that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Their roles, left out if large.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access: Option<AccessClaim>,
}

impl Claims for LaunchClaims {
    const KIND: Kind = Kind::Launch;

    fn standard(&self) -> &Standard {
        &self.standard
    }

    fn state(&self) -> Option<&str> {
        self.state.as_deref()
    }
}

/// What the Worker says of whoever has a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionClaims {
    /// Issuer and audience: the Worker's origin.
    #[serde(flatten)]
    pub standard: Standard,
    /// The user name, by which remotes know them.
    pub preferred_username: String,
    /// The full name as Moodle shows it.
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub locale: String,
    /// Their time zone's IANA name.
    #[serde(default)]
    pub zoneinfo: String,
    /// The real user under "log in as".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<Actor>,
    /// Their roles when the session began.
    #[serde(flatten, default, skip_serializing_if = "Option::is_none")]
    pub access: Option<AccessClaim>,
}

impl SessionClaims {
    /// The session that a launch token opens.
    ///
    /// `origin` is the Worker's, `now` Unix seconds, `jti` a fresh id.
    pub fn opened_by(launch: LaunchClaims, origin: &str, now: i64, jti: String) -> Self {
        Self {
            standard: Standard {
                iss: origin.to_owned(),
                aud: origin.to_owned(),
                sub: launch.standard.sub,
                iat: now,
                exp: now + Kind::Session.longest_life(),
                nbf: None,
                jti,
            },
            preferred_username: launch.preferred_username,
            name: launch.name,
            locale: launch.locale,
            zoneinfo: launch.zoneinfo,
            act: launch.act,
            access: launch.access,
        }
    }
}

impl Claims for SessionClaims {
    const KIND: Kind = Kind::Session;

    fn standard(&self) -> &Standard {
        &self.standard
    }
}

/// What the companion says when it calls for itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceClaims {
    /// Issuer: the client's wwwroot; audience: the Worker's origin; subject: `companion`.
    #[serde(flatten)]
    pub standard: Standard,
}

impl ServiceClaims {
    /// Who calls: the one subject of service tokens.
    pub const COMPANION: &'static str = "companion";
}

impl Claims for ServiceClaims {
    const KIND: Kind = Kind::Service;

    fn standard(&self) -> &Standard {
        &self.standard
    }

    fn subject_is_right(&self) -> bool {
        self.standard.sub == Self::COMPANION
    }
}
