//! What administrators look at: every restore of everybody, failures by cause, and the audit.

use crate::{Executor, Row, Statement, Store, executor::statement, ledger::READ, restores::needs_somebody, row};
use courseferry_api::{AuditEntry, JobId, RemoteId, RestoreQuery, Status, UnixTime, UserId};
use courseferry_ferry::{Failure, LedgerError, RestoreRow};

/// Restores on one page.
const RESTORES: u32 = 50;
/// Lines of the audit on one page.
const LINES: u32 = 100;
/// Letters from which on the search's index helps.
const TRIGRAM: usize = 3;
/// Matches that a search counts at the most.
const COUNTED: u32 = 1_000;
/// The audit's word for what was done as asked.
const OK: &str = "ok";

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

/// A page of everybody's restores.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    /// How many match.
    pub total: u32,
    /// Counting stopped there: more match.
    pub at_least: bool,
    /// The page.
    pub restores: Vec<RestoreRow>,
}

/// A step of the tick that failed for one restore alone, again and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowFault {
    /// The restore.
    pub restore: JobId,
    /// The step.
    pub step: String,
    /// What went wrong the last time.
    pub detail: String,
    /// How often it did.
    pub times: u32,
}

/// A statement for each combination of filters, since `?1 IS NULL OR status = ?1` would keep SQLite from using an index.
/// The filters' values are `?1` and `?2`, those of the statement follow.
macro_rules! filtered {
    ($query:expr, $start:expr, $end:expr $(, $param:expr)*) => {
        match ($query.status.map(Status::as_str), &$query.remote) {
            (None, None) => statement!(concat!($start, " TRUE ", $end), (), () $(, $param)*),
            (Some(status), None) => statement!(concat!($start, " status = ?1 ", $end), status, () $(, $param)*),
            (None, Some(remote)) => statement!(concat!($start, " remote = ?1 ", $end), remote, () $(, $param)*),
            (Some(status), Some(remote)) => {
                statement!(concat!($start, " remote = ?1 AND status = ?2 ", $end), remote, status $(, $param)*)
            }
        }
    };
}

