//! What only an administrator can mend: rows wait for it and say so, one at a time tries, nothing fails in a row.

use crate::world::{LETTRES, Mishap, SCIENCES, World, code};
use courseferry_api::*;
use courseferry_store::{PeerStatus, queries};
use futures::executor::block_on;

fn sciences(world: &World) -> PeerStatus {
    let peers = block_on(world.store().ask(queries::peers())).unwrap();
    peers.into_iter().find(|peer| peer.remote == Some(SCIENCES.parse().unwrap())).unwrap()
}

fn minutes(world: &World, number: u32) {
    for _ in 0..number {
        world.tick();
        world.cron();
        world.wait(60);
    }
}

#[test]
fn a_bad_token_holds_the_remote_its_rows_wait_and_go_on_once_it_is_mended() {
    let world = World::new();
    world.remotes.borrow_mut().refuses.insert(SCIENCES.to_owned(), ErrorCode::RemoteBadToken);
    let rows: Vec<JobId> = (1..=6).map(|user| world.schedule(user, SCIENCES, user)).collect();
    let elsewhere = world.schedule(7, LETTRES, 70);
    minutes(&world, 60);
    for row in &rows {
        let row = world.job(row);
        assert_eq!((row.status, row.failures), (Status::Scheduled, 0), "it waits and has lost no try");
    }
    assert_eq!(sciences(&world).held.map(|(_, why)| why.code), Some(ErrorCode::RemoteBadToken));
    assert_eq!(world.job(&elsewhere).status, Status::Restored, "nobody else waits for it");
    let calls = world.remotes.borrow().calls.iter().filter(|(_, remote, ..)| remote == SCIENCES).count();
    assert!(calls <= 13, "one probe in five minutes: {calls}");

    world.remotes.borrow_mut().refuses.clear();
    minutes(&world, 15);
    assert_eq!(sciences(&world).held, None);
    world.until_all_ended();
    world.assert_all_restored_once();
}

#[test]
fn each_probe_of_a_held_remote_is_another_row() {
    let world = World::new();
    world.remotes.borrow_mut().refuses.insert(SCIENCES.to_owned(), ErrorCode::RemoteBadToken);
    for user in 1..=5 {
        world.schedule(user, SCIENCES, user);
    }
    minutes(&world, 26);
    let mut probed: Vec<i64> = world.remotes.borrow().calls.iter().map(|(_, _, _, course)| *course).collect();
    probed.sort_unstable();
    probed.dedup();
    assert_eq!(probed, [1, 2, 3, 4, 5]);
}

#[test]
fn what_is_refused_to_two_people_holds_the_remote_though_its_site_information_answers() {
    let world = World::new();
    for name in ["ada", "ben", "cleo"] {
        world.remotes.borrow_mut().refuses_people.insert(name.to_owned(), ErrorCode::RemoteNoCapability);
    }
    let rows: Vec<JobId> = (1..=3).map(|user| world.schedule(user, SCIENCES, user)).collect();
    minutes(&world, 30);
    assert!(sciences(&world).held.is_some());
    for row in &rows {
        assert_eq!(world.job(row).status, Status::Scheduled);
    }
    world.remotes.borrow_mut().refuses_people.clear();
    world.until_all_ended();
    world.assert_all_restored_once();
}

#[test]
fn what_is_refused_to_one_person_alone_is_their_rows_own_and_fails_it_at_its_second_try() {
    let world = World::new();
    world.remotes.borrow_mut().refuses_people.insert("ada".to_owned(), ErrorCode::RemoteNoCapability);
    let refused = world.schedule(1, SCIENCES, 11);
    let colleague = world.schedule(2, SCIENCES, 21);
    minutes(&world, 10);
    assert_eq!(sciences(&world).held, None);
    let row = world.job(&refused);
    assert_eq!((row.status, code(&row)), (Status::Failed, Some(ErrorCode::RemoteNoCapability)));
    assert_eq!(world.job(&colleague).status, Status::Restored);
}

#[test]
fn a_probe_that_succeeds_ends_the_hold_and_what_is_refused_again_was_the_rows_own() {
    let world = World::new();
    for name in ["ada", "ben"] {
        world.remotes.borrow_mut().refuses_people.insert(name.to_owned(), ErrorCode::RemoteNoCapability);
    }
    let rows: Vec<JobId> = (1..=4).map(|user| world.schedule(user, SCIENCES, user)).collect();
    // "ben" is let in; "ada" is not.
    minutes(&world, 4);
    world.remotes.borrow_mut().refuses_people.remove("ben");
    world.until_all_ended();
    let states: Vec<Status> = rows.iter().map(|row| world.job(row).status).collect();
    assert_eq!(states, [Status::Failed, Status::Restored, Status::Restored, Status::Restored]);
    assert_eq!(sciences(&world).held, None);
}

