//! What the companion reports about the client Moodle, and the checks that follow from it. It has no clock: the caller
//! says when it asked.

use courseferry_api::{
    CategoryId, Check, CheckCode, CheckState, CourseId, Language, UnixTime, lenient,
    words::{self, Words},
};
use serde::{Deserialize, Serialize};

/// Seconds in a minute, an hour, a day.
const MINUTE: i64 = 60;
const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;

/// Bytes in a gibibyte.
const GIB: u64 = 1 << 30;
/// How many courses that could not be removed are named.
const LEFTOVERS_NAMED: usize = 3;
/// Moodle's way to say that the system does not tell its free space: PHP's largest number.
const UNTOLD: u64 = i64::MAX.unsigned_abs();

/// What only Moodle knows. A version that tells less is still understood, as far as it goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    pub time: UnixTime,
    /// Moodle's version for people.
    #[serde(default, deserialize_with = "lenient::name")]
    pub release: String,
    #[serde(default, deserialize_with = "lenient::name")]
    pub pluginversion: String,
    /// When its cron last started.
    #[serde(default, deserialize_with = "lenient::moment")]
    pub lastcron: Option<UnixTime>,
    /// Seconds in which its cron is expected to start again.
    #[serde(default)]
    pub croninterval: i64,
    /// The companion's scheduled task.
    #[serde(default)]
    pub task: Option<Task>,
    /// The companion's queued work that has not begun.
    #[serde(default)]
    pub waiting: Waiting,
    /// Restores that cron carries side by side at the most; 0 if nothing limits them, or if it does not say.
    #[serde(default)]
    pub sidebyside: u32,
    /// Active people who teach.
    #[serde(default)]
    pub teachers: u64,
    /// How many of them see the widget.
    #[serde(default)]
    pub seewidget: u64,
    /// How many of them may restore into some category.
    #[serde(default)]
    pub mayrestore: u64,
    /// Whether the block stands on the default dashboard.
    #[serde(default, deserialize_with = "lenient::flag")]
    pub ondashboard: bool,
    /// The block that Courseferry replaces.
    #[serde(default)]
    pub original: Original,
    /// Free temporary space, in bytes.
    #[serde(default)]
    pub freebytes: Option<u64>,
    /// Whether there is the default category that was asked about.
    #[serde(default, deserialize_with = "lenient::flag")]
    pub defaultcategoryexists: bool,
    /// What of the setting of category identifiers the database does not have.
    #[serde(default, deserialize_with = "lenient::filled")]
    pub missingidentifier: Option<String>,
    /// Categories that have an identifier.
    #[serde(default)]
    pub identifiedcategories: u64,
    /// Short name of the role that colleagues get.
    #[serde(default, deserialize_with = "lenient::filled")]
    pub enrolrole: Option<String>,
    /// Whether manual enrolment is switched on.
    #[serde(default, deserialize_with = "lenient::flag")]
    pub manualenrolment: bool,
    /// Courses that are to be removed and could not be.
    #[serde(default)]
    pub leftovers: Leftovers,
}

/// Courses that are to be removed and could not be.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leftovers {
    #[serde(default)]
    pub number: u64,
    /// The first of them.
    #[serde(default)]
    pub list: Vec<Leftover>,
}

/// A course that is to be removed and could not be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leftover {
    pub courseid: CourseId,
    #[serde(default, deserialize_with = "lenient::name")]
    pub name: String,
    /// Why, in Moodle's words.
    #[serde(default, deserialize_with = "lenient::detail")]
    pub reason: String,
}

/// A scheduled task of Moodle's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// Whether it is switched on.
    #[serde(default, deserialize_with = "lenient::flag")]
    pub enabled: bool,
    /// When it last ran.
    #[serde(default, deserialize_with = "lenient::moment")]
    pub lastrun: Option<UnixTime>,
    /// Seconds that Moodle waits since it failed.
    #[serde(default)]
    pub faildelay: i64,
}

/// Work that has not begun.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    #[serde(default)]
    pub number: u64,
    /// Since when the oldest could have.
    #[serde(default, deserialize_with = "lenient::moment")]
    pub oldest: Option<UnixTime>,
}

/// The block that Courseferry replaces.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Original {
    /// Whether it is installed.
    #[serde(default, deserialize_with = "lenient::flag")]
    pub installed: bool,
    /// Whether its task is switched on.
    #[serde(default, deserialize_with = "lenient::flag")]
    pub running: bool,
}

