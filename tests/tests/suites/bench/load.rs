//! A thousand teachers at once, ten thousand restores: `cargo xtask bench load`.

use super::{Row, milliseconds, quick, timed};
use crate::harness::{ApiError, Options, World, courses_named, courses_of, run};
use courseferry_api::{ErrorCode, GetHome, ListCourses, Schedule, ScheduleRequest};
use courseferry_tests::remote::RemoteConfig;
use futures::{StreamExt, stream};
use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};
use tokio::time::sleep;

const REMOTES: usize = 20;
const COURSES_EACH: i64 = 10;
/// Teachers who press at the same moment.
const AT_ONCE: usize = 50;
const BOUND: Duration = Duration::from_mins(25);

fn teacher(n: usize) -> String {
    format!("load{n:04}")
}

/// The courses of every teacher whose remote this is.
fn remote(n: usize, teachers: usize) -> RemoteConfig {
    let mut remote = courses_of(&[], &[]);
    remote.name = format!("Remote {n}");
    remote.usernames = (n..teachers).step_by(REMOTES).map(teacher).collect();
    for teacher_number in (n..teachers).step_by(REMOTES) {
        let first = i64::try_from(teacher_number).unwrap() * COURSES_EACH + 1;
        let own = first..first + COURSES_EACH;
        let courses = courses_named(own, |id| format!("Course {id}"), &[&teacher(teacher_number)]);
        remote.courses.extend(courses.courses);
    }
    remote
}

/// Repeats the request while the Worker answers that it is too early; any other error ends the run.
async fn patiently<T>(waits: &AtomicU32, ask: impl AsyncFn() -> Result<T, ApiError>) -> T {
    loop {
        match ask().await {
            Ok(answer) => return answer,
            Err(error) if error.code() == ErrorCode::RequestTooMany => {
                waits.fetch_add(1, Ordering::Relaxed);
                sleep(Duration::from_secs(5)).await;
            }
            Err(error) => panic!("{error:?}"),
        }
    }
}

#[test]
#[ignore = "measures: minutes of a busy machine"]
fn a_thousand_teachers_and_ten_thousand_restores() {
    run(async {
        let teachers = if quick() { 100 } else { 1_000 };
        let remotes = (0..REMOTES).map(|n| remote(n, teachers)).collect();
        let options = Options::default().set("rate_limits", "1").set("onlyoneremoteinstance", "0");
        let world = World::start(options.remotes(remotes)).await;
        let like = world.client.user("teacher1").expect("a demo user");
        world.client.change(|site| {
            let new = (0..teachers).map(|n| courseferry_tests::client::User {
                id: 10_000 + i64::try_from(n).unwrap(),
                username: teacher(n),
                ..like.clone()
            });
            site.users.extend(new);
        });
        let (world, waits) = (&world, &AtomicU32::new(0));
        let idle = world.worker.resident_bytes();
        let begun = Instant::now();
        let press = |n: usize| async move {
            let open = async || world.open(&world.client.launch_token(&teacher(n)).expect("a launch token")).await;
            let ((api, _), opened) = timed(patiently(waits, open)).await;
            let (_, home) = timed(patiently(waits, async || api.get(&GetHome).await)).await;
            let courses = ListCourses { remote: world.remote(n % REMOTES).clone() };
            let list = patiently(waits, async || api.get(&courses).await).await;
            assert_eq!(list.courses.len(), usize::try_from(COURSES_EACH).unwrap(), "their own and nobody else's");
            let choices: Vec<_> = list.courses.iter().map(|course| world.choice(n % REMOTES, course.id.0)).collect();
            let request = ScheduleRequest { choices, now: false };
            let ask = async || api.post(&Schedule, &request).await;
            let (answer, scheduled) = timed(patiently(waits, ask)).await;
            let rows =
                answer.results.into_iter().map(|result| result.restore.expect("scheduled").id).collect::<Vec<_>>();
            (rows, [opened, home, scheduled])
        };
        let mut pressed: Vec<_> = stream::iter(0..AT_ONCE).map(press).buffer_unordered(AT_ONCE).collect().await;
        // What the first wave needed is kept and used again; whatever grows from here on grows with the work.
        let warm = world.worker.resident_bytes();
        pressed.extend(stream::iter(AT_ONCE..teachers).map(press).buffer_unordered(AT_ONCE).collect::<Vec<_>>().await);
        let all_pressed = begun.elapsed();
        let wanted: Vec<_> =
            pressed.iter().flat_map(|(rows, _)| rows.iter().map(|id| id.as_str().to_owned())).collect();

        let mut most = world.worker.resident_bytes();
        while world.client.restored().len() < wanted.len() {
            assert!(begun.elapsed() < BOUND, "{} of {} after {BOUND:?}", world.client.restored().len(), wanted.len());
            world.cron().await;
            most = most.max(world.worker.resident_bytes());
        }
        let whole = begun.elapsed();
        let mut courses: BTreeMap<String, u32> = BTreeMap::new();
        for course in world.client.courses() {
            if let Some(job) = course.job {
                *courses.entry(job).or_default() += 1;
            }
        }
        let otherwise: Vec<_> = wanted.iter().filter(|id| courses.get(*id) != Some(&1)).collect();
        assert!(otherwise.is_empty(), "each restore is done once: {otherwise:?} are not");
        assert_eq!(courses.len(), wanted.len(), "and nothing else");

        let note = format!(
            "{teachers} teachers, {} restores, {} answers \"wait\" (429)",
            wanted.len(),
            waits.load(Ordering::Relaxed)
        );
        for (n, what) in ["sign-in", "first screen", "scheduling ten courses"].into_iter().enumerate() {
            let mut times: Vec<_> = pressed.iter().map(|(_, times)| milliseconds(times[n])).collect();
            times.sort_by(f64::total_cmp);
            Row::new(format!("load: {what}, p50, {AT_ONCE} at once"), "ms", times[times.len() / 2])
                .note(format!("{note}; p99 {:.0} ms", times[times.len() * 99 / 100]))
                .report();
        }
        Row::new("load: until all had pressed", "s", all_pressed.as_secs_f64()).note(&note).report();
        Row::new("load: until all was restored, once each", "s", whole.as_secs_f64()).note(&note).report();
        for (since, bytes) in [("idle", idle), ("the first wave", warm)] {
            #[expect(clippy::cast_precision_loss, reason = "megabytes")]
            let megabytes = most.saturating_sub(bytes) as f64 / f64::from(1 << 20);
            Row::new(format!("load: memory over {since}"), "MB", megabytes).limit(128.0).note(&note).report();
        }
    });
}
