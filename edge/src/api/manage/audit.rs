//! Who did what: a page at a time, and as a file.

use crate::{
    app::App,
    auth::session::CurrentUser,
    http::{error::ApiResult, response::attachment},
    peers::Names,
};
use courseferry_api::{
    AuditEntry, AuditFileQuery, AuditLine, AuditPage, AuditQuery, CourseId, ErrorCode, JobId, Problem, RemoteId,
    UnixTime, UserId, audit_words, csv,
};
use futures::stream::try_unfold;
use worker::Response;

/// Lines that are read, and held, at once.
const CHUNK: u32 = 1_000;

/// `GET /api/manage/audit`: in words, with names instead of numbers.
pub async fn page(app: &App, user: &CurrentUser, query: AuditQuery) -> ApiResult<AuditPage> {
    let (total, entries) = app.store.audit(query.page).await?;
    let restores: Vec<&str> = entries.iter().filter_map(|entry| entry.restore.as_deref()).collect();
    let named = app.store.named(&restores).await?;
    let words = Words { app, user, names: Names::of_all(app).await?, named };
    Ok(AuditPage { total, entries: entries.into_iter().map(|entry| words.line(entry)).collect() })
}

/// The names of what the audit's ids stand for.
struct Words<'a> {
    app: &'a App,
    user: &'a CurrentUser,
    names: Names,
    named: Vec<(JobId, String, Option<CourseId>)>,
}

impl Words<'_> {
    fn line(&self, mut entry: AuditEntry) -> AuditLine {
        let language = self.user.account().language();
        if entry.user != UserId(0) {
            entry.user_name = String::from(language.person(&entry.user_name));
        }
        let for_whom = entry.for_name.as_deref().map(|name| language.person(name).to_owned());
        entry.for_name = for_whom.or_else(|| entry.for_id.map(|id| id.to_string()));
        entry.acting = entry.acting.as_deref().map(|name| language.person(name).to_owned());
        let known = self.named.iter().find(|(id, ..)| Some(id.as_str()) == entry.restore.as_deref());
        let remote = entry.remote.as_deref().and_then(|remote| remote.parse::<RemoteId>().ok());
        let remote_name = remote.as_ref().map(|remote| self.names.of(remote, &self.user.account().locale));
        let code = entry.outcome.parse::<ErrorCode>().ok();
        let problem = code.map(|code| {
            let name = remote_name.as_deref().unwrap_or_default();
            Problem::for_administrator(code, language, name, &self.app.config.address(remote.as_ref()), "", true)
        });
        AuditLine {
            deed: audit_words(&entry.action, language),
            course: known.map(|(_, course, _)| course.clone()),
            link: known.and_then(|(.., course)| *course).map(|course| self.app.config.course_link(course)),
            remote_name,
            problem,
            entry,
        }
    }
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
    attachment("courseferry-audit.csv", Response::from_stream(lines)?)
}

const HEADER: [&str; 13] = [
    "at",
    "user",
    "user_name",
    "acting",
    "acting_id",
    "action",
    "restore",
    "remote",
    "outcome",
    "request",
    "times",
    "for",
    "for_name",
];

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
        &entry.for_id.map_or_else(String::new, |id| id.to_string()),
        entry.for_name.as_deref().unwrap_or_default(),
    ])
}
