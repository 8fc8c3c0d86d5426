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

use block_courseferry\local\enrolment;
use block_courseferry\local\people;
use block_courseferry\local\restore_record;
use core_external\external_function_parameters;
use core_external\external_single_structure;

/**
 * Enrols somebody in a course, but only in one that Courseferry restored.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class enrol extends service {
    #[\Override]
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters([
            'job' => self::text('The job whose course it is'),
            'userid' => self::number('Whom'),
        ]);
    }

    /**
     * Enrols.
     *
     * @param string $job
     * @param int $userid
     */
    public static function execute(string $job, int $userid): array {
        ['job' => $job, 'userid' => $userid] = self::begin(['job' => $job, 'userid' => $userid]);
        $record = restore_record::find($job);
        $context = $record?->state->is_restored() ? \context_course::instance($record->courseid, IGNORE_MISSING) : false;
        if (!$context || $record->courseid === (int)SITEID) {
            throw new \moodle_exception('client.unknown_job', 'block_courseferry');
        }
        if (!people::is_active($userid)) {
            throw new \moodle_exception('client.user_inactive', 'block_courseferry');
        }
        $already = is_enrolled($context, $userid, '', true);
        $enrolled = $already || enrolment::as_colleague($record->courseid, $userid);
        if ($enrolled && !$already) {
            \block_courseferry\event\copy_enrolled::of($record, $userid)->trigger();
        }
        return [
            'job' => $job,
            'userid' => $userid,
            'courseid' => $record->courseid,
            'enrolled' => $enrolled,
            'already' => $already,
        ];
    }

    #[\Override]
    public static function execute_returns(): external_single_structure {
        return new external_single_structure([
            'job' => self::text('The job'),
            'userid' => self::number('Whom'),
            'courseid' => self::number('Where'),
            'enrolled' => self::flag('Whether they are enrolled now; false if this site has manual enrolment switched off'),
            'already' => self::flag('Whether they were before'),
        ]);
    }
}
