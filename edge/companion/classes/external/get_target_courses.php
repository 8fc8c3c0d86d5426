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

use block_courseferry\local\failure;
use block_courseferry\local\people;
use block_courseferry\local\target_courses;
use core_external\external_function_parameters;
use core_external\external_single_structure;
use core_external\external_value;

/**
 * Finds the courses to which somebody may add what they bring.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class get_target_courses extends service {
    /** @var int the most that are given */
    private const MAX = 50;
    /** @var int characters that are looked for */
    private const MAX_SEARCH = 200;

    #[\Override]
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters([
            'userid' => self::number('Who would add'),
            'search' => new external_value(PARAM_RAW, 'Part of a name; empty for all', VALUE_DEFAULT, ''),
            'limit' => new external_value(PARAM_INT, 'How many at most', VALUE_DEFAULT, 20),
            'courseid' => new external_value(PARAM_INT, 'Only this course, and why not; 0 to search', VALUE_DEFAULT, 0),
        ]);
    }

    /**
     * Finds them, those that began last first.
     *
     * @param int $userid
     * @param string $search
     * @param int $limit
     * @param int $courseid
     */
    public static function execute(int $userid, string $search = '', int $limit = 20, int $courseid = 0): array {
        ['userid' => $userid, 'search' => $search, 'limit' => $limit, 'courseid' => $courseid] = self::begin([
            'userid' => $userid, 'search' => $search, 'limit' => $limit, 'courseid' => $courseid,
        ]);
        if ($courseid) {
            $refusal = people::why_not_adding($userid, $courseid);
            return self::listed($refusal ? [] : [get_course($courseid)], false, $refusal);
        }
        $limit = max(1, min(self::MAX, $limit));
        $found = [];
        foreach (target_courses::of($userid, \core_text::substr($search, 0, self::MAX_SEARCH)) as $course) {
            if (count($found) === $limit) {
                return self::listed($found, true);
            }
            $found[] = $course;
        }
        return self::listed($found, false);
    }

    /**
     * The answer.
     *
     * @param \stdClass[] $courses
     * @param bool $more whether there are others
     * @param failure|null $refusal why the one course is none
     */
    private static function listed(array $courses, bool $more, ?failure $refusal = null): array {
        global $DB;
        $categories = $courses
            ? $DB->get_records_list('course_categories', 'id', array_column($courses, 'category'), '', 'id, name') : [];
        return [
            'courses' => array_map(fn($course) => [
                'id' => (int)$course->id,
                'fullname' => $course->fullname,
                'shortname' => $course->shortname,
                'visible' => (bool)$course->visible,
                'startdate' => (int)$course->startdate,
                'categoryid' => (int)$course->category,
                'category' => $categories[$course->category]->name ?? '',
            ], $courses),
            'more' => $more,
            'error' => $refusal->error ?? '',
            'errordetail' => $refusal ? $refusal->getMessage() : '',
        ];
    }

    #[\Override]
    public static function execute_returns(): external_single_structure {
        return new external_single_structure([
            'courses' => self::records([
                'id' => self::number('Course'),
                'fullname' => self::text('Full name, as stored'),
                'shortname' => self::text('Short name, as stored'),
                'visible' => self::flag('Whether students see it'),
                'startdate' => self::number('Unix time; 0 for none'),
                'categoryid' => self::number('Category'),
                'category' => self::text('Its name'),
            ], 'Those that began last first'),
            'more' => self::flag('Whether there are others'),
            'error' => self::text('Why the one course that was asked about is none: a stable code, or empty'),
            'errordetail' => self::text('Which capability is missing where'),
        ]);
    }
}
