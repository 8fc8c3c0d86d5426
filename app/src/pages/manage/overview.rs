//! What an administrator sees first: the verdict and the pause, what needs them, the Moodles, the queue.

use super::section::Section;
use super::state::{ManageState, OverviewAction};
use crate::i18n::{I18n, text, use_i18n};
use crate::logic::phrases::with_advice;
use crate::state::session::Session;
use crate::ui::button::{Button, Look};
use crate::ui::rich::WithCode;
use crate::ui::status::Status;
use courseferry_api::{CheckState, FailureGroup, Overview, Pause, Peer, RemoteTonight, RetryGroup, Tonight};
use leptos::prelude::*;

/// Verdict, failures, Moodles, queue.
#[component]
pub fn OverviewParts(overview: Overview) -> impl IntoView {
    let (i18n, session): (_, Session) = (use_i18n(), expect_context());
    let state: ManageState = expect_context();
    let busy = state.act.pending();
    let Overview { verdict, state: is, paused, needs_you, peers, waiting, running, tonight, .. } = overview;
    let (label, look) =
        if paused { (text::MANAGE_RESUME_ALL, Look::Primary) } else { (text::MANAGE_PAUSE_ALL, Look::Secondary) };
    let pause = move || {
        state.act.dispatch(OverviewAction::Pause(Pause { remote: None, paused: !paused }));
    };
    let icon = match is {
        CheckState::Ok => "cf-icon cf-done",
        CheckState::ToCheck => "cf-icon cf-check",
        CheckState::Broken => "cf-icon cf-failed",
    };
    let queue = i18n.fill(
        text::MANAGE_QUEUE,
        &[("waiting", &i18n.number(waiting as usize)), ("running", &i18n.number(running as usize))],
    );
    let start = move || {
        let locale = i18n.locale();
        session.with_home(|home| locale.start(&home.window, false))
    };
    let carried = tonight.side_by_side.map(|n| i18n.count(text::MANAGE_CARRIES, n as usize));
    let failures = if needs_you.is_empty() {
        view! { <p class="cf-empty">{i18n.t(text::MANAGE_NOTHING_NEEDED)}</p> }.into_any()
    } else {
        let groups = needs_you.into_iter().map(|group| view! { <Failures group /> }).collect_view();
        view! { <ul class="cf-list">{groups}</ul> }.into_any()
    };
    let peers = peers.into_iter().map(|peer| view! { <PeerRow peer /> }).collect_view();
    view! {
        <div class="cf-verdict">
            <span class=icon></span>
            <strong>{verdict}</strong>
            <Button look label=i18n.t(label) busy on_press=pause />
        </div>
        <Section heading=i18n.t(text::MANAGE_NEEDS_YOU)>{failures}</Section>
        <Section heading=i18n.t(text::MANAGE_PEERS)>
            <ul class="cf-list">{peers}</ul>
        </Section>
        <Section heading=i18n.t(text::MANAGE_TONIGHT)>
            <p class="cf-empty">{queue} " " {start} " " {forecast(i18n, &tonight)} " " {carried}</p>
            {(tonight.remotes.len() > 1).then(|| by_remote(i18n, tonight.remotes.clone()))}
        </Section>
    }
}

/// Whether what waits will be done before the window closes, as far as that can be told.
fn forecast(i18n: I18n, tonight: &Tonight) -> String {
    if tonight.remotes.is_empty() {
        return String::new();
    }
    let Some(minutes) = tonight.minutes else { return i18n.t(text::MANAGE_ABOUT_UNKNOWN) };
    let about = i18n.fill(text::MANAGE_ABOUT, &[("n", &i18n.number(minutes as usize))]);
    let Some((fits, closes)) = tonight.fits.zip(tonight.closes) else { return about };
    let moment = i18n.untracked().moment(closes);
    let fits = if fits { text::MANAGE_FITS } else { text::MANAGE_FITS_NOT };
    format!("{about} {}", i18n.fill(fits, &[("moment", &moment)]))
}

fn by_remote(i18n: I18n, remotes: Vec<RemoteTonight>) -> impl IntoView {
    let line = |remote: RemoteTonight| {
        let minutes = match remote.minutes {
            Some(minutes) => i18n.fill(text::MANAGE_MINUTES, &[("n", &i18n.number(minutes as usize))]),
            None => i18n.t(text::MANAGE_MINUTES_UNKNOWN),
        };
        let values = [("name", remote.name.as_str()), ("minutes", minutes.as_str())];
        let text = i18n.untracked().count_with(text::MANAGE_REMOTE_WAITING, remote.waiting as usize, &values);
        view! { <li class="cf-meta"><bdi>{text}</bdi></li> }
    };
    view! { <ul class="cf-list">{remotes.into_iter().map(line).collect_view()}</ul> }
}

