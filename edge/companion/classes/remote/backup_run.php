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

namespace block_courseferry\remote;

use block_courseferry\local\failure;
use block_courseferry\local\free_space;

/**
 * One process's work on a lent backup, from the check of rights to the finished file.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class backup_run {
    /** @var int seconds to wait for a deleted backup's process to notice */
    private const LOCK_WAIT = 10;

    /**
     * Makes the work on a row.
     *
     * @param int $id
     */
    public function __construct(
        /** @var int the row's id */
        private readonly int $id,
    ) {
    }

    /**
     * Does the work, if it is still wanted and nobody else is at it. How it ended stands in the row.
     */
    public function execute(): void {
        $backup = lent_backup::get($this->id);
        $lock = $backup?->lock(self::LOCK_WAIT);
        if (!$lock) {
            mtrace($backup ? "Another process is at work on backup $this->id." : "Backup $this->id is not known.");
            return;
        }
        try {
            $backup = $this->begin();
            if ($backup) {
                $this->work($backup);
            }
        } finally {
            $lock->release();
        }
    }

    /**
     * Counts this process, unless the backup is over.
     *
     * @return lent_backup|null
     */
    private function begin(): ?lent_backup {
        return lent_backup::change($this->id, function (lent_backup $backup): bool {
            if (!$backup->state->is_unfinished()) {
                return false;
            }
            $backup->state = backup_state::running;
            $backup->runs++;
            $backup->percent = 0;
            $backup->heartbeat = $backup->timestarted = time();
            return true;
        });
    }

    /**
     * The work.
     *
     * @param lent_backup $backup
     */
    private function work(lent_backup $backup): void {
        global $DB;
        try {
            // A process before this one may have died in the middle of a backup.
            course_backup::clean_up_after($backup);
            if ($backup->runs > lent_backup::MAX_RUNS) {
                throw new lending_exception('remote.backup_crashed');
            }
            \core_php_time_limit::raise();
            raise_memory_limit(MEMORY_EXTRA);
            $this->check($backup);
            $this->keep($backup, (new course_backup($backup))->run());
        } catch (no_longer_wanted) {
            mtrace("Backup $this->id is no longer wanted.");
        } catch (\Throwable $e) {
            if ($DB->is_transaction_started()) {
                $DB->force_transaction_rollback();
            }
            // The task's log is read by administrators only: it may hold the debugging text.
            mtrace("Backup $this->id failed: " . get_class($e) . ': ' . $e->getMessage() . "\n" . ($e->debuginfo ?? ''));
            $backup->fail(lending_exception::of($e));
        }
    }

    /**
     * Decides once more: between asking and now the teacher may have lost the course, or the course itself is gone.
     *
     * @param lent_backup $backup
     * @throws lending_exception
     */
    private function check(lent_backup $backup): void {
        $user = account::require($backup->userid);
        $courses = new lendable_courses($user);
        $course = $courses->require($backup->courseid);
        if ($backup->options->users && !$courses->may_take_users($backup->courseid)) {
            throw new lending_exception('remote.users_not_lent');
        }
        try {
            free_space::require(2 * (new course_contents($course, $user))->all()['bytes']);
        } catch (failure $e) {
            throw new lending_exception('remote.disk_full', $e->getMessage());
        }
    }

    /**
     * Keeps the file, if it is still wanted.
     *
     * @param lent_backup $backup
     * @param \stored_file $made
     */
    private function keep(lent_backup $backup, \stored_file $made): void {
        $file = $backup->keep_file($made);
        $sha256 = self::sha256($file);
        $ready = lent_backup::change($this->id, function (lent_backup $now) use ($file, $sha256): bool {
            if ($now->state !== backup_state::running) {
                return false;
            }
            $now->state = backup_state::ready;
            $now->percent = 100;
            $now->bytes = $file->get_filesize();
            $now->sha256 = $sha256;
            $now->backupid = '';
            $now->timeready = time();
            return true;
        });
        if (!$ready) {
            $backup->remove_file();
            throw new no_longer_wanted();
        }
        mtrace("Backup $this->id is ready: {$ready->bytes} bytes.");
        \block_courseferry\event\lent_backup_ready::of($ready)->trigger();
    }

    /**
     * The SHA-256 of a file, read piece by piece.
     *
     * @param \stored_file $file
     * @return string hexadecimal
     */
    private static function sha256(\stored_file $file): string {
        $hash = hash_init('sha256');
        $handle = $file->get_content_file_handle();
        hash_update_stream($hash, $handle);
        fclose($handle);
        return hash_final($hash);
    }
}
