//! `GET /api/remotes/{remote}/courses/{course}/contents`: what is in a course, before anything is copied.

use crate::{
    adapters::fetch,
    app::App,
    auth::session::CurrentUser,
    http::error::{ApiError, ApiResult},
    peers::Names,
};
use courseferry_api::{ErrorCode, RemoteCourseId, RemoteId, remote::Contents};

/// Asks the remote, which tells only whoever teaches the course there.
pub async fn show(app: &App, user: &CurrentUser, remote: &RemoteId, course: RemoteCourseId) -> ApiResult<Contents> {
    let names = Names::of_all(app).await?;
    let (account, lends) = (user.account(), names.kind(remote));
    if !lends.is_some_and(|kind| kind.abilities().contents) {
        return Err(ErrorCode::RequestNotFound.into());
    }
    let asked = fetch::call(app.config.remote(remote)?.contents(&account.username, course), fetch::PATIENCE).await;
    let mut contents =
        asked.map_err(|failure| ApiError { remote: names.of(remote, &account.locale), ..failure.into() })?;
    for section in &mut contents.sections {
        section.name = user.rights.plain(&section.name);
        for activity in &mut section.activities {
            activity.name = user.rights.plain(&activity.name);
            activity.kindname = user.rights.plain(&activity.kindname);
        }
    }
    Ok(contents)
}
