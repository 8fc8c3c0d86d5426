//! What is said about one restore or one course: its status in words, how it looks, its progress, and the
//! report for the help desk.

use super::time::Clock;
use courseferry_api::{Course, CourseRestore, Doer, Phase, Restore, RestoreWindow, Status};
use courseferry_words::fill;

/// How a status looks; the words say the same without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Waits for its time.
    Waiting,
    /// Waits after a failed try.
    Again,
    /// Is under way.
    Busy,
    /// Done.
    Done,
    /// Done, with things to check.
    Check,
    /// Failed.
    Failed,
    /// Withdrawn.
    Off,
}

impl Look {
    /// The look of a restore.
    pub fn of(restore: &Restore) -> Self {
        match restore.status {
            Status::Scheduled if restore.problem.is_some() => Self::Again,
            Status::Restored if !restore.warnings.is_empty() => Self::Check,
            status => Self::of_status(status),
        }
    }

    /// The look of a status.
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

impl Clock<'_> {
    /// The status of the visitor's own restore in one line.
    pub fn status(&self, restore: &Restore, window: &RestoreWindow, paused: bool) -> String {
        let words = self.words;
        match restore.status {
            Status::Scheduled if paused => words.waits_paused.to_owned(),
            Status::Scheduled => self.waiting(restore, window),
            Status::InProgress => self.step(restore),
            Status::Restored => self.restored(restore),
            Status::Failed => {
                let message = restore.problem.as_ref().map_or("", |problem| problem.message.as_str());
                format!("{} {message}", fill(words.failed_at, &[("moment", &self.moment(restore.since))]))
            }
            Status::Cancelled => fill(words.cancelled_at, &[("moment", &self.moment(restore.since))]),
        }
    }

    fn waiting(&self, restore: &Restore, window: &RestoreWindow) -> String {
        let words = self.words;
        let expected = restore.expected.filter(|at| *at > self.now);
        if let Some(problem) = &restore.problem {
            let (n, max) = ((restore.failures + 1).to_string(), restore.attempts.to_string());
            let moment = expected.map(|at| self.moment(at)).unwrap_or_default();
            let text = if expected.is_some() { words.next_try } else { words.next_try_soon };
            return fill(text, &[("problem", &problem.message), ("moment", &moment), ("n", &n), ("max", &max)]);
        }
        let Some(at) = expected else { return words.starts_soon.to_owned() };
        if at.since(self.now) <= 60 {
            return fill(words.starts_seconds, &[("n", &at.since(self.now).to_string())]);
        }
        if !window.always && at == window.opens {
            let (start, end) = (self.time(window.opens), self.time(window.closes));
            return fill(words.starts_window, &[("day", &self.start_day(at)), ("start", &start), ("end", &end)]);
        }
        fill(words.starts_at, &[("moment", &self.moment(at))])
    }

    fn step(&self, restore: &Restore) -> String {
        let words = self.words;
        let (done, total) = (self.size(restore.bytes), self.size(restore.total_bytes));
        match restore.phase.unwrap_or(Phase::BackingUp) {
            Phase::BackingUp => {
                fill(words.step_1, &[("remote", &restore.remote_name), ("elapsed", &self.elapsed(restore.since))])
            }
            Phase::Transferring if restore.bytes == 0 => words.step_2.to_owned(),
            Phase::Transferring if restore.total_bytes == 0 => fill(words.step_2_bytes, &[("done", &done)]),
            Phase::Transferring => fill(words.step_2_of, &[("done", &done), ("total", &total)]),
            Phase::Restoring if restore.percent == 0 => words.step_3.to_owned(),
            Phase::Restoring => fill(words.step_3_percent, &[("n", &restore.percent.to_string())]),
        }
    }

    fn restored(&self, restore: &Restore) -> String {
        let words = self.words;
        if !restore.warnings.is_empty() {
            return words.count(words.restored_check, restore.warnings.len());
        }
        let moment = self.moment(restore.finished.unwrap_or(restore.since));
        match &restore.category_name {
            Some(category) => fill(words.restored_in, &[("moment", &moment), ("category", category)]),
            None => fill(words.restored_at, &[("moment", &moment)]),
        }
    }

