//! What the companion calls by itself: a person's data, handed out and erased, and "Test connection".

use crate::{adapters::client::require_block, app::App, http::error::ApiResult};
use courseferry_api::{Connection, ConnectionCheck, ErrorCode, PersonRequest};
use courseferry_store::Export;

/// `POST /api/privacy/export`.
pub async fn export(app: &App, person: PersonRequest) -> ApiResult<Export> {
    Ok(app.store.export(person.userid).await?)
}

/// `POST /api/privacy/erase`.
pub async fn erase(app: &App, person: PersonRequest) -> ApiResult<PersonRequest> {
    app.store.erase(person.userid, app.now).await?;
    Ok(person)
}

/// `POST /api/companion/check`: the token was accepted, so the key fits; compares the address too, and the versions.
pub fn check(app: &App, caller: ConnectionCheck) -> ApiResult<Connection> {
    if caller.wwwroot != app.settings.client_wwwroot {
        return Err(ErrorCode::ClientWrongAddress.into());
    }
    if !caller.version.is_empty() {
        require_block(&caller.version)?;
    }
    Ok(Connection { ok: true, worker: app.settings.worker_origin.clone() })
}
