//! One restore: its course, how it is, what can be done, and details.

use super::arrived::WhatArrived;
use super::copy::{FollowRemoval, RemoveCopy};
use crate::i18n::{text, use_i18n};
use crate::logic::phrases::{Icon, progress};
use crate::logic::restores::destination;
use crate::logic::targets::Offer;
use crate::state::announcer::Announcer;
use crate::state::restores::{Act, RestoreList};
use crate::state::session::Session;
use crate::ui::button::{self, Button, LinkButton};
use crate::ui::copy::CopyButton;
use crate::ui::details::Facts;
use crate::ui::notice::Failure;
use crate::ui::progress::Progress;
use crate::ui::row::{Row, Verb};
use crate::ui::status::Status as StatusLine;
use crate::ui::target_picker::TargetPicker;
use courseferry_api::{CopyState, ErrorCode, JobId, Repeat, Restore, Status};
use leptos::prelude::*;

/// What can be done with the restore. Buttons follow this alone, so that other changes of the restore leave them, and the
/// focus, where they are.
#[derive(Clone, PartialEq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "what can be done, each by itself")]
struct Can {
    cancel: bool,
    is_running: bool,
    retry: bool,
    change_category: bool,
    decide: bool,
    remove_copy: bool,
    open: Option<String>,
}

fn is_partly_added(restore: &Restore) -> bool {
    restore.error() == Some(ErrorCode::ClientPartlyAdded)
}