    /// What became of a course, as its list tells it.
    pub fn course_status(&self, restore: &CourseRestore) -> String {
        let words = self.words;
        let moment = self.moment(restore.at);
        match (&restore.by, restore.status) {
            (Doer::Other(name), Status::Restored) => {
                fill(words.restored_by, &[("name", name), ("date", &self.day(restore.at))])
            }
            (Doer::Other(name), _) => fill(words.scheduled_by, &[("name", name)]),
            (Doer::Me, Status::Restored) => fill(words.restored_at, &[("moment", &moment)]),
            (Doer::Me, Status::Failed) => fill(words.failed_at, &[("moment", &moment)]),
            (Doer::Me, Status::Cancelled) => fill(words.cancelled_at, &[("moment", &moment)]),
            (Doer::Me, Status::Scheduled) => words.scheduled.to_owned(),
            (Doer::Me, Status::InProgress) => words.in_progress.to_owned(),
        }
    }

    /// `OPT101 · starts Sept 2025 · Hidden from students`.
    pub fn course_facts(&self, course: &Course) -> String {
        let starts = course.starts.map(|at| fill(self.words.starts, &[("month", &self.month(at))]));
        let hidden = (!course.visible).then(|| self.words.hidden_there.to_owned());
        let parts = [Some(course.short_name.clone()), starts, hidden];
        parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
    }

    /// Name and value of everything that a remote tells of a course, and of what became of it here.
    pub fn course_details(&self, course: &Course, remote: &str) -> Vec<(&'static str, String)> {
        let words = self.words;
        let starts = course.starts.map(|at| self.stamp(at)).unwrap_or_default();
        let facts = [
            (words.field_from, remote.to_owned()),
            (words.field_short, course.short_name.clone()),
            (words.field_id_number, course.id_number.clone()),
            (words.field_course, course.id.to_string()),
            (words.field_starts, starts.split(' ').next().unwrap_or_default().to_owned()),
        ];
        let here = course.restores.iter().map(|restore| (words.field_here, self.course_status(restore)));
        facts.into_iter().chain(here).filter(|(_, value)| !value.is_empty()).collect()
    }

    /// When restores start: `Starts tonight between 20:00 and 06:00.`
    pub fn start(&self, window: &RestoreWindow, now: bool) -> String {
        let (start, end) = (self.time(window.opens), self.time(window.closes));
        if now || window.always {
            self.words.starts_now.to_owned()
        } else if window.open {
            fill(self.words.starts_now_until, &[("end", &end)])
        } else {
            let day = self.start_day(window.opens);
            fill(self.words.starts_between, &[("day", &day), ("start", &start), ("end", &end)])
        }
    }

    /// Name and value of everything that the help desk may want to know of a restore.
    pub fn facts(&self, restore: &Restore) -> Vec<(&'static str, String)> {
        let words = self.words;
        let size = if restore.total_bytes > 0 { restore.total_bytes } else { restore.bytes };
        let problem = restore.problem.as_ref();
        let facts = [
            (words.field_from, Some(restore.remote_name.clone())),
            (words.field_course, Some(restore.remote_course.to_string())),
            (words.field_asked, Some(self.stamp(restore.created))),
            (words.field_ended, restore.finished.map(|at| self.stamp(at))),
            (words.field_size, (size > 0).then(|| self.size(size))),
            (words.field_tries, (restore.failures > 0).then(|| format!("{}/{}", restore.failures, restore.attempts))),
            (words.field_error, problem.map(|p| p.code.to_string())),
            (words.field_exact, problem.map(|p| p.detail.clone()).filter(|detail| !detail.is_empty())),
            (words.field_id, Some(restore.id.to_string())),
        ];
        facts.into_iter().filter_map(|(name, value)| value.map(|value| (name, value))).collect()
    }

