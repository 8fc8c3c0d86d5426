//! Who did what. Lines are only ever added; the clean-up takes them away when their time is over.

use crate::{App, refusal::Reply, session::Visitor};
use courseferry_api::{AuditEntry, JobId, RemoteId};
use worker::console_error;

impl App {
    /// A line about what a visitor did: `ok`, or the code of what stood against it.
    pub fn line(
        &self,
        visitor: &Visitor,
        action: &str,
        restore: Option<&JobId>,
        remote: Option<&RemoteId>,
        outcome: &str,
    ) -> AuditEntry {
        AuditEntry {
            at: self.now,
            user: visitor.id(),
            user_name: visitor.account().name.clone(),
            acting: visitor.acting.as_ref().map(|actor| actor.preferred_username.clone()),
            acting_id: visitor.acting_id(),
            action: action.to_owned(),
            restore: restore.map(ToString::to_string),
            remote: remote.map(ToString::to_string),
            outcome: outcome.to_owned(),
            request: self.request_id.clone(),
            times: 1,
        }
    }

    /// Writes one line about an action, whatever came of it, and hands its outcome on.
    pub async fn audited<T>(
        &self,
        visitor: &Visitor,
        action: &str,
        restore: Option<&JobId>,
        remote: Option<&RemoteId>,
        outcome: Reply<T>,
    ) -> Reply<T> {
        let word = outcome.as_ref().err().map_or("ok", |refusal| refusal.code.as_str());
        let line = self.line(visitor, action, restore, remote, word);
        // What was done is done: that it could not be noted must not read as its failure.
        if let Err(error) = self.store.note(&[line]).await {
            console_error!("{} audit of {action}: {error}", self.request_id);
        }
        outcome
    }
}

/// The header of the CSV file.
pub const HEADER: &str = "at,user,user_name,acting,acting_id,action,restore,remote,outcome,request,times\r\n";

/// One line of the CSV file.
pub fn csv(entry: &AuditEntry) -> String {
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
