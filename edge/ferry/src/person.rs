//! Somebody in this crate's own tests, with the rights that a test gives them.

use crate::{Access, Allowed};
use courseferry_api::{CategoryId, Language};

#[expect(clippy::struct_excessive_bools, reason = "rights, each given for itself")]
pub(crate) struct Person {
    /// They may restore into these.
    pub(crate) into: &'static [CategoryId],
    /// Categories that have an identifier.
    pub(crate) original: &'static [(&'static str, CategoryId)],
    pub(crate) may_move_dates: bool,
    pub(crate) may_bring_people: bool,
    pub(crate) may_manage: bool,
    pub(crate) vouched_for: bool,
}

impl Default for Person {
    /// A teacher without any right, for whom the site vouches.
    fn default() -> Self {
        Self {
            into: &[],
            original: &[],
            may_move_dates: false,
            may_bring_people: false,
            may_manage: false,
            vouched_for: true,
        }
    }
}

impl Access for Person {
    fn username(&self) -> &'static str {
        "teacher"
    }

    fn language(&self) -> Language {
        Language::English
    }

    fn may_see_remote_links(&self) -> bool {
        false
    }

    fn original(&self, identifier: &str) -> Option<CategoryId> {
        self.original.iter().find(|(known, _)| *known == identifier).map(|(_, category)| *category)
    }

    fn may_restore(&self, category: CategoryId) -> Result<Allowed, String> {
        if !self.into.contains(&category) {
            return Err("You may not restore there.".to_owned());
        }
        Ok(Allowed { name: format!("Category {category}"), incomplete: vec![] })
    }

    fn dates_refused(&self, _: CategoryId) -> Option<String> {
        (!self.may_move_dates).then(|| "None of your roles allows moodle/restore:rolldates there.".to_owned())
    }

    fn people_refused(&self, _: CategoryId, students: bool) -> Option<String> {
        let missing = if students { "moodle/restore:userinfo" } else { "block/courseferry:can_restore_user_datas" };
        (!self.may_bring_people).then(|| format!("None of your roles allows {missing} there."))
    }

    fn may_restore_for_others(&self) -> bool {
        self.may_manage
    }

    fn is_vouched_for(&self) -> bool {
        self.vouched_for
    }
}
