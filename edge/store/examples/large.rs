//! What daily work costs the database after years: `cargo run --release -p courseferry-store --example large [-- --quick]`.
//!
//! Each piece of work is timed in the simulated world on SQLite, with 1,000, 100,000 and (unless `--quick`) 1,000,000
//! ended restores and twice as many lines of the audit. The table goes to stderr, one JSON object to stdout.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::expect_used,
    clippy::panic,
    reason = "no part of the Worker"
)]
#![expect(clippy::cast_precision_loss, reason = "figures")]
#![expect(clippy::disallowed_methods, reason = "it times real work")]
#![expect(clippy::wildcard_imports, reason = "the simulated world of the tests is part of it")]
#![expect(dead_code, reason = "the simulated world of the tests can do more than is timed")]

#[path = "../tests/sqlite/filled.rs"]
mod filled;
#[path = "../tests/sqlite/world.rs"]
mod world;

use courseferry_api::*;
use courseferry_ferry::Claims;
use courseferry_store::queries;
use futures::executor::block_on;
use rusqlite::Connection;
use serde_json::{Map, Value, json};
use std::time::Instant;
use world::{LETTRES, SCIENCES, World};

/// How much a piece of work may take at the largest size, beside the smallest.
const GOAL: f64 = 1.2;
/// Times that a piece of work is done; the quickest counts, since the machine may have other work too.
const TIMES: usize = 25;

/// What was timed, in milliseconds.
type Timed = Vec<(&'static str, f64)>;

fn main() {
    let quick = std::env::args().any(|argument| argument == "--quick");
    let sizes: &[u32] = if quick { &[1_000, 100_000] } else { &[1_000, 100_000, 1_000_000] };
    let timed: Vec<Timed> = sizes.iter().map(|size| at_size(*size)).collect();
    let rows: Vec<Value> = (0..timed[0].len())
        .map(|place| {
            let what = timed[0][place].0;
            let ms: Map<String, Value> =
                sizes.iter().zip(&timed).map(|(size, all)| (size.to_string(), json!(all[place].1))).collect();
            let ratio = timed[timed.len() - 1][place].1 / timed[0][place].1;
            let all = timed.iter().map(|all| format!("{:>9.3}", all[place].1)).collect::<Vec<_>>().join(" ");
            eprintln!("{what:<34}{all} ms  {ratio:>6.2} x");
            json!({"what": what, "ms": ms, "ratio": ratio, "goal": GOAL})
        })
        .collect();
    println!("{}", json!({"sizes": sizes, "rows": rows}));
}

/// A world with so many ended restores, and what is the same in each: forty of one teacher, fifty that failed today.
fn filled(restores: u32) -> World {
    // On disk, as D1 is: a million restores in memory would spread over the heap that the measured work uses too. SQLite
    // deletes a file without a name when it is closed.
    let world = World::over(world::migrated(Connection::open("").unwrap()), &[("attempts", "8")]);
    filled::fill(&world, restores);
    // What is read again and again stays in memory.
    world.database.connection.execute_batch("PRAGMA cache_size = -1000000").unwrap();
    let now = world.now.get();
    let copy = |number: u32, what: &str, from: i64| {
        format!(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {number})
             INSERT INTO restores (id, batch, user_id, username, user_name, locale, remote, course, full_name, short_name,
                 identifier, search, target, status, since, created, not_before, finished, attempt, warnings, error)
             SELECT printf('%032x', {from} + i), 'their batch', 1, 'ada', 'Ada', 'en', '{SCIENCES}', {from} + i,
                 'Own course', 'OWN', '', 'ada own course', 'default', '{what}', {now} - 600, {now} - 600, {now} - 600,
                 {now} - 600, 1, '[]', iif('{what}' = 'failed', 'remote.not_owner', NULL)
             FROM n;"
        )
    };
    let same = copy(40, "restored", 900_000_000) + &copy(50, "failed", 910_000_000);
    world.database.connection.execute_batch(&same).unwrap();
    for remote in [SCIENCES, LETTRES] {
        world.bears(remote, 4);
    }
    // What a first tick learns and looks after is not the daily work.
    for _ in 0..3 {
        world.tick();
        world.wait(60);
    }
    world
}

fn milliseconds(work: impl FnOnce()) -> f64 {
    let begun = Instant::now();
    work();
    begun.elapsed().as_secs_f64() * 1_000.0
}

fn quickest(mut work: impl FnMut()) -> f64 {
    quickest_of(|| milliseconds(&mut work))
}

fn quickest_of(timed: impl FnMut() -> f64) -> f64 {
    std::iter::repeat_with(timed).take(TIMES).fold(f64::INFINITY, f64::min)
}

