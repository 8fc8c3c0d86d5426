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

namespace block_courseferry\local;

/**
 * Notes how far an addition is, by a connection of its own: what the restore writes is seen by nobody before it is committed.
 *
 * It also tells the addition when core has made its temporary tables: until then no transaction would hold, for MariaDB commits
 * one when they are made.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class addition_progress extends restore_progress {
    /** @var \moodle_database|null the connection; null once it is closed, and nothing is written any more */
    private ?\moodle_database $connection = null;
    /** @var course_addition|null is told of each step; null in the copy that core stores */
    private ?course_addition $addition = null;

    /**
     * For a restore.
     *
     * @param int $id of its row
     * @param course_addition $addition is told of each step
     */
    public function __construct(int $id, course_addition $addition) {
        parent::__construct($id);
        $this->addition = $addition;
        $this->connection = self::connect();
    }

    /**
     * Another connection to Moodle's database.
     */
    private static function connect(): \moodle_database {
        global $CFG;
        $connection = \moodle_database::get_driver_instance($CFG->dbtype, $CFG->dblibrary);
        $connection->connect($CFG->dbhost, $CFG->dbuser, $CFG->dbpass, $CFG->dbname, $CFG->prefix, $CFG->dboptions);
        return $connection;
    }

    /**
     * Closes the connection. The restore's own transaction writes the row last of all, and must not wait for this one.
     */
    public function close(): void {
        $this->connection?->dispose();
        $this->connection = null;
    }

    #[\Override]
    protected function update_progress() {
        parent::update_progress();
        $this->addition?->step();
    }

    #[\Override]
    protected function write(\stdClass $row): void {
        $this->connection?->update_record(restore_record::TABLE, $row);
    }
}
