<?php
/**
 * Forgets courses that are deleted, so that the Worker learns that a restored course is gone.
 *
 * @package    block_courseferry
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

namespace block_courseferry;

use block_courseferry\local\job;

class observer {
    public static function course_deleted(\core\event\course_deleted $event): void {
        global $DB;
        $DB->execute('UPDATE {' . job::TABLE . '} SET courseid = 0, timemodified = :now WHERE courseid = :courseid',
            ['now' => time(), 'courseid' => $event->objectid]);
    }
}
