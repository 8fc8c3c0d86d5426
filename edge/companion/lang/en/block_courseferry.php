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

$string['cachedef_eligibility'] = 'How many teachers see the widget and may restore';
$string['cachedef_siteversion'] = 'Version of the site\'s access rules';
$string['categorytable'] = 'Category table';
$string['categorytable_categoryfield'] = 'Column with the identifier';
$string['categorytable_categoryfield_desc'] = 'By its value a category is recognised on the other Moodles. By default the category\'s ID number.';
$string['categorytable_desc'] = 'The table, without prefix, that holds the categories\' identifiers.';
$string['categorytable_foreignkey'] = 'Column with the category';
$string['categorytable_foreignkey_desc'] = 'The column of that table that holds the category\'s id.';
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
$string['courseferry:can_see_external_course_link'] = 'See links to courses on other Moodles';
$string['courseferry:manage'] = 'Manage everybody\'s restores';
$string['courseferry:myaddinstance'] = 'Add a Courseferry block to the Dashboard';
$string['courseferry:startnow'] = 'Start a restore now, outside the nightly window';
$string['courseferry:view'] = 'Restore one\'s courses from other Moodles';
$string['enrollrole'] = 'Role for colleagues';
$string['enrollrole_desc'] = 'The role that "Enrol me" gives in a course that a colleague restored. Whoever restored it becomes its editing teacher in any case.';
$string['eventcopy_enrolled'] = 'Enrolled in a colleague\'s copy';
$string['eventrestore_failed'] = 'Restore from another Moodle failed';
$string['eventrestore_finished'] = 'Course restored from another Moodle';
$string['eventrestore_started'] = 'Restore from another Moodle started';
$string['guestinvitation'] = 'Courseferry brings your own courses here, so it needs to know who you are. Please log in.';
$string['keepidnumber'] = 'Keep the course\'s ID number';
$string['keepidnumber_desc'] = 'Give the restored course the ID number that it has on the other Moodle, if no course here has it and the teacher may change ID numbers. Otherwise it stays empty.';
$string['late'] = 'Courseferry does not answer just now. Restores that are under way go on; reload the page later.';
$string['launchkey'] = 'Launch key';
$string['launchkey_desc'] = 'The Worker\'s LAUNCH_KEY, at least 32 characters. With it this Moodle vouches for who a user is.';
$string['limitedloginas'] = 'You are logged in as somebody else, for one course only. Courseferry works for whoever logs in themselves.';
$string['loading'] = 'Loading…';
$string['messageprovider:restorationfailed'] = 'A course could not be restored';
$string['messageprovider:restorationsuccess'] = 'Courses were restored';
$string['missingidentifier'] = 'The database has no {$a}. Until that is mended, no category has an identifier.';
$string['noscript'] = 'This needs JavaScript.';
$string['notaname'] = 'A name of small letters, digits and underscores.';
$string['notanorigin'] = 'An address such as https://courseferry.example.org, without a path.';
$string['notapath'] = 'This link is not a page of Courseferry.';
$string['notconnected'] = 'Courseferry is not connected yet.';
$string['notconnectedstep'] = 'Not connected. Step {$a} of 4:';
$string['ownernotenrolled'] = 'The teacher could not be enrolled: manual enrolment is switched off or there is no editing teacher role.';
$string['pluginname'] = 'Courseferry';
$string['privacy:metadata:externalpurpose'] = 'Your courses are brought from other Moodles by a service outside this Moodle (the Worker), which asks those Moodles in your name.';
$string['privacy:metadata:fullname'] = 'Your name';
$string['privacy:metadata:lang'] = 'Your language and time zone';
$string['privacy:metadata:message'] = 'Which messages about your restores were sent';
$string['privacy:metadata:message:job'] = 'The restore';
$string['privacy:metadata:message:kind'] = 'What it was about';
$string['privacy:metadata:message:timecreated'] = 'When it was sent';
$string['privacy:metadata:message:userid'] = 'To whom';
$string['privacy:metadata:remotes'] = 'The other Moodles are asked for the courses of the user who has your username there.';
$string['privacy:metadata:restore'] = 'The courses that you restored from other Moodles';
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
$string['restoringcourse'] = 'Course being restored';
$string['servicekey'] = 'Service key';
$string['servicekey_desc'] = 'The Worker\'s SERVICE_KEY, at least 32 characters. With it this Moodle calls the Worker.';
$string['setup'] = 'Set up';
$string['step2'] = 'make the service user and its token with <code>php blocks/courseferry/cli/install.php --worker=https://…</code>';
$string['step3'] = 'enter the Worker\'s address and the two keys below.';
$string['step4'] = 'test the connection.';
$string['taskerase'] = 'Tell the Worker to forget a user';
$string['taskrecover'] = 'Look after restores whose process died';
$string['taskrestore'] = 'Restore a course from another Moodle';
$string['testconnection'] = 'Test connection';
$string['trustedauth'] = 'Trusted accounts';
$string['trustedauth_desc'] = 'Other Moodles give out courses to whoever has the right username here. So only kinds of account belong here in which nobody can choose their own username: OAuth 2 and the like only if none but your own people can get such an account.';
$string['untrustedaccount'] = 'Your account is not of a kind with which courses can be brought from other Moodles. Ask support.';
$string['usernotfound'] = 'There is no such user.';
$string['workerorigin'] = 'Worker';
$string['workerorigin_desc'] = 'The Worker\'s address, such as https://courseferry.example.org. Backups are fetched from there and from nowhere else.';
