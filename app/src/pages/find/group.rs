//! One remote: its heading, its state, its courses.

use super::course_row::CourseRow;
use super::searched::Searched;
use crate::i18n::{text, use_i18n};
use crate::layout::use_layout;
use crate::logic::courses::{Entry, PAGE, RemoteCourses};
use crate::state::announcer::Announcer;
use crate::state::listings::{Listing, Listings};
use crate::state::session::Session;
use crate::ui::button::{Button, Look};
use crate::ui::heading::Heading;
use crate::ui::id::use_id;
use courseferry_api::{Home, Remote, RemoteCourseId, RemoteId};
use leptos::prelude::*;
use std::sync::Arc;

/// What stands in place of courses, or above them.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Note {
    /// The list is being asked for, for the first time.
    Asking,
    /// The remote cannot be asked; it can be tried again.
    Trouble(String),
    /// What is restored from it waits for an administrator.
    Held(String),
    /// There is nothing to show, and why.
    Nothing(String),
}

/// The remote's part of Find.
#[expect(clippy::too_many_lines, reason = "one view, read from top to bottom")]
#[component]
pub fn Group(remote: Remote) -> impl IntoView {
    let (i18n, layout) = (use_i18n(), use_layout());
    let (session, listings): (Session, Listings) = (expect_context(), expect_context());
    let (searched, announcer): (Searched, Announcer) = (expect_context(), expect_context());
    let listing = listings.of(&remote.id);
    let of_remote = StoredValue::new(remote.clone());
    let id = remote.id.clone();
    let found = Memo::new(move |_| {
        let of_this = |found: &Vec<(_, Vec<_>)>| found.iter().find(|(of, _)| *of == id).map(|(_, e)| e.clone());
        searched.found.with(of_this).unwrap_or_default()
    });
    let limit = RwSignal::new(PAGE);
    Effect::new(move || {
        // A new search begins at the first page again.
        searched.typed.track();
        limit.set(PAGE);
    });
    let in_this_frame = rows_by_frames(searched, found, limit);
    let ids = move || found.with(|all| all.iter().take(in_this_frame()).map(|e| e.course.id).collect::<Vec<_>>());
    let rest = move || found.with(Vec::len).saturating_sub(limit.get());
    let facts = move || {
        let of = |courses: &Arc<RemoteCourses>| (courses.entries.len(), courses.left_out, courses.as_of);
        let (total, left_out, as_of) = listing.courses.with(|courses| courses.as_ref().map(of))?;
        let as_of = as_of.filter(|_| !listing.is_loading())?;
        let number = if searched.is_filtered() {
            let n = i18n.number(found.with(Vec::len));
            i18n.locale().count_with(text::MATCHES_OF, total, &[("n", &n), ("total", &i18n.number(total))])
        } else {
            i18n.count(text::MATCHES, total)
        };
        let locale = i18n.locale();
        let from = locale.fill(text::LIST_FROM, &[("time", &locale.short_moment(as_of))]);
        let left_out = (left_out > 0).then(|| i18n.count(text::LEFT_OUT, left_out));
        Some([Some(number), left_out, Some(from)].into_iter().flatten().collect::<Vec<_>>().join(" · "))
    };
    let note = Memo::new(move |_| {
        let is_empty = found.with(Vec::is_empty);
        of_remote.with_value(|remote| note(remote, listing, is_empty, searched, session))
    });
    // What came of a press is said; what the page asks for by itself is not.
    let is_asked = StoredValue::new(false);
    let refresh = move || {
        is_asked.set_value(true);
        listing.load(true);
    };
    Effect::new(move || {
        if listing.is_loading() || !is_asked.get_value() {
            return;
        }
        is_asked.set_value(false);
        announcer.say(match note.get_untracked() {
            Some(Note::Trouble(text) | Note::Held(text) | Note::Nothing(text)) => text,
            Some(Note::Asking) | None => {
                let number = listing.courses.with_untracked(|c| c.as_ref().map_or(0, |c| c.entries.len()));
                let name = of_remote.with_value(|remote| remote.name.clone());
                i18n.untracked().count_with(text::SAID_LISTED, number, &[("remote", &name)])
            }
        });
    });
    let name = remote.name.clone();
    let verb_of = move |verb| i18n.named(verb, &name);
    let try_again = verb_of(text::TRY_AGAIN);
    let drawn = move || {
        let try_again = try_again.clone();
        match note.get()? {
            Note::Asking => {
                let text = of_remote.with_value(|remote| i18n.fill(text::ASKING, &[("remote", &remote.name)]));
                Some(view! { <p class="cf-meta cf-late">{text}</p><div class="cf-skeleton"></div> }.into_any())
            }
            Note::Trouble(text) => Some(
                view! {
                    <div class="cf-trouble">
                        <span class="cf-icon cf-check"></span>
                        <span>{text}</span>
                        <Button
                            label=i18n.t(text::TRY_AGAIN)
                            name=try_again
                            on_press=refresh
                        />
                    </div>
                }
                .into_any(),
            ),
            Note::Held(text) => Some(
                view! { <div class="cf-trouble"><span class="cf-icon cf-again"></span><span>{text}</span></div> }
                    .into_any(),
            ),
            Note::Nothing(text) => Some(view! { <p class="cf-empty">{text}</p> }.into_any()),
        }
    };
    let more = Signal::derive(move || i18n.fill(text::SHOW_MORE, &[("n", &i18n.number(rest().min(PAGE)))]));
    let id = use_id(remote.id.as_str());
    let heading_id = id.clone();
    view! {
        <section
            class="cf-group"
            aria-labelledby=id
            aria-busy=move || listing.is_loading().to_string()
            tabindex="-1"
            data-cf-fallback=""
        >
            <div class="cf-group-head">
                <Heading level=layout.heading_level() + 1 class="cf-subheading" id=heading_id text=remote.name.clone() />
                <span class="cf-meta">{facts}</span>
                <Button
                    look=Look::Link
                    label=i18n.t(text::REFRESH)
                    name=i18n.fill(text::REFRESH_OF, &[("remote", &remote.name)])
                    on_press=refresh
                />
            </div>
            {drawn}
            <ul class="cf-list">
                <For
                    each=ids
                    key=|id: &RemoteCourseId| *id
                    children=move |id| view! { <CourseRow remote=of_remote id /> }
                />
            </ul>
            <Show when=move || { rest() > 0 }>
                <Button label=more on_press=move || limit.update(|limit| *limit += PAGE) />
            </Show>
        </section>
    }
}

