//! What an administrator sees first: the verdict and the pause, what needs them, the Moodles, the queue; and the
//! settings in force.

use super::{Manage, section};
use crate::components::button::{LINK, PRIMARY, SECONDARY, button};
use crate::components::view::part;
use crate::words::fill;
use courseferry_api::{FailureGroup, Pause, Peer, RemoteId};
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
            button(
                class,
                move || label.to_owned(),
                None,
                page.busy,
                move || {
                    page.change("/api/manage/pause", Pause { remote: None, paused: !paused }, words.done);
                },
            )
        };
        let icon =
            if overview.needs_you.is_empty() && !overview.paused { "cf-icon cf-done" } else { "cf-icon cf-check" };
        let groups = overview.needs_you.into_iter().map(|group| failures(page, group)).collect::<Vec<_>>();
        let needs = if groups.is_empty() {
            view! { <p class="cf-empty">{words.nothing_needed}</p> }.into_any()
        } else {
            view! { <ul class="cf-list">{groups}</ul> }.into_any()
        };
        let peers = overview.peers.into_iter().map(|one| peer(page, one)).collect::<Vec<_>>();
        let (waiting, running) = (overview.waiting.to_string(), overview.running.to_string());
        let queue = fill(words.queue, &[("waiting", &waiting), ("running", &running)]);
        let start = page.app.with_home(|home| page.app.clock(|clock| clock.start(&home.window, false)));
        Some(
            view! {
                <div class="cf-verdict"><span class=icon></span><strong>{overview.verdict}</strong>{pause}</div>
                {section(words.needs_you, needs)}
                {section(words.peers, view! { <ul class="cf-list">{peers}</ul> }.into_any())}
                {section(words.tonight, view! { <p class="cf-empty">{queue} " " {start}</p> }.into_any())}
            }
            .into_any(),
        )
    })
}

fn failures(page: Manage, group: FailureGroup) -> AnyView {
    let words = page.words;
    let count = page.app.words.count(words.failures, group.count as usize);
    let label = page.app.words.count(words.retry_all, group.count as usize);
    let (code, remote) = (group.problem.code, group.remote);
    let retry = move || {
        page.change("/api/manage/retry", RetryAll { code: code.as_str(), remote: remote.clone() }, words.retried);
    };
    view! {
        <li class="cf-row cf-restore">
            <div class="cf-body">
                <div class="cf-status"><span class="cf-icon cf-failed"></span><span class="cf-name">{group.problem.message}</span></div>
                <div>{group.problem.advice}</div>
                <div class="cf-meta">{count} " · " {code.as_str()} " " {group.problem.detail}</div>
            </div>
            <div class="cf-actions">{button(SECONDARY, move || label.clone(), None, page.busy, retry)}</div>
        </li>
    }
    .into_any()
}

fn peer(page: Manage, peer: Peer) -> AnyView {
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
        view! { <div>{text} " " {refused.problem.advice}</div> }.into_any()
    });
    let problem = peer.problem.map(|p| view! { <div>{p.message} " " {p.advice}</div> }.into_any());
    let state = if peer.paused { format!("{} · {answered}", words.is_paused) } else { answered };
    let mine = peer.remote.is_none().then(|| format!(" ({})", words.this_moodle));
    let named = fill(
        page.app.words.on_control,
        &[("verb", if peer.paused { words.resume_one } else { words.pause_one }), ("course", &peer.name)],
    );
    let pause = peer.remote.map(|remote| {
        let paused = peer.paused;
        let label = if paused { words.resume_one } else { words.pause_one };
        button(
            LINK,
            move || label.to_owned(),
            Some(named),
            page.busy,
            move || {
                page.change("/api/manage/pause", Pause { remote: Some(remote.clone()), paused: !paused }, words.done);
            },
        )
    });
    view! {
        <li class="cf-row cf-restore">
            <div class="cf-body">
                <div class="cf-status"><span class=icon></span><span class="cf-name"><bdi>{peer.name}</bdi>{mine}</span></div>
                <div class="cf-meta">{peer.address} " · " {peer.release}</div>
                <div class="cf-meta">{state}</div>
                {problem}
                {refused}
            </div>
            <div class="cf-actions">{pause}</div>
        </li>
    }
    .into_any()
}

/// The settings in force, and what is wrong with them.
pub fn settings(page: Manage) -> AnyView {
    let words = page.words;
    let list = part(move || {
        let overview = page.overview.get()?;
        let line = |(name, value, source): (String, String, String)| {
            let source = fill(words.setting_from, &[("source", &source)]);
            view! { <dt>{name}</dt><dd>{value} " " <span class="cf-meta">{source}</span></dd> }.into_any()
        };
        let lines = overview.settings.into_iter().map(line).collect::<Vec<_>>();
        let problem = |p: courseferry_api::Problem| {
            view! { <li><span class="cf-icon cf-failed"></span>" "{p.message} " " {p.advice}</li> }.into_any()
        };
        let problems = overview.problems.into_iter().map(problem).collect::<Vec<_>>();
        Some(view! { <ul class="cf-list">{problems}</ul><dl class="cf-facts">{lines}</dl> }.into_any())
    });
    section(words.settings, list)
}
