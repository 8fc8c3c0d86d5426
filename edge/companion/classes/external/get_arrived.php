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

use block_courseferry\local\arrival;
use block_courseferry\local\restore_record;
use core_external\external_function_parameters;
use core_external\external_single_structure;

/**
 * Tells an owner what arrived in their course from a restore that was interrupted.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class get_arrived extends service {
    #[\Override]
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters([
            'job' => self::text('The restore'),
            'userid' => self::number('Its owner'),
        ]);
    }

    /**
     * Tells what arrived.
     *
     * @param string $job
     * @param int $userid
     */
    public static function execute(string $job, int $userid): array {
        ['job' => $job, 'userid' => $userid] = self::begin(['job' => $job, 'userid' => $userid]);
        $record = restore_record::find($job);
        if (!$record || $record->userid !== $userid) {
            throw new \moodle_exception('client.unknown_job', 'block_courseferry');
        }
        $arrived = $record->is_partly_added() ? arrival::of($record)->names() : ['arrived' => [], 'more' => false];
        return ['job' => $job] + $arrived;
    }

    #[\Override]
    public static function execute_returns(): external_single_structure {
        return new external_single_structure([
            'job' => self::text('The restore'),
            'arrived' => self::records([
                'kind' => self::text('section, activity, group, grouping or questions'),
                'name' => self::text('Its name, as stored'),
            ], 'What arrived'),
            'more' => self::flag('Whether there is more'),
        ]);
    }
}
