//! Rows read back into types. Numbers are doubles in D1 and integers in SQLite: both are taken.

use crate::Row;
use courseferry_api::{
    CategoryId, CourseId, ErrorCode, JobId, Phase, RemoteCourseId, RemoteId, RemoteKind, Status, Target, UnixTime,
    UserId, Warning,
};
use courseferry_ferry::{Actor, Failure, LedgerError, RestoreRow};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A value that does not read as what its column holds.
pub(crate) fn unreadable(column: &str) -> LedgerError {
    LedgerError(format!("column {column} does not read"))
}

pub(crate) fn whole(row: &Row, column: &str) -> Result<Option<i64>, LedgerError> {
    let value = row.get(column).ok_or_else(|| unreadable(column))?;
    #[expect(clippy::cast_possible_truncation, reason = "every number in the schema is a whole one below 2^53")]
    let number = || value.as_i64().or_else(|| value.as_f64().map(|number| number as i64));
    if value.is_null() { Ok(None) } else { number().map(Some).ok_or_else(|| unreadable(column)) }
}

pub(crate) fn int(row: &Row, column: &str) -> Result<i64, LedgerError> {
    whole(row, column)?.ok_or_else(|| unreadable(column))
}

pub(crate) fn count<T: TryFrom<i64>>(row: &Row, column: &str) -> Result<T, LedgerError> {
    int(row, column)?.try_into().map_err(|_| unreadable(column))
}

pub(crate) fn flag(row: &Row, column: &str) -> Result<bool, LedgerError> {
    Ok(int(row, column)? != 0)
}

pub(crate) fn time(row: &Row, column: &str) -> Result<UnixTime, LedgerError> {
    int(row, column).map(UnixTime)
}

pub(crate) fn text(row: &Row, column: &str) -> Result<String, LedgerError> {
    optional_text(row, column)?.ok_or_else(|| unreadable(column))
}

pub(crate) fn optional_text(row: &Row, column: &str) -> Result<Option<String>, LedgerError> {
    match row.get(column) {
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(Value::Null) => Ok(None),
        _ => Err(unreadable(column)),
    }
}

pub(crate) fn json<T: DeserializeOwned>(row: &Row, column: &str) -> Result<T, LedgerError> {
    serde_json::from_str(&text(row, column)?).map_err(|_| unreadable(column))
}

pub(crate) fn job_id(row: &Row, column: &str) -> Result<JobId, LedgerError> {
    text(row, column)?.parse().map_err(|_| unreadable(column))
}

pub(crate) fn remote_id(row: &Row, column: &str) -> Result<RemoteId, LedgerError> {
    text(row, column)?.parse().map_err(|_| unreadable(column))
}

/// A column with an error's code, and the one beside it with its detail.
pub(crate) fn failure(row: &Row, column: &str) -> Result<Option<Failure>, LedgerError> {
    let Some(code) = optional_text(row, column)? else { return Ok(None) };
    let detail = text(row, &format!("{column}_detail"))?;
    Ok(Some(Failure::new(code.parse().unwrap_or(ErrorCode::Internal), detail)))
}

/// The word of a target in the database.
pub(crate) fn target_word(target: &Target) -> String {
    match target {
        Target::Original => "original".to_owned(),
        Target::Default => "default".to_owned(),
        Target::Category(category) => category.to_string(),
    }
}

fn target(row: &Row) -> Result<Target, LedgerError> {
    match text(row, "target")?.as_str() {
        "original" => Ok(Target::Original),
        "default" => Ok(Target::Default),
        id => id.parse().map(|id| Target::Category(CategoryId(id))).map_err(|_| unreadable("target")),
    }
}

fn status(row: &Row) -> Result<Status, LedgerError> {
    let word = text(row, "status")?;
    let all = [Status::Scheduled, Status::InProgress, Status::Restored, Status::Failed, Status::Cancelled];
    all.into_iter().find(|status| status.as_str() == word).ok_or_else(|| unreadable("status"))
}

fn phase(row: &Row) -> Result<Option<Phase>, LedgerError> {
    let Some(word) = optional_text(row, "phase")? else { return Ok(None) };
    let all = [Phase::BackingUp, Phase::Transferring, Phase::Restoring];
    all.into_iter().find(|phase| phase.as_str() == word).map(Some).ok_or_else(|| unreadable("phase"))
}

/// The kind of a remote.
pub(crate) fn kind(row: &Row) -> Result<Option<RemoteKind>, LedgerError> {
    let Some(word) = optional_text(row, "kind")? else { return Ok(None) };
    word.parse().map(Some).map_err(|()| unreadable("kind"))
}

/// Who asked for a restore, if not its owner.
pub(crate) fn actor(row: &Row) -> Result<Option<Actor>, LedgerError> {
    let Some(user) = whole(row, "actor_id")? else { return Ok(None) };
    Ok(Some(Actor { user: UserId(user), name: text(row, "actor_name")? }))
}

/// A whole row of `restores`.
pub(crate) fn job(row: &Row) -> Result<RestoreRow, LedgerError> {
    Ok(RestoreRow {
        id: job_id(row, "id")?,
        batch: text(row, "batch")?,
        user: UserId(int(row, "user_id")?),
        username: text(row, "username")?,
        user_name: text(row, "user_name")?,
        locale: text(row, "locale")?,
        actor: actor(row)?,
        remote: remote_id(row, "remote")?,
        course: RemoteCourseId(int(row, "course")?),
        full_name: text(row, "full_name")?,
        short_name: text(row, "short_name")?,
        identifier: text(row, "identifier")?,
        target: target(row)?,
        options: json(row, "options")?,
        category: whole(row, "category")?.map(CategoryId),
        category_name: optional_text(row, "category_name")?,
        start_now: flag(row, "start_now")?,
        status: status(row)?,
        phase: phase(row)?,
        since: time(row, "since")?,
        created: time(row, "created")?,
        not_before: time(row, "not_before")?,
        retry_at: time(row, "retry_at")?,
        finished: whole(row, "finished")?.map(UnixTime),
        leased_until: whole(row, "lease_until")?.map(UnixTime),
        cancelling: flag(row, "cancelling")?,
        asked: whole(row, "asked")?.map(UnixTime),
        backup: int(row, "backup")?,
        kind: kind(row)?,
        backup_no: count(row, "backup_no")?,
        progress_at: time(row, "progress_at")?,
        suspected: flag(row, "suspected")?,
        sha256: optional_text(row, "sha256")?,
        attempt: count(row, "attempt")?,
        handed: flag(row, "handed")?,
        etag: optional_text(row, "etag")?,
        failures: count(row, "failures")?,
        unknowns: count(row, "unknowns")?,
        empties: count(row, "empties")?,
        interruptions: count(row, "interruptions")?,
        hand_overs: count(row, "hand_overs")?,
        announced: whole(row, "announced")?.map(CategoryId),
        bytes: count(row, "bytes")?,
        total_bytes: count(row, "total_bytes")?,
        percent: count(row, "percent")?,
        restored: whole(row, "restored")?.map(CourseId),
        gone: flag(row, "gone")?,
        removal_asked: whole(row, "removal_asked")?.map(UnixTime),
        removed: whole(row, "removed")?.map(UnixTime),
        warnings: json::<Vec<Warning>>(row, "warnings")?,
        failure: failure(row, "error")?,
    })
}

/// The first so many characters of what came from outside.
pub(crate) fn cut(text: &str, characters: usize) -> &str {
    text.char_indices().nth(characters).map_or(text, |(end, _)| text.get(..end).unwrap_or_default())
}
