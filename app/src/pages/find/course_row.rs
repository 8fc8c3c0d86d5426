//! One course of a remote: what it is, what became of it here, and its tick box if it may be chosen.

use crate::api::use_api;
use crate::i18n::{Locale, text, use_i18n};
use crate::logic::courses::{CourseState, Entry, choosable, state_of};
use crate::logic::phrases::Icon;
use crate::logic::selection::{Picked, Selection};
use crate::pages::confirm::GoToChoice;
use crate::state::announcer::Announcer;
use crate::state::listings::Listings;
use crate::state::restores::{Act, RestoreList};
use crate::state::session::Session;
use crate::ui::button::LinkButton;
use crate::ui::details::Facts;
use crate::ui::notice::Failure;
use crate::ui::row::{Row, Verb};
use crate::ui::status::Status as StatusLine;
use courseferry_api::{Course, Enrol, Enrolment, Home, JobId, Remote, RemoteCourseId, Status};
use leptos::prelude::*;
use std::sync::Arc;

/// What the row says and offers beside the course itself.
#[derive(Clone, PartialEq, Default)]
struct Said {
    icon: Option<Icon>,
    text: String,
    offer: Offer,
}

/// What can be done with what became of the course.
#[derive(Clone, PartialEq, Default)]
enum Offer {
    #[default]
    Nothing,
    Open(String),
    Cancel(JobId),
    Enrol(JobId),
}

