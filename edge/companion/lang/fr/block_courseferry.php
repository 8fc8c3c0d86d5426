<?php
// This file is part of Moodle - https://moodle.org/
//
// Moodle is free software: you can redistribute it and/or modify
// it under the terms of the GNU General Public License as published by
// the Free Software Foundation, either version 3 of the License, or
// (at your option) any later version.
//
// Moodle is distributed in the hope that it will be useful,
// but WITHOUT ANY WARRANTY; without even the implied warranty of
// MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the
// GNU General Public License for more details.
//
// You should have received a copy of the GNU General Public License
// along with Moodle.  If not, see <https://www.gnu.org/licenses/>.

/**
 * French.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();

$string['arrivedleft'] = 'Reste, car utilisé ou impossible à supprimer : {$a}.';
$string['backup.gone'] = 'Cette sauvegarde n\'est pas conservée ici.';
$string['backup.range'] = 'La sauvegarde n\'a pas cette partie : {$a}';
$string['cachedef_eligibility'] = 'Combien d\'enseignants voient le widget et peuvent restaurer';
$string['cachedef_siteversion'] = 'Version des règles d\'accès du site';
$string['cachedef_targets'] = 'Qui voit le widget grâce à un cours auquel ajouter du contenu';
$string['categorytable'] = 'Table des catégories';
$string['categorytable_categoryfield'] = 'Colonne de l\'identifiant';
$string['categorytable_categoryfield_desc'] = 'Sa valeur permet de reconnaître une catégorie sur les autres Moodle. Par défaut, le numéro d\'identification de la catégorie.';
$string['categorytable_desc'] = 'La table, sans préfixe, qui contient les identifiants des catégories.';
$string['categorytable_foreignkey'] = 'Colonne de la catégorie';
$string['categorytable_foreignkey_desc'] = 'La colonne de cette table qui contient l\'id de la catégorie.';
$string['client.no_capability'] = 'Il manque à la personne une capacité nécessaire pour cela.';
$string['client.unknown_job'] = 'Courseferry n\'a pas restauré ce cours ici.';
$string['client.user_inactive'] = 'Ce compte est suspendu, supprimé ou non confirmé.';
$string['connected'] = 'Connecté. Dernier test le {$a}.';
$string['connection'] = 'Connexion au Worker';
$string['connection_blocked'] = 'Moodle lui-même refuse de se connecter à {$a->origin}. Dans Administration du site > Général > Sécurité > Sécurité HTTP, retirez {$a->host} des hôtes bloqués et ajoutez le port {$a->port} aux ports autorisés.';
$string['connection_clock'] = 'Le Worker refuse notre jeton parce que les horloges diffèrent : ici il est {$a->here}, là-bas {$a->there}. Réglez l\'horloge de ce serveur.';
$string['connection_key'] = 'Le Worker est là, mais refuse notre clé. Son SERVICE_KEY doit être la clé de service ci-dessous, et son adresse du Moodle client celle de ce site.';
$string['connection_notworker'] = 'Quelque chose répond à {$a->origin}, mais ce n\'est pas le Worker de Courseferry (HTTP {$a->status}). Vérifiez l\'adresse.';
$string['connection_ok'] = 'Connecté : le Worker à {$a->origin} accepte notre clé.';
$string['connection_refused'] = 'Le Worker refuse : {$a->detail}';
$string['connection_unreachable'] = 'Le Worker à {$a->origin} ne répond pas : {$a->detail} (HTTP {$a->status}). Vérifiez l\'adresse, et que ce serveur peut se connecter à {$a->host}, port {$a->port}.';
$string['courseferry:addinstance'] = 'Ajouter un bloc Courseferry';
$string['courseferry:callservice'] = 'Appeler les services web de Courseferry (réservé à son utilisateur de service)';
$string['courseferry:can_restore_user_datas'] = 'Reprendre les données des étudiants depuis d\'autres Moodle';
$string['courseferry:can_retrieve_courses'] = 'Sauvegarder des cours pour un autre Moodle (réservé à son compte de service)';
$string['courseferry:can_see_backup_courses'] = 'Lister des cours pour un autre Moodle (réservé à son compte de service)';
$string['courseferry:can_see_external_course_link'] = 'Voir les liens vers les cours d\'autres Moodle';
$string['courseferry:manage'] = 'Gérer les restaurations de tout le monde';
$string['courseferry:myaddinstance'] = 'Ajouter un bloc Courseferry au tableau de bord';
$string['courseferry:startnow'] = 'Lancer une restauration tout de suite, hors de la plage nocturne';
$string['courseferry:view'] = 'Restaurer ses cours depuis d\'autres Moodle';
$string['enrollrole'] = 'Rôle pour les collègues';
$string['enrollrole_desc'] = 'Le rôle que « M\'inscrire » donne dans un cours restauré par un collègue. La personne qui restaure devient de toute façon enseignante du cours.';
$string['eventaccount_confirmed'] = 'Compte créé par une restauration confirmé';
$string['eventcopy_enrolled'] = 'Inscription dans la copie d\'un collègue';
$string['eventlent_backup_asked'] = 'Sauvegarde demandée par un autre Moodle';
$string['eventlent_backup_failed'] = 'Échec d\'une sauvegarde pour un autre Moodle';
$string['eventlent_backup_fetched'] = 'Sauvegarde récupérée par un autre Moodle';
$string['eventlent_backup_ready'] = 'Sauvegarde pour un autre Moodle prête';
$string['eventlent_backup_removed'] = 'Sauvegarde pour un autre Moodle supprimée';
$string['eventrestore_failed'] = 'Échec d\'une restauration depuis un autre Moodle';
$string['eventrestore_finished'] = 'Cours restauré depuis un autre Moodle';
$string['eventrestore_started'] = 'Restauration depuis un autre Moodle commencée';
$string['guestinvitation'] = 'Courseferry apporte ici vos propres cours : il doit savoir qui vous êtes. Veuillez vous connecter.';
$string['integrity'] = 'Version épinglée du widget';
$string['integrity_desc'] = 'L\'empreinte qu\'affiche <code>cargo xtask deploy</code>, de la forme sha256-…=. Avec elle, les navigateurs exécutent cette version du widget et aucune autre, même si quelqu\'un d\'autre s\'emparait du Worker ; saisissez la nouvelle après chaque déploiement : les deux versions précédentes restent disponibles. Vide : la version la plus récente.';
$string['invalidmethod'] = 'Cette adresse n\'accepte que POST.';
$string['keepidnumber'] = 'Garder le numéro d\'identification du cours';
$string['keepidnumber_desc'] = 'Donner au cours restauré le numéro d\'identification qu\'il a sur l\'autre Moodle, si aucun cours ne l\'a ici et si l\'enseignant peut modifier ces numéros. Sinon il reste vide.';
$string['late'] = 'Courseferry ne répond pas pour le moment. Les restaurations en cours continuent ; rechargez la page plus tard.';
$string['launchkey'] = 'Clé de lancement';
$string['launchkey_desc'] = 'Le LAUNCH_KEY du Worker, au moins 32 caractères. Avec elle, ce Moodle garantit l\'identité des utilisateurs.';
$string['leftovercourse'] = 'Reste à supprimer : {$a}';
$string['lending'] = 'Prêt de cours à d\'autres Moodle';
$string['lending_desc'] = 'Les enseignants d\'un autre Moodle qui a Courseferry peuvent prendre ici leurs propres cours. Cela commence par « Configurer le prêt » et demande le cron chaque minute. Avant cela, personne n\'obtient rien.';
$string['lendingclient'] = 'Quel Moodle emprunte';
$string['lendingclient_desc'] = 'Laissez vide s\'il n\'y en a qu\'un. Sinon, lettres minuscules et chiffres : chacun a son propre compte, et aucun ne voit les sauvegardes d\'un autre.';
$string['lendingentry'] = 'L\'entrée de ce Moodle, pour « cargo xtask secret remote » du côté du Moodle client. C\'est un secret : transmettez-la comme un mot de passe.';
$string['lendingrotate'] = 'Nouveau jeton, l\'ancien reste valable un jour';
$string['lendingsetup'] = 'Configurer le prêt';
$string['lendingsetup_desc'] = 'Crée le compte de service web, son rôle et son jeton, et active les services web et REST. Refait, cela ne change rien.';
$string['lendingshow'] = 'Configurer et afficher l\'entrée';
$string['lendingstolen'] = 'Jeton volé : un nouveau, l\'ancien refusé aussitôt';
$string['lendtoadmins'] = 'Prêter aux administrateurs';
$string['lendtoadmins_desc'] = 'Si les cours sont aussi prêtés aux comptes d\'administrateurs. Désactivé, car qui contrôle un autre Moodle peut y nommer n\'importe quel utilisateur.';
$string['lenduserdata'] = 'Prêter les données des étudiants';
$string['lenduserdata_desc'] = 'Si les enseignants qui peuvent sauvegarder ici les données des étudiants (moodle/backup:userinfo) peuvent les emporter vers l\'autre Moodle. Désactivé : aucune sauvegarde pour un autre Moodle n\'en contient.';
$string['lent_anonymised'] = 'effacé';
$string['lent_asked'] = 'Demandée';
$string['lent_client'] = 'Par';
$string['lent_expired'] = 'Non récupérée à temps';
$string['lent_failed'] = 'Échec';
$string['lent_fetched'] = 'Récupérée pour la première fois';
$string['lent_ready'] = 'Prête';
$string['lent_removed'] = 'Supprimée';
$string['lent_running'] = 'En cours';
$string['lent_until'] = 'jusqu\'au {$a}';
$string['lent_waiting'] = 'Attend le cron';
$string['lent_withusers'] = 'avec les données des étudiants';
$string['lentauth'] = 'Comptes auxquels on prête';
$string['lentauth_desc'] = 'Types de compte dont les titulaires peuvent prendre leurs cours ici. L\'autre Moodle se porte garant du nom d\'utilisateur : seuls conviennent les types où le même nom désigne la même personne des deux côtés.';
$string['lentbackups'] = 'Sauvegardes prêtées';
$string['lentkeep'] = 'Garder une sauvegarde terminée';
$string['lentkeep_desc'] = 'Combien de temps le fichier attend si l\'autre Moodle ne le récupère ni ne le supprime.';
$string['limitedloginas'] = 'Vous êtes connecté au nom d\'une autre personne, pour un seul cours. Courseferry fonctionne pour qui se connecte soi-même.';
$string['loading'] = 'Chargement…';
$string['locked_config'] = 'Les réglages de sauvegarde de ce site imposent une autre valeur à « {$a} ».';
$string['locked_permission'] = 'L\'enseignant ne peut pas modifier « {$a} » (moodle/backup:configure).';
$string['madeaccountconfirm'] = 'Confirmer {$a}';
$string['madeaccountconfirmed'] = 'Le compte est confirmé.';
$string['madeaccountconfirmedon'] = 'Confirmé le {$a}';
$string['madeaccountfrom'] = 'Provenance';
$string['madeaccounts'] = 'Comptes créés par des restaurations';
$string['madeaccounts_desc'] = 'Des restaurations avec les données des étudiants ont créé ces comptes ; un autre Moodle a choisi leurs noms et adresses de courriel. Courseferry ne reprend aucun cours pour eux tant que vous n\'avez pas vérifié et confirmé qu\'un compte appartient bien à la personne dont il porte le nom d\'utilisateur.';
$string['madeaccountswaiting'] = 'Comptes créés par des restaurations : {$a} à confirmer';
$string['messageprovider:restorationfailed'] = 'Un cours n\'a pas pu être restauré';
$string['messageprovider:restorationsuccess'] = 'Des cours ont été restaurés';
$string['missingactivities'] = '{$a->missing} activités sur {$a->total} ne sont pas arrivées : {$a->kinds}.';
$string['missingactivitiesnotinstalled'] = '{$a->missing} activités sur {$a->total} ne sont pas arrivées, car elles sont d\'un type qui n\'est pas installé ici : {$a->kinds}.';
$string['missingidentifier'] = 'La base de données n\'a pas de {$a}. Tant que ce n\'est pas corrigé, aucune catégorie n\'a d\'identifiant.';
$string['missingquestions'] = '{$a->missing} questions sur {$a->total} ne sont pas arrivées.';
$string['nameschanged'] = 'Le nom est déjà pris par un autre cours ici, ou trop long : il a été modifié.';
$string['newerbackup'] = 'La sauvegarde vient d\'un Moodle plus récent ({$a->there}) que celui-ci ({$a->here}). Ce que seul le plus récent connaît peut manquer : veuillez parcourir le cours.';
$string['nextkeys'] = 'saisissez ci-dessous l\'adresse du Worker et les deux clés.';
$string['nexttest'] = 'testez la connexion.';
$string['nexttoken'] = 'une fois le Worker déployé (étape 1), créez l\'utilisateur de service et son jeton avec <code>php blocks/courseferry/cli/install.php --worker=https://…</code>';
$string['nobackupfile'] = 'La sauvegarde s\'est terminée sans fichier.';
$string['noscript'] = 'Ceci nécessite JavaScript.';
$string['notaname'] = 'Un nom composé de minuscules, de chiffres et de tirets bas.';
$string['notanintegrity'] = 'Ce n\'est pas l\'empreinte affichée par un déploiement : sha256- et 44 caractères.';
$string['notanorigin'] = 'Une adresse comme https://courseferry.example.org, sans chemin.';
$string['notapath'] = 'Ce lien n\'est pas une page de Courseferry.';
$string['notconnected'] = 'Courseferry n\'est pas encore connecté.';
$string['notconnectedstep'] = 'Non connecté. Étape 2 sur 4, reliez votre Moodle et le Worker :';
$string['notlent_administrator'] = 'C\'est celui d\'un administrateur.';
$string['notlent_kind'] = 'Il est d\'un type auquel on ne prête pas.';
$string['notlent_suspended'] = 'Il est suspendu.';
$string['notlent_unconfirmed'] = 'Il n\'est pas confirmé.';
$string['notowner_hidden'] = 'Le cours est caché à ce compte.';
$string['notowner_norole'] = 'Ce compte n\'enseigne pas dans ce cours.';
$string['notowner_notenrolled'] = 'L\'inscription est suspendue ou a pris fin.';
$string['ownernotenrolled'] = 'L\'enseignant n\'a pas pu être inscrit : l\'inscription manuelle est désactivée ou le rôle d\'enseignant n\'existe pas.';
$string['partlyadded'] = 'La restauration a été interrompue et ce qui était arrivé a été gardé : il peut manquer quelque chose.';
$string['pluginname'] = 'Courseferry';
$string['privacy:metadata:account'] = 'Le fait qu\'une restauration avec les données des étudiants a créé votre compte';
$string['privacy:metadata:account:confirmedby'] = 'L\'administrateur qui l\'a confirmé';
$string['privacy:metadata:account:remote'] = 'L\'autre Moodle';
$string['privacy:metadata:account:timecreated'] = 'Quand il a été créé';
$string['privacy:metadata:account:userid'] = 'À qui est le compte';
$string['privacy:metadata:account:username'] = 'Votre nom d\'utilisateur';
$string['privacy:metadata:externalpurpose'] = 'Vos cours sont apportés d\'autres Moodle par un service extérieur à ce Moodle (le Worker), qui interroge ces Moodle en votre nom.';
$string['privacy:metadata:fullname'] = 'Votre nom';
$string['privacy:metadata:lang'] = 'Votre langue et votre fuseau horaire';
$string['privacy:metadata:lent'] = 'Les sauvegardes de vos cours qu\'un autre Moodle a demandées en votre nom';
$string['privacy:metadata:lent:courseid'] = 'Le cours';
$string['privacy:metadata:lent:coursename'] = 'Le nom du cours à ce moment';
$string['privacy:metadata:lent:serviceuserid'] = 'Le compte du Moodle qui a demandé';
$string['privacy:metadata:lent:state'] = 'Où elle en est';
$string['privacy:metadata:lent:timecreated'] = 'Quand elle a été demandée';
$string['privacy:metadata:lent:userid'] = 'Qui l\'enseigne';
$string['privacy:metadata:lentfiles'] = 'Les sauvegardes elles-mêmes, jusqu\'à ce que l\'autre Moodle les ait ou que leur délai soit passé';
$string['privacy:metadata:message'] = 'Quels messages sur vos restaurations ont été envoyés';
$string['privacy:metadata:message:job'] = 'La restauration';
$string['privacy:metadata:message:kind'] = 'De quoi il s\'agissait';
$string['privacy:metadata:message:timecreated'] = 'Quand il a été envoyé';
$string['privacy:metadata:message:userid'] = 'À qui';
$string['privacy:metadata:remotes'] = 'Les autres Moodle sont interrogés sur les cours de l\'utilisateur qui y porte votre nom d\'utilisateur.';
$string['privacy:metadata:restore'] = 'Les cours que vous avez restaurés depuis d\'autres Moodle';
$string['privacy:metadata:restore:actorid'] = 'L\'administrateur qui l\'a restauré pour vous';
$string['privacy:metadata:restore:categoryid'] = 'La catégorie';
$string['privacy:metadata:restore:courseid'] = 'Le cours restauré';
$string['privacy:metadata:restore:remote'] = 'L\'autre Moodle';
$string['privacy:metadata:restore:remotecourseid'] = 'Le cours là-bas';
$string['privacy:metadata:restore:state'] = 'L\'état de la restauration';
$string['privacy:metadata:restore:timecreated'] = 'Quand elle a été confiée à ce Moodle';
$string['privacy:metadata:restore:userid'] = 'Qui le restaure';
$string['privacy:metadata:roles'] = 'Vos rôles au niveau du site et des catégories';
$string['privacy:metadata:userid'] = 'Votre id d\'utilisateur';
$string['privacy:metadata:username'] = 'Votre nom d\'utilisateur';
$string['privacy:stillrunning'] = 'Une restauration de cette personne n\'est pas terminée.';
$string['privacy:worker'] = 'Ce que le Worker conserve';
$string['privacy:workerunreachable'] = 'Le Worker n\'a pas pu être interrogé : {$a}';
$string['remote.account_not_lent'] = 'Ce site ne prête pas de cours à ce compte. {$a}';
$string['remote.backup_crashed'] = 'La sauvegarde s\'est arrêtée trois fois avant la fin.';
$string['remote.backup_failed'] = 'La sauvegarde n\'a pas pu être faite. {$a}';
$string['remote.backup_settings'] = 'La sauvegarde ne peut pas être faite comme demandé. {$a}';
$string['remote.course_missing'] = 'Ce cours n\'existe pas ici.';
$string['remote.disk_full'] = 'Il n\'y a pas assez d\'espace libre ici. {$a}';
$string['remote.no_backup_right'] = 'Le droit de sauvegarder ce cours manque (moodle/backup:backupcourse).';
$string['remote.not_owner'] = 'Ce cours n\'est pas prêté à ce compte. {$a}';
$string['remote.not_ready'] = 'La sauvegarde n\'est pas prête.';
$string['remote.unknown_user'] = 'Ce compte n\'existe pas ici.';
$string['remote.users_not_lent'] = 'Les données des étudiants ne sont pas prêtées : ce site ne le fait pas, ou l\'enseignant ne peut pas les sauvegarder ici.';
$string['removecopytime'] = 'Délai pour supprimer une copie';
$string['removecopytime_desc'] = 'Pendant ce temps, qui a restauré un cours peut le mettre à la corbeille, si personne d\'autre n\'y est inscrit et que rien n\'y a changé. 0 : jamais.';
$string['restoringcourse'] = 'Restauration en cours';
$string['search_roles'] = 'Rôles qui font d\'un cours le sien';
$string['search_roles_desc'] = 'Les cours sont prêtés à qui y a un de ces rôles et peut les sauvegarder.';
$string['servicekey'] = 'Clé de service';
$string['servicekey_desc'] = 'Le SERVICE_KEY du Worker, au moins 32 caractères. Avec elle, ce Moodle appelle le Worker.';
$string['setup'] = 'Configurer';
$string['targetcourses'] = 'Pour toutes celles et tous ceux qui enseignent';
$string['targetcourses_desc'] = 'Les personnes qui ne peuvent pas créer de cours, mais peuvent restaurer dans un cours qu\'elles ont ici (moodle/restore:restorecourse, par défaut tout rôle « Enseignant »), voient aussi le bloc et peuvent ajouter du contenu à ce cours.';
$string['taskerase'] = 'Faire oublier un utilisateur au Worker';
$string['tasklend'] = 'Sauvegarder un cours pour un autre Moodle';
$string['taskrecover'] = 'Reprendre les restaurations dont le processus est mort';
$string['taskremovearrived'] = 'Retirer ce qui est arrivé d\'une restauration interrompue';
$string['taskremovecopy'] = 'Supprimer un cours restauré';
$string['taskrestore'] = 'Restaurer un cours depuis un autre Moodle';
$string['tasktendlent'] = 'Veiller sur les sauvegardes pour d\'autres Moodle';
$string['testagain'] = 'Tester de nouveau';
$string['testconnection'] = 'Tester la connexion';
$string['trustedauth'] = 'Comptes de confiance';
$string['trustedauth_desc'] = 'Les autres Moodle remettent les cours à qui porte ici le bon nom d\'utilisateur. N\'ont donc leur place ici que les types de compte où personne ne choisit son nom d\'utilisateur : OAuth 2 et semblables seulement si nul autre que vos propres membres ne peut obtenir un tel compte.';
$string['untrustedaccount'] = 'Votre compte n\'est pas d\'un type avec lequel des cours peuvent être apportés d\'autres Moodle. Adressez-vous à l\'assistance.';
$string['unusablequestions'] = '{$a->number} questions ne peuvent pas être utilisées, car elles sont d\'un type qui n\'est pas installé ici : {$a->kinds}.';
$string['userdata'] = 'Accepter les données des étudiants';
$string['userdata_desc'] = 'Si les personnes qui ont block/courseferry:can_restore_user_datas dans une catégorie peuvent reprendre les méthodes d\'inscription et, avec moodle/restore:userinfo, les étudiants avec leurs travaux et leurs notes. L\'autre Moodle doit le permettre aussi. Les comptes qui manquent ici sont créés pour celles et ceux qui ont moodle/restore:createuser ; ils peuvent tout faire sauf reprendre eux-mêmes des cours, jusqu\'à ce qu\'un administrateur les confirme.';
$string['usernotfound'] = 'Cet utilisateur n\'existe pas.';
$string['workerorigin'] = 'Worker';
$string['workerorigin_desc'] = 'L\'adresse du Worker, par exemple https://courseferry.example.org. Les sauvegardes sont récupérées là et nulle part ailleurs.';
