//! Every error that can reach a person: its stable code, its sentence in English and French, whether
//! trying again can help, and what a person can do. `docs/errors.md` is made from this table.
//!
//! Which error type to use where:
//!
//! | type | where |
//! |---|---|
//! | `Fault` (`courseferry_moodle`) | a Moodle has not answered what was asked, and it is not known yet what that means |
//! | [`Failure`](crate::Failure) | everything that ends a call, a step or a restore: a code with its detail, and how soon to try again |
//! | `LedgerError` (`courseferry_ferry`) | the database; it ends the whole tick, since nothing can be written down |
//! | `SettingError`, `RemotesError`, `AddressError` | a setting, the list of remotes or an address that cannot be read; readiness names it |
//! | [`ErrorCode`] alone | nothing is to be added, as for a token that is refused |
//! | `ApiError` (the Worker) | the answer to a request; what happened inside goes to the log only |
//! | [`Problem`], [`ErrorBody`] | the same for its reader, in their language |

use crate::{
    Language,
    coded::coded,
    words::{self, fill},
};
use serde::{Deserialize, Serialize};

/// Whether the same thing can go better later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Repeat {
    /// Courseferry tries again by itself.
    Automatic,
    /// It helps once its reader has changed something.
    Manual,
    /// It helps once an administrator has mended the cause, here or on the remote. The reader can do nothing.
    Administrator,
    /// It never helps.
    Never,
}

/// One code is one line and its sentences: name, code, HTTP status and whether trying again can help; then what
/// happened and what a person can do, each in English and in French.
macro_rules! codes {
    ($($variant:ident $code:literal $status:literal $repeat:ident
        $english:literal $french:literal $advice:literal $conseil:literal;)*) => {
        coded! {
            /// The stable code of an error, such as `remote.unreachable`, shared by API, database, log and screen.
            ///
            /// In sentences `{remote}` stands for the remote's name and `{detail}` for what exactly is meant.
            ErrorCode
            $($variant $code $english $french $advice $conseil;)*
        }

        impl ErrorCode {
            /// The HTTP status of an API answer with this error.
            pub fn status(self) -> u16 {
                match self { $(Self::$variant => $status,)* }
            }

            /// Whether trying again can help.
            pub fn repeat(self) -> Repeat {
                match self { $(Self::$variant => Repeat::$repeat,)* }
            }
        }
    };
}

