//! Every rule of Moodle's `has_capability`, each case as a sentence, in the order of the rules.

mod support;

use courseferry_access::Permission::{Allow, Inherit, Other, Prevent, Prohibit};
use courseferry_access::{
    CapabilityName, CapabilityType, ContextId, Decision, Risks, RoleId, Rule, Session, UnfitRow, UserId,
    capabilities::{MANAGE_LOCKS, SWITCH_ROLES},
    oracle::MissingCapability,
};
use support::*;

const NOBODY: UserId = UserId::NOBODY;

#[track_caller]
fn granted(decision: Decision, rule: Rule) {
    assert_eq!(decision, Decision { allowed: true, rule });
}

#[track_caller]
fn refused(decision: Decision, rule: Rule) {
    assert_eq!(decision, Decision { allowed: false, rule });
}

fn allowed_by(role: RoleId, context: ContextId) -> Rule {
    Rule::Allowed { role, context: Some(context) }
}

fn prohibited_by(role: RoleId, context: ContextId) -> Rule {
    Rule::Prohibited { role, context: Some(context) }
}

/// A site where Anne is an editing teacher of Optics and editing teachers may edit.
fn taught() -> World {
    let mut world = world();
    world.says(EDITOR, Allow, &EDIT, SYSTEM).gives(ANNE, EDITOR, OPTICS);
    world
}

// Rule 1: the capability must exist.

#[test]
fn a_capability_that_does_not_exist_is_refused_even_to_administrators() {
    let missing = CapabilityName::new("moodle/fake:capability");
    let mut world = world();
    world.says(EVERYBODY, Allow, &missing, SYSTEM);
    refused(world.ask(ANNE, &missing, SYSTEM), Rule::UnknownCapability);
    refused(world.ask(ADMIN, &missing, SYSTEM), Rule::UnknownCapability);
    let unfit = UnfitRow::UnknownCapability(missing, EVERYBODY);
    assert_eq!(world.site().unfit_rows(), [unfit]);
}

#[test]
fn a_context_that_does_not_exist_is_refused_even_to_administrators() {
    refused(world().ask(ADMIN, &LOOK, ContextId(12345)), Rule::UnknownContext);
}

// Rule 2: forced login.

#[test]
fn forced_login_cuts_off_visitors_but_not_the_guest_account() {
    let mut world = world();
    world.says(VISITOR, Allow, &LOOK, SYSTEM).says(GUEST, Allow, &LOOK, SYSTEM);
    granted(world.ask(NOBODY, &LOOK, FORUM), allowed_by(VISITOR, SYSTEM));
    world.config.forcelogin = true;
    refused(world.ask(NOBODY, &LOOK, FORUM), Rule::LoginRequired);
    granted(world.ask(THE_GUEST, &LOOK, FORUM), allowed_by(GUEST, SYSTEM));
}

// Rule 3: guests and risks.

#[test]
fn guests_and_visitors_never_write_whatever_their_roles_say() {
    let mut world = world();
    world.capabilities = vec![capability(&EDIT, CapabilityType::Write, Risks::default())];
    world.says(VISITOR, Allow, &EDIT, SYSTEM).says(GUEST, Allow, &EDIT, SYSTEM);
    refused(world.ask(NOBODY, &EDIT, OPTICS), Rule::GuestsBarred);
    refused(world.ask(THE_GUEST, &EDIT, OPTICS), Rule::GuestsBarred);
}

#[test]
fn guests_never_get_reading_rights_that_risk_scripts_settings_or_data() {
    for (risk, barred) in [
        (Risks::XSS, true),
        (Risks::CONFIG, true),
        (Risks::DATA_LOSS, true),
        (Risks::XSS.and(Risks::SPAM), true),
        (Risks::PERSONAL, false),
        (Risks::SPAM, false),
        (Risks::MANAGE_TRUST, false),
        (Risks::default(), false),
    ] {
        let mut world = world();
        world.capabilities = vec![capability(&LOOK, CapabilityType::Read, risk)];
        world.says(GUEST, Allow, &LOOK, SYSTEM).says(VISITOR, Allow, &LOOK, SYSTEM);
        for user in [THE_GUEST, NOBODY] {
            assert_eq!(world.ask(user, &LOOK, OPTICS).allowed, !barred, "{user} {risk:?}");
        }
    }
}

