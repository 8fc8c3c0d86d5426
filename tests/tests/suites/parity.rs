//! What the original block and its admin tool do, done here: each test is one of their features, seen from outside.

use crate::harness::{
    Api, Options, World,
    forge::{forge, header},
    run,
};
use courseferry_access::{Assignment, ContextId, RoleId};
use courseferry_api::{
    AuditPage, CategoryId, Course, Doer, EnrolAnswer, Enrolment, ErrorCode, Home, Overview, Pause, Restore,
    RestorePage, ScheduleRequest, Status, Target, UserId, Verb,
};
use courseferry_tests::{client::Site, remote::Trap};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

/// The course as its list shows it to somebody now.
async fn listed(world: &World, api: &Api, like: &Restore) -> Course {
    let list = api.courses(world.remote(0)).await;
    list.courses.into_iter().find(|course| course.id == like.remote_course).expect("the course is listed")
}

/// Who may choose a course that somebody has asked for, by what became of it. In the original a failed one blocked
/// everybody for ever: a defect.
#[test]
fn with_one_restore_per_course_a_course_is_free_again_only_after_a_failure_or_a_cancel() {
    run(async {
        for (one_per_course, ended, mine, theirs) in [
            ("1", Status::Scheduled, false, false),
            ("1", Status::Restored, false, false),
            ("1", Status::Failed, true, true),
            ("1", Status::Cancelled, true, true),
            ("0", Status::Scheduled, false, true),
            ("0", Status::Restored, true, true),
            ("0", Status::Failed, true, true),
            ("0", Status::Cancelled, true, true),
        ] {
            let world = World::start(Options::default().set("onlyoneremoteinstance", one_per_course)).await;
            let (owner, colleague) = (world.log_in("teacher1").await, world.log_in("teacher2").await);
            let choice = world.choice(0, 11);
            let restore = owner.schedule_one(choice.clone()).await;
            match ended {
                Status::Failed => world.remotes[0].set(Trap::NotOwner),
                Status::Cancelled => {
                    owner.post::<Restore>(&format!("/api/restores/{}/cancel", restore.id), &json!({})).await.unwrap();
                }
                _ => {}
            }
            if ended != Status::Scheduled {
                world.tick_until_all_end(&[&owner]).await;
            }
            world.remotes[0].clear();
            assert_eq!(owner.restore(&restore.id).await.status, ended);

            let row = format!("onlyoneremoteinstance {one_per_course}, {ended:?}");
            assert_eq!(listed(&world, &owner, &restore).await.choosable, mine, "{row}: its owner");
            let seen = listed(&world, &colleague, &restore).await;
            assert_eq!(seen.choosable, theirs, "{row}: a colleague");
            let told = seen.restores.iter().any(|r| matches!(&r.by, Doer::Other(name) if name == "Marie Curie"));
            assert!(told || !matches!(ended, Status::Scheduled | Status::Restored), "{row}: who asked");
            for (api, may) in [(&owner, mine), (&colleague, theirs)] {
                let answer = api.schedule(vec![choice.clone()]).await.results.remove(0);
                assert_eq!(answer.restore.is_some(), may, "{row}: {:?}", answer.problem);
                if let Some(again) = answer.restore {
                    assert_ne!(again.id, restore.id, "\"again\" is a new restore");
                    api.post::<Restore>(&format!("/api/restores/{}/cancel", again.id), &json!({})).await.unwrap();
                }
            }
        }
    });
}

#[test]
fn a_person_schedules_no_more_for_one_night_than_the_setting_says_and_is_told_the_number() {
    run(async {
        let world = World::start(Options::default().set("max_per_person_per_night", "2")).await;
        let api = world.log_in("teacher1").await;
        let answer = api.schedule([11, 12, 13].map(|course| world.choice(0, course)).to_vec()).await;
        let taken = answer.results.iter().filter(|result| result.restore.is_some()).count();
        assert_eq!(taken, 2);
        let problem = answer.results[2].problem.clone().expect("the third is refused");
        assert_eq!(problem.code, ErrorCode::RestoreLimitPerson);
        assert!(problem.message.contains('2'), "{problem:?}");
        let home: Home = api.get("/api/home").await.unwrap();
        assert_eq!((home.policy.per_night, home.policy.left), (2, 0));
        // Somebody else still may.
        let other = world.log_in("teacher2").await;
        other.schedule_one(world.choice(0, 14)).await;
    });
}

