//! What is said about one restore or one course: its status in words and as an icon, its progress, and the report for the
//! help desk.

use crate::i18n::{Locale, text};
use courseferry_api::{
    CopyState, Course, CourseRestore, Doer, Enrolments, NotDone, Phase, Problem, Restore, RestoreWindow, Status,
};

/// What went wrong, and what a person can do.
pub fn with_advice(problem: &Problem) -> String {
    format!("{} {}", problem.message, problem.advice).trim_end().to_owned()
}

/// Why something could not be done with some of many: each reason once, with the number of those it stands against, in the
/// order in which they come.
pub fn reasons(refused: &[NotDone]) -> Vec<(usize, String)> {
    let mut reasons: Vec<(usize, String)> = Vec::new();
    for NotDone { problem, .. } in refused {
        match reasons.iter_mut().find(|(_, reason)| *reason == problem.message) {
            Some((number, _)) => *number += 1,
            None => reasons.push((1, problem.message.clone())),
        }
    }
    reasons
}

/// The icon beside a status; the words say the same without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    /// Scheduled.
    Waiting,
    /// Waits after a failed try.
    Again,
    Busy,
    Done,
    /// Restored, with things to check.
    Check,
    Failed,
    /// Cancelled, or no longer here.
    Off,
}

impl Icon {
    /// The icon of a restore.
    pub fn of(restore: &Restore) -> Self {
        match restore.status {
            Status::Scheduled if restore.problem.is_some() => Self::Again,
            Status::Restored if restore.is_gone() => Self::Off,
            Status::Restored if !restore.warnings.is_empty() => Self::Check,
            status => Self::of_status(status),
        }
    }

    /// The icon of a status.
    pub fn of_status(status: Status) -> Self {
        match status {
            Status::Scheduled => Self::Waiting,
            Status::InProgress => Self::Busy,
            Status::Restored => Self::Done,
            Status::Failed => Self::Failed,
            Status::Cancelled => Self::Off,
        }
    }

    /// The class that draws its icon.
    pub fn class(self) -> &'static str {
        match self {
            Self::Waiting => "cf-icon cf-waiting",
            Self::Again => "cf-icon cf-again",
            Self::Busy => "cf-icon cf-busy",
            Self::Done => "cf-icon cf-done",
            Self::Check => "cf-icon cf-check",
            Self::Failed => "cf-icon cf-failed",
            Self::Off => "cf-icon cf-off",
        }
    }
}

impl Locale {
    /// The status of the current user's own restore in one line.
    pub fn status(&self, restore: &Restore, window: &RestoreWindow, paused: bool) -> String {
        match restore.status {
            Status::Scheduled if paused => self.t(text::WAITS_PAUSED),
            Status::Scheduled => self.waiting(restore, window),
            Status::InProgress => self.step(restore),
            Status::Restored => self.restored(restore),
            Status::Failed => {
                let message = restore.problem.as_ref().map_or("", |problem| problem.message.as_str());
                format!("{} {message}", self.fill(text::FAILED_AT, &[("moment", &self.moment(restore.since))]))
            }
            Status::Cancelled => self.fill(text::CANCELLED_AT, &[("moment", &self.moment(restore.since))]),
        }
    }

    fn waiting(&self, restore: &Restore, window: &RestoreWindow) -> String {
        if let Some(held) = &restore.held {
            let values = [("remote", restore.remote_name.as_str()), ("problem", &held.problem.message)];
            return self.fill(text::WAITS_HELD, &values);
        }
        let expected = restore.expected.filter(|at| *at > self.now);
        if let Some(problem) = &restore.problem {
            let (n, max) = ((restore.failures + 1).to_string(), restore.attempts.to_string());
            let moment = expected.map(|at| self.moment(at)).unwrap_or_default();
            let said = if expected.is_some() { text::NEXT_TRY } else { text::NEXT_TRY_SOON };
            return self.fill(said, &[("problem", &problem.message), ("moment", &moment), ("n", &n), ("max", &max)]);
        }
        let Some(at) = expected else { return self.t(text::STARTS_SOON) };
        if at.since(self.now) <= 60 {
            return self.fill(text::STARTS_SECONDS, &[("n", &at.since(self.now).to_string())]);
        }
        if !window.always && at == window.opens {
            let (start, end) = (self.time(window.opens), self.time(window.closes));
            return self.fill(text::STARTS_WINDOW, &[("day", &self.start_day(at)), ("start", &start), ("end", &end)]);
        }
        self.fill(text::STARTS_AT, &[("moment", &self.moment(at))])
    }

