//! Everybody's restores: search, pages, and what can be done. There is no way to write a status: only what is done
//! changes it.

use super::{ManageState, Section};
use crate::i18n::{text, use_i18n};
use crate::logic::phrases::Look;
use crate::logic::restores::destination;
use crate::logic::targets::number_in;
use crate::state::announcer::Announcer;
use crate::state::restores::RestoreList;
use crate::state::session::Session;
use crate::ui::button::{self, Button, LinkButton};
use crate::ui::copy::CopyButton;
use crate::ui::details::Facts;
use crate::ui::id::use_id;
use crate::ui::notice::{Failure, Notice, Tone};
use crate::ui::status::Status as StatusLine;
use courseferry_api::{
    Act, CategoryId, CourseId, ListAllRestores, ManagedRestore, Restore, RestoreQuery, Status, Verb,
};
use leptos::prelude::*;
use leptos_use_watch_debounce_throttle::{WatchDebouncedOptions, watch_debounced_with_options};

const PAGE: u32 = 50;
/// It is searched once the typing has paused for so many milliseconds.
const SEARCH_AFTER: f64 = 350.0;

/// The list.
#[expect(clippy::too_many_lines, reason = "one view, read from top to bottom")]
#[component]
pub fn Everybody() -> impl IntoView {
    let i18n = use_i18n();
    let state: ManageState = expect_context();
    let (typed, status, number) = (RwSignal::new(String::new()), RwSignal::new(None::<Status>), RwSignal::new(0_u32));
    let search = Action::new_local(move |query: &RestoreQuery| {
        let query = query.clone();
        async move { state.api.get(ListAllRestores, &query).await }
    });
    let _ = watch_debounced_with_options(
        move || {
            // Anew after each thing done to all.
            state.overview.track();
            RestoreQuery {
                search: typed.with(|typed: &String| typed.trim().to_owned()),
                status: status.get(),
                page: number.get(),
                ..RestoreQuery::default()
            }
        },
        move |query, _, _: Option<()>| {
            search.dispatch(query.clone());
        },
        SEARCH_AFTER,
        WatchDebouncedOptions::default().immediate(true),
    );
    let answer = Memo::new(move |earlier| search.value().get().and_then(Result::ok).or(earlier.cloned().flatten()));
    let total = move || answer.with(|a: &Option<courseferry_api::RestorePage>| a.as_ref().map_or(0, |a| a.total));
    let restores = move || answer.with(|a| a.as_ref().map(|a| a.restores.clone())).unwrap_or_default();
    let failed = move || {
        let error = search.value().get().and_then(Result::err)?;
        Some(view! { <Notice tone=Tone::Danger><p role="alert">{error.sentence(i18n)}</p></Notice> })
    };
    let statuses = [
        (None, text::MANAGE_ANY_STATUS),
        (Some(Status::Scheduled), text::SCHEDULED),
        (Some(Status::InProgress), text::IN_PROGRESS),
        (Some(Status::Restored), text::RESTORED),
        (Some(Status::Failed), text::FAILED),
        (Some(Status::Cancelled), text::CANCELLED),
    ];
    let options = statuses.map(|(status, label)| {
        view! { <option value=status.map_or("", Status::as_str)>{i18n.t(label)}</option> }
    });
    let choose_status = move |event| {
        let chosen = event_target_value(&event);
        number.set(0);
        status.set(statuses.iter().find_map(|(status, _)| status.filter(|status| status.as_str() == chosen)));
    };
    let pages = move || {
        let (now, pages) = (number.get(), total().div_ceil(PAGE));
        let go = move |label, to| view! { <Button label=i18n.t(label) on_press=move || number.set(to) /> };
        let label = i18n.fill(
            text::MANAGE_PAGE_OF,
            &[("page", &i18n.number(now as usize + 1)), ("pages", &i18n.number(pages as usize))],
        );
        (pages > 1).then(|| {
            view! {
                <div class="cf-actions">
                    {(now > 0).then(|| go(text::MANAGE_EARLIER, now - 1))} <span class="cf-meta">{label}</span>
                    {(now + 1 < pages).then(|| go(text::MANAGE_LATER, now + 1))}
                </div>
            }
        })
    };
    let found = move || {
        let answered = answer.with(Option::is_some);
        answered.then(|| i18n.count(text::MANAGE_FOUND, total() as usize))
    };
    let (search_id, status_id) = (use_id("manage-search"), use_id("manage-status"));
    let type_in = move |event| {
        number.set(0);
        typed.set(event_target_value(&event));
    };
    view! {
        <Section heading=i18n.t(text::MANAGE_ALL_RESTORES)>
            <div class="cf-tools">
                <div class="cf-search">
                    <label for=search_id.clone()>{i18n.t(text::MANAGE_SEARCH)}</label>
                    <input
                        id=search_id.clone()
                        type="search"
                        class="form-control"
                        autocomplete="off"
                        prop:value=typed
                        on:input=type_in
                    />
                </div>
                <div>
                    <label for=status_id.clone()>{i18n.t(text::MANAGE_STATUS)}</label>
                    <select id=status_id.clone() class="form-control form-select cf-select" on:change=choose_status>
                        {options.collect_view()}
                    </select>
                </div>
            </div>
            {failed}
            <p class="cf-meta" role="status">{found}</p>
            <ul class="cf-list">
                // A row that has changed is told so and not drawn anew: what somebody types in it stays.
                <For
                    each=restores
                    key=|one: &ManagedRestore| one.restore.id.clone()
                    children=move |managed| {
                        let id = managed.restore.id.clone();
                        let now = Memo::new(move |_| {
                            restores().into_iter().map(|one| one.restore).find(|restore| restore.id == id)
                        });
                        view! { <Row managed now /> }
                    }
                />
            </ul>
            {pages}
        </Section>
    }
}

