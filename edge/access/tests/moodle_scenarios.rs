//! Counterparts of the scenarios in Moodle's own `lib/tests/accesslib_test.php` and
//! `accesslib_has_capability_test.php` that bear on evaluation, definitions, switching, locking and
//! guests. The data are ours; each test names the one it answers.
//!
//! Answered here: get_guest_role, is_siteadmin, isguestuser, is_safe_capability,
//! get_roles_with_capability, get_role_archetypes, get_archetype_roles, has_capability_and_friends,
//! fake_capability, get_user_capability_course, get_user_capability_contexts, require_capability,
//! require_all_capabilities, permission_evaluation (guests, visitors, assignments, overrides,
//! prohibits, switching, temporary roles; its random site is in `properties.rs`),
//! reset_role_capabilities, get_users_by_capability, get_with_capability_sql,
//! get_with_capability_join_when_overrides_present, is_parent_of, is_child_of,
//! get_with_capability_sql_locked, get_users_by_capability_locked, locked_contexts,
//! locked_contexts_for_admin_with_config, login_as_admin, login_as_user.
//!
//! Left out, because they are about something else:
//! - caches and queries: accesslib_clear_all_caches, capabilities_mutation, role_definition_caching,
//!   get_parent_contexts_preload, the cache and dirty-flag parts of permission_evaluation. This library
//!   has no cache and no database;
//! - writing: create_role, delete_role, assign_capability, unassign_capability, fake_capability_assign,
//!   fake_capability_unassign, role_assign, role_unassign, role_unassign_all, update_capabilities (four
//!   tests), core_role_set_*_allowed, set_role_contextlevels. The library reads what they wrote;
//! - who may assign, override, switch to or view which role: get_assignable_roles (two tests),
//!   get_switchable_roles, get_overridable_roles, get_viewable_roles_* , get_default_role_archetype_allows,
//!   get_default_contextlevels, get_roles_for_contextlevels, get_default_enrol_roles. Other tables, which
//!   no decision reads;
//! - names and lists for pages: role_get_name, role_fix_names, get_all_roles, get_role_users,
//!   count_role_users, get_roles_used_in_context, get_user_roles*, get_profile_roles,
//!   get_context_info_array, context_comparisons, context_*_caps_returned_by_get_capabilities_*,
//!   get_navigation_filter_context, has_coursecontact_role;
//! - enrolments: is_enrolled, get_enrolled_sql_*, guess_if_creator_will_have_course_capability;
//! - PHP's session: isloggedin, get_role_access (the shape of an array);
//! - deprecated capabilities, which plugins' files declare: get_deprecated_capability_*.

#![allow(clippy::doc_markdown, reason = "the list above is one of Moodle's function names")]

mod support;

use courseferry_access::Permission::{Allow, Prevent, Prohibit};
use courseferry_access::{
    Archetype, CapabilityName, CapabilityType, ContextId, ContextLevel, Permission, Risks, RoleId, RoleRow, Session,
    UserId,
    capabilities::{MANAGE_LOCKS, SWITCH_ROLES},
};
use std::collections::BTreeSet;
use support::*;

const NOBODY: UserId = UserId::NOBODY;
const BACKUP: CapabilityName = CapabilityName::new("moodle/backup:backupcourse");
const APPROVE: CapabilityName = CapabilityName::new("moodle/site:approvecourse");
const VIEW: CapabilityName = CapabilityName::new("moodle/course:view");
const PAGE: CapabilityName = CapabilityName::new("mod/page:view");
const CREATE: CapabilityName = CapabilityName::new("moodle/course:create");

/// Roles that have no archetype.
const EMPTY: RoleId = RoleId(11);
const ALLOWING: RoleId = RoleId(12);
const PROHIBITING: RoleId = RoleId(13);

fn with_capabilities(capabilities: &[(&CapabilityName, CapabilityType)]) -> World {
    let mut world = world();
    for (name, captype) in capabilities {
        world.capabilities.push(capability(name, *captype, Risks::default()));
    }
    world
}

fn add_user(world: &mut World, id: i64) -> UserId {
    let context_id = ContextId(100 + id);
    world.contexts.push(context(context_id, ContextLevel::User, id, &format!("/1/{context_id}")));
    world.users.push((UserId(id), false));
    UserId(id)
}