    /// The same as text to paste, with the course, its status and what to check.
    pub fn report(&self, restore: &Restore, status: &str) -> String {
        let mut lines = vec![format!("{} ({})", restore.full_name, restore.short_name), status.to_owned()];
        lines.extend(self.facts(restore).into_iter().map(|(name, value)| format!("{name}: {value}")));
        lines.extend(restore.warnings.iter().map(|w| format!("{}: {} ({})", self.words.to_check, w.message, w.code)));
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
    use crate::logic::{
        restores::tests::restore,
        targets::tests::home,
        time::tests::{NOW, clock},
    };
    use courseferry_api::{ErrorCode, Language, Problem, Warning};

    fn said(language: Language, restore: &Restore) -> String {
        clock(language).status(restore, &home().window, false).replace('\u{a0}', " ")
    }

    fn problem(code: ErrorCode, language: Language) -> Problem {
        Problem::new(code, language, "Moodle Sciences", "")
    }

    #[test]
    fn a_scheduled_restore_says_when_it_starts() {
        let mut one = restore(1);
        one.expected = Some(home().window.opens);
        assert_eq!(said(Language::English, &one), "Scheduled · tonight, 20:00–06:00");
        assert_eq!(said(Language::French, &one), "Programmé · cette nuit, 20 h–6 h");
        one.expected = Some(NOW.plus(30));
        assert_eq!(said(Language::English, &one), "Scheduled · starts in 30 s");
        one.expected = None;
        assert_eq!(said(Language::English, &one), "Scheduled · starts within minutes");
        let paused = clock(Language::English).status(&one, &home().window, true);
        assert_eq!(paused, "Scheduled · waits until restores go on");
    }

    #[test]
    fn each_step_says_only_what_is_known() {
        let mut one = Restore { status: Status::InProgress, phase: Some(Phase::BackingUp), ..restore(1) };
        one.since = NOW.plus(-120);
        assert_eq!(said(Language::English, &one), "Step 1 of 3: preparing on Moodle Sciences, 2 min so far");
        assert_eq!(progress(&one), None);
        one.phase = Some(Phase::Transferring);
        assert_eq!(said(Language::English, &one), "Step 2 of 3: copying");
        one.bytes = 35_651_584;
        assert_eq!(said(Language::English, &one), "Step 2 of 3: copying, 34 MB so far");
        assert_eq!(progress(&one), None);
        one.total_bytes = 99_614_720;
        assert_eq!(said(Language::English, &one), "Step 2 of 3: copying 34 MB of 95 MB");
        assert_eq!(progress(&one), Some(35));
        (one.phase, one.percent) = (Some(Phase::Restoring), 60);
        assert_eq!(said(Language::French, &one), "Étape 3 sur 3 : restauration, 60 %");
    }

    #[test]
    fn an_end_says_when_where_and_what_to_check() {
        let mut one = Restore { status: Status::Restored, finished: Some(NOW), ..restore(1) };
        one.category_name = Some("Physics".into());
        assert_eq!(said(Language::English, &one), "Restored today 14:10 in Physics");
        assert_eq!(Look::of(&one), Look::Done);
        one.warnings = vec![Warning::new("restore.log", "A quiz was left out."); 2];
        assert_eq!(said(Language::English, &one), "Restored, 2 things to check");
        assert_eq!(Look::of(&one), Look::Check);
    }

    #[test]
    fn a_failed_try_says_the_next_one_and_that_nothing_is_to_be_done() {
        let mut one = Restore { failures: 1, expected: Some(NOW.plus(1_800)), ..restore(1) };
        one.problem = Some(problem(ErrorCode::RemoteUnreachable, Language::English));
        assert_eq!(
            said(Language::English, &one),
            "Moodle Sciences does not answer. Next try today 14:40 (2 of 8). Nothing to do."
        );
        assert_eq!(Look::of(&one), Look::Again);
    }

    #[test]
    fn a_failure_says_why() {
        let mut one = Restore { status: Status::Failed, since: NOW, ..restore(1) };
        one.problem = Some(problem(ErrorCode::RemoteNotOwner, Language::French));
        assert_eq!(
            said(Language::French, &one),
            "Échec aujourd'hui à 14 h 10. Vous n'enseignez plus ce cours sur Moodle Sciences."
        );
        let report = clock(Language::French).report(&one, "x");
        assert!(report.contains("remote.not_owner") && report.contains(one.id.as_str()));
    }

    #[test]
    fn a_courses_details_say_what_is_known_of_it_there_and_here() {
        let mut course = crate::logic::courses::tests::course(5, "Optics", Some(NOW.0));
        course.short_name = "OPT101".into();
        let details = clock(Language::English).course_details(&course, "Moodle Sciences");
        let value = |name: &str| details.iter().find(|(named, _)| *named == name).map(|(_, value)| value.as_str());
        assert_eq!((value("From"), value("Short name")), (Some("Moodle Sciences"), Some("OPT101")));
        assert_eq!((value("Course number there"), value("Here")), (Some("5"), None));
        assert!(value("Starts").is_some_and(|day| day.len() == 10), "{details:?}");
    }

    #[test]
    fn the_bar_says_when_restores_start() {
        let mut window = home().window;
        let english = clock(Language::English);
        assert_eq!(english.start(&window, false), "Starts tonight between 20:00 and 06:00.");
        assert_eq!(english.start(&window, true), "Starts now.");
        window.open = true;
        assert_eq!(english.start(&window, false), "Starts now; restores run until 06:00.");
    }
}
