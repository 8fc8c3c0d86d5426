//! What people do, from Moodle's log-in form to the open course, and only what they can see of it: these tests run
//! unchanged between the stand-in Moodles and between real ones (`cargo xtask e2e --client …`, see `--help`).
//!
//! A real Moodle remembers: courses of earlier runs are there, so names may be taken. People use Moodle in English.

use crate::harness::{Api, Backup, Browser, Host, Options, Source, root, run, until};
use courseferry_api::{Category, Choice, Course, Home, RemoteId, Restore, Status, Target};
use fantoccini::key::Key;
use serde_json::{Value, json};

/// A course that the teacher may choose.
struct Offer {
    remote: RemoteId,
    remote_name: String,
    course: Course,
}

/// Courses of the teacher on the remotes: hidden ones first so that there is one among a few, then one of each remote in
/// turn.
async fn offers(host: &Host, home: &Home) -> Vec<Offer> {
    let (api, _) = host.enter(&host.teacher).await;
    let mut offers = Vec::new();
    for remote in &home.remotes {
        let list = api.courses(&remote.id).await;
        let open = list.courses.into_iter().filter(|course| course.choosable);
        let (id, name) = (&list.remote, &list.name);
        let of_remote = open.map(|course| Offer { remote: id.clone(), remote_name: name.clone(), course });
        offers.extend(of_remote.enumerate());
    }
    offers.sort_by_key(|(turn, offer)| (offer.course.visible, *turn));
    let offers = offers.into_iter().map(|(_, offer)| offer).collect();
    let chosen = host.chosen(offers, |offer| &offer.course.short_name);
    assert!(!chosen.is_empty(), "{} has no course that can be restored", host.teacher.username);
    chosen
}

impl Offer {
    /// Its tick box.
    fn control(&self) -> String {
        format!("{}, {}, {}", self.course.full_name, self.course.short_name, self.remote_name)
    }

    fn choice(&self, category: &Category) -> Choice {
        Choice::new(self.remote.clone(), self.course.id, Target::Category(category.id))
    }

    /// What the remote puts into a backup of it. Nothing else may ask for backups of this teacher meanwhile: a remote
    /// keeps one.
    async fn backup(&self, host: &Host, home: &Home) -> Backup {
        let n = home.remotes.iter().position(|remote| remote.id == self.remote).unwrap();
        let minute = async || host.moodle_cron().await;
        host.sources()[n].backup(&host.teacher.username, self.course.id.0, minute).await
    }
}

/// The visible texts of everything that a CSS selector names.
async fn texts(browser: &Browser, css: &str) -> Vec<String> {
    let script =
        "return [...document.querySelectorAll(arguments[0])].map(e => e.innerText.replace(/\\s+/g, ' ').trim())";
    let found = browser.script(script, &[json!(css)]).await;
    found.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

/// Opens a restored course, which is to be as the original in all but its name, if that was taken here.
async fn is_the_same_course(host: &Host, browser: &Browser, offer: &Offer, backup: &Backup, restore: &Restore) {
    let name = &offer.course.full_name;
    let id = restore.course.expect("a course");

    browser.go(&format!("{}#restores", host.page())).await;
    browser.driver.refresh().await.unwrap();
    let open = browser.control(&format!("Open course: {name}")).await;
    assert!(open.attr("href").await.unwrap().unwrap().ends_with(&format!("/course/view.php?id={id}")));
    open.click().await.unwrap();
    browser.find(".course-content").await;
    let heading = texts(browser, "h1").await.join(" ");
    assert!(heading == *name || heading.starts_with(&format!("{name} copy ")), "{heading} is not {name}");
    assert_eq!(texts(browser, "[data-for=cmitem]").await.len(), backup.activities, "activities of {name}");

    let category = restore.category.expect("a category");
    browser.go(&format!("{}/course/index.php?categoryid={category}", host.client)).await;
    let class = browser.find(&format!("[data-courseid=\"{id}\"] .coursename a")).await.attr("class").await.unwrap();
    let hidden = class.unwrap_or_default().split(' ').any(|class| class == "dimmed");
    assert_eq!(hidden, !offer.course.visible, "whether {name} is hidden from students");

    browser.go(&format!("{}/user/index.php?id={id}", host.client)).await;
    browser.find("#participants tbody tr").await;
    let (_, home) = host.enter(&host.teacher).await;
    let roles = "const row = [...document.querySelectorAll('#participants tbody tr')].find(row =>
            row.querySelector('th')?.innerText.includes(arguments[0]));
        return row ? [...row.querySelectorAll('td')].map(cell => cell.innerText.trim()) : []";
    let cells = browser.script(roles, &[json!(home.me.name)]).await;
    assert!(cells.as_array().unwrap().contains(&json!("Teacher")), "roles of {} in {name}: {cells}", home.me.name);
}