/// The row of the restore `id`.
#[expect(clippy::too_many_lines, reason = "one view, read from top to bottom")]
#[component]
pub fn RestoreRow(id: JobId) -> impl IntoView {
    let i18n = use_i18n();
    let (restores, session): (RestoreList, Session) = (expect_context(), expect_context());
    let announcer: Announcer = expect_context();
    let restore = {
        let id = id.clone();
        Memo::new(move |_| restores.all.with(|all| all.iter().find(|restore| restore.id == id).cloned()))
    };
    let course = restore.with_untracked(|r| r.as_ref().map(|r| r.full_name.clone()).unwrap_or_default());
    let course = StoredValue::new(course);
    let changing = RwSignal::new(false);
    let asking = RwSignal::new(false);
    // Whether Moodle's cron is going to remove what arrived.
    let removing = RwSignal::new(false);
    let id_here = StoredValue::new(id.clone());
    let act = Action::new_local(move |act: &Act| {
        let (id, act) = (id.clone(), *act);
        let was = restore.with_untracked(|r| r.as_ref().map(|r| r.status));
        async move {
            let done = restores.act(id, act).await;
            let done = done.map_err(|error| error.sentence(i18n))?;
            // Other outcomes change the status, which is said of every restore.
            match act {
                Act::ChangeCategory(_) => {
                    changing.set(false);
                    let category = done.category_name.as_deref().unwrap_or_default();
                    let values = [("course", done.full_name.as_str()), ("category", category)];
                    announcer.say(i18n.fill(text::SAID_MOVED, &values));
                }
                Act::TryAgain if was == Some(done.status) => {
                    announcer.say(i18n.fill(text::SAID_RETRIED, &[("course", &done.full_name)]));
                }
                Act::RemoveArrived => removing.set(is_partly_added(&done)),
                Act::RemoveCopy => asking.set(false),
                Act::TryAgain | Act::Cancel | Act::KeepArrived => {}
            }
            Ok::<_, String>(())
        }
    });
    let busy = act.pending();
    let failure = move || if busy.get() { None } else { act.value().get().and_then(Result::err) };

    let get = move |look: fn(&Restore) -> String| restore.with(|r| r.as_ref().map(look).unwrap_or_default());
    let facts = move || {
        restore.with(|restore| {
            let Some(r) = restore else { return String::new() };
            let students = r.options.students.then(|| i18n.t(text::WITH_STUDENTS));
            let parts =
                [Some(r.short_name.clone()), Some(r.remote_name.clone()), destination(&i18n.locale(), r), students];
            parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
        })
    };
    let status = move || {
        let (locale, paused) = (i18n.locale(), restores.paused.get());
        restore.with(|r| session.with_home(|home| r.as_ref().map(|r| locale.status(r, &home.window, paused))))
    };
    let advice = move || {
        let advice = restore.with(|r| {
            let r = r.as_ref().filter(|r| r.status == Status::Failed)?;
            let problem = r.problem.as_ref().filter(|problem| problem.code.repeat() != Repeat::Automatic)?;
            Some(problem.advice.clone()).filter(|advice| !advice.is_empty())
        });
        advice.map(|advice| view! { <div class="cf-meta">{advice}</div> })
    };
    let icon = Signal::derive(move || restore.with(|r| r.as_ref().map_or("", |r| Icon::of(r).class())));
    let percent = Memo::new(move |_| restore.with(|r| r.as_ref().and_then(progress)));
    let can = Memo::new(move |_| {
        restore.with(|restore| {
            restore.as_ref().map_or_else(Can::default, |r| Can {
                cancel: r.can_cancel,
                is_running: r.status == Status::InProgress,
                retry: r.can_retry,
                change_category: r.can_move,
                decide: is_partly_added(r),
                remove_copy: matches!(r.copy, Some(CopyState::Removable { .. })),
                open: r.link.clone().filter(|_| r.status == Status::Restored),
            })
        })
    });
    let removing_copy = Memo::new(move |_| {
        restore.with(|r| r.as_ref().is_some_and(|r| matches!(r.copy, Some(CopyState::Removing { .. }))))
    });
    let actions = move || {
        let Can { cancel, is_running, retry, change_category, decide, remove_copy, open } = can.get();
        let press = move |verb, done| {
            view! { <Verb verb of=course.get_value() busy on_press=move || { act.dispatch(done); } /> }
        };
        let open = open.map(|href| {
            let name = i18n.named(text::OPEN_COURSE, &course.get_value());
            view! { <LinkButton label=i18n.t(text::OPEN_COURSE) name href /> }
        });
        let stop = if is_running { text::STOP } else { text::CANCEL };
        let expander = move |verb, open: RwSignal<bool>| {
            view! {
                <Verb
                    verb
                    of=course.get_value()
                    look=button::Look::Link
                    busy
                    expanded=open
                    on_press=move || open.update(|open| *open = !*open)
                />
            }
        };
        view! {
            {open}
            {retry.then(|| press(text::TRY_AGAIN, Act::TryAgain))}
            {cancel.then(|| press(stop, Act::Cancel))}
            {decide.then(|| press(text::REMOVE_ARRIVED, Act::RemoveArrived))}
            {decide.then(|| press(text::KEEP_ARRIVED, Act::KeepArrived))}
            {change_category.then(|| expander(text::MOVE_IT, changing))}
            {remove_copy.then(|| expander(text::REMOVE_COPY, asking))}
        }
    };
    let mover = {
        let label = course.with_value(|course| i18n.fill(text::MOVE_TO, &[("course", course)]));
        move || {
            let target = RwSignal::new(restore.with_untracked(|r| r.as_ref().map(|r| r.target)));
            let offer = session.with_home(|home| Offer::new(&i18n.untracked(), home)).unwrap_or_default();
            let press = move || {
                if let Some(target) = target.get_untracked() {
                    act.dispatch(Act::ChangeCategory(target));
                }
            };
            view! {
                <div class="cf-mover">
                    <TargetPicker
                        label=label.clone()
                        offer
                        value=target
                        on_choose=move |chosen| target.set(Some(chosen))
                    />
                    <Button label=i18n.t(text::MOVE_DO) busy on_press=press />
                </div>
            }
        }
    };
    let below = move || {
        let mover = mover.clone();
        view! {
            <Show when=move || changing.get()>{mover.clone()}</Show>
            <Show when=move || asking.get() && can.with(|can| can.remove_copy)>
                <RemoveCopy
                    id=id_here.get_value()
                    course=course.get_value()
                    busy
                    on_remove=move || { act.dispatch(Act::RemoveCopy); }
                    on_keep=move || asking.set(false)
                />
            </Show>
        }
    };
    let facts_known = move || {
        let locale = i18n.locale();
        restore.with(|r| r.as_ref().map(|r| locale.facts(r)).unwrap_or_default())
    };
    let warnings = move || {
        let warnings = restore.with(|r| r.as_ref().map(|r| r.warnings.clone()).unwrap_or_default());
        (!warnings.is_empty()).then(|| {
            let lines = warnings.into_iter().map(|warning| view! { <li dir="auto">{warning.message}</li> });
            view! {
                <div class="cf-to-check">{i18n.t(text::TO_CHECK)}</div>
                <ul>{lines.collect_view()}</ul>
            }
        })
    };
    let report = move || {
        let (locale, status) = (i18n.untracked(), untrack(status).flatten().unwrap_or_default());
        restore.with_untracked(|r| r.as_ref().map(|r| locale.report(r, &status)).unwrap_or_default())
    };
    let details = move || {
        view! {
            {warnings}
            <Facts facts=Signal::derive(facts_known) />
            <div class="cf-actions"><CopyButton text=report /></div>
        }
    };
    view! {
        <Row of=course.get_value() class="cf-row cf-restore" actions below details>
            <div class="cf-body">
                <div class="cf-name"><bdi>{move || get(|r| r.full_name.clone())}</bdi></div>
                <div class="cf-meta"><bdi>{facts}</bdi></div>
                <StatusLine icon>{move || status().flatten()}</StatusLine>
                <Progress label=i18n.t(text::IN_PROGRESS) percent />
                {advice}
                <Show when=move || can.with(|can| can.decide)>
                    <WhatArrived id=id_here.get_value() removing />
                </Show>
                <Show when=move || removing_copy.get()>
                    <FollowRemoval id=id_here.get_value() />
                </Show>
                <Failure text=Signal::derive(failure) />
            </div>
        </Row>
    }
}
