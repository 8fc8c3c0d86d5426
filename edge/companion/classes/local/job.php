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

use block_courseferry\task\restore as restore_task;

/**
 * The rows of restore jobs: finding them, changing them one process at a time, telling the Worker how they fare.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class job {
    /** @var string */
    public const TABLE = 'block_courseferry_restore';
    /** @var int processes that may start on one attempt before we stop blaming chance */
    public const MAX_RUNS = 3;
    /** @var int seconds after which a dead process's lock expires, on sites whose locks do not end with the process */
    private const LOCK_LIFETIME = 2 * HOURSECS;

    /**
     * A job's row, or null.
     */
    public static function find(string $job): ?\stdClass {
        global $DB;
        return $DB->get_record(self::TABLE, ['job' => $job]) ?: null;
    }

    /**
     * Reads a job's row under a row lock, lets the callback change it, and stores it: compare and set, in one transaction.
     *
     * @param string $job
     * @param callable $change gets the row or null; returns the row to store, or null to leave all as it is
     * @return \stdClass|null the stored row, or null if it was left
     */
    public static function change(string $job, callable $change): ?\stdClass {
        global $DB;
        $transaction = $DB->start_delegated_transaction();
        try {
            $row = $DB->get_record_sql('SELECT * FROM {' . self::TABLE . '} WHERE job = :job FOR UPDATE', ['job' => $job]);
            $row = $change($row ?: null);
            if ($row !== null) {
                $row->timemodified = time();
                if (isset($row->id)) {
                    $DB->update_record(self::TABLE, $row);
                } else {
                    $row->id = $DB->insert_record(self::TABLE, $row);
                }
            }
            $transaction->allow_commit();
            return $row;
        } catch (\Throwable $e) {
            $transaction->rollback($e);
        }
    }

    /**
     * Changes the row of an attempt that is still going on.
     *
     * @throws superseded if it was cancelled or replaced meanwhile
     */
    public static function advance(\stdClass $row, array $fields): \stdClass {
        return self::change($row->job, fn(?\stdClass $now) => self::goes_on($now, (int)$row->attempt)
            ? (object)($fields + ['heartbeat' => time()] + (array)$now) : null) ?? throw new superseded();
    }

    /**
     * Whether an attempt is the present one and not over.
     */
    public static function goes_on(?\stdClass $row, int $attempt): bool {
        return $row !== null && (int)$row->attempt === $attempt && !self::state($row)->is_over();
    }

    /**
     * The row's state.
     */
    public static function state(\stdClass $row): state {
        return state::from($row->state);
    }

    /**
     * A fresh row for an attempt, its task not yet queued.
     */
    public static function blank(string $job, int $attempt): \stdClass {
        $now = time();
        return (object)[
            'job' => $job, 'attempt' => $attempt, 'userid' => 0, 'categoryid' => 0, 'remote' => '', 'remotecourseid' => 0,
            'fullname' => '', 'shortname' => '', 'ticket' => '', 'state' => state::pending->value, 'bytes' => 0,
            'totalbytes' => 0, 'etag' => '', 'percent' => 0, 'courseid' => 0, 'error' => '', 'errordetail' => '',
            'warnings' => '[]', 'taskid' => 0, 'runs' => 0, 'heartbeat' => $now, 'timeprogress' => $now, 'timecreated' => $now,
            'timemodified' => $now,
        ];
    }

    /**
     * Ends an attempt as failed.
     */
    public static function fail(\stdClass $row, failure $failure): void {
        $failed = self::change($row->job, function (?\stdClass $now) use ($row, $failure) {
            if (!self::goes_on($now, (int)$row->attempt)) {
                return null;
            }
            $now->state = state::failed->value;
            $now->error = $failure->error;
            $now->errordetail = \core_text::substr($failure->getMessage(), 0, 4000);
            $now->ticket = '';
            return $now;
        });
        if ($failed) {
            \block_courseferry\event\restore_failed::of($failed)->trigger();
        }
    }

    /**
     * Cancels an attempt, unless its course is already begun. An attempt that never arrived is noted as cancelled as well: its
     * hand-over may still be on the way.
     *
     * @return \stdClass the row as it is then
     */
    public static function cancel(string $job, int $attempt): \stdClass {
        global $DB;
        $cancelled = self::change($job, function (?\stdClass $row) use ($job, $attempt) {
            $row ??= self::blank($job, $attempt);
            $state = self::state($row);
            $overtaken = $attempt > $row->attempt && $state->is_over() && !$state->is_restored();
            if ($attempt < $row->attempt || !($state->is_cancellable() || $overtaken)) {
                return null;
            }
            $row->attempt = $attempt;
            $row->state = state::cancelled->value;
            $row->ticket = '';
            return $row;
        });
        if ($cancelled && $cancelled->taskid) {
            // A process that is at work notices, and removes its files itself.
            $DB->delete_records_select('task_adhoc', 'id = :id AND component = :component AND timestarted IS NULL',
                ['id' => $cancelled->taskid, 'component' => 'block_courseferry']);
            @unlink(self::backup_file($cancelled));
        }
        return $cancelled ?? self::find($job);
    }

    /**
     * Removes a course that was begun and not finished. The recycle bin is told not to keep it.
     */
    public static function remove_half_made_course(\stdClass $row): void {
        global $CFG, $DB;
        require_once($CFG->dirroot . '/course/lib.php');
        if (!$row->courseid || self::state($row)->is_restored()) {
            return;
        }
        $course = $DB->get_record('course', ['id' => $row->courseid]);
        if ($course) {
            $course->deletesource = 'restore';
            delete_course($course, false);
            fix_course_sortorder();
        }
        $row->courseid = 0;
        $DB->set_field(self::TABLE, 'courseid', 0, ['id' => $row->id]);
    }

    /**
     * Takes the lock that the one process at work on a job holds; null if there is such a process.
     *
     * @param string $job
     * @param int $wait seconds
     */
    public static function lock(string $job, int $wait): ?\core\lock\lock {
        return \core\lock\lock_config::get_lock_factory('block_courseferry')->get_lock("restore_$job", $wait, self::LOCK_LIFETIME) ?: null;
    }

    /**
     * Where the backup of an attempt is kept while it is fetched. The same for every process that works on it, so that a
     * new one resumes.
     */
    public static function backup_file(\stdClass $row): string {
        return make_temp_directory('courseferry') . "/$row->job.$row->attempt.mbz";
    }

    /**
     * Removes the temporary files of an attempt.
     */
    public static function remove_files(\stdClass $row): void {
        @unlink(self::backup_file($row));
        (new course_restore($row))->clean_up();
    }

    /**
     * Queues a process for a row. To be called where the row is stored.
     *
     * @param int $delay seconds
     */
    public static function queue(\stdClass $row, int $delay = 0): \stdClass {
        $row->taskid = restore_task::queue($row->job, (int)$row->attempt, (int)$row->userid, $delay);
        $row->heartbeat = time();
        return $row;
    }

    /**
     * What the Worker is told of a job.
     */
    public static function entry(string $job, ?\stdClass $row, ?string $answer = null): array {
        global $DB;
        $row ??= self::blank($job, 0);
        $state = $answer ?? ($row->attempt > 0 ? $row->state : 'notfound');
        $restored = self::state($row)->is_restored();
        $course = $restored && $row->courseid ? $DB->get_record('course', ['id' => $row->courseid], 'id, fullname, shortname') : null;
        return [
            'job' => $job,
            'attempt' => (int)$row->attempt,
            'state' => $state,
            'bytes' => (int)$row->bytes,
            'totalbytes' => (int)$row->totalbytes,
            'percent' => (float)$row->percent,
            'courseid' => $course ? (int)$course->id : 0,
            'coursename' => $course ? $course->fullname : '',
            'shortname' => $course ? $course->shortname : '',
            'warnings' => json_decode($row->warnings ?? '[]', true) ?: [],
            'error' => (string)$row->error,
            'errordetail' => (string)$row->errordetail,
            'transient' => $row->error !== '' && failure::is_transient((string)$row->error),
            'timemodified' => (int)$row->timemodified,
        ];
    }
}