/// What the Worker's settings ask of the client Moodle.
#[derive(Debug, Clone, Copy)]
pub struct Demands {
    /// Where courses go that go to no other place.
    pub default_category: Option<CategoryId>,
    /// A course may go to the category with the same identifier as its own.
    pub original_category: bool,
    /// Colleagues may enrol themselves.
    pub enrol_button: bool,
}

impl Report {
    /// What all of it means; `asked` is the Worker's time when it asked.
    pub fn checks(&self, asked: UnixTime, demands: &Demands, language: Language) -> Vec<Check> {
        let checks = Checks { report: self, asked, language };
        vec![
            checks.companion(),
            checks.clock(),
            checks.cron(),
            checks.task(),
            checks.queue(),
            checks.people(CheckCode::MoodleWidgetSeen, words::SEE_WIDGET, self.seewidget),
            checks.people(CheckCode::MoodleMayRestore, words::MAY_RESTORE, self.mayrestore),
            checks.dashboard(),
            checks.original(),
            checks.space(),
            checks.category(demands.default_category),
            checks.identifiers(demands.original_category),
            checks.enrolment(demands),
            checks.leftovers(),
        ]
    }
}

struct Checks<'a> {
    report: &'a Report,
    asked: UnixTime,
    language: Language,
}

impl Checks<'_> {
    fn say(&self, code: CheckCode, state: CheckState, words: Words) -> Check {
        self.fill(code, state, words, &[])
    }

    fn fill(&self, code: CheckCode, state: CheckState, words: Words, values: &[(&str, &str)]) -> Check {
        Check::new(code, state, self.language, self.language.fill(words, values))
    }

    /// It is broken or to be checked, in the code's own words.
    fn plainly(&self, code: CheckCode, state: CheckState) -> Check {
        Check::new(code, state, self.language, code.sentence(self.language))
    }

    fn ago(&self, moment: UnixTime) -> (i64, String) {
        let seconds = self.report.time.since(moment).max(0);
        (seconds, ago(seconds, self.language))
    }

    fn companion(&self) -> Check {
        let Report { release, pluginversion, .. } = self.report;
        let values = [("release", release.as_str()), ("version", pluginversion)];
        self.fill(CheckCode::MoodleCompanion, CheckState::Ok, words::COMPANION, &values)
    }

    fn clock(&self) -> Check {
        let apart = self.report.time.since(self.asked).abs();
        // Tokens have a minute's leeway.
        let state = match apart {
            0..=20 => return self.say(CheckCode::MoodleClock, CheckState::Ok, words::CLOCKS_AGREE),
            21..=60 => CheckState::ToCheck,
            _ => CheckState::Broken,
        };
        let length = length(apart, self.language);
        self.fill(CheckCode::MoodleClock, state, words::CLOCKS_APART, &[("length", &length)])
    }

    fn cron(&self) -> Check {
        let code = CheckCode::MoodleCron;
        let Some(last) = self.report.lastcron else {
            return self.say(code, CheckState::Broken, words::MOODLE_CRON_NEVER);
        };
        let (seconds, ago) = self.ago(last);
        // Moodle's own rule: a minute after it was expected, it is late.
        let expected = self.report.croninterval.max(MINUTE);
        let state = match seconds {
            in_time if in_time <= expected + MINUTE => CheckState::Ok,
            late if late <= expected + 15 * MINUTE => CheckState::ToCheck,
            _ => CheckState::Broken,
        };
        self.fill(code, state, words::MOODLE_CRON_RAN, &[("ago", &ago)])
    }

    fn task(&self) -> Check {
        let code = CheckCode::MoodleTask;
        let Some(task) = &self.report.task else { return self.plainly(code, CheckState::ToCheck) };
        if !task.enabled {
            return self.say(code, CheckState::Broken, words::TASK_OFF);
        }
        if task.faildelay > 0 {
            return self.say(code, CheckState::ToCheck, words::TASK_FAILED);
        }
        let Some(last) = task.lastrun else { return self.say(code, CheckState::ToCheck, words::TASK_NOT_YET) };
        let (_, ago) = self.ago(last);
        // Where cron itself stands still, that is what is wrong.
        let behind = self.report.lastcron.unwrap_or(self.report.time).since(last);
        let state = if behind <= 15 * MINUTE { CheckState::Ok } else { CheckState::ToCheck };
        self.fill(code, state, words::TASK_RAN, &[("ago", &ago)])
    }

    fn queue(&self) -> Check {
        let (code, waiting) = (CheckCode::MoodleQueue, &self.report.waiting);
        let Some(oldest) = waiting.oldest.filter(|_| waiting.number > 0) else {
            return self.say(code, CheckState::Ok, words::NOTHING_WAITS);
        };
        let (seconds, ago) = self.ago(oldest);
        let state = match seconds {
            0..600 => CheckState::Ok,
            600..3_600 => CheckState::ToCheck,
            _ => CheckState::Broken,
        };
        let number = self.language.number(waiting.number);
        self.fill(code, state, words::WAITING_FOR_CRON, &[("n", &number), ("ago", &ago)])
    }

    /// How many teachers can do something.
    fn people(&self, code: CheckCode, words: Words, able: u64) -> Check {
        let teachers = self.report.teachers;
        if teachers == 0 {
            return self.say(code, CheckState::ToCheck, words::NOBODY_TEACHES);
        }
        let state = if able == 0 { CheckState::Broken } else { CheckState::Ok };
        let [able, all] = [able, teachers].map(|n| self.language.number(n));
        self.fill(code, state, words, &[("able", &able), ("all", &all)])
    }

    fn dashboard(&self) -> Check {
        if !self.report.ondashboard {
            return self.plainly(CheckCode::MoodleDashboard, CheckState::ToCheck);
        }
        self.say(CheckCode::MoodleDashboard, CheckState::Ok, words::ON_DASHBOARD)
    }

    fn original(&self) -> Check {
        let code = CheckCode::MoodleOriginal;
        match &self.report.original {
            Original { running: true, .. } => self.plainly(code, CheckState::Broken),
            Original { installed: true, .. } => self.say(code, CheckState::Ok, words::ORIGINAL_OFF),
            _ => self.say(code, CheckState::Ok, words::ORIGINAL_NOT_HERE),
        }
    }

    fn space(&self) -> Check {
        let code = CheckCode::MoodleSpace;
        let Some(bytes) = self.report.freebytes.filter(|bytes| *bytes < UNTOLD) else {
            return self.say(code, CheckState::ToCheck, words::SPACE_UNKNOWN);
        };
        let state = match bytes {
            few if few < 2 * GIB => CheckState::Broken,
            few if few < 10 * GIB => CheckState::ToCheck,
            _ => CheckState::Ok,
        };
        self.fill(code, state, words::SPACE, &[("size", &self.language.number(bytes / GIB))])
    }

    fn category(&self, wanted: Option<CategoryId>) -> Check {
        let code = CheckCode::MoodleCategory;
        match wanted {
            None => self.say(code, CheckState::Ok, words::NO_DEFAULT_CATEGORY),
            Some(_) if self.report.defaultcategoryexists => {
                self.say(code, CheckState::Ok, words::DEFAULT_CATEGORY_EXISTS)
            }
            Some(id) => {
                self.fill(code, CheckState::Broken, words::DEFAULT_CATEGORY_MISSING, &[("id", &id.to_string())])
            }
        }
    }

    fn identifiers(&self, needed: bool) -> Check {
        let code = CheckCode::MoodleIdentifiers;
        let state = if needed { CheckState::Broken } else { CheckState::ToCheck };
        match (&self.report.missingidentifier, self.report.identifiedcategories) {
            (Some(missing), _) => self.fill(code, state, words::IDENTIFIERS_WRONG, &[("missing", missing)]),
            (None, 0) if needed => self.plainly(code, CheckState::ToCheck),
            (None, count) => {
                self.fill(code, CheckState::Ok, words::IDENTIFIERS, &[("n", &self.language.number(count))])
            }
        }
    }

    fn enrolment(&self, demands: &Demands) -> Check {
        let code = CheckCode::MoodleEnrolment;
        if !self.report.manualenrolment {
            return self.say(code, CheckState::Broken, words::MANUAL_ENROLMENT_OFF);
        }
        if demands.enrol_button && self.report.enrolrole.is_none() {
            return self.say(code, CheckState::ToCheck, words::NO_ENROL_ROLE);
        }
        self.say(code, CheckState::Ok, words::CAN_BE_ENROLLED)
    }

    fn leftovers(&self) -> Check {
        let code = CheckCode::MoodleLeftovers;
        let Leftovers { number, list } = &self.report.leftovers;
        if *number == 0 {
            return self.say(code, CheckState::Ok, words::NOTHING_LEFT_OVER);
        }
        let number = self.language.number(*number);
        let named = list.iter().take(LEFTOVERS_NAMED);
        let courses = named.map(|course| format!("{} (id={}): {}", course.name, course.courseid, course.reason));
        let courses = courses.collect::<Vec<_>>().join("; ");
        self.fill(code, CheckState::ToCheck, words::LEFT_OVER, &[("n", &number), ("courses", &courses)])
    }
}

