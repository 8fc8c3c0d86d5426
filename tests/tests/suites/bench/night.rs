//! How many restores an hour carries.

use super::{Row, quick, timed};
use crate::harness::{Api, Options, World, courses_named, courses_of, run};
use courseferry_api::Hurry;
use courseferry_tests::{client::Stage, remote::RemoteConfig};
use futures::future::{join_all, select};
use serde_json::json;
use std::{
    pin::pin,
    time::{Duration, Instant},
};
use tokio::time::sleep;

const REMOTES: usize = 20;
const PEOPLE: [&str; 3] = ["creator", "teacher1", "teacher2"];
const BACKUP: Duration = Duration::from_secs(1);

fn remote(n: usize, each: i64) -> RemoteConfig {
    let mut remote = courses_of(&[], &[]);
    remote.name = format!("Remote {n}");
    remote.backup_time = BACKUP;
    for (k, person) in (0..).zip(PEOPLE) {
        let courses = courses_named(100 * k + 1..=100 * k + each, |id| format!("Course {id}"), &[person]);
        remote.courses.extend(courses.courses);
    }
    remote
}

/// What the original does: a backup, its download, the next one.
async fn one_after_another(world: &World, number: i64) -> Duration {
    let http = reqwest::Client::new();
    let remote = &world.remotes[0];
    let token = remote.config().token.as_str();
    let block = "my_external_backup_restore_courses";
    let ((), time) = timed(async {
        for course in 1..=number {
            let function = format!("block_{block}_get_courses_zip");
            let form = [
                ("wstoken", token),
                ("wsfunction", &function),
                ("moodlewsrestformat", "json"),
                ("username", PEOPLE[0]),
                ("courseid", &course.to_string()),
            ];
            let made =
                http.post(format!("{}/webservice/rest/server.php", remote.address())).form(&form).send().await.unwrap();
            assert!(made.status().is_success());
            let made = remote.made().pop().expect("a backup");
            let script = format!("{}/blocks/{block}/get_user_backup_course_webservice.php", remote.address());
            let form = [("token", token), ("filerecordid", &made.filerecordid.to_string())];
            let file = http.post(script).form(&form).send().await.unwrap().bytes().await.unwrap();
            assert_eq!(file.len() as u64, made.bytes);
        }
    })
    .await;
    time
}

/// The invocations of every minute for `minutes`, as `wrangler.toml` has them. A minute is a minute here, and none waits for
/// the one before it.
async fn minutes(world: &World, minutes: u64) {
    join_all((0..minutes).map(async |minute| {
        sleep(Duration::from_secs(60 * minute)).await;
        join_all(["* * * * *", "*/1 * * * *", "0-59 * * * *"].map(|cron| world.try_cron_of(cron))).await;
    }))
    .await;
}

/// What the companion does: it says so whenever a download or a restore has ended.
async fn hurry(world: &World, api: &Api) {
    let mut said = (0, 0);
    loop {
        let jobs = world.client.jobs();
        let count = |ended: fn(Stage) -> bool| jobs.iter().filter(|job| ended(job.state)).count();
        let ended = (count(|stage| !matches!(stage, Stage::Pending | Stage::Downloading)), count(Stage::is_over));
        if ended != said {
            said = ended;
            let companion = api.with_token(&world.service_token(json!({})));
            companion.raw(companion.to(&Hurry)).await;
        }
        sleep(Duration::from_millis(100)).await;
    }
}

#[test]
#[ignore = "measures; asserts no figure"]
fn restores_of_an_hour() {
    run(async {
        let (each, passed) = if quick() { (10, 1) } else { (80, 8) };
        let number = REMOTES * PEOPLE.len() * usize::try_from(each).unwrap();
        let remotes = (0..REMOTES).map(|n| remote(n, each)).collect();
        let options = Options::default().set("onlyoneremoteinstance", "0").set("stay_seconds", "50");
        let world = World::start(options.remotes(remotes)).await;
        let reference = 10.0 * 3_600.0 / one_after_another(&world, 10).await.as_secs_f64();
        for (k, person) in (0..).zip(PEOPLE) {
            let api = world.log_in(person).await;
            for n in 0..REMOTES {
                api.schedule((1..=each).map(|id| world.choice(n, 100 * k + id)).collect()).await;
            }
        }
        let api = world.log_in(PEOPLE[0]).await;
        let begun = Instant::now();
        let end = async {
            while world.client.restored().len() < number && begun.elapsed() < Duration::from_secs(60 * passed) {
                sleep(Duration::from_millis(500)).await;
            }
        };
        let life = async { futures::join!(minutes(&world, passed), hurry(&world, &api)) };
        select(pin!(end), pin!(life)).await;
        let (arrived, elapsed) = (world.client.restored().len(), begun.elapsed());
        #[expect(clippy::cast_precision_loss, reason = "some hundreds")]
        let an_hour = 3_600.0 * arrived as f64 / elapsed.as_secs_f64();
        Row::new("restores an hour, 20 originals, backups of 1 s", "restores", an_hour.round())
            .beside("one after another, as the original does", reference.round())
            .at_least(20.0)
            .note(format!("{arrived} of {number} in {:.0} s, three invocations a minute", elapsed.as_secs_f64()))
            .report();
    });
}
