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

use block_courseferry\local\arrival_removal;
use block_courseferry\local\restore_record;
use core_external\external_function_parameters;
use core_external\external_single_structure;

/**
 * What the two decisions on what arrived of an interrupted addition have in common. No course is named: it is about what the
 * restore brought, and nothing else.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
abstract class decision extends service {
    #[\Override]
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters([
            'job' => self::text('The restore'),
            'userid' => self::number('Its owner, who decides'),
        ]);
    }

    /**
     * Decides.
     *
     * @param string $job
     * @param int $userid
     */
    public static function execute(string $job, int $userid): array {
        ['job' => $job, 'userid' => $userid] = self::begin(['job' => $job, 'userid' => $userid]);
        $record = restore_record::find($job) ?? throw new \moodle_exception('client.unknown_job', 'block_courseferry');
        [$state, $reason, $detail] = static::decide($record, new arrival_removal($record, $userid), $userid);
        return ['job' => $job, 'state' => $state, 'reason' => $reason, 'detail' => $detail];
    }

    /**
     * Decides: the state, what holds it back, and details.
     *
     * @param restore_record $record the restore
     * @param arrival_removal $removal removes, or keeps
     * @param int $userid who decides
     * @return array{0: string, 1: string, 2: string}
     */
    abstract protected static function decide(restore_record $record, arrival_removal $removal, int $userid): array;

    #[\Override]
    public static function execute_returns(): external_single_structure {
        return new external_single_structure([
            'job' => self::text('The restore'),
            'state' => self::text('queued, done or refused'),
            'reason' => self::text('What holds it back: notowner, notpartly, norights, mixed, nolog'),
            'detail' => self::text('For administrators'),
        ]);
    }
}
