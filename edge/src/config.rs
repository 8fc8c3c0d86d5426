//! What an administrator set: settings and secrets, parsed once in the life of an instance. Wrong ones are named,
//! never shown; nothing is done with guessed values.

use crate::{
    adapters::runtime::zone_exists,
    http::error::{ApiError, ApiResult},
};
use courseferry_access::token::{Key, Keys};
use courseferry_api::{CourseId, ErrorCode, Language, Problem, RemoteId};
use courseferry_ferry::{Expected, SettingError, Settings};
use courseferry_moodle::{
    Companion, OWN_SECRET, Remote, Secret, SiteUrl, WrongSecret, parse_external_moodles, with_own_secrets,
};
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::JsCast;
use worker::{Env, js_sys::Object};

/// What an administrator set.
#[derive(Debug)]
pub struct Config {
    pub settings: Settings,
    pub companion: Companion,
    /// The remotes, in their order; none while their list is wrong.
    pub remotes: Vec<Remote>,
    /// For launch tokens.
    pub launch: Keys,
    /// For sessions.
    pub session: Keys,
    /// For the companion's own calls; none while the key is wrong.
    pub service: Option<Keys>,
    /// The previous keys that are still set. They are meant for an hour only: a stolen key stays good as long as it is set.
    pub previous: Vec<&'static str>,
    /// Problems that do not keep people from working.
    flaws: Vec<Flaw>,
}

/// The secrets of previous keys, which are accepted while keys are changed.
const PREVIOUS: [&str; 3] = ["LAUNCH_KEY_PREVIOUS", "SESSION_KEY_PREVIOUS", "SERVICE_KEY_PREVIOUS"];

/// What `cargo xtask deploy` fills a secret with that nobody has set: of remotes it means that there are none yet.
const UNSET: &str = "to be set";

/// What is wrong with one setting.
#[derive(Debug, Clone)]
enum Flaw {
    Setting(SettingError),
    /// One entry of `EXTERNAL_MOODLES`, or an own secret of a remote that the list lacks: nobody knows which remotes
    /// there are.
    Remotes(String),
    /// An own secret of a remote that the list has too: the list's entry is used.
    OwnSecret(String),
}

impl Flaw {
    fn problem(&self, language: Language) -> Problem {
        match self {
            Self::Setting(error) => error.problem(language),
            Self::Remotes(mistake) | Self::OwnSecret(mistake) => {
                Problem::new(ErrorCode::ConfigInvalid, language, "", mistake)
            }
        }
    }
}

thread_local! {
    static READ: RefCell<Option<ApiResult<Rc<Config>>>> = const { RefCell::new(None) };
}

impl Config {
    /// The configuration, or what is wrong with it. A new deployment is a new instance, so it is read once.
    pub fn of(env: &Env) -> ApiResult<Rc<Self>> {
        let read = || Self::read(variables(env), own_secrets(env)).map(Rc::new).map_err(|errors| error(&errors));
        READ.with_borrow_mut(|config| config.get_or_insert_with(read).clone())
    }

    /// What keeps the Worker from doing anything at all.
    pub fn mistakes(env: &Env) -> Vec<SettingError> {
        Self::read(variables(env), own_secrets(env)).err().unwrap_or_default()
    }

    /// The remote with this id. While the list is wrong nobody knows which remotes there are.
    pub fn remote(&self, id: &RemoteId) -> ApiResult<&Remote> {
        self.require_remotes()?;
        let remote = self.remotes.iter().find(|remote| remote.id() == id);
        remote.ok_or_else(|| ErrorCode::RemoteUnconfigured.into())
    }

    /// Whether this original is among those that may be asked for students' data.
    pub fn may_be_asked_for_people(&self, remote: &RemoteId) -> bool {
        let mut named = self.settings.userdata_remotes.iter().filter_map(|address| address.parse::<SiteUrl>().ok());
        named.any(|url| url.id() == remote)
    }

    /// Refuses to go on without knowing which remotes there are: what waits must not fail because of a slip.
    pub fn require_remotes(&self) -> ApiResult<()> {
        let wrong = self.flaws.iter().find(|flaw| matches!(flaw, Flaw::Remotes(_)));
        wrong.map_or(Ok(()), |flaw| {
            Err(ApiError::with(ErrorCode::ConfigInvalid, flaw.problem(Language::English).detail))
        })
    }

    /// An address of the client Moodle, `path` beginning with a slash.
    pub fn at_client(&self, path: &str) -> String {
        self.companion.url.join(path)
    }

    /// The address of a course on the client.
    pub fn course_link(&self, course: CourseId) -> String {
        self.at_client(&format!("/course/view.php?id={course}"))
    }

