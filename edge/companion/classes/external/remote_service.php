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

use block_courseferry\local\worker_url;
use core_external\external_function_parameters;
use core_external\external_multiple_structure;
use core_external\external_single_structure;
use core_external\external_value;

/**
 * What the web services about lent backups have in common: what names a backup, and what is told of one.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
abstract class remote_service extends service {
    /** @var string what the caller needs */
    protected const CAPABILITY = 'block/courseferry:can_retrieve_courses';
    /** @var int backups in one call, at most */
    private const MOST = 200;

    /**
     * Parameters that name backups.
     *
     * @return external_function_parameters
     */
    protected static function backups(): external_function_parameters {
        return new external_function_parameters(['backups' => self::records([
            'job' => self::text('The client\'s restore'),
            'number' => self::number('Raised for each backup of it'),
        ], 'Backups')]);
    }

    /**
     * Validates a call that names backups.
     *
     * @param array $backups
     * @return array[] each with job and number
     */
    protected static function begin_backups(array $backups): array {
        ['backups' => $backups] = self::begin(['backups' => $backups]);
        if (count($backups) > self::MOST) {
            throw new \invalid_parameter_exception('too many backups');
        }
        foreach ($backups as ['job' => $job]) {
            if (!worker_url::is_job($job)) {
                throw new \invalid_parameter_exception('not a job id');
            }
        }
        return $backups;
    }

    /**
     * What is told of a backup.
     *
     * @return external_single_structure
     */
    protected static function backup(): external_single_structure {
        return new external_single_structure([
            'job' => self::text('The client\'s restore'),
            'number' => self::number('Raised for each backup of it'),
            'state' => self::text('waiting, running, ready, failed, gone'),
            'percent' => new external_value(PARAM_FLOAT, '0 to 100'),
            'elapsed' => self::number('Seconds in the state waiting or running'),
            'bytes' => self::number('Of the file, once it is ready'),
            'sha256' => self::text('Of the file, once it is ready'),
            'error' => self::text('Stable code of the failure, or empty'),
            'message' => self::text('The same for people'),
            'transient' => self::flag('Whether another backup may succeed'),
            'expires' => self::number('When a ready one is removed by itself'),
        ]);
    }

    /**
     * A list of backups.
     *
     * @param external_single_structure $backup
     * @return external_single_structure
     */
    protected static function list_of(external_single_structure $backup): external_single_structure {
        return new external_single_structure(['backups' => new external_multiple_structure($backup, 'In the order asked')]);
    }
}