fn set<T: Ord>(items: impl IntoIterator<Item = T>) -> BTreeSet<T> {
    items.into_iter().collect()
}

// get_guest_role
#[test]
fn the_guest_role_is_the_one_of_that_archetype() {
    let site = world().site();
    let guests: Vec<RoleId> = site.roles_of(Archetype::Guest).map(|role| role.id).collect();
    assert_eq!(guests, [GUEST]);
    assert_eq!(site.config().guestroleid, Some(GUEST));
}

// is_siteadmin
#[test]
fn administrators_are_those_on_the_list_and_nobody_else() {
    let mut world = world();
    world.config.siteadmins = [666, 667, 668].map(UserId).to_vec();
    let site = world.site();
    assert!([666, 667, 668].map(UserId).iter().all(|&id| site.is_administrator(id)));
    assert!(![13, 669].map(UserId).iter().any(|&id| site.is_administrator(id)));
    world.config.siteadmins = vec![UserId(13), NOBODY];
    let site = world.site();
    assert!(site.is_administrator(UserId(13)) && !site.is_administrator(UserId(666)));
    assert!(!site.is_administrator(NOBODY), "nobody is no administrator, whatever the list says");
}

// isguestuser
#[test]
fn the_guest_is_one_account_and_not_whoever_is_not_logged_in() {
    let world = with_capabilities(&[(&PAGE, CapabilityType::Read)]);
    let site = world.site();
    for (user, guest_or_nobody) in [(THE_GUEST, true), (NOBODY, true), (ADMIN, false), (ANNE, false)] {
        assert_eq!(world.person(&site, user).is_guest_or_nobody(), guest_or_nobody);
    }
}

// is_safe_capability
#[test]
fn the_right_to_configure_the_site_is_not_safe() {
    let config = CapabilityName::new("moodle/site:config");
    assert!(!capability(&config, CapabilityType::Write, Risks(62)).is_safe());
}

// get_roles_with_capability
#[test]
fn roles_that_say_anything_about_a_right_are_found_by_what_they_say_and_where() {
    let mut world = with_capabilities(&[(&BACKUP, CapabilityType::Write)]);
    assert_eq!(world.site().roles_mentioning(&BACKUP, None, None), set([]));
    world.says(MANAGER, Allow, &BACKUP, SYSTEM);
    world.says(MANAGER, Prohibit, &BACKUP, FRONT_PAGE).says(TEACHER, Prevent, &BACKUP, FRONT_PAGE);
    let site = world.site();
    assert_eq!(site.roles_mentioning(&BACKUP, None, None), set([MANAGER, TEACHER]));
    assert_eq!(site.roles_mentioning(&BACKUP, Some(Allow), None), set([MANAGER]));
    assert_eq!(site.roles_mentioning(&BACKUP, None, Some(SYSTEM)), set([MANAGER]));
}

// get_role_archetypes, get_archetype_roles
#[test]
fn there_are_eight_archetypes_and_each_knows_its_roles() {
    let mut world = world();
    world.roles.push(RoleRow {
        id: RoleId(20),
        shortname: "assistant".to_owned(),
        name: String::new(),
        archetype: "student".to_owned(),
        sortorder: 20,
    });
    let site = world.site();
    assert_eq!(Archetype::ALL.len(), 8);
    for archetype in Archetype::ALL {
        assert_eq!(Archetype::from_word(archetype.word()), Some(archetype));
    }
    assert_eq!(Archetype::from_word(""), None);
    let students: Vec<RoleId> = site.roles_of(Archetype::Student).map(|role| role.id).collect();
    assert_eq!(students, [STUDENT, RoleId(20)]);
}

