//! Everybody's restores: search, pages, and the verbs. There is no way to write a status: only what is done changes it.

use super::{Manage, number_in, section};
use crate::browser::later;
use crate::components::button::{self, LINK, SECONDARY, button};
use crate::components::el::{Child, El, el};
use crate::components::notices::failed;
use crate::components::view::{effect, live, part, several, text};
use crate::live::{Forever, Live};
use crate::logic::phrases::Look;
use crate::logic::restores::destination;
use courseferry_api::{CategoryId, CourseId, ManagedRestore, Restore, RestorePage, Status, Verb};
use courseferry_words::fill;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;

const PAGE: u32 = 50;
const SEARCH_AFTER: Duration = Duration::from_millis(350);

type List = Forever<ListParts>;

/// Its parts.
struct ListParts {
    page: Manage,
    typed: Live<String>,
    status: Live<String>,
    number: Live<u32>,
    answer: Live<Option<RestorePage>>,
}

/// The list.
pub fn everybody(page: Manage) -> AnyView {
    let words = page.words;
    let list = Forever::new(ListParts {
        page,
        typed: Live::new(String::new()),
        status: Live::new(String::new()),
        number: Live::new(0),
        answer: Live::new(None),
    });
    effect(move || {
        list.typed.track();
        list.status.track();
        list.number.track();
        // Anew after each thing done to all.
        page.overview.track();
        later(SEARCH_AFTER, move || load(list));
    });
    let app = page.app.words;
    let statuses = [
        ("", words.any_status),
        (Status::Scheduled.as_str(), app.scheduled),
        (Status::InProgress.as_str(), app.in_progress),
        (Status::Restored.as_str(), app.restored),
        (Status::Failed.as_str(), app.failed),
        (Status::Cancelled.as_str(), app.cancelled),
    ];
    let chosen = move |event| {
        list.number.set(0);
        list.status.set(event_target_value(&event));
    };
    let select = el("select").id("cf-manage-status").class("form-control form-select cf-select").on("change", chosen);
    let select = statuses
        .into_iter()
        .fold(select, |select, (value, label)| select.child(el("option").attr("value", value).child(label)));
    let rows = part(move || {
        let answer = list.answer.get()?;
        let rows = el("ul").class("cf-list");
        Some(answer.restores.into_iter().fold(rows, |rows, one| rows.child(row(list, one))))
    });
    let found = text(move || {
        list.answer.with(|a| a.as_ref().map_or(String::new(), |a| app.count(words.found, a.total as usize)))
    });
    let typed = move |event| {
        list.number.set(0);
        list.typed.set(event_target_value(&event));
    };
    let field = el("input")
        .id("cf-manage-search")
        .attr("type", "search")
        .class("form-control")
        .attr("autocomplete", "off")
        .on("input", typed);
    let label = |of: &'static str, text: &'static str| el("label").attr("for", of).child(text);
    let search = el("div").class("cf-search").child(label("cf-manage-search", words.search)).child(field);
    let status = el("div").child(label("cf-manage-status", words.status)).child(select);
    let tools = el("div").class("cf-tools").child(search).child(status);
    let found = el("p").class("cf-meta").attr("role", "status").child(found);
    section(words.all_restores, vec![tools.view(), found.view(), rows, pages(list)])
}

fn load(list: List) {
    let page = list.page;
    spawn_local(async move {
        let typed = String::from(js_sys::encode_uri_component(list.typed.get_untracked().trim()));
        let status = match list.status.get_untracked() {
            any if any.is_empty() => any,
            status => format!("&status={status}"),
        };
        let path = format!("/api/manage/restores?page={}&search={typed}{status}", list.number.get_untracked());
        match page.app.get::<RestorePage>(&path).await {
            Ok(answer) => crate::browser::keeping_focus(|| list.answer.set(Some(answer))),
            Err(fault) => page.fail(&fault),
        }
    });
}

fn pages(list: List) -> AnyView {
    let words = list.page.words;
    part(move || {
        let total = list.answer.with(|a| a.as_ref().map_or(0, |a| a.total));
        let (now, pages) = (list.number.get(), total.div_ceil(PAGE));
        if pages < 2 {
            return None;
        }
        let go = move |label: &'static str, to: u32| {
            button(SECONDARY, move || label.to_owned(), None, Live::new(false), move || list.number.set(to))
        };
        let label = fill(words.page_of, &[("page", &(now + 1).to_string()), ("pages", &pages.to_string())]);
        let earlier = (now > 0).then(|| go(words.earlier, now - 1));
        let later = (now + 1 < pages).then(|| go(words.later, now + 1));
        let label = el("span").class("cf-meta").child(label);
        Some(el("div").class("cf-actions").child(earlier).child(label).child(later))
    })
}

/// Which number a verb asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asks {
    Category,
    Course,
}