/// How long ago, in words.
fn ago(seconds: i64, language: Language) -> String {
    if seconds < 2 {
        return language.say(words::JUST_NOW).to_owned();
    }
    language.fill(words::AGO, &[("length", &length(seconds, language))])
}

/// A length of time in its largest unit that fits at least twice, or the smaller one.
fn length(seconds: i64, language: Language) -> String {
    let (words, n) = match seconds {
        short if short < 2 * MINUTE => (words::SECONDS, short),
        short if short < 2 * HOUR => (words::MINUTES, short / MINUTE),
        short if short < 2 * DAY => (words::HOURS, short / HOUR),
        long => (words::DAYS, long / DAY),
    };
    language.fill(words, &[("n", &n.to_string())])
}

#[cfg(test)]
mod tests {
    use super::*;
    use CheckState::{Broken, Ok as Fine, ToCheck};

    const NOW: UnixTime = UnixTime(1_795_308_746);

    /// A Moodle on which all is well.
    fn well() -> Report {
        let text = include_str!("../tests/fixtures/readiness.json");
        let told: Report = serde_json::from_str(text).unwrap();
        Report {
            time: NOW,
            lastcron: Some(NOW.plus(-30)),
            task: Some(Task { enabled: true, lastrun: Some(NOW.plus(-30)), faildelay: 0 }),
            waiting: Waiting::default(),
            teachers: 1_240,
            seewidget: 1_100,
            mayrestore: 900,
            ondashboard: true,
            original: Original::default(),
            freebytes: Some(50 * GIB),
            defaultcategoryexists: true,
            identifiedcategories: 12,
            ..told
        }
    }

