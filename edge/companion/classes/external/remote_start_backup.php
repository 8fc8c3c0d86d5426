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

use block_courseferry\remote\account;
use block_courseferry\remote\backup_options;
use block_courseferry\remote\lendable_courses;
use block_courseferry\remote\lending_exception;
use block_courseferry\remote\lent_backup;
use core_external\external_function_parameters;
use core_external\external_multiple_structure;
use core_external\external_single_structure;
use core_external\external_value;

/**
 * Begins a backup for a client. Asked again with the same job and number, it is the same backup.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class remote_start_backup extends remote_service {
    /** @var int sections or activities to be left out, at most */
    private const MOST = 5000;

    /**
     * What is asked.
     *
     * @return external_function_parameters
     */
    public static function execute_parameters(): external_function_parameters {
        $ids = fn(string $what) => new external_multiple_structure(self::number('Id'), $what, VALUE_DEFAULT, []);
        return new external_function_parameters([
            'job' => self::text('The client\'s restore'),
            'number' => self::number('From 1, raised for each backup of it'),
            'username' => self::text('The teacher'),
            'courseid' => self::number('The course'),
            'options' => new external_single_structure([
                'users' => new external_value(PARAM_BOOL, 'Whether the students\' data come along', VALUE_DEFAULT, false),
                'leaveoutsections' => $ids('Sections that stay here'),
                'leaveoutactivities' => $ids('Course modules that stay here'),
            ], 'What the teacher decided', VALUE_DEFAULT, []),
        ]);
    }

    /**
     * Begins it.
     *
     * @param string $job
     * @param int $number
     * @param string $username
     * @param int $courseid
     * @param array $options
     * @return array
     */
    public static function execute(string $job, int $number, string $username, int $courseid, array $options = []): array {
        global $USER;
        $params = self::begin([
            'job' => $job, 'number' => $number, 'username' => $username, 'courseid' => $courseid, 'options' => $options,
        ]);
        $options = self::options($params['options']);
        $earlier = lent_backup::find((int)$USER->id, $params['job'], $params['number']);
        if ($earlier) {
            return self::again($earlier, $params['username'], $params['courseid']);
        }
        if ($params['number'] < 1) {
            throw new \invalid_parameter_exception('number begins at 1');
        }
        $user = account::find($params['username']);
        $lendable = new lendable_courses($user);
        $course = $lendable->require($params['courseid']);
        if ($options->users && !$lendable->may_take_users((int)$course->id)) {
            throw new lending_exception('remote.users_not_lent');
        }
        $backup = lent_backup::start((int)$USER->id, $params['job'], $params['number'], (int)$user->id, $course, $options);
        return lent_backup::entry($params['job'], $params['number'], $backup);
    }

    /**
     * What is answered.
     *
     * @return external_single_structure
     */
    public static function execute_returns(): external_single_structure {
        return self::backup();
    }

    /**
     * The options, clean.
     *
     * @param array $options
     * @return backup_options
     */
    private static function options(array $options): backup_options {
        $sections = $options['leaveoutsections'] ?? [];
        $activities = $options['leaveoutactivities'] ?? [];
        if (count($sections) > self::MOST || count($activities) > self::MOST) {
            throw new \invalid_parameter_exception('too many ids');
        }
        return new backup_options(!empty($options['users']), $sections, $activities);
    }

    /**
     * The answer to a call that is repeated.
     *
     * @param lent_backup $backup
     * @param string $username
     * @param int $courseid
     * @return array
     */
    private static function again(lent_backup $backup, string $username, int $courseid): array {
        $name = $backup->userid ? \core_user::get_user($backup->userid, 'username')->username ?? '' : $username;
        if ($backup->courseid !== $courseid || $name !== $username) {
            throw new \invalid_parameter_exception('this number is of another course or user');
        }
        return lent_backup::entry($backup->job, $backup->backupno, $backup);
    }
}
