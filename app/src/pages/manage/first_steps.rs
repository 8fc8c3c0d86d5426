//! First steps: what is to be done until the first course has come, with the command that does it.

use super::section::Section;
use super::state::ManageState;
use super::step::StepLine;
use super::trial::Trial;
use crate::i18n::{text, use_i18n};
use crate::logic::trial::Mark;
use crate::ui::button::Button;
use crate::ui::copy::CopyButton;
use crate::ui::rich::WithCode;
use courseferry_api::Step;
use leptos::prelude::*;

/// The steps, as long as one is open; then, until the page is left, that all are done.
#[component]
pub fn FirstSteps() -> impl IntoView {
    let i18n = use_i18n();
    let state: ManageState = expect_context();
    let steps = Memo::new(move |_| state.readiness.get().map(|found| found.steps).unwrap_or_default());
    let next = Memo::new(move |_| steps.with(|steps| steps.iter().position(|step| !step.done)));
    let is_shown =
        Memo::new(move |earlier: Option<&bool>| earlier == Some(&true) || steps.with(|steps| !steps.is_empty()));
    // A memo, so that a check that finds the same leaves the last step, which has fields, as it is.
    let is_trial = Memo::new(move |earlier: Option<&bool>| {
        next.get().map_or(earlier == Some(&true), |next| steps.with(|steps| next + 1 == steps.len()))
    });
    let heading = move || match next.get() {
        None => i18n.t(text::MANAGE_STEPS_DONE),
        Some(at) => {
            let (of, title) = steps.with(|steps| (steps.len(), steps.get(at).map(|step| step.title.clone())));
            let (n, of) = (i18n.number(at + 1), i18n.number(of));
            i18n.fill(text::MANAGE_STEP_NEXT, &[("n", &n), ("of", &of), ("title", &title.unwrap_or_default())])
        }
    };
    let list = move || {
        let at = next.get();
        let line = |(n, it): (usize, Step)| {
            let mark = match (it.done, at == Some(n)) {
                (true, _) => Mark::Done,
                (false, true) if !it.reasons.is_empty() => Mark::Failed,
                (false, _) => Mark::Open,
            };
            view! { <StepLine name=it.title mark says=None /> }
        };
        steps.get().into_iter().enumerate().map(line).collect_view()
    };
    let how = move || {
        let Step { reasons, advice, command, .. } = steps.with(|steps| steps.get(next.get()?).cloned())?;
        let reasons = reasons.into_iter().map(|text| view! { <p><WithCode text /></p> }).collect_view();
        let command = (!command.is_empty()).then(|| {
            let copied = command.clone();
            view! {
                <pre class="cf-command"><code>{command}</code></pre>
                <CopyButton label=text::MANAGE_COPY_COMMAND text=move || copied.clone() />
            }
        });
        Some(view! {
            {reasons}
            <p><WithCode text=advice /></p>
            {command}
        })
    };
    let again = move || {
        state.check.dispatch(true);
    };
    view! {
        <Show when=move || is_shown.get()>
            <Section heading=i18n.t(text::MANAGE_FIRST_STEPS)>
                <p><strong>{heading}</strong></p>
                <Show when=move || is_trial.get() fallback=move || how><Trial /></Show>
                <ol class="cf-list cf-steps">{list}</ol>
                <div class="cf-actions">
                    <Button label=i18n.t(text::MANAGE_STEPS_CHECK) busy=state.check.pending() on_press=again />
                </div>
            </Section>
        </Show>
    }
}
