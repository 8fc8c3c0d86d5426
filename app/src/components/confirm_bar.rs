//! The confirm bar: what will happen to the chosen courses, how it differs from the wish, and the one button.

use super::button::{LINK, PRIMARY, SECONDARY, button, plain};
use super::find::Find;
use super::rich::rich;
use super::target_picker::target_picker;
use super::view::{live, part, text, whether};
use crate::browser;
use crate::client::Fault;
use crate::live::{Derived, Forever, Live};
use crate::logic::confirm::{self, Line, SHOWN};
use crate::logic::selection::{Key, Selection};
use crate::logic::targets;
use crate::words::fill;
use courseferry_api::{Explained, Plan, ScheduleAnswer, ScheduleRequest, Target};
use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;

const LAST_TARGET: &str = "courseferry.target";
/// The plan is asked for once the choosing has paused so long.
const PLAN_AFTER: Duration = Duration::from_millis(350);

type Bar = Forever<BarParts>;

/// Its parts.
struct BarParts {
    find: Find,
    common: Live<Option<Target>>,
    now: Live<bool>,
    plan: Live<Option<Result<Plan, Fault>>>,
    checking: Live<bool>,
    all: Live<bool>,
    changing: Live<Option<Key>>,
    busy: Live<bool>,
    /// What went wrong with the last press: a heading and its lines.
    wrong: Live<Option<(String, Vec<String>)>>,
}

/// The bar; before anything is chosen, a hint.
pub fn confirm_bar(find: Find) -> AnyView {
    let app = find.inst.app;
    let words = app.words;
    let last = browser::remembered(LAST_TARGET).and_then(|text| targets::read(&text));
    let first = app.with_home(|home| targets::first(home, last)).flatten();
    let bar = Forever::new(BarParts {
        find,
        common: Live::new(first),
        now: Live::new(false),
        plan: Live::new(None),
        checking: Live::new(false),
        all: Live::new(false),
        changing: Live::new(None),
        busy: Live::new(false),
        wrong: Live::new(None),
    });
    ask_for_plan(bar);
    let any = Derived::new(move || !find.selection.with(Selection::is_empty));
    let may = move || app.with_home(|home| home.may.restore && !home.remotes.is_empty()).unwrap_or_default();
    part(move || match (any.get(), may()) {
        (true, _) => Some(draw(bar)),
        (false, true) => Some(view! { <p class="cf-hint cf-meta">{words.nothing_chosen}</p> }.into_any()),
        (false, false) => None,
    })
}

fn request(bar: Bar) -> Option<ScheduleRequest> {
    let choices = bar.find.selection.with_untracked(|s| bar.common.get_untracked().map(|target| s.choices(target)))?;
    Some(ScheduleRequest { choices, now: bar.now.get_untracked() })
}

/// Asks the Worker what would happen, once the choosing pauses; later answers to earlier questions are dropped.
fn ask_for_plan(bar: Bar) {
    let app = bar.find.inst.app;
    let timer = StoredValue::new(None::<TimeoutHandle>);
    Effect::new(move |_| {
        bar.find.selection.track();
        bar.common.track();
        let back = app.lost.get().is_none();
        bar.checking.set(true);
        let ask = move || {
            let Some(request) = request(bar).filter(|request| !request.choices.is_empty() && back) else {
                bar.checking.set(false);
                return;
            };
            spawn_local(async move {
                let plan = app.post::<Plan>("/api/restores/preview", &request).await;
                let same = self::request(bar).is_some_and(|now| now.choices == request.choices);
                if same {
                    bar.checking.set(false);
                    browser::keeping_focus(|| bar.plan.set(Some(plan)));
                }
            });
        };
        let next = set_timeout_with_handle(ask, PLAN_AFTER).ok();
        if let Some(earlier) = timer.try_update_value(|timer| std::mem::replace(timer, next)).flatten() {
            earlier.clear();
        }
    });
}

