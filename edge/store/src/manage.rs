//! What administrators look at: every restore of everybody, failures by cause, and the audit.

use crate::{
    Executor, Row, Statement, Store,
    executor::{param, statement},
    ledger::READ,
    restores::needs_somebody,
    row,
};
use courseferry_api::{
    AuditEntry, CategoryId, CourseId, JobId, RemoteId, RestoreQuery, Sort, Status, UnixTime, UserId,
};
use courseferry_ferry::{Failure, LedgerError, RestoreRow};
use serde_json::Value;

/// Rows that one page looks through where no index knows the filter; the next page goes on after them.
const LOOKED_AT: u32 = 2_000;
/// A group's restores that are named.
const NAMED: u32 = 3;
/// Lines of the audit on one page.
const LINES: u32 = 100;
/// The shortest text that the search's index finds, in letters.
const TRIGRAM: usize = 3;
/// Matches that a search counts at the most.
const COUNTED: u32 = 1_000;
/// Later than any row.
const LATEST: UnixTime = UnixTime(u32::MAX as i64);
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
    /// Some of them: course and owner.
    pub examples: Vec<(String, String)>,
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
    /// Where the next page begins; none if this is the last.
    pub next: Option<String>,
}

/// Where a page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Behind the row with this time and number.
    Behind(i64, i64),
    /// Behind so many matches of a search.
    Matches(u32),
}

impl Place {
    /// What cannot be read is the first page.
    fn read(text: &str) -> Option<Self> {
        match text.split_once('-') {
            Some((time, row)) => Some(Self::Behind(time.parse().ok()?, row.parse().ok()?)),
            None => Some(Self::Matches(text.parse().ok()?)),
        }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Behind(time, row) => write!(f, "{time}-{row}"),
            Self::Matches(number) => write!(f, "{number}"),
        }
    }
}

/// What a list is filtered by beside its index.
struct Filters<'a> {
    status: Option<&'static str>,
    remote: Option<&'a RemoteId>,
    cause: Option<&'a str>,
    category: Option<CategoryId>,
    person: Option<UserId>,
    from: UnixTime,
    to: UnixTime,
}

impl<'a> Filters<'a> {
    fn of(query: &'a RestoreQuery) -> Self {
        Self {
            status: query.status.map(Status::as_str),
            remote: query.remote.as_ref(),
            cause: query.cause.as_deref(),
            category: query.category,
            person: query.person,
            from: query.from.unwrap_or(UnixTime(0)),
            to: query.to.unwrap_or(LATEST),
        }
    }

    /// Whether an index finds exactly the rows that pass.
    fn are_indexed(&self, sort: Sort) -> bool {
        let plain = self.status.is_none() && self.remote.is_none();
        let all = self.from == UnixTime(0) && self.to == LATEST;
        let fit =
            if sort == Sort::Ended { plain && all && self.person.is_none() } else { plain || self.person.is_none() };
        fit && self.cause.is_none() && self.category.is_none()
    }