/// The row of a course.
#[expect(clippy::too_many_lines, reason = "one view, read from top to bottom")]
#[component]
pub fn CourseRow(remote: StoredValue<Remote>, id: RemoteCourseId) -> impl IntoView {
    let (i18n, api) = (use_i18n(), use_api());
    let (session, restores): (Session, RestoreList) = (expect_context(), expect_context());
    let (listings, announcer): (Listings, Announcer) = (expect_context(), expect_context());
    let selection: RwSignal<Selection> = expect_context();
    let Remote { id: remote_id, name: remote_name, .. } = remote.get_value();
    let listing = listings.of(&remote_id);
    let key = StoredValue::new((remote_id, id));
    let entry = Memo::new(move |_| {
        listing.courses.with(|courses| courses.as_ref()?.entries.iter().find(|e| e.course.id == id).cloned())
    });
    let with_course = move |look: &dyn Fn(&Course) -> Option<String>| {
        entry.with(|entry: &Option<Arc<Entry>>| entry.as_ref().and_then(|entry| look(&entry.course)))
    };
    let said = Memo::new(move |_| {
        let Some(entry) = entry.get() else { return Said::default() };
        let state = key.with_value(|(remote, _)| restores.all.with(|own| state_of(remote, &entry.course, own)));
        let (locale, paused) = (i18n.locale(), restores.paused.get());
        session.with_home(|home| say(&locale, home, &state, paused)).unwrap_or_default()
    });
    let offer = Memo::new(move |_| said.with(|said| said.offer.clone()));
    let may_choose = Memo::new(move |_| {
        let Some(entry) = entry.get() else { return false };
        let may = |home: &Home| {
            key.with_value(|(remote, _)| restores.all.with(|own| choosable(remote, &entry.course, own, home)))
        };
        session.with_home(may).unwrap_or_default()
    });
    let is_chosen = Memo::new(move |_| key.with_value(|key| selection.with(|s| s.get(key).is_some())));
    let name = untrack(|| with_course(&|course| Some(course.full_name.clone()))).unwrap_or_default();
    let short_name = untrack(|| with_course(&|course| Some(course.short_name.clone()))).unwrap_or_default();
    let tick_name = format!("{name}, {short_name}, {remote_name}");
    let name = StoredValue::new(name);

    let tick = move |event| {
        let on = event_target_checked(&event);
        let Some(entry) = entry.get_untracked() else { return };
        let key = key.get_value();
        selection.update(|s| if on { s.add(Picked::new(&key.0, &entry.course)) } else { s.remove(&key) });
        announcer.say(i18n.count(text::SAID_CHOSEN, selection.with_untracked(Selection::len)));
    };
    let act = Action::new_local(move |offer: &Offer| {
        let offer = offer.clone();
        async move {
            let done = match offer {
                Offer::Cancel(id) => restores.act(id, Act::Cancel).await.map(|_| ()),
                Offer::Enrol(id) => api.post(Enrol { restore: id.clone() }, &()).await.map(|answer| {
                    announcer.say(i18n.t(text::ENROLLED));
                    listing.enrolled(&id, &answer);
                }),
                Offer::Nothing | Offer::Open(_) => Ok(()),
            };
            done.map_err(|error| error.sentence(i18n))
        }
    });
    let busy = act.pending();
    let failure = move || if busy.get() { None } else { act.value().get().and_then(Result::err) };
    let action = move || {
        let press = move |verb, offer: Offer| {
            let press = move || {
                act.dispatch(offer.clone());
            };
            view! { <Verb verb of=name.get_value() busy on_press=press /> }.into_any()
        };
        match offer.get() {
            Offer::Nothing => ().into_any(),
            Offer::Open(href) => {
                let name = i18n.named(text::OPEN_COURSE, &name.get_value());
                view! { <LinkButton label=i18n.t(text::OPEN_COURSE) name href /> }.into_any()
            }
            offer @ Offer::Cancel(_) => press(text::CANCEL, offer),
            offer @ Offer::Enrol(_) => press(text::ENROL_ME, offer),
        }
    };
    let title = {
        let hint = i18n.fill(text::OPENS_THERE, &[("remote", &remote_name)]);
        move || {
            let name = with_course(&|course| Some(course.full_name.clone()));
            match with_course(&|course| course.link.clone()) {
                None => name.into_any(),
                Some(href) => view! {
                    <a href=href target="_blank" rel="noreferrer">
                        {name}
                        <span class="cf-visually-hidden">" " {hint.clone()}</span>
                    </a>
                }
                .into_any(),
            }
        }
    };
    let status = Memo::new(move |_| {
        let Said { icon, text, .. } = said.get();
        match (text.is_empty(), may_choose.get()) {
            (false, _) => Some((icon, text)),
            (true, true) => None,
            (true, false) => Some((Some(Icon::Off), i18n.t(text::NOT_CHOOSABLE))),
        }
    });
    let icon = move || status.with(|status| status.as_ref().and_then(|(icon, _)| *icon).map_or("", Icon::class));
    let details = move || {
        let locale = i18n.locale();
        entry.with(|e| {
            e.as_ref().map(|e| locale.course_details(&e.course, &remote.get_value().name)).unwrap_or_default()
        })
    };
    let class = Signal::derive(move || if may_choose.get() { "cf-row cf-course cf-free" } else { "cf-row cf-course" });
    let actions = move || {
        view! {
            <Show when=move || is_chosen.get()>
                <GoToChoice />
            </Show>
            {action}
        }
    };
    view! {
        <Row of=name.get_value() class actions details=move || view! { <Facts facts=Signal::derive(details) /> }>
            <label class="cf-tick">
                <Show when=move || may_choose.get()>
                    <input
                        type="checkbox"
                        aria-label=tick_name.clone()
                        prop:checked=move || is_chosen.get()
                        on:change=tick
                    />
                </Show>
            </label>
            <div class="cf-body">
                <div class="cf-name"><bdi>{title}</bdi></div>
                <div class="cf-meta">
                    <bdi>{move || with_course(&|course| Some(i18n.locale().course_facts(course)))}</bdi>
                </div>
                <Show when=move || status.with(Option::is_some)>
                    <StatusLine icon=Signal::derive(icon)>
                        {move || status.get().map(|(_, text)| text)}
                    </StatusLine>
                </Show>
                <Failure text=Signal::derive(failure) />
            </div>
        </Row>
    }
}

fn say(locale: &Locale, home: &Home, state: &CourseState, paused: bool) -> Said {
    match state {
        CourseState::None => Said::default(),
        CourseState::Own(restore) => {
            let offer = match (restore.status, &restore.link) {
                (Status::Restored, Some(link)) => Offer::Open(link.clone()),
                (Status::Scheduled, _) if restore.can_cancel => Offer::Cancel(restore.id.clone()),
                _ => Offer::Nothing,
            };
            Said { icon: Some(Icon::of(restore)), text: locale.status(restore, &home.window, paused), offer }
        }
        CourseState::Listed(listed) => {
            let offer = match (&listed.link, listed.enrolment) {
                (Some(link), _) if listed.status == Status::Restored => Offer::Open(link.clone()),
                (_, Enrolment::Offered) if home.policy.enrol => Offer::Enrol(listed.id.clone()),
                _ => Offer::Nothing,
            };
            Said { icon: Some(Icon::of_status(listed.status)), text: locale.course_status(listed), offer }
        }
    }
}