    /// The step under way, and what keeps it from going on.
    fn step(&self, restore: &Restore) -> String {
        let step = self.plain_step(restore);
        match &restore.problem {
            Some(problem) => format!("{step}. {}", problem.message),
            None => step,
        }
    }

    fn plain_step(&self, restore: &Restore) -> String {
        let (done, total) = (self.size(restore.bytes), self.size(restore.total_bytes));
        match restore.phase.unwrap_or(Phase::BackingUp) {
            Phase::BackingUp => {
                self.fill(text::STEP_1, &[("remote", &restore.remote_name), ("elapsed", &self.elapsed(restore.since))])
            }
            Phase::Transferring if restore.bytes == 0 => self.t(text::STEP_2),
            Phase::Transferring if restore.total_bytes == 0 => self.fill(text::STEP_2_BYTES, &[("done", &done)]),
            Phase::Transferring => self.fill(text::STEP_2_OF, &[("done", &done), ("total", &total)]),
            Phase::Restoring if restore.percent == 0 => self.t(text::STEP_3),
            Phase::Restoring => self.fill(text::STEP_3_PERCENT, &[("n", &restore.percent.to_string())]),
        }
    }

    fn restored(&self, restore: &Restore) -> String {
        let moment = self.moment(restore.finished.unwrap_or(restore.since));
        let restored = match &restore.category_name {
            Some(category) => self.fill(text::RESTORED_IN, &[("moment", &moment), ("category", category)]),
            None => self.fill(text::RESTORED_AT, &[("moment", &moment)]),
        };
        match restore.copy {
            Some(CopyState::Removed { at }) => return self.fill(text::COPY_REMOVED, &[("moment", &self.moment(at))]),
            Some(CopyState::Deleted) => return self.fill(text::COPY_DELETED, &[("restored", &restored)]),
            Some(CopyState::Removing { since }) => {
                return self.fill(text::COPY_REMOVING, &[("restored", &restored), ("moment", &self.moment(since))]);
            }
            Some(CopyState::Removable { .. }) | None => {}
        }
        match restore.warnings.len() {
            0 => restored,
            n => self.count_with(text::RESTORED_CHECK, n, &[("restored", &restored)]),
        }
    }

    /// What became of a course, as its list tells it.
    pub fn course_status(&self, restore: &CourseRestore) -> String {
        let moment = self.moment(restore.at);
        match (&restore.by, restore.status) {
            (Doer::Other(name), Status::Restored) => {
                self.fill(text::RESTORED_BY, &[("name", name), ("date", &self.day(restore.at))])
            }
            (Doer::Other(name), _) => self.fill(text::SCHEDULED_BY, &[("name", name)]),
            (Doer::Me, Status::Restored) => self.fill(text::RESTORED_AT, &[("moment", &moment)]),
            (Doer::Me, Status::Failed) => self.fill(text::FAILED_AT, &[("moment", &moment)]),
            (Doer::Me, Status::Cancelled) => self.fill(text::CANCELLED_AT, &[("moment", &moment)]),
            (Doer::Me, Status::Scheduled) => self.t(text::SCHEDULED),
            (Doer::Me, Status::InProgress) => self.t(text::IN_PROGRESS),
        }
    }

    /// `OPT101 · starts Sept 2025 · Hidden from students`.
    pub fn course_facts(&self, course: &Course) -> String {
        let starts = course.starts.map(|at| self.fill(text::STARTS, &[("month", &self.month(at))]));
        let hidden = (!course.visible).then(|| self.t(text::HIDDEN_THERE));
        let parts = [Some(course.short_name.clone()), starts, hidden];
        parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
    }

