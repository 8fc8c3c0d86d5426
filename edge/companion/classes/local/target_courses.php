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

namespace block_courseferry\local;

/**
 * The courses here to which somebody may add what they bring.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class target_courses {
    /** @var string order in which they are given: those that began last first */
    private const ORDER = 'startdate DESC, id DESC';
    /** @var int at most so many are looked at more closely: a role in a category can name thousands that nobody may enter */
    private const LOOKED_AT = 500;

    /**
     * Those of somebody, as a list that is read as far as it is needed: each one's access is looked at only then.
     *
     * @param int $userid
     * @param string $search part of a name; empty for all
     * @return iterable<\stdClass>
     */
    public static function of(int $userid, string $search = ''): iterable {
        if (!people::is_active($userid)) {
            return;
        }
        $fields = 'fullname, shortname, visible, startdate, category';
        $courses = get_user_capability_course(people::REQUIRED_IN_COURSE, $userid, true, $fields, self::ORDER) ?: [];
        $matching = array_filter($courses, fn($course) => self::matches($course, $search));
        foreach (array_slice($matching, 0, self::LOOKED_AT) as $course) {
            // The right was checked when the courses were found; what is left is whether this one can be entered.
            if ((int)$course->id !== (int)SITEID && can_access_course($course, $userid, '', true)) {
                yield $course;
            }
        }
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
     * Whether somebody sees the widget because they have any, where the setting targetcourses is on. Every view of the dashboard
     * asks, so the answer is cached for some minutes.
     *
     * @param int $userid
     */
    public static function grants_widget(int $userid): bool {
        if (!get_config('block_courseferry', 'targetcourses')) {
            return false;
        }
        $cache = \cache::make('block_courseferry', 'targets');
        $has = $cache->get($userid);
        if ($has === false) {
            $has = 'no';
            foreach (self::of($userid) as $course) {
                $has = 'yes';
                break;
            }
            $cache->set($userid, $has);
        }
        return $has === 'yes';
    }
}
