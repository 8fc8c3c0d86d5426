//! Students' data and enrolment methods: by right on both sides, where both sites' administrators allow it.

use crate::harness::{Api, Browser, Options, World, root, run};
use courseferry_access::{Assignment, CapabilityName, RoleId};
use courseferry_api::{
    AuditLine, Choice, Enrolments, ErrorCode, ListAudit, Options as Wishes, Preview, RemoteKind, Restore,
    ScheduleRequest, Status,
};
use courseferry_tests::{client::ClientTrap, demo, remote::RemoteConfig};

const USER_INFO: &str = "moodle/restore:userinfo";
const QUANTA: &str = "Quantum mechanics, QM301, Moodle Sciences";

fn with_students(choice: Choice) -> Choice {
    let options = Wishes { students: true, enrolments: Enrolments::Always, ..Wishes::default() };
    Choice { options, ..choice }
}

/// Our own block lends them on "Moodle Sciences", the original's release 3 on "Moodle Lettres"; `creator` may have them.
async fn allowed() -> World {
    let ours = RemoteConfig { lends_users: true, ..demo::sciences().of_kind(RemoteKind::Courseferry) };
    let world =
        World::start(Options::default().remotes(vec![ours, demo::lettres().of_kind(RemoteKind::Original3)])).await;
    world.client.change(|site| site.user_data = true);
    world.make_manager("creator");
    world.set_language("creator", "en");
    world.learn_names().await;
    world
}

/// Why a choice is refused: the code and its sentence.
async fn refused(api: &Api, choice: Choice) -> (ErrorCode, String) {
    let problem = api.schedule(vec![choice]).await.results.remove(0).problem.expect("a refusal");
    (problem.code, format!("{} {}", problem.message, problem.detail))
}

/// Whether the widget offers students' data.
async fn offered(api: &Api, choice: Choice) -> bool {
    students_and_methods(api, choice).await.0
}

/// Whether the widget offers students' data, and whether it offers enrolment methods.
async fn students_and_methods(api: &Api, choice: Choice) -> (bool, bool) {
    let request = ScheduleRequest { choices: vec![choice], now: false };
    let planned = api.post(&Preview, &request).await.expect("a plan").courses.remove(0);
    (planned.may_bring_students, planned.may_bring_methods)
}

fn asked_with_people(world: &World, remote: usize) -> bool {
    world.remotes[remote].seen().iter().any(|seen| seen.with_people)
}

async fn restored(world: &World, api: &Api, restore: &Restore) {
    world.tick_until(api, restore, |restore| restore.status == Status::Restored).await;
}

#[test]
fn by_right_students_come_along_and_row_order_message_and_audit_say_so() {
    run(async {
        let mut world = allowed().await;
        let api = world.log_in("creator").await;
        assert!(offered(&api, world.choice(0, 13)).await);
        let restore = api.schedule_one(with_students(world.choice(0, 13))).await;
        assert!(restore.options.students);
        restored(&world, &api, &restore).await;
        assert!(asked_with_people(&world, 0));
        let order = world.client.jobs().into_iter().find(|job| job.job == restore.id.as_str()).unwrap();
        assert_eq!((order.students, order.enrolments), (true, 2));
        world.cron().await;
        let messages = world.client.messages();
        assert!(messages.iter().any(|message| message.values["text"].contains("with students' data")), "{messages:#?}");
        let audit = world.log_in("admin").await.get(&ListAudit).await.unwrap();
        let scheduled = |line: &AuditLine| line.deed.contains("scheduled, with students' data");
        assert!(audit.entries.iter().any(scheduled), "{audit:?}");

        // The original's release 3 cannot say who may have them: it is asked only where an administrator has named it.
        let lettres = world.choice(1, 24);
        assert!(!offered(&api, lettres.clone()).await);
        assert!(refused(&api, with_students(lettres.clone())).await.1.contains("userdata_remotes"));
        let address = world.remotes[1].address().to_owned();
        world.restart_worker_with("userdata_remotes", &address).await;
        assert!(offered(&api, lettres.clone()).await);
        let restore = api.schedule_one(with_students(lettres)).await;
        restored(&world, &api, &restore).await;
        assert!(asked_with_people(&world, 1));
    });
}

#[test]
fn whoever_lacks_a_right_on_either_side_is_refused_by_its_name_and_nothing_is_asked_for() {
    run(async {
        let world = allowed().await;
        let (creator, teacher) = (world.log_in("creator").await, world.log_in("teacher1").await);
        // Somebody without the right here, by request.
        assert!(!offered(&teacher, world.choice(0, 12)).await);
        let (code, said) = refused(&teacher, with_students(world.choice(0, 12))).await;
        assert_eq!(code, ErrorCode::RestoreOptionRefused);
        assert!(said.contains("block/courseferry:can_restore_user_datas"), "{said}");
        // Into a course that exists they never come.
        let into = |choice: Choice| {
            let target_course = Some(courseferry_api::CourseId(43));
            Choice { options: Wishes { target_course, ..with_students(choice.clone()).options }, ..choice }
        };
        let adder = world.log_in("teacher6").await;
        assert_eq!(refused(&adder, into(world.choice(0, 12))).await.0, ErrorCode::RestoreOptionRefused);
        // The right is lost before the restore's turn.
        let restore = creator.schedule_one(with_students(world.choice(0, 13))).await;
        world.client.change(|site| {
            let manager = |assignment: &Assignment| assignment.roleid == RoleId(1);
            site.user_named("creator").unwrap().assignments.retain(|assignment| !manager(assignment));
        });
        world.tick_until_all_end(&[&creator]).await;
        let row = creator.restore(&restore.id).await;
        assert_eq!(row.error(), Some(ErrorCode::RestoreOptionRefused));
        // This site's administrator allows nobody.
        world.make_manager("creator");
        world.client.change(|site| site.user_data = false);
        let (_, said) = refused(&creator, with_students(world.choice(0, 13))).await;
        assert!(said.contains("userdata"), "{said}");
        assert!(!asked_with_people(&world, 0) && !asked_with_people(&world, 1));
    });
}

