//! What only the tests ask: further functions of Moodle's, by which the decisions are held against thousands of recorded
//! answers of a real Moodle. Neither Worker nor widget uses anything of this module.
//!
//! Who may do something here is worked out from the roles outwards, as Moodle's `get_with_capability_join` does, and
//! shares no step with [`Access::decide`]: the tests hold one against the other.

use crate::{
    capabilities::{MANAGE_LOCKS, SWITCH_ROLES},
    decide::{Access, Decision, Rule},
    ids::{CapabilityName, ContextId, RoleId},
    person::{Kind, Person},
    rows::{Assignment, CapabilityRow, CapabilityType, ContextLevel, Permission, Risks},
    session::Session,
    site::{KnownRole, Site},
    tree::Place,
};
use courseferry_api::UserId;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// A right that was required and is missing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{capability} is required in context {context}")]
pub struct MissingCapability {
    pub capability: CapabilityName,
    pub context: ContextId,
    pub rule: Rule,
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

    pub fn get(&self, id: UserId) -> Option<&Person> {
        self.known.get(&id)
    }

    pub fn is_deleted(&self, id: UserId) -> bool {
        self.deleted.contains(&id)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Person> {
        self.known.values()
    }
}

/// The roles that decide about a capability in a context: holding one of `needed` and none of
/// `forbidden` is having the capability.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RolesWith {
    pub needed: BTreeSet<RoleId>,
    pub forbidden: BTreeSet<RoleId>,
}

impl Site {
    /// A visitor who is not logged in.
    pub fn nobody(&self) -> Person {
        self.person(UserId::NOBODY, false, [])
    }

    /// The roles that allow a capability in a context and those that prohibit it.
    ///
    /// As Moodle's `get_roles_with_cap_in_context`, but a stored "not set" ends a role's walk here as
    /// it does in `has_capability`; that function of Moodle's passes over it.
    pub fn roles_with(&self, capability: &CapabilityName, context: ContextId) -> RolesWith {
        let mut roles = RolesWith::default();
        let place = self.context(context).and_then(|context| context.place);
        let (Some((index, _)), Some(place)) = (self.find_capability(capability), place) else {
            return roles;
        };
        for role in self.known_roles() {
            let permission = self.resolve(role, index, place).map(|found| found.permission);
            let set = match permission {
                Some(Permission::Allow) => &mut roles.needed,
                Some(Permission::Prohibit) => &mut roles.forbidden,
                _ => continue,
            };
            set.insert(role.id);
        }
        roles
    }

    /// The roles that say anything (or just this) about a capability, anywhere (or at or above a
    /// context): Moodle's `get_roles_with_capability`. Nothing is resolved.
    pub fn roles_mentioning(
        &self,
        capability: &CapabilityName,
        permission: Option<Permission>,
        context: Option<ContextId>,
    ) -> BTreeSet<RoleId> {
        let Some((index, _)) = self.find_capability(capability) else {
            return BTreeSet::new();
        };
        let place = |id| self.context(id).and_then(|context| context.place);
        let inside = |stored: Place| match context {
            None => true,
            Some(context) => place(context).is_some_and(|place| stored.covers(place)),
        };
        self.known_roles()
            .filter(|&role| {
                self.stored(role, index)
                    .iter()
                    .any(|stored| permission.is_none_or(|wanted| stored.permission == wanted) && inside(stored.place))
            })
            .map(|role| role.id)
            .collect()
    }

    /// Everybody who has a capability in a context by their roles: Moodle's `get_users_by_capability`.
    ///
    /// As there, guests, visitors and deleted users are left out, and being an administrator does not
    /// help, except that a lock which does not bind administrators leaves them the rights of their roles.
    pub fn users_with(&self, people: &People, capability: &CapabilityName, context: ContextId) -> BTreeSet<UserId> {
        let (Some((index, row)), Some(context)) = (self.find_capability(capability), self.context(context)) else {
            return BTreeSet::new();
        };
        let real = |person: &&Person| person.kind == Kind::User && person.exists && !people.is_deleted(person.id);
        let Some(place) = context.place.filter(|_| context.walkable) else {
            let administrators = people.iter().filter(real);
            return administrators.filter(|person| person.administrator).map(Person::id).collect();
        };
        let config = self.config();
        let locked = config.contextlocking
            && context.locked_by.is_some()
            && row.captype == CapabilityType::Write
            && *capability != MANAGE_LOCKS;
        let exempt = |person: &&Person| !locked || person.administrator && !config.contextlockappliestoadmin;

        let verdict = |role: KnownRole| self.resolve(role, index, place).map(|r| r.permission);
        let (mut needed, mut forbidden) = (vec![], vec![]);
        for role in self.known_roles() {
            match verdict(role) {
                Some(Permission::Allow) => needed.push(role),
                Some(Permission::Prohibit) => forbidden.push(role),
                _ => {}
            }
        }
        if needed.is_empty() {
            return BTreeSet::new();
        }
        let holds = |person: &Person, roles: &[KnownRole]| {
            let mut held = person.roles.iter();
            held.any(|held| held.place.covers(place) && roles.contains(&held.role))
        };
        let everybody = people.iter().filter(real).filter(exempt);
        everybody.filter(|person| holds(person, &needed) && !holds(person, &forbidden)).map(Person::id).collect()
    }
}

impl Access<'_> {
    /// The contexts of one level in which the person has a capability, in the order of the rows.
    pub fn contexts_with(&self, capability: &CapabilityName, level: ContextLevel) -> Vec<ContextId> {
        let contexts = self.site.contexts_at(level).map(|context| context.id);
        contexts.filter(|&context| self.has_capability(capability, context)).collect()
    }

    /// Whether they may do one of these there; false for an empty list.
    pub fn has_any(&self, capabilities: &[CapabilityName], context: ContextId) -> bool {
        let mut capabilities = capabilities.iter();
        capabilities.any(|capability| self.has_capability(capability, context))
    }

    /// The right, or an error that names it.
    pub fn require_capability(&self, capability: &CapabilityName, context: ContextId) -> Result<(), MissingCapability> {
        match self.decide(capability, context) {
            Decision { allowed: true, .. } => Ok(()),
            Decision { rule, .. } => Err(MissingCapability { capability: capability.clone(), context, rule }),
        }
    }

    /// All of these rights, or an error that names the first missing.
    pub fn require_all(&self, capabilities: &[CapabilityName], context: ContextId) -> Result<(), MissingCapability> {
        let mut capabilities = capabilities.iter();
        capabilities.try_for_each(|capability| self.require_capability(capability, context))
    }
}

impl CapabilityRow {
    /// Moodle's `is_safe_capability`: people who may only make safe overrides may change it.
    pub fn is_safe(&self) -> bool {
        const UNSAFE: Risks =
            Risks::DATA_LOSS.and(Risks::MANAGE_TRUST).and(Risks::CONFIG).and(Risks::XSS).and(Risks::PERSONAL);
        !self.riskbitmask.intersects(UNSAFE)
    }
}

impl Session {
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
}
