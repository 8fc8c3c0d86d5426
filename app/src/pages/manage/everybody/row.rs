//! One restore of somebody, as an administrator sees it: its tick box, how it is, and what can be done.

use crate::i18n::{text, use_i18n};
use crate::logic::phrases::Icon;
use crate::logic::restores::destination;
use crate::logic::targets::number_in;
use crate::pages::manage::state::ManageState;
use crate::pages::manage::ticked::Ticked;
use crate::state::announcer::Announcer;
use crate::state::restores::RestoreList;
use crate::state::session::Session;
use crate::ui::button::{self, Button, LinkButton};
use crate::ui::copy::CopyButton;
use crate::ui::details::Facts;
use crate::ui::notice::Failure;
use crate::ui::rich::WithCode;
use crate::ui::row::{self, Verb as VerbButton};
use crate::ui::status::Status as StatusLine;
use courseferry_api::{Act, CategoryId, CourseId, JobId, ManagedRestore, Restore, Status, Verb};
use leptos::prelude::*;

/// Which number is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asks {
    Category,
    Course,
}

/// The row.
#[expect(clippy::too_many_lines, reason = "one view, read from top to bottom")]
#[component]
pub fn Row(managed: ManagedRestore, now: Memo<Option<Restore>>) -> impl IntoView {
    let i18n = use_i18n();
    let state: ManageState = expect_context();
    let announcer: Announcer = expect_context();
    let (session, list): (Session, RestoreList) = (expect_context(), expect_context());
    let ManagedRestore { user, user_name, restore } = managed;
    let name = StoredValue::new(restore.full_name.clone());
    let restore = RwSignal::new(restore);
    Effect::new(move |_| {
        if let Some(now) = now.get() {
            restore.set(now);
        }
    });
    let asks = RwSignal::new(None::<Asks>);
    let typed = RwSignal::new(String::new());
    let act = Action::new_local(move |verb: &Verb| {
        let (id, verb) = (restore.with_untracked(|r| r.id.clone()), *verb);
        async move {
            let now = state.api.post(Act { restore: id }, &verb).await.map_err(|error| error.sentence(i18n))?;
            asks.set(None);
            restore.set(now);
            announcer.say(i18n.t(text::MANAGE_DONE));
            Ok::<_, String>(())
        }
    });
    let busy = act.pending();
    let wrong_number = RwSignal::new(None::<String>);
    let failure = move || {
        let refused = if busy.get() { None } else { act.value().get().and_then(Result::err) };
        wrong_number.get().or(refused)
    };
    let status = move || {
        let (locale, paused) = (i18n.locale(), list.paused.get());
        restore.with(|r| session.with_home(|home| locale.status(r, &home.window, paused)))
    };
    let by = i18n.fill(text::MANAGE_BY, &[("name", &format!("{user_name} ({user})"))]);
    let only = {
        let name = user_name.clone();
        move || state.filter.update(|filter| filter.only_person(user, &name))
    };
    let facts = move || {
        restore.with(|r| {
            let to = destination(&i18n.untracked(), r);
            let asked_by = r.asked_by.as_ref().map(|name| i18n.fill(text::ASKED_BY, &[("name", name)]));
            let parts = [Some(r.short_name.clone()), Some(r.remote_name.clone()), to, Some(by.clone()), asked_by];
            parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
        })
    };
    let possible = Memo::new(move |_| restore.with(|r| (r.status, r.can_cancel, r.link.clone())));
    let verbs = move || {
        let (now, can_cancel, link) = possible.get();
        let ended = now.ended();
        let is_done = now == Status::Restored;
        let press = move |label, verb: Verb| {
            view! { <VerbButton verb=label of=name.get_value() busy on_press=move || { act.dispatch(verb); } /> }
        };
        let ask = move |label, what: Asks| {
            let press = move || {
                wrong_number.set(None);
                asks.update(|asks| *asks = if *asks == Some(what) { None } else { Some(what) });
            };
            let expanded = Signal::derive(move || asks.get() == Some(what));
            let look = button::Look::Link;
            view! { <VerbButton verb=label of=name.get_value() look busy expanded on_press=press /> }
        };
        let href = link.filter(|_| is_done);
        let open = href.map(|href| {
            let name = i18n.named(text::OPEN_COURSE, &name.get_value());
            view! { <LinkButton label=i18n.t(text::OPEN_COURSE) name href /> }
        });
        let may_move = matches!(now, Status::Scheduled | Status::Failed);
        view! {
            {open}
            {(ended && !is_done).then(|| press(text::TRY_AGAIN, Verb::Retry))}
            {can_cancel.then(|| press(text::CANCEL, Verb::Cancel))}
            {may_move.then(|| ask(text::MOVE_IT, Asks::Category))}
            {(!is_done && now != Status::InProgress).then(|| ask(text::MANAGE_LINK, Asks::Course))}
        }
    };
    let form = move || {
        let what = asks.get()?;
        let (label, verb) = match what {
            Asks::Category => (text::MANAGE_MOVE_TEXT, text::MOVE_DO),
            Asks::Course => (text::MANAGE_LINK_TEXT, text::MANAGE_LINK_DO),
        };
        let press = move || {
            let Some(number) = typed.with_untracked(|typed| number_in(typed)) else {
                wrong_number.set(Some(i18n.t(text::MANAGE_NOT_A_NUMBER)));
                return;
            };
            wrong_number.set(None);
            act.dispatch(match what {
                Asks::Category => Verb::Move(CategoryId(number)),
                Asks::Course => Verb::Link(CourseId(number)),
            });
        };
        Some(view! {
            <div class="cf-ask">
                <label>
                    {i18n.t(label)}
                    <input type="text" class="form-control" bind:value=typed />
                </label>
                <Button label=i18n.t(verb) busy on_press=press />
            </div>
        })
    };
    let advice = move || {
        let problem = restore.with(|r| r.problem.clone()).filter(|problem| !problem.advice.is_empty())?;
        Some(view! { <div class="cf-meta"><WithCode text=problem.advice /></div> })
    };
    let facts_known = move || {
        let locale = i18n.locale();
        restore.with(|r| locale.facts(r))
    };
    let report = move || {
        let (locale, status) = (i18n.untracked(), untrack(status).unwrap_or_default());
        restore.with_untracked(|r| locale.report(r, &status))
    };
    let ticked: Ticked<JobId> = expect_context();
    let id = restore.with_untracked(|r| r.id.clone());
    let is_ticked = {
        let id = id.clone();
        move || ticked.is(&id)
    };
    let tick = move |event| ticked.set(&id, event_target_checked(&event));
    let box_name = i18n.fill(text::MANAGE_TICK, &[("course", &name.get_value()), ("name", &user_name)]);
    let details = move || {
        view! {
            <Facts facts=Signal::derive(facts_known) />
            <div class="cf-actions">
                <CopyButton text=report />
                <Button look=button::Look::Link label=i18n.t(text::MANAGE_ONLY_PERSON) on_press=only.clone() />
            </div>
        }
    };
    view! {
        <row::Row of=name.get_value() class="cf-row cf-restore cf-managed" actions=verbs below=move || form details>
            <label class="cf-tick">
                <input type="checkbox" aria-label=box_name prop:checked=is_ticked on:change=tick />
            </label>
            <div class="cf-body">
                <div class="cf-name"><bdi>{name.get_value()}</bdi></div>
                <div class="cf-meta"><bdi>{facts}</bdi></div>
                <StatusLine icon=Signal::derive(move || restore.with(|r| Icon::of(r).class()))>{status}</StatusLine>
                {advice}
                <Failure text=Signal::derive(failure) />
            </div>
        </row::Row>
    }
}
