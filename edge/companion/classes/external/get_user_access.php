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

use block_courseferry\local\launch_claims;
use block_courseferry\local\people;
use block_courseferry\local\snapshot;
use block_courseferry\local\target_courses;
use core_external\external_function_parameters;
use core_external\external_single_structure;

/**
 * Tells the Worker who a user is, and their roles at system and category level.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class get_user_access extends service {
    #[\Override]
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters(['userid' => self::number('User')]);
    }

    /**
     * The user snapshot.
     *
     * @param int $userid
     */
    public static function execute(int $userid): array {
        global $CFG;
        ['userid' => $userid] = self::begin(['userid' => $userid]);
        $user = \core_user::get_user($userid);
        if (!$user) {
            throw new \moodle_exception('usernotfound', 'block_courseferry');
        }
        return [
            'userid' => (int)$user->id,
            'username' => $user->username,
            'fullname' => fullname($user),
            'lang' => launch_claims::locale($user->lang ?: $CFG->lang),
            'timezone' => \core_date::get_user_timezone($user),
            'suspended' => (bool)$user->suspended,
            'deleted' => (bool)$user->deleted,
            'confirmed' => (bool)$user->confirmed,
            'auth' => $user->auth,
            'vouchedfor' => people::is_vouched_for($user),
            'targetcourses' => target_courses::grants_widget($userid),
            'assignments' => snapshot::assignments($userid),
            'siteversion' => snapshot::site_access()['version'],
        ];
    }

    #[\Override]
    public static function execute_returns(): external_single_structure {
        return new external_single_structure([
            'userid' => self::number('User'),
            'username' => self::text('As it is now'),
            'fullname' => self::text('Name'),
            'lang' => self::text('Language'),
            'timezone' => self::text('Time zone'),
            'suspended' => self::flag('May not log in'),
            'deleted' => self::flag('Is deleted'),
            'confirmed' => self::flag('Has confirmed'),
            'auth' => self::text('Kind of account'),
            'vouchedfor' => self::flag('Of this Moodle, and of a kind of account that is trusted'),
            'targetcourses' => self::flag('Sees the widget because of a course here to which they may add'),
            'assignments' => self::records(
                ['roleid' => self::number('Role'), 'contextid' => self::number('Context')],
                'At system and category level'
            ),
            'siteversion' => self::text('Version of the site snapshot now'),
        ]);
    }
}
