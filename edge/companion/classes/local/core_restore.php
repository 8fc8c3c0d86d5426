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
 * Core's restore of an unpacked backup, for a new course and for one that is added to: its controller, its prechecks, and what
 * its log says.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class core_restore {
    /** @var bool whether core logged errors, not only warnings */
    private bool $partial = false;
    /** @var \restore_controller core's controller */
    private readonly \restore_controller $controller;

    /**
     * Loads the plan.
     *
     * @param restore_record $record what is wanted
     * @param authority $authority with whose rights
     * @param int $courseid where to
     * @param int $target one of core's targets: a new course, or adding to one
     * @param restore_progress $progress is told how far it is
     * @param warnings $warnings takes what core says
     */
    public function __construct(
        restore_record $record,
        authority $authority,
        int $courseid,
        int $target,
        restore_progress $progress,
        /** @var warnings takes what core says */
        private readonly warnings $warnings,
    ) {
        $this->controller = new \restore_controller(
            $record->backup_directory(),
            $courseid,
            \backup::INTERACTIVE_NO,
            \backup::MODE_GENERAL,
            $authority->userid,
            $target,
            $progress,
        );
    }

    /**
     * The settings of the plan.
     */
    public function settings(): plan_settings {
        return new plan_settings($this->controller->get_plan());
    }

    /**
     * Core's prechecks. Errors end the restore.
     *
     * @throws failure
     */
    public function check(): void {
        $path = $this->controller->get_plan()->get_basepath();
        $failure = precheck::questions_failure($path, $this->controller->get_courseid(), $this->controller->get_userid());
        if ($failure) {
            throw $failure;
        }
        $this->controller->execute_precheck();
        $results = $this->controller->get_precheck_results();
        if (!empty($results['errors'])) {
            throw precheck::failure($results['errors'], $this->controller->get_courseid(), $this->controller->get_userid());
        }
        foreach ($results['warnings'] ?? [] as $warning) {
            $newer = precheck::newer_backup($warning, $this->controller->get_info());
            if ($newer) {
                $this->warnings->add_first('newer', $newer);
            } else {
                $this->warnings->add('precheck', $warning);
            }
        }
    }

    /**
     * Restores.
     */
    public function execute(): void {
        $this->controller->execute_plan();
        $this->read_log();
    }

    /**
     * Whether core logged errors, not only warnings.
     */
    public function is_partial(): bool {
        return $this->partial;
    }

    /**
     * Takes errors and warnings from core's log.
     */
    private function read_log(): void {
        global $DB;
        $logs = $DB->get_recordset_select(
            'backup_logs',
            'backupid = :id AND loglevel IN (:error, :warning)',
            ['id' => $this->controller->get_restoreid(), 'error' => \backup::LOG_ERROR, 'warning' => \backup::LOG_WARNING],
            'id',
            'id, loglevel, message',
        );
        foreach ($logs as $log) {
            $error = (int)$log->loglevel === \backup::LOG_ERROR;
            $this->partial = $this->partial || $error;
            $this->warnings->add($error ? 'error' : 'warning', $log->message);
        }
        $logs->close();
    }

    /**
     * Gives up what core holds. Its log is in a file too, which it would leave until its own clean-up some days later; and where
     * its plan fails it leaves its temporary tables to the next restore of this process.
     */
    public function close(): void {
        global $DB;
        $manager = $DB->get_manager();
        foreach (['backup_ids_temp', 'backup_files_temp'] as $table) {
            if ($manager->table_exists($table)) {
                $manager->drop_table(new \xmldb_table($table));
            }
        }
        \restore_dbops::reset_backup_ids_cached();
        $log = get_backup_temp_directory($this->controller->get_restoreid() . '.log');
        $this->controller->destroy();
        @unlink($log);
    }
}
