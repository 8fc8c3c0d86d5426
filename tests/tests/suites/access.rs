//! Who may do what: every endpoint, decided by the client Moodle's own rules, at the three moments that count.

use crate::harness::{Api, Browser, Options, World, run};
use courseferry_access::RoleId;
use courseferry_api::{
    CategoryId, Choice, Endpoint, ErrorCode, Explain, ExplainPerson, ExplainPersonQuery, ExplainQuery, GetHome,
    GetOverview, Home, ListAllRestores, ListAudit, ListRestores, Overview, Pause, Plan, Preview, RetryFailures,
    RetryGroup, Revocation, Revoke, Schedule, ScheduleRequest, SetPause, Status, Target, UserId,
};
use courseferry_tests::client::{Category, ClientTrap, Stage};
use reqwest::Method;
use std::time::Duration;

async fn home(api: &Api) -> Home {
    api.get(&GetHome).await.expect("the first screen")
}

fn paths(home: &Home) -> Vec<String> {
    home.categories.iter().map(|category| category.path.join(" / ")).collect()
}

fn to(choice: Choice, category: i64) -> Choice {
    Choice { target: Target::Category(CategoryId(category)), ..choice }
}

#[test]
fn each_person_is_offered_exactly_the_categories_that_moodle_lets_them_restore_into() {
    run(async {
        let world = World::shared().await;
        let everywhere = [
            "Sciences",
            "Sciences / Physics",
            "Sciences / Chemistry",
            "Arts",
            "Arts / History",
            "Medicine",
            "Restored courses",
        ];
        let with_archive = [&everywhere[..], &["Archive", "Archive / Archive 2019"]].concat();
        for (username, expected, manages) in [
            ("admin", &with_archive[..], true),
            ("manager", &with_archive, true),
            ("teacher1", &["Sciences", "Sciences / Physics", "Sciences / Chemistry", "Restored courses"], false),
            // A category above that may be seen is named, though nothing may be restored into it.
            ("teacher2", &["Sciences et techniques / Physics"], false),
            // May create courses in Arts, but not restore.
            ("teacher3", &[], false),
            // Everywhere but where a Prohibit stands.
            ("teacher4", &everywhere[3..], false),
            ("teacher5", &["Medicine"], false),
        ] {
            let home = home(&world.log_in(username).await).await;
            let mut found = paths(&home);
            found.sort_unstable();
            let mut expected = expected.to_vec();
            expected.sort_unstable();
            assert_eq!(
                (found, home.may.manage),
                (expected.iter().map(ToString::to_string).collect(), manages),
                "{username}"
            );
            assert_eq!(home.may.restore, !home.categories.is_empty(), "{username}");
        }
    });
}

#[test]
fn a_student_and_a_guest_get_no_widget_and_no_session() {
    run(async {
        let world = World::shared().await;
        for username in ["student1", "guest"] {
            assert_eq!(world.dashboard(username).await.data("launch"), None, "{username}");
        }
        let launch = world.client.launch_token("student1").expect("a local account");
        let error = world.open(&launch).await.map(|_| ()).expect_err("no session for a student");
        assert_eq!(error.code(), ErrorCode::AccessDenied);
    });
}

#[test]
fn a_category_that_may_not_be_seen_is_never_named_anywhere() {
    run(async {
        let world = World::shared().await;
        // May restore into the hidden Archive, and may not see it.
        let api = world.log_in("teacher5").await;
        let body =
            ScheduleRequest { choices: [10, 11].map(|category| to(world.choice(0, 18), category)).into(), now: false };
        let explain = |id| Explain.address(&ExplainQuery { category: CategoryId(id) });
        for request in [
            api.to(&GetHome),
            api.request(Method::GET, &explain(10)),
            api.request(Method::GET, &explain(11)),
            api.to(&Preview).json(&body),
            api.to(&Schedule).json(&body),
            api.to(&ListRestores),
        ] {
            let asked = format!("{request:?}");
            let (_, text) = api.raw(request).await;
            assert!(!text.contains("Archive"), "{asked} names it: {text}");
        }
    });
}

