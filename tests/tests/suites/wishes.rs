//! The course as the teacher wants it: its names, dates and visibility, what stays there, and a course that exists already.

use crate::harness::{Api, Browser, Options, World, courses_of, root, run, until};
use courseferry_access::{Assignment, RoleId};
use courseferry_api::{
    Choice, CourseId, Enrolments, ErrorCode, FindTargets, GetContents, GetHome, Home, ListArrived, Options as Wishes,
    Plan, Preview, RemoteCourseId, RemoteKind, Restore, ScheduleRequest, Scheduled, Status, TargetQuery, UnixTime,
};
use courseferry_tests::{
    client::{ClientTrap, Course},
    demo,
};
use serde_json::json;

/// When the demo's courses start: 1 September 2025.
const AUTUMN: i64 = 1_756_684_800;
const DAY: i64 = 86_400;
const PAGE: &str = "/blocks/courseferry/view.php";
const MECHANICS: &str = "Classical mechanics, MECH201, Moodle Sciences";

fn wanted(choice: Choice, wishes: Wishes) -> Choice {
    Choice { options: wishes, ..choice }
}

/// What became of one choice.
async fn schedule(api: &Api, choice: Choice) -> Scheduled {
    api.schedule(vec![choice]).await.results.remove(0)
}

async fn preview(api: &Api, choices: Vec<Choice>) -> Plan {
    api.post(&Preview, &ScheduleRequest { choices, now: false }).await.expect("a plan")
}

fn here(world: &World, id: i64) -> Course {
    world.client.courses().into_iter().find(|course| course.id == id).expect("a course")
}

/// "Moodle Sciences" and its neighbours, with our own block on the first.
fn ours() -> Options {
    Options::default().remotes(vec![demo::sciences().of_kind(RemoteKind::Courseferry), demo::lettres()])
}

#[test]
fn names_start_and_visibility_come_out_as_they_were_wished() {
    run(async {
        let world = World::learnt(Options::default()).await;
        let api = world.log_in("creator").await;
        let wishes = Wishes {
            full_name: Some("  Quanta, 2026  ".to_owned()),
            short_name: Some("QM-26".to_owned()),
            starts: Some(UnixTime(AUTUMN + 364 * DAY)),
            visible: Some(false),
            ..Wishes::default()
        };
        let restore = api.schedule_one(wanted(world.choice(0, 13), wishes.clone())).await;
        assert_eq!(restore.options.starts, wishes.starts, "the row says what was wished");
        world.tick_until(&api, &restore, |restore| restore.status == Status::Restored).await;
        let course = world.arrived(&restore.id);
        assert_eq!((course.fullname.as_str(), course.shortname.as_str()), ("Quanta, 2026", "QM-26"));
        assert_eq!((course.starts, course.visible), (AUTUMN + 364 * DAY, false));
        // Options that nobody touched are not sent.
        let plain = api.schedule_one(world.choice(1, 24)).await;
        world.tick_until(&api, &plain, |restore| restore.status == Status::Restored).await;
        let orders: Vec<_> = world.client.calls().into_iter().filter(|call| call.function == "restore").collect();
        let of_plain = orders.iter().find(|call| call.parameters["job"] == plain.id.as_str()).expect("an order");
        assert!(of_plain.parameters.keys().all(|name| !name.starts_with("options[")), "{of_plain:?}");
    });
}

#[test]
fn what_moodle_makes_of_taken_names_is_foretold_for_both_of_them() {
    run(async {
        let world = World::learnt(Options::default()).await;
        let api = world.log_in("creator").await;
        let named = |full: &str, short: &str| Wishes {
            full_name: Some(full.to_owned()),
            short_name: Some(short.to_owned()),
            ..Wishes::default()
        };
        let choices = vec![
            wanted(world.choice(0, 13), named("Optics (this year)", "NEW-1")),
            wanted(world.choice(1, 24), named("Another name", "OPT101")),
        ];
        let plan = preview(&api, choices.clone()).await;
        let said =
            serde_json::to_value(plan.courses.iter().map(|planned| &planned.exceptions).collect::<Vec<_>>()).unwrap();
        assert_eq!(
            said,
            json!([
                [{"renamed": {"taken": {"full": "Optics (this year)"}, "full_name": "Optics (this year) copy 1", "short_name": "NEW-1_1"}}],
                [{"renamed": {"taken": {"short": "OPT101"}, "full_name": "Another name copy 1", "short_name": "OPT101_1"}}],
            ])
        );
        for choice in choices {
            api.schedule_one(choice).await;
        }
        world.tick_until_all_end(&[&api]).await;
        let made: Vec<_> =
            world.client.restored().into_iter().map(|course| (course.fullname, course.shortname)).collect();
        assert!(made.contains(&("Optics (this year) copy 1".to_owned(), "NEW-1_1".to_owned())), "{made:?}");
        assert!(made.contains(&("Another name copy 1".to_owned(), "OPT101_1".to_owned())), "{made:?}");
    });
}