#[test]
fn the_whole_site_schedules_no_more_for_one_night_than_the_setting_says() {
    run(async {
        let world = World::start(Options::default().set("max_per_night", "1")).await;
        let (one, other) = (world.log_in("teacher1").await, world.log_in("teacher2").await);
        one.schedule_one(world.choice(0, 12)).await;
        let answer = other.schedule(vec![world.choice(0, 14)]).await.results.remove(0);
        assert_eq!(answer.problem.map(|problem| problem.code), Some(ErrorCode::RestoreLimitSite));
    });
}

#[test]
fn outside_the_window_a_restore_waits_and_says_until_when_unless_a_manager_starts_it_now() {
    run(async {
        // Closed now in the site's time zone: it opens in six hours, for one.
        let (start, end) = world_clock::hours_from_now(6, 7);
        let options = Options::default().set("timezone", "UTC").set("timelimitedmod", "1");
        let world = World::start(options.set("limitstart", &start).set("limitend", &end)).await;
        world.client.change(|site| make_manager(site, "creator"));
        let (teacher, manager) = (world.log_in("teacher1").await, world.log_in("creator").await);
        let waiting = teacher.schedule_one(world.choice(0, 12)).await;
        let home: Home = teacher.get("/api/home").await.unwrap();
        assert!(!home.window.open && !home.may.start_now);
        assert_eq!(waiting.expected, Some(home.window.opens));
        world.cron().await;
        assert_eq!(teacher.restore(&waiting.id).await.status, Status::Scheduled);

        let now = |choices| ScheduleRequest { choices, now: true };
        let own = now(vec![world.choice(0, 13)]);
        let refusal = teacher.post::<Value>("/api/restores", &own).await.expect_err("no right");
        assert_eq!(refusal.code(), ErrorCode::AccessDenied);
        manager.post::<Value>("/api/restores", &own).await.expect("a manager may");
        world.tick_until_all_end(&[&manager]).await;
        assert_eq!(manager.restores().await[0].status, Status::Restored);
        assert_eq!(teacher.restore(&waiting.id).await.status, Status::Scheduled);
    });
}

#[test]
fn a_paused_remote_starts_nothing_and_what_waits_goes_on_afterwards() {
    run(async {
        let world = World::start(Options::default()).await;
        let (teacher, admin) = (world.log_in("teacher1").await, world.log_in("admin").await);
        let pause = |remote, paused| Pause { remote, paused };
        let overview: Overview = admin.post("/api/manage/pause", &pause(None, true)).await.unwrap();
        assert!(overview.paused);
        let first = teacher.schedule_one(world.choice(0, 12)).await;
        assert!(teacher.get::<Home>("/api/home").await.unwrap().paused);
        world.cron().await;
        assert_eq!(teacher.restore(&first.id).await.status, Status::Scheduled);
        admin.post::<Overview>("/api/manage/pause", &pause(None, false)).await.unwrap();

        admin.post::<Overview>("/api/manage/pause", &pause(Some(world.remote(0).clone()), true)).await.unwrap();
        let second = teacher.schedule_one(world.choice(1, 21)).await;
        world.tick_until(&teacher, &second, |restore| restore.status == Status::Restored).await;
        assert_eq!(teacher.restore(&first.id).await.status, Status::Scheduled, "its remote is paused");
        admin.post::<Overview>("/api/manage/pause", &pause(Some(world.remote(0).clone()), false)).await.unwrap();
        world.tick_until(&teacher, &first, |restore| restore.status == Status::Restored).await;
    });
}