codes! {
    LaunchMalformed "launch.malformed" 401 Automatic
        "The page's access token is not readable."
        "Le jeton d'accès de la page est illisible."
        "Load the page again."
        "Rechargez la page.";
    LaunchOversized "launch.oversized" 401 Automatic
        "The page's access token is too long."
        "Le jeton d'accès de la page est trop long."
        "Load the page again."
        "Rechargez la page.";
    LaunchAlgorithm "launch.algorithm" 401 Never
        "The page's access token uses a method that is not accepted."
        "Le jeton d'accès de la page utilise une méthode refusée."
        "Load the page again."
        "Rechargez la page.";
    LaunchSignature "launch.signature" 401 Administrator
        "The page's access token was not signed with the key of this service."
        "Le jeton d'accès de la page n'est pas signé avec la clé de ce service."
        "An administrator compares LAUNCH_KEY with the block's setting."
        "Un administrateur compare LAUNCH_KEY au réglage du bloc.";
    LaunchType "launch.type" 401 Never
        "This token is not one that opens a session."
        "Ce jeton n'ouvre pas de session."
        "Load the page again."
        "Rechargez la page.";
    LaunchIssuer "launch.issuer" 401 Administrator
        "The page's access token comes from another Moodle."
        "Le jeton d'accès vient d'un autre Moodle."
        "An administrator compares client_wwwroot with the address of Moodle."
        "Un administrateur compare client_wwwroot à l'adresse de Moodle.";
    LaunchAudience "launch.audience" 401 Administrator
        "The page's access token is meant for another service."
        "Le jeton d'accès est destiné à un autre service."
        "An administrator compares worker_origin with the block's setting."
        "Un administrateur compare worker_origin au réglage du bloc.";
    LaunchState "launch.state" 401 Manual
        "This sign-in was not started here."
        "Cette connexion n'a pas commencé ici."
        "Start again from Moodle."
        "Recommencez depuis Moodle.";
    LaunchExpired "launch.expired" 401 Automatic
        "The page's access token has expired."
        "Le jeton d'accès de la page a expiré."
        "Load the page again."
        "Rechargez la page.";
    LaunchNotYetValid "launch.not_yet_valid" 401 Administrator
        "The page's access token is not valid yet."
        "Le jeton d'accès n'est pas encore valable."
        "An administrator checks Moodle's clock."
        "Un administrateur vérifie l'horloge de Moodle.";
    LaunchIssuedInFuture "launch.issued_in_future" 401 Administrator
        "The page's access token was made in the future."
        "Le jeton d'accès est daté du futur."
        "An administrator checks Moodle's clock."
        "Un administrateur vérifie l'horloge de Moodle.";
    LaunchTooLongLived "launch.too_long_lived" 401 Administrator
        "The page's access token lives longer than is accepted."
        "Le jeton d'accès dure plus longtemps qu'admis."
        "An administrator updates the block."
        "Un administrateur met le bloc à jour.";
    LaunchReplayed "launch.replayed" 401 Automatic
        "The page's access token was used before."
        "Le jeton d'accès de la page a déjà servi."
        "Load the page again."
        "Rechargez la page.";
    LaunchRevoked "launch.revoked" 401 Automatic
        "The page's access token was made before an administrator ended your sessions."
        "Le jeton d'accès de la page date d'avant la fermeture de vos sessions par un administrateur."
        "Load the page again."
        "Rechargez la page.";

    SessionMissing "session.missing" 401 Automatic
        "You are not logged in."
        "Vous n'êtes pas connecté."
        "Log in to Moodle."
        "Connectez-vous à Moodle.";
    SessionMalformed "session.malformed" 401 Automatic
        "Your session is not readable."
        "Votre session est illisible."
        "Load the page again."
        "Rechargez la page.";
    SessionOversized "session.oversized" 401 Automatic
        "Your session token is too long."
        "Votre jeton de session est trop long."
        "Load the page again."
        "Rechargez la page.";
    SessionAlgorithm "session.algorithm" 401 Never
        "Your session uses a method that is not accepted."
        "Votre session utilise une méthode refusée."
        "Load the page again."
        "Rechargez la page.";
    SessionSignature "session.signature" 401 Automatic
        "Your session is not signed by this service."
        "Votre session n'est pas signée par ce service."
        "Load the page again."
        "Rechargez la page.";
    SessionType "session.type" 401 Never
        "This token is not a session."
        "Ce jeton n'est pas une session."
        "Load the page again."
        "Rechargez la page.";
    SessionIssuer "session.issuer" 401 Never
        "Your session comes from another service."
        "Votre session vient d'un autre service."
        "Load the page again."
        "Rechargez la page.";
    SessionAudience "session.audience" 401 Never
        "Your session is meant for another service."
        "Votre session est destinée à un autre service."
        "Load the page again."
        "Rechargez la page.";
    SessionExpired "session.expired" 401 Automatic
        "Your session has ended."
        "Votre session est terminée."
        "Load the page again."
        "Rechargez la page.";
    SessionNotYetValid "session.not_yet_valid" 401 Never
        "Your session is not valid yet."
        "Votre session n'est pas encore valable."
        "Load the page again."
        "Rechargez la page.";
    SessionIssuedInFuture "session.issued_in_future" 401 Never
        "Your session was made in the future."
        "Votre session a été faite dans le futur."
        "Load the page again."
        "Rechargez la page.";
    SessionTooLongLived "session.too_long_lived" 401 Never
        "Your session lives longer than is accepted."
        "Votre session dure plus longtemps qu'admis."
        "Load the page again."
        "Rechargez la page.";
    SessionRevoked "session.revoked" 401 Automatic
        "Your session was ended by an administrator."
        "Votre session a été fermée par un administrateur."
        "Load the page again."
        "Rechargez la page.";
    ServiceRefused "service.refused" 401 Administrator
        "The call is not signed with the service key, or its clock is wrong."
        "L'appel n'est pas signé avec la clé de service, ou son horloge est fausse."
        "An administrator compares SERVICE_KEY with the block's setting, and the clocks."
        "Un administrateur compare SERVICE_KEY au réglage du bloc, et les horloges.";

    AccessGuest "access.guest" 403 Never
        "Guests cannot restore courses."
        "Les invités ne peuvent pas restaurer de cours."
        "Log in with your own account."
        "Connectez-vous avec votre compte.";
    AccessDenied "access.denied" 403 Never
        "This is not open to you. {detail}"
        "Ceci ne vous est pas ouvert. {detail}"
        "Ask support if you need it."
        "Demandez ce droit à l'assistance.";
    AccessCategory "access.category" 403 Manual
        "This category is not open to you. {detail}"
        "Cette catégorie ne vous est pas ouverte. {detail}"
        "Choose another category."
        "Choisissez une autre catégorie.";
    AccessNowhere "access.nowhere" 403 Manual
        "You may not restore into any category here."
        "Vous ne pouvez restaurer dans aucune catégorie."
        "Ask support for the right to restore."
        "Demandez ce droit à l'assistance.";
    AccessDefaultMissing "access.default_missing" 409 Manual
        "There is no default category, and none was chosen."
        "Il n'y a pas de catégorie par défaut et aucune n'a été choisie."
        "Choose a category."
        "Choisissez une catégorie.";
    AccessNotVouched "access.not_vouched" 403 Administrator
        "This account is not confirmed here."
        "Ce compte n'est pas confirmé ici."
        "An administrator confirms it: another site chose its e-mail address."
        "Un administrateur le confirme\u{a0}: son adresse vient d'un autre site.";
    UserInactive "client.user_inactive" 403 Manual
        "The account is suspended or deleted here."
        "Le compte est suspendu ou supprimé ici."
        "Ask support."
        "Adressez-vous à l'assistance.";
    UserRenamed "user.renamed" 409 Manual
        "Your user name has changed since this was scheduled, so the other Moodle may know you by another one."
        "Votre nom d'utilisateur a changé depuis la demande\u{a0}: l'autre Moodle vous connaît peut-être sous un autre nom."
        "Schedule it again."
        "Programmez-la de nouveau.";

    RequestMalformed "request.malformed" 400 Never
        "The request is not understood."
        "La demande n'est pas comprise."
        "Load the page again."
        "Rechargez la page.";
    RequestTooLarge "request.too_large" 413 Never
        "The request is too large."
        "La demande est trop grande."
        "Choose fewer courses at once, 200 at the most."
        "Choisissez moins de cours à la fois, 200 au plus.";
    RequestNotFound "request.not_found" 404 Never
        "There is nothing here."
        "Il n'y a rien ici."
        "Go back to Moodle."
        "Revenez à Moodle.";
    RequestMethod "request.method" 405 Never
        "This address does not take such a request."
        "Cette adresse n'accepte pas cette demande."
        "Load the page again."
        "Rechargez la page.";
    RequestReturn "request.return" 400 Never
        "This return address is not one of ours."
        "Cette adresse de retour n'est pas la nôtre."
        "Start again from Moodle."
        "Recommencez depuis Moodle.";
    RequestTooMany "request.too_many" 429 Automatic
        "That was too often in a short time."
        "C'était trop souvent en peu de temps."
        "Wait a minute, then try again."
        "Patientez une minute, puis réessayez.";

    RestoreNotFound "restore.not_found" 404 Never
        "You have no such restore."
        "Vous n'avez pas cette restauration."
        "Load the page again."
        "Rechargez la page.";
    RestoreTooLate "restore.too_late" 409 Never
        "It is too late: the course is being restored."
        "Trop tard\u{a0}: le cours est en train d'être restauré."
        "Let it end; then delete the course here if it is not wanted."
        "Laissez-la finir, puis supprimez le cours ici s'il n'est pas voulu.";
    RestoreChanged "restore.changed" 409 Manual
        "This restore has changed meanwhile."
        "Cette restauration a changé entre-temps."
        "Look at its new state."
        "Voyez son nouvel état.";
    RestoreTaken "restore.taken" 409 Never
        "This course is already scheduled or restored. {detail}"
        "Ce cours est déjà programmé ou restauré. {detail}"
        "Work with that copy; whoever has it can let you in."
        "Travaillez avec cette copie\u{a0}; qui la possède peut vous y inscrire.";
    RestoreLimitPerson "restore.limit_person" 409 Manual
        "You have reached the number of restores for one night ({detail})."
        "Vous avez atteint le nombre de restaurations pour une nuit ({detail})."
        "Schedule the rest tomorrow."
        "Programmez le reste demain.";
    RestoreLimitSite "restore.limit_site" 409 Manual
        "The site has reached its number of restores for one night ({detail})."
        "Le site a atteint son nombre de restaurations pour une nuit ({detail})."
        "Schedule the rest tomorrow."
        "Programmez le reste demain.";
    RestoreUnknownCourse "restore.unknown_course" 404 Manual
        "You do not teach this course on {remote}."
        "Vous n'enseignez pas ce cours sur {remote}."
        "Load the list again."
        "Rechargez la liste.";
    RestoreNotEnrollable "restore.not_enrollable" 409 Never
        "You cannot be enrolled in this course. {detail}"
        "Vous ne pouvez pas être inscrit à ce cours. {detail}"
        "Ask its teacher."
        "Adressez-vous à son enseignant.";
    RestoreHeldTooLong "restore.held_too_long" 409 Manual
        "{remote} could not be used for too long, so this restore was given up."
        "{remote} est resté inutilisable trop longtemps\u{a0}: cette restauration a été abandonnée."
        "Try again once it works."
        "Réessayez quand il fonctionnera.";
    RestoreOptionRefused "restore.option_refused" 409 Manual
        "This cannot be done as asked. {detail}"
        "Cela ne peut pas être fait ainsi. {detail}"
        "Change what you asked for."
        "Modifiez votre demande.";
    RestoreNotRemovable "restore.not_removable" 409 Never
        "This cannot be removed. {detail}"
        "Ceci ne peut pas être retiré. {detail}"
        "Delete in Moodle what is no longer wanted, or ask support."
        "Supprimez dans Moodle ce qui n'est plus voulu, ou adressez-vous à l'assistance.";

    RestoreActorRefused "restore.actor_refused" 403 Manual
        "Whoever asked for it may not restore for somebody else. {detail}"
        "La personne qui l'a demandée ne peut pas restaurer pour autrui. {detail}"
        "Somebody with the capability block/courseferry:manage asks for it again."
        "Une personne qui a la capacité block/courseferry:manage la redemande.";
    RestoreLoggedInAs "restore.logged_in_as" 403 Never
        "Nothing is restored for somebody else by whoever is logged in as another person."
        "On ne restaure pas pour autrui en étant connecté comme une autre personne."
        "Log in as yourself."
        "Connectez-vous avec votre propre compte.";

    ListEmpty "list.empty" 400 Never
        "The file holds no row."
        "Le fichier ne contient aucune ligne."
        "Choose a file with one row for each course."
        "Choisissez un fichier avec une ligne par cours.";
    ListEncoding "list.encoding" 400 Never
        "The file is not UTF-8."
        "Le fichier n'est pas en UTF-8."
        "Save it as “CSV UTF-8” and choose it again."
        "Enregistrez-le en «\u{a0}CSV UTF-8\u{a0}» et choisissez-le de nouveau.";
    ListColumns "list.columns" 400 Never
        "The columns cannot be told apart: person, remote and course are needed."
        "Les colonnes ne se distinguent pas\u{a0}: il faut person, remote et course."
        "Separate them by commas, semicolons or tabs."
        "Séparez-les par des virgules, des points-virgules ou des tabulations.";
    ListTooLong "list.too_long" 413 Never
        "The file holds more than {detail} rows."
        "Le fichier contient plus de {detail} lignes."
        "Split it into several files."
        "Partagez-le en plusieurs fichiers.";
    ListRowIncomplete "list.row_incomplete" 400 Never
        "This row lacks its {detail}."
        "Cette ligne n'indique pas\u{a0}: {detail}."
        "Complete the row and choose the file again."
        "Complétez la ligne et choisissez de nouveau le fichier.";
    ListFormula "list.formula" 400 Never
        "This row holds the formula “{detail}” instead of a value."
        "Cette ligne contient la formule «\u{a0}{detail}\u{a0}» au lieu d'une valeur."
        "Write the value itself."
        "Écrivez la valeur elle-même.";
    ListRepeated "list.repeated" 400 Never
        "The same person and course stand in line {detail} already."
        "La même personne et le même cours figurent déjà à la ligne {detail}."
        "Remove one of the two."
        "Retirez l'une des deux.";
    ListPersonUnknown "list.person_unknown" 404 Never
        "Nobody here has the user name “{detail}”."
        "Personne ici n'a le nom d'utilisateur «\u{a0}{detail}\u{a0}»."
        "Compare it with the person's profile."
        "Comparez-le au profil de la personne.";
    ListRemoteUnknown "list.remote_unknown" 404 Never
        "No Moodle that is connected here is called “{detail}”."
        "Aucun Moodle connecté ici ne s'appelle «\u{a0}{detail}\u{a0}»."
        "Write its name or address as Manage shows it."
        "Écrivez son nom ou son adresse comme dans la gestion.";
    ListRemoteAmbiguous "list.remote_ambiguous" 409 Never
        "Several Moodles that are connected here are called “{detail}”."
        "Plusieurs Moodle connectés ici s'appellent «\u{a0}{detail}\u{a0}»."
        "Write the address of the one that is meant, as Manage shows it."
        "Écrivez l'adresse de celui qui est voulu, comme dans la gestion.";
    ListCourseUnknown "list.course_unknown" 404 Never
        "The person teaches no course “{detail}” on {remote}."
        "La personne n'enseigne aucun cours «\u{a0}{detail}\u{a0}» sur {remote}."
        "Write its short name, its id number or the number in its address there."
        "Écrivez son nom abrégé, son numéro d'identification ou le numéro de son adresse là-bas.";
    ListCourseAmbiguous "list.course_ambiguous" 409 Never
        "Several courses of this person on {remote} are called “{detail}”."
        "Plusieurs cours de cette personne sur {remote} s'appellent «\u{a0}{detail}\u{a0}»."
        "Write the number in the course's address there."
        "Écrivez le numéro de l'adresse du cours là-bas.";
    ListCategoryUnknown "list.category_unknown" 404 Never
        "No category here is called “{detail}”."
        "Aucune catégorie d'ici ne s'appelle «\u{a0}{detail}\u{a0}»."
        "Write its number, its identifier or its path such as Sciences / Physics."
        "Écrivez son numéro, son identifiant ou son chemin, par exemple Sciences / Physique.";
    ListCategoryAmbiguous "list.category_ambiguous" 409 Never
        "Several categories here are called “{detail}”."
        "Plusieurs catégories d'ici s'appellent «\u{a0}{detail}\u{a0}»."
        "Write the number in the category's address."
        "Écrivez le numéro de l'adresse de la catégorie.";

    RemoteUnconfigured "remote.unconfigured" 404 Manual
        "This Moodle is no longer connected."
        "Ce Moodle n'est plus connecté."
        "Ask support."
        "Adressez-vous à l'assistance.";
    RemoteHeld "remote.held" 503 Automatic
        "{remote} is unavailable because of a settings problem. The administrators have been told; you need do nothing."
        "{remote} est indisponible à cause d'un problème de réglage. Les administrateurs sont prévenus\u{a0}; vous n'avez rien à faire."
        "Nothing to do: it goes on by itself once that is mended."
        "Rien à faire\u{a0}: tout reprend dès que c'est réparé.";
    RemoteUnreachable "remote.unreachable" 502 Automatic
        "{remote} does not answer."
        "{remote} ne répond pas."
        "Nothing to do: it is tried again."
        "Rien à faire\u{a0}: un nouvel essai est prévu.";
    RemoteTimeout "remote.timeout" 504 Automatic
        "{remote} takes too long to answer."
        "{remote} met trop de temps à répondre."
        "Nothing to do: it is tried again."
        "Rien à faire\u{a0}: un nouvel essai est prévu.";
    RemoteMaintenance "remote.maintenance" 503 Automatic
        "{remote} is under maintenance."
        "{remote} est en maintenance."
        "Nothing to do: it is tried again."
        "Rien à faire\u{a0}: un nouvel essai est prévu.";
    RemoteServerError "remote.server_error" 502 Automatic
        "{remote} has an internal error."
        "{remote} a une erreur interne."
        "Nothing to do: it is tried again."
        "Rien à faire\u{a0}: un nouvel essai est prévu.";
    RemoteBadToken "remote.bad_token" 502 Administrator
        "{remote} refuses our access token."
        "{remote} refuse notre jeton d'accès."
        "An administrator sets a new token in EXTERNAL_MOODLES."
        "Un administrateur met un nouveau jeton dans EXTERNAL_MOODLES.";
    RemoteAccessRefused "remote.access_refused" 502 Administrator
        "{remote} refuses access."
        "{remote} refuse l'accès."
        "An administrator checks there, in this order: the user is authorised for the service, the service is enabled, its functions are listed, the role has webservice/rest:use, the token has no IP restriction and has not expired."
        "Un administrateur y vérifie, dans cet ordre\u{a0}: l'utilisateur est autorisé pour le service, le service est activé, ses fonctions sont listées, le rôle a webservice/rest:use, le jeton n'a ni restriction d'IP ni date passée.";
    RemoteUserSuspended "remote.user_suspended" 502 Administrator
        "The service account on {remote} is suspended."
        "Le compte de service sur {remote} est suspendu."
        "An administrator activates it there."
        "Un administrateur l'y réactive.";
    RemoteSitePolicy "remote.site_policy" 502 Administrator
        "The service account on {remote} has not agreed to that site's policy."
        "Le compte de service sur {remote} n'a pas accepté la charte de ce site."
        "An administrator there logs in as the service account once and agrees."
        "Un administrateur s'y connecte une fois avec le compte de service et l'accepte.";
    RemoteNoCapability "remote.no_capability" 502 Administrator
        "The service account on {remote} lacks a right."
        "Il manque un droit au compte de service sur {remote}."
        "An administrator gives its role the block's capabilities there."
        "Un administrateur y donne à son rôle les capacités du bloc.";
    RemotePluginMissing "remote.plugin_missing" 502 Administrator
        "{remote} does not have the block that lends courses."
        "{remote} n'a pas le bloc qui prête les cours."
        "An administrator installs or updates it there."
        "Un administrateur l'y installe ou le met à jour.";
    RemoteProtocolOff "remote.protocol_off" 502 Administrator
        "Web services are switched off on {remote}."
        "Les services web sont désactivés sur {remote}."
        "An administrator enables web services and the REST protocol there."
        "Un administrateur y active les services web et le protocole REST.";
    RemoteNoMoodle "remote.no_moodle" 502 Administrator
        "There is no Moodle at the address of {remote}."
        "Il n'y a pas de Moodle à l'adresse de {remote}."
        "An administrator corrects its address in EXTERNAL_MOODLES: what stands before /login or /course on that site."
        "Un administrateur corrige son adresse dans EXTERNAL_MOODLES\u{a0}: ce qui précède /login ou /course sur ce site.";
    RemoteFirewall "remote.firewall" 502 Administrator
        "A firewall or bot protection before {remote} keeps our requests out."
        "Un pare-feu ou un filtre anti-robots devant {remote} bloque nos demandes."
        "An administrator there lets requests to /webservice/rest/server.php and to the block's download script pass (User-Agent: Courseferry)."
        "Un administrateur y laisse passer les demandes vers /webservice/rest/server.php et vers le script de téléchargement du bloc (User-Agent\u{a0}: Courseferry).";
    RemoteStrayOutput "remote.stray_output" 502 Administrator
        "{remote} sends something before its answers that does not belong there."
        "{remote} envoie devant ses réponses quelque chose qui n'y a pas sa place."
        "An administrator there removes the blank line or byte order mark before <?php in config.php or in a plugin's file."
        "Un administrateur y supprime la ligne vide ou la marque d'ordre des octets avant <?php dans config.php ou dans un fichier de plugin.";
    RemoteDownloadRedirected "remote.download_redirected" 502 Administrator
        "{remote} sends the download to another address."
        "{remote} renvoie le téléchargement à une autre adresse."
        "An administrator there has the block's download script answered by Moodle itself, at the address that stands in EXTERNAL_MOODLES."
        "Un administrateur y fait répondre Moodle lui-même au script de téléchargement du bloc, à l'adresse inscrite dans EXTERNAL_MOODLES.";
    RemoteNotMoodle "remote.not_moodle" 502 Automatic
        "{remote} answers with a web page instead of data."
        "{remote} répond par une page web au lieu de données."
        "An administrator checks the address, and any firewall or login page before it."
        "Un administrateur vérifie l'adresse et tout pare-feu ou page de connexion devant elle.";
    RemoteWrongAddress "remote.wrong_address" 502 Administrator
        "{remote} sends us to another address."
        "{remote} nous renvoie à une autre adresse."
        "An administrator writes its exact address in EXTERNAL_MOODLES."
        "Un administrateur écrit son adresse exacte dans EXTERNAL_MOODLES.";
    RemoteInvalidList "remote.invalid_list" 502 Manual
        "{remote} cannot list your courses: the name of one of them contains markup."
        "{remote} ne peut pas lister vos cours\u{a0}: le nom de l'un d'eux contient du balisage."
        "Remove HTML tags from the course's name there."
        "Retirez-y les balises HTML du nom du cours.";
    RemoteSearchRoles "remote.search_roles" 502 Administrator
        "{remote} cannot list courses: the roles in its settings are wrong."
        "{remote} ne peut pas lister les cours\u{a0}: les rôles de ses réglages sont faux."
        "An administrator writes role short names into search_roles there, separated by commas, without quotes."
        "Un administrateur y écrit dans search_roles les noms abrégés des rôles, séparés par des virgules, sans guillemets.";
    RemoteInvalidParameter "remote.invalid_parameter" 502 Administrator
        "{remote} does not accept our request."
        "{remote} n'accepte pas notre demande."
        "An administrator compares the block's version there."
        "Un administrateur compare la version du bloc.";
    RemoteUnknownUser "remote.unknown_user" 404 Manual
        "You have no account on {remote}."
        "Vous n'avez pas de compte sur {remote}."
        "Ask support there."
        "Adressez-vous à son assistance.";
    RemoteNotOwner "remote.not_owner" 403 Manual
        "You no longer teach this course on {remote}."
        "Vous n'enseignez plus ce cours sur {remote}."
        "Ask the course's teachers there."
        "Adressez-vous à ses enseignants.";
    RemoteNoBackupRight "remote.no_backup_right" 403 Manual
        "You may not back up this course on {remote}."
        "Vous n'avez pas le droit de sauvegarder ce cours sur {remote}."
        "Ask support there for the right to back up courses."
        "Demandez à son assistance le droit de sauvegarder des cours.";
    RemoteAccountNotLent "remote.account_not_lent" 403 Manual
        "{remote} lends no courses to your account there."
        "{remote} ne prête pas de cours à votre compte."
        "Ask support there."
        "Adressez-vous à son assistance.";
    RemoteUsersNotLent "remote.users_not_lent" 403 Manual
        "{remote} does not lend you the students' data of this course."
        "{remote} ne vous prête pas les données des étudiants de ce cours."
        "Restore it without students' data."
        "Restaurez-le sans les données des étudiants.";
    RemoteCourseMissing "remote.course_missing" 404 Never
        "The course no longer exists on {remote}."
        "Le cours n'existe plus sur {remote}."
        "Load the list again."
        "Rechargez la liste.";
    RemoteUnexpected "remote.unexpected" 502 Automatic
        "{remote} answers in a way that is not understood."
        "{remote} répond de façon inattendue."
        "Copy the details for support."
        "Copiez les détails pour l'assistance.";
    RemoteTooLarge "remote.too_large" 502 Never
        "The answer of {remote} is too large."
        "La réponse de {remote} est trop grande."
        "Copy the details for support."
        "Copiez les détails pour l'assistance.";
    RemoteBackupFailed "remote.backup_failed" 502 Automatic
        "{remote} could not make the backup."
        "{remote} n'a pas pu faire la sauvegarde."
        "If it stays so, back up the course yourself there; an error shown there explains the problem."
        "Si cela dure, sauvegardez-y vous-même le cours\u{a0}; l'erreur affichée expliquera le problème.";
    RemoteEmptyBackup "remote.empty_backup" 502 Automatic
        "{remote} made a backup but does not hand it out."
        "{remote} a fait une sauvegarde mais ne la livre pas."
        "If it stays so, an administrator looks whether something else makes backups as the same user there."
        "Si cela dure, un administrateur regarde si autre chose y fait des sauvegardes pour le même utilisateur.";
    RemoteBackupUnknown "remote.backup_unknown" 504 Automatic
        "{remote} stopped answering while it made the backup."
        "{remote} a cessé de répondre pendant la sauvegarde."
        "Nothing to do: once it must have ended there, it is asked again."
        "Rien à faire\u{a0}: il sera de nouveau interrogé quand elle y sera finie.";
    RemoteBackupTooSlow "remote.backup_too_slow" 504 Administrator
        "{remote} takes too long to make the backup."
        "{remote} met trop de temps à faire la sauvegarde."
        "An administrator raises the time limits there: nginx fastcgi_read_timeout or proxy_read_timeout, Apache ProxyTimeout, or its load balancer's idle time."
        "Un administrateur y relève les délais\u{a0}: fastcgi_read_timeout ou proxy_read_timeout de nginx, ProxyTimeout d'Apache, ou celui du répartiteur.";
    RemoteBackupCrashed "remote.backup_crashed" 502 Administrator
        "The backup on {remote} stopped three times before its end."
        "La sauvegarde sur {remote} s'est arrêtée trois fois avant la fin."
        "An administrator there looks at PHP's memory and time limits for cron."
        "Un administrateur y regarde les limites de mémoire et de temps de PHP pour le cron.";
    RemoteBackupSettings "remote.backup_settings" 502 Administrator
        "The backup settings of {remote} do not allow this backup. {detail}"
        "Les réglages de sauvegarde de {remote} n'autorisent pas cette sauvegarde. {detail}"
        "An administrator there unlocks the setting under Site administration ▸ Courses ▸ Backups."
        "Un administrateur y déverrouille le réglage dans Administration du site ▸ Cours ▸ Sauvegardes.";
    RemoteDiskFull "remote.disk_full" 507 Automatic
        "There is not enough disk space on {remote}."
        "Il n'y a pas assez d'espace disque sur {remote}."
        "If it stays so, an administrator there frees space."
        "Si cela dure, un administrateur y libère de l'espace.";
    RemoteNotReady "remote.not_ready" 409 Automatic
        "The backup on {remote} is not ready yet."
        "La sauvegarde sur {remote} n'est pas encore prête."
        "Nothing to do: it is asked again."
        "Rien à faire\u{a0}: il sera de nouveau interrogé.";
    RemoteCronStopped "remote.cron_stopped" 504 Administrator
        "{remote} has not begun the backup for hours: its cron seems to stand still."
        "{remote} n'a pas commencé la sauvegarde depuis des heures\u{a0}: son cron semble arrêté."
        "An administrator there has php admin/cli/cron.php run every minute."
        "Un administrateur y fait lancer php admin/cli/cron.php chaque minute.";
    RemoteBackupStalled "remote.backup_stalled" 504 Automatic
        "The backup on {remote} has made no progress for a day."
        "La sauvegarde sur {remote} n'avance plus depuis un jour."
        "If it stays so, an administrator there looks at the task logs."
        "Si cela dure, un administrateur y regarde les journaux des tâches.";

    BackupTicket "backup.ticket_refused" 401 Never
        "This backup is not yours to fetch."
        "Cette sauvegarde n'est pas pour vous."
        "Nothing to do: the next try has its own ticket."
        "Rien à faire\u{a0}: le prochain essai a son propre ticket.";
    BackupReplaced "backup.replaced" 412 Automatic
        "The backup was replaced while it was copied."
        "La sauvegarde a été remplacée pendant la copie."
        "Nothing to do: it is tried again."
        "Rien à faire\u{a0}: un nouvel essai est prévu.";
    BackupGone "backup.gone" 410 Automatic
        "The backup is no longer there."
        "La sauvegarde n'est plus là."
        "Nothing to do: it is tried again."
        "Rien à faire\u{a0}: un nouvel essai est prévu.";
    BackupRange "backup.range" 416 Never
        "The backup has no such part."
        "La sauvegarde n'a pas cette partie."
        "Nothing to do: the copy begins anew."
        "Rien à faire\u{a0}: la copie recommence.";
    BackupUnreachable "backup.unreachable" 502 Automatic
        "The backup could not be copied."
        "La sauvegarde n'a pas pu être copiée."
        "Nothing to do: it is tried again."
        "Rien à faire\u{a0}: un nouvel essai est prévu.";
    BackupTruncated "backup.truncated" 502 Automatic
        "The backup arrived incomplete."
        "La sauvegarde est arrivée incomplète."
        "Nothing to do: it is tried again."
        "Rien à faire\u{a0}: un nouvel essai est prévu.";
    BackupTooSlow "backup.too_slow" 504 Automatic
        "Copying the backup took too long."
        "La copie de la sauvegarde a pris trop de temps."
        "Nothing to do: it is tried again."
        "Rien à faire\u{a0}: un nouvel essai est prévu.";
    BackupTooLarge "backup.too_large" 507 Administrator
        "The backup unpacks to more than this Moodle takes."
        "La sauvegarde décompressée dépasse ce que ce Moodle accepte."
        "An administrator looks at the free space and at the block's limits."
        "Un administrateur regarde l'espace libre et les limites du bloc.";
    BackupChecksum "backup.checksum" 502 Automatic
        "The backup was damaged on its way."
        "La sauvegarde a été abîmée en chemin."
        "Nothing to do: it is tried again."
        "Rien à faire\u{a0}: un nouvel essai est prévu.";
    BackupUnreadable "backup.unreadable" 502 Manual
        "The backup cannot be unpacked."
        "La sauvegarde ne peut pas être ouverte."
        "Back up the course yourself on the other Moodle; an error shown there explains the problem."
        "Sauvegardez vous-même le cours sur l'autre Moodle\u{a0}; l'erreur affichée expliquera le problème.";
    BackupNotABackup "backup.not_a_backup" 502 Manual
        "What arrived is not a course backup."
        "Ce qui est arrivé n'est pas une sauvegarde de cours."
        "Copy the details for support."
        "Copiez les détails pour l'assistance.";
    BackupWrongCourse "backup.wrong_course" 502 Automatic
        "The backup of another course arrived, so it was thrown away."
        "La sauvegarde d'un autre cours est arrivée\u{a0}: elle a été jetée."
        "Nothing to do: it is tried again."
        "Rien à faire\u{a0}: un nouvel essai est prévu.";

    ClientUnreachable "client.unreachable" 502 Automatic
        "This Moodle does not answer the restore service."
        "Ce Moodle ne répond pas au service de restauration."
        "Nothing to do: it is tried again."
        "Rien à faire\u{a0}: un nouvel essai est prévu.";
    ClientTimeout "client.timeout" 504 Automatic
        "This Moodle takes too long to answer the restore service."
        "Ce Moodle met trop de temps à répondre au service de restauration."
        "Nothing to do: it is tried again."
        "Rien à faire\u{a0}: un nouvel essai est prévu.";
    ClientMaintenance "client.maintenance" 503 Automatic
        "This Moodle is under maintenance."
        "Ce Moodle est en maintenance."
        "Nothing to do: it is tried again."
        "Rien à faire\u{a0}: un nouvel essai est prévu.";
    ClientServerError "client.server_error" 502 Automatic
        "This Moodle has an internal error."
        "Ce Moodle a une erreur interne."
        "Nothing to do: it is tried again."
        "Rien à faire\u{a0}: un nouvel essai est prévu.";
    ClientBadToken "client.bad_token" 502 Administrator
        "This Moodle refuses the restore service's token."
        "Ce Moodle refuse le jeton du service de restauration."
        "An administrator sets CLIENT_TOKEN as cli/install.php prints it."
        "Un administrateur met CLIENT_TOKEN tel que cli/install.php l'affiche.";
    ClientAccessRefused "client.access_refused" 502 Administrator
        "This Moodle refuses the restore service."
        "Ce Moodle refuse le service de restauration."
        "An administrator runs cli/install.php again and looks at what it mends."
        "Un administrateur relance cli/install.php et lit ce qu'il répare.";
    ClientPluginMissing "client.plugin_missing" 502 Administrator
        "The Courseferry block is not installed or not up to date on this Moodle."
        "Le bloc Courseferry n'est pas installé ou pas à jour sur ce Moodle."
        "An administrator installs it."
        "Un administrateur l'installe.";
    ClientPluginTooOld "client.plugin_too_old" 502 Administrator
        "The Courseferry block on this Moodle is too old for the restore service."
        "Le bloc Courseferry de ce Moodle est trop ancien pour le service de restauration."
        "An administrator installs the block of this release and runs php admin/cli/upgrade.php."
        "Un administrateur installe le bloc de cette version et lance php admin/cli/upgrade.php.";
    ClientSitePolicy "client.site_policy" 502 Administrator
        "The service account on this Moodle has not agreed to the site's policy."
        "Le compte de service de ce Moodle n'a pas accepté la charte du site."
        "An administrator logs in as the service account once and agrees."
        "Un administrateur se connecte une fois avec le compte de service et l'accepte.";
    ClientProtocolOff "client.protocol_off" 502 Administrator
        "Web services are switched off on this Moodle."
        "Les services web sont désactivés sur ce Moodle."
        "An administrator runs cli/install.php again."
        "Un administrateur relance cli/install.php.";
    ClientNotMoodle "client.not_moodle" 502 Automatic
        "This Moodle answers the restore service with a web page instead of data."
        "Ce Moodle répond au service de restauration par une page web."
        "An administrator checks client_wwwroot and any firewall before Moodle."
        "Un administrateur vérifie client_wwwroot et tout pare-feu devant Moodle.";
    ClientNoMoodle "client.no_moodle" 502 Administrator
        "There is no Moodle at the address that the restore service was given."
        "Il n'y a pas de Moodle à l'adresse donnée au service de restauration."
        "An administrator corrects client_wwwroot."
        "Un administrateur corrige client_wwwroot.";
    ClientFirewall "client.firewall" 502 Administrator
        "A firewall or bot protection before this Moodle keeps the restore service out."
        "Un pare-feu ou un filtre anti-robots devant ce Moodle bloque le service de restauration."
        "An administrator lets requests to /webservice/rest/server.php pass (User-Agent: Courseferry)."
        "Un administrateur laisse passer les demandes vers /webservice/rest/server.php (User-Agent\u{a0}: Courseferry).";
    ClientStrayOutput "client.stray_output" 502 Administrator
        "This Moodle sends something before its answers that does not belong there."
        "Ce Moodle envoie devant ses réponses quelque chose qui n'y a pas sa place."
        "An administrator removes the blank line or byte order mark before <?php in config.php or in a plugin's file."
        "Un administrateur supprime la ligne vide ou la marque d'ordre des octets avant <?php dans config.php ou dans un fichier de plugin.";
    ClientWrongAddress "client.wrong_address" 502 Administrator
        "This Moodle sends the restore service to another address."
        "Ce Moodle renvoie le service de restauration à une autre adresse."
        "An administrator writes Moodle's exact address in client_wwwroot."
        "Un administrateur écrit l'adresse exacte de Moodle dans client_wwwroot.";
    ClientUnexpected "client.unexpected" 502 Automatic
        "This Moodle answers the restore service in a way that is not understood."
        "Ce Moodle répond au service de restauration de façon inattendue."
        "Copy the details for support."
        "Copiez les détails pour l'assistance.";
    ClientUserUnknown "client.user_unknown" 404 Manual
        "The account no longer exists here."
        "Le compte n'existe plus ici."
        "Ask support."
        "Adressez-vous à l'assistance.";
    ClientNoCapability "client.no_capability" 403 Manual
        "The right to restore into this category is missing."
        "Le droit de restaurer dans cette catégorie manque."
        "Choose another category, or ask support for the right."
        "Choisissez une autre catégorie, ou demandez ce droit à l'assistance.";
    ClientCategoryMissing "client.category_missing" 409 Manual
        "The category no longer exists."
        "La catégorie n'existe plus."
        "Choose another category."
        "Choisissez une autre catégorie.";
    ClientCourseMissing "client.course_missing" 409 Manual
        "There is no such course here."
        "Ce cours n'existe pas ici."
        "Give the address or number of a course of this Moodle."
        "Donnez l'adresse ou le numéro d'un cours de ce Moodle.";
    ClientDiskFull "client.disk_full" 507 Automatic
        "There is not enough disk space on this Moodle."
        "Il n'y a pas assez d'espace disque sur ce Moodle."
        "An administrator frees temporary space."
        "Un administrateur libère de l'espace temporaire.";
    ClientCrashed "client.crashed" 500 Administrator
        "The restore stopped three times before its end."
        "La restauration s'est arrêtée trois fois avant la fin."
        "An administrator looks at PHP's memory and time limits for Moodle's cron."
        "Un administrateur regarde les limites de mémoire et de temps de PHP pour le cron de Moodle.";
    ClientPrecheckFailed "client.precheck_failed" 409 Manual
        "Moodle refuses this backup. {detail}"
        "Moodle refuse cette sauvegarde. {detail}"
        "Copy the details for support."
        "Copiez les détails pour l'assistance.";
    ClientAccountConflict "client.account_conflict" 409 Manual
        "On this Moodle these user names belong to other people than in the backup: {detail}."
        "Sur ce Moodle, ces noms d'utilisateur sont à d'autres personnes que dans la sauvegarde\u{a0}: {detail}."
        "Restore it without students' data, or ask support to compare these accounts here and there."
        "Restaurez-le sans les données des étudiants, ou demandez à l'assistance de comparer ces comptes ici et là-bas.";
    ClientAccountsMissing "client.accounts_missing" 409 Manual
        "These people of the backup have no account on this Moodle, and this restore may not make any: {detail}."
        "Ces personnes de la sauvegarde n'ont pas de compte sur ce Moodle, et cette restauration ne peut pas en créer\u{a0}: {detail}."
        "Restore it without students' data, or ask support for their accounts."
        "Restaurez-le sans les données des étudiants, ou demandez leurs comptes à l'assistance.";
    ClientQuestionsRefused "client.questions_refused" 403 Manual
        "The right to put the backup's questions into this course is missing: {detail}."
        "Le droit de mettre dans ce cours les questions de la sauvegarde manque\u{a0}: {detail}."
        "Ask support for the right, or leave out the quizzes."
        "Demandez ce droit à l'assistance, ou laissez les tests de côté.";
    ClientInvalidParameter "client.invalid_parameter" 409 Manual
        "This Moodle does not take what was handed over. {detail}"
        "Ce Moodle n'accepte pas ce qui lui a été transmis. {detail}"
        "Copy the details for support."
        "Copiez les détails pour l'assistance.";
    ClientPartlyAdded "client.partly_added" 409 Manual
        "The restore was interrupted when a part had already arrived in the course."
        "La restauration a été interrompue alors qu'une partie était déjà dans le cours."
        "Look at what arrived, then remove it or keep it."
        "Regardez ce qui est arrivé, puis retirez-le ou gardez-le.";
    ClientArrivedRemoved "client.arrived_removed" 409 Manual
        "What had arrived in the course was removed again. {detail}"
        "Ce qui était arrivé dans le cours a été retiré. {detail}"
        "Try again, if you still want it."
        "Réessayez, si vous le voulez encore.";
    ClientCourseBusy "client.course_busy" 409 Automatic
        "Something else is being added to this course."
        "Autre chose est en train d'être ajouté à ce cours."
        "Nothing to do: it is tried again."
        "Rien à faire\u{a0}: un nouvel essai est prévu.";
    ClientRestoreFailed "client.restore_failed" 500 Manual
        "Moodle could not restore this backup."
        "Moodle n'a pas pu restaurer cette sauvegarde."
        "Copy the details for support."
        "Copiez les détails pour l'assistance.";
    ClientBusy "client.busy" 409 Automatic
        "This Moodle is still working on an earlier try."
        "Ce Moodle travaille encore à un essai précédent."
        "Nothing to do: it is tried again."
        "Rien à faire\u{a0}: un nouvel essai est prévu.";
    ClientUnknownJob "client.unknown_job" 404 Automatic
        "This Moodle has lost the restore."
        "Ce Moodle a perdu la restauration."
        "Nothing to do: it is tried again."
        "Rien à faire\u{a0}: un nouvel essai est prévu.";
    ClientStaleAttempt "client.stale_attempt" 409 Automatic
        "A newer try of this restore is known to this Moodle."
        "Ce Moodle connaît un essai plus récent."
        "Nothing to do: it is tried again."
        "Rien à faire\u{a0}: un nouvel essai est prévu.";

    ConfigMissing "config.missing" 500 Administrator
        "The setting {detail} is not set."
        "Le réglage {detail} n'est pas renseigné."
        "An administrator sets it and deploys again."
        "Un administrateur le renseigne et redéploie.";
    ConfigInvalid "config.invalid" 500 Administrator
        "The setting {detail}"
        "Le réglage {detail}"
        "An administrator corrects it and deploys again."
        "Un administrateur le corrige et redéploie.";
    Database "internal.database" 503 Automatic
        "The restore service's database does not answer."
        "La base de données du service de restauration ne répond pas."
        "Try again in a minute."
        "Réessayez dans une minute.";
    Interrupted "internal.interrupted" 503 Automatic
        "The restore service was interrupted while {remote} made the backup."
        "Le service de restauration a été interrompu pendant que {remote} faisait la sauvegarde."
        "Nothing to do: once it must have ended there, it is asked again."
        "Rien à faire\u{a0}: il sera de nouveau interrogé quand elle y sera finie.";
    Internal "internal.error" 500 Automatic
        "The restore service has an internal error."
        "Le service de restauration a une erreur interne."
        "Try again; if it stays so, copy the details for support."
        "Réessayez\u{a0}; si cela dure, copiez les détails pour l'assistance.";
}

