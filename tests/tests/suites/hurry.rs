//! The companion says that something ended, and no more: the Worker asks what, at once, and no minute has to pass.

use crate::harness::{Api, Options, PATIENCE, World, run, until};
use courseferry_api::{ErrorBody, ErrorCode, Hurry, Phase, Restore, Status};
use courseferry_tests::client::{ClientTrap, Stage};
use futures::future::join_all;
use reqwest::StatusCode;
use serde_json::json;
use std::time::Instant;

/// Calls the endpoint with this token; returns the status and the body of the answer.
async fn hurry(api: &Api, token: &str) -> (StatusCode, String) {
    let api = api.with_token(token);
    api.raw(api.to(&Hurry)).await
}

/// How often the Worker asked the client for the state of its restores.
fn asked(world: &World) -> usize {
    world.client.calls().iter().filter(|call| call.function == "get_restores").count()
}

/// Waits until a restore is shown as restored, while no minute passes.
async fn shown_as_restored(api: &Api, restore: &Restore) {
    until("the restore to be shown as restored", PATIENCE, async || {
        (api.restore(&restore.id).await.status == Status::Restored).then_some(())
    })
    .await;
}

/// A restore that ended on the client after the last minute: its row does not know yet.
async fn ended_unseen(world: &World, api: &Api) -> Restore {
    world.client.set(ClientTrap::Hold { at: Stage::Restoring }, None);
    let restore = api.schedule_one(world.choice(0, 12)).await;
    let restoring = world.tick_until(api, &restore, |row| row.phase == Some(Phase::Restoring)).await;
    world.client.clear();
    world.client.until_job(|job| job.job == restoring.id.as_str() && job.state == Stage::Complete).await;
    assert_eq!(api.restore(&restoring.id).await.status, Status::InProgress, "nobody has asked yet");
    restoring
}

#[test]
fn a_restore_that_ended_is_shown_when_the_companion_says_so_without_a_minute_passing() {
    run(async {
        let world = World::start(Options::default()).await;
        let api = world.log_in("teacher1").await;
        let restore = ended_unseen(&world, &api).await;
        assert_eq!(hurry(&api, &world.service_token(json!({}))).await.0, StatusCode::ACCEPTED);
        shown_as_restored(&api, &restore).await;
        world.arrived(&restore.id);
    });
}

#[test]
fn nobody_but_the_companion_has_the_client_asked() {
    run(async {
        let world = World::start(Options::default()).await;
        let api = world.log_in("teacher1").await;
        let restore = ended_unseen(&world, &api).await;
        let before = asked(&world);
        for (what, token) in world.foreign_service_tokens(&api) {
            let (status, text) = hurry(&api, &token).await;
            let body: ErrorBody = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{what}: {error}: {text}"));
            assert_eq!((status, body.error.code), (StatusCode::UNAUTHORIZED, ErrorCode::ServiceRefused), "{what}");
        }
        // What was refused set nothing off: the companion's own call is the first after which the client is asked.
        assert_eq!(asked(&world), before);
        hurry(&api, &world.service_token(json!({}))).await;
        shown_as_restored(&api, &restore).await;
        assert_eq!(asked(&world), before + 1);
    });
}

#[test]
fn many_calls_of_the_companion_ask_the_client_every_few_seconds_at_most_and_the_last_is_not_lost() {
    run(async {
        let world = World::start(Options::default()).await;
        let api = world.log_in("teacher1").await;
        world.client.set(ClientTrap::Hold { at: Stage::Restoring }, None);
        let restore = api.schedule_one(world.choice(0, 12)).await;
        world.tick_until(&api, &restore, |row| row.phase == Some(Phase::Restoring)).await;
        let (before, begun) = (asked(&world), Instant::now());
        let tokens: Vec<String> = (0..60).map(|_| world.service_token(json!({}))).collect();
        let answers = join_all(tokens.iter().map(|token| hurry(&api, token))).await;
        assert!(answers.iter().all(|(status, _)| *status == StatusCode::ACCEPTED), "{answers:?}");
        world.client.clear();
        world.client.until_job(|job| job.state == Stage::Complete).await;
        hurry(&api, &world.service_token(json!({}))).await;
        shown_as_restored(&api, &restore).await;
        // One question at once, and at most one in each three seconds that the calls took.
        let most = 2 + usize::try_from(begun.elapsed().as_secs()).unwrap() / 3;
        let questions = asked(&world) - before;
        assert!((1..=most).contains(&questions), "{questions} questions in {:?}", begun.elapsed());
    });
}

#[test]
fn calls_of_the_companion_beside_minutes_restore_each_course_once() {
    run(async {
        let world = World::start(Options::default()).await;
        let api = world.log_in("teacher1").await;
        let restores = api.schedule([11, 12].map(|course| world.choice(0, course)).to_vec()).await;
        let ids: Vec<_> = restores.results.into_iter().filter_map(|result| result.restore).map(|row| row.id).collect();
        until("both courses", PATIENCE, async || {
            let tokens: Vec<String> = (0..4).map(|_| world.service_token(json!({}))).collect();
            let calls = join_all(tokens.iter().map(|token| hurry(&api, token)));
            futures::join!(world.cron(), world.cron(), calls);
            api.restores().await.iter().all(|row| row.status.ended()).then_some(())
        })
        .await;
        assert_eq!(ids.len(), 2);
        for id in &ids {
            assert_eq!(api.restore(id).await.status, Status::Restored);
            world.arrived(id);
        }
        assert_eq!(world.client.restored().len(), 2);
    });
}
