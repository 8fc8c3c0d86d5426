//! One course of a remote: what it is, what became of it here, and its tick box if it may be chosen.

use super::button::{SECONDARY, button, link};
use super::details::details_button;
use super::el::{Child, El, el};
use super::find::Find;
use super::notices::failed;
use super::view::{live, part, text, whether};
use crate::live::{Derived, Forever, Live};
use crate::logic::courses::{Entry, Fate, choosable, fate};
use crate::logic::phrases::Look;
use crate::logic::selection::Picked;
use courseferry_api::{EnrolAnswer, Enrolment, JobId, RemoteCourseId, RemoteId, Restore, Status};
use courseferry_words::fill;
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

/// One course in the list of its remote.
#[derive(Clone, Copy)]
struct Row {
    find: Find,
    remote: Forever<RemoteParts>,
    entry: Derived<Option<Arc<Entry>>>,
    standing: Derived<Option<Standing>>,
    /// What it offers; stays as it is when only the words change.
    offer: Derived<Offer>,
    /// It may be chosen now.
    may: Derived<bool>,
    busy: Live<bool>,
    alert: Live<Option<String>>,
    open: Live<bool>,
}

/// The remote that lists it.
pub struct RemoteParts {
    /// Its id.
    pub id: RemoteId,
    /// Its site name.
    pub name: String,
}

impl Row {
    fn get<T: Default>(self, look: impl FnOnce(&Entry) -> T) -> T {
        self.entry.with(|entry| entry.as_deref().map(look).unwrap_or_default())
    }

    fn name(self) -> String {
        self.get(|e| e.course.full_name.clone())
    }

    fn named(self, verb: &str) -> String {
        fill(self.find.inst.app.words.on_control, &[("verb", verb), ("course", &self.name())])
    }
}

/// The row of a course.
pub fn course_row(find: Find, remote: Forever<RemoteParts>, id: RemoteCourseId) -> AnyView {
    let app = find.inst.app;
    let words = app.words;
    let listing = app.listing(&remote.id);
    let entry = Derived::new(move || {
        listing.with(|l| l.roll.as_ref()?.entries.iter().find(|entry| entry.course.id == id).cloned())
    });
    let standing = Derived::new(move || {
        let entry = entry.get()?;
        let fate = app.restores.with(|own| fate(&remote.id, &entry.course, own));
        let enrols = app.with_home(|home| home.policy.enrol).unwrap_or_default();
        Some(stand(find, &fate, enrols))
    });
    let may = Derived::new(move || {
        let Some(entry) = entry.get() else { return false };
        let may = |own: &[Restore]| app.with_home(|home| choosable(&remote.id, &entry.course, own, home));
        app.restores.with(|own| may(own)).unwrap_or_default()
    });
    let offer = Derived::new(move || standing.with(|s| s.as_ref().map_or(Offer::None, |s| s.offer.clone())));
    let off = || Live::new(false);
    let row = Row { find, remote, entry, standing, offer, may, busy: off(), alert: Live::new(None), open: off() };
    let class = live(move || if may.get() { "cf-row cf-course cf-free" } else { "cf-row cf-course" }.to_owned());
    let facts = move || row.get(|e| app.clock(|clock| clock.course_facts(&e.course)));
    let body = el("div")
        .class("cf-body")
        .child(el("div").class("cf-name").child(el("bdi").child(part(move || Some(title(row))))))
        .child(el("div").class("cf-meta").child(el("bdi").child(text(facts))))
        .child(part(move || status(row)))
        .child(part(move || row.alert.get().map(failed)));
    let actions = el("div").class("cf-actions").child(part(move || action(row))).child(details_button(
        words,
        row.named(words.details),
        row.open,
    ));
    el("li")
        .class(class)
        .refuge()
        .child(el("label").class("cf-tick").child(part(move || may.get().then(|| untrack(|| tick(row))))))
        .child(body)
        .child(actions)
        .child(part(move || row.open.get().then(|| details(row))))
        .view()
}

fn tick(row: Row) -> El {
    let selection = row.find.selection;
    let id = row.get(|e| Some(e.course.id)).unwrap_or(RemoteCourseId(0));
    let key = (row.remote.id.clone(), id);
    let label = format!("{}, {}, {}", row.name(), row.get(|e| e.course.short_name.clone()), row.remote.name);
    let chosen = {
        let key = key.clone();
        whether(move || selection.with(|s| s.get(&key).is_some()))
    };
    let change = move |event| {
        let on = event_target_checked(&event);
        let Some(entry) = row.entry.get_untracked() else { return };
        selection.update(|s| if on { s.add(Picked::new(&key.0, &entry.course)) } else { s.remove(&key) });
    };
    el("input").attr("type", "checkbox").attr("aria-label", label).flag("checked", chosen).on("change", change)
}

fn title(row: Row) -> AnyView {
    let words = row.find.inst.app.words;
    let Some(address) = row.get(|e| e.course.link.clone()) else { return row.name().view() };
    let hint = fill(words.opens_there, &[("remote", &row.remote.name)]);
    let link = el("a").attr("href", address).attr("target", "_blank").attr("rel", "noreferrer");
    link.child(row.name()).child(el("span").class("cf-visually-hidden").child(" ").child(hint)).view()
}

fn status(row: Row) -> Option<El> {
    let said = row.standing.with(|s| s.as_ref().map(|s| (s.look, s.text.clone())).filter(|(_, text)| !text.is_empty()));
    let (look, text) = match said {
        Some(said) => said,
        None if row.may.get() => return None,
        None => (Some(Look::Off), row.find.inst.app.words.not_choosable.to_owned()),
    };
    let icon = el("span").class(look.map_or("", Look::class));
    Some(el("div").class("cf-status").child(icon).child(el("span").child(text)))
}

fn action(row: Row) -> Option<AnyView> {
    let words = row.find.inst.app.words;
    let act = |label: &'static str, press: Box<dyn Fn()>| {
        button(SECONDARY, move || label.to_owned(), Some(row.named(label)), row.busy, press)
    };
    match row.offer.get() {
        Offer::None => None,
        Offer::Open(address) => Some(link(SECONDARY, words.open_course, Some(row.named(words.open_course)), address)),
        Offer::Cancel(job) => Some(act(words.cancel, Box::new(move || cancel(row, job.clone())))),
        Offer::Enrol(job) => Some(act(words.enrol_me, Box::new(move || enrol(row, job.clone())))),
    }
}

/// What the remote tells of the course, and everything that became of it here.
fn details(row: Row) -> El {
    let app = row.find.inst.app;
    let body = move || {
        let facts = row.get(|e| app.clock(|clock| clock.course_details(&e.course, &row.remote.name)));
        Some(super::details::facts(facts))
    };
    el("div").class("cf-details").child(part(body))
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

fn cancel(row: Row, job: JobId) {
    row.busy.set(true);
    row.alert.set(None);
    spawn_local(async move {
        row.alert.set(row.find.inst.app.act(&job, "cancel", &()).await.err());
        row.busy.set(false);
    });
}

fn enrol(row: Row, job: JobId) {
    let Row { find, remote, busy, alert, .. } = row;
    let app = find.inst.app;
    busy.set(true);
    alert.set(None);
    spawn_local(async move {
        match app.post::<EnrolAnswer>(&format!("/api/restores/{job}/enrol"), &()).await {
            Ok(answer) => {
                find.inst.say(app.words.enrolled.to_owned());
                let listing = app.listing(&remote.id);
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
