//! The confirm bar: what will happen to the chosen courses, how it differs from the wish, and the one button.

use super::button::{LINK, PRIMARY, SECONDARY, button, plain, plain_text};
use super::el::{Child, El, el};
use super::find::Find;
use super::rich::rich;
use super::target_picker::target_picker;
use super::view::{each, effect, live, nothing, part, several, text, whether};
use crate::browser::{self, later};
use crate::client::Fault;
use crate::live::{Derived, Forever, Live};
use crate::logic::confirm::{self, Line, SHOWN};
use crate::logic::selection::{Key, Selection};
use crate::logic::targets;
use courseferry_api::{Explained, Plan, ScheduleAnswer, ScheduleRequest, Target};
use courseferry_words::fill;
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
        (false, true) => Some(el("p").class("cf-hint cf-meta").child(words.nothing_chosen).view()),
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
    effect(move || {
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
                if bar.plan.gone() {
                    // The bar went with a change of the widget's width.
                    return;
                }
                let same = self::request(bar).is_some_and(|now| now.choices == request.choices);
                if same {
                    bar.checking.set(false);
                    browser::keeping_focus(|| bar.plan.set(Some(plan)));
                }
            });
        };
        later(PLAN_AFTER, ask);
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
            let tick = el("input")
                .attr("type", "checkbox")
                .flag("checked", whether(move || bar.now.get()))
                .on("change", move |event| bar.now.set(event_target_checked(&event)));
            el("label").class("cf-check").child(tick).child(el("span").child(words.start_now))
        })
    };
    let obstacle = Derived::new(move || app.with_home(|home| confirm::obstacle(words, home, count.get())).flatten());
    let refusal = move || obstacle.get().map(|text| el("div").class("cf-alert text-danger").child(text));
    let label = move || {
        if bar.busy.get() { words.scheduling.to_owned() } else { words.count(words.restore_n, count.get()) }
    };
    let clear = plain(LINK, words.clear, None, move || {
        bar.wrong.set(None);
        browser::keeping_focus(|| find.selection.set(Selection::default()));
    });
    let target = target_picker(find.inst, words.target.to_owned(), Derived::new(move || bar.common.get()), choose);
    let head =
        el("div").class("cf-bar-head").child(el("div").class("cf-bar-count").child(part(headline))).child(target);
    let terms = el("p").class("cf-bar-text").child(text(start)).child(" ").child(rich(words.promise));
    let scroll = el("div")
        .class("cf-bar-scroll")
        .child(head)
        .child(why_not(bar))
        .child(terms)
        .child(part(start_now))
        .child(differences(bar))
        .child(part(refusal));
    let press = button(PRIMARY, label, None, bar.busy, move || schedule(bar));
    el("div")
        .class("cf-bar")
        .attr("role", "region")
        .attr("aria-label", words.your_choice)
        .child(scroll)
        .child(part(move || bar.wrong.get().map(wrong)))
        .child(el("div").class("cf-actions").child(press).child(clear))
        .view()
}

fn wrong((heading, lines): (String, Vec<String>)) -> El {
    let lines = lines.into_iter().fold(el("ul"), |list, line| list.child(el("li").child(line)));
    el("div")
        .class("alert alert-danger cf-notice cf-wrong")
        .attr("role", "alert")
        .child(el("p").child(heading))
        .child(lines)
}

/// What differs from the wish. A line stays where it is while its course does, since somebody may be choosing in it.
fn differences(bar: Bar) -> AnyView {
    let app = bar.find.inst.app;
    let words = app.words;
    let lines = Derived::new(move || {
        let Some(Ok(plan)) = bar.plan.get() else { return Vec::new() };
        let changing = bar.changing.get();
        let lines = |s: &Selection| {
            app.with_home(|home| confirm::exceptions(words, home, s, &plan, changing.as_ref())).unwrap_or_default()
        };
        bar.find.selection.with(lines)
    });
    let shown = move || lines.with(|all| if bar.all.get() { all.len() } else { all.len().min(SHOWN) });
    let names = move || lines.with(|all| all.iter().take(shown()).map(Line::name).collect());
    let row = move |name: String| {
        let line = Derived::new(move || lines.with(|all| all.iter().find(|line| line.name() == name).cloned()));
        line.get_untracked().map_or_else(nothing, |first| difference(bar, first.key, first.elsewhere, line))
    };
    let unknown = move || match bar.plan.get() {
        None => bar.checking.get().then(|| el("p").class("cf-meta cf-late").child(words.checking)),
        Some(Err(fault)) => (!fault.is_connection()).then(|| el("p").class("cf-meta").child(words.not_checked)),
        Some(Ok(_)) => None,
    };
    let rest = Derived::new(move || lines.with(Vec::len) - shown());
    let more = move || {
        let rest = rest.get();
        (rest > 0).then(|| {
            let label = fill(words.all_exceptions, &[("n", &rest.to_string())]);
            plain_text(LINK, label, move || browser::keeping_focus(|| bar.all.set(true)))
        })
    };
    let any = Derived::new(move || !lines.with(Vec::is_empty));
    let list = move || any.get().then(|| el("ul").class("cf-exceptions").refuge().child(each(names, row)));
    several([part(unknown), part(list), part(more)])
}

fn difference(bar: Bar, key: Key, elsewhere: bool, line: Derived<Option<Line>>) -> AnyView {
    let find = bar.find;
    let words = find.inst.app.words;
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
    let open = {
        let key = key.clone();
        Derived::new(move || elsewhere && bar.changing.with(|changing| changing.as_ref() == Some(&key)))
    };
    let label = fill(words.change_of, &[("course", &course)]);
    let picker = move || {
        open.get().then(|| {
            let (read, write) = (key.clone(), key.clone());
            let own = move || find.selection.with(|s| s.get(&read).and_then(|p| p.target)).or(bar.common.get());
            let choose = Callback::new(move |target| {
                browser::keeping_focus(|| find.selection.update(|s| s.send(&write, Some(target))));
            });
            target_picker(find.inst, label.clone(), Derived::new(own), choose)
        })
    };
    let refused = move || line.with(|line| line.as_ref().is_some_and(|line| line.refused));
    let icon = live(move || if refused() { "cf-icon cf-failed" } else { "cf-icon cf-check" }.to_owned());
    let said = move || line.with(|line| line.as_ref().map(|line| line.text.clone()).unwrap_or_default());
    el("li")
        .child(el("span").class(icon))
        .child(el("span").attr("dir", "auto").child(text(said)))
        .child(el("span").class("cf-actions").child(change).child(leave_out))
        .child(part(picker))
        .view()
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
    effect(move || {
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
        let lines = answer.get().into_iter().map(|line| el("p").child(line).view());
        Some(lines.collect::<Vec<_>>())
    };
    let field = el("input")
        .id(id.clone())
        .attr("type", "text")
        .class("form-control")
        .value(move || typed.get())
        .on("input", move |event| typed.set(event_target_value(&event)));
    let question = el("div")
        .class("cf-ask")
        .child(el("label").attr("for", id).child(words.category_address))
        .child(field)
        .child(button(SECONDARY, move || words.explain.to_owned(), None, busy, ask));
    el("details")
        .class("cf-details")
        .child(el("summary").child(words.why_not))
        .child(el("p").class("cf-meta").child(words.why_not_text))
        .child(question)
        .child(el("div").attr("role", "status").child(part(lines)))
        .view()
}