    /// How many rows pass is counted while rows change (`restore_counts`).
    fn are_counted(&self, query: &RestoreQuery) -> bool {
        let unfiltered = self.cause.is_none() && self.category.is_none() && self.person.is_none();
        unfiltered && query.from.is_none() && query.to.is_none() && query.sort != Sort::Ended
    }
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

/// The condition that all filters make: `?3` to `?9`.
macro_rules! passes {
    () => {
        " (?3 IS NULL OR status = ?3) AND (?4 IS NULL OR remote = ?4) AND (?5 IS NULL OR error = ?5)
          AND (?6 IS NULL OR category = ?6) AND (?7 IS NULL OR user_id = ?7) AND created >= ?8 AND created < ?9 "
    };
}

/// The index that a list by the time of scheduling follows, with what it is asked for (`?1`: person or status, `?2`:
/// remote), as the argument of the macro that makes the statement.
macro_rules! by_index {
    ($query:expr, $sql:ident) => {
        match ($query.person, $query.status, &$query.remote) {
            (Some(_), ..) => $sql!("restores_user WHERE user_id = ?1"),
            (None, None, None) => $sql!("restores_created WHERE TRUE"),
            (None, Some(_), None) => $sql!("restores_status WHERE status = ?1"),
            (None, None, Some(_)) => $sql!("restores_remote WHERE remote = ?2"),
            (None, Some(_), Some(_)) => $sql!("restores_remote_status WHERE remote = ?2 AND status = ?1"),
        }
    };
}

/// A statement for each index that a list can follow, since `?3 IS NULL OR status = ?3` would keep SQLite from using
/// one. Each looks at so many rows (`?12`) behind a place (`?10`, `?11`) in the index's order; `?1` and `?2` are what the
/// index is asked for, `?13` is how many are answered.
macro_rules! looked_through {
    ($query:expr, $start:literal, $end:literal, $params:expr) => {{
        macro_rules! newest {
            ($index:literal) => {
                concat!(
                    $start,
                    " FROM (SELECT rowid AS place, created AS at, * FROM restores INDEXED BY ",
                    $index,
                    " AND created >= ?8 AND created < ?9 AND (created, rowid) < (?10, ?11)
                     ORDER BY created DESC, rowid DESC LIMIT ?12) WHERE ",
                    passes!(),
                    " ORDER BY at DESC, place DESC LIMIT ?13",
                    $end
                )
            };
        }
        macro_rules! oldest {
            ($index:literal) => {
                concat!(
                    $start,
                    " FROM (SELECT rowid AS place, created AS at, * FROM restores INDEXED BY ",
                    $index,
                    " AND created >= ?8 AND created < ?9 AND (created, rowid) > (?10, ?11)
                     ORDER BY created, rowid LIMIT ?12) WHERE ",
                    passes!(),
                    " ORDER BY at, place LIMIT ?13",
                    $end
                )
            };
        }
        let sql = match $query.sort {
            Sort::Newest => by_index!($query, newest),
            Sort::Oldest => by_index!($query, oldest),
            Sort::Ended => concat!(
                $start,
                " FROM (SELECT rowid AS place, finished AS at, * FROM restores INDEXED BY restores_ended
                   WHERE finished IS NOT NULL AND (finished, rowid) < (?10, ?11)
                   ORDER BY finished DESC, rowid DESC LIMIT ?12) WHERE ",
                passes!(),
                " ORDER BY at DESC, place DESC LIMIT ?13",
                $end
            ),
        };
        Statement { sql, params: $params }
    }};
}