// reset_role_capabilities: a role goes back to what its archetype says by default
#[test]
fn an_archetype_says_by_default_what_moodle_ships() {
    let allows = |archetype: Archetype, name| archetype.default_permission(&CapabilityName::new(name)) == Some(Allow);
    assert!(allows(Archetype::CourseCreator, "moodle/course:create"));
    assert!(!allows(Archetype::CourseCreator, "moodle/restore:restorecourse"));
    assert!(allows(Archetype::EditingTeacher, "moodle/restore:restorecourse"));
    assert!(!allows(Archetype::EditingTeacher, "moodle/course:create"));
    assert!(allows(Archetype::User, "moodle/category:viewcourselist"));
    assert!(allows(Archetype::Guest, "moodle/category:viewcourselist"));
    assert!(!Archetype::ALL.iter().any(|&archetype| allows(archetype, "moodle/fake:capability")));
    assert!(Archetype::ALL.iter().filter(|a| allows(**a, "block/courseferry:manage")).eq([&Archetype::Manager]));
}

// has_capability_and_friends
#[test]
fn has_any_and_all_agree_for_visitor_teacher_and_administrator() {
    let section = CapabilityName::new("moodle/backup:backupsection");
    let write = CapabilityType::Write;
    let mut world = with_capabilities(&[(&section, write), (&BACKUP, write), (&APPROVE, write)]);
    world.says(EDITOR, Allow, &section, SYSTEM).says(EDITOR, Allow, &BACKUP, SYSTEM);
    world.gives(ANNE, EDITOR, OPTICS);
    let (some, all) = ([section.clone(), BACKUP], [section.clone(), BACKUP, APPROVE]);
    let site = world.site();
    // Of each user: the three rights, any of three, all of two, all of three.
    for (user, doanything, expected) in [
        (NOBODY, true, [false, false, false, false, false, false]),
        (ANNE, true, [true, true, false, true, true, false]),
        (ADMIN, true, [true, true, true, true, true, true]),
        (ADMIN, false, [false, false, false, false, false, false]),
    ] {
        let person = world.person(&site, user);
        let own = Session::of(user);
        for session in [None, Some(&own)] {
            let mut access = site.access(&person);
            access = if doanything { access } else { access.by_roles_only() };
            access = session.map_or(access, |session| access.in_session(session));
            let answers = [
                access.has_capability(&section, OPTICS),
                access.has_capability(&BACKUP, OPTICS),
                access.has_capability(&APPROVE, OPTICS),
                access.has_any(&all, OPTICS),
                access.has_all(&some, OPTICS),
                access.has_all(&all, OPTICS),
            ];
            assert_eq!(answers, expected, "{user} {doanything}");
        }
    }
}

// fake_capability
#[test]
fn a_fake_right_is_had_by_nobody_though_it_is_defined() {
    let fake = CapabilityName::new("moodle/fake:capability");
    let mut world = world();
    world.says(EDITOR, Allow, &fake, OPTICS).gives(ANNE, EDITOR, OPTICS);
    assert!(!world.ask(ANNE, &fake, OPTICS).allowed);
    assert!(!world.ask(ADMIN, &fake, OPTICS).allowed);
    assert_eq!(world.users_with(&fake, OPTICS), set([]));
    assert_eq!(world.site().roles_with(&fake, OPTICS).needed, set([]));
}

// require_capability, require_all_capabilities
#[test]
fn what_is_required_and_missing_is_an_error() {
    let mut world = with_capabilities(&[(&BACKUP, CapabilityType::Write), (&VIEW, CapabilityType::Read)]);
    world.says(EDITOR, Allow, &BACKUP, SYSTEM).says(EDITOR, Allow, &VIEW, SYSTEM).gives(ANNE, EDITOR, OPTICS);
    let site = world.site();
    let require = |user, by_roles_only| {
        let person = world.person(&site, user);
        let access = site.access(&person);
        let access = if by_roles_only { access.by_roles_only() } else { access };
        access.require_all(&[BACKUP, VIEW], OPTICS).map_err(|missing| missing.capability)
    };
    assert_eq!(require(ANNE, true), Ok(()));
    assert_eq!(require(ADMIN, false), Ok(()));
    assert_eq!(require(NOBODY, false), Err(BACKUP));
    assert_eq!(require(ADMIN, true), Err(BACKUP));
}

/// A role somebody holds, and where.
type Held = (RoleId, ContextId);

