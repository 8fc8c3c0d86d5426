//! What all widgets of a page share: what is said aloud, the session, the current user's restores, the remotes' lists.
//! Nothing here draws. Each part may use those before it in this list; the effects in `pass_on` connect the rest.

pub mod announcer;
pub mod listings;
pub mod page;
pub mod restores;
pub mod session;

use crate::api::{Api, Launch, Place, computer_time};
use crate::i18n::{I18n, Texts, text};
use announcer::Announcer;
use leptos::prelude::*;
use listings::Listings;
use page::is_hidden;
use restores::RestoreList;
use session::Session;
use std::cell::OnceCell;

/// The parts; handles that are cheap to copy.
#[derive(Clone, Copy)]
pub struct Shared {
    api: Api,
    i18n: I18n,
    announcer: Announcer,
    session: Session,
    restores: RestoreList,
    listings: Listings,
}

thread_local! {
    /// The page's shared state and the owner of its signals: both outlive every widget.
    static SHARED: OnceCell<(Owner, Shared)> = const { OnceCell::new() };
}

impl Shared {
    /// The page's shared state, which the first call makes from its arguments.
    pub fn of_page(place: Place, launch: Option<Launch>, texts: Texts) -> Self {
        SHARED.with(|shared| {
            let make = || {
                let owner = Owner::new_root(None);
                let shared = owner.with(|| Self::new(place, launch, texts));
                (owner, shared)
            };
            shared.get_or_init(make).1
        })
    }

    fn new(place: Place, launch: Option<Launch>, texts: Texts) -> Self {
        let i18n = I18n::new(texts, computer_time());
        let announcer = Announcer::new();
        let api = Api::new(place.clone(), launch);
        let session = Session::new(api, i18n, place);
        let restores = RestoreList::new(api, i18n, session);
        let listings = Listings::new(api, session);
        let shared = Self { api, i18n, announcer, session, restores, listings };
        shared.pass_on();
        session.open.dispatch(());
        shared
    }

    /// Hands every part to the components below by context.
    pub fn provide(self) {
        let Self { api, i18n, announcer, session, restores, listings } = self;
        provide_context(api);
        provide_context(i18n);
        provide_context(announcer);
        provide_context(session);
        provide_context(restores);
        provide_context(listings);
    }

    fn pass_on(self) {
        let Self { announcer, session, restores, listings, i18n, .. } = self;
        let follow = move |news: Vec<String>| {
            if !news.is_empty() {
                announcer.say(news.join(" "));
                // What was restored or cancelled changes what the lists say.
                listings.load_known();
            }
        };
        Effect::new(move || follow(restores.news.get()));
        let back = move || {
            announcer.say(i18n.t(text::BACK));
            listings.load_known();
        };
        Effect::new(move |was_lost: Option<bool>| {
            let lost = session.lost().is_some();
            match was_lost {
                Some(true) if !lost => back(),
                Some(false) if lost => announcer.say(i18n.t(text::SAID_LOST)),
                _ => {}
            }
            lost
        });
        Effect::new(move |was_out: Option<bool>| {
            let is_out = session.logged_out();
            match was_out {
                // Lists that were refused meanwhile are asked for again.
                Some(true) if !is_out => back(),
                Some(false) if is_out => announcer.say(i18n.t(text::LOGGED_OUT)),
                _ => {}
            }
            is_out
        });
        // A page that is looked at again, comes from the browser's cache, or is connected again is brought up to date.
        for event in ["visibilitychange", "pageshow", "online"] {
            let listener = window_event_listener_untyped(event, move |_| {
                if !is_hidden() && !session.open.pending().get_untracked() {
                    restores.poll();
                    listings.load_old();
                }
            });
            on_cleanup(move || listener.remove());
        }
    }
}
