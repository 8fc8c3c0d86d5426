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

use block_courseferry\remote\backup_run;

/**
 * The adhoc task in which a backup for another Moodle is made, as the teacher. What it does is in remote\backup_run.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class lend extends \core\task\adhoc_task {
    /**
     * Queues a process.
     *
     * @param int $id the backup's row
     * @param int $userid the teacher
     * @return int the task's id
     */
    public static function queue(int $id, int $userid): int {
        $task = new self();
        $task->set_custom_data(['id' => $id]);
        $task->set_userid($userid);
        $task->set_component('block_courseferry');
        return (int)\core\task\manager::queue_adhoc_task($task);
    }

    #[\Override]
    public function get_name() {
        return get_string('tasklend', 'block_courseferry');
    }

    #[\Override]
    public function execute() {
        (new backup_run((int)$this->get_custom_data()->id))->execute();
    }

    /**
     * Trying again is ours (task\tend_lent) and the client's; core's doubling delays would come on top.
     *
     * @return bool
     */
    #[\Override]
    public function retry_until_success(): bool {
        return false;
    }
}