#[test]
fn an_administrator_finds_anybodys_restore_and_retries_cancels_moves_or_links_it() {
    run(async {
        let world = World::start(Options::default().set("attempts", "1")).await;
        let (teacher, admin) = (world.log_in("teacher1").await, world.log_in("admin").await);
        let failed = teacher.schedule_one(world.choice(0, 12)).await;
        world.remotes[0].set(Trap::BadToken);
        world.tick_until_all_end(&[&teacher]).await;
        assert_eq!(teacher.restore(&failed.id).await.error(), Some(ErrorCode::RemoteBadToken));

        let overview: Overview = admin.get("/api/manage").await.unwrap();
        assert_eq!(overview.needs_you[0].problem.code, ErrorCode::RemoteBadToken);
        assert_eq!(overview.needs_you[0].count, 1);
        for search in ["Curie", failed.full_name.as_str()] {
            let query = url::form_urlencoded::byte_serialize(search.as_bytes()).collect::<String>();
            let page: RestorePage = admin.get(&format!("/api/manage/restores?search={query}")).await.unwrap();
            assert!(page.restores.iter().any(|managed| managed.restore.id == failed.id), "{search}");
        }

        world.remotes[0].clear();
        let act = async |id, verb: Verb| admin.post::<Restore>(&format!("/api/manage/restores/{id}"), &verb).await;
        act(&failed.id, Verb::Retry).await.expect("it can be tried again");
        world.tick_until(&teacher, &failed, |restore| restore.status == Status::Restored).await;

        let waiting = teacher.schedule_one(world.choice(1, 21)).await;
        let category = CategoryId(5);
        let moved = act(&waiting.id, Verb::Move(category)).await.expect("it can be moved while it waits");
        assert_eq!(moved.target, Target::Category(category));
        act(&waiting.id, Verb::Cancel).await.expect("it can be cancelled");
        assert_eq!(teacher.restore(&waiting.id).await.status, Status::Cancelled);

        let course = teacher.restore(&failed.id).await.course.expect("a course");
        let linked = act(&waiting.id, Verb::Link(course)).await.expect("it can be linked");
        assert_eq!((linked.status, linked.course), (Status::Restored, Some(course)));
    });
}

#[test]
fn the_audit_says_who_did_what_and_is_a_csv_that_a_spreadsheet_cannot_be_fooled_with() {
    run(async {
        let world = World::start(Options::default()).await;
        let (teacher, admin) = (world.log_in("teacher1").await, world.log_in("admin").await);
        let restore = teacher.schedule_one(world.choice(0, 12)).await;
        teacher.post::<Restore>(&format!("/api/restores/{}/cancel", restore.id), &json!({})).await.unwrap();

        let page: AuditPage = admin.get("/api/manage/audit").await.unwrap();
        let about = |action: &str| {
            page.entries
                .iter()
                .any(|entry| entry.action == action && entry.restore.as_deref() == Some(restore.id.as_str()))
        };
        assert!(about("restore.scheduled") && about("restore.cancelled"), "{page:?}");
        assert!(page.entries.iter().all(|entry| !entry.request.is_empty() || entry.user == UserId(0)));

        let (status, csv) = admin.raw(admin.request(Method::GET, "/api/manage/audit.csv")).await;
        assert_eq!(status, StatusCode::OK);
        assert!(csv.contains(restore.id.as_str()));
        for cell in csv.lines().flat_map(|line| line.split(',')) {
            let cell = cell.trim_matches('"');
            assert!(!cell.starts_with(['=', '+', '@']), "{cell}");
        }
    });
}

#[test]
fn each_teacher_gets_one_message_for_what_they_asked_together_naming_every_course_and_the_reasons() {
    run(async {
        let world = World::start(Options::default()).await;
        let (one, other) = (world.log_in("teacher1").await, world.log_in("teacher2").await);
        let batch = [(0, 12), (0, 16), (1, 21)].map(|(remote, course)| world.choice(remote, course));
        assert!(one.schedule(batch.to_vec()).await.results.iter().all(|result| result.restore.is_some()));
        other.schedule_one(world.choice(0, 14)).await;
        world.remotes[1].set(Trap::NotOwner);
        world.tick_until_all_end(&[&one, &other]).await;
        world.cron().await;
        world.cron().await;

        let id = |username: &str| world.client.user(username).unwrap().id;
        let to = |username: &str| {
            world.client.messages().into_iter().filter(|m| m.userid == id(username)).collect::<Vec<_>>()
        };
        let [message] = &to("teacher1")[..] else { panic!("one message: {:#?}", to("teacher1")) };
        for words in [
            "Classical mechanics",
            "Statistics & error",
            "Histoire des sciences",
            "You no longer teach this course on Moodle Lettres.",
        ] {
            assert!(message.values["text"].contains(words), "{words} in {message:#?}");
        }
        assert_eq!(message.kind, "failure");
        assert!(message.values["contexturl"].starts_with(&world.page()), "{message:#?}");
        let [message] = &to("teacher2")[..] else { panic!("one message: {:#?}", to("teacher2")) };
        let course = world.client.restored().into_iter().find(|course| course.shortname == "CHEM110").unwrap().id;
        assert!(message.values["contexturl"].ends_with(&format!("/course/view.php?id={course}")), "{message:#?}");
        assert!(!message.values["html"].contains("Classical"), "nobody else's courses");
    });
}

