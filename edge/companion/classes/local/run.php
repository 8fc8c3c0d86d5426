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

    public function __construct(private readonly string $job, private readonly int $attempt) {
    }

    /**
     * Does the work, if it is still wanted and nobody else is at it. How it ended stands in the row.
     */
    public function execute(): void {
        $lock = job::lock($this->job, self::LOCK_WAIT);
        if (!$lock) {
            mtrace("Another process is at work on $this->job.");
            return;
        }
        try {
            $row = $this->begin();
            if ($row) {
                $this->work($row);
            }
        } finally {
            $lock->release();
        }
    }

    /**
     * Counts this process, unless the attempt is over or replaced.
     */
    private function begin(): ?\stdClass {
        return job::change($this->job, function (?\stdClass $row) {
            if (!job::goes_on($row, $this->attempt)) {
                return null;
            }
            $row->runs++;
            $row->heartbeat = time();
            return $row;
        });
    }

    private function work(\stdClass $row): void {
        global $DB;
        $keep = false;
        try {
            // A process before us may have died in the middle of a course.
            job::remove_half_made_course($row);
            if ($row->runs > job::MAX_RUNS) {
                throw new failure('client.crashed', 'the process died ' . job::MAX_RUNS . ' times');
            }
            $refusal = people::why_not((int)$row->userid, (int)$row->categoryid);
            if ($refusal) {
                throw $refusal;
            }
            $row = $this->fetch_and_restore($row);
            mtrace("Restored $this->job as course $row->courseid.");
        } catch (unreached $e) {
            $keep = $this->wait($row, $e);
        } catch (superseded) {
            mtrace("$this->job is no longer wanted.");
        } catch (\Throwable $e) {
            if ($DB->is_transaction_started()) {
                $DB->force_transaction_rollback();
            }
            $this->fail(failure::of($e));
        } finally {
            if (!$keep) {
                job::remove_files($row);
            }
        }
    }

    private function fetch_and_restore(\stdClass $row): \stdClass {
        $worker = worker::configured() ?? throw new failure('backup.unreachable', 'the Worker is not configured');
        \core_php_time_limit::raise();
        raise_memory_limit(MEMORY_EXTRA);
        $first = $row->runs == 1 && job::state($row) === state::pending;
        $row = job::advance($row, ['state' => state::downloading->value]);
        if ($first) {
            \block_courseferry\event\restore_started::of($row)->trigger();
        }
        $row = (new download($row, $worker->url))->run();
        $file = job::backup_file($row);
        archive::check($file, (int)$row->totalbytes, $row->etag);
        $row = job::advance($row, ['state' => state::extracting->value, 'percent' => 0]);
        return (new course_restore($row))->run($file);
    }

    /**
     * Leaves the download to a later process, or gives up.
     *
     * @return bool whether it is left
     */
    private function wait(\stdClass $row, unreached $reason): bool {
        $waits = job::change($this->job, function (?\stdClass $row) {
            if (!job::goes_on($row, $this->attempt) || time() - $row->timeprogress > self::PATIENCE) {
                return null;
            }
            // This process did not die.
            $row->runs--;
            return job::queue($row, self::PAUSE);
        });
        if (!$waits) {
            $this->fail(new failure($row->bytes > 0 ? 'backup.truncated' : 'backup.unreachable', $reason->getMessage()));
        }
        return $waits !== null;
    }

    private function fail(failure $failure): void {
        mtrace("$this->job failed: $failure->error. {$failure->getMessage()}");
        $row = job::find($this->job);
        if ($row && job::goes_on($row, $this->attempt)) {
            job::remove_half_made_course($row);
            job::fail($row, $failure);
        }
    }
}
