//! Every text of the widget's own controls, in both languages side by side. A browser loads those of its reader's
//! language only, as a file that the build writes from here. Sentences about errors are not here: the Worker sends them. `{n}` and the like are filled in; `a|b` is one and more than one; `**` marks bold.

use courseferry_api::Language;

macro_rules! words {
    ($(#[$doc:meta])* $table:ident $($name:ident $english:literal $french:literal;)*) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $table {
            /// The language.
            pub language: Language,
            $(#[doc = $english] pub $name: &'static str,)*
        }

        #[cfg(test)]
        pub(crate) const PAIRS: &[(&str, &str)] = &[$(($english, $french),)*];

        impl $table {
            /// All texts in `language`, a line each: the file that a browser loads.
            pub const fn lines(language: Language) -> &'static str {
                match language {
                    Language::English => concat!($($english, "\n"),*),
                    Language::French => concat!($($french, "\n"),*),
                }
            }

            /// The texts of such a file; what is missing at its end is empty.
            pub fn read(language: Language, lines: &'static str) -> &'static Self {
                let mut lines = lines.split('\n');
                let [$($name,)*] = std::array::from_fn(|_| lines.next().unwrap_or_default());
                Box::leak(Box::new(Self { language, $($name,)* }))
            }

            /// The texts in `language`, for programs that hold all of them.
            pub fn of(language: Language) -> &'static Self {
                Self::read(language, Self::lines(language))
            }
        }
    };
}

pub mod manage;

