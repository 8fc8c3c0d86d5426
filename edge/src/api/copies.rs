//! "Remove this copy": the owner of a restored course puts it back, as long as nobody has worked in it.
//!
//! The companion judges and removes. That it was asked is written before it is asked: if its answer is lost, the row says
//! so, and whoever looks again, or the next tick, learns what became of it.

use crate::{
    adapters::fetch,
    api::{
        decisions::held_back,
        restores::{changed, shown},
    },
    app::App,
    auth::session::CurrentUser,
    http::error::ApiResult,
};
use courseferry_api::{
    CopyAnswer, ErrorCode, JobId, Repeat, Restore, Status,
    companion::{Decision, DecisionState},
};
use courseferry_ferry::RestoreRow;
use courseferry_store::CopyNews;

/// `GET /api/restores/{id}/copy`.
pub async fn look(app: &App, user: &CurrentUser, id: &JobId) -> ApiResult<CopyAnswer> {
    let row = restored(app, user, id).await?;
    if row.gone {
        return Ok(CopyAnswer { restore: shown(app, &user.rights, &row).await?, obstacle: None });
    }
    let answer = fetch::call(app.config.companion.get_copy(id, user.id()), fetch::PATIENCE).await?;
    let restore = learn(app, user, &row, &answer).await?;
    let language = user.account().language();
    let is_refused = answer.state == DecisionState::Refused;
    Ok(CopyAnswer { restore, obstacle: is_refused.then(|| held_back(language, &answer).problem(language)) })
}

/// `POST /api/restores/{id}/copy/remove`.
pub async fn remove(app: &App, user: &CurrentUser, id: &JobId) -> ApiResult<Restore> {
    let outcome = remove_now(app, user, id).await;
    app.audited(user, "restore.copy_removed", Some(id), None, outcome).await
}

async fn remove_now(app: &App, user: &CurrentUser, id: &JobId) -> ApiResult<Restore> {
    let row = restored(app, user, id).await?;
    if row.gone {
        // A second press is no error.
        return shown(app, &user.rights, &row).await;
    }
    let asked = app.store.copy_news(id, user.id(), CopyNews::Asked, app.now).await?;
    changed(app, &user.rights, asked).await?;
    let answer = match fetch::call(app.config.companion.remove_copy(id, user.id()), fetch::PATIENCE).await {
        Ok(answer) => answer,
        Err(failure) => {
            if failure.code.repeat() != Repeat::Automatic {
                // Moodle answered, so nothing was done.
                app.store.copy_news(id, user.id(), CopyNews::Stays, app.now).await?;
            }
            return Err(failure.into());
        }
    };
    let restore = learn(app, user, &row, &answer).await?;
    match answer.state {
        DecisionState::Refused => Err(held_back(user.account().language(), &answer)),
        DecisionState::Possible | DecisionState::Queued | DecisionState::Done => Ok(restore),
    }
}

/// Writes what the companion says.
async fn learn(app: &App, user: &CurrentUser, row: &RestoreRow, answer: &Decision) -> ApiResult<Restore> {
    let news = match answer.state {
        DecisionState::Queued => CopyNews::Asked,
        DecisionState::Done => CopyNews::Gone,
        DecisionState::Possible | DecisionState::Refused => CopyNews::Stays,
    };
    changed(app, &user.rights, app.store.copy_news(&row.id, user.id(), news, app.now).await?).await
}

/// The current user's own restore that made a course.
async fn restored(app: &App, user: &CurrentUser, id: &JobId) -> ApiResult<RestoreRow> {
    let row = app.store.restore(id, Some(user.id())).await?.ok_or(ErrorCode::RestoreNotFound)?;
    if row.status == Status::Restored && row.restored.is_some() && row.options.target_course.is_none() {
        Ok(row)
    } else {
        Err(ErrorCode::RestoreChanged.into())
    }
}
