//! Everybody's restores: search, pages, and the verbs. There is no way to write a status: only what is done changes it.

use super::{Manage, number_in, section};
use crate::components::button::{LINK, SECONDARY, button};
use crate::components::view::{maybe, part, text};
use crate::live::{Forever, Live};
use crate::logic::phrases::Look;
use crate::words::fill;
use courseferry_api::{CategoryId, CourseId, ManagedRestore, Restore, RestorePage, Status, Verb};
use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
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
    let timer = StoredValue::new(None::<TimeoutHandle>);
    Effect::new(move |_| {
        list.typed.track();
        list.status.track();
        list.number.track();
        // Anew after each thing done to all.
        page.overview.track();
        let next = set_timeout_with_handle(move || load(list), SEARCH_AFTER).ok();
        if let Some(earlier) = timer.try_update_value(|timer| std::mem::replace(timer, next)).flatten() {
            earlier.clear();
        }
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
    let option = |(value, label)| view! { <option value=value>{label}</option> }.into_any();
    let options = statuses.into_iter().map(option).collect::<Vec<_>>();
    let rows = part(move || {
        let answer = list.answer.get()?;
        let rows = answer.restores.into_iter().map(|one| row(list, one)).collect::<Vec<_>>();
        Some(view! { <ul class="cf-list">{rows}</ul> }.into_any())
    });
    let found = text(move || {
        list.answer.with(|a| a.as_ref().map_or(String::new(), |a| app.count(words.found, a.total as usize)))
    });
    let content = view! {
        <div class="cf-tools">
            <div class="cf-search">
                <label for="cf-manage-search">{words.search}</label>
                <input id="cf-manage-search" type="search" class="form-control" autocomplete="off"
                    on:input=move |event| {
                        list.number.set(0);
                        list.typed.set(event_target_value(&event));
                    } />
            </div>
            <div>
                <label for="cf-manage-status">{words.status}</label>
                <select id="cf-manage-status" class="form-control form-select cf-select"
                    on:change=move |event| {
                        list.number.set(0);
                        list.status.set(event_target_value(&event));
                    }>{options}</select>
            </div>
        </div>
        <p class="cf-meta" role="status">{found}</p>
        {rows}
        {pages(list)}
    };
    section(words.all_restores, content.into_any())
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
        Some(view! { <div class="cf-actions">{earlier} <span class="cf-meta">{label}</span> {later}</div> }.into_any())
    })
}

/// Which number a verb asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asks {
    Category,
    Course,
}

fn row(list: List, managed: ManagedRestore) -> AnyView {
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
    let facts = restore.with_untracked(|r| {
        let by = fill(words.by, &[("name", &format!("{user_name} ({user})"))]);
        format!("{} · {} · {by}", r.short_name, r.remote_name)
    });
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
            button(
                LINK,
                move || label.to_owned(),
                named(label),
                busy,
                move || {
                    crate::browser::keeping_focus(|| {
                        asks.set(if asks.get_untracked() == Some(what) { None } else { Some(what) });
                    });
                },
            )
        };
        let again = (ended && !done).then(|| verb(app.words.try_again, Verb::Retry));
        let cancel = restore.with(|r| r.can_cancel).then(|| verb(app.words.cancel, Verb::Cancel));
        let move_it = matches!(now, Status::Scheduled | Status::Failed).then(|| ask(app.words.move_it, Asks::Category));
        let link = (!done && now != Status::InProgress).then(|| ask(words.link, Asks::Course));
        Some(view! { <div class="cf-actions">{again} {cancel} {move_it} {link}</div> }.into_any())
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
        let text = format!("{} {}", problem.code, problem.detail);
        Some(view! { <div class="cf-meta">{text}</div> }.into_any())
    });
    let alert = part(move || {
        alert.get().map(|text| view! { <div class="cf-alert text-danger" role="alert">{text}</div> }.into_any())
    });
    let icon = maybe(move || Some(restore.with(|r| Look::of(r).class().to_owned())));
    view! {
        <li class="cf-row cf-restore" tabindex="-1" data-cf-refuge="">
            <div class="cf-body">
                <div class="cf-name"><bdi>{restore.with_untracked(|r| r.full_name.clone())}</bdi></div>
                <div class="cf-meta"><bdi>{facts}</bdi></div>
                <div class="cf-status"><span class=icon></span><span>{status}</span></div>
                {error}
                {alert}
            </div>
            {verbs}
            {form}
        </li>
    }
    .into_any()
}

/// One field for a number or an address with one, and its button.
pub fn number_form(
    page: Manage,
    label: &'static str,
    busy: Live<bool>,
    alert: Live<Option<String>>,
    go: impl Fn(i64) + 'static,
) -> AnyView {
    let words = page.words;
    let typed = Live::new(String::new());
    let press = move || match number_in(&typed.get_untracked()) {
        Some(number) => go(number),
        None => alert.set(Some(words.not_a_number.to_owned())),
    };
    view! {
        <div class="cf-ask">
            <label>
                {label}
                <input type="text" class="form-control" on:input=move |event| typed.set(event_target_value(&event)) />
            </label>
            {button(SECONDARY, move || words.do_it.to_owned(), None, busy, press)}
        </div>
    }
    .into_any()
}
