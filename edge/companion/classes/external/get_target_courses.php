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

use block_courseferry\local\people;
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

    #[\Override]
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters([
            'userid' => self::number('Who would add'),
            'search' => new external_value(PARAM_RAW, 'Part of a name; empty for all', VALUE_DEFAULT, ''),
            'limit' => new external_value(PARAM_INT, 'How many at most', VALUE_DEFAULT, 20),
        ]);
    }

    /**
     * Finds them, those that began last first.
     *
     * @param int $userid
     * @param string $search
     * @param int $limit
     */
    public static function execute(int $userid, string $search = '', int $limit = 20): array {
        ['userid' => $userid, 'search' => $search, 'limit' => $limit] = self::begin([
            'userid' => $userid, 'search' => $search, 'limit' => $limit,
        ]);
        $limit = max(1, min(self::MAX, $limit));
        $found = [];
        foreach (people::is_active($userid) ? self::courses($userid) : [] as $course) {
            if (!self::matches($course, $search) || people::why_not_adding($userid, (int)$course->id)) {
                continue;
            }
            if (count($found) === $limit) {
                return ['courses' => $found, 'more' => true];
            }
            $found[] = self::told($course);
        }
        return ['courses' => $found, 'more' => false];
    }

    /**
     * The courses in which somebody has the right.
     *
     * @param int $userid
     * @return \stdClass[]
     */
    private static function courses(int $userid): array {
        $fields = 'fullname, shortname, visible, startdate, category';
        return get_user_capability_course(people::REQUIRED_IN_COURSE, $userid, true, $fields, 'startdate DESC, id DESC') ?: [];
    }

    /**
     * Whether one of a course's names holds what is looked for, whatever its case.
     *
     * @param \stdClass $course
     * @param string $search
     */
    private static function matches(\stdClass $course, string $search): bool {
        $lower = fn(string $text): string => \core_text::strtolower(trim($text));
        return $search === '' || str_contains($lower("$course->fullname $course->shortname"), $lower($search));
    }

    /**
     * What is told of a course.
     *
     * @param \stdClass $course
     */
    private static function told(\stdClass $course): array {
        global $DB;
        return [
            'id' => (int)$course->id,
            'fullname' => $course->fullname,
            'shortname' => $course->shortname,
            'visible' => (bool)$course->visible,
            'startdate' => (int)$course->startdate,
            'categoryid' => (int)$course->category,
            'category' => (string)$DB->get_field('course_categories', 'name', ['id' => $course->category]),
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
        ]);
    }
}