/// Restores that one cause keeps, or that failed of it: which and whose, what mends it, and the verb for all.
#[component]
fn Failures(group: FailureGroup) -> impl IntoView {
    let i18n = use_i18n();
    let state: ManageState = expect_context();
    let locale = i18n.untracked();
    let FailureGroup { problem, remote, remote_name, count, waits_since, examples } = group;
    let code = problem.code.as_str();
    let number = match waits_since {
        Some(since) => locale.count_with(text::MANAGE_WAITING, count as usize, &[("moment", &locale.moment(since))]),
        None => i18n.count(text::MANAGE_FAILURES, count as usize),
    };
    let more = (count as usize).saturating_sub(examples.len());
    let named = examples.into_iter().map(|example| {
        let values = [("course", example.course.as_str()), ("name", example.user_name.as_str())];
        i18n.fill(text::MANAGE_EXAMPLE, &values)
    });
    let more = (more > 0).then(|| i18n.fill(text::MANAGE_AND_MORE, &[("n", &i18n.number(more))]));
    let named = named.chain(more).collect::<Vec<_>>().join(", ");
    let verb = match (waits_since, remote.clone()) {
        (Some(_), Some(remote)) => Some((i18n.t(text::TRY_AGAIN), OverviewAction::Try(remote))),
        (Some(_), None) => None,
        (None, remote) => {
            let label = i18n.count(text::MANAGE_RETRY_ALL, count as usize);
            Some((label, OverviewAction::Retry(RetryGroup { code: code.to_owned(), remote })))
        }
    };
    let verb = verb.map(|(label, action)| {
        let name = remote_name.as_ref().map_or_else(
            || label.clone(),
            |remote| i18n.fill(text::ON_CONTROL, &[("verb", &label), ("course", remote)]),
        );
        let press = move || {
            state.act.dispatch(action.clone());
        };
        view! { <Button label name busy=state.act.pending() on_press=press /> }
    });
    let show = {
        let sentence = problem.message.clone();
        let remote = remote.clone();
        move || state.filter.update(|filter| filter.only_cause(code, &sentence, remote.clone()))
    };
    let icon = if waits_since.is_some() { "cf-icon cf-check" } else { "cf-icon cf-failed" };
    view! {
        <li class="cf-row cf-restore">
            <div class="cf-body">
                <Status icon>
                    <span class="cf-name">{problem.message}</span>
                </Status>
                <div><WithCode text=problem.advice /></div>
                <div class="cf-meta">{format!("{number} · {code} {}", problem.detail)}</div>
                <div class="cf-meta"><bdi>{named}</bdi></div>
            </div>
            <div class="cf-actions">
                {verb}
                <Button look=Look::Link label=i18n.t(text::MANAGE_SHOW_THESE) on_press=show />
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
    // What mends it stands above, under "Needs you".
    let held = peer.held.as_ref().map(|held| {
        let values = [("moment", locale.moment(held.since)), ("problem", held.problem.message.clone())];
        let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
        locale.fill(text::MANAGE_HELD, &values)
    });
    let refused = peer.refused.as_ref().filter(|_| peer.held.is_none()).map(|refused| {
        let moment = locale.moment(refused.at);
        let said = locale.fill(text::MANAGE_REFUSED, &[("moment", &moment), ("problem", &refused.problem.message)]);
        format!("{said} {}", refused.problem.advice)
    });
    let problem = peer.problem.as_ref().filter(|_| peer.held.is_none()).map(with_advice);
    let line = |text: String| view! { <div><WithCode text /></div> };
    let lender = peer.lender.as_ref().map(|lender| format!("{} {}", lender.described, lender.advice));
    let state_line = if peer.paused { format!("{} · {answered}", locale.t(text::MANAGE_IS_PAUSED)) } else { answered };
    let mine = peer.remote.is_none().then(|| format!(" ({})", locale.t(text::MANAGE_THIS_MOODLE)));
    let verb = if peer.paused { text::MANAGE_RESUME_ONE } else { text::MANAGE_PAUSE_ONE };
    let name = i18n.named(verb, &peer.name);
    let paused = peer.paused;
    let pause = peer.remote.clone().map(|remote| {
        let press = move || {
            state.act.dispatch(OverviewAction::Pause(Pause { remote: Some(remote.clone()), paused: !paused }));
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
