//! The checks that need no Moodle's answer: the Worker's own cron, overdue restores, and how the Moodles last answered.

use crate::{Failure, RestoreRow};
use courseferry_api::{Check, CheckCode, CheckState, Language, Phase, Problem, RemoteKind, Repeat, UnixTime, words};

/// Seconds without a tick after which somebody should look, and after which nothing is carried on any more.
const LATE: i64 = 150;
const STOPPED: i64 = 600;

/// Whether the Worker's cron ticks.
pub fn cron(last: Option<UnixTime>, now: UnixTime, language: Language) -> Check {
    let Some(last) = last else {
        let message = language.say(words::CRON_NOT_YET);
        return Check::new(CheckCode::WorkerCron, CheckState::ToCheck, language, message);
    };
    let seconds = now.since(last).max(0);
    let state = match seconds {
        0..LATE => CheckState::Ok,
        LATE..STOPPED => CheckState::ToCheck,
        _ => CheckState::Broken,
    };
    let message = match state {
        CheckState::Ok => language.say(words::CRON_TICKS).to_owned(),
        _ => language.fill(words::CRON_LATE, &[("minutes", &(seconds / 60).to_string())]),
    };
    Check::new(CheckCode::WorkerCron, state, language, message)
}

/// Seconds after which a step of a restore that is under way should have ended: the copy, and the restore itself. A
/// backup that takes too long ends by itself.
pub const OVERDUE: i64 = 6 * 3_600;
/// Overdue restores that are named.
const NAMED: usize = 3;

/// Restores that do not end within their time, by name.
pub fn overdue(restores: &[RestoreRow], now: UnixTime, language: Language) -> Option<Check> {
    if restores.is_empty() {
        return None;
    }
    let named = restores.iter().take(NAMED).map(|row| {
        let step = if row.phase == Some(Phase::Restoring) { "3" } else { "2" };
        let hours = (now.since(row.since) / 3_600).to_string();
        let owner = language.person(&row.user_name);
        let values = [("course", row.full_name.as_str()), ("name", owner), ("step", step), ("hours", hours.as_str())];
        language.fill(words::OVERDUE_ONE_OF, &values)
    });
    let named = named.collect::<Vec<_>>().join("; ");
    let number = language.count(words::OVERDUE, restores.len().try_into().unwrap_or(u64::MAX));
    let message = format!("{number} {named}.");
    Some(Check::new(CheckCode::WorkerOverdue, CheckState::ToCheck, language, message))
}

/// What a remote said it is.
#[derive(Debug, Clone, Copy)]
pub struct Lending<'a> {
    /// What lends its courses.
    pub kind: RemoteKind,
    /// The version of that block.
    pub version: &'a str,
    /// Its Moodle's release.
    pub release: &'a str,
}

/// How a remote last answered, and what it is if it said so: `problem` is what is wrong since it last answered well,
/// `refused` what it refused before.
pub fn remote(
    name: &str,
    answered: Option<UnixTime>,
    problem: Option<&Failure>,
    refused: Option<&Failure>,
    lending: Option<Lending<'_>>,
    language: Language,
) -> Check {
    let failed = |failure: &Failure, state| {
        let problem = Problem::new(failure.code, language, name, &failure.detail);
        Check::failed(CheckCode::RemoteAnswers, state, language, &problem)
    };
    if let Some(failure) = problem {
        // What may be over by itself wakes nobody.
        let state = match failure.code.repeat() {
            Repeat::Automatic => CheckState::ToCheck,
            Repeat::Manual | Repeat::Administrator | Repeat::Never => CheckState::Broken,
        };
        return failed(failure, state);
    }
    if let Some(failure) = refused {
        return failed(failure, CheckState::ToCheck);
    }
    let (state, words) = match answered {
        Some(_) => (CheckState::Ok, words::REMOTE_ANSWERS),
        None => (CheckState::ToCheck, words::REMOTE_NOT_ASKED),
    };
    let message = language.fill(words, &[("remote", name)]);
    match lending.filter(|_| state == CheckState::Ok) {
        None => Check::new(CheckCode::RemoteAnswers, state, language, message),
        Some(Lending { kind, version, release }) => {
            let message = format!("{message} Moodle {release}. {}", kind.described(version, language));
            // An original serves as it is: what would be better is told, and is nothing to be checked.
            let advice = kind.advice(language).to_owned();
            Check { advice, ..Check::new(CheckCode::RemoteAnswers, state, language, message) }
        }
    }
}