/// Opens the newest notification.
async fn newest_notification(host: &Host, browser: &Browser) {
    browser.go(&format!("{}/message/output/popup/notifications.php", host.client)).await;
    browser.press_at("[data-region=notification-content-item-container]").await;
    browser.find("[data-region=content-area] [data-region=footer] a").await;
}

/// The ids of the courses that the teacher sees in a category.
async fn courses_in(host: &Host, browser: &Browser, category: &Category) -> Value {
    browser.go(&format!("{}/course/index.php?categoryid={}", host.client, category.id)).await;
    let ids = "return [...document.querySelectorAll('[data-courseid]')].map(e => e.dataset.courseid)";
    browser.script(ids, &[]).await
}

#[test]
fn a_teacher_logs_in_brings_several_courses_here_and_opens_them() {
    run(async {
        let mut host = Host::start(Options::default().set("onlyoneremoteinstance", "1")).await;
        let (api, home) = host.enter(&host.teacher).await;
        let category = host.category(&home);
        let offers = offers(&host, &home).await;
        let mut backups = Vec::new();
        for offer in &offers {
            backups.push(offer.backup(&host, &home).await);
        }

        let browser = Browser::open().await;
        host.show(&browser, &host.teacher).await;
        browser.sees("Your restores").await;
        browser.sees("Nothing yet.").await;

        browser.go(&host.page()).await;
        for source in host.sources() {
            browser.control(&format!("Refresh the list of {}", source.site_name().await)).await;
        }
        choose(&browser, &offers).await;
        let courses = match offers.len() {
            1 => "1 course".to_owned(),
            n => format!("{n} courses"),
        };
        browser.sees(&format!("{courses} to")).await;
        browser.press("Change").await;
        browser.choose("Where to", &category.path.join(" / ")).await;
        browser.sees("not students, grades or submissions.").await;
        browser.press(&format!("Restore {courses}")).await;
        browser.sees("Scheduled ·").await;
        until("the focus on the list", 5, async || (browser.focus().await == "Your restores").then_some(())).await;

        host.cron().await;
        browser.driver.refresh().await.unwrap();
        browser.sees("of 3: ").await;
        let restores = host.until_all_end(&api).await;
        assert_eq!(restores.len(), offers.len());
        let of = |offer: &Offer| {
            let mut all = restores.iter();
            all.find(|restore| (&restore.remote, restore.remote_course) == (&offer.remote, offer.course.id)).unwrap()
        };
        for (offer, backup) in offers.iter().zip(&backups) {
            let restore = of(offer);
            assert_eq!((restore.status, restore.category), (Status::Restored, Some(category.id)), "{restore:?}");
            is_the_same_course(&host, &browser, offer, backup, restore).await;
        }

        newest_notification(&host, &browser).await;
        for offer in &offers {
            let id = of(offer).course.unwrap();
            let link =
                format!("[data-region=content-area] [data-region=content] a[href$=\"/course/view.php?id={id}\"]");
            assert_eq!(texts(&browser, &link).await, [offer.course.full_name.as_str()]);
        }
        there_is_no_second_copy_unless_the_setting_says_so(&mut host, &browser, &offers[0], &category).await;
    });
}