#[test]
fn a_guest_account_on_the_list_of_administrators_still_never_writes() {
    let mut world = world();
    world.config.siteadmins.push(THE_GUEST);
    refused(world.ask(THE_GUEST, &EDIT, OPTICS), Rule::GuestsBarred);
    granted(world.ask(THE_GUEST, &LOOK, OPTICS), Rule::Administrator);
}

// Rule 4: locks.

#[test]
fn a_locked_context_refuses_writing_there_and_below_but_not_above_or_beside() {
    let mut world = taught();
    world.gives(ANNE, EDITOR, SYSTEM).locks(PHYSICS);
    for context in [PHYSICS, OPTICS, FORUM, BLOCK] {
        refused(world.ask(ANNE, &EDIT, context), Rule::Locked { by: PHYSICS });
    }
    for context in [SYSTEM, SCIENCES, ARTS, DRAWING] {
        granted(world.ask(ANNE, &EDIT, context), allowed_by(EDITOR, SYSTEM));
    }
}

#[test]
fn the_nearest_lock_is_the_one_that_is_named() {
    let mut world = taught();
    world.locks(SCIENCES).locks(OPTICS);
    refused(world.ask(ANNE, &EDIT, FORUM), Rule::Locked { by: OPTICS });
    refused(world.ask(ANNE, &EDIT, PHYSICS), Rule::Locked { by: SCIENCES });
}

#[test]
fn a_lock_leaves_reading_alone() {
    let mut world = world();
    world.says(EVERYBODY, Allow, &LOOK, SYSTEM).locks(SYSTEM);
    granted(world.ask(ANNE, &LOOK, FORUM), allowed_by(EVERYBODY, SYSTEM));
}

#[test]
fn locks_count_only_where_the_site_uses_them() {
    let mut world = taught();
    world.locks(SYSTEM);
    world.config.contextlocking = false;
    granted(world.ask(ANNE, &EDIT, OPTICS), allowed_by(EDITOR, SYSTEM));
}

#[test]
fn the_right_to_manage_locks_is_never_locked_away() {
    let mut world = taught();
    world.capabilities.push(capability(&MANAGE_LOCKS, CapabilityType::Write, Risks::default()));
    world.says(EDITOR, Allow, &MANAGE_LOCKS, SYSTEM).locks(SYSTEM);
    world.config.contextlockappliestoadmin = true;
    granted(world.ask(ANNE, &MANAGE_LOCKS, OPTICS), allowed_by(EDITOR, SYSTEM));
    granted(world.ask(ADMIN, &MANAGE_LOCKS, OPTICS), Rule::Administrator);
}

#[test]
fn administrators_pass_a_lock_unless_the_site_binds_them_too() {
    let mut world = taught();
    world.locks(OPTICS);
    granted(world.ask(ADMIN, &EDIT, OPTICS), Rule::Administrator);
    world.config.contextlockappliestoadmin = true;
    refused(world.ask(ADMIN, &EDIT, OPTICS), Rule::Locked { by: OPTICS });
}

#[test]
fn an_administrator_who_is_exempt_from_a_lock_still_needs_roles_without_the_bypass() {
    let mut world = taught();
    world.locks(OPTICS);
    refused(world.ask_roles(ADMIN, &EDIT, OPTICS), Rule::NotAllowed);
    world.gives(ADMIN, EDITOR, SCIENCES);
    granted(world.ask_roles(ADMIN, &EDIT, OPTICS), allowed_by(EDITOR, SYSTEM));
}

// Rule 5: the user must exist.

#[test]
fn a_user_without_a_user_context_has_no_rights_whatever_is_assigned() {
    let mut world = taught();
    world.gives(NOT_A_USER, EDITOR, SYSTEM);
    refused(world.ask(NOT_A_USER, &EDIT, OPTICS), Rule::UnknownUser);
}