fn row(list: List, managed: ManagedRestore) -> El {
    let page = list.page;
    let (app, words) = (page.app, page.words);
    let ManagedRestore { user, user_name, restore } = managed;
    let restore = Live::new(restore);
    let busy = Live::new(false);
    let asks = Live::new(None::<Asks>);
    let alert = Live::new(None::<String>);
    let act = move |verb: Verb| {
        let id = restore.with_untracked(|r| r.id.clone());
        busy.set(true);
        alert.set(None);
        spawn_local(async move {
            match app.post::<Restore>(&format!("/api/manage/restores/{id}"), &verb).await {
                Ok(now) => {
                    crate::browser::keeping_focus(|| {
                        asks.set(None);
                        restore.set(now);
                    });
                    page.say(words.done);
                }
                Err(fault) => alert.set(Some(app.explain(&fault))),
            }
            busy.set(false);
        });
    };
    let status = text(move || {
        restore.with(|r| {
            app.with_home(|home| app.clock(|clock| clock.status(r, &home.window, home.paused))).unwrap_or_default()
        })
    });
    let by = fill(words.by, &[("name", &format!("{user_name} ({user})"))]);
    let facts = move || {
        restore.with(|r| {
            let to = destination(app.words, r);
            let parts = [Some(r.short_name.clone()), Some(r.remote_name.clone()), to, Some(by.clone())];
            parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
        })
    };
    let named = move |verb: &str| {
        let course = restore.with_untracked(|r| r.full_name.clone());
        Some(fill(app.words.on_control, &[("verb", verb), ("course", &course)]))
    };
    let verbs = part(move || {
        let (now, ended) = restore.with(|r| (r.status, r.status.ended()));
        let done = now == Status::Restored;
        let verb = move |label: &'static str, verb: Verb| {
            button(SECONDARY, move || label.to_owned(), named(label), busy, move || act(verb))
        };
        let ask = move |label: &'static str, what: Asks| {
            let other = move || if asks.get_untracked() == Some(what) { None } else { Some(what) };
            let press = move || crate::browser::keeping_focus(|| asks.set(other()));
            button(LINK, move || label.to_owned(), named(label), busy, press)
        };
        let open = restore.with(|r| r.link.clone()).filter(|_| done);
        let open =
            open.map(|address| button::link(SECONDARY, app.words.open_course, named(app.words.open_course), address));
        let again = (ended && !done).then(|| verb(app.words.try_again, Verb::Retry));
        let cancel = restore.with(|r| r.can_cancel).then(|| verb(app.words.cancel, Verb::Cancel));
        let move_it = matches!(now, Status::Scheduled | Status::Failed).then(|| ask(app.words.move_it, Asks::Category));
        let link_it = (!done && now != Status::InProgress).then(|| ask(words.link, Asks::Course));
        Some(several([open, again, cancel, move_it, link_it].map(Child::view)))
    });
    let form = part(move || {
        let what = asks.get()?;
        let label = if what == Asks::Category { words.move_text } else { words.link_text };
        Some(number_form(page, label, busy, alert, move |number| {
            act(match what {
                Asks::Category => Verb::Move(CategoryId(number)),
                Asks::Course => Verb::Link(CourseId(number)),
            });
        }))
    });
    let error = part(move || {
        let problem = restore.with(|r| r.problem.clone())?;
        Some(el("div").class("cf-meta").child(format!("{} {}", problem.code, problem.detail)))
    });
    let icon = live(move || restore.with(|r| Look::of(r).class().to_owned()));
    let body = el("div")
        .class("cf-body")
        .child(el("div").class("cf-name").child(el("bdi").child(restore.with_untracked(|r| r.full_name.clone()))))
        .child(el("div").class("cf-meta").child(el("bdi").child(text(facts))))
        .child(el("div").class("cf-status").child(el("span").class(icon)).child(el("span").child(status)))
        .child(error)
        .child(part(move || alert.get().map(failed)));
    el("li")
        .class("cf-row cf-restore")
        .refuge()
        .child(body)
        .child(el("div").class("cf-actions").child(verbs))
        .child(form)
}

/// One field for a number or an address with one, and its button.
fn number_form(
    page: Manage,
    label: &'static str,
    busy: Live<bool>,
    alert: Live<Option<String>>,
    go: impl Fn(i64) + 'static,
) -> El {
    let words = page.words;
    let typed = Live::new(String::new());
    let press = move || match number_in(&typed.get_untracked()) {
        Some(number) => go(number),
        None => alert.set(Some(words.not_a_number.to_owned())),
    };
    let field = el("input").attr("type", "text").class("form-control");
    let field = field.on("input", move |event| typed.set(event_target_value(&event)));
    el("div").class("cf-ask").child(el("label").child(label).child(field)).child(button(
        SECONDARY,
        move || words.do_it.to_owned(),
        None,
        busy,
        press,
    ))
}
