//! Everybody's restores: filters, pages, what can be done with one and with many, and the same as a file. There is no
//! way to write a status: only what is done changes it.

mod filters;
mod many;
mod row;

use super::csv_file::CsvFile;
use super::section::Section;
use super::state::ManageState;
use super::ticked::Ticked;
use crate::i18n::{text, use_i18n};
use crate::state::announcer::Announcer;
use crate::ui::button::{Button, Look};
use crate::ui::notice::{Notice, Tone};
use courseferry_api::{GetRestoresFile, JobId, ListAllRestores, ManagedRestore, RestorePage, RestoreQuery};
use filters::Filters;
use leptos::prelude::*;
use leptos_use_watch_debounce_throttle::{WatchDebouncedOptions, watch_debounced_with_options};
use many::Many;
use row::Row;

/// It is searched once the typing has paused for so many milliseconds.
const SEARCH_AFTER: f64 = 350.0;

/// The list.
#[expect(clippy::too_many_lines, reason = "one view, read from top to bottom")]
#[component]
pub fn Everybody() -> impl IntoView {
    let i18n = use_i18n();
    let state: ManageState = expect_context();
    let announcer: Announcer = expect_context();
    let ticked = Ticked::<JobId>(RwSignal::default());
    provide_context(ticked);
    // Where each page up to the present one begins; the first one needs no place.
    let places = RwSignal::new(vec![String::new()]);
    Effect::watch(move || state.filter.get(), move |_, _, _| places.set(vec![String::new()]), false);
    let query = move || {
        let after = places.with(|all| all.last().cloned().unwrap_or_default());
        state.filter.with(|filter| filter.query(&i18n.untracked(), after))
    };
    // The page's number comes with its restores, so that it is never shown beside those of another page.
    let search = Action::new_local(move |(page, query): &(usize, RestoreQuery)| {
        let (page, query) = (*page, query.clone());
        async move { state.api.get(ListAllRestores, &query).await.map(|answer| (page, answer)) }
    });
    let _ = watch_debounced_with_options(
        move || {
            // Each action that answers with the overview may have changed what is listed.
            state.overview.track();
            (places.with(Vec::len), query())
        },
        move |query, _, _: Option<()>| {
            search.dispatch(query.clone());
        },
        SEARCH_AFTER,
        WatchDebouncedOptions::default().immediate(true),
    );
    let answer = Memo::new(move |earlier| search.value().get().and_then(Result::ok).or(earlier.cloned().flatten()));
    let restores = move || {
        answer.with(|a: &Option<(usize, RestorePage)>| a.as_ref().map(|(_, a)| a.restores.clone())).unwrap_or_default()
    };
    let restores = Signal::derive(restores);
    // What is not shown any more is not ticked any more: nobody sees what would be done to it.
    Effect::new(move || {
        let shown = restores.get();
        ticked.0.update(|ticked| ticked.retain(|id| shown.iter().any(|one| one.restore.id == *id)));
    });
    let failed = move || {
        let error = search.value().get().and_then(Result::err)?;
        Some(view! { <Notice tone=Tone::Danger><p role="alert">{error.sentence(i18n)}</p></Notice> })
    };
    let found = move || {
        answer.with(|answer| {
            let (_, answer) = answer.as_ref()?;
            let number = if answer.at_least { text::MANAGE_FOUND_AT_LEAST } else { text::MANAGE_FOUND };
            Some(i18n.count(number, answer.total as usize))
        })
    };
    let facts = move || {
        let as_of = answer.with(|answer| answer.as_ref().map(|(_, answer)| answer.as_of))?;
        let locale = i18n.locale();
        let from = locale.fill(text::LIST_FROM, &[("time", &locale.short_moment(as_of))]);
        Some(format!("{} · {from} ", found()?))
    };
    // The number is said when it changes, and after a press of Refresh also when it is the same. A search that follows
    // what was done to a restore mostly finds the same number; to say it would only drown what was said of that.
    let is_asked = StoredValue::new(false);
    Effect::new(move |earlier: Option<Option<String>>| {
        // Follows each answer, also one that changes nothing. A failure is said by itself.
        let has_failed = search.value().with(|answer| matches!(answer, Some(Err(_))));
        let found = found();
        let was_asked = is_asked.try_update_value(std::mem::take).unwrap_or_default();
        if let (Some(earlier), Some(found)) = (earlier.flatten(), &found)
            && (earlier != *found || was_asked && !has_failed)
        {
            announcer.say(found.clone());
        }
        found
    });
    let refresh = move || {
        is_asked.set_value(true);
        state.overview.refetch();
    };
    let pages = move || {
        let (page, next) = answer.with(|a| a.as_ref().map(|(page, a)| (*page, a.next.clone()))).unwrap_or((1, None));
        let back = (page > 1).then(|| {
            let press = move || places.update(|places| places.truncate(page - 1));
            view! { <Button label=i18n.t(text::MANAGE_EARLIER) on_press=press /> }
        });
        let is_last = next.is_none();
        let on = next.map(|next| {
            // Pressed twice, it is still the next page.
            let press = move || {
                places.update(|places| {
                    places.truncate(page);
                    places.push(next.clone());
                });
            };
            view! { <Button label=i18n.t(text::MANAGE_LATER) on_press=press /> }
        });
        (page > 1 || !is_last).then(|| {
            let label = i18n.fill(text::MANAGE_PAGE, &[("page", &i18n.number(page))]);
            view! { <div class="cf-actions">{back} <span class="cf-meta">{label}</span> {on}</div> }
        })
    };
    view! {
        <Section heading=i18n.t(text::MANAGE_ALL_RESTORES)>
            <Filters />
            {failed}
            <p class="cf-meta">
                {facts}
                <Button look=Look::Link label=i18n.t(text::REFRESH) busy=search.pending() on_press=refresh />
            </p>
            <Many shown=restores />
            <ul class="cf-list">
                // A row gets its changes through `now` and is not drawn anew: what somebody types in it stays.
                <For
                    each=move || restores.get()
                    key=|one: &ManagedRestore| one.restore.id.clone()
                    children=move |managed| {
                        let id = managed.restore.id.clone();
                        let now = Memo::new(move |_| {
                            restores.get().into_iter().map(|one| one.restore).find(|restore| restore.id == id)
                        });
                        view! { <Row managed now /> }
                    }
                />
            </ul>
            {pages}
            <CsvFile
                label=i18n.t(text::MANAGE_RESTORES_CSV)
                name="courseferry-restores.csv"
                endpoint=GetRestoresFile
                query=move || untrack(query)
            />
        </Section>
    }
}
