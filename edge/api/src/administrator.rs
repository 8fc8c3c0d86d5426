//! The words for administrators, where they differ from those for the owner of a restore: errors name "them" instead of
//! "you", and the command that mends what only an administrator can. And the audit's actions in words.

use crate::{
    ErrorCode, Language, Problem,
    words::{self, Words, fill},
};

impl Problem {
    /// The problem as an administrator reads it. `remote` and `address` are the remote's name and address.
    pub fn for_administrator(
        code: ErrorCode,
        language: Language,
        remote: &str,
        address: &str,
        detail: &str,
        ended: bool,
    ) -> Self {
        let for_owner = if ended { Self::ended } else { Self::new };
        let mut problem = for_owner(code, language, remote, detail);
        let fill = |text: &str| {
            let text = fill(text, &[("address", address), ("remote", remote), ("detail", detail)]);
            text.trim_end().to_owned()
        };
        if let Some(words) = sentence(code) {
            problem.message = fill(language.say(words));
        }
        if let Some(words) = advice(code) {
            problem.advice = fill(language.say(words));
        }
        problem
    }
}

/// The sentence, where the owner's speaks to the owner.
fn sentence(code: ErrorCode) -> Option<Words> {
    use ErrorCode as E;
    let (english, french) = match code {
        E::RemoteUnknownUser => ("They have no account on {remote}.", "Cette personne n'a pas de compte sur {remote}."),
        E::RemoteNotOwner => {
            ("They no longer teach this course on {remote}.", "Cette personne n'enseigne plus ce cours sur {remote}.")
        }
        E::RemoteNoBackupRight => (
            "They may not back up this course on {remote}.",
            "Cette personne n'a pas le droit de sauvegarder ce cours sur {remote}.",
        ),
        E::RemoteAccountNotLent => (
            "{remote} lends no courses to their account there.",
            "{remote} ne prête pas de cours au compte de cette personne.",
        ),
        E::RemoteUsersNotLent => (
            "{remote} does not lend them the students' data of this course.",
            "{remote} ne prête pas à cette personne les données des étudiants de ce cours.",
        ),
        E::RemoteInvalidList => (
            "{remote} cannot list their courses: the name of one of them contains markup.",
            "{remote} ne peut pas lister les cours de cette personne\u{a0}: le nom de l'un d'eux contient du balisage.",
        ),
        E::RemoteHeld => (
            "{remote} is unavailable because of a settings problem.",
            "{remote} est indisponible à cause d'un problème de réglage.",
        ),
        E::RestoreUnknownCourse => {
            ("They do not teach this course on {remote}.", "Cette personne n'enseigne pas ce cours sur {remote}.")
        }
        E::RestoreNotEnrollable => (
            "They cannot be enrolled in this course. {detail}",
            "Cette personne ne peut pas être inscrite à ce cours. {detail}",
        ),
        E::RestoreLimitPerson => (
            "They have reached the number of restores for one night ({detail}).",
            "Cette personne a atteint le nombre de restaurations pour une nuit ({detail}).",
        ),
        E::AccessCategory => (
            "They may not restore into this category. {detail}",
            "Cette personne ne peut pas restaurer dans cette catégorie. {detail}",
        ),
        E::AccessNowhere => (
            "They may not restore into any category here.",
            "Cette personne ne peut restaurer dans aucune catégorie d'ici.",
        ),
        E::AccessDenied => ("This is not open to them. {detail}", "Ceci n'est pas ouvert à cette personne. {detail}"),
        E::UserRenamed => (
            "Their user name has changed since this was scheduled, so the other Moodle may know them by another one.",
            "Son nom d'utilisateur a changé depuis la demande\u{a0}: l'autre Moodle connaît peut-être cette personne sous un autre.",
        ),
        _ => return None,
    };
    Some(Words::new(english, french))
}

/// What to do, where an administrator can do more than the owner, or has a command for it.
fn advice(code: ErrorCode) -> Option<Words> {
    use ErrorCode as E;
    let (english, french) = match code {
        E::RemoteBadToken => (
            "Create a token on {remote}, then run `cargo xtask secret remote {address}`.",
            "Créez un jeton sur {remote}, puis lancez `cargo xtask secret remote {address}`.",
        ),
        E::RemoteAccessRefused => (
            "Check on {remote}, in this order: the user is authorised for the service, the service is enabled, its \
             functions are listed, the role has webservice/rest:use, the token has no IP restriction and has not expired. \
             If it needs another token, run `cargo xtask secret remote {address}`.",
            "Vérifiez sur {remote}, dans cet ordre\u{a0}: l'utilisateur est autorisé pour le service, le service est activé, \
             ses fonctions sont listées, le rôle a webservice/rest:use, le jeton n'a ni restriction d'IP ni date passée. \
             S'il faut un autre jeton, lancez `cargo xtask secret remote {address}`.",
        ),
        E::RemoteWrongAddress | E::RemoteNoMoodle => (
            "Run `cargo xtask secret remote ADDRESS` with its exact address, and take {address} out of EXTERNAL_MOODLES.",
            "Lancez `cargo xtask secret remote ADRESSE` avec son adresse exacte et retirez {address} de EXTERNAL_MOODLES.",
        ),
        E::RemoteUnknownUser => (
            "Give them an account with the same user name there.",
            "Donnez-lui là-bas un compte avec le même nom d'utilisateur.",
        ),
        E::RemoteNotOwner => (
            "If they should have it, enrol them there as a teacher, then try again.",
            "Si le cours doit leur revenir, inscrivez cette personne là-bas comme enseignant, puis réessayez.",
        ),
        E::RemoteNoBackupRight => (
            "Give their role moodle/backup:backupcourse in that course, then try again.",
            "Donnez à son rôle moodle/backup:backupcourse dans ce cours, puis réessayez.",
        ),
        E::AccessCategory | E::AccessNowhere | E::ClientNoCapability => (
            "Change the category, or give them a role with moodle/restore:restorecourse and moodle/course:create in it.",
            "Changez la catégorie, ou donnez-lui un rôle avec moodle/restore:restorecourse et moodle/course:create.",
        ),
        // The owner's advice is to ask support, which is what its reader here is.
        _ if code.asks_support() => (
            "Open Details for what exactly happened; docs/runbook.md says of each code what to look at.",
            "Ouvrez Détails pour voir ce qui s'est passé exactement\u{a0}; docs/runbook.md dit pour chaque code quoi regarder.",
        ),
        _ => return None,
    };
    Some(Words::new(english, french))
}

