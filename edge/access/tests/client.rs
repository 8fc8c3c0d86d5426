//! The companion's snapshots as they arrive, and what Courseferry answers from them: who sees what,
//! who may restore where, and in which words it is explained.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use courseferry_access::{
    About, Assignment, CapabilityName, CategoryId, ClientSite, ContextId, Inactive, Language, Person, RoleId, Rule,
    SiteSnapshot, UnfitRow, UserId, UserSnapshot,
    capabilities::{RESTORE_COURSE, VIEW},
    policy::MayRestore,
};
use serde_json::{Value, json};

// Categories (their contexts are ten times as much).
const SCIENCES: CategoryId = CategoryId(2);
const PHYSICS: CategoryId = CategoryId(3);
const ARTS: CategoryId = CategoryId(4);
const ATTIC: CategoryId = CategoryId(5);
const BOX_IN_ATTIC: CategoryId = CategoryId(6);

const MANAGER: RoleId = RoleId(1);
const CREATOR: RoleId = RoleId(2);
const RESTORER: RoleId = RoleId(9);
const BARRED: RoleId = RoleId(10);

const ADMIN: UserId = UserId(2);
const THE_GUEST: UserId = UserId(1);
const TINA: UserId = UserId(42);

fn at(category: CategoryId) -> ContextId {
    ContextId(category.0 * 10)
}

const SYSTEM: ContextId = ContextId(1);

/// A snapshot in the companion's own JSON; flags come as PHP writes them, 0/1 or true/false.
fn snapshot() -> Value {
    let category = |id: CategoryId, path: &str, name: &str, visible: Value, identifier: Value| {
        json!({"id": at(id), "contextlevel": 40, "instanceid": id, "path": path,
               "depth": path.matches('/').count(), "locked": 0,
               "name": name, "visible": visible, "identifier": identifier})
    };
    let role = |id: RoleId, shortname: &str, name: &str, archetype: &str| {
        json!({"id": id, "shortname": shortname, "name": name, "archetype": archetype,
               "sortorder": id})
    };
    let write = |name: &str, risks: i64| {
        json!({"name": name, "captype": "write", "contextlevel": 50, "riskbitmask": risks,
               "component": "moodle"})
    };
    let read = |name: &str| {
        json!({"name": name, "captype": "read", "contextlevel": 40, "riskbitmask": 0,
               "component": "moodle"})
    };
    let says = |role: RoleId, capability: &str, context: ContextId, permission: i64| {
        json!({"contextid": context, "roleid": role, "capability": capability,
               "permission": permission})
    };
    let mut definitions: Vec<Value> = [
        "block/courseferry:view",
        "block/courseferry:manage",
        "block/courseferry:startnow",
        "block/courseferry:can_see_external_course_link",
        "moodle/course:create",
        "moodle/restore:restorecourse",
        "moodle/restore:restoreactivity",
        "moodle/restore:restoresection",
        "moodle/question:add",
        "moodle/question:managecategory",
        "moodle/category:viewhiddencategories",
    ]
    .map(|capability| says(MANAGER, capability, SYSTEM, 1))
    .to_vec();
    definitions.extend([
        says(RoleId(7), "moodle/category:viewcourselist", SYSTEM, 1),
        says(RoleId(6), "moodle/category:viewcourselist", SYSTEM, 1),
        says(CREATOR, "block/courseferry:view", SYSTEM, 1),
        says(CREATOR, "moodle/course:create", SYSTEM, 1),
        says(RESTORER, "block/courseferry:view", SYSTEM, 1),
        says(RESTORER, "moodle/course:create", SYSTEM, 1),
        says(RESTORER, "moodle/restore:restorecourse", SYSTEM, 1),
        says(RESTORER, "moodle/restore:restoresection", SYSTEM, 1),
        says(BARRED, "moodle/restore:restorecourse", at(SCIENCES), -1000),
    ]);
    json!({
        "config": {
            "siteadmins": [2], "siteguest": 1, "defaultuserroleid": 7, "notloggedinroleid": 6,
            "guestroleid": 6, "defaultfrontpageroleid": 8, "forcelogin": false,
            "contextlocking": 0, "contextlockappliestoadmin": true,
            "frontpagecontextid": 999, "syscontextid": 1
        },
        "contexts": [
            {"id": 1, "contextlevel": 10, "instanceid": 0, "path": "/1", "depth": 1, "locked": false,
             "name": "Our Moodle", "visible": true, "identifier": ""},
            category(SCIENCES, "/1/20", "Sciences", json!(1), json!("SCI")),
            category(PHYSICS, "/1/20/30", "Physics", json!(true), json!("PHY")),
            category(ARTS, "/1/40", "Arts", json!(1), Value::Null),
            category(ATTIC, "/1/50", "Attic", json!(0), json!("")),
            category(BOX_IN_ATTIC, "/1/50/60", "Box", json!(true), json!("PHY")),
        ],
        "roles": [
            role(MANAGER, "manager", "Manager", "manager"),
            role(CREATOR, "coursecreator", "", "coursecreator"),
            role(RoleId(6), "guest", "Guest", "guest"),
            role(RoleId(7), "user", "Authenticated user", "user"),
            role(RoleId(8), "frontpage", "", "frontpage"),
            role(RESTORER, "restorer", "Course restorer", ""),
            role(BARRED, "barred", "Barred from restoring", ""),
        ],
        "capabilities": [
            read("block/courseferry:view"), write("block/courseferry:manage", 10),
            write("block/courseferry:startnow", 0),
            read("block/courseferry:can_see_external_course_link"),
            read("moodle/category:viewcourselist"), read("moodle/category:viewhiddencategories"),
            write("moodle/course:create", 4), write("moodle/restore:restorecourse", 28),
            write("moodle/restore:restoreactivity", 28), write("moodle/restore:restoresection", 28),
            write("moodle/question:add", 20), write("moodle/question:managecategory", 20)
        ],
        "role_capabilities": definitions,
        "site": {"wwwroot": "https://moodle.example.org", "release": "4.5", "timezone": "Europe/Paris"}
    })
}

