//! One course of a remote: what it is, what became of it here, and its tick box if it may be chosen.

use super::button::{SECONDARY, button};
use super::find::Find;
use super::view::{part, text, whether};
use crate::client::Fault;
use crate::live::{Derived, Live};
use crate::logic::courses::{Entry, Fate, choosable, fate};
use crate::logic::phrases::Look;
use crate::logic::selection::Picked;
use crate::words::fill;
use courseferry_api::{EnrolAnswer, Enrolment, JobId, RemoteCourseId, RemoteId, Restore, Status};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

/// What the row says and offers beside the course itself.
#[derive(Clone, PartialEq)]
struct Standing {
    look: Option<Look>,
    text: String,
    offer: Offer,
}

#[derive(Clone, PartialEq)]
enum Offer {
    None,
    Open(String),
    Cancel(JobId),
    Enrol(JobId),
}

/// The row of a course.
#[expect(clippy::too_many_lines, reason = "one row, from its data down to its markup")]
pub fn course_row(find: Find, remote: RemoteId, remote_name: String, id: RemoteCourseId) -> AnyView {
    let app = find.inst.app;
    let words = app.words;
    let listing = app.listing(&remote);
    let entry = Derived::new(move || {
        listing.with(|l| l.roll.as_ref()?.entries.iter().find(|entry| entry.course.id == id).cloned())
    });
    let of = move |look: fn(&Entry) -> String| entry.with(|e| e.as_deref().map(look).unwrap_or_default());
    let key = (remote.clone(), id);

    let standing = {
        let remote = remote.clone();
        Derived::new(move || {
            let entry = entry.get()?;
            let fate = app.restores.with(|own| fate(&remote, &entry.course, own));
            let enrols = app.with_home(|home| home.policy.enrol).unwrap_or_default();
            Some(stand(find, &fate, enrols))
        })
    };
    let may = {
        let remote = remote.clone();
        Derived::new(move || {
            let Some(entry) = entry.get() else { return false };
            let may = |own: &[Restore]| app.with_home(|home| choosable(&remote, &entry.course, own, home));
            app.restores.with(|own| may(own)).unwrap_or_default()
        })
    };
    let name = move || of(|e| e.course.full_name.clone());
    let tick = {
        let key = key.clone();
        let remote_name = remote_name.clone();
        move || {
            if !may.get() {
                return None;
            }
            let label = format!("{}, {}, {remote_name}", name(), of(|e| e.course.short_name.clone()));
            let (is, change) = (key.clone(), key.clone());
            let chosen = whether(move || find.selection.with(|s| s.get(&is).is_some()));
            let change = move |event| {
                let on = event_target_checked(&event);
                let Some(entry) = entry.get_untracked() else { return };
                find.selection
                    .update(|s| if on { s.add(Picked::new(&change.0, &entry.course)) } else { s.remove(&change) });
            };
            Some(view! { <input type="checkbox" aria-label=label prop:checked=chosen on:change=change /> }.into_any())
        }
    };
    let title = move || {
        Some(match entry.with(|e| e.as_ref().and_then(|e| e.course.link.clone())) {
            Some(link) => {
                let hint = fill(words.opens_there, &[("remote", &remote_name)]);
                view! {
                    <a href=link target="_blank" rel="noreferrer">
                        {name()}<span class="cf-visually-hidden">" "{hint}</span>
                    </a>
                }
                .into_any()
            }
            None => name().into_any(),
        })
    };
    let facts = move || {
        entry.with(|e| e.as_ref().map(|e| app.clock(|clock| clock.course_facts(&e.course))).unwrap_or_default())
    };
    let status = move || {
        let text = standing.with(|s| s.as_ref().map(|s| (s.look, s.text.clone())).filter(|(_, text)| !text.is_empty()));
        let (look, text) = match text {
            Some(said) => said,
            None if may.get() => return None,
            None => (Some(Look::Off), words.not_choosable.to_owned()),
        };
        Some(
            view! {
                <div class="cf-status"><span class=look.map_or("", Look::class)></span><span>{text}</span></div>
            }
            .into_any(),
        )
    };
    let alert = Live::new(None::<String>);
    let busy = Live::new(false);
    let offer = Derived::new(move || standing.with(|s| s.as_ref().map_or(Offer::None, |s| s.offer.clone())));
    let action = {
        let remote = remote.clone();
        move || {
            let named = |verb: &str| Some(fill(words.on_control, &[("verb", verb), ("course", &name())]));
            let view = match offer.get() {
                Offer::None => return None,
                Offer::Open(link) => {
                    view! { <a class=SECONDARY href=link aria-label=named(words.open_course)>{words.open_course}</a> }
                        .into_any()
                }
                Offer::Cancel(job) => button(
                    SECONDARY,
                    move || words.cancel.to_owned(),
                    named(words.cancel),
                    busy,
                    move || {
                        cancel(find, job.clone(), busy, alert);
                    },
                ),
                Offer::Enrol(job) => {
                    let remote = remote.clone();
                    button(
                        SECONDARY,
                        move || words.enrol_me.to_owned(),
                        named(words.enrol_me),
                        busy,
                        move || {
                            enrol(find, remote.clone(), job.clone(), busy, alert);
                        },
                    )
                }
            };
            Some(view! { <div class="cf-actions">{view}</div> }.into_any())
        }
    };
    let free = whether(move || may.get());
    let alert_line = move || {
        alert.get().map(|text| view! { <div class="cf-alert text-danger" role="alert">{text}</div> }.into_any())
    };
    view! {
        <li class="cf-row cf-course" tabindex="-1" data-cf-refuge="" class:cf-free=free>
            <label class="cf-tick">{part(tick)}</label>
            <div class="cf-body">
                <div class="cf-name"><bdi>{part(title)}</bdi></div>
                <div class="cf-meta"><bdi>{text(facts)}</bdi></div>
                {part(status)}
                {part(alert_line)}
            </div>
            {part(action)}
        </li>
    }
    .into_any()
}

