//! Claims due restores, checks the right to them on fresh data, and has their remotes make the backups.

use super::row_lease;
use crate::{
    Access, Client, Decision, Failure, Ferry, Ledger, LedgerError, Platform, Remotes, RestoreRow, RowLease, Ticket,
    decide, peer,
};
use courseferry_api::{ErrorCode, Language, Warning};
use futures::{
    future::{Either, join_all, select},
    pin_mut,
};

/// New backups that one tick begins at the most: an invocation has six connections, and a backup holds one.
const CLAIMS: u32 = 4;

impl<L: Ledger, R: Remotes, C: Client, P: Platform> Ferry<'_, L, R, C, P> {
    /// Begins new backups and waits for them, side by side.
    pub(super) async fn claim(&self) -> Result<usize, LedgerError> {
        let now = self.platform.now();
        let open = self.settings.window.is_open(now, self.zone);
        let lease = self.lease();
        let jobs = self.ledger.claim(now, open, &lease, CLAIMS).await?;
        let carried = join_all(jobs.iter().map(|job| async {
            let row_lease = row_lease(job, &lease);
            self.under_lease(&row_lease, self.carry(job, &row_lease)).await
        }));
        let claimed = jobs.len();
        carried.await.into_iter().collect::<Result<Vec<()>, _>>()?;
        Ok(claimed)
    }

    /// Does the work while renewing its lease; gives it up where it stands once the lease is lost.
    pub(super) async fn under_lease(
        &self,
        row_lease: &RowLease,
        work: impl Future<Output = Result<(), LedgerError>>,
    ) -> Result<(), LedgerError> {
        pin_mut!(work);
        loop {
            let pause = self.platform.sleep((self.settings.lease_seconds / 4).max(1));
            pin_mut!(pause);
            match select(work, pause).await {
                Either::Left((done, _)) => return done,
                Either::Right(((), unfinished)) => work = unfinished,
            }
            let until = self.platform.now().plus(self.settings.lease_seconds.into());
            if !self.ledger.renew(row_lease, until).await? {
                return Ok(());
            }
        }
    }

    /// One claimed restore: rights, backup, hand-over.
    pub(super) async fn carry(&self, job: &RestoreRow, row_lease: &RowLease) -> Result<(), LedgerError> {
        let decision = match self.check(job).await {
            Ok((decision, language)) => {
                let warnings = warnings(&decision, language);
                if !self.ledger.backup_requested(row_lease, self.platform.now(), &decision, &warnings).await? {
                    return Ok(());
                }
                decision
            }
            Err(failure) => {
                if peer::client_fault(failure.code) {
                    self.ledger.record_contact(None, self.platform.now(), Some(&failure)).await?;
                }
                let now = self.platform.now();
                let outcome = self.retry_policy().failed(job, failure, false);
                return self.ledger.end_held(row_lease, now, &outcome, now).await;
            }
        };
        let asked = self.platform.now();
        match self.back_up(job).await {
            Ok(backup) => {
                let now = self.platform.now();
                self.ledger.record_contact(Some(&job.remote), now, None).await?;
                let ticket = Ticket::new(self.platform.random());
                let Some(attempt) = self.ledger.backed_up(row_lease, now, backup, &ticket).await? else {
                    return self.give_up(row_lease).await;
                };
                let job = RestoreRow { category: Some(decision.category), ..job.clone() };
                self.hand_over(&job, row_lease, attempt, &ticket).await
            }
            Err(failure) => {
                let now = self.platform.now();
                let fault = Some(&failure).filter(|failure| peer::remote_fault(failure.code));
                self.ledger.record_contact(Some(&job.remote), now, fault).await?;
                let verdict = self.retry_policy().backup_failed(job, failure, now.since(asked));
                self.ledger.end_held(row_lease, now, &verdict.outcome, verdict.busy_until).await
            }
        }
    }

    /// May they restore, and where to? On fresh data.
    pub(super) async fn check(&self, job: &RestoreRow) -> Result<(Decision, Language), Failure> {
        if self.remotes.name(&job.remote).is_none() {
            return Err(ErrorCode::RemoteUnconfigured.into());
        }
        let access = self.client.access(job.user).await?;
        if access.username() != job.username {
            return Err(ErrorCode::UserRenamed.into());
        }
        let decision = decide(&access, &job.target, &job.identifier, self.settings.default_category)?;
        Ok((decision, access.language()))
    }

    /// The backup's id, within the time limit.
    pub(super) async fn back_up(&self, job: &RestoreRow) -> Result<i64, Failure> {
        let backup = self.remotes.make_backup(&job.remote, &job.username, job.course);
        let limit = self.platform.sleep(self.settings.backup_limit_seconds);
        pin_mut!(backup, limit);
        match select(backup, limit).await {
            Either::Left((Ok(0), _)) => Err(ErrorCode::RemoteBackupFailed.into()),
            Either::Left((answer, _)) => answer,
            Either::Right(_) => Err(ErrorCode::RemoteBackupUnknown.into()),
        }
    }
}

/// What its owner should check because of where it goes.
fn warnings(decision: &Decision, language: Language) -> Vec<Warning> {
    let instead = decision.instead.iter().map(|reason| {
        let message = match language {
            Language::English => format!("It went to “{}” instead of its original category. {reason}", decision.name),
            Language::French => {
                format!("Il est allé dans « {} » au lieu de sa catégorie d'origine. {reason}", decision.name)
            }
        };
        Warning::new("category.default_instead", message)
    });
    let incomplete = decision.incomplete.iter().map(|reason| Warning::new("access.incomplete", reason));
    instead.chain(incomplete).collect()
}
