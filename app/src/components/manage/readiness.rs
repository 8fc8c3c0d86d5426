//! Whether restores can work: what is broken first, then what somebody should look at, then what is well.

use super::{Manage, section};
use crate::browser;
use crate::components::button::{SECONDARY, button};
use crate::components::el::{Child, El, el};
use crate::components::notices::DANGER;
use crate::components::view::{part, several};
use crate::live::Live;
use courseferry_api::{Check, CheckState, Readiness};
use courseferry_words::fill;
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
                    let broken = readiness.checks.iter().any(|check| check.state == CheckState::Broken);
                    browser::keeping_focus(|| {
                        wrong.set(None);
                        found.set(Some(readiness));
                    });
                    if broken {
                        // The verdict above may not have known.
                        page.load();
                    }
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
            return loading.map(|text| el("p").class("cf-meta cf-late").child(text).view());
        };
        // The worst first; what is equally bad stays in the Worker's order.
        checks.sort_by_key(|check| std::cmp::Reverse(check.state));
        let rows = checks.into_iter().fold(el("ul").class("cf-list"), |list, check| list.child(row(page, check)));
        let asked = fill(words.readiness_asked, &[("moment", &app.clock(|clock| clock.moment(as_of)))]);
        Some(several([rows.view(), el("p").class("cf-meta").child(asked).view()]))
    });
    let failed = part(move || wrong.get().map(|text| el("p").class(DANGER).attr("role", "alert").child(text)));
    let again = button(
        SECONDARY,
        move || words.readiness_again.to_owned(),
        None,
        busy,
        move || load("/api/manage/readiness?refresh=1"),
    );
    section(words.readiness, vec![failed, list, el("div").class("cf-actions").child(again).view()])
}

/// How many checks are not well.
fn troubles(readiness: &Readiness) -> usize {
    readiness.checks.iter().filter(|check| check.state != CheckState::Ok).count()
}

/// A text in which commands and names stand between back ticks.
fn with_code(text: &str) -> Vec<AnyView> {
    let part = |(place, part): (usize, &str)| {
        if place % 2 == 0 { part.view() } else { el("code").child(part).view() }
    };
    text.split('`').enumerate().map(part).collect()
}

fn row(page: Manage, check: Check) -> El {
    let words = page.words;
    let (icon, state) = match check.state {
        CheckState::Ok => ("cf-icon cf-done", words.check_ok),
        CheckState::ToCheck => ("cf-icon cf-check", words.check_look),
        CheckState::Broken => ("cf-icon cf-failed", words.check_broken),
    };
    let code = check.error.map_or(check.code, |error| error.as_str().to_owned());
    let advice = (!check.advice.is_empty()).then(|| {
        let code = el("div").class("cf-meta").child(el("code").child(code));
        several([el("div").child(with_code(&check.advice)).view(), code.view()])
    });
    let state = el("span").class("cf-visually-hidden").child(state).child(" ");
    let said = el("span").child(state).child(check.message);
    let status = el("div").class("cf-status").child(el("span").class(icon)).child(said);
    el("li").class("cf-row cf-restore").child(el("div").class("cf-body").child(status).child(advice))
}
