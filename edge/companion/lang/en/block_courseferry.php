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
 * English.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();

$string['arrivedleft'] = 'Left, because it is in use or cannot be removed: {$a}.';
$string['backup.gone'] = 'This backup is not kept here.';
$string['backup.range'] = 'The backup has no such part: {$a}';
$string['cachedef_eligibility'] = 'How many teachers see the widget and may restore';
$string['cachedef_siteversion'] = 'Version of the site\'s access rules';
$string['cachedef_targets'] = 'Who sees the widget because of a course to which they may add';
$string['categorytable'] = 'Category table';
$string['categorytable_categoryfield'] = 'Column with the identifier';
$string['categorytable_categoryfield_desc'] = 'By its value a category is recognised on the other Moodles. By default the category\'s ID number.';
$string['categorytable_desc'] = 'The table, without prefix, that holds the categories\' identifiers.';
$string['categorytable_foreignkey'] = 'Column with the category';
$string['categorytable_foreignkey_desc'] = 'The column of that table that holds the category\'s id.';
$string['client.no_capability'] = 'Whoever asks lacks a capability that this needs.';
$string['client.unknown_job'] = 'Courseferry restored no such course here.';
$string['client.user_inactive'] = 'This account is suspended, deleted or not confirmed.';
$string['connected'] = 'Connected. Last tested on {$a}.';
$string['connection'] = 'Connection to the Worker';
$string['connection_blocked'] = 'Moodle itself refuses to connect to {$a->origin}. Under Site administration > General > Security > HTTP security, take {$a->host} out of the blocked hosts and add port {$a->port} to the allowed ports.';
$string['connection_clock'] = 'The Worker does not accept our token because the clocks differ: here it is {$a->here}, there {$a->there}. Set this server\'s clock.';
$string['connection_key'] = 'The Worker is there, but does not accept our key. Its SERVICE_KEY must be the service key below, its client Moodle address must be this site\'s.';
$string['connection_notworker'] = 'Something answers at {$a->origin}, but it is not the Worker of Courseferry (HTTP {$a->status}). Check the address.';
$string['connection_ok'] = 'Connected: the Worker at {$a->origin} accepts our key.';
$string['connection_refused'] = 'The Worker refuses: {$a->detail}';
$string['connection_unreachable'] = 'The Worker at {$a->origin} does not answer: {$a->detail} (HTTP {$a->status}). Check the address, and that this server may connect to {$a->host}, port {$a->port}.';
$string['courseferry:addinstance'] = 'Add a Courseferry block';
$string['courseferry:callservice'] = 'Call the web services of Courseferry (for its service user only)';
$string['courseferry:can_restore_user_datas'] = 'Bring students\' data along from other Moodles';
$string['courseferry:can_retrieve_courses'] = 'Back up courses for another Moodle (for its service account only)';
$string['courseferry:can_see_backup_courses'] = 'List courses for another Moodle (for its service account only)';
$string['courseferry:can_see_external_course_link'] = 'See links to courses on other Moodles';
$string['courseferry:manage'] = 'Manage everybody\'s restores';
$string['courseferry:myaddinstance'] = 'Add a Courseferry block to the Dashboard';
$string['courseferry:startnow'] = 'Start a restore now, outside the nightly window';
$string['courseferry:view'] = 'Restore one\'s courses from other Moodles';
$string['enrollrole'] = 'Role for colleagues';
$string['enrollrole_desc'] = 'The role that "Enrol me" gives in a course that a colleague restored. Whoever restored it becomes its editing teacher in any case.';
$string['eventaccount_confirmed'] = 'Account that a restore had made confirmed';
$string['eventcopy_enrolled'] = 'Enrolled in a colleague\'s copy';
$string['eventlent_backup_asked'] = 'Backup asked for by another Moodle';
$string['eventlent_backup_failed'] = 'Backup for another Moodle failed';
$string['eventlent_backup_fetched'] = 'Backup fetched by another Moodle';
$string['eventlent_backup_ready'] = 'Backup for another Moodle ready';
$string['eventlent_backup_removed'] = 'Backup for another Moodle removed';
$string['eventrestore_failed'] = 'Restore from another Moodle failed';
$string['eventrestore_finished'] = 'Course restored from another Moodle';
$string['eventrestore_started'] = 'Restore from another Moodle started';
$string['guestinvitation'] = 'Courseferry brings your own courses here, so it needs to know who you are. Please log in.';
$string['integrity'] = 'Pinned build of the widget';
$string['integrity_desc'] = 'The hash that <code>cargo xtask deploy</code> prints, such as sha256-…=. With it browsers run that build of the widget and no other, even if somebody else should get hold of the Worker; enter the new one after each deployment: the two builds before stay available. Empty: the newest build.';
$string['invalidmethod'] = 'This address takes POST only.';
$string['keepidnumber'] = 'Keep the course\'s ID number';
$string['keepidnumber_desc'] = 'Give the restored course the ID number that it has on the other Moodle, if no course here has it and the teacher may change ID numbers. Otherwise it stays empty.';
$string['late'] = 'Courseferry does not answer just now. Restores that are under way go on; reload the page later.';
$string['launchkey'] = 'Launch key';
$string['launchkey_desc'] = 'The Worker\'s LAUNCH_KEY, at least 32 characters. With it this Moodle vouches for who a user is.';
$string['leftovercourse'] = 'Left over, to be deleted: {$a}';
$string['lending'] = 'Lending courses to other Moodles';
$string['lending_desc'] = 'Teachers of another Moodle that has Courseferry can take their own courses from here. It begins with "Set up lending" and needs cron every minute. Nobody gets anything before.';
$string['lendingclient'] = 'Which Moodle borrows';
$string['lendingclient_desc'] = 'Leave it empty where there is only one. Otherwise small letters and digits: each has its own account, so that none sees another\'s backups.';
$string['lendingentry'] = 'The entry for this Moodle, for "cargo xtask secret remote" on the client\'s side. It is a secret: send it as you would a password.';
$string['lendingrotate'] = 'New token, the old one good for a day';
$string['lendingsetup'] = 'Set up lending';
$string['lendingsetup_desc'] = 'This makes the web service account, its role and its token, and switches web services and REST on. Done again it changes nothing.';
$string['lendingshow'] = 'Set up and show the entry';
$string['lendingstolen'] = 'Token was stolen: new one, the old one refused at once';
$string['lendtoadmins'] = 'Lend to administrators';
$string['lendtoadmins_desc'] = 'Whether courses are lent to administrators\' accounts too. Off, because whoever controls another Moodle can name any username there.';
$string['lenduserdata'] = 'Lend students\' data';
$string['lenduserdata_desc'] = 'Whether teachers who may back up students\' data here (moodle/backup:userinfo) may take them along to the other Moodle. Off: no backup for another Moodle holds any.';
$string['lent_anonymised'] = 'erased';
$string['lent_asked'] = 'Asked for';
$string['lent_client'] = 'By';
$string['lent_expired'] = 'Not fetched in time';
$string['lent_failed'] = 'Failed';
$string['lent_fetched'] = 'First fetched';
$string['lent_ready'] = 'Ready';
$string['lent_removed'] = 'Removed';
$string['lent_running'] = 'Being made';
$string['lent_until'] = 'until {$a}';
$string['lent_waiting'] = 'Waiting for cron';
$string['lent_withusers'] = 'with students\' data';
$string['lentauth'] = 'Accounts that are lent to';
$string['lentauth_desc'] = 'Kinds of account whose owners may take their courses from here. The other Moodle vouches for the username, so only kinds belong here in which the same username is the same person on both.';
$string['lentbackups'] = 'Lent backups';
$string['lentkeep'] = 'Keep a finished backup';
$string['lentkeep_desc'] = 'How long the file waits, where the other Moodle neither fetches nor deletes it.';
$string['limitedloginas'] = 'You are logged in as somebody else, for one course only. Courseferry works for whoever logs in themselves.';
$string['loading'] = 'Loading…';
$string['locked_config'] = 'This site\'s backup defaults lock "{$a}" to another value.';
$string['locked_permission'] = 'The teacher may not change "{$a}" (moodle/backup:configure).';
$string['madeaccountconfirm'] = 'Confirm {$a}';
$string['madeaccountconfirmed'] = 'The account is confirmed.';
$string['madeaccountconfirmedon'] = 'Confirmed on {$a}';
$string['madeaccountfrom'] = 'From';
$string['madeaccounts'] = 'Accounts that restores made';
$string['madeaccounts_desc'] = 'Restores with students\' data made these accounts; another Moodle chose their names and e-mail addresses. Courseferry brings no courses for them until you have looked and confirmed that an account belongs to the person whose username it is.';
$string['madeaccountswaiting'] = 'Accounts that restores made: {$a} to be confirmed';
$string['messageprovider:restorationfailed'] = 'A course could not be restored';
$string['messageprovider:restorationsuccess'] = 'Courses were restored';
$string['missingactivities'] = '{$a->missing} of {$a->total} activities did not arrive: {$a->kinds}.';
$string['missingactivitiesnotinstalled'] = '{$a->missing} of {$a->total} activities did not arrive, because they are of a kind that is not installed here: {$a->kinds}.';
$string['missingidentifier'] = 'The database has no {$a}. Until that is mended, no category has an identifier.';
$string['missingquestions'] = '{$a->missing} of {$a->total} questions did not arrive.';
$string['nameschanged'] = 'The name is taken by another course here, or too long, so it was changed.';
$string['newerbackup'] = 'The backup is from a newer Moodle ({$a->there}) than this one ({$a->here}). What only the newer one knows may be missing: please look through the course.';
$string['nextkeys'] = 'enter the Worker\'s address and the two keys below.';
$string['nexttest'] = 'test the connection.';
$string['nexttoken'] = 'once the Worker is deployed (step 1), make the service user and its token with <code>php blocks/courseferry/cli/install.php --worker=https://…</code>';
$string['nobackupfile'] = 'The backup ended without a file.';
$string['noscript'] = 'This needs JavaScript.';
$string['notaname'] = 'A name of small letters, digits and underscores.';
$string['notanintegrity'] = 'This is not the hash that a deployment prints: sha256- and 44 characters.';
$string['notanorigin'] = 'An address such as https://courseferry.example.org, without a path.';
$string['notapath'] = 'This link is not a page of Courseferry.';
$string['notconnected'] = 'Courseferry is not connected yet.';
$string['notconnectedstep'] = 'Not connected. Step 2 of 4, connect your Moodle and the Worker:';
$string['notlent_administrator'] = 'It is an administrator\'s.';
$string['notlent_kind'] = 'It is of a kind that is not lent to.';
$string['notlent_suspended'] = 'It is suspended.';
$string['notlent_unconfirmed'] = 'It is not confirmed.';
$string['notowner_hidden'] = 'The course is hidden from this account.';
$string['notowner_norole'] = 'This account teaches no such course.';
$string['notowner_notenrolled'] = 'The enrolment is suspended or over.';
$string['ownernotenrolled'] = 'The teacher could not be enrolled: manual enrolment is switched off or there is no editing teacher role.';
$string['partlyadded'] = 'The restore was interrupted, and what had arrived was kept: something may be missing.';
$string['pluginname'] = 'Courseferry';
$string['privacy:metadata:account'] = 'That a restore with students\' data made your account';
$string['privacy:metadata:account:confirmedby'] = 'The administrator who confirmed it';
$string['privacy:metadata:account:remote'] = 'The other Moodle';
$string['privacy:metadata:account:timecreated'] = 'When it was made';
$string['privacy:metadata:account:userid'] = 'Whose account it is';
$string['privacy:metadata:account:username'] = 'Your username';
$string['privacy:metadata:externalpurpose'] = 'Your courses are brought from other Moodles by a service outside this Moodle (the Worker), which asks those Moodles in your name.';
$string['privacy:metadata:fullname'] = 'Your name';
$string['privacy:metadata:lang'] = 'Your language and time zone';
$string['privacy:metadata:lent'] = 'The backups of your courses that another Moodle asked for in your name';
$string['privacy:metadata:lent:courseid'] = 'The course';
$string['privacy:metadata:lent:coursename'] = 'The course\'s name then';
$string['privacy:metadata:lent:serviceuserid'] = 'The account of the Moodle that asked';
$string['privacy:metadata:lent:state'] = 'How far it is';
$string['privacy:metadata:lent:timecreated'] = 'When it was asked for';
$string['privacy:metadata:lent:userid'] = 'Who teaches it';
$string['privacy:metadata:lentfiles'] = 'The backups themselves, until the other Moodle has them or their time is over';
$string['privacy:metadata:message'] = 'Which messages about your restores were sent';
$string['privacy:metadata:message:job'] = 'The restore';
$string['privacy:metadata:message:kind'] = 'What it was about';
$string['privacy:metadata:message:timecreated'] = 'When it was sent';
$string['privacy:metadata:message:userid'] = 'To whom';
$string['privacy:metadata:remotes'] = 'The other Moodles are asked for the courses of the user who has your username there.';
$string['privacy:metadata:restore'] = 'The courses that you restored from other Moodles';
$string['privacy:metadata:restore:actorid'] = 'The administrator who restored it for you';
$string['privacy:metadata:restore:categoryid'] = 'The category';
$string['privacy:metadata:restore:courseid'] = 'The restored course';
$string['privacy:metadata:restore:remote'] = 'The other Moodle';
$string['privacy:metadata:restore:remotecourseid'] = 'The course there';
$string['privacy:metadata:restore:state'] = 'How far it is';
$string['privacy:metadata:restore:timecreated'] = 'When it was handed over';
$string['privacy:metadata:restore:userid'] = 'Who restores it';
$string['privacy:metadata:roles'] = 'Your roles at site and category level';
$string['privacy:metadata:userid'] = 'Your user id';
$string['privacy:metadata:username'] = 'Your username';
$string['privacy:stillrunning'] = 'A restore of this user is not over yet.';
$string['privacy:worker'] = 'What the Worker keeps';
$string['privacy:workerunreachable'] = 'The Worker could not be asked: {$a}';
$string['remote.account_not_lent'] = 'This site does not lend courses to this account. {$a}';
$string['remote.backup_crashed'] = 'The backup stopped three times before its end.';
$string['remote.backup_failed'] = 'The backup could not be made. {$a}';
$string['remote.backup_settings'] = 'The backup cannot be made as asked. {$a}';
$string['remote.course_missing'] = 'There is no such course here.';
$string['remote.disk_full'] = 'There is not enough free space here. {$a}';
$string['remote.no_backup_right'] = 'The right to back this course up is missing (moodle/backup:backupcourse).';
$string['remote.not_owner'] = 'This course is not lent to this account. {$a}';
$string['remote.not_ready'] = 'The backup is not ready.';
$string['remote.unknown_user'] = 'There is no such account here.';
$string['remote.users_not_lent'] = 'Students\' data are not lent: this site does not, or the teacher may not back them up here.';
$string['removecopytime'] = 'Time to remove a copy';
$string['removecopytime_desc'] = 'For so long whoever restored a course may put it into the recycle bin, if nobody else is enrolled in it and nothing was changed. 0: never.';
$string['restoringcourse'] = 'Course being restored';
$string['search_roles'] = 'Roles that make a course one\'s own';
$string['search_roles_desc'] = 'Courses are lent to those who have one of these roles in them, and may back them up.';
$string['servicekey'] = 'Service key';
$string['servicekey_desc'] = 'The Worker\'s SERVICE_KEY, at least 32 characters. With it this Moodle calls the Worker.';
$string['setup'] = 'Set up';
$string['targetcourses'] = 'For all who teach';
$string['targetcourses_desc'] = 'People who may create no courses, but may restore into a course that they have here (moodle/restore:restorecourse, by default every editing teacher), see the block too and can add content to that course.';
$string['taskerase'] = 'Tell the Worker to forget a user';
$string['tasklend'] = 'Back up a course for another Moodle';
$string['taskrecover'] = 'Look after restores whose process died';
$string['taskremovearrived'] = 'Remove what arrived of an interrupted restore';
$string['taskremovecopy'] = 'Remove a restored course';
$string['taskrestore'] = 'Restore a course from another Moodle';
$string['tasktendlent'] = 'Look after backups for other Moodles';
$string['testagain'] = 'Test again';
$string['testconnection'] = 'Test connection';
$string['trustedauth'] = 'Trusted accounts';
$string['trustedauth_desc'] = 'Other Moodles give out courses to whoever has the right username here. So only kinds of account belong here in which nobody can choose their own username: OAuth 2 and the like only if none but your own people can get such an account.';
$string['untrustedaccount'] = 'Your account is not of a kind with which courses can be brought from other Moodles. Ask support.';
$string['unusablequestions'] = '{$a->number} questions cannot be used, because they are of a type that is not installed here: {$a->kinds}.';
$string['userdata'] = 'Take students\' data';
$string['userdata_desc'] = 'Whether those who have block/courseferry:can_restore_user_datas in a category may bring enrolment methods along, and, with moodle/restore:userinfo there, students with their work and grades. The other Moodle must allow it too. Accounts that are missing here are made for those who have moodle/restore:createuser; they can do everything but bring courses themselves, until an administrator confirms them.';
$string['usernotfound'] = 'There is no such user.';
$string['workerorigin'] = 'Worker';
$string['workerorigin_desc'] = 'The Worker\'s address, such as https://courseferry.example.org. Backups are fetched from there and from nowhere else.';
