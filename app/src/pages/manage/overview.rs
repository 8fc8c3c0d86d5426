//! What an administrator sees first: the verdict and the pause, what needs them, the Moodles, the queue; and the
//! settings in force.

use super::{Deed, ManageState, Section};
use crate::i18n::{text, use_i18n};
use crate::state::session::Session;
use crate::ui::button::{Button, Look};
use crate::ui::rich::WithCode;
use crate::ui::status::Status;
use courseferry_api::{FailureGroup, Overview, Pause, Peer, Problem, RetryGroup};
use leptos::prelude::*;

/// Verdict, failures, Moodles, queue.
#[component]
pub fn OverviewParts(overview: Overview) -> impl IntoView {
    let (i18n, session): (_, Session) = (use_i18n(), expect_context());
    let state: ManageState = expect_context();
    let busy = state.act.pending();
    let Overview { verdict, paused, needs_you, peers, waiting, running, .. } = overview;
    let (label, look) =
        if paused { (text::MANAGE_RESUME_ALL, Look::Primary) } else { (text::MANAGE_PAUSE_ALL, Look::Secondary) };
    let pause = move || {
        state.act.dispatch(Deed::Pause(Pause { remote: None, paused: !paused }));
    };
    let is_well = needs_you.is_empty() && !paused && peers.iter().all(|peer| peer.problem.is_none());
    let has_remote = peers.iter().any(|peer| peer.remote.is_some());
    let queue = i18n.fill(
        text::MANAGE_QUEUE,
        &[("waiting", &i18n.number(waiting as usize)), ("running", &i18n.number(running as usize))],
    );
    let start = move || {
        let locale = i18n.locale();
        session.with_home(|home| locale.start(&home.window, false))
    };
    let failures = if needs_you.is_empty() {
        view! { <p class="cf-empty">{i18n.t(text::MANAGE_NOTHING_NEEDED)}</p> }.into_any()
    } else {
        let groups = needs_you.into_iter().map(|group| view! { <Failures group /> }).collect_view();
        view! { <ul class="cf-list">{groups}</ul> }.into_any()
    };
    let peers = peers.into_iter().map(|peer| view! { <PeerRow peer /> }).collect_view();
    view! {
        <div class="cf-verdict">
            <span class=if is_well { "cf-icon cf-done" } else { "cf-icon cf-check" }></span>
            <strong>{verdict}</strong>
            <Button look label=i18n.t(label) busy on_press=pause />
        </div>
        <Show when=move || !has_remote>
            <Section heading=i18n.t(text::MANAGE_FIRST_STEPS)>
                <p>{i18n.t(text::MANAGE_FIRST_STEPS_TEXT)}</p>
            </Section>
        </Show>
        <Section heading=i18n.t(text::MANAGE_NEEDS_YOU)>{failures}</Section>
        <Section heading=i18n.t(text::MANAGE_PEERS)>
            <ul class="cf-list">{peers}</ul>
        </Section>
        <Section heading=i18n.t(text::MANAGE_TONIGHT)>
            <p class="cf-empty">{queue} " " {start}</p>
        </Section>
    }
}

/// Failures of one cause.
#[component]
fn Failures(group: FailureGroup) -> impl IntoView {
    let i18n = use_i18n();
    let state: ManageState = expect_context();
    let FailureGroup { problem, remote, count, .. } = group;
    let number = i18n.count(text::MANAGE_FAILURES, count as usize);
    let label = i18n.count(text::MANAGE_RETRY_ALL, count as usize);
    let code = problem.code.as_str();
    let retry = move || {
        state.act.dispatch(Deed::Retry(RetryGroup { code: code.to_owned(), remote: remote.clone() }));
    };
    view! {
        <li class="cf-row cf-restore">
            <div class="cf-body">
                <Status icon="cf-icon cf-failed">
                    <span class="cf-name">{problem.message}</span>
                </Status>
                <div><WithCode text=problem.advice /></div>
                <div class="cf-meta">{format!("{number} · {code} {}", problem.detail)}</div>
            </div>
            <div class="cf-actions">
                <Button label busy=state.act.pending() on_press=retry />
            </div>
        </li>
    }
}

