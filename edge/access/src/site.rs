//! A site's access control, loaded once and asked often: contexts, roles, capabilities, definitions.
//! It knows no user's roles; those are a [`Person`](crate::Person).

use crate::{
    archetype::Archetype,
    ids::{CapabilityName, ContextId, RoleId},
    rows::{CapabilityRow, Config, ContextLevel, ContextRow, Permission, RoleCapabilityRow, RoleRow},
    tree::{Context, Contexts, Place, UnfitRow},
};
use courseferry_api::UserId;
use rustc_hash::FxHashMap;

/// A role with its number in this site's tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct KnownRole {
    pub(crate) id: RoleId,
    number: usize,
}

/// A capability by its number in this site's tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CapabilityIndex(usize);

/// What a role says about a capability at one place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stored {
    pub(crate) place: Place,
    pub(crate) permission: Permission,
}

/// The rows a site is built from.
#[derive(Clone, Copy, Debug, Default)]
pub struct SiteRows<'a> {
    pub contexts: &'a [ContextRow],
    pub roles: &'a [RoleRow],
    /// The capabilities; one that is missing here does not exist.
    pub capabilities: &'a [CapabilityRow],
    /// The roles' definitions and overrides.
    pub role_capabilities: &'a [RoleCapabilityRow],
}

#[derive(Clone, Debug)]
pub struct Site {
    pub(crate) config: Config,
    pub(crate) contexts: Contexts,
    roles: Vec<RoleRow>,
    /// Every role that has a row or is defined.
    known_roles: FxHashMap<RoleId, KnownRole>,
    capabilities: Vec<CapabilityRow>,
    capability_index: FxHashMap<CapabilityName, CapabilityIndex>,
    /// One list for each role and capability, the deepest place first.
    definitions: Vec<Vec<Stored>>,
    unfit: Vec<UnfitRow>,
}

impl Site {
    /// Builds the model. Rows that do not fit are treated as Moodle treats them, or so that they
    /// allow nothing, and are named by [`Site::unfit_rows`]: one bad row must not stop a whole site.
    pub fn new(config: Config, rows: SiteRows<'_>) -> Self {
        let mut unfit = Vec::new();
        let contexts = Contexts::new(rows.contexts, &mut unfit);
        let mut site = Self {
            config,
            contexts,
            roles: rows.roles.to_vec(),
            known_roles: FxHashMap::default(),
            capabilities: Vec::new(),
            capability_index: FxHashMap::default(),
            definitions: Vec::new(),
            unfit,
        };
        for row in rows.capabilities {
            let next = CapabilityIndex(site.capabilities.len());
            let entry = site.capability_index.entry(row.name.clone());
            match site.capabilities.get_mut(entry.or_insert(next).0) {
                Some(known) => known.clone_from(row),
                None => site.capabilities.push(row.clone()),
            }
        }
        // Moodle joins neither assignments nor definitions with the role table: every id counts.
        let defined = rows.role_capabilities.iter().map(|row| row.roleid);
        for id in rows.roles.iter().map(|row| row.id).chain(defined) {
            let number = site.known_roles.len();
            site.known_roles.entry(id).or_insert(KnownRole { id, number });
        }
        site.define(rows.role_capabilities);
        site
    }

    fn define(&mut self, rows: &[RoleCapabilityRow]) {
        self.definitions = vec![Vec::new(); self.known_roles.len() * self.capabilities.len()];
        for row in rows {
            let Some(&capability) = self.capability_index.get(&row.capability) else {
                let unfit = UnfitRow::UnknownCapability(row.capability.clone(), row.roleid);
                self.unfit.push(unfit);
                continue;
            };
            let Some(context) = self.contexts.get(row.contextid) else {
                let unfit = UnfitRow::UnknownContext(row.contextid, row.roleid);
                self.unfit.push(unfit);
                continue;
            };
            if let Permission::Other(code) = row.permission {
                let unfit = UnfitRow::UnknownPermission(row.contextid, row.roleid, code);
                self.unfit.push(unfit);
            }
            let Some(place) = context.place else { continue };
            let slot = self.known_roles.get(&row.roleid).map(|&role| self.slot(role, capability));
            let Some(list) = slot.and_then(|slot| self.definitions.get_mut(slot)) else {
                continue;
            };
            let permission = row.permission;
            match list.iter_mut().find(|stored| stored.place == place) {
                Some(stored) => {
                    stored.permission = permission;
                    self.unfit.push(UnfitRow::DefinedTwice(row.contextid, row.roleid, row.capability.clone()));
                }
                None => list.push(Stored { place, permission }),
            }
        }
        for list in &mut self.definitions {
            list.sort_unstable_by_key(|stored| std::cmp::Reverse(stored.place.number()));
        }
    }