#[test]
fn an_administrator_without_a_user_context_has_no_rights_either() {
    let mut world = world();
    world.config.siteadmins.push(NOT_A_USER);
    refused(world.ask(NOT_A_USER, &LOOK, OPTICS), Rule::UnknownUser);
}

#[test]
fn a_deleted_user_keeps_the_default_role_for_others_but_not_in_their_own_session() {
    let mut world = world();
    world.says(EVERYBODY, Allow, &LOOK, SYSTEM);
    world.users = vec![(ANNE, true)];
    granted(world.ask(ANNE, &LOOK, OPTICS), allowed_by(EVERYBODY, SYSTEM));
    let own = |_: &_| Session::of(ANNE).with_user_deleted(true);
    refused(world.ask_in(own, ANNE, &LOOK, OPTICS), Rule::UserDeleted);
    let others = |_: &_| Session::of(BEN).with_user_deleted(true);
    granted(world.ask_in(others, ANNE, &LOOK, OPTICS), allowed_by(EVERYBODY, SYSTEM));
}

// Rule 6: the context must have a path.

#[test]
fn a_context_that_lost_its_path_is_for_administrators_only_even_without_their_bypass() {
    for lose in [
        (|world: &mut World| world.row(OPTICS).path.clear()) as fn(&mut World),
        |world| world.row(OPTICS).depth = 0,
        |world| world.row(OPTICS).path = "not/a/path".to_owned(),
    ] {
        let mut world = taught();
        world.gives(ANNE, EDITOR, SYSTEM);
        lose(&mut world);
        refused(world.ask(ANNE, &EDIT, OPTICS), Rule::NoPath);
        granted(world.ask(ADMIN, &EDIT, OPTICS), Rule::NoPath);
        granted(world.ask_roles(ADMIN, &EDIT, OPTICS), Rule::NoPath);
        assert_eq!(world.site().unfit_rows().len(), 1);
    }
}

// Rule 7: "log in as" limited to a context.

#[test]
fn log_in_as_reaches_its_context_and_below_and_nothing_else() {
    let mut world = world();
    world.says(EVERYBODY, Allow, &LOOK, SYSTEM);
    for (context, reached) in
        [(PHYSICS, true), (OPTICS, true), (BLOCK, true), (SCIENCES, false), (ARTS, false), (SYSTEM, false)]
    {
        let limited = |site: &_| Session::of(ANNE).limited_to(site, PHYSICS).unwrap();
        let decision = world.ask_in(limited, ANNE, &LOOK, context);
        assert_eq!(decision.allowed, reached, "{context}");
    }
}

#[test]
fn log_in_as_limits_administrators_and_what_is_asked_about_others_too() {
    let mut world = world();
    world.says(EVERYBODY, Allow, &LOOK, SYSTEM);
    for user in [ADMIN, BEN] {
        let limited = |site: &_| Session::of(ADMIN).limited_to(site, PHYSICS).unwrap();
        refused(world.ask_in(limited, user, &LOOK, ARTS), Rule::OutsideLoginAs);
    }
}

#[test]
fn a_session_cannot_be_limited_to_a_context_that_is_not_there() {
    assert!(Session::of(ANNE).limited_to(&world().site(), ContextId(12345)).is_none());
}

// Rule 8: administrators.

#[test]
fn an_administrator_may_do_everything_but_has_no_roles_by_that() {
    let world = world();
    granted(world.ask(ADMIN, &EDIT, BLOCK), Rule::Administrator);
    refused(world.ask_roles(ADMIN, &EDIT, BLOCK), Rule::NotAllowed);
}

#[test]
fn a_prohibit_does_not_stop_an_administrator() {
    let mut world = world();
    world.says(EVERYBODY, Prohibit, &EDIT, SYSTEM);
    granted(world.ask(ADMIN, &EDIT, OPTICS), Rule::Administrator);
    refused(world.ask_roles(ADMIN, &EDIT, OPTICS), prohibited_by(EVERYBODY, SYSTEM));
}