/// Options that are refused: what the case is, as whom, the course and the options, the code and a part of its detail.
fn refusals(world: &World) -> Vec<(&'static str, &'static str, Choice, Wishes, ErrorCode, &'static str)> {
    let of = |course| Wishes { target_course: Some(CourseId(course)), ..Wishes::default() };
    let refused = ErrorCode::RestoreOptionRefused;
    vec![
        (
            "a start date without the right to move dates",
            "teacher1",
            world.choice(0, 12),
            Wishes { starts: Some(UnixTime(AUTUMN)), ..Wishes::default() },
            refused,
            "moodle/restore:rolldates",
        ),
        (
            "a start date that is none",
            "creator",
            world.choice(0, 13),
            Wishes { starts: Some(UnixTime(-5)), ..Wishes::default() },
            refused,
            "date",
        ),
        (
            "another person's course by a guessed id",
            "teacher6",
            world.choice(0, 12),
            of(42),
            ErrorCode::ClientNoCapability,
            "moodle/restore:restorecourse",
        ),
        ("the front page", "teacher6", world.choice(0, 12), of(1), ErrorCode::ClientCourseMissing, ""),
        ("a course that is not there", "teacher6", world.choice(0, 12), of(4_242), ErrorCode::ClientCourseMissing, ""),
        (
            "an existing course under another name",
            "teacher6",
            world.choice(0, 12),
            Wishes { full_name: Some("Mine".to_owned()), ..of(43) },
            refused,
            "keeps its names",
        ),
        (
            "a new course by somebody who may create none",
            "teacher6",
            world.choice(0, 12),
            Wishes::default(),
            ErrorCode::AccessCategory,
            "moodle/course:create",
        ),
        (
            "a part left out by a remote that cannot",
            "teacher1",
            world.choice(0, 12),
            Wishes { leave_out_activities: vec![12_001], ..Wishes::default() },
            refused,
            "",
        ),
        (
            "students' data",
            "teacher1",
            world.choice(0, 12),
            Wishes { students: true, ..Wishes::default() },
            refused,
            "block/courseferry:can_restore_user_datas",
        ),
        (
            "enrolment methods",
            "creator",
            world.choice(0, 13),
            Wishes { enrolments: Enrolments::Always, ..Wishes::default() },
            refused,
            "block/courseferry:can_restore_user_datas",
        ),
        (
            "a name that is too long",
            "creator",
            world.choice(0, 13),
            Wishes { full_name: Some("x".repeat(255)), ..Wishes::default() },
            refused,
            "254",
        ),
    ]
}

#[test]
fn every_wish_of_somebody_who_lacks_the_right_to_it_is_refused_by_name_and_nothing_is_done() {
    run(async {
        let world = World::learnt(Options::default()).await;
        for (what, who, choice, wishes, code, named) in refusals(&world) {
            let api = world.log_in(who).await;
            let problem = schedule(&api, wanted(choice, wishes)).await.problem.unwrap_or_else(|| panic!("{what}"));
            assert_eq!(problem.code, code, "{what}: {problem:?}");
            assert!(format!("{} {}", problem.message, problem.detail).contains(named), "{what}: {problem:?}");
            assert_eq!(api.restores().await.len(), 0, "{what}");
        }
        world.cron().await;
        assert!(world.client.calls().iter().all(|call| call.function != "restore"));
    });
}

