//! Cases recorded in files, asked again: our own, and where they are at hand those of real Moodles.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod recorded;

use std::{collections::BTreeSet, fs, path::Path};

/// Asks every case of the files in a folder again; returns how many there were.
fn asked_again(folder: &Path, prefix: &str) -> usize {
    let mut asked = 0;
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.starts_with(prefix) && path.extension().is_some_and(|extension| extension == "json") {
            let recorded = recorded::Recorded::read(&fs::read_to_string(&path).unwrap()).unwrap();
            asked += recorded.cases.len();
            let wrong = recorded.disagreements();
            let first: Vec<String> = wrong.iter().take(5).map(ToString::to_string).collect();
            assert!(wrong.is_empty(), "{name}: {} disagreements\n{}", wrong.len(), first.join("\n"));
        }
    }
    asked
}

#[test]
fn every_case_of_our_own_files_holds() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixture");
    assert_eq!(asked_again(&folder, ""), 69);
}

#[test]
fn our_own_files_reach_every_rule_and_name_every_case() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixture");
    let mut rules = BTreeSet::new();
    for name in ["plain.json", "locks.json", "sessions.json"] {
        let text = fs::read_to_string(folder.join(name)).unwrap();
        let recorded::Recorded { site, people, cases } = recorded::Recorded::read(&text).unwrap();
        for case in &cases {
            assert!(case.about.is_some(), "a case of {name} has no sentence");
            let rule = serde_json::to_value(case.decide(&site, &people)).unwrap();
            rules.insert(rule["rule"].as_str().unwrap().to_owned());
        }
    }
    let all = [
        "administrator",
        "allowed",
        "guests_barred",
        "locked",
        "login_required",
        "no_path",
        "not_allowed",
        "outside_login_as",
        "prohibited",
        "unknown_capability",
        "unknown_user",
        "user_deleted",
    ];
    assert!(rules.iter().map(String::as_str).eq(all), "{rules:?}");
}

#[test]
fn every_recorded_answer_of_a_real_moodle_is_given_again() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/moodle");
    asked_again(&folder, "access-cases-");
}

#[test]
fn users_found_by_capability_are_those_to_whom_the_decision_grants_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/moodle");
    for name in ["access-cases-1.json", "access-cases-locks.json"] {
        let Ok(text) = fs::read_to_string(folder.join(name)) else {
            continue;
        };
        let recorded::Recorded { site, people, cases } = recorded::Recorded::read(&text).unwrap();
        for case in cases.iter().step_by(7) {
            let found = site.users_with(&people, &case.capability, case.context);
            for person in people.iter() {
                let counts = !person.is_guest_or_nobody() && !people.is_deleted(person.id());
                let access = site.access(person).by_roles_only();
                let granted = counts && access.has_capability(&case.capability, case.context);
                let (capability, context, user) = (&case.capability, case.context, person.id());
                assert_eq!(found.contains(&user), granted, "{capability} {context} {user}");
            }
        }
    }
}
