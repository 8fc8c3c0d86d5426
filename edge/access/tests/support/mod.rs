//! A small site to ask questions of. Each test changes what it is about and asks.

#![allow(dead_code, clippy::unwrap_used, reason = "each test file needs a part of it, and a test may panic")]

use courseferry_access::{
    Assignment, CapabilityName, CapabilityRow, CapabilityType, Config, ContextId, ContextLevel, ContextRow, Decision,
    Permission, Person, Risks, RoleCapabilityRow, RoleId, RoleRow, Session, Site, SiteRows, UserId, oracle::People,
};
use std::collections::BTreeSet;

// The tree: categories with a course, an activity in it and a block in that; and the front page.
pub const SYSTEM: ContextId = ContextId(1);
pub const SCIENCES: ContextId = ContextId(20);
pub const PHYSICS: ContextId = ContextId(21);
pub const ARTS: ContextId = ContextId(22);
pub const OPTICS: ContextId = ContextId(30);
pub const DRAWING: ContextId = ContextId(31);
pub const FORUM: ContextId = ContextId(40);
pub const BLOCK: ContextId = ContextId(50);
pub const FRONT_PAGE: ContextId = ContextId(2);
pub const FRONT_FORUM: ContextId = ContextId(41);

pub const MANAGER: RoleId = RoleId(1);
pub const CREATOR: RoleId = RoleId(2);
pub const EDITOR: RoleId = RoleId(3);
pub const TEACHER: RoleId = RoleId(4);
pub const STUDENT: RoleId = RoleId(5);
pub const GUEST: RoleId = RoleId(6);
pub const EVERYBODY: RoleId = RoleId(7);
pub const FRONT_PAGE_ROLE: RoleId = RoleId(8);
pub const VISITOR: RoleId = RoleId(9);

pub const THE_GUEST: UserId = UserId(1);
pub const ADMIN: UserId = UserId(2);
pub const ANNE: UserId = UserId(10);
pub const BEN: UserId = UserId(11);
pub const NOT_A_USER: UserId = UserId(999);

/// Reads, without risk.
pub const LOOK: CapabilityName = CapabilityName::new("mod/forum:viewdiscussion");
/// Writes.
pub const EDIT: CapabilityName = CapabilityName::new("moodle/course:update");

/// The rows of a site, and who holds what.
#[derive(Clone, Debug)]
pub struct World {
    pub config: Config,
    pub contexts: Vec<ContextRow>,
    pub roles: Vec<RoleRow>,
    pub capabilities: Vec<CapabilityRow>,
    pub role_capabilities: Vec<RoleCapabilityRow>,
    pub assignments: Vec<(UserId, Assignment)>,
    pub users: Vec<(UserId, bool)>,
}

pub fn context(id: ContextId, level: ContextLevel, instance: i64, path: &str) -> ContextRow {
    ContextRow {
        id,
        contextlevel: level,
        instanceid: instance,
        path: path.to_owned(),
        depth: path.matches('/').count().try_into().unwrap(),
        locked: false,
    }
}

pub fn capability(name: &CapabilityName, captype: CapabilityType, risks: Risks) -> CapabilityRow {
    CapabilityRow {
        name: name.clone(),
        captype,
        contextlevel: ContextLevel::Course,
        riskbitmask: risks,
        component: "moodle".to_owned(),
    }
}

