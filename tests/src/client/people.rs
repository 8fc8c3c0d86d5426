//! Who is on the client Moodle and what they may do: its own rows, the snapshots of them, and launch tokens.

use crate::{checksum::sha1, server::now};
use courseferry_access::{
    Assignment, CapabilityName, CapabilityRow, ClientSite, Config, ContextId, ContextLevel, NamedContext, Person,
    RoleCapabilityRow, RoleRow, Rule, SiteSnapshot, UserId,
    capabilities::{REQUIRED, ROLL_DATES, USER_DATA, USER_INFO},
    policy::Rights,
};
use courseferry_api::companion::SiteFacts;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The system context's id.
pub const SYSTEM: ContextId = ContextId(1);

const RELEASE: &str = "4.5.5+ (Build: 20250613)";
/// The block's version, as `edge/companion/version.php` has it.
pub const PLUGIN_VERSION: &str = "2026112690";

#[derive(Debug, Clone)]
pub struct User {
    pub id: i64,
    /// The name to log in with, and by which remotes know them.
    pub username: String,
    pub password: String,
    pub firstname: String,
    pub lastname: String,
    pub lang: String,
    /// What this user is for, in the demo's list.
    pub about: String,
    pub suspended: bool,
    pub deleted: bool,
    pub confirmed: bool,
    /// Moodle's authentication plugin.
    pub auth: String,
    pub assignments: Vec<Assignment>,
}

impl User {
    pub fn fullname(&self) -> String {
        format!("{} {}", self.firstname, self.lastname)
    }

    /// Whether the account is in use.
    pub fn is_active(&self) -> bool {
        !self.suspended && !self.deleted && self.confirmed && self.auth != "nologin"
    }
}

/// A category of courses.
#[derive(Debug, Clone)]
pub struct Category {
    pub id: i64,
    /// 0 for none.
    pub parent: i64,
    pub name: String,
    pub visible: bool,
    /// What names it on remotes too.
    pub identifier: String,
    pub locked: bool,
}

/// The client's people, roles and categories.
#[expect(clippy::struct_excessive_bools, reason = "settings, each by itself")]
#[derive(Debug, Clone)]
pub struct Site {
    pub wwwroot: String,
    pub name: String,
    pub timezone: String,
    /// Settings that take part in decisions.
    pub config: Config,
    pub users: Vec<User>,
    /// In Moodle's order, each after its parent.
    pub categories: Vec<Category>,
    pub roles: Vec<RoleRow>,
    pub capabilities: Vec<CapabilityRow>,
    pub role_capabilities: Vec<RoleCapabilityRow>,
    /// The block's version: an older one refuses names with tags, and parameters that came later.
    pub plugin_version: String,
    /// Whether the original block is active.
    pub original_block: bool,
    /// Seconds since its cron last ran.
    pub cron_ago: i64,
    /// Whether the block stands on the default dashboard.
    pub on_dashboard: bool,
    /// The setting `targetcourses`: people may add to courses that exist.
    pub target_courses: bool,
    /// The setting `userdata`: students' data and enrolment methods may come along.
    pub user_data: bool,
    /// The setting `removecopytime`, in seconds; 0 where there is no recycle bin either.
    pub remove_copy_time: u32,
    /// The `Content-Security-Policy` of its pages, if they have one.
    pub policy: Option<String>,
    /// The hash that pins the widget's build, as the block's setting has it.
    pub integrity: Option<String>,
}

impl Site {
    pub fn context_of(category: i64) -> ContextId {
        ContextId(100 + category)
    }

    /// The system context and those of the categories.
    fn contexts(&self) -> Vec<NamedContext> {
        let mut contexts = vec![NamedContext {
            id: SYSTEM,
            contextlevel: ContextLevel::System,
            instanceid: 0,
            path: "/1".to_owned(),
            depth: 1,
            locked: false,
            name: self.name.clone(),
            visible: true,
            identifier: String::new(),
        }];
        for category in &self.categories {
            let parent = if category.parent == 0 { SYSTEM } else { Self::context_of(category.parent) };
            let above = contexts.iter().find(|context| context.id == parent).map_or("/1", |context| &context.path);
            let id = Self::context_of(category.id);
            let path = format!("{above}/{id}");
            contexts.push(NamedContext {
                id,
                contextlevel: ContextLevel::CourseCategory,
                instanceid: category.id,
                depth: i64::try_from(path.matches('/').count()).unwrap_or_default(),
                path,
                locked: category.locked,
                name: category.name.clone(),
                visible: category.visible,
                identifier: category.identifier.clone(),
            });
        }
        contexts
    }

