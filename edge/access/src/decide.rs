//! The decision itself: Moodle's `has_capability`, rule by rule in Moodle's order (`lib/accesslib.php`).

use crate::{
    capabilities::MANAGE_LOCKS,
    ids::{CapabilityName, ContextId, RoleId},
    person::{Kind, Person},
    rows::{CapabilityType, Permission},
    session::Session,
    site::{CapabilityIndex, KnownRole, Site},
    tree::Place,
};
use serde::Serialize;

/// The rule that decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum Rule {
    UnknownCapability,
    UnknownContext,
    /// The site forces log-in (`forcelogin`), and the person is not logged in.
    LoginRequired,
    /// The capability writes or is risky, and the asker is a guest or not logged in.
    GuestsBarred,
    /// The context is locked against writing.
    Locked {
        /// The nearest locked context at or above.
        by: ContextId,
    },
    UnknownUser,
    UserDeleted,
    /// The context has lost its path, so that only administrators have rights there.
    NoPath,
    /// "Log in as" is limited to another part of the site.
    OutsideLoginAs,
    /// A site administrator may do anything.
    Administrator,
    /// One role prohibits, whatever the others say.
    Prohibited {
        role: RoleId,
        /// Where the Prohibit is stored.
        context: Option<ContextId>,
    },
    /// A role allows and none prohibits.
    Allowed {
        role: RoleId,
        /// Where the Allow is stored.
        context: Option<ContextId>,
    },
    NotAllowed,
}

/// An answer and the rule it rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Decision {
    pub allowed: bool,
    #[serde(flatten)]
    pub rule: Rule,
}

/// What one person may do on a site, as one session sees it.
#[derive(Clone, Copy, Debug)]
pub struct Access<'a> {
    pub(crate) site: &'a Site,
    pub(crate) person: &'a Person,
    session: Option<&'a Session>,
    doanything: bool,
}

impl Site {
    /// The rights of one person, asked about from outside any session of theirs.
    pub fn access<'a>(&'a self, person: &'a Person) -> Access<'a> {
        Access { site: self, person, session: None, doanything: true }
    }
}

impl<'a> Access<'a> {
    /// As asked from within a session: its role switches and limits count.
    #[must_use]
    pub fn in_session(self, session: &'a Session) -> Self {
        Self { session: Some(session), ..self }
    }

    /// Moodle's `doanything = false`: being an administrator does not help.
    #[must_use]
    pub fn by_roles_only(self) -> Self {
        Self { doanything: false, ..self }
    }

    /// Whether the person may do this there.
    pub fn has_capability(&self, capability: &CapabilityName, context: ContextId) -> bool {
        self.decide(capability, context).allowed
    }

    /// Whether they may do all of these there; true for an empty list.
    pub fn has_all(&self, capabilities: &[CapabilityName], context: ContextId) -> bool {
        let mut capabilities = capabilities.iter();
        capabilities.all(|capability| self.has_capability(capability, context))
    }

    /// The answer with the rule it rests on.
    pub fn decide(&self, capability: &CapabilityName, context: ContextId) -> Decision {
        let refused = |rule| Decision { allowed: false, rule };
        let Self { site, person, .. } = *self;
        let config = &site.config;
        let Some((index, row)) = site.find_capability(capability) else {
            return refused(Rule::UnknownCapability);
        };
        let Some(context) = site.context(context) else {
            return refused(Rule::UnknownContext);
        };
        if config.forcelogin && person.kind == Kind::Nobody {
            return refused(Rule::LoginRequired);
        }
        if person.kind != Kind::User && row.is_barred_to_guests() {
            return refused(Rule::GuestsBarred);
        }
        if let Some(by) = context.locked_by
            && config.contextlocking
            && row.captype == CapabilityType::Write
            && *capability != MANAGE_LOCKS
            && (!person.administrator || config.contextlockappliestoadmin)
        {
            return refused(Rule::Locked { by });
        }
        // Only the session's own user is known as deleted: a deleted user leaves their user context behind.
        if person.kind != Kind::Nobody {
            match self.own_session() {
                Some(session) if session.deleted => return refused(Rule::UserDeleted),
                None if !person.exists => return refused(Rule::UnknownUser),
                Some(_) | None => {}
            }
        }
        let Some(place) = context.place.filter(|_| context.walkable) else {
            return Decision { allowed: person.administrator, rule: Rule::NoPath };
        };
        let limit = self.session.and_then(|session| session.limit);
        if limit.is_some_and(|limit| !limit.covers(place)) {
            return refused(Rule::OutsideLoginAs);
        }
        let switch = self.own_session().and_then(|session| session.switch_at(place));
        if self.doanything && person.administrator && switch.is_none() {
            return Decision { allowed: true, rule: Rule::Administrator };
        }
        self.by_roles(index, place)
    }

    fn by_roles(&self, capability: CapabilityIndex, place: Place) -> Decision {
        let mut allow = None;
        for role in self.roles_at(place) {
            let Some(stored) = self.site.resolve(role, capability, place) else {
                continue;
            };
            let (role, context) = (role.id, || self.site.contexts.at(stored.place));
            match stored.permission {
                Permission::Prohibit => {
                    return Decision { allowed: false, rule: Rule::Prohibited { role, context: context() } };
                }
                Permission::Allow => allow = allow.or_else(|| Some(Rule::Allowed { role, context: context() })),
                // Prevent of one role never cancels Allow of another.
                Permission::Prevent | Permission::Inherit | Permission::Other(_) => {}
            }
        }
        Decision { allowed: allow.is_some(), rule: allow.unwrap_or(Rule::NotAllowed) }
    }

    /// The roles that count at a place; one that is held at several contexts comes several times.
    pub(crate) fn roles_at(&self, place: Place) -> impl Iterator<Item = KnownRole> {
        let switch = self.own_session().and_then(|session| session.switch_at(place));
        let everybody = self.site.default_role().filter(|_| switch.is_some());
        let held: &[_] = if switch.is_some() { &[] } else { &self.person.roles };
        held.iter()
            .filter(move |held| held.place.covers(place))
            .map(|held| held.role)
            .chain(switch.and_then(|switch| switch.role))
            .chain(everybody)
    }

    /// The session, if it is the person's own.
    fn own_session(&self) -> Option<&'a Session> {
        self.session.filter(|session| session.user == self.person.id)
    }
}
