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

namespace block_courseferry\event;

use block_courseferry\remote\lent_backup;

/**
 * What the events of Moodle's log about lent backups have in common.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
abstract class lent_backup_event extends \core\event\base {
    /**
     * The event about a backup, in its course if that is still there, else at site level. Its user is the client's service
     * account, the one whom it concerns the teacher.
     *
     * @param lent_backup $backup
     * @return static
     */
    public static function of(lent_backup $backup): static {
        return static::create([
            'context' => \context_course::instance($backup->courseid, IGNORE_MISSING) ?: \context_system::instance(),
            'objectid' => $backup->id,
            'userid' => $backup->serviceuserid,
            'relateduserid' => $backup->userid,
            'other' => [
                'job' => $backup->job,
                'number' => $backup->backupno,
                'course' => $backup->courseid,
                'users' => $backup->options->users,
                'bytes' => $backup->bytes,
                'error' => $backup->error,
            ],
        ]);
    }

    #[\Override]
    protected function init() {
        $this->data['crud'] = 'r';
        $this->data['edulevel'] = self::LEVEL_OTHER;
        $this->data['objecttable'] = lent_backup::TABLE;
    }

    #[\Override]
    public function get_url() {
        return new \moodle_url('/blocks/courseferry/lent.php');
    }

    /**
     * The backup, as descriptions in the log name it.
     *
     * @return string
     */
    protected function backup(): string {
        $users = $this->other['users'] ? ', with students\' data' : '';
        return "of the course with id '{$this->other['course']}' for the user with id '$this->relateduserid'$users "
            . "(asked by the service account with id '$this->userid', job {$this->other['job']}, number {$this->other['number']})";
    }
}
