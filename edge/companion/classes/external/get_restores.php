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

use block_courseferry\local\restore_record;
use core_external\external_function_parameters;
use core_external\external_multiple_structure;
use core_external\external_single_structure;

/**
 * Tells the Worker how restores fare.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class get_restores extends service {
    #[\Override]
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters(['jobs' => new external_multiple_structure(self::text('Job'))]);
    }

    /**
     * Tells how they fare.
     *
     * @param string[] $jobs
     */
    public static function execute(array $jobs): array {
        ['jobs' => $jobs] = self::begin(['jobs' => $jobs]);
        return ['restores' => array_map(fn($job) => restore_record::entry($job, restore_record::find($job)), $jobs)];
    }

    #[\Override]
    public static function execute_returns(): external_single_structure {
        return new external_single_structure([
            'restores' => new external_multiple_structure(self::entry(), 'In the order asked'),
        ]);
    }
}
