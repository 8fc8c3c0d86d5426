//! What an administrator sees first: the verdict and the pause, what needs them, the Moodles, the queue; and the
//! settings in force.

use super::{Manage, entry, section};
use crate::components::button::{LINK, PRIMARY, SECONDARY, button};
use crate::components::el::{Child, El, el};
use crate::components::view::{part, several};
use courseferry_api::{FailureGroup, Pause, Peer, RemoteId};
use courseferry_words::fill;
use leptos::prelude::*;
use serde::Serialize;

#[derive(Serialize)]
struct RetryAll {
    code: &'static str,
    remote: Option<RemoteId>,
}

/// Verdict, failures, Moodles, queue.
pub fn overview(page: Manage) -> AnyView {
    part(move || {
        let overview = page.overview.get()?;
        let words = page.words;
        let pause = {
            let paused = overview.paused;
            let (label, class) = if paused { (words.resume_all, PRIMARY) } else { (words.pause_all, SECONDARY) };
            let press = move || page.change("/api/manage/pause", Pause { remote: None, paused: !paused }, words.done);
            button(class, move || label.to_owned(), None, page.busy, press)
        };
        let well = overview.needs_you.is_empty() && !overview.paused;
        let icon = el("span").class(if well { "cf-icon cf-done" } else { "cf-icon cf-check" });
        let verdict = el("div").class("cf-verdict").child(icon).child(el("strong").child(overview.verdict));
        let list = || el("ul").class("cf-list");
        let groups = overview.needs_you;
        let needs = if groups.is_empty() {
            el("p").class("cf-empty").child(words.nothing_needed)
        } else {
            groups.into_iter().fold(list(), |list, group| list.child(failures(page, group)))
        };
        let peers = overview.peers.into_iter().fold(list(), |list, one| list.child(peer(page, one)));
        let (waiting, running) = (overview.waiting.to_string(), overview.running.to_string());
        let queue = fill(words.queue, &[("waiting", &waiting), ("running", &running)]);
        let start = page.app.with_home(|home| page.app.clock(|clock| clock.start(&home.window, false)));
        Some(several([
            verdict.child(pause).view(),
            section(words.needs_you, needs),
            section(words.peers, peers),
            section(words.tonight, el("p").class("cf-empty").child(queue).child(" ").child(start)),
        ]))
    })
}

fn failures(page: Manage, group: FailureGroup) -> El {
    let words = page.words;
    let count = page.app.words.count(words.failures, group.count as usize);
    let label = page.app.words.count(words.retry_all, group.count as usize);
    let (code, remote) = (group.problem.code, group.remote);
    let retry = move || {
        page.change("/api/manage/retry", RetryAll { code: code.as_str(), remote: remote.clone() }, words.retried);
    };
    let detail = format!("{count} · {} {}", code.as_str(), group.problem.detail);
    entry(
        "cf-icon cf-failed",
        el("span").class("cf-name").child(group.problem.message),
        vec![el("div").child(group.problem.advice).view(), el("div").class("cf-meta").child(detail).view()],
        button(SECONDARY, move || label.clone(), None, page.busy, retry),
    )
}

fn peer(page: Manage, peer: Peer) -> El {
    let words = page.words;
    let answered = match peer.last_success {
        Some(at) => fill(words.answered, &[("moment", &page.app.clock(|clock| clock.moment(at)))]),
        None => words.never_answered.to_owned(),
    };
    let icon = match (&peer.problem, &peer.refused, peer.paused) {
        (Some(_), ..) => "cf-icon cf-failed",
        (None, _, true) => "cf-icon cf-off",
        (None, Some(_), false) => "cf-icon cf-check",
        (None, None, false) => "cf-icon cf-done",
    };
    let refused = peer.refused.map(|refused| {
        let moment = page.app.clock(|clock| clock.moment(refused.at));
        let text = fill(words.refused, &[("moment", &moment), ("problem", &refused.problem.message)]);
        el("div").child(format!("{text} {}", refused.problem.advice))
    });
    let problem = peer.problem.map(|p| el("div").child(format!("{} {}", p.message, p.advice)));
    let state = if peer.paused { format!("{} · {answered}", words.is_paused) } else { answered };
    let mine = peer.remote.is_none().then(|| format!(" ({})", words.this_moodle));
    let verb = if peer.paused { words.resume_one } else { words.pause_one };
    let named = fill(page.app.words.on_control, &[("verb", verb), ("course", &peer.name)]);
    let pause = peer.remote.map(|remote| {
        let paused = peer.paused;
        let press = move || {
            page.change("/api/manage/pause", Pause { remote: Some(remote.clone()), paused: !paused }, words.done);
        };
        button(LINK, move || verb.to_owned(), Some(named), page.busy, press)
    });
    let meta = |text: String| el("div").class("cf-meta").child(text).view();
    entry(
        icon,
        el("span").class("cf-name").child(el("bdi").child(peer.name)).child(mine),
        vec![meta(format!("{} · {}", peer.address, peer.release)), meta(state), problem.view(), refused.view()],
        pause,
    )
}

/// The settings in force, and what is wrong with them.
pub fn settings(page: Manage) -> AnyView {
    let words = page.words;
    let list = part(move || {
        let overview = page.overview.get()?;
        let line = |list: El, (name, value, source): (String, String, String)| {
            let source = el("span").class("cf-meta").child(fill(words.setting_from, &[("source", &source)]));
            list.child(el("dt").child(name)).child(el("dd").child(value).child(" ").child(source))
        };
        let lines = overview.settings.into_iter().fold(el("dl").class("cf-facts"), line);
        let problem = |list: El, p: courseferry_api::Problem| {
            let icon = el("span").class("cf-icon cf-failed");
            list.child(el("li").child(icon).child(format!(" {} {}", p.message, p.advice)))
        };
        let problems = overview.problems.into_iter().fold(el("ul").class("cf-list"), problem);
        Some(several([problems.view(), lines.view()]))
    });
    section(words.settings, list)
}
