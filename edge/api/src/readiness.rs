//! Whether restores can work: what was looked at, how it is, and what a person can do. The codes are stable, for
//! monitors; each has the sentence that stands where no values may be told, and its remedy, in both languages.

use crate::{ErrorCode, Language, Problem, UnixTime, coded::coded};
use serde::{Deserialize, Serialize};

/// How something that was looked at is; the worst is the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckState {
    /// As it should be.
    Ok,
    /// Somebody should look at it.
    ToCheck,
    /// It keeps restores from working.
    Broken,
}

coded! {
    /// What is looked at. The sentence says what is wrong, without names and values.
    CheckCode
    WorkerConfiguration "worker.configuration" "A setting or secret of the Worker is missing or wrong." "Un réglage ou un secret du Worker manque ou est faux." "Mend it in edge/site.toml and run `cargo xtask deploy`; a secret with `cargo xtask wrangler secret put NAME`." "Corrigez-le dans edge/site.toml et lancez `cargo xtask deploy`\u{a0}; un secret avec `cargo xtask wrangler secret put NOM`.";
    WorkerPreviousKey "worker.previous_key" "A previous key is still accepted beside the new one." "Une clé précédente est encore acceptée à côté de la nouvelle." "An hour after a key was changed delete the previous one: `cargo xtask wrangler secret delete LAUNCH_KEY_PREVIOUS`, likewise SESSION_KEY_PREVIOUS and SERVICE_KEY_PREVIOUS. If the key was stolen, delete it at once." "Une heure après le changement d'une clé, supprimez la précédente\u{a0}: `cargo xtask wrangler secret delete LAUNCH_KEY_PREVIOUS`, de même SESSION_KEY_PREVIOUS et SERVICE_KEY_PREVIOUS. Si la clé a été volée, supprimez-la aussitôt.";
    WorkerDatabase "worker.database" "The Worker's database lacks a migration." "Il manque une migration à la base de données du Worker." "Run `cargo xtask deploy`." "Lancez `cargo xtask deploy`.";
    WorkerCron "worker.cron" "The Worker's own cron does not tick every minute." "Le cron du Worker ne se déclenche pas chaque minute." "Look at the Worker's cron trigger and its log: Cloudflare dashboard ▸ Workers ▸ courseferry ▸ Settings ▸ Triggers, and `cargo xtask wrangler tail`." "Regardez le déclencheur cron du Worker et son journal\u{a0}: tableau de bord Cloudflare ▸ Workers ▸ courseferry ▸ Settings ▸ Triggers, et `cargo xtask wrangler tail`.";
    WorkerRows "worker.rows" "A restore cannot be carried on: a step fails for it again and again." "Une restauration n'avance plus\u{a0}: une étape échoue pour elle chaque fois." "Look at Manage ▸ Needs you and at the Worker's log (`cargo xtask wrangler tail`); the other restores go on." "Voyez Gérer ▸ À votre attention et le journal du Worker (`cargo xtask wrangler tail`)\u{a0}; les autres restaurations continuent.";
    WorkerOverdue "worker.overdue" "A restore has been under way for hours and does not end." "Une restauration dure depuis des heures et ne se termine pas." "Look at Moodle's cron and at its ad hoc tasks (Site administration ▸ Server ▸ Tasks), then at docs/runbook.md, \"A restore hangs\"." "Voyez le cron de Moodle et ses tâches ad hoc (Administration du site ▸ Serveur ▸ Tâches), puis docs/runbook.md, «\u{a0}A restore hangs\u{a0}».";
    ClientAnswers "client.answers" "The Worker cannot work with your Moodle." "Le Worker ne peut pas travailler avec votre Moodle." "Open the block's settings in Moodle and press Test connection: Site administration ▸ Plugins ▸ Blocks ▸ Courseferry." "Ouvrez les réglages du bloc dans Moodle et testez la connexion\u{a0}: Administration du site ▸ Plugins ▸ Blocs ▸ Courseferry.";
    MoodleCompanion "moodle.companion" "The block in your Moodle is too old to tell how ready it is." "Le bloc de votre Moodle est trop ancien pour dire s'il est prêt." "Install this version of the block and run `php admin/cli/upgrade.php`; if it is installed, run `php blocks/courseferry/cli/install.php` again." "Installez cette version du bloc et lancez `php admin/cli/upgrade.php`\u{a0}; si elle est installée, relancez `php blocks/courseferry/cli/install.php`.";
    MoodleClock "moodle.clock" "The clocks of your Moodle and of the Worker differ." "Les horloges de votre Moodle et du Worker diffèrent." "Set the clock of Moodle's server by NTP (`timedatectl`)." "Réglez l'horloge du serveur de Moodle par NTP (`timedatectl`).";
    MoodleCron "moodle.cron" "Moodle's cron does not run every minute." "Le cron de Moodle ne tourne pas chaque minute." "On Moodle's server have `php admin/cli/cron.php` run every minute (crontab); see Site administration ▸ Server ▸ Tasks ▸ Scheduled tasks." "Sur le serveur de Moodle, faites lancer `php admin/cli/cron.php` chaque minute (crontab)\u{a0}; voyez Administration du site ▸ Serveur ▸ Tâches ▸ Tâches programmées.";
    MoodleTask "moodle.task" "The block's scheduled task does not run." "La tâche programmée du bloc ne tourne pas." "Switch \"Look after restores whose process died\" on, every minute: Site administration ▸ Server ▸ Tasks ▸ Scheduled tasks; its errors are under Task logs." "Activez «\u{a0}Veiller sur les restaurations dont le processus est mort\u{a0}», chaque minute\u{a0}: Administration du site ▸ Serveur ▸ Tâches ▸ Tâches programmées\u{a0}; ses erreurs sont dans les journaux des tâches.";
    MoodleQueue "moodle.queue" "Restores wait in Moodle's queue and do not begin." "Des restaurations attendent dans la file de Moodle et ne commencent pas." "Look at Site administration ▸ Server ▸ Tasks ▸ Ad hoc tasks; run more of them at once under Task processing." "Voyez Administration du site ▸ Serveur ▸ Tâches ▸ Tâches ad hoc\u{a0}; augmentez leur nombre simultané dans Traitement des tâches.";
    MoodleWidgetSeen "moodle.widget_seen" "No teacher sees the widget." "Aucun enseignant ne voit le widget." "Give teachers a role with `block/courseferry:view`: `php blocks/courseferry/cli/install.php --role` makes one; assign it in categories (category ▸ More ▸ Permissions ▸ Assign roles)." "Donnez aux enseignants un rôle avec `block/courseferry:view`\u{a0}: `php blocks/courseferry/cli/install.php --role` en crée un\u{a0}; attribuez-le dans les catégories (catégorie ▸ Plus ▸ Permissions ▸ Attribuer des rôles).";
    MoodleMayRestore "moodle.may_restore" "No teacher may restore into any category." "Aucun enseignant ne peut restaurer dans une catégorie." "Assign a role with `moodle/course:create` and `moodle/restore:restorecourse` in categories: `php blocks/courseferry/cli/install.php --role` makes one (category ▸ More ▸ Permissions ▸ Assign roles)." "Attribuez dans des catégories un rôle avec `moodle/course:create` et `moodle/restore:restorecourse`\u{a0}: `php blocks/courseferry/cli/install.php --role` en crée un (catégorie ▸ Plus ▸ Permissions ▸ Attribuer des rôles).";
    MoodleDashboard "moodle.dashboard" "The block does not stand on the default dashboard." "Le bloc n'est pas sur le tableau de bord par défaut." "Site administration ▸ Appearance ▸ Default Dashboard page: edit mode on, Add a block ▸ Courseferry, then Reset Dashboard for all users." "Administration du site ▸ Présentation ▸ Tableau de bord par défaut\u{a0}: mode édition, Ajouter un bloc ▸ Courseferry, puis réinitialiser le tableau de bord de tous.";
    MoodleOriginal "moodle.original_block" "The original block is still running here: both share the one backup slot per user." "Le bloc d'origine tourne encore ici\u{a0}: les deux partagent l'unique sauvegarde par utilisateur." "Run `php blocks/courseferry/cli/migrate.php`, or switch its task off: Site administration ▸ Server ▸ Tasks ▸ Scheduled tasks." "Lancez `php blocks/courseferry/cli/migrate.php`, ou désactivez sa tâche\u{a0}: Administration du site ▸ Serveur ▸ Tâches ▸ Tâches programmées.";
    MoodleSpace "moodle.free_space" "Moodle has little temporary space." "Moodle a peu d'espace temporaire." "Free space in `$CFG->tempdir` and `$CFG->dataroot`: a restore needs about three times the backup's size." "Libérez de la place dans `$CFG->tempdir` et `$CFG->dataroot`\u{a0}: une restauration demande environ trois fois la taille de la sauvegarde.";
    MoodleCategory "moodle.default_category" "The default category does not exist." "La catégorie par défaut n'existe pas." "Write an existing category's id into `defaultcategory` in edge/site.toml and run `cargo xtask deploy`." "Écrivez l'identifiant d'une catégorie existante dans `defaultcategory` de edge/site.toml et lancez `cargo xtask deploy`.";
    MoodleIdentifiers "moodle.identifiers" "No category can be recognised by its identifier." "Aucune catégorie n'est reconnaissable à son identifiant." "See the three settings of the category table: Site administration ▸ Plugins ▸ Blocks ▸ Courseferry; by default a category's ID number counts." "Voyez les trois réglages de la table des catégories\u{a0}: Administration du site ▸ Plugins ▸ Blocs ▸ Courseferry\u{a0}; par défaut c'est le numéro d'identification de la catégorie.";
    MoodleEnrolment "moodle.enrolment" "People cannot be enrolled in restored courses as the settings say." "Les personnes ne peuvent pas être inscrites aux cours restaurés comme le disent les réglages." "Switch manual enrolment on (Site administration ▸ Plugins ▸ Enrolments) and choose a role in the block's settings." "Activez l'inscription manuelle (Administration du site ▸ Plugins ▸ Inscriptions) et choisissez un rôle dans les réglages du bloc.";
    MoodleLeftovers "moodle.leftovers" "Courses that Courseferry is to remove cannot be deleted." "Des cours que Courseferry doit retirer ne peuvent pas être supprimés." "Delete them by hand, and look at the log of the block's tasks: Site administration ▸ Server ▸ Tasks ▸ Task logs." "Supprimez-les à la main et voyez le journal des tâches du bloc\u{a0}: Administration du site ▸ Serveur ▸ Tâches ▸ Journaux des tâches.";
    RemoteAnswers "remote.answers" "A remote has not been asked yet, or does not answer as it should." "Un Moodle distant n'a pas encore été interrogé, ou ne répond pas comme il le devrait." "Restore one of its courses as a test, and look at Manage ▸ Moodles." "Restaurez un de ses cours à titre d'essai et voyez Gérer ▸ Moodle reliés.";
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// What: the text of a [`CheckCode`]; a newer Worker may look at more.
    pub code: String,
    /// How it is.
    pub state: CheckState,
    /// The error behind it, if there is one.
    pub error: Option<ErrorCode>,
    /// One sentence, in the reader's language.
    pub message: String,
    /// What they can do; empty if all is well.
    pub advice: String,
}

