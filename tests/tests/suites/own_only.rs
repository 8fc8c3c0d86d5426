//! Nobody reaches what is another's: not with an id, not with a parameter, not with a token that was never given.

use crate::harness::{
    ApiError, Options, World,
    forge::{claims, forge, header, with},
    run,
};
use courseferry_api::{
    Act, Cancel, ChangeCategory, ChangeSetting, Endpoint, Enrol, ErrorCode, GetAuditFile, GetHealth, GetHome,
    GetOverview, GetReadiness, JobId, ListAllRestores, ListAudit, ListCourses, ListRestores, RetryFailures, Revoke,
    Schedule, ScheduleAnswer, SetPause, SettingValue, Status, TryAgain,
};
use courseferry_tests::remote::{Armed, Trap};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

/// Who owns what the others try to get at.
const OWNER: &str = "teacher1";
const STRANGER: &str = "teacher2";

fn refused<T: std::fmt::Debug>(answer: Result<T, ApiError>) -> ErrorCode {
    answer.expect_err("a refusal").code()
}

#[test]
fn a_launch_token_that_moodle_did_not_just_give_opens_no_session_and_the_answer_says_why() {
    run(async {
        let world = World::shared().await;
        let token = world.dashboard(OWNER).await.data("launch").expect("a launch token");
        let (good, key) = (claims(&token), world.setting("LAUNCH_KEY"));
        let now = good["iat"].as_i64().unwrap();
        let launch = header("launch");
        let session = world.log_in(OWNER).await.token;
        let claiming = |changes| forge(&launch, &with(&fresh(&good), changes), key);
        let unsigned = forge(&with(&launch, json!({"alg": "none"})), &fresh(&good), key);

        let table = [
            ("alg none", unsigned.rsplit_once('.').unwrap().0.to_owned() + ".", ErrorCode::LaunchAlgorithm),
            ("alg none, signed", unsigned, ErrorCode::LaunchAlgorithm),
            (
                "another algorithm",
                forge(&with(&launch, json!({"alg": "HS512"})), &fresh(&good), key),
                ErrorCode::LaunchAlgorithm,
            ),
            ("another key", forge(&launch, &fresh(&good), &"k".repeat(32)), ErrorCode::LaunchSignature),
            ("the empty key", forge(&launch, &fresh(&good), ""), ErrorCode::LaunchSignature),
            ("no kind", forge(&json!({"alg": "HS256"}), &fresh(&good), key), ErrorCode::LaunchType),
            ("a plain JWT", forge(&json!({"alg": "HS256", "typ": "JWT"}), &fresh(&good), key), ErrorCode::LaunchType),
            ("a session", session, ErrorCode::LaunchType),
            ("another Moodle's", claiming(json!({"iss": "https://evil.example"})), ErrorCode::LaunchIssuer),
            ("for another service", claiming(json!({"aud": "https://evil.example"})), ErrorCode::LaunchAudience),
            ("for a sign-in never begun", claiming(json!({"state": "guessed"})), ErrorCode::LaunchState),
            ("expired", claiming(json!({"iat": now - 400, "exp": now - 100})), ErrorCode::LaunchExpired),
            ("not yet valid", claiming(json!({"nbf": now + 120})), ErrorCode::LaunchNotYetValid),
            ("of the future", claiming(json!({"iat": now + 120, "exp": now + 300})), ErrorCode::LaunchIssuedInFuture),
            ("for ever", claiming(json!({"exp": now + 86_400})), ErrorCode::LaunchTooLongLived),
            ("without an id", claiming(json!({"jti": null})), ErrorCode::LaunchMalformed),
            ("of nobody", claiming(json!({"sub": "0"})), ErrorCode::LaunchMalformed),
            ("not base64", format!("{}!", claiming(json!({}))), ErrorCode::LaunchMalformed),
            ("two parts", "a.b".into(), ErrorCode::LaunchMalformed),
            ("empty", String::new(), ErrorCode::LaunchMalformed),
            ("oversized", claiming(json!({"name": "x".repeat(20_000)})), ErrorCode::LaunchOversized),
        ];
        for (what, token, code) in table {
            let answer = world.open(&token).await.map(|_| ());
            assert_eq!(refused(answer), code, "{what}");
        }
        assert!(world.open(&token).await.is_ok());
        assert_eq!(refused(world.open(&token).await.map(|_| ())), ErrorCode::LaunchReplayed);

        // A page from the browser's cache still has the used token; Moodle gives a fresh one for the asking.
        let dashboard = world.dashboard(OWNER).await;
        let fresh = dashboard.fresh_launch(world.client.address()).await;
        assert!(world.open(fresh[0]["data"]["token"].as_str().expect("a token")).await.is_ok(), "{fresh}");
    });
}

