//! What must hold on any site: the algebra of permissions, tried on random trees, roles and people.

#![allow(clippy::indexing_slicing, reason = "a test may panic")]

mod support;

use courseferry_access::Permission::{Allow, Prohibit};
use courseferry_access::{
    Assignment, CapabilityName, CapabilityType, ContextId, ContextLevel, Permission, Person, Risks, RoleCapabilityRow,
    RoleId, RoleRow, Session, Site, UserId, capabilities::MANAGE_LOCKS,
};
use proptest::prelude::*;
use support::{ADMIN, EDIT, LOOK, THE_GUEST, World, capability, context};

static CAPABILITIES: [CapabilityName; 3] = [LOOK, EDIT, MANAGE_LOCKS];
const ROLES: i64 = 6;
const USERS: i64 = 6;

/// Any permission, the stored "not set" among them.
fn permission() -> impl Strategy<Value = Permission> {
    prop_oneof![
        4 => Just(Allow),
        2 => Just(Permission::Prevent),
        1 => Just(Prohibit),
        1 => Just(Permission::Inherit),
    ]
}

prop_compose! {
    /// A random site: a tree of contexts, roles that say random things in random places, people with
    /// random roles, random locks. The last role says nothing anywhere yet.
    fn sites()(
        parents in prop::collection::vec(any::<prop::sample::Index>(), 1..14),
        says in prop::collection::vec(
            (any::<prop::sample::Index>(), 1..ROLES, 0..CAPABILITIES.len(), permission()), 0..40),
        held in prop::collection::vec((any::<prop::sample::Index>(), 1..=ROLES, 0..USERS), 0..24),
        locks in prop::collection::vec(any::<prop::sample::Index>(), 0..3),
        locking in any::<bool>(),
        binds_administrators in any::<bool>(),
    ) -> World {
        let mut world = support::world();
        let mut contexts = vec![context(ContextId(1), ContextLevel::System, 0, "/1")];
        for (number, parent) in (2..).zip(&parents) {
            let path = format!("{}/{number}", parent.get(&contexts).path);
            contexts.push(context(ContextId(number), ContextLevel::CourseCategory, number, &path));
        }
        for index in locks {
            let place = index.index(contexts.len());
            contexts[place].locked = true;
        }
        let somewhere = |index: prop::sample::Index| index.get(&contexts).id;
        let mut rows: Vec<RoleCapabilityRow> = Vec::new();
        for (at, role, which, permission) in says {
            let (contextid, roleid) = (somewhere(at), RoleId(role));
            let capability = CAPABILITIES[which].clone();
            rows.retain(|row| (row.contextid, row.roleid, &row.capability) != (contextid, roleid, &capability));
            rows.push(RoleCapabilityRow { contextid, roleid, capability, permission });
        }
        world.assignments = held
            .into_iter()
            .map(|(at, role, user)| {
                (UserId(user), Assignment { roleid: RoleId(role), contextid: somewhere(at) })
            })
            .collect();
        world.role_capabilities = rows;
        world.roles = (1..=ROLES)
            .map(|id| RoleRow {
                id: RoleId(id),
                shortname: format!("role{id}"),
                name: String::new(),
                archetype: String::new(),
                sortorder: id,
            })
            .collect();
        world.users = (0..USERS).map(|id| (UserId(id), false)).collect();
        for id in 0..USERS {
            let path = format!("/1/{}", 100 + id);
            contexts.push(context(ContextId(100 + id), ContextLevel::User, id, &path));
        }
        world.contexts = contexts;
        world.capabilities = vec![
            capability(&LOOK, CapabilityType::Read, Risks::default()),
            capability(&EDIT, CapabilityType::Write, Risks::XSS),
            capability(&MANAGE_LOCKS, CapabilityType::Write, Risks::default()),
        ];
        let config = &mut world.config;
        config.contextlocking = locking;
        config.contextlockappliestoadmin = binds_administrators;
        (config.defaultuserroleid, config.guestroleid) = (Some(RoleId(1)), Some(RoleId(2)));
        (config.notloggedinroleid, config.defaultfrontpageroleid) = (Some(RoleId(3)), None);
        config.frontpagecontextid = None;
        world
    }
}