/// The client or a remote.
#[component]
fn PeerRow(peer: Peer) -> impl IntoView {
    let i18n = use_i18n();
    let state: ManageState = expect_context();
    let locale = i18n.untracked();
    let answered = match peer.last_success {
        Some(at) => locale.fill(text::MANAGE_ANSWERED, &[("moment", &locale.moment(at))]),
        None => locale.t(text::MANAGE_NEVER_ANSWERED),
    };
    let icon = match (&peer.problem, &peer.held, &peer.refused, peer.paused) {
        (Some(_), ..) => "cf-icon cf-failed",
        (None, None, _, true) => "cf-icon cf-off",
        (None, Some(_), ..) | (None, None, Some(_), false) => "cf-icon cf-check",
        (None, None, None, false) => "cf-icon cf-done",
    };
    let sentence = |problem: &Problem| format!("{} {}", problem.message, problem.advice);
    let held = peer.held.as_ref().map(|held| {
        let values = [("moment", locale.moment(held.since)), ("problem", sentence(&held.problem))];
        let [moment, problem] = values.each_ref().map(|(name, value)| (*name, value.as_str()));
        locale.fill(text::MANAGE_HELD, &[moment, problem])
    });
    let refused = peer.refused.as_ref().filter(|_| peer.held.is_none()).map(|refused| {
        let moment = locale.moment(refused.at);
        let said = locale.fill(text::MANAGE_REFUSED, &[("moment", &moment), ("problem", &refused.problem.message)]);
        format!("{said} {}", refused.problem.advice)
    });
    let problem = peer.problem.as_ref().filter(|_| peer.held.is_none()).map(sentence);
    let line = |text: String| view! { <div><WithCode text /></div> };
    let lender = peer.lender.as_ref().map(|lender| format!("{} {}", lender.described, lender.advice));
    let state_line = if peer.paused { format!("{} · {answered}", locale.t(text::MANAGE_IS_PAUSED)) } else { answered };
    let mine = peer.remote.is_none().then(|| format!(" ({})", locale.t(text::MANAGE_THIS_MOODLE)));
    let verb = if peer.paused { text::MANAGE_RESUME_ONE } else { text::MANAGE_PAUSE_ONE };
    let name = i18n.named(verb, &peer.name);
    let paused = peer.paused;
    let pause = peer.remote.clone().map(|remote| {
        let press = move || {
            state.act.dispatch(Deed::Pause(Pause { remote: Some(remote.clone()), paused: !paused }));
        };
        view! { <Button look=Look::Link label=i18n.t(verb) name busy=state.act.pending() on_press=press /> }
    });
    view! {
        <li class="cf-row cf-restore">
            <div class="cf-body">
                <Status icon>
                    <span class="cf-name"><bdi>{peer.name}</bdi> {mine}</span>
                </Status>
                <div class="cf-meta">{format!("{} · {}", peer.address, peer.release)}</div>
                <div class="cf-meta">{state_line}</div>
                {held.map(line)} {problem.map(line)} {refused.map(line)} {lender.map(line)}
            </div>
            <div class="cf-actions">{pause}</div>
        </li>
    }
}

/// The settings in force, and what is wrong with them.
#[component]
pub fn Settings() -> impl IntoView {
    let i18n = use_i18n();
    let state: ManageState = expect_context();
    let problems = move || {
        let problems = state.known().map(|overview| overview.problems).unwrap_or_default();
        let problem = |p: Problem| {
            view! { <li><span class="cf-icon cf-failed"></span> {format!(" {} {}", p.message, p.advice)}</li> }
        };
        problems.into_iter().map(problem).collect_view()
    };
    let lines = move || {
        let settings = state.known().map(|overview| overview.settings).unwrap_or_default();
        let line = |(name, value, source): (String, String, String)| {
            let source = i18n.fill(text::MANAGE_SETTING_FROM, &[("source", &source)]);
            view! { <dt>{name}</dt><dd>{value} " " <span class="cf-meta">{source}</span></dd> }
        };
        settings.into_iter().map(line).collect_view()
    };
    view! {
        <Section heading=i18n.t(text::MANAGE_SETTINGS)>
            <ul class="cf-list">{problems}</ul>
            <dl class="cf-facts">{lines}</dl>
        </Section>
    }
}
