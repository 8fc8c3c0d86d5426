//! The three kinds of remote, each with what its kind makes easy or hard: many teachers at once, long backups, tokens
//! that are refused overnight.

use crate::harness::{Api, Options, World, courses_named, courses_of, run};
use courseferry_api::{CheckState, ErrorCode, Overview, Phase, Readiness, RemoteKind, Restore, Status};
use courseferry_tests::remote::{Armed, LentState, RemoteConfig, Trap};
use std::time::{Duration, Instant};

const TEACHERS: [&str; 3] = ["creator", "teacher1", "teacher2"];

/// A remote of this kind on which each teacher has eight courses.
fn eight_each(kind: RemoteKind, backup_time: Duration) -> RemoteConfig {
    let mut remote = RemoteConfig { backup_time, ..courses_of(&[], &[]).of_kind(kind) };
    for (n, teacher) in (1..).zip(TEACHERS) {
        let courses = courses_named(100 * n..100 * n + 8, |id| format!("Course {id}"), &[teacher]);
        remote.courses.extend(courses.courses);
    }
    remote
}

/// How long three teachers wait for eight courses each from a remote of this kind.
async fn twenty_four_courses(kind: RemoteKind, backup_time: Duration) -> Duration {
    let world = World::start(Options::default().remotes(vec![eight_each(kind, backup_time)])).await;
    let mut people = Vec::new();
    for (n, teacher) in (1..).zip(TEACHERS) {
        let api = world.log_in(teacher).await;
        let choices = (0..8).map(|k| world.choice(0, 100 * n + k)).collect();
        let answer = api.schedule(choices).await;
        assert!(answer.results.iter().all(|result| result.restore.is_some()), "{answer:?}");
        people.push(api);
    }
    let begun = Instant::now();
    world.tick_until_all_end(&people.iter().collect::<Vec<_>>()).await;
    let waited = begun.elapsed();
    for api in &people {
        for row in api.restores().await {
            assert_eq!((row.status, row.failures), (Status::Restored, 0), "{kind:?}: {row:?}");
            world.arrived(&row.id);
        }
    }
    assert_eq!(world.client.restored().len(), 24, "{kind:?}");
    let made = world.remotes[0].made().len();
    assert_eq!(made, 24, "no backup of {kind:?} was made twice");
    waited
}

#[test]
fn three_teachers_bring_eight_courses_each_at_once_and_our_own_kind_makes_nobody_wait_for_another() {
    run(async {
        let second = Duration::from_secs(1);
        let ours = twenty_four_courses(RemoteKind::Courseferry, second).await;
        let site = twenty_four_courses(RemoteKind::Original3, second).await;
        let teacher = twenty_four_courses(RemoteKind::Original2, second).await;
        println!("24 courses, 1 s a backup: ours {ours:?}, one a teacher {teacher:?}, one a site {site:?}");
        assert!(site > Duration::from_secs(24), "one after another: {site:?}");
        assert!(ours * 2 < site, "ours {ours:?}, release 3 {site:?}");
    });
}

#[test]
fn with_backups_of_ten_seconds_our_kind_is_five_times_as_fast_as_one_that_makes_them_one_after_another() {
    run(async {
        let backup = Duration::from_secs(10);
        let ours = twenty_four_courses(RemoteKind::Courseferry, backup).await;
        println!("24 courses, 10 s a backup: ours {ours:?}");
        assert!(ours * 5 < backup * 24, "release 3 needs {:?} for the backups alone, ours {ours:?}", backup * 24);
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
            let begun = Instant::now();
            world
                .tick_until(&api, &restore, |row| {
                    row.phase == Some(Phase::BackingUp) && u32::from(row.percent) == percent
                })
                .await;
            world.cron().await;
            assert!(begun.elapsed() < Duration::from_secs(20), "no minute waits for the backup");
            // Whoever began it may die: nothing of the backup belongs to an invocation.
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
            let remote = eight_each(kind, Duration::ZERO);
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
        let world = World::start(Options::default().remotes(RemoteKind::ALL.map(remote).into())).await;
        let teacher = world.log_in("teacher1").await;
        for n in 0..3 {
            teacher.courses(world.remote(n)).await;
        }
        let admin = world.log_in("admin").await;
        let overview: Overview = admin.get("/api/manage").await.expect("the overview");
        let readiness: Readiness = admin.get("/api/manage/readiness").await.expect("the checks");
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
        let row = api.post::<Restore>(&format!("/api/restores/{}/cancel", restore.id), &()).await.expect("a cancel");
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