/// How many rows are drawn by now: some more in each frame, up to `limit`. When something else is typed, it begins again.
fn rows_by_frames(
    searched: Searched,
    found: Memo<Vec<Arc<Entry>>>,
    limit: RwSignal<usize>,
) -> impl Fn() -> usize + Copy + Send + Sync {
    let drawn = RwSignal::new((String::new(), 0));
    let by_now = move || {
        let drawn = drawn.with(|(of, rows)| if searched.typed.with(|typed| typed == of) { *rows } else { 0 });
        drawn.max(searched.rows_a_frame.get()).min(limit.get())
    };
    Effect::new(move || {
        let rows = by_now();
        if rows < limit.get().min(found.with(Vec::len)) {
            let next = (searched.typed.get(), rows + searched.rows_a_frame.get());
            // The list may be gone by then.
            request_animation_frame(move || drop(drawn.try_set(next)));
        }
    });
    by_now
}

/// Why restores from a remote wait, if they do.
fn held(home: &Home, remote: &RemoteId) -> Option<String> {
    let held = home.remotes.iter().find(|known| known.id == *remote)?.held.as_ref()?;
    Some(held.problem.message.clone())
}

fn note(remote: &Remote, listing: Listing, is_empty: bool, searched: Searched, session: Session) -> Option<Note> {
    let i18n = use_i18n();
    let name = [("remote", remote.name.as_str())];
    let error = listing.error();
    let Some(courses) = listing.courses.get() else {
        return Some(match error {
            None => Note::Asking,
            // The notice above speaks of a lost connection; the list comes by itself.
            Some(error) if error.is_connection() => Note::Nothing(error.sentence(i18n)),
            Some(error) => Note::Trouble(error.sentence(i18n)),
        });
    };
    if let Some(held) = session.with_home(|home| held(home, &remote.id)).flatten().filter(|_| !courses.no_account) {
        return Some(Note::Held(held));
    }
    let refused = error.filter(|error| !error.is_connection()).map(|error| error.sentence(i18n));
    let problem = refused.or_else(|| courses.problem.as_ref().map(|problem| problem.message.clone()));
    if let Some(problem) = problem.filter(|_| !courses.no_account) {
        let locale = i18n.locale();
        return Some(Note::Trouble(match courses.as_of {
            Some(at) => locale.fill(text::STALE_LIST, &[("problem", &problem), ("time", &locale.short_moment(at))]),
            None => locale.fill(text::NO_LIST, &[("problem", &problem)]),
        }));
    }
    if courses.no_account {
        let user = session.with_home(|home| home.me.username.clone()).unwrap_or_default();
        return Some(Note::Nothing(i18n.fill(text::NO_ACCOUNT, &[name[0], ("user", &user)])));
    }
    if courses.entries.is_empty() {
        return Some(Note::Nothing(i18n.fill(text::NO_COURSES, &name)));
    }
    if !is_empty || searched.only_chosen.get() {
        return None;
    }
    let typed = searched.typed.with(|typed| typed.trim().to_owned());
    Some(Note::Nothing(if typed.is_empty() {
        i18n.t(text::ALL_HIDDEN)
    } else {
        i18n.fill(text::NO_MATCH, &[("text", &typed)])
    }))
}