fn client() -> ClientSite {
    let rows: SiteSnapshot = serde_json::from_value(snapshot()).unwrap();
    ClientSite::new(SiteSnapshot { version: "v1".to_owned(), ..rows })
}

fn somebody(client: &ClientSite, roles: &[(RoleId, ContextId)]) -> Person {
    let given = roles.iter().map(|&(roleid, contextid)| Assignment { roleid, contextid });
    client.person(TINA, &given.collect::<Vec<_>>())
}

fn targets(client: &ClientSite, person: &Person) -> Vec<String> {
    let targets = client.rights(person).target_categories().map(|shown| shown.path.join(" / "));
    targets.collect()
}

fn denied(may: MayRestore) -> courseferry_access::Explanation {
    match may {
        MayRestore::Denied(explanation) => explanation,
        other => panic!("not denied: {other:?}"),
    }
}

#[test]
fn a_snapshot_is_read_as_php_writes_it_and_written_as_it_was_read() {
    let read: SiteSnapshot = serde_json::from_value(snapshot()).unwrap();
    let again: SiteSnapshot = serde_json::from_value(serde_json::to_value(&read).unwrap()).unwrap();
    assert_eq!(read, again);
    assert_eq!(read.contexts[3].identifier, "");
    let client = ClientSite::new(SiteSnapshot { version: "v1".to_owned(), ..read });
    assert_eq!(client.version(), "v1");
    assert_eq!(client.name(), "Our Moodle");
    assert_eq!(client.facts().timezone, "Europe/Paris");
    assert_eq!(client.unfit_rows(), []);
}

