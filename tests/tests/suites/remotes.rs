//! The three kinds of remote, each with what its kind makes easy or hard: many teachers at once, long backups, tokens
//! that are refused overnight.

use crate::harness::{Api, Options, PATIENCE, World, courses_named, courses_of, run, until};
use courseferry_api::{
    Cancel, CheckState, ErrorCode, GetOverview, GetReadiness, Overview, Phase, Readiness, RemoteKind, Restore, Status,
};
use courseferry_tests::remote::{Armed, LentState, RemoteConfig, Trap};

const TEACHERS: [&str; 3] = ["creator", "teacher1", "teacher2"];

/// A remote of this kind on which each teacher has eight courses.
fn eight_each(kind: RemoteKind) -> RemoteConfig {
    let mut remote = courses_of(&[], &[]).of_kind(kind);
    for (n, teacher) in (1..).zip(TEACHERS) {
        let courses = courses_named(100 * n..100 * n + 8, |id| format!("Course {id}"), &[teacher]);
        remote.courses.extend(courses.courses);
    }
    remote
}

/// Three teachers ask for eight courses each from a remote of this kind, whose backups of these people are held.
async fn twenty_four_courses(kind: RemoteKind, held: &[&str]) -> (World, Vec<Api>) {
    let world = World::learnt(Options::default().remotes(vec![eight_each(kind)])).await;
    let mut people = Vec::new();
    for (n, teacher) in (1..).zip(TEACHERS) {
        let api = world.log_in(teacher).await;
        let choices = (0..8).map(|k| world.choice(0, 100 * n + k)).collect();
        let answer = api.schedule(choices).await;
        assert!(answer.results.iter().all(|result| result.restore.is_some()), "{answer:?}");
        people.push(api);
    }
    for teacher in held {
        world.remotes[0].set(Armed::from(Trap::hold_backup()).of_user(teacher));
    }
    (world, people)
}

/// Lets the held backups go on, and waits until every course has been restored, once.
async fn all_arrive(world: &World, people: &[Api]) {
    world.remotes[0].clear();
    world.tick_until_all_end(&people.iter().collect::<Vec<_>>()).await;
    for api in people {
        for row in api.restores().await {
            assert_eq!((row.status, row.failures), (Status::Restored, 0), "{row:?}");
            world.arrived(&row.id);
        }
    }
    assert_eq!(world.client.restored().len(), 24);
    assert_eq!(world.remotes[0].made().len(), 24, "no backup was made twice");
}

/// Whose backups an original was asked for.
fn askers(world: &World) -> Vec<String> {
    let backups = world.remotes[0].seen().into_iter().filter(|call| call.function.ends_with("_zip"));
    backups.filter_map(|call| call.username).collect()
}

/// Whose backups an original is asked for while none of them ends: so many at least, and what another minute adds.
async fn asked_while_held(world: &World, at_least: usize) -> Vec<String> {
    let meanwhile = async {
        until("the backups to begin", PATIENCE, async || (askers(world).len() >= at_least).then_some(())).await;
        world.cron().await;
        let asked = askers(world);
        world.remotes[0].clear();
        asked
    };
    // The minute in which the held backups began waits for them; the next ones go on.
    futures::join!(world.cron(), meanwhile).1
}

#[test]
fn our_own_kind_makes_backups_of_one_and_of_many_teachers_side_by_side() {
    run(async {
        // The first teacher's eight backups are quick, and raise how many the remote is asked for at once.
        let (world, people) = twenty_four_courses(RemoteKind::Courseferry, &TEACHERS[1..]).await;
        let running = || {
            let lent = world.remotes[0].lent().into_iter();
            lent.filter(|lent| matches!(lent.state, LentState::Running { .. })).map(|lent| lent.username)
        };
        until("five backups at once", PATIENCE, async || {
            world.cron().await;
            (running().count() >= 5).then_some(())
        })
        .await;
        for teacher in &TEACHERS[1..] {
            assert!(running().filter(|asker| asker == teacher).count() > 1, "more than one of {teacher}");
        }
        all_arrive(&world, &people).await;
    });
}

