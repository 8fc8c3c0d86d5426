//! Claims due restores, checks the right to them on fresh data, and has their remotes make the backups.

use super::row_lease;
use crate::{
    Access, Actor, BackupOrder, Client, Counts, Decision, Failure, Ferry, Ledger, LedgerError, Outcome, Platform,
    RemoteState, Remotes, RestoreRow, Room, RowLease, Ticket, Wanted, decide_for, for_others_refused, may_borrow, peer,
    wishes::{self, Lender},
};
use courseferry_api::{CourseId, ErrorCode, JobId, Language, RemoteId, RemoteKind, UnixTime, UserId, Warning, words};
use futures::{
    FutureExt,
    future::{Either, LocalBoxFuture, select, select_all},
    pin_mut,
};
use std::collections::BTreeSet;

/// Backups that one invocation waits for side by side: it has six connections, and each backup holds one.
pub(crate) const WAITED_FOR: u32 = 4;
/// Backups that one invocation has remotes begin by themselves.
const ASYNCHRONOUS: u32 = 50;
/// Of those, calls side by side.
const CALLS: u32 = 6;
/// Backups that one invocation has made while it waits, one after another: the database answers it a thousand queries,
/// each backup takes eleven, and a tick that collects much 130 besides.
const WAITED_FOR_IN_ALL: u32 = 70;
/// Seconds between two looks of a tick that stays.
const LOOK: u32 = 4;
/// Of so many looks one asks the remotes about backups that were begun just now.
const ASKING_LOOK: u32 = 3;
/// Times that the queue is read anew because another invocation took what was chosen.
const TAKEN: u32 = 3;
/// Seconds after which the platform ends an invocation, less some to write down what came of it.
const INVOCATION: i64 = 900 - 15;
/// Seconds between two tries of a write.
const WRITE_AGAIN: u32 = 2;
/// Seconds until the next row tries a remote that fails.
const PROBE_FAILING: i64 = 60;
/// Seconds until the next row tries a remote that waits for an administrator.
const PROBE_HELD: i64 = 300;
/// Seconds until a row that found its remote held is due again; the end of the hold makes it due at once.
const HELD_AGAIN: i64 = 3_600;

/// What a tick waits for.
enum Ended {
    /// A row that was carried.
    Carried(RemoteKind, JobId, Result<(), LedgerError>),
    /// A remote whose kind was asked for.
    Learnt(RemoteId, Result<(), LedgerError>),
    /// A look at what was backed up meanwhile.
    Looked(Result<(), LedgerError>),
}

/// The looks of a tick that stays.
#[derive(Default)]
struct Looks {
    under_way: bool,
    number: u32,
}

/// What of a tick's claims is under way.
#[derive(Default)]
struct Running {
    waited_for: u32,
    asynchronous: u32,
    claimed: u32,
    claimed_asynchronous: u32,
    /// Something was due at the last look at the queue.
    waiting: bool,
}

impl Running {
    fn room(&self, time_left: bool) -> Room {
        // Asynchronous ones are claimed by the handful: each look at the queue costs the database something.
        let free = CALLS.saturating_sub(self.asynchronous);
        let left = WAITED_FOR_IN_ALL.saturating_sub(self.claimed - self.claimed_asynchronous);
        Room {
            waited_for: if time_left { WAITED_FOR.saturating_sub(self.waited_for).min(left) } else { 0 },
            asynchronous: if free < CALLS / 2 { 0 } else { free.min(ASYNCHRONOUS - self.claimed_asynchronous) },
        }
    }

    fn begin(&mut self, kind: RemoteKind) {
        self.claimed += 1;
        if kind == RemoteKind::Courseferry {
            self.asynchronous += 1;
            self.claimed_asynchronous += 1;
        } else {
            self.waited_for += 1;
        }
    }

    fn end(&mut self, kind: RemoteKind) {
        let running = if kind == RemoteKind::Courseferry { &mut self.asynchronous } else { &mut self.waited_for };
        *running -= 1;
    }
}

