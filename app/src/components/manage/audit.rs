//! The audit: asked for by a press, a hundred entries at a time, and as a CSV file.

use super::{Manage, section};
use crate::browser;
use crate::components::button::{SECONDARY, button};
use crate::components::el::{Child, El, el};
use crate::components::view::part;
use crate::live::Live;
use courseferry_api::{AuditEntry, AuditPage};
use courseferry_words::fill;
use leptos::prelude::*;
use leptos::task::spawn_local;

const PAGE: usize = 100;

/// The audit.
pub fn audit(page: Manage) -> AnyView {
    let (app, words) = (page.app, page.words);
    let entries = Live::new(Vec::<AuditEntry>::new());
    let total = Live::new(None::<usize>);
    let busy = Live::new(false);
    let more = move || {
        busy.set(true);
        let next = entries.with_untracked(Vec::len) / PAGE;
        spawn_local(async move {
            match app.get::<AuditPage>(&format!("/api/manage/audit?page={next}")).await {
                Ok(answer) => browser::keeping_focus(|| {
                    total.set(Some(answer.total as usize));
                    entries.update(|all| all.extend(answer.entries));
                }),
                Err(fault) => page.fail(&fault),
            }
            busy.set(false);
        });
    };
    let csv = move || {
        busy.set(true);
        spawn_local(async move {
            match app.text("/api/manage/audit.csv").await {
                Ok(text) => browser::save("courseferry-audit.csv", "text/csv", &text),
                Err(fault) => page.fail(&fault),
            }
            busy.set(false);
        });
    };
    let label = move || match total.get() {
        None => words.show_audit.to_owned(),
        Some(total) => {
            let rest = total.saturating_sub(entries.with(Vec::len)).min(PAGE);
            fill(app.words.show_more, &[("n", &rest.to_string())])
        }
    };
    let rows = part(move || {
        let list = el("ul").class("cf-list cf-audit");
        Some(entries.get().into_iter().fold(list, |list, entry| list.child(line(page, entry))))
    });
    let show = part(move || {
        let done = total.get().is_some_and(|total| entries.with(Vec::len) >= total);
        (!done).then(|| button(SECONDARY, label, None, busy, more))
    });
    let csv = button(SECONDARY, move || words.csv.to_owned(), None, busy, csv);
    let actions = el("div").class("cf-actions").child(show).child(csv);
    section(words.audit, vec![rows, actions.view()])
}

fn line(page: Manage, entry: AuditEntry) -> El {
    let words = page.words;
    let who = match entry.acting {
        Some(acting) => fill(words.acting, &[("name", &acting), ("user", &entry.user_name)]),
        None if entry.user.0 == 0 => words.system.to_owned(),
        None => entry.user_name,
    };
    let at = page.app.clock(|clock| clock.stamp(entry.at));
    let about = [entry.restore, entry.remote].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    el("li")
        .child(el("span").class("cf-meta").child(at))
        .child(" ")
        .child(el("bdi").child(who))
        .child(" · ")
        .child(el("code").child(entry.action))
        .child(" · ")
        .child(entry.outcome)
        .child(el("span").class("cf-meta").child(format!(" {about} · {}", entry.request)))
}