#[test]
fn a_right_that_is_taken_before_the_restores_turn_ends_it_before_anything_is_copied() {
    run(async {
        let world = World::learnt(Options::default()).await;
        let (creator, teacher) = (world.log_in("creator").await, world.log_in("teacher6").await);
        let starts = Wishes { starts: Some(UnixTime(AUTUMN + 7 * DAY)), ..Wishes::default() };
        let dated = creator.schedule_one(wanted(world.choice(0, 13), starts)).await;
        let adds = Wishes { target_course: Some(CourseId(43)), ..Wishes::default() };
        let added = teacher.schedule_one(wanted(world.choice(0, 12), adds)).await;
        world.client.change(|site| {
            site.user_named("creator").unwrap().assignments.retain(|Assignment { roleid, .. }| *roleid != RoleId(2));
        });
        world.client.change_course(43, |course| course.participants.clear());
        world.tick_until_all_end(&[&creator, &teacher]).await;
        let codes = (creator.restore(&dated.id).await.error(), teacher.restore(&added.id).await.error());
        assert_eq!(codes, (Some(ErrorCode::RestoreOptionRefused), Some(ErrorCode::ClientNoCapability)));
        assert!(world.remotes[0].made().is_empty(), "no backup was made in vain");
    });
}

#[test]
fn content_is_added_to_an_existing_course_once_and_what_was_there_stays() {
    run(async {
        let world = World::learnt(Options::default()).await;
        let api = world.log_in("teacher6").await;
        let home: Home = api.get(&GetHome).await.unwrap();
        assert!(home.may.add && !home.may.restore && home.categories.is_empty());
        let found = api.find(&FindTargets, &TargetQuery { search: "mech".to_owned() }).await.unwrap();
        let found: Vec<_> = found.courses.iter().map(|course| (course.id.0, course.full_name.as_str())).collect();
        assert_eq!(found, [(43, "Mechanics 2026")]);

        let before = here(&world, 43);
        let adds = Wishes { target_course: Some(CourseId(43)), ..Wishes::default() };
        let restore = api.schedule_one(wanted(world.choice(0, 12), adds.clone())).await;
        assert_eq!(restore.category_name.as_deref(), Some("Mechanics 2026"));
        let restore = world.tick_until(&api, &restore, |restore| restore.status == Status::Restored).await;
        assert_eq!((restore.course, restore.can_move), (Some(CourseId(43)), false));
        assert!(restore.link.is_some_and(|link| link.ends_with("/course/view.php?id=43")));
        let after = here(&world, 43);
        assert_eq!(after.added, [restore.id.as_str()]);
        assert_eq!(after.sections[0].activities[0], before.sections[0].activities[0], "what was there stays");
        assert!(after.activity_count() > before.activity_count() + 5);
        let own =
            |course: &Course| (course.fullname.clone(), course.starts, course.visible, course.participants.clone());
        assert_eq!(own(&after), own(&before));
        assert_eq!(world.client.restored(), [], "no course was made");
    });
}

#[test]
fn what_arrived_of_an_interrupted_addition_is_listed_and_its_owner_removes_it_or_keeps_it() {
    run(async {
        let world = World::learnt(Options::default()).await;
        let api = world.log_in("teacher6").await;
        let before = here(&world, 43).activity_count();
        world.client.set(ClientTrap::KillAddition, Some(1));
        let adds = Wishes { target_course: Some(CourseId(43)), ..Wishes::default() };
        let restore = api.schedule_one(wanted(world.choice(0, 12), adds)).await;
        let is_partly_added = |row: &Restore| row.error() == Some(ErrorCode::ClientPartlyAdded);
        world.tick_until(&api, &restore, is_partly_added).await;
        let part = here(&world, 43).activity_count();
        assert!(part > before);
        let stranger = world.log_in("teacher1").await;
        let guessed = stranger.get(&ListArrived { restore: restore.id.clone() }).await;
        assert_eq!(guessed.unwrap_err().code(), ErrorCode::RestoreNotFound);

        let browser = world.open_page("teacher6", "#restores").await;
        browser.sees("What arrived:").await;
        browser.sees("Plan of the course").await;
        assert_eq!(browser.axe().await, [""; 0]);
        browser.press("Remove what arrived: Classical mechanics").await;
        browser.sees("What had arrived in the course was removed again.").await;
        assert_eq!(here(&world, 43).activity_count(), before);

        world.client.set(ClientTrap::KillAddition, Some(1));
        browser.press("Try again: Classical mechanics").await;
        world.tick_until(&api, &restore, is_partly_added).await;
        browser.press("Keep it: Classical mechanics").await;
        let kept = until("it to be kept", 30, async || {
            Some(api.restore(&restore.id).await).filter(|row| row.status == Status::Restored)
        });
        let kept = kept.await;
        assert_eq!((kept.course, kept.warnings.len(), kept.can_retry), (Some(CourseId(43)), 1, false));
        browser.sees("Open course").await;
        assert_eq!(here(&world, 43).activity_count(), part, "nothing came twice");
    });
}

