//! One restore: its course, how it fares, what can be done, and details for the help desk.

use super::button::{LINK, SECONDARY, button};
use super::target_picker::target_picker;
use super::view::{live, part, text};
use super::widget::Instance;
use crate::browser;
use crate::client::Fault;
use crate::live::{Derived, Live};
use crate::logic::phrases::{Look, progress};
use crate::words::fill;
use courseferry_api::{Repeat, Restore, Status, Target};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Serialize;

#[derive(Serialize)]
struct Move {
    target: Target,
}

#[derive(Clone, Copy)]
struct Row {
    inst: Instance,
    restore: Derived<Option<Restore>>,
    busy: Live<bool>,
    moving: Live<bool>,
    open: Live<bool>,
    alert: Live<Option<String>>,
}

impl Row {
    fn get<T: Default>(self, look: impl FnOnce(&Restore) -> T) -> T {
        self.restore.with(|r| r.as_ref().map(look).unwrap_or_default())
    }

    fn named(self, verb: &str) -> String {
        let course = self.restore.with_untracked(|r| r.as_ref().map(|r| r.full_name.clone()).unwrap_or_default());
        fill(self.inst.app.words.on_control, &[("verb", verb), ("course", &course)])
    }

    /// Asks the Worker to do `verb`, and shows what it says is true now.
    fn act(self, verb: &'static str, body: impl Serialize + 'static) {
        let app = self.inst.app;
        let Some(id) = self.restore.with_untracked(|r| r.as_ref().map(|r| r.id.clone())) else { return };
        self.busy.set(true);
        self.alert.set(None);
        spawn_local(async move {
            match app.post::<Restore>(&format!("/api/restores/{id}/{verb}"), &body).await {
                Ok(restore) => {
                    browser::keeping_focus(|| self.moving.set(false));
                    app.put([restore]);
                }
                Err(fault) => {
                    self.alert.set(Some(app.explain(&fault)));
                    if matches!(fault, Fault::Refused(..)) {
                        // It is not as it seemed here.
                        app.poll().await;
                    }
                }
            }
            self.busy.set(false);
        });
    }
}

/// The row of the restore `id`.
pub fn restore_row(inst: Instance, id: String) -> AnyView {
    let app = inst.app;
    let words = app.words;
    let restore = Derived::new(move || app.restores.with(|all| all.iter().find(|r| r.id.as_str() == id).cloned()));
    let off = || Live::new(false);
    let row = Row { inst, restore, busy: off(), moving: off(), open: off(), alert: Live::new(None) };
    let facts = move || {
        row.get(|r| {
            let to = match r.status {
                Status::Scheduled | Status::InProgress => r.category_name.as_ref(),
                Status::Restored | Status::Failed | Status::Cancelled => None,
            };
            let to = to.map(|name| fill(words.to_category, &[("category", name)]));
            let parts = [Some(r.short_name.clone()), Some(r.remote_name.clone()), to];
            parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
        })
    };
    let status = move || {
        let window = app.with_home(|home| home.window.clone());
        let paused = app.paused.get();
        app.clock(|clock| row.get(|r| window.as_ref().map(|w| clock.status(r, w, paused)).unwrap_or_default()))
    };
    let advice = move || {
        row.get(|r| {
            let manual = r.status == Status::Failed && r.error().is_some_and(|code| code.repeat() != Repeat::Automatic);
            r.problem.as_ref().map(|p| p.advice.clone()).filter(|advice| manual && !advice.is_empty())
        })
        .map(|advice| view! { <div class="cf-meta">{advice}</div> }.into_any())
    };
    let percent = Derived::new(move || row.restore.with(|r| r.as_ref().and_then(progress)));
    let bar = move || {
        percent.with(Option::is_some).then(|| {
            let now = live(move || percent.get().unwrap_or_default().to_string());
            let width = live(move || format!("{}%", percent.get().unwrap_or_default()));
            view! {
                <div class="progress cf-progress" role="progressbar" aria-label=words.in_progress
                    aria-valuemin="0" aria-valuemax="100" aria-valuenow=now>
                    <div class="progress-bar" style:width=width></div>
                </div>
            }
            .into_any()
        })
    };
    let alert = move || {
        row.alert.get().map(|text| view! { <div class="cf-alert text-danger" role="alert">{text}</div> }.into_any())
    };
    let icon = live(move || row.get(|r| Look::of(r).class().to_owned()));
    view! {
        <li class="cf-row cf-restore" tabindex="-1" data-cf-refuge="">
            <div class="cf-body">
                <div class="cf-name"><bdi>{text(move || row.get(|r| r.full_name.clone()))}</bdi></div>
                <div class="cf-meta"><bdi>{text(facts)}</bdi></div>
                <div class="cf-status">
                    <span class=icon></span>
                    <span>{text(status)}</span>
                </div>
                {part(bar)}
                {part(advice)}
                {part(alert)}
            </div>
            <div class="cf-actions">{actions(row)} {details_button(row)}</div>
            {part(move || row.moving.get().then(|| mover(row)))}
            {part(move || row.open.get().then(|| details(row)))}
        </li>
    }
    .into_any()
}

