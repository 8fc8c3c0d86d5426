//! Who did what: a page at a time, and as a file.

use crate::{
    app::App,
    auth::session::CurrentUser,
    http::{error::ApiResult, response::sealed},
};
use courseferry_api::{AuditEntry, AuditPage, AuditQuery};
use worker::Response;

/// Pages of the audit that the file holds at the most: 50,000 lines.
const PAGES: u32 = 500;

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

/// `GET /api/manage/audit.csv`.
pub async fn file(app: &App) -> ApiResult<Response> {
    let mut file = HEADER.to_owned();
    for page in 0..PAGES {
        let (_, entries) = app.store.audit(page).await?;
        if entries.is_empty() {
            break;
        }
        file.extend(entries.iter().map(csv));
    }
    let response = sealed(Response::from_bytes(file.into_bytes())?)?;
    response.headers().set("Content-Type", "text/csv; charset=utf-8")?;
    response.headers().set("Content-Disposition", "attachment; filename=\"courseferry-audit.csv\"")?;
    Ok(response)
}

/// The header of the CSV file.
const HEADER: &str = "at,user,user_name,acting,acting_id,action,restore,remote,outcome,request,times\r\n";

/// One line of the CSV file.
fn csv(entry: &AuditEntry) -> String {
    let none = String::new();
    let fields = [
        &entry.at.0.to_string(),
        &entry.user.to_string(),
        &entry.user_name,
        entry.acting.as_ref().unwrap_or(&none),
        &entry.acting_id.map_or_else(String::new, |id| id.to_string()),
        &entry.action,
        entry.restore.as_ref().unwrap_or(&none),
        entry.remote.as_ref().unwrap_or(&none),
        &entry.outcome,
        &entry.request,
        &entry.times.to_string(),
    ];
    let line: Vec<String> = fields.iter().map(|field| cell(field)).collect();
    line.join(",") + "\r\n"
}

/// A quoted cell that no spreadsheet takes for a formula.
fn cell(text: &str) -> String {
    let number = text.parse::<i64>().is_ok();
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !number;
    format!("\"{}{}\"", if formula { "'" } else { "" }, text.replace('"', "\"\""))
}