#[test]
fn every_refusal_says_which_right_is_missing_where() {
    run(async {
        let world = World::shared().await;
        for (username, category, words) in [
            ("teacher3", 6, vec!["moodle/restore:restorecourse", "Arts"]),
            ("teacher4", 3, vec!["moodle/restore:restorecourse", "Physics"]),
            ("teacher2", 6, vec!["Arts"]),
        ] {
            let api = world.log_in(username).await;
            let explained = api.find(&Explain, &ExplainQuery { category: CategoryId(category) }).await.unwrap();
            assert!(!explained.allowed);
            let text = explained.sentences.join(" ");
            assert!(words.iter().all(|word| text.contains(word)), "{username}: {text}");
        }
        let admin = world.log_in("admin").await;
        let user = world.client.user("teacher4").unwrap().id;
        let query = ExplainPersonQuery { user: UserId(user), category: CategoryId(3) };
        let explained = admin.find(&ExplainPerson, &query).await.unwrap();
        assert!(!explained.allowed && explained.sentences[0].contains("May not restore"), "{explained:?}");
    });
}

#[test]
fn who_may_create_but_not_restore_is_refused_when_they_schedule() {
    run(async {
        let world = World::shared().await;
        let api = world.log_in("teacher3").await;
        let result = api.schedule(vec![to(world.choice(1, 22), 6)]).await.results.remove(0);
        let code = result.problem.map(|problem| problem.code);
        assert!(matches!(code, Some(ErrorCode::AccessCategory | ErrorCode::AccessNowhere)), "{code:?}");
        assert!(result.restore.is_none());
    });
}

#[test]
fn a_teacher_suspended_between_schedule_and_run_gets_no_course() {
    run(async {
        let world = World::start(Options::default()).await;
        let (api, admin) = (world.log_in("teacher1").await, world.log_in("admin").await);
        let restore = api.schedule_one(world.choice(0, 12)).await;
        world.client.change(|site| site.user_named("teacher1").unwrap().suspended = true);
        world.cron().await;

        let row = admin.get(&ListAllRestores).await.unwrap().restores.remove(0).restore;
        assert_eq!((&row.id, row.status), (&restore.id, Status::Failed), "{row:?}");
        assert_eq!(row.error(), Some(ErrorCode::UserInactive));
        assert!(world.client.restored().is_empty());
        assert!(world.remotes[0].made().is_empty(), "not even a backup is made");
        // The live session is worth nothing for new restores either.
        let request = ScheduleRequest { choices: vec![world.choice(0, 13)], now: false };
        let refused = match api.post(&Schedule, &request).await {
            Ok(mut answer) => answer.results.remove(0).problem.map(|problem| problem.code),
            Err(error) => Some(error.code()),
        };
        assert_eq!(refused, Some(ErrorCode::UserInactive));
    });
}

#[test]
fn a_teacher_suspended_while_the_restore_waits_in_moodle_gets_no_course() {
    run(async {
        let world = World::start(Options::default()).await;
        world.client.set(ClientTrap::Hold { at: Stage::Pending }, None);
        let (api, admin) = (world.log_in("teacher1").await, world.log_in("admin").await);
        let restore = api.schedule_one(world.choice(0, 12)).await;
        world.cron().await;
        world.client.change(|site| site.user_named("teacher1").unwrap().suspended = true);
        world.client.clear();
        world.client.until_job(|job| job.job == restore.id.as_str() && job.state.is_over()).await;
        world.cron().await;
        let row = admin.get(&ListAllRestores).await.unwrap().restores.remove(0).restore;
        assert_eq!((row.status, row.error()), (Status::Failed, Some(ErrorCode::UserInactive)), "{row:?}");
        assert!(world.client.courses().iter().all(|course| course.job.is_none()));
    });
}

/// The original's fallback, with the reason that it did not give.
#[test]
fn where_the_original_category_is_not_allowed_the_course_goes_to_the_default_with_a_warning() {
    run(async {
        let options = Options::default().set("restorecourseinoriginalcategory", "1").set("defaultcategory", "9");
        let world = World::start(options).await;
        let api = world.log_in("teacher1").await;
        let original = |remote, course| Choice { target: Target::Original, ..world.choice(remote, course) };
        // Physics is allowed to this teacher, History is not.
        let (allowed, not) = (original(0, 12), original(1, 21));
        let request = ScheduleRequest { choices: vec![allowed.clone(), not.clone()], now: false };
        let plan: Plan = api.post(&Preview, &request).await.unwrap();
        assert_eq!(
            plan.courses.iter().map(|course| course.category).collect::<Vec<_>>(),
            [Some(CategoryId(3)), Some(CategoryId(9))]
        );
        assert!(plan.courses[0].exceptions.is_empty() && plan.courses[1].exceptions.len() == 1, "{plan:?}");

        let (first, second) = (api.schedule_one(allowed).await, api.schedule_one(not).await);
        world.tick_until_all_end(&[&api]).await;
        let (first, second) = (api.restore(&first.id).await, api.restore(&second.id).await);
        assert_eq!((first.status, first.category, first.warnings.len()), (Status::Restored, Some(CategoryId(3)), 0));
        // It was said before pressing, so it is nothing to check afterwards.
        assert_eq!((second.status, second.category, second.warnings.len()), (Status::Restored, Some(CategoryId(9)), 0));
        assert_eq!(second.target, Target::Original, "the choice is kept");
        assert_eq!(world.arrived(&second.id).category, 9);
    });
}

