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

/**
 * Core's backup of a course, as the teacher and with the teacher's rights.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class course_backup {
    /** @var string[] what makes up the course; a site's defaults for backups by hand may have switched some of it off */
    private const CONTENT = [
        'activities', 'blocks', 'files', 'filters', 'calendarevents', 'questionbank', 'groups', 'customfield', 'contentbankcontent',
        'legacyfiles',
    ];

    /** @var \backup_controller|null */
    private ?\backup_controller $controller = null;

    /**
     * Makes the backup that a row is about.
     *
     * @param lent_backup $backup
     */
    public function __construct(
        /** @var lent_backup what is asked for */
        private readonly lent_backup $backup,
    ) {
        global $CFG;
        require_once($CFG->dirroot . '/backup/util/includes/backup_includes.php');
        require_once($CFG->dirroot . '/backup/moodle2/backup_plan_builder.class.php');
    }

    /**
     * Runs it.
     *
     * @return \stored_file where core put it
     * @throws lending_exception
     * @throws no_longer_wanted
     */
    public function run(): \stored_file {
        global $DB;
        $this->controller = new \backup_controller(
            \backup::TYPE_1COURSE,
            $this->backup->courseid,
            \backup::FORMAT_MOODLE,
            \backup::INTERACTIVE_NO,
            \backup::MODE_GENERAL,
            $this->backup->userid
        );
        try {
            $DB->set_field(lent_backup::TABLE, 'backupid', $this->controller->get_backupid(), ['id' => $this->backup->id]);
            $this->configure();
            $this->controller->set_progress(new backup_progress($this->backup->id));
            $this->controller->execute_plan();
            return $this->controller->get_results()['backup_destination']
                ?? throw new lending_exception('remote.backup_failed', get_string('nobackupfile', 'block_courseferry'));
        } finally {
            $backupid = $this->controller->get_backupid();
            $this->controller->destroy();
            self::clean_up($backupid);
        }
    }

    /**
     * Removes all that a process left behind that died.
     *
     * @param lent_backup $backup
     */
    public static function clean_up_after(lent_backup $backup): void {
        if ($backup->backupid !== '') {
            self::clean_up($backup->backupid);
        }
        // Core may have put the file in its place already.
        $places = [
            [\context_user::instance($backup->userid, IGNORE_MISSING), 'user', 'backup'],
            [\context_course::instance($backup->courseid, IGNORE_MISSING), 'backup', 'course'],
        ];
        foreach ($places as [$context, $component, $area]) {
            $made = $context
                ? get_file_storage()->get_file($context->id, $component, $area, 0, '/', self::file_name($backup)) : false;
            if ($made) {
                $made->delete();
            }
        }
    }

    /**
     * The name that core's file has until it is kept.
     *
     * @param lent_backup $backup
     * @return string
     */
    private static function file_name(lent_backup $backup): string {
        return "courseferry_$backup->id.mbz";
    }

    /**
     * Removes what a backup leaves behind: its log, and, where it did not end well, its unpacked files, its temporary table and
     * core's row that says that it still runs.
     *
     * @param string $backupid core's id of it
     */
    private static function clean_up(string $backupid): void {
        global $CFG, $DB;
        require_once($CFG->dirroot . '/backup/util/includes/backup_includes.php');
        $directory = make_backup_temp_directory('') . "/$backupid";
        if (is_dir($directory)) {
            remove_dir($directory);
        }
        @unlink("$directory.log");
        if ($DB->get_manager()->table_exists('backup_ids_temp')) {
            \backup_controller_dbops::drop_backup_ids_temp_table($backupid);
        }
        $DB->delete_records('backup_controllers', ['backupid' => $backupid]);
    }

    /**
     * Makes the plan what was asked for, whatever this site's defaults for backups by hand are.
     *
     * @throws lending_exception
     */
    private function configure(): void {
        $plan = $this->controller->get_plan();
        $this->set('users', $this->backup->options->users);
        $plan->get_setting('filename')->set_value(self::file_name($this->backup));
        foreach (array_filter(self::CONTENT, $plan->setting_exists(...)) as $name) {
            $this->set($name, true);
        }
        if ($this->backup->options->users) {
            $this->set('anonymize', false);
        }
        $out = [
            'section' => array_fill_keys($this->backup->options->sections, true),
            'activity' => array_fill_keys($this->backup->options->activities, true),
        ];
        foreach ($plan->get_tasks() as $task) {
            $leave = match (true) {
                $task instanceof \backup_section_task => isset($out['section'][$task->get_sectionid()]),
                $task instanceof \backup_activity_task => isset($out['activity'][$task->get_moduleid()]),
                default => false,
            };
            if ($leave) {
                foreach ($task->get_settings() as $setting) {
                    if (str_ends_with($setting->get_name(), '_included')) {
                        $this->set_setting($setting, false);
                    }
                }
            }
        }
    }

    /**
     * Sets one of the plan's own settings.
     *
     * @param string $name
     * @param bool $value
     * @throws lending_exception if it has another value and may not be changed
     */
    private function set(string $name, bool $value): void {
        $this->set_setting($this->controller->get_plan()->get_setting($name), $value);
    }

    /**
     * Sets a setting.
     *
     * @param \base_setting $setting
     * @param bool $value
     * @throws lending_exception if it has another value and may not be changed
     */
    private function set_setting(\base_setting $setting, bool $value): void {
        if ((bool)$setting->get_value() === $value) {
            return;
        }
        // A setting that another one locks follows that one: an activity goes with its section.
        if ($setting->get_status() === \base_setting::LOCKED_BY_HIERARCHY) {
            return;
        }
        if ($setting->get_status() !== \base_setting::NOT_LOCKED) {
            $why = $setting->get_status() === \base_setting::LOCKED_BY_PERMISSION ? 'permission' : 'config';
            $detail = get_string("locked_$why", 'block_courseferry', $setting->get_name());
            throw new lending_exception('remote.backup_settings', $detail);
        }
        $setting->set_value($value);
    }
}
