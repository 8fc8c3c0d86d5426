//! Backups that courseferry remotes make by themselves: no lease is held, so each write relies on the backup's number.

use super::ended;
use crate::{Executor, Store, executor::statement, row};
use courseferry_api::{JobId, RemoteId, UnixTime};
use courseferry_ferry::{Failure, LedgerError, Outcome, RemoteBackups, RestoreRow, RowLease};

/// The row whose backup, with this number, a remote makes.
macro_rules! made_there {
    () => {
        "status = 'in_progress' AND phase = 'backing_up' AND lease IS NULL AND backup_no = ?3"
    };
}

impl<E: Executor> RemoteBackups for Store<E> {
    async fn backup_started(&self, lease: &RowLease, now: UnixTime) -> Result<bool, LedgerError> {
        self.happens(statement!(
            "UPDATE restores SET lease = NULL, lease_until = NULL, progress_at = ?3
             WHERE id = ?1 AND lease = ?2 AND phase = 'backing_up' AND NOT cancelling
             RETURNING 1",
            lease.job,
            lease.lease,
            now
        ))
        .await
    }

    async fn release(&self, lease: &RowLease) -> Result<(), LedgerError> {
        self.rows(statement!(
            "UPDATE restores SET lease = NULL, lease_until = NULL WHERE id = ?1 AND lease = ?2",
            lease.job,
            lease.lease
        ))
        .await?;
        Ok(())
    }

    async fn backups_under_way(&self, limit: u32) -> Result<Vec<RestoreRow>, LedgerError> {
        self.jobs(statement!(
            "SELECT * FROM restores
             WHERE status = 'in_progress' AND phase = 'backing_up' AND lease_until IS NULL
             ORDER BY created, id LIMIT ?1",
            limit
        ))
        .await
    }

    async fn backup_progress(
        &self,
        row: &RestoreRow,
        now: UnixTime,
        percent: u8,
        trouble: Option<&Failure>,
    ) -> Result<(), LedgerError> {
        let code = trouble.map(|failure| failure.code);
        if row.percent == percent && row.failure.as_ref().map(|failure| failure.code) == code {
            return Ok(());
        }
        self.rows(statement!(
            concat!(
                "UPDATE restores SET progress_at = CASE WHEN percent <> ?4 THEN ?2 ELSE progress_at END, percent = ?4,
                     error = ?5, error_detail = ?6
                 WHERE id = ?1 AND ",
                made_there!()
            ),
            row.id,
            now,
            row.backup_no,
            percent,
            code,
            trouble.map_or("", |failure| failure.detail.as_str())
        ))
        .await?;
        Ok(())
    }

    async fn backup_ready(
        &self,
        row: &RestoreRow,
        now: UnixTime,
        bytes: u64,
        sha256: Option<&str>,
    ) -> Result<(), LedgerError> {
        self.rows(statement!(
            concat!(
                "UPDATE restores SET phase = 'transferring', since = ?2, asked = NULL, handed = 0, retry_at = 0,
                     ticket_hash = NULL, etag = NULL, length = NULL, bytes = 0, total_bytes = ?4, percent = 0, sha256 = ?5,
                     error = NULL, error_detail = ''
                 WHERE id = ?1 AND NOT cancelling AND ",
                made_there!()
            ),
            row.id,
            now,
            row.backup_no,
            bytes,
            sha256
        ))
        .await?;
        Ok(())
    }

    async fn end_backup(&self, row: &RestoreRow, now: UnixTime, outcome: &Outcome) -> Result<(), LedgerError> {
        let fence = statement!(ended!(made_there!()), row.id, now, row.backup_no);
        self.end(fence, &row.id, now, outcome, UnixTime::default(), &[]).await
    }

    async fn deletable_backups(&self, limit: u32) -> Result<Vec<(RemoteId, JobId, u32)>, LedgerError> {
        let rows = self
            .rows(statement!("SELECT remote, id, to_delete FROM restores WHERE to_delete > 0 LIMIT ?1", limit))
            .await?;
        let backup =
            |line| Ok((row::remote_id(line, "remote")?, row::job_id(line, "id")?, row::count(line, "to_delete")?));
        rows.iter().map(backup).collect()
    }

    async fn backups_deleted(&self, backups: &[(JobId, u32)]) -> Result<(), LedgerError> {
        // A later backup may have ended meanwhile.
        self.rows(statement!(
            "UPDATE restores SET to_delete = 0
             FROM (SELECT value ->> 0 AS id, value ->> 1 AS number FROM json_each(?1)) AS backup
             WHERE restores.id = backup.id AND to_delete = backup.number",
            backups
        ))
        .await?;
        Ok(())
    }
}
