//! The texts of the Manage page, apart since only administrators load them.

use courseferry_api::Language;

words! {
    /// The texts of the Manage page in one language.
    ManageWords
    pause_all "Pause all restores" "Suspendre toutes les restaurations";
    resume_all "Let restores go on" "Reprendre les restaurations";
    pause_one "Pause" "Suspendre";
    resume_one "Go on" "Reprendre";
    is_paused "Paused" "Suspendu";
    needs_you "Needs you" "Demande votre attention";
    nothing_needed "No failure waits for you." "Aucun échec n'attend votre intervention.";
    failures "{n} restore|{n} restores" "{n} restauration|{n} restaurations";
    retry_all "Try this one again|Try all {n} again" "Réessayer celle-ci|Réessayer les {n}";
    retried "They are scheduled again." "Elles sont programmées de nouveau.";
    peers "Moodles" "Moodle reliés";
    this_moodle "this Moodle" "ce Moodle";
    answered "Answered {moment}" "A répondu {moment}";
    never_answered "Has not been asked yet" "Pas encore interrogé";
    tonight "Tonight" "Cette nuit";
    queue "{waiting} waiting, {running} in progress." "{waiting} en attente, {running} en cours.";
    all_restores "Restores" "Restaurations";
    search "Search by person or course" "Chercher par personne ou cours";
    any_status "Any status" "Tous les états";
    status "Status" "État";
    found "{n} restore found|{n} restores found" "{n} restauration trouvée|{n} restaurations trouvées";
    by "by {name}" "par {name}";
    page_of "Page {page} of {pages}" "Page {page} sur {pages}";
    earlier "Previous" "Précédent";
    later "Next" "Suivant";
    link "Link to a course" "Lier à un cours";
    link_text "Address or number of the course here that it is already" "Adresse ou numéro du cours d'ici qui lui correspond déjà";
    move_text "Address or number of the category" "Adresse ou numéro de la catégorie";
    not_a_number "That holds no number." "Cela ne contient aucun numéro.";
    do_it "Do it" "Valider";
    explain "Why can or can't this person restore here?" "Pourquoi cette personne peut-elle ou non restaurer ici ?";
    person "Number or profile address of the person" "Numéro de la personne ou adresse de son profil";
    category "Number or address of the category" "Numéro ou adresse de la catégorie";
    explain_do "Explain" "Expliquer";
    may "They may restore there." "Elle peut y restaurer.";
    may_not "They may not restore there." "Elle ne peut pas y restaurer.";
    revoke "End this person's sessions" "Fermer les sessions de cette personne";
    revoked "Their sessions are ended." "Ses sessions sont fermées.";
    refused "Refused {moment}: {problem}" "A refusé {moment} : {problem}";
    readiness "Readiness" "État de préparation";
    readiness_loading "Asking Moodle how ready it is…" "Moodle est interrogé sur son état…";
    readiness_asked "Moodle was asked {moment}." "Moodle a été interrogé {moment}.";
    readiness_again "Check again" "Vérifier de nouveau";
    readiness_found "{n} thing to look at.|{n} things to look at." "{n} point à voir.|{n} points à voir.";
    check_ok "Fine:" "Bien :";
    check_look "To check:" "À vérifier :";
    check_broken "Broken:" "En panne :";
    settings "Settings in force" "Réglages en vigueur";
    setting_from "from {source}" "source : {source}";
    audit "Audit" "Journal";
    csv "Download as CSV" "Télécharger en CSV";
    show_audit "Show the audit" "Afficher le journal";
    system "Courseferry" "Courseferry";
    acting "{name} as {user}" "{name} en tant que {user}";
    done "Done." "Fait.";
    loading "Loading…" "Chargement…";
}