impl ErrorCode {
    /// Whether the advice promises another try, which is untrue of what has ended.
    fn promises_another_try(self) -> bool {
        matches!(
            self,
            Self::RemoteHeld
                | Self::RemoteUnreachable
                | Self::RemoteTimeout
                | Self::RemoteMaintenance
                | Self::RemoteServerError
                | Self::RemoteBackupUnknown
                | Self::RemoteNotReady
                | Self::BackupReplaced
                | Self::BackupGone
                | Self::BackupUnreachable
                | Self::BackupTruncated
                | Self::BackupTooSlow
                | Self::BackupChecksum
                | Self::BackupWrongCourse
                | Self::ClientUnreachable
                | Self::ClientTimeout
                | Self::ClientMaintenance
                | Self::ClientServerError
                | Self::ClientCourseBusy
                | Self::ClientBusy
                | Self::ClientUnknownJob
                | Self::ClientStaleAttempt
                | Self::Interrupted
        )
    }

    /// Whether the advice sends its reader to support.
    pub(crate) fn asks_support(self) -> bool {
        matches!(
            self,
            Self::AccessDenied
                | Self::AccessNowhere
                | Self::UserInactive
                | Self::RestoreNotRemovable
                | Self::RemoteUnconfigured
                | Self::RemoteUnknownUser
                | Self::RemoteNoBackupRight
                | Self::RemoteAccountNotLent
                | Self::RemoteUnexpected
                | Self::RemoteTooLarge
                | Self::BackupNotABackup
                | Self::ClientUnexpected
                | Self::ClientUserUnknown
                | Self::ClientNoCapability
                | Self::ClientPrecheckFailed
                | Self::ClientAccountConflict
                | Self::ClientAccountsMissing
                | Self::ClientQuestionsRefused
                | Self::ClientInvalidParameter
                | Self::ClientRestoreFailed
                | Self::Internal
        )
    }
}

