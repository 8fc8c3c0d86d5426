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
 * Adds an unpacked backup to a course that is here already, by core's restore, as the teacher: all of it or nothing.
 *
 * Nothing that is there is changed or deleted. One database transaction holds what core's plan does and the note that it is done,
 * so whatever dies, it is there once or not at all.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class course_addition {
    /** @var int seconds after which a dead process's lock on the course expires, where locks do not end with the process */
    private const LOCK_LIFETIME = 2 * HOURSECS;

    /** @var warnings what the teacher should look at afterwards */
    private readonly warnings $warnings;
    /** @var bool whether core is at its plan, so that the transaction is to begin as soon as it can */
    private bool $ready = false;
    /** @var \moodle_transaction|null the transaction, once it has begun */
    private ?\moodle_transaction $transaction = null;

    /**
     * For a restore.
     *
     * @param restore_record $record what is wanted
     */
    public function __construct(
        /** @var restore_record what is wanted, and how far it is */
        private restore_record $record,
    ) {
        global $CFG;
        require_once($CFG->dirroot . '/course/lib.php');
        require_once($CFG->dirroot . '/backup/util/includes/backup_includes.php');
        require_once($CFG->dirroot . '/backup/util/includes/restore_includes.php');
        require_once($CFG->libdir . '/questionlib.php');
        $this->warnings = new warnings();
    }

    /**
     * Adds the backup.
     *
     * @param string $file the downloaded backup, its length and checksum seen to
     * @return restore_record the record, restored
     * @throws failure
     * @throws superseded if the attempt is no longer wanted
     */
    public function run(string $file): restore_record {
        $course = $this->record->targetcourseid;
        $locks = \core\lock\lock_config::get_lock_factory('block_courseferry');
        $lock = $locks->get_lock("target_$course", 0, self::LOCK_LIFETIME)
            ?: throw new failure('client.course_busy', "another restore adds to course $course");
        try {
            $inventory = unpacked_backup::unpack($this->record, $file)->inventory($this->record->options);
            $refusal = people::why_not($this->record);
            if ($refusal) {
                throw $refusal;
            }
            $this->record = $this->record->advance(['state' => state::restoring, 'percent' => 0.0]);
            // A process that died here may have left the course's cache with what was never committed.
            self::forget_contents($course);
            $this->add($inventory);
            \cache_helper::purge_by_event('changesincourse');
            \block_courseferry\event\restore_finished::of($this->record)->trigger();
            return $this->record;
        } finally {
            $this->record->remove_unpacked();
            $lock->release();
        }
    }

    /**
     * Core's restore in a transaction, and the note that it is done.
     *
     * @param inventory $inventory what should arrive
     */
    private function add(inventory $inventory): void {
        global $DB;
        $course = $this->record->targetcourseid;
        $progress = new addition_progress($this->record->id, $this);
        $core = null;
        try {
            $core = new core_restore($this->record, $course, \backup::TARGET_EXISTING_ADDING, $progress, $this->warnings);
            $core->settings()->for_existing_course($this->record->options);
            $core->check();
            $last = (int)$DB->get_field_sql('SELECT MAX(id) FROM {course_modules}');
            $sections = existing_sections::of($course);
            $this->ready = true;
            $core->execute();
            if ($this->transaction === null) {
                throw new failure('client.restore_failed', 'the transaction did not begin');
            }
            $sections->put_back();
            foreach ($inventory->missing_from($course, $last, false) as $sentence) {
                $this->warnings->add_first('missing', $sentence);
            }
            $progress->close();
            $this->record = $this->record->advance([
                'state' => $core->is_partial() ? state::partiallyrestored : state::complete,
                'percent' => 100.0,
                'timefinished' => time(),
                'ticket' => '',
                'warnings' => $this->warnings->all(),
            ]);
            $this->transaction->allow_commit();
            rebuild_course_cache($course, true);
        } catch (\Throwable $e) {
            $DB->force_transaction_rollback();
            self::forget_contents($course);
            throw $e instanceof superseded ? $e : failure::of($e);
        } finally {
            $progress->close();
            $core?->close();
        }
    }

    /**
     * Called at each step of core's. Begins the transaction as soon as core's temporary tables are there, and takes what two
     * writers would otherwise take in different orders: the course and its sections. Whoever edits the course's structure
     * meanwhile waits; readers do not.
     */
    public function step(): void {
        global $DB;
        $manager = $DB->get_manager();
        $begins = $this->ready && $this->transaction === null
            && $manager->table_exists('backup_ids_temp') && $manager->table_exists('backup_files_temp');
        if ($begins) {
            $this->transaction = $DB->start_delegated_transaction();
            $DB->execute('UPDATE {course} SET id = id WHERE id = ?', [$this->record->targetcourseid]);
            $DB->execute('UPDATE {course_sections} SET section = section WHERE course = ?', [$this->record->targetcourseid]);
        }
    }

    /**
     * Has Moodle read the course's contents from the database again.
     *
     * @param int $courseid the course
     */
    private static function forget_contents(int $courseid): void {
        $cache = \cache::make('core', 'coursemodinfo');
        $cache->acquire_lock($courseid);
        $cache->delete($courseid);
        $cache->release_lock($courseid);
        rebuild_course_cache($courseid, true);
    }
}