    /// A remote's address; without a remote the client's, and nothing of a remote that is not connected any more.
    pub fn address(&self, remote: Option<&RemoteId>) -> String {
        let Some(id) = remote else { return self.companion.url.to_string() };
        let remote = self.remotes.iter().find(|remote| remote.id() == id);
        remote.map(|remote| remote.url.to_string()).unwrap_or_default()
    }

    /// Problems that do not keep people from working.
    pub fn problems(&self, language: Language) -> Vec<Problem> {
        self.flaws.iter().map(|flaw| flaw.problem(language)).collect()
    }

    fn read(
        get: impl Fn(&str) -> Option<String>,
        own_secrets: Vec<(String, String)>,
    ) -> Result<Self, Vec<SettingError>> {
        let mut errors = Vec::new();
        let mut note = |error: SettingError| errors.push(error);
        let settings = Settings::read(&get, zone_exists);
        let settings = settings.map_err(|wrong| wrong.into_iter().for_each(&mut note)).ok();
        let launch = keys(&get, "LAUNCH_KEY", "LAUNCH_KEY_PREVIOUS").map_err(&mut note).ok();
        let session = keys(&get, "SESSION_KEY", "SESSION_KEY_PREVIOUS").map_err(&mut note).ok();
        let missing = SettingError { setting: "CLIENT_TOKEN", expected: Expected::Key, missing: true };
        let token = get("CLIENT_TOKEN").map(|token| token.trim().to_owned()).filter(|token| !token.is_empty());
        let token = token.ok_or(missing).map_err(&mut note).ok();
        let url = settings.as_ref().and_then(|settings| settings.client_wwwroot.parse::<SiteUrl>().ok());
        let (Some(settings), Some(launch), Some(session), Some(token), Some(url)) =
            (settings, launch, session, token, url)
        else {
            return Err(errors);
        };

        let mut flaws = Vec::new();
        let service = keys(&get, "SERVICE_KEY", "SERVICE_KEY_PREVIOUS");
        let service = service.map_err(|error| flaws.push(Flaw::Setting(error))).ok();
        let list = get("EXTERNAL_MOODLES").filter(|list| list != UNSET).unwrap_or_default();
        let remotes = parse_external_moodles(&list);
        let remotes = remotes.map_err(|error| flaws.push(Flaw::Remotes(format!("EXTERNAL_MOODLES: {error}."))));
        let (remotes, wrong) = with_own_secrets(remotes.unwrap_or_default(), own_secrets);
        flaws.extend(wrong.into_iter().map(|WrongSecret { name, mistake, in_list }| {
            let mistake = format!("{name}: {mistake}.");
            if in_list { Flaw::OwnSecret(mistake) } else { Flaw::Remotes(mistake) }
        }));
        let companion = Companion { url, token: Secret::new(token) };
        let set = |name: &&str| get(name).is_some_and(|key| !key.is_empty());
        let previous = PREVIOUS.into_iter().filter(set).collect();
        Ok(Self { settings, companion, remotes, launch, session, service, previous, flaws })
    }
}

fn variables(env: &Env) -> impl Fn(&str) -> Option<String> + '_ {
    |name| env.var(name).ok().map(|value| value.to_string())
}

/// The secrets of one remote's own, by name and value.
fn own_secrets(env: &Env) -> Vec<(String, String)> {
    let names =
        Object::keys(env.unchecked_ref::<Object>()).iter().filter_map(|name| name.as_string()).collect::<Vec<_>>();
    let own = names.into_iter().filter(|name| name.to_ascii_uppercase().starts_with(OWN_SECRET));
    own.filter_map(|name| Some((name.clone(), env.var(&name).ok()?.to_string()))).collect()
}

fn keys(
    get: impl Fn(&str) -> Option<String>,
    current: &'static str,
    previous: &'static str,
) -> Result<Keys, SettingError> {
    let key = |name: &'static str| {
        let value = get(name).unwrap_or_default();
        let missing = value.is_empty();
        Key::new(Secret::new(value)).ok_or(SettingError { setting: name, expected: Expected::Key, missing })
    };
    let old = match key(previous) {
        Err(SettingError { missing: true, .. }) => None,
        old => Some(old?),
    };
    Ok(Keys { current: key(current)?, previous: old })
}

/// All that is wrong, in one sentence: whoever mends it wants the whole list.
fn error(errors: &[SettingError]) -> ApiError {
    let code = errors.first().map_or(ErrorCode::Internal, SettingError::code);
    let details: Vec<String> = errors.iter().map(|error| error.problem(Language::English).detail).collect();
    ApiError::with(code, details.join(" "))
}