#[test]
fn an_administrator_who_switched_roles_is_bound_at_the_switch_and_below_only() {
    let mut world = world();
    world.says(STUDENT, Allow, &LOOK, SYSTEM);
    let switched = |site: &_| Session::of(ADMIN).switch_role(site, PHYSICS, STUDENT);
    refused(world.ask_in(switched, ADMIN, &EDIT, PHYSICS), Rule::NotAllowed);
    refused(world.ask_in(switched, ADMIN, &EDIT, BLOCK), Rule::NotAllowed);
    granted(world.ask_in(switched, ADMIN, &LOOK, BLOCK), allowed_by(STUDENT, SYSTEM));
    granted(world.ask_in(switched, ADMIN, &EDIT, SCIENCES), Rule::Administrator);
    granted(world.ask_in(switched, ADMIN, &EDIT, DRAWING), Rule::Administrator);
}

#[test]
fn an_administrators_switch_does_not_bind_another_administrator() {
    let mut world = world();
    world.config.siteadmins.push(BEN);
    let switched = |site: &_| Session::of(ADMIN).switch_role(site, SYSTEM, STUDENT);
    granted(world.ask_in(switched, BEN, &EDIT, OPTICS), Rule::Administrator);
}

// Rule 9: roles.

#[test]
fn a_role_counts_where_it_is_assigned_and_below_but_not_above_or_beside() {
    let world = taught();
    for context in [OPTICS, FORUM, BLOCK] {
        granted(world.ask(ANNE, &EDIT, context), allowed_by(EDITOR, SYSTEM));
    }
    for context in [SYSTEM, SCIENCES, PHYSICS, ARTS, DRAWING, FRONT_PAGE] {
        refused(world.ask(ANNE, &EDIT, context), Rule::NotAllowed);
    }
}

#[test]
fn without_any_definition_a_role_allows_nothing() {
    let mut world = world();
    world.gives(ANNE, MANAGER, SYSTEM);
    refused(world.ask(ANNE, &EDIT, SYSTEM), Rule::NotAllowed);
}

#[test]
fn the_nearest_stored_permission_of_a_role_wins() {
    let mut world = taught();
    world.says(EDITOR, Prevent, &EDIT, PHYSICS);
    refused(world.ask(ANNE, &EDIT, OPTICS), Rule::NotAllowed);
    world.says(EDITOR, Allow, &EDIT, OPTICS);
    granted(world.ask(ANNE, &EDIT, FORUM), allowed_by(EDITOR, OPTICS));
    world.says(EDITOR, Prevent, &EDIT, FORUM);
    refused(world.ask(ANNE, &EDIT, BLOCK), Rule::NotAllowed);
    granted(world.ask(ANNE, &EDIT, OPTICS), allowed_by(EDITOR, OPTICS));
}

#[test]
fn an_override_beside_the_path_changes_nothing() {
    let mut world = taught();
    world.says(EDITOR, Prohibit, &EDIT, ARTS);
    granted(world.ask(ANNE, &EDIT, OPTICS), allowed_by(EDITOR, SYSTEM));
}

#[test]
fn an_override_above_the_place_of_assignment_counts() {
    let mut world = taught();
    world.says(EDITOR, Prevent, &EDIT, SCIENCES);
    refused(world.ask(ANNE, &EDIT, OPTICS), Rule::NotAllowed);
}

#[test]
fn a_prevent_of_one_role_does_not_cancel_the_allow_of_another() {
    let mut world = taught();
    world.says(STUDENT, Prevent, &EDIT, OPTICS).gives(ANNE, STUDENT, OPTICS);
    granted(world.ask(ANNE, &EDIT, OPTICS), allowed_by(EDITOR, SYSTEM));
}

#[test]
fn of_several_roles_that_allow_the_one_assigned_nearest_is_named() {
    let mut world = taught();
    world.says(TEACHER, Allow, &EDIT, SYSTEM).gives(ANNE, TEACHER, SCIENCES).gives(ANNE, TEACHER, FORUM);
    granted(world.ask(ANNE, &EDIT, OPTICS), allowed_by(EDITOR, SYSTEM));
    granted(world.ask(ANNE, &EDIT, BLOCK), allowed_by(TEACHER, SYSTEM));
}

