//! What the most frequent answers are made from, read together with what is known of the session's user: one call of the
//! database less, where the request itself says which rows those are.

use crate::{app::App, http::error::ApiResult};
use courseferry_api::{RemoteId, Route, UserId};
use courseferry_store::{Listing, OwnRestores, Query, queries};

/// A person's restores that are shown at once.
const SHOWN: u32 = 500;

/// Somebody's restores, as many as are shown at once.
pub fn own_restores(user: UserId) -> Query<OwnRestores> {
    queries::restores_of(user, SHOWN)
}

/// What was read before it was known that the session still counts. Nobody sees it if it does not.
pub enum Prefetched {
    Nothing,
    Restores(OwnRestores),
    /// The user's cached list of a remote's courses.
    Listing(Option<Listing>),
}

impl Prefetched {
    /// What a route's answer to this user is made from.
    pub fn query(route: &Route, user: UserId) -> Query<Self> {
        match route {
            Route::GetHome(_) | Route::ListRestores(_) => own_restores(user).map(Self::Restores),
            Route::ListCourses(of) => queries::listing(user, &of.remote).map(Self::Listing),
            _ => Query::nothing().map(|()| Self::Nothing),
        }
    }

    /// Somebody's restores; read now unless they were.
    pub async fn restores(self, app: &App, user: UserId) -> ApiResult<OwnRestores> {
        match self {
            Self::Restores(restores) => Ok(restores),
            _ => Ok(app.store.ask(own_restores(user)).await?),
        }
    }

    /// Somebody's cached list; read now unless it was.
    pub async fn listing(self, app: &App, user: UserId, remote: &RemoteId) -> ApiResult<Option<Listing>> {
        match self {
            Self::Listing(listing) => Ok(listing),
            _ => Ok(app.store.ask(queries::listing(user, remote)).await?),
        }
    }
}
