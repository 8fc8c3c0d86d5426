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
 * One process's work on one attempt of a job, from the check of rights to the finished course.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class run {
    /** @var int seconds without a new byte after which we stop waiting for the Worker */
    private const PATIENCE = 15 * MINSECS;
    /** @var int seconds until the next process tries, where the Worker cannot be reached */
    private const PAUSE = 30;
    /** @var int seconds to wait for a cancelled attempt's process to notice */
    private const LOCK_WAIT = 10;

    /**
     * A process for an attempt.
     *
     * @param string $job the Worker's id of the restore
     * @param int $attempt the attempt
     */
    public function __construct(
        /** @var string the Worker's id of the restore */
        private readonly string $job,
        /** @var int the attempt */
        private readonly int $attempt,
    ) {
    }

    /**
     * Does the work, if it is still wanted and nobody else is at it. How it ended stands in the record.
     */
    public function execute(): void {
        $lock = restore_record::lock($this->job, self::LOCK_WAIT);
        if (!$lock) {
            mtrace("Another process is at work on $this->job.");
            return;
        }
        try {
            $record = $this->begin();
            if ($record) {
                $this->work($record);
                $this->tidy_up($record);
                if (!restore_record::goes_on(restore_record::find($this->job), $this->attempt)) {
                    worker::hurry();
                }
            }
        } finally {
            $lock->release();
        }
    }

    /**
     * Counts this process, unless the attempt is over or replaced.
     */
    private function begin(): ?restore_record {
        return restore_record::change($this->job, function (?restore_record $now) {
            if (!restore_record::goes_on($now, $this->attempt)) {
                return null;
            }
            $now->runs++;
            $now->heartbeat = time();
            return $now;
        });
    }

    /**
     * Fetches and restores. Whatever goes wrong is written down.
     *
     * @param restore_record $record what is wanted
     */
    private function work(restore_record $record): void {
        global $DB;
        try {
            if ($record->runs > restore_record::MAX_RUNS) {
                throw new failure('client.crashed', 'the process died ' . restore_record::MAX_RUNS . ' times');
            }
            $record = $this->without_half_made_course($record);
            $refusal = authority::why_not($record);
            if ($refusal) {
                throw $refusal;
            }
            $record = $this->fetch_and_restore($record);
            mtrace("Restored $this->job in course " . ($record->targetcourseid ?: $record->courseid) . '.');
        } catch (unreached $e) {
            $this->wait($record, $e);
        } catch (superseded) {
            mtrace("$this->job is no longer wanted.");
        } catch (\Throwable $e) {
            if ($DB->is_transaction_started()) {
                $DB->force_transaction_rollback();
            }
            $this->fail(failure::of($e));
        }
    }

    /**
     * Removes what a process before us left when it died in the middle of a course. If that cannot be, the restore ends: two
     * courses must never come of one.
     *
     * @param restore_record $record what is wanted
     * @return restore_record the record as it is then
     */
    private function without_half_made_course(restore_record $record): restore_record {
        if (!$record->has_half_made_course()) {
            return $record;
        }
        $problem = leftover::delete_course($record->courseid);
        if ($problem) {
            throw new failure('client.crashed', "the process died, and what it left cannot be removed: {$problem->getMessage()}");
        }
        return $record->advance(['courseid' => 0]);
    }

    /**
     * Fetches what is missing of the backup, checks it, and restores it.
     *
     * @param restore_record $record what is wanted
     * @return restore_record the record as it is then
     */
    private function fetch_and_restore(restore_record $record): restore_record {
        $worker = worker::configured() ?? throw new failure('backup.unreachable', 'the Worker is not configured');
        \core_php_time_limit::raise();
        raise_memory_limit(MEMORY_EXTRA);
        $first = $record->runs === 1 && $record->state === state::pending;
        $record = $record->advance(['state' => state::downloading]);
        if ($first) {
            \block_courseferry\event\restore_started::of($record)->trigger();
        }
        $record = (new download($record, $worker->url))->run();
        $file = $record->backup_file();
        archive::check($file, $record->totalbytes, $record->etag, $record->sha256);
        $record = $record->advance(['state' => state::extracting, 'percent' => 0.0]);
        // The Worker may delete the backup on the remote now, and begin that account's next one.
        worker::hurry();
        return course_writer::of($record)->run($file);
    }

    /**
     * Leaves the download to a later process, or gives up.
     *
     * @param restore_record $record what is wanted
     * @param unreached $reason why it does not go on
     */
    private function wait(restore_record $record, unreached $reason): void {
        $waits = restore_record::change($this->job, function (?restore_record $now) {
            if (!restore_record::goes_on($now, $this->attempt) || time() - $now->timeprogress > self::PATIENCE) {
                return null;
            }
            // Only processes that died count.
            $now->runs--;
            return $now->queue(self::PAUSE);
        });
        if (!$waits) {
            $this->fail(new failure($record->bytes > 0 ? 'backup.truncated' : 'backup.unreachable', $reason->getMessage()));
        }
    }

    /**
     * Ends the restore, if it still is this attempt.
     *
     * @param failure $failure why
     */
    private function fail(failure $failure): void {
        mtrace("$this->job failed: $failure->error. {$failure->getMessage()}");
        $now = restore_record::find($this->job);
        if (restore_record::goes_on($now, $this->attempt)) {
            $now->fail($failure);
        }
    }

    /**
     * Removes this attempt's files once nobody needs them. As long as it goes on they stay: the next process resumes the
     * download, or finds it whole. So too where this point is not reached, because the database is away or the process dies.
     *
     * @param restore_record $record whose files they are
     */
    private function tidy_up(restore_record $record): void {
        if (!restore_record::goes_on(restore_record::find($this->job), $this->attempt)) {
            $record->remove_files();
        }
    }
}