#[test]
fn where_the_default_is_not_allowed_either_the_restore_fails_and_says_why() {
    run(async {
        let world = World::start(Options::default()).await;
        let api = world.log_in("teacher2").await;
        let restore = api.schedule_one(world.choice(0, 14)).await;
        world.client.change(|site| {
            // Still sees the widget: may create courses there, but no longer restore.
            for assignment in &mut site.user_named("teacher2").unwrap().assignments {
                assignment.roleid = RoleId(2);
            }
        });
        world.cron().await;
        let failed = api.restore(&restore.id).await;
        assert_eq!((failed.status, failed.error()), (Status::Failed, Some(ErrorCode::AccessCategory)));
        assert!(world.client.restored().is_empty());
    });
}

#[test]
fn a_category_deleted_between_schedule_and_run_fails_the_restore_and_nothing_else() {
    run(async {
        let world = World::start(Options::default()).await;
        let api = world.log_in("teacher1").await;
        let (lost, kept) = (to(world.choice(0, 12), 5), to(world.choice(1, 21), 3));
        let (lost, kept) = (api.schedule_one(lost).await, api.schedule_one(kept).await);
        world.client.change(|site| site.categories.retain(|Category { id, .. }| *id != 5));
        world.tick_until_all_end(&[&api]).await;
        let lost = api.restore(&lost.id).await;
        // What is gone and what may not be seen look alike.
        assert_eq!((lost.status, lost.error()), (Status::Failed, Some(ErrorCode::AccessCategory)));
        assert_eq!(api.restore(&kept.id).await.status, Status::Restored);
    });
}

#[test]
fn a_revoked_session_ends_at_once_and_a_new_one_can_be_opened() {
    run(async {
        let world = World::start(Options::default()).await;
        let (api, admin) = (world.log_in("teacher1").await, world.log_in("admin").await);
        let user = home(&api).await.me.id;
        admin.post(&Revoke, &Revocation { user }).await.expect("an administrator may");
        let error = api.get(&GetHome).await.expect_err("the session has ended");
        assert_eq!(error.code(), ErrorCode::SessionRevoked);
        assert!(home(&admin).await.may.manage, "other sessions go on");
        tokio::time::sleep(Duration::from_millis(1_100)).await;
        home(&world.log_in("teacher1").await).await;
    });
}

#[test]
fn a_launch_token_from_before_the_revocation_opens_no_session() {
    run(async {
        let world = World::start(Options::default()).await;
        let admin = world.log_in("admin").await;
        let launch = world.client.launch_token("teacher1").expect("a local account");
        let user = world.client.user("teacher1").unwrap().id;
        admin.post(&Revoke, &Revocation { user: UserId(user) }).await.expect("an administrator may");
        let error = world.open(&launch).await.map(|_| ()).expect_err("it was minted before");
        assert_eq!(error.code(), ErrorCode::LaunchRevoked);
    });
}

/// Rights count as old after a minute in production, and at once here, so that the test need not wait.
#[test]
fn a_manager_whose_role_was_taken_away_manages_nothing_any_more() {
    run(async {
        let world = World::start(Options::default().set("fresh_seconds", "0")).await;
        let manager = world.log_in("manager").await;
        manager.get(&GetOverview).await.expect("still a manager");
        world.client.change(|site| site.user_named("manager").unwrap().assignments.clear());
        let teacher = world.client.user("teacher1").unwrap().id;
        let failures = RetryGroup { code: "remote.timeout".to_owned(), remote: None };
        for answer in [
            manager.post(&SetPause, &Pause { remote: None, paused: true }).await.map(drop),
            manager.post(&Revoke, &Revocation { user: UserId(teacher) }).await.map(drop),
            manager.post(&RetryFailures, &failures).await.map(drop),
        ] {
            assert_eq!(answer.expect_err("nothing is done").code(), ErrorCode::AccessDenied);
        }
        assert!(manager.get(&ListAudit).await.is_err(), "nor are the pages shown");
        let admin = world.log_in("admin").await;
        assert!(!home(&admin).await.paused);
    });
}

