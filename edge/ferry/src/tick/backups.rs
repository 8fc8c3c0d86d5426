//! Backups that courseferry remotes make by themselves, while no lease is held: how they fare, and their end.

use crate::{BackupState, Client, Failure, Ferry, Ledger, LedgerError, Outcome, Platform, Remotes, RestoreRow, peer};
use courseferry_api::{ErrorCode, JobId, RemoteId};
use futures::future::join_all;
use std::collections::BTreeMap;

/// Backups that one tick asks about.
const ASKED: u32 = 400;
/// Backups in one call.
const IN_ONE_CALL: usize = 200;
/// Calls side by side.
const CALLS: usize = 6;
/// Seconds for which a backup counts as begun just now.
const YOUNG: i64 = 120;
/// A backup that has not been begun for so many seconds: that Moodle's cron stands still.
const CRON_STILL: u32 = 6 * 3_600;
/// Seconds without any progress after which a try ends.
const STALLED: i64 = 24 * 3_600;

impl<L: Ledger, R: Remotes, C: Client, P: Platform> Ferry<'_, L, R, C, P> {
    /// Asks the remotes how the backups fare that they make.
    pub(super) async fn collect_backups(&self) -> Result<usize, LedgerError> {
        let rows = self.ledger.backups_under_way(ASKED).await?;
        self.ask_about_all(&rows).await
    }

    /// The same for backups that were begun just now: a small course need not wait for the next tick. Those that ended in
    /// vain are deleted, for until then their rows are not claimed again.
    pub(super) async fn ask_about_young_backups(&self) -> Result<usize, LedgerError> {
        let now = self.platform.now();
        let mut rows = self.ledger.backups_under_way(ASKED).await?;
        rows.retain(|row| now.since(row.since) < YOUNG);
        let asked = self.ask_about_all(&rows).await;
        self.delete_backups().await.and(asked)
    }

    async fn ask_about_all(&self, rows: &[RestoreRow]) -> Result<usize, LedgerError> {
        let mut by_remote: BTreeMap<&RemoteId, Vec<&RestoreRow>> = BTreeMap::new();
        for row in rows {
            by_remote.entry(&row.remote).or_default().push(row);
        }
        let calls: Vec<(&RemoteId, &[&RestoreRow])> =
            by_remote.iter().flat_map(|(remote, rows)| rows.chunks(IN_ONE_CALL).map(|part| (*remote, part))).collect();
        let mut outcome = Ok(rows.len());
        for calls in calls.chunks(CALLS) {
            let asked = join_all(calls.iter().map(|(remote, rows)| self.ask_about(remote, rows))).await;
            outcome = asked.into_iter().fold(outcome, |outcome, done| done.and(outcome));
        }
        outcome
    }

    async fn ask_about(&self, remote: &RemoteId, rows: &[&RestoreRow]) -> Result<(), LedgerError> {
        let numbers: Vec<(JobId, u32)> = rows.iter().map(|row| (row.id.clone(), row.backup_no)).collect();
        let answers = match self.remotes.backups(remote, &numbers).await {
            Ok(answers) => {
                self.ledger.record_contact(Some(remote), self.platform.now(), None).await?;
                answers
            }
            Err(failure) => {
                if peer::remote_fault(failure.code) {
                    self.ledger.record_contact(Some(remote), self.platform.now(), Some(&failure)).await?;
                }
                vec![]
            }
        };
        let mut outcome = Ok(());
        for row in rows {
            let answer = answers.iter().find(|answer| answer.job == row.id && answer.number == row.backup_no);
            let done = match answer {
                Some(answer) => self.apply_backup(row, &answer.state).await,
                None => self.end_if_stalled(row).await.map(|_| ()),
            };
            outcome = outcome.and(done);
        }
        outcome
    }

    /// Writes what a remote says of a backup.
    pub(super) async fn apply_backup(&self, row: &RestoreRow, state: &BackupState) -> Result<(), LedgerError> {
        let now = self.platform.now();
        let outcome = match state {
            _ if row.cancelling => Outcome::Cancelled,
            BackupState::Ready { bytes, sha256 } => {
                return self.ledger.backup_ready(row, now, *bytes, sha256.as_deref()).await;
            }
            BackupState::Waiting { .. } | BackupState::Running { .. } if self.end_if_stalled(row).await? => {
                return Ok(());
            }
            BackupState::Waiting { elapsed } => {
                let trouble = (*elapsed >= CRON_STILL).then(|| Failure::from(ErrorCode::RemoteCronStopped));
                return self.ledger.backup_progress(row, now, 0, trouble.as_ref()).await;
            }
            BackupState::Running { percent } => return self.ledger.backup_progress(row, now, *percent, None).await,
            BackupState::Failed { failure, transient } => self.retry_policy().failed(row, failure.clone(), *transient),
            // Deleted there, or never begun because our call was lost: it is begun anew under another number.
            BackupState::Gone => self.retry_policy().failed(row, ErrorCode::BackupGone.into(), true),
        };
        self.ledger.end_backup(row, now, &outcome).await
    }

    /// Ends the try if its backup has not got any further for a day.
    async fn end_if_stalled(&self, row: &RestoreRow) -> Result<bool, LedgerError> {
        let now = self.platform.now();
        let stalled = now.since(row.progress_at) >= STALLED;
        if stalled {
            let outcome = self.retry_policy().failed(row, ErrorCode::RemoteBackupStalled.into(), false);
            self.ledger.end_backup(row, now, &outcome).await?;
        }
        Ok(stalled)
    }

    /// Deletes backups on their remotes that nobody needs any more. A remote that refuses is not asked again: its own
    /// clock deletes them.
    pub(super) async fn delete_backups(&self) -> Result<usize, LedgerError> {
        let backups = self.ledger.deletable_backups(ASKED).await?;
        let deletable = backups.len();
        let mut by_remote: BTreeMap<RemoteId, Vec<(JobId, u32)>> = BTreeMap::new();
        for (remote, job, number) in backups {
            by_remote.entry(remote).or_default().push((job, number));
        }
        let calls: Vec<(&RemoteId, &[(JobId, u32)])> = by_remote
            .iter()
            .flat_map(|(remote, all)| all.chunks(IN_ONE_CALL).map(move |part| (remote, part)))
            .collect();
        for calls in calls.chunks(CALLS) {
            join_all(calls.iter().map(|(remote, part)| self.remotes.delete_backups(remote, part))).await;
            for (_, part) in calls {
                self.ledger.backups_deleted(part).await?;
            }
        }
        Ok(deletable)
    }
}