fn draw(bar: Bar) -> AnyView {
    let find = bar.find;
    let app = find.inst.app;
    let words = app.words;
    let count = Derived::new(move || find.selection.with(Selection::len));
    let headline = move || Some(rich(&words.count(words.chosen_to, count.get())));
    let choose = Callback::new(move |target: Target| {
        bar.common.set(Some(target));
        browser::remember(LAST_TARGET, &targets::write(target));
    });
    let window = Derived::new(move || app.with_home(|home| home.window.clone()));
    let start = move || {
        let text = window.with(|w| w.as_ref().map(|w| app.clock(|clock| clock.start(w, bar.now.get()))));
        match app.lost.get() {
            Some(since) => fill(words.lost, &[("time", &app.clock(|clock| clock.time(since)))]),
            None if app.paused.get() => words.paused.to_owned(),
            None => text.unwrap_or_default(),
        }
    };
    let start_now = move || {
        let offered = app.with_home(|home| home.may.start_now && !home.window.open && !home.window.always);
        offered.unwrap_or_default().then(|| {
            view! {
                <label class="cf-check">
                    <input type="checkbox" prop:checked=whether(move || bar.now.get())
                        on:change=move |event| bar.now.set(event_target_checked(&event)) />
                    <span>{words.start_now}</span>
                </label>
            }
            .into_any()
        })
    };
    let obstacle = Derived::new(move || app.with_home(|home| confirm::obstacle(words, home, count.get())).flatten());
    let refusal =
        move || obstacle.get().map(|text| view! { <div class="cf-alert text-danger">{text}</div> }.into_any());
    let label = move || {
        if bar.busy.get() { words.scheduling.to_owned() } else { words.count(words.restore_n, count.get()) }
    };
    let clear = plain(LINK, words.clear, None, move || {
        bar.wrong.set(None);
        browser::keeping_focus(|| find.selection.set(Selection::default()));
    });
    view! {
        <div class="cf-bar" role="region" aria-label=words.your_choice>
            <div class="cf-bar-scroll">
                <div class="cf-bar-head">
                    <div class="cf-bar-count">{part(headline)}</div>
                    {target_picker(find.inst, words.target.to_owned(), Derived::new(move || bar.common.get()), choose)}
                </div>
                {why_not(bar)}
                <p class="cf-bar-text">{text(start)} " " {rich(words.promise)}</p>
                {part(start_now)}
                {part(move || differences(bar))}
                {part(refusal)}
            </div>
            {part(move || wrong(bar))}
            <div class="cf-actions">
                {button(PRIMARY, label, None, bar.busy, move || schedule(bar))}
                {clear}
            </div>
        </div>
    }
    .into_any()
}

fn wrong(bar: Bar) -> Option<AnyView> {
    let (heading, lines) = bar.wrong.get()?;
    let lines = lines.into_iter().map(|line| view! { <li>{line}</li> }.into_any()).collect::<Vec<_>>();
    Some(view! { <div class="alert alert-danger cf-notice cf-wrong" role="alert"><p>{heading}</p><ul>{lines}</ul></div> }.into_any())
}

fn differences(bar: Bar) -> Option<AnyView> {
    let app = bar.find.inst.app;
    let words = app.words;
    match bar.plan.get() {
        None => bar.checking.get().then(|| view! { <p class="cf-meta cf-late">{words.checking}</p> }.into_any()),
        Some(Err(fault)) => {
            (!fault.is_connection()).then(|| view! { <p class="cf-meta">{words.not_checked}</p> }.into_any())
        }
        Some(Ok(plan)) => {
            let lines =
                bar.find.selection.with(|s| app.with_home(|home| confirm::exceptions(words, home, s, &plan)))?;
            if lines.is_empty() {
                return None;
            }
            let rest = if bar.all.get() { 0 } else { lines.len().saturating_sub(SHOWN) };
            let shown = lines.len() - rest;
            let more = (rest > 0).then(|| {
                let label = fill(words.all_exceptions, &[("n", &rest.to_string())]);
                button(
                    LINK,
                    move || label.clone(),
                    None,
                    Live::new(false),
                    move || {
                        browser::keeping_focus(|| bar.all.set(true));
                    },
                )
            });
            let rows = lines.into_iter().take(shown).map(|line| difference(bar, line)).collect::<Vec<_>>();
            Some(view! { <ul class="cf-exceptions" data-cf-refuge="" tabindex="-1">{rows}</ul>{more} }.into_any())
        }
    }
}

fn difference(bar: Bar, line: Line) -> AnyView {
    let find = bar.find;
    let words = find.inst.app.words;
    let Line { key, text, refused, elsewhere } = line;
    let course = find.selection.with_untracked(|s| s.get(&key).map(|p| p.full_name.clone()).unwrap_or_default());
    let named = |verb: &str| Some(fill(words.on_control, &[("verb", verb), ("course", &course)]));
    let change = elsewhere.then(|| {
        let key = key.clone();
        plain(LINK, words.change, named(words.change), move || {
            let next = if bar.changing.get_untracked().as_ref() == Some(&key) { None } else { Some(key.clone()) };
            browser::keeping_focus(|| bar.changing.set(next));
        })
    });
    let leave_out = {
        let key = key.clone();
        plain(LINK, words.leave_out, named(words.leave_out), move || {
            browser::keeping_focus(|| find.selection.update(|s| s.remove(&key)));
        })
    };
    let picker = {
        let key = key.clone();
        let label = fill(words.change_of, &[("course", &course)]);
        move || {
            (elsewhere && bar.changing.get().as_ref() == Some(&key)).then(|| {
                let (read, write) = (key.clone(), key.clone());
                let own = move || find.selection.with(|s| s.get(&read).and_then(|p| p.target)).or(bar.common.get());
                let choose = Callback::new(move |target| {
                    browser::keeping_focus(|| find.selection.update(|s| s.send(&write, Some(target))));
                });
                target_picker(find.inst, label.clone(), Derived::new(own), choose)
            })
        }
    };
    let icon = if refused { "cf-icon cf-failed" } else { "cf-icon cf-check" };
    view! {
        <li>
            <span class=icon></span>
            <span dir="auto">{text}</span>
            <span class="cf-actions">{change} {leave_out}</span>
            {part(picker)}
        </li>
    }
    .into_any()
}

