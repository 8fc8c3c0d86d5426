//! What the original block and its admin tool do, done here: each test is one of their features, over the Worker's API.
//! How people see them is in `parity_seen` and `manage_seen`, messages are in `messages`.

use crate::harness::{Api, Options, World, courses_of, now, run};
use courseferry_api::{
    Act, AuditPage, Cancel, CategoryId, Course, Doer, Enrol, EnrolAnswer, Enrolment, ErrorCode, GetAuditFile, GetHome,
    GetOverview, Home, JobId, ListAllRestores, ListAudit, Overview, Pause, Restore, RestoreQuery, Schedule,
    ScheduleRequest, SetPause, Status, Target, UserId, Verb,
};
use courseferry_tests::{
    client::Pace,
    remote::{Armed, Trap},
};
use reqwest::StatusCode;
use std::time::Duration;

/// The course as its list shows it to somebody now.
async fn listed(world: &World, api: &Api, like: &Restore) -> Course {
    let list = api.courses(world.remote(0)).await;
    list.courses.into_iter().find(|course| course.id == like.remote_course).expect("the course is listed")
}

/// Who may choose a course that somebody has asked for, by what became of it. In the original a failed one blocked
/// everybody for ever: a defect, seen on a real site.
#[test]
fn with_one_restore_per_course_a_course_is_free_again_only_after_a_failure_or_a_cancel() {
    run(async {
        let outcomes = [
            (101, Status::Restored, [(false, false), (true, true)]),
            (102, Status::Failed, [(true, true), (true, true)]),
            (103, Status::Cancelled, [(true, true), (true, true)]),
            (104, Status::InProgress, [(false, false), (false, true)]),
            (105, Status::Scheduled, [(false, false), (false, true)]),
        ];
        for (column, one_per_course) in ["1", "0"].into_iter().enumerate() {
            let courses = outcomes.map(|(course, ..)| (course, "A course of both"));
            let pace = Pace { patience: Duration::from_mins(10), ..Pace::default() };
            let options = Options::default().pace(pace).set("onlyoneremoteinstance", one_per_course);
            let options = options.remotes(vec![courses_of(&courses, &["teacher1", "teacher2"])]);
            let world = World::start(options).await;
            let (owner, colleague) = (world.log_in("teacher1").await, world.log_in("teacher2").await);
            world.remotes[0].set(Armed::from(Trap::NotOwner).of_course(102));
            let mut restores = Vec::new();
            for (course, outcome, _) in outcomes {
                if outcome == Status::InProgress {
                    world.tick_until_all_end(&[&owner]).await;
                    world.remotes[0].set(Trap::HangDownload { after: 1_000 });
                }
                let restore = owner.schedule_one(world.choice(0, course)).await;
                if outcome == Status::Cancelled {
                    owner.post(&Cancel { restore: restore.id.clone() }, &()).await.unwrap();
                }
                if outcome == Status::InProgress {
                    world.tick_until(&owner, &restore, |restore| restore.status == outcome).await;
                }
                restores.push(restore);
            }
            for ((course, outcome, table), restore) in outcomes.into_iter().zip(restores) {
                assert_eq!(owner.restore(&restore.id).await.status, outcome);
                let (mine, theirs) = table[column];
                let row = format!("onlyoneremoteinstance {one_per_course}, {outcome:?}");
                let seen = listed(&world, &colleague, &restore).await;
                assert_eq!(listed(&world, &owner, &restore).await.choosable, mine, "{row}: its owner");
                assert_eq!(seen.choosable, theirs, "{row}: a colleague");
                let told = seen.restores.iter().any(|r| matches!(&r.by, Doer::Other(name) if name == "Marie Curie"));
                assert!(told || matches!(outcome, Status::Failed | Status::Cancelled), "{row}: who asked");
                for (api, may) in [(&owner, mine), (&colleague, theirs)] {
                    let answer = api.schedule(vec![world.choice(0, course)]).await.results.remove(0);
                    assert_eq!(answer.restore.is_some(), may, "{row}: {:?}", answer.problem);
                    if let Some(again) = answer.restore {
                        assert_ne!(again.id, restore.id, "\"again\" is a new restore");
                        api.post(&Cancel { restore: again.id.clone() }, &()).await.unwrap();
                    }
                }
            }
        }
    });
}