impl Check {
    /// It is in this state, which `message` says; the remedy is the code's own.
    pub fn new(code: CheckCode, state: CheckState, language: Language, message: impl Into<String>) -> Self {
        let advice = if state == CheckState::Ok { "" } else { code.advice(language) };
        Self { code: code.to_string(), state, error: None, message: message.into(), advice: advice.to_owned() }
    }

    /// An error that happened.
    pub fn failed(code: CheckCode, state: CheckState, language: Language, problem: &Problem) -> Self {
        let advice = if problem.advice.is_empty() { code.advice(language) } else { &problem.advice };
        Self {
            code: code.to_string(),
            state,
            error: Some(problem.code),
            message: problem.message.clone(),
            advice: advice.to_owned(),
        }
    }

    /// What a monitor is told: the error's code, or its own.
    pub fn finding(&self) -> &str {
        self.error.map_or(self.code.as_str(), |error| error.as_str())
    }
}

/// `GET /api/manage/readiness`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Readiness {
    /// When the client Moodle was asked.
    pub as_of: UnixTime,
    /// All that was looked at.
    pub checks: Vec<Check>,
    /// What sets Courseferry up, in order; none once that is done.
    #[serde(default)]
    pub steps: Vec<Step>,
}

/// One of the steps that set Courseferry up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What is to be done.
    pub title: String,
    /// It is done, as far as was just looked at.
    pub done: bool,
    /// What is in the way, each in a sentence with its remedy; none where only the step itself is to be done.
    pub reasons: Vec<String>,
    /// How it is done.
    pub advice: String,
    /// The command that does it; empty where there is none.
    pub command: String,
}