    pub fn user(&self, id: i64) -> Option<&User> {
        self.users.iter().find(|user| user.id == id)
    }

    pub fn user_named(&mut self, username: &str) -> Option<&mut User> {
        self.users.iter_mut().find(|user| user.username == username)
    }

    pub fn category(&self, id: i64) -> Option<&Category> {
        self.categories.iter().find(|category| category.id == id)
    }

    fn rows(&self) -> SiteSnapshot {
        SiteSnapshot {
            version: String::new(),
            config: self.config.clone(),
            contexts: self.contexts(),
            roles: self.roles.clone(),
            capabilities: self.capabilities.clone(),
            role_capabilities: self.role_capabilities.clone(),
            site: SiteFacts {
                wwwroot: self.wwwroot.clone(),
                sitename: self.name.clone(),
                release: RELEASE.to_owned(),
                timezone: self.timezone.clone(),
                lang: "en".to_owned(),
                // No version changes with each run of the cron.
                lastcron: None,
                pluginversion: self.plugin_version.clone(),
                originalblock: self.original_block,
                targetcourses: self.target_courses,
                userdata: self.user_data,
                removecopytime: self.remove_copy_time,
                maxfullname: 254,
                maxshortname: 100,
            },
        }
    }

    fn ask<T>(&self, user: i64, question: impl FnOnce(&ClientSite, Rights<'_>) -> T) -> T {
        let client = ClientSite::new(self.rows());
        let assignments = self.user(user).map(|user| user.assignments.as_slice()).unwrap_or_default();
        let person: Person = client.person(UserId(user), assignments);
        question(&client, client.rights(&person))
    }

    /// Whether a user has a capability in a context.
    pub fn may(&self, user: i64, capability: &CapabilityName, context: ContextId) -> bool {
        self.ask(user, |_, rights| rights.access().has_capability(capability, context))
    }

    /// Whether a user has a role made from this archetype anywhere.
    pub fn has_archetype(&self, user: i64, archetype: &str) -> bool {
        let made_from = |role| self.roles.iter().any(|row| row.id == role && row.archetype == archetype);
        self.user(user).is_some_and(|user| user.assignments.iter().any(|assignment| made_from(assignment.roleid)))
    }

    /// Whether a role of a user's prohibits a capability there.
    pub fn prohibits(&self, user: i64, capability: &CapabilityName, context: ContextId) -> bool {
        self.ask(user, |_, rights| matches!(rights.access().decide(capability, context).rule, Rule::Prohibited { .. }))
    }

    /// Why a user may not restore into a category, from this moment on or as there (0), as code and detail.
    pub fn why_not(&self, user: i64, category: i64, startdate: i64) -> Option<(&'static str, String)> {
        if !self.user(user).is_some_and(User::is_active) {
            return Some(("client.user_inactive", format!("user {user} is suspended, deleted or not confirmed")));
        }
        if self.category(category).is_none() {
            return Some(("client.category_missing", format!("category {category}")));
        }
        let context = Self::context_of(category);
        let dates = [ROLL_DATES].into_iter().filter(|_| startdate != 0);
        let missing = self.ask(user, |_, rights| {
            REQUIRED.into_iter().chain(dates).find(|capability| !rights.access().has_capability(capability, context))
        })?;
        Some(("client.no_capability", format!("{missing} in category {category}")))
    }

    /// Why a user may not bring people into a category, students with their data or enrolment methods alone.
    pub fn why_no_people(&self, user: i64, category: i64, students: bool) -> Option<(&'static str, String)> {
        if !self.user_data {
            return Some((
                "client.no_capability",
                "the setting userdata: this site takes no students' data".to_owned(),
            ));
        }
        let context = Self::context_of(category);
        let required = [Some(USER_DATA), students.then_some(USER_INFO)];
        let missing = self.ask(user, |_, rights| {
            required.into_iter().flatten().find(|capability| !rights.access().has_capability(capability, context))
        })?;
        Some(("client.no_capability", format!("{missing} in category {category}")))
    }

    /// Whether a user sees the widget.
    pub fn may_see_widget(&self, user: i64) -> bool {
        !self.is_guest(user) && self.ask(user, |_, rights| rights.may_see_widget())
    }

    /// The categories that a user sees, as id and path of names.
    pub fn visible_categories(&self, user: i64) -> Vec<(i64, String)> {
        self.ask(user, |_, rights| {
            rights.visible_categories().map(|seen| (seen.category.id.0, seen.path.join(" / "))).collect()
        })
    }

    /// Whether this is the guest account.
    pub fn is_guest(&self, user: i64) -> bool {
        self.config.siteguest == Some(UserId(user))
    }

    /// The site snapshot and its version.
    pub fn snapshot(&self) -> (String, Value) {
        let mut snapshot = json!(self.rows());
        if let Some(config) = snapshot.get_mut("config").and_then(Value::as_object_mut) {
            // Moodle writes 0 for "none".
            config.values_mut().filter(|value| value.is_null()).for_each(|value| *value = 0.into());
        }
        let version = sha1(snapshot.to_string());
        if let Some(site) = snapshot.get_mut("site").and_then(Value::as_object_mut) {
            site.insert("lastcron".to_owned(), (now() - self.cron_ago).into());
        }
        (version, snapshot)
    }

    /// What only Moodle knows of its readiness; `teachers` are the ids of those who teach a course, `queued` the work
    /// that waits for cron.
    pub fn readiness(&self, default_category: i64, teachers: &BTreeSet<i64>, queued: usize, free_bytes: u64) -> Value {
        let teachers: Vec<_> = teachers.iter().filter(|id| self.user(**id).is_some_and(User::is_active)).collect();
        let may_restore = |id: i64| self.ask(id, |_, rights| !rights.has_no_target());
        let count = |can: &dyn Fn(i64) -> bool| teachers.iter().filter(|id| can(***id)).count();
        let (now, cron) = (now(), now() - self.cron_ago);
        json!({
            "time": now, "release": RELEASE, "pluginversion": self.plugin_version, "lastcron": cron, "croninterval": 60,
            "leftovers": { "number": 0, "list": [] },
            "task": { "enabled": true, "lastrun": cron, "faildelay": 0 },
            "waiting": { "number": queued, "oldest": if queued > 0 { cron } else { 0 } },
            "teachers": teachers.len(), "seewidget": count(&|id| self.may_see_widget(id)), "mayrestore": count(&may_restore),
            "ondashboard": self.on_dashboard,
            "sidebyside": 2,
            "original": { "installed": self.original_block, "running": self.original_block },
            "freebytes": free_bytes, "defaultcategoryexists": self.category(default_category).is_some(),
            "missingidentifier": "",
            "identifiedcategories": self.categories.iter().filter(|category| !category.identifier.is_empty()).count(),
            "enrolrole": "editingteacher", "manualenrolment": true,
        })
    }

    pub fn user_snapshot(&self, id: i64) -> Option<Value> {
        let user = self.user(id)?;
        let mut snapshot = json!({
            "userid": user.id, "username": user.username, "fullname": user.fullname(), "lang": user.lang,
            "timezone": self.timezone, "suspended": user.suspended, "deleted": user.deleted,
        });
        if let Value::Object(fields) = &mut snapshot {
            fields.insert("confirmed".to_owned(), user.confirmed.into());
            fields.insert("auth".to_owned(), user.auth.clone().into());
            fields.insert("vouchedfor".to_owned(), self.vouches_for(user).into());
            fields.insert("assignments".to_owned(), json!(user.assignments));
            fields.insert("siteversion".to_owned(), self.snapshot().0.into());
        }
        Some(snapshot)
    }

    /// Whether the companion mints launch tokens for this account.
    pub fn vouches_for(&self, user: &User) -> bool {
        user.is_active() && user.auth != "email" && !self.is_guest(user.id)
    }

    /// Whether the block is older than the one that belongs to this Worker.
    pub fn has_old_block(&self) -> bool {
        self.plugin_version.as_str() < PLUGIN_VERSION
    }

    /// Moodle's `calculate_course_names`: the first pair of names that no course has.
    pub fn free_names<'a>(
        taken: impl Iterator<Item = (&'a str, &'a str)> + Clone,
        fullname: &str,
        shortname: &str,
    ) -> (String, String) {
        let free = |full: &str, short: &str| taken.clone().all(|(f, s)| f != full && s != short);
        let named = |count: u32| match count {
            0 => (fullname.to_owned(), shortname.to_owned()),
            _ => (format!("{fullname} copy {count}"), format!("{shortname}_{count}")),
        };
        (0..u32::MAX).map(named).find(|(full, short)| free(full, short)).unwrap_or_default()
    }
}