#[test]
fn a_remote_that_lends_no_students_refuses_them_before_anything_is_copied_and_core_is_heard_out() {
    run(async {
        let ours = demo::sciences().of_kind(RemoteKind::Courseferry);
        let world = World::start(Options::default().remotes(vec![ours, demo::lettres()])).await;
        world.client.change(|site| site.user_data = true);
        world.make_manager("creator");
        world.learn_names().await;
        let api = world.log_in("creator").await;
        assert!(!offered(&api, world.choice(0, 13)).await);
        assert_eq!(refused(&api, with_students(world.choice(0, 13))).await.0, ErrorCode::RemoteUsersNotLent);
        assert_eq!(refused(&api, with_students(world.choice(1, 24))).await.0, ErrorCode::RestoreOptionRefused);
        assert!(world.remotes[0].made().is_empty());

        let world = allowed().await;
        let api = world.log_in("creator").await;
        let detail = "Moodle says something else".to_owned();
        world.client.set(ClientTrap::PrecheckRefuses { code: ErrorCode::ClientPrecheckFailed, detail }, Some(1));
        let restore = api.schedule_one(with_students(world.choice(0, 13))).await;
        world.tick_until_all_end(&[&api]).await;
        assert_eq!(api.restore(&restore.id).await.error(), Some(ErrorCode::ClientPrecheckFailed));
    });
}

#[test]
fn accounts_that_keep_students_from_coming_are_named_to_their_teacher_with_what_to_do() {
    run(async {
        let world = allowed().await;
        let api = world.log_in("creator").await;
        let browser = Browser::open().await;
        for (code, detail, said) in [
            (
                ErrorCode::ClientAccountConflict,
                "admin, mcurie (+3)",
                "these user names belong to other people than in the backup: admin, mcurie (+3). \
                 Restore it without students' data",
            ),
            (
                ErrorCode::ClientAccountsMissing,
                "ijoliot",
                "have no account on this Moodle, and this restore may not make any: ijoliot. \
                 Restore it without students' data",
            ),
        ] {
            world.client.set(ClientTrap::PrecheckRefuses { code, detail: detail.to_owned() }, Some(1));
            let restore = api.schedule_one(with_students(world.choice(0, 13))).await;
            world.tick_until_all_end(&[&api]).await;
            assert_eq!(api.restore(&restore.id).await.error(), Some(code));
            world.show(&browser, "creator", "#restores").await;
            browser.sees(said).await;
            let shot = format!("target/shots/{}.png", code.as_str());
            browser.picture(&root(&shot)).await;
        }
    });
}

#[test]
fn it_is_offered_to_whoever_may_said_in_bold_before_pressing_and_in_the_row() {
    run(async {
        let world = allowed().await;
        let browser = world.open_page("creator", "").await;
        browser.press(QUANTA).await;
        browser.sees("not students, grades or submissions").await;
        browser.press("Change").await;
        browser.press("Change: Quantum mechanics").await;
        browser.press("With students' data: Quantum mechanics").await;
        browser.sees("Students come along, with their submissions and grades.").await;
        assert!(!browser.text().await.contains("not students, grades or submissions"));
        browser.choose("Enrolment methods: Quantum mechanics", "All").await;
        browser.sees("All enrolment methods come along.").await;
        assert_eq!(browser.axe().await, [""; 0]);
        browser.press("Restore 1 course").await;
        browser.sees("Scheduled ·").await;
        browser.row_says("Quantum mechanics", "With students' data").await;
        let row = world.log_in("creator").await.restores().await.remove(0);
        assert_eq!((row.options.students, row.options.enrolments), (true, Enrolments::Always));

        world.show(&browser, "teacher1", "").await;
        browser.press("Classical mechanics, MECH201, Moodle Sciences").await;
        browser.press("Change").await;
        browser.press("Change: Classical mechanics").await;
        browser.control("Students see it: Classical mechanics").await;
        browser.sees("not students, grades or submissions").await;
        assert!(!browser.text().await.contains("With students' data"));
    });
}

#[test]
fn enrolment_methods_alone_are_offered_to_who_may_have_them_without_their_people() {
    run(async {
        let world = allowed().await;
        // Managers here may bring methods, and no students' data.
        world.client.change(|site| {
            site.role_capabilities
                .retain(|row| row.roleid != RoleId(1) || row.capability != CapabilityName::from(USER_INFO));
        });
        let api = world.log_in("creator").await;
        assert_eq!(students_and_methods(&api, world.choice(0, 13)).await, (false, true));
        let browser = world.open_page("creator", "").await;
        browser.press(QUANTA).await;
        browser.press("Change").await;
        browser.press("Change: Quantum mechanics").await;
        browser.choose("Enrolment methods: Quantum mechanics", "All").await;
        browser.sees("All enrolment methods come along.").await;
        let text = browser.text().await;
        assert!(!text.contains("With students' data") && !text.contains("by which somebody is enrolled"), "{text}");
        browser.press("Restore 1 course").await;
        browser.sees("Scheduled ·").await;
        let restore = api.restores().await.remove(0);
        assert_eq!((restore.options.students, restore.options.enrolments), (false, Enrolments::Always));
        restored(&world, &api, &restore).await;
        assert!(!asked_with_people(&world, 0), "methods stand in every backup");
        let order = world.client.jobs().into_iter().find(|job| job.job == restore.id.as_str()).unwrap();
        assert_eq!((order.students, order.enrolments), (false, 2));
    });
}