/// A site where nobody but the administrator may do anything yet.
pub fn world() -> World {
    use ContextLevel::{Block, Course, CourseCategory, Module, System, User};
    let mut contexts = vec![
        context(SYSTEM, System, 0, "/1"),
        context(FRONT_PAGE, Course, 1, "/1/2"),
        context(FRONT_FORUM, Module, 11, "/1/2/41"),
        context(SCIENCES, CourseCategory, 5, "/1/20"),
        context(PHYSICS, CourseCategory, 6, "/1/20/21"),
        context(ARTS, CourseCategory, 7, "/1/22"),
        context(OPTICS, Course, 8, "/1/20/21/30"),
        context(DRAWING, Course, 9, "/1/22/31"),
        context(FORUM, Module, 10, "/1/20/21/30/40"),
        context(BLOCK, Block, 12, "/1/20/21/30/40/50"),
    ];
    for user in [THE_GUEST, ADMIN, ANNE, BEN] {
        let id = ContextId(100 + user.0);
        contexts.push(context(id, User, user.0, &format!("/1/{id}")));
    }
    let archetypes = [
        (MANAGER, "manager"),
        (CREATOR, "coursecreator"),
        (EDITOR, "editingteacher"),
        (TEACHER, "teacher"),
        (STUDENT, "student"),
        (GUEST, "guest"),
        (EVERYBODY, "user"),
        (FRONT_PAGE_ROLE, "frontpage"),
        (VISITOR, ""),
    ];
    World {
        config: Config {
            siteadmins: vec![ADMIN],
            siteguest: Some(THE_GUEST),
            defaultuserroleid: Some(EVERYBODY),
            notloggedinroleid: Some(VISITOR),
            guestroleid: Some(GUEST),
            defaultfrontpageroleid: Some(FRONT_PAGE_ROLE),
            frontpagecontextid: Some(FRONT_PAGE),
            syscontextid: Some(SYSTEM),
            ..Config::default()
        },
        contexts,
        roles: archetypes
            .map(|(id, archetype)| RoleRow {
                id,
                shortname: if archetype.is_empty() { "visitor" } else { archetype }.to_owned(),
                name: String::new(),
                archetype: archetype.to_owned(),
                sortorder: id.0,
            })
            .to_vec(),
        capabilities: vec![
            capability(&LOOK, CapabilityType::Read, Risks::default()),
            capability(&EDIT, CapabilityType::Write, Risks::XSS),
        ],
        role_capabilities: Vec::new(),
        assignments: Vec::new(),
        users: [THE_GUEST, ADMIN, ANNE, BEN].map(|id| (id, false)).to_vec(),
    }
}

impl World {
    /// The role says this about the capability in the context.
    pub fn says(
        &mut self,
        roleid: RoleId,
        permission: Permission,
        capability: &CapabilityName,
        contextid: ContextId,
    ) -> &mut Self {
        self.role_capabilities.push(RoleCapabilityRow {
            contextid,
            roleid,
            capability: capability.clone(),
            permission,
        });
        self
    }

    /// The user holds the role in the context.
    pub fn gives(&mut self, user: UserId, roleid: RoleId, contextid: ContextId) -> &mut Self {
        self.assignments.push((user, Assignment { roleid, contextid }));
        self
    }

    pub fn row(&mut self, id: ContextId) -> &mut ContextRow {
        self.contexts.iter_mut().find(|row| row.id == id).unwrap()
    }

    /// Locks a context, and lets contexts be locked.
    pub fn locks(&mut self, id: ContextId) -> &mut Self {
        self.config.contextlocking = true;
        self.row(id).locked = true;
        self
    }

    pub fn site(&self) -> Site {
        Site::new(
            self.config.clone(),
            SiteRows {
                contexts: &self.contexts,
                roles: &self.roles,
                capabilities: &self.capabilities,
                role_capabilities: &self.role_capabilities,
            },
        )
    }

    pub fn people(&self, site: &Site) -> People {
        People::new(site, self.users.iter().copied(), self.assignments.iter().copied())
    }

    pub fn person(&self, site: &Site, user: UserId) -> Person {
        let known = self.people(site).get(user).cloned();
        known.unwrap_or_else(|| site.person(user, site.has_user(user), []))
    }

    /// Asks from outside any session of the user's.
    pub fn ask(&self, user: UserId, capability: &CapabilityName, at: ContextId) -> Decision {
        let site = self.site();
        site.access(&self.person(&site, user)).decide(capability, at)
    }

    /// Asks without an administrator's bypass.
    pub fn ask_roles(&self, user: UserId, capability: &CapabilityName, at: ContextId) -> Decision {
        let site = self.site();
        let person = self.person(&site, user);
        site.access(&person).by_roles_only().decide(capability, at)
    }

    /// Asks in a session.
    pub fn ask_in(
        &self,
        session: impl FnOnce(&Site) -> Session,
        user: UserId,
        capability: &CapabilityName,
        at: ContextId,
    ) -> Decision {
        let site = self.site();
        let person = self.person(&site, user);
        let session = session(&site);
        site.access(&person).in_session(&session).decide(capability, at)
    }

    pub fn users_with(&self, capability: &CapabilityName, at: ContextId) -> BTreeSet<UserId> {
        let site = self.site();
        site.users_with(&self.people(&site), capability, at)
    }
}