#[test]
fn numbers_that_arrive_as_text_and_administrators_as_one_list_are_understood() {
    let mut snapshot = snapshot();
    snapshot["config"]["siteadmins"] = json!("2, 42");
    snapshot["config"]["siteguest"] = json!("1");
    snapshot["config"]["forcelogin"] = json!("");
    snapshot["config"]["defaultfrontpageroleid"] = Value::Null;
    snapshot["contexts"][0]["id"] = json!("1");
    let client = ClientSite::new(serde_json::from_value(snapshot).unwrap());
    assert!(client.site().is_administrator(TINA));
    assert!(!client.site().config().forcelogin);
    assert_eq!(client.site().config().defaultfrontpageroleid, None);
    assert_eq!(client.site().system(), Some(SYSTEM));
}

#[test]
fn a_snapshot_without_what_decides_is_an_error_not_a_guess() {
    for missing in ["config", "contexts", "roles", "capabilities", "role_capabilities", "site"] {
        let mut snapshot = snapshot();
        snapshot.as_object_mut().unwrap().remove(missing);
        assert!(serde_json::from_value::<SiteSnapshot>(snapshot).is_err(), "{missing}");
    }
    let user = json!({"userid": 42, "username": "tina", "deleted": 0, "confirmed": 1});
    assert!(serde_json::from_value::<UserSnapshot>(user).is_err(), "suspended is missing");
}

#[test]
fn rows_that_do_not_fit_are_told_and_the_rest_works() {
    let mut snapshot = snapshot();
    snapshot["contexts"][2]["path"] = json!("nonsense");
    let client = ClientSite::new(serde_json::from_value(snapshot).unwrap());
    assert_eq!(client.unfit_rows(), [UnfitRow::Path(at(PHYSICS))]);
    let manager = somebody(&client, &[(MANAGER, SYSTEM)]);
    assert_eq!(targets(&client, &manager), ["Sciences", "Arts", "Attic", "Attic / Box"]);
}

#[test]
fn only_an_active_user_may_act() {
    let user = |change: Value| {
        let mut user = json!({"userid": 42, "username": "tina", "fullname": "Tina Teacher",
            "lang": "fr", "timezone": "Europe/Paris", "suspended": 0, "deleted": false,
            "confirmed": 1, "auth": "manual", "assignments": [{"roleid": 9, "contextid": 20}],
            "siteversion": "v1"});
        let changes = change.as_object().unwrap().clone();
        user.as_object_mut().unwrap().extend(changes);
        serde_json::from_value::<UserSnapshot>(user).unwrap().require_active()
    };
    assert_eq!(user(json!({})), Ok(()));
    assert_eq!(user(json!({"suspended": true})), Err(Inactive::Suspended));
    assert_eq!(user(json!({"deleted": 1, "suspended": 1})), Err(Inactive::Deleted));
    assert_eq!(user(json!({"confirmed": "0"})), Err(Inactive::Unconfirmed));
    assert_eq!(user(json!({"auth": "nologin"})), Err(Inactive::NoLogin));
}

#[test]
fn the_administrator_may_do_everything_everywhere() {
    let client = client();
    let person = client.person(ADMIN, &[]);
    let rights = client.rights(&person);
    assert!(rights.may_see_widget() && rights.may_manage() && rights.may_start_now());
    assert!(rights.may_see_external_links());
    let all = ["Sciences", "Sciences / Physics", "Arts", "Attic", "Attic / Box"];
    assert_eq!(targets(&client, &person), all);
    assert_eq!(rights.may_restore_into(PHYSICS), MayRestore::Allowed { warnings: vec![] });
}

#[test]
fn a_manager_may_do_what_the_role_says() {
    let client = client();
    let person = somebody(&client, &[(MANAGER, SYSTEM)]);
    let rights = client.rights(&person);
    assert!(rights.may_manage() && rights.may_start_now() && rights.may_see_external_links());
    assert_eq!(targets(&client, &person).len(), 5);
}

