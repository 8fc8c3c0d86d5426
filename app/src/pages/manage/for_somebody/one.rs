//! One person, found by name: their courses on every Moodle, where the chosen ones go, and how they should be there.

use super::plan::Plan;
use crate::i18n::{text, use_i18n};
use crate::logic::selection::Key;
use crate::logic::targets::{Offer, first, write};
use crate::pages::manage::people::{PersonFinder, line};
use crate::pages::manage::state::ManageState;
use crate::pages::manage::ticked::Ticked;
use crate::state::session::Session;
use crate::ui::button::Button;
use crate::ui::course_fields::{StartField, VisibleField};
use crate::ui::target_picker::TargetPicker;
use courseferry_api::{
    Course, FoundPerson, ListCoursesOf, ListRow, Options, RefreshQuery, RemoteId, Target, UserId, WishFor,
};
use leptos::prelude::*;

/// The person, their courses, and where to.
#[component]
pub fn One() -> impl IntoView {
    let (i18n, session): (_, Session) = (use_i18n(), expect_context());
    let state: ManageState = expect_context();
    let plan: Plan = expect_context();
    let person = RwSignal::new(None::<FoundPerson>);
    let ticked = Ticked::<Key>(RwSignal::default());
    provide_context(ticked);
    let target = RwSignal::new(session.with_home(|home| first(home, None)).flatten());
    let options = RwSignal::new(Options::default());
    let wish = move |change: &dyn Fn(&mut Options)| {
        plan.clear();
        options.update(|options| change(options));
    };
    let choose = move |found: FoundPerson| {
        ticked.0.set(Vec::new());
        plan.clear();
        person.set(Some(found));
    };
    let remotes = Memo::new(move |_| {
        let peers = state.known().map(|overview| overview.peers).unwrap_or_default();
        peers.into_iter().filter_map(|peer| Some((peer.remote?, peer.name))).collect::<Vec<_>>()
    });
    let lists = move || {
        let found = person.get()?;
        let list = |(remote, name)| view! { <Courses person=found.id remote name /> };
        Some(remotes.get().into_iter().map(list).collect_view())
    };
    let offer = session.with_home(|home| Offer::new(&i18n.untracked(), home)).unwrap_or_default();
    let offer = StoredValue::new(offer);
    let number = Memo::new(move |_| ticked.0.with(Vec::len));
    let look = move || {
        let Some(found) = person.get_untracked() else { return };
        let category = write(target.get_untracked().unwrap_or(Target::Original));
        let row = |(remote, course): Key| ListRow {
            line: 0,
            wish: WishFor {
                person: found.name.clone(),
                user: Some(found.id),
                remote: remote.to_string(),
                course: course.to_string(),
                category: category.clone(),
                options: options.get_untracked(),
            },
            problem: None,
        };
        plan.look_at(ticked.0.get_untracked().into_iter().map(row).collect());
    };
    view! {
        <PersonFinder
            label=i18n.t(text::FOR_PERSON)
            chosen=Signal::derive(move || person.with(|person| person.as_ref().map(line).unwrap_or_default()))
            on_choose=choose
        />
        {lists}
        <Show when=move || number.get() != 0>
            <div class="cf-ask">
                <TargetPicker
                    label=i18n.t(text::TARGET)
                    offer=offer.get_value()
                    value=target
                    on_choose=move |chosen| {
                        plan.clear();
                        target.set(Some(chosen));
                    }
                />
            </div>
            <div class="cf-wishes">
                <StartField
                    about=i18n.t(text::ALL_CHOSEN)
                    there=None
                    value=Signal::derive(move || options.with(|options| options.starts))
                    refused=None
                    on_change=move |starts| wish(&|options| options.starts = starts)
                />
                <VisibleField
                    about=i18n.t(text::ALL_CHOSEN)
                    value=Signal::derive(move || options.with(|options| options.visible))
                    on_change=move |visible| wish(&|options| options.visible = visible)
                />
            </div>
            <div class="cf-actions">
                <Button label=Signal::derive(move || i18n.count(text::FOR_LOOK, number.get())) on_press=look />
            </div>
        </Show>
    }
}

/// The person's courses on one Moodle.
#[component]
fn Courses(person: UserId, remote: RemoteId, name: String) -> impl IntoView {
    let i18n = use_i18n();
    let ManageState { api, .. } = expect_context();
    let asked = remote.clone();
    let list = LocalResource::new(move || {
        let of = ListCoursesOf { person, remote: asked.clone() };
        async move { api.get(of, &RefreshQuery::default()).await }
    });
    let remote = StoredValue::new(remote);
    let heading = name.clone();
    let shown = move || {
        list.get().map(|answer| match answer {
            Err(error) => view! { <p class="text-danger" role="alert">{error.sentence(i18n)}</p> }.into_any(),
            Ok(list) => {
                let of = [("remote", name.as_str())];
                let said = match list.problem {
                    // Courses that are known from earlier stand below it.
                    Some(problem) => Some(problem.message),
                    None if list.no_account => Some(i18n.fill(text::FOR_NO_ACCOUNT, &of)),
                    None if list.courses.is_empty() => Some(i18n.fill(text::FOR_NO_COURSE, &of)),
                    None => None,
                };
                let said = said.map(|said| view! { <p class="cf-meta">{said}</p> });
                let rows = list.courses.into_iter().map(|course| view! { <CourseRow remote course /> });
                let rows = rows.collect::<Vec<_>>();
                let rows = (!rows.is_empty()).then(|| view! { <ul class="cf-list">{rows}</ul> });
                view! { {said} {rows} }.into_any()
            }
        })
    };
    view! {
        <h3 class="cf-subheading">{heading}</h3>
        {move || shown().unwrap_or_else(|| view! { <p class="cf-meta cf-late">{i18n.t(text::LOADING)}</p> }.into_any())}
    }
}

/// One course; what is taken has no tick box and says why.
#[component]
fn CourseRow(remote: StoredValue<RemoteId>, course: Course) -> impl IntoView {
    let i18n = use_i18n();
    let plan: Plan = expect_context();
    let ticked: Ticked<Key> = expect_context();
    let key = (remote.get_value(), course.id);
    let facts = i18n.untracked().course_facts(&course);
    let taken = (!course.choosable).then(|| {
        let said = course.restores.first().map(|restore| i18n.untracked().course_status(restore));
        view! { <div class="cf-meta">{said}</div> }
    });
    let name = course.full_name.clone();
    let tick = course.choosable.then(|| {
        let is_ticked = {
            let key = key.clone();
            move || ticked.is(&key)
        };
        let change = move |event| {
            plan.clear();
            ticked.set(&key, event_target_checked(&event));
        };
        view! {
            <label class="cf-tick">
                <input type="checkbox" aria-label=name prop:checked=is_ticked on:change=change />
            </label>
        }
    });
    view! {
        <li class="cf-row cf-course">
            {tick} <div class="cf-body">
                <div class="cf-name"><bdi>{course.full_name}</bdi></div>
                <div class="cf-meta"><bdi>{facts}</bdi></div>
                {taken}
            </div>
        </li>
    }
}
