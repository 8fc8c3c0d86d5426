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

$string['cachedef_eligibility'] = 'Combien d\'enseignants voient le widget et peuvent restaurer';
$string['cachedef_siteversion'] = 'Version des règles d\'accès du site';
$string['categorytable'] = 'Table des catégories';
$string['categorytable_categoryfield'] = 'Colonne de l\'identifiant';
$string['categorytable_categoryfield_desc'] = 'Sa valeur permet de reconnaître une catégorie sur les autres Moodles. Par défaut, le numéro d\'identification de la catégorie.';
$string['categorytable_desc'] = 'La table, sans préfixe, qui contient les identifiants des catégories.';
$string['categorytable_foreignkey'] = 'Colonne de la catégorie';
$string['categorytable_foreignkey_desc'] = 'La colonne de cette table qui contient l\'id de la catégorie.';
$string['client.unknown_job'] = 'Courseferry n\'a restauré aucun cours de ce genre ici.';
$string['client.user_inactive'] = 'Ce compte est suspendu, supprimé ou non confirmé.';
$string['connected'] = 'Connecté. Dernier test le {$a}.';
$string['connection'] = 'Connexion au Worker';
$string['connection_blocked'] = 'Moodle lui-même refuse de se connecter à {$a->origin}. Dans Administration du site > Général > Sécurité > Sécurité HTTP, retirez {$a->host} des hôtes bloqués et ajoutez le port {$a->port} aux ports autorisés.';
$string['connection_clock'] = 'Le Worker refuse notre jeton parce que les horloges diffèrent : ici il est {$a->here}, là-bas {$a->there}. Réglez l\'horloge de ce serveur.';
$string['connection_key'] = 'Le Worker est là, mais refuse notre clé. Son SERVICE_KEY doit être la clé de service ci-dessous, et son adresse du Moodle client celle de ce site.';
$string['connection_notworker'] = 'Quelque chose répond à {$a->origin}, mais ce n\'est pas le Worker de Courseferry (HTTP {$a->status}). Vérifiez l\'adresse.';
$string['connection_ok'] = 'Connecté : le Worker à {$a->origin} accepte notre clé.';
$string['connection_refused'] = 'Le Worker refuse : {$a->detail}';
$string['connection_unreachable'] = 'Le Worker à {$a->origin} ne répond pas : {$a->detail} (HTTP {$a->status}). Vérifiez l\'adresse, et que ce serveur peut se connecter à {$a->host}, port {$a->port}.';
$string['courseferry:addinstance'] = 'Ajouter un bloc Courseferry';
$string['courseferry:callservice'] = 'Appeler les services web de Courseferry (réservé à son utilisateur de service)';
$string['courseferry:can_see_external_course_link'] = 'Voir les liens vers les cours d\'autres Moodles';
$string['courseferry:manage'] = 'Gérer les restaurations de tout le monde';
$string['courseferry:myaddinstance'] = 'Ajouter un bloc Courseferry au tableau de bord';
$string['courseferry:startnow'] = 'Lancer une restauration tout de suite, hors de la plage nocturne';
$string['courseferry:view'] = 'Restaurer ses cours depuis d\'autres Moodles';
$string['enrollrole'] = 'Rôle pour les collègues';
$string['enrollrole_desc'] = 'Le rôle que « M\'inscrire » donne dans un cours restauré par un collègue. La personne qui restaure devient de toute façon enseignante du cours.';
$string['eventcopy_enrolled'] = 'Inscription dans la copie d\'un collègue';
$string['eventrestore_failed'] = 'Échec d\'une restauration depuis un autre Moodle';
$string['eventrestore_finished'] = 'Cours restauré depuis un autre Moodle';
$string['eventrestore_started'] = 'Restauration depuis un autre Moodle commencée';
$string['guestinvitation'] = 'Courseferry apporte ici vos propres cours : il doit savoir qui vous êtes. Veuillez vous connecter.';
$string['keepidnumber'] = 'Garder le numéro d\'identification du cours';
$string['keepidnumber_desc'] = 'Donner au cours restauré le numéro d\'identification qu\'il a sur l\'autre Moodle, si aucun cours ne l\'a ici et si l\'enseignant peut modifier ces numéros. Sinon il reste vide.';
$string['late'] = 'Courseferry ne répond pas pour le moment. Les restaurations en cours continuent ; rechargez la page plus tard.';
$string['launchkey'] = 'Clé de lancement';
$string['launchkey_desc'] = 'Le LAUNCH_KEY du Worker, au moins 32 caractères. Avec elle, ce Moodle garantit l\'identité des utilisateurs.';
$string['limitedloginas'] = 'Vous êtes connecté au nom d\'une autre personne, pour un seul cours. Courseferry fonctionne pour qui se connecte soi-même.';
$string['loading'] = 'Chargement…';
$string['messageprovider:restorationfailed'] = 'Un cours n\'a pas pu être restauré';
$string['messageprovider:restorationsuccess'] = 'Des cours ont été restaurés';
$string['missingidentifier'] = 'La base de données n\'a pas de {$a}. Tant que ce n\'est pas corrigé, aucune catégorie n\'a d\'identifiant.';
$string['noscript'] = 'Ceci nécessite JavaScript.';
$string['notaname'] = 'Un nom en minuscules, chiffres et tirets bas.';
$string['notanorigin'] = 'Une adresse comme https://courseferry.example.org, sans chemin.';
$string['notapath'] = 'Ce lien n\'est pas une page de Courseferry.';
$string['notconnected'] = 'Courseferry n\'est pas encore connecté.';
$string['notconnectedstep'] = 'Non connecté. Étape {$a} sur 4 :';
$string['ownernotenrolled'] = 'L\'enseignant n\'a pas pu être inscrit : l\'inscription manuelle est désactivée ou le rôle d\'enseignant n\'existe pas.';
$string['pluginname'] = 'Courseferry';
$string['privacy:metadata:externalpurpose'] = 'Vos cours sont apportés d\'autres Moodles par un service extérieur à ce Moodle (le Worker), qui interroge ces Moodles en votre nom.';
$string['privacy:metadata:fullname'] = 'Votre nom';
$string['privacy:metadata:lang'] = 'Votre langue et votre fuseau horaire';
$string['privacy:metadata:message'] = 'Quels messages sur vos restaurations ont été envoyés';
$string['privacy:metadata:message:job'] = 'La restauration';
$string['privacy:metadata:message:kind'] = 'De quoi il s\'agissait';
$string['privacy:metadata:message:timecreated'] = 'Quand il a été envoyé';
$string['privacy:metadata:message:userid'] = 'À qui';
$string['privacy:metadata:remotes'] = 'Les autres Moodles sont interrogés sur les cours de l\'utilisateur qui y porte votre nom d\'utilisateur.';
$string['privacy:metadata:restore'] = 'Les cours que vous avez restaurés depuis d\'autres Moodles';
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
$string['privacy:workerunreachable'] = 'Le Worker n\'a pas pu être interrogé : {$a}';
$string['restoringcourse'] = 'Cours en cours de restauration';
$string['servicekey'] = 'Clé de service';
$string['servicekey_desc'] = 'Le SERVICE_KEY du Worker, au moins 32 caractères. Avec elle, ce Moodle appelle le Worker.';
$string['setup'] = 'Configurer';
$string['step2'] = 'créez l\'utilisateur de service et son jeton avec <code>php blocks/courseferry/cli/install.php --worker=https://…</code>';
$string['step3'] = 'saisissez ci-dessous l\'adresse du Worker et les deux clés.';
$string['step4'] = 'testez la connexion.';
$string['taskerase'] = 'Faire oublier un utilisateur au Worker';
$string['taskrecover'] = 'Reprendre les restaurations dont le processus est mort';
$string['taskrestore'] = 'Restaurer un cours depuis un autre Moodle';
$string['testconnection'] = 'Tester la connexion';
$string['trustedauth'] = 'Comptes de confiance';
$string['trustedauth_desc'] = 'Les autres Moodles livrent les cours à qui porte le bon nom d\'utilisateur ici. N\'ont donc leur place ici que les types de compte où personne ne choisit son nom d\'utilisateur : OAuth 2 et semblables seulement si nul autre que vos propres membres ne peut obtenir un tel compte.';
$string['untrustedaccount'] = 'Votre compte n\'est pas d\'un type avec lequel des cours peuvent être apportés d\'autres Moodles. Adressez-vous à l\'assistance.';
$string['usernotfound'] = 'Cet utilisateur n\'existe pas.';
$string['workerorigin'] = 'Worker';
$string['workerorigin_desc'] = 'L\'adresse du Worker, par exemple https://courseferry.example.org. Les sauvegardes sont prises là et nulle part ailleurs.';