#[test]
fn a_course_creator_sees_the_widget_but_may_restore_nowhere() {
    let client = client();
    let person = somebody(&client, &[(CREATOR, SYSTEM)]);
    let rights = client.rights(&person);
    assert!(rights.may_see_widget());
    assert!(rights.has_no_target());
    assert!(!rights.may_manage() && !rights.may_start_now() && !rights.may_see_external_links());
    let why = denied(rights.may_restore_into(PHYSICS));
    assert_eq!(why.capability, RESTORE_COURSE);
    assert_eq!(why.decision.rule, Rule::NotAllowed);
}

#[test]
fn who_may_restore_in_one_category_sees_the_widget_and_gets_that_one_and_those_below() {
    let client = client();
    let person = somebody(&client, &[(RESTORER, at(SCIENCES))]);
    let rights = client.rights(&person);
    assert!(!rights.access().has_capability(&VIEW, SYSTEM));
    assert!(rights.may_see_widget());
    assert_eq!(targets(&client, &person), ["Sciences", "Sciences / Physics"]);
    assert!(!rights.may_restore_into(ARTS).is_allowed());
}

#[test]
fn a_view_without_the_right_to_create_there_does_not_show_the_widget() {
    let mut snapshot = snapshot();
    let definitions = snapshot["role_capabilities"].as_array_mut().unwrap();
    definitions.retain(|row| row["roleid"] != 2 || row["capability"] != "moodle/course:create");
    let client = ClientSite::new(serde_json::from_value(snapshot).unwrap());
    let person = somebody(&client, &[(CREATOR, at(SCIENCES))]);
    assert!(!client.rights(&person).may_see_widget());
    let person = somebody(&client, &[(CREATOR, SYSTEM)]);
    assert!(client.rights(&person).may_see_widget());
}

#[test]
fn rights_in_two_categories_give_both() {
    let client = client();
    let person = somebody(&client, &[(RESTORER, at(PHYSICS)), (RESTORER, at(ARTS))]);
    assert_eq!(targets(&client, &person), ["Sciences / Physics", "Arts"]);
}

#[test]
fn what_would_be_left_out_is_warned_about() {
    let client = client();
    let person = somebody(&client, &[(RESTORER, SYSTEM)]);
    let MayRestore::Allowed { warnings } = client.rights(&person).may_restore_into(ARTS) else {
        panic!("should be allowed");
    };
    let named: Vec<&str> = warnings.iter().map(CapabilityName::as_str).collect();
    assert_eq!(named, ["moodle/restore:restoreactivity", "moodle/question:add", "moodle/question:managecategory"]);
}

#[test]
fn a_prohibit_stops_a_manager_in_its_category_and_below() {
    let client = client();
    let person = somebody(&client, &[(MANAGER, SYSTEM), (BARRED, SYSTEM)]);
    assert_eq!(targets(&client, &person), ["Arts", "Attic", "Attic / Box"]);
    let why = denied(client.rights(&person).may_restore_into(PHYSICS));
    let prohibited = Rule::Prohibited { role: BARRED, context: Some(at(SCIENCES)) };
    assert_eq!(why.decision.rule, prohibited);
}

#[test]
fn a_hidden_category_is_absent_and_not_named_but_no_obstacle_to_who_has_the_rights() {
    let client = client();
    let person = somebody(&client, &[(RESTORER, SYSTEM)]);
    let rights = client.rights(&person);
    assert_eq!(targets(&client, &person), ["Sciences", "Sciences / Physics", "Arts"]);
    assert!(rights.may_restore_into(ATTIC).is_allowed());

    let person = somebody(&client, &[]);
    let rights = client.rights(&person);
    for hidden in [ATTIC, BOX_IN_ATTIC] {
        assert!(!rights.may_name(at(hidden)));
        let why = denied(rights.may_restore_into(hidden));
        let names = rights.names(true, str::to_owned);
        for language in [Language::English, Language::French] {
            let sentence = why.sentence(language, About::You, &names);
            assert!(!sentence.contains("Attic") && !sentence.contains("Box"), "{sentence}");
        }
    }
}

