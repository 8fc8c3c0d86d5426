//! An administrator restores for somebody else: one person or a list, with that person's rights or with their own, seen by
//! both and refused to everybody else.

use crate::harness::{Api, Browser, Options, World, root, run};
use courseferry_api::{
    AuditPage, CategoryId, Choice, ErrorCode, Exception, FindPeople, FoundPerson, ListAudit, ListCoursesOf, ListFile,
    ListRows, OrdersFor, PeopleSearch, PlanFor, PreviewFor, PreviewRows, ReadList, Restore, RestoreFor, ScheduleFor,
    Scheduled, Status, Target, UserId, WishFor,
};

/// Marie Curie, who may restore into Sciences and Restored courses.
const MARIE: UserId = UserId(5);
/// Henri Poincaré, who may restore nowhere.
const HENRI: UserId = UserId(7);

async fn found(api: &Api, search: &str) -> Vec<FoundPerson> {
    let search = PeopleSearch { search: search.to_owned() };
    api.post(&FindPeople, &search).await.expect("people").people
}

async fn ordered(api: &Api, orders: Vec<RestoreFor>) -> Vec<Scheduled> {
    api.post(&ScheduleFor, &OrdersFor { orders, list: None }).await.expect("an answer each").results
}

fn wish(person: &str, remote: &str, course: &str, category: &str) -> WishFor {
    let text = ToOwned::to_owned;
    let (person, remote, course, category) = (text(person), text(remote), text(course), text(category));
    WishFor { person, remote, course, category, ..WishFor::default() }
}

fn into(choice: Choice, category: i64) -> Choice {
    Choice { target: Target::Category(CategoryId(category)), ..choice }
}

#[test]
fn a_course_for_somebody_is_theirs_carried_out_with_borrowed_rights_and_both_are_told() {
    run(async {
        let world = World::learnt(Options::default()).await;
        let admin = world.log_in("admin").await;
        let henri = found(&admin, "poinc hen").await;
        assert_eq!(henri, [FoundPerson { id: HENRI, name: "Henri Poincaré".into(), identity: "teacher3".into() }]);
        let choice = into(world.choice(0, 18), 6);
        let restore: Restore =
            ordered(&admin, vec![RestoreFor { person: HENRI, choice }]).await.remove(0).restore.expect("scheduled");
        assert_eq!(restore.asked_by.as_deref(), Some("Ada Lovelace"));

        let owner = world.log_in("teacher3").await;
        let restored = world.tick_until(&owner, &restore, |now| now.status.ended()).await;
        assert_eq!(restored.status, Status::Restored, "{:?}", restored.problem);
        let course = world.arrived(&restore.id);
        assert_eq!((course.category, course.participants.keys().copied().collect::<Vec<_>>()), (6, vec![HENRI.0]));
        world.cron().await;
        let messages = world.client.messages();
        let text = |user: i64| {
            let message = messages.iter().find(|message| message.userid == user).expect("a message");
            message.values["text"].clone()
        };
        assert!(text(HENRI.0).contains("Ada Lovelace l'a demandé pour vous."), "{}", text(HENRI.0));
        assert!(text(2).contains("Astronomy for everybody, for Henri Poincaré"), "{}", text(2));
        let audit: AuditPage = admin.get(&ListAudit).await.unwrap();
        let line = audit.entries.iter().find(|line| line.entry.action == "restore.scheduled_for").expect("a line");
        assert_eq!(
            (line.entry.user_name.as_str(), line.entry.for_name.as_deref()),
            ("Ada Lovelace", Some("Henri Poincaré"))
        );
        assert_eq!(line.course.as_deref(), Some("Astronomy for everybody"));
    });
}

#[test]
fn whoever_may_not_manage_or_is_logged_in_as_another_restores_for_nobody_by_request_either() {
    run(async {
        let world = World::learnt(Options::default()).await;
        let order =
            || OrdersFor { orders: vec![RestoreFor { person: MARIE, choice: world.choice(0, 12) }], list: None };
        let plan = PreviewFor { wishes: vec![wish("teacher1", "Moodle Sciences", "12", "")] };
        let search = PeopleSearch { search: "curie".into() };
        let teacher = world.log_in("creator").await;
        let courses = ListCoursesOf { person: MARIE, remote: world.remote(0).clone() };
        let refused = [
            teacher.post(&ScheduleFor, &order()).await.map(drop).unwrap_err(),
            teacher.post(&PreviewRows, &plan).await.unwrap_err(),
            teacher.post(&ReadList, &ListFile { text: "x,y,z".into() }).await.unwrap_err(),
            teacher.post(&FindPeople, &search).await.unwrap_err(),
            teacher.get(&courses).await.unwrap_err(),
        ];
        for error in refused {
            assert_eq!(error.code(), ErrorCode::AccessDenied);
            let said = format!("{error:?}");
            assert!(
                said.contains("block/courseferry:manage") || said.contains("Manage") || said.contains("gestion"),
                "{said}"
            );
        }
        world.make_manager("teacher2");
        let (as_manager, _) = world.log_in_as("teacher2").await;
        let error = as_manager.post(&ScheduleFor, &order()).await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::RestoreLoggedInAs);
        assert!(world.log_in("teacher1").await.restores().await.is_empty(), "nothing was done");
    });
}

