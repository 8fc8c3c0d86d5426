//! Find: one search over all remotes, each with its own list that loads and fails by itself.

use super::button::{LINK, SECONDARY, button, plain, plain_text};
use super::confirm_bar::confirm_bar;
use super::course_row::{RemoteParts, course_row};
use super::el::{Child, El, el};
use super::heading::heading;
use super::notices::WARNING;
use super::view::{each, effect, live, nothing, part, text, whether};
use super::widget::{Instance, Surface};
use crate::browser::{self, later};
use crate::live::{Derived, Forever, Live};
use crate::logic::confirm::room;
use crate::logic::courses::{Entry, PAGE, choosable, restored};
use crate::logic::search::Query;
use crate::logic::selection::{Picked, Selection};
use courseferry_api::{Remote, RemoteCourseId, RemoteId};
use courseferry_words::fill;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::{Event, KeyboardEvent};

/// How long somebody must have stopped typing before the number of matches is said.
const SAID_AFTER: Duration = Duration::from_millis(600);

/// What the parts of Find share.
pub type Find = Forever<FindParts>;

/// Its parts.
pub struct FindParts {
    /// Its widget.
    pub inst: Instance,
    /// What is chosen.
    pub selection: Live<Selection>,
    typed: Live<String>,
    hide: Live<bool>,
    found: Derived<Vec<(RemoteId, Vec<Arc<Entry>>)>>,
}

/// The search, the lists, and the confirm bar.
pub fn find(inst: Instance) -> AnyView {
    let app = inst.app;
    let words = app.words;
    let typed = Live::new(String::new());
    let hide = Live::new(false);
    let query = Derived::new(move || Query::new(&typed.get()));
    let remotes = Derived::new(move || app.with_home(|home| home.remotes.clone()).unwrap_or_default());
    let found = Derived::new(move || {
        let (query, hide) = (query.get(), hide.get());
        let of = |remote: &Remote| {
            let roll = app.listing(&remote.id).with(|l| l.roll.clone());
            let entries = roll.map(|roll| app.restores.with(|own| roll.found(&query, hide, own))).unwrap_or_default();
            (remote.id.clone(), entries)
        };
        remotes.with(|remotes| remotes.iter().map(of).collect())
    });
    let find = Forever::new(FindParts { inst, selection: inst.selection, typed, hide, found });
    announce_matches(find);

    let may_restore = move || app.with_home(|home| home.may.restore).unwrap_or_default();
    let no_right = move || (!may_restore()).then(|| no_right(find));
    let none = move || remotes.with(Vec::is_empty).then(|| no_remote(find));
    // A remote that tells its name for the first time is drawn anew.
    let key = |remote: &Remote| format!("{} {}", remote.id, remote.name);
    let ids = move || remotes.with(|all| all.iter().map(key).collect());
    let row = move |id: String| {
        let remote = remotes.with_untracked(|all| all.iter().find(|remote| key(remote) == id).cloned());
        remote.map_or_else(nothing, |remote| group(find, remote))
    };
    let (title, class) = match inst.surface.get_untracked() {
        // The tab says it for those who see it.
        Surface::Page => (words.find, "cf-heading cf-visually-hidden"),
        Surface::Narrow | Surface::Wide => (words.find_courses, "cf-heading"),
    };
    let searching = move || (!remotes.with(Vec::is_empty)).then(|| search(find));
    el("section")
        .class("cf-find")
        .attr("aria-labelledby", inst.id("find"))
        .refuge()
        .child(heading(inst.level(), class, inst.id("find"), title))
        .child(part(no_right))
        .child(part(none))
        .child(part(searching))
        .child(each(ids, row))
        .child(confirm_bar(find))
        .view()
}

/// The field, the switch, and "Choose all".
fn search(find: Find) -> AnyView {
    let words = find.inst.app.words;
    let (id, hint) = (find.inst.id("search"), find.inst.id("hint"));
    let (typed, hide) = (find.typed, find.hide);
    let clear = move |event: Event| {
        let escape = event.unchecked_ref::<KeyboardEvent>().key() == "Escape";
        if escape && typed.with_untracked(|t| !t.is_empty()) {
            typed.set(String::new());
            event.stop_propagation();
        }
    };
    let field = el("input")
        .id(id.clone())
        .attr("type", "search")
        .class("form-control")
        .attr("autocomplete", "off")
        .attr("aria-describedby", hint.clone())
        .value(move || typed.get())
        .on("keydown", clear)
        .on("input", move |event| typed.set(event_target_value(&event)));
    let switch = el("input")
        .attr("type", "checkbox")
        .attr("role", "switch")
        .flag("checked", whether(move || hide.get()))
        .on("change", move |event| hide.set(event_target_checked(&event)));
    let search = el("div")
        .class("cf-search")
        .child(el("label").attr("for", id).child(words.search))
        .child(field)
        .child(el("div").class("cf-meta").id(hint).child(words.search_hint));
    let tools = el("div")
        .class("cf-tools")
        .child(el("label").class("cf-check").child(switch).child(el("span").child(words.hide_restored)))
        .child(choose_all(find));
    vec![search.view(), tools.view()].view()
}

