//! Moodle's own rows and words: what the tables of its access control hold, as they come.
//! Nothing is decided here; `site` builds the model from them.

use crate::ids::{CapabilityName, ContextId, RoleId};
use courseferry_api::{UserId, lenient};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

macro_rules! coded {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$vdoc])* $variant,)*
            /// A number that this library does not know.
            Other(i64),
        }

        impl $name {
            /// The number Moodle stores.
            pub const fn code(self) -> i64 {
                match self {
                    $(Self::$variant => $code,)*
                    Self::Other(code) => code,
                }
            }
        }

        impl From<i64> for $name {
            fn from(code: i64) -> Self {
                match code {
                    $($code => Self::$variant,)*
                    other => Self::Other(other),
                }
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.code().serialize(serializer)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                lenient::number(deserializer).map(Self::from)
            }
        }
    };
}

coded! {
    /// What kind of thing a context stands for.
    ContextLevel {
        System = 10,
        User = 30,
        CourseCategory = 40,
        /// A course, the front page among them.
        Course = 50,
        /// A group; named by Moodle, used by none of its contexts today.
        Group = 60,
        Module = 70,
        Block = 80,
    }
}

coded! {
    /// What a role says about a capability in a context.
    Permission {
        /// Not set. Moodle's own functions never store it; a stored one ends the walk like any other.
        Inherit = 0,
        Allow = 1,
        /// Taken away from this role here; another role may still allow.
        Prevent = -1,
        /// Refused for good: no other role and no context below can allow it again.
        Prohibit = -1000,
    }
}

/// The risks a capability carries, Moodle's `riskbitmask`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Risks(pub i64);

impl Risks {
    /// Could change what other users are trusted with.
    pub const MANAGE_TRUST: Self = Self(1);
    /// Could change the site's configuration.
    pub const CONFIG: Self = Self(2);
    /// Could add scripts to pages.
    pub const XSS: Self = Self(4);
    /// Could see other people's private data.
    pub const PERSONAL: Self = Self(8);
    /// Could send unwanted messages.
    pub const SPAM: Self = Self(16);
    /// Could destroy data.
    pub const DATA_LOSS: Self = Self(32);

    /// Whether the two have a risk in common.
    pub const fn intersects(self, others: Self) -> bool {
        self.0 & others.0 != 0
    }

    /// These risks and the others.
    #[must_use]
    pub const fn and(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }
}

impl<'de> Deserialize<'de> for Risks {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        lenient::number(deserializer).map(Self)
    }
}

/// Whether a capability reads or writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CapabilityType {
    Read,
    Write,
}

impl<'de> Deserialize<'de> for CapabilityType {
    /// Moodle compares with `write` only; every other word reads.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = lenient::text(deserializer)?;
        Ok(if word == "write" { Self::Write } else { Self::Read })
    }
}

/// The site's settings that take part in decisions (Moodle's `$CFG`). What is missing is off.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Config {
    /// The site administrators; not a role but a list.
    #[serde(deserialize_with = "administrators")]
    pub siteadmins: Vec<UserId>,
    #[serde(deserialize_with = "lenient::optional")]
    pub siteguest: Option<UserId>,
    /// The role of everybody who is logged in.
    #[serde(deserialize_with = "lenient::optional")]
    pub defaultuserroleid: Option<RoleId>,
    /// The role of visitors who are not logged in.
    #[serde(deserialize_with = "lenient::optional")]
    pub notloggedinroleid: Option<RoleId>,
    #[serde(deserialize_with = "lenient::optional")]
    pub guestroleid: Option<RoleId>,
    /// The role of everybody who is logged in, on the front page.
    #[serde(deserialize_with = "lenient::optional")]
    pub defaultfrontpageroleid: Option<RoleId>,
    /// Visitors must log in before they see anything.
    #[serde(deserialize_with = "lenient::flag")]
    pub forcelogin: bool,
    /// Contexts can be locked.
    #[serde(deserialize_with = "lenient::flag")]
    pub contextlocking: bool,
    /// Locks bind administrators too.
    #[serde(deserialize_with = "lenient::flag")]
    pub contextlockappliestoadmin: bool,
    /// The front page's course context.
    #[serde(deserialize_with = "lenient::optional")]
    pub frontpagecontextid: Option<ContextId>,
    #[serde(deserialize_with = "lenient::optional")]
    pub syscontextid: Option<ContextId>,
}

/// A list of ids, or Moodle's own `"2,169"`.
fn administrators<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<UserId>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        List(Vec<UserId>),
        Text(String),
        One(i64),
        Nothing,
    }
    Ok(match Written::deserialize(deserializer)? {
        Written::List(ids) => ids,
        Written::One(id) => vec![UserId(id)],
        Written::Text(text) => text.split(',').filter_map(|id| id.trim().parse().ok()).map(UserId).collect(),
        Written::Nothing => Vec::new(),
    })
}

/// A row of `context`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContextRow {
    pub id: ContextId,
    /// The kind of thing that it stands for.
    pub contextlevel: ContextLevel,
    /// The id of what it stands for: a user, a category, a course …
    #[serde(deserialize_with = "lenient::number")]
    pub instanceid: i64,
    /// The ids from the system context down to this one: `/1/3/19`. Empty when Moodle lost it.
    #[serde(default, deserialize_with = "lenient::text")]
    pub path: String,
    /// How many ids the path has; 0 when Moodle lost it.
    #[serde(default, deserialize_with = "lenient::number")]
    pub depth: i64,
    /// The row's own lock; those above count too.
    #[serde(default, deserialize_with = "lenient::flag")]
    pub locked: bool,
}

/// A row of `role`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleRow {
    pub id: RoleId,
    /// Its short name, unique on the site.
    #[serde(default, deserialize_with = "lenient::text")]
    pub shortname: String,
    /// Its name for people; often empty for built-in roles.
    #[serde(default, deserialize_with = "lenient::text")]
    pub name: String,
    /// The archetype's word, empty for a custom role without one.
    #[serde(default, deserialize_with = "lenient::text")]
    pub archetype: String,
    /// Its place in the administrator's list.
    #[serde(default, deserialize_with = "lenient::number")]
    pub sortorder: i64,
}

/// A row of `capabilities`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CapabilityRow {
    pub name: CapabilityName,
    pub captype: CapabilityType,
    /// The lowest level at which it makes sense.
    pub contextlevel: ContextLevel,
    /// What could go wrong with it.
    pub riskbitmask: Risks,
    /// The plugin that defines it.
    #[serde(default, deserialize_with = "lenient::text")]
    pub component: String,
}

impl CapabilityRow {
    /// Whether guests and visitors never get it, whatever the roles say.
    pub fn is_barred_to_guests(&self) -> bool {
        const DANGEROUS: Risks = Risks::XSS.and(Risks::CONFIG).and(Risks::DATA_LOSS);
        self.captype == CapabilityType::Write || self.riskbitmask.intersects(DANGEROUS)
    }
}

/// A row of `role_capabilities`: a role's definition (at system) or an override (below).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleCapabilityRow {
    pub contextid: ContextId,
    pub roleid: RoleId,
    pub capability: CapabilityName,
    pub permission: Permission,
}

/// A role that somebody holds in a context.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Assignment {
    pub roleid: RoleId,
    pub contextid: ContextId,
}
