//! What goes wrong on the way: the Worker killed at every step, and everything that a remote can answer but a backup.

use crate::harness::{Api, Options, World, run, until};
use courseferry_api::{
    Cancel, Check, CheckCode, CheckState, ErrorCode, GetHome, GetOverview, GetReadiness, Language, Overview, Readiness,
    Repeat, Restore, Status, TryAgain,
};
use courseferry_tests::{
    client::{ClientTrap, Pace},
    demo,
    remote::{Armed, DownloadType, RemoteConfig, Trap},
};
use std::time::Duration;

/// Short waits, so that what takes minutes in life takes seconds here. The lease, which is renewed every second, is longer
/// than a busy machine holds up a renewal.
fn impatient() -> Options {
    Options::default()
        .set("lease_seconds", "7")
        .set("retry_first_seconds", "1")
        .set("unknown_wait_seconds", "2")
        .pace(Pace { patience: Duration::from_secs(10), ..Pace::default() })
}

/// A world with one restore asked for.
async fn one_restore() -> (World, Api, Restore) {
    let world = World::start(impatient()).await;
    let api = world.log_in("teacher1").await;
    let restore = api.schedule_one(world.choice(0, 12)).await;
    (world, api, restore)
}

/// Starts a tick, kills the Worker once `moment` has come, starts it again and waits for the end.
async fn kill_when(world: &mut World, api: &Api, restore: &Restore, what: &str, moment: impl Fn(&World) -> bool) {
    let ticking = async { while world.try_cron().await {} };
    tokio::select! {
        () = until(what, 30, async || moment(world).then_some(())) => {}
        () = ticking => panic!("the Worker ended by itself"),
    }
    world.kill_worker().await;
    world.remotes[0].clear();
    world.restart_worker().await;
    world.tick_until(api, restore, |restore| restore.status.ended()).await;

    let ended = api.restore(&restore.id).await;
    assert_eq!(ended.status, Status::Restored, "{ended:?}");
    world.arrived(&ended.id);
    assert_eq!(world.client.restored().len(), 1, "exactly one course comes of one restore");
    // Another tick changes nothing.
    world.cron().await;
    assert_eq!(api.restore(&restore.id).await, ended);
}

#[test]
fn a_worker_killed_while_a_backup_is_made_restores_the_course_exactly_once() {
    run(async {
        let (mut world, api, restore) = one_restore().await;
        world.remotes[0].set(Trap::hold_backup());
        let begun = |world: &World| world.remotes[0].seen().iter().any(|call| call.function.ends_with("_zip"));
        kill_when(&mut world, &api, &restore, "a backup to begin", begun).await;
    });
}

#[test]
fn a_worker_killed_while_a_backup_is_handed_over_restores_the_course_exactly_once() {
    run(async {
        let (mut world, api, restore) = one_restore().await;
        world.client.set(ClientTrap::LoseAnswer { function: "restore".into() }, Some(1));
        let handed = |world: &World| world.client.calls().iter().any(|call| call.function == "restore");
        kill_when(&mut world, &api, &restore, "a hand-over", handed).await;
    });
}

#[test]
fn a_worker_killed_while_a_backup_streams_restores_the_course_exactly_once() {
    run(async {
        let (mut world, api, restore) = one_restore().await;
        world.remotes[0].set(Armed::from(Trap::HangDownload { after: 2_000 }).times(1));
        let some = |world: &World| world.remotes[0].seen().iter().any(|call| call.function == "download");
        kill_when(&mut world, &api, &restore, "the download to begin", some).await;
    });
}

