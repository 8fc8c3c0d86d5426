//! The client Moodle's companion, as the ferry asks it.

use crate::{
    adapters::fetch,
    app::App,
    auth::{rights::Rights, snapshots, targets},
};
use courseferry_api::{CourseId, ErrorCode, JobId, Language, UserId};
use courseferry_ferry::{Client, Failure, Notice, Order, Progress, Recipient, Ticket};
use courseferry_moodle::{Notification, Secret, plain_text};

/// The oldest version of the block that this Worker speaks to. Parameters that came later are optional.
const OLDEST_BLOCK: u64 = 2_026_112_690;

/// Whether this Worker speaks to a block of that version.
pub fn require_block(version: &str) -> Result<(), Failure> {
    if version.parse::<u64>().is_ok_and(|version| version >= OLDEST_BLOCK) {
        return Ok(());
    }
    Err(Failure::new(ErrorCode::ClientPluginTooOld, format!("{version}, at least {OLDEST_BLOCK} is needed")))
}

/// The client Moodle.
pub struct ClientPort<'a>(pub &'a App);

impl Client for ClientPort<'_> {
    type Access = Rights;

    async fn access(&self, user: UserId) -> Result<Rights, Failure> {
        Rights::fresh(self.0, user).await
    }

    async fn fits(&self) -> Result<(), Failure> {
        let app = self.0;
        let known = app.store.site_version().await?;
        let known = known.map(|(version, _)| version).unwrap_or_default();
        let site = snapshots::refresh(app, &known).await?;
        require_block(&site.facts().pluginversion)
    }

    async fn restore(&self, order: &Order<'_>, ticket: &Ticket) -> Result<Progress, Failure> {
        let call = self.0.config.companion.restore(order, &Secret::new(ticket.reveal()));
        fetch::call(call, fetch::PATIENCE).await
    }

    async fn progress(&self, jobs: &[JobId]) -> Result<Vec<Progress>, Failure> {
        let call = self.0.config.companion.get_restores(jobs);
        Ok(fetch::call(call, fetch::PATIENCE).await?.restores)
    }

    async fn cancel(&self, job: &JobId, attempt: u32) -> Result<Progress, Failure> {
        fetch::call(self.0.config.companion.cancel(job, attempt), fetch::PATIENCE).await
    }

    async fn target_course(&self, user: UserId, course: CourseId, locale: &str) -> Result<String, Failure> {
        let site = snapshots::site(self.0, "").await?;
        let course = targets::target(self.0, site.facts(), user, Language::of(locale), course).await?;
        Ok(plain_text(&course.fullname, locale))
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
            kind: notice.kind,
            user: notice.user,
            values: &values,
            // The text itself names the courses.
            warnings: &[],
        };
        fetch::call(self.0.config.companion.notify(&message), fetch::PATIENCE).await?;
        Ok(())
    }

    async fn administrators(&self) -> Result<Vec<Recipient>, Failure> {
        let site = snapshots::site(self.0, "").await?;
        let mut recipients = Vec::new();
        for &user in &site.site().config().siteadmins {
            match snapshots::user(self.0, user).await {
                Ok(account) => recipients.push(Recipient { user, locale: account.lang }),
                // Skip inactive administrators; the others still get the digest.
                Err(failure) if failure.code == ErrorCode::UserInactive => {}
                Err(failure) => return Err(failure),
            }
        }
        Ok(recipients)
    }
}
