//! The settings, by the original's names where it has one: parsed once, every wrong one named with the value it
//! should have. Secrets are not here.

use crate::window::{TimeOfDay, Window};
use courseferry_api::{CategoryId, ErrorCode, Language, Problem, words};

/// Everything that an administrator decides.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "switches, by the original's names")]
pub struct Settings {
    /// `client_wwwroot`: the client Moodle's address.
    pub client_wwwroot: String,
    /// `worker_origin`: the Worker's own origin.
    pub worker_origin: String,
    /// `timezone`: the site's time zone (IANA), in which the window is meant.
    pub timezone: String,
    /// `defaultcategory`.
    pub default_category: Option<CategoryId>,
    /// `restorecourseinoriginalcategory`.
    pub original_category: bool,
    /// `defaultcategorychecked`: the original category is offered first. The name is the original's, its meaning too.
    pub original_first: bool,
    /// `userdata_remotes`: addresses of originals (release 3) that may be asked for students' data. They cannot say whether
    /// the teacher may have them.
    pub userdata_remotes: Vec<String>,
    /// `onlyoneremoteinstance`: one restore per remote course, whoever asks.
    pub one_per_course: bool,
    /// `enrollbutton`: "Enrol me" in a copy that a colleague restored.
    pub enrol_button: bool,
    /// `includeexternalurlinmail`: messages link the course on the remote.
    pub remote_links_in_messages: bool,
    /// `warningstoowner`: warnings of the restore go to its owner, not to administrators alone.
    pub warnings_to_owner: bool,
    /// `timelimitedmod`, `limitstart`, `limitend`.
    pub window: Window,
    /// `max_per_person_per_night`; 0 = no limit.
    pub max_per_person: u32,
    /// `max_per_night`: for the whole site; 0 = no limit.
    pub max_per_night: u32,
    /// `attempts`: tries of one restore at the most.
    pub attempts: u32,
    /// `retention_days`: how long ended restores are kept.
    pub retention_days: u32,
    /// `audit_retention_days`.
    pub audit_retention_days: u32,
    /// `cache_minutes`: how long a listing counts as fresh.
    pub cache_minutes: u32,
    /// `fresh_seconds`: for how long what a Moodle has just said is not asked again.
    pub fresh_seconds: u32,
    /// `rate_limits`: people and addresses that ask too often are refused.
    pub rate_limits: bool,
    /// `lease_seconds`.
    pub lease_seconds: u32,
    /// `backup_limit_seconds`: how long a remote may take over one backup.
    pub backup_limit_seconds: u32,
    /// `unknown_wait_seconds`: how long a slot stays taken at the least after a backup whose end is not known.
    pub unknown_wait_seconds: u32,
    /// `retry_first_seconds`: the longest wait before the first new try.
    pub retry_first_seconds: u32,
    /// `held_days`: how long restores wait for an administrator to mend their remote.
    pub held_days: u32,
    /// `settle_seconds`: how long a fresh schedule waits, so that it can be undone.
    pub settle_seconds: u32,
    /// `stay_seconds`: for how long a tick goes on looking for what has become due meanwhile.
    pub stay_seconds: u32,
    /// Every setting as text, as it is in force.
    pub values: Vec<(&'static str, String)>,
}

impl Settings {
    /// The original category is what is offered first: because it was set so, or because there is no other. Without a
    /// default category the choice would open with a refusal for each course.
    pub fn offers_original_first(&self) -> bool {
        self.original_category && (self.original_first || self.default_category.is_none())
    }
}

/// The settings that an administrator changes on the Manage page; the others need a deployment.
pub const ON_MANAGE: [&str; 12] = [
    "timelimitedmod",
    "limitstart",
    "limitend",
    "max_per_person_per_night",
    "max_per_night",
    "attempts",
    "defaultcategory",
    "restorecourseinoriginalcategory",
    "enrollbutton",
    "includeexternalurlinmail",
    "warningstoowner",
    "cache_minutes",
];

/// What a setting should have been.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// 0 or 1.
    Flag,
    /// A whole number from the first up to the second.
    Number(u32, u32),
    /// A time such as 20:00.
    Time,
    /// `https://…`, without a slash at the end.
    Address,
    /// A time zone such as Europe/Paris.
    Zone,
    /// At least 32 characters.
    Key,
}