#[test]
fn each_row_of_a_list_says_what_will_happen_or_why_not_and_only_what_can_be_done_is() {
    run(async {
        let world = World::learnt(Options::default()).await;
        world.client.change(|site| site.user_named("teacher5").unwrap().auth = "email".to_owned());
        world.log_in("teacher2").await.schedule_one(world.choice(0, 14)).await;
        let admin = world.log_in("admin").await;
        let address = world.remotes[1].address();
        let text = format!(
            "person,remote,course,category\nteacher1,Moodle Sciences,MECH201,Sciences / Physics\n\
             TEACHER3,moodle sciences,astro,6\nteacher1,{address},21,default\nnobody,Moodle Sciences,11,\n\
             teacher1,Moodle Atlantis,11,\nteacher1,Moodle Sciences,18,\nteacher1,Moodle Sciences,OPT-2025,Nowhere\n\
             teacher5,Moodle Sciences,ASTRO,\nteacher2,Moodle Sciences,CHEM110,3\nteacher1,Moodle Sciences,=A1,\n"
        );
        let file: ListRows = admin.post(&ReadList, &ListFile { text }).await.unwrap();
        assert_eq!(file.rows.iter().map(|row| row.line).collect::<Vec<_>>(), (2..=11).collect::<Vec<_>>());
        let formula = file.rows.last().unwrap().problem.as_ref().map(|problem| problem.code);
        assert_eq!(formula, Some(ErrorCode::ListFormula));
        let wishes: Vec<WishFor> =
            file.rows.into_iter().filter(|row| row.problem.is_none()).map(|row| row.wish).collect();
        let plan: PlanFor = admin.post(&PreviewRows, &PreviewFor { wishes }).await.unwrap();
        let told: Vec<_> = plan.rows.iter().map(|row| row.problem.as_ref().map(|problem| problem.code)).collect();
        assert_eq!(
            told,
            [
                None,
                None,
                None,
                Some(ErrorCode::ListPersonUnknown),
                Some(ErrorCode::ListRemoteUnknown),
                Some(ErrorCode::ListCourseUnknown),
                Some(ErrorCode::ListCategoryUnknown),
                Some(ErrorCode::AccessNotVouched),
                Some(ErrorCode::RestoreTaken),
            ],
            "{:#?}",
            plan.rows
        );
        let [mechanics, astronomy, history, ..] = plan.rows.as_slice() else { panic!("three rows") };
        assert_eq!((mechanics.person.as_str(), mechanics.category.as_deref()), ("Marie Curie", Some("Physics")));
        assert_eq!((mechanics.borrowed, astronomy.borrowed, history.borrowed), (false, true, false));
        assert!(mechanics.exceptions.iter().all(|exception| !matches!(exception, Exception::Refused { .. })));
        let orders: Vec<RestoreFor> = plan.rows.iter().filter_map(|row| row.order.clone()).collect();
        let results = ordered(&admin, orders.clone()).await;
        assert!(results.iter().all(|result| result.restore.is_some()), "{results:?}");
        let again = ordered(&admin, orders).await;
        assert!(again.iter().all(|result| result.problem.as_ref().is_some_and(|p| p.code == ErrorCode::RestoreTaken)));
        assert_eq!(world.log_in("teacher1").await.restores().await.len(), 2);

        // A file of which nothing can be read is answered with the reason, in the reader's language.
        world.make_manager("creator");
        let french = world.log_in("creator").await;
        let error = french.post(&ReadList, &ListFile { text: String::new() }).await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::ListEmpty);
        assert!(format!("{error:?}").contains("Le fichier ne contient aucune ligne."), "{error:?}");
    });
}

#[test]
fn an_administrator_who_lost_the_right_meanwhile_has_nothing_restored_for_others() {
    run(async {
        let world = World::learnt(Options::default()).await;
        world.make_manager("creator");
        let creator = world.log_in("creator").await;
        let choice = into(world.choice(0, 12), 3);
        let restore = ordered(&creator, vec![RestoreFor { person: MARIE, choice }]).await.remove(0).restore.unwrap();
        world.client.change(|site| {
            site.user_named("creator").unwrap().assignments.retain(|one| one.roleid != courseferry_access::RoleId(1));
        });
        let owner = world.log_in("teacher1").await;
        let ended = world.tick_until(&owner, &restore, |now| now.status.ended()).await;
        assert_eq!((ended.status, ended.error()), (Status::Failed, Some(ErrorCode::RestoreActorRefused)));
        let problem = ended.problem.unwrap();
        assert!(problem.advice.contains("block/courseferry:manage"), "{problem:?}");
    });
}

const PICTURES: &str = "target/shots/for-somebody";

