//! What one request costs the Worker.

use super::{Row, milliseconds, quick, timed};
use crate::harness::{Options, Worker, World, courses_named, root, run};
use courseferry_api::{Choice, Endpoint, GetHome, ListCourses, ListRestores, Schedule, ScheduleRequest};
use reqwest::{Client, Method, RequestBuilder};
use std::collections::BTreeMap;

/// Requests before those that are measured.
const WARM: usize = 200;
/// Restores of somebody who looks how they fare.
const FEW: usize = 10;

/// Sends requests one after another, of which the first `warm` are not measured: code that has run some hundred times is
/// compiled better. The middle one's time, the slowest hundredth's, and the processor time of each.
async fn measure(worker: &Worker, warm: usize, number: usize, request: impl Fn(usize) -> RequestBuilder) -> [f64; 3] {
    let mut times = Vec::new();
    let mut before = 0.0;
    for n in 0..warm + number {
        if n == warm {
            before = worker.processor_seconds();
            times.clear();
        }
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
        let reference = measure(&constant, WARM, number, |_| http.get(&origin)).await;

        let remote = courses_named(1..=800, |id| format!("Course {id}"), &["teacher1"]);
        let options = Options::default().set("cache_minutes", "60").set("settle_seconds", "3000");
        let world = World::start(options.remotes(vec![remote])).await;
        let api = world.log_in("teacher1").await;
        api.courses(world.remote(0)).await;
        let list = ListCourses { remote: world.remote(0).clone() }.path();
        let with_session =
            |method, path: &str| http.request(method, format!("{}{path}", world.worker.origin)).bearer_auth(&api.token);
        let choice = |n: usize| -> Choice { world.choice(0, i64::try_from(n).unwrap() + 1) };
        // As many as somebody brings who looks how they fare.
        api.schedule((0..FEW).map(choice).collect()).await;
        let schedule = |n: usize| {
            let choice = choice(FEW + n);
            with_session(Method::POST, &Schedule.path()).json(&ScheduleRequest { choices: vec![choice], now: false })
        };
        let scheduled = if quick() { 50 } else { 100 };
        let worker = &world.worker;
        let get = |path: &str| {
            let path = path.to_owned();
            move |_| with_session(Method::GET, &path)
        };
        let home = measure(worker, WARM, number, get(&GetHome.path())).await;
        let few = measure(worker, WARM, number, get(&ListRestores.path())).await;
        let cached = measure(worker, WARM, number, get(&list)).await;
        let schedule = measure(worker, scheduled, scheduled, schedule).await;
        let many = measure(worker, WARM, number, get(&ListRestores.path())).await;
        for (what, number, figures) in [
            (format!("home with {FEW} restores"), number, home),
            (format!("status of {FEW} restores"), number, few),
            (format!("status of {} restores", FEW + 2 * scheduled), number, many),
            ("list of 800 courses, cached".to_owned(), number, cached),
            ("schedule one course".to_owned(), scheduled, schedule),
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
