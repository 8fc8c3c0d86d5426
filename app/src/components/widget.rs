//! One widget: measures its container, chooses the surface, and has the one live region.

use super::button::{PRIMARY, SECONDARY, plain};
use super::el::{Child, El, Node, el};
use super::view::{effect, live, maybe, part, several, text, there_while};
use super::{find::find, notices, restores::restores};
use crate::MANAGE;
use crate::browser;
use crate::client::Fault;
use crate::live::{Derived, Forever, Live};
use crate::logic::selection::Selection;
use crate::state::{App, Start};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::ResizeObserver;

/// From this width of the container, in CSS pixels, there is room to search and choose in place.
const WIDE: i32 = 480;

/// How much is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surface {
    /// A block in a drawer: the list and a way to the page.
    Narrow,
    /// A block in the main column: the list, and choosing in place.
    Wide,
    /// The full page.
    Page,
}

/// A part of the full page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    /// Find courses.
    Find,
    /// Your restores.
    Restores,
    /// Manage.
    Manage,
}

impl Tab {
    fn hash(self) -> &'static str {
        match self {
            Self::Find => "#find",
            Self::Restores => "#restores",
            Self::Manage => "#manage",
        }
    }

    fn of_hash(hash: &str) -> Self {
        [Self::Restores, Self::Manage].into_iter().find(|tab| tab.hash() == hash).unwrap_or(Self::Find)
    }
}

/// One widget of the page; a handle that is cheap to copy.
pub type Instance = Forever<InstanceParts>;

/// Its parts.
pub struct InstanceParts {
    /// What all widgets share.
    pub app: App,
    /// Its number, for ids.
    pub number: u32,
    /// How much it shows.
    pub surface: Live<Surface>,
    /// Which part of the page is open.
    pub tab: Live<Tab>,
    /// What its live region says.
    pub said: Live<String>,
    /// What is chosen in it; survives a change of its width.
    pub selection: Live<Selection>,
}

impl Instance {
    /// An id that no other widget of the page has.
    pub fn id(self, name: &str) -> String {
        format!("cf{}-{name}", self.number)
    }

    /// Says `text` aloud here.
    pub fn say(self, text: String) {
        // The same text twice would not be a change, hence not be read.
        let again = self.said.with_untracked(|said| *said == text);
        self.said.set(if again { format!("{text}\u{a0}") } else { text });
    }

    /// Shows "Your restores" and moves the focus to its heading.
    pub fn show_restores(self) {
        if self.surface.get_untracked() == Surface::Page {
            self.tab.set(Tab::Restores);
            let _ = browser::window().location().set_hash(Tab::Restores.hash());
        }
        browser::focus_later(self.id("restores"));
    }

    /// The heading level of its parts: Moodle gives a block's title 3, the page's 1.
    pub fn level(self) -> u8 {
        if self.surface.get_untracked() == Surface::Page { 2 } else { 4 }
    }
}

/// The widget number `number`; `page` if it has a page of Moodle to itself.
pub fn widget(app: App, number: u32, page: bool) -> AnyView {
    let hash = browser::window().location().hash().unwrap_or_default();
    let inst = Forever::new(InstanceParts {
        app,
        number,
        surface: Live::new(if page { Surface::Page } else { Surface::Narrow }),
        tab: Live::new(Tab::of_hash(&hash)),
        said: Live::new(String::new()),
        selection: Live::new(Selection::default()),
    });
    let root = Node::new();
    if page {
        let follow = window_event_listener_untyped("hashchange", move |_| {
            inst.tab.set(Tab::of_hash(&browser::window().location().hash().unwrap_or_default()));
        });
        on_cleanup(move || follow.remove());
    } else {
        measure(root, inst.surface);
    }
    effect(move || {
        let saying = app.saying.get();
        if saying.by == number && !saying.text.is_empty() {
            inst.say(saying.text);
        }
    });
    let known = Derived::new(move || app.home.with(Option::is_some));
    let body = move || match app.start.get() {
        Start::Open if known.get() => Some(surface(inst)),
        Start::Failed(fault) => not_open(app, &fault),
        _ => Some(el("p").class("cf-meta cf-late").child(app.words.starting).view()),
    };
    let here = move |_| app.speaker.set(number);
    let live_region = el("div").class("cf-visually-hidden").attr("role", "status").attr("aria-live", "polite");
    el("div")
        .class("cf")
        .found_at(root)
        .attr("lang", app.words.language.tag())
        .on("focusin", here)
        .on("pointerdown", here)
        .child(live_region.child(text(move || inst.said.get())))
        .child(notices::notices(app))
        .child(part(body))
        .view()
}

