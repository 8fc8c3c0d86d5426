//! The Manage page: the verdict first, then what needs a person, the peers, the queue, everybody's restores, why
//! somebody may or may not, the settings, the audit. Loaded only by those who may manage.

mod audit;
mod everybody;
mod overview;
mod person;
mod readiness;

use super::button::{SECONDARY, button};
use super::el::{Child, El, Value, el};
use super::notices::{DANGER, notices};
use super::view::{part, text};
use crate::client::Fault;
use crate::live::{Forever, Live};
use crate::state::{App, Start};
use courseferry_api::Overview;
use courseferry_words::manage::ManageWords;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Serialize;

/// What the parts of the page share; a handle that is cheap to copy.
pub type Manage = Forever<ManageParts>;

/// Its parts.
pub struct ManageParts {
    /// The session.
    pub app: App,
    /// The page's texts.
    pub words: &'static ManageWords,
    overview: Live<Option<Overview>>,
    wrong: Live<Option<String>>,
    said: Live<String>,
    busy: Live<bool>,
}

impl Manage {
    fn fail(self, fault: &Fault) {
        self.wrong.set(Some(self.app.explain(fault)));
    }

    fn say(self, text: &str) {
        self.said.set(text.to_owned());
    }

    /// Asks for the overview.
    fn load(self) {
        spawn_local(async move {
            match self.app.get::<Overview>("/api/manage").await {
                Ok(overview) => self.show(overview),
                Err(fault) => self.fail(&fault),
            }
        });
    }

    fn show(self, overview: Overview) {
        self.wrong.set(None);
        crate::browser::keeping_focus(|| self.overview.set(Some(overview)));
    }

    /// Has the Worker do something that answers with the overview, and says `done`.
    fn change(self, path: &'static str, body: impl Serialize + 'static, done: &'static str) {
        self.busy.set(true);
        spawn_local(async move {
            match self.app.post::<Overview>(path, &body).await {
                Ok(overview) => {
                    self.show(overview);
                    self.say(done);
                }
                Err(fault) => self.fail(&fault),
            }
            self.busy.set(false);
        });
    }
}

/// The page.
pub fn manage(app: App) -> AnyView {
    let words = ManageWords::of(app.words.language);
    let page = Forever::new(ManageParts {
        app,
        words,
        overview: Live::new(None),
        wrong: Live::new(None),
        said: Live::new(String::new()),
        busy: Live::new(false),
    });
    page.load();
    let wrong = move || {
        let (text, failed) = match (page.wrong.get(), app.start.get()) {
            (Some(text), _) => (text, true),
            (None, Start::Failed(fault)) => (app.explain(&fault), true),
            (None, _) => (words.loading.to_owned(), false),
        };
        if failed {
            let again = button(SECONDARY, move || app.words.try_again.to_owned(), None, page.busy, move || page.load());
            let notice = el("div").class(DANGER).attr("role", "alert");
            Some(notice.child(el("p").child(text)).child(again))
        } else if page.overview.with(Option::is_none) {
            Some(el("p").class("cf-meta cf-late").child(text))
        } else {
            None
        }
    };
    let live_region = el("div").class("cf-visually-hidden").attr("role", "status").attr("aria-live", "polite");
    el("div")
        .class("cf cf-manage")
        .attr("lang", words.language.tag())
        .child(live_region.child(text(move || page.said.get())))
        .child(notices(app))
        .child(part(wrong))
        .child(overview::overview(page))
        .child(everybody::everybody(page))
        .child(person::person(page))
        .child(readiness::readiness(page))
        .child(overview::settings(page))
        .child(audit::audit(page))
        .view()
}

/// A part of the page under its heading.
fn section(heading: &'static str, content: impl Child) -> AnyView {
    let head = el("div").class("cf-group-head").child(el("h2").class("cf-subheading").child(heading));
    el("section").class("cf-group").attr("aria-label", heading).refuge().child(head).child(content).view()
}

/// A line of one of the page's lists: an icon with what it is about, what is known of it, what can be done.
fn entry(icon: impl Into<Value>, about: El, known: Vec<AnyView>, actions: impl Child) -> El {
    let status = el("div").class("cf-status").child(el("span").class(icon)).child(about);
    let body = el("div").class("cf-body").child(status).child(known);
    el("li").class("cf-row cf-restore").child(body).child(el("div").class("cf-actions").child(actions))
}

/// The number in what somebody pasted: a number, or an address with `id=` and the like.
fn number_in(text: &str) -> Option<i64> {
    crate::logic::targets::category_of_address(text).map(|id| id.0)
}
