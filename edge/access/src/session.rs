//! The session in which something is asked: role switches, "log in as". The Worker asks from outside any session; only
//! the tests that hold decisions against a real Moodle's recorded answers ask within one.

use crate::{
    ids::{ContextId, RoleId},
    site::{KnownRole, Site},
    tree::Place,
};
use courseferry_api::UserId;

/// A role taken on at a place and below it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Switch {
    pub(crate) context: ContextId,
    pub(crate) place: Place,
    /// None for a role that is defined nowhere: it allows nothing, but the others are gone.
    pub(crate) role: Option<KnownRole>,
}

/// The session in which something is asked: Moodle's `$USER`, who need not be the person asked about.
#[derive(Clone, Debug)]
pub struct Session {
    pub(crate) user: UserId,
    pub(crate) deleted: bool,
    pub(crate) switches: Vec<Switch>,
    pub(crate) limit: Option<Place>,
}

impl Session {
    /// The session of this user, without switches or limits.
    pub fn of(user: UserId) -> Self {
        Self { user, deleted: false, switches: Vec::new(), limit: None }
    }

    /// The session's user was deleted after logging in.
    #[must_use]
    pub fn with_user_deleted(mut self, deleted: bool) -> Self {
        self.deleted = deleted;
        self
    }

    /// Limits the session to a context and those below it, as "log in as" in a course does. None if there is no such
    /// context, or if it has lost its path.
    pub fn limited_to(mut self, site: &Site, context: ContextId) -> Option<Self> {
        self.limit = Some(site.context(context)?.place?);
        Some(self)
    }

    /// Moodle's `role_switch`: in this context and below the user has this role and the default one
    /// only. Role 0 ends the switch. A context that is not there has none.
    #[must_use]
    pub fn switch_role(mut self, site: &Site, context: ContextId, role: RoleId) -> Self {
        let Some(place) = site.context(context).and_then(|context| context.place) else {
            return self;
        };
        self.switches.retain(|switch| switch.place != place);
        if role != RoleId(0) {
            self.switches.push(Switch { context, place, role: site.find_role(role) });
        }
        self
    }

    /// The nearest switch at or above a place.
    pub(crate) fn switch_at(&self, place: Place) -> Option<&Switch> {
        let switches = self.switches.iter();
        switches.filter(|switch| switch.place.covers(place)).max_by_key(|switch| switch.place.number())
    }
}
