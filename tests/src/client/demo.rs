//! The demo's people, roles, categories and courses at the client.

use super::{
    course::Course,
    people::{Category, PLUGIN_VERSION, SYSTEM, Site, User},
};
use crate::backup::{ReadActivity, ReadSection};
use courseferry_access::{
    Archetype, Assignment, CapabilityName, CapabilityRow, CapabilityType, Config, ContextId, ContextLevel, Permission,
    Risks, RoleCapabilityRow, RoleId, RoleRow, UserId,
};
use std::collections::BTreeMap;

/// Names, types, levels and risks as Moodle and the companion define them.
const CAPABILITIES: &[(&str, CapabilityType, ContextLevel, i64)] = &[
    ("block/courseferry:can_restore_user_datas", CapabilityType::Write, ContextLevel::CourseCategory, 20),
    ("block/courseferry:can_see_external_course_link", CapabilityType::Read, ContextLevel::System, 8),
    ("block/courseferry:manage", CapabilityType::Write, ContextLevel::System, 10),
    ("block/courseferry:startnow", CapabilityType::Write, ContextLevel::System, 0),
    ("block/courseferry:view", CapabilityType::Read, ContextLevel::CourseCategory, 0),
    ("moodle/category:viewcourselist", CapabilityType::Read, ContextLevel::CourseCategory, 0),
    ("moodle/category:viewhiddencategories", CapabilityType::Read, ContextLevel::CourseCategory, 0),
    ("moodle/course:create", CapabilityType::Write, ContextLevel::CourseCategory, 4),
    ("moodle/question:add", CapabilityType::Write, ContextLevel::Course, 20),
    ("moodle/question:managecategory", CapabilityType::Write, ContextLevel::Course, 20),
    ("moodle/restore:restoreactivity", CapabilityType::Write, ContextLevel::Course, 28),
    ("moodle/restore:restorecourse", CapabilityType::Write, ContextLevel::Course, 28),
    ("moodle/restore:restoresection", CapabilityType::Write, ContextLevel::Course, 28),
    ("moodle/restore:userinfo", CapabilityType::Write, ContextLevel::Course, 28),
    ("moodle/restore:rolldates", CapabilityType::Write, ContextLevel::Course, 0),
];

/// September 2026.
const THIS_YEAR: i64 = 1_788_220_800;
const MANAGER: RoleId = RoleId(1);
const CREATOR: RoleId = RoleId(2);
const USER: RoleId = RoleId(7);
const GUEST: RoleId = RoleId(6);
/// A role of the site's own: what a teacher needs to bring courses.
const FERRY: RoleId = RoleId(9);
/// Another role of the site's own: forbids restoring for good.
const NO_RESTORE: RoleId = RoleId(10);

fn role_row(id: i64, shortname: &str, name: &str, archetype: &str) -> RoleRow {
    let text = ToOwned::to_owned;
    RoleRow { id: RoleId(id), shortname: text(shortname), name: text(name), archetype: text(archetype), sortorder: id }
}

fn roles() -> Vec<RoleRow> {
    vec![
        role_row(1, "manager", "Manager", "manager"),
        role_row(2, "coursecreator", "Course creator", "coursecreator"),
        role_row(3, "editingteacher", "Teacher", "editingteacher"),
        role_row(4, "teacher", "Non-editing teacher", "teacher"),
        role_row(5, "student", "Student", "student"),
        role_row(6, "guest", "Guest", "guest"),
        role_row(7, "user", "Authenticated user", "user"),
        role_row(8, "frontpage", "Authenticated user on site home", "frontpage"),
        role_row(9, "courseferry", "May bring courses", ""),
        role_row(10, "norestore", "May not restore", ""),
    ]
}

fn role_capabilities(roles: &[RoleRow]) -> Vec<RoleCapabilityRow> {
    let mut rows = Vec::new();
    for (name, ..) in CAPABILITIES {
        let capability = CapabilityName::from(*name);
        for role in roles {
            let default =
                Archetype::from_word(&role.archetype).and_then(|made_from| made_from.default_permission(&capability));
            let own = match role.id {
                FERRY
                    if !name.starts_with("block/courseferry:")
                        && ![
                            "moodle/category:viewhiddencategories",
                            "moodle/restore:rolldates",
                            "moodle/restore:userinfo",
                        ]
                        .contains(name) =>
                {
                    Some(Permission::Allow)
                }
                FERRY if *name == "block/courseferry:view" => Some(Permission::Allow),
                NO_RESTORE if *name == "moodle/restore:restorecourse" => Some(Permission::Prohibit),
                _ => None,
            };
            if let Some(permission) = own.or(default) {
                rows.push(RoleCapabilityRow {
                    contextid: SYSTEM,
                    roleid: role.id,
                    capability: capability.clone(),
                    permission,
                });
            }
        }
    }
    rows
}

fn categories() -> Vec<Category> {
    let category = |id, parent, name: &str, identifier: &str| Category {
        id,
        parent,
        name: name.to_owned(),
        visible: true,
        identifier: identifier.to_owned(),
        locked: false,
    };
    let sciences = "<span lang=\"en\" class=\"multilang\">Sciences</span><span lang=\"fr\" class=\"multilang\">Sciences et techniques</span>";
    vec![
        category(2, 0, sciences, "FAC-SCI"),
        category(3, 2, "Physics", "FAC-SCI-PHY"),
        category(5, 2, "Chemistry", "FAC-SCI-CHI"),
        category(6, 0, "Arts", "FAC-ART"),
        category(7, 6, "History", "FAC-ART-HIS"),
        category(8, 0, "Medicine", "FAC-MED"),
        category(9, 0, "Restored courses", ""),
        Category { visible: false, ..category(10, 0, "Archive", "ARCHIVE") },
        category(11, 10, "Archive 2019", ""),
    ]
}