#[test]
fn two_additions_to_one_course_come_one_after_the_other_and_none_waits_inside_a_remotes_slot() {
    run(async {
        let sciences = courses_of(&[(71, "Waves"), (72, "Optics")], &["teacher6"]).of_kind(RemoteKind::Courseferry);
        let world = World::learnt(Options::default().remotes(vec![sciences])).await;
        let api = world.log_in("teacher6").await;
        let adds = Wishes { target_course: Some(CourseId(43)), ..Wishes::default() };
        let first = api.schedule_one(wanted(world.choice(0, 71), adds.clone())).await;
        let second = api.schedule_one(wanted(world.choice(0, 72), adds)).await;
        until("both to end", 60, async || {
            world.cron().await;
            let rows = api.restores().await;
            let running = rows.iter().filter(|row| row.status == Status::InProgress).count();
            assert!(running <= 1, "one at a time: {rows:?}");
            rows.iter().all(|row| row.status.ended()).then_some(())
        })
        .await;
        let added = here(&world, 43).added;
        assert_eq!(added.len(), 2, "{added:?}");
        for row in [first, second] {
            assert_eq!(api.restore(&row.id).await.status, Status::Restored);
        }
    });
}

#[test]
fn a_site_that_does_not_let_people_add_shows_them_nothing_and_takes_nothing() {
    run(async {
        let world = World::learnt(Options::default()).await;
        let api = world.log_in("teacher1").await;
        world.client.change(|site| site.target_courses = false);
        assert!(world.dashboard("teacher6").await.data("launch").is_none(), "no widget");
        let adds = Wishes { target_course: Some(CourseId(42)), ..Wishes::default() };
        let problem = schedule(&api, wanted(world.choice(0, 12), adds)).await.problem.expect("refused");
        assert_eq!(problem.code, ErrorCode::RestoreOptionRefused, "{problem:?}");
        assert!(problem.message.contains("targetcourses"), "{problem:?}");
    });
}

#[test]
fn parts_that_stay_there_are_not_even_backed_up() {
    run(async {
        let world = World::learnt(ours()).await;
        let api = world.log_in("teacher1").await;
        let endpoint = GetContents { remote: world.remote(0).clone(), course: RemoteCourseId(12) };
        let contents = api.get(&endpoint).await.expect("what is in it");
        let names: Vec<_> = contents.sections.iter().map(|section| section.name.as_str()).collect();
        assert_eq!(names, ["Topic 0", "First weeks", "Exercises"]);
        let plan = &contents.sections[1].activities[1];
        assert_eq!((plan.name.as_str(), plan.kind.as_str()), ("Plan of the course", "page"));
        // Somebody who does not teach the course gets nothing.
        let stranger = world.log_in("teacher2").await;
        assert_eq!(stranger.get(&endpoint).await.unwrap_err().code(), ErrorCode::RemoteNotOwner);

        let wishes = Wishes {
            leave_out_sections: vec![contents.sections[2].id],
            leave_out_activities: vec![plan.id],
            ..Wishes::default()
        };
        let restore = api.schedule_one(wanted(world.choice(0, 12), wishes)).await;
        world.tick_until(&api, &restore, |restore| restore.status == Status::Restored).await;
        let lent = world.remotes[0].lent().remove(0);
        assert_eq!(lent.left_out, [plan.id]);
        let sections: Vec<_> = world.arrived(&restore.id).sections.into_iter().map(|section| section.name).collect();
        assert_eq!(sections, ["", "First weeks"]);
    });
}

/// Presses of the pointer on the page, from now on.
async fn count_clicks(browser: &Browser) {
    let script = "window.clicks = 0; addEventListener('pointerdown', e => { if (e.isTrusted) window.clicks++ }, true)";
    browser.script(script, &[]).await;
}

async fn clicks(browser: &Browser) -> i64 {
    browser.script("return window.clicks", &[]).await.as_i64().expect("a number")
}

