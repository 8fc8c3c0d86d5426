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
 * Unpacks a backup and restores it into a new course, by core's restore, as the teacher.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class course_restore {
    /** @var string where the backup is unpacked, a directory's name under the backup temporary directory */
    private readonly string $directory;
    /** @var array<array{code: string, message: string}> what the teacher should look at afterwards */
    private array $warnings = [];
    /** @var bool whether core logged errors, not only warnings */
    private bool $partial = false;

    public function __construct(private \stdClass $row) {
        global $CFG;
        require_once($CFG->dirroot . '/course/lib.php');
        require_once($CFG->dirroot . '/backup/util/includes/backup_includes.php');
        require_once($CFG->dirroot . '/backup/util/includes/restore_includes.php');
        $this->directory = 'courseferry_' . sha1("$row->job.$row->attempt");
    }

    /**
     * Restores the backup.
     *
     * @param string $file the downloaded backup, its length and checksum seen to
     * @return \stdClass the row, restored
     * @throws failure
     * @throws superseded if the attempt is no longer wanted
     */
    public function run(string $file): \stdClass {
        try {
            $backup = $this->unpack($file);
            $idnumber = $this->idnumber_in_backup();
            $this->make_course();
            $this->restore();
            $this->name($backup->original_course_shortname, $idnumber);
            return $this->finish();
        } finally {
            $this->clean_up();
        }
    }

    /**
     * Removes the unpacked backup, this process's or a dead one's.
     */
    public function clean_up(): void {
        $path = make_backup_temp_directory('') . "/$this->directory";
        if (is_dir($path)) {
            remove_dir($path);
        }
    }

    /**
     * Unpacks, first only the manifest: nothing else is, before that says it is the right course.
     *
     * @return \stdClass core's description of the backup
     */
    private function unpack(string $file): \stdClass {
        $this->clean_up();
        $path = make_backup_temp_directory($this->directory);
        $packer = get_file_packer('application/vnd.moodle.backup');
        $broken = $this->row->totalbytes > 0 ? 'backup.unreadable' : 'backup.truncated';
        try {
            $packer->extract_to_pathname($file, $path, ['moodle_backup.xml']);
            $sizes = array_column(array_map(fn($entry) => (array)$entry, $packer->list_files($file) ?: []), 'size');
        } catch (\moodle_exception $e) {
            throw new failure($broken, $e->getMessage());
        }
        if (!is_readable("$path/moodle_backup.xml")) {
            throw new failure($sizes === [] ? $broken : 'backup.not_a_backup', 'it holds no moodle_backup.xml');
        }
        try {
            $backup = \backup_general_helper::get_backup_information($this->directory);
        } catch (\moodle_exception $e) {
            throw new failure('backup.not_a_backup', $e->getMessage());
        }
        if ($backup->type !== \backup::TYPE_1COURSE || $backup->format !== \backup::FORMAT_MOODLE) {
            throw new failure('backup.not_a_backup', "type $backup->type, format $backup->format");
        }
        if ((string)$backup->original_course_id !== (string)$this->row->remotecourseid) {
            throw new failure('backup.wrong_course', "course $backup->original_course_id, not {$this->row->remotecourseid}");
        }
        free_space::require(2 * (int)array_sum($sizes));
        try {
            $whole = $packer->extract_to_pathname($file, $path, null, new unpacking($this->row), true);
        } catch (\moodle_exception $e) {
            throw new failure($broken, $e->getMessage());
        }
        if (!$whole) {
            throw new failure($broken, 'it cannot be unpacked whole');
        }
        return $backup;
    }

    /**
     * Makes the empty course and writes its id to the row in one transaction: whatever dies afterwards, we know of it.
     */
    private function make_course(): void {
        $refusal = people::why_not((int)$this->row->userid, (int)$this->row->categoryid);
        if ($refusal) {
            throw $refusal;
        }
        $row = job::change($this->row->job, function (?\stdClass $row) {
            if (!job::goes_on($row, (int)$this->row->attempt)) {
                return null;
            }
            // The names are provisional: core takes the backup's at the end, and sees to it that they are free.
            $row->courseid = \restore_dbops::create_new_course(
                get_string('restoringcourse', 'block_courseferry'), "courseferry-$row->job", $row->categoryid);
            $row->state = state::restoring->value;
            $row->percent = 0;
            $row->heartbeat = time();
            return $row;
        });
        $this->row = $row ?? throw new superseded();
    }

    /**
     * Core's restore, with its prechecks and its log.
     */
    private function restore(): void {
        $progress = new restore_progress((int)$this->row->id);
        $controller = null;
        try {
            $controller = new \restore_controller($this->directory, $this->row->courseid, \backup::INTERACTIVE_NO,
                \backup::MODE_GENERAL, $this->row->userid, \backup::TARGET_NEW_COURSE, $progress);
            $this->configure($controller->get_plan());
            $controller->execute_precheck();
            $results = $controller->get_precheck_results();
            if (!empty($results['errors'])) {
                throw new failure('client.precheck_failed', implode("\n", $results['errors']));
            }
            foreach ($results['warnings'] ?? [] as $warning) {
                $this->warn('precheck', $warning);
            }
            $controller->execute_plan();
            $this->read_log($controller->get_restoreid());
        } catch (failure $failure) {
            throw $failure;
        } catch (\Exception $e) {
            throw failure::of($e);
        } finally {
            $controller?->destroy();
            // Core writes its log here too, and leaves it until its own clean-up some days later.
            @unlink(get_backup_temp_directory($controller?->get_restoreid() . '.log'));
        }
    }

    /**
     * What of the backup is restored. Who gets an account or an enrolment is never left to the file, nor to the site's
     * defaults for restores by hand.
     */
    private function configure(\restore_plan $plan): void {
        foreach (['users' => 0, 'enrolments' => \backup::ENROL_NEVER] as $name => $value) {
            if (!$plan->setting_exists($name)) {
                continue;
            }
            $setting = $plan->get_setting($name);
            if ((int)$setting->get_value() === $value) {
                continue;
            }
            // A default that an administrator locked is for people at the restore page.
            $setting->set_status(\base_setting::NOT_LOCKED);
            $setting->set_value($value);
            if ((int)$setting->get_value() !== $value) {
                throw new failure('client.restore_failed', "the setting $name of the restore cannot be $value");
            }
        }
    }

    private function read_log(string $restoreid): void {
        global $DB;
        $logs = $DB->get_records_select('backup_logs', 'backupid = :id AND loglevel IN (:error, :warning)',
            ['id' => $restoreid, 'error' => \backup::LOG_ERROR, 'warning' => \backup::LOG_WARNING], 'id');
        foreach ($logs as $log) {
            $this->partial = $this->partial || (int)$log->loglevel === \backup::LOG_ERROR;
            $this->warn((int)$log->loglevel === \backup::LOG_ERROR ? 'error' : 'warning', $log->message);
        }
    }

    private function warn(string $code, string $message): void {
        $this->warnings[] = ['code' => $code, 'message' => \core_text::substr(trim(strip_tags($message)), 0, 500)];
    }

    /**
     * Names asked for at hand-over, and the id number. Core leaves an id number empty unless the backup is from this very
     * site; whether the backup's is kept is this site's choice.
     */
    private function name(string $shortname, string $idnumber): void {
        global $DB;
        $course = $DB->get_record('course', ['id' => $this->row->courseid], '*', MUST_EXIST);
        $wanted = ['id' => $course->id, 'idnumber' => $this->idnumber($idnumber)];
        if ($this->row->fullname !== '' || $this->row->shortname !== '') {
            [$wanted['fullname'], $wanted['shortname']] = \restore_dbops::calculate_course_names($course->id,
                $this->row->fullname ?: $course->fullname, $this->row->shortname ?: $shortname);
        }
        if (array_diff_assoc($wanted, (array)$course)) {
            update_course((object)$wanted);
        }
    }

    /**
     * The backup's id number if this site keeps it, the teacher may give it, and it is free; else the empty one.
     */
    private function idnumber(string $inbackup): string {
        global $DB;
        $context = \context_coursecat::instance($this->row->categoryid);
        if (!get_config('block_courseferry', 'keepidnumber') || !has_capability('moodle/course:changeidnumber', $context, $this->row->userid)) {
            return '';
        }
        return $DB->record_exists_select('course', 'idnumber = ? AND id <> ?', [$inbackup, $this->row->courseid]) ? '' : $inbackup;
    }

    /**
     * The id number in the backup. Core removes the unpacked files when it is done, so it is read before.
     */
    private function idnumber_in_backup(): string {
        $xml = @simplexml_load_file(make_backup_temp_directory($this->directory) . '/course/course.xml', null, LIBXML_NONET);
        $idnumber = $xml === false ? '' : trim((string)$xml->idnumber);
        return $idnumber === '$@NULL@$' ? '' : $idnumber;
    }

    /**
     * The owner becomes the course's editing teacher, and the job is complete.
     */
    private function finish(): \stdClass {
        if (!enrolment::as_teacher((int)$this->row->courseid, (int)$this->row->userid)) {
            $this->partial = true;
            $this->warn('enrolment', get_string('ownernotenrolled', 'block_courseferry'));
        }
        $this->row = job::advance($this->row, [
            'state' => ($this->partial ? state::partiallyrestored : state::complete)->value,
            'percent' => 100,
            'ticket' => '',
            'warnings' => json_encode($this->warnings, JSON_INVALID_UTF8_SUBSTITUTE),
        ]);
        fix_course_sortorder();
        \cache_helper::purge_by_event('changesincourse');
        \block_courseferry\event\restore_finished::of($this->row)->trigger();
        return $this->row;
    }
}