#[test]
fn release_two_of_the_original_makes_one_backup_of_each_teacher_at_once() {
    run(async {
        let (world, people) = twenty_four_courses(RemoteKind::Original2, &TEACHERS).await;
        let asked = asked_while_held(&world, 2).await;
        assert!(asked.len() == 2 && asked[0] != asked[1], "{asked:?}");
        all_arrive(&world, &people).await;
    });
}

#[test]
fn release_three_of_the_original_makes_one_backup_at_once_for_the_whole_site() {
    run(async {
        let (world, people) = twenty_four_courses(RemoteKind::Original3, &TEACHERS).await;
        let asked = asked_while_held(&world, 1).await;
        assert_eq!(asked.len(), 1, "{asked:?}");
        all_arrive(&world, &people).await;
    });
}

#[test]
fn a_backup_of_twenty_minutes_holds_no_lease_and_says_how_far_it_is() {
    run(async {
        let sciences = courses_of(&[(7, "Long course")], &["teacher1"]).of_kind(RemoteKind::Courseferry);
        let mut world = World::start(Options::default().set("lease_seconds", "2").remotes(vec![sciences])).await;
        let api = world.log_in("teacher1").await;
        let restore = api.schedule_one(world.choice(0, 7)).await;
        for (percent, elapsed) in [(5, 60), (50, 600), (95, 1200)] {
            world.remotes[0].clear();
            world.remotes[0].set(Trap::HoldBackup { percent, elapsed });
            // A minute that waited for the backup would not end.
            world
                .tick_until(&api, &restore, |row| {
                    row.phase == Some(Phase::BackingUp) && u32::from(row.percent) == percent
                })
                .await;
            world.cron().await;
            // No invocation holds the backup: the one that began it may die.
            world.kill_worker().await;
            let leased = "SELECT count(*) FROM restores WHERE lease_until > unixepoch() + 2";
            let leased: i64 = world.worker.database().query_row(leased, (), |row| row.get(0)).unwrap();
            assert_eq!(leased, 0, "a lease is held");
            world.restart_worker().await;
        }
        world.remotes[0].clear();
        let row = world.tick_until(&api, &restore, |row| row.status.ended()).await;
        assert_eq!((row.status, row.failures), (Status::Restored, 0), "{row:?}");
        world.arrived(&row.id);
        assert_eq!(world.remotes[0].lent().len(), 1, "one backup");
        world.cron().await;
        world.remotes[0].until_lent(|lent| lent.state == LentState::Gone).await;
    });
}

#[test]
fn a_token_that_is_refused_overnight_lets_rows_wait_and_a_new_one_lets_all_go_on() {
    for kind in RemoteKind::ALL {
        run(async {
            let remote = eight_each(kind);
            let mut world = World::start(Options::default().remotes(vec![remote])).await;
            let (one, other) = (world.log_in("creator").await, world.log_in("teacher1").await);
            for (api, first) in [(&one, 100), (&other, 200)] {
                api.schedule((0..4).map(|k| world.choice(0, first + k)).collect()).await;
            }
            world.remotes[0].set(Trap::BadToken);
            for _ in 0..4 {
                world.cron().await;
                world.days_pass(1).await;
            }
            let waits = async |api: &Api| -> Vec<Restore> {
                api.restores().await.into_iter().filter(|row| row.status == Status::Scheduled).collect()
            };
            let waiting = waits(&one).await;
            assert_eq!((waiting.len(), waits(&other).await.len()), (4, 4), "{kind:?}: none fails for it");
            let says = |code| waiting.iter().any(|row| row.error() == Some(code));
            assert!(says(ErrorCode::RemoteBadToken), "{kind:?}: {waiting:#?}");

            world.remotes[0].clear();
            world.days_pass(1).await;
            world.tick_until_all_end(&[&one, &other]).await;
            for row in one.restores().await.into_iter().chain(other.restores().await) {
                assert_eq!(row.status, Status::Restored, "{kind:?}: {row:?}");
            }
        });
    }
}