impl<'de> Deserialize<'de> for ErrorCode {
    /// A code that this version does not know (an older widget, a newer Worker) reads as [`ErrorCode::Internal`].
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(text.parse().unwrap_or(Self::Internal))
    }
}

/// An error as its reader is shown it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Its stable code.
    pub code: ErrorCode,
    /// One sentence, in the reader's language.
    pub message: String,
    /// What they can do; may be empty.
    pub advice: String,
    /// For the help desk: what exactly happened. Never a secret, never an address of a remote.
    pub detail: String,
}

impl Problem {
    /// The problem in `language`; `remote` and `detail` fill the sentence's places.
    pub fn new(code: ErrorCode, language: Language, remote: &str, detail: &str) -> Self {
        let fill = |text: &str| fill(text, &[("remote", remote), ("detail", detail)]).trim_end().to_owned();
        Self {
            code,
            message: fill(code.sentence(language)),
            advice: fill(code.advice(language)),
            detail: detail.to_owned(),
        }
    }

    /// The problem of something that has ended for good: the advice never promises another try.
    pub fn ended(code: ErrorCode, language: Language, remote: &str, detail: &str) -> Self {
        let problem = Self::new(code, language, remote, detail);
        if !code.promises_another_try() {
            return problem;
        }
        Self { advice: language.say(words::TRIED_AS_OFTEN_AS_SET).to_owned(), ..problem }
    }

