//! Steps of the tick that failed for one restore alone.

use crate::{Executor, Store, executor::statement, row::cut};
use courseferry_api::{JobId, UnixTime};
use courseferry_ferry::{LedgerError, RowFaults};

/// Characters of a fault's detail.
const DETAIL: usize = 500;

impl<E: Executor> RowFaults for Store<E> {
    async fn note_row_fault(&self, job: &JobId, step: &str, detail: &str, now: UnixTime) -> Result<(), LedgerError> {
        self.rows(statement!(
            "INSERT INTO row_faults (restore, step, detail, first, last, times) VALUES (?1, ?2, ?3, ?4, ?4, 1)
             ON CONFLICT (restore, step) DO UPDATE SET detail = excluded.detail, last = excluded.last, times = times + 1",
            job,
            step,
            cut(detail, DETAIL),
            now
        ))
        .await?;
        Ok(())
    }
}