#[test]
fn a_prohibit_of_one_role_cancels_the_allow_of_every_other() {
    let mut world = taught();
    world.says(STUDENT, Prohibit, &EDIT, SYSTEM).gives(ANNE, STUDENT, OPTICS);
    refused(world.ask(ANNE, &EDIT, OPTICS), prohibited_by(STUDENT, SYSTEM));
}

#[test]
fn a_prohibit_above_cannot_be_allowed_again_below() {
    let mut world = taught();
    world.says(EDITOR, Prohibit, &EDIT, SCIENCES).says(EDITOR, Allow, &EDIT, OPTICS);
    refused(world.ask(ANNE, &EDIT, FORUM), prohibited_by(EDITOR, SCIENCES));
}

#[test]
fn a_prohibit_of_a_role_held_elsewhere_changes_nothing() {
    let mut world = taught();
    world.says(STUDENT, Prohibit, &EDIT, SYSTEM).gives(ANNE, STUDENT, DRAWING);
    granted(world.ask(ANNE, &EDIT, OPTICS), allowed_by(EDITOR, SYSTEM));
}

#[test]
fn a_prohibit_in_the_default_role_stops_everybody() {
    let mut world = taught();
    world.says(EVERYBODY, Prohibit, &EDIT, OPTICS);
    refused(world.ask(ANNE, &EDIT, FORUM), prohibited_by(EVERYBODY, OPTICS));
}

#[test]
fn a_stored_not_set_ends_the_walk_of_its_role() {
    let mut world = taught();
    world.says(EDITOR, Inherit, &EDIT, PHYSICS);
    refused(world.ask(ANNE, &EDIT, OPTICS), Rule::NotAllowed);
    world.says(EDITOR, Prohibit, &EDIT, SCIENCES);
    refused(world.ask(ANNE, &EDIT, OPTICS), prohibited_by(EDITOR, SCIENCES));
}

#[test]
fn a_permission_that_is_none_of_the_four_allows_nothing_and_is_told() {
    let mut world = taught();
    world.says(EDITOR, Other(5), &EDIT, OPTICS);
    refused(world.ask(ANNE, &EDIT, OPTICS), Rule::NotAllowed);
    let unfit = UnfitRow::UnknownPermission(OPTICS, EDITOR, 5);
    assert_eq!(world.site().unfit_rows(), [unfit]);
}

// Whose roles.

#[test]
fn everybody_who_is_logged_in_has_the_default_role_and_guests_do_not() {
    let mut world = world();
    world.says(EVERYBODY, Allow, &LOOK, SYSTEM);
    granted(world.ask(ANNE, &LOOK, OPTICS), allowed_by(EVERYBODY, SYSTEM));
    refused(world.ask(THE_GUEST, &LOOK, OPTICS), Rule::NotAllowed);
    refused(world.ask(NOBODY, &LOOK, OPTICS), Rule::NotAllowed);
}

#[test]
fn the_front_page_role_counts_on_the_front_page_and_below_it() {
    let mut world = world();
    world.says(FRONT_PAGE_ROLE, Allow, &LOOK, SYSTEM);
    for context in [FRONT_PAGE, FRONT_FORUM] {
        granted(world.ask(ANNE, &LOOK, context), allowed_by(FRONT_PAGE_ROLE, SYSTEM));
        refused(world.ask(THE_GUEST, &LOOK, context), Rule::NotAllowed);
    }
    refused(world.ask(ANNE, &LOOK, OPTICS), Rule::NotAllowed);
    refused(world.ask(ANNE, &LOOK, SYSTEM), Rule::NotAllowed);
}

#[test]
fn what_is_assigned_to_guests_and_visitors_does_not_count() {
    let mut world = world();
    world.says(STUDENT, Allow, &LOOK, SYSTEM);
    world.gives(THE_GUEST, STUDENT, SYSTEM).gives(NOBODY, STUDENT, SYSTEM);
    refused(world.ask(THE_GUEST, &LOOK, OPTICS), Rule::NotAllowed);
    refused(world.ask(NOBODY, &LOOK, OPTICS), Rule::NotAllowed);
}