#[test]
fn who_may_see_the_child_of_a_hidden_category_does_not_learn_its_parents_name() {
    let client = client();
    let person = somebody(&client, &[(MANAGER, at(BOX_IN_ATTIC))]);
    assert_eq!(targets(&client, &person), ["Box"]);
}

#[test]
fn a_student_sees_categories_but_no_widget() {
    let client = client();
    let person = somebody(&client, &[]);
    let rights = client.rights(&person);
    assert!(!rights.may_see_widget() && rights.has_no_target());
    assert_eq!(rights.visible_categories().count(), 3);
}

#[test]
fn guests_and_visitors_may_restore_nowhere() {
    let client = client();
    for user in [THE_GUEST, UserId::NOBODY] {
        let given = [Assignment { roleid: MANAGER, contextid: SYSTEM }];
        let person = client.person(user, &given);
        let rights = client.rights(&person);
        assert!(!rights.may_see_widget() && rights.has_no_target() && !rights.may_manage());
        let why = denied(rights.may_restore_into(PHYSICS));
        assert_eq!(why.decision.rule, Rule::GuestsBarred);
    }
}

#[test]
fn a_category_is_found_by_its_id_and_by_its_identifier() {
    let client = client();
    assert_eq!(client.category(PHYSICS).unwrap().name, "Physics");
    assert_eq!(client.category(CategoryId(99)), None);
    assert_eq!(client.category_identified("SCI").unwrap().id, SCIENCES);
    // Two have it: the first in Moodle's order.
    assert_eq!(client.category_identified("PHY").unwrap().id, PHYSICS);
    assert_eq!(client.category_identified(""), None);
    assert_eq!(client.category_identified("phy"), None);
    let person = client.person(ADMIN, &[]);
    let unknown = client.rights(&person).may_restore_into(CategoryId(99));
    assert_eq!(unknown, MayRestore::NoSuchCategory);
}

// Explanations.

/// The sentences to the person themselves, in English and French.
fn sentences(client: &ClientSite, person: &Person, category: CategoryId) -> [String; 2] {
    let rights = client.rights(person);
    let why = match rights.may_restore_into(category) {
        MayRestore::Denied(why) => why,
        _ => rights.access().explain(&RESTORE_COURSE, at(category)),
    };
    let names = rights.names(true, str::to_owned);
    [Language::English, Language::French].map(|it| why.sentence(it, About::You, &names))
}

#[test]
fn a_missing_right_is_explained() {
    let client = client();
    let person = somebody(&client, &[(CREATOR, SYSTEM)]);
    assert_eq!(
        sentences(&client, &person, PHYSICS),
        [
            "You may not restore into Physics: none of your roles allows \
             moodle/restore:restorecourse there.",
            "Vous ne pouvez pas restaurer dans Physics\u{a0}: aucun de vos rôles n'y autorise \
             moodle/restore:restorecourse.",
        ]
    );
}

#[test]
fn a_prohibit_is_explained_with_its_role_and_place() {
    let client = client();
    let person = somebody(&client, &[(MANAGER, SYSTEM), (BARRED, SYSTEM)]);
    assert_eq!(
        sentences(&client, &person, PHYSICS),
        [
            "You may not restore into Physics: the role Barred from restoring prohibits \
             moodle/restore:restorecourse in Sciences.",
            "Vous ne pouvez pas restaurer dans Physics\u{a0}: le rôle Barred from restoring interdit \
             moodle/restore:restorecourse dans Sciences.",
        ]
    );
}

