//! The client Moodle's companion, as the ferry asks it.

use crate::{
    adapters::fetch,
    app::App,
    auth::{rights::Rights, snapshots},
};
use courseferry_api::{CourseId, ErrorCode, JobId, UserId, Warning};
use courseferry_ferry::{Client, Failure, Notice, NoticeKind, Order, Progress, Recipient, State};
use courseferry_moodle::{Job, JobState, MessageKind, Notification, RestoreOrder, Secret};

/// The oldest version of the block that this Worker speaks to. Parameters that came later are optional.
const OLDEST_BLOCK: u64 = 2_026_112_400;

/// The client Moodle.
pub struct ClientPort<'a>(pub &'a App);

impl Client for ClientPort<'_> {
    type Access = Rights;

    async fn access(&self, user: UserId) -> Result<Rights, Failure> {
        Rights::fresh(self.0, user).await
    }

    async fn fits(&self) -> Result<(), Failure> {
        let app = self.0;
        let known = app.store.site_version().await.map_err(|error| Failure::new(error.code(), error.0))?;
        let known = known.map(|(version, _)| version).unwrap_or_default();
        let site = snapshots::refresh(app, &known).await?;
        let version = &site.facts.pluginversion;
        if version.parse::<u64>().is_ok_and(|version| version >= OLDEST_BLOCK) {
            return Ok(());
        }
        Err(Failure::new(ErrorCode::ClientPluginTooOld, format!("{version}, at least {OLDEST_BLOCK} is needed")))
    }

    async fn restore(&self, order: &Order<'_>) -> Result<Progress, Failure> {
        let ticket = Secret::new(order.ticket.reveal());
        let order = RestoreOrder {
            job: order.job,
            attempt: order.attempt,
            user: order.user,
            category: order.category,
            ticket: &ticket,
            remote_course: order.course,
            remote: order.remote_name,
            // Empty: the names that stand in the backup, with their entities and languages.
            full_name: "",
            short_name: "",
        };
        let call = self.0.config.companion.restore(&order);
        Ok(progress(fetch::call(call, fetch::PATIENCE).await?))
    }

    async fn progress(&self, jobs: &[JobId]) -> Result<Vec<Progress>, Failure> {
        let call = self.0.config.companion.get_restores(jobs);
        Ok(fetch::call(call, fetch::PATIENCE).await?.restores.into_iter().map(progress).collect())
    }

    async fn cancel(&self, job: &JobId, attempt: u32) -> Result<Progress, Failure> {
        Ok(progress(fetch::call(self.0.config.companion.cancel(job, attempt), fetch::PATIENCE).await?))
    }

    async fn course_exists(&self, user: UserId, course: CourseId) -> Result<bool, Failure> {
        let found = fetch::call(self.0.config.companion.find_course(user, course), fetch::PATIENCE).await?;
        Ok(found.course.is_some_and(|course| course.exists))
    }

    async fn notify(&self, notice: &Notice) -> Result<(), Failure> {
        let values = [
            ("subject", notice.subject.as_str()),
            ("text", &notice.text),
            ("html", &notice.html),
            ("contexturl", &notice.link),
            ("contexturlname", &notice.link_name),
        ];
        let message = Notification {
            job: &notice.job,
            attempt: notice.attempt,
            kind: match notice.kind {
                NoticeKind::Success => MessageKind::Success,
                NoticeKind::Failure => MessageKind::Failure,
                NoticeKind::Digest => MessageKind::Digest,
            },
            user: notice.user,
            values: &values,
            // The text itself names them, each under its course.
            warnings: &[],
        };
        fetch::call(self.0.config.companion.notify(&message), fetch::PATIENCE).await?;
        Ok(())
    }

    async fn administrators(&self) -> Result<Vec<Recipient>, Failure> {
        let site = snapshots::site(self.0, "").await?;
        let mut recipients = Vec::new();
        for &user in &site.site.site().config().siteadmins {
            match snapshots::user(self.0, user).await {
                Ok(account) => recipients.push(Recipient { user, locale: account.lang }),
                // One who has left keeps nobody else from being told.
                Err(failure) if failure.code == ErrorCode::UserInactive => {}
                Err(failure) => return Err(failure),
            }
        }
        Ok(recipients)
    }
}

fn progress(job: Job) -> Progress {
    let course = job.course();
    let state = match job.state {
        JobState::Pending => State::Pending,
        JobState::Downloading => State::Downloading,
        JobState::Extracting => State::Extracting,
        JobState::Restoring => State::Restoring,
        JobState::Complete => State::Complete,
        JobState::PartiallyRestored => State::PartiallyRestored,
        JobState::Failed => {
            let code = job.error.as_deref().and_then(|code| code.parse().ok());
            let failure = Failure::new(code.unwrap_or(ErrorCode::ClientRestoreFailed), job.errordetail);
            State::Failed { failure, transient: job.transient }
        }
        JobState::Cancelled => State::Cancelled,
        JobState::NotFound => State::NotFound,
        JobState::StaleAttempt => State::StaleAttempt,
        JobState::Busy => State::Busy,
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 100 after the clamp")]
    let percent = job.percent.clamp(0.0, 100.0) as u8;
    Progress {
        job: job.job,
        attempt: job.attempt,
        state,
        bytes: job.bytes,
        total_bytes: job.totalbytes,
        percent,
        course,
        warnings: job.warnings.into_iter().map(|w| Warning::new(w.code, w.message)).collect(),
    }
}