#[test]
fn without_a_valid_guest_role_the_first_of_that_archetype_serves() {
    let mut world = world();
    world.says(GUEST, Allow, &LOOK, SYSTEM);
    for configured in [None, Some(RoleId(777))] {
        world.config.guestroleid = configured;
        granted(world.ask(THE_GUEST, &LOOK, OPTICS), allowed_by(GUEST, SYSTEM));
    }
    world.roles.retain(|role| role.archetype != "guest");
    refused(world.ask(THE_GUEST, &LOOK, OPTICS), Rule::NotAllowed);
}

#[test]
fn a_site_without_default_roles_gives_none() {
    let mut world = world();
    world.says(EVERYBODY, Allow, &LOOK, SYSTEM).says(VISITOR, Allow, &LOOK, SYSTEM);
    world.config.defaultuserroleid = None;
    world.config.notloggedinroleid = None;
    refused(world.ask(ANNE, &LOOK, OPTICS), Rule::NotAllowed);
    refused(world.ask(NOBODY, &LOOK, OPTICS), Rule::NotAllowed);
}

#[test]
fn a_role_whose_row_is_gone_still_counts_as_in_moodle() {
    let mut world = taught();
    world.roles.retain(|role| role.id != EDITOR);
    granted(world.ask(ANNE, &EDIT, OPTICS), allowed_by(EDITOR, SYSTEM));
}

// Role switches.

#[test]
fn a_switch_replaces_all_roles_but_the_default_one_there_and_below() {
    let mut world = taught();
    world.says(EVERYBODY, Allow, &LOOK, SYSTEM).gives(ANNE, EDITOR, BLOCK);
    let switched = |site: &_| Session::of(ANNE).switch_role(site, OPTICS, STUDENT);
    refused(world.ask_in(switched, ANNE, &EDIT, OPTICS), Rule::NotAllowed);
    refused(world.ask_in(switched, ANNE, &EDIT, BLOCK), Rule::NotAllowed);
    granted(world.ask_in(switched, ANNE, &LOOK, BLOCK), allowed_by(EVERYBODY, SYSTEM));
}

#[test]
fn a_switch_drops_the_front_page_role() {
    let mut world = world();
    world.says(FRONT_PAGE_ROLE, Allow, &LOOK, SYSTEM);
    let switched = |site: &_| Session::of(ANNE).switch_role(site, SYSTEM, STUDENT);
    refused(world.ask_in(switched, ANNE, &LOOK, FRONT_PAGE), Rule::NotAllowed);
}

#[test]
fn the_nearest_of_two_switches_wins() {
    let mut world = world();
    world.says(STUDENT, Allow, &LOOK, SYSTEM).says(TEACHER, Allow, &EDIT, SYSTEM);
    let switched = |site: &_| {
        let session = Session::of(ANNE).switch_role(site, OPTICS, TEACHER);
        session.switch_role(site, SCIENCES, STUDENT)
    };
    granted(world.ask_in(switched, ANNE, &EDIT, FORUM), allowed_by(TEACHER, SYSTEM));
    refused(world.ask_in(switched, ANNE, &LOOK, FORUM), Rule::NotAllowed);
    granted(world.ask_in(switched, ANNE, &LOOK, PHYSICS), allowed_by(STUDENT, SYSTEM));
}

#[test]
fn overrides_and_prohibits_of_the_switched_role_count_as_usual() {
    let mut world = world();
    world.says(STUDENT, Allow, &LOOK, SYSTEM).says(STUDENT, Prevent, &LOOK, FORUM);
    let switched = |site: &_| Session::of(ANNE).switch_role(site, OPTICS, STUDENT);
    granted(world.ask_in(switched, ANNE, &LOOK, OPTICS), allowed_by(STUDENT, SYSTEM));
    refused(world.ask_in(switched, ANNE, &LOOK, BLOCK), Rule::NotAllowed);
    world.says(EVERYBODY, Prohibit, &LOOK, SYSTEM);
    refused(world.ask_in(switched, ANNE, &LOOK, OPTICS), prohibited_by(EVERYBODY, SYSTEM));
}