/// The same for work that changes the world: each time is undone, so that every time has the same to do.
fn quickest_undone(world: &World, mut work: impl FnMut()) -> f64 {
    let (now, connection) = (world.now.get(), &world.database.connection);
    let usernames = world.companion.borrow().usernames.clone();
    quickest_of(|| {
        connection.execute_batch("BEGIN").unwrap();
        let taken = milliseconds(&mut work);
        connection.execute_batch("ROLLBACK").unwrap();
        world.now.set(now);
        world.remotes.take();
        world.companion.replace(world::Companion { usernames: usernames.clone(), ..Default::default() });
        taken
    })
}

fn at_size(restores: u32) -> Timed {
    let world = filled(restores);
    let (store, sciences): (_, RemoteId) = (world.store(), SCIENCES.parse().unwrap());
    let search = |text: &str, status: Option<Status>, after: &str| {
        let query =
            RestoreQuery { search: text.to_owned(), status, after: after.to_owned(), ..RestoreQuery::default() };
        block_on(store.search(&query, 50)).unwrap().next.unwrap_or_default()
    };
    let page_10 = (0..10).fold(String::new(), |after, _| search("", None, &after));
    let now = || world.time();
    let week = || world.time().plus(-7 * 86_400);
    let mut timed: Timed = vec![
        (
            "tick, idle",
            quickest(|| {
                world.tick();
            }),
        ),
        (
            "home: a person's restores",
            quickest(|| {
                block_on(store.ask(queries::restores_of(UserId(1), 500))).unwrap();
                block_on(store.scheduled_since(UserId(1), now().plus(-86_400))).unwrap();
            }),
        ),
        (
            "a list: what became of courses",
            quickest(|| {
                let courses: Vec<RemoteCourseId> = (900_000_001..900_000_031).map(RemoteCourseId).collect();
                block_on(store.restores_of_courses(&sciences, &courses)).unwrap();
            }),
        ),
        (
            "Manage: first page",
            quickest(|| {
                block_on(store.failures(week(), true)).unwrap();
                block_on(store.queue()).unwrap();
                block_on(store.row_faults(week())).unwrap();
            }),
        ),
        ("Manage: restores", quickest(|| drop(search("", None, "")))),
        ("Manage: restores, page 10", quickest(|| drop(search("", None, &page_10)))),
        ("Manage: failed restores", quickest(|| drop(search("", Some(Status::Failed), "")))),
        ("Manage: search, a rare name", quickest(|| drop(search("own course", None, "")))),
        ("Manage: search, two letters", quickest(|| drop(search("ad", None, "")))),
        (
            "Manage: audit",
            quickest(|| {
                block_on(store.audit(0)).unwrap();
            }),
        ),
        (
            "Manage: audit, page 15",
            quickest(|| {
                block_on(store.audit(15)).unwrap();
            }),
        ),
        (
            "audit as CSV, a piece",
            quickest(|| {
                block_on(store.audit_after(0, now().plus(-400 * 86_400), now(), 500)).unwrap();
            }),
        ),
    ];
    for number in 0..100 {
        world.schedule(1 + number % 12, if number % 2 == 0 { SCIENCES } else { LETTRES }, 1_000_000 + number);
    }
    timed.push((
        "claim: the queue, 100 waiting",
        quickest(|| {
            block_on(Claims::queue(&store, now(), true)).unwrap();
        }),
    ));
    timed.push((
        "tick, 100 waiting",
        quickest_undone(&world, || {
            world.tick();
        }),
    ));
    timed.push((
        "retry all, 50 restores",
        quickest_undone(&world, || {
            let again = store.retry_all("remote.not_owner", Some(&sciences), week(), true, now());
            assert_eq!(block_on(again).unwrap(), 50);
        }),
    ));
    // There must be as much to delete in the small database as in the large one: the oldest 600 hold no course any more.
    // The first clean-up deletes 300 of them and makes 300 anonymous; the one that is timed deletes these, and makes the
    // next 300 anonymous.
    let freed = "UPDATE restores SET exclusive_key = NULL
                 WHERE rowid IN (SELECT rowid FROM restores WHERE finished IS NOT NULL ORDER BY finished LIMIT 600)";
    world.database.connection.execute_batch(freed).unwrap();
    let clean = || {
        let count = || -> u32 {
            let sql = "SELECT sum(number) FROM restore_counts";
            world.database.connection.query_row(sql, (), |row| row.get(0)).unwrap()
        };
        let before = count();
        block_on(store.clean(now(), 1, 1)).unwrap();
        assert_eq!(before - count(), 300);
    };
    clean();
    timed.push(("clean, 300 of each", quickest_undone(&world, clean)));
    timed
}