/// Finds the first course by searching, and ticks all of them.
async fn choose(browser: &Browser, offers: &[Offer]) {
    let (first, others) = offers.split_first().unwrap();
    browser.control(&first.control()).await;
    let search = browser.control("Search your courses").await;
    search.send_keys(&first.course.short_name).await.unwrap();
    for other in others.iter().filter(|other| !other.control().contains(&first.course.short_name)) {
        let control = other.control();
        let gone = async || browser.look_for_control(&control).await.is_none().then_some(());
        until(&format!("\"{control}\" to be searched away"), 5, gone).await;
    }
    browser.press(&first.control()).await;
    search.send_keys(&char::from(Key::Escape).to_string()).await.unwrap();
    for other in others {
        browser.press(&other.control()).await;
    }
}

/// With one restore per course what is restored cannot be chosen; else it can, and its names are taken.
async fn there_is_no_second_copy_unless_the_setting_says_so(
    host: &mut Host,
    browser: &Browser,
    offer: &Offer,
    category: &Category,
) {
    let control = offer.control();
    browser.go(&host.page()).await;
    browser.sees(&offer.course.short_name).await;
    assert!(browser.look_for_control(&control).await.is_none(), "{control} cannot be chosen");
    let (api, _) = host.enter(&host.teacher).await;
    let refused = api.schedule(vec![offer.choice(category)]).await.results.remove(0);
    assert!(refused.restore.is_none() && refused.problem.is_some(), "{refused:?}");

    host.restart_worker_with("onlyoneremoteinstance", "0").await;
    browser.go("about:blank").await;
    browser.go(&host.page()).await;
    browser.press(&control).await;
    browser.sees(&format!("{} exists here: yours becomes", offer.course.short_name)).await;
}

#[test]
fn the_notification_of_one_course_leads_to_that_course() {
    run(async {
        let host = Host::start(Options::default()).await;
        let (api, home) = host.enter(&host.teacher).await;
        let offer = offers(&host, &home).await.remove(0);
        let restore = api.schedule_one(offer.choice(&host.category(&home))).await;
        let ended = host.until_all_end(&api).await.remove(0);
        assert_eq!((&ended.id, ended.status), (&restore.id, Status::Restored), "{ended:?}");

        let browser = Browser::open().await;
        host.show(&browser, &host.teacher).await;
        newest_notification(&host, &browser).await;
        browser.press_at("[data-region=content-area] [data-region=footer] a").await;
        browser.find(".course-content").await;
        let address = browser.driver.current_url().await.unwrap();
        let id = ended.course.unwrap();
        assert!(address.as_str().ends_with(&format!("/course/view.php?id={id}")), "{address}");
    });
}

#[test]
fn a_restore_cancelled_while_it_is_scheduled_makes_nothing() {
    run(async {
        let host = Host::start(Options::default().set("settle_seconds", "600")).await;
        let (api, home) = host.enter(&host.teacher).await;
        let category = host.category(&home);
        let browser = Browser::open().await;
        host.show(&browser, &host.teacher).await;
        let before = courses_in(&host, &browser, &category).await;

        let offer = offers(&host, &home).await.remove(0);
        let restore = api.schedule_one(offer.choice(&category)).await;
        browser.go(&format!("{}#restores", host.page())).await;
        browser.press(&format!("Cancel: {}", offer.course.full_name)).await;
        browser.sees("Cancelled").await;
        host.cron().await;
        host.moodle_cron().await;
        host.cron().await;
        assert_eq!(api.restore(&restore.id).await.status, Status::Cancelled);
        assert_eq!(courses_in(&host, &browser, &category).await, before);
    });
}

#[test]
fn whoever_may_not_restore_is_told_so_in_a_sentence() {
    run(async {
        let host = Host::start(Options::default()).await;
        let Some(nobody) = &host.nobody else {
            println!("left out: --nobody names somebody who may not restore");
            return;
        };
        let browser = Browser::open().await;
        host.show(&browser, nobody).await;
        browser.go(&host.page()).await;
        // The widget's own sentence, or Moodle's for those to whom it does not show the widget.
        let sentences = [
            "You may not restore into any category here. Ask support for the right to restore.",
            "Vous ne pouvez restaurer dans aucune catégorie. Demandez ce droit à l'assistance.",
            "Sorry, but you do not currently have permissions to do that",
        ];
        until("a sentence", 15, async || {
            let text = browser.text().await;
            sentences.iter().any(|sentence| text.contains(sentence)).then_some(())
        })
        .await;
        assert_eq!(texts(&browser, ".cf-course input").await, [""; 0], "no course can be ticked");
    });
}