#[test]
fn a_switched_guest_has_the_switched_and_the_default_role_and_still_never_writes() {
    let mut world = world();
    world.says(STUDENT, Allow, &EDIT, SYSTEM).says(EVERYBODY, Allow, &LOOK, SYSTEM);
    for user in [THE_GUEST, NOBODY] {
        let switched = |site: &_| Session::of(user).switch_role(site, OPTICS, STUDENT);
        granted(world.ask_in(switched, user, &LOOK, FORUM), allowed_by(EVERYBODY, SYSTEM));
        refused(world.ask_in(switched, user, &EDIT, FORUM), Rule::GuestsBarred);
    }
}

#[test]
fn a_switch_matters_to_the_sessions_own_user_only() {
    let world = taught();
    let switched = |site: &_| Session::of(BEN).switch_role(site, SYSTEM, STUDENT);
    granted(world.ask_in(switched, ANNE, &EDIT, OPTICS), allowed_by(EDITOR, SYSTEM));
}

#[test]
fn switching_to_a_role_that_is_defined_nowhere_leaves_the_default_role() {
    let mut world = taught();
    world.says(EVERYBODY, Allow, &LOOK, SYSTEM);
    let switched = |site: &_| Session::of(ANNE).switch_role(site, OPTICS, RoleId(777));
    refused(world.ask_in(switched, ANNE, &EDIT, OPTICS), Rule::NotAllowed);
    granted(world.ask_in(switched, ANNE, &LOOK, OPTICS), allowed_by(EVERYBODY, SYSTEM));
}

#[test]
fn a_second_switch_in_one_context_replaces_the_first_and_role_0_ends_it() {
    let mut world = taught();
    world.says(TEACHER, Allow, &LOOK, SYSTEM);
    let twice = |site: &_| {
        let session = Session::of(ANNE).switch_role(site, OPTICS, STUDENT);
        session.switch_role(site, OPTICS, TEACHER)
    };
    granted(world.ask_in(twice, ANNE, &LOOK, OPTICS), allowed_by(TEACHER, SYSTEM));
    let ended = |site: &_| twice(site).switch_role(site, OPTICS, RoleId(0));
    granted(world.ask_in(ended, ANNE, &EDIT, OPTICS), allowed_by(EDITOR, SYSTEM));
}

#[test]
fn reloading_keeps_each_switch_only_if_it_may_still_be_made_at_that_moment() {
    let mut world = taught();
    world.capabilities.push(capability(&SWITCH_ROLES, CapabilityType::Read, Risks::XSS));
    world.says(EDITOR, Allow, &SWITCH_ROLES, SYSTEM).says(TEACHER, Allow, &EDIT, SYSTEM);
    // Below the first switch Anne is a student, who may not switch: the second is gone.
    let reloaded = |site: &_| {
        let session = Session::of(ANNE).switch_role(site, OPTICS, STUDENT);
        let session = session.switch_role(site, FORUM, TEACHER);
        session.switch_role(site, ARTS, TEACHER).reload(site, &world.person(site, ANNE))
    };
    refused(world.ask_in(reloaded, ANNE, &EDIT, OPTICS), Rule::NotAllowed);
    refused(world.ask_in(reloaded, ANNE, &EDIT, FORUM), Rule::NotAllowed);
    refused(world.ask_in(reloaded, ANNE, &EDIT, DRAWING), Rule::NotAllowed);
}

// Several rights at once.

#[test]
fn any_is_one_of_them_and_all_is_each_of_them() {
    let world = taught();
    let site = world.site();
    let person = world.person(&site, ANNE);
    let access = site.access(&person);
    assert!(access.has_any(&[LOOK, EDIT], OPTICS));
    assert!(!access.has_all(&[LOOK, EDIT], OPTICS));
    assert!(access.has_all(&[EDIT], OPTICS));
    assert!(!access.has_any(&[], OPTICS));
    assert!(access.has_all(&[], OPTICS));
}