#[test]
fn a_session_token_that_the_worker_did_not_give_is_worth_nothing() {
    run(async {
        let world = World::shared().await;
        let api = world.log_in(OWNER).await;
        let (good, key) = (claims(&api.token), world.setting("SESSION_KEY"));
        let now = good["iat"].as_i64().unwrap();
        let session = header("session");
        let claiming = |changes| forge(&session, &with(&good, changes), key);
        let launch = world.dashboard(OWNER).await.data("launch").unwrap();

        let table = [
            ("none", String::new(), ErrorCode::SessionMissing),
            ("alg none", forge(&with(&session, json!({"alg": "none"})), &good, key), ErrorCode::SessionAlgorithm),
            ("the launch key", forge(&session, &good, world.setting("LAUNCH_KEY")), ErrorCode::SessionSignature),
            (
                "another person, unsigned",
                forge(&session, &with(&good, json!({"sub": "2"})), "x"),
                ErrorCode::SessionSignature,
            ),
            ("a launch token", launch, ErrorCode::SessionType),
            ("a service token", forge(&header("service"), &good, world.setting("SERVICE_KEY")), ErrorCode::SessionType),
            ("another issuer", claiming(json!({"iss": "https://evil.example"})), ErrorCode::SessionIssuer),
            ("another audience", claiming(json!({"aud": "https://evil.example"})), ErrorCode::SessionAudience),
            ("expired", claiming(json!({"iat": now - 4000, "exp": now - 400})), ErrorCode::SessionExpired),
            ("of the future", claiming(json!({"iat": now + 120, "exp": now + 3600})), ErrorCode::SessionIssuedInFuture),
            ("for ever", claiming(json!({"exp": now + 864_000})), ErrorCode::SessionTooLongLived),
            ("a ticket", "0123456789abcdef".repeat(4), ErrorCode::SessionMalformed),
            ("oversized", "x".repeat(20_000), ErrorCode::SessionOversized),
        ];
        for (what, token, code) in table {
            assert_eq!(refused(api.with_token(&token).get(&GetHome).await), code, "{what}");
        }
        assert!(api.get(&GetHome).await.is_ok());
    });
}

#[test]
fn a_colleague_cannot_see_or_touch_my_restores_with_any_id_or_parameter() {
    run(async {
        let world = World::shared().await;
        let (owner, stranger) = (world.log_in(OWNER).await, world.log_in(STRANGER).await);
        let mine = owner.schedule_one(world.choice(0, 12)).await;

        let me = claims(&owner.token)["sub"].as_str().unwrap().to_owned();
        let parameters = format!("user={me}&userid={me}&username={OWNER}&sub={me}&owner={me}");
        for path in [ListRestores.path(), GetHome.path()] {
            let (status, text) = stranger.raw(stranger.request(Method::GET, &format!("{path}?{parameters}"))).await;
            assert_eq!(status, StatusCode::OK);
            assert!(!text.contains(mine.id.as_str()), "{path} tells a stranger of the restore");
        }

        let target = json!({"target": "default", "user": me, "username": OWNER});
        let restore = || mine.id.clone();
        for (path, expected) in [
            (Cancel { restore: restore() }.path(), ErrorCode::RestoreNotFound),
            (TryAgain { restore: restore() }.path(), ErrorCode::RestoreNotFound),
            (ChangeCategory { restore: restore() }.path(), ErrorCode::RestoreNotFound),
            (Enrol { restore: restore() }.path(), ErrorCode::RestoreNotEnrollable),
        ] {
            let answer = stranger.call::<Value>(stranger.request(Method::POST, &path).json(&target)).await;
            assert_eq!(refused(answer), expected, "{path}");
        }
        for path in [GetOverview.path(), ListAllRestores.path(), ListAudit.path(), GetAuditFile.path()] {
            let answer = stranger.call::<Value>(stranger.request(Method::GET, &path)).await;
            assert_eq!(refused(answer), ErrorCode::AccessDenied, "{path}");
        }
        for (path, body) in [
            (Act { restore: restore() }.path(), json!("cancel")),
            (SetPause.path(), json!({"remote": null, "paused": true})),
            (Revoke.path(), json!({"user": 2})),
            (RetryFailures.path(), json!({"code": "remote.unreachable", "remote": null})),
        ] {
            let answer = stranger.call::<Value>(stranger.request(Method::POST, &path).json(&body)).await;
            assert_eq!(refused(answer), ErrorCode::AccessDenied, "{path}");
        }
        let after = owner.restore(&mine.id).await;
        assert_eq!((after.status, after.target), (mine.status, mine.target));
        owner.post(&Cancel { restore: mine.id.clone() }, &()).await.unwrap();
    });
}

