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

use block_courseferry\local\orphan;
use block_courseferry\remote\account;
use block_courseferry\remote\backup_state;
use block_courseferry\remote\course_backup;
use block_courseferry\remote\lending_exception;
use block_courseferry\remote\lent_backup;

/**
 * Looks after the backups that are lent, every minute: those whose process died begin anew or end, those that nobody fetched in
 * time go, and what was lent long ago is forgotten.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class tend_lent extends \core\task\scheduled_task {
    /** @var int seconds for which the administrator's list goes back */
    public const REMEMBERED = 90 * DAYSECS;

    #[\Override]
    public function get_name() {
        return get_string('tasktendlent', 'block_courseferry');
    }

    #[\Override]
    public function execute() {
        global $DB;
        [$in, $params] = $DB->get_in_or_equal([
            backup_state::waiting->value, backup_state::running->value, backup_state::ready->value,
        ]);
        foreach ($DB->get_fieldset_select(lent_backup::TABLE, 'id', "state $in", $params) as $id) {
            try {
                $this->look_after(lent_backup::get((int)$id));
            } catch (\Throwable $e) {
                mtrace("Backup $id cannot be looked after: " . $e->getMessage());
            }
        }
        [$in, $params] = $DB->get_in_or_equal([
            backup_state::failed->value, backup_state::removed->value, backup_state::expired->value,
        ]);
        $DB->delete_records_select(
            lent_backup::TABLE,
            "state $in AND timemodified < ?",
            [...$params, time() - self::REMEMBERED]
        );
    }

    /**
     * Looks after one.
     *
     * @param lent_backup|null $backup
     */
    private function look_after(?lent_backup $backup): void {
        if ($backup?->state === backup_state::ready && $backup->expires() <= time()) {
            mtrace("Backup $backup->id was not fetched and deleted in time.");
            $backup->remove(backup_state::expired);
        }
        if (!$backup?->state->is_unfinished()) {
            return;
        }
        $lock = $backup->lock(0);
        if (!$lock) {
            return;
        }
        try {
            $backup = lent_backup::get($backup->id);
            if ($backup?->state->is_unfinished() && orphan::is($backup->taskid, $backup->heartbeat)) {
                $this->begin_anew($backup);
            }
        } finally {
            $lock->release();
        }
    }

    /**
     * Begins one anew whose process died, three times at most.
     *
     * @param lent_backup $backup
     */
    private function begin_anew(lent_backup $backup): void {
        global $DB;
        mtrace("Nobody is at work on backup $backup->id.");
        $DB->delete_records('task_adhoc', ['id' => $backup->taskid, 'component' => 'block_courseferry']);
        course_backup::clean_up_after($backup);
        try {
            // Core drops the tasks of suspended people without a word.
            account::require($backup->userid);
            if ($backup->runs >= lent_backup::MAX_RUNS) {
                throw new lending_exception('remote.backup_crashed');
            }
        } catch (lending_exception $e) {
            $backup->fail($e);
            return;
        }
        lent_backup::change($backup->id, function (lent_backup $now): bool {
            if (!$now->state->is_unfinished()) {
                return false;
            }
            $now->state = backup_state::waiting;
            $now->percent = 0;
            $now->backupid = '';
            $now->queue();
            return true;
        });
    }
}
