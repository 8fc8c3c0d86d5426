//! What the companion calls by itself: a person's data, handed out and erased, and "Test connection".

use crate::{
    app::App,
    http::{error::ApiResult, request::somebody},
};
use courseferry_api::{ErrorCode, UserId};
use courseferry_store::Export;
use serde::{Deserialize, Serialize};

/// Whose data.
#[derive(Debug, Serialize, Deserialize)]
pub struct Person {
    #[serde(deserialize_with = "somebody")]
    userid: UserId,
}

/// `POST /api/privacy/export`.
pub async fn export(app: &App, person: Person) -> ApiResult<Export> {
    Ok(app.store.export(person.userid).await?)
}

/// `POST /api/privacy/erase`.
pub async fn erase(app: &App, person: Person) -> ApiResult<Person> {
    app.store.erase(person.userid, app.now).await?;
    Ok(person)
}

/// Body of `POST /api/companion/check`.
#[derive(Debug, Deserialize)]
pub struct Caller {
    wwwroot: String,
}

/// What a companion that is connected learns.
#[derive(Debug, Serialize)]
pub struct Connected {
    ok: bool,
    worker: String,
}

/// `POST /api/companion/check`: the key fits already; does the address?
pub fn check(app: &App, caller: Caller) -> ApiResult<Connected> {
    if caller.wwwroot != app.config.settings.client_wwwroot {
        return Err(ErrorCode::ClientWrongAddress.into());
    }
    Ok(Connected { ok: true, worker: app.config.settings.worker_origin.clone() })
}
