<?php
/**
 * The adhoc task in which a restore runs, as the teacher. What it does is in local\run.
 *
 * @package    block_courseferry
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

namespace block_courseferry\task;

use block_courseferry\local\run;

class restore extends \core\task\adhoc_task {
    /**
     * Queues a process.
     *
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

    /**
     * Trying again is ours (task\recover) and the Worker's; core's doubling delays would come on top.
     */
    #[\Override]
    public function retry_until_success(): bool {
        return false;
    }
}
