//! Role archetypes and what they may do by default, for the capabilities that Courseferry asks about.
//! Defaults fill a new site's roles; decisions never look here.

use crate::{ids::CapabilityName, rows::Permission};

/// The template that a role was made from. Administrators are on a list and have no role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Archetype {
    Manager,
    CourseCreator,
    EditingTeacher,
    Teacher,
    Student,
    Guest,
    /// Everybody who is logged in.
    User,
    /// Everybody who is logged in, on the front page.
    FrontPage,
}

use Archetype::{CourseCreator, EditingTeacher, FrontPage, Guest, Manager, Student, Teacher, User};

impl Archetype {
    pub const ALL: [Self; 8] = [Manager, CourseCreator, EditingTeacher, Teacher, Student, Guest, User, FrontPage];

    /// Moodle's word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Manager => "manager",
            CourseCreator => "coursecreator",
            EditingTeacher => "editingteacher",
            Teacher => "teacher",
            Student => "student",
            Guest => "guest",
            User => "user",
            FrontPage => "frontpage",
        }
    }

    /// The archetype of this word, if it is one.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.word() == word)
    }

    /// What a role made from it says about a capability until somebody changes it.
    ///
    /// From Moodle's `lib/db/access.php`; for our own capabilities, the companion's.
    pub fn default_permission(self, capability: &CapabilityName) -> Option<Permission> {
        let allowed: &[Self] = match capability.as_str() {
            "moodle/course:create"
            | "moodle/category:viewhiddencategories"
            | "moodle/restore:rolldates"
            | "block/courseferry:view" => &[CourseCreator, Manager],
            "moodle/restore:restorecourse"
            | "moodle/restore:restoreactivity"
            | "moodle/restore:restoresection"
            | "moodle/question:add"
            | "moodle/question:managecategory"
            | "moodle/course:changeidnumber"
            | "moodle/role:switchroles" => &[EditingTeacher, Manager],
            "moodle/category:viewcourselist" => &[Guest, User],
            "block/courseferry:can_see_external_course_link"
            | "block/courseferry:manage"
            | "block/courseferry:can_restore_user_datas"
            | "moodle/restore:userinfo"
            | "block/courseferry:startnow" => &[Manager],
            _ => &[],
        };
        allowed.contains(&self).then_some(Permission::Allow)
    }
}
