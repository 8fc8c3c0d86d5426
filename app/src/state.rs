//! What all widgets of a page share: the session, the visitor's home and restores, the remotes' lists, and the one
//! timer that keeps them fresh. Nothing here draws.

use crate::browser::{self, BrowserZone, keeping_focus};
use crate::client::{Answer, Client, Fault, Place, read, write};
use crate::live::{Forever, Live};
use crate::logic::courses::Roll;
use crate::logic::time::Clock;
use crate::logic::{polling, restores};
use courseferry_api::{CourseList, Home, JobId, RemoteId, Restore, Restores, UnixTime};
use courseferry_words::{Words, fill};
use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

/// A list older than this many seconds is asked for again when the page is looked at again.
const LIST_AGE: i64 = 900;

/// How far the session is.
#[derive(Debug, Clone, PartialEq)]
pub enum Start {
    /// Being opened.
    Opening,
    /// Open.
    Open,
    /// Could not be opened.
    Failed(Fault),
}

/// A remote's list, as far as it is known.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Listing {
    /// What it listed.
    pub roll: Option<Arc<Roll>>,
    /// It is being asked.
    pub asking: bool,
    /// Why it could not be asked.
    pub fault: Option<Fault>,
}

/// Something to be said aloud by one widget of the page.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Saying {
    /// Which widget.
    pub by: u32,
    /// What.
    pub text: String,
}

/// A remote, its list, and when that was last asked for by the computer's clock.
type Listed = (RemoteId, Live<Listing>, Cell<i64>);

struct Inner {
    place: Place,
    client: Rc<Client>,
    owner: Owner,
    zone: RefCell<Rc<BrowserZone>>,
    listings: RefCell<Vec<Listed>>,
    timer: RefCell<Option<TimeoutHandle>>,
    polling: Cell<bool>,
    failures: Cell<u32>,
    home_at: Cell<i64>,
    /// The Worker's clock minus the computer's.
    ahead: Cell<i64>,
}

/// The shared state; a handle that is cheap to copy.
pub type App = Forever<Parts>;

/// The parts of the shared state.
pub struct Parts {
    inner: StoredValue<Rc<Inner>, LocalStorage>,
    /// The texts in the visitor's language.
    pub words: &'static Words,
    /// How far the session is.
    pub start: Live<Start>,
    /// Everything but restores, once the session is open.
    pub home: Live<Option<Arc<Home>>>,
    /// The visitor's restores.
    pub restores: Live<Vec<Restore>>,
    /// Restores are paused.
    pub paused: Live<bool>,
    /// The Worker's clock, as of the last answer.
    pub now: Live<UnixTime>,
    /// Since when the connection is lost.
    pub lost: Live<Option<UnixTime>>,
    /// The visitor is no longer logged in to Moodle.
    pub logged_out: Live<bool>,
    /// What is to be said aloud.
    pub saying: Live<Saying>,
    /// The widget used last, which speaks for all.
    pub speaker: Live<u32>,
}

thread_local! {
    static APP: Cell<Option<App>> = const { Cell::new(None) };
}

impl App {
    /// The page's shared state, made at the first call of what that one gives.
    pub fn shared(place: Place, launch: Option<String>, words: impl FnOnce() -> &'static Words) -> Self {
        APP.get().unwrap_or_else(|| {
            // Outlives every single widget, hence no child of any.
            let owner = Owner::new_root(None);
            let app = owner.with(|| Self::make(place, launch, words(), owner.clone()));
            APP.set(Some(app));
            app.begin();
            app.watch();
            app
        })
    }

