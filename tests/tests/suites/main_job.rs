//! The main job as a teacher does it, in a browser: from the dashboard to the course that has arrived.

use crate::harness::{Browser, Options, World, between, root, run};
use courseferry_tests::{
    backup,
    client::{Pace, Stage},
    demo,
    remote::RemoteConfig,
};
use std::{
    io::{Cursor, Read},
    path::Path,
    time::Duration,
};

/// Physics, as the category list of the widget calls it.
const PHYSICS: &str = "3";

#[test]
fn a_teacher_brings_a_course_from_another_moodle_and_opens_it_here() {
    run(async {
        // Moodle's cron comes a while after the hand-over, so that there is something to see.
        let pace = Pace { cron: Duration::from_secs(3), ..Pace::default() };
        let mut medecine = demo::medecine();
        medecine.usernames.push("teacher1".to_owned());
        let remotes = vec![demo::sciences(), demo::lettres(), medecine];
        let mut world = World::start(Options::default().set("defaultcategory", "9").pace(pace).remotes(remotes)).await;
        // All have answered once; then the third goes down.
        let earlier = world.log_in("teacher1").await;
        for n in 0..3 {
            earlier.courses(world.remote(n)).await;
        }
        world.remotes.remove(2);

        let browser = Browser::open().await;
        world.browse(&browser, "teacher1").await;
        browser.go(&world.page()).await;
        browser.control("Classical mechanics, MECH201, Moodle Sciences").await;
        browser.control("Histoire des sciences, HIST-SCI, Moodle Lettres").await;
        browser.sees("Moodle Médecine does not answer.").await;

        browser.press("Classical mechanics, MECH201, Moodle Sciences").await;
        browser.sees("1 course to").await;
        browser.control("Where to").await.select_by_value(PHYSICS).await.unwrap();
        browser.sees("not students, grades or submissions.").await;
        browser.press("Restore 1 course").await;
        browser.sees("Scheduled ·").await;
        assert_eq!(browser.focus().await, "Your restores");

        world.cron().await;
        browser.sees("Step 2 of 3: copying").await;
        world.client.until_job(|job| job.state == Stage::Complete).await;
        world.cron().await;
        browser.sees("in Physics").await;

        browser.press("Open course: Classical mechanics").await;
        browser.sees("Plan of the course").await;
        let restored = world.client.restored().remove(0);
        assert_eq!(restored.category.to_string(), PHYSICS);
        assert_eq!((restored.fullname.as_str(), restored.shortname.as_str()), ("Classical mechanics", "MECH201"));
        let teacher = world.client.user("teacher1").unwrap().id;
        assert_eq!(restored.participants.get(&teacher).map(String::as_str), Some("editingteacher"));
        assert_eq!(restored.sha1, world.remotes[0].made().first().map(|made| made.sha1.clone()));
    });
}

/// Backups that real Moodles made, where they are to be had.
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
            let about = moodle_backup_xml(path);
            let tag = |name: &str| {
                let text = between(&about, &format!("<{name}>"), &format!("</{name}>")).expect(name);
                text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
            };

            let restore = api.schedule_one(world.choice(0, read.course_id)).await;
            world.tick_until(&api, &restore, |restore| restore.status.ended()).await;
            let arrived = world.arrived(&restore.id);
            assert_eq!(arrived.fullname, tag("original_course_fullname"), "{path:?}");
            assert_eq!(arrived.shortname, tag("original_course_shortname"), "{path:?}");
            assert_eq!(arrived.activity_count(), tag("activities").matches("<activity>").count(), "{path:?}");
        }
    });
}

/// What a backup says of itself, read without the stand-in's own reader.
fn moodle_backup_xml(path: &Path) -> String {
    let bytes = std::fs::read(path).unwrap();
    let mut text = String::new();
    if bytes.starts_with(b"PK") {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        archive.by_name("moodle_backup.xml").unwrap().read_to_string(&mut text).unwrap();
    } else {
        let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(Cursor::new(bytes)));
        let entries = archive.entries().unwrap().map(Result::unwrap);
        let mut found = entries.filter(|entry| entry.path().unwrap().ends_with("moodle_backup.xml"));
        found.next().expect("moodle_backup.xml").read_to_string(&mut text).unwrap();
    }
    text
}
