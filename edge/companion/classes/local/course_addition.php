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
 * so whatever dies, it is there once or not at all. On a database without transactions a part may stay: then what arrived is
 * known (arrival), and nothing is added a second time.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class course_addition extends course_writer {
    /** @var int seconds after which a dead process's lock on the course expires, where locks do not end with the process */
    private const LOCK_LIFETIME = 2 * HOURSECS;

    /** @var bool whether core is at its plan, so that the transaction is to begin as soon as it can */
    private bool $ready = false;
    /** @var \moodle_transaction|null the transaction, once it has begun */
    private ?\moodle_transaction $transaction = null;

    /**
     * Whether the database can take back what was not committed: not so for some tables of MySQL, and where an administrator
     * says so. Core knows, but tells only its own drivers.
     */
    public static function database_is_atomic(): bool {
        global $DB;
        return (bool)(new \ReflectionMethod($DB, 'transactions_supported'))->invoke($DB);
    }

    #[\Override]
    protected function write(unpacked_backup $backup): void {
        $course = $this->record->targetcourseid;
        $locks = \core\lock\lock_config::get_lock_factory('block_courseferry');
        $lock = $locks->get_lock("target_$course", 0, self::LOCK_LIFETIME)
            ?: throw new failure('client.course_busy', "another restore adds to course $course");
        try {
            $authority = authority::of($this->record);
            // A process that died here may have left the course's cache with what was never committed.
            self::forget_contents($course);
            arrival::of($this->record)->require_nothing();
            $inventory = $backup->inventory($this->record->options);
            // The course's gradebook is its own: core would give it the backup's as long as it holds a single category.
            @unlink("$backup->path/gradebook.xml");
            // The old watermark goes: core's prechecks make things of their own, which are no part of what arrives.
            $this->record = $this->record->advance(['state' => state::restoring, 'percent' => 0.0, 'watermark' => '']);
            arrival::while_adding(fn() => $this->add($inventory, $authority));
        } finally {
            $lock->release();
        }
    }

    /**
     * Core's restore in a transaction, and the note that it is done.
     *
     * @param inventory $inventory what should arrive
     * @param authority $authority with whose rights
     */
    private function add(inventory $inventory, authority $authority): void {
        global $DB;
        $course = $this->record->targetcourseid;
        $progress = new addition_progress($this->record->id, $this);
        $core = null;
        try {
            $target = \backup::TARGET_EXISTING_ADDING;
            $core = new core_restore($this->record, $authority, $course, $target, $progress, $this->warnings);
            $core->settings()->for_existing_course($this->record->options, (int)get_course($course)->startdate);
            $core->check();
            $watermark = watermark::now($course);
            $this->record = $this->record->advance(['watermark' => $watermark->to_json()]);
            $this->ready = self::database_is_atomic();
            $core->execute();
            if ($this->ready && $this->transaction === null) {
                throw new failure('client.restore_failed', 'the transaction did not begin');
            }
            $watermark->sections->put_back();
            foreach ($inventory->missing_from($course, $watermark->highest('course_modules'), false) as $sentence) {
                $this->warnings->add_first('missing', $sentence);
            }
            $progress->close();
            $this->finish($core->is_partial());
            $this->transaction?->allow_commit();
            arrival::forget_others($course);
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
    public static function forget_contents(int $courseid): void {
        $cache = \cache::make('core', 'coursemodinfo');
        $cache->acquire_lock($courseid);
        $cache->delete($courseid);
        $cache->release_lock($courseid);
        rebuild_course_cache($courseid, true);
    }
}
