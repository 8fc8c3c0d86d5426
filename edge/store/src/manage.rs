//! What administrators look at: every restore of everybody, failures by cause, and the audit.

use crate::{Executor, Store, executor::statement, row};
use courseferry_api::{AuditEntry, RemoteId, RestoreQuery, Status, UnixTime, UserId};
use courseferry_ferry::{Failure, LedgerError, RestoreRow};

/// Restores on one page.
const RESTORES: u32 = 50;
/// Lines of the audit on one page.
const LINES: u32 = 100;

/// Failures of one cause on one remote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The cause.
    pub failure: Failure,
    /// The remote of the restores.
    pub remote: RemoteId,
    /// How many.
    pub count: u32,
}

impl<E: Executor> Store<E> {
    /// One page of everybody's restores, newest first, and how many match in all.
    pub async fn search(&self, query: &RestoreQuery) -> Result<(u32, Vec<RestoreRow>), LedgerError> {
        let text = query.search.trim().to_lowercase();
        let status = query.status.map(Status::as_str);
        macro_rules! matching {
            ($start:literal, $end:literal) => {
                concat!(
                    $start,
                    " FROM restores WHERE (?1 = '' OR instr(search, ?1) > 0)
                         AND (?2 IS NULL OR status = ?2) AND (?3 IS NULL OR remote = ?3)",
                    $end
                )
            };
        }
        let batch = vec![
            statement!(matching!("SELECT count(*) AS total", ""), text, status, query.remote),
            statement!(
                matching!("SELECT *", " ORDER BY created DESC, id LIMIT ?4 OFFSET ?5"),
                text,
                status,
                query.remote,
                RESTORES,
                u64::from(query.page) * u64::from(RESTORES)
            ),
        ];
        let answers = self.executor.run(batch).await?;
        let total = answers.first().and_then(|rows| rows.first()).ok_or_else(|| row::unreadable("total"))?;
        Ok((row::count(total, "total")?, row::jobs(answers.get(1).map_or(&[], Vec::as_slice))?))
    }

    /// Failures since then, by cause and remote, the largest group first.
    pub async fn failures(&self, since: UnixTime) -> Result<Vec<Group>, LedgerError> {
        let rows = self
            .rows(statement!(
                "SELECT error, max(error_detail) AS error_detail, remote, count(*) AS number FROM restores
                 WHERE status = 'failed' AND finished >= ?1 AND error IS NOT NULL
                 GROUP BY error, remote ORDER BY number DESC, error, remote",
                since
            ))
            .await?;
        let group = |line| {
            Ok(Group {
                failure: row::failure(line, "error")?.ok_or_else(|| row::unreadable("error"))?,
                remote: row::remote_id(line, "remote")?,
                count: row::count(line, "number")?,
            })
        };
        rows.iter().map(group).collect()
    }

    /// How many restores wait, and how many are in progress.
    pub async fn queue(&self) -> Result<(u32, u32), LedgerError> {
        let rows = self
            .rows(statement!(
                "SELECT (SELECT count(*) FROM restores WHERE status = 'scheduled') AS waiting,
                     (SELECT count(*) FROM restores WHERE status = 'in_progress') AS running"
            ))
            .await?;
        let row = rows.first().ok_or_else(|| row::unreadable("waiting"))?;
        Ok((row::count(row, "waiting")?, row::count(row, "running")?))
    }

    /// Adds lines to the audit.
    pub async fn note(&self, entries: &[AuditEntry]) -> Result<(), LedgerError> {
        let line = |entry: &AuditEntry| {
            statement!(
                "INSERT INTO audit (at, user_id, user_name, acting, acting_id, action, restore, remote, outcome, request)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                entry.at,
                entry.user,
                entry.user_name,
                entry.acting,
                entry.acting_id,
                entry.action,
                entry.restore,
                entry.remote,
                entry.outcome,
                entry.request
            )
        };
        if !entries.is_empty() {
            self.executor.run(entries.iter().map(line).collect()).await?;
        }
        Ok(())
    }

    /// One page of the audit, newest first, and how many lines there are in all.
    pub async fn audit(&self, page: u32) -> Result<(u32, Vec<AuditEntry>), LedgerError> {
        let batch = vec![
            statement!("SELECT count(*) AS total FROM audit"),
            statement!(
                "SELECT * FROM audit ORDER BY id DESC LIMIT ?1 OFFSET ?2",
                LINES,
                u64::from(page) * u64::from(LINES)
            ),
        ];
        let answers = self.executor.run(batch).await?;
        let total = answers.first().and_then(|rows| rows.first()).ok_or_else(|| row::unreadable("total"))?;
        let lines = answers.get(1).map_or(&[][..], Vec::as_slice);
        Ok((row::count(total, "total")?, lines.iter().map(audit_entry).collect::<Result<_, _>>()?))
    }
}

pub(crate) fn audit_entry(line: &crate::Row) -> Result<AuditEntry, LedgerError> {
    Ok(AuditEntry {
        at: row::time(line, "at")?,
        user: UserId(row::int(line, "user_id")?),
        user_name: row::text(line, "user_name")?,
        acting: row::optional_text(line, "acting")?,
        acting_id: row::whole(line, "acting_id")?.map(UserId),
        action: row::text(line, "action")?,
        restore: row::optional_text(line, "restore")?,
        remote: row::optional_text(line, "remote")?,
        outcome: row::text(line, "outcome")?,
        request: row::text(line, "request")?,
    })
}
