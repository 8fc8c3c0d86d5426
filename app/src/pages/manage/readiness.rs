//! Whether restores can work: what is broken first, then what somebody should look at, then what is well.

use super::section::Section;
use super::state::ManageState;
use super::trial::Trial;
use crate::i18n::{text, use_i18n};
use crate::ui::button::Button;
use crate::ui::notice::{Notice, Tone};
use crate::ui::rich::WithCode;
use crate::ui::status::Status;
use courseferry_api::{Check, CheckState, Readiness};
use leptos::prelude::*;

/// The checks, a way to make them anew, and a course to try it with. They ask Moodle, so the rest of the page does not
/// wait for them.
#[component]
pub fn ReadinessChecks() -> impl IntoView {
    let i18n = use_i18n();
    let ManageState { check, readiness, .. } = expect_context();
    let list = move || {
        let Some(Readiness { as_of, mut checks, .. }) = readiness.get() else {
            let waiting = check.pending().get();
            let text = i18n.t(text::MANAGE_READINESS_LOADING);
            return waiting.then(|| view! { <p class="cf-meta cf-late">{text}</p> }).into_any();
        };
        // The worst first; what is equally bad stays in the Worker's order.
        checks.sort_by_key(|check| std::cmp::Reverse(check.state));
        let rows = checks.into_iter().map(|check| view! { <CheckRow check /> }).collect_view();
        let locale = i18n.locale();
        let asked = locale.fill(text::MANAGE_READINESS_ASKED, &[("moment", &locale.moment(as_of))]);
        view! {
            <ul class="cf-list">{rows}</ul>
            <p class="cf-meta">{asked}</p>
        }
        .into_any()
    };
    let failed = move || {
        let error = check.value().get().and_then(Result::err)?;
        Some(view! { <Notice tone=Tone::Danger><p role="alert">{error.sentence(i18n)}</p></Notice> })
    };
    // Whether the site was set up when the page was opened: whoever has just done the last of the first steps has the trial
    // above.
    let was_set_up = Memo::new(move |first: Option<&Option<bool>>| {
        let now = readiness.with(|found| found.as_ref().map(|found| found.steps.is_empty()));
        first.copied().flatten().or(now)
    });
    view! {
        <Section heading=i18n.t(text::MANAGE_READINESS)>
            {failed} {list}
            <div class="cf-actions">
                <Button
                    label=i18n.t(text::MANAGE_READINESS_AGAIN)
                    busy=check.pending()
                    on_press=move || { check.dispatch(true); }
                />
            </div>
            <Show when=move || was_set_up.get() == Some(true)>
                <details class="cf-details">
                    <summary>{i18n.t(text::MANAGE_TRIAL)}</summary>
                    <Trial />
                </details>
            </Show>
        </Section>
    }
}

#[component]
fn CheckRow(check: Check) -> impl IntoView {
    let i18n = use_i18n();
    let (icon, state) = match check.state {
        CheckState::Ok => ("cf-icon cf-done", text::MANAGE_CHECK_OK),
        CheckState::ToCheck => ("cf-icon cf-check", text::MANAGE_CHECK_LOOK),
        CheckState::Broken => ("cf-icon cf-failed", text::MANAGE_CHECK_BROKEN),
    };
    let code = check.error.map_or(check.code, |error| error.as_str().to_owned());
    let advice = (!check.advice.is_empty()).then(|| {
        view! {
            <div><WithCode text=check.advice /></div>
            <div class="cf-meta"><code>{code}</code></div>
        }
    });
    view! {
        <li class="cf-row cf-restore">
            <div class="cf-body">
                <Status icon>
                    <span class="cf-visually-hidden">{i18n.t(state)} " "</span>
                    {check.message}
                </Status>
                {advice}
            </div>
        </li>
    }
}
