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

use block_courseferry\remote\lent_backup;
use core_external\external_function_parameters;
use core_external\external_single_structure;

/**
 * Tells a client how its backups fare.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class remote_get_backups extends remote_service {
    /**
     * What is asked.
     *
     * @return external_function_parameters
     */
    public static function execute_parameters(): external_function_parameters {
        return self::backups();
    }

    /**
     * Looks them up. Another client's is as unknown as one that never was.
     *
     * @param array $backups
     * @return array
     */
    public static function execute(array $backups): array {
        global $USER;
        return ['backups' => array_map(fn(array $asked): array => lent_backup::entry(
            $asked['job'],
            $asked['number'],
            lent_backup::find((int)$USER->id, $asked['job'], $asked['number'])
        ), self::begin_backups($backups))];
    }

    /**
     * What is answered.
     *
     * @return external_single_structure
     */
    public static function execute_returns(): external_single_structure {
        return self::list_of(self::backup());
    }
}
