//! What one request costs the Worker.

use super::{Row, milliseconds, quick, timed};
use crate::harness::{Options, Worker, World, courses_named, root, run};
use courseferry_api::{Choice, Endpoint, GetHome, ListCourses, ListRestores, Schedule, ScheduleRequest};
use reqwest::{Client, Method, RequestBuilder};
use std::collections::BTreeMap;

/// Sends requests one after another; the middle one's time, the slowest hundredth's, and the processor time of each.
async fn measure(worker: &Worker, number: usize, request: impl Fn(usize) -> RequestBuilder) -> [f64; 3] {
    let mut times = Vec::new();
    let before = worker.processor_seconds();
    for n in 0..number {
        let (status, time) = timed(async {
            let answer = request(n).send().await.expect("an answer");
            let status = answer.status();
            answer.bytes().await.expect("its body");
            status
        })
        .await;
        assert!(status.is_success(), "{status}");
        times.push(milliseconds(time));
    }
    #[expect(clippy::cast_precision_loss, reason = "some hundreds")]
    let each = (worker.processor_seconds() - before) * 1_000.0 / number as f64;
    times.sort_by(f64::total_cmp);
    [times[number / 2], times[number * 99 / 100], each]
}

#[test]
#[ignore = "measures; asserts no figure"]
fn one_request() {
    run(async {
        let number = if quick() { 100 } else { 400 };
        let mut constant = Worker::reserve().of(root("tests/reference/worker/wrangler.toml"));
        constant.start(&BTreeMap::new()).await;
        let http = Client::new();
        let origin = constant.origin.clone();
        let plain = |_| http.get(&origin);
        measure(&constant, 50, plain).await;
        let reference = measure(&constant, number, plain).await;

        let remote = courses_named(1..=800, |id| format!("Course {id}"), &["teacher1"]);
        let options = Options::default().set("cache_minutes", "60").set("settle_seconds", "3000");
        let world = World::start(options.remotes(vec![remote])).await;
        let api = world.log_in("teacher1").await;
        api.courses(world.remote(0)).await;
        let list = ListCourses { remote: world.remote(0).clone() }.path();
        let with_session =
            |method, path: &str| http.request(method, format!("{}{path}", world.worker.origin)).bearer_auth(&api.token);
        let schedule = |n: usize| {
            let choice: Choice = world.choice(0, i64::try_from(n).unwrap() + 1);
            with_session(Method::POST, &Schedule.path()).json(&ScheduleRequest { choices: vec![choice], now: false })
        };
        let scheduled = if quick() { 50 } else { 100 };
        // Like the reference: code that has run a few times is compiled better.
        measure(&world.worker, 50, |_| with_session(Method::GET, &GetHome.path())).await;
        for (what, number, figures) in [
            ("home", number, measure(&world.worker, number, |_| with_session(Method::GET, &GetHome.path())).await),
            (
                "list of 800 courses, cached",
                number,
                measure(&world.worker, number, |_| with_session(Method::GET, &list)).await,
            ),
            ("schedule one course", scheduled, measure(&world.worker, scheduled, schedule).await),
            (
                "status of one's restores",
                number,
                measure(&world.worker, number, |_| with_session(Method::GET, &ListRestores.path())).await,
            ),
        ] {
            let beside = "a Rust Worker that answers a constant";
            let note = format!("{number} requests, one after another");
            Row::new(format!("{what}: p50"), "ms", figures[0])
                .beside(beside, reference[0])
                .at_most(3.0)
                .note(&note)
                .report();
            Row::new(format!("{what}: p99"), "ms", figures[1]).beside(beside, reference[1]).note(&note).report();
            Row::new(format!("{what}: processor time"), "ms", figures[2])
                .beside(beside, reference[2])
                .note("workerd's, its database included")
                .report();
        }
    });
}