// get_user_capability_course
#[test]
fn the_courses_in_which_somebody_has_a_right_follow_roles_overrides_and_prohibits() {
    let mut world = with_capabilities(&[(&VIEW, CapabilityType::Read)]);
    world.contexts.retain(|row| row.contextlevel != ContextLevel::CourseCategory);
    world.contexts.retain(|row| row.path.matches('/').count() < 3);
    // One category with two courses and a category of its own with two more, and another with two.
    let [cat1, cat2, misc] = [60, 61, 62].map(ContextId);
    let [c1, c2, c3, c4, c5, c6] = [71, 72, 73, 74, 75, 76].map(ContextId);
    for (id, level, path) in [
        (cat1, ContextLevel::CourseCategory, "/1/60"),
        (cat2, ContextLevel::CourseCategory, "/1/60/61"),
        (misc, ContextLevel::CourseCategory, "/1/62"),
        (c1, ContextLevel::Course, "/1/60/71"),
        (c2, ContextLevel::Course, "/1/60/72"),
        (c3, ContextLevel::Course, "/1/60/61/73"),
        (c4, ContextLevel::Course, "/1/60/61/74"),
        (c5, ContextLevel::Course, "/1/62/75"),
        (c6, ContextLevel::Course, "/1/62/76"),
    ] {
        world.contexts.push(context(id, level, id.0, path));
    }
    world.says(ALLOWING, Allow, &VIEW, SYSTEM).says(PROHIBITING, Prohibit, &VIEW, SYSTEM);
    world.says(EMPTY, Allow, &VIEW, cat1).says(EMPTY, Prevent, &VIEW, cat2).says(EMPTY, Allow, &VIEW, c3);
    world.says(ALLOWING, Prevent, &VIEW, c5).says(EMPTY, Prohibit, &VIEW, c6);
    world.says(PROHIBITING, Allow, &VIEW, c2);

    let courses = |world: &World, user, doanything: bool| -> Vec<ContextId> {
        let site = world.site();
        let person = world.person(&site, user);
        let access = site.access(&person);
        let access = if doanything { access } else { access.by_roles_only() };
        access.contexts_with(&VIEW, ContextLevel::Course)
    };
    let u1 = add_user(&mut world, 201);
    assert_eq!(courses(&world, u1, true), []);
    world.says(EVERYBODY, Allow, &VIEW, c1);
    assert_eq!(courses(&world, u1, true), [c1]);

    let everyone: [(&[Held], &[ContextId]); 7] = [
        (&[(ALLOWING, SYSTEM)], &[FRONT_PAGE, c1, c2, c3, c4, c6]),
        (&[(EMPTY, SYSTEM)], &[c1, c2, c3]),
        (&[(ALLOWING, SYSTEM), (EMPTY, SYSTEM)], &[FRONT_PAGE, c1, c2, c3, c4]),
        (&[(ALLOWING, misc)], &[c1, c6]),
        (&[(PROHIBITING, c1), (EMPTY, c3), (ALLOWING, c5)], &[c3]),
        (&[(EMPTY, c2)], &[c1, c2]),
        (&[(PROHIBITING, c2)], &[c1]),
    ];
    for (number, (held, expected)) in (202..).zip(everyone) {
        let user = add_user(&mut world, number);
        for (role, context) in held {
            world.gives(user, *role, *context);
        }
        assert_eq!(courses(&world, user, true), expected, "{held:?}");
    }
    assert_eq!(courses(&world, ADMIN, true), [FRONT_PAGE, c1, c2, c3, c4, c5, c6]);
    assert_eq!(courses(&world, ADMIN, false), [c1]);

    world.says(FRONT_PAGE_ROLE, Allow, &VIEW, SYSTEM);
    assert_eq!(courses(&world, u1, true), [FRONT_PAGE, c1]);
    // A guest role for the time being is a role like any other.
    world.says(GUEST, Allow, &VIEW, SYSTEM).gives(u1, GUEST, c2);
    assert_eq!(courses(&world, u1, true), [FRONT_PAGE, c1, c2]);
}