#[test]
fn while_moodle_does_not_answer_a_manager_still_sees_that_and_changes_nothing() {
    run(async {
        let world = World::start(Options::default().set("fresh_seconds", "0")).await;
        let manager = world.log_in("manager").await;
        world.client.set(ClientTrap::Html, None);
        let overview: Overview = manager.get(&GetOverview).await.expect("what is known");
        assert!(overview.peers.len() > 1);
        let error = manager.post(&SetPause, &Pause { remote: None, paused: true }).await.expect_err("no rights");
        assert_eq!(error.code(), ErrorCode::ClientNotMoodle);
    });
}

#[test]
fn log_in_as_is_written_into_the_audit_with_both_people() {
    run(async {
        let world = World::start(Options::default()).await;
        let teacher = world.client.user("teacher1").unwrap().id;
        let (api, home) = world.log_in_as("teacher1").await;
        assert_eq!((home.me.username.as_str(), home.me.acting.as_deref()), ("teacher1", Some("admin")));
        let restore = api.schedule_one(world.choice(0, 12)).await;

        let admin = world.log_in("admin").await;
        let audit = admin.get(&ListAudit).await.unwrap();
        let mut entries = audit.entries.into_iter().map(|line| line.entry);
        let entry = entries.find(|entry| entry.restore.as_deref() == Some(restore.id.as_str()));
        let entry = entry.expect("the schedule is there");
        assert_eq!((entry.user, entry.acting.as_deref()), (UserId(teacher), Some("admin")), "{entry:?}");
    });
}

#[test]
fn a_page_opened_without_a_session_leads_through_moodles_login_and_back() {
    run(async {
        let world = World::shared().await;
        let browser = Browser::open().await;
        browser.go(&format!("{}/sign-in?path=/health", world.worker.origin)).await;
        browser.find("input[name=username]").await.send_keys("teacher1").await.unwrap();
        browser.find("input[name=password]").await.send_keys("moodle").await.unwrap();
        browser.press("Log in").await;
        browser.sees("ok").await;
        let address = browser.driver.current_url().await.unwrap();
        assert_eq!(address.as_str(), format!("{}/health", world.worker.origin), "the token is gone from the address");
    });
}

#[test]
fn a_return_address_outside_the_worker_is_refused() {
    run(async {
        let world = World::shared().await;
        for path in
            ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "/\r\nSet-Cookie:x"]
        {
            let escaped: String = url::form_urlencoded::byte_serialize(path.as_bytes()).collect();
            let answer = reqwest::get(format!("{}/sign-in?path={escaped}", world.worker.origin)).await.unwrap();
            let refused = answer.status() == reqwest::StatusCode::BAD_REQUEST;
            let text = answer.text().await.unwrap();
            assert!(refused && !text.contains("evil.example"), "{path}: {text}");
        }
    });
}

#[test]
fn keys_can_be_changed_without_anybody_being_logged_out() {
    run(async {
        let mut world = World::start(Options::default()).await;
        let api = world.log_in("teacher1").await;
        let old = world.setting("SESSION_KEY").to_owned();
        world.restart_worker_with("SESSION_KEY_PREVIOUS", &old).await;
        world.restart_worker_with("SESSION_KEY", "another session key of these suites").await;
        home(&api).await;
        world.restart_worker_with("SESSION_KEY_PREVIOUS", "").await;
        assert_eq!(api.get(&GetHome).await.expect_err("a key too old").code(), ErrorCode::SessionSignature);
    });
}

/// A browser carries a fragment over to an address without one, and `launch.php` puts the token there.
#[test]
fn a_redirect_of_the_workers_carries_no_launch_token_into_moodles_address() {
    run(async {
        let world = World::shared().await;
        let browser = Browser::open().await;
        browser.go(&format!("{}/#launch=a-token-that-opens-doors", world.worker.origin)).await;
        let address = browser.script("return location.href", &[]).await.to_string();
        assert!(address.contains(world.client.address()) && !address.contains("launch"), "{address}");
    });
}