    /// Name and value of what a remote tells of a course, and of what became of it here.
    pub fn course_details(&self, course: &Course, remote: &str) -> Vec<(String, String)> {
        let facts = [
            (self.t(text::FIELD_FROM), remote.to_owned()),
            (self.t(text::FIELD_SHORT), course.short_name.clone()),
            (self.t(text::FIELD_ID_NUMBER), course.id_number.clone()),
            (self.fill(text::FIELD_COURSE, &[("remote", remote)]), course.id.to_string()),
            (self.t(text::FIELD_STARTS), course.starts.map(|at| self.full_date(at)).unwrap_or_default()),
        ];
        let here = course.restores.iter().map(|restore| (self.t(text::FIELD_HERE), self.course_status(restore)));
        facts.into_iter().chain(here).filter(|(_, value)| !value.is_empty()).collect()
    }

    /// When restores start: `Starts tonight between 20:00 and 06:00.`
    pub fn start(&self, window: &RestoreWindow, now: bool) -> String {
        let (start, end) = (self.time(window.opens), self.time(window.closes));
        if now || window.always {
            self.t(text::STARTS_NOW)
        } else if window.open {
            self.fill(text::STARTS_NOW_UNTIL, &[("end", &end)])
        } else {
            let day = self.start_day(window.opens);
            self.fill(text::STARTS_BETWEEN, &[("day", &day), ("start", &start), ("end", &end)])
        }
    }

    /// The same for the bar's one line: `tonight 20:00–06:00`.
    pub fn start_short(&self, window: &RestoreWindow, now: bool) -> String {
        if now || window.always || window.open {
            return self.t(text::STARTS_NOW_SHORT);
        }
        let (start, end) = (self.time(window.opens), self.time(window.closes));
        self.fill(text::STARTS_SHORT, &[("day", &self.start_day(window.opens)), ("start", &start), ("end", &end)])
    }

    /// Name and value of what its owner may want to know of a restore.
    pub fn facts(&self, restore: &Restore) -> Vec<(String, String)> {
        let size = if restore.total_bytes > 0 { restore.total_bytes } else { restore.bytes };
        let methods = match restore.options.enrolments {
            Enrolments::Never => None,
            Enrolments::WithUsers => Some(text::METHODS_USED),
            Enrolments::Always => Some(text::METHODS_ALL),
        };
        let facts = [
            (text::FIELD_FROM, Some(restore.remote_name.clone())),
            (text::FIELD_SHORT, Some(restore.short_name.clone())),
            (text::METHODS, methods.map(|text| self.t(text))),
            (text::FIELD_ASKED, Some(self.full_moment(restore.created))),
            (text::FIELD_ASKED_BY, restore.asked_by.clone()),
            (text::FIELD_ENDED, restore.finished.map(|at| self.full_moment(at))),
            (text::FIELD_SIZE, (size > 0).then(|| self.size(size))),
        ];
        facts.into_iter().filter_map(|(name, value)| value.map(|value| (self.t(name), value))).collect()
    }

    /// What only the help desk wants to know beside [`Locale::facts`].
    fn technical(&self, restore: &Restore) -> Vec<(String, String)> {
        let problem = restore.problem.as_ref();
        let course = self.fill(text::FIELD_COURSE, &[("remote", &restore.remote_name)]);
        let tries = (restore.failures > 0).then(|| format!("{}/{}", restore.failures, restore.attempts));
        let detail = problem.map(|p| p.detail.clone()).filter(|detail| !detail.is_empty());
        let facts = [
            (course, Some(restore.remote_course.to_string())),
            (self.t(text::FIELD_TRIES), tries),
            (self.t(text::FIELD_ERROR), problem.map(|p| p.code.to_string())),
            (self.t(text::FIELD_EXACT), detail),
            (self.t(text::FIELD_ID), Some(restore.id.to_string())),
        ];
        facts.into_iter().filter_map(|(name, value)| value.map(|value| (name, value))).collect()
    }

