//! The backup's way through the Worker: who may fetch it, in which parts, and how little of it the Worker keeps.

use crate::harness::{Options, World, run};
use courseferry_api::ErrorCode;
use courseferry_tests::{
    client::{ClientTrap, Job, Pace, Stage},
    demo,
    remote::{RemoteConfig, Trap},
};
use futures::StreamExt;
use reqwest::{Client, Response, StatusCode, header};
use serde_json::Value;
use sha1::{Digest, Sha1};
use std::time::{Duration, Instant};

/// How much resident memory streaming may add.
const ROOM: u64 = 64 << 20;
const LARGE: u64 = 500_000_000;

/// A world in which a backup is handed over, and the client takes longer than the test to fetch it.
async fn handed_over(remote: RemoteConfig, course: i64) -> (World, Job) {
    let pace = Pace { cron: Duration::from_hours(1), ..Pace::default() };
    let world = World::start(Options::default().remotes(vec![remote]).pace(pace)).await;
    let api = world.log_in("teacher1").await;
    let restore = api.schedule_one(world.choice(0, course)).await;
    world.cron().await;
    let job = world.client.until_job(|job| job.job == restore.id.as_str()).await;
    (world, job)
}

async fn fetch(world: &World, order: &Job, headers: &[(header::HeaderName, &str)]) -> Response {
    let address = format!("{}/backup/{}/{}", world.worker.origin, order.job, order.attempt);
    let request = Client::new().get(address).bearer_auth(&order.ticket);
    let request = headers.iter().fold(request, |request, (name, value)| request.header(name, *value));
    request.send().await.expect("an answer")
}

async fn refused(answer: Response) -> (StatusCode, String) {
    let status = answer.status();
    let body: Value = answer.json().await.expect("an error is JSON");
    (status, body["error"]["code"].as_str().expect("a code").to_owned())
}

fn text<'a>(answer: &'a Response, name: &str) -> &'a str {
    answer.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

#[test]
fn half_a_gigabyte_passes_through_the_worker_and_none_of_it_stays_in_memory() {
    run(async {
        let large = RemoteConfig::new("Moodle Sciences", "5c1e9ce5a0b14f6d8e7f001122334455");
        let (world, order) = handed_over(large.with_large_course(1, LARGE, &["teacher1"]), 1).await;
        let idle = world.worker.resident_bytes();
        let begun = Instant::now();
        let answer = fetch(&world, &order, &[]).await;
        assert_eq!(answer.status(), StatusCode::OK);
        let made = world.remotes[0].made().remove(0);
        assert_eq!(answer.content_length(), Some(made.bytes));

        let (mut sha1, mut most, mut bytes) = (Sha1::new(), idle, 0);
        let mut stream = answer.bytes_stream();
        while let Some(chunk) = stream.next().await {
            let chunk = chunk.expect("the stream goes on");
            bytes += chunk.len() as u64;
            sha1.update(&chunk);
            most = most.max(world.worker.resident_bytes());
        }
        println!(
            "{} MB in {:.1} s; workerd: {} MB idle, {} MB at most",
            bytes / 1_000_000,
            begun.elapsed().as_secs_f64(),
            idle >> 20,
            most >> 20
        );
        assert_eq!(bytes, made.bytes);
        let sha1 = hex::encode(sha1.finalize());
        assert_eq!(sha1, made.sha1);
        assert!(most < idle + ROOM, "{} MB more than idle", (most - idle) >> 20);
    });
}

