//! What the companion tells of whether restores can work on the client Moodle, and what that means. It knows no clock:
//! whoever asked says when.

use courseferry_api::{CategoryId, Check, CheckCode, CheckState, Language, UnixTime, lenient};
use serde::{Deserialize, Serialize};

/// Seconds in a minute, an hour, a day.
const MINUTE: i64 = 60;
const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;

/// Bytes in a gibibyte.
const GIB: u64 = 1 << 30;
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
            checks.people(CheckCode::MoodleWidgetSeen, self.seewidget),
            checks.people(CheckCode::MoodleMayRestore, self.mayrestore),
            checks.dashboard(),
            checks.original(),
            checks.space(),
            checks.category(demands.default_category),
            checks.identifiers(demands.original_category),
            checks.enrolment(demands),
        ]
    }
}

struct Checks<'a> {
    report: &'a Report,
    asked: UnixTime,
    language: Language,
}

impl Checks<'_> {
    fn check(
        &self,
        code: CheckCode,
        state: CheckState,
        english: impl Into<String>,
        french: impl Into<String>,
    ) -> Check {
        let message = match self.language {
            Language::English => english.into(),
            Language::French => french.into(),
        };
        Check::new(code, state, self.language, message)
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
        let message = format!("Moodle {release}, Courseferry {pluginversion}.");
        self.check(CheckCode::MoodleCompanion, CheckState::Ok, message.clone(), message)
    }

    fn clock(&self) -> Check {
        let apart = self.report.time.since(self.asked).abs();
        // Tokens have a minute's leeway.
        let state = match apart {
            0..=20 => CheckState::Ok,
            21..=60 => CheckState::ToCheck,
            _ => CheckState::Broken,
        };
        let length = length(apart, self.language);
        match state {
            CheckState::Ok => self.check(
                CheckCode::MoodleClock,
                state,
                "The clocks of Moodle and Worker agree.",
                "Les horloges de Moodle et du Worker s'accordent.",
            ),
            _ => self.check(
                CheckCode::MoodleClock,
                state,
                format!("The clocks of Moodle and Worker are {length} apart."),
                format!("Les horloges de Moodle et du Worker diffèrent de {length}."),
            ),
        }
    }

    fn cron(&self) -> Check {
        let code = CheckCode::MoodleCron;
        let Some(last) = self.report.lastcron else {
            return self.check(
                code,
                CheckState::Broken,
                "Moodle's cron has never run.",
                "Le cron de Moodle n'a jamais tourné.",
            );
        };
        let (seconds, ago) = self.ago(last);
        // Moodle's own rule: a minute after it was expected, it is late.
        let expected = self.report.croninterval.max(MINUTE);
        let state = match seconds {
            in_time if in_time <= expected + MINUTE => CheckState::Ok,
            late if late <= expected + 15 * MINUTE => CheckState::ToCheck,
            _ => CheckState::Broken,
        };
        let english = format!("Moodle's cron last ran {ago}.");
        self.check(code, state, english, format!("Le cron de Moodle a tourné pour la dernière fois {ago}."))
    }

    fn task(&self) -> Check {
        let code = CheckCode::MoodleTask;
        let Some(task) = &self.report.task else { return self.plainly(code, CheckState::ToCheck) };
        if !task.enabled {
            return self.check(
                code,
                CheckState::Broken,
                "The block's scheduled task is switched off: a restore whose process dies stays as it is.",
                "La tâche programmée du bloc est désactivée : une restauration dont le processus meurt reste telle quelle.",
            );
        }
        if task.faildelay > 0 {
            return self.check(
                code,
                CheckState::ToCheck,
                "The block's scheduled task failed when it last ran.",
                "La tâche programmée du bloc a échoué à sa dernière exécution.",
            );
        }
        let Some(last) = task.lastrun else {
            return self.check(
                code,
                CheckState::ToCheck,
                "The block's scheduled task has not run yet.",
                "La tâche programmée du bloc n'a pas encore tourné.",
            );
        };
        let (_, ago) = self.ago(last);
        // Where cron itself stands still, that is what is wrong.
        let behind = self.report.lastcron.unwrap_or(self.report.time).since(last);
        let state = if behind <= 15 * MINUTE { CheckState::Ok } else { CheckState::ToCheck };
        let english = format!("The block's scheduled task last ran {ago}.");
        self.check(code, state, english, format!("La tâche programmée du bloc a tourné pour la dernière fois {ago}."))
    }

    fn queue(&self) -> Check {
        let (code, waiting) = (CheckCode::MoodleQueue, &self.report.waiting);
        let Some(oldest) = waiting.oldest.filter(|_| waiting.number > 0) else {
            return self.check(
                code,
                CheckState::Ok,
                "No restore waits for Moodle's cron.",
                "Aucune restauration n'attend le cron de Moodle.",
            );
        };
        let (seconds, ago) = self.ago(oldest);
        let state = match seconds {
            0..600 => CheckState::Ok,
            600..3_600 => CheckState::ToCheck,
            _ => CheckState::Broken,
        };
        let number = self.language.number(waiting.number);
        self.check(
            code,
            state,
            format!("Waiting for Moodle's cron: {number}, the oldest could have begun {ago}."),
            format!("En attente du cron de Moodle : {number}, la plus ancienne aurait pu commencer {ago}."),
        )
    }

    /// How many teachers can do something.
    fn people(&self, code: CheckCode, able: u64) -> Check {
        let teachers = self.report.teachers;
        if teachers == 0 {
            return self.check(
                code,
                CheckState::ToCheck,
                "Nobody teaches a course here yet.",
                "Personne n'enseigne encore de cours ici.",
            );
        }
        let state = if able == 0 { CheckState::Broken } else { CheckState::Ok };
        let [able, of] = [able, teachers].map(|n| self.language.number(n));
        let (english, french) = match code {
            CheckCode::MoodleWidgetSeen => (
                format!("{able} of {of} teachers see the widget."),
                format!("Enseignants qui voient le widget : {able} sur {of}."),
            ),
            _ => (
                format!("{able} of {of} teachers may restore into some category."),
                format!("Enseignants qui peuvent restaurer dans une catégorie : {able} sur {of}."),
            ),
        };
        self.check(code, state, english, french)
    }

    fn dashboard(&self) -> Check {
        if !self.report.ondashboard {
            return self.plainly(CheckCode::MoodleDashboard, CheckState::ToCheck);
        }
        self.check(
            CheckCode::MoodleDashboard,
            CheckState::Ok,
            "The block stands on the default dashboard.",
            "Le bloc est sur le tableau de bord par défaut.",
        )
    }

    fn original(&self) -> Check {
        let code = CheckCode::MoodleOriginal;
        let (english, french) = match &self.report.original {
            Original { running: true, .. } => return self.plainly(code, CheckState::Broken),
            Original { installed: true, .. } => (
                "The original block is still installed, but its task is switched off.",
                "Le bloc d'origine est encore installé, mais sa tâche est désactivée.",
            ),
            _ => ("The original block is not here.", "Le bloc d'origine n'est pas ici."),
        };
        self.check(code, CheckState::Ok, english, french)
    }

    fn space(&self) -> Check {
        let Some(bytes) = self.report.freebytes.filter(|bytes| *bytes < UNTOLD) else {
            return self.check(
                CheckCode::MoodleSpace,
                CheckState::ToCheck,
                "Moodle's server does not tell its free space.",
                "Le serveur de Moodle ne dit pas son espace libre.",
            );
        };
        let state = match bytes {
            few if few < 2 * GIB => CheckState::Broken,
            few if few < 10 * GIB => CheckState::ToCheck,
            _ => CheckState::Ok,
        };
        let size = self.language.number(bytes / GIB);
        self.check(
            CheckCode::MoodleSpace,
            state,
            format!("Moodle has {size} GB of free temporary space."),
            format!("Moodle a {size} Go d'espace temporaire libre."),
        )
    }

    fn category(&self, wanted: Option<CategoryId>) -> Check {
        let code = CheckCode::MoodleCategory;
        match wanted {
            None => self.check(
                code,
                CheckState::Ok,
                "There is no default category: people choose one.",
                "Il n'y a pas de catégorie par défaut : chacun en choisit une.",
            ),
            Some(_) if self.report.defaultcategoryexists => {
                self.check(code, CheckState::Ok, "The default category exists.", "La catégorie par défaut existe.")
            }
            Some(id) => self.check(
                code,
                CheckState::Broken,
                format!("The default category, number {id}, does not exist."),
                format!("La catégorie par défaut, numéro {id}, n'existe pas."),
            ),
        }
    }

    fn identifiers(&self, needed: bool) -> Check {
        let code = CheckCode::MoodleIdentifiers;
        let state = if needed { CheckState::Broken } else { CheckState::ToCheck };
        match (&self.report.missingidentifier, self.report.identifiedcategories) {
            (Some(missing), _) => self.check(
                code,
                state,
                format!("The block's setting for category identifiers is wrong: the database has no {missing}."),
                format!("Le réglage du bloc pour les identifiants de catégorie est faux : la base n'a pas {missing}."),
            ),
            (None, 0) if needed => self.plainly(code, CheckState::ToCheck),
            (None, count) => {
                let count = self.language.number(count);
                self.check(
                    code,
                    CheckState::Ok,
                    format!("Categories with an identifier: {count}."),
                    format!("Catégories avec un identifiant : {count}."),
                )
            }
        }
    }

    fn enrolment(&self, demands: &Demands) -> Check {
        let code = CheckCode::MoodleEnrolment;
        if !self.report.manualenrolment {
            return self.check(
                code,
                CheckState::Broken,
                "Manual enrolment is switched off: nobody is enrolled in the courses they restore.",
                "L'inscription manuelle est désactivée : personne n'est inscrit aux cours restaurés.",
            );
        }
        if demands.enrol_button && self.report.enrolrole.is_none() {
            return self.check(
                code,
                CheckState::ToCheck,
                "The block's settings name no role that \"Enrol me\" can give.",
                "Les réglages du bloc ne nomment aucun rôle que « M'inscrire » puisse donner.",
            );
        }
        self.check(
            code,
            CheckState::Ok,
            "People can be enrolled in restored courses.",
            "Les personnes peuvent être inscrites aux cours restaurés.",
        )
    }
}

/// How long ago, in words.
fn ago(seconds: i64, language: Language) -> String {
    let length = length(seconds, language);
    match language {
        Language::English if seconds < 2 => "just now".to_owned(),
        Language::French if seconds < 2 => "à l'instant".to_owned(),
        Language::English => format!("{length} ago"),
        Language::French => format!("il y a {length}"),
    }
}

/// A length of time in its largest unit that fits at least twice, or the smaller one.
fn length(seconds: i64, language: Language) -> String {
    let day = if language == Language::French { "jours" } else { "days" };
    match seconds {
        short if short < 2 * MINUTE => format!("{short} s"),
        short if short < 2 * HOUR => format!("{} min", short / MINUTE),
        short if short < 2 * DAY => format!("{} h", short / HOUR),
        long => format!("{} {day}", long / DAY),
    }
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
            "Enseignants qui voient le widget : 0 sur 1\u{202f}240."
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