// get_user_capability_contexts
#[test]
fn the_categories_in_which_somebody_has_a_right_follow_roles_overrides_and_prohibits() {
    let mut world = with_capabilities(&[(&VIEW, CapabilityType::Read)]);
    // Arts is the category without overrides; Physics lies in Sciences.
    let (cat1, cat3, cat2) = (SCIENCES, PHYSICS, ContextId(23));
    world.contexts.push(context(cat2, ContextLevel::CourseCategory, 23, "/1/23"));
    world.says(ALLOWING, Allow, &VIEW, SYSTEM).says(ALLOWING, Prevent, &VIEW, cat1);
    world.says(ALLOWING, Prohibit, &VIEW, cat2).says(EMPTY, Allow, &VIEW, cat1).says(EMPTY, Prevent, &VIEW, cat2);
    world.says(PROHIBITING, Prohibit, &VIEW, SYSTEM).says(PROHIBITING, Allow, &VIEW, cat1);
    for (number, role, expected) in [
        (301, None, &[] as &[ContextId]),
        (302, Some(ALLOWING), &[ARTS]),
        (303, Some(EMPTY), &[cat1, cat3]),
        (304, Some(PROHIBITING), &[]),
    ] {
        let user = add_user(&mut world, number);
        if let Some(role) = role {
            world.gives(user, role, SYSTEM);
        }
        let site = world.site();
        let person = world.person(&site, user);
        let categories = site.access(&person).contexts_with(&VIEW, ContextLevel::CourseCategory);
        assert_eq!(categories, expected, "{role:?}");
    }
}

/// The overrides of permission_evaluation on the front page.
fn front_page() -> World {
    let mut world = with_capabilities(&[(&PAGE, CapabilityType::Read)]);
    world.config.notloggedinroleid = Some(GUEST);
    world.says(GUEST, Prevent, &PAGE, SYSTEM).says(GUEST, Allow, &PAGE, FRONT_PAGE);
    world.says(GUEST, Prevent, &PAGE, FRONT_FORUM).says(GUEST, Prohibit, &LOOK, FRONT_FORUM);
    world.says(EVERYBODY, Prohibit, &PAGE, FRONT_PAGE).says(EVERYBODY, Allow, &PAGE, FRONT_FORUM);
    world
}

// permission_evaluation: guests and visitors
#[test]
fn guests_and_visitors_follow_the_overrides_of_the_guest_role() {
    let world = front_page();
    for user in [THE_GUEST, NOBODY] {
        assert!(!world.ask(user, &LOOK, FRONT_FORUM).allowed);
        assert!(!world.ask(user, &PAGE, FRONT_FORUM).allowed);
        assert!(world.ask(user, &PAGE, FRONT_PAGE).allowed);
        assert!(!world.ask(user, &PAGE, SYSTEM).allowed);
    }
    assert!(!world.ask(ANNE, &PAGE, FRONT_FORUM).allowed, "prohibited above");
}

// permission_evaluation: assignments in a category reach its courses and not those above
#[test]
fn a_course_creator_of_a_category_creates_there_and_below_only() {
    let mut world = with_capabilities(&[(&CREATE, CapabilityType::Write)]);
    world.says(CREATOR, Allow, &CREATE, SYSTEM).gives(ANNE, CREATOR, PHYSICS);
    for (context, expected) in [(SYSTEM, false), (PHYSICS, true), (DRAWING, false), (OPTICS, true)] {
        assert_eq!(world.ask(ANNE, &CREATE, context).allowed, expected, "{context}");
    }
}

// permission_evaluation: prohibits
#[test]
fn a_prohibit_in_one_role_takes_a_course_from_who_teaches_it_in_another() {
    let mut world = world();
    world.says(EDITOR, Allow, &EDIT, SYSTEM).says(TEACHER, Prohibit, &EDIT, OPTICS);
    world.gives(ANNE, EDITOR, SYSTEM).gives(ANNE, EDITOR, OPTICS).gives(ANNE, TEACHER, OPTICS);
    assert!(world.ask(ANNE, &EDIT, SYSTEM).allowed);
    assert_eq!(world.users_with(&EDIT, SYSTEM), set([ANNE]));
    assert!(!world.ask(ANNE, &EDIT, OPTICS).allowed);
    assert_eq!(world.users_with(&EDIT, OPTICS), set([]));
}