fn measure(root: Node, surface: Live<Surface>) {
    effect(move || {
        let Some(element) = root.get() else { return };
        let target = element.clone();
        let look = move || {
            let now = if element.client_width() < WIDE { Surface::Narrow } else { Surface::Wide };
            if surface.get_untracked() != now {
                surface.set(now);
            }
        };
        look();
        // Lives as long as the page, as the widget does.
        let look = Closure::<dyn FnMut()>::new(look).into_js_value();
        if let Ok(observer) = ResizeObserver::new(look.unchecked_ref()) {
            observer.observe(&target);
        }
    });
}

fn not_open(app: App, fault: &Fault) -> Option<AnyView> {
    if app.lost.get().is_some() || app.logged_out.get() {
        // The notice above says it all, and it comes back by itself.
        return None;
    }
    let text = app.explain(fault);
    let again = plain(SECONDARY, app.words.try_again, None, move || app.begin());
    let reload = plain(SECONDARY, app.words.reload, None, notices::reload);
    let actions = el("div").class("cf-actions").child(again).child(reload);
    Some(el("div").class(notices::DANGER).child(el("p").child(text)).child(actions).view())
}

fn surface(inst: Instance) -> AnyView {
    match inst.surface.get() {
        // Parts follow what they read; drawn anew as a whole they would lose what is typed, and the focus.
        Surface::Narrow => untrack(|| narrow(inst)),
        Surface::Wide => untrack(|| el("div").class("cf-wide").child(restores(inst, true)).child(find(inst)).view()),
        Surface::Page => untrack(|| page(inst)),
    }
}

fn narrow(inst: Instance) -> AnyView {
    let address = format!("{}#find", inst.app.page());
    let find_courses = el("a").class(format!("{PRIMARY} cf-block")).attr("href", address);
    several([find_courses.child(inst.app.words.find_courses).view(), restores(inst, true)])
}

/// Where the Manage page mounts itself, once it is asked for.
fn room_for_manage(inst: Instance) -> AnyView {
    let room = Node::new();
    let asked = Live::new(false);
    effect(move || {
        let open = inst.tab.get() == Tab::Manage;
        if let Some(room) = room.get().filter(|_| open && !asked.get_untracked()) {
            asked.set(true);
            // After this effect, when the room is in the page.
            request_animation_frame(move || browser::tell(&room, MANAGE));
        }
    });
    let place = inst.app.place();
    el("div")
        .found_at(room)
        .attr("data-courseferry-manage", "")
        .attr("data-worker", place.worker)
        .attr("data-wwwroot", place.wwwroot)
        .attr("data-sesskey", place.sesskey)
        .attr("data-page", place.page)
        .attr("data-lang", inst.app.words.language.tag())
        .view()
}

fn page(inst: Instance) -> AnyView {
    let app = inst.app;
    let words = app.words;
    let manages = app.with_home(|home| home.may.manage).unwrap_or_default();
    let link = move |tab: Tab, label: &'static str| {
        let here = maybe(move || (inst.tab.get() == tab).then(|| "page".to_owned()));
        let class = live(move || if inst.tab.get() == tab { "nav-link active" } else { "nav-link" }.to_owned());
        let link = el("a").class(class).attr("href", tab.hash()).attr("aria-current", here).child(label);
        el("li").class("nav-item").child(link)
    };
    let panel = move |tab: Tab, content: AnyView| {
        let hidden = there_while(move || inst.tab.get() != tab);
        el("div").class("cf-tab").attr("hidden", hidden).child(content).view()
    };
    // Parts stay in the page when another is looked at: what was chosen and typed is not lost. Find asks the
    // remotes only once it is looked at.
    let seen = Live::new(false);
    effect(move || {
        if inst.tab.get() == Tab::Find && !seen.get_untracked() {
            seen.set(true);
        }
    });
    let manage = manages.then(|| panel(Tab::Manage, room_for_manage(inst)));
    let lazy_find = move || seen.get().then(|| untrack(|| find(inst)));
    let tabs: El = el("ul")
        .class("nav nav-tabs cf-tabs")
        .child(link(Tab::Find, words.find))
        .child(link(Tab::Restores, words.your_restores))
        .child(manages.then(|| link(Tab::Manage, words.manage)));
    several([
        el("nav").attr("aria-label", words.pages).child(tabs).view(),
        panel(Tab::Find, part(lazy_find)),
        panel(Tab::Restores, restores(inst, false)),
        manage.view(),
    ])
}
