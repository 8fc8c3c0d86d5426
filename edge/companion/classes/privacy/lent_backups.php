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

namespace block_courseferry\privacy;

use block_courseferry\remote\lent_backup;
use core_privacy\local\metadata\collection;
use core_privacy\local\request\transform;

/**
 * What is kept about people because courses are lent: whose courses another Moodle asked for, and the backups themselves.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class lent_backups {
    /** @var string[] columns that are exported to the person */
    private const EXPORTED = ['userid', 'serviceuserid', 'courseid', 'coursename', 'state', 'timecreated'];

    /**
     * Adds the description.
     *
     * @param collection $collection
     */
    public static function describe(collection $collection): void {
        $collection->add_database_table(
            lent_backup::TABLE,
            array_combine(self::EXPORTED, array_map(fn($name) => "privacy:metadata:lent:$name", self::EXPORTED)),
            'privacy:metadata:lent'
        );
        $collection->add_subsystem_link('core_files', [], 'privacy:metadata:lentfiles');
    }

    /**
     * What is kept about a person.
     *
     * @param int $userid
     * @return \stdClass[]
     */
    public static function of(int $userid): array {
        global $DB;
        return array_values(array_map(fn(\stdClass $row) => (object)[
            'courseid' => $row->courseid,
            'coursename' => $row->coursename,
            'state' => $row->state,
            'timecreated' => transform::datetime($row->timecreated),
        ], $DB->get_records(lent_backup::TABLE, ['userid' => $userid], 'timecreated')));
    }

    /**
     * Removes a person's backups, and makes anonymous that they were asked for.
     *
     * @param int $userid
     */
    public static function forget(int $userid): void {
        global $DB;
        foreach ($DB->get_records(lent_backup::TABLE, ['userid' => $userid]) as $row) {
            lent_backup::of_row($row)->remove();
            $DB->update_record(lent_backup::TABLE, (object)['id' => $row->id, 'userid' => 0, 'errordetail' => '']);
        }
    }
}
