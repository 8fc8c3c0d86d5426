//! Courseferry's own questions, each answered by Moodle's rules: who sees what, who may restore where.
//! It decides nothing that Moodle would decide otherwise.

use crate::{
    capabilities::{
        CREATE_COURSE, EXTERNAL_LINK, MANAGE, REQUIRED, ROLL_DATES, START_NOW, USER_DATA, USER_INFO, VIEW,
        VIEW_CATEGORY, VIEW_HIDDEN, WARNED,
    },
    decide::Access,
    explain::{Explanation, Names},
    ids::{CapabilityName, ContextId, RoleId},
    person::Person,
    snapshot::{Category, ClientSite},
};
use courseferry_api::CategoryId;

/// Whether somebody may restore into a category.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MayRestore {
    Allowed {
        /// These rights are missing, and with them a part of what is restored.
        warnings: Vec<CapabilityName>,
    },
    Denied(Explanation),
    NoSuchCategory,
}

impl MayRestore {
    pub fn is_allowed(&self) -> bool {
        matches!(self, Self::Allowed { .. })
    }
}

/// A category that somebody may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VisibleCategory<'a> {
    pub category: &'a Category,
    /// Names from the top down to this one; what they may not see is left out.
    pub path: Vec<&'a str>,
}

/// What one person may do on the client.
#[derive(Clone, Copy, Debug)]
pub struct Rights<'a> {
    client: &'a ClientSite,
    access: Access<'a>,
}

impl ClientSite {
    /// The rights of somebody whom [`ClientSite::person`] made.
    pub fn rights<'a>(&'a self, person: &'a Person) -> Rights<'a> {
        Rights { client: self, access: self.site().access(person) }
    }
}

impl<'a> Rights<'a> {
    /// The plain questions of Moodle's own.
    pub fn access(&self) -> &Access<'a> {
        &self.access
    }

    fn at_system(&self, capability: &CapabilityName) -> bool {
        let system = self.client.site().system();
        system.is_some_and(|system| self.access.has_capability(capability, system))
    }

    /// See the widget: at system, or in any category where they may create courses.
    pub fn may_see_widget(&self) -> bool {
        let mut categories = self.client.categories().iter();
        self.at_system(&VIEW)
            || categories.any(|category| self.access.has_all(&[VIEW, CREATE_COURSE], category.context))
    }

    /// A remote course's name is a link to it.
    pub fn may_see_external_links(&self) -> bool {
        self.at_system(&EXTERNAL_LINK)
    }

    /// Use the Manage pages.
    pub fn may_manage(&self) -> bool {
        self.at_system(&MANAGE)
    }

    /// Start outside the restore window.
    pub fn may_start_now(&self) -> bool {
        self.at_system(&START_NOW)
    }

    /// Whether a category is shown to them at all.
    pub fn may_see(&self, category: &Category) -> bool {
        let hidden = self.client.upwards(category).any(|above| !above.visible);
        self.access.has_capability(&VIEW_CATEGORY, category.context)
            && (!hidden || self.access.has_capability(&VIEW_HIDDEN, category.context))
    }

    /// Whether a context may be named to them: the site always, of categories those they may see.
    pub fn may_name(&self, context: ContextId) -> bool {
        match self.client.category_at(context) {
            Some(category) => self.may_see(category),
            None => self.client.site().system() == Some(context),
        }
    }

    /// The names in which this person may read explanations: of contexts those they may see, of roles
    /// all or none (`roles`: their own decision is explained to them, or they may manage).
    /// `plain` makes a stored name readable, in one language and without tags.
    pub fn names<F: Fn(&str) -> String>(&self, roles: bool, plain: F) -> ReadableNames<'a, F> {
        let rights = *self;
        ReadableNames { rights, roles, plain }
    }

    /// The categories they may see, in Moodle's order.
    pub fn visible_categories(self) -> impl Iterator<Item = VisibleCategory<'a>> {
        let client = self.client;
        let categories = client.categories().iter();
        categories.filter(move |category| self.may_see(category)).map(move |category| {
            let above = client.upwards(category).filter(|above| self.may_see(above));
            let mut path: Vec<&str> = above.map(|above| above.name.as_str()).collect();
            path.reverse();
            VisibleCategory { category, path }
        })
    }

    /// The categories they may see and restore into, in Moodle's order.
    pub fn target_categories(self) -> impl Iterator<Item = VisibleCategory<'a>> {
        self.visible_categories().filter(move |shown| self.access.has_all(&REQUIRED, shown.category.context))
    }

    /// Whether they may restore nowhere at all.
    pub fn has_no_target(&self) -> bool {
        self.target_categories().next().is_none()
    }

    /// Why they may not have the dates of what they restore into a category moved, if they may not.
    pub fn dates_refused(&self, category: CategoryId) -> Option<Explanation> {
        let category = self.client.category(category)?;
        let may = self.access.has_capability(&ROLL_DATES, category.context);
        (!may).then(|| self.access.explain(&ROLL_DATES, category.context))
    }

    /// Why they may not bring people into a category, if they may not: students with their data, or enrolment methods alone.
    pub fn people_refused(&self, category: CategoryId, students: bool) -> Option<Explanation> {
        let category = self.client.category(category)?;
        let required = [Some(USER_DATA), students.then_some(USER_INFO)];
        let lacks = |capability: &CapabilityName| !self.access.has_capability(capability, category.context);
        let missing = required.into_iter().flatten().find(lacks)?;
        Some(self.access.explain(&missing, category.context))
    }

    /// Whether they may restore into a category, and what would be left out.
    ///
    /// A hidden category is no obstacle to who has the rights there, as in Moodle; it is only not
    /// offered and not named to who may not see it.
    pub fn may_restore_into(&self, category: CategoryId) -> MayRestore {
        let Some(category) = self.client.category(category) else {
            return MayRestore::NoSuchCategory;
        };
        let lacks = |capability: &&CapabilityName| !self.access.has_capability(capability, category.context);
        match REQUIRED.iter().find(lacks) {
            Some(missing) => MayRestore::Denied(self.access.explain(missing, category.context)),
            None => MayRestore::Allowed { warnings: WARNED.iter().filter(lacks).cloned().collect() },
        }
    }
}

/// The names that one person may read; made by [`Rights::names`].
#[derive(Clone, Copy, Debug)]
pub struct ReadableNames<'a, F> {
    rights: Rights<'a>,
    roles: bool,
    plain: F,
}

impl<F: Fn(&str) -> String> Names for ReadableNames<'_, F> {
    fn context(&self, id: ContextId) -> Option<String> {
        let client = self.rights.client;
        let category = client.category_at(id).map(|category| category.name.as_str());
        let name = category.unwrap_or(client.name());
        self.rights.may_name(id).then(|| (self.plain)(name))
    }

    fn role(&self, id: RoleId) -> Option<String> {
        let role = self.rights.client.site().role(id).filter(|_| self.roles)?;
        let name = Some(&role.name).filter(|name| !name.is_empty());
        Some((self.plain)(name.unwrap_or(&role.shortname)))
    }
}