    /// All of it as text to paste, with the course, its status and what to check.
    pub fn report(&self, restore: &Restore, status: &str) -> String {
        let mut lines = vec![format!("{} ({})", restore.full_name, restore.short_name), status.to_owned()];
        let facts = self.facts(restore).into_iter().chain(self.technical(restore));
        lines.extend(facts.map(|(name, value)| format!("{name}: {value}")));
        lines
            .extend(restore.warnings.iter().map(|w| format!("{}: {} ({})", self.t(text::TO_CHECK), w.message, w.code)));
        lines.join("\n")
    }
}

/// Per cent of the present step, where it is known.
pub fn progress(restore: &Restore) -> Option<u64> {
    match (restore.status, restore.phase) {
        (Status::InProgress, Some(Phase::Transferring)) => {
            let percent = restore.bytes.saturating_mul(100).checked_div(restore.total_bytes)?;
            Some(percent.min(100))
        }
        (Status::InProgress, Some(Phase::Restoring)) => Some(u64::from(restore.percent.min(100))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::stub::{NOW, english, french};
    use crate::logic::{restores::tests::restore, targets::tests::home};
    use courseferry_api::{ErrorCode, Language, Problem, Warning};

    fn said(locale: &Locale, restore: &Restore) -> String {
        locale.status(restore, &home().window, false).replace('\u{a0}', " ")
    }

    fn problem(code: ErrorCode, language: Language) -> Problem {
        Problem::new(code, language, "Moodle Sciences", "")
    }

    #[test]
    fn each_reason_is_told_once_with_the_number_of_those_it_stands_against() {
        let refused = [ErrorCode::RestoreTooLate, ErrorCode::RestoreTaken, ErrorCode::RestoreTooLate];
        let refused = refused.map(|code| NotDone {
            restore: "0".repeat(32).parse().unwrap(),
            problem: problem(code, Language::English),
        });
        let told = [(2, refused[0].problem.message.clone()), (1, refused[1].problem.message.clone())];
        assert_eq!(reasons(&refused), told);
        assert_eq!(reasons(&[]), []);
    }

    #[test]
    fn a_scheduled_restore_says_when_it_starts() {
        let mut one = restore(1);
        one.expected = Some(home().window.opens);
        assert_eq!(said(&english(), &one), "Scheduled · tonight, 20:00–06:00");
        assert_eq!(said(&french(), &one), "Programmé · cette nuit, 20 h–6 h");
        one.expected = Some(NOW.plus(30));
        assert_eq!(said(&english(), &one), "Scheduled · starts in 30 s");
        one.expected = None;
        assert_eq!(said(&english(), &one), "Scheduled · starts within minutes");
        let paused = english().status(&one, &home().window, true);
        assert_eq!(paused, "Scheduled · waits until restores are resumed");
    }

    #[test]
    fn each_step_says_only_what_is_known() {
        let mut one = Restore { status: Status::InProgress, phase: Some(Phase::BackingUp), ..restore(1) };
        one.since = NOW.plus(-120);
        assert_eq!(said(&english(), &one), "Step 1 of 3: preparing on Moodle Sciences, 2 min so far");
        assert_eq!(progress(&one), None);
        one.phase = Some(Phase::Transferring);
        assert_eq!(said(&english(), &one), "Step 2 of 3: copying");
        one.bytes = 35_651_584;
        assert_eq!(said(&english(), &one), "Step 2 of 3: copying, 34 megabyte so far");
        assert_eq!(progress(&one), None);
        one.total_bytes = 99_614_720;
        assert_eq!(said(&english(), &one), "Step 2 of 3: copying 34 megabyte of 95 megabyte");
        assert_eq!(progress(&one), Some(35));
        one.problem = Some(problem(ErrorCode::ClientUnreachable, Language::English));
        let stopped =
            "Step 2 of 3: copying 34 megabyte of 95 megabyte. This Moodle does not answer the restore service.";
        assert_eq!(said(&english(), &one), stopped);
        one.problem = None;
        (one.phase, one.percent) = (Some(Phase::Restoring), 60);
        assert_eq!(said(&french(), &one), "Étape 3 sur 3 : restauration, 60 %");
    }

    #[test]
    fn an_end_says_when_where_and_what_to_check() {
        let mut one = Restore { status: Status::Restored, finished: Some(NOW), ..restore(1) };
        one.category_name = Some("Physics".into());
        assert_eq!(said(&english(), &one), "Restored today 14:10 in Physics");
        assert_eq!(Icon::of(&one), Icon::Done);
        one.copy = Some(CopyState::Removing { since: NOW });
        let asked = "Restored today 14:10 in Physics. You asked today 14:10 to remove it; waiting for Moodle.";
        assert_eq!(said(&english(), &one), asked);
        one.copy = Some(CopyState::Deleted);
        assert_eq!(said(&english(), &one), "Restored today 14:10 in Physics. It was deleted in Moodle since.");
        one.copy = Some(CopyState::Removed { at: NOW });
        let removed = "Removed today 14:10. The course is in Moodle's recycle bin.";
        assert_eq!((said(&english(), &one).as_str(), Icon::of(&one)), (removed, Icon::Off));
        one.copy = Some(CopyState::Removable { until: NOW });
        one.warnings = vec![Warning::new("restore.log", "A quiz was left out."); 2];
        assert_eq!(said(&english(), &one), "Restored today 14:10 in Physics, 2 things to check");
        assert_eq!(Icon::of(&one), Icon::Check);
    }

    #[test]
    fn a_failed_try_says_the_next_one_and_that_nothing_is_to_be_done() {
        let mut one = Restore { failures: 1, expected: Some(NOW.plus(1_800)), ..restore(1) };
        one.problem = Some(problem(ErrorCode::RemoteUnreachable, Language::English));
        assert_eq!(
            said(&english(), &one),
            "Moodle Sciences does not answer. Next try today 14:40 (2 of 8). Nothing to do."
        );
        assert_eq!(Icon::of(&one), Icon::Again);
    }

    #[test]
    fn a_failure_says_why_and_only_support_is_given_codes_and_numbers() {
        let mut one = Restore { status: Status::Failed, since: NOW, ..restore(1) };
        one.problem = Some(problem(ErrorCode::RemoteNotOwner, Language::French));
        let said = said(&french(), &one);
        assert!(said.starts_with("Échec ") && said.ends_with("Vous n'enseignez plus ce cours sur Moodle Sciences."));
        let report = french().report(&one, "x");
        assert!(report.contains("remote.not_owner") && report.contains(one.id.as_str()));
        let facts = format!("{:?}", french().facts(&one));
        assert!(!facts.contains("remote.not_owner") && !facts.contains(one.id.as_str()), "{facts}");
    }

    #[test]
    fn a_courses_details_say_what_is_known_of_it_there_and_here() {
        let mut course = crate::logic::courses::tests::course(5, "Optics", Some(NOW.0));
        course.short_name = "OPT101".into();
        let details = english().course_details(&course, "Moodle Sciences");
        let value = |name: &str| details.iter().find(|(named, _)| *named == name).map(|(_, value)| value.as_str());
        assert_eq!((value("From"), value("Short name")), (Some("Moodle Sciences"), Some("OPT101")));
        assert_eq!((value("Course ID on Moodle Sciences"), value("Here")), (Some("5"), None));
        assert!(value("Starts").is_some());
    }

    #[test]
    fn the_bar_says_when_restores_start() {
        let mut window = home().window;
        assert_eq!(english().start(&window, false), "Starts tonight between 20:00 and 06:00.");
        assert_eq!(english().start_short(&window, false), "tonight 20:00–06:00");
        assert_eq!(english().start(&window, true), "Starts now.");
        window.open = true;
        assert_eq!(english().start(&window, false), "Starts now; restores run until 06:00.");
        assert_eq!(english().start_short(&window, false), "now");
    }
}
