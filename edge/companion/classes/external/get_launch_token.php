<?php
/**
 * Gives the page in the browser a fresh launch token for whoever is logged in.
 *
 * @package    block_courseferry
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

namespace block_courseferry\external;

use block_courseferry\local\launch;
use block_courseferry\local\worker;
use core_external\external_api;
use core_external\external_function_parameters;
use core_external\external_single_structure;
use core_external\external_value;

class get_launch_token extends external_api {
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters([
            'state' => new external_value(PARAM_ALPHANUMEXT, 'Given back in the token', VALUE_DEFAULT, ''),
        ]);
    }

    public static function execute(string $state = ''): array {
        ['state' => $state] = self::validate_parameters(self::execute_parameters(), ['state' => $state]);
        self::validate_context(\context_system::instance());
        $worker = worker::configured() ?? throw new \moodle_exception('notconnected', 'block_courseferry');
        return launch::mint($worker, \core_text::substr($state, 0, 128));
    }

    public static function execute_returns(): external_single_structure {
        return new external_single_structure([
            'token' => new external_value(PARAM_RAW, 'The launch token'),
            'expires' => new external_value(PARAM_INT, 'Unix time'),
        ]);
    }
}
