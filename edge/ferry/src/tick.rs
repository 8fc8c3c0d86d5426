//! One tick of the ferry: collect what the client finished, hand over what is backed up, tell the owners, claim new
//! backups and wait for them.
//!
//! Ticks overlap, and any of them may die at any point. Nothing is remembered but the ledger, every write relies on a
//! lease or on the attempt's number, and so whatever one tick leaves behind, a later one takes up.

use crate::{
    Access, Client, Counts, Decision, Failure, Hold, Job, Judge, Lease, Ledger, LedgerError, Order, Outcome, Platform,
    Progress, Remotes, Settings, State, Ticket, Withdrawal, Zone, decide, peer, ticket::hex,
};
use courseferry_api::{ErrorCode, JobId, Language, Phase, UserId, Warning};
use futures::{
    future::{Either, join_all, select},
    pin_mut,
};

/// New backups that one tick begins at the most: an invocation has six connections, and a backup holds one.
const CLAIMS: u32 = 4;
/// Backups that one tick hands over at the most.
const HAND_OVERS: u32 = 20;
/// Restores that the client is asked about in one call.
const COLLECTED: u32 = 100;
/// Seconds between two looks after a restored course.
const CHECKED: i64 = 3_600;

/// Everything that a tick works with.
pub struct Ferry<'a, L, R, C, P> {
    /// The rows.
    pub ledger: &'a L,
    /// The remotes.
    pub remotes: &'a R,
    /// The client Moodle.
    pub client: &'a C,
    /// Time and chance.
    pub platform: &'a P,
    /// What the administrator decided.
    pub settings: &'a Settings,
    /// The site's time zone.
    pub zone: &'a dyn Zone,
}

/// What a tick did, for the log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Backups whose Worker died.
    pub abandoned: usize,
    /// Restores that the client was asked about.
    pub collected: usize,
    /// Backups handed over that an earlier tick had left.
    pub handed_over: usize,
    /// Restored courses looked after.
    pub checked: usize,
    /// Letters sent.
    pub letters: usize,
    /// Backups begun.
    pub claimed: usize,
    /// What went wrong, the steps' names first.
    pub troubles: Vec<String>,
}