    fn optics() -> Leftover {
        Leftover { courseid: CourseId(43), name: "Optics".to_owned(), reason: "a row is locked".to_owned() }
    }

    const DEMANDS: Demands =
        Demands { default_category: Some(CategoryId(3)), original_category: true, enrol_button: true };

    fn found(report: &Report, code: CheckCode, language: Language) -> Check {
        let checks = report.checks(NOW, &DEMANDS, language);
        checks.into_iter().find(|check| check.code == code.as_str()).unwrap()
    }

    #[test]
    fn where_all_is_well_every_check_says_so_and_asks_for_nothing() {
        for language in [Language::English, Language::French] {
            for check in well().checks(NOW, &DEMANDS, language) {
                assert_eq!((check.state, check.advice.as_str()), (Fine, ""), "{}", check.message);
            }
        }
    }

    #[test]
    fn each_fault_is_named_with_its_remedy() {
        use CheckCode as C;
        type Change = fn(&mut Report);
        let table: &[(Change, C, CheckState, &str)] = &[
            (|r| r.lastcron = Some(NOW.plus(-3 * HOUR)), C::MoodleCron, Broken, "Moodle's cron last ran 3 h ago."),
            (|r| r.lastcron = Some(NOW.plus(-200)), C::MoodleCron, ToCheck, "Moodle's cron last ran 3 min ago."),
            (|r| r.lastcron = Some(NOW.plus(-120)), C::MoodleCron, Fine, "Moodle's cron last ran 2 min ago."),
            (|r| r.lastcron = None, C::MoodleCron, Broken, "Moodle's cron has never run."),
            (|r| r.task = None, C::MoodleTask, ToCheck, "The block's scheduled task does not run."),
            (|r| r.task.as_mut().unwrap().enabled = false, C::MoodleTask, Broken, "switched off"),
            (|r| r.task.as_mut().unwrap().faildelay = 60, C::MoodleTask, ToCheck, "failed"),
            (
                |r| r.task.as_mut().unwrap().lastrun = Some(NOW.plus(-HOUR)),
                C::MoodleTask,
                ToCheck,
                "last ran 60 min ago",
            ),
            (|r| r.task.as_mut().unwrap().lastrun = None, C::MoodleTask, ToCheck, "has not run yet"),
            (|r| r.waiting = Waiting { number: 3, oldest: Some(NOW.plus(-60)) }, C::MoodleQueue, Fine, "3, the oldest"),
            (|r| r.waiting = Waiting { number: 3, oldest: Some(NOW.plus(-DAY)) }, C::MoodleQueue, Broken, "24 h ago"),
            (|r| r.time = NOW.plus(40), C::MoodleClock, ToCheck, "40 s apart"),
            (|r| r.time = NOW.plus(-400), C::MoodleClock, Broken, "6 min apart"),
            (|r| r.seewidget = 0, C::MoodleWidgetSeen, Broken, "0 of 1,240 teachers see the widget."),
            (|r| r.mayrestore = 0, C::MoodleMayRestore, Broken, "0 of 1,240 teachers may restore"),
            (|r| r.teachers = 0, C::MoodleMayRestore, ToCheck, "Nobody teaches"),
            (|r| r.ondashboard = false, C::MoodleDashboard, ToCheck, "does not stand"),
            (|r| r.original.running = true, C::MoodleOriginal, Broken, "both share the one backup slot per user"),
            (|r| r.original.installed = true, C::MoodleOriginal, Fine, "switched off"),
            (|r| r.freebytes = Some(GIB), C::MoodleSpace, Broken, "1 GB"),
            (|r| r.freebytes = Some(5 * GIB), C::MoodleSpace, ToCheck, "5 GB"),
            (|r| r.freebytes = Some(UNTOLD), C::MoodleSpace, ToCheck, "does not tell"),
            (|r| r.defaultcategoryexists = false, C::MoodleCategory, Broken, "number 3"),
            (|r| r.missingidentifier = Some("no_such".into()), C::MoodleIdentifiers, Broken, "no no_such"),
            (|r| r.identifiedcategories = 0, C::MoodleIdentifiers, ToCheck, "No category"),
            (|r| r.manualenrolment = false, C::MoodleEnrolment, Broken, "Manual enrolment"),
            (|r| r.enrolrole = None, C::MoodleEnrolment, ToCheck, "no role"),
            (
                |r| r.leftovers = Leftovers { number: 4, list: vec![optics(); 4] },
                C::MoodleLeftovers,
                ToCheck,
                "Courses that could not be deleted: 4. Optics (id=43): a row is locked; Optics",
            ),
        ];
        for (change, code, state, words) in table {
            let mut report = well();
            change(&mut report);
            let check = found(&report, *code, Language::English);
            assert!(check.state == *state && check.message.contains(words), "{words}: {check:?}");
            assert_eq!(check.advice.is_empty(), *state == Fine, "{check:?}");
        }
    }

