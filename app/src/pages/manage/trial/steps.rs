//! How far the test has come, step by step.

use super::attempt::Attempt;
use crate::i18n::{I18n, text, use_i18n};
use crate::logic::trial::{Mark, marks};
use crate::pages::manage::step::StepLine;
use crate::state::restores::RestoreList;
use crate::state::session::Session;
use courseferry_api::{Home, Restore, Status};
use leptos::prelude::*;

/// The steps, from the list of courses to the restored course; nothing before the first of them.
#[component]
pub fn Steps(attempt: Attempt, restore: Memo<Option<Restore>>) -> impl IntoView {
    let (i18n, session): (_, Session) = (use_i18n(), expect_context());
    let restores: RestoreList = expect_context();
    let remote = move || {
        let of = attempt.remote.get();
        let name =
            |home: &Home| home.remotes.iter().find(|known| Some(&known.id) == of.as_ref()).map(|r| r.name.clone());
        session.with_home(name).flatten().unwrap_or_default()
    };
    let lines = move || {
        let listed = attempt.listed.get().map(|listed| listed.map(drop));
        let scheduled = attempt.scheduled.get().map(|scheduled| scheduled.map(drop));
        let asked = [
            (text::MANAGE_TRIAL_LISTED, answered(listed, attempt.find.pending().get())),
            (text::MANAGE_TRIAL_SCHEDULED, answered(scheduled, attempt.schedule.pending().get())),
        ];
        let now = restore.get();
        let marks = now.as_ref().map_or([Mark::Open; 3], marks);
        let says = now.as_ref().map(|restore| how_it_is(i18n, session, &restores, restore));
        let names = [text::MANAGE_TRIAL_BACKED_UP, text::MANAGE_TRIAL_COPIED, text::MANAGE_TRIAL_RESTORED];
        let carried_out = names.into_iter().zip(marks).map(move |(name, mark)| {
            let says = says.clone().filter(|_| matches!(mark, Mark::Busy | Mark::Failed));
            (name, (mark, says))
        });
        let remote = remote();
        let lines = asked.into_iter().chain(carried_out).map(|(name, (mark, says))| {
            let name = i18n.fill(name, &[("remote", &remote)]);
            view! { <StepLine name mark says /> }
        });
        lines.collect_view()
    };
    view! {
        <Show when=move || attempt.find.pending().get() || attempt.listed.with(Option::is_some)>
            <ol class="cf-list cf-steps">{lines}</ol>
        </Show>
    }
}

/// How a step is that one request does, with the reason if it is refused.
fn answered(answer: Option<Result<(), String>>, is_pending: bool) -> (Mark, Option<String>) {
    match answer {
        _ if is_pending => (Mark::Busy, None),
        Some(Ok(())) => (Mark::Done, None),
        Some(Err(reason)) => (Mark::Failed, Some(reason)),
        None => (Mark::Open, None),
    }
}

/// How it fares, and what helps if it does not.
fn how_it_is(i18n: I18n, session: Session, restores: &RestoreList, restore: &Restore) -> String {
    let (locale, paused) = (i18n.locale(), restores.paused.get());
    let status = session.with_home(|home| locale.status(restore, &home.window, paused)).unwrap_or_default();
    let advice = restore.problem.as_ref().filter(|_| restore.status == Status::Failed).map(|problem| &problem.advice);
    advice.map_or(status.clone(), |advice| format!("{status} {advice}"))
}