words! {
    /// The widget's texts in one language.
    Words
    // The surfaces.
    find "Find courses" "Trouver des cours";
    your_restores "Your restores" "Vos restaurations";
    manage "Manage" "Gérer";
    pages "Courseferry pages" "Pages de Courseferry";
    find_courses "Find courses to restore" "Trouver des cours à restaurer";
    see_all "See all {n}" "Tout voir ({n})";
    starting "Opening…" "Ouverture…";
    acting "You act as {name}." "Vous agissez au nom de {name}.";
    reload "Load the page again" "Recharger la page";
    log_in "Log in again" "Se reconnecter";
    logged_out "You are logged out of Moodle. Your selection is kept: log in again in another tab, then try again." "Vous êtes déconnecté de Moodle. Votre sélection est conservée : reconnectez-vous dans un autre onglet, puis réessayez.";
    lost "Connection lost at {time}. Your selection is kept. Reconnecting…" "Connexion perdue à {time}. Votre sélection est conservée. Nouvelle tentative…";
    back "Connected again." "Connexion rétablie.";
    offline "There is no connection." "Il n'y a pas de connexion.";
    too_slow "The restore service takes too long to answer." "Le service de restauration met trop de temps à répondre.";
    garbled "The restore service answers in a way that is not understood ({status})." "Le service de restauration répond d'une façon incomprise ({status}).";
    paused "Restores are paused by the administrator. What you schedule waits." "Restaurations suspendues par l'administrateur. Vos demandes attendent.";
    try_again "Try again" "Réessayer";
    schedule_again "Schedule again" "Programmer de nouveau";
    try_now "Try now" "Essayer maintenant";

    // Your restores.
    no_restores "Nothing here yet. Courses that you restore appear here, with how they fare." "Rien pour l'instant. Les cours que vous restaurez apparaîtront ici, avec leur avancement.";
    scheduled "Scheduled" "Programmé";
    in_progress "In progress" "En cours";
    restored "Restored" "Restauré";
    failed "Failed" "Échec";
    cancelled "Cancelled" "Annulé";
    waits_paused "Scheduled · waits until restores go on" "Programmé · attend la reprise des restaurations";
    starts_soon "Scheduled · starts within minutes" "Programmé · commence dans quelques minutes";
    starts_seconds "Scheduled · starts in {n} s" "Programmé · commence dans {n} s";
    starts_window "Scheduled · {day}, {start}–{end}" "Programmé · {day}, {start}–{end}";
    starts_at "Scheduled · {moment}" "Programmé · {moment}";
    next_try "{problem} Next try {moment} ({n} of {max}). Nothing to do." "{problem} Prochain essai {moment} ({n} sur {max}). Rien à faire.";
    next_try_soon "{problem} Next try within minutes ({n} of {max}). Nothing to do." "{problem} Prochain essai dans quelques minutes ({n} sur {max}). Rien à faire.";
    step_1 "Step 1 of 3: preparing on {remote}, {elapsed}" "Étape 1 sur 3 : préparation sur {remote}, {elapsed}";
    step_2 "Step 2 of 3: copying" "Étape 2 sur 3 : copie";
    step_2_bytes "Step 2 of 3: copying, {done} so far" "Étape 2 sur 3 : copie, {done} jusqu'ici";
    step_2_of "Step 2 of 3: copying {done} of {total}" "Étape 2 sur 3 : copie de {done} sur {total}";
    step_3 "Step 3 of 3: restoring" "Étape 3 sur 3 : restauration";
    step_3_percent "Step 3 of 3: restoring, {n} %" "Étape 3 sur 3 : restauration, {n} %";
    elapsed_none "just started" "vient de commencer";
    elapsed_minutes "{n} min so far" "{n} min jusqu'ici";
    elapsed_hours "{h} h {n} min so far" "{h} h {n} min jusqu'ici";
    restored_in "Restored {moment} in {category}" "Restauré {moment} dans {category}";
    restored_at "Restored {moment}" "Restauré {moment}";
    restored_check "Restored, {n} thing to check|Restored, {n} things to check" "Restauré, {n} point à vérifier|Restauré, {n} points à vérifier";
    restored_by "Restored by {name} {date}" "Restauré par {name} {date}";
    scheduled_by "Scheduled by {name}" "Programmé par {name}";
    failed_at "Failed {moment}." "Échec {moment}.";
    cancelled_at "Cancelled {moment}" "Annulé {moment}";
    to_category "to {category}" "vers {category}";
    cancel "Cancel" "Annuler";
    stop "Stop" "Arrêter";
    open_course "Open course" "Ouvrir le cours";
    move_it "Change category" "Changer de catégorie";
    move_to "New category for {course}" "Nouvelle catégorie pour {course}";
    move_do "Move" "Changer";
    enrol_me "Enrol me" "M'inscrire";
    enrolled "You are enrolled." "Vous êtes inscrit.";
    details "Details" "Détails";
    copy_details "Copy details for support" "Copier les détails pour l'assistance";
    copied "Copied." "Copié.";
    not_copied "The browser does not let us copy. Mark the text and copy it." "Le navigateur ne permet pas de copier. Sélectionnez le texte et copiez-le.";
    on_control "{verb}: {course}" "{verb} : {course}";
    field_from "From" "Depuis";
    field_course "Course number there" "Numéro du cours là-bas";
    field_short "Short name" "Nom abrégé";
    field_id_number "ID number" "Numéro d'identification";
    field_starts "Starts" "Début";
    field_here "Here" "Ici";
    field_asked "Scheduled" "Programmé";
    field_ended "Ended" "Terminé";
    field_size "Size of the backup" "Taille de la sauvegarde";
    field_tries "Failed tries" "Essais manqués";
    field_error "Error" "Erreur";
    field_exact "Exactly" "Précisément";
    field_id "Restore number" "Numéro de restauration";
    to_check "To check" "À vérifier";

    // Find.
    search "Search your courses" "Chercher dans vos cours";
    search_hint "Name, short name or ID number" "Nom, nom abrégé ou numéro d'identification";
    hide_restored "Hide restored" "Masquer les cours restaurés";
    choose_all "Choose this one|Choose all {n}" "Choisir celui-ci|Choisir les {n} cours";
    choose_first "Choose the first {n} of {total}" "Choisir les {n} premiers sur {total}";
    matches "{n} course|{n} courses" "{n} cours|{n} cours";
    no_match "No course matches “{text}”." "Aucun cours ne correspond à « {text} ».";
    all_hidden "All courses here are restored already; “Hide restored” hides them." "Tous ces cours sont déjà restaurés ; « Masquer les cours restaurés » les masque.";
    show_more "Show {n} more" "Afficher {n} de plus";
    asking "Asking {remote}…" "Interrogation de {remote}…";
    list_from "List from {time}" "Liste de {time}";
    refresh "Refresh" "Actualiser";
    refresh_of "Refresh the list of {remote}" "Actualiser la liste de {remote}";
    stale_list "{problem} List from {time}. Restores already scheduled are kept." "{problem} Liste de {time}. Les restaurations prévues sont conservées.";
    no_list "{problem} Restores already scheduled are kept." "{problem} Les restaurations prévues sont conservées.";
    no_courses "You teach no course on {remote}." "Vous n'enseignez aucun cours sur {remote}.";
    no_account "No account named “{user}” on {remote}." "Aucun compte « {user} » sur {remote}.";
    no_remote "No other Moodle is connected yet." "Aucun autre Moodle n'est connecté.";
    set_up "Set up" "Configurer";
    no_right "You may not restore into any category here. Ask support for the right to restore." "Vous ne pouvez restaurer dans aucune catégorie. Demandez ce droit à l'assistance.";
    starts "starts {month}" "début {month}";
    hidden_there "Hidden from students" "Caché aux étudiants";
    not_choosable "Cannot be restored now" "Ne peut pas être restauré maintenant";
    opens_there "(opens {remote})" "(ouvre {remote})";

    // The confirm bar.
    nothing_chosen "Choose the courses to restore." "Choisissez les cours à restaurer.";
    your_choice "Your choice" "Votre choix";
    chosen_to "**{n} course** to|**{n} courses** to" "**{n} cours** vers|**{n} cours** vers";
    target "Where to" "Destination";
    target_original "Original category where possible" "Catégorie d'origine si possible";
    target_default "Default: {category}" "Par défaut : {category}";
    categories "Categories" "Catégories";
    find_category "Type to find a category" "Tapez pour trouver une catégorie";
    no_category "No category matches." "Aucune catégorie ne correspond.";
    more_categories "{n} more: type to narrow down" "{n} de plus : tapez pour préciser";
    starts_now_until "Starts now; restores run until {end}." "Commence maintenant ; les restaurations tournent jusqu'à {end}.";
    starts_now "Starts now." "Commence maintenant.";
    starts_between "Starts {day} between {start} and {end}." "Commence {day} entre {start} et {end}.";
    start_now "Start now, outside the usual hours" "Commencer maintenant, hors des heures prévues";
    promise "New courses are created; nothing here is overwritten. Content and activities are copied, **not students, grades or submissions.**" "De nouveaux cours sont créés ; rien n'est écrasé ici. Le contenu et les activités sont copiés, **ni étudiants, ni notes, ni travaux remis.**";
    checking "Checking…" "Vérification…";
    not_checked "What would change could not be checked. It is checked again when you restore." "Les changements n'ont pas pu être vérifiés. Ils le seront au moment de restaurer.";
    goes_to_default "“{course}” goes to {category}. {reason}" "« {course} » va dans {category}. {reason}";
    goes_to "“{course}” goes to {category}." "« {course} » va dans {category}.";
    the_default "the default category" "la catégorie par défaut";
    renamed "{old} exists here: yours becomes {new}." "{old} existe ici : le vôtre devient {new}.";
    refused "“{course}” cannot be restored: {reason}" "« {course} » ne peut pas être restauré : {reason}";
    incomplete "“{course}”: {reason}" "« {course} » : {reason}";
    change "Change" "Changer";
    change_of "Change where {course} goes" "Changer la destination de {course}";
    leave_out "Leave out" "Retirer";
    all_exceptions "Show {n} more" "Afficher {n} de plus";
    restore_n "Restore {n} course|Restore {n} courses" "Restaurer {n} cours|Restaurer {n} cours";
    scheduling "Scheduling…" "Programmation…";
    clear "Clear" "Effacer";
    over_limit "You may schedule {n} more for one night: leave {over} out." "Vous pouvez en programmer encore {n} pour une nuit : retirez-en {over}.";
    scheduled_n "{n} course scheduled.|{n} courses scheduled." "{n} cours programmé.|{n} cours programmés.";
    not_scheduled_n "{n} course was not scheduled:|{n} courses were not scheduled:" "{n} cours n'a pas été programmé :|{n} cours n'ont pas été programmés :";
    not_sent "Nothing is known to have been scheduled: {reason} Your selection is kept." "Rien n'a été programmé à notre connaissance : {reason} Votre sélection est conservée.";
    why_not "Why isn't my category here?" "Pourquoi ma catégorie n'est-elle pas là ?";
    why_not_text "Only categories in which you may create and restore courses are listed. To learn why one is missing, give its address or number." "Seules sont listées les catégories où vous pouvez créer et restaurer des cours. Pour savoir pourquoi l'une manque, donnez son adresse ou son numéro.";
    category_address "Address or number of the category" "Adresse ou numéro de la catégorie";
    explain "Explain" "Expliquer";
    not_a_category "That holds no category number." "Cela ne contient aucun numéro de catégorie.";

    // What the live region says.
    said_started "{course}: step {n} of 3." "{course} : étape {n} sur 3.";
    said_restored "{course} is restored." "{course} est restauré.";
    said_failed "{course} failed." "{course} : échec.";
    said_cancelled "{course} is cancelled." "{course} est annulé.";
    said_scheduled "{course} is scheduled." "{course} est programmé.";

    // Times.
    today "today" "aujourd'hui";
    tonight "tonight" "cette nuit";
    yesterday "yesterday" "hier";
    tomorrow "tomorrow" "demain";
    at_time "{day} {time}" "{day} à {time}";
    on_day "on {day} {month}" "le {day} {month}";
    on_date "on {day} {month} {year}" "le {day} {month} {year}";
    months "Jan Feb March April May June July Aug Sept Oct Nov Dec" "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.";
    units "B kB MB GB TB" "o ko Mo Go To";
}