/// A setting that is missing or wrong. It never holds the value: it may be a secret in the wrong place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SettingError {
    /// The setting's name.
    pub setting: &'static str,
    /// What it should have been.
    pub expected: Expected,
    /// There is no value at all.
    pub missing: bool,
}

impl SettingError {
    /// Its stable code.
    pub fn code(&self) -> ErrorCode {
        if self.missing { ErrorCode::ConfigMissing } else { ErrorCode::ConfigInvalid }
    }

    /// As people meet it.
    pub fn problem(&self, language: Language) -> Problem {
        Problem::new(self.code(), language, "", &self.detail(language))
    }

    /// Which setting it is and what it should be.
    pub fn detail(&self, language: Language) -> String {
        if self.missing {
            return self.setting.to_owned();
        }
        format!("{} {}", self.setting, self.expected.sentence(language))
    }
}

impl Expected {
    fn sentence(self, language: Language) -> String {
        let words = match self {
            Self::Flag => words::MUST_BE_FLAG,
            Self::Number(least, most) => {
                let values = [("least", &*least.to_string()), ("most", &*most.to_string())];
                return language.fill(words::MUST_BE_NUMBER, &values);
            }
            Self::Time => words::MUST_BE_TIME,
            Self::Address => words::MUST_BE_ADDRESS,
            Self::Zone => words::MUST_BE_ZONE,
            Self::Key => words::MUST_BE_KEY,
        };
        language.say(words).to_owned()
    }
}

impl Settings {
    /// Reads the settings; the error names every wrong one at once. An empty value counts as not set.
    pub fn read(
        get: impl Fn(&str) -> Option<String>,
        zone_exists: impl Fn(&str) -> bool,
    ) -> Result<Self, Vec<SettingError>> {
        let mut reader = Reader { get, errors: Vec::new(), values: Vec::new() };
        let r = &mut reader;
        let limited = r.flag("timelimitedmod", false);
        let start = r.time("limitstart", "20:00");
        let end = r.time("limitend", "06:00");
        let category = r.number("defaultcategory", 0, 0, u32::MAX);
        let settings = Self {
            client_wwwroot: r.required("client_wwwroot", Expected::Address, is_address),
            worker_origin: r.required("worker_origin", Expected::Address, is_address),
            timezone: r.text("timezone", "UTC", Expected::Zone, zone_exists),
            default_category: (category > 0).then_some(CategoryId(category.into())),
            original_category: r.flag("restorecourseinoriginalcategory", false),
            original_first: r.flag("defaultcategorychecked", true),
            userdata_remotes: r.addresses("userdata_remotes"),
            one_per_course: r.flag("onlyoneremoteinstance", true),
            enrol_button: r.flag("enrollbutton", false),
            remote_links_in_messages: r.flag("includeexternalurlinmail", false),
            warnings_to_owner: r.flag("warningstoowner", true),
            window: if limited { Window::between(start, end) } else { Window::Always },
            max_per_person: r.number("max_per_person_per_night", 0, 0, 10_000),
            max_per_night: r.number("max_per_night", 0, 0, 1_000_000),
            attempts: r.number("attempts", 8, 1, 50),
            retention_days: r.number("retention_days", 365, 1, 36_500),
            audit_retention_days: r.number("audit_retention_days", 365, 1, 36_500),
            cache_minutes: r.number("cache_minutes", 15, 0, 10_080),
            fresh_seconds: r.number("fresh_seconds", 60, 0, 3_600),
            rate_limits: r.flag("rate_limits", true),
            lease_seconds: r.number("lease_seconds", 120, 2, 900),
            backup_limit_seconds: r.number("backup_limit_seconds", 780, 1, 840),
            unknown_wait_seconds: r.number("unknown_wait_seconds", 600, 0, 86_400),
            retry_first_seconds: r.number("retry_first_seconds", 60, 0, 86_400),
            held_days: r.number("held_days", 14, 1, 365),
            settle_seconds: r.number("settle_seconds", 30, 0, 3_600),
            stay_seconds: r.number("stay_seconds", 50, 0, 600),
            values: Vec::new(),
        };
        let settings = Self { values: reader.values, ..settings };
        if reader.errors.is_empty() { Ok(settings) } else { Err(reader.errors) }
    }

