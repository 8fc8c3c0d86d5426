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

use block_courseferry\local\category_identifiers;
use block_courseferry\remote\account;
use block_courseferry\remote\lendable_courses;
use core_external\external_function_parameters;
use core_external\external_single_structure;

/**
 * Tells a client which courses one of its teachers may take from here.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class remote_get_courses extends service {
    /** @var string what the caller needs */
    protected const CAPABILITY = 'block/courseferry:can_see_backup_courses';

    /**
     * What is asked.
     *
     * @return external_function_parameters
     */
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters(['username' => self::text('The teacher')]);
    }

    /**
     * Lists the courses.
     *
     * @param string $username
     * @return array
     */
    public static function execute(string $username): array {
        ['username' => $username] = self::begin(['username' => $username]);
        $lendable = new lendable_courses(account::find($username));
        $categories = self::categories();
        $identifiers = category_identifiers::configured()->all();
        return ['courses' => array_map(function (\stdClass $course) use ($lendable, $categories, $identifiers): array {
            $category = $categories[$course->category] ?? null;
            return [
                'id' => (int)$course->id,
                'fullname' => $course->fullname,
                'shortname' => $course->shortname,
                'idnumber' => $course->idnumber,
                'categoryid' => (int)$course->category,
                'categorypath' => implode(' / ', array_map(
                    fn($id) => $categories[$id]->name ?? '',
                    array_filter(explode('/', $category->path ?? ''))
                )),
                'categoryidentifier' => $identifiers[(int)$course->category] ?? '',
                'startdate' => (int)$course->startdate,
                'enddate' => (int)$course->enddate,
                'visible' => $course->visible && (!$category || $category->visible),
                'format' => $course->format,
                'users' => $lendable->may_take_users((int)$course->id),
            ];
        }, $lendable->all())];
    }

    /**
     * What is answered.
     *
     * @return external_single_structure
     */
    public static function execute_returns(): external_single_structure {
        return new external_single_structure(['courses' => self::records([
            'id' => self::number('The course'),
            'fullname' => self::text('Full name, as stored'),
            'shortname' => self::text('Short name, as stored'),
            'idnumber' => self::text('ID number, or empty'),
            'categoryid' => self::number('Its category'),
            'categorypath' => self::text('Names of the categories, from the top'),
            'categoryidentifier' => self::text('By which the category is known on several Moodles, or empty'),
            'startdate' => self::number('Unix time; 0 if there is none'),
            'enddate' => self::number('Unix time; 0 if there is none'),
            'visible' => self::flag('Whether students see it'),
            'format' => self::text('Course format'),
            'users' => self::flag('Whether the teacher may take the students\' data along'),
        ], 'By name')]);
    }

    /**
     * All categories, by id.
     *
     * @return \stdClass[]
     */
    private static function categories(): array {
        global $DB;
        return $DB->get_records('course_categories', null, '', 'id, name, path, visible');
    }
}