#[test]
fn the_remotes_administrator_sees_the_settings_the_entry_for_the_client_and_what_was_lent_to_whom() {
    run(async {
        let host = Host::start(Options::default()).await;
        let Some(lender) = &host.lender else {
            println!("left out: --lender names an administrator of real remotes that run the block courseferry");
            return;
        };
        let (api, home) = host.enter(&host.teacher).await;
        let mut lent = Vec::new();
        for (source, remote) in host.sources().into_iter().zip(&home.remotes) {
            if source.lends().await {
                let course = first_of(&api, &remote.id).await;
                let target = Target::Category(host.category(&home).id);
                api.schedule_one(Choice::new(remote.id.clone(), course.id, target)).await;
                lent.push((source, course));
            }
        }
        assert!(!lent.is_empty(), "no remote runs the block courseferry");
        for restore in host.until_all_end(&api).await {
            assert_eq!(restore.status, Status::Restored, "{restore:?}");
        }
        let browser = Browser::open().await;
        for (source, course) in &lent {
            browser.log_in(&source.address, &lender.username, &lender.password).await;
            sees_how_lending_is_set_up(&browser, source).await;
            sees_what_was_lent(&browser, source, &[&home.me.name, &course.full_name]).await;
        }
    });
}

/// The first course of a remote that the teacher may choose.
async fn first_of(api: &Api, remote: &RemoteId) -> Course {
    let list = api.courses(remote).await;
    list.courses.into_iter().find(|course| course.choosable).unwrap_or_else(|| panic!("no course of {}", list.name))
}

/// Takes a picture of a page of a remote.
async fn picture(browser: &Browser, source: &Source, page: &str) {
    let site: String = source.site_name().await.chars().filter(char::is_ascii_alphanumeric).collect();
    browser.picture(&root(&format!("target/shots/{page}-{site}.png"))).await;
}

/// The remote's settings; and its set-up, which done again shows the client's entry and changes nothing.
async fn sees_how_lending_is_set_up(browser: &Browser, source: &Source) {
    browser.go(&format!("{}/admin/settings.php?section=blocksettingcourseferry", source.address)).await;
    for setting in ["Roles that make a course one's own", "Accounts that are lent to", "Lend students' data"] {
        browser.sees(setting).await;
    }
    let to_lending = "document.getElementById('admin-search_roles').scrollIntoView()";
    browser.script(to_lending, &[]).await;
    picture(browser, source, "lending-settings").await;
    browser.press("Set up lending").await;
    browser.sees("Set up and show the entry").await;
    picture(browser, source, "lending-setup").await;
    if browser.look_for_control("New token, the old one good for a day").await.is_none() {
        println!("left out: {} was set up for a client with a name", source.address);
        return;
    }
    browser.press("Set up and show the entry").await;
    let entry = browser.find("#courseferry-entry").await.prop("value").await.unwrap().unwrap_or_default();
    assert!(entry.starts_with(&format!("{},", source.address)), "the entry begins with {}", source.address);
    assert!(!browser.text().await.contains("A new token is made."), "the token stays as it is");
}

/// The list of lent backups, the newest first: to whom, of which course, its size, and that it was fetched.
async fn sees_what_was_lent(browser: &Browser, source: &Source, wanted: &[&str]) {
    browser.press("Lent backups").await;
    browser.find("table.generaltable tbody tr").await;
    let newest = texts(browser, "table.generaltable tbody tr").await.swap_remove(0);
    picture(browser, source, "lent-backups").await;
    assert!(wanted.iter().all(|words| newest.contains(words)), "{wanted:?} in {newest}");
    assert!(["KB", "MB", "GB"].iter().any(|unit| newest.contains(unit)), "a size in {newest}");
    let fetched = texts(browser, "table.generaltable tbody tr:first-child td:nth-child(7)").await;
    assert!(fetched.iter().all(|when| !when.is_empty()) && !fetched.is_empty(), "when it was fetched in {newest}");
}
