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

use core\lock\db_record_lock_factory;
use core\lock\lock_config;

/**
 * Tells whether work whose lock is free will never be taken up again.
 *
 * Core hands out a killed adhoc task again only after a daily clean-up, and drops tasks of suspended users without a word.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class orphan {
    /** @var int seconds between core's note that a task starts and our own first heartbeat, at most */
    private const GRACE = 45;
    /** @var int seconds without a heartbeat after which a lock that merely expired is believed */
    private const SILENCE = 10 * MINSECS;

    /**
     * Whether no task will ever work on it.
     *
     * @param int $taskid the adhoc task that was queued for it
     * @param int $heartbeat when a process last said that it lives, or when it was queued
     * @return bool
     */
    public static function is(int $taskid, int $heartbeat): bool {
        global $DB;
        $expiring = is_a(lock_config::get_lock_factory_class(), db_record_lock_factory::class, true);
        if ($expiring && $heartbeat > time() - self::SILENCE) {
            return false;
        }
        $task = $DB->get_record('task_adhoc', ['id' => $taskid]);
        if (!$task) {
            return $heartbeat < time() - self::GRACE;
        }
        if ($task->attemptsavailable !== null && (int)$task->attemptsavailable === 0) {
            return true;
        }
        return $task->timestarted && $task->timestarted < time() - self::GRACE;
    }
}