#[test]
fn a_person_schedules_no_more_for_one_night_than_the_setting_says_and_is_told_the_number() {
    run(async {
        let world = World::start(Options::default().set("max_per_person_per_night", "2")).await;
        let api = world.log_in("teacher1").await;
        let answer = api.schedule([11, 12, 13].map(|course| world.choice(0, course)).to_vec()).await;
        let taken = answer.results.iter().filter(|result| result.restore.is_some()).count();
        assert_eq!(taken, 2);
        let problem = answer.results[2].problem.clone().expect("the third is refused");
        assert_eq!(problem.code, ErrorCode::RestoreLimitPerson);
        assert!(problem.message.contains('2'), "{problem:?}");
        let home: Home = api.get(&GetHome).await.unwrap();
        assert_eq!((home.policy.per_night, home.policy.left), (2, 0));
        // The limit is one person's: a colleague can still schedule.
        let other = world.log_in("teacher2").await;
        other.schedule_one(world.choice(0, 14)).await;
    });
}

#[test]
fn the_whole_site_schedules_no_more_for_one_night_than_the_setting_says() {
    run(async {
        let world = World::start(Options::default().set("max_per_night", "1")).await;
        let (one, other) = (world.log_in("teacher1").await, world.log_in("teacher2").await);
        one.schedule_one(world.choice(0, 12)).await;
        let answer = other.schedule(vec![world.choice(0, 14)]).await.results.remove(0);
        assert_eq!(answer.problem.map(|problem| problem.code), Some(ErrorCode::RestoreLimitSite));
    });
}

#[test]
fn outside_the_window_a_restore_waits_and_says_until_when_unless_a_manager_starts_it_now() {
    run(async {
        // Closed now in the site's time zone: it opens in six hours, for one.
        let hour = |later: i64| format!("{:02}:00", (now() / 3_600 + later) % 24);
        let (start, end) = (hour(6), hour(7));
        let options = Options::default().set("timezone", "UTC").set("timelimitedmod", "1");
        let world = World::start(options.set("limitstart", &start).set("limitend", &end)).await;
        world.make_manager("creator");
        let (teacher, manager) = (world.log_in("teacher1").await, world.log_in("creator").await);
        let waiting = teacher.schedule_one(world.choice(0, 12)).await;
        let home: Home = teacher.get(&GetHome).await.unwrap();
        assert!(!home.window.open && !home.may.start_now);
        assert_eq!(waiting.expected, Some(home.window.opens));
        world.cron().await;
        assert_eq!(teacher.restore(&waiting.id).await.status, Status::Scheduled);

        let now = |choices| ScheduleRequest { choices, now: true };
        let own = now(vec![world.choice(0, 13)]);
        let error = teacher.post(&Schedule, &own).await.expect_err("no right");
        assert_eq!(error.code(), ErrorCode::AccessDenied);
        manager.post(&Schedule, &own).await.expect("a manager may");
        world.tick_until_all_end(&[&manager]).await;
        assert_eq!(manager.restores().await[0].status, Status::Restored);
        assert_eq!(teacher.restore(&waiting.id).await.status, Status::Scheduled);
    });
}

#[test]
fn a_paused_remote_starts_nothing_and_what_waits_goes_on_afterwards() {
    run(async {
        let world = World::start(Options::default()).await;
        let (teacher, admin) = (world.log_in("teacher1").await, world.log_in("admin").await);
        let pause = |remote, paused| Pause { remote, paused };
        let overview: Overview = admin.post(&SetPause, &pause(None, true)).await.unwrap();
        assert!(overview.paused);
        let first = teacher.schedule_one(world.choice(0, 12)).await;
        assert!(teacher.get(&GetHome).await.unwrap().paused);
        world.cron().await;
        assert_eq!(teacher.restore(&first.id).await.status, Status::Scheduled);
        admin.post(&SetPause, &pause(None, false)).await.unwrap();

        admin.post(&SetPause, &pause(Some(world.remote(0).clone()), true)).await.unwrap();
        let second = teacher.schedule_one(world.choice(1, 21)).await;
        world.tick_until(&teacher, &second, |restore| restore.status == Status::Restored).await;
        assert_eq!(teacher.restore(&first.id).await.status, Status::Scheduled, "its remote is paused");
        admin.post(&SetPause, &pause(Some(world.remote(0).clone()), false)).await.unwrap();
        world.tick_until(&teacher, &first, |restore| restore.status == Status::Restored).await;
    });
}

