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

use block_courseferry\local\run;

/**
 * The adhoc task in which a restore runs, as the teacher. What it does is in local\run.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class restore extends \core\task\adhoc_task {
    /** @var int how many run at once on a site that sets no limit; the others wait, and leave cron to other work */
    private const AT_ONCE = 2;

    /**
     * Queues a process.
     *
     * @param string $job the Worker's id of the restore
     * @param int $attempt the attempt
     * @param int $userid as whom
     * @param int $delay seconds
     * @return int the task's id
     */
    public static function queue(string $job, int $attempt, int $userid, int $delay = 0): int {
        $task = new self();
        $task->set_custom_data(['job' => $job, 'attempt' => $attempt]);
        $task->set_userid($userid);
        $task->set_component('block_courseferry');
        if ($delay > 0) {
            $task->set_next_run_time(time() + $delay);
        }
        return (int)\core\task\manager::queue_adhoc_task($task);
    }

    #[\Override]
    public function get_name() {
        return get_string('taskrestore', 'block_courseferry');
    }

    #[\Override]
    public function execute() {
        $data = $this->get_custom_data();
        (new run($data->job, (int)$data->attempt))->execute();
    }

    #[\Override]
    protected function get_default_concurrency_limit(): int {
        return parent::get_default_concurrency_limit() ?: self::AT_ONCE;
    }

    // Trying again is ours (task\recover) and the Worker's; core's doubling delays would come on top.
    #[\Override]
    public function retry_until_success(): bool {
        return false;
    }
}