#[test]
fn nobody_schedules_or_lists_a_course_that_is_not_their_own_there() {
    run(async {
        let world = World::shared().await;
        let (owner, stranger) = (world.log_in(OWNER).await, world.log_in(STRANGER).await);
        let remote = world.remote(0);
        let theirs: Vec<_> = stranger.courses(remote).await.courses.iter().map(|course| course.id).collect();
        let list = owner.courses(remote).await;
        let only_mine = list.courses.iter().find(|course| !theirs.contains(&course.id)).expect("a course of one's own");

        let courses = ListCourses { remote: remote.clone() }.path();
        let path = format!("{courses}?username={OWNER}&user={OWNER}&refresh=1");
        let (_, text) = stranger.raw(stranger.request(Method::GET, &path)).await;
        assert!(!text.contains(&only_mine.short_name), "another's course is listed");
        let body = json!({
            "choices": [{"remote": remote, "course": only_mine.id, "target": "default", "username": OWNER}],
            "username": OWNER,
        });
        let answer: ScheduleAnswer = stranger.call(stranger.to(&Schedule).json(&body)).await.unwrap();
        assert!(answer.results[0].restore.is_none());
        assert_eq!(answer.results[0].problem.as_ref().map(|p| p.code), Some(ErrorCode::RestoreUnknownCourse));
        assert!(stranger.restores().await.iter().all(|restore| restore.remote_course != only_mine.id));
    });
}

#[test]
fn no_answer_and_no_log_line_holds_a_secret_and_no_remote_learns_more_than_it_must() {
    run(async {
        let world = World::start(Options::default().set("attempts", "1")).await;
        let (api, admin) = (world.log_in(OWNER).await, world.log_in("admin").await);
        for n in 0..world.remotes.len() {
            api.courses(world.remote(n)).await;
        }
        let arrives = api.schedule_one(world.choice(0, 12)).await;
        let fails = api.schedule_one(world.choice(0, 13)).await;
        let waits = api.schedule_one(world.choice(1, 21)).await;
        world.remotes[0].set(Armed::from(Trap::NotOwner).of_course(13));
        world.remotes[1].set(Trap::BadToken);
        // A token that is refused fails no row: the remote is held until an administrator has mended it.
        let row = world.tick_until(&api, &waits, |row| row.held.is_some()).await;
        assert_eq!((row.status, row.error()), (Status::Scheduled, Some(ErrorCode::RemoteBadToken)), "{row:?}");
        for (restore, end) in [(&arrives, Status::Restored), (&fails, Status::Failed)] {
            let row = world.tick_until(&api, restore, |row| row.status.ended()).await;
            assert_eq!(row.status, end, "{row:?}");
        }
        for (path, expected) in [
            (GetOverview.path(), StatusCode::OK),
            (ListAllRestores.path(), StatusCode::OK),
            (GetReadiness.path(), StatusCode::OK),
            (ListAudit.path(), StatusCode::OK),
            (GetAuditFile.path(), StatusCode::OK),
            (GetHome.path(), StatusCode::OK),
            // A remote's bad token is something to alert on.
            (GetHealth.path(), StatusCode::SERVICE_UNAVAILABLE),
        ] {
            let (status, _) = admin.raw(admin.request(Method::GET, &path)).await;
            assert_eq!(status, expected, "{path}");
        }

        let mut secrets: Vec<(String, String)> = Vec::new();
        for name in ["CLIENT_TOKEN", "LAUNCH_KEY", "SESSION_KEY", "SERVICE_KEY"] {
            secrets.push((name.to_owned(), world.setting(name).to_owned()));
        }
        for remote in &world.remotes {
            secrets.push((remote.config().name.clone(), remote.config().token.clone()));
        }
        for job in world.client.jobs() {
            secrets.push(("a ticket".to_owned(), job.ticket));
        }
        secrets.push(("a session".to_owned(), api.token.clone()));
        let said = world.everything_said();
        assert!(said.len() > 10_000, "there was something to search");
        for (what, secret) in secrets {
            assert!(secret.is_empty() || !said.contains(&secret), "{what} is told");
        }
        for seen in world.remotes.iter().flat_map(|remote| remote.seen()) {
            assert!(!seen.token_in_address && seen.own_token, "{seen:?}");
            assert_eq!(seen.concernedroles.unwrap_or_default(), "", "colleagues' names are not ours");
        }
    });
}

