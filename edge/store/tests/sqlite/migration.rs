//! Migrations keep what is there.

use crate::world::{LETTRES, SCIENCES, World, migrations};
use courseferry_api::*;
use courseferry_ferry::{About, Peers, RemoteState};
use futures::executor::block_on;
use rusqlite::Connection;

fn row(id: u32, remote: &str, username: &str, state: &str, phase: &str, busy_until: i64) -> String {
    format!(
        "INSERT INTO restores (id, batch, user_id, username, user_name, locale, remote, course, full_name, short_name,
             identifier, search, target, status, phase, since, created, not_before, busy_until, attempt, backup, asked)
         VALUES ('{id:032x}', 'b', {id}, '{username}', 'T', 'en', '{remote}', {id}, 'F', 'S', '', '', 'default', '{state}',
             {phase}, 1, 1, 1, {busy_until}, 1, 7, 1);"
    )
}

#[test]
fn rows_that_ran_or_were_busy_keep_their_whole_remote_until_they_are_done_and_waiting_ones_wait() {
    let world = World::new();
    let now = world.now.get();
    let connection = Connection::open_in_memory().unwrap();
    let all = migrations();
    let at = all.iter().position(|file| file.ends_with("0004_remotes.sql")).unwrap();
    let (before, after) = all.split_at(at);
    for file in before {
        connection.execute_batch(&std::fs::read_to_string(file).unwrap()).unwrap();
    }
    let rows = [
        // Two people ran on one remote, and one of another was left busy.
        row(1, SCIENCES, "ada", "in_progress", "'backing_up'", 0),
        row(2, SCIENCES, "ben", "in_progress", "'transferring'", 0),
        row(3, LETTRES, "cleo", "scheduled", "NULL", now + 600),
        row(4, SCIENCES, "dan", "scheduled", "NULL", 0),
        row(5, LETTRES, "eve", "in_progress", "'restoring'", 0),
        row(6, SCIENCES, "fay", "restored", "NULL", 0),
    ];
    connection.execute_batch(&rows.concat()).unwrap();
    for file in after {
        connection.execute_batch(&std::fs::read_to_string(file).unwrap()).unwrap();
    }
    let seen: Vec<(Option<String>, bool)> = connection
        .prepare("SELECT kind, slot IS NOT NULL FROM restores ORDER BY id")
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let held = (Some("original3".to_owned()), true);
    assert_eq!(seen, [held.clone(), held.clone(), held, (None, false), (None, false), (None, false)]);

    let world = World::over(connection, &[]);
    let dan: JobId = format!("{:032x}", 4).parse().unwrap();
    for kind in RemoteKind::ALL {
        let about =
            About { kind: Some(kind), version: "1".to_owned(), name: "S".to_owned(), release: "4.1".to_owned() };
        block_on(world.store().learnt(&SCIENCES.parse().unwrap(), world.time(), Some(&about))).unwrap();
        let queue = block_on(courseferry_ferry::Claims::queue(&world.store(), world.time(), true)).unwrap();
        assert!(queue.due.iter().any(|due| due.job == dan));
        let room = courseferry_ferry::Room { waited_for: 4, asynchronous: 6 };
        let chosen = queue.choose(world.time(), room, &std::collections::BTreeSet::new());
        assert_eq!(chosen, [], "{kind:?}: the old rows keep both remotes");
        assert_eq!(queue.remote(&SCIENCES.parse().unwrap()).kind, Some(kind));
        assert_eq!(RemoteState::unknown(LETTRES.parse().unwrap()).careful_kind(), RemoteKind::Original3);
    }
}