/// Sends the choice. What is shown afterwards is what the Worker says became of each course.
fn schedule(bar: Bar) {
    let find = bar.find;
    let app = find.inst.app;
    let words = app.words;
    let count = find.selection.with_untracked(Selection::len);
    let obstacle = app.with_home(|home| confirm::obstacle(words, home, count)).flatten();
    let Some(request) = request(bar).filter(|_| obstacle.is_none()) else { return };
    bar.busy.set(true);
    bar.wrong.set(None);
    spawn_local(async move {
        let asked = app.present();
        match app.post::<ScheduleAnswer>("/api/restores", &request).await {
            Ok(answer) => settle(bar, &answer),
            Err(fault) => {
                let lost = fault.is_connection();
                let reason = app.explain(&fault);
                if lost {
                    // The Worker may have scheduled all the same; once it answers again, the list tells.
                    settle_unheard(bar, asked);
                }
                bar.wrong.set(Some((fill(words.not_sent, &[("reason", &reason)]), Vec::new())));
            }
        }
        bar.busy.set(false);
    });
}

fn settle(bar: Bar, answer: &ScheduleAnswer) {
    let find = bar.find;
    let app = find.inst.app;
    let words = app.words;
    let line = |result: &courseferry_api::Scheduled| {
        let problem = result.problem.as_ref().filter(|_| result.restore.is_none())?;
        let key = (result.choice.remote.clone(), result.choice.course);
        let name = find.selection.with_untracked(|s| s.get(&key).map(|p| p.full_name.clone())).unwrap_or_default();
        Some(format!("{name}: {} {}", problem.message, problem.advice).trim_end().to_owned())
    };
    let refused: Vec<String> = answer.results.iter().filter_map(line).collect();
    let made: Vec<_> = answer.results.iter().filter_map(|result| result.restore.clone()).collect();
    let scheduled = made.len();
    app.put(made);
    if scheduled > 0 {
        find.inst.say(words.count(words.scheduled_n, scheduled));
    }
    let all = refused.is_empty();
    if !all {
        bar.wrong.set(Some((words.count(words.not_scheduled_n, refused.len()), refused)));
    }
    bar.changing.set(None);
    bar.plan.set(None);
    bar.now.set(false);
    browser::keeping_focus(|| find.selection.update(|s| s.settle(answer)));
    if all {
        find.inst.show_restores();
    }
}

fn settle_unheard(bar: Bar, asked: courseferry_api::UnixTime) {
    let find = bar.find;
    let app = find.inst.app;
    let done = StoredValue::new(false);
    Effect::new(move |_| {
        let restores = app.restores.get();
        if app.lost.get().is_some() || done.get_value() {
            return;
        }
        done.set_value(true);
        let before = find.selection.with_untracked(Selection::len);
        browser::keeping_focus(|| find.selection.update(|s| s.settle_unheard(&restores, asked)));
        let scheduled = before - find.selection.with_untracked(Selection::len);
        if scheduled > 0 {
            bar.wrong.set(None);
            find.inst.say(app.words.count(app.words.scheduled_n, scheduled));
        }
    });
}

fn why_not(bar: Bar) -> AnyView {
    let inst = bar.find.inst;
    let app = inst.app;
    let words = app.words;
    let typed = Live::new(String::new());
    let busy = Live::new(false);
    let answer = Live::new(Vec::<String>::new());
    let ask = move || {
        let Some(category) = targets::category_of_address(&typed.get_untracked()) else {
            answer.set(vec![words.not_a_category.to_owned()]);
            return;
        };
        busy.set(true);
        spawn_local(async move {
            let explained = app.get::<Explained>(&format!("/api/explain?category={category}")).await;
            answer.set(explained.map_or_else(|fault| vec![app.explain(&fault)], |explained| explained.sentences));
            busy.set(false);
        });
    };
    let id = inst.id("why");
    let lines = move || {
        let lines = answer.get().into_iter().map(|line| view! { <p>{line}</p> }.into_any());
        Some(lines.collect::<Vec<_>>().into_any())
    };
    view! {
        <details class="cf-details">
            <summary>{words.why_not}</summary>
            <p class="cf-meta">{words.why_not_text}</p>
            <div class="cf-ask">
                <label for=id.clone()>{words.category_address}</label>
                <input id=id type="text" class="form-control" prop:value=live(move || typed.get())
                    on:input=move |event| typed.set(event_target_value(&event)) />
                {button(SECONDARY, move || words.explain.to_owned(), None, busy, ask)}
            </div>
            <div role="status">{part(lines)}</div>
        </details>
    }
    .into_any()
}