fn stand(find: Find, fate: &Fate, enrols: bool) -> Standing {
    let app = find.inst.app;
    match fate {
        Fate::None => Standing { look: None, text: String::new(), offer: Offer::None },
        Fate::Own(restore) => {
            let window = app.with_home(|home| home.window.clone());
            let paused = app.paused.get();
            let text = app.clock(|clock| window.map(|w| clock.status(restore, &w, paused)).unwrap_or_default());
            let offer = match (restore.status, &restore.link) {
                (Status::Restored, Some(link)) => Offer::Open(link.clone()),
                (Status::Scheduled, _) if restore.can_cancel => Offer::Cancel(restore.id.clone()),
                _ => Offer::None,
            };
            Standing { look: Some(Look::of(restore)), text, offer }
        }
        Fate::Told(told) => {
            let text = app.clock(|clock| clock.course_status(told));
            let offer = match (&told.link, told.enrolment) {
                (Some(link), _) if told.status == Status::Restored => Offer::Open(link.clone()),
                (_, Enrolment::Offered) if enrols => Offer::Enrol(told.id.clone()),
                _ => Offer::None,
            };
            Standing { look: Some(Look::of_status(told.status)), text, offer }
        }
    }
}

fn cancel(find: Find, job: JobId, busy: Live<bool>, alert: Live<Option<String>>) {
    let app = find.inst.app;
    busy.set(true);
    alert.set(None);
    spawn_local(async move {
        match app.post::<Restore>(&format!("/api/restores/{job}/cancel"), &()).await {
            Ok(restore) => app.put([restore]),
            Err(fault) => {
                alert.set(Some(app.explain(&fault)));
                if matches!(fault, Fault::Refused(..)) {
                    app.poll().await;
                }
            }
        }
        busy.set(false);
    });
}

fn enrol(find: Find, remote: RemoteId, job: JobId, busy: Live<bool>, alert: Live<Option<String>>) {
    let app = find.inst.app;
    busy.set(true);
    alert.set(None);
    spawn_local(async move {
        match app.post::<EnrolAnswer>(&format!("/api/restores/{job}/enrol"), &()).await {
            Ok(answer) => {
                find.inst.say(app.words.enrolled.to_owned());
                let listing = app.listing(&remote);
                // The row offers the course at once; the list of the Worker says the same when it is loaded next.
                crate::browser::keeping_focus(|| {
                    listing.update(|l| {
                        if let Some(roll) = &l.roll {
                            l.roll = Some(Arc::new(roll.enrolled(&job, &answer)));
                        }
                    });
                });
            }
            Err(fault) => alert.set(Some(app.explain(&fault))),
        }
        busy.set(false);
    });
}
