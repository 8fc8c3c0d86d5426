//! What arrived of an addition that was interrupted: its owner sees it by name, and has it removed or keeps it.
//!
//! The companion decides and does it. Removing takes until Moodle's cron has run, so whoever looks again afterwards
//! learns of it.

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
    ErrorCode, JobId, Restore,
    companion::{Arrived, Decision, DecisionState},
};
use courseferry_ferry::{Progress, RestoreRow, State};
use courseferry_moodle::Call;
use courseferry_store::AboutArrived;

/// `GET /api/restores/{id}/arrived`.
pub async fn list(app: &App, user: &CurrentUser, id: &JobId) -> ApiResult<Arrived> {
    partly_added(app, user, id).await?;
    let mut list = fetch::call(app.config.companion.get_arrived(id, user.id()), fetch::PATIENCE).await?;
    if list.arrived.is_empty() {
        learn(app, user, id).await?;
    }
    for part in &mut list.arrived {
        part.name = user.rights.plain(&part.name);
    }
    Ok(list)
}

/// `POST /api/restores/{id}/arrived/remove`.
pub async fn remove(app: &App, user: &CurrentUser, id: &JobId) -> ApiResult<Restore> {
    let outcome = decide(app, user, id, app.config.companion.remove_arrived(id, user.id())).await;
    app.audited(user, "restore.arrived_removed", Some(id), None, outcome).await
}

/// `POST /api/restores/{id}/arrived/keep`.
pub async fn keep(app: &App, user: &CurrentUser, id: &JobId) -> ApiResult<Restore> {
    let outcome = decide(app, user, id, app.config.companion.keep_arrived(id, user.id())).await;
    app.audited(user, "restore.arrived_kept", Some(id), None, outcome).await
}

async fn decide(app: &App, user: &CurrentUser, id: &JobId, call: Call<Decision>) -> ApiResult<Restore> {
    let row = partly_added(app, user, id).await?;
    let answer = fetch::call(call, fetch::PATIENCE).await?;
    match answer.state {
        DecisionState::Refused => return Err(held_back(user.account().language(), &answer)),
        DecisionState::Possible | DecisionState::Queued => {}
        DecisionState::Done => {
            if let Some(restore) = learn(app, user, id).await? {
                return Ok(restore);
            }
        }
    }
    shown(app, &user.rights, &row).await
}

/// The restore as its owner's decision left it, if it is carried out.
async fn learn(app: &App, user: &CurrentUser, id: &JobId) -> ApiResult<Option<Restore>> {
    let answer = fetch::call(app.config.companion.get_restores([id]), fetch::PATIENCE).await?;
    let Some(decided) = answer.restores.into_iter().find(|progress| progress.job == *id).and_then(carried_out) else {
        return Ok(None);
    };
    let change = app.store.decided_about_arrived(id, user.id(), &decided, app.now).await?;
    changed(app, &user.rights, change).await.map(Some)
}

fn carried_out(progress: Progress) -> Option<AboutArrived> {
    match (progress.state, progress.error) {
        (State::Complete | State::PartiallyRestored, _) => Some(AboutArrived::Kept(progress.warnings)),
        (State::Failed, Some(ErrorCode::ClientArrivedRemoved)) => Some(AboutArrived::Removed(progress.error_detail)),
        _ => None,
    }
}

/// The current user's own restore, if there is something to decide about.
async fn partly_added(app: &App, user: &CurrentUser, id: &JobId) -> ApiResult<RestoreRow> {
    let row = app.store.restore(id, Some(user.id())).await?.ok_or(ErrorCode::RestoreNotFound)?;
    if row.is_partly_added() { Ok(row) } else { Err(ErrorCode::RestoreChanged.into()) }
}
