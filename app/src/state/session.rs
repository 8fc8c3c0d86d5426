//! The current user: who they are, what they may do, and whether the Worker can be reached.

use crate::api::{Api, ApiError, Place, computer_time};
use crate::i18n::I18n;
use courseferry_api::{CourseList, GetHome, Home, Remote, Restores, UnixTime};
use leptos::prelude::*;
use std::sync::Arc;

/// The current user's session; a handle that is cheap to copy.
#[derive(Clone, Copy)]
pub struct Session {
    api: Api,
    i18n: I18n,
    place: StoredValue<Place>,
    /// Opens the session; again after a failure.
    pub open: Action<(), Result<(), ApiError>>,
    known: Known,
    /// By how many seconds the Worker's clock is ahead of the computer's.
    ahead: RwSignal<i64>,
}

/// What the Worker has said of the current user.
#[derive(Clone, Copy, Default)]
struct Known {
    home: RwSignal<Option<Arc<Home>>>,
    restores: RwSignal<Option<Restores>>,
    /// When that was, by the computer's clock.
    at: StoredValue<UnixTime>,
}

impl Session {
    pub fn new(api: Api, i18n: I18n, place: Place) -> Self {
        let known = Known::default();
        let open = Action::new_local(move |()| async move {
            if let Some(home) = api.open().await? {
                known.take(home, i18n);
            }
            Ok(())
        });
        Self { api, i18n, place: StoredValue::new(place), open, known, ahead: RwSignal::new(0) }
    }

    /// Asks for the home anew.
    pub async fn refresh(self) -> Result<(), ApiError> {
        let home = self.api.get(GetHome, &()).await?;
        self.known.take(home, self.i18n);
        Ok(())
    }

    /// Seconds since the home was asked for.
    pub fn home_age(self) -> i64 {
        computer_time().since(self.known.at.get_value())
    }

    /// Everything but restores, once the session is open.
    pub fn home(self) -> RwSignal<Option<Arc<Home>>> {
        self.known.home
    }

    /// The restores that came with the home.
    pub fn brought(self) -> Option<Restores> {
        self.known.restores.get()
    }

    /// The home, while the session is open.
    pub fn with_home<T>(self, look: impl FnOnce(&Home) -> T) -> Option<T> {
        self.known.home.with(|home| home.as_deref().map(look))
    }

    /// The Worker's clock now.
    pub fn present(self) -> UnixTime {
        computer_time().plus(self.ahead.get_untracked())
    }

    /// The Worker has said what time it is.
    pub fn set_clock(self, now: UnixTime) {
        self.ahead.set(now.since(computer_time()));
        self.i18n.set_now(now);
    }

    /// Since when the connection is lost.
    pub fn lost(self) -> Option<UnixTime> {
        self.api.connection.lost.get().map(|at| at.plus(self.ahead.get()))
    }

    /// The current user is no longer logged in to Moodle.
    pub fn logged_out(self) -> bool {
        self.api.connection.logged_out.get()
    }

    /// The address of the full page.
    pub fn page(self) -> String {
        self.place.with_value(|place| place.page.clone())
    }

    /// Moodle's address.
    pub fn wwwroot(self) -> String {
        self.place.with_value(|place| place.wwwroot.clone())
    }

    /// With its first list a remote tells its site name and what it can do; until then the home knew its host alone.
    pub fn learn_remote(self, list: &CourseList) {
        let mut home = self.known.home.get_untracked();
        let remotes = home.iter_mut().flat_map(|home| Arc::make_mut(home).remotes.iter_mut());
        let has_news = |remote: &&mut Remote| {
            let abilities = list.abilities.is_some() && remote.abilities != list.abilities;
            remote.id == list.remote && (remote.name != list.name || abilities)
        };
        let learned = remotes.filter(has_news).map(|remote| {
            remote.name.clone_from(&list.name);
            remote.abilities = list.abilities.or(remote.abilities);
        });
        if learned.count() > 0 {
            self.known.home.set(home);
        }
    }
}

impl Known {
    fn take(self, mut home: Home, i18n: I18n) {
        let earlier = self.home.with_untracked(|old| old.as_ref().map(|old| (old.me.id, old.me.time_zone.clone())));
        if earlier.as_ref().is_some_and(|(id, _)| *id != home.me.id) {
            // Somebody else has logged in on this computer: nothing of the earlier user may stay on screen.
            let _ = window().location().reload();
            return;
        }
        if earlier.is_none_or(|(_, zone)| zone != home.me.time_zone) {
            i18n.set_time_zone(&[&home.me.time_zone, &home.window.time_zone]);
        }
        self.at.set_value(computer_time());
        let restores = std::mem::take(&mut home.restores);
        self.restores.set(Some(Restores { now: home.now, paused: home.paused, restores }));
        self.home.set(Some(Arc::new(home)));
    }
}
