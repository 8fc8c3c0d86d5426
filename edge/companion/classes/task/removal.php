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

    /**
     * Queues it, once. One whose process died is forgotten first: core would hand it out again after a day only.
     *
     * @param string $job the restore
     * @param int $userid who wants it removed
     */
    public static function queue(string $job, int $userid): void {
        global $DB;
        foreach (self::rows($job) as $row) {
            if (self::is_dead($job, $row)) {
                $DB->delete_records('task_adhoc', ['id' => $row->id]);
            }
        }
        $task = new static();
        $task->set_custom_data(['job' => $job, 'userid' => $userid]);
        $task->set_component('block_courseferry');
        \core\task\manager::queue_adhoc_task($task, true);
    }

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
     * The tasks that are queued for a restore.
     *
     * @param string $job the restore
     * @return \stdClass[]
     */
    private static function rows(string $job): array {
        global $DB;
        $rows = $DB->get_records('task_adhoc', ['classname' => '\\' . static::class]);
        return array_filter($rows, fn($row) => (json_decode((string)$row->customdata)->job ?? '') === $job);
    }

    /**
     * Whether the process of a queued task died.
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

    // What cannot be deleted now stays, and its owner can ask again.
    #[\Override]
    public function retry_until_success(): bool {
        return false;
    }
}
