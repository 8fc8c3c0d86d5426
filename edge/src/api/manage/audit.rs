//! Who did what: a page at a time, and as a file.

use crate::{
    app::App,
    auth::session::CurrentUser,
    http::{error::ApiResult, response::sealed},
};
use courseferry_api::{AuditEntry, AuditFileQuery, AuditPage, AuditQuery, UnixTime, csv};
use futures::stream::try_unfold;
use worker::Response;

/// Lines that are read, and held, at once.
const CHUNK: u32 = 1_000;

/// `GET /api/manage/audit`.
pub async fn page(app: &App, user: &CurrentUser, query: AuditQuery) -> ApiResult<AuditPage> {
    let language = user.account().language();
    let (total, mut entries) = app.store.audit(query.page).await?;
    for entry in &mut entries {
        entry.user_name = language.person(&entry.user_name).to_owned();
        entry.acting = entry.acting.as_deref().map(|name| language.person(name).to_owned());
    }
    Ok(AuditPage { total, entries })
}

/// `GET /api/manage/audit.csv`: every line of the time asked for, oldest first, sent while it is read.
pub fn file(app: &App, query: AuditFileQuery) -> ApiResult<Response> {
    let store = app.store.clone();
    let (from, to) = (query.from.unwrap_or(UnixTime(0)), query.to.unwrap_or(UnixTime(i64::MAX)));
    let lines = try_unfold(Some(0), move |after| {
        let store = store.clone();
        async move {
            let Some(after) = after else { return Ok(None) };
            let entries = store.audit_after(after, from, to, CHUNK).await;
            let entries = entries.map_err(|error| worker::Error::RustError(error.to_string()))?;
            let header = if after == 0 { csv::line(HEADER) } else { String::new() };
            let text: String = std::iter::once(header).chain(entries.iter().map(|(_, entry)| line(entry))).collect();
            Ok::<_, worker::Error>(Some((text, entries.last().map(|(line, _)| *line))))
        }
    });
    let response = sealed(Response::from_stream(lines)?)?;
    response.headers().set("Content-Type", "text/csv; charset=utf-8")?;
    response.headers().set("Content-Disposition", "attachment; filename=\"courseferry-audit.csv\"")?;
    Ok(response)
}

const HEADER: [&str; 11] =
    ["at", "user", "user_name", "acting", "acting_id", "action", "restore", "remote", "outcome", "request", "times"];

fn line(entry: &AuditEntry) -> String {
    csv::line([
        entry.at.0.to_string().as_str(),
        &entry.user.to_string(),
        &entry.user_name,
        entry.acting.as_deref().unwrap_or_default(),
        &entry.acting_id.map_or_else(String::new, |id| id.to_string()),
        &entry.action,
        entry.restore.as_deref().unwrap_or_default(),
        entry.remote.as_deref().unwrap_or_default(),
        &entry.outcome,
        &entry.request,
        &entry.times.to_string(),
    ])
}
