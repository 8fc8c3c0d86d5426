<?php
/**
 * Tells the Worker how restores fare.
 *
 * @package    block_courseferry
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

namespace block_courseferry\external;

use block_courseferry\local\job;
use core_external\external_function_parameters;
use core_external\external_multiple_structure;
use core_external\external_single_structure;

class get_restores extends service {
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters(['jobs' => new external_multiple_structure(self::text('Job'))]);
    }

    public static function execute(array $jobs): array {
        ['jobs' => $jobs] = self::begin(['jobs' => $jobs]);
        return ['restores' => array_map(fn($job) => job::entry($job, job::find($job)), $jobs)];
    }

    public static function execute_returns(): external_single_structure {
        return new external_single_structure([
            'restores' => new external_multiple_structure(self::entry(), 'In the order asked'),
        ]);
    }
}
