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

namespace block_courseferry\task;

use block_courseferry\local\orphan;
use block_courseferry\local\restore_record;

/**
 * Removes something that a restore brought. Deleting takes longer than a web request should.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
abstract class removal extends \core\task\adhoc_task {
    /** @var int seconds to wait for whoever just looks whether somebody is at work */
    private const WAIT = 30;
    /** @var int processes that may start on one removal */
    private const MAX_RUNS = 3;

    /**
     * Queues it, once.
     *
     * @param string $job the restore
     * @param int $userid who wants it removed
     */
    public static function queue(string $job, int $userid): void {
        foreach (self::rows($job) as $row) {
            if (!self::is_dead($job, $row)) {
                return;
            }
            self::forget($row);
        }
        self::start($job, $userid, 1);
    }

    /**
     * Queues a process.
     *
     * @param string $job the restore
     * @param int $userid who wants it removed
     * @param int $run counts the processes that were started on it, from 1
     */
    private static function start(string $job, int $userid, int $run): void {
        $task = new static();
        $task->set_custom_data(['job' => $job, 'userid' => $userid, 'run' => $run]);
        $task->set_component('block_courseferry');
        \core\task\manager::queue_adhoc_task($task);
    }

    /**
     * Sees that removals whose process died or failed begin again, three times in all. Core hands a killed task out again after a
     * day only, and one that failed not at all.
     */
    public static function look_after(): void {
        foreach (self::rows() as $row) {
            $data = json_decode((string)$row->customdata);
            if (!self::is_dead($data->job, $row)) {
                continue;
            }
            self::forget($row);
            $run = $data->run ?? 1;
            if ($run < self::MAX_RUNS) {
                mtrace("The removal for $data->job ended early and begins again.");
                self::start($data->job, (int)$data->userid, $run + 1);
                continue;
            }
            mtrace("The removal for $data->job ended early $run times and is given up.");
            $record = restore_record::find($data->job);
            if ($record) {
                static::give_up($record);
            }
        }
    }

    /**
     * Forgets a task.
     *
     * @param \stdClass $row the task
     */
    private static function forget(\stdClass $row): void {
        global $DB;
        $DB->delete_records('task_adhoc', ['id' => $row->id]);
    }

    /**
     * Tells of a removal that has failed for good. Its owner can still ask again.
     *
     * @param restore_record $record the restore
     */
    abstract protected static function give_up(restore_record $record): void;

    /**
     * Whether it is going to be done, or is being done.
     *
     * @param string $job the restore
     */
    public static function is_queued(string $job): bool {
        foreach (self::rows($job) as $row) {
            if (!self::is_dead($job, $row)) {
                return true;
            }
        }
        return false;
    }

    /**
     * The tasks that are queued.
     *
     * @param string|null $job for this restore; null for all
     * @return \stdClass[]
     */
    private static function rows(?string $job = null): array {
        global $DB;
        $rows = $DB->get_records('task_adhoc', ['classname' => '\\' . static::class]);
        return array_filter($rows, fn($row) => $job === null || (json_decode((string)$row->customdata)->job ?? '') === $job);
    }

    /**
     * Whether the process of a queued task died, or failed.
     *
     * @param string $job the restore
     * @param \stdClass $row the task
     */
    private static function is_dead(string $job, \stdClass $row): bool {
        $lock = restore_record::lock($job, 0);
        $lock?->release();
        return $lock && orphan::is((int)$row->id, (int)($row->timestarted ?: $row->timecreated));
    }

    #[\Override]
    public function execute() {
        $data = $this->get_custom_data();
        $lock = restore_record::lock($data->job, self::WAIT);
        if (!$lock) {
            return;
        }
        try {
            $record = restore_record::find($data->job);
            if ($record) {
                $this->remove($record, (int)$data->userid);
            }
        } finally {
            $lock->release();
        }
    }

    /**
     * Removes it, unless something holds that back. Some time has passed since it was queued, so that is asked again.
     *
     * @param restore_record $record the restore
     * @param int $userid who wants it removed
     */
    abstract protected function remove(restore_record $record, int $userid): void;

    // Beginning again is ours (look_after); core's doubling delays would come on top.
    #[\Override]
    public function retry_until_success(): bool {
        return false;
    }
}
