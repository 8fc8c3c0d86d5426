//! People by name; and of one person why they can or cannot restore somewhere, and the end of their sessions.

use crate::{
    app::App,
    auth::{audit, people, rights::Rights, session::CurrentUser},
    http::error::{ApiError, ApiResult},
};
use courseferry_api::{
    AuditEntry, ErrorCode, ExplainPersonQuery, Explained, FoundPerson, People, PeopleSearch, Revocation,
    companion::KnownPerson,
};
use courseferry_ferry::Failure;

/// `POST /api/manage/people`: who is called so?
pub async fn find(app: &App, user: &CurrentUser, body: PeopleSearch) -> ApiResult<People> {
    let found = people::search(app, user.id(), &body.search).await?;
    let person = |person: KnownPerson| FoundPerson { id: person.id, name: person.fullname, identity: person.identity };
    Ok(People { people: found.people.into_iter().map(person).collect(), more: found.more })
}

/// `GET /api/manage/explain`: why can or can't this person restore there?
pub async fn explain(app: &App, user: &CurrentUser, query: ExplainPersonQuery) -> ApiResult<Explained> {
    let language = user.account().language();
    let rights = match Rights::fresh(app, query.user).await {
        Ok(rights) => rights,
        Err(Failure { code: code @ (ErrorCode::UserInactive | ErrorCode::ClientUserUnknown), .. }) => {
            return Ok(Explained { allowed: false, sentences: vec![code.sentence(language).to_owned()] });
        }
        Err(failure) => return Err(failure.into()),
    };
    let mut sentences = Vec::new();
    let restore = rights.explain(query.category, &user.rights);
    let allowed = restore.is_ok() && rights.may_see_widget();
    match restore {
        Ok(restore) => sentences.extend(restore.incomplete),
        Err(reason) => sentences.push(reason),
    }
    sentences.extend(rights.widget_refused(&user.rights));
    Ok(Explained { allowed, sentences })
}

/// `POST /api/manage/revoke`: every session of a person ends.
pub async fn revoke(app: &App, user: &CurrentUser, body: Revocation) -> ApiResult<Revocation> {
    // Sessions that began in this very second end too.
    let done = app.store.revoke(body.user, app.now.plus(1)).await.map_err(ApiError::from);
    // If the client does not answer, the line has the person's number instead of the name.
    let name = Rights::fresh(app, body.user).await.ok().map(|rights| rights.account.name);
    let line = app.line(user, "manage.revoked", None, None, audit::word(&done));
    app.note(&[AuditEntry { for_id: Some(body.user), for_name: name, ..line }]).await;
    done.map(|()| body)
}
