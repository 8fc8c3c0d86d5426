//! What the list of everybody's restores is filtered by and ordered in.

use crate::i18n::{Text, text, use_i18n};
use crate::pages::manage::filter::Filter;
use crate::pages::manage::people::PersonFinder;
use crate::pages::manage::state::ManageState;
use crate::ui::button::{Button, Look};
use crate::ui::id::use_id;
use crate::ui::select::Select;
use courseferry_api::{FoundPerson, Sort, Status};
use leptos::prelude::*;

const STATUSES: [(Option<Status>, Text); 6] = [
    (None, text::MANAGE_ANY_STATUS),
    (Some(Status::Scheduled), text::SCHEDULED),
    (Some(Status::InProgress), text::IN_PROGRESS),
    (Some(Status::Restored), text::RESTORED),
    (Some(Status::Failed), text::FAILED),
    (Some(Status::Cancelled), text::CANCELLED),
];
const SORTS: [(Sort, Text); 3] =
    [(Sort::Newest, text::MANAGE_NEWEST), (Sort::Oldest, text::MANAGE_OLDEST), (Sort::Ended, text::MANAGE_ENDED)];

/// The fields. Those that are rarely wanted are closed until asked for.
#[component]
pub fn Filters() -> impl IntoView {
    let i18n = use_i18n();
    let state: ManageState = expect_context();
    let filter = state.filter;
    let field = move |name: &str,
                      label: Text,
                      kind: &'static str,
                      get: fn(&Filter) -> &String,
                      set: fn(&mut Filter, String)| {
        let id = use_id(&format!("manage-{name}"));
        view! {
            <div class="cf-field">
                <label for=id.clone()>{i18n.t(label)}</label>
                <input
                    id=id
                    type=kind
                    class="form-control"
                    autocomplete="off"
                    prop:value=move || filter.with(|filter| get(filter).clone())
                    on:input=move |event| {
                        let value = event_target_value(&event);
                        filter.update(|filter| set(filter, value));
                    }
                />
            </div>
        }
    };
    let statuses = STATUSES.map(|(status, label)| (status, i18n.t(label)));
    let sorts = SORTS.map(|(sort, label)| (sort, i18n.t(label)));
    let moodles = Memo::new(move |_| {
        let peers = state.known().map(|overview| overview.peers).unwrap_or_default();
        let named = peers.into_iter().filter_map(|peer| Some((Some(peer.remote?), peer.name)));
        [(None, i18n.t(text::MANAGE_ANY_MOODLE))].into_iter().chain(named).collect::<Vec<_>>()
    });
    let only = move || {
        let only = filter.with(|filter| {
            let cause = filter.cause.as_ref().map(|(_, sentence)| sentence.clone());
            cause.or_else(|| filter.person.as_ref().map(|(_, name)| i18n.fill(text::MANAGE_BY, &[("name", name)])))
        })?;
        let clear = move || filter.update(|filter| (filter.cause, filter.person) = (None, None));
        Some(view! {
            <div class="cf-actions">
                <span>{i18n.fill(text::MANAGE_ONLY, &[("what", &only)])}</span>
                <Button look=Look::Link label=i18n.t(text::MANAGE_SHOW_ALL) on_press=clear />
            </div>
        })
    };
    view! {
        <div class="cf-tools cf-filters">
            <div class="cf-search">
                {field("search", text::MANAGE_SEARCH, "search", |f| &f.search, |f, value| f.search = value)}
            </div>
            <Select
                label=i18n.t(text::MANAGE_STATUS)
                options=statuses.to_vec()
                chosen=Signal::derive(move || filter.with(|filter| filter.status))
                on_choose=move |status| filter.update(|filter| filter.status = status)
            />
            <Select
                label=i18n.t(text::MANAGE_MOODLE)
                options=moodles
                chosen=Signal::derive(move || filter.with(|filter| filter.remote.clone()))
                on_choose=move |remote| filter.update(|filter| filter.remote = remote)
            />
            <Select
                label=i18n.t(text::MANAGE_SORT)
                options=sorts.to_vec()
                chosen=Signal::derive(move || filter.with(|filter| filter.sort))
                on_choose=move |sort| filter.update(|filter| filter.sort = sort)
            />
        </div>
        <details class="cf-details">
            <summary>{i18n.t(text::MANAGE_MORE_FILTERS)}</summary>
            <div class="cf-tools cf-filters">
                <PersonFinder
                    label=i18n.t(text::MANAGE_OWNER)
                    chosen=Signal::derive(move || {
                        filter.with(|f| f.person.as_ref().map(|(_, name)| name.clone()).unwrap_or_default())
                    })
                    on_choose=move |found: FoundPerson| filter.update(|f| f.person = Some((found.id, found.name)))
                />
                {field("category", text::MANAGE_FILTER_CATEGORY, "text", |f| &f.category, |f, value| f.category = value)}
                {field("from", text::MANAGE_FROM, "date", |f| &f.from, |f, value| f.from = value)}
                {field("to", text::MANAGE_TO, "date", |f| &f.to, |f, value| f.to = value)}
            </div>
        </details>
        {only}
    }
}
