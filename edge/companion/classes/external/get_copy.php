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
 * Tells an owner whether a course that a restore made can be put back, or what holds that back.
 *
 * No course is named: only what the restore made can be removed.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class get_copy extends service {
    #[\Override]
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters([
            'job' => self::text('The restore that made it'),
            'userid' => self::number('Its owner'),
        ]);
    }

    /**
     * Tells how it stands, after what is done about it.
     *
     * @param string $job
     * @param int $userid
     */
    public static function execute(string $job, int $userid): array {
        ['job' => $job, 'userid' => $userid] = self::begin(['job' => $job, 'userid' => $userid]);
        $record = restore_record::find($job) ?? throw new \moodle_exception('client.unknown_job', 'block_courseferry');
        $decision = (new copy_removal($record, $userid))->decision();
        [$state, $reason, $detail] = static::act($decision, $job, $userid);
        return ['job' => $job, 'state' => $state, 'reason' => $reason, 'detail' => $detail];
    }

    /**
     * Does what the function is for: nothing but telling.
     *
     * @param array $decision the state, what holds it back, and details
     * @param string $job
     * @param int $userid
     * @return array{0: string, 1: string, 2: string} how it stands then
     */
    protected static function act(array $decision, string $job, int $userid): array {
        return $decision;
    }

    #[\Override]
    public static function execute_returns(): external_single_structure {
        return new external_single_structure([
            'job' => self::text('The restore'),
            'state' => self::text('possible, queued, done or refused'),
            'reason' => self::text('What holds it back: notowner, notrestored, toolate, norecyclebin, participants, changed, '
                . 'nolog'),
            'detail' => self::text('For administrators'),
        ]);
    }
}
