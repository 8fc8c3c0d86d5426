//! Who is asked about: somebody with the roles that were assigned to them and those that Moodle gives to everybody.

use crate::{
    ids::{ContextId, RoleId},
    rows::Assignment,
    site::{KnownRole, Site},
    tree::Place,
};
use courseferry_api::UserId;

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

impl Site {
    /// Somebody of this site with the roles that Moodle gives to everybody and those assigned.
    ///
    /// `exists` is Moodle's test of existence, a user context; deleting a user leaves it behind.
    pub fn person(&self, id: UserId, exists: bool, assignments: impl IntoIterator<Item = Assignment>) -> Person {
        let held = |role: Option<RoleId>, context: Option<ContextId>| {
            Some(Held { role: self.find_role(role?)?, place: self.context(context?)?.place? })
        };
        let config = &self.config;
        let kind = match id {
            UserId::NOBODY => Kind::Nobody,
            id if Some(id) == config.siteguest => Kind::Guest,
            _ => Kind::User,
        };
        let mut roles: Vec<Held> = match kind {
            Kind::Nobody => Vec::from_iter(held(config.notloggedinroleid, self.system())),
            Kind::Guest => Vec::from_iter(held(self.guest_role(), self.system())),
            Kind::User => assignments
                .into_iter()
                .filter_map(|given| held(Some(given.roleid), Some(given.contextid)))
                .chain(held(config.defaultuserroleid, self.system()))
                .chain(held(config.defaultfrontpageroleid, config.frontpagecontextid))
                .collect(),
        };
        // The nearest context first, so that the first Allow found is the one people would name.
        roles.sort_unstable_by_key(|held| (std::cmp::Reverse(held.place.number()), held.role));
        roles.dedup();
        Person { id, kind, administrator: self.is_administrator(id), exists, roles }
    }
}
