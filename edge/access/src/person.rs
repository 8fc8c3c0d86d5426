//! Who is asked about, and in whose session: a person's roles, role switches, "log in as".

use crate::{
    SWITCH_ROLES,
    ids::{ContextId, RoleId},
    rows::Assignment,
    site::{KnownRole, Site},
    tree::Place,
};
use courseferry_api::UserId;
use rustc_hash::FxHashMap;

/// The three kinds of people Moodle treats differently; administrators are users on a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Not logged in.
    Nobody,
    /// The guest account.
    Guest,
    /// Everybody else.
    User,
}

/// A role held at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) role: KnownRole,
    pub(crate) place: Place,
}

/// Somebody with their roles, made by [`Site::person`] and good for that site only.
#[derive(Clone, Debug)]
pub struct Person {
    pub(crate) id: UserId,
    pub(crate) kind: Kind,
    pub(crate) administrator: bool,
    pub(crate) exists: bool,
    pub(crate) roles: Vec<Held>,
}

impl Person {
    /// Their id.
    pub fn id(&self) -> UserId {
        self.id
    }

    /// Whether they are a site administrator.
    pub fn is_administrator(&self) -> bool {
        self.administrator
    }

    /// Whether they are the guest account or not logged in at all.
    pub fn is_guest_or_nobody(&self) -> bool {
        self.kind != Kind::User
    }
}

/// The people of a site, by id.
#[derive(Clone, Debug, Default)]
pub struct People {
    known: FxHashMap<UserId, Person>,
    deleted: Vec<UserId>,
}

impl People {
    /// Everybody named in the rows of `user` (id, deleted) and of `role_assignments`.
    pub fn new(
        site: &Site,
        users: impl IntoIterator<Item = (UserId, bool)>,
        assignments: impl IntoIterator<Item = (UserId, Assignment)>,
    ) -> Self {
        let mut given: FxHashMap<UserId, Vec<Assignment>> = FxHashMap::default();
        for (user, assignment) in assignments {
            given.entry(user).or_default().push(assignment);
        }
        let mut deleted = Vec::new();
        for (user, gone) in users {
            given.entry(user).or_default();
            if gone {
                deleted.push(user);
            }
        }
        given.entry(UserId::NOBODY).or_default();
        let known =
            given.into_iter().map(|(id, roles)| (id, site.person(id, site.contexts.has_user(id), roles))).collect();
        Self { known, deleted }
    }

    /// Somebody, if they are known.
    pub fn get(&self, id: UserId) -> Option<&Person> {
        self.known.get(&id)
    }

    /// Whether the user's row says deleted.
    pub fn is_deleted(&self, id: UserId) -> bool {
        self.deleted.contains(&id)
    }

    /// Everybody, in no order.
    pub fn iter(&self) -> impl Iterator<Item = &Person> {
        self.known.values()
    }
}

/// A role taken on at a place and below it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Switch {
    context: ContextId,
    pub(crate) place: Place,
    /// None for a role that is defined nowhere: it allows nothing, but the others are gone.
    pub(crate) role: Option<KnownRole>,
}

/// The context to which "log in as" is limited is not one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the session is limited to context {0}, which is not there or has no path")]
pub struct UnknownLimit(pub ContextId);

/// The session in which something is asked: Moodle's `$USER`, who need not be the person asked about.
#[derive(Clone, Debug)]
pub struct Session {
    pub(crate) user: UserId,
    pub(crate) deleted: bool,
    switches: Vec<Switch>,
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

    /// Limits the session to a context and those below it, as "log in as" in a course does.
    pub fn limited_to(mut self, site: &Site, context: ContextId) -> Result<Self, UnknownLimit> {
        let place = site.context(context).and_then(|context| context.place);
        self.limit = Some(place.ok_or(UnknownLimit(context))?);
        Ok(self)
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

    /// Moodle's `reload_all_capabilities`: takes every switch off and puts back, one after the
    /// other, those that the user may still make.
    #[must_use]
    pub fn reload(mut self, site: &Site, user: &Person) -> Self {
        for switch in std::mem::take(&mut self.switches) {
            let access = site.access(user).in_session(&self);
            if access.has_capability(&SWITCH_ROLES, switch.context) {
                self.switches.push(switch);
            }
        }
        self
    }

    /// The nearest switch at or above a place.
    pub(crate) fn switch_at(&self, place: Place) -> Option<&Switch> {
        let switches = self.switches.iter();
        switches.filter(|switch| switch.place.covers(place)).max_by_key(|switch| switch.place.number())
    }
}