#[test]
fn a_remote_that_is_no_longer_configured_fails_its_waiting_rows_at_once_whatever_the_window_says() {
    let world = World::with(&[("timelimitedmod", "1"), ("limitstart", "02:00"), ("limitend", "03:00")]);
    let rows: Vec<JobId> = (1..=3).map(|user| world.schedule(user, SCIENCES, user)).collect();
    let elsewhere = world.schedule(1, LETTRES, 70);
    world.configured.borrow_mut().retain(|remote| remote != SCIENCES);
    world.tick();
    for row in &rows {
        let row = world.job(row);
        assert_eq!((row.status, code(&row)), (Status::Failed, Some(ErrorCode::RemoteUnconfigured)));
    }
    assert_eq!(world.job(&elsewhere).status, Status::Scheduled);
    assert!(world.try_schedule(&world.wish(4, SCIENCES, 1)).is_ok(), "the course is free again");
}

#[test]
fn rows_that_waited_two_weeks_for_an_administrator_fail_with_the_cause_and_free_their_course() {
    let world = World::new();
    world.remotes.borrow_mut().refuses.insert(SCIENCES.to_owned(), ErrorCode::RemoteBadToken);
    let id = world.schedule(1, SCIENCES, 11);
    world.tick();
    world.wait(14 * 86_400 - 60);
    world.tick();
    assert_eq!(world.job(&id).status, Status::Scheduled);
    world.wait(60);
    world.tick();
    let row = world.job(&id);
    assert_eq!((row.status, code(&row)), (Status::Failed, Some(ErrorCode::RemoteBadToken)));
    assert!(world.try_schedule(&world.wish(2, SCIENCES, 11)).is_ok());
}

#[test]
fn a_block_that_does_not_fit_holds_everything_and_fails_nothing_and_is_seen_before_anything_is_claimed() {
    let world = World::new();
    world.companion.borrow_mut().outdated = true;
    let id = world.schedule(1, SCIENCES, 11);
    minutes(&world, 30);
    let row = world.job(&id);
    assert_eq!((row.status, row.failures, row.backup_no), (Status::Scheduled, 0, 0));
    assert!(world.remotes.borrow().calls.is_empty(), "no remote was asked for anything");
    let peers = block_on(world.store().ask(queries::peers())).unwrap();
    let client = peers.iter().find(|peer| peer.remote.is_none()).unwrap();
    assert_eq!(client.problem.as_ref().map(|why| why.code), Some(ErrorCode::ClientPluginTooOld), "readiness says so");
    world.companion.borrow_mut().outdated = false;
    world.until_all_ended();
    world.assert_all_restored_once();
}

#[test]
fn a_client_that_hangs_costs_a_tick_one_call_whatever_waits_for_it() {
    let world = World::new();
    for user in 1..=5 {
        world.schedule(user, SCIENCES, user);
        world.schedule(user, LETTRES, user);
    }
    world.remotes.borrow_mut().script.insert((SCIENCES.to_owned(), 1), vec![Mishap::Fails(ErrorCode::RemoteNotOwner)]);
    // Backups wait for the hand-over, letters for their delivery, restores for their end.
    world.go_down_in(25);
    minutes(&world, 3);
    let before = world.companion.borrow().in_vain.get();
    minutes(&world, 10);
    assert_eq!(world.companion.borrow().in_vain.get() - before, 10);
    world.companion.borrow_mut().down_at = None;
    world.until_all_ended();
}

#[test]
fn a_healthy_remotes_only_restore_begins_within_two_minutes_beside_eight_dead_ones_with_forty_rows_each() {
    let world = World::new();
    let dead: Vec<String> = (0..8).map(|number| format!("dead0000000{number}")).collect();
    for (number, remote) in dead.iter().enumerate() {
        world.configured.borrow_mut().push(remote.clone());
        world.remotes.borrow_mut().refuses.insert(remote.clone(), ErrorCode::RemoteUnreachable);
        for course in 0..40 {
            let user = 1 + (i64::try_from(number).unwrap() + course) % 12;
            world.schedule(user, remote, 1_000 + course);
        }
    }
    minutes(&world, 5);
    let last = world.schedule(12, LETTRES, 70);
    minutes(&world, 2);
    let begun = world.remotes.borrow().calls.iter().any(|(_, remote, ..)| remote == LETTRES);
    assert!(begun, "{:?}", world.job(&last));
}

#[test]
fn who_presses_try_again_on_a_held_restore_sees_it_tried_in_the_next_minute_and_its_remote_asked_once_a_minute() {
    let world = World::new();
    world.remotes.borrow_mut().refuses.insert(SCIENCES.to_owned(), ErrorCode::RemoteBadToken);
    let id = world.schedule(1, SCIENCES, 11);
    world.tick();
    assert!(sciences(&world).held.is_some());
    let calls = || world.remotes.borrow().calls.len();

    // Somebody presses every second for two minutes.
    for second in 0..120 {
        world.retry(&id);
        if second % 60 == 59 {
            world.tick();
        }
        world.wait(1);
    }
    assert!((2..=3).contains(&calls()), "once a minute at the most: {}", calls());

    world.remotes.borrow_mut().refuses.clear();
    world.wait(60);
    world.retry(&id);
    world.tick();
    assert_eq!(world.job(&id).phase, Some(Phase::Transferring), "the next tick tried it");
    assert_eq!(sciences(&world).held, None);
}
