//! Who the current user is, what they may do, and what the first screen needs; asks no remote anything.

use crate::{Abilities, CategoryId, Held, Problem, RemoteId, Restore, Target, UnixTime, UserId};
use serde::{Deserialize, Serialize};

/// `POST /api/session`: a launch token of the companion, to be exchanged once.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SessionRequest {
    /// The launch token.
    pub launch: String,
    /// The state that the sign-in page made, where the token came through it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
}

/// Answer to [`SessionRequest`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Session {
    /// The bearer token for every other call. Kept in memory only.
    pub token: String,
    /// When it ends.
    pub expires: UnixTime,
    /// The first screen.
    pub home: Home,
}

/// `GET /api/home`: everything but the remotes' courses.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Home {
    /// The Worker's clock when it answered.
    pub now: UnixTime,
    /// The current user.
    pub me: Me,
    /// What they may do.
    pub may: Permissions,
    /// The configured remotes, in the order of the configuration.
    pub remotes: Vec<Remote>,
    /// Categories they may restore into, in Moodle's order.
    pub categories: Vec<Category>,
    /// The settings that the widget shows or obeys.
    pub policy: Policy,
    /// When restores start.
    pub window: RestoreWindow,
    /// Restores are paused by an administrator.
    pub paused: bool,
    /// The current user's own restores, newest first.
    pub restores: Vec<Restore>,
    /// What is wrong with the installation; filled for those who may manage.
    pub problems: Vec<Problem>,
}

/// The current user.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Me {
    /// Their id on the client Moodle.
    pub id: UserId,
    /// Their user name, by which remotes know them.
    pub username: String,
    /// Their full name.
    pub name: String,
    /// Their Moodle language, such as `fr` or `fr_ca`.
    pub locale: String,
    /// Their time zone (IANA).
    pub time_zone: String,
    /// The person who is logged in as them, if anybody.
    pub acting: Option<String>,
}

/// What the current user may do.
#[expect(clippy::struct_excessive_bools, reason = "each is a right of its own")]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Permissions {
    /// Restore into at least one category.
    pub restore: bool,
    /// Add what they bring to a course that they have here.
    pub add: bool,
    /// See the Manage pages.
    pub manage: bool,
    /// Start outside the restore window.
    pub start_now: bool,
}

impl Permissions {
    /// Bring courses here: as new ones, or into one that exists.
    pub fn bring(self) -> bool {
        self.restore || self.add
    }
}

/// A configured remote. The browser knows it by id and name, never by address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remote {
    /// Its id.
    pub id: RemoteId,
    /// Its site name, or its host until it has been asked once.
    pub name: String,
    /// What it can do; none while its kind is not known, until its first list tells.
    #[serde(default)]
    pub abilities: Option<Abilities>,
    /// Why restores from it wait, if they do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<Held>,
}

/// A category the current user may restore into.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Category {
    /// Its id.
    pub id: CategoryId,
    /// Names from the top category down to this one; only what the current user may see.
    pub path: Vec<String>,
}

/// The settings that the widget shows or obeys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// One restore per remote course, whoever asks (`onlyoneremoteinstance`).
    pub one_per_course: bool,
    /// Courses may go to the category with the same identifier (`restorecourseinoriginalcategory`).
    pub original_category: bool,
    /// The target offered first.
    pub first_target: Target,
    /// The default category, if set and allowed to the current user.
    pub default_category: Option<CategoryId>,
    /// "Enrol me" in a colleague's copy is offered (`enrollbutton`).
    pub enrol: bool,
    /// Most courses that one person may schedule for one night; 0 = no limit.
    pub per_night: u32,
    /// How many of those are left.
    pub left: u32,
    /// Characters of a course's full name here.
    pub max_full_name: u16,
    /// Characters of a course's short name here.
    pub max_short_name: u16,
}

/// When restores start, in the site's time zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestoreWindow {
    /// Restores start at any time.
    pub always: bool,
    /// Start, minutes after midnight.
    pub start: u16,
    /// End, minutes after midnight.
    pub end: u16,
    /// The site's time zone (IANA).
    pub time_zone: String,
    /// It is open now.
    pub open: bool,
    /// When it opens next; now if it is open.
    pub opens: UnixTime,
    /// When that opening ends.
    pub closes: UnixTime,
}
