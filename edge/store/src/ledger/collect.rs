//! What the client did with what it was given.

use super::ended;
use crate::{Executor, Store, executor::statement, row};
use courseferry_api::{CourseId, JobId, Phase, UnixTime, UserId};
use courseferry_ferry::{Collects, LedgerError, Outcome, Progress, RestoreRow, RestoredCourse};

impl<E: Executor> Collects for Store<E> {
    async fn under_way(&self, limit: u32) -> Result<Vec<RestoreRow>, LedgerError> {
        self.jobs(statement!(
            "SELECT * FROM restores WHERE status = 'in_progress' AND phase IN ('transferring', 'restoring')
             ORDER BY created, id LIMIT ?1",
            limit
        ))
        .await
    }

    async fn report(
        &self,
        job: &RestoreRow,
        now: UnixTime,
        phase: Phase,
        progress: &Progress,
    ) -> Result<(), LedgerError> {
        // Once its copy is complete another restore may have the slot: it never goes back to 'transferring'.
        self.rows(statement!(
            "UPDATE restores SET handed = 1, phase = ?4,
                 since = CASE phase WHEN ?4 THEN since ELSE ?3 END,
                 cancelling = CASE ?4 WHEN 'restoring' THEN 0 ELSE cancelling END,
                 bytes = ?5, total_bytes = ?6, percent = ?7, error = NULL, error_detail = ''
             WHERE id = ?1 AND attempt = ?2 AND status = 'in_progress'
                 AND (phase = 'transferring' OR (phase = 'restoring' AND ?4 = 'restoring'))",
            job.id,
            job.attempt,
            now,
            phase.as_str(),
            progress.bytes,
            progress.total_bytes,
            progress.percent
        ))
        .await?;
        Ok(())
    }

    async fn hand_over_anew(&self, job: &RestoreRow) -> Result<(), LedgerError> {
        self.rows(statement!(
            "UPDATE restores SET handed = 0, retry_at = 0
             WHERE id = ?1 AND attempt = ?2 AND status = 'in_progress' AND phase = 'transferring'",
            job.id,
            job.attempt
        ))
        .await?;
        Ok(())
    }

    async fn end_attempt(&self, job: &RestoreRow, now: UnixTime, outcome: &Outcome) -> Result<(), LedgerError> {
        let fence = statement!(
            ended!("status = 'in_progress' AND phase IN ('transferring', 'restoring') AND attempt = ?3"),
            job.id,
            now,
            job.attempt
        );
        self.end(fence, &job.id, now, outcome, UnixTime::default(), &job.warnings).await
    }

    async fn take_restored(
        &self,
        before: UnixTime,
        now: UnixTime,
        limit: u32,
    ) -> Result<Vec<RestoredCourse>, LedgerError> {
        let rows = self
            .rows(statement!(
                // One whose removal was asked for a short while ago is looked after again at once.
                "UPDATE restores SET checked = CASE WHEN removal_asked > ?2 - 900 THEN ?1 ELSE ?2 END
                 WHERE id IN (
                     SELECT id FROM restores INDEXED BY restores_checked
                     WHERE status = 'restored' AND NOT gone AND checked <= ?1
                     ORDER BY checked LIMIT ?3)
                 RETURNING id, user_id, restored",
                before,
                now,
                limit
            ))
            .await?;
        let course = |line| {
            Ok(RestoredCourse {
                job: row::job_id(line, "id")?,
                user: UserId(row::int(line, "user_id")?),
                course: row::whole(line, "restored")?.map(CourseId),
            })
        };
        rows.iter().map(course).collect()
    }

    async fn courses_gone(&self, jobs: &[JobId], now: UnixTime) -> Result<(), LedgerError> {
        self.rows(statement!(
            "UPDATE restores SET gone = 1, exclusive_key = NULL,
                 removed = CASE WHEN removal_asked IS NOT NULL THEN ?2 END
             WHERE id IN (SELECT value FROM json_each(?1)) AND status = 'restored' AND NOT gone",
            jobs,
            now
        ))
        .await?;
        Ok(())
    }
}
