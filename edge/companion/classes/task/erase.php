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

use block_courseferry\local\worker;
use block_courseferry\privacy\provider;

/**
 * Has the Worker forget a user, and comes again until it has, and until nothing of the user runs here.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
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
                throw new \moodle_exception(
                    'privacy:workerunreachable',
                    'block_courseferry',
                    '',
                    $answer->problem(),
                );
            }
        }
        if (!provider::anonymise($userid)) {
            throw new \moodle_exception('privacy:stillrunning', 'block_courseferry');
        }
    }
}
