//! Find: one search over all remotes, each with its own list that loads and fails by itself.

mod course_row;
mod group;
mod search;
mod searched;

use crate::i18n::{text, use_i18n};
use crate::layout::use_layout;
use crate::logic::courses::ROWS_A_FRAME;
use crate::logic::search::{Query, fold};
use crate::logic::selection::Selection;
use crate::pages::confirm::ConfirmBar;
use crate::state::listings::Listings;
use crate::state::restores::RestoreList;
use crate::state::session::Session;
use crate::ui::copy::CopyButton;
use crate::ui::heading::Heading;
use crate::ui::id::use_id;
use crate::ui::notice::{Notice, Tone};
use courseferry_api::Remote;
use group::Group;
use leptos::prelude::*;
use search::Search;
use searched::Searched;

/// The search, the lists, and the confirm bar.
#[component]
pub fn Find() -> impl IntoView {
    let (i18n, layout) = (use_i18n(), use_layout());
    let (session, restores): (Session, RestoreList) = (expect_context(), expect_context());
    let listings: Listings = expect_context();
    let selection: RwSignal<Selection> = expect_context();
    let (typed, hide_restored, only_chosen) = (RwSignal::default(), RwSignal::new(false), RwSignal::new(false));
    let query = Memo::new(move |_| Query::new(&typed.with(|typed: &String| fold(typed))));
    let remotes = Memo::new(move |_| session.with_home(|home| home.remotes.clone()).unwrap_or_default());
    let found = Memo::new(move |_| {
        let (query, hide, only) = (query.get(), hide_restored.get(), only_chosen.get());
        let of = |remote: &Remote| {
            let courses = listings.of(&remote.id).courses.get();
            let found = |own: &Vec<_>| courses.map(|courses| courses.found(&query, hide, own)).unwrap_or_default();
            let mut entries = restores.all.with(found);
            if only {
                selection.with(|s| entries.retain(|e| s.get(&(remote.id.clone(), e.course.id)).is_some()));
            }
            (remote.id.clone(), entries)
        };
        remotes.with(|remotes| remotes.iter().map(of).collect())
    });
    let rows_a_frame = Memo::new(move |_| (ROWS_A_FRAME / remotes.with(Vec::len).max(1)).max(1));
    provide_context(Searched { typed, hide_restored, only_chosen, found, rows_a_frame });

    let may_restore = Memo::new(move |_| session.with_home(|home| home.may.bring()).unwrap_or_default());
    let has_remote = Memo::new(move |_| remotes.with(|remotes| !remotes.is_empty()));
    let is_unknown_everywhere = Memo::new(move |_| {
        let is_unknown = |remote: &Remote| {
            listings.of(&remote.id).courses.with(|courses| courses.as_ref().is_some_and(|courses| courses.no_account))
        };
        remotes.with(|remotes| !remotes.is_empty() && remotes.iter().all(is_unknown))
    });
    // A remote that tells its name for the first time is drawn anew.
    let key = |remote: &Remote| (remote.id.clone(), remote.name.clone());
    let (title, id) = (if layout.is_page() { text::FIND } else { text::FIND_COURSES }, use_id("find"));
    let heading_id = id.clone();
    view! {
        <section class="cf-find" aria-labelledby=id tabindex="-1" data-cf-fallback="">
            <Heading level=layout.heading_level() class=layout.heading_class() id=heading_id text=i18n.t(title) />
            <p class="cf-meta">{i18n.t(text::INTRO)}</p>
            <Show when=move || !may_restore.get()>
                <NoRight />
            </Show>
            <Show when=move || has_remote.get() fallback=NoRemote>
                <Show when=move || !is_unknown_everywhere.get() fallback=NoAccountAnywhere>
                    <Search />
                    <For each=move || remotes.get() key=key children=move |remote| view! { <Group remote /> } />
                </Show>
            </Show>
            <ConfirmBar />
        </section>
    }
}

/// The current user may restore into no category.
#[component]
fn NoRight() -> impl IntoView {
    let (i18n, session): (_, Session) = (use_i18n(), expect_context());
    let details = move || {
        let who = |home: &courseferry_api::Home| format!("{} ({}, {})", home.me.name, home.me.username, home.me.id);
        let who = untrack(|| session.with_home(who)).unwrap_or_default();
        format!("{}\n{who}\n{}", i18n.t(text::NO_RIGHT), session.wwwroot())
    };
    view! {
        <Notice tone=Tone::Warning>
            <p>{i18n.t(text::NO_RIGHT)}</p>
            <div class="cf-actions"><CopyButton text=details /></div>
        </Notice>
    }
}

/// No remote is configured.
#[component]
fn NoRemote() -> impl IntoView {
    let (i18n, session): (_, Session) = (use_i18n(), expect_context());
    let set_up = move || {
        let manages = session.with_home(|home| home.may.manage).unwrap_or_default();
        let href = format!("{}#manage", session.page());
        manages.then(|| view! { " " <a href=href>{i18n.t(text::SET_UP)}</a> })
    };
    view! { <p class="cf-empty">{i18n.t(text::NO_REMOTE)} {set_up}</p> }
}

/// No remote knows the current user's user name.
#[component]
fn NoAccountAnywhere() -> impl IntoView {
    let (i18n, session): (_, Session) = (use_i18n(), expect_context());
    let user = move || session.with_home(|home| home.me.username.clone()).unwrap_or_default();
    view! { <p class="cf-empty">{move || i18n.fill(text::NO_ACCOUNT_ANYWHERE, &[("user", &user())])}</p> }
}
