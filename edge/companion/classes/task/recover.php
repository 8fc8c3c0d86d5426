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

use block_courseferry\local\failure;
use block_courseferry\local\job;
use block_courseferry\local\people;
use block_courseferry\local\state;
use core\lock\db_record_lock_factory;
use core\lock\lock_config;

/**
 * Looks every minute for restores whose process died, and sees that they go on or end.
 *
 * Core does not: it hands out a killed adhoc task again only after a daily clean-up, and drops tasks of suspended users
 * without a word.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class recover extends \core\task\scheduled_task {
    /** @var int seconds between core's note that a task starts and our own first heartbeat, at most */
    private const GRACE = 45;
    /** @var int seconds without a heartbeat after which a lock that merely expired is believed */
    private const SILENCE = 10 * MINSECS;
    /** @var int seconds for which a stray temporary file is left alone */
    private const STRAY = DAYSECS;

    #[\Override]
    public function get_name() {
        return get_string('taskrecover', 'block_courseferry');
    }

    #[\Override]
    public function execute() {
        global $DB;
        [$in, $params] = $DB->get_in_or_equal(state::unfinished());
        foreach ($DB->get_fieldset_select(job::TABLE, 'job', "state $in", $params) as $job) {
            try {
                $this->look_after($job);
            } catch (\Throwable $e) {
                mtrace("$job cannot be looked after: " . $e->getMessage());
            }
        }
        $this->remove_stray_files();
    }

    private function look_after(string $job): void {
        global $DB;
        $lock = job::lock($job, 0);
        if (!$lock) {
            return;
        }
        try {
            $row = job::find($job);
            if (!$row || job::state($row)->is_over() || !$this->is_orphaned($row)) {
                return;
            }
            mtrace("Nobody is at work on $job.");
            $DB->delete_records('task_adhoc', ['id' => $row->taskid, 'component' => 'block_courseferry']);
            job::remove_half_made_course($row);
            $end = match (true) {
                !people::is_active((int)$row->userid) => new failure('client.user_inactive', "user $row->userid"),
                $row->runs >= job::MAX_RUNS => new failure('client.crashed', "the process died $row->runs times"),
                default => null,
            };
            if ($end) {
                job::fail($row, $end);
                job::remove_files($row);
            } else {
                job::change($job, function (?\stdClass $now) use ($row) {
                    if (!job::goes_on($now, (int)$row->attempt)) {
                        return null;
                    }
                    $now->state = state::pending->value;
                    $now->percent = 0;
                    return job::queue($now);
                });
            }
        } finally {
            $lock->release();
        }
    }

    /**
     * Whether no task will ever work on a row whose lock is free.
     */
    private function is_orphaned(\stdClass $row): bool {
        global $DB;
        $expiring = is_a(lock_config::get_lock_factory_class(), db_record_lock_factory::class, true);
        if ($expiring && $row->heartbeat > time() - self::SILENCE) {
            return false;
        }
        $task = $DB->get_record('task_adhoc', ['id' => $row->taskid]);
        if (!$task) {
            return $row->heartbeat < time() - self::GRACE;
        }
        if ($task->attemptsavailable !== null && (int)$task->attemptsavailable === 0) {
            return true;
        }
        return $task->timestarted && $task->timestarted < time() - self::GRACE;
    }

    /**
     * Temporary files that a dead process left behind and nobody resumes.
     */
    private function remove_stray_files(): void {
        foreach (glob(make_temp_directory('courseferry') . '/*.mbz') ?: [] as $file) {
            $row = job::find(explode('.', basename($file))[0]);
            $wanted = $row && !job::state($row)->is_over() && job::backup_file($row) === $file;
            if (!$wanted && filemtime($file) < time() - self::STRAY) {
                @unlink($file);
            }
        }
    }
}