impl Words {
    /// The form of `one|more` for `n`, with `{n}` filled in. English counts nothing as many, French as one.
    pub fn count(&self, text: &str, n: usize) -> String {
        self.count_with(text, n, &[])
    }

    /// As [`Words::count`], with further values.
    pub fn count_with(&self, text: &str, n: usize, values: &[(&str, &str)]) -> String {
        let one = match self.language {
            Language::English => n == 1,
            Language::French => n < 2,
        };
        let (first, rest) = text.split_once('|').unwrap_or((text, text));
        let number = self.language.number(n as u64);
        let all: Vec<_> = [("n", number.as_str())].into_iter().chain(values.iter().copied()).collect();
        fill(if one { first } else { rest }, &all)
    }
}

/// `text` with every `{name}` replaced by its value; values are not looked into again.
pub fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, behind) = after.split_once('}').unwrap_or((after, ""));
        out.push_str(before);
        out.push_str(values.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value));
        rest = behind;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn places(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name).collect()
    }

    #[test]
    fn both_languages_have_the_same_places_forms_and_marks() {
        for (english, french) in PAIRS.iter().chain(manage::PAIRS) {
            assert_eq!(places(english), places(french), "{english}");
            assert_eq!(english.matches('|').count(), french.matches('|').count(), "{english}");
            assert_eq!(english.matches("**").count(), french.matches("**").count(), "{english}");
            assert!(!french.is_empty());
        }
    }

    #[test]
    fn zero_is_many_in_english_and_one_in_french() {
        let text = |language| Words::of(language).count(Words::of(language).restore_n, 0);
        assert_eq!(text(Language::English), "Restore 0 courses");
        assert_eq!(text(Language::French), "Restaurer 0 cours");
        assert_eq!(Words::of(Language::English).count("1 course|{n} courses", 1240), "1,240 courses");
    }

    #[test]
    fn a_value_that_looks_like_a_place_is_left_as_it_is() {
        assert_eq!(fill("{a} and {b}.", &[("a", "{b}"), ("b", "x")]), "{b} and x.");
    }
}