fn announce_matches(find: Find) {
    let words = find.inst.app.words;
    let mut first = true;
    effect(move || {
        find.typed.track();
        find.hide.track();
        if std::mem::take(&mut first) {
            return;
        }
        let say = move || {
            let n = find.found.with_untracked(|found| found.iter().map(|(_, entries)| entries.len()).sum());
            find.inst.say(words.count(words.matches, n));
        };
        later(SAID_AFTER, say);
    });
}

fn no_right(find: Find) -> El {
    let app = find.inst.app;
    let words = app.words;
    let copy = move || {
        let who = app.with_home(|home| format!("{} ({}, {})", home.me.name, home.me.username, home.me.id));
        let text = format!("{}\n{}\n{}", words.no_right, who.unwrap_or_default(), app.wwwroot());
        spawn_local(async move {
            let done = if browser::copy(&text).await { words.copied } else { words.not_copied };
            find.inst.say(done.to_owned());
        });
    };
    let actions = el("div").class("cf-actions").child(plain(SECONDARY, words.copy_details, None, copy));
    el("div").class(WARNING).child(el("p").child(words.no_right)).child(actions)
}

fn no_remote(find: Find) -> El {
    let app = find.inst.app;
    let words = app.words;
    let manages = app.with_home(|home| home.may.manage).unwrap_or_default();
    let set_up = el("a").attr("href", format!("{}#manage", app.page())).child(words.set_up);
    let text = el("p").class("cf-empty").child(words.no_remote);
    if manages { text.child(" ").child(set_up) } else { text }
}

/// "Choose all 12", as far as the limits allow, for what the search has found.
fn choose_all(find: Find) -> AnyView {
    let app = find.inst.app;
    let words = app.words;
    let open = Derived::new(move || {
        let (home, own, chosen) = (app.home.get()?, app.restores.get(), find.selection.get());
        // Who wants a second copy of a course chooses it by hand.
        let open = |remote: &RemoteId, e: &Entry| {
            choosable(remote, &e.course, &own, &home) && !restored(remote, &e.course, &own)
        };
        let picked = |(remote, entries): &(RemoteId, Vec<Arc<Entry>>)| {
            let free = entries.iter().filter(|e| open(remote, e)).map(|e| Picked::new(remote, &e.course));
            free.filter(|p| chosen.get(&p.key).is_none()).collect::<Vec<_>>()
        };
        Some(find.found.with(|found| found.iter().flat_map(picked).collect::<Vec<_>>()))
    });
    let label = Derived::new(move || {
        let total = open.with(|open| open.as_ref().map_or(0, Vec::len));
        let room = app.with_home(|home| room(home, find.selection.with(Selection::len))).unwrap_or_default();
        match total.min(room) {
            0 => None,
            n if n == total => Some(words.count(words.choose_all, n)),
            n => Some(words.count_with(words.choose_first, n, &[("total", &words.language.number(total as u64))])),
        }
    });
    let choose = move || {
        let picked = open.get_untracked().unwrap_or_default();
        let room = app.with_home(|home| room(home, find.selection.with_untracked(Selection::len))).unwrap_or_default();
        browser::keeping_focus(|| find.selection.update(|s| picked.into_iter().take(room).for_each(|p| s.add(p))));
    };
    let any = Derived::new(move || label.with(Option::is_some));
    part(move || {
        any.get().then(|| button(LINK, move || label.get().unwrap_or_default(), None, Live::new(false), choose))
    })
}

