//! The questions that run the other way: who may do this here, where may they, which roles allow it.
//!
//! Who may is worked out from the roles outwards, as Moodle's `get_with_capability_join` does, and
//! shares no step with [`Access::decide`]: the tests hold one against the other.

use crate::{
    decide::{Access, MANAGE_LOCKS},
    ids::{CapabilityName, ContextId, RoleId},
    person::{Kind, People, Person},
    rows::{CapabilityType, ContextLevel, Permission},
    site::{KnownRole, Site},
    tree::Place,
};
use courseferry_api::UserId;
use std::collections::BTreeSet;

/// The roles that decide about a capability in a context: holding one of `needed` and none of
/// `forbidden` is having the capability.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RolesWith {
    /// These allow it.
    pub needed: BTreeSet<RoleId>,
    /// These prohibit it.
    pub forbidden: BTreeSet<RoleId>,
}

impl Site {
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
}