    fn make(place: Place, launch: Option<String>, words: &'static Words, owner: Owner) -> Self {
        let client = Client::new(place.clone(), launch);
        let inner = Inner {
            place,
            client,
            owner,
            zone: RefCell::new(Rc::new(BrowserZone::new(&[]))),
            listings: RefCell::default(),
            timer: RefCell::default(),
            polling: Cell::default(),
            failures: Cell::default(),
            home_at: Cell::default(),
            ahead: Cell::default(),
        };
        Forever::new(Parts {
            inner: StoredValue::new_local(Rc::new(inner)),
            words,
            start: Live::new(Start::Opening),
            home: Live::new(None),
            restores: Live::new(Vec::new()),
            paused: Live::new(false),
            now: Live::new(browser::computer_time()),
            lost: Live::new(None),
            logged_out: Live::new(false),
            saying: Live::new(Saying::default()),
            speaker: Live::new(0),
        })
    }

    fn inner(self) -> Rc<Inner> {
        self.inner.with_value(Rc::clone)
    }

    /// Where the page is.
    pub fn place(self) -> Place {
        self.inner().place.clone()
    }

    /// The address of the full page.
    pub fn page(self) -> String {
        self.place().page
    }

    /// Moodle's address.
    pub fn wwwroot(self) -> String {
        self.place().wwwroot
    }

    /// Says something with the reader's clock; runs again when time has passed.
    pub fn clock<T>(self, say: impl FnOnce(&Clock) -> T) -> T {
        let zone = Rc::clone(&self.inner().zone.borrow());
        say(&Clock { words: self.words, zone: &*zone, now: self.now.get() })
    }

    /// The home, while the session is open.
    pub fn with_home<T>(self, look: impl FnOnce(&Home) -> T) -> Option<T> {
        self.home.with(|home| home.as_deref().map(look))
    }

    /// Has the widget used last say `text`.
    pub fn say(self, text: String) {
        self.saying.set(Saying { by: self.speaker.get_untracked(), text });
    }

    /// A fault in words.
    pub fn explain(self, fault: &Fault) -> String {
        match fault {
            Fault::Offline => self.words.offline.to_owned(),
            Fault::TooSlow => self.words.too_slow.to_owned(),
            Fault::LoggedOut => self.words.logged_out.to_owned(),
            Fault::Garbled(status) => fill(self.words.garbled, &[("status", &status.to_string())]),
            Fault::Refused(problem, _) => format!("{} {}", problem.message, problem.advice).trim_end().to_owned(),
        }
    }

    /// `GET path`, with lost connections noticed.
    pub async fn get<T: DeserializeOwned>(self, path: &str) -> Result<T, Fault> {
        read(&self.call("GET", path, None).await?)
    }

    /// `POST path`, with lost connections noticed.
    pub async fn post<T: DeserializeOwned>(self, path: &str, body: &impl Serialize) -> Result<T, Fault> {
        read(&self.call("POST", path, Some(write(body)?)).await?)
    }

    /// `GET path` as text.
    pub fn text(self, path: &str) -> Answer {
        self.call("GET", path, None)
    }

    fn call(self, method: &'static str, path: &str, body: Option<String>) -> Answer {
        let answer = self.inner().client.call(method, path, body);
        Box::pin(async move {
            let answer = answer.await;
            self.notice(answer.as_ref().err());
            answer
        })
    }

    /// Asks the Worker to do `verb` to a restore and shows what it says is true now; a sentence if it did not.
    pub async fn act(self, restore: &JobId, verb: &str, body: &impl Serialize) -> Result<(), String> {
        match self.post::<Restore>(&format!("/api/restores/{restore}/{verb}"), body).await {
            Ok(restore) => {
                self.put([restore]);
                Ok(())
            }
            Err(fault) => {
                if matches!(fault, Fault::Refused(..)) {
                    // It is not as it seemed here.
                    self.poll().await;
                }
                Err(self.explain(&fault))
            }
        }
    }