#[test]
fn who_touches_nothing_needs_two_clicks_and_an_editing_teacher_without_any_other_right_two_more() {
    run(async {
        let world = World::learnt(Options::default()).await;
        let browser = world.open_page("teacher1", "").await;
        let quanta = "Quantum mechanics, QM301, Moodle Sciences";
        browser.control(quanta).await;
        count_clicks(&browser).await;
        browser.press(quanta).await;
        browser.press("Restore 1 course").await;
        browser.sees("Scheduled ·").await;
        let creator = clicks(&browser).await;
        assert_eq!(creator, 2);

        world.show(&browser, "teacher6", "").await;
        browser.control(MECHANICS).await;
        count_clicks(&browser).await;
        browser.press(MECHANICS).await;
        browser.sees("1 course chosen").await;
        browser.press("Add to: all chosen courses").await;
        browser.press("Mechanics 2026 · MECH201-26 · Physics").await;
        browser.sees("Content is added to “Mechanics 2026”; nothing in it is changed or removed.").await;
        browser.sees("All dates in it move by").await;
        browser.press("Restore 1 course").await;
        browser.sees("Scheduled ·").await;
        assert_eq!(clicks(&browser).await, creator + 2);
        let api = world.log_in("teacher6").await;
        world.tick_until_all_end(&[&api]).await;
        assert_eq!(here(&world, 43).added.len(), 1);
    });
}

/// Opens the wishes of the one chosen course.
async fn open_wishes(browser: &Browser, tick: &str, course: &str) {
    browser.press(tick).await;
    browser.press("Change").await;
    browser.press(&format!("Change: {course}")).await;
}

/// The page of somebody who may move dates, with the wishes of "Quantum mechanics" opened.
async fn wishes_for_quanta(world: &World) -> Browser {
    world.set_language("creator", "en");
    let browser = world.open_page("creator", "").await;
    open_wishes(&browser, "Quantum mechanics, QM301, Moodle Sciences", "Quantum mechanics").await;
    browser
}

#[test]
fn a_widget_that_still_shows_a_wish_is_refused_with_the_rights_name_and_nothing_is_done() {
    run(async {
        let world = World::learnt(Options::default()).await;
        let browser = wishes_for_quanta(&world).await;
        browser.set_date("Starts: Quantum mechanics", "2025-08-31").await;
        browser.sees("All dates in it move by 364 days.").await;
        // An administrator takes the right away while the page stands open.
        world.client.change(|site| {
            site.role_capabilities.retain(|row| row.capability.as_str() != "moodle/restore:rolldates");
        });
        browser.press("Restore 1 course").await;
        browser.sees("moodle/restore:rolldates").await;
        assert_eq!(world.log_in("creator").await.restores().await.len(), 0);
        world.cron().await;
        assert!(world.remotes[0].made().is_empty());
        assert!(world.client.jobs().is_empty());
    });
}

#[test]
fn a_date_a_name_and_hiding_are_said_in_the_bar_before_anything_happens() {
    run(async {
        let world = World::learnt(Options::default()).await;
        let browser = wishes_for_quanta(&world).await;
        // The demo's course starts on 1 September 2024.
        browser.sees("As there: 1 Sept 2024").await;
        browser.set_date("Starts: Quantum mechanics", "2025-08-31").await;
        browser.sees("All dates in it move by 364 days.").await;
        browser.choose("Students see it: Quantum mechanics", "Hidden until a teacher shows it").await;
        browser.sees("Hidden from students until a teacher shows it.").await;
        browser.fill("Short name: Quantum mechanics", "OPT101").await;
        browser.sees("OPT101 exists here: yours becomes Quantum mechanics copy 1, OPT101_1.").await;
        browser.press("Restore 1 course").await;
        browser.sees("Scheduled ·").await;
        let api = world.log_in("creator").await;
        world.tick_until_all_end(&[&api]).await;
        let course = world.client.restored().remove(0);
        assert_eq!((course.shortname.as_str(), course.visible), ("OPT101_1", false));
        assert_eq!(course.starts, AUTUMN - 365 * DAY + 364 * DAY);

        // Who may not move dates reads why, and is offered no date.
        world.show(&browser, "teacher1", "").await;
        open_wishes(&browser, MECHANICS, "Classical mechanics").await;
        browser.sees("moodle/restore:rolldates").await;
        assert!(!browser.control("Starts: Classical mechanics").await.is_enabled().await.unwrap());
    });
}

