<?php
/**
 * The web services. All but the last are for the Worker's service user; the last is for the page in the browser.
 *
 * @package    block_courseferry
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();

$functions = [];
foreach ([
    'get_site_access' => ['read', 'Contexts, roles and permissions at system and category level'],
    'get_user_access' => ['read', 'A user\'s role assignments at system and category level'],
    'get_readiness' => ['read', 'Cron, tasks, versions, and how many teachers may restore'],
    'preview' => ['read', 'Which short names are taken, and the free temporary space'],
    'restore' => ['write', 'Hands a backup over to be fetched and restored'],
    'get_restores' => ['read', 'How the restores fare'],
    'cancel' => ['write', 'Cancels a restore that has not begun to make its course'],
    'enrol' => ['write', 'Enrols a user in a course that Courseferry restored'],
    'notify' => ['write', 'Sends a Moodle message, once'],
] as $name => [$type, $description]) {
    $functions["block_courseferry_$name"] = [
        'classname' => "block_courseferry\\external\\$name",
        'description' => $description,
        'type' => $type,
        'capabilities' => 'block/courseferry:callservice',
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
];

$functions['block_courseferry_get_launch_token'] = [
    'classname' => 'block_courseferry\external\get_launch_token',
    'description' => 'A short-lived token that tells the Worker who is logged in',
    'type' => 'read',
    'ajax' => true,
    'readonlysession' => true,
];