    fn notice(self, fault: Option<&Fault>) {
        let inner = self.inner();
        match fault {
            Some(Fault::LoggedOut) => self.logged_out.set(true),
            Some(fault) if fault.is_connection() => {
                if self.lost.get_untracked().is_none() {
                    self.lost.set(Some(browser::computer_time().plus(inner.ahead.get())));
                }
                inner.failures.set(inner.failures.get() + 1);
                self.poll_in(polling::reconnect(inner.failures.get()));
            }
            _ => {
                inner.failures.set(0);
                if self.lost.get_untracked().is_some() {
                    self.lost.set(None);
                    self.say(self.words.back.to_owned());
                    self.load_known_lists();
                }
                if self.logged_out.get_untracked() {
                    self.logged_out.set(false);
                }
            }
        }
    }

    /// Opens the session and shows its home; again after a failure.
    pub fn begin(self) {
        self.start.set(Start::Opening);
        spawn_local(async move {
            match self.inner().client.open().await {
                Ok(home) => {
                    self.notice(None);
                    if let Some(home) = home {
                        self.settle(home);
                    }
                    self.start.set(Start::Open);
                    self.poll_later();
                }
                Err(fault) => {
                    self.notice(Some(&fault));
                    self.start.set(Start::Failed(fault));
                }
            }
        });
    }

    fn settle(self, mut home: Home) {
        let inner = self.inner();
        if self.home.with_untracked(|old| old.as_ref().is_some_and(|old| old.me.id != home.me.id)) {
            // Somebody else has logged in on this computer: nothing of the earlier visitor may stay on screen.
            let _ = browser::window().location().reload();
            return;
        }
        *inner.zone.borrow_mut() = Rc::new(BrowserZone::new(&[&home.me.time_zone, &home.window.time_zone]));
        inner.home_at.set(browser::computer_time().0);
        let restores = std::mem::take(&mut home.restores);
        self.take(Restores { now: home.now, paused: home.paused, restores });
        let home = Arc::new(home);
        if self.home.with_untracked(|old| old.as_ref() != Some(&home)) {
            keeping_focus(|| self.home.set(Some(home)));
        }
    }

    /// Takes what the Worker says about all restores, and says aloud what has changed.
    fn take(self, answer: Restores) {
        self.inner().ahead.set(answer.now.since(browser::computer_time()));
        self.now.set(answer.now);
        if self.paused.get_untracked() != answer.paused {
            self.paused.set(answer.paused);
        }
        let news = self.restores.with_untracked(|before| restores::changes(self.words, before, &answer.restores));
        if self.restores.with_untracked(|before| *before != answer.restores) {
            keeping_focus(|| self.restores.set(answer.restores));
        }
        if !news.is_empty() {
            self.say(news.join(" "));
            self.load_known_lists();
        }
    }

    /// Takes what the Worker says about some restores after an action.
    pub fn put(self, changed: impl IntoIterator<Item = Restore>) {
        let mut all = self.restores.get_untracked();
        for restore in changed {
            match all.iter_mut().find(|known| known.id == restore.id) {
                Some(known) => *known = restore,
                None => all.insert(0, restore),
            }
        }
        let answer = Restores { now: self.present(), paused: self.paused.get_untracked(), restores: all };
        self.take(answer);
        self.poll_later();
    }

    /// The Worker's clock now.
    pub fn present(self) -> UnixTime {
        browser::computer_time().plus(self.inner().ahead.get())
    }

    /// Asks how all restores fare, at once.
    pub async fn poll(self) {
        let inner = self.inner();
        if inner.polling.replace(true) {
            return;
        }
        let old = browser::computer_time().0 - inner.home_at.get() > polling::HOME_AGE;
        if old || self.home.with_untracked(Option::is_none) {
            if let Ok(home) = self.get("/api/home").await {
                self.settle(home);
                if self.start.get_untracked() != Start::Open {
                    self.start.set(Start::Open);
                }
            }
        } else if let Ok(answer) = self.get::<Restores>("/api/restores").await {
            self.take(answer);
        }
        inner.polling.set(false);
        if inner.failures.get() == 0 {
            self.poll_later();
        }
    }

    fn poll_later(self) {
        let seconds = self.restores.with_untracked(|all| polling::interval(all, self.present()));
        self.poll_in(seconds);
    }