#[test]
fn a_prevent_is_explained_with_the_role_that_lost_the_right() {
    let mut snapshot = snapshot();
    let prevent = json!({"contextid": 30, "roleid": 9, "capability": "moodle/restore:restorecourse",
                         "permission": -1});
    snapshot["role_capabilities"].as_array_mut().unwrap().push(prevent);
    let client = ClientSite::new(serde_json::from_value(snapshot).unwrap());
    let person = somebody(&client, &[(RESTORER, SYSTEM)]);
    let [english, _] = sentences(&client, &person, PHYSICS);
    assert!(english.ends_with("restorecourse there (Course restorer prevents it)."), "{english}");
}

#[test]
fn a_lock_is_explained_with_the_locked_category() {
    let mut snapshot = snapshot();
    snapshot["config"]["contextlocking"] = json!(1);
    snapshot["contexts"][1]["locked"] = json!(1);
    let client = ClientSite::new(serde_json::from_value(snapshot).unwrap());
    for person in [somebody(&client, &[(MANAGER, SYSTEM)]), client.person(ADMIN, &[])] {
        let [english, french] = sentences(&client, &person, PHYSICS);
        let locked = "You may not restore into Physics: Sciences is locked against changes.";
        assert_eq!(english, locked);
        assert!(french.ends_with("Sciences est verrouillé."), "{french}");
        let [english, _] = sentences(&client, &person, SCIENCES);
        assert!(english.ends_with("it is locked against changes."), "{english}");
    }
}

#[test]
fn a_right_that_is_there_is_explained_too() {
    let client = client();
    let person = somebody(&client, &[(RESTORER, at(SCIENCES))]);
    let [english, french] = sentences(&client, &person, PHYSICS);
    assert_eq!(
        english,
        "You may restore into Physics: the role Course restorer allows \
         moodle/restore:restorecourse in Our Moodle."
    );
    assert!(french.starts_with("Vous pouvez restaurer dans Physics"), "{french}");
    let admin = client.person(ADMIN, &[]);
    let [english, _] = sentences(&client, &admin, PHYSICS);
    assert!(english.ends_with("site administrators may do everything."), "{english}");
}

#[test]
fn a_reader_without_the_names_of_roles_reads_none() {
    let client = client();
    let person = somebody(&client, &[(MANAGER, SYSTEM), (BARRED, SYSTEM)]);
    let why = denied(client.rights(&person).may_restore_into(PHYSICS));
    let reader = client.person(UserId(77), &[]);
    let names = client.rights(&reader).names(false, str::to_owned);
    assert_eq!(
        why.sentence(Language::English, About::Person("Tina Teacher"), &names),
        "Tina Teacher may not restore into Physics: one of their roles prohibits \
         moodle/restore:restorecourse in Sciences."
    );
}

#[test]
fn names_are_made_readable_by_the_caller() {
    let client = client();
    let person = somebody(&client, &[]);
    let rights = client.rights(&person);
    let why = denied(rights.may_restore_into(PHYSICS));
    let names = rights.names(true, str::to_uppercase);
    let sentence = why.sentence(Language::English, About::You, &names);
    assert!(sentence.starts_with("You may not restore into PHYSICS:"), "{sentence}");
}

#[test]
fn an_explanation_lists_each_role_that_counts_with_what_it_says() {
    let client = client();
    let person = somebody(&client, &[(RESTORER, at(SCIENCES)), (CREATOR, SYSTEM)]);
    let why = client.rights(&person).access().explain(&RESTORE_COURSE, at(PHYSICS));
    let says: Vec<_> = why.roles.iter().map(|says| (says.role, says.permission)).collect();
    let allow = Some(courseferry_access::Permission::Allow);
    assert_eq!(says, [(RESTORER, allow), (CREATOR, None), (RoleId(7), None)]);
    assert_eq!(why.roles[0].stored_in, Some(SYSTEM));
    let json = serde_json::to_value(&why).unwrap();
    assert_eq!(json["rule"], "allowed");
    assert_eq!(json["allowed"], true);
}
