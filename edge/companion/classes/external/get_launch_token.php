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

use block_courseferry\local\launch;
use block_courseferry\local\worker;
use core_external\external_api;
use core_external\external_function_parameters;
use core_external\external_single_structure;
use core_external\external_value;

/**
 * Gives the page in the browser a fresh launch token for whoever is logged in.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class get_launch_token extends external_api {
    /**
     * What it takes.
     */
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters([
            'state' => new external_value(PARAM_ALPHANUMEXT, 'Given back in the token', VALUE_DEFAULT, ''),
        ]);
    }

    /**
     * A token.
     *
     * @param string $state given back in it
     */
    public static function execute(string $state = ''): array {
        ['state' => $state] = self::validate_parameters(self::execute_parameters(), ['state' => $state]);
        self::validate_context(\context_system::instance());
        $worker = worker::configured() ?? throw new \moodle_exception('notconnected', 'block_courseferry');
        return launch::mint($worker, \core_text::substr($state, 0, 128));
    }

    /**
     * What it gives back.
     */
    public static function execute_returns(): external_single_structure {
        return new external_single_structure([
            'token' => new external_value(PARAM_RAW, 'The launch token'),
            'expires' => new external_value(PARAM_INT, 'Unix time'),
        ]);
    }
}
