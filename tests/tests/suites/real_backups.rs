//! Backups that real Moodles made, as far as there are any here: each goes the whole way.

use crate::harness::{Backup, Options, World, root, run};
use courseferry_tests::{backup, remote::RemoteConfig};

#[test]
fn every_backup_of_a_real_moodle_arrives_with_its_names_and_activities() {
    run(async {
        let folder = root("../shared/moodle");
        if !folder.exists() {
            println!("no backups of real Moodles here");
            return;
        }
        let files = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
        let files: Vec<_> = files.filter(|path| path.extension().is_some_and(|kind| kind == "mbz")).collect();
        assert!(!files.is_empty());
        for path in &files {
            // Each in a world of its own: some are of one course, and its short name can be taken only once.
            let read = backup::read(path).expect("a backup");
            let remote = RemoteConfig::new("Real backups", "5c1e9ce5a0b14f6d8e7f001122334455");
            let remote = remote.with_backup(path, &read, &["teacher1"]);
            let world = World::start(Options::default().remotes(vec![remote])).await;
            let api = world.log_in("teacher1").await;
            let given = Backup::read(std::fs::read(path).unwrap());

            let restore = api.schedule_one(world.choice(0, read.course_id)).await;
            world.tick_until(&api, &restore, |restore| restore.status.ended()).await;
            let arrived = world.arrived(&restore.id);
            assert_eq!(arrived.fullname, given.fullname, "{path:?}");
            assert_eq!(arrived.shortname, given.shortname, "{path:?}");
            assert_eq!(arrived.activity_count(), given.activities, "{path:?}");
        }
    });
}
