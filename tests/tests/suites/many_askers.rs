//! Many who ask at once, and one who asks again and again: nobody else waits, and a Moodle is asked once.

use crate::harness::{Options, PATIENCE, World, courses_of, run, until};
use courseferry_api::{
    Endpoint, Enrol, Enrolment, ErrorCode, GetHealth, GetHome, ListCourses, OpenSession, Preview, Restore, Status,
};
use courseferry_tests::remote::Trap;
use futures::future::join_all;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

fn lists_asked(world: &World, remote: usize) -> usize {
    world.remotes[remote].seen().iter().filter(|seen| seen.function.ends_with("get_courses")).count()
}

#[test]
fn one_who_refreshes_again_and_again_has_the_remote_asked_once_a_minute() {
    run(async {
        let world = World::start(Options::default().set("fresh_seconds", "60")).await;
        let teacher = world.log_in("teacher1").await;
        let first = teacher.courses(world.remote(0)).await;
        let again = join_all((0..8).map(|_| teacher.courses(world.remote(0)))).await;
        assert!(again.iter().all(|list| list.courses == first.courses && list.problem.is_none()));
        assert_eq!(lists_asked(&world, 0), 1);
        world.log_in("teacher2").await.courses(world.remote(0)).await;
        assert_eq!(lists_asked(&world, 0), 2, "another person is another question");
    });
}

#[test]
fn after_a_failure_the_next_press_asks_again() {
    run(async {
        let world = World::start(Options::default().set("fresh_seconds", "60")).await;
        let teacher = world.log_in("teacher1").await;
        world.remotes[0].set(Trap::ServerError);
        assert!(teacher.courses(world.remote(0)).await.problem.is_some());
        world.remotes[0].clear();
        let list = teacher.courses(world.remote(0)).await;
        assert!(list.problem.is_none() && !list.courses.is_empty());
    });
}

#[test]
fn whoever_asks_faster_than_any_hand_is_told_to_wait_and_nobody_else_is() {
    run(async {
        let world = World::start(Options::default().set("rate_limits", "1")).await;
        let (teacher, other) = (world.log_in("teacher1").await, world.log_in("teacher2").await);
        let mut refused = None;
        for _ in 0..200 {
            let request = teacher.to(&Preview).json(&json!({"choices": []}));
            let (status, text) = teacher.raw(request).await;
            if status == StatusCode::TOO_MANY_REQUESTS {
                refused = Some(serde_json::from_str::<Value>(&text).unwrap());
                break;
            }
        }
        let refused = refused.expect("a limit");
        assert_eq!(refused["error"]["code"], ErrorCode::RequestTooMany.as_str());
        assert!(other.get(&GetHome).await.is_ok());
        other.schedule_one(world.choice(0, 14)).await;
    });
}

#[test]
fn nine_thousand_courses_of_one_person_are_listed_and_kept() {
    run(async {
        let names: Vec<(i64, String)> =
            (1..=9_000).map(|id| (id, format!("Géométrie et topologie, groupe {id}"))).collect();
        let courses: Vec<(i64, &str)> = names.iter().map(|(id, name)| (*id, name.as_str())).collect();
        let world = World::start(Options::default().remotes(vec![courses_of(&courses, &["teacher1"])])).await;
        let teacher = world.log_in("teacher1").await;
        let fresh = teacher.courses(world.remote(0)).await;
        assert_eq!((fresh.courses.len(), fresh.problem), (9_000, None));
        let kept = teacher.get(&ListCourses { remote: world.remote(0).clone() }).await.unwrap();
        assert_eq!((kept.courses.len(), kept.as_of), (9_000, fresh.as_of));
    });
}