    #[test]
    fn what_the_settings_do_not_use_keeps_nothing_from_working() {
        let report =
            Report { defaultcategoryexists: false, missingidentifier: Some("x".into()), enrolrole: None, ..well() };
        let demands = Demands { default_category: None, original_category: false, enrol_button: false };
        let checks = report.checks(NOW, &demands, Language::English);
        assert!(checks.iter().all(|check| check.state != Broken), "{checks:?}");
    }

    #[test]
    fn french_has_its_own_words_and_its_own_numbers() {
        let report = Report { seewidget: 0, lastcron: Some(NOW.plus(-3 * DAY)), ..well() };
        assert_eq!(
            found(&report, CheckCode::MoodleWidgetSeen, Language::French).message,
            "Enseignants qui voient le widget\u{a0}: 0 sur 1\u{202f}240."
        );
        let cron = found(&report, CheckCode::MoodleCron, Language::French);
        assert_eq!(cron.message, "Le cron de Moodle a tourné pour la dernière fois il y a 3 jours.");
        assert!(cron.advice.contains("Administration du site"));
    }

    #[test]
    fn a_real_moodles_answer_is_read_and_an_earlier_versions_shorter_one_too() {
        let told: Report = serde_json::from_str(include_str!("../tests/fixtures/readiness.json")).unwrap();
        assert_eq!(told.lastcron, Some(UnixTime(1_795_523_724)));
        assert!(told.task.as_ref().unwrap().enabled && told.ondashboard && told.manualenrolment);
        assert_eq!((told.missingidentifier, told.identifiedcategories), (None, 4));
        let less: Report =
            serde_json::from_str(r#"{"time":1795524299,"ondashboard":1,"missingidentifier":null}"#).unwrap();
        assert!(less.ondashboard && less.task.is_none() && less.freebytes.is_none());
    }
}