    /// These settings with others over them. What is wrong, or may not be changed, falls back to what is here and is
    /// named: a slip on a page must not stop every restore.
    pub fn with_changes<'a>(
        &self,
        changes: impl IntoIterator<Item = (&'a str, &'a str)>,
        zone_exists: impl Fn(&str) -> bool,
    ) -> (Self, Vec<SettingError>) {
        let (mut settings, mut wrong) = (self.clone(), Vec::new());
        for (name, value) in changes.into_iter().filter(|(name, _)| ON_MANAGE.contains(name)) {
            let here = |asked: &str| settings.value(asked).map(str::to_owned);
            let tried = |asked: &str| if asked == name { Some(value.to_owned()) } else { here(asked) };
            match Self::read(tried, &zone_exists) {
                Ok(good) => settings = good,
                Err(errors) => wrong.extend(errors),
            }
        }
        (settings, wrong)
    }

    /// A setting's text, as it is in force.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.values.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }
}

struct Reader<G> {
    get: G,
    errors: Vec<SettingError>,
    values: Vec<(&'static str, String)>,
}

impl<G: Fn(&str) -> Option<String>> Reader<G> {
    fn value(&self, setting: &str) -> Option<String> {
        (self.get)(setting).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    fn wrong(&mut self, setting: &'static str, expected: Expected, missing: bool) {
        self.errors.push(SettingError { setting, expected, missing });
    }

    fn text(
        &mut self,
        setting: &'static str,
        default: &str,
        expected: Expected,
        good: impl Fn(&str) -> bool,
    ) -> String {
        let value = self.value(setting).unwrap_or_else(|| default.to_owned());
        if !good(&value) {
            self.wrong(setting, expected, false);
        }
        self.values.push((setting, value.clone()));
        value
    }

    fn required(&mut self, setting: &'static str, expected: Expected, good: impl Fn(&str) -> bool) -> String {
        if self.value(setting).is_none() {
            self.wrong(setting, expected, true);
            return String::new();
        }
        self.text(setting, "", expected, good)
    }

    fn addresses(&mut self, setting: &'static str) -> Vec<String> {
        let split = |list: &str| -> Vec<String> {
            list.split(',').map(|one| one.trim().to_owned()).filter(|one| !one.is_empty()).collect()
        };
        let list = self.text(setting, "", Expected::Address, |list| split(list).iter().all(|one| is_address(one)));
        split(&list)
    }

    fn flag(&mut self, setting: &'static str, default: bool) -> bool {
        let number = |value: &str| matches!(value, "0" | "1");
        self.text(setting, if default { "1" } else { "0" }, Expected::Flag, number) == "1"
    }

    fn number(&mut self, setting: &'static str, default: u32, least: u32, most: u32) -> u32 {
        let parsed = self.value(setting).map_or(Some(default), |value| value.parse().ok());
        let good = parsed.filter(|number| (least..=most).contains(number));
        if good.is_none() {
            self.wrong(setting, Expected::Number(least, most), false);
        }
        let number = good.unwrap_or(default);
        self.values.push((setting, number.to_string()));
        number
    }

    fn time(&mut self, setting: &'static str, default: &str) -> TimeOfDay {
        let value = self.value(setting).unwrap_or_else(|| default.to_owned());
        self.values.push((setting, value.clone()));
        value.parse().unwrap_or_else(|()| {
            self.wrong(setting, Expected::Time, false);
            TimeOfDay::default()
        })
    }
}

fn is_address(value: &str) -> bool {
    let loopback = ["http://localhost", "http://127.0.0.1", "http://[::1]"]
        .iter()
        .filter_map(|start| value.strip_prefix(start))
        .any(|rest| rest.is_empty() || rest.starts_with([':', '/']));
    let https = value.strip_prefix("https://").is_some_and(|rest| !rest.is_empty());
    (https || loopback) && !value.ends_with('/') && !value.contains(['?', '#', '@', ' ', '\\'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(values: &[(&str, &str)]) -> Result<Settings, Vec<SettingError>> {
        let good = [("client_wwwroot", "https://moodle.example.org"), ("worker_origin", "http://127.0.0.1:8787")];
        let find = |name: &str| values.iter().chain(&good).find(|(key, _)| *key == name).map(|(_, v)| (*v).to_owned());
        Settings::read(find, |zone| zone != "Europe/Atlantis")
    }

    #[test]
    fn without_a_default_category_the_original_one_is_offered_first() {
        let offers = |values: &[(&str, &str)]| {
            read(&[values, &[("defaultcategorychecked", "0")]].concat()).unwrap().offers_original_first()
        };
        assert!(offers(&[("restorecourseinoriginalcategory", "1"), ("defaultcategory", "0")]));
        assert!(!offers(&[("restorecourseinoriginalcategory", "1"), ("defaultcategory", "9")]));
        assert!(!offers(&[("restorecourseinoriginalcategory", "0"), ("defaultcategory", "0")]));
    }

    #[test]
    fn only_the_two_addresses_must_be_set() {
        let settings = read(&[]).unwrap();
        assert_eq!(settings.window, Window::Always);
        assert!(settings.one_per_course);
        assert_eq!(settings.attempts, 8);
        let missing = Settings::read(|_| None, |_| true).unwrap_err();
        assert_eq!(missing.iter().map(|e| e.setting).collect::<Vec<_>>(), ["client_wwwroot", "worker_origin"]);
        assert!(missing.iter().all(|e| e.code() == ErrorCode::ConfigMissing));
    }

    #[test]
    fn every_wrong_setting_is_named_at_once_with_what_it_should_be_and_never_with_its_value() {
        let wrong = [
            ("client_wwwroot", "http://moodle.example.org"),
            ("worker_origin", "https://worker.example.org/"),
            ("timezone", "Europe/Atlantis"),
            ("defaultcategory", "Physics"),
            ("onlyoneremoteinstance", "yes"),
            ("limitstart", "24:00"),
            ("limitend", "6h"),
            ("attempts", "900"),
            ("userdata_remotes", "https://sciences.example.org, lettres.example.org"),
        ];
        let errors = read(&wrong).unwrap_err();
        assert_eq!(errors.len(), wrong.len());
        for (setting, value) in wrong {
            let error = errors.iter().find(|e| e.setting == setting).unwrap();
            for language in [Language::English, Language::French] {
                let message = error.problem(language).message;
                assert!(message.contains(setting) && !message.contains(value), "{message}");
            }
        }
    }

    #[test]
    fn a_wrong_time_says_what_a_time_looks_like() {
        let error = read(&[("limitstart", "25:00")]).unwrap_err().remove(0);
        assert_eq!(error.problem(Language::English).message, "The setting limitstart must be a time such as 20:00.");
        assert_eq!(error.problem(Language::French).message, "Le réglage limitstart doit être une heure comme 20:00.");
    }

    #[test]
    fn the_window_holds_only_when_it_is_switched_on() {
        let off = read(&[("limitstart", "20:00")]).unwrap();
        assert_eq!(off.window, Window::Always);
        let on = read(&[("timelimitedmod", "1"), ("limitstart", "1:00"), ("limitend", "05:00")]).unwrap();
        assert_eq!(on.window, Window::between("01:00".parse().unwrap(), "05:00".parse().unwrap()));
    }

    #[test]
    fn a_setting_changed_on_the_page_counts_and_a_wrong_one_falls_back_and_is_named() {
        let shipped = read(&[("attempts", "5"), ("limitstart", "20:00")]).unwrap();
        let changes = [
            ("timelimitedmod", "1"),
            ("limitstart", "21:30"),
            ("limitend", "25:00"),
            ("attempts", ""),
            ("worker_origin", "https://elsewhere.example"),
            ("nonsense", "1"),
        ];
        let (settings, wrong) = shipped.with_changes(changes, |_| true);
        assert_eq!(settings.window, Window::between("21:30".parse().unwrap(), "06:00".parse().unwrap()));
        assert_eq!(settings.worker_origin, shipped.worker_origin, "an address needs a deployment");
        assert_eq!(wrong.iter().map(|error| error.setting).collect::<Vec<_>>(), ["limitend"]);
        assert_eq!((settings.value("limitend"), shipped.value("limitstart")), (Some("06:00"), Some("20:00")));
    }
}
