<?php
/**
 * Cancels a restore, unless its course is already begun.
 *
 * @package    block_courseferry
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

namespace block_courseferry\external;

use block_courseferry\local\job;
use core_external\external_function_parameters;
use core_external\external_single_structure;

class cancel extends service {
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters(['job' => self::text('The job'), 'attempt' => self::number('Up to this attempt')]);
    }

    public static function execute(string $job, int $attempt): array {
        ['job' => $job, 'attempt' => $attempt] = self::begin(['job' => $job, 'attempt' => $attempt]);
        return job::entry($job, job::cancel($job, $attempt));
    }

    public static function execute_returns(): external_single_structure {
        return self::entry();
    }
}