async fn picture(browser: &Browser, name: &str) {
    let scroll =
        "const part = [...document.querySelectorAll('.cf-manage section')].find(s => s.querySelector('[type=radio]'));
        part.scrollIntoView({block: 'start', behavior: 'instant'}); scrollBy({top: -70, behavior: 'instant'})";
    browser.script(scroll, &[]).await;
    browser.picture(&root(&format!("{PICTURES}-{name}.png"))).await;
}

#[test]
fn in_manage_a_person_is_found_by_typing_and_what_happens_is_seen_before_it_is_done() {
    run(async {
        let world = World::learnt(Options::default().set("settle_seconds", "3000")).await;
        let browser = Browser::open().await;
        browser.resize(1280, 1100).await;
        world.show(&browser, "admin", "#manage").await;
        browser.sees("Restore for somebody else").await;
        choose_person(&browser, "poincar", "Henri Poincaré").await;
        browser.press("Astronomy for everybody").await;
        browser.choose("Where to", "Arts").await;
        browser.set_date("Starts: all chosen courses", "2026-10-01").await;
        browser.choose("Students see it: all chosen courses", "Hidden until a teacher shows it").await;
        browser.press("See what happens to 1 course").await;
        browser.sees("Starts on 1 Oct 2026.").await;
        browser.sees("Hidden from students until a teacher shows it.").await;
        browser.sees("With your rights: theirs do not suffice there.").await;
        browser.sees("1 course can be restored.").await;
        assert_eq!(browser.axe().await, Vec::<String>::new());
        picture(&browser, "one").await;
        browser.press("Restore 1 course for somebody else").await;
        browser.sees("1 course is scheduled.").await;
        let options = world.log_in("teacher3").await.restores().await.remove(0).options;
        assert_eq!((options.starts.is_some(), options.visible), (true, Some(false)), "as it was asked for");

        // The same by keyboard and from a file, with what cannot be done said beside its line.
        browser.press("Many, from a file").await;
        let file = std::env::temp_dir().join(format!("courseferry-list-{}.csv", std::process::id()));
        let rows = "person;remote;course;category\r\nteacher1;Moodle Sciences;MECH201;Sciences / Physics\r\n\
                    teacher1;Moodle Lettres;21;default\r\nnobody;Moodle Sciences;11;\r\nteacher1;Moodle Sciences;=1+1;\r\n";
        std::fs::write(&file, rows).unwrap();
        browser.find("input[type=file]").await.send_keys(file.to_str().unwrap()).await.unwrap();
        browser.sees("2 courses can be restored. 2 cannot.").await;
        browser.row_says("line 4", "Nobody here has the user name “nobody”.").await;
        browser.row_says("line 5", "list.formula").await;
        assert_eq!(browser.axe().await, Vec::<String>::new());
        picture(&browser, "file").await;
        for (name, width, theme) in [("file-phone", 375, "light"), ("file-dark", 1280, "dark")] {
            browser.resize(width, 1100).await;
            let dark = "document.documentElement.setAttribute('data-bs-theme', arguments[0])";
            browser.script(dark, &[theme.into()]).await;
            picture(&browser, name).await;
            let sideways = "return document.documentElement.scrollWidth > innerWidth";
            assert_eq!(browser.script(sideways, &[]).await, false, "{name} scrolls sideways");
        }
        browser.resize(1280, 1100).await;
        browser.press("Only rows that cannot be restored").await;
        browser.press("Restore 2 courses for others").await;
        browser.sees("2 courses are scheduled. 2 cannot.").await;
        std::fs::remove_file(file).unwrap();

        // Whose they are, and who asked, stands in the list of all; people are found by name there too.
        world.show(&browser, "admin", "#manage").await;
        browser.sees("3 restores found").await;
        browser.row_says("Astronomy for everybody", "by Henri Poincaré (7) · asked for by Ada Lovelace").await;
        browser.press("Show the audit").await;
        browser.sees("scheduled for somebody else Astronomy for everybody (Moodle Sciences) for Henri Poincaré").await;

        world.make_manager("creator");
        world.show(&browser, "creator", "#manage").await;
        browser.sees("Restaurer pour autrui").await;
        choose_person(&browser, "curie mar", "Marie Curie").await;
        browser.sees("Classical mechanics").await;
        assert_eq!(browser.axe().await, Vec::<String>::new());
        picture(&browser, "french").await;
    });
}

/// Types a part of a name into the field of the part "for somebody else", and takes the first match with the keyboard.
pub async fn choose_person(browser: &Browser, part: &str, name: &str) {
    let focus =
        "const part = [...document.querySelectorAll('.cf-manage section')].find(s => s.querySelector('[type=radio]'));
        part.querySelector('[role=combobox]').focus()";
    browser.script(focus, &[]).await;
    browser.keys(part).await;
    let shown = "return [...document.querySelectorAll('.cf-manage [role=option]')].some(o => o.textContent.includes(arguments[0]))";
    crate::harness::until("the person is offered", 15, async || {
        browser.script(shown, &[name.into()]).await.as_bool().filter(|shown| *shown)
    })
    .await;
    browser.keys("\u{e007}").await;
}
