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
 * The web services. All but the last are for the Worker's service user; the last is for the page in the browser.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();

$functions = [];
foreach (
    [
    'get_site_access' => ['read', 'Contexts, roles and permissions at system and category level'],
    'get_user_access' => ['read', 'A user\'s role assignments at system and category level'],
    'get_readiness' => ['read', 'Cron, tasks, versions, and how many teachers may restore'],
    'preview' => ['read', 'Which names are taken, and the free temporary space'],
    'find_people' => ['read', 'People by name, for an administrator'],
    'get_target_courses' => ['read', 'Courses to which somebody may add'],
    'restore' => ['write', 'Hands a backup over to be fetched and restored'],
    'get_restores' => ['read', 'How the restores fare'],
    'cancel' => ['write', 'Cancels a restore that has not begun to make its course'],
    'get_copy' => ['read', 'Whether a restored course can be removed'],
    'remove_copy' => ['write', 'Removes a restored course in which nobody has worked'],
    'get_arrived' => ['read', 'What arrived of a restore that was interrupted'],
    'remove_arrived' => ['write', 'Removes what arrived of it'],
    'keep_arrived' => ['write', 'Keeps what arrived of it'],
    'enrol' => ['write', 'Enrols a user in a course that Courseferry restored'],
    'notify' => ['write', 'Sends a Moodle message, once'],
    ] as $name => [$type, $description]
) {
    $functions["block_courseferry_$name"] = [
        'classname' => "block_courseferry\\external\\$name",
        'methodname' => 'answer',
        'description' => $description,
        'type' => $type,
        'capabilities' => 'block/courseferry:callservice',
    ];
}

$lending = [];
foreach (
    [
        'remote_get_courses' => ['read', 'The courses that a teacher may take from here', 'can_see_backup_courses'],
        'remote_get_contents' => ['read', 'Sections and activities of a course', 'can_see_backup_courses'],
        'remote_start_backup' => ['write', 'Begins a backup, or tells of the one begun', 'can_retrieve_courses'],
        'remote_get_backups' => ['read', 'How backups fare', 'can_retrieve_courses'],
        'remote_delete_backups' => ['write', 'Removes backups', 'can_retrieve_courses'],
    ] as $name => [$type, $description, $capability]
) {
    $lending["block_courseferry_$name"] = [
        'classname' => "block_courseferry\\external\\$name",
        'methodname' => 'answer',
        'description' => $description,
        'type' => $type,
        'capabilities' => "block/courseferry:$capability",
    ];
}

$services = [
    'Courseferry' => [
        'shortname' => 'courseferry',
        'functions' => [...array_keys($functions), 'core_webservice_get_site_info'],
        'restrictedusers' => 1,
        'enabled' => 1,
        'downloadfiles' => 0,
        'uploadfiles' => 0,
    ],
    'Courseferry remote' => [
        'shortname' => 'courseferry_remote',
        'functions' => [...array_keys($lending), 'core_webservice_get_site_info'],
        'restrictedusers' => 1,
        'enabled' => 1,
        'downloadfiles' => 0,
        'uploadfiles' => 0,
    ],
];

$functions += $lending;

$functions['block_courseferry_get_launch_token'] = [
    'classname' => 'block_courseferry\external\get_launch_token',
    'description' => 'A short-lived token that tells the Worker who is logged in',
    'type' => 'read',
    'ajax' => true,
    'readonlysession' => true,
];