/// Which number is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asks {
    Category,
    Course,
}

/// One restore of somebody.
#[component]
fn Row(managed: ManagedRestore, now: Memo<Option<Restore>>) -> impl IntoView {
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
    let (asks, open) = (RwSignal::new(None::<Asks>), RwSignal::new(false));
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
    let named = move |verb| name.with_value(|name| i18n.named(verb, name));
    let status = move || {
        let (locale, paused) = (i18n.locale(), list.paused.get());
        restore.with(|r| session.with_home(|home| locale.status(r, &home.window, paused)))
    };
    let by = i18n.fill(text::MANAGE_BY, &[("name", &format!("{user_name} ({user})"))]);
    let facts = move || {
        restore.with(|r| {
            let to = destination(&i18n.untracked(), r);
            let parts = [Some(r.short_name.clone()), Some(r.remote_name.clone()), to, Some(by.clone())];
            parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
        })
    };
    let possible = Memo::new(move |_| restore.with(|r| (r.status, r.can_cancel, r.link.clone())));
    let verbs = move || {
        let (now, can_cancel, link) = possible.get();
        let ended = now.ended();
        let is_done = now == Status::Restored;
        let press = move |label, verb: Verb| {
            let press = move || {
                act.dispatch(verb);
            };
            view! { <Button label=i18n.t(label) name=named(label) busy on_press=press /> }
        };
        let ask = move |label, what: Asks| {
            let press = move || {
                wrong_number.set(None);
                asks.update(|asks| *asks = if *asks == Some(what) { None } else { Some(what) });
            };
            let expanded = Signal::derive(move || asks.get() == Some(what));
            let look = button::Look::Link;
            view! { <Button look label=i18n.t(label) name=named(label) busy expanded on_press=press /> }
        };
        let href = link.filter(|_| is_done);
        let open = href.map(|href| {
            let label = text::OPEN_COURSE;
            view! { <LinkButton label=i18n.t(label) name=named(label) href /> }
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
        Some(view! { <div class="cf-meta">{problem.advice}</div> })
    };
    let details = move || {
        let locale = i18n.locale();
        restore.with(|r| locale.facts(r))
    };
    let report = move || {
        let (locale, status) = (i18n.untracked(), untrack(status).unwrap_or_default());
        restore.with_untracked(|r| locale.report(r, &status))
    };
    view! {
        <li class="cf-row cf-restore" tabindex="-1" data-cf-refuge="">
            <div class="cf-body">
                <div class="cf-name"><bdi>{name.get_value()}</bdi></div>
                <div class="cf-meta"><bdi>{facts}</bdi></div>
                <StatusLine icon=Signal::derive(move || restore.with(|r| Look::of(r).class()))>{status}</StatusLine>
                {advice}
                <Failure text=Signal::derive(failure) />
            </div>
            <div class="cf-actions">
                {verbs}
                <Button
                    look=button::Look::Link
                    label=i18n.t(text::DETAILS)
                    name=named(text::DETAILS)
                    expanded=open
                    on_press=move || open.update(|open| *open = !*open)
                />
            </div>
            {form}
            <Show when=move || open.get()>
                <div class="cf-details">
                    <Facts facts=Signal::derive(details) />
                    <div class="cf-actions"><CopyButton text=report /></div>
                </div>
            </Show>
        </li>
    }
}