    fn poll_in(self, seconds: i32) {
        let tick = move || {
            if !browser::hidden() {
                spawn_local(self.poll());
            }
        };
        let wait = Duration::from_secs(u64::try_from(seconds).unwrap_or_default());
        let timer = set_timeout_with_handle(tick, wait).ok();
        if let Some(earlier) = self.inner().timer.replace(timer) {
            earlier.clear();
        }
    }

    /// A page that is looked at again, comes from the browser's cache, or is connected again is brought up to date.
    fn watch(self) {
        for event in ["visibilitychange", "pageshow", "online"] {
            let handle = window_event_listener_untyped(event, move |_| {
                if !browser::hidden() && self.start.get_untracked() != Start::Opening {
                    spawn_local(self.poll());
                    self.load_old_lists();
                }
            });
            std::mem::forget(handle);
        }
    }

    /// The list of a remote; the first call asks for it.
    pub fn listing(self, remote: &RemoteId) -> Live<Listing> {
        let inner = self.inner();
        let known = inner.listings.borrow().iter().find(|(id, ..)| id == remote).map(|(_, listing, _)| *listing);
        known.unwrap_or_else(|| {
            let listing = inner.owner.with(|| Live::new(Listing::default()));
            inner.listings.borrow_mut().push((remote.clone(), listing, Cell::new(0)));
            self.load(remote.clone(), false);
            listing
        })
    }

    /// Asks for a list: from the visitor's cache, then from the remote if that is old; or from the remote at once.
    pub fn load(self, remote: RemoteId, fresh: bool) {
        let inner = self.inner();
        let listings = inner.listings.borrow();
        let Some((_, listing, at)) = listings.iter().find(|(id, ..)| *id == remote) else { return };
        let listing = *listing;
        if listing.with_untracked(|l| l.asking) {
            return;
        }
        at.set(browser::computer_time().0);
        listing.update(|l| l.asking = true);
        spawn_local(async move {
            let path = format!("/api/remotes/{remote}/courses");
            let mut answer = Ok(());
            if !fresh {
                answer = self.ask(&path, listing).await;
            }
            let old = listing.with_untracked(|l| l.roll.as_ref().is_some_and(|roll| roll.stale));
            if answer.is_ok() && (fresh || old) {
                answer = self.ask(&format!("{path}?refresh=1"), listing).await;
            }
            keeping_focus(|| {
                listing.update(|l| {
                    l.asking = false;
                    l.fault = answer.err();
                });
            });
        });
    }

    async fn ask(self, path: &str, listing: Live<Listing>) -> Result<(), Fault> {
        let list: CourseList = self.get(path).await?;
        self.learn_name(&list);
        let roll = Arc::new(Roll::new(list));
        keeping_focus(|| {
            listing.update(|l| {
                l.roll = Some(roll);
                l.fault = None;
            });
        });
        Ok(())
    }

    /// A remote tells its site name with its first list; until then the home knew it by its host.
    fn learn_name(self, list: &CourseList) {
        let mut home = self.home.get_untracked();
        let remotes = home.iter_mut().flat_map(|home| Arc::make_mut(home).remotes.iter_mut());
        let unknown = remotes.filter(|remote| remote.id == list.remote && remote.name != list.name);
        let learned = unknown.map(|remote| remote.name.clone_from(&list.name)).count();
        if learned > 0 {
            self.home.set(home);
        }
    }

    fn load_known_lists(self) {
        let known: Vec<_> = self.inner().listings.borrow().iter().map(|(id, ..)| id.clone()).collect();
        for remote in known {
            self.load(remote, false);
        }
    }

    fn load_old_lists(self) {
        let before = browser::computer_time().0 - LIST_AGE;
        let old = |(id, _, at): &(RemoteId, _, Cell<i64>)| (at.get() < before).then(|| id.clone());
        let old: Vec<_> = self.inner().listings.borrow().iter().filter_map(old).collect();
        for remote in old {
            self.load(remote, false);
        }
    }
}
