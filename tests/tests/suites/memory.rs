//! What others send, however much of it, stays within the memory that the platform gives the Worker.

use crate::harness::{Api, Options, World, courses_named, courses_of, run};
use courseferry_api::{
    Endpoint, ErrorCode, GetHome, GetOverview, ListAllRestores, ListCourses, ListRestores, RefreshQuery, Status,
};
use courseferry_tests::{
    client::ClientTrap,
    demo,
    remote::{RemoteConfig, Trap},
};
use futures::future::join_all;
use serde::de::DeserializeOwned;
use std::time::Duration;
use tokio::time::sleep;

/// The platform's limit for all that an isolate keeps. What is measured here, the process over its idle state, holds
/// the database too, and so is an upper bound.
const LIMIT: u64 = 128 << 20;
const HUGE: usize = 1_900_000;
/// Nothing that a page shows is longer, whatever it was made of.
const ANSWER: usize = 200_000;
const FAILING: usize = 12;

/// The memory that the Worker takes at most, over what it had, while something is done.
async fn most_memory_while<T>(world: &World, work: impl Future<Output = T>) -> (T, u64) {
    let (idle, mut most) = (world.worker.resident_bytes(), 0);
    let mut work = std::pin::pin!(work);
    loop {
        tokio::select! {
            done = &mut work => return (done, most),
            () = sleep(Duration::from_millis(10)) => most = most.max(world.worker.resident_bytes().saturating_sub(idle)),
        }
    }
}

/// Reads what pages show, and returns the longest answer's length.
async fn look_at_everything(api: &Api, admin: &Api) -> usize {
    let lengths = [
        length(api, &ListRestores).await,
        length(api, &GetHome).await,
        length(admin, &GetOverview).await,
        length(admin, &ListAllRestores).await,
    ];
    lengths.into_iter().max().unwrap_or_default()
}

/// How long an endpoint's answer is, which must be readable.
async fn length<E: Endpoint<Answer: DeserializeOwned>>(api: &Api, endpoint: &E) -> usize {
    let (status, text) = api.raw(api.to(endpoint)).await;
    assert!(status.is_success(), "{}: {text:.300}", endpoint.path());
    serde_json::from_str::<E::Answer>(&text).unwrap();
    text.len()
}

#[test]
fn errors_of_two_megabytes_on_twelve_rows_are_cut_before_they_are_kept() {
    run(async {
        let remotes: Vec<_> =
            (0..FAILING).map(|n| RemoteConfig { name: format!("Remote {n}"), ..demo::sciences() }).collect();
        let options = Options::default().set("onlyoneremoteinstance", "0").set("attempts", "1");
        let world = World::start(options.remotes(remotes)).await;
        let (teacher, admin) = (world.log_in("teacher1").await, world.log_in("admin").await);
        let mut rows = Vec::new();
        for n in 0..FAILING {
            rows.push(teacher.schedule_one(world.choice(n, 12)).await);
        }
        world.remotes.iter().for_each(|remote| remote.set(Trap::LongError { bytes: HUGE }));
        let (longest, most) = most_memory_while(&world, async {
            for row in &rows {
                world.tick_until(&teacher, row, |row| row.failures > 0).await;
            }
            join_all((0..8).map(|_| look_at_everything(&teacher, &admin))).await.into_iter().max().unwrap()
        })
        .await;
        println!("{} MB over idle; the longest answer has {longest} bytes", most >> 20);
        assert!(most < LIMIT, "{} MB over idle", most >> 20);
        assert!(longest < ANSWER, "{longest} bytes");
    });
}