/// Every question there is, with its answer by roles only.
fn answers(world: &World) -> Vec<bool> {
    let site = world.site();
    let people = world.people(&site);
    let mut answers = Vec::new();
    for user in 0..USERS {
        let person = people.get(UserId(user)).cloned().unwrap_or_else(|| site.nobody());
        answers.extend(answers_for(&site, &person, world));
    }
    answers
}

fn answers_for(site: &Site, person: &Person, world: &World) -> Vec<bool> {
    let access = site.access(person).by_roles_only();
    let questions = world.contexts.iter().flat_map(|row| CAPABILITIES.iter().map(move |name| (row.id, name)));
    questions.map(|(context, capability)| access.has_capability(capability, context)).collect()
}

/// No answer that was no became yes.
fn grants_nothing(before: &[bool], after: &[bool]) -> bool {
    before.iter().zip(after).all(|(before, after)| *before || !after)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn adding_a_prohibit_never_grants(
        world in sites(), at in any::<prop::sample::Index>(), role in 1..=ROLES, which in 0..CAPABILITIES.len(),
    ) {
        let before = answers(&world);
        let mut after = world.clone();
        let contextid = at.get(&world.contexts).id;
        after.says(RoleId(role), Prohibit, &CAPABILITIES[which], contextid);
        prop_assert!(grants_nothing(&before, &answers(&after)));
    }

    #[test]
    fn adding_a_role_that_only_allows_never_revokes(
        world in sites(), at in any::<prop::sample::Index>(), user in 0..USERS, allows in any::<[bool; 3]>(),
    ) {
        let mut before = world.clone();
        for (capability, _) in CAPABILITIES.iter().zip(allows).filter(|(_, allows)| *allows) {
            before.says(RoleId(ROLES), Allow, capability, ContextId(1));
        }
        let mut after = before.clone();
        after.gives(UserId(user), RoleId(ROLES), at.get(&world.contexts).id);
        prop_assert!(grants_nothing(&answers(&after), &answers(&before)));
    }

    #[test]
    fn a_role_assigned_elsewhere_changes_nothing_here(
        world in sites(), at in any::<prop::sample::Index>(), user in 0..USERS, role in 1..=ROLES,
    ) {
        let mut after = world.clone();
        let elsewhere = at.get(&world.contexts).id;
        after.gives(UserId(user), RoleId(role), elsewhere);
        let (site, site_after) = (world.site(), after.site());
        let (person, person_after) =
            (world.person(&site, UserId(user)), after.person(&site_after, UserId(user)));
        let (access, access_after) = (site.access(&person), site_after.access(&person_after));
        for row in world.contexts.iter().filter(|row| !site.is_within(row.id, elsewhere)) {
            for capability in &CAPABILITIES {
                let before = access.by_roles_only().decide(capability, row.id).allowed;
                let after = access_after.by_roles_only().decide(capability, row.id).allowed;
                prop_assert_eq!(before, after);
            }
        }
    }

    #[test]
    fn an_override_elsewhere_changes_nothing_here(
        world in sites(), at in any::<prop::sample::Index>(), role in 1..ROLES, permission in permission(),
    ) {
        let elsewhere = at.get(&world.contexts).id;
        let mut after = world.clone();
        after.says(RoleId(role), permission, &LOOK, elsewhere);
        let (site, site_after) = (world.site(), after.site());
        for user in 0..USERS {
            let (person, person_after) =
                (world.person(&site, UserId(user)), after.person(&site_after, UserId(user)));
            for row in world.contexts.iter().filter(|row| !site.is_within(row.id, elsewhere)) {
                prop_assert_eq!(
                    site.access(&person).has_capability(&LOOK, row.id),
                    site_after.access(&person_after).has_capability(&LOOK, row.id)
                );
            }
        }
    }

    #[test]
    fn users_found_by_capability_are_those_to_whom_the_decision_grants_it(world in sites()) {
        let site = world.site();
        let people = world.people(&site);
        for row in &world.contexts {
            for capability in &CAPABILITIES {
                let found = site.users_with(&people, capability, row.id);
                for person in people.iter() {
                    let granted = !person.is_guest_or_nobody()
                        && site.access(person).by_roles_only().has_capability(capability, row.id);
                    prop_assert_eq!(found.contains(&person.id()), granted);
                }
            }
        }
    }

    #[test]
    fn roles_found_by_capability_decide_as_the_decision_does(world in sites()) {
        let mut world = world;
        world.config.contextlocking = false;
        let site = world.site();
        for row in &world.contexts {
            let roles = site.roles_with(&LOOK, row.id);
            for (user, _) in world.users.iter().filter(|(user, _)| ![THE_GUEST, UserId::NOBODY].contains(user)) {
                let mut held: Vec<RoleId> = world
                    .assignments
                    .iter()
                    .filter(|(holder, given)| holder == user && site.is_within(row.id, given.contextid))
                    .map(|(_, given)| given.roleid)
                    .collect();
                held.extend(world.config.defaultuserroleid);
                let expected = held.iter().any(|role| roles.needed.contains(role))
                    && !held.iter().any(|role| roles.forbidden.contains(role));
                let person = world.person(&site, *user);
                prop_assert_eq!(site.access(&person).by_roles_only().has_capability(&LOOK, row.id), expected);
            }
        }
    }

    #[test]
    fn an_explanation_says_what_the_decision_does_and_its_roles_bear_it_out(world in sites(), user in 0..USERS) {
        let site = world.site();
        let person = world.person(&site, UserId(user));
        let access = site.access(&person).by_roles_only();
        for row in &world.contexts {
            for capability in &CAPABILITIES {
                let why = access.explain(capability, row.id);
                prop_assert_eq!(why.decision, access.decide(capability, row.id));
                if !why.roles.is_empty() {
                    let says = |wanted| why.roles.iter().any(|role| role.permission == Some(wanted));
                    prop_assert_eq!(why.decision.allowed, says(Allow) && !says(Prohibit));
                }
            }
        }
    }

    #[test]
    fn an_administrators_bypass_only_adds(world in sites()) {
        let site = world.site();
        let person = world.person(&site, ADMIN);
        let access = site.access(&person);
        for row in &world.contexts {
            for capability in &CAPABILITIES {
                let by_roles = access.by_roles_only().has_capability(capability, row.id);
                prop_assert!(!by_roles || access.has_capability(capability, row.id));
            }
        }
    }

    #[test]
    fn a_limit_only_takes_away_and_a_switch_below_changes_nothing_above(
        world in sites(), user in 0..USERS, at in any::<prop::sample::Index>(), role in 1..=ROLES,
    ) {
        let site = world.site();
        let person = world.person(&site, UserId(user));
        let place = at.get(&world.contexts).id;
        let own = Session::of(UserId(user));
        let limited = own.clone().limited_to(&site, place).expect("the context is there");
        let switched = own.clone().switch_role(&site, place, RoleId(role));
        for row in &world.contexts {
            for capability in &CAPABILITIES {
                let ask = |session: &Session| site.access(&person).in_session(session).has_capability(capability, row.id);
                prop_assert!(!ask(&limited) || ask(&own));
                if !site.is_within(row.id, place) {
                    prop_assert!(!ask(&limited));
                    prop_assert_eq!(ask(&switched), ask(&own));
                }
            }
        }
    }

    #[test]
    fn no_rows_whatever_make_it_panic(
        paths in prop::collection::vec("(/[0-9]{0,3}){0,6}|[/0-9a-z-]{0,12}", 0..12),
        depths in prop::collection::vec(-2..9i64, 12),
        ids in prop::collection::vec(-2..14i64, 12),
        user in -1..12i64,
    ) {
        let mut world = support::world();
        world.config.contextlocking = true;
        world.contexts = paths
            .iter()
            .zip(&ids)
            .zip(&depths)
            .map(|((path, &id), &depth)| {
                let mut row = context(ContextId(id), (id * 10).into(), id, path);
                row.depth = depth;
                row
            })
            .collect();
        for &id in &ids {
            world.says(RoleId(id), (id - 3).into(), &EDIT, ContextId(id)).gives(UserId(id), RoleId(id), ContextId(id));
        }
        let site = world.site();
        let person = world.person(&site, UserId(user));
        for &id in &ids {
            let session = Session::of(UserId(user)).switch_role(&site, ContextId(id), RoleId(id)).reload(&site, &person);
            site.access(&person).in_session(&session).explain(&EDIT, ContextId(id));
            site.users_with(&world.people(&site), &EDIT, ContextId(id));
        }
    }
}
