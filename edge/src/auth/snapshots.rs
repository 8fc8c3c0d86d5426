//! The client Moodle's two snapshots: the site's, kept in the database and in the instance by its version, and a
//! user's. The client is asked again whenever the two do not belong together.

use crate::{adapters::fetch, app::App};
use courseferry_access::{Assignment, ClientSite, SiteSnapshot, UserSnapshot};
use courseferry_api::{ErrorCode, UnixTime, UserId};
use courseferry_ferry::Failure;
use courseferry_store::Cached;
use serde::{Deserialize, Serialize};
use std::{cell::RefCell, rc::Rc};

thread_local! {
    static SITE: RefCell<Option<Rc<ClientSite>>> = const { RefCell::new(None) };
}

/// The site, of the version that something else belongs to (empty: whatever is known).
pub async fn site(app: &App, wanted: &str) -> Result<Rc<ClientSite>, Failure> {
    // A version names its content, so that one which this instance has need not be asked for.
    if let Some(site) = in_instance(wanted) {
        return Ok(site);
    }
    let stored = app.store.site_version().await?.map(|(version, _)| version).unwrap_or_default();
    if !(wanted.is_empty() || wanted == stored) {
        return refresh(app, &stored).await;
    }
    stored_site(app, &stored).await
}

/// The site of the version that the database has (empty: it has none yet).
pub async fn stored_site(app: &App, stored: &str) -> Result<Rc<ClientSite>, Failure> {
    if stored.is_empty() {
        return refresh(app, stored).await;
    }
    match in_instance(stored) {
        Some(site) => Ok(site),
        None => from_database(app).await,
    }
}

/// The site of this version, if this instance has it.
fn in_instance(version: &str) -> Option<Rc<ClientSite>> {
    SITE.with_borrow(Clone::clone).filter(|site| site.version() == version)
}

/// The site as the client tells it now, if that is not the known version any more.
pub async fn refresh(app: &App, known: &str) -> Result<Rc<ClientSite>, Failure> {
    let answer = fetch::call(app.config.companion.get_site_access(known), fetch::PATIENCE).await?;
    let Some(snapshot) = answer.snapshot.filter(|_| !answer.unchanged) else {
        app.store.confirm_site(known, app.now).await?;
        return from_database(app).await;
    };
    let body = serde_json::to_string(&snapshot).map_err(|error| unexpected(&error))?;
    let cached = Cached { version: answer.version, as_of: app.now, body };
    app.store.keep_site(&cached).await?;
    let facts = &snapshot.site;
    app.store.name_peer(None, &facts.sitename, &facts.release).await?;
    read(cached)
}

async fn from_database(app: &App) -> Result<Rc<ClientSite>, Failure> {
    read(app.store.site().await?.ok_or(ErrorCode::ClientUnexpected)?)
}

/// A user as the client knows them now; a suspended or deleted one is refused.
pub async fn user(app: &App, user: UserId) -> Result<UserSnapshot, Failure> {
    let account = fetch::call(app.config.companion.get_user_access(user), fetch::PATIENCE).await?;
    match account.require_active() {
        Ok(()) => Ok(account),
        Err(inactive) => Err(Failure::new(ErrorCode::UserInactive, inactive.to_string())),
    }
}

/// What is kept of a user between two questions to the client.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KnownRoles {
    /// Their roles at system and category level.
    pub assignments: Vec<Assignment>,
    /// They have a course here to which they may add.
    #[serde(default)]
    pub targetcourses: bool,
}

/// Keeps the roles that the client has just given for a user.
pub async fn keep_roles(app: &App, user: UserId, roles: &KnownRoles) -> Result<(), Failure> {
    let roles = serde_json::to_string(roles).map_err(|error| unexpected(&error))?;
    Ok(app.store.keep_user(user, app.now, &roles).await?)
}

/// The roles that a user had when the client was last asked about them, and when that was.
pub fn known_roles(known: &Cached) -> Option<(UnixTime, KnownRoles)> {
    Some((known.as_of, serde_json::from_str(&known.body).ok()?))
}

fn read(cached: Cached) -> Result<Rc<ClientSite>, Failure> {
    let snapshot: SiteSnapshot = serde_json::from_str(&cached.body).map_err(|error| unexpected(&error))?;
    let site = Rc::new(ClientSite::new(SiteSnapshot { version: cached.version, ..snapshot }));
    SITE.set(Some(Rc::clone(&site)));
    Ok(site)
}

fn unexpected(error: &serde_json::Error) -> Failure {
    Failure::new(ErrorCode::ClientUnexpected, error.to_string())
}
