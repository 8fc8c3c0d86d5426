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

namespace block_courseferry\external;

use block_courseferry\local\copy_removal;
use block_courseferry\local\restore_record;
use core_external\external_function_parameters;
use core_external\external_single_structure;

/**
 * Puts a course back that a restore made, for its owner and as long as nobody has worked in it.
 *
 * No course is named: only what the restore made can be removed.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class remove_copy extends service {
    #[\Override]
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters([
            'job' => self::text('The restore that made it'),
            'userid' => self::number('Who wants it removed'),
        ]);
    }

    /**
     * Queues the removal, or says what holds it back.
     *
     * @param string $job
     * @param int $userid
     */
    public static function execute(string $job, int $userid): array {
        ['job' => $job, 'userid' => $userid] = self::begin(['job' => $job, 'userid' => $userid]);
        $record = restore_record::find($job) ?? throw new \moodle_exception('client.unknown_job', 'block_courseferry');
        if ($record->state->is_restored() && $record->userid === $userid && $record->courseid === 0 && !$record->targetcourseid) {
            return ['job' => $job, 'state' => copy_removal::GONE, 'reason' => '', 'detail' => ''];
        }
        [$reason, $detail] = (new copy_removal($record, $userid))->obstacle() ?? ['', ''];
        if ($reason === '') {
            \block_courseferry\task\remove_copy::queue($job, $userid);
        }
        $state = $reason === '' ? copy_removal::QUEUED : copy_removal::REFUSED;
        return ['job' => $job, 'state' => $state, 'reason' => $reason, 'detail' => $detail];
    }

    #[\Override]
    public static function execute_returns(): external_single_structure {
        return new external_single_structure([
            'job' => self::text('The restore'),
            'state' => self::text('queued, gone or refused'),
            'reason' => self::text('What holds it back: notowner, notrestored, toolate, norecyclebin, participants, changed, '
                . 'nolog'),
            'detail' => self::text('For administrators'),
        ]);
    }
}
