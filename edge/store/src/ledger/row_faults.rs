//! Steps of the tick that failed for one restore alone.

use crate::{Executor, Row, Statement, Store, executor::statement, row::cut};
use courseferry_api::{JobId, UnixTime};
use courseferry_ferry::{LedgerError, RowFaults};

/// Characters of a fault's detail.
const DETAIL: usize = 500;

/// The step under which rows are noted whose columns do not read.
pub(crate) const READ: &str = "read";

macro_rules! noted {
    ($time:literal) => {
        concat!(
            "INSERT INTO row_faults (restore, step, detail, first, last, times) VALUES (?1, ?2, ?3, ",
            $time,
            ", ",
            $time,
            ", 1)
             ON CONFLICT (restore, step) DO UPDATE SET detail = excluded.detail, last = excluded.last, times = times + 1"
        )
    };
}

/// Notes a row that does not read. Whoever reads has no clock, so the database's is taken.
pub(crate) fn unreadable(line: &Row, error: &LedgerError) -> Statement {
    let id = line.get("id").or_else(|| line.get("job")).and_then(serde_json::Value::as_str).unwrap_or_default();
    statement!(noted!("unixepoch()"), id, READ, cut(&error.0, DETAIL))
}

impl<E: Executor> RowFaults for Store<E> {
    async fn note_row_fault(&self, job: &JobId, step: &str, detail: &str, now: UnixTime) -> Result<(), LedgerError> {
        self.rows(statement!(noted!("?4"), job, step, cut(detail, DETAIL), now)).await?;
        Ok(())
    }
}
