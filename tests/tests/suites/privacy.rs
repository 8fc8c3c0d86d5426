//! One person's data: handed out, erased even in the middle of a restore, and deleted when its time is over. For the
//! companion only, which Moodle's own privacy tools ask.

use crate::harness::{Api, Options, World, run, until};
use courseferry_api::{
    AuditPage, Endpoint, ErasePerson, ErrorCode, ExportPerson, GetHome, Home, ListAllRestores, ListAudit, ListRestores,
    PersonRequest, Phase, RestorePage, Status, TryAgain, UserId,
};
use courseferry_tests::{
    client::{ClientTrap, Stage},
    remote::{Armed, Trap},
};
use serde_json::{Value, json};

fn id_of(world: &World, username: &str) -> i64 {
    world.client.user(username).unwrap().id
}

/// The companion asks for somebody's data ([`ExportPerson`]), or that they be forgotten ([`ErasePerson`]).
async fn companion(world: &World, api: &Api, endpoint: &impl Endpoint, username: &str) -> Value {
    let body = PersonRequest { userid: UserId(id_of(world, username)) };
    let api = api.with_token(&world.service_token(json!({})));
    let answer = api.call(api.to(endpoint).json(&body)).await;
    answer.unwrap_or_else(|error| panic!("{} for {username}: {error:?}", endpoint.path()))
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
        let me: Home = teacher.get(&GetHome).await.unwrap();
        let body = json!({"userid": me.me.id});

        for (what, token) in world.foreign_service_tokens(&teacher) {
            let stranger = teacher.with_token(&token);
            let answer = stranger.call::<Value>(stranger.to(&ExportPerson).json(&body)).await;
            assert_eq!(answer.expect_err(what).code(), ErrorCode::ServiceRefused, "{what}");
        }

        let text = companion(&world, &teacher, &ExportPerson, "teacher1").await.to_string();
        assert!(text.contains(restored.id.as_str()) && text.contains(waiting.id.as_str()));
        assert!(!text.contains(kept.id.as_str()), "nobody else's data");

        companion(&world, &teacher, &ErasePerson, "teacher1").await;
        let after = companion(&world, &teacher, &ExportPerson, "teacher1").await.to_string();
        assert!(!after.contains("teacher1") && !after.contains(&me.me.name), "{after}");
        world.tick_until(&other, &kept, |restore| restore.status == Status::Restored).await;
        assert_eq!(world.client.restored().len(), 1 + 1, "what waited was cancelled, the colleague's went on");
        let ended = teacher.get(&GetHome).await.expect_err("their session ends too");
        assert_eq!(ended.code(), ErrorCode::SessionRevoked);
    });
}

#[test]
fn who_acted_as_somebody_else_is_exported_and_erased_there_too_and_their_sessions_end() {
    run(async {
        let world = World::start(Options::default()).await;
        let (acting, _) = world.log_in_as("teacher1").await;
        let restore = acting.schedule_one(world.choice(0, 12)).await;

        let export = companion(&world, &acting, &ExportPerson, "admin").await;
        let acted = export["acted"].as_array().expect("what they did as somebody else");
        assert!(
            acted.iter().any(|line| line["restore"] == restore.id.as_str() && line["acting"] == "admin"),
            "{export}"
        );
        assert!(!export.to_string().contains("Marie"), "not the other person's name");

        companion(&world, &acting, &ErasePerson, "admin").await;
        let error = acting.get(&GetHome).await.expect_err("what they opened as somebody else");
        assert_eq!(error.code(), ErrorCode::SessionRevoked);
        let page: AuditPage = world.log_in("manager").await.get(&ListAudit).await.unwrap();
        let line = page
            .entries
            .iter()
            .map(|line| &line.entry)
            .find(|line| line.restore.as_deref() == Some(restore.id.as_str()))
            .unwrap();
        assert_eq!((line.acting.as_deref(), line.acting_id), (Some("a former user"), None), "that somebody did, stays");
        let own = page
            .entries
            .iter()
            .map(|line| &line.entry)
            .all(|line| line.acting.as_deref() != Some("admin") && line.user_name != "Ada Lovelace");
        assert!(own, "{page:?}");
        assert!(!companion(&world, &acting, &ExportPerson, "admin").await.to_string().contains("admin"));
        assert_eq!(
            world.log_in("teacher1").await.restore(&restore.id).await.status,
            Status::Scheduled,
            "it was theirs"
        );
    });
}

