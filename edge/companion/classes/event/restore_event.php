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

use block_courseferry\local\restore_record;

/**
 * What the events of Moodle's log about restores have in common.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
abstract class restore_event extends \core\event\base {
    /**
     * The event about a restore, in its course if that is made, else at site level.
     *
     * @param restore_record $record the restore
     * @param int $relateduserid whom it concerns; 0 for the owner
     */
    public static function of(restore_record $record, int $relateduserid = 0): static {
        $course = $record->courseid ?: ($record->state->is_restored() ? $record->targetcourseid : 0);
        $context = $course ? \context_course::instance($course, IGNORE_MISSING) : false;
        return static::create([
            'context' => $context ?: \context_system::instance(),
            'objectid' => $record->id,
            'userid' => $record->actorid ?: $record->userid,
            'relateduserid' => $relateduserid ?: $record->userid,
            'other' => [
                'job' => $record->job,
                'attempt' => $record->attempt,
                'remote' => $record->remote,
                'remotecourseid' => $record->remotecourseid,
                'error' => $record->error,
            ],
        ]);
    }

    #[\Override]
    protected function init() {
        $this->data['crud'] = 'u';
        $this->data['edulevel'] = self::LEVEL_TEACHING;
        $this->data['objecttable'] = restore_record::TABLE;
    }

    #[\Override]
    public function get_url() {
        return $this->contextlevel == CONTEXT_COURSE ? new \moodle_url('/course/view.php', ['id' => $this->courseid]) : null;
    }

    /**
     * The remote course, as descriptions in the log name it.
     */
    protected function remote_course(): string {
        ['remotecourseid' => $course, 'remote' => $remote, 'job' => $job, 'attempt' => $attempt] = $this->other;
        return "course $course of '$remote' (job $job, attempt $attempt)";
    }
}
