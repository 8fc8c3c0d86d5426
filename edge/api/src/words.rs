//! What the Worker says to people beside errors and checks, whose sentences stand in their own tables: a line a sentence,
//! English, then French. What stands in braces is filled in.

use crate::Language;

/// A sentence, or a part of one, in every language.
#[derive(Debug, Clone, Copy)]
pub struct Words {
    english: &'static str,
    french: &'static str,
}

/// One thing, or several: French counts none as one.
#[derive(Debug, Clone, Copy)]
pub struct Counted {
    one: Words,
    many: Words,
}

impl Words {
    /// A line of a table.
    pub const fn new(english: &'static str, french: &'static str) -> Self {
        Self { english, french }
    }
}

impl Language {
    /// The words in this language.
    pub fn say(self, words: Words) -> &'static str {
        match self {
            Self::English => words.english,
            Self::French => words.french,
        }
    }

    /// The words with their places filled in.
    pub fn fill(self, words: Words, values: &[(&str, &str)]) -> String {
        fill(self.say(words), values)
    }

    /// The words for so many, with the number in their place `{n}`.
    pub fn count(self, words: Counted, n: u64) -> String {
        let one = n == 1 || (n == 0 && self == Self::French);
        self.fill(if one { words.one } else { words.many }, &[("n", &self.number(n))])
    }

    /// Somebody's name; of one whose data were erased, just that.
    pub fn person(self, name: &str) -> &str {
        if name.is_empty() { self.say(FORMER_USER) } else { name }
    }
}

/// `text` with every `{name}` replaced by its value; values are not looked into again.
pub fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, behind) = after.split_once('}').unwrap_or((after, ""));
        out.push_str(before);
        let value = values.iter().find(|(key, _)| *key == name);
        debug_assert!(value.is_some(), "nothing for {{{name}}} in \"{text}\"");
        out.push_str(value.map_or("", |(_, value)| value));
        rest = behind;
    }
    out.push_str(rest);
    out
}