    /// The same for somebody who is no administrator: of a remote's cause that only an administrator can mend, they
    /// learn that it is no fault of theirs.
    ///
    /// `held`: the remote's restores wait for that, and the administrators have been told.
    pub fn for_teacher(code: ErrorCode, language: Language, remote: &str, detail: &str, held: bool) -> Self {
        if code.repeat() != Repeat::Administrator || !code.as_str().starts_with("remote.") {
            return Self::new(code, language, remote, detail);
        }
        let problem = Self { code, ..Self::new(ErrorCode::RemoteHeld, language, remote, detail) };
        if held {
            return problem;
        }
        Self { message: language.fill(words::ADMINISTRATOR_MUST_MEND, &[("remote", remote)]), ..problem }
    }
}

/// The body of every answer that is not a success.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorBody {
    /// What went wrong.
    pub error: Problem,
    /// The request's id, for the help desk and the log.
    pub request_id: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_code_is_unique_dotted_and_reads_back() {
        let mut seen = HashSet::new();
        for code in ErrorCode::ALL {
            assert!(seen.insert(code.as_str()), "{code} twice");
            assert!(code.as_str().split('.').count() == 2);
            assert_eq!(code.as_str().parse(), Ok(*code));
        }
    }

    #[test]
    fn every_code_has_a_sentence_in_both_languages_and_the_same_places() {
        for code in ErrorCode::ALL {
            let (english, french) = (code.sentence(Language::English), code.sentence(Language::French));
            assert_ne!(english, french, "{code}");
            for place in ["{remote}", "{detail}"] {
                assert_eq!(english.contains(place), french.contains(place), "{code} {place}");
            }
            for language in [Language::English, Language::French] {
                let advice = code.advice(language);
                assert!(advice.ends_with('.') && !advice.contains('{'), "{code} says what to do: {advice}");
            }
        }
    }

    #[test]
    fn no_french_line_breaks_before_its_sign() {
        for code in ErrorCode::ALL {
            for french in [code.sentence(Language::French), code.advice(Language::French)] {
                assert_eq!(words::breaking(french), None, "{french}");
            }
        }
    }

    #[test]
    fn what_is_tried_again_by_itself_never_asks_the_teacher_to_act() {
        let problem = Problem::new(ErrorCode::RemoteUnreachable, Language::French, "Moodle Sciences", "");
        assert_eq!(problem.message, "Moodle Sciences ne répond pas.");
        assert_eq!(ErrorCode::RemoteUnreachable.repeat(), Repeat::Automatic);
    }

    #[test]
    fn a_teacher_is_not_asked_to_mend_what_only_an_administrator_can() {
        let problem = Problem::for_teacher(ErrorCode::RemoteBadToken, Language::English, "Moodle Sciences", "", true);
        assert_eq!(problem.code, ErrorCode::RemoteBadToken);
        assert!(problem.message.starts_with("Moodle Sciences is unavailable because of a settings problem."));
        assert!(!problem.advice.contains("EXTERNAL_MOODLES"));
        let untold = Problem::for_teacher(ErrorCode::RemoteBadToken, Language::English, "Moodle Sciences", "", false);
        assert!(!untold.message.contains("have been told") && untold.advice == problem.advice, "{untold:?}");
        let own = Problem::for_teacher(ErrorCode::RemoteNotOwner, Language::English, "Moodle Sciences", "", false);
        assert_eq!(own.message, "You no longer teach this course on Moodle Sciences.");
    }

    #[test]
    fn what_has_ended_for_good_promises_no_other_try() {
        for code in ErrorCode::ALL {
            for (language, promise) in [(Language::English, "again by itself"), (Language::French, "nouvel essai")] {
                let ended = Problem::ended(*code, language, "Moodle Sciences", "");
                assert!(!ended.advice.contains(promise) && !ended.advice.contains("it is tried again"), "{ended:?}");
                assert!(!ended.advice.is_empty());
            }
        }
    }

    #[test]
    fn the_lists_of_codes_agree_with_what_their_advice_says_in_both_languages() {
        for code in ErrorCode::ALL {
            for (language, nothing, support) in
                [(Language::English, "Nothing to do", "support"), (Language::French, "Rien à faire", "assistance")]
            {
                let advice = code.advice(language);
                let promises = code.repeat() == Repeat::Automatic && advice.starts_with(nothing);
                assert_eq!(code.promises_another_try(), promises, "{code}: {advice}");
                assert_eq!(code.asks_support(), advice.contains(support), "{code}: {advice}");
            }
        }
    }

    #[test]
    fn an_unknown_code_of_a_newer_worker_still_reads() {
        assert_eq!(serde_json::from_str::<ErrorCode>("\"remote.invented\"").ok(), Some(ErrorCode::Internal));
    }
}
