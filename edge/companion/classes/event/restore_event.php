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

use block_courseferry\local\job;

/**
 * What the events of Moodle's log about restores have in common.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
abstract class restore_event extends \core\event\base {
    /**
     * The event about a job, in its course if that is made, else at site level.
     *
     * @param \stdClass $row the job's row
     * @param int $relateduserid whom it concerns; 0 for the owner
     */
    public static function of(\stdClass $row, int $relateduserid = 0): static {
        $context = $row->courseid ? \context_course::instance($row->courseid, IGNORE_MISSING) : false;
        return static::create([
            'context' => $context ?: \context_system::instance(),
            'objectid' => $row->id,
            'userid' => $row->userid,
            'relateduserid' => $relateduserid ?: $row->userid,
            'other' => [
                'job' => $row->job,
                'attempt' => (int)$row->attempt,
                'remote' => (string)$row->remote,
                'remotecourseid' => (int)$row->remotecourseid,
                'error' => (string)$row->error,
            ],
        ]);
    }

    #[\Override]
    protected function init() {
        $this->data['crud'] = 'u';
        $this->data['edulevel'] = self::LEVEL_TEACHING;
        $this->data['objecttable'] = job::TABLE;
    }

    #[\Override]
    public function get_url() {
        return $this->contextlevel == CONTEXT_COURSE ? new \moodle_url('/course/view.php', ['id' => $this->courseid]) : null;
    }

    /**
     * The remote course, as descriptions in the log name it.
     */
    protected function remote_course(): string {
        return "course {$this->other['remotecourseid']} of '{$this->other['remote']}' (job {$this->other['job']}, attempt {$this->other['attempt']})";
    }
}