/// What a remote answers instead of a good backup, and what its row must say.
fn bad_answers() -> Vec<(&'static str, Trap, ErrorCode)> {
    vec![
        ("a bad token", Trap::BadToken, ErrorCode::RemoteBadToken),
        ("access refused", Trap::AccessRefused, ErrorCode::RemoteAccessRefused),
        ("the service account suspended", Trap::AccountSuspended, ErrorCode::RemoteUserSuspended),
        ("a right missing", Trap::NoCapability, ErrorCode::RemoteNoCapability),
        ("maintenance", Trap::Maintenance, ErrorCode::RemoteMaintenance),
        ("web services off", Trap::WebServicesOff, ErrorCode::RemoteProtocolOff),
        ("no plugin", Trap::NotInstalled, ErrorCode::RemotePluginMissing),
        ("HTML instead of JSON", Trap::Html, ErrorCode::RemoteNotMoodle),
        ("a firewall", Trap::Firewall, ErrorCode::RemoteNotMoodle),
        ("an internal error", Trap::ServerError, ErrorCode::RemoteServerError),
        ("an error without a code", Trap::NoErrorCode, ErrorCode::RemoteBackupFailed),
        ("no longer the teacher's", Trap::NotOwner, ErrorCode::RemoteNotOwner),
        ("no account any more", Trap::UnknownUser, ErrorCode::RemoteUnknownUser),
        ("a backup that failed inside", Trap::BackupIdZero, ErrorCode::RemoteBackupFailed),
        (
            "504 while the backup goes on",
            Trap::GatewayTimeout { after: 0.3, backup: 1.0 },
            ErrorCode::RemoteBackupTooSlow,
        ),
        ("an empty download", Trap::EmptyDownload, ErrorCode::RemoteEmptyBackup),
        ("a download sent elsewhere", Trap::RedirectedDownload, ErrorCode::RemoteDownloadRedirected),
        ("a blank line before the download", Trap::StrayDownload, ErrorCode::RemoteStrayOutput),
        ("a backup cut short", Trap::TruncatedBackup, ErrorCode::BackupUnreadable),
        ("no backup at all", Trap::NotABackup, ErrorCode::BackupNotABackup),
        ("another course's backup", Trap::OtherCourse { course: 13 }, ErrorCode::BackupWrongCourse),
    ]
}

#[test]
fn each_bad_answer_is_named_on_its_own_row_the_others_go_on_and_a_restart_changes_nothing() {
    // What only an administrator can mend lets rows wait, unless a backup was made for them in vain; anything else fails
    // them in the end.
    let expected = |code: ErrorCode| {
        let in_vain =
            [ErrorCode::RemoteBackupTooSlow, ErrorCode::RemoteDownloadRedirected, ErrorCode::RemoteStrayOutput];
        let waits = code.repeat() == Repeat::Administrator && !in_vain.contains(&code);
        if waits { Status::Scheduled } else { Status::Failed }
    };
    run(async {
        let table = bad_answers();
        let names = table.iter().map(|(what, ..)| *what).chain(["a good remote"]);
        let remotes = names.map(|name| RemoteConfig { name: name.to_owned(), ..demo::sciences() }).collect();
        let mut world =
            World::start(impatient().set("attempts", "2").set("onlyoneremoteinstance", "0").remotes(remotes)).await;
        let api = world.log_in("teacher1").await;

        let mut rows = Vec::new();
        for (n, (_, trap, _)) in table.iter().enumerate() {
            rows.push(api.schedule_one(world.choice(n, 12)).await);
            world.remotes[n].set(*trap);
        }
        let good = api.schedule_one(world.choice(table.len(), 12)).await;
        let settled = until("each row to say what its remote answered", 240, async || {
            world.cron().await;
            let found = api.restores().await;
            let of = |row: &Restore| found.iter().find(|one| one.id == row.id).cloned().expect("the row");
            let now: Vec<_> = rows.iter().map(of).collect();
            let unsettled: Vec<_> = now
                .iter()
                .zip(&table)
                .filter(|(row, (.., code))| (row.status, row.error()) != (expected(*code), Some(*code)))
                .map(|(row, (what, ..))| (*what, row.status, row.error()))
                .collect();
            println!("still otherwise: {unsettled:?}");
            unsettled.is_empty().then_some(now)
        });
        for (row, (what, _, code)) in settled.await.into_iter().zip(&table) {
            let problem = row.problem.expect("a problem");
            if row.status == Status::Failed {
                assert_eq!(problem.message, code.sentence(Language::English).replace("{remote}", what));
            }
        }
        world.tick_until(&api, &good, |row| row.status.ended()).await;
        assert_eq!(api.restore(&good.id).await.status, Status::Restored);
        assert_eq!(world.client.restored().len(), 1, "nothing half-made is left");

        let before = api.restores().await;
        world.kill_worker().await;
        world.restart_worker().await;
        world.cron().await;
        assert_eq!(api.restores().await, before);
    });
}

