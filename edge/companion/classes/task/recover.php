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

namespace block_courseferry\task;

use block_courseferry\local\failure;
use block_courseferry\local\leftover;
use block_courseferry\local\made_accounts;
use block_courseferry\local\orphan;
use block_courseferry\local\people;
use block_courseferry\local\restore_record;
use block_courseferry\local\state;
use block_courseferry\local\worker;

/**
 * Looks every minute for restores and removals whose process died, and sees that they go on or end.
 *
 * Core does not: it hands out a killed adhoc task again only after a daily clean-up, and drops tasks of suspended users
 * without a word.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class recover extends \core\task\scheduled_task {
    /** @var int seconds for which a stray temporary file is left alone */
    private const STRAY = DAYSECS;

    #[\Override]
    public function get_name() {
        return get_string('taskrecover', 'block_courseferry');
    }

    #[\Override]
    public function execute() {
        global $DB;
        [$in, $params] = $DB->get_in_or_equal(state::unfinished());
        foreach ($DB->get_fieldset_select(restore_record::TABLE, 'job', "state $in", $params) as $job) {
            self::try_to(fn() => $this->look_after($job), "$job cannot be looked after");
        }
        self::try_to(made_accounts::link_stale(...), 'accounts that restores made cannot be noted');
        self::try_to(remove_copy::look_after(...), 'copies cannot be removed');
        self::try_to(remove_arrived::look_after(...), 'what arrived cannot be removed');
        self::try_to(leftover::remove_due(...), 'what is left of restores cannot be removed');
        self::try_to($this->remove_stray_files(...), 'stray files cannot be removed');
    }

    /**
     * Does one thing; what goes wrong with it stops no other.
     *
     * @param callable $act does it
     * @param string $problem what is said if it cannot
     */
    private static function try_to(callable $act, string $problem): void {
        try {
            $act();
        } catch (\Throwable $e) {
            mtrace("$problem: " . $e->getMessage());
        }
    }

    /**
     * Sees that one restore goes on or ends. What its dead process left of a course is not touched here: that may fail, or kill
     * this process too. The restore ends first; or its next process begins with it.
     *
     * @param string $job the Worker's id of the restore
     */
    private function look_after(string $job): void {
        global $DB;
        $lock = restore_record::lock($job, 0);
        if (!$lock) {
            return;
        }
        try {
            $record = restore_record::find($job);
            if (!$record || $record->state->is_over() || !orphan::is($record->taskid, $record->heartbeat)) {
                return;
            }
            mtrace("Nobody is at work on $job.");
            $DB->delete_records('task_adhoc', ['id' => $record->taskid, 'component' => 'block_courseferry']);
            $end = match (true) {
                !people::is_active($record->userid) => new failure('client.user_inactive', "user $record->userid"),
                $record->actorid && !people::is_active($record->actorid) =>
                    new failure('client.user_inactive', "user $record->actorid"),
                $record->runs >= restore_record::MAX_RUNS =>
                    new failure('client.crashed', "the process died $record->runs times"),
                default => null,
            };
            if ($end) {
                $record->fail($end);
                $record->remove_files();
                worker::hurry();
                return;
            }
            restore_record::change($job, function (?restore_record $now) use ($record) {
                if (!restore_record::goes_on($now, $record->attempt)) {
                    return null;
                }
                // With a course begun it cannot be cancelled any more.
                $now->state = $now->has_half_made_course() ? state::restoring : state::pending;
                $now->percent = 0.0;
                return $now->queue();
            });
        } finally {
            $lock->release();
        }
    }

    /**
     * Temporary files that a dead process left behind and nobody resumes.
     */
    private function remove_stray_files(): void {
        foreach (glob(make_temp_directory('courseferry') . '/*.mbz') ?: [] as $file) {
            $record = restore_record::find(explode('.', basename($file))[0]);
            $wanted = $record && !$record->state->is_over() && $record->backup_file() === $file;
            if (!$wanted && filemtime($file) < time() - self::STRAY) {
                @unlink($file);
            }
        }
    }
}