/// `GET /health`: for monitors and `cargo xtask doctor`. Codes only, no names and no values.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// Nothing is broken.
    pub ok: bool,
    /// What is broken: codes of errors and checks, each once.
    pub broken: Vec<String>,
    /// What somebody should look at.
    pub to_check: Vec<String>,
}

impl Health {
    /// The health that such checks tell.
    pub fn of(checks: &[Check]) -> Self {
        let in_state = |state| checks.iter().filter(move |check| check.state == state).map(Check::finding);
        Self::new(in_state(CheckState::Broken), in_state(CheckState::ToCheck))
    }

    /// These errors keep everything from working.
    pub fn broken(errors: Vec<ErrorCode>) -> Self {
        Self::new(errors.into_iter().map(ErrorCode::as_str), [])
    }

    fn new<'a>(broken: impl IntoIterator<Item = &'a str>, to_check: impl IntoIterator<Item = &'a str>) -> Self {
        let (broken, to_check) = (each_once(broken), each_once(to_check));
        Self { ok: broken.is_empty(), broken, to_check }
    }
}

fn each_once<'a>(codes: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut seen = Vec::<String>::new();
    for code in codes {
        if !seen.iter().any(|known| known == code) {
            seen.push(code.to_owned());
        }
    }
    seen
}