/// One remote: its heading, its state, its courses.
fn group(find: Find, remote: Remote) -> AnyView {
    let app = find.inst.app;
    let words = app.words;
    let listing = app.listing(&remote.id);
    let id = remote.id.clone();
    let entries = Derived::new(move || {
        find.found.with(|found| found.iter().find(|(of, _)| *of == id).map(|(_, e)| e.clone()).unwrap_or_default())
    });
    let limit = Live::new(PAGE);
    effect(move || {
        // A new search begins at the first page again.
        find.typed.track();
        limit.set(PAGE);
    });
    let ids = move || entries.with(|all| all.iter().take(limit.get()).map(|e| e.course.id.to_string()).collect());
    let id = find.inst.id(remote.id.as_str());
    let facts = move || {
        listing
            .with(|l| {
                let roll = l.roll.as_ref()?;
                let at = roll.as_of.filter(|_| !l.asking)?;
                let at = app.clock(|clock| fill(words.list_from, &[("time", &clock.short_moment(at))]));
                Some(format!("{} · {at}", words.count(words.matches, roll.entries.len())))
            })
            .unwrap_or_default()
    };
    let refresh = {
        let (id, name) = (remote.id.clone(), fill(words.refresh_of, &[("remote", &remote.name)]));
        let press = move || app.load(id.clone(), true);
        button(LINK, move || words.refresh.to_owned(), Some(name), Live::new(false), press)
    };
    let state = {
        let remote = remote.clone();
        move || group_state(find, &remote, entries)
    };
    let more = move || {
        let rest = entries.with(Vec::len).saturating_sub(limit.get());
        (rest > 0).then(|| {
            let label = fill(words.show_more, &[("n", &rest.min(PAGE).to_string())]);
            plain_text(SECONDARY, label, move || browser::keeping_focus(|| limit.update(|limit| *limit += PAGE)))
        })
    };
    let of = Forever::new(RemoteParts { id: remote.id.clone(), name: remote.name.clone() });
    let row = move |id: String| match id.parse() {
        Ok(id) => course_row(find, of, RemoteCourseId(id)),
        Err(_) => nothing(),
    };
    let busy = live(move || listing.with(|l| l.asking).to_string());
    let head = el("div")
        .class("cf-group-head")
        .child(heading(find.inst.level() + 1, "cf-subheading", id.clone(), &remote.name))
        .child(el("span").class("cf-meta").child(text(facts)))
        .child(refresh);
    el("section")
        .class("cf-group")
        .attr("aria-labelledby", id)
        .attr("aria-busy", busy)
        .refuge()
        .child(head)
        .child(part(state))
        .child(el("ul").class("cf-list").child(each(ids, row)))
        .child(part(more))
        .view()
}

fn group_state(find: Find, remote: &Remote, entries: Derived<Vec<Arc<Entry>>>) -> Option<El> {
    let app = find.inst.app;
    let words = app.words;
    let listing = app.listing(&remote.id);
    let again = {
        let id = remote.id.clone();
        move || {
            plain(
                SECONDARY,
                words.try_again,
                Some(fill(words.on_control, &[("verb", words.try_again), ("course", &remote.name)])),
                {
                    let id = id.clone();
                    move || app.load(id.clone(), true)
                },
            )
        }
    };
    let (roll, asking, fault) = listing.with(|l| (l.roll.clone(), l.asking, l.fault.clone()));
    let name = [("remote", remote.name.as_str())];
    let Some(roll) = roll else {
        return match fault.filter(|_| !asking) {
            None => {
                let asking = el("p").class("cf-meta cf-late").child(fill(words.asking, &name));
                Some(el("div").class("cf-skeleton").child(asking))
            }
            // The notice above speaks of a lost connection; the list comes by itself.
            Some(fault) if fault.is_connection() => Some(el("p").class("cf-empty").child(app.explain(&fault))),
            Some(fault) => Some(trouble(app.explain(&fault), again())),
        };
    };
    let refused = fault.filter(|fault| !fault.is_connection()).map(|fault| app.explain(&fault));
    let told = roll.problem.as_ref().map(|p| p.message.clone());
    if let Some(problem) = refused.or(told).filter(|_| !roll.no_account) {
        let text = match roll.as_of {
            Some(at) => {
                let at = app.clock(|clock| clock.short_moment(at));
                fill(words.stale_list, &[("problem", &problem), ("time", &at)])
            }
            None => fill(words.no_list, &[("problem", &problem)]),
        };
        return Some(trouble(text, again()));
    }
    let text = if roll.no_account {
        let user = app.with_home(|home| home.me.username.clone()).unwrap_or_default();
        fill(words.no_account, &[name[0], ("user", &user)])
    } else if roll.entries.is_empty() {
        fill(words.no_courses, &name)
    } else if entries.with(|entries| !entries.is_empty()) {
        return None;
    } else if find.typed.with(|typed| typed.trim().is_empty()) {
        words.all_hidden.to_owned()
    } else {
        fill(words.no_match, &[("text", find.typed.get().trim())])
    };
    Some(el("p").class("cf-empty").child(text))
}

fn trouble(text: String, again: AnyView) -> El {
    let icon = el("span").class("cf-icon cf-check");
    el("div").class("cf-trouble").child(icon).child(el("span").child(text)).child(again)
}