#[test]
fn a_required_right_that_is_missing_is_named_with_its_context() {
    let world = taught();
    let site = world.site();
    let person = world.person(&site, ANNE);
    let access = site.access(&person);
    assert_eq!(access.require_capability(&EDIT, OPTICS), Ok(()));
    let missing = MissingCapability { capability: LOOK, context: OPTICS, rule: Rule::NotAllowed };
    assert_eq!(missing.to_string(), "mod/forum:viewdiscussion is required in context 30");
    assert_eq!(access.require_capability(&LOOK, OPTICS), Err(missing.clone()));
    assert_eq!(access.require_all(&[EDIT, LOOK], OPTICS), Err(missing));
}

#[test]
fn a_right_is_safe_unless_it_risks_more_than_spam() {
    for (risks, safe) in [
        (Risks::default(), true),
        (Risks::SPAM, true),
        (Risks::PERSONAL, false),
        (Risks::MANAGE_TRUST, false),
        (Risks::CONFIG, false),
        (Risks::XSS, false),
        (Risks::DATA_LOSS.and(Risks::SPAM), false),
    ] {
        assert_eq!(capability(&LOOK, CapabilityType::Read, risks).is_safe(), safe, "{risks:?}");
    }
}

// Rows that do not fit.

#[test]
fn a_definition_in_a_context_that_is_gone_counts_nowhere() {
    let mut world = taught();
    world.says(EDITOR, Prohibit, &EDIT, ContextId(12345));
    granted(world.ask(ANNE, &EDIT, OPTICS), allowed_by(EDITOR, SYSTEM));
    let unfit = UnfitRow::UnknownContext(ContextId(12345), EDITOR);
    assert_eq!(world.site().unfit_rows(), [unfit]);
}

#[test]
fn of_two_definitions_of_the_same_thing_the_last_counts() {
    let mut world = taught();
    world.says(EDITOR, Prevent, &EDIT, SYSTEM);
    refused(world.ask(ANNE, &EDIT, OPTICS), Rule::NotAllowed);
    let unfit = UnfitRow::DefinedTwice(SYSTEM, EDITOR, EDIT);
    assert_eq!(world.site().unfit_rows(), [unfit]);
}

#[test]
fn of_two_contexts_with_one_id_the_first_counts() {
    let mut world = taught();
    let mut twin = world.row(OPTICS).clone();
    twin.path = "/1/22/30".to_owned();
    world.contexts.push(twin);
    granted(world.ask(ANNE, &EDIT, OPTICS), allowed_by(EDITOR, SYSTEM));
    assert_eq!(world.site().unfit_rows(), [UnfitRow::ContextTwice(OPTICS)]);
}

#[test]
fn an_assignment_in_a_context_that_is_gone_counts_nowhere() {
    let mut world = world();
    world.says(EDITOR, Allow, &EDIT, SYSTEM).gives(ANNE, EDITOR, ContextId(12345));
    refused(world.ask(ANNE, &EDIT, OPTICS), Rule::NotAllowed);
}

#[test]
fn parents_that_go_round_in_a_circle_are_told_and_end() {
    let mut world = taught();
    world.config.contextlocking = true;
    world.row(SCIENCES).path = "/1/21/20".to_owned();
    world.row(PHYSICS).path = "/1/20/21".to_owned();
    let site = world.site();
    assert!(site.unfit_rows().contains(&UnfitRow::Cycle(SCIENCES)));
    assert!(site.upwards(OPTICS).count() < 1000);
    granted(world.ask(ANNE, &EDIT, OPTICS), allowed_by(EDITOR, SYSTEM));
}

#[test]
fn a_path_through_contexts_that_are_not_there_is_walked_all_the_same() {
    let mut world = taught();
    world.row(OPTICS).path = "/1/888/889/30".to_owned();
    granted(world.ask(ANNE, &EDIT, OPTICS), allowed_by(EDITOR, SYSTEM));
}

#[test]
fn a_level_that_is_unknown_is_a_context_like_any_other() {
    let mut world = taught();
    let odd = ContextId(60);
    world.contexts.push(context(odd, 12.into(), 1, "/1/20/21/30/60"));
    granted(world.ask(ANNE, &EDIT, odd), allowed_by(EDITOR, SYSTEM));
}