#[test]
fn a_broken_download_goes_on_where_it_stopped() {
    run(async {
        let (world, order) = handed_over(demo::sciences(), 12).await;
        let first = fetch(&world, &order, &[]).await;
        let etag = text(&first, "etag").to_owned();
        assert_eq!(text(&first, "accept-ranges"), "bytes");
        assert_eq!(text(&first, "cache-control"), "no-store, no-transform");
        let whole = first.bytes().await.unwrap();

        let rest = fetch(&world, &order, &[(header::RANGE, "bytes=100-"), (header::IF_RANGE, &etag)]).await;
        assert_eq!(rest.status(), StatusCode::PARTIAL_CONTENT);
        assert_eq!(text(&rest, "content-range"), format!("bytes 100-{}/{}", whole.len() - 1, whole.len()));
        assert_eq!(rest.bytes().await.unwrap(), whole[100..]);

        // Moodle answers this with the whole file.
        let beyond = format!("bytes={}-", whole.len());
        let answer = fetch(&world, &order, &[(header::RANGE, &beyond), (header::IF_RANGE, &etag)]).await;
        assert_eq!(refused(answer).await, (StatusCode::RANGE_NOT_SATISFIABLE, "backup.range".into()));
    });
}

#[test]
fn a_backup_that_was_replaced_meanwhile_is_not_continued() {
    run(async {
        let (world, order) = handed_over(demo::sciences(), 12).await;
        let first = fetch(&world, &order, &[]).await;
        let etag = text(&first, "etag").to_owned();
        drop(first);
        // Moodle ignores this header, so the Worker must look.
        let other = [(header::RANGE, "bytes=10-"), (header::IF_RANGE, "\"0000\"")];
        assert_eq!(
            refused(fetch(&world, &order, &other).await).await,
            (StatusCode::PRECONDITION_FAILED, "backup.replaced".into())
        );

        world.remotes[0].set(Trap::FrontEndEtag);
        let same = [(header::RANGE, "bytes=10-"), (header::IF_RANGE, etag.as_str())];
        assert_eq!(
            refused(fetch(&world, &order, &same).await).await,
            (StatusCode::PRECONDITION_FAILED, "backup.replaced".into())
        );
    });
}

#[test]
fn a_backup_that_is_gone_is_told_from_an_empty_one() {
    run(async {
        let (world, order) = handed_over(demo::sciences(), 12).await;
        world.remotes[0].set(Trap::EmptyDownload);
        assert_eq!(refused(fetch(&world, &order, &[]).await).await, (StatusCode::GONE, "backup.gone".into()));
    });
}

#[test]
fn a_backup_is_given_only_for_its_own_ticket_and_only_while_it_is_transferred() {
    run(async {
        let (world, order) = handed_over(demo::sciences(), 12).await;
        let api = world.log_in("teacher2").await;
        let other = api.schedule_one(world.choice(0, 14)).await;
        world.cron().await;
        let others = world.client.until_job(|job| job.job == other.id.as_str()).await;

        let ticket = |ticket: &str| Job { ticket: ticket.to_owned(), ..order.clone() };
        let refused_with_401 = (StatusCode::UNAUTHORIZED, ErrorCode::BackupTicket.to_string());
        for (what, asked) in [
            ("no ticket", ticket("")),
            ("a guess", ticket(&"0".repeat(64))),
            ("another restore's", ticket(&others.ticket)),
            ("a session", ticket(&api.token)),
            ("another attempt's", Job { attempt: order.attempt + 1, ..order.clone() }),
        ] {
            assert_eq!(refused(fetch(&world, &asked, &[]).await).await, refused_with_401, "{what}");
        }
        assert_eq!(fetch(&world, &order, &[]).await.status(), StatusCode::OK);
    });
}

#[test]
fn a_ticket_is_worth_nothing_once_its_restore_has_ended() {
    run(async {
        let world = World::start(Options::default()).await;
        world.client.set(ClientTrap::Hold { at: Stage::Extracting }, None);
        let api = world.log_in("teacher1").await;
        let restore = api.schedule_one(world.choice(0, 12)).await;
        world.cron().await;
        let order = world.client.until_job(|job| job.state == Stage::Extracting).await;
        world.client.clear();
        world.tick_until(&api, &restore, |restore| restore.status.ended()).await;
        let refusal = (StatusCode::GONE, ErrorCode::BackupGone.to_string());
        assert_eq!(refused(fetch(&world, &order, &[]).await).await, refusal);
    });
}