// permission_evaluation: role switching
#[test]
fn switching_reloading_and_switching_back_take_and_give_back() {
    let mut world = world();
    world.capabilities.push(capability(&SWITCH_ROLES, CapabilityType::Read, Risks::XSS));
    world.says(EDITOR, Allow, &EDIT, SYSTEM).says(EDITOR, Allow, &SWITCH_ROLES, SYSTEM).gives(ANNE, EDITOR, OPTICS);
    let site = world.site();
    for (user, context) in [(ANNE, OPTICS), (ADMIN, BLOCK)] {
        let person = world.person(&site, user);
        let may = |session: &Session| site.access(&person).in_session(session).has_capability(&EDIT, context);
        let session = Session::of(user);
        assert!(may(&session));
        let session = session.switch_role(&site, OPTICS, STUDENT);
        assert!(!may(&session));
        let session = session.reload(&site, &person);
        assert!(!may(&session));
        assert!(may(&session.switch_role(&site, OPTICS, RoleId(0))));
    }
}

// permission_evaluation: temporary roles in a course
#[test]
fn a_role_for_the_time_being_counts_while_it_is_held() {
    let mut world = world();
    world.says(EDITOR, Allow, &EDIT, SYSTEM);
    assert!(!world.ask(ANNE, &EDIT, OPTICS).allowed);
    assert!(world.clone().gives(ANNE, EDITOR, OPTICS).ask(ANNE, &EDIT, OPTICS).allowed);
    assert!(!world.ask(ANNE, &EDIT, OPTICS).allowed);
}

/// A teacher and a student of Optics, of whom teachers may back up.
fn taught() -> World {
    let mut world = with_capabilities(&[(&BACKUP, CapabilityType::Write), (&APPROVE, CapabilityType::Write)]);
    world.says(EDITOR, Allow, &BACKUP, SYSTEM).gives(ANNE, EDITOR, OPTICS).gives(BEN, STUDENT, OPTICS);
    world
}

// get_users_by_capability, get_with_capability_sql
#[test]
fn users_are_found_by_a_right_and_overrides_move_it_from_one_to_the_other() {
    let mut world = taught();
    assert_eq!(world.users_with(&BACKUP, OPTICS), set([ANNE]));
    assert_eq!(world.users_with(&APPROVE, OPTICS), set([]));
    world.says(EDITOR, Prohibit, &BACKUP, OPTICS).says(STUDENT, Allow, &BACKUP, OPTICS);
    assert_eq!(world.users_with(&BACKUP, OPTICS), set([BEN]));
}

// get_with_capability_join_when_overrides_present
#[test]
fn one_of_two_rights_is_enough_while_one_is_left() {
    let [scales, flag] = ["moodle/course:viewscales", "moodle/question:flag"].map(CapabilityName::new);
    for (prevented, expected) in [(vec![], true), (vec![&scales], true), (vec![&scales, &flag], false)] {
        let mut world = with_capabilities(&[(&scales, CapabilityType::Read), (&flag, CapabilityType::Write)]);
        world.says(STUDENT, Allow, &scales, SYSTEM).says(STUDENT, Allow, &flag, SYSTEM).gives(BEN, STUDENT, OPTICS);
        for capability in &prevented {
            world.says(STUDENT, Prevent, capability, OPTICS);
        }
        let site = world.site();
        let person = world.person(&site, BEN);
        let either = [scales.clone(), flag.clone()];
        assert_eq!(site.access(&person).has_any(&either, OPTICS), expected);
        let found = either.iter().any(|capability| world.users_with(capability, OPTICS).contains(&BEN));
        assert_eq!(found, expected);
    }
}

// get_users_by_capability_locked, get_with_capability_sql_locked
#[test]
fn users_lose_a_right_to_write_by_a_lock_at_or_above_and_only_while_locks_count() {
    for (locked, expected) in [(FORUM, false), (OPTICS, false), (SCIENCES, false), (ARTS, true)] {
        let mut world = taught();
        assert_eq!(world.users_with(&BACKUP, FORUM), set([ANNE]));
        world.locks(locked);
        assert_eq!(world.users_with(&BACKUP, FORUM).contains(&ANNE), expected, "{locked}");
        world.config.contextlocking = false;
        assert_eq!(world.users_with(&BACKUP, FORUM), set([ANNE]));
    }
}

