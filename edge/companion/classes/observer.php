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

namespace block_courseferry;

use block_courseferry\local\arrival;
use block_courseferry\local\leftover;
use block_courseferry\local\made_accounts;
use block_courseferry\local\restore_record;

/**
 * Learns from Moodle's events: of restored courses that are deleted, so that the Worker does too; of what others make in a course
 * that a restore adds to.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class observer {
    /**
     * Forgets a course.
     *
     * @param \core\event\course_deleted $event
     */
    public static function course_deleted(\core\event\course_deleted $event): void {
        global $DB;
        $DB->delete_records(arrival::OTHERS, ['courseid' => $event->objectid]);
        $DB->execute(
            'UPDATE {' . restore_record::TABLE . '} SET courseid = 0, timemodified = :now WHERE courseid = :courseid',
            ['now' => time(), 'courseid' => $event->objectid],
        );
        leftover::forget((int)$event->objectid);
    }

    /**
     * Notes what somebody makes in a course while a restore adds to it: that did not arrive with it.
     *
     * @param \core\event\base $event of something that was made
     */
    public static function made_in_course(\core\event\base $event): void {
        if ($event->objecttable === 'question_categories') {
            $course = $event->contextlevel == CONTEXT_COURSE ? $event->contextinstanceid : 0;
            arrival::note_other((int)$course, 'question_categories', (int)$event->objectid);
            return;
        }
        arrival::note_other((int)$event->courseid, (string)$event->objecttable, (int)$event->objectid);
    }

    /**
     * Notes that somebody restored into a course while a restore of ours adds to it.
     *
     * @param \core\event\course_restored $event
     */
    public static function course_restored(\core\event\course_restored $event): void {
        arrival::note_other((int)$event->objectid, arrival::RESTORED, 0);
    }

    /**
     * Forgets an account that is deleted.
     *
     * @param \core\event\user_deleted $event
     */
    public static function user_deleted(\core\event\user_deleted $event): void {
        made_accounts::forget((int)$event->objectid);
    }
}
