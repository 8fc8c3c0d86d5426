//! `POST /api/session`: a launch token, once, for a session, and the first screen with it.

use crate::{
    api::{home, prefetched::own_restores},
    app::App,
    auth::session,
    http::{error::ApiResult, request::RequestContext},
};
use courseferry_api::{Session, SessionRequest};

/// Opens a session.
pub async fn open(app: &App, request: &RequestContext, body: SessionRequest) -> ApiResult<Session> {
    let (opened, own) = session::open(app, request, &body, own_restores).await?;
    Ok(Session { token: opened.token, expires: opened.expires, home: home::show(app, &opened.user, own).await? })
}