/// What a code of [`Health`] means and what to do, for whoever has nothing but the code.
pub fn meaning(code: &str, language: Language) -> Option<(&'static str, &'static str)> {
    let check = || code.parse().ok().map(|code: CheckCode| (code.sentence(language), code.advice(language)));
    let error = || code.parse().ok().map(|code: ErrorCode| (code.sentence(language), code.advice(language)));
    check().or_else(error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_check_has_its_own_code_that_is_no_errors_and_says_what_to_do_in_both_languages() {
        let mut seen = HashSet::new();
        for code in CheckCode::ALL {
            assert!(seen.insert(code.as_str()), "{code} twice");
            assert_eq!(code.as_str().parse(), Ok(*code));
            assert_eq!(code.as_str().parse::<ErrorCode>(), Err(()));
            for text in [CheckCode::sentence, CheckCode::advice] {
                let (english, french) = (text(*code, Language::English), text(*code, Language::French));
                assert!(!english.is_empty() && english != french, "{code}");
                assert_eq!(crate::words::breaking(french), None, "{french}");
            }
        }
    }

    #[test]
    fn health_names_each_problem_once_by_its_code_and_nothing_else() {
        let problem = Problem::new(ErrorCode::RemoteBadToken, Language::English, "Moodle Sciences", "");
        let bad = Check::failed(CheckCode::RemoteAnswers, CheckState::Broken, Language::English, &problem);
        let late = Check::new(CheckCode::MoodleCron, CheckState::ToCheck, Language::English, "3 min ago");
        let fine = Check::new(CheckCode::WorkerCron, CheckState::Ok, Language::English, "just now");
        let health = Health::of(&[bad.clone(), late, fine.clone(), bad]);
        assert_eq!((health.ok, health.broken), (false, vec!["remote.bad_token".to_owned()]));
        assert_eq!(health.to_check, ["moodle.cron"]);
        assert!(Health::of(&[fine]).ok);
    }

    #[test]
    fn a_code_alone_still_says_what_to_do() {
        let (sentence, advice) = meaning("moodle.original_block", Language::English).unwrap();
        assert!(sentence.contains("share the one backup slot") && advice.contains("cli/migrate.php"));
        assert!(meaning("client.bad_token", Language::French).unwrap().1.contains("CLIENT_TOKEN"));
        assert_eq!(meaning("moodle.invented", Language::English), None);
    }
}
