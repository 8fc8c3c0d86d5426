//! Rows as their readers see them: in their language, with what they can do now.

use crate::{
    adapters::runtime::{moment, zone},
    app::App,
    auth::rights::Rights,
    peers::Names,
};
use courseferry_api::{
    CopyState, CourseId, Language, Phase, Problem, Restore, RestoreWindow, Status, Target, UnixTime, words,
};
use courseferry_ferry::{Failure, Opening, RestoreRow, Window};

/// Somebody's view of the rows.
pub struct View<'a> {
    /// What the view is made from.
    pub app: &'a App,
    pub rights: &'a Rights,
    pub names: &'a Names,
}

impl View<'_> {
    fn language(&self) -> Language {
        self.rights.account.language()
    }

    /// A restore as its owner, or an administrator, sees it.
    pub fn restore(&self, job: &RestoreRow) -> Restore {
        let waits = job.status == Status::Scheduled;
        let course = job.restored.or(job.options.target_course);
        let course = course.filter(|_| job.status == Status::Restored && !job.gone);
        let withdrawable = waits || job.status == Status::InProgress && job.phase != Some(Phase::Restoring);
        Restore {
            id: job.id.clone(),
            remote: job.remote.clone(),
            remote_name: self.names.of(&job.remote, &self.rights.account.locale),
            remote_course: job.course,
            full_name: job.full_name.clone(),
            short_name: job.short_name.clone(),
            status: job.status,
            phase: job.phase,
            since: job.since,
            bytes: job.bytes,
            total_bytes: job.total_bytes,
            percent: job.percent,
            target: job.target,
            options: job.options.clone(),
            asked_by: job.actor.as_ref().map(|actor| self.language().person(&actor.name).to_owned()),
            category: job.category,
            category_name: job.category_name.clone().or_else(|| self.goal(job).filter(|_| waits)),
            created: job.created,
            expected: waits.then(|| self.expected(job)),
            finished: job.finished,
            failures: job.failures,
            attempts: self.app.settings.attempts,
            course,
            link: course.map(|course| self.course_link(course)),
            warnings: job.warnings.clone(),
            problem: job.failure.as_ref().or_else(|| self.client_away(job)).map(|failure| self.problem(failure, job)),
            held: self.names.held(self.app, &job.remote, self.rights).filter(|_| waits),
            can_cancel: withdrawable && !job.cancelling,
            can_retry: job.can_retry(),
            // A course that exists is in its category.
            can_move: job.options.target_course.is_none()
                && (waits && job.leased_until.is_none() || job.status == Status::Failed),
            copy: self.copy(job),
        }
    }

    /// Whether a restored course can be removed, or was. Only the client knows whether somebody has worked in it.
    fn copy(&self, job: &RestoreRow) -> Option<CopyState> {
        if job.status != Status::Restored {
            return None;
        }
        if job.gone {
            return Some(job.removed.map_or(CopyState::Deleted, |at| CopyState::Removed { at }));
        }
        if let Some(since) = job.removal_asked {
            return Some(CopyState::Removing { since });
        }
        let until = job.finished?.plus(self.rights.site().removecopytime.into());
        let is_mine = job.user == self.rights.account.id;
        // A course that something was added to is no copy.
        let is_copy = job.restored.is_some() && job.options.target_course.is_none();
        (is_mine && is_copy && until > self.app.now).then_some(CopyState::Removable { until })
    }

    /// A restore of somebody's as an administrator sees it: with what an administrator can do about it.
    pub fn managed(&self, job: &RestoreRow) -> Restore {
        let problem = job.failure.as_ref().map(|failure| {
            let remote = self.names.of(&job.remote, &self.rights.account.locale);
            let address = self.app.config.address(Some(&job.remote));
            let ended = job.status == Status::Failed;
            Problem::for_administrator(failure.code, self.language(), &remote, &address, &failure.detail, ended)
        });
        Restore { problem, ..self.restore(job) }
    }

    /// The name of the category that a restore goes to, as far as that is known before its turn.
    fn goal(&self, job: &RestoreRow) -> Option<String> {
        let default = self.app.settings.default_category;
        let own = job.user == self.rights.account.id;
        let category = match job.target {
            Target::Category(category) => Some(category),
            Target::Default => default,
            Target::Original if own => self.rights.original(&job.identifier).0.or(default),
            Target::Original => None,
        };
        self.rights.category_name(category?)
    }

    /// Who has a course already, and since when, in one sentence.
    pub fn taker(&self, job: &RestoreRow) -> String {
        let when = moment(job.since, &self.rights.account.time_zone, self.language());
        let language = self.language();
        if job.user == self.rights.account.id {
            return language.fill(words::TAKEN_BY_YOU, &[("when", &when)]);
        }
        language.fill(words::TAKEN_BY, &[("name", language.person(&job.user_name)), ("when", &when)])
    }

    /// The address of a course on the client.
    pub fn course_link(&self, course: CourseId) -> String {
        self.app.config.course_link(course)
    }

    /// Why it failed, or why it is tried again.
    fn problem(&self, failure: &Failure, job: &RestoreRow) -> Problem {
        let remote = self.names.of(&job.remote, &self.rights.account.locale);
        let problem = if job.status == Status::Failed { Problem::ended } else { Problem::new };
        problem(failure.code, self.language(), &remote, &failure.detail)
    }

    /// Why a restore that has no trouble of its own does not go on although it could: the client Moodle as a whole
    /// does not answer well.
    fn client_away(&self, job: &RestoreRow) -> Option<&Failure> {
        let is_due = match job.status {
            Status::Scheduled => self.expected(job) <= self.app.now,
            Status::InProgress => job.phase != Some(Phase::BackingUp),
            Status::Restored | Status::Failed | Status::Cancelled => false,
        };
        self.names.status(None)?.problem.as_ref().filter(|_| is_due)
    }

    /// When it starts at the earliest.
    fn expected(&self, job: &RestoreRow) -> UnixTime {
        let ready = job.not_before.max(job.retry_at).max(self.app.now);
        if job.start_now { ready } else { self.opening(ready).opens }
    }

    fn opening(&self, at: UnixTime) -> Opening {
        let settings = &self.app.settings;
        settings.window.opening(at, &zone(&settings.timezone))
    }

    /// When restores start.
    pub fn window(&self) -> RestoreWindow {
        let settings = &self.app.settings;
        let opening = self.opening(self.app.now);
        let (start, end) = match settings.window {
            Window::Always => (0, 0),
            Window::Between { start, end } => (start.minutes(), end.minutes()),
        };
        RestoreWindow {
            always: settings.window == Window::Always,
            start,
            end,
            time_zone: settings.timezone.clone(),
            open: opening.opens <= self.app.now,
            opens: opening.opens,
            closes: opening.closes.min(YEAR_9999),
        }
    }
}

/// The latest moment that JavaScript takes for a date.
const YEAR_9999: UnixTime = UnixTime(253_402_300_799);
