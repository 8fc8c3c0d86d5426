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
 * Puts a backup where it is wanted, by core's restore: into a new course, or into one that is here already.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
abstract class course_writer {
    /** @var warnings what the teacher should look at afterwards */
    protected readonly warnings $warnings;

    /**
     * For a restore.
     *
     * @param restore_record $record what is wanted
     */
    public function __construct(
        /** @var restore_record what is wanted, and how far it is */
        protected restore_record $record,
    ) {
        global $CFG;
        require_once($CFG->dirroot . '/course/lib.php');
        require_once($CFG->dirroot . '/backup/util/includes/backup_includes.php');
        require_once($CFG->dirroot . '/backup/util/includes/restore_includes.php');
        require_once($CFG->libdir . '/questionlib.php');
        $this->warnings = new warnings();
    }

    /**
     * The one that does what is wanted.
     *
     * @param restore_record $record what is wanted
     */
    public static function of(restore_record $record): self {
        return $record->targetcourseid ? new course_addition($record) : new course_restore($record);
    }

    /**
     * Unpacks the backup and writes it.
     *
     * @param string $file the downloaded backup, its length and checksum seen to
     * @return restore_record the record, restored
     * @throws failure
     * @throws superseded if the attempt is no longer wanted
     */
    final public function run(string $file): restore_record {
        try {
            $this->write(unpacked_backup::unpack($this->record, $file));
            \cache_helper::purge_by_event('changesincourse');
            \block_courseferry\event\restore_finished::of($this->record)->trigger();
            return $this->record;
        } finally {
            $this->record->remove_unpacked();
        }
    }

    /**
     * Writes an unpacked backup, to the note that it is done.
     *
     * @param unpacked_backup $backup the backup
     */
    abstract protected function write(unpacked_backup $backup): void;

    /**
     * Notes that it is done.
     *
     * @param bool $partial whether something went wrong on the way
     */
    protected function finish(bool $partial): void {
        $this->record = $this->record->advance([
            'state' => $partial ? state::partiallyrestored : state::complete,
            'percent' => 100.0,
            'timefinished' => time(),
            'ticket' => '',
            'watermark' => '',
            'warnings' => $this->warnings->all(),
        ]);
    }
}