    fn slot(&self, role: KnownRole, CapabilityIndex(capability): CapabilityIndex) -> usize {
        role.number * self.capabilities.len() + capability
    }

    /// The rows that did not fit, and what was done with each.
    pub fn unfit_rows(&self) -> &[UnfitRow] {
        &self.unfit
    }

    pub fn config(&self) -> &Config {
        &self.config
    }

    pub fn context(&self, id: ContextId) -> Option<&Context> {
        self.contexts.get(id)
    }

    /// The contexts of one level, in the order of the rows.
    pub fn contexts_at(&self, level: ContextLevel) -> impl Iterator<Item = &Context> {
        let all = self.contexts.all().iter();
        all.filter(move |context| context.level == level)
    }

    /// Whether one context is at or below another.
    pub fn is_within(&self, context: ContextId, above: ContextId) -> bool {
        let place = |id| self.context(id).and_then(|context| context.place);
        matches!((place(context), place(above)), (Some(place), Some(above)) if above.covers(place))
    }

    /// The contexts from this one up to the system context.
    pub fn upwards(&self, context: ContextId) -> impl Iterator<Item = &Context> {
        self.contexts.upwards(context)
    }

    pub fn system(&self) -> Option<ContextId> {
        self.config.syscontextid.or_else(|| {
            let system = self.contexts_at(ContextLevel::System).next();
            system.map(|context| context.id)
        })
    }

    pub fn role(&self, id: RoleId) -> Option<&RoleRow> {
        self.roles.iter().find(|role| role.id == id)
    }

    pub fn roles(&self) -> &[RoleRow] {
        &self.roles
    }

    pub fn roles_of(&self, archetype: Archetype) -> impl Iterator<Item = &RoleRow> {
        let roles = self.roles.iter();
        roles.filter(move |role| Archetype::from_word(&role.archetype) == Some(archetype))
    }

    pub fn capability(&self, name: &CapabilityName) -> Option<&CapabilityRow> {
        self.find_capability(name).map(|(_, row)| row)
    }

    /// Whether a user has a user context, Moodle's test of existence. Snapshots of a site hold none.
    pub fn has_user(&self, user: UserId) -> bool {
        self.contexts.has_user(user)
    }

    /// Moodle's `is_siteadmin`.
    pub fn is_administrator(&self, user: UserId) -> bool {
        user != UserId::NOBODY && self.config.siteadmins.contains(&user)
    }

    pub(crate) fn find_capability(&self, name: &CapabilityName) -> Option<(CapabilityIndex, &CapabilityRow)> {
        let &index = self.capability_index.get(name)?;
        self.capabilities.get(index.0).map(|row| (index, row))
    }

    pub(crate) fn find_role(&self, id: RoleId) -> Option<KnownRole> {
        self.known_roles.get(&id).copied()
    }

    /// All roles, those without a row too, in no order.
    pub(crate) fn known_roles(&self) -> impl Iterator<Item = KnownRole> {
        self.known_roles.values().copied()
    }

    /// Everything a role says about a capability, the deepest place first.
    pub(crate) fn stored(&self, role: KnownRole, capability: CapabilityIndex) -> &[Stored] {
        let slot = self.slot(role, capability);
        self.definitions.get(slot).map_or(&[], Vec::as_slice)
    }

    /// What one role comes to: the nearest value at or above, unless a Prohibit stands anywhere.
    pub(crate) fn resolve(&self, role: KnownRole, capability: CapabilityIndex, place: Place) -> Option<Stored> {
        let mut nearest = None;
        for stored in self.stored(role, capability).iter().filter(|stored| stored.place.covers(place)) {
            if stored.permission == Permission::Prohibit {
                return Some(*stored);
            }
            nearest = nearest.or(Some(*stored));
        }
        nearest
    }

    /// The role of everybody who is logged in.
    pub(crate) fn default_role(&self) -> Option<KnownRole> {
        self.find_role(self.config.defaultuserroleid?)
    }

    /// The configured guest role, or where there is none the first of that archetype.
    pub(crate) fn guest_role(&self) -> Option<RoleId> {
        let configured = self.config.guestroleid.and_then(|id| self.role(id));
        configured.or_else(|| self.roles_of(Archetype::Guest).next()).map(|role| role.id)
    }
}
