//! The row that a decided choice becomes.

use crate::{
    adapters::runtime::random_hex,
    api::chosen::{Decided, wish},
    app::App,
    auth::rights::Rights,
};
use courseferry_api::{Choice, JobId};
use courseferry_store::{AskedBy, NewRestore};

/// A choice, and how it is asked for.
pub struct Request<'a> {
    pub choice: &'a Choice,
    /// The same for all that is told in one message.
    pub batch: String,
    /// It may start outside the window.
    pub now: bool,
    /// Who asks, if not the owner.
    pub asked_by: Option<AskedBy>,
}

impl Request<'_> {
    /// The row for its owner, as it was decided.
    pub fn row(self, app: &App, owner: &Rights, decided: Decided<'_>) -> NewRestore {
        let Self { choice, batch, now, asked_by } = self;
        let Decided { course, decision, options, .. } = decided;
        let account = &owner.account;
        NewRestore {
            id: job_id(),
            batch,
            user: account.id,
            username: account.username.clone(),
            user_name: account.name.clone(),
            locale: account.locale.clone(),
            asked_by,
            remote: choice.remote.clone(),
            course: choice.course,
            full_name: course.full_name(&account.locale),
            short_name: course.short_name(&account.locale),
            identifier: course.categoryidentifier.clone().unwrap_or_default(),
            target: wish(app, choice.target),
            announced: decision.category,
            added_to: options.target_course.map(|_| decision.name),
            options,
            start_now: now,
            not_before: app.now.plus(app.settings.settle_seconds.into()),
        }
    }
}

/// A new restore's id.
pub fn job_id() -> JobId {
    loop {
        // 16 bytes are 32 hex digits, which always parse.
        if let Ok(id) = random_hex::<16>().parse() {
            return id;
        }
    }
}
