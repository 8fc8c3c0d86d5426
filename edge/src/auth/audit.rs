//! Who did what. Lines are only ever added; the clean-up takes them away when their time is over.

use crate::{adapters::log::Line, app::App, auth::session::CurrentUser, http::error::ApiResult};
use courseferry_api::{AuditEntry, Choice, JobId, RemoteId, Restore};

impl App {
    /// A line about what a user did: `ok`, or the code of what stood against it.
    pub fn line(
        &self,
        user: &CurrentUser,
        action: &str,
        restore: Option<&JobId>,
        remote: Option<&RemoteId>,
        outcome: &str,
    ) -> AuditEntry {
        AuditEntry {
            at: self.now,
            user: user.id(),
            user_name: user.account().name.clone(),
            acting: user.acting.as_ref().map(|actor| actor.preferred_username.clone()),
            acting_id: user.acting_id(),
            for_id: None,
            for_name: None,
            action: action.to_owned(),
            restore: restore.map(ToString::to_string),
            remote: remote.map(ToString::to_string),
            outcome: outcome.to_owned(),
            request: self.request_id.clone(),
            times: 1,
        }
    }

    /// A line about a course that a user asked for, for themselves or for somebody else.
    pub fn scheduled(
        &self,
        user: &CurrentUser,
        choice: &Choice,
        outcome: &ApiResult<Restore>,
        for_another: bool,
    ) -> AuditEntry {
        let action = match (for_another, choice.options.brings_people()) {
            (true, true) => "restore.scheduled_for_people",
            (true, false) => "restore.scheduled_for",
            (false, true) => "restore.scheduled_people",
            (false, false) => "restore.scheduled",
        };
        let job = outcome.as_ref().ok().map(|restore| &restore.id);
        self.line(user, action, job, Some(&choice.remote), word(outcome))
    }

    /// Writes one line about an action, whatever came of it, and hands its outcome on.
    pub async fn audited<T>(
        &self,
        user: &CurrentUser,
        action: &str,
        restore: Option<&JobId>,
        remote: Option<&RemoteId>,
        outcome: ApiResult<T>,
    ) -> ApiResult<T> {
        self.note(&[self.line(user, action, restore, remote, word(&outcome))]).await;
        outcome
    }

    /// Writes lines, also into the log. An error of the database goes to the log only: the action itself was done and
    /// must not look failed.
    pub async fn note(&self, lines: &[AuditEntry]) {
        for AuditEntry { request, action, restore, remote, acting, outcome, .. } in lines {
            let (action, restore, remote) = (for_log(action), restore.as_deref(), remote.as_deref());
            Line::Audit { request, action, restore, remote, acting: acting.is_some(), outcome }.write();
        }
        if let Err(error) = self.store.note(lines).await {
            let action = lines.first().map_or("", |line| for_log(&line.action));
            let detail = format!("audit of {action}: {error}");
            Line::Error { request: &self.request_id, code: Some(error.code()), detail: &detail }.write();
        }
    }
}

/// An action as the log may have it: without a setting's new value, which somebody typed and which stands after its
/// name.
fn for_log(action: &str) -> &str {
    action.split_once('=').map_or(action, |(action, _)| action)
}

/// What a line says of an outcome: `ok`, or the error's code.
pub fn word<T>(outcome: &ApiResult<T>) -> &'static str {
    outcome.as_ref().err().map_or("ok", |error| error.code.as_str())
}