impl<L: Ledger, R: Remotes, C: Client, P: Platform> Ferry<'_, L, R, C, P> {
    /// Begins new backups and waits for those that are made meanwhile. Whenever one ends the next is claimed, while the
    /// invocation, which began at `began`, has time left for it. Until `stays_until` it also looks every few seconds for
    /// what has become due, or for which there is room again.
    ///
    /// An error stops the claiming, and never what is under way. One that only `helps` a tick stays while anything is
    /// due.
    pub(super) async fn claim(
        &self,
        began: UnixTime,
        stays_until: UnixTime,
        helps: bool,
    ) -> Result<usize, LedgerError> {
        let mut work: Vec<LocalBoxFuture<'_, Ended>> = Vec::new();
        let mut looks = Looks::default();
        let mut running = Running::default();
        // Remotes whose kind is being asked for, and those for which this tick has asked.
        let (mut learning, mut asked) = (BTreeSet::new(), BTreeSet::new());
        let mut outcome = Ok(());
        loop {
            for _ in 0..TAKEN {
                if outcome.is_err() || self.client_is_down() {
                    break;
                }
                match self.refill(began, &mut work, &mut running, &mut learning, &mut asked).await {
                    Ok(true) => break,
                    Ok(false) => {}
                    Err(error) => outcome = Err(error),
                }
            }
            let stays = outcome.is_ok() && !self.client_is_down() && self.platform.now() < stays_until;
            if stays && !looks.under_way && (running.waiting || !helps) {
                looks = Looks { under_way: true, number: looks.number + 1 };
                work.push(self.look(looks.number, helps).boxed_local());
            }
            if work.is_empty() {
                return outcome.map(|()| usize::try_from(running.claimed).unwrap_or(usize::MAX));
            }
            let (ended, _, rest) = select_all(work).await;
            work = rest;
            let done = match ended {
                Ended::Carried(kind, job, done) => {
                    running.end(kind);
                    self.note_row_fault("claim", &job, done).await;
                    Ok(())
                }
                Ended::Learnt(remote, done) => {
                    learning.remove(&remote);
                    done
                }
                Ended::Looked(done) => {
                    looks.under_way = false;
                    done
                }
            };
            outcome = outcome.and(done);
        }
    }

    /// After a few seconds, hands over what was backed up meanwhile: by another invocation, or by a remote by itself.
    async fn look(&self, number: u32, helps: bool) -> Ended {
        self.platform.sleep(LOOK).await;
        if helps {
            return Ended::Looked(Ok(()));
        }
        let asked = if number.is_multiple_of(ASKING_LOOK) { self.ask_about_young_backups().await } else { Ok(0) };
        let handed_over = self.hand_over_the_rest().await;
        Ended::Looked(asked.and(handed_over).map(drop))
    }

    /// Claims what there is room for, and asks remotes what they are where that is to be known first.
    /// False if another invocation had just taken something of it: then it is worth another look.
    async fn refill<'w>(
        &'w self,
        began: UnixTime,
        work: &mut Vec<LocalBoxFuture<'w, Ended>>,
        running: &mut Running,
        learning: &mut BTreeSet<RemoteId>,
        asked: &mut BTreeSet<RemoteId>,
    ) -> Result<bool, LedgerError> {
        let now = self.platform.now();
        let room = running.room(now.since(began) + i64::from(self.settings.backup_limit_seconds) <= INVOCATION);
        if room.waited_for == 0 && room.asynchronous == 0 {
            return Ok(true);
        }
        let open = self.settings.window.is_open(now, self.zone);
        let queue = self.ledger.queue(now, open).await?;
        running.waiting = !queue.paused && !queue.due.is_empty();
        for remote in queue.to_learn(now) {
            if asked.insert(remote.clone()) && self.remotes.name(&remote).is_some() {
                learning.insert(remote.clone());
                work.push(async move { Ended::Learnt(remote.clone(), self.learn(&remote).await) }.boxed_local());
            }
        }
        let chosen = queue.choose(now, room, learning);
        if chosen.is_empty() || (running.claimed == 0 && !self.client_fits().await?) {
            return Ok(true);
        }
        let lease = self.lease();
        let rows = self.ledger.claim(now, &lease, &chosen).await?;
        let complete = rows.len() == chosen.len();
        for row in rows {
            let kind = row.kind.unwrap_or(RemoteKind::CAREFUL);
            let remote = queue.remote(&row.remote);
            let lease = row_lease(&row, &lease);
            running.begin(kind);
            work.push(
                async move {
                    let carried = self.under_lease(&lease, self.carry(&row, &lease, kind, &remote)).await;
                    Ended::Carried(kind, row.id, carried)
                }
                .boxed_local(),
            );
        }
        Ok(complete)
    }

    /// Whether block and Worker fit: if not, nothing is claimed, so that nothing fails.
    async fn client_fits(&self) -> Result<bool, LedgerError> {
        let answer = self.client.fits().await;
        if answer.is_err() {
            self.record_client(&answer).await?;
        }
        Ok(answer.is_ok())
    }

    /// Asks a remote what it is. One that does not answer stays what it was thought to be.
    async fn learn(&self, remote: &RemoteId) -> Result<(), LedgerError> {
        let about = self.remotes.about(remote).await;
        self.ledger.learnt(remote, self.platform.now(), about.as_ref().ok()).await
    }

    /// Does the work while renewing its lease; gives it up where it stands once the lease is lost.
    async fn under_lease(
        &self,
        lease: &RowLease,
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
            // A renewal that could not be written is tried again at the next turn, well within the lease.
            if self.ledger.renew(lease, until).await == Ok(false) {
                return Ok(());
            }
        }
    }

    /// A write around a backup is repeated for as long as a lease lasts: one hiccup of the database must not throw away
    /// what a remote worked on for minutes. Each of them may be repeated although it was done and only its answer lost.
    async fn insist<T>(&self, write: impl AsyncFn() -> Result<T, LedgerError>) -> Result<T, LedgerError> {
        let until = self.platform.now().plus(self.settings.lease_seconds.into());
        loop {
            let done = write().await;
            if done.is_ok() || self.platform.now() >= until {
                return done;
            }
            self.platform.sleep(WRITE_AGAIN).await;
        }
    }

    /// One claimed restore: rights, then its backup.
    async fn carry(
        &self,
        row: &RestoreRow,
        lease: &RowLease,
        kind: RemoteKind,
        remote: &RemoteState,
    ) -> Result<(), LedgerError> {
        let held = remote.held;
        let decision = match self.check(row).await {
            Ok((decision, language)) => {
                let warnings = warnings(row, &decision, language);
                if !self.ledger.backup_requested(lease, self.platform.now(), &decision, &warnings).await? {
                    return Ok(());
                }
                decision
            }
            Err(failure) => {
                if peer::client_fault(failure.code) {
                    self.client_failed(&failure).await?;
                }
                let now = self.platform.now();
                let outcome = self.retry_policy().failed(row, failure, false);
                return self.ledger.end_held(lease, now, &outcome, now).await;
            }
        };
        let asked = self.platform.now();
        let refused = if kind == RemoteKind::Courseferry {
            self.start(row, lease, held).await?
        } else {
            self.wait_for_backup(row, lease, &decision, remote).await?
        };
        match refused {
            Some(failure) => self.remote_refused(row, lease, failure, asked, held).await,
            None => Ok(()),
        }
    }

    /// Has a courseferry remote begin the backup; why not, if it does not.
    async fn start(&self, row: &RestoreRow, lease: &RowLease, held: bool) -> Result<Option<Failure>, LedgerError> {
        let order = BackupOrder {
            remote: &row.remote,
            job: &row.id,
            number: row.backup_no,
            username: &row.username,
            course: row.course,
            options: &row.options,
        };
        let entry = match self.remotes.start_backup(&order).await {
            Ok(entry) => entry,
            Err(failure) => return Ok(Some(failure)),
        };
        self.insist(async || self.remote_serves(&row.remote, held).await).await?;
        if self.insist(async || self.ledger.backup_started(lease, self.platform.now()).await).await? {
            self.apply_backup(row, &entry.state).await?;
        } else {
            self.end_cancelled(lease).await?;
        }
        Ok(None)
    }

    /// Has an original make the backup, waits for it and hands it over; why not, if there is none.
    async fn wait_for_backup(
        &self,
        row: &RestoreRow,
        lease: &RowLease,
        decision: &Decision,
        remote: &RemoteState,
    ) -> Result<Option<Failure>, LedgerError> {
        let asked = self.platform.now();
        let backup = match self.back_up(row, remote.kind).await {
            Ok(backup) => backup,
            Err(failure) => return Ok(Some(failure)),
        };
        let now = self.platform.now();
        self.insist(async || self.remote_serves(&row.remote, remote.held).await).await?;
        if remote.kind == Some(RemoteKind::Original2) {
            let took = u32::try_from(now.since(asked)).unwrap_or_default();
            self.insist(async || {
                let pace = self.ledger.pace(&row.remote).await?.after(took);
                self.ledger.set_pace(&row.remote, pace).await
            })
            .await?;
        }
        let ticket = Ticket::new(self.platform.random());
        let backed_up = self.insist(async || self.ledger.backed_up(lease, now, backup, &ticket).await).await?;
        let Some(attempt) = backed_up else {
            self.end_cancelled(lease).await?;
            return Ok(None);
        };
        let row = RestoreRow { category: decision.category, ..row.clone() };
        self.hand_over(&row, lease, attempt, &ticket).await?;
        Ok(None)
    }

    /// The backup was made in vain: its owner asked to cancel meanwhile. If the lease was lost, this writes nothing.
    async fn end_cancelled(&self, lease: &RowLease) -> Result<(), LedgerError> {
        let now = self.platform.now();
        self.insist(async || self.ledger.end_held(lease, now, &Outcome::Cancelled, now).await).await
    }

    /// The remote serves: what waited because of it goes on.
    async fn remote_serves(&self, remote: &RemoteId, held: bool) -> Result<(), LedgerError> {
        let now = self.platform.now();
        self.ledger.record_contact(Some(remote), now, None).await?;
        if held { self.ledger.lift_hold(remote, now).await } else { Ok(()) }
    }

    /// There is no backup. Decides whether that is this row's failure or the whole remote's.
    async fn remote_refused(
        &self,
        row: &RestoreRow,
        lease: &RowLease,
        failure: Failure,
        asked: UnixTime,
        held: bool,
    ) -> Result<(), LedgerError> {
        let now = self.platform.now();
        if peer::remote_fault(failure.code) {
            self.ledger.record_contact(Some(&row.remote), now, Some(&failure)).await?;
            self.ledger.probe_later(&row.remote, now.plus(PROBE_FAILING)).await?;
        } else if peer::remote_answered(failure.code) {
            self.insist(async || self.remote_serves(&row.remote, held).await).await?;
        }
        if peer::doubts_kind(failure.code) {
            self.ledger.doubt_kind(&row.remote).await?;
        }
        if peer::holds_remote(failure.code)
            && let Some(at) = self.wait_for_administrator(row, lease, &failure, held).await?
        {
            let outcome = Outcome::Again { failure, at, counts: Counts::Nothing };
            return self.insist(async || self.ledger.end_held(lease, now, &outcome, now).await).await;
        }
        let waited = now.since(asked);
        if matches!(failure.code, ErrorCode::RemoteBackupUnknown | ErrorCode::RemoteTimeout) {
            let pace = self.ledger.pace(&row.remote).await?.after_timeout();
            self.ledger.set_pace(&row.remote, pace).await?;
        }
        if row.kind == Some(RemoteKind::Courseferry) {
            // Should it have been begun all the same, it is deleted with the row's try.
            let outcome = self.retry_policy().failed(row, failure, false);
            return self.insist(async || self.ledger.end_held(lease, now, &outcome, now).await).await;
        }
        let verdict = self.retry_policy().backup_failed(row, failure, waited);
        self.insist(async || self.ledger.end_held(lease, now, &verdict.outcome, verdict.busy_until).await).await
    }

    /// A cause that only an administrator can mend holds the remote if it is the remote's: if the site's own information
    /// is refused likewise, or the rows of two people are. A row that is refused alone tries once more before it fails.
    /// When it is due again; none if the cause is its own.
    async fn wait_for_administrator(
        &self,
        row: &RestoreRow,
        lease: &RowLease,
        failure: &Failure,
        held: bool,
    ) -> Result<Option<UnixTime>, LedgerError> {
        let whole_remote = held
            || self.remotes.about(&row.remote).await.is_err_and(|fault| peer::holds_remote(fault.code))
            || self.ledger.refused_likewise(&row.remote, row.user, failure.code).await?;
        let now = self.platform.now();
        if whole_remote {
            self.ledger.hold(row, now, failure).await?;
            self.ledger.probe_later(&row.remote, now.plus(PROBE_HELD)).await?;
            return Ok(Some(now.plus(HELD_AGAIN)));
        }
        if row.suspected {
            return Ok(None);
        }
        self.ledger.suspect(lease).await?;
        Ok(Some(now.plus(PROBE_HELD)))
    }

    /// Whether the owner may restore, and where to, on fresh data.
    async fn check(&self, job: &RestoreRow) -> Result<(Decision, Language), Failure> {
        if self.remotes.name(&job.remote).is_none() {
            return Err(ErrorCode::RemoteUnconfigured.into());
        }
        let access = self.client.access(job.user).await?;
        if access.username() != job.username {
            return Err(ErrorCode::UserRenamed.into());
        }
        let actor = match &job.actor {
            Some(actor) => Some(self.actor_access(&access, actor).await?),
            None => None,
        };
        let lender = Lender { kind: job.kind, named: self.remotes.may_be_asked_for_people(&job.remote) };
        if let Some(course) = job.options.target_course {
            let decision = Decision::added_to(self.existing_course(job, course).await?);
            wishes::refused(&access, &job.options, &decision, lender)?;
            return Ok((decision, access.language()));
        }
        let wanted = Wanted {
            target: &job.target,
            identifier: &job.identifier,
            options: &job.options,
            default: self.settings.default_category,
            lender,
        };
        let (decision, _) = decide_for(&access, actor.as_ref(), &wanted)?;
        Ok((decision, access.language()))
    }

    /// What whoever asked for a restore may do now, if they may still ask for it.
    async fn actor_access(&self, owner: &C::Access, actor: &Actor) -> Result<C::Access, Failure> {
        if actor.user <= UserId::NOBODY {
            return Err(ErrorCode::RestoreActorRefused.into());
        }
        let access = self.client.access(actor.user).await.map_err(|failure| match failure.code {
            // Under its own code the row would say that its owner is inactive or unknown.
            code @ (ErrorCode::UserInactive | ErrorCode::ClientUserUnknown) => {
                Failure::new(ErrorCode::RestoreActorRefused, code.sentence(owner.language()))
            }
            _ => failure,
        })?;
        for_others_refused(owner, &access)?;
        Ok(access)
    }

    /// The name of the course that is added to: its owner may, or whoever asked for it on their behalf.
    async fn existing_course(&self, job: &RestoreRow, course: CourseId) -> Result<String, Failure> {
        match (self.client.target_course(job.user, course, &job.locale).await, &job.actor) {
            (Err(refused), Some(actor)) if may_borrow(&job.options, refused.code) => {
                self.client.target_course(actor.user, course, &job.locale).await.map_err(|_| refused)
            }
            (answer, _) => answer,
        }
    }

    /// The backup's id, within the time limit.
    async fn back_up(&self, job: &RestoreRow, known: Option<RemoteKind>) -> Result<i64, Failure> {
        let backup = self.remotes.make_backup(&job.remote, known, &job.username, job.course, job.options.students);
        let limit = self.platform.sleep(self.settings.backup_limit_seconds);
        pin_mut!(backup, limit);
        match select(backup, limit).await {
            Either::Left((Ok(0), _)) => Err(ErrorCode::RemoteBackupFailed.into()),
            Either::Left((answer, _)) => answer,
            Either::Right(_) => Err(ErrorCode::RemoteBackupUnknown.into()),
        }
    }
}

/// Things to check that follow from the category: the default one instead of the original, and rights that are missing.
fn warnings(row: &RestoreRow, decision: &Decision, language: Language) -> Vec<Warning> {
    // The preview had named this category before its owner pressed: that is no news.
    let news = row.announced != decision.category;
    let instead = decision.instead.iter().filter(|_| news).map(|reason| {
        let message = language.fill(words::WENT_TO_DEFAULT, &[("category", &decision.name), ("reason", reason)]);
        Warning::new("category.default_instead", message)
    });
    let incomplete = decision.incomplete.iter().map(|reason| Warning::new("access.incomplete", reason));
    instead.chain(incomplete).collect()
}