#[test]
fn one_wish_for_all_chosen_keeps_the_exceptions() {
    run(async {
        let world = World::learnt(Options::default()).await;
        let browser = world.open_page("teacher1", "").await;
        browser.press(MECHANICS).await;
        browser.press("Draft: particle physics, DRAFT-X, Moodle Sciences").await;
        browser.press("Change").await;
        browser.press("Change: Draft: particle physics").await;
        browser.choose("Students see it: Draft: particle physics", "At once").await;
        browser.choose("Students see it: all chosen courses", "Hidden until a teacher shows it").await;
        browser.sees("1 of 2 courses: Hidden from students until a teacher shows it.").await;
        browser.sees("1 of 2 courses: Students see it at once.").await;
        browser.press("Restore 2 courses").await;
        browser.sees("Scheduled ·").await;
        let api = world.log_in("teacher1").await;
        let visible = |rows: Vec<Restore>, course: i64| {
            rows.into_iter().find(|row| row.remote_course.0 == course).expect("the row").options.visible
        };
        assert_eq!(visible(api.restores().await, 12), Some(false));
        assert_eq!(visible(api.restores().await, 17), Some(true));
    });
}

#[test]
fn parts_are_unticked_where_the_remote_tells_what_is_in_a_course() {
    run(async {
        let world = World::learnt(ours()).await;
        let browser = world.open_page("teacher1", "").await;
        open_wishes(&browser, MECHANICS, "Classical mechanics").await;
        browser.press("What is in it: Classical mechanics").await;
        browser.press("Plan of the course page").await;
        browser.press("Exercises").await;
        browser.sees("2 parts stay there.").await;
        let exercise = browser.control("Exercise 1 page").await;
        assert!(!exercise.is_selected().await.unwrap() && !exercise.is_enabled().await.unwrap());
        browser.press("Restore 1 course").await;
        browser.sees("Scheduled ·").await;
        let row = world.log_in("teacher1").await.restores().await.remove(0);
        assert_eq!((row.options.leave_out_sections, row.options.leave_out_activities), (vec![1_202], vec![12_003]));
    });
}

/// Looked at by axe and for sideways scrolling in every width, theme and language; with pictures for people.
#[test]
fn the_opened_wishes_are_accessible_and_fit_everywhere() {
    run(async {
        let world = World::learnt(ours()).await;
        let browser = Browser::open().await;
        let mut found = Vec::new();
        for (name, who, width, query) in [
            ("wide", "teacher1", 1_200, ""),
            ("middle-dark", "teacher1", 640, "?theme=dark"),
            ("narrow", "teacher1", 270, ""),
            ("french", "creator", 640, ""),
            ("moodle-4", "teacher1", 1_200, "?bs=4"),
        ] {
            world.show(&browser, who, "").await;
            browser.resize(width, 1_400).await;
            browser.go("about:blank").await;
            browser.go(&format!("{}{PAGE}{query}", world.client.address())).await;
            browser.find(".cf-course input[type=checkbox]").await;
            let click = async |what: &str, css: &str| {
                browser.find(css).await;
                let press = "document.querySelector(arguments[0]).click(); return true";
                assert_eq!(browser.script(press, &[css.into()]).await, true, "{what}");
            };
            for course in ["1", "2"] {
                let css = format!(".cf-group:has(.cf-course) .cf-course:nth-child({course}) input[type=checkbox]");
                if browser.script("return !!document.querySelector(arguments[0])", &[css.as_str().into()]).await == true
                {
                    click("a course", &css).await;
                }
            }
            click("the bar", ".cf-bar-line .cf-actions button[aria-expanded]").await;
            click("a course's wishes", ".cf-chosen > li button[aria-expanded]").await;
            browser.find(".cf-wish-panel .cf-wishes").await;
            let contents = ".cf-wish-panel .cf-actions button[aria-expanded]";
            if browser.script("return !!document.querySelector(arguments[0])", &[contents.into()]).await == true {
                click("what is in it", contents).await;
                browser.find(".cf-parts .cf-parts input").await;
            }
            let fits = async || {
                let page = "const p = document.documentElement; return p.scrollWidth <= p.clientWidth";
                (browser.script(page, &[]).await == true).then_some(())
            };
            until(&format!("{name} to fit"), 5, fits).await;
            for line in browser.axe().await {
                found.push(format!("{name}: {line}"));
            }
            browser.script("document.querySelector('.cf-wish-panel').scrollIntoView({block: 'start'})", &[]).await;
            browser.picture(&root(&format!("target/shots/wishes-{name}.png"))).await;
        }
        assert!(found.is_empty(), "{}", found.join("\n"));
    });
}
