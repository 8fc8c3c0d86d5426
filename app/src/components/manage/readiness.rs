//! Whether restores can work: what is broken first, then what somebody should look at, then what is well.

use super::{Manage, section};
use crate::browser;
use crate::components::button::{SECONDARY, button};
use crate::components::view::part;
use crate::live::Live;
use crate::words::fill;
use courseferry_api::{Check, CheckState, Readiness};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The checks, and a way to make them anew. They ask Moodle, so the rest of the page does not wait for them.
pub fn readiness(page: Manage) -> AnyView {
    let (app, words) = (page.app, page.words);
    let found = Live::new(None::<Readiness>);
    let wrong = Live::new(None::<String>);
    let busy = Live::new(false);
    let load = move |path: &'static str| {
        busy.set(true);
        spawn_local(async move {
            match app.get::<Readiness>(path).await {
                Ok(readiness) => {
                    if found.with_untracked(Option::is_some) {
                        page.say(&app.words.count(words.readiness_found, troubles(&readiness)));
                    }
                    browser::keeping_focus(|| {
                        wrong.set(None);
                        found.set(Some(readiness));
                    });
                }
                Err(fault) => wrong.set(Some(app.explain(&fault))),
            }
            busy.set(false);
        });
    };
    load("/api/manage/readiness");
    let list = part(move || {
        let Some(Readiness { as_of, mut checks }) = found.get() else {
            let loading = wrong.with(Option::is_none).then_some(words.readiness_loading);
            return loading.map(|text| view! { <p class="cf-meta cf-late">{text}</p> }.into_any());
        };
        // The worst first; what is equally bad stays in the Worker's order.
        checks.sort_by_key(|check| std::cmp::Reverse(check.state));
        let rows = checks.into_iter().map(|check| row(page, check)).collect::<Vec<_>>();
        let asked = fill(words.readiness_asked, &[("moment", &app.clock(|clock| clock.moment(as_of)))]);
        Some(view! { <ul class="cf-list">{rows}</ul> <p class="cf-meta">{asked}</p> }.into_any())
    });
    let failed = part(move || {
        wrong.get().map(|text| view! { <p class="alert alert-danger cf-notice" role="alert">{text}</p> }.into_any())
    });
    let again = button(
        SECONDARY,
        move || words.readiness_again.to_owned(),
        None,
        busy,
        move || load("/api/manage/readiness?refresh=1"),
    );
    section(words.readiness, view! { {failed} {list} <div class="cf-actions">{again}</div> }.into_any())
}

/// How many checks are not well.
fn troubles(readiness: &Readiness) -> usize {
    readiness.checks.iter().filter(|check| check.state != CheckState::Ok).count()
}

/// A text in which commands and names stand between back ticks.
fn with_code(text: &str) -> Vec<AnyView> {
    let part = |(place, part): (usize, &str)| {
        let part = part.to_owned();
        if place % 2 == 0 { part.into_any() } else { view! { <code>{part}</code> }.into_any() }
    };
    text.split('`').enumerate().map(part).collect()
}

fn row(page: Manage, check: Check) -> AnyView {
    let words = page.words;
    let (icon, state) = match check.state {
        CheckState::Ok => ("cf-icon cf-done", words.check_ok),
        CheckState::ToCheck => ("cf-icon cf-check", words.check_look),
        CheckState::Broken => ("cf-icon cf-failed", words.check_broken),
    };
    let code = check.error.map_or(check.code, |error| error.as_str().to_owned());
    let advice = (!check.advice.is_empty()).then(|| {
        view! { <div>{with_code(&check.advice)}</div> <div class="cf-meta"><code>{code}</code></div> }.into_any()
    });
    view! {
        <li class="cf-row cf-restore">
            <div class="cf-body">
                <div class="cf-status">
                    <span class=icon></span>
                    <span><span class="cf-visually-hidden">{state} " "</span>{check.message}</span>
                </div>
                {advice}
            </div>
        </li>
    }
    .into_any()
}
