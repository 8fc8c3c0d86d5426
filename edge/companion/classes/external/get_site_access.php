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

namespace block_courseferry\external;

use block_courseferry\local\snapshot;
use core_external\external_function_parameters;
use core_external\external_multiple_structure;
use core_external\external_single_structure;
use core_external\external_value;

/**
 * Tells the Worker this site's access rules at system and category level.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class get_site_access extends service {
    #[\Override]
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters([
            'knownversion' => new external_value(PARAM_ALPHANUM, 'The version that the caller has', VALUE_DEFAULT, ''),
        ]);
    }

    /**
     * The site snapshot, unless it is known.
     *
     * @param string $knownversion
     */
    public static function execute(string $knownversion = ''): array {
        ['knownversion' => $known] = self::begin(['knownversion' => $knownversion]);
        ['version' => $version, 'snapshot' => $snapshot] = snapshot::site_access();
        $unchanged = $known === $version;
        return ['version' => $version, 'unchanged' => $unchanged, 'snapshot' => $unchanged ? null : $snapshot];
    }

    #[\Override]
    public static function execute_returns(): external_single_structure {
        return new external_single_structure([
            'version' => self::text('Changes when anything below does'),
            'unchanged' => self::flag('Whether it is the known version'),
            'snapshot' => new external_single_structure([
                'config' => new external_single_structure([
                    'siteadmins' => new external_multiple_structure(self::number('User')),
                    'siteguest' => self::number('User'),
                    'defaultuserroleid' => self::number('Role'),
                    'notloggedinroleid' => self::number('Role'),
                    'guestroleid' => self::number('Role'),
                    'defaultfrontpageroleid' => self::number('Role'),
                    'forcelogin' => self::flag('Whether everybody must log in'),
                    'contextlocking' => self::flag('Whether contexts can be locked'),
                    'contextlockappliestoadmin' => self::flag('Whether locks hold for administrators'),
                    'frontpagecontextid' => self::number('Context'),
                    'syscontextid' => self::number('Context'),
                ]),
                'contexts' => self::records([
                    'id' => self::number('Context'),
                    'contextlevel' => self::number('10 system, 40 category'),
                    'instanceid' => self::number('Category; 0 for the system'),
                    'path' => self::text('Context ids from the system down'),
                    'depth' => self::number('How many they are'),
                    'locked' => self::flag('Its own lock'),
                    'name' => self::text('May hold multilang spans'),
                    'visible' => self::flag('Its own visibility'),
                    'identifier' => self::text('By which other Moodles know it, or empty'),
                ], 'The system, then the categories as they are sorted'),
                'roles' => self::records([
                    'id' => self::number('Role'),
                    'shortname' => self::text('Short name'),
                    'name' => self::text('Name'),
                    'archetype' => self::text('Archetype, or empty'),
                    'sortorder' => self::number('Order'),
                ], 'All roles'),
                'capabilities' => self::records([
                    'name' => self::text('Capability'),
                    'captype' => self::text('read or write'),
                    'contextlevel' => self::number('Lowest level at which it is checked'),
                    'riskbitmask' => self::number('Risks'),
                    'component' => self::text('Plugin'),
                ], 'The capabilities that matter here'),
                'role_capabilities' => self::records([
                    'contextid' => self::number('Context'),
                    'roleid' => self::number('Role'),
                    'capability' => self::text('Capability'),
                    'permission' => self::number('1 allow, -1 prevent, -1000 prohibit'),
                ], 'Their permissions'),
                'site' => new external_single_structure([
                    'wwwroot' => self::text('Address'),
                    'sitename' => self::text('Name'),
                    'release' => self::text('Moodle'),
                    'timezone' => self::text('Of the site'),
                    'lang' => self::text('Of the site'),
                    'lastcron' => self::number('Unix time when cron last started; 0 if not known'),
                    'pluginversion' => self::text('Of this plugin'),
                    'maxfullname' => self::number('Characters of a course\'s full name'),
                    'maxshortname' => self::number('Characters of its short name'),
                    'targetcourses' => self::flag('Whether those see the widget who may only add to a course here'),
                    'userdata' => self::flag('Whether students\' data may come along'),
                    'removecopytime' => self::number('Seconds for which a copy can be removed; 0 for never'),
                    'originalblock' => self::flag('Whether the block that this one replaces still runs here'),
                ]),
            ], 'Null if unchanged', VALUE_REQUIRED, null, NULL_ALLOWED),
        ]);
    }
}