// is_parent_of, is_child_of
#[test]
fn a_context_lies_within_itself_and_those_above_it() {
    let site = world().site();
    for (inner, outer, expected) in [
        (BLOCK, BLOCK, true),
        (BLOCK, FORUM, true),
        (BLOCK, SYSTEM, true),
        (FORUM, BLOCK, false),
        (SYSTEM, BLOCK, false),
        (DRAWING, OPTICS, false),
    ] {
        assert_eq!(site.is_within(inner, outer), expected, "{inner} in {outer}");
    }
    // A path that begins with the same digits is another path.
    let mut world = world();
    world.contexts.push(context(ContextId(200), ContextLevel::CourseCategory, 200, "/1/200"));
    assert!(!world.site().is_within(ContextId(200), SCIENCES));
}

/// Each lock of the scenario and the contexts in which nobody can write then.
const LOCKS: [(&[ContextId], &[ContextId]); 4] = [
    (&[], &[]),
    (&[ContextId(102)], &[ContextId(102)]),
    (&[BLOCK], &[BLOCK]),
    (&[SCIENCES], &[SCIENCES, PHYSICS, OPTICS, FORUM, BLOCK]),
];

fn lockable(binds_administrators: bool) -> World {
    let mut world = with_capabilities(&[(&MANAGE_LOCKS, CapabilityType::Write)]);
    world.config.contextlocking = true;
    world.config.contextlockappliestoadmin = binds_administrators;
    world
}

// locked_contexts
#[test]
fn a_lock_that_binds_administrators_stops_their_writing_and_nothing_else() {
    for (locked, blocked) in LOCKS {
        let mut world = lockable(true);
        for &context in locked {
            world.row(context).locked = true;
        }
        for row in world.contexts.clone() {
            assert!(world.ask(ADMIN, &LOOK, row.id).allowed);
            assert!(world.ask(ADMIN, &MANAGE_LOCKS, row.id).allowed);
            assert_eq!(world.ask(ADMIN, &EDIT, row.id).allowed, !blocked.contains(&row.id));
            assert!(!world.ask(ANNE, &EDIT, row.id).allowed);
        }
        world.config.contextlocking = false;
        assert!(world.contexts.iter().all(|row| world.ask(ADMIN, &EDIT, row.id).allowed));
        assert!(!world.contexts.iter().any(|row| world.ask(ANNE, &EDIT, row.id).allowed));
    }
}

// locked_contexts_for_admin_with_config
#[test]
fn a_lock_that_does_not_bind_administrators_stops_everybody_else() {
    for (locked, blocked) in LOCKS {
        let mut world = lockable(false);
        world.says(EVERYBODY, Allow, &EDIT, SYSTEM);
        for &context in locked {
            world.row(context).locked = true;
        }
        for row in world.contexts.clone() {
            assert!(world.ask(ADMIN, &EDIT, row.id).allowed);
            assert_eq!(world.ask(ANNE, &EDIT, row.id).allowed, !blocked.contains(&row.id));
        }
    }
}

// login_as_admin, login_as_user
#[test]
fn logged_in_as_somebody_one_reaches_the_chosen_context_and_below() {
    let mut world = world();
    world.says(EVERYBODY, Allow, &LOOK, SYSTEM);
    let everywhere = [SCIENCES, OPTICS, FORUM, BLOCK, ARTS, DRAWING];
    for (chosen, reached) in [
        (SYSTEM, &everywhere as &[ContextId]),
        (SCIENCES, &[SCIENCES, OPTICS, FORUM, BLOCK]),
        (OPTICS, &[OPTICS, FORUM, BLOCK]),
        (BLOCK, &[BLOCK]),
    ] {
        for context in everywhere {
            let limited = |site: &_| Session::of(ANNE).limited_to(site, chosen).expect("it is there");
            let allowed = world.ask_in(limited, ANNE, &LOOK, context).allowed;
            assert_eq!(allowed, reached.contains(&context), "{context} from {chosen}");
        }
    }
}

// What a role says, four ways
#[test]
fn permissions_keep_moodles_numbers() {
    for (permission, code) in [(Permission::Inherit, 0), (Allow, 1), (Prevent, -1), (Prohibit, -1000)] {
        assert_eq!((permission.code(), Permission::from(code)), (code, permission));
    }
    assert_eq!(Permission::from(7), Permission::Other(7));
}