/// The newest rows in which a text occurs, and, where the page is filtered, the newest that pass the filter and hold
/// it: so that the few that run now are found however many of that name ended long ago.
macro_rules! holding {
    ($query:expr, $start:literal, $end:literal $(, $param:expr)*) => {
        filtered!(
            $query,
            concat!(
                $start,
                " FROM restores WHERE rowid IN (
                      SELECT rowid FROM (SELECT rowid FROM restores_search WHERE search MATCH ?3 ORDER BY rowid DESC LIMIT ?5)
                      UNION
                      SELECT rowid FROM (SELECT rowid, search FROM restores WHERE"
            ),
            concat!(
                " ORDER BY created DESC LIMIT ?5) WHERE instr(search, ?4) > 0)
                  AND (?6 IS NULL OR status = ?6) AND (?7 IS NULL OR remote = ?7) ",
                $end
            )
            $(, $param)*
        )
    };
}

impl<E: Executor> Store<E> {
    /// One page of everybody's restores, newest first, and how many match in all.
    pub async fn search(&self, query: &RestoreQuery) -> Result<Found, LedgerError> {
        let text = query.search.trim().to_lowercase();
        let from = u64::from(query.page) * u64::from(RESTORES);
        match text.chars().count() {
            0 => self.page(query, from).await,
            1..TRIGRAM => self.search_newest(query, &text, from).await,
            _ => self.search_all(query, &text, from).await,
        }
    }

    async fn page(&self, query: &RestoreQuery, from: u64) -> Result<Found, LedgerError> {
        let total = statement!(
            "SELECT coalesce(sum(number), 0) AS total FROM restore_counts
             WHERE (?1 IS NULL OR status = ?1) AND (?2 IS NULL OR remote = ?2)",
            query.status.map(Status::as_str),
            query.remote
        );
        let page = filtered!(
            query,
            "SELECT * FROM restores WHERE",
            "ORDER BY created DESC LIMIT ?3 OFFSET ?4",
            RESTORES,
            from
        );
        self.found(total, page, None).await
    }

    /// One or two letters: most rows hold them, and no index does. The newest rows are looked through.
    async fn search_newest(&self, query: &RestoreQuery, text: &str, from: u64) -> Result<Found, LedgerError> {
        macro_rules! matching {
            ($start:literal, $end:literal) => {
                concat!(
                    $start,
                    " FROM (SELECT * FROM restores ORDER BY created DESC LIMIT ?4)
                     WHERE instr(search, ?1) > 0 AND (?2 IS NULL OR status = ?2) AND (?3 IS NULL OR remote = ?3)",
                    $end
                )
            };
        }
        let status = query.status.map(Status::as_str);
        let total = statement!(matching!("SELECT count(*) AS total", ""), text, status, query.remote, COUNTED);
        let page = statement!(
            matching!("SELECT *", " ORDER BY created DESC LIMIT ?5 OFFSET ?6"),
            text,
            status,
            query.remote,
            COUNTED,
            RESTORES,
            from
        );
        let looked_at = statement!("SELECT coalesce(sum(number), 0) AS hits FROM restore_counts");
        self.found(total, page, Some(looked_at)).await
    }

    async fn search_all(&self, query: &RestoreQuery, text: &str, from: u64) -> Result<Found, LedgerError> {
        let phrase = format!("\"{}\"", text.replace('"', "\"\""));
        let status = query.status.map(Status::as_str);
        let total = holding!(query, "SELECT count(*) AS total", "", phrase, text, COUNTED, status, query.remote);
        let page = holding!(
            query,
            "SELECT *",
            "ORDER BY +created DESC LIMIT ?8 OFFSET ?9",
            phrase,
            text,
            COUNTED,
            status,
            query.remote,
            RESTORES,
            from
        );
        let hits = statement!(
            "SELECT count(*) AS hits FROM (SELECT 1 FROM restores_search WHERE search MATCH ?1 LIMIT ?2)",
            phrase,
            COUNTED
        );
        self.found(total, page, Some(hits)).await
    }

    /// `hits`: how many rows a search had to choose from, which is where it stops counting.
    async fn found(&self, total: Statement, page: Statement, hits: Option<Statement>) -> Result<Found, LedgerError> {
        let answers = self.executor.run([total, page].into_iter().chain(hits).collect()).await?;
        let number = |place: usize, column| {
            let line = answers.get(place).and_then(|rows: &Vec<Row>| rows.first());
            row::count::<u32>(line.ok_or_else(|| row::unreadable(column))?, column)
        };
        Ok(Found {
            total: number(0, "total")?,
            at_least: answers.len() > 2 && number(2, "hits")? >= COUNTED,
            restores: self.readable(answers.get(1).map_or(&[], Vec::as_slice), row::job).await,
        })
    }

    /// Failures since then that somebody has to look at, by cause and remote, the largest group first: exactly those
    /// that [`Store::retry_all`] starts again.
    pub async fn failures(&self, since: UnixTime, exclusive: bool) -> Result<Vec<Group>, LedgerError> {
        let rows = self
            .rows(statement!(
                concat!(
                    "SELECT error, max(error_detail) AS error_detail, remote, count(*) AS number
                     FROM restores INDEXED BY restores_failed WHERE finished >= ?1 AND error IS NOT NULL AND ",
                    needs_somebody!("?2"),
                    " GROUP BY error, remote ORDER BY number DESC, error, remote"
                ),
                since,
                exclusive
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
                "SELECT coalesce(sum(number) FILTER (WHERE status = 'scheduled'), 0) AS waiting,
                     coalesce(sum(number) FILTER (WHERE status = 'in_progress'), 0) AS running
                 FROM restore_counts"
            ))
            .await?;
        let row = rows.first().ok_or_else(|| row::unreadable("waiting"))?;
        Ok((row::count(row, "waiting")?, row::count(row, "running")?))
    }

    /// What failed for single restores since then and has not ended in another way, at most a hundred; and restores
    /// whose rows do not read, until somebody mends or deletes them.
    pub async fn row_faults(&self, since: UnixTime) -> Result<Vec<RowFault>, LedgerError> {
        let rows = self
            .rows(statement!(
                "SELECT f.restore, f.step, f.detail, f.times FROM row_faults f JOIN restores r ON r.id = f.restore
                 WHERE f.last >= ?1 AND (r.status IN ('scheduled', 'in_progress') OR f.step = ?2)
                 ORDER BY f.last DESC, f.restore, f.step LIMIT 100",
                since,
                READ
            ))
            .await?;
        let fault = |line| {
            Ok(RowFault {
                restore: row::job_id(line, "restore")?,
                step: row::text(line, "step")?,
                detail: row::text(line, "detail")?,
                times: row::count(line, "times")?,
            })
        };
        rows.iter().map(fault).collect()
    }

    /// Adds lines to the audit. What is refused for the same reason again and again is one line with a number.
    pub async fn note(&self, entries: &[AuditEntry]) -> Result<(), LedgerError> {
        let mut lines: Vec<AuditEntry> = Vec::new();
        for entry in entries {
            let same = |line: &&mut AuditEntry| AuditEntry { times: line.times, ..entry.clone() } == **line;
            match lines.iter_mut().filter(|_| entry.outcome != OK).find(same) {
                Some(line) => line.times += entry.times,
                None => lines.push(entry.clone()),
            }
        }
        if !lines.is_empty() {
            self.executor.run(lines.iter().flat_map(Self::audit_line).collect()).await?;
        }
        Ok(())
    }

    /// A line of the audit; a refusal is added to the same one of the last hour, if that is among the person's newest.
    fn audit_line(entry: &AuditEntry) -> [Statement; 2] {
        macro_rules! repeated {
            () => {
                "(SELECT id FROM (SELECT * FROM audit WHERE user_id = ?2 ORDER BY id DESC LIMIT 20)
                  WHERE outcome <> 'ok' AND outcome = ?9 AND action = ?6 AND remote IS ?8 AND restore IS ?7
                      AND acting_id IS ?5 AND acting IS ?4 AND user_name = ?3 AND at > ?1 - 3600
                  LIMIT 1)"
            };
        }
        let line = |sql, numbers: usize| {
            let mut line = statement!(
                sql,
                entry.at,
                entry.user,
                entry.user_name,
                entry.acting,
                entry.acting_id,
                entry.action,
                entry.restore,
                entry.remote,
                entry.outcome,
                entry.request,
                entry.times
            );
            line.params.truncate(numbers);
            line
        };
        [
            line(
                concat!(
                "INSERT INTO audit (at, user_id, user_name, acting, acting_id, action, restore, remote, outcome, request, times)
                 SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 0 WHERE NOT EXISTS ",
                    repeated!()
                ),
                10,
            ),
            // The last request is the one that the help desk is asked about.
            line(
                concat!(
                "UPDATE audit SET times = times + ?11, request = ?10
                 WHERE id = coalesce(",
                repeated!(),
                ", (SELECT max(id) FROM audit WHERE user_id = ?2))"
                ),
                11,
            ),
        ]
    }

    /// One page of the audit, newest first, and how many lines there are in all.
    ///
    /// Ids are given without gaps and only the oldest lines are deleted: they count the lines and find the page.
    pub async fn audit(&self, page: u32) -> Result<(u32, Vec<AuditEntry>), LedgerError> {
        let batch = vec![
            statement!("SELECT coalesce((SELECT max(id) FROM audit) - (SELECT min(id) FROM audit) + 1, 0) AS total"),
            statement!(
                "SELECT * FROM audit WHERE id <= (SELECT max(id) FROM audit) - ?2
                     AND id > (SELECT max(id) FROM audit) - ?2 - ?1
                 ORDER BY id DESC",
                LINES,
                u64::from(page) * u64::from(LINES)
            ),
        ];
        let answers = self.executor.run(batch).await?;
        let total = answers.first().and_then(|rows| rows.first()).ok_or_else(|| row::unreadable("total"))?;
        let lines = answers.get(1).map_or(&[][..], Vec::as_slice);
        Ok((row::count(total, "total")?, lines.iter().map(audit_entry).collect::<Result<_, _>>()?))
    }

    /// The audit's lines from `from` up to `to`, oldest first, after this one: with its number each, to go on from.
    pub async fn audit_after(
        &self,
        line: i64,
        from: UnixTime,
        to: UnixTime,
        limit: u32,
    ) -> Result<Vec<(i64, AuditEntry)>, LedgerError> {
        let rows = self
            .rows(statement!(
                // By number: the index of times would have every line of the range sorted.
                "SELECT * FROM audit NOT INDEXED
                 WHERE id > max(?1, coalesce((SELECT id FROM audit WHERE at >= ?2 ORDER BY at, id LIMIT 1), 0) - 1)
                     AND at >= ?2 AND at < ?3
                 ORDER BY id LIMIT ?4",
                line,
                from,
                to,
                limit
            ))
            .await?;
        rows.iter().map(|line| Ok((row::int(line, "id")?, audit_entry(line)?))).collect()
    }
}

pub(crate) fn audit_entry(line: &Row) -> Result<AuditEntry, LedgerError> {
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
        times: row::count(line, "times")?,
    })
}