impl<L: Ledger, R: Remotes, C: Client, P: Platform> Ferry<'_, L, R, C, P> {
    /// Carries every due restore forward, and returns once the backups that it began have ended.
    pub async fn tick(&self) -> Report {
        let mut report = Report::default();
        report.abandoned = noted(&mut report.troubles, "abandoned", self.judge_abandoned().await);
        report.collected = noted(&mut report.troubles, "collect", self.collect().await);
        report.handed_over = noted(&mut report.troubles, "hand over", self.hand_over_the_rest().await);
        report.checked = noted(&mut report.troubles, "check", self.check_restored().await);
        report.letters = noted(&mut report.troubles, "letters", self.send_letters().await);
        report.claimed = noted(&mut report.troubles, "claim", self.claim().await);
        report
    }

    /// Cancels a restore; `owner`: only if it is theirs. Complete wins every race.
    pub async fn cancel(&self, job: &JobId, owner: Option<UserId>) -> Result<Withdrawal, LedgerError> {
        let withdrawal = self.ledger.withdraw(job, owner, self.platform.now()).await?;
        match &withdrawal {
            Withdrawal::Asked(job) if job.phase == Some(Phase::Transferring) => {
                // Should the client not answer, the next tick asks again.
                self.settle_withdrawal(job).await?;
                self.ledger.withdraw(&job.id, owner, self.platform.now()).await
            }
            _ => Ok(withdrawal),
        }
    }

    /// Backups whose Worker died: the remote may still be making them.
    async fn judge_abandoned(&self) -> Result<usize, LedgerError> {
        let now = self.platform.now();
        let lease = self.lease();
        let abandoned = self.ledger.take_abandoned(now, &lease).await?;
        for job in &abandoned {
            let unknown = Failure::from(ErrorCode::RemoteBackupUnknown);
            let (outcome, busy_until) = match job.asked {
                Some(asked) => {
                    let verdict = self.judge().backup_failed(job, unknown, now.since(asked));
                    (verdict.outcome, verdict.busy_until)
                }
                // The remote had not been asked yet.
                None if job.cancelling => (Outcome::Cancelled, now),
                None => (Outcome::Again { failure: ErrorCode::Internal.into(), at: now, counts: Counts::Nothing }, now),
            };
            self.ledger.end_held(&hold(job, &lease), now, &outcome, busy_until).await?;
        }
        Ok(abandoned.len())
    }

    /// Asks the client how its restores fare.
    async fn collect(&self) -> Result<usize, LedgerError> {
        let jobs = self.ledger.under_way(COLLECTED).await?;
        if jobs.is_empty() {
            return Ok(0);
        }
        let ids: Vec<JobId> = jobs.iter().map(|job| job.id.clone()).collect();
        let answers = self.client.progress(&ids).await;
        self.met_client(&answers).await?;
        let Ok(answers) = answers else { return Ok(0) };
        for job in &jobs {
            let answer = answers.iter().find(|answer| answer.job == job.id);
            if job.cancelling {
                self.settle_withdrawal(job).await?;
            } else if let Some(answer) = answer {
                self.weigh(job, answer).await?;
            }
        }
        Ok(jobs.len())
    }

    /// Writes what the companion says of a restore.
    async fn weigh(&self, job: &Job, answer: &Progress) -> Result<(), LedgerError> {
        let now = self.platform.now();
        let same = answer.attempt == job.attempt;
        let outcome = match &answer.state {
            // A course that is there is there, whichever attempt made it.
            State::Complete | State::PartiallyRestored => Outcome::Restored {
                course: answer.course,
                bytes: answer.total_bytes.max(answer.bytes),
                warnings: answer.warnings.clone(),
            },
            State::Failed { failure, transient } if same => {
                self.judge().failed(job, Self::sharpen(job, failure), *transient)
            }
            State::Cancelled if same => Outcome::Cancelled,
            State::Pending | State::Downloading if same => {
                return self.ledger.report(job, now, Phase::Transferring, answer).await;
            }
            State::Extracting | State::Restoring if same => {
                return self.ledger.report(job, now, Phase::Restoring, answer).await;
            }
            // Not handed over yet, or that is just being done.
            _ if !job.handed && job.cancelling && job.leased_until.is_none_or(|until| until <= now) => {
                Outcome::Cancelled
            }
            _ if !job.handed => return Ok(()),
            _ if job.phase == Some(Phase::Transferring) => return self.ledger.lost(job).await,
            // Its backup may be replaced by now.
            _ => self.judge().failed(job, ErrorCode::ClientUnknownJob.into(), false),
        };
        self.ledger.end_attempt(job, now, &outcome).await
    }

    /// A backup that was gone at the first look is an empty one, and not one that vanished later.
    fn sharpen(job: &Job, failure: &Failure) -> Failure {
        match failure.code {
            ErrorCode::BackupGone if job.etag.is_none() => {
                Failure { code: ErrorCode::RemoteEmptyBackup, ..failure.clone() }
            }
            _ => failure.clone(),
        }
    }

    /// Carries out the wish to cancel a backed-up restore, if the companion agrees. It remembers a cancelled attempt,
    /// also one that has yet to arrive.
    async fn settle_withdrawal(&self, job: &Job) -> Result<(), LedgerError> {
        let answer = self.client.cancel(&job.id, job.attempt).await;
        self.met_client(&answer).await?;
        match answer {
            Ok(answer) => self.weigh(job, &answer).await,
            // The next tick asks again.
            Err(_) => Ok(()),
        }
    }

    /// Nothing was handed over, because its owner asked to cancel; or the lease was lost, and then this writes nothing.
    async fn give_up(&self, hold: &Hold) -> Result<(), LedgerError> {
        let now = self.platform.now();
        self.ledger.end_held(hold, now, &Outcome::Cancelled, now).await
    }

    /// Looks after restored courses: one that was deleted may be brought again.
    async fn check_restored(&self) -> Result<usize, LedgerError> {
        let now = self.platform.now();
        let jobs = self.ledger.take_restored(now.plus(-CHECKED), now, COLLECTED).await?;
        if jobs.is_empty() {
            return Ok(0);
        }
        let answers = self.client.progress(&jobs).await;
        self.met_client(&answers).await?;
        let came = |answer: &Progress| matches!(answer.state, State::Complete | State::PartiallyRestored);
        let gone = answers.unwrap_or_default().into_iter().filter(|answer| came(answer) && answer.course.is_none());
        let gone: Vec<JobId> = gone.map(|answer| answer.job).collect();
        if !gone.is_empty() {
            self.ledger.courses_gone(&gone).await?;
        }
        Ok(jobs.len())
    }

    async fn hand_over_the_rest(&self) -> Result<usize, LedgerError> {
        let lease = self.lease();
        let jobs = self.ledger.take_backed_up(self.platform.now(), &lease, HAND_OVERS).await?;
        for job in &jobs {
            let (hold, ticket) = (hold(job, &lease), Ticket::new(self.platform.random()));
            match self.ledger.new_attempt(&hold, &ticket).await? {
                Some(attempt) => self.hand_over(job, &hold, attempt, &ticket).await?,
                None => self.give_up(&hold).await?,
            }
        }
        Ok(jobs.len())
    }

    /// Hands a backup over under this attempt number and with this ticket.
    async fn hand_over(&self, job: &Job, hold: &Hold, attempt: u32, ticket: &Ticket) -> Result<(), LedgerError> {
        let (Some(category), Some(remote_name)) = (job.category, self.remotes.name(&job.remote)) else {
            let now = self.platform.now();
            let gone = Outcome::Failed(ErrorCode::RemoteUnconfigured.into());
            return self.ledger.end_held(hold, now, &gone, now).await;
        };
        let answer = self
            .client
            .restore(&Order {
                job: &job.id,
                attempt,
                user: job.user,
                category,
                ticket,
                course: job.course,
                remote_name: &remote_name,
                full_name: &job.full_name,
                short_name: &job.short_name,
            })
            .await;
        self.met_client(&answer).await?;
        let now = self.platform.now();
        match answer {
            Ok(answer) if matches!(answer.state, State::Busy | State::StaleAttempt) => {
                let code =
                    if answer.state == State::Busy { ErrorCode::ClientBusy } else { ErrorCode::ClientStaleAttempt };
                let at = self.judge().hand_over_again();
                self.ledger.hand_over_later(hold, at, &code.into(), answer.attempt).await
            }
            Ok(answer) => {
                let Some(job) = self.ledger.handed(hold).await? else { return Ok(()) };
                if job.cancelling { self.settle_withdrawal(&job).await } else { self.weigh(&job, &answer).await }
            }
            // It may have arrived all the same: the next tick asks, and only then hands over again.
            Err(failure) if peer::client_fault(failure.code) => {
                let at = self.judge().hand_over_again();
                self.ledger.hand_over_later(hold, at, &failure, attempt).await
            }
            Err(failure) => {
                let outcome = self.judge().failed(job, failure, false);
                self.ledger.end_held(hold, now, &outcome, now).await
            }
        }
    }

    /// Begins new backups and waits for them, side by side.
    async fn claim(&self) -> Result<usize, LedgerError> {
        let now = self.platform.now();
        let open = self.settings.window.is_open(now, self.zone);
        let lease = self.lease();
        let jobs = self.ledger.claim(now, open, &lease, CLAIMS).await?;
        let carried = join_all(jobs.iter().map(|job| async {
            let hold = hold(job, &lease);
            self.under_lease(&hold, self.carry(job, &hold)).await
        }));
        let claimed = jobs.len();
        carried.await.into_iter().collect::<Result<Vec<()>, _>>()?;
        Ok(claimed)
    }

    /// Does the work while renewing its lease; gives it up where it stands once the lease is lost.
    async fn under_lease(
        &self,
        hold: &Hold,
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
            if !self.ledger.renew(hold, until).await? {
                return Ok(());
            }
        }
    }

    /// One claimed restore: rights, backup, hand-over.
    async fn carry(&self, job: &Job, hold: &Hold) -> Result<(), LedgerError> {
        let decision = match self.check(job).await {
            Ok((decision, language)) => {
                let warnings = warnings(&decision, language);
                if !self.ledger.asking(hold, self.platform.now(), &decision, &warnings).await? {
                    return Ok(());
                }
                decision
            }
            Err(failure) => {
                if peer::client_fault(failure.code) {
                    self.ledger.met(None, self.platform.now(), Some(&failure)).await?;
                }
                let now = self.platform.now();
                let outcome = self.judge().failed(job, failure, false);
                return self.ledger.end_held(hold, now, &outcome, now).await;
            }
        };
        let asked = self.platform.now();
        match self.back_up(job).await {
            Ok(backup) => {
                let now = self.platform.now();
                self.ledger.met(Some(&job.remote), now, None).await?;
                let ticket = Ticket::new(self.platform.random());
                let Some(attempt) = self.ledger.backed_up(hold, now, backup, &ticket).await? else {
                    return self.give_up(hold).await;
                };
                let job = Job { category: Some(decision.category), ..job.clone() };
                self.hand_over(&job, hold, attempt, &ticket).await
            }
            Err(failure) => {
                let now = self.platform.now();
                let fault = Some(&failure).filter(|failure| peer::remote_fault(failure.code));
                self.ledger.met(Some(&job.remote), now, fault).await?;
                let verdict = self.judge().backup_failed(job, failure, now.since(asked));
                self.ledger.end_held(hold, now, &verdict.outcome, verdict.busy_until).await
            }
        }
    }

    /// May they restore, and where to? On fresh data.
    async fn check(&self, job: &Job) -> Result<(Decision, Language), Failure> {
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
    async fn back_up(&self, job: &Job) -> Result<i64, Failure> {
        let backup = self.remotes.make_backup(&job.remote, &job.username, job.course);
        let limit = self.platform.sleep(self.settings.backup_limit_seconds);
        pin_mut!(backup, limit);
        match select(backup, limit).await {
            Either::Left((Ok(0), _)) => Err(ErrorCode::RemoteBackupFailed.into()),
            Either::Left((answer, _)) => answer,
            Either::Right(_) => Err(ErrorCode::RemoteBackupUnknown.into()),
        }
    }

    /// Remembers how the client answered.
    async fn met_client<T>(&self, answer: &Result<T, Failure>) -> Result<(), LedgerError> {
        let fault = answer.as_ref().err().filter(|failure| peer::client_fault(failure.code));
        self.ledger.met(None, self.platform.now(), fault).await
    }

    pub(crate) fn judge(&self) -> Judge<'_> {
        let random = self.platform.random().first_chunk().copied().map_or(0, u64::from_le_bytes);
        Judge { settings: self.settings, now: self.platform.now(), random }
    }

    fn lease(&self) -> Lease {
        let until = self.platform.now().plus(self.settings.lease_seconds.into());
        Lease { token: hex(&self.platform.random()), until }
    }
}

fn hold(job: &Job, lease: &Lease) -> Hold {
    Hold { job: job.id.clone(), lease: lease.token.clone() }
}

fn noted(troubles: &mut Vec<String>, step: &str, done: Result<usize, LedgerError>) -> usize {
    done.unwrap_or_else(|error| {
        troubles.push(format!("{step}: {error}"));
        0
    })
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
        Warning { code: "category.default_instead".to_owned(), message }
    });
    let incomplete = decision
        .incomplete
        .iter()
        .map(|reason| Warning { code: "access.incomplete".to_owned(), message: reason.clone() });
    instead.chain(incomplete).collect()
}
