<?php
/**
 * Has the Worker forget a user, and comes again until it has, and until nothing of the user runs here.
 *
 * @package    block_courseferry
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

namespace block_courseferry\task;

use block_courseferry\local\worker;
use block_courseferry\privacy\provider;

class erase extends \core\task\adhoc_task {
    /**
     * Queues it for a user. Not as that user, who may be deleted by then.
     */
    public static function queue(int $userid): void {
        $task = new self();
        $task->set_custom_data(['userid' => $userid]);
        $task->set_component('block_courseferry');
        \core\task\manager::queue_adhoc_task($task, true);
    }

    #[\Override]
    public function get_name() {
        return get_string('taskerase', 'block_courseferry');
    }

    #[\Override]
    public function execute() {
        $userid = (int)$this->get_custom_data()->userid;
        $worker = worker::configured();
        if ($worker) {
            $answer = $worker->call('privacy/erase', ['userid' => $userid]);
            if (!$answer->ok()) {
                // Core tries a task that throws again, less and less often.
                throw new \moodle_exception('privacy:workerunreachable', 'block_courseferry', '', $answer->error ?: "HTTP $answer->status");
            }
        }
        if (!provider::anonymise($userid)) {
            throw new \moodle_exception('privacy:stillrunning', 'block_courseferry');
        }
    }
}