/// Why the client Moodle cannot be asked how ready it is.
pub fn client(failure: &Failure, language: Language) -> Check {
    let problem = Problem::new(failure.code, language, "", &failure.detail);
    let mut check = Check::failed(CheckCode::ClientAnswers, CheckState::Broken, language, &problem);
    if !failure.detail.is_empty() && language == Language::English {
        // What exactly was met, such as "answers with a web page (HTTP 403)", tells a firewall from a wrong address.
        check.message = format!("The Worker cannot work with your Moodle: it {}.", failure.detail);
    }
    check
}

#[cfg(test)]
mod tests {
    use super::*;
    use courseferry_api::ErrorCode;

    const NOW: UnixTime = UnixTime(1_795_308_746);

    #[test]
    fn a_cron_that_stands_still_is_noticed_in_minutes() {
        let state = |ago: i64| cron(Some(NOW.plus(-ago)), NOW, Language::English).state;
        assert_eq!(
            [10, 149, 150, 599, 600].map(state),
            [CheckState::Ok, CheckState::Ok, CheckState::ToCheck, CheckState::ToCheck, CheckState::Broken]
        );
        let late = cron(Some(NOW.plus(-3_600)), NOW, Language::French);
        assert!(late.message.contains("il y a 60 min") && !late.advice.is_empty());
        assert_eq!(cron(None, NOW, Language::English).state, CheckState::ToCheck);
    }

    #[test]
    fn a_bad_token_is_broken_and_a_remote_that_is_away_is_to_be_checked() {
        let state = |code: ErrorCode| {
            let failure = Failure::from(code);
            let check = remote("Moodle Sciences", Some(NOW), Some(&failure), None, None, Language::English);
            assert_eq!(check.finding(), code.as_str());
            assert!(check.message.contains("Moodle Sciences"));
            check.state
        };
        assert_eq!(state(ErrorCode::RemoteBadToken), CheckState::Broken);
        assert_eq!(state(ErrorCode::RemoteUnreachable), CheckState::ToCheck);
    }

    #[test]
    fn a_refused_backup_shows_although_the_remote_answered_since() {
        let refused = Failure::from(ErrorCode::RemoteNoCapability);
        let check = remote("Moodle Sciences", Some(NOW), None, Some(&refused), None, Language::English);
        assert_eq!((check.state, check.finding()), (CheckState::ToCheck, "remote.no_capability"));
        let state = |answered| remote("Moodle Sciences", answered, None, None, None, Language::English).state;
        assert_eq!((state(Some(NOW)), state(None)), (CheckState::Ok, CheckState::ToCheck));
    }

    #[test]
    fn a_remote_that_answers_says_what_lends_there_and_an_original_is_no_fault_but_comes_with_advice() {
        let said = |kind| {
            let lending = Lending { kind, version: "2024021600", release: "4.1.10" };
            remote("Moodle Sciences", Some(NOW), None, None, Some(lending), Language::English)
        };
        let ours = said(RemoteKind::Courseferry);
        assert!(ours.message.starts_with("Moodle Sciences answers. Moodle 4.1.10. Courseferry 2024021600 lends there"));
        assert_eq!((ours.state, ours.advice.as_str()), (CheckState::Ok, ""));
        let original = said(RemoteKind::Original3);
        assert_eq!(original.state, CheckState::Ok);
        assert!(original.advice.starts_with("Install the block Courseferry there"));
        let failure = Failure::from(ErrorCode::RemoteUnreachable);
        let lending = Lending { kind: RemoteKind::Original3, version: "1", release: "4.1" };
        let away = remote("Moodle Sciences", Some(NOW), Some(&failure), None, Some(lending), Language::English);
        assert!(!away.advice.contains("Courseferry"), "first things first: {}", away.advice);
    }

    #[test]
    fn a_firewall_before_moodle_is_told_by_what_it_answers() {
        let failure = Failure::new(ErrorCode::ClientNotMoodle, "answers with a web page (HTTP 403)");
        let check = client(&failure, Language::English);
        assert_eq!(check.message, "The Worker cannot work with your Moodle: it answers with a web page (HTTP 403).");
        assert!(check.advice.contains("firewall"));
        assert_eq!((check.state, check.finding()), (CheckState::Broken, "client.not_moodle"));
    }
}