#[test]
fn a_colleague_enrols_in_the_copy_of_a_course_that_is_theirs_too_and_in_no_other() {
    run(async {
        let world = World::start(Options::default().set("enrollbutton", "1")).await;
        let (owner, colleague, stranger) =
            (world.log_in("teacher1").await, world.log_in("teacher2").await, world.log_in("teacher4").await);
        let restore = owner.schedule_one(world.choice(0, 11)).await;
        world.tick_until(&owner, &restore, |restore| restore.status == Status::Restored).await;

        let offered = listed(&world, &colleague, &restore).await;
        assert_eq!(offered.restores[0].enrolment, Enrolment::Offered);
        assert!(offered.restores[0].link.is_none(), "the course is not theirs to open yet");
        let enrol = format!("/api/restores/{}/enrol", restore.id);
        let answer: EnrolAnswer = colleague.post(&enrol, &json!({})).await.expect("it is their course too");
        assert!(!answer.already);
        let again: EnrolAnswer = colleague.post(&enrol, &json!({})).await.expect("twice does no harm");
        assert!(again.already);
        let participants = world.arrived(&restore.id).participants;
        let id = world.client.user("teacher2").unwrap().id;
        assert_eq!(participants.get(&id).map(String::as_str), Some("editingteacher"));
        assert_eq!(listed(&world, &colleague, &restore).await.restores[0].enrolment, Enrolment::Enrolled);

        let refusal = stranger.post::<Value>(&enrol, &json!({})).await.expect_err("not their course there");
        assert!(matches!(refusal.code(), ErrorCode::RestoreNotEnrollable | ErrorCode::RestoreNotFound), "{refusal:?}");
        assert_eq!(world.arrived(&restore.id).participants.len(), 2);
    });
}

#[test]
fn a_remote_taken_out_of_the_configuration_leaves_its_rows_with_a_reason() {
    run(async {
        let mut world = World::start(Options::default()).await;
        let api = world.log_in("teacher1").await;
        let (lost, kept) = (api.schedule_one(world.choice(0, 12)).await, api.schedule_one(world.choice(1, 21)).await);
        let only_second = world.remotes[1].external_moodle();
        world.restart_worker_with("EXTERNAL_MOODLES", &only_second).await;
        world.tick_until_all_end(&[&api]).await;
        let lost = api.restore(&lost.id).await;
        assert_eq!((lost.status, lost.error()), (Status::Failed, Some(ErrorCode::RemoteUnconfigured)));
        assert_eq!(api.restore(&kept.id).await.status, Status::Restored);
    });
}

#[test]
fn bad_input_in_any_field_is_refused_with_a_code_and_changes_nothing() {
    run(async {
        let world = World::shared().await;
        let api = world.log_in("teacher1").await;
        let remote = world.remote(0);
        let choice = json!({"remote": remote, "course": 12, "target": "default"});
        let with = |name: &str, value: Value| crate::harness::forge::with(&choice, json!({name: value}));
        let bodies = [
            json!(null),
            json!([]),
            json!("\u{0}"),
            json!({}),
            json!({"choices": "all"}),
            json!({"choices": [with("remote", json!("https://evil.example"))]}),
            json!({"choices": [with("remote", json!("0123456789AB"))]}),
            json!({"choices": [with("course", json!("12; DROP TABLE restores"))]}),
            json!({"choices": [with("course", json!(1.5))]}),
            json!({"choices": [with("course", json!(1e30))]}),
            json!({"choices": [with("target", json!("nowhere"))]}),
            json!({"choices": [with("target", json!({"category": "'"}))]}),
            json!({"choices": vec![choice.clone(); 5_000]}),
        ];
        let before = api.restores().await;
        for body in bodies {
            let answer = api.post::<Value>("/api/restores", &body).await;
            let refusal = answer.expect_err(&body.to_string()[..body.to_string().len().min(100)]);
            assert!(matches!(refusal.code(), ErrorCode::RequestMalformed | ErrorCode::RequestTooLarge), "{refusal:?}");
        }
        for (remote, course, target) in [
            (json!("0123456789ab"), json!(12), json!("default")),
            (json!(remote), json!(-1), json!("default")),
            (json!(remote), json!(i64::MAX), json!("default")),
            (json!(remote), json!(12), json!({"category": 424_242})),
            (json!(remote), json!(12), json!({"category": -1})),
        ] {
            let body = json!({"choices": [{"remote": remote, "course": course, "target": target}]});
            let refused = match api.post::<Value>("/api/restores", &body).await {
                Ok(answer) => answer["results"][0]["problem"]["code"].as_str().map(str::to_owned),
                Err(refusal) => Some(refusal.code().to_string()),
            };
            assert!(refused.as_deref().is_some_and(|code| code != "internal.error"), "{body}: {refused:?}");
        }
        for path in [
            "/api/remotes/../home",
            "/api/remotes/0123456789ab/courses",
            "/api/restores/x/cancel",
            "/api/nothing",
            "/backup/x/1",
        ] {
            let (status, text) = api.raw(api.request(Method::GET, path)).await;
            assert!(status.is_client_error() || path.contains(".."), "{path}: {status} {text}");
        }
        assert_eq!(api.restores().await, before);
    });
}