/// The colleague's list shows the course still: a list may be a year old.
#[test]
fn whoever_was_taken_off_the_course_on_the_remote_is_not_enrolled_in_its_copy() {
    run(async {
        let world = World::start(Options::default().set("enrollbutton", "1")).await;
        let (owner, colleague) = (world.log_in("teacher1").await, world.log_in("teacher2").await);
        let restore = owner.schedule_one(world.choice(0, 11)).await;
        world.tick_until(&owner, &restore, |restore: &Restore| restore.status == Status::Restored).await;
        let list = colleague.courses(world.remote(0)).await;
        let offered = list.courses.iter().find(|course| course.id == restore.remote_course).expect("theirs too");
        assert_eq!(offered.restores[0].enrolment, Enrolment::Offered);

        world.remotes[0].set(courseferry_tests::remote::Armed::from(Trap::UnknownUser).of_user("teacher2"));
        let error = colleague.post(&Enrol { restore: restore.id }, &()).await.expect_err("no longer a teacher there");
        assert_eq!(error.code(), ErrorCode::RestoreNotFound);
    });
}

#[test]
fn the_first_courses_do_not_wait_for_what_the_site_is_called() {
    run(async {
        let world = World::start(Options::default()).await;
        world.remotes[0].set(Trap::HoldSiteInfo);
        let teacher = world.log_in("teacher1").await;
        let name = world.remotes[0].config().name.clone();
        let list = teacher.courses(world.remote(0)).await;
        assert!(!list.courses.is_empty() && list.problem.is_none());
        assert_ne!(list.name, name, "the site has not said what it is called");
        // The question is still open: answered now, it is read without being asked again.
        world.remotes[0].clear();
        until("the name", PATIENCE, async || {
            let home = teacher.get(&GetHome).await.expect("the first screen");
            (home.remotes[0].name == name).then_some(())
        })
        .await;
    });
}

#[test]
fn whoever_is_nobody_yet_is_limited_at_each_endpoint_and_teachers_go_on() {
    run(async {
        let world = World::start(Options::default().set("rate_limits", "1")).await;
        let teacher = world.log_in("teacher1").await;
        let nobody = teacher.with_token("");
        let refused = async |method: Method, path: &str| {
            for _ in 0..1_300 {
                let request = nobody.request(method.clone(), path).json(&json!({"launch": "a.b.c"}));
                let (status, text) = nobody.raw(request).await;
                if status == StatusCode::TOO_MANY_REQUESTS {
                    return serde_json::from_str::<Value>(&text).unwrap()["error"]["code"].clone();
                }
            }
            panic!("{path} has no limit");
        };
        for (method, path) in [(Method::POST, OpenSession.path()), (Method::GET, GetHealth.path())] {
            assert_eq!(refused(method, &path).await, ErrorCode::RequestTooMany.as_str(), "{path}");
        }
        assert!(teacher.get(&GetHome).await.is_ok());
        teacher.schedule_one(world.choice(0, 12)).await;
    });
}

#[test]
fn a_name_with_entities_is_shown_as_people_read_it_and_restored_as_it_is_stored() {
    run(async {
        let names = [
            (7, "R&amp;D &lt;b&gt; &#128512;", "R&D <b> \u{1f600}"),
            (8, "vector&lt;int&gt;", "vector<int>"),
            (9, "HTML: the &lt;canvas&gt; element", "HTML: the <canvas> element"),
            (10, "a &lt;3 b", "a <3 b"),
        ];
        let courses = names.map(|(id, stored, _)| (id, stored));
        let world = World::start(Options::default().remotes(vec![courses_of(&courses, &["teacher1"])])).await;
        let teacher = world.log_in("teacher1").await;
        let list = teacher.courses(world.remote(0)).await;
        let mut rows = Vec::new();
        for (id, stored, shown) in names {
            let listed = list.courses.iter().find(|course| course.id.0 == id).expect("it is listed");
            assert_eq!(listed.full_name, shown, "{stored}");
            rows.push(teacher.schedule_one(world.choice(0, id)).await);
        }
        world.tick_until_all_end(&[&teacher]).await;
        for (row, (_, stored, _)) in rows.iter().zip(names) {
            assert_eq!(world.arrived(&row.id).fullname, stored);
        }
    });
}