#[test]
fn an_administrator_finds_anybodys_restore_and_retries_cancels_moves_or_links_it() {
    run(async {
        let world = World::start(Options::default().set("attempts", "1")).await;
        let (teacher, admin) = (world.log_in("teacher1").await, world.log_in("admin").await);
        let failed = teacher.schedule_one(world.choice(0, 12)).await;
        world.remotes[0].set(Trap::NotOwner);
        world.tick_until_all_end(&[&teacher]).await;
        let row = teacher.restore(&failed.id).await;
        assert_eq!((row.status, row.error()), (Status::Failed, Some(ErrorCode::RemoteNotOwner)));

        let overview: Overview = admin.get(&GetOverview).await.unwrap();
        assert_eq!(overview.needs_you[0].problem.code, ErrorCode::RemoteNotOwner);
        assert_eq!(overview.needs_you[0].count, 1);
        for search in ["Curie", failed.full_name.as_str()] {
            let query = RestoreQuery { search: search.to_owned(), ..RestoreQuery::default() };
            let page = admin.find(&ListAllRestores, &query).await.unwrap();
            assert!(page.restores.iter().any(|managed| managed.restore.id == failed.id), "{search}");
        }

        world.remotes[0].clear();
        let act = async |id: &JobId, verb| admin.post(&Act { restore: id.clone() }, &verb).await;
        act(&failed.id, Verb::Retry).await.expect("it can be tried again");
        world.tick_until(&teacher, &failed, |restore| restore.status == Status::Restored).await;

        let waiting = teacher.schedule_one(world.choice(1, 21)).await;
        let category = CategoryId(5);
        let moved = act(&waiting.id, Verb::Move(category)).await.expect("it can be moved while it waits");
        assert_eq!(moved.target, Target::Category(category));
        act(&waiting.id, Verb::Cancel).await.expect("it can be cancelled");
        assert_eq!(teacher.restore(&waiting.id).await.status, Status::Cancelled);

        let course = teacher.restore(&failed.id).await.course.expect("a course");
        let linked = act(&waiting.id, Verb::Link(course)).await.expect("it can be linked");
        assert_eq!((linked.status, linked.course), (Status::Restored, Some(course)));
    });
}

#[test]
fn the_audit_says_who_did_what_and_is_a_csv_that_a_spreadsheet_cannot_be_fooled_with() {
    run(async {
        let world = World::start(Options::default()).await;
        let (teacher, admin) = (world.log_in("teacher1").await, world.log_in("admin").await);
        let restore = teacher.schedule_one(world.choice(0, 12)).await;
        teacher.post(&Cancel { restore: restore.id.clone() }, &()).await.unwrap();

        let page: AuditPage = admin.get(&ListAudit).await.unwrap();
        let about = |action: &str| {
            page.entries
                .iter()
                .map(|line| &line.entry)
                .any(|entry| entry.action == action && entry.restore.as_deref() == Some(restore.id.as_str()))
        };
        assert!(about("restore.scheduled") && about("restore.cancelled"), "{page:?}");
        assert!(
            page.entries
                .iter()
                .map(|line| &line.entry)
                .all(|entry| !entry.request.is_empty() || entry.user == UserId(0))
        );

        let (status, csv) = admin.raw(admin.to(&GetAuditFile)).await;
        assert_eq!(status, StatusCode::OK);
        assert!(csv.contains(restore.id.as_str()));
        for cell in csv.lines().flat_map(|line| line.split(',')) {
            let cell = cell.trim_matches('"');
            assert!(!cell.starts_with(['=', '+', '@']), "{cell}");
        }
    });
}

#[test]
fn a_colleague_enrols_in_the_copy_of_a_course_that_is_theirs_too_and_in_no_other() {
    run(async {
        let world = World::start(Options::default().set("enrollbutton", "1")).await;
        let (owner, colleague, stranger) =
            (world.log_in("teacher1").await, world.log_in("teacher2").await, world.log_in("teacher4").await);
        let restore = owner.schedule_one(world.choice(0, 11)).await;
        world.tick_until(&owner, &restore, |restore| restore.status == Status::Restored).await;

        let offered = listed(&world, &colleague, &restore).await;
        assert_eq!(offered.restores[0].enrolment, Enrolment::Offered);
        assert!(offered.restores[0].link.is_none(), "the course is not theirs to open yet");
        let enrol = Enrol { restore: restore.id.clone() };
        let answer: EnrolAnswer = colleague.post(&enrol, &()).await.expect("it is their course too");
        assert!(!answer.already);
        let again: EnrolAnswer = colleague.post(&enrol, &()).await.expect("twice does no harm");
        assert!(again.already);
        let participants = world.arrived(&restore.id).participants;
        let id = world.client.user("teacher2").unwrap().id;
        assert_eq!(participants.get(&id).map(String::as_str), Some("editingteacher"));
        assert_eq!(listed(&world, &colleague, &restore).await.restores[0].enrolment, Enrolment::Enrolled);

        let error = stranger.post(&enrol, &()).await.expect_err("not their course there");
        assert!(matches!(error.code(), ErrorCode::RestoreNotEnrollable | ErrorCode::RestoreNotFound), "{error:?}");
        assert_eq!(world.arrived(&restore.id).participants.len(), 2);
    });
}
