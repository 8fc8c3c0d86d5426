//! The capabilities that Courseferry asks about.

use crate::ids::CapabilityName;

/// See the widget.
pub const VIEW: CapabilityName = CapabilityName::new("block/courseferry:view");
/// A remote course's name is a link to it.
pub const EXTERNAL_LINK: CapabilityName = CapabilityName::new("block/courseferry:can_see_external_course_link");
/// Use the Manage pages.
pub const MANAGE: CapabilityName = CapabilityName::new("block/courseferry:manage");
/// Start a restore outside the restore window.
pub const START_NOW: CapabilityName = CapabilityName::new("block/courseferry:startnow");
/// See a category.
pub const VIEW_CATEGORY: CapabilityName = CapabilityName::new("moodle/category:viewcourselist");
/// See a category that is hidden or below a hidden one.
pub const VIEW_HIDDEN: CapabilityName = CapabilityName::new("moodle/category:viewhiddencategories");
/// Create a course.
pub const CREATE_COURSE: CapabilityName = CapabilityName::new("moodle/course:create");
/// Restore a course.
pub const RESTORE_COURSE: CapabilityName = CapabilityName::new("moodle/restore:restorecourse");
/// Give what is restored another start date, from which Moodle moves every date in it.
pub const ROLL_DATES: CapabilityName = CapabilityName::new("moodle/restore:rolldates");

/// Bring students' data and enrolment methods along.
pub const USER_DATA: CapabilityName = CapabilityName::new("block/courseferry:can_restore_user_datas");
/// Restore people with their data.
pub const USER_INFO: CapabilityName = CapabilityName::new("moodle/restore:userinfo");

/// Both are required where a course is restored.
pub const REQUIRED: [CapabilityName; 2] = [CREATE_COURSE, RESTORE_COURSE];

/// Without one of these a restore goes through, but leaves something out.
pub const WARNED: [CapabilityName; 4] = [
    CapabilityName::new("moodle/restore:restoreactivity"),
    CapabilityName::new("moodle/restore:restoresection"),
    CapabilityName::new("moodle/question:add"),
    CapabilityName::new("moodle/question:managecategory"),
];

/// The right to switch to another role.
pub const SWITCH_ROLES: CapabilityName = CapabilityName::new("moodle/role:switchroles");
/// The right to lock and unlock contexts; the one right to write that no lock takes away.
pub const MANAGE_LOCKS: CapabilityName = CapabilityName::new("moodle/site:managecontextlocks");
