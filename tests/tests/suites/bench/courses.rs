//! How long a teacher waits for the courses of many remotes.

use super::{Row, milliseconds, timed};
use crate::harness::{Options, World, run};
use courseferry_api::ListCourses;
use courseferry_tests::{
    demo,
    remote::{RemoteConfig, Trap},
};
use futures::{StreamExt, stream::FuturesUnordered};
use std::time::{Duration, Instant};

/// What each remote takes for an answer.
const SLOW: f64 = 0.3;

async fn world_of(remotes: usize) -> World {
    let remotes = (0..remotes).map(|n| RemoteConfig { name: format!("Remote {n}"), ..demo::sciences() }).collect();
    let world = World::start(Options::default().set("cache_minutes", "15").remotes(remotes)).await;
    for remote in &world.remotes {
        remote.set(Trap::Slow { seconds: SLOW });
        remote.set(Trap::SlowSiteInfo { seconds: SLOW });
    }
    // What the Worker learns of the client and builds once is not this teacher's wait.
    world.log_in("teacher2").await;
    world
}

/// From the press to the first and the last list; `hanging` of the remotes never answer, and are not awaited.
async fn wait_for_lists(world: &World, hanging: usize) -> (Duration, Duration) {
    let begun = Instant::now();
    let api = world.log_in("teacher1").await;
    let mut lists: FuturesUnordered<_> = (0..world.remotes.len())
        .map(|n| {
            let (api, list) = (&api, ListCourses { remote: world.remote(n).clone() });
            async move { api.get(&list).await }
        })
        .collect();
    let mut at = Vec::new();
    while at.len() < world.remotes.len() - hanging {
        let list = lists.next().await.expect("a list").expect("an answer");
        assert!(!list.courses.is_empty() && list.problem.is_none());
        at.push(begun.elapsed());
    }
    (at[0], at[at.len() - 1])
}

/// The original asks each remote for its name and its courses, and then the next one.
async fn one_after_another(world: &World) -> Duration {
    let http = reqwest::Client::new();
    let ask = async |address: &str, form: &[(&str, &str)]| {
        let asked = http.post(format!("{address}/webservice/rest/server.php")).form(form).send().await.unwrap();
        asked.bytes().await.unwrap().len()
    };
    let ((), time) = timed(async {
        for remote in &world.remotes {
            let token = remote.config().token.as_str();
            let basic = [("wstoken", token), ("moodlewsrestformat", "json")];
            let site = [basic.as_slice(), &[("wsfunction", "core_webservice_get_site_info")]].concat();
            ask(remote.address(), &site).await;
            let list = [
                ("wsfunction", "block_my_external_backup_restore_courses_get_courses"),
                ("username", "teacher1"),
                ("concernedroles", ""),
            ];
            assert!(ask(remote.address(), &[basic.as_slice(), &list].concat()).await > 100, "a list");
        }
    })
    .await;
    time
}

#[test]
#[ignore = "measures; asserts no figure"]
fn lists_of_many_remotes() {
    run(async {
        for (remotes, goal) in [(1, None), (5, Some(5.0)), (20, Some(10.0))] {
            let world = world_of(remotes).await;
            let reference = milliseconds(one_after_another(&world).await);
            let (first, all) = wait_for_lists(&world, 0).await;
            let what = |which: &str| format!("{which} courses of {remotes} remote(s) at 300 ms, log-in included");
            let row = |which, time| {
                Row::new(what(which), "ms", milliseconds(time))
                    .beside("two calls a remote, one after another", reference)
            };
            row("first", first).report();
            let row = row("all", all);
            if let Some(goal) = goal { row.faster(goal) } else { row }.report();
        }
        let (well, ill) = (world_of(5).await, world_of(5).await);
        let (_, calm) = wait_for_lists(&well, 0).await;
        ill.remotes[0].clear();
        ill.remotes[0].set(Trap::Hang);
        let (_, beside_hanging) = wait_for_lists(&ill, 1).await;
        Row::new("courses of 4 remotes while a fifth hangs", "ms", milliseconds(beside_hanging))
            .beside("all five answer", milliseconds(calm))
            .at_most(1.05)
            .report();
    });
}
