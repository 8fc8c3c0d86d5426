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
use block_courseferry\remote\course_contents;
use block_courseferry\remote\lendable_courses;
use core_external\external_function_parameters;
use core_external\external_single_structure;

/**
 * Tells a client what is in a course, before anything is copied.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class remote_get_contents extends service {
    /** @var string what the caller needs */
    protected const CAPABILITY = 'block/courseferry:can_see_backup_courses';

    /**
     * What is asked.
     *
     * @return external_function_parameters
     */
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters([
            'username' => self::text('The teacher'),
            'courseid' => self::number('The course'),
        ]);
    }

    /**
     * Lists sections and activities.
     *
     * @param string $username
     * @param int $courseid
     * @return array
     */
    public static function execute(string $username, int $courseid): array {
        ['username' => $username, 'courseid' => $courseid] = self::begin(['username' => $username, 'courseid' => $courseid]);
        $user = account::find($username);
        return (new course_contents((new lendable_courses($user))->require($courseid), $user))->all();
    }

    /**
     * What is answered.
     *
     * @return external_single_structure
     */
    public static function execute_returns(): external_single_structure {
        return new external_single_structure([
            'bytes' => self::number('Of all files in the course'),
            'sections' => self::records([
                'id' => self::number('The section'),
                'number' => self::number('Its place'),
                'name' => self::text('Its name, as stored, or the one that its format gives it'),
                'visible' => self::flag('Whether students see it'),
                'activities' => self::records([
                    'id' => self::number('The course module'),
                    'name' => self::text('Its name, as stored'),
                    'kind' => self::text('Name of the activity module'),
                    'kindname' => self::text('The same for people'),
                    'visible' => self::flag('Whether students see it'),
                    'bytes' => self::number('Of its files'),
                    'section' => self::number('The section inside a subsection; else 0'),
                ], 'In the order of the page'),
            ], 'In the order of the page'),
        ]);
    }
}