#[test]
fn lists_and_names_of_megabytes_are_read_within_memory() {
    run(async {
        let huge = "n".repeat(HUGE);
        let mut endless = courses_of(&[(7, &huge), (8, "Optics")], &["teacher1"]);
        endless.name = huge.clone();
        let people = ["teacher1", "teacher2", "creator"];
        let topology = |padding: usize| move |id: i64| format!("Topology {id} {}", "x".repeat(padding));
        let many = courses_named(1..=9_000, topology(100), &people);
        let long = courses_named(1..=700, topology(9_800), &people);
        let world = World::start(Options::default().remotes(vec![many, long, endless])).await;
        let admin = world.log_in("admin").await;
        let mut sessions = Vec::new();
        for person in people {
            sessions.push(world.log_in(person).await);
        }
        let (world, sessions, admin) = (&world, &sessions, &admin);
        let ((), most) = most_memory_while(world, async {
            let lists = join_all(sessions.iter().flat_map(|api| {
                [0, 1].map(|n| async move {
                    let list = ListCourses { remote: world.remote(n).clone() };
                    api.find(&list, &RefreshQuery { refresh: true }).await
                })
            }));
            for (list, number) in lists.await.into_iter().zip([9_000, 700].into_iter().cycle()) {
                let list = list.expect("a list");
                assert_eq!((list.courses.len(), list.problem), (number, None));
            }
            let list = sessions[0].courses(world.remote(2)).await;
            assert_eq!(list.courses.len(), 2);
            assert!(list.courses.iter().all(|course| course.full_name.len() < 2_000), "cut where it is read");
            let restore = sessions[0].schedule_one(world.choice(2, 8)).await;
            world.tick_until(&sessions[0], &restore, |restore| restore.status.ended()).await;
            let longest = look_at_everything(&sessions[0], admin).await;
            assert!(longest < ANSWER, "{longest} bytes");
        })
        .await;
        println!("{} MB over idle", most >> 20);
        assert!(most < LIMIT, "{} MB over idle", most >> 20);
    });
}

#[test]
fn a_remote_that_floods_packs_drips_or_sends_elsewhere_costs_its_own_list_alone_within_memory_and_time() {
    run(async {
        let hostile = [
            ("Floods", Trap::EndlessAnswer, ErrorCode::RemoteTooLarge),
            ("Packs", Trap::PackedAnswer, ErrorCode::RemoteTooLarge),
            // After the seconds that any Moodle may take, whatever arrived meanwhile.
            ("Drips", Trap::DrippingAnswer, ErrorCode::RemoteTimeout),
            ("Leads elsewhere", Trap::RedirectedAnswer, ErrorCode::RemoteWrongAddress),
        ];
        let names = hostile.iter().map(|(name, ..)| *name).chain(["Good"]);
        let remotes = names.map(|name| RemoteConfig { name: name.to_owned(), ..demo::sciences() }).collect();
        let world = World::start(Options::default().remotes(remotes)).await;
        for (remote, (_, trap, _)) in world.remotes.iter().zip(hostile) {
            remote.set(trap);
        }
        let api = world.log_in("teacher1").await;
        let (world, api) = (&world, &api);
        let asked = (0..=hostile.len()).map(|n| api.courses(world.remote(n)));
        let (mut lists, most) = most_memory_while(world, join_all(asked)).await;
        let good = lists.pop().expect("the good one's list");
        assert!(good.problem.is_none() && !good.courses.is_empty(), "{good:?}");
        for (list, (name, _, code)) in lists.into_iter().zip(hostile) {
            assert_eq!(list.problem.map(|problem| problem.code), Some(code), "{name}");
            assert!(list.courses.is_empty(), "{name}");
        }
        assert!(most < LIMIT, "{} MB over idle", most >> 20);
    });
}

#[test]
fn five_thousand_warnings_of_one_restore_keep_nobody_elses_from_being_collected() {
    run(async {
        let world = World::start(Options::default()).await;
        let (noisy, other) = (world.log_in("teacher1").await, world.log_in("teacher2").await);
        world.client.set(ClientTrap::ManyWarnings { count: 5_000 }, Some(1));
        let first = noisy.schedule_one(world.choice(0, 12)).await;
        let first = world.tick_until(&noisy, &first, |restore| restore.status.ended()).await;
        assert!((1..=50).contains(&first.warnings.len()), "{}", first.warnings.len());
        let second = other.schedule_one(world.choice(0, 14)).await;
        let second = world.tick_until(&other, &second, |restore| restore.status.ended()).await;
        assert_eq!(second.status, Status::Restored);
    });
}