/// What can be done; a change of the restore that changes none of it leaves the buttons alone.
fn actions(row: Row) -> AnyView {
    #[derive(Clone, PartialEq)]
    struct Can {
        cancel: Option<bool>,
        retry: Option<Status>,
        move_it: bool,
        link: Option<String>,
    }
    let words = row.inst.app.words;
    let can = Derived::new(move || {
        row.restore.with(|r| {
            r.as_ref().map(|r| Can {
                cancel: r.can_cancel.then_some(r.status == Status::InProgress),
                retry: r.can_retry.then_some(r.status),
                move_it: r.can_move,
                link: r.link.clone().filter(|_| r.status == Status::Restored),
            })
        })
    });
    let act = move |label: &'static str, verb: &'static str| {
        button(SECONDARY, move || label.to_owned(), Some(row.named(label)), row.busy, move || row.act(verb, ()))
    };
    let draw = move || {
        let can = can.get()?;
        let open = can.link.map(|link| {
            let name = row.named(words.open_course);
            view! { <a class=SECONDARY href=link aria-label=name>{words.open_course}</a> }.into_any()
        });
        let retry = can.retry.map(|status| {
            let label = match status {
                Status::Scheduled => words.try_now,
                Status::Cancelled => words.schedule_again,
                Status::InProgress | Status::Restored | Status::Failed => words.try_again,
            };
            act(label, "retry")
        });
        let change = can.move_it.then(|| {
            let name = Some(row.named(words.move_it));
            button(
                LINK,
                move || words.move_it.to_owned(),
                name,
                row.busy,
                move || {
                    browser::keeping_focus(|| row.moving.update(|moving| *moving = !*moving));
                },
            )
        });
        let cancel = can.cancel.map(|runs| act(if runs { words.stop } else { words.cancel }, "cancel"));
        Some(view! { {open} {retry} {cancel} {change} }.into_any())
    };
    part(draw)
}

fn mover(row: Row) -> AnyView {
    let words = row.inst.app.words;
    let target = Live::new(row.restore.with_untracked(|r| r.as_ref().map(|r| r.target)));
    let label = row.restore.with_untracked(|r| r.as_ref().map(|r| r.full_name.clone()).unwrap_or_default());
    let label = fill(words.move_to, &[("course", &label)]);
    let press = move || {
        if let Some(target) = target.get_untracked() {
            row.act("category", Move { target });
        }
    };
    view! {
        <div class="cf-mover">
            {target_picker(row.inst, label, Derived::new(move || target.get()), Callback::new(move |chosen| target.set(Some(chosen))))}
            {button(SECONDARY, move || words.move_do.to_owned(), None, row.busy, press)}
        </div>
    }
    .into_any()
}

fn details_button(row: Row) -> AnyView {
    let words = row.inst.app.words;
    let expanded = live(move || row.open.get().to_string());
    view! {
        <button type="button" class=LINK aria-expanded=expanded aria-label=row.named(words.details)
            on:click=move |_| row.open.update(|open| *open = !*open)>
            {words.details}
        </button>
    }
    .into_any()
}

fn details(row: Row) -> AnyView {
    let app = row.inst.app;
    let words = app.words;
    let copied = Live::new("");
    let body = move || {
        let facts = app.clock(|clock| row.get(|r| clock.facts(r)));
        let lines =
            facts.into_iter().map(|(name, value)| view! { <dt>{name}</dt><dd dir="auto">{value}</dd> }.into_any());
        let warnings = row.get(|r| r.warnings.clone());
        let to_check = (!warnings.is_empty()).then(|| {
            let lines = warnings.into_iter().map(|w| view! { <li dir="auto">{w.message}</li> }.into_any());
            view! { <div class="cf-to-check">{words.to_check}</div><ul>{lines.collect::<Vec<_>>()}</ul> }.into_any()
        });
        Some(view! { {to_check} <dl class="cf-facts">{lines.collect::<Vec<_>>()}</dl> }.into_any())
    };
    let copy = move || {
        let window = app.with_home(|home| home.window.clone());
        let text = app.clock(|clock| {
            row.get(|r| window.map(|w| clock.report(r, &clock.status(r, &w, false))).unwrap_or_default())
        });
        spawn_local(async move {
            let done = if browser::copy(&text).await { words.copied } else { words.not_copied };
            copied.set(done);
            row.inst.say(done.to_owned());
        });
    };
    view! {
        <div class="cf-details">
            {part(body)}
            <div class="cf-actions">
                {button(SECONDARY, move || words.copy_details.to_owned(), None, Live::new(false), copy)}
                <span class="cf-meta">{text(move || copied.get().to_owned())}</span>
            </div>
        </div>
    }
    .into_any()
}
