//! What real Moodles answered, asked again. The recordings lie outside the project: where they are
//! missing, the scenarios beside this file stand alone.

mod recorded;

use std::{fs, path::Path};

#[test]
fn every_recorded_answer_of_a_real_moodle_is_given_again() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/moodle");
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if name.starts_with("access-cases-") {
            let recorded = recorded::Recorded::read(&fs::read_to_string(path).unwrap()).unwrap();
            let asked = recorded.cases.len();
            assert!(asked > 0, "{name} holds no cases");
            let wrong = recorded.disagreements();
            let first: Vec<String> = wrong.iter().take(5).map(ToString::to_string).collect();
            assert!(wrong.is_empty(), "{name}: {} of {asked}\n{}", wrong.len(), first.join("\n"));
        }
    }
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