#[test]
fn administrators_are_told_what_lends_on_each_remote_and_what_it_can() {
    run(async {
        let remote = |kind| courses_of(&[(7, "Course")], &["teacher1"]).of_kind(kind);
        let world = World::learnt(Options::default().remotes(RemoteKind::ALL.map(remote).into())).await;
        let admin = world.log_in("admin").await;
        let overview: Overview = admin.get(&GetOverview).await.expect("the overview");
        let readiness: Readiness = admin.get(&GetReadiness).await.expect("the checks");
        let answers: Vec<_> = readiness.checks.iter().filter(|check| check.code == "remote.answers").collect();
        assert_eq!(answers.len(), 3, "{answers:#?}");
        for (n, kind) in RemoteKind::ALL.into_iter().enumerate() {
            let peer = overview.peers.iter().find(|peer| peer.remote.as_ref() == Some(world.remote(n))).unwrap();
            let lender = peer.lender.as_ref().expect("what lends there");
            assert_eq!((lender.kind, lender.abilities), (kind, kind.abilities()));
            assert!(!lender.version.is_empty() && lender.described.contains(&lender.version), "{lender:?}");
            assert!(!peer.release.is_empty(), "{peer:?}");
            assert_eq!(lender.advice.is_empty(), kind == RemoteKind::Courseferry, "{lender:?}");
            let check = answers[n];
            assert_eq!((check.state, &check.advice), (CheckState::Ok, &lender.advice), "an original is no fault");
            assert!(check.message.contains(&lender.described) && check.message.contains(&peer.release), "{check:?}");
        }
    });
}

#[test]
fn a_cancelled_restore_leaves_no_backup_on_a_remote_of_our_own_kind() {
    run(async {
        let sciences = courses_of(&[(7, "Course")], &["teacher1"]).of_kind(RemoteKind::Courseferry);
        let world = World::start(Options::default().remotes(vec![sciences])).await;
        let api = world.log_in("teacher1").await;
        let restore = api.schedule_one(world.choice(0, 7)).await;
        world.remotes[0].set(Trap::HoldBackup { percent: 50, elapsed: 100 });
        world.tick_until(&api, &restore, |row| row.phase == Some(Phase::BackingUp)).await;
        let row = api.post(&Cancel { restore: restore.id.clone() }, &()).await.expect("a cancel");
        assert_eq!(row.status, Status::Cancelled, "it ends at once: {row:?}");
        world.cron().await;
        world.remotes[0].until_lent(|lent| lent.state == LentState::Gone).await;
        assert_eq!(world.client.jobs().len(), 0, "nothing was handed over");
    });
}

#[test]
fn a_backup_whose_process_dies_is_made_all_the_same_and_one_that_always_dies_fails_with_its_reason() {
    run(async {
        let sciences = courses_of(&[(7, "One"), (8, "Two")], &["teacher1"]).of_kind(RemoteKind::Courseferry);
        let world = World::start(Options::default().set("attempts", "1").remotes(vec![sciences])).await;
        let api = world.log_in("teacher1").await;
        let (one, two) = (api.schedule_one(world.choice(0, 7)).await, api.schedule_one(world.choice(0, 8)).await);
        world.remotes[0].set(Armed::from(Trap::KillBackup).times(2).of_course(7));
        world.remotes[0].set(Armed::from(Trap::KillBackup).of_course(8));
        world.tick_until_all_end(&[&api]).await;
        assert_eq!(api.restore(&one.id).await.status, Status::Restored);
        let failed = api.restore(&two.id).await;
        assert_eq!(
            (failed.status, failed.error()),
            (Status::Failed, Some(ErrorCode::RemoteBackupCrashed)),
            "{failed:?}"
        );
    });
}