macro_rules! words {
    ($($name:ident $english:literal $french:literal;)*) => {
        $(#[doc = concat!("`", $english, "`")] pub const $name: Words = Words::new($english, $french);)*

        #[cfg(test)]
        const ALL: &[Words] = &[$($name,)*];
    };
}

macro_rules! counted {
    ($($name:ident $one:ident $many:ident;)*) => {
        $(#[doc = concat!("[`", stringify!($one), "`] or [`", stringify!($many), "`].")]
        pub const $name: Counted = Counted { one: $one, many: $many };)*
    };
}

words! {
    // People and places.
    FORMER_USER "a former user" "un ancien utilisateur";
    TAKEN_BY_YOU "By you, {when}." "Par vous, {when}.";
    TAKEN_BY "By {name}, {when}." "Par {name}, {when}.";
    ACCOUNT_NOT_CONFIRMED "Their account is not confirmed here." "Son compte n'est pas confirmé ici.";
    CELL_PERSON "user name" "nom d'utilisateur";
    CELL_REMOTE "other Moodle" "autre Moodle";
    CELL_COURSE "course" "cours";
    DISCONNECTED_REMOTE "a Moodle no longer connected" "un Moodle déconnecté";

    // Who may do what, and why.
    YOU_MAY "You may {act}: {reason}." "Vous pouvez {act}\u{a0}: {reason}.";
    YOU_MAY_NOT "You may not {act}: {reason}." "Vous ne pouvez pas {act}\u{a0}: {reason}.";
    THEY_MAY "{name} may {act}: {reason}." "{name} peut {act}\u{a0}: {reason}.";
    THEY_MAY_NOT "{name} may not {act}: {reason}." "{name} ne peut pas {act}\u{a0}: {reason}.";
    RESTORE_INTO "restore into {place}" "restaurer dans {place}";
    RESTORE_THERE "restore there" "y restaurer";
    USE_COURSEFERRY "use Courseferry" "utiliser Courseferry";
    USE_MANAGE "use the Manage pages" "utiliser les pages de gestion";
    START_OUTSIDE_WINDOW "start outside the restore window" "démarrer hors de la plage de restauration";
    MOVE_DATES_IN "give courses in {place} another start date" "donner une autre date de début aux cours dans {place}";
    USE_CAPABILITY_IN "use {capability} in {place}" "utiliser {capability} dans {place}";
    USE_CAPABILITY_THERE "use {capability} there" "y utiliser {capability}";
    THE_ROLE "the role {role}" "le rôle {role}";
    ONE_OF_YOUR_ROLES "one of your roles" "un de vos rôles";
    ONE_OF_THEIR_ROLES "one of their roles" "un de ses rôles";
    IN_PLACE " in {place}" " dans {place}";
    NO_SUCH_CAPABILITY "this Moodle has no capability {capability}" "ce Moodle n'a pas de capacité {capability}";
    NO_SUCH_PLACE "there is no such place on this Moodle" "cet endroit n'existe pas sur ce Moodle";
    LOGIN_REQUIRED "this Moodle lets nobody in who is not logged in" "ce Moodle demande à chacun de se connecter";
    GUESTS_NEVER "guests never have {capability}" "les invités n'ont jamais {capability}";
    PLACE_LOCKED "{place} is locked against changes" "{place} est verrouillé";
    LOCKED "it is locked against changes" "l'endroit est verrouillé";
    NO_SUCH_USER "there is no such user" "cet utilisateur n'existe pas";
    ACCOUNT_DELETED "the account was deleted" "le compte a été supprimé";
    ADMINISTRATORS_MAY "site administrators may do everything" "les administrateurs du site peuvent tout faire";
    NO_PATH
        "only site administrators have rights in a context that lost its path"
        "seuls les administrateurs ont des droits dans un contexte qui a perdu son chemin";
    OUTSIDE_LOGIN_AS
        "“log in as” is limited to another part of the site"
        "la connexion sous un autre nom est limitée à une autre partie du site";
    ROLE_PROHIBITS "{role} prohibits {capability}{place}" "{role} interdit {capability}{place}";
    ROLE_ALLOWS "{role} allows {capability}{place}" "{role} autorise {capability}{place}";
    ROLE_PREVENTS " ({role} prevents it{place})" " ({role} l'empêche{place})";
    NONE_OF_YOUR_ROLES
        "none of your roles allows {capability} there{prevented}"
        "aucun de vos rôles n'y autorise {capability}{prevented}";
    NONE_OF_THEIR_ROLES
        "none of their roles allows {capability} there{prevented}"
        "aucun de ses rôles n'y autorise {capability}{prevented}";
    MAY_BE_LEFT_OUT
        "Something may be left out: the right {capability} is missing there."
        "Il peut manquer quelque chose\u{a0}: le droit {capability} y fait défaut.";

    // What may not be had, or not be done.
    ORIGINAL_CATEGORY_MISSING "Its original category does not exist here." "Sa catégorie d'origine n'existe pas ici.";
    WENT_TO_DEFAULT
        "It went to “{category}” instead of its original category. {reason}"
        "Il est allé dans «\u{a0}{category}\u{a0}» au lieu de sa catégorie d'origine. {reason}";
    CANNOT_LEAVE_OUT
        "That Moodle cannot leave out a part of a course."
        "Ce Moodle ne sait pas laisser de côté une partie d'un cours.";
    EXISTING_KEEPS_ITS_OWN
        "A course that exists keeps its names, its dates and its visibility."
        "Un cours existant garde ses noms, ses dates et sa visibilité.";
    NO_PEOPLE_ADDED
        "Into a course that exists neither students nor enrolment methods are brought along."
        "Dans un cours existant, ni étudiants ni méthodes d'inscription ne sont repris.";
    LENDS_NO_PEOPLE
        "That Moodle lends no students' data to this one (the setting userdata_remotes of the Worker)."
        "Ce Moodle-là ne prête pas les données des étudiants à celui-ci (le réglage userdata_remotes du Worker).";
    TAKES_NO_PEOPLE
        "This Moodle takes no students' data from others (the block's setting userdata)."
        "Ce Moodle ne reprend pas de données d'étudiants (le réglage userdata du bloc).";
    NO_EXISTING_COURSES
        "This site does not let people add to courses that exist (targetcourses)."
        "Ce site ne permet pas d'ajouter à des cours existants (targetcourses).";
    NO_DATE "That is no date." "Ce n'est pas une date.";
    TOO_MUCH_LEFT_OUT "No more than {most} parts can be left out." "On ne peut laisser de côté plus de {most} éléments.";
    NAME_TOO_LONG "That name is longer than {most} characters." "Ce nom dépasse {most} caractères.";
    RESTORED_MEANWHILE
        "Somebody else restored something into the course at the same time."
        "Quelqu'un d'autre a restauré quelque chose dans le cours en même temps.";
    NO_LOG
        "Without a log Moodle cannot tell whether somebody has worked in it."
        "Sans journal, Moodle ne peut dire si quelqu'un y a travaillé.";
    REMOVAL_TOO_LATE
        "The time in which a copy can be removed here is over."
        "Le délai pour retirer une copie est passé.";
    NO_RECYCLE_BIN
        "Moodle's recycle bin is off, so it could not be brought back."
        "La corbeille de Moodle est désactivée\u{a0}: il ne pourrait pas être récupéré.";
    OTHERS_ARE_IN_IT
        "Others are enrolled in it, or have been there."
        "D'autres personnes y sont inscrites ou y sont passées.";
    WORKED_IN
        "Somebody has worked in it since it was restored."
        "Quelqu'un y a travaillé depuis sa restauration.";
    MADE_NO_COURSE "This restore made no course of its own." "Cette restauration n'a pas créé de cours.";
    ADMINISTRATOR_MUST_MEND
        "{remote} is unavailable because of a settings problem. An administrator must mend it; it is no fault of yours."
        "{remote} est indisponible à cause d'un problème de réglage. Un administrateur doit le corriger\u{a0}; vous n'y êtes pour rien.";
    TRIED_AS_OFTEN_AS_SET
        "It was tried as often as is set. Try again later, or copy the details for support."
        "Le nombre d'essais prévu est atteint. Réessayez plus tard, ou copiez les détails pour l'assistance.";

    // What a setting must be.
    MUST_BE_FLAG "must be 0 or 1." "doit être 0 ou 1.";
    MUST_BE_NUMBER "must be a whole number from {least} to {most}." "doit être un nombre entier de {least} à {most}.";
    MUST_BE_TIME "must be a time such as 20:00." "doit être une heure comme 20:00.";
    MUST_BE_ADDRESS
        "must be an address such as https://moodle.example.org, without a slash at its end."
        "doit être une adresse comme https://moodle.example.org, sans barre à la fin.";
    MUST_BE_ZONE "must be a time zone such as Europe/Paris." "doit être un fuseau comme Europe/Paris.";
    MUST_BE_KEY "must have at least 32 characters." "doit avoir au moins 32 caractères.";

    // The first steps.
    DEPLOY_WORKER
        "Deploy the Worker, with its settings and secrets"
        "Déployez le Worker, avec ses réglages et ses secrets";
    DEPLOY_WORKER_HOW
        "Settings stand in edge/site.toml. The block's command on Moodle's server prints the secrets and how they \
                 are set: `php blocks/courseferry/cli/install.php --worker=…`. Then deploy again:"
        "Les réglages sont dans edge/site.toml. La commande du bloc, sur le serveur de Moodle, affiche les secrets et \
                 la façon de les enregistrer\u{a0}: `php blocks/courseferry/cli/install.php --worker=…`. Puis déployez de nouveau\u{a0}:";
    CONNECT_MOODLE
        "Connect your Moodle and the Worker"
        "Reliez votre Moodle et le Worker";
    CONNECT_MOODLE_HOW
        "Install the block in Moodle, then run this on Moodle's server and do what it prints:"
        "Installez le bloc dans Moodle, puis lancez ceci sur le serveur de Moodle et faites ce qui s'affiche\u{a0}:";
    CONNECT_REMOTE
        "Connect another Moodle"
        "Reliez un autre Moodle";
    CONNECT_REMOTE_HOW
        "On the other Moodle install the block and make a token with \
                 `php blocks/courseferry/cli/install_remote.php`. Then give it to the Worker, with that Moodle's address:"
        "Sur l'autre Moodle, installez le bloc et créez un jeton avec \
                 `php blocks/courseferry/cli/install_remote.php`. Donnez-le ensuite au Worker, avec l'adresse de ce Moodle\u{a0}:";
    TRY_ONE_COURSE
        "Restore one course as a test"
        "Restaurez un cours à titre d'essai";
    STEP_OF "Step {n} of {of}: {title}" "Étape {n} sur {of}\u{a0}: {title}";
    STEP_DONE "done" "fait";
    CHECK_AGAIN "Check again" "Vérifier de nouveau";
    NO_REMOTE_YET "No other Moodle is connected yet." "Aucun autre Moodle n'est encore relié.";

    // Restores that do not end.
    OVERDUE_SINGLE "{n} restore does not end:" "{n} restauration ne se termine pas\u{a0}:";
    OVERDUE_MANY "{n} restores do not end:" "{n} restaurations ne se terminent pas\u{a0}:";
    OVERDUE_ONE_OF
        "“{course}” ({name}), in step {step} for {hours} h"
        "«\u{a0}{course}\u{a0}» ({name}), à l'étape {step} depuis {hours} h";

    // The sign-in pages.
    GOING_TO_MOODLE "Going to Moodle to log in…" "Direction Moodle pour vous connecter…";
    OPENING_SESSION "Opening your session…" "Ouverture de votre session…";
    LOG_IN_AGAIN "Log in again" "Se connecter de nouveau";
    NEEDS_JAVASCRIPT
        "This page needs JavaScript. Switch it on for this site, or open Courseferry from your Moodle dashboard."
        "Cette page a besoin de JavaScript. Activez-le pour ce site, ou ouvrez Courseferry depuis votre tableau de \
            bord Moodle.";

    // The verdict of the Manage page.
    PAUSED "Restores are paused." "Les restaurations sont suspendues.";
    SOMETHING_BROKEN
        "Something does not work and needs you: {what}"
        "Quelque chose ne fonctionne pas et vous attend\u{a0}: {what}";
    RESTORE_WAITS_ONE " {n} restore waits." " {n} restauration attend.";
    RESTORES_WAIT_MANY " {n} restores wait." " {n} restaurations attendent.";
    SOME_FAILED
        "It works, but some restores failed and need you."
        "Tout fonctionne, mais des restaurations ont échoué et vous attendent.";
    SOMETHING_TO_CHECK
        "It works. Look at what is to be checked under Readiness."
        "Tout fonctionne. Voyez ce qui est à vérifier sous État de préparation.";
    ALL_WELL "All is well." "Tout va bien.";

    // Readiness: the Worker and the remotes.
    CRON_NOT_YET
        "The Worker's cron has not ticked yet; it does within a minute or two of deploying."
        "Le cron du Worker ne s'est pas encore déclenché\u{a0}; il le fait une ou deux minutes après le déploiement.";
    CRON_TICKS "The Worker's cron ticks." "Le cron du Worker se déclenche.";
    CRON_LATE
        "The Worker's cron last ticked {minutes} min ago."
        "Le cron du Worker s'est déclenché il y a {minutes} min.";
    CONFIGURED
        "Every setting and secret of the Worker is there and reads."
        "Chaque réglage et chaque secret du Worker est là et se lit.";
    DATABASE_ANSWERS
        "The Worker's database answers and has every migration."
        "La base de données du Worker répond et a toutes les migrations.";
    CLIENT_ANSWERS "Your Moodle answers the Worker." "Votre Moodle répond au Worker.";
    REMOTE_ANSWERS "{remote} answers." "{remote} répond.";
    REMOTE_NOT_ASKED "{remote} has not been asked yet." "{remote} n'a pas encore été interrogé.";
    LENDS_COURSEFERRY
        "Courseferry {version} lends there: it says what is in a course and how far a backup is, leaves parts out, \
            makes several backups at once, and has students' data where both sites allow it."
        "Courseferry {version} y prête les cours\u{a0}: il dit ce qu'un cours contient et où en est une sauvegarde, \
            laisse des parties de côté, fait plusieurs sauvegardes à la fois, et a les données des étudiants là où les \
            deux sites le permettent.";
    LENDS_ORIGINAL_3
        "The original block, release 3 ({version}), lends there: one backup at a time for the whole site, made while \
            the Worker waits; it has students' data."
        "Le bloc d'origine, version 3 ({version}), y prête les cours\u{a0}: une sauvegarde à la fois pour tout le \
            site, pendant que le Worker attend\u{a0}; il a les données des étudiants.";
    LENDS_ORIGINAL_2
        "The original block, release 2 ({version}), lends there: one backup at a time for each teacher, made while \
            the Worker waits; it has no students' data."
        "Le bloc d'origine, version 2 ({version}), y prête les cours\u{a0}: une sauvegarde à la fois par enseignant, \
            pendant que le Worker attend\u{a0}; il n'a pas les données des étudiants.";
    INSTALL_COURSEFERRY
        "Install the block Courseferry there as well: backups are then made while nobody waits, several at once, and \
            the original block, which no supported Moodle takes any more, is not needed."
        "Installez-y aussi le bloc Courseferry\u{a0}: les sauvegardes se font alors sans que personne n'attende, \
            plusieurs à la fois, et le bloc d'origine, qu'aucun Moodle maintenu n'accepte plus, devient inutile.";

    // Readiness: the client Moodle.
    COMPANION "Moodle {release}, Courseferry {version}." "Moodle {release}, Courseferry {version}.";
    CLOCKS_AGREE "The clocks of Moodle and Worker agree." "Les horloges de Moodle et du Worker s'accordent.";
    CLOCKS_APART
        "The clocks of Moodle and Worker are {length} apart."
        "Les horloges de Moodle et du Worker diffèrent de {length}.";
    MOODLE_CRON_NEVER "Moodle's cron has never run." "Le cron de Moodle n'a jamais tourné.";
    MOODLE_CRON_RAN "Moodle's cron last ran {ago}." "Le cron de Moodle a tourné pour la dernière fois {ago}.";
    TASK_OFF
        "The block's scheduled task is switched off: a restore whose process dies stays as it is."
        "La tâche programmée du bloc est désactivée\u{a0}: une restauration dont le processus meurt reste telle \
            quelle.";
    TASK_FAILED
        "The block's scheduled task failed when it last ran."
        "La tâche programmée du bloc a échoué à sa dernière exécution.";
    TASK_NOT_YET "The block's scheduled task has not run yet." "La tâche programmée du bloc n'a pas encore tourné.";
    TASK_RAN
        "The block's scheduled task last ran {ago}."
        "La tâche programmée du bloc a tourné pour la dernière fois {ago}.";
    NOTHING_WAITS "No restore waits for Moodle's cron." "Aucune restauration n'attend le cron de Moodle.";
    WAITING_FOR_CRON
        "Waiting for Moodle's cron: {n}, the oldest could have begun {ago}."
        "En attente du cron de Moodle\u{a0}: {n}, la plus ancienne aurait pu commencer {ago}.";
    NOBODY_TEACHES "Nobody teaches a course here yet." "Personne n'enseigne encore de cours ici.";
    SEE_WIDGET "{able} of {all} teachers see the widget." "Enseignants qui voient le widget\u{a0}: {able} sur {all}.";
    MAY_RESTORE
        "{able} of {all} teachers may restore into some category."
        "Enseignants qui peuvent restaurer dans une catégorie\u{a0}: {able} sur {all}.";
    ON_DASHBOARD "The block stands on the default dashboard." "Le bloc est sur le tableau de bord par défaut.";
    ORIGINAL_OFF
        "The original block is still installed, but its task is switched off."
        "Le bloc d'origine est encore installé, mais sa tâche est désactivée.";
    ORIGINAL_NOT_HERE "The original block is not here." "Le bloc d'origine n'est pas ici.";
    SPACE_UNKNOWN "Moodle's server does not tell its free space." "Le serveur de Moodle ne dit pas son espace libre.";
    SPACE "Moodle has {size} GB of free temporary space." "Moodle a {size} Go d'espace temporaire libre.";
    NO_DEFAULT_CATEGORY
        "There is no default category: people choose one."
        "Il n'y a pas de catégorie par défaut\u{a0}: chacun en choisit une.";
    DEFAULT_CATEGORY_EXISTS "The default category exists." "La catégorie par défaut existe.";
    DEFAULT_CATEGORY_MISSING
        "The default category, number {id}, does not exist."
        "La catégorie par défaut, numéro {id}, n'existe pas.";
    IDENTIFIERS_WRONG
        "The block's setting for category identifiers is wrong: the database has no {missing}."
        "Le réglage du bloc pour les identifiants de catégorie est faux\u{a0}: la base n'a pas {missing}.";
    IDENTIFIERS "Categories with an identifier: {n}." "Catégories avec un identifiant\u{a0}: {n}.";
    MANUAL_ENROLMENT_OFF
        "Manual enrolment is switched off: nobody is enrolled in the courses they restore."
        "L'inscription manuelle est désactivée\u{a0}: personne n'est inscrit aux cours restaurés.";
    NO_ENROL_ROLE
        "The block's settings name no role that “Enrol me” can give."
        "Les réglages du bloc ne nomment aucun rôle que «\u{a0}M'inscrire\u{a0}» puisse donner.";
    CAN_BE_ENROLLED
        "People can be enrolled in restored courses."
        "Les personnes peuvent être inscrites aux cours restaurés.";
    NOTHING_LEFT_OVER "No course is left over." "Aucun cours n'est resté.";
    LEFT_OVER
        "Courses that could not be deleted: {n}. {courses}"
        "Cours qui n'ont pas pu être supprimés\u{a0}: {n}. {courses}";
    JUST_NOW "just now" "à l'instant";
    AGO "{length} ago" "il y a {length}";
    SECONDS "{n} s" "{n} s";
    MINUTES "{n} min" "{n} min";
    HOURS "{n} h" "{n} h";
    DAYS "{n} days" "{n} jours";

    // The audit.
    CHANGED_SETTING "changed a setting: {setting}" "a changé un réglage\u{a0}: {setting}";

    // Letters.
    ASKED_ON_YOUR_BEHALF "{name} asked for it on your behalf." "{name} l'a demandé pour vous.";
    FOR_PERSON ", for {name}" ", pour {name}";
    FOR_SOMEBODY_ELSE "{subject}, for somebody else" "{subject}, pour autrui";
    RESTORED_HEAD "Restored:" "Restauré\u{a0}:";
    FAILED_HEAD "Not restored:" "Non restauré\u{a0}:";
    CHECK_HEAD "Restored, with things to check:" "Restauré, avec des points à vérifier\u{a0}:";
    OPEN_COURSE "Open the course" "Ouvrir le cours";
    YOUR_RESTORES "Your restores" "Vos restaurations";
    NAME_AT "{name}: {page}" "{name}\u{a0}: {page}";
    MANAGE "Manage" "Gérer";
    AND_MORE "and {n} more" "et {n} de plus";
    MORE_TO_CHECK_ONE "and {n} more to check" "et {n} autre point à vérifier";
    MORE_TO_CHECK_MANY "and {n} more to check" "et {n} autres points à vérifier";
    TO_CHECK "To check: {what}" "À vérifier\u{a0}: {what}";
    WITH_STUDENTS ", with students' data" ", avec les données des étudiants";
    INTO_CATEGORY ", in {category}" ", dans {category}";
    FROM_REMOTE " ({remote}): {why}" " ({remote})\u{a0}: {why}";
    ON_REMOTE "On {remote}: {link}" "Sur {remote}\u{a0}: {link}";
    SUBJECT_RESTORED "“{course}” is restored" "«\u{a0}{course}\u{a0}» est restauré";
    SUBJECT_FAILED "“{course}” could not be restored" "«\u{a0}{course}\u{a0}» n'a pas pu être restauré";
    SUBJECT_BOTH "{restored}, {failed}" "{restored}, {failed}";
    COURSE_RESTORED_ONE "{n} course is restored" "{n} cours est restauré";
    COURSES_RESTORED_MANY "{n} courses are restored" "{n} cours sont restaurés";
    COURSE_FAILED_ONE "{n} course could not be restored" "{n} cours n'a pas pu être restauré";
    COURSES_FAILED_MANY "{n} courses could not be restored" "{n} cours n'ont pas pu être restaurés";
    OTHER_FAILED_ONE "{n} could not be" "{n} n'a pas pu l'être";
    OTHERS_FAILED_MANY "{n} could not be" "{n} n'ont pas pu l'être";
    SUBJECT_WAIT
        "Courseferry: restores wait for an administrator"
        "Courseferry\u{a0}: des restaurations attendent un administrateur";
    SUBJECT_CHECK "Courseferry: restores with things to check" "Courseferry\u{a0}: restaurations à vérifier";
    RESTORE_FAILED_ONE "Courseferry: {n} restore failed" "Courseferry\u{a0}: {n} restauration a échoué";
    RESTORES_FAILED_MANY "Courseferry: {n} restores failed" "Courseferry\u{a0}: {n} restaurations ont échoué";
}

counted! {
    OVERDUE OVERDUE_SINGLE OVERDUE_MANY;
    RESTORES_WAIT RESTORE_WAITS_ONE RESTORES_WAIT_MANY;
    COURSES_RESTORED COURSE_RESTORED_ONE COURSES_RESTORED_MANY;
    COURSES_FAILED COURSE_FAILED_ONE COURSES_FAILED_MANY;
    OTHERS_FAILED OTHER_FAILED_ONE OTHERS_FAILED_MANY;
    MORE_TO_CHECK MORE_TO_CHECK_ONE MORE_TO_CHECK_MANY;
    RESTORES_FAILED RESTORE_FAILED_ONE RESTORES_FAILED_MANY;
}

/// The sign, if there is one, that an ordinary space lets a line of a French text begin or end with.
#[cfg(test)]
pub(crate) fn breaking(french: &str) -> Option<&'static str> {
    // A colon within an address or a time has no space before it.
    [" :", " ;", " ?", " !", " »", "« "].into_iter().find(|sign| french.contains(sign))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn places(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name).collect()
    }

    #[test]
    fn both_languages_have_the_same_places_and_ends() {
        for Words { english, french } in ALL {
            assert_eq!(places(english), places(french), "{english}");
            let ends = |text: &str| ['.', ':', '…'].map(|end| text.ends_with(end));
            assert_eq!(ends(english), ends(french), "{english}");
            assert!(!english.is_empty() && !french.is_empty());
        }
    }

    #[test]
    fn no_french_line_breaks_before_its_sign() {
        for Words { french, .. } in ALL {
            assert_eq!(breaking(french), None, "{french}");
        }
    }

    #[test]
    fn nothing_is_many_in_english_and_one_in_french() {
        assert_eq!(Language::English.count(COURSES_RESTORED, 0), "0 courses are restored");
        assert_eq!(Language::French.count(COURSES_RESTORED, 0), "0 cours est restauré");
        assert_eq!(Language::English.count(COURSES_RESTORED, 1_200), "1,200 courses are restored");
    }

    #[test]
    fn a_value_that_looks_like_a_place_is_left_as_it_is() {
        assert_eq!(fill("{a} and {b}.", &[("a", "{b}"), ("b", "x")]), "{b} and x.");
    }
}
