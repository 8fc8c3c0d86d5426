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

use block_courseferry\local\free_space;
use block_courseferry\local\typed_name;
use core_external\external_function_parameters;
use core_external\external_multiple_structure;
use core_external\external_single_structure;
use core_external\external_value;

/**
 * Tells the Worker what a restore would meet here: the category, names that are taken, free space.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class preview extends service {
    #[\Override]
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters([
            'userid' => self::number('Who would restore'),
            'categoryid' => self::number('Where'),
            'courseid' => new external_value(PARAM_INT, 'A course here to look for', VALUE_DEFAULT, 0),
            'names' => new external_multiple_structure(new external_single_structure([
                'fullname' => self::text('Full name'),
                'shortname' => self::text('Short name'),
            ]), 'Names that courses would get, as they are stored', VALUE_DEFAULT, []),
        ]);
    }

    /**
     * Says what restores would meet.
     *
     * @param int $userid
     * @param int $categoryid
     * @param int $courseid
     * @param array $names
     */
    public static function execute(
        int $userid,
        int $categoryid,
        int $courseid = 0,
        array $names = [],
    ): array {
        global $DB;
        $params = self::begin([
            'userid' => $userid, 'categoryid' => $categoryid, 'courseid' => $courseid, 'names' => $names,
        ]);
        $context = \context_coursecat::instance($params['categoryid'], IGNORE_MISSING);
        $name = $context && $DB->record_exists('user', ['id' => $params['userid']])
            ? $DB->get_field('course_categories', 'name', ['id' => $params['categoryid']]) : '';
        return [
            'category' => ['id' => $params['categoryid'], 'exists' => (bool)$context, 'name' => (string)$name],
            'names' => array_map(self::names(...), $params['names']),
            'maxfullname' => typed_name::max_full(),
            'maxshortname' => typed_name::max_short(),
            'course' => [
                'id' => $params['courseid'],
                'exists' => $params['courseid'] != SITEID && $DB->record_exists('course', ['id' => $params['courseid']]),
            ],
            'freebytes' => free_space::bytes(),
        ];
    }

    /**
     * What core's restore would make of both names of a course. If either is taken, it changes both.
     *
     * @param array $names fullname and shortname
     */
    private static function names(array $names): array {
        global $CFG, $DB;
        require_once($CFG->dirroot . '/backup/util/includes/restore_includes.php');
        $full = \core_text::substr($names['fullname'], 0, typed_name::max_full());
        $short = \core_text::substr($names['shortname'], 0, typed_name::max_short());
        [$becomesfull, $becomesshort] = \restore_dbops::calculate_course_names(0, $full, $short);
        return $names + [
            'fullnametaken' => $DB->record_exists('course', ['fullname' => $full]),
            'shortnametaken' => $DB->record_exists('course', ['shortname' => $short]),
            'becomesfullname' => $becomesfull,
            'becomesshortname' => $becomesshort,
        ];
    }

    #[\Override]
    public static function execute_returns(): external_single_structure {
        return new external_single_structure([
            'category' => new external_single_structure([
                'id' => self::number('Category'),
                'exists' => self::flag('Whether there is such a category'),
                'name' => self::text('Its name'),
            ]),
            'course' => new external_single_structure([
                'id' => self::number('Course'),
                'exists' => self::flag('Whether there is such a course, other than the front page'),
            ]),
            'names' => self::records([
                'fullname' => self::text('As asked'),
                'shortname' => self::text('As asked'),
                'fullnametaken' => self::flag('Whether a course has this full name'),
                'shortnametaken' => self::flag('Whether a course has this short name'),
                'becomesfullname' => self::text('What the restored course would be called'),
                'becomesshortname' => self::text('Likewise its short name'),
            ], 'In the order asked'),
            'maxfullname' => self::number('Characters of a full name'),
            'maxshortname' => self::number('Characters of a short name'),
            'freebytes' => self::number('Free temporary space'),
        ]);
    }
}
