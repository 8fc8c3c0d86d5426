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

use block_courseferry\local\readiness;
use core_external\external_function_parameters;
use core_external\external_single_structure;

/**
 * Tells the Worker what only Moodle knows of whether restores can work here.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class get_readiness extends service {
    #[\Override]
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters([
            'defaultcategory' => self::number('The category that the Worker sends courses to; 0 if it has none'),
        ]);
    }

    /**
     * Reports.
     *
     * @param int $defaultcategory
     */
    public static function execute(int $defaultcategory): array {
        ['defaultcategory' => $category] = self::begin(['defaultcategory' => $defaultcategory]);
        return readiness::report($category);
    }

    #[\Override]
    public static function execute_returns(): external_single_structure {
        return new external_single_structure([
            'time' => self::number('Unix time here'),
            'release' => self::text('Moodle'),
            'pluginversion' => self::text('Of this plugin'),
            'lastcron' => self::number('Unix time when cron last started; 0 if never'),
            'croninterval' => self::number('Seconds in which cron is expected to start again'),
            'task' => new external_single_structure([
                'enabled' => self::flag('Whether it is switched on'),
                'lastrun' => self::number('Unix time; 0 if never'),
                'faildelay' => self::number('Seconds that core waits since it failed; 0 if it did not'),
            ], 'The scheduled task that looks after restores'),
            'waiting' => new external_single_structure([
                'number' => self::number('How much'),
                'oldest' => self::number('Unix time since when the oldest could have begun; 0 if there is none'),
            ], 'Queued work that has not begun'),
            'sidebyside' => self::number('Restores that cron carries at once at the most; 0 if nothing limits them'),
            'teachers' => self::number('Active people who teach a course'),
            'seewidget' => self::number('How many of them see the widget'),
            'mayrestore' => self::number('How many of them may restore into some category that they see'),
            'ondashboard' => self::flag('Whether the block stands on the default dashboard'),
            'original' => new external_single_structure([
                'installed' => self::flag('Whether the block that this one replaces is here'),
                'running' => self::flag('Whether its scheduled task is switched on'),
            ]),
            'freebytes' => self::number('Free temporary space'),
            'defaultcategoryexists' => self::flag('Whether there is the category that was asked about'),
            'missingidentifier' => self::text('What of the setting of category identifiers the database does not have, or empty'),
            'identifiedcategories' => self::number('Categories that have an identifier'),
            'enrolrole' => self::text('Short name of the role that colleagues get; empty if there is none'),
            'manualenrolment' => self::flag('Whether manual enrolment is switched on'),
            'leftovers' => new external_single_structure([
                'number' => self::number('How many'),
                'list' => self::records([
                    'courseid' => self::number('The course'),
                    'name' => self::text('Its name'),
                    'reason' => self::text('Why it cannot be deleted'),
                    'since' => self::number('Unix time when the restore that left it ended'),
                ], 'Some of them'),
            ], 'Half-made courses that Moodle could not delete'),
        ]);
    }
}
