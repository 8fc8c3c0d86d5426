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
 * A course that was begun and not finished, or that its owner does not want any more, and that is to be removed.
 *
 * Core cannot delete every course: a question of a kind that is not installed is enough. So removing is tried apart from the
 * restore that left it, less and less often, and what stays is told by readiness: somebody must look at it.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class leftover {
    /** @var string the table */
    public const TABLE = 'block_courseferry_leftover';
    /** @var int after so many tries it is left to people */
    public const MAX_TRIES = 5;
    /** @var int seconds until the second try; each further one waits so much longer */
    private const WAIT = HOURSECS;
    /** @var int how many readiness names */
    private const NAMED = 10;

    /**
     * Notes what a restore leaves. To be called in the transaction that ends it.
     *
     * @param restore_record $record whose course it is
     * @return int the id of the note
     */
    public static function note(restore_record $record): int {
        global $DB;
        return (int)$DB->insert_record(self::TABLE, (object)[
            'courseid' => $record->courseid,
            'job' => $record->job,
            'tries' => 0,
            'reason' => '',
            'timecreated' => time(),
            'timetried' => 0,
        ]);
    }

    /**
     * Notes a course that is left to people.
     *
     * @param restore_record $record whose course it is
     * @param string $reason why
     */
    public static function give_up(restore_record $record, string $reason): void {
        global $DB;
        if ($record->courseid && !$DB->record_exists(self::TABLE, ['courseid' => $record->courseid])) {
            $DB->update_record(self::TABLE, (object)[
                'id' => self::note($record), 'tries' => self::MAX_TRIES, 'reason' => $reason, 'timetried' => time(),
            ]);
        }
    }

    /**
     * Tries those whose time has come.
     */
    public static function remove_due(): void {
        global $DB;
        $waiting = $DB->get_records_select(self::TABLE, 'tries < :max', ['max' => self::MAX_TRIES], 'id', 'id, tries, timetried');
        foreach ($waiting as $leftover) {
            if ($leftover->timetried <= time() - self::WAIT * $leftover->tries ** 2) {
                self::remove((int)$leftover->id);
            }
        }
    }

    /**
     * Tries to remove one.
     *
     * @param int $id the note's id
     * @return bool whether it is gone
     */
    public static function remove(int $id): bool {
        global $DB;
        $leftover = $DB->get_record(self::TABLE, ['id' => $id]);
        if (!$leftover) {
            return true;
        }
        // Counted before: a try may kill the process.
        $DB->update_record(self::TABLE, (object)['id' => $id, 'tries' => $leftover->tries + 1, 'timetried' => time()]);
        $failure = self::delete_course((int)$leftover->courseid);
        if ($failure === null) {
            $DB->delete_records(self::TABLE, ['id' => $id]);
            return true;
        }
        $DB->set_field(self::TABLE, 'reason', \core_text::substr($failure->getMessage(), 0, 500), ['id' => $id]);
        self::put_away((int)$leftover->courseid);
        return false;
    }

    /**
     * Deletes a course, all of it or nothing: a try that fails must not leave it more broken, or add to it, each time.
     *
     * @param int $courseid the course
     * @return failure|null why it cannot be deleted
     */
    public static function delete_course(int $courseid): ?failure {
        global $CFG, $DB;
        require_once($CFG->dirroot . '/course/lib.php');
        $course = $DB->get_record('course', ['id' => $courseid]);
        if (!$course || (int)$course->id === (int)SITEID) {
            return null;
        }
        // Tells the recycle bin not to back it up first.
        $course->deletesource = 'restore';
        $transaction = $DB->start_delegated_transaction();
        try {
            delete_course($course, false);
            fix_course_sortorder();
            $transaction->allow_commit();
            return null;
        } catch (\Throwable $thrown) {
            try {
                $transaction->rollback($thrown);
            } catch (\Throwable) {
                // Core throws the exception again that it was given.
                $failure = failure::of($thrown);
            }
            \context_helper::reset_caches();
            rebuild_course_cache($courseid, true);
            return $failure;
        }
    }

    /**
     * Sees to it that what cannot be deleted is in nobody's way: hidden, and without the name that another try will want.
     *
     * @param int $courseid the course
     */
    private static function put_away(int $courseid): void {
        global $DB;
        $name = "courseferry-left-$courseid";
        $course = $DB->get_record('course', ['id' => $courseid], 'id, fullname, shortname');
        if ($course && $course->shortname !== $name) {
            $DB->update_record('course', (object)[
                'id' => $courseid,
                'visible' => 0,
                'visibleold' => 0,
                'shortname' => $name,
                'fullname' => \core_text::substr(get_string('leftovercourse', 'block_courseferry', $course->fullname), 0, 254),
            ]);
            rebuild_course_cache($courseid, true);
        }
    }

    /**
     * What readiness says: how many could not be removed yet, and which.
     *
     * @return array{number: int, list: array<array{courseid: int, name: string, reason: string, since: int}>}
     */
    public static function report(): array {
        global $DB;
        $sql = 'SELECT l.id, l.courseid, c.fullname AS name, l.reason, l.timecreated AS since
                  FROM {' . self::TABLE . '} l
                  JOIN {course} c ON c.id = l.courseid
                 WHERE l.tries > 0
              ORDER BY l.id';
        return [
            'number' => $DB->count_records_select(self::TABLE, 'tries > 0'),
            'list' => array_values(array_map(fn($row) => [
                'courseid' => (int)$row->courseid,
                'name' => $row->name,
                'reason' => (string)$row->reason,
                'since' => (int)$row->since,
            ], $DB->get_records_sql($sql, [], 0, self::NAMED))),
        ];
    }

    /**
     * Forgets a course that somebody deleted.
     *
     * @param int $courseid the course
     */
    public static function forget(int $courseid): void {
        global $DB;
        $DB->delete_records(self::TABLE, ['courseid' => $courseid]);
    }
}