#[test]
fn each_line_of_the_log_has_ids_codes_and_milliseconds_and_names_nobody() {
    run(async {
        let world = World::start(Options::default().set("attempts", "1")).await;
        // The first tick of all only marks from where on ends are logged.
        world.cron().await;
        let (api, admin) = (world.log_in(OWNER).await, world.log_in("admin").await);
        api.courses(world.remote(0)).await;
        world.remotes[0].set(Armed::from(Trap::NotOwner).of_course(13));
        let arrives = api.schedule_one(world.choice(0, 12)).await;
        let fails = api.schedule_one(world.choice(0, 13)).await;
        world.tick_until_all_end(&[&api]).await;
        let setting = SettingValue { name: "limitstart".to_owned(), value: Some("21:34".to_owned()) };
        admin.post(&ChangeSetting, &setting).await.unwrap();
        // What ended is logged by the next tick at the latest.
        world.cron().await;

        let log = world.worker.log();
        let lines: Vec<Value> = log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        let of = |event: &str| lines.iter().filter(|line| line["event"] == event).collect::<Vec<_>>();
        for (event, fields) in [
            ("request", ["code", "event", "method", "ms", "path", "request", "status"].as_slice()),
            ("restore", &["code", "event", "ms", "remote", "request", "restore", "status"]),
            ("audit", &["acting", "action", "event", "outcome", "remote", "request", "restore"]),
            ("tick", &["event", "ms", "report", "request"]),
        ] {
            let lines = of(event);
            assert!(!lines.is_empty(), "no {event} in {log}");
            for line in lines {
                let mut names: Vec<_> = line.as_object().unwrap().keys().map(String::as_str).collect();
                names.sort_unstable();
                assert_eq!(names, fields, "{line}");
            }
        }
        let end = |id: &JobId| {
            let ends: Vec<_> = of("restore").into_iter().filter(|line| line["restore"] == id.as_str()).collect();
            let [end] = ends[..] else { panic!("one end of {id}: {ends:?}") };
            (end["status"].as_str().unwrap(), end["code"].as_str())
        };
        assert_eq!(end(&arrives.id), ("restored", None));
        assert_eq!(end(&fails.id), ("failed", Some("remote.not_owner")));
        // What the audit keeps is told too; who it was stands there, under the same request.
        let audit = admin.get(&ListAudit).await.unwrap();
        let told = of("audit");
        for action in ["restore.scheduled", "manage.setting limitstart"] {
            let line =
                told.iter().find(|line| line["action"] == action).unwrap_or_else(|| panic!("{action}: {told:?}"));
            let entry = audit.entries.iter().map(|line| &line.entry).find(|entry| entry.request == line["request"]);
            assert!(entry.is_some_and(|entry| entry.action.starts_with(action)), "{line}");
        }
        for name in [OWNER, "Marie", "Curie", "Classical mechanics", "Moodle Sciences", "21:34"] {
            assert!(!log.contains(name), "{name} is in the log");
        }
    });
}

/// The same claims under an id that was never used.
fn fresh(good: &Value) -> Value {
    with(good, json!({"jti": format!("forged-{:?}", std::time::Instant::now())}))
}