#[test]
fn a_remote_that_says_when_to_come_back_is_not_asked_before() {
    run(async {
        let world = World::start(impatient()).await;
        let api = world.log_in("teacher1").await;
        let restore = api.schedule_one(world.choice(0, 12)).await;
        world.remotes[0].set(Trap::CliMaintenance);
        let waits = world.tick_until(&api, &restore, |restore| restore.failures == 1).await;
        assert_eq!((waits.status, waits.error()), (Status::Scheduled, Some(ErrorCode::RemoteMaintenance)));
        let wait = waits.expected.expect("the next try").since(waits.since);
        assert!((290..400).contains(&wait), "it asked for 300 s: {wait}");
    });
}

#[test]
fn a_missing_or_wrong_secret_is_named_and_never_shown() {
    run(async {
        let mut world = World::start(Options::default()).await;
        let api = world.log_in("teacher1").await;
        let waiting = api.schedule_one(world.choice(0, 12)).await;
        for (name, value, code) in [
            ("SESSION_KEY", "", "config.missing"),
            ("SESSION_KEY", "too-short-a-key", "config.invalid"),
            ("LAUNCH_KEY", "", "config.missing"),
            ("CLIENT_TOKEN", "", "config.missing"),
            ("client_wwwroot", "http://moodle.example.org", "config.invalid"),
            ("timezone", "Europe/Atlantis", "config.invalid"),
            ("limitstart", "25:00", "config.invalid"),
        ] {
            let good = world.setting_or_empty(name);
            world.restart_worker_with(name, value).await;
            let error = api.get(&GetHome).await.expect_err("nothing is done with guessed values");
            assert_eq!(error.code().as_str(), code, "{name}");
            assert!(error.body.error.message.contains(name), "{:?}", error.body);
            let secret = !value.is_empty() && name.ends_with("_KEY");
            assert!(!secret || !world.everything_said().contains(value), "{name} is shown");
            world.restart_worker_with(name, &good).await;
        }
        // A mistake in the list of remotes fails nothing that waits.
        let good = world.setting_or_empty("EXTERNAL_MOODLES");
        world.restart_worker_with("EXTERNAL_MOODLES", "https://one.example,secret-of-one;nonsense").await;
        world.try_cron().await;
        assert!(!world.everything_said().contains("secret-of-one"));
        world.restart_worker_with("EXTERNAL_MOODLES", &good).await;
        world.tick_until(&api, &waiting, |restore| restore.status == Status::Restored).await;
    });
}

#[test]
fn a_wrong_client_token_is_said_and_everything_goes_on_once_it_is_right() {
    run(async {
        let world = World::start(impatient()).await;
        let (api, admin) = (world.log_in("teacher1").await, world.log_in("admin").await);
        let restore = api.schedule_one(world.choice(0, 12)).await;
        world.client.set(ClientTrap::BadToken, None);
        world.cron().await;
        let overview: Overview = admin.get(&GetOverview).await.expect("what is known");
        let row = api.restore(&restore.id).await;
        world.client.clear();
        let client = overview.peers.iter().find(|peer| peer.remote.is_none()).expect("the client");
        assert_eq!(client.problem.as_ref().map(|problem| problem.code), Some(ErrorCode::ClientBadToken));
        assert!(!row.status.ended() && row.failures == 0, "it is not the restore's fault: {row:?}");
        let said = row.problem.map(|problem| problem.code);
        assert_eq!(said, Some(ErrorCode::ClientBadToken), "its owner is told why it waits");
        world.tick_until(&api, &restore, |restore| restore.status == Status::Restored).await;
    });
}

/// Breaks the database as somebody's own statement could, and mends it again.
async fn with_database(world: &mut World, sql: &str) {
    world.kill_worker().await;
    world.worker.database().execute_batch(sql).expect("the statement");
    world.restart_worker().await;
}