/// One page of a search, and how much was found: `total` that pass the filters, `hits` that were looked at. `?1` is the
/// phrase, `?2` the text, `?10` how many are looked at, `?11` the order. It is one statement, so that the rows are looked
/// for once: in the search's index that is the dearest part. Where nothing is found, its one line has no restore.
macro_rules! found_in {
    ($hits:literal, $($candidates:expr),+) => {
        concat!(
            "WITH hits AS MATERIALIZED (",
            $hits,
            "), found AS MATERIALIZED (
                 SELECT rowid AS place,
                     CASE ?11 WHEN 'oldest' THEN created WHEN 'ended' THEN -finished ELSE -created END AS turn
                 FROM restores WHERE rowid IN (",
            $($candidates,)+
            ") AND (?11 <> 'ended' OR finished IS NOT NULL) AND ",
            passes!(),
            "), page AS (SELECT place, turn FROM found ORDER BY turn, place DESC LIMIT ?12 OFFSET ?13)
             SELECT (SELECT count(*) FROM found) AS total, (SELECT count(*) FROM hits) AS hits, r.*
             FROM (SELECT 1) LEFT JOIN page ON TRUE LEFT JOIN restores r ON r.rowid = page.place
             ORDER BY page.turn, page.place DESC"
        )
    };
}

/// The newest rows in which a text occurs, and, where the list is filtered, the newest that pass a filter that has an
/// index and hold it: so that the few that run now are found however many of that name ended long ago.
macro_rules! holding {
    ($($filtered:literal)?) => {
        found_in!(
            "SELECT rowid AS place FROM restores_search WHERE search MATCH ?1 ORDER BY rowid DESC LIMIT ?10",
            "SELECT place FROM hits"
            $(, " UNION SELECT rowid FROM (SELECT rowid, search FROM restores WHERE ",
            $filtered,
            " ORDER BY created DESC LIMIT ?10) WHERE instr(search, ?2) > 0")?
        )
    };
}

impl<E: Executor> Store<E> {
    /// One page of so many of everybody's restores, and how many match in all.
    pub async fn search(&self, query: &RestoreQuery, rows: u32) -> Result<Found, LedgerError> {
        let text = query.search.trim().to_lowercase();
        let place = Place::read(&query.after);
        match text.chars().count() {
            0 => self.list(query, place, rows).await,
            letters => {
                let from = if let Some(Place::Matches(number)) = place { number } else { 0 };
                let sql = if letters < TRIGRAM {
                    // Most rows hold them, and no index does: the newest rows are looked through.
                    found_in!(
                        "SELECT rowid AS place FROM restores ORDER BY created DESC LIMIT ?10",
                        "SELECT r.rowid FROM hits JOIN restores r ON r.rowid = hits.place WHERE instr(r.search, ?2) > 0"
                    )
                } else {
                    match (query.person, query.status, &query.remote) {
                        (Some(_), ..) => holding!("user_id = ?7"),
                        (None, None, None) => holding!(),
                        (None, Some(_), None) => holding!("status = ?3"),
                        (None, None, Some(_)) => holding!("remote = ?4"),
                        (None, Some(_), Some(_)) => holding!("remote = ?4 AND status = ?3"),
                    }
                };
                let phrase = format!("\"{}\"", text.replace('"', "\"\""));
                let mut params = Self::filter_params(&phrase, &text, &Filters::of(query));
                params.extend(statement!("", COUNTED, query.sort.as_str(), rows, from).params);
                let lines = self.rows(Statement { sql, params }).await?;
                let counts = lines.first().ok_or_else(|| row::unreadable("total"))?;
                let total = row::count(counts, "total")?;
                let found = if counts.get("id").is_some_and(Value::is_null) { &[][..] } else { &lines };
                let next = from.saturating_add(rows);
                Ok(Found {
                    total,
                    at_least: row::count::<u32>(counts, "hits")? >= COUNTED,
                    restores: self.readable(found, row::job).await,
                    next: (next < total).then(|| Place::Matches(next).to_string()),
                })
            }
        }
    }

    /// The parameters of the filters, `?3` to `?9`, behind two of the statement's own; its others follow.
    fn filter_params(
        first: &impl serde::Serialize,
        second: &impl serde::Serialize,
        filters: &Filters<'_>,
    ) -> Vec<Value> {
        let Filters { status, remote, cause, category, person, from, to } = filters;
        statement!("", first, second, status, remote, cause, category, person, from, to).params
    }

    async fn list(&self, query: &RestoreQuery, place: Option<Place>, rows: u32) -> Result<Found, LedgerError> {
        let filters = Filters::of(query);
        let beginning = if query.sort == Sort::Oldest { (-1, -1) } else { (LATEST.0, 0) };
        let (time, behind) = if let Some(Place::Behind(time, row)) = place { (time, row) } else { beginning };
        let looked_at = if filters.are_indexed(query.sort) { rows + 1 } else { LOOKED_AT.max(rows + 1) };
        let ends = query.sort == Sort::Ended;
        let index = match filters.person {
            _ if ends => (None, None),
            Some(person) => (Some(param(&person)), None),
            None => (filters.status.map(|status| param(&status)), filters.remote),
        };
        let params = |time: i64, behind: i64, looked_at: u32, limit: u32| {
            let mut params = Self::filter_params(&index.0, &index.1, &filters);
            params.extend(statement!("", time, behind, looked_at, limit).params);
            params
        };
        let total = if filters.are_counted(query) {
            statement!(
                "SELECT coalesce(sum(number), 0) AS total FROM restore_counts
                 WHERE (?1 IS NULL OR status = ?1) AND (?2 IS NULL OR remote = ?2)",
                filters.status,
                filters.remote
            )
        } else {
            let (time, behind) = beginning;
            looked_through!(
                query,
                "SELECT count(*) AS total FROM (SELECT 1",
                ")",
                params(time, behind, COUNTED, COUNTED)
            )
        };
        let page = looked_through!(query, "SELECT *", "", params(time, behind, looked_at, rows + 1));
        // The last row that was looked at: rows behind it may pass too.
        let row_behind = |(time, behind): (i64, i64), rows: u32| {
            statement!(nth_row(query), index.0, index.1, filters.from, filters.to, time, behind, rows)
        };
        let batch = vec![
            total,
            page,
            row_behind((time, behind), looked_at - 1),
            // One more than is counted shows that there are more.
            row_behind(beginning, COUNTED),
        ];
        let answers = self.executor.run(batch).await?;
        let found = answers.get(1).map_or(&[][..], Vec::as_slice);
        let shown = found.get(..rows as usize).unwrap_or(found);
        let place = |line: &Row| Ok(Place::Behind(row::int(line, "at")?, row::int(line, "place")?).to_string());
        let next = match (found.len() > shown.len(), shown.last(), answers.get(2).and_then(|rows| rows.first())) {
            (true, Some(line), _) | (false, _, Some(line)) => Some(place(line)?),
            _ => None,
        };
        let more = answers.get(3).is_some_and(|rows| !rows.is_empty());
        let at_least = more && !filters.are_counted(query);
        Ok(Found {
            total: number(&answers, 0, "total")?,
            at_least,
            restores: self.readable(shown, row::job).await,
            next,
        })
    }

    /// Failures since then that somebody has to look at, by cause and remote, the largest group first: exactly those
    /// that [`Store::retry_all`] starts again.
    pub async fn failures(&self, since: UnixTime, exclusive: bool) -> Result<Vec<Group>, LedgerError> {
        let rows = self
            .rows(statement!(
                concat!(
                    "SELECT error, max(error_detail) AS error_detail, remote, count(*) AS number,
                         json_group_array(json_array(full_name, user_name)) FILTER (WHERE place <= ?3) AS examples
                     FROM (
                         SELECT error, error_detail, remote, full_name, user_name,
                             row_number() OVER (PARTITION BY error, remote ORDER BY finished DESC) AS place
                         FROM restores INDEXED BY restores_failed WHERE finished >= ?1 AND error IS NOT NULL AND ",
                    needs_somebody!("?2"),
                    ") GROUP BY error, remote ORDER BY number DESC, error, remote"
                ),
                since,
                exclusive,
                NAMED
            ))
            .await?;
        let group = |line| {
            Ok(Group {
                failure: row::failure(line, "error")?.ok_or_else(|| row::unreadable("error"))?,
                remote: row::remote_id(line, "remote")?,
                count: row::count(line, "number")?,
                examples: row::json(line, "examples")?,
            })
        };
        rows.iter().map(group).collect()
    }

    /// How many restores of each remote wait, and some of them: course and owner.
    pub async fn waiting(&self) -> Result<Vec<(RemoteId, u32, Vec<(String, String)>)>, LedgerError> {
        let rows = self
            .rows(statement!(
                "SELECT remote, number, (
                     SELECT json_group_array(json_array(full_name, user_name)) FROM (
                         SELECT full_name, user_name FROM restores INDEXED BY restores_waiting
                         WHERE status = 'scheduled' AND remote = c.remote LIMIT ?1)) AS examples
                 FROM restore_counts c WHERE status = 'scheduled' AND number > 0 ORDER BY remote",
                NAMED
            ))
            .await?;
        let waiting =
            |line| Ok((row::remote_id(line, "remote")?, row::count(line, "number")?, row::json(line, "examples")?));
        rows.iter().map(waiting).collect()
    }

    /// The courses of these restores, and what they became here: for the audit's words.
    pub async fn named(&self, restores: &[&str]) -> Result<Vec<(JobId, String, Option<CourseId>)>, LedgerError> {
        let rows = self
            .rows(statement!(
                "SELECT id, full_name, CASE WHEN status = 'restored' AND NOT gone THEN restored END AS course
                 FROM restores WHERE id IN (SELECT value FROM json_each(?1))",
                restores
            ))
            .await?;
        let named = |line| {
            Ok((row::job_id(line, "id")?, row::text(line, "full_name")?, row::whole(line, "course")?.map(CourseId)))
        };
        rows.iter().map(named).collect()
    }

    /// Lets a remote that is held or fails be tried with the next tick.
    pub async fn try_remote(&self, remote: &RemoteId) -> Result<(), LedgerError> {
        self.executor
            .run(vec![
                statement!(
                    "UPDATE restores SET retry_at = 0 WHERE status = 'scheduled' AND remote = ?1
                         AND error = (SELECT coalesce(held, problem) FROM peers WHERE remote = ?1)",
                    remote
                ),
                statement!("UPDATE peers SET probe_at = 0 WHERE remote = ?1", remote),
            ])
            .await?;
        Ok(())
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

    /// Restores of which the copy, or the restore itself, began before then and has not ended; the oldest first.
    pub async fn overdue(&self, before: UnixTime) -> Result<Vec<RestoreRow>, LedgerError> {
        self.jobs(statement!(
            "SELECT * FROM restores INDEXED BY restores_running
             WHERE status = 'in_progress' AND phase IN ('transferring', 'restoring') AND since < ?1
             ORDER BY since, id LIMIT 100",
            before
        ))
        .await
    }

    /// Whether some restore that is still known has brought a course.
    pub async fn has_restored(&self) -> Result<bool, LedgerError> {
        let rows = self
            .rows(statement!("SELECT 1 FROM restore_counts WHERE status = 'restored' AND number > 0 LIMIT 1"))
            .await?;
        Ok(!rows.is_empty())
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
                      AND acting_id IS ?5 AND acting IS ?4 AND user_name = ?3 AND for_id IS ?10 AND at > ?1 - 3600
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
                entry.for_id,
                entry.for_name,
                entry.request,
                entry.times
            );
            line.params.truncate(numbers);
            line
        };
        [
            line(
                concat!(
                "INSERT INTO audit (at, user_id, user_name, acting, acting_id, action, restore, remote, outcome, for_id,
                     for_name, request, times)
                 SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 0 WHERE NOT EXISTS ",
                    repeated!()
                ),
                12,
            ),
            // The last request is the one that the help desk is asked about.
            line(
                concat!(
                    "UPDATE audit SET times = times + ?13, request = ?12
                 WHERE id = coalesce(",
                    repeated!(),
                    ", (SELECT max(id) FROM audit WHERE user_id = ?2))"
                ),
                13,
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

/// The row that stands `?7` rows behind the first one behind a place (`?5`, `?6`), if there is one.
fn nth_row(query: &RestoreQuery) -> &'static str {
    macro_rules! newest {
        ($index:literal) => {
            concat!(
                "SELECT rowid AS place, created AS at FROM restores INDEXED BY ",
                $index,
                " AND created >= ?3 AND created < ?4 AND (created, rowid) < (?5, ?6)
                 ORDER BY created DESC, rowid DESC LIMIT 1 OFFSET ?7"
            )
        };
    }
    macro_rules! oldest {
        ($index:literal) => {
            concat!(
                "SELECT rowid AS place, created AS at FROM restores INDEXED BY ",
                $index,
                " AND created >= ?3 AND created < ?4 AND (created, rowid) > (?5, ?6)
                 ORDER BY created, rowid LIMIT 1 OFFSET ?7"
            )
        };
    }
    match query.sort {
        Sort::Newest => by_index!(query, newest),
        Sort::Oldest => by_index!(query, oldest),
        Sort::Ended => {
            "SELECT rowid AS place, finished AS at FROM restores INDEXED BY restores_ended
             WHERE finished IS NOT NULL AND (finished, rowid) < (?5, ?6)
             ORDER BY finished DESC, rowid DESC LIMIT 1 OFFSET ?7"
        }
    }
}

/// A number that a statement of a batch answers with.
fn number<T: TryFrom<i64>>(answers: &[Vec<Row>], place: usize, column: &str) -> Result<T, LedgerError> {
    let line = answers.get(place).and_then(|rows| rows.first());
    row::count(line.ok_or_else(|| row::unreadable(column))?, column)
}

pub(crate) fn audit_entry(line: &Row) -> Result<AuditEntry, LedgerError> {
    Ok(AuditEntry {
        at: row::time(line, "at")?,
        user: UserId(row::int(line, "user_id")?),
        user_name: row::text(line, "user_name")?,
        acting: row::optional_text(line, "acting")?,
        acting_id: row::whole(line, "acting_id")?.map(UserId),
        for_id: row::whole(line, "for_id")?.map(UserId),
        for_name: row::optional_text(line, "for_name")?,
        action: row::text(line, "action")?,
        restore: row::optional_text(line, "restore")?,
        remote: row::optional_text(line, "remote")?,
        outcome: row::text(line, "outcome")?,
        request: row::text(line, "request")?,
        times: row::count(line, "times")?,
    })
}