fn make_manager(site: &mut Site, username: &str) {
    let manager = Assignment { roleid: RoleId(1), contextid: ContextId(1) };
    site.user_named(username).expect("a demo user").assignments.push(manager);
}

/// A token of the companion's for its own calls.
fn service(world: &World, changes: Value) -> String {
    let now = world_clock::now();
    let claims = json!({
        "iss": world.client.address(), "aud": world.worker.origin, "sub": "companion",
        "iat": now, "exp": now + 60, "jti": format!("service-{:?}", std::time::Instant::now()),
    });
    forge(&header("service"), &crate::harness::forge::with(&claims, changes), world.setting("SERVICE_KEY"))
}

#[test]
fn privacy_exports_and_erases_one_persons_data_for_the_companion_only() {
    run(async {
        let world = World::start(Options::default()).await;
        let (teacher, other) = (world.log_in("teacher1").await, world.log_in("teacher2").await);
        let restored = teacher.schedule_one(world.choice(0, 12)).await;
        world.tick_until_all_end(&[&teacher]).await;
        let waiting = teacher.schedule_one(world.choice(1, 21)).await;
        let kept = other.schedule_one(world.choice(0, 14)).await;
        let me: Home = teacher.get("/api/home").await.unwrap();
        let body = json!({"userid": me.me.id});

        for (what, token) in [
            ("a session", teacher.token.clone()),
            ("too long lived", service(&world, json!({"exp": world_clock::now() + 3600}))),
            ("of somebody else", service(&world, json!({"sub": "7"}))),
        ] {
            let answer = teacher.with_token(&token).post::<Value>("/api/privacy/export", &body).await;
            assert_eq!(answer.expect_err(what).code(), ErrorCode::ServiceRefused, "{what}");
        }

        let companion = |world: &World| teacher.with_token(&service(world, json!({})));
        let export: Value = companion(&world).post("/api/privacy/export", &body).await.expect("an export");
        let text = export.to_string();
        assert!(text.contains(restored.id.as_str()) && text.contains(waiting.id.as_str()));
        assert!(!text.contains(kept.id.as_str()), "nobody else's data");

        companion(&world).post::<Value>("/api/privacy/erase", &body).await.expect("an erasure");
        let after = companion(&world).post::<Value>("/api/privacy/export", &body).await.unwrap().to_string();
        assert!(!after.contains("teacher1") && !after.contains(&me.me.name), "{after}");
        world.tick_until(&other, &kept, |restore| restore.status == Status::Restored).await;
        assert_eq!(world.client.restored().len(), 1 + 1, "what waited was cancelled, the colleague's went on");
    });
}

mod world_clock {
    //! The clock of this machine, which is the Worker's too.

    use std::time::{SystemTime, UNIX_EPOCH};

    pub fn now() -> i64 {
        i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap()
    }

    /// Two hours of the day, so many hours from now, UTC, as settings write them.
    pub fn hours_from_now(start: i64, end: i64) -> (String, String) {
        let hour = |later: i64| format!("{:02}:00", (now() / 3600 + later) % 24);
        (hour(start), hour(end))
    }
}