#[test]
fn what_cannot_be_noted_in_the_audit_is_done_all_the_same_and_does_not_read_as_a_failure() {
    run(async {
        let mut world = World::start(impatient()).await;
        let deaf = "CREATE TRIGGER deaf BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'the audit is full'); END";
        with_database(&mut world, deaf).await;
        let api = world.log_in("teacher1").await;
        let restore = api.schedule_one(world.choice(0, 12)).await;
        let cancelled: Restore = api.post(&Cancel { restore: restore.id.clone() }, &()).await.expect("ok");
        assert_eq!(cancelled.status, Status::Cancelled);
        let retried: Restore = api.post(&TryAgain { restore: restore.id.clone() }, &()).await.expect("ok");
        assert_eq!(retried.status, Status::Scheduled);
        assert!(world.worker.log().contains("audit of restore.scheduled"), "the log has it");
        with_database(&mut world, "DROP TRIGGER deaf").await;
        world.tick_until(&api, &restore, |restore| restore.status == Status::Restored).await;
    });
}

#[test]
fn while_changed_settings_cannot_be_read_nothing_begins_and_readiness_says_so() {
    run(async {
        let mut world = World::start(impatient()).await;
        with_database(&mut world, "ALTER TABLE settings RENAME TO settings_away").await;
        let (api, admin) = (world.log_in("teacher1").await, world.log_in("admin").await);
        let restore = api.schedule_one(world.choice(0, 12)).await;
        world.cron().await;
        assert_eq!(api.restore(&restore.id).await.status, Status::Scheduled, "the window may be another than deployed");
        let readiness: Readiness = admin.get(&GetReadiness).await.expect("what is known");
        let broken =
            |check: &Check| check.code == CheckCode::WorkerConfiguration.as_str() && check.state == CheckState::Broken;
        assert!(readiness.checks.iter().any(broken), "{readiness:?}");
        assert!(world.worker.log().contains("settings changed on the Manage page"), "the log has it");
        with_database(&mut world, "ALTER TABLE settings_away RENAME TO settings").await;
        world.tick_until(&api, &restore, |restore| restore.status == Status::Restored).await;
    });
}

#[test]
fn a_download_that_is_cut_again_and_again_arrives_in_pieces() {
    run(async {
        let (world, api, restore) = one_restore().await;
        world.remotes[0].set(Trap::CutDownload { after: 20_000 });
        let restored = world.tick_until(&api, &restore, |restore| restore.status.ended()).await;
        assert_eq!((restored.status, restored.failures), (Status::Restored, 0), "{restored:?}");
        world.arrived(&restore.id);
        let downloads = world.remotes[0].seen().into_iter().filter(|call| call.function == "download");
        let ranges: Vec<_> = downloads.map(|call| call.range).collect();
        assert!(ranges.len() > 2 && ranges[1..].iter().all(Option::is_some), "{ranges:?}");
    });
}

#[test]
fn whatever_a_download_calls_itself_its_bytes_decide() {
    run(async {
        let world = World::start(impatient()).await;
        let api = world.log_in("teacher1").await;
        for (course, kind) in [(11, DownloadType::Binary), (12, DownloadType::Forced), (13, DownloadType::Json)] {
            world.remotes[0].clear();
            world.remotes[0].set(Trap::DownloadType(kind));
            let restore = api.schedule_one(world.choice(0, course)).await;
            let ended = world.tick_until(&api, &restore, |restore| restore.status.ended()).await;
            assert_eq!((ended.status, ended.failures), (Status::Restored, 0), "{ended:?}");
            world.arrived(&restore.id);
        }
    });
}

#[test]
fn a_download_behind_a_log_in_page_for_a_while_is_waited_for() {
    run(async {
        let (world, api, restore) = one_restore().await;
        world.remotes[0].set(Armed::from(Trap::PageDownload).times(2));
        let restored = world.tick_until(&api, &restore, |restore| restore.status.ended()).await;
        assert_eq!((restored.status, restored.failures), (Status::Restored, 0), "{restored:?}");
        assert_eq!(world.remotes[0].made().len(), 1, "no second backup");
    });
}