/// What an audit's action means; an action that has no words of its own stands as it is.
pub fn audit_words(action: &str, language: Language) -> String {
    if let Some(setting) = action.strip_prefix("manage.setting ") {
        return language.fill(words::CHANGED_SETTING, &[("setting", setting)]);
    }
    let (english, french) = match action {
        "restore.scheduled" => ("scheduled", "a programmé"),
        "restore.scheduled_for" => ("scheduled for somebody else", "a programmé pour autrui"),
        "restore.scheduled_for_people" => (
            "scheduled for somebody else, with students' data or enrolment methods,",
            "a programmé pour autrui, avec les données des étudiants ou les méthodes d'inscription,",
        ),
        "restore.scheduled_people" => (
            "scheduled, with students' data or enrolment methods,",
            "a programmé, avec les données des étudiants ou les méthodes d'inscription,",
        ),
        "restore.cancelled" => ("cancelled", "a annulé"),
        "restore.retried" => ("tried again", "a relancé"),
        "restore.moved" => ("changed the category of", "a changé la catégorie de"),
        "restore.enrolled" => ("was enrolled in the copy of", "a été inscrit dans la copie de"),
        "restore.arrived_removed" => ("had removed what arrived of", "a fait retirer ce qui était arrivé de"),
        "restore.arrived_kept" => ("kept what arrived of", "a gardé ce qui était arrivé de"),
        "restore.copy_removed" => ("asked to remove the copy of", "a demandé de retirer la copie de"),
        "restore.restored" => ("restored", "a restauré"),
        "restore.failed" => ("could not restore", "n'a pas pu restaurer"),
        "restore.postponed" => ("will try again", "réessaiera"),
        "manage.retried" => ("tried again, as administrator,", "a relancé, comme administrateur,"),
        "manage.cancelled" => ("cancelled, as administrator,", "a annulé, comme administrateur,"),
        "manage.moved" => {
            ("changed, as administrator, the category of", "a changé, comme administrateur, la catégorie de")
        }
        "manage.linked" => ("linked to a course here:", "a lié à un cours d'ici\u{a0}:"),
        "manage.paused" => ("paused restores", "a suspendu les restaurations"),
        "manage.resumed" => ("resumed restores", "a repris les restaurations"),
        "manage.tried" => ("had a Moodle tried at once", "a fait essayer un Moodle aussitôt"),
        "manage.revoked" => ("ended all sessions", "a mis fin à toutes les sessions"),
        "session.acting" => ("opened Courseferry as somebody else", "a ouvert Courseferry comme une autre personne"),
        other => return other.to_owned(),
    };
    language.say(Words::new(english, french)).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Repeat;

    #[test]
    fn an_administrator_reads_of_them_and_gets_the_command_that_mends() {
        let read = |code, language| {
            Problem::for_administrator(code, language, "Moodle Sciences", "https://sciences.example", "", false)
        };
        let token = read(ErrorCode::RemoteBadToken, Language::English);
        assert_eq!(token.message, "Moodle Sciences refuses our access token.");
        assert_eq!(
            token.advice,
            "Create a token on Moodle Sciences, then run `cargo xtask secret remote https://sciences.example`."
        );
        let owner = read(ErrorCode::RemoteNotOwner, Language::English);
        assert_eq!(owner.message, "They no longer teach this course on Moodle Sciences.");
    }

    #[test]
    fn no_sentence_of_a_restore_calls_the_administrator_its_owner() {
        for code in ErrorCode::ALL.iter().filter(|code| {
            let about = code.as_str().split('.').next().unwrap();
            ["remote", "access", "restore", "backup", "client", "user"].contains(&about)
                && code.repeat() != Repeat::Never
        }) {
            let problem = Problem::for_administrator(*code, Language::English, "X", "https://x.example", "", true);
            let speaks_to_owner = problem.message.split(' ').any(|word| ["You", "you", "your"].contains(&word));
            assert!(!speaks_to_owner, "{code}: {}", problem.message);
            assert!(!problem.advice.contains('{') && !problem.message.contains('{'), "{problem:?}");
        }
    }

    #[test]
    fn no_french_line_breaks_before_its_sign() {
        for code in ErrorCode::ALL {
            let problem = Problem::for_administrator(*code, Language::French, "X", "https://x.example", "", true);
            assert_eq!(words::breaking(&problem.message).or(words::breaking(&problem.advice)), None, "{code}");
        }
        assert_eq!(words::breaking(&audit_words("manage.linked", Language::French)), None);
    }

    #[test]
    fn an_action_is_told_in_words_and_one_that_is_not_known_stays() {
        assert_eq!(audit_words("restore.scheduled", Language::French), "a programmé");
        assert_eq!(audit_words("manage.setting attempts=3", Language::English), "changed a setting: attempts=3");
        assert_eq!(audit_words("restore.invented", Language::English), "restore.invented");
    }
}
