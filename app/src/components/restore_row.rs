//! One restore: its course, how it fares, what can be done, and details for the help desk.

use super::button::{LINK, SECONDARY, button, link};
use super::details::{details_button, facts};
use super::el::{Child, El, el};
use super::notices::failed;
use super::target_picker::target_picker;
use super::view::{live, part, several, text};
use super::widget::Instance;
use crate::browser;
use crate::live::{Derived, Live};
use crate::logic::phrases::{Look, progress};
use crate::logic::restores::destination;
use courseferry_api::{Repeat, Restore, Status, Target};
use courseferry_words::fill;
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
            let done = app.act(&id, verb, &body).await;
            if done.is_ok() {
                browser::keeping_focus(|| self.moving.set(false));
            }
            self.alert.set(done.err());
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
            let parts = [Some(r.short_name.clone()), Some(r.remote_name.clone()), destination(words, r)];
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
        .map(|advice| el("div").class("cf-meta").child(advice))
    };
    let percent = Derived::new(move || row.restore.with(|r| r.as_ref().and_then(progress)));
    let known = Derived::new(move || percent.with(Option::is_some));
    let bar = move || known.get().then(|| progress_bar(words.in_progress, percent));
    let icon = live(move || row.get(|r| Look::of(r).class().to_owned()));
    let status = el("div").class("cf-status").child(el("span").class(icon)).child(el("span").child(text(status)));
    let body = el("div")
        .class("cf-body")
        .child(el("div").class("cf-name").child(el("bdi").child(text(move || row.get(|r| r.full_name.clone())))))
        .child(el("div").class("cf-meta").child(el("bdi").child(text(facts))))
        .child(status)
        .child(part(bar))
        .child(part(advice))
        .child(part(move || row.alert.get().map(failed)));
    let details_button = details_button(words, row.named(words.details), row.open);
    el("li")
        .class("cf-row cf-restore")
        .refuge()
        .child(body)
        .child(el("div").class("cf-actions").child(actions(row)).child(details_button))
        .child(part(move || row.moving.get().then(|| mover(row))))
        .child(part(move || row.open.get().then(|| details(row))))
        .view()
}

fn progress_bar(label: &'static str, percent: Derived<Option<u64>>) -> El {
    let now = move || percent.get().unwrap_or_default();
    let filled = el("div").class("progress-bar").attr("style", live(move || format!("width:{}%", now())));
    el("div")
        .class("progress cf-progress")
        .attr("role", "progressbar")
        .attr("aria-label", label)
        .attr("aria-valuemin", "0")
        .attr("aria-valuemax", "100")
        .attr("aria-valuenow", live(move || now().to_string()))
        .child(filled)
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
        let open =
            can.link.map(|address| link(SECONDARY, words.open_course, Some(row.named(words.open_course)), address));
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
        Some(several([open, retry, cancel, change].map(Child::view)))
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
    let choose = Callback::new(move |chosen| target.set(Some(chosen)));
    el("div")
        .class("cf-mover")
        .child(target_picker(row.inst, label, Derived::new(move || target.get()), choose))
        .child(button(SECONDARY, move || words.move_do.to_owned(), None, row.busy, press))
        .view()
}

fn details(row: Row) -> AnyView {
    let app = row.inst.app;
    let words = app.words;
    let copied = Live::new("");
    let body = move || {
        let warnings = row.get(|r| r.warnings.clone());
        let to_check = (!warnings.is_empty()).then(|| {
            let line =
                |list: El, w: courseferry_api::Warning| list.child(el("li").attr("dir", "auto").child(w.message));
            let lines = warnings.into_iter().fold(el("ul"), line);
            several([el("div").class("cf-to-check").child(words.to_check).view(), lines.view()])
        });
        Some(several([to_check.view(), facts(app.clock(|clock| row.get(|r| clock.facts(r)))).view()]))
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
    let actions = el("div")
        .class("cf-actions")
        .child(button(SECONDARY, move || words.copy_details.to_owned(), None, Live::new(false), copy))
        .child(el("span").class("cf-meta").child(text(move || copied.get().to_owned())));
    el("div").class("cf-details").child(part(body)).child(actions).view()
}
