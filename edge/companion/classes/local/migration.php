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
 * Moving a site over from the block that this one replaces: what there is, taking it over, and the way back.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class migration {
    /** @var string */
    private const ORIGINAL = 'block_my_external_backup_restore_courses';
    /** @var string */
    private const ROWS = 'block_external_backuprestore';
    /** @var string[] settings that this block has too */
    private const SETTINGS = ['categorytable', 'categorytable_foreignkey', 'categorytable_categoryfield', 'enrollrole'];
    /** @var string[] settings that are the Worker's now, all of them numbers, in edge/site.toml */
    private const WORKER_SETTINGS = [
        'defaultcategory', 'restorecourseinoriginalcategory', 'defaultcategorychecked', 'onlyoneremoteinstance', 'enrollbutton',
        'includeexternalurlinmail', 'warningstoowner', 'timelimitedmod',
    ];
    /** @var string[] capabilities of the original that this block has too */
    private const CAPABILITIES = ['view', 'addinstance', 'myaddinstance', 'can_see_external_course_link', 'can_restore_user_datas'];

    /** @var \stdClass the original's settings */
    private readonly \stdClass $settings;

    /**
     * From the original's settings.
     */
    public function __construct() {
        $this->settings = (object)(array)get_config(self::ORIGINAL);
    }

    /**
     * Whether the original was ever installed here.
     */
    public static function possible(): bool {
        global $DB;
        return $DB->get_manager()->table_exists(self::ROWS);
    }

    /**
     * Addresses of the remotes, without their tokens.
     *
     * @return string[]
     */
    public function remotes(): array {
        $entries = array_filter(array_map(trim(...), explode(';', $this->settings->external_moodles ?? '')));
        return array_values(array_map(fn($entry) => trim(explode(',', $entry)[0]), $entries));
    }

    /**
     * The remotes with their tokens, as the Worker's EXTERNAL_MOODLES takes them. Never to be shown.
     */
    public function external_moodles(): string {
        return trim($this->settings->external_moodles ?? '');
    }

    /**
     * Lines for the Worker's edge/site.toml: what was ever saved there. The rest has the Worker's own defaults.
     *
     * @return string[]
     */
    public function worker_settings(): array {
        global $CFG;
        $values = ['client_wwwroot' => $CFG->wwwroot, 'timezone' => \core_date::get_server_timezone()];
        foreach (self::WORKER_SETTINGS as $name) {
            if (is_numeric($this->settings->$name ?? null)) {
                $values[$name] = (string)(int)$this->settings->$name;
            }
        }
        foreach (['limitstart', 'limitend'] as $name) {
            if (is_numeric($this->settings->{"{$name}_hour"} ?? null)) {
                $minute = (int)($this->settings->{"{$name}_minute"} ?? 0);
                $values[$name] = sprintf('%02d:%02d', $this->settings->{"{$name}_hour"}, $minute);
            }
        }
        return array_map(fn($name, $value) => "$name = \"$value\"", array_keys($values), $values);
    }

    /**
     * How many rows become what.
     *
     * @return array<string, int> by the Worker's status
     */
    public function counts(): array {
        return array_count_values(array_map(migrated_row::status(...), $this->migrated()['rows']));
    }

    /**
     * What does not come along as it is, in sentences. Nothing of the original's is dropped without one.
     *
     * @return string[]
     */
    public function notes(): array {
        global $DB;
        $sql = 'SELECT r.id FROM {' . self::ROWS . '} r LEFT JOIN {user} u ON u.id = r.userid AND u.deleted = 0 WHERE u.id IS NULL';
        $ids = fn(array $rows): array => array_map(fn($row) => (int)$row->id, $rows);
        $migrated = $this->migrated();
        $of = [
            'belong to nobody, or to users who are gone, and stay behind' => $ids($DB->get_records_sql("$sql ORDER BY r.id")),
            'have no address of a remote and stay behind' => $ids($migrated['unknown']),
            'are of a course that is restored or scheduled already, and stay behind' => $ids($migrated['doubled']),
            'bring students\' data, for owners who may have them where this site\'s setting "userdata" and the remote allow it' =>
                $ids(array_filter($migrated['rows'], migrated_row::wants_data(...))),
            'were to go to a category that is gone, and go to the default category' =>
                $ids(array_filter($migrated['rows'], migrated_row::lost_category(...))),
            'wait for people who may not restore into the category, and fail unless they get a role that may, as '
                . '"cli/install.php --role" makes' => $ids(array_filter($migrated['rows'], $this->lacks_right(...))),
        ];
        $sentence = fn(string $what, array $ids): string => count($ids) . " $what (rows " . implode(', ', $ids) . ').';
        $of = array_filter($of);
        return array_map($sentence, array_keys($of), $of);
    }

    /**
     * Whether a row waits for somebody who may not restore there. Creating courses was enough for the original.
     *
     * @param \stdClass $row the original's row, with wantedcategory
     */
    private function lacks_right(\stdClass $row): bool {
        $category = (int)($row->wantedcategory ?: $this->settings->defaultcategory ?? 0);
        $context = $category ? \context_coursecat::instance($category, IGNORE_MISSING) : false;
        return migrated_row::status($row) === 'scheduled' && $context
            && !has_all_capabilities(people::REQUIRED, $context, (int)$row->userid);
    }

    /**
     * The statements that add the original's rows to the Worker's database.
     *
     * @return iterable<string>
     */
    public function rows(): iterable {
        global $CFG;
        foreach ($this->notes() as $note) {
            yield "-- $note";
        }
        foreach ($this->migrated()['rows'] as $row) {
            yield migrated_row::sql($row, $CFG->wwwroot, $row->takes);
        }
    }

    /**
     * The original's rows of users who exist, by what becomes of them.
     *
     * @return array{rows: \stdClass[], unknown: \stdClass[], doubled: \stdClass[]}
     */
    private function migrated(): array {
        $sorted = ['rows' => [], 'unknown' => [], 'doubled' => []];
        $taken = [];
        $exclusive = !isset($this->settings->onlyoneremoteinstance) || $this->settings->onlyoneremoteinstance;
        foreach ($this->original_rows() as $row) {
            $remote = migrated_row::remote($row->externalmoodleurl);
            $course = "$remote:$row->externalcourseid";
            $status = migrated_row::status($row);
            $takes = $exclusive && ($status === 'scheduled' || ($status === 'restored' && $row->category));
            $row->takes = $takes && !isset($taken[$course]);
            $group = match (true) {
                $remote === null => 'unknown',
                // Of several restores of one course only one is brought along.
                $takes && !$row->takes && $status === 'scheduled' => 'doubled',
                default => 'rows',
            };
            $sorted[$group][] = $row;
            $taken += $takes && $group === 'rows' ? [$course => true] : [];
        }
        return $sorted;
    }

    /**
     * The original's rows of users who exist, restored ones first, with what the Worker wants to know besides.
     *
     * @return \stdClass[]
     */
    private function original_rows(): array {
        global $CFG, $DB;
        $names = \core_user\fields::for_name()->get_sql('u', false, '', '', false)->selects;
        $rows = $DB->get_records_sql("SELECT r.*, u.username, u.lang, $names, c.category, cc.name AS categoryname,
                   wanted.id AS wantedcategory
              FROM {" . self::ROWS . "} r
              JOIN {user} u ON u.id = r.userid AND u.deleted = 0
         LEFT JOIN {course} c ON c.id = r.courseid
         LEFT JOIN {course_categories} cc ON cc.id = c.category
         LEFT JOIN {course_categories} wanted ON wanted.id = r.internalcategory
          ORDER BY CASE WHEN r.status = 2 THEN 0 ELSE 1 END, r.timecreated, r.id");
        foreach ($rows as $row) {
            $row->fullname = fullname($row);
            $row->locale = launch_claims::locale($row->lang ?: $CFG->lang);
        }
        return $rows;
    }

    /**
     * Takes over settings, permissions and finished restores, and switches the original's task off: both would share the one
     * backup that a remote keeps per user.
     *
     * @return string[] what was done, in sentences
     */
    public function apply(): array {
        $before = [];
        foreach (self::SETTINGS as $name) {
            $before[$name] = get_config('block_courseferry', $name);
            if (isset($this->settings->$name) && $this->settings->$name !== '') {
                set_config($name, $this->settings->$name, 'block_courseferry');
            }
        }
        if (get_config('block_courseferry', 'beforemigration') === false) {
            set_config('beforemigration', json_encode($before), 'block_courseferry');
        }
        return array_filter([
            'Settings are taken over.',
            $this->copy_permissions() . ' permissions are taken over.',
            $this->note_restored_courses() . ' restored courses are known to Courseferry now.',
            $this->switch_task(false)
                ? 'The original\'s scheduled task is switched off.'
                : 'The original\'s scheduled task cannot run: that block\'s folder is not here.',
        ]);
    }

    /**
     * The way back: the original's task runs again, and what was taken over is given up. Permissions stay: they do no harm.
     *
     * @return string[] what was done, in sentences
     */
    public function undo(): array {
        global $CFG, $DB;
        $before = json_decode((string)get_config('block_courseferry', 'beforemigration'), true) ?: [];
        foreach ($before as $name => $value) {
            set_config($name, $value === false ? null : $value, 'block_courseferry');
        }
        unset_config('beforemigration', 'block_courseferry');
        foreach ($this->original_rows() as $row) {
            $DB->delete_records(restore_record::TABLE, ['job' => migrated_row::job($CFG->wwwroot, (int)$row->id)]);
        }
        return array_filter([
            $before ? 'Settings are as they were.' : '',
            $this->switch_task(true)
                ? 'The original\'s scheduled task runs again.'
                : 'The original\'s scheduled task cannot run: that block\'s folder is not here.',
        ]);
    }

    /**
     * Copies permissions of the original's capabilities.
     *
     * @return int how many
     */
    private function copy_permissions(): int {
        global $DB;
        $copied = 0;
        foreach (self::CAPABILITIES as $name) {
            $theirs = str_replace('block_', 'block/', self::ORIGINAL) . ":$name";
            foreach ($DB->get_records('role_capabilities', ['capability' => $theirs]) as $row) {
                $ours = ['capability' => "block/courseferry:$name", 'roleid' => $row->roleid, 'contextid' => $row->contextid];
                if (!$DB->record_exists('role_capabilities', $ours)) {
                    assign_capability($ours['capability'], $row->permission, $row->roleid, $row->contextid);
                    $copied++;
                }
            }
        }
        return $copied;
    }

    /**
     * Notes the restored courses, so that colleagues can be enrolled in them.
     */
    private function note_restored_courses(): int {
        global $CFG, $DB;
        $noted = 0;
        foreach ($this->original_rows() as $row) {
            $job = migrated_row::job($CFG->wwwroot, (int)$row->id);
            if (migrated_row::status($row) !== 'restored' || !$row->category || restore_record::find($job)) {
                continue;
            }
            $record = new restore_record($job, 1);
            $record->userid = (int)$row->userid;
            $record->categoryid = (int)$row->category;
            $record->remote = \core_text::substr($row->externalmoodleurl, 0, 255);
            $record->remotecourseid = (int)$row->externalcourseid;
            $record->courseid = (int)$row->courseid;
            $record->state = state::complete;
            $record->percent = 100.0;
            $record->timecreated = (int)$row->timecreated;
            $record->store();
            $noted++;
        }
        return $noted;
    }

    /**
     * Switches the original's scheduled task on or off.
     *
     * @return bool false if the original's code is not here, as on a Moodle that is too new for it
     */
    private function switch_task(bool $on): bool {
        $task = \core\task\manager::get_scheduled_task(self::ORIGINAL . '\task\backup_restore_task');
        if ($task) {
            $task->set_disabled(!$on);
            \core\task\manager::configure_scheduled_task($task);
        }
        return (bool)$task;
    }
}
