//! `POST /api/session`: a launch token, once, for a session, and the first screen with it.

use crate::{
    api::{home, prefetched::Prefetched},
    app::App,
    auth::session,
    http::{error::ApiResult, request::RequestContext},
};
use courseferry_api::{Session, SessionRequest};

/// Opens a session.
pub async fn open(app: &App, request: &RequestContext, body: SessionRequest) -> ApiResult<Session> {
    let opened = session::open(app, request, &body).await?;
    let own = Prefetched::Nothing.restores(app, opened.user.id()).await?;
    Ok(Session { token: opened.token, expires: opened.expires, home: home::show(app, &opened.user, own).await? })
}
