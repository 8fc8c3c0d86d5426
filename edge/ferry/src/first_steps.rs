//! The steps that set Courseferry up, in order, each with what is in its way.

use courseferry_api::{
    Check, CheckCode, CheckState, Language, Step,
    words::{self, Words},
};

/// What the steps depend on beside the checks.
#[derive(Debug, Clone, Copy)]
pub struct Setup<'a> {
    /// The Worker's address.
    pub worker: &'a str,
    /// The configured remotes' addresses.
    pub remotes: &'a [String],
    /// One of them answers well now, whatever it refused before.
    pub one_answers: bool,
    /// Some restore has brought a course.
    pub restored: bool,
}

/// The steps of the setup, with those marked as done that the checks show to be; none once a course has come from a
/// remote that is still configured.
pub fn first_steps(checks: &[Check], setup: &Setup<'_>, language: Language) -> Vec<Step> {
    if setup.restored && !setup.remotes.is_empty() {
        return Vec::new();
    }
    let steps = Steps { checks, setup, language };
    vec![steps.worker(), steps.moodle(), steps.remote(), steps.trial()]
}

struct Steps<'a> {
    checks: &'a [Check],
    setup: &'a Setup<'a>,
    language: Language,
}

impl Steps<'_> {
    fn worker(&self) -> Step {
        let codes = [CheckCode::WorkerConfiguration, CheckCode::WorkerDatabase, CheckCode::WorkerCron];
        let reasons = self.reasons(&codes, CheckState::ToCheck);
        Step {
            title: self.say(words::DEPLOY_WORKER),
            done: reasons.is_empty(),
            reasons,
            advice: self.say(words::DEPLOY_WORKER_HOW),
            command: "cargo xtask deploy".to_owned(),
        }
    }

    fn moodle(&self) -> Step {
        let mut reasons = self.reasons(&[CheckCode::ClientAnswers, CheckCode::MoodleCompanion], CheckState::ToCheck);
        reasons.extend(self.reasons(&[CheckCode::MoodleClock, CheckCode::MoodleCron], CheckState::Broken));
        Step {
            title: self.say(words::CONNECT_MOODLE),
            done: reasons.is_empty() && self.is_well(CheckCode::ClientAnswers),
            reasons,
            advice: self.say(words::CONNECT_MOODLE_HOW),
            command: format!("php blocks/courseferry/cli/install.php --worker={}", self.setup.worker),
        }
    }

    fn remote(&self) -> Step {
        let done = self.setup.one_answers;
        // One that answers is enough to go on with.
        let reasons = if done { Vec::new() } else { self.reasons(&[CheckCode::RemoteAnswers], CheckState::ToCheck) };
        let address = self.setup.remotes.first().map_or("https://moodle.example.org", String::as_str);
        Step {
            title: self.say(words::CONNECT_REMOTE),
            done,
            reasons,
            advice: self.say(words::CONNECT_REMOTE_HOW),
            command: format!("cargo xtask secret remote {address}"),
        }
    }

    fn trial(&self) -> Step {
        Step {
            title: self.say(words::TRY_ONE_COURSE),
            done: self.setup.restored,
            reasons: Vec::new(),
            advice: String::new(),
            command: String::new(),
        }
    }

    fn of(&self, code: CheckCode) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(move |check| check.code == code.as_str())
    }

    fn is_well(&self, code: CheckCode) -> bool {
        self.of(code).any(|check| check.state == CheckState::Ok)
    }

    /// What the checks say that are as bad as this, or worse.
    fn reasons(&self, codes: &[CheckCode], state: CheckState) -> Vec<String> {
        let bad = codes.iter().flat_map(|code| self.of(*code)).filter(|check| check.state >= state);
        bad.map(|check| format!("{} {}", check.message, check.advice).trim_end().to_owned()).collect()
    }

    fn say(&self, words: Words) -> String {
        self.language.say(words).to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(code: CheckCode, state: CheckState) -> Check {
        Check::new(code, state, Language::English, "It is so.")
    }

    /// The first step that is not done, and what is in its way.
    fn next(checks: &[Check], remotes: &[String], restored: bool) -> Option<(usize, Vec<String>)> {
        let one_answers =
            checks.iter().any(|check| check.code == CheckCode::RemoteAnswers.as_str() && check.state == CheckState::Ok);
        let setup = Setup { worker: "https://worker.example", remotes, one_answers, restored };
        let steps = first_steps(checks, &setup, Language::English);
        steps.iter().position(|step| !step.done).map(|at| (at + 1, steps[at].reasons.clone()))
    }

    #[test]
    fn the_next_step_is_the_first_that_is_not_done() {
        let remotes = ["https://one.example".to_owned()];
        let mut checks = vec![check(CheckCode::WorkerConfiguration, CheckState::Broken)];
        let (at, reasons) = next(&checks, &[], false).expect("a step");
        assert_eq!(at, 1);
        assert!(reasons[0].starts_with("It is so. Mend it in edge/site.toml"), "{reasons:?}");
        checks[0] = check(CheckCode::WorkerConfiguration, CheckState::Ok);
        assert_eq!(next(&checks, &[], false), Some((2, vec![])), "nobody has asked Moodle yet");
        checks.push(check(CheckCode::ClientAnswers, CheckState::Ok));
        assert_eq!(next(&checks, &[], false), Some((3, vec![])));
        checks.push(check(CheckCode::RemoteAnswers, CheckState::Broken));
        assert_eq!(next(&checks, &remotes, false).expect("a step").1.len(), 1);
        checks.push(check(CheckCode::RemoteAnswers, CheckState::Ok));
        assert_eq!(next(&checks, &remotes, false), Some((4, vec![])), "one remote that answers is enough");
        assert_eq!(next(&checks, &remotes, true), None);
        assert_eq!(next(&checks[..2], &[], true), Some((3, vec![])), "what came once came from a remote that is gone");
    }

    #[test]
    fn commands_name_the_addresses_that_are_known() {
        let setup = Setup {
            worker: "https://worker.example",
            remotes: &["https://one.example".to_owned()],
            one_answers: false,
            restored: false,
        };
        let commands: Vec<_> =
            first_steps(&[], &setup, Language::French).into_iter().map(|step| step.command).collect();
        assert_eq!(
            commands[1..],
            [
                "php blocks/courseferry/cli/install.php --worker=https://worker.example",
                "cargo xtask secret remote https://one.example",
                ""
            ]
        );
    }
}