#[test]
fn erasure_in_the_middle_of_a_restore_stops_it_or_lets_the_course_come_and_tells_nobody() {
    run(async {
        let world = World::start(Options::default()).await;
        world.client.set(ClientTrap::Hold { at: Stage::Restoring }, None);
        let (one, other) = (world.log_in("teacher1").await, world.log_in("teacher2").await);
        let restoring = other.schedule_one(world.choice(0, 14)).await;
        world.tick_until(&other, &restoring, |restore| restore.phase == Some(Phase::Restoring)).await;
        world.remotes[0].set(Armed::from(Trap::hold_backup()).of_course(12));
        one.schedule_one(world.choice(0, 12)).await;
        let erase = async {
            world.remotes[0].until_seen(|call| call.function.ends_with("_zip") && call.course == Some(12)).await;
            companion(&world, &one, &ErasePerson, "teacher1").await;
            companion(&world, &one, &ErasePerson, "teacher2").await;
            world.remotes[0].clear();
        };
        futures::join!(world.cron(), erase);
        world.client.clear();

        let admin = world.log_in("admin").await;
        let ended = async || {
            world.cron().await;
            let all: RestorePage = admin.get(&ListAllRestores).await.unwrap();
            all.restores.iter().all(|managed| managed.restore.status.ended()).then_some(all.restores)
        };
        let all = until("both to end", 60, ended).await;
        let outcome = |course: i64| all.iter().find(|m| m.restore.remote_course.0 == course).unwrap();
        assert_eq!((outcome(12).restore.status, outcome(14).restore.status), (Status::Cancelled, Status::Restored));
        for managed in &all {
            assert_eq!((managed.user, managed.user_name.as_str()), (UserId(0), "a former user"));
        }
        world.cron().await;
        world.cron().await;
        let people = ["teacher1", "teacher2"].map(|name| id_of(&world, name));
        assert!(world.client.messages().iter().all(|message| !people.contains(&message.userid)), "nobody is told");
        assert_eq!(world.client.restored().len(), 1);
    });
}

#[test]
fn ended_restores_and_audit_entries_are_deleted_after_the_days_that_are_set_but_a_course_stays_taken() {
    run(async {
        let options = Options::default().set("retention_days", "30").set("audit_retention_days", "10");
        let mut world = World::start(options).await;
        let (one, admin) = (world.log_in("teacher1").await, world.log_in("admin").await);
        let restored = one.schedule_one(world.choice(0, 11)).await;
        world.remotes[1].set(Trap::NotOwner);
        one.schedule_one(world.choice(1, 21)).await;
        world.tick_until_all_end(&[&one]).await;
        let audit = async || admin.get(&ListAudit).await.unwrap().total;
        let rows = async || admin.get(&ListAllRestores).await.unwrap();
        assert!(audit().await > 0);

        world.days_pass(20).await;
        world.cron().await;
        assert_eq!((rows().await.total, audit().await), (2, 0), "the audit's time is over, the restores' is not");
        world.days_pass(11).await;
        world.cron().await;
        let left = rows().await;
        let [kept] = &left.restores[..] else { panic!("one is left: {left:?}") };
        assert_eq!((&kept.restore.id, kept.user), (&restored.id, UserId(0)), "without its person");
        assert_eq!(one.get(&ListRestores).await.unwrap().restores, []);
        let refused = world.log_in("teacher2").await.schedule(vec![world.choice(0, 11)]).await.results.remove(0);
        let problem = refused.problem.expect("it is here already");
        assert_eq!(problem.code, ErrorCode::RestoreTaken);
        assert!(problem.message.contains("Par un ancien utilisateur"), "{problem:?}");
        one.post(&TryAgain { restore: restored.id.clone() }, &()).await.expect_err("not theirs now");
    });
}
