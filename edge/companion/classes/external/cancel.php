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
use core_external\external_single_structure;

/**
 * Cancels a restore, unless its course is already begun.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class cancel extends service {
    #[\Override]
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters(['job' => self::text('The job'), 'attempt' => self::number('Up to this attempt')]);
    }

    /**
     * Cancels.
     *
     * @param string $job
     * @param int $attempt
     */
    public static function execute(string $job, int $attempt): array {
        ['job' => $job, 'attempt' => $attempt] = self::begin(['job' => $job, 'attempt' => $attempt]);
        return restore_record::entry($job, restore_record::cancel($job, $attempt));
    }

    #[\Override]
    public static function execute_returns(): external_single_structure {
        return self::entry();
    }
}
