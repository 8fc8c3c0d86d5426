//! The remotes' lists of the current user's courses. Each loads and fails by itself, and is asked for when it is first
//! shown.

use super::session::Session;
use crate::api::{Api, ApiError, computer_time};
use crate::logic::courses::RemoteCourses;
use crate::logic::search::fold;
use courseferry_api::{EnrolAnswer, JobId, ListCourses, RefreshQuery, RemoteId, UnixTime};
use leptos::prelude::*;
use std::sync::Arc;

/// A list older than this many seconds is asked for again when the page is looked at again.
const MAX_AGE: i64 = 900;

/// One remote's list; a handle that is cheap to copy.
#[derive(Clone, Copy)]
pub struct Listing {
    /// What it listed last.
    pub courses: RwSignal<Option<Arc<RemoteCourses>>>,
    /// Asks for it: from the current user's cache and then from the remote if that is old, or (`true`) from the remote at
    /// once.
    load: Action<bool, Result<(), ApiError>>,
    /// When it was asked for last, by the computer's clock.
    asked: StoredValue<UnixTime>,
}

/// All lists; a handle that is cheap to copy.
#[derive(Clone, Copy)]
pub struct Listings {
    api: Api,
    session: Session,
    owner: StoredValue<Owner>,
    known: StoredValue<Vec<(RemoteId, Listing)>>,
}

impl Listings {
    /// No list is known yet.
    pub fn new(api: Api, session: Session) -> Self {
        let owner = StoredValue::new(Owner::current().unwrap_or_default());
        Self { api, session, owner, known: StoredValue::default() }
    }

    /// The list of a remote; the first call asks for it.
    pub fn of(self, remote: &RemoteId) -> Listing {
        let known =
            self.known.with_value(|known| known.iter().find(|(id, _)| id == remote).map(|(_, listing)| *listing));
        known.unwrap_or_else(|| {
            // Lists outlive the widget that was the first to show them.
            let listing = self.owner.get_value().with(|| Listing::new(self.api, self.session, remote.clone()));
            self.known.update_value(|known| known.push((remote.clone(), listing)));
            listing.load(false);
            listing
        })
    }

    /// Asks for every list again that is shown.
    pub fn load_known(self) {
        self.known.with_value(|known| known.iter().for_each(|(_, listing)| listing.load(false)));
    }

    /// Asks for the old ones again.
    pub fn load_old(self) {
        let is_old = |listing: &Listing| computer_time().since(listing.asked.get_value()) > MAX_AGE;
        let load = |(_, listing): &(_, Listing)| {
            if is_old(listing) {
                listing.load(false);
            }
        };
        self.known.with_value(|known| known.iter().for_each(load));
    }
}

impl Listing {
    fn new(api: Api, session: Session, remote: RemoteId) -> Self {
        let courses = RwSignal::new(None::<Arc<RemoteCourses>>);
        let ask = move |remote: RemoteId, refresh: bool| async move {
            let list = api.get(ListCourses { remote }, &RefreshQuery { refresh }).await?;
            session.learn_remote(&list);
            let list = RemoteCourses::new(list, fold);
            let stale = list.stale;
            courses.set(Some(Arc::new(list)));
            Ok(stale)
        };
        let load = Action::new_local(move |fresh: &bool| {
            let (remote, fresh) = (remote.clone(), *fresh);
            async move {
                if fresh || ask(remote.clone(), false).await? {
                    ask(remote, true).await?;
                }
                Ok(())
            }
        });
        Self { courses, load, asked: StoredValue::new(UnixTime::default()) }
    }

    /// Asks for it, unless that is being done.
    pub fn load(self, fresh: bool) {
        if !self.load.pending().get_untracked() {
            self.asked.set_value(computer_time());
            self.load.dispatch(fresh);
        }
    }

    /// It is being asked for.
    pub fn is_loading(self) -> bool {
        self.load.pending().get()
    }

    /// Why it could not be had, if that was the last answer.
    pub fn error(self) -> Option<ApiError> {
        if self.is_loading() { None } else { self.load.value().get()?.err() }
    }

    /// The current user is enrolled now in what `job` made; the Worker's list says the same when it is loaded next.
    pub fn enrolled(self, job: &JobId, answer: &EnrolAnswer) {
        let courses = self.courses.get_untracked().map(|courses| Arc::new(courses.enrolled(job, answer)));
        self.courses.set(courses);
    }
}