/// Id, username, first and last name, language, what for, roles.
type Person<'a> = (i64, &'a str, &'a str, &'a str, &'a str, &'a str, &'a [(RoleId, ContextId)]);

fn users() -> Vec<User> {
    let at = |category: i64| Site::context_of(category);
    let people: [Person<'_>; 12] = [
        (1, "guest", "Guest", "user", "en", "guest", &[]),
        (2, "admin", "Ada", "Lovelace", "en", "administrator", &[]),
        (3, "manager", "Mary", "Somerville", "en", "manager of the whole site", &[(MANAGER, SYSTEM)]),
        (
            4,
            "creator",
            "Émilie",
            "du Châtelet",
            "fr",
            "may bring courses everywhere",
            &[(CREATOR, SYSTEM), (FERRY, SYSTEM)],
        ),
        (
            5,
            "teacher1",
            "Marie",
            "Curie",
            "en",
            "may bring courses into Sciences and Restored courses",
            &[(FERRY, at(2)), (FERRY, at(9))],
        ),
        (6, "teacher2", "Irène", "Joliot-Curie", "fr", "may bring courses into Physics only", &[(FERRY, at(3))]),
        (7, "teacher3", "Henri", "Poincaré", "fr", "may create courses in Arts, but not restore", &[(CREATOR, at(6))]),
        (
            8,
            "teacher4",
            "Niels",
            "Bohr",
            "en",
            "may bring courses everywhere, but for a Prohibit in Sciences",
            &[(FERRY, SYSTEM), (NO_RESTORE, at(2))],
        ),
        (
            9,
            "teacher5",
            "Lise",
            "Meitner",
            "en",
            "may bring courses into the hidden Archive (unseen) and Medicine",
            &[(FERRY, at(10)), (FERRY, at(8))],
        ),
        (10, "student1", "Louis", "de Broglie", "fr", "student: no widget", &[]),
        (
            11,
            "colleague",
            "Paul",
            "Langevin",
            "en",
            "may bring courses into Sciences; no account on any remote",
            &[(FERRY, at(2))],
        ),
        (12, "teacher6", "Sofia", "Kovalevskaya", "en", "teaches two courses, and has no other right", &[]),
    ];
    people
        .into_iter()
        .map(|(id, username, firstname, lastname, lang, about, roles)| User {
            id,
            username: username.to_owned(),
            password: if username == "guest" { String::new() } else { "moodle".to_owned() },
            firstname: firstname.to_owned(),
            lastname: lastname.to_owned(),
            lang: lang.to_owned(),
            about: about.to_owned(),
            suspended: false,
            deleted: false,
            confirmed: true,
            auth: "manual".to_owned(),
            assignments: roles
                .iter()
                .map(|(roleid, contextid)| Assignment { roleid: *roleid, contextid: *contextid })
                .collect(),
        })
        .collect()
}

pub fn site(wwwroot: &str) -> Site {
    let roles = roles();
    Site {
        wwwroot: wwwroot.to_owned(),
        name: "Campus Moodle".to_owned(),
        timezone: "Europe/Paris".to_owned(),
        config: Config {
            siteadmins: vec![UserId(2)],
            siteguest: Some(UserId(1)),
            defaultuserroleid: Some(USER),
            notloggedinroleid: Some(GUEST),
            guestroleid: Some(GUEST),
            defaultfrontpageroleid: Some(RoleId(8)),
            contextlockappliestoadmin: true,
            frontpagecontextid: Some(ContextId(2)),
            syscontextid: Some(SYSTEM),
            ..Config::default()
        },
        users: users(),
        categories: categories(),
        role_capabilities: role_capabilities(&roles),
        roles,
        capabilities: CAPABILITIES
            .iter()
            .map(|(name, captype, contextlevel, risks)| CapabilityRow {
                name: CapabilityName::from(*name),
                captype: *captype,
                contextlevel: *contextlevel,
                riskbitmask: Risks(*risks),
                component: name.split(':').next().unwrap_or_default().replace('/', "_").replace("moodle_", "core_"),
            })
            .collect(),
        plugin_version: PLUGIN_VERSION.to_owned(),
        original_block: false,
        cron_ago: 0,
        on_dashboard: true,
        target_courses: true,
        user_data: false,
        remove_copy_time: 7 * 86_400,
        policy: None,
        integrity: None,
    }
}

/// Courses that are there from the start: one whose short name a remote's course has too, and those that the registry made
/// for this year.
pub fn courses() -> BTreeMap<i64, Course> {
    let course = |id, category, fullname: &str, shortname: &str, teacher| Course {
        id,
        category,
        fullname: fullname.to_owned(),
        shortname: shortname.to_owned(),
        visible: true,
        starts: THIS_YEAR,
        sections: vec![ReadSection {
            name: String::new(),
            activities: vec![ReadActivity { module: "forum".to_owned(), name: "Announcements".to_owned() }],
        }],
        files: (0, 0),
        participants: BTreeMap::from([(teacher, "editingteacher".to_owned())]),
        job: None,
        added: Vec::new(),
        sha1: None,
        half_made: false,
    };
    let courses = [
        course(42, 3, "Optics (this year)", "OPT101", 5),
        course(43, 3, "Mechanics 2026", "MECH201-26", 12),
        course(44, 5, "Laboratory 2026", "LAB150-26", 12),
    ];
    courses.into_iter().map(|course| (course.id, course)).collect()
}
