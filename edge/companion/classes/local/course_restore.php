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
 * Restores an unpacked backup into a new course, by core's restore, as the teacher.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class course_restore extends course_writer {
    /** @var bool whether core logged errors, not only warnings */
    private bool $partial = false;

    #[\Override]
    protected function write(unpacked_backup $backup): void {
        $idnumber = $backup->idnumber();
        $inventory = $backup->inventory($this->record->options);
        $authority = authority::of($this->record);
        $accounts = $this->record->options->students ? new made_accounts($backup, $this->record) : null;
        $accounts?->expect();
        $enrolments = new course_enrolments($backup);
        try {
            $this->make_course();
            $enrolments->silence($this->record->courseid);
            $this->restore($authority);
        } finally {
            $accounts?->link();
        }
        $this->name($backup->info->original_course_shortname, $idnumber);
        foreach ($inventory->missing_from($this->record->courseid) as $sentence) {
            $this->warnings->add_first('missing', $sentence);
        }
        $this->enrol_owner();
        $enrolments->put_back($this->record->courseid);
        $this->finish($this->partial);
        fix_course_sortorder();
    }

    /**
     * Makes the empty course and writes its id to the record in one transaction: whatever dies afterwards, we know of it.
     *
     * Its owner teaches in it from the start. Rights in the category alone lock every setting of core's restore, and it would
     * say of every course that a role cannot be mapped.
     */
    private function make_course(): void {
        $this->record = restore_record::change($this->record->job, function (?restore_record $now) {
            if (!restore_record::goes_on($now, $this->record->attempt)) {
                return null;
            }
            // The names are provisional: core takes the backup's at the end, and sees to it that they are free.
            $now->courseid = (int)\restore_dbops::create_new_course(
                get_string('restoringcourse', 'block_courseferry'),
                "courseferry-$now->job",
                $now->categoryid,
            );
            $role = enrolment::teacher_role();
            if ($role) {
                role_assign($role, $now->userid, \context_course::instance($now->courseid)->id);
            }
            $now->state = state::restoring;
            $now->percent = 0.0;
            $now->heartbeat = time();
            return $now;
        }) ?? throw new superseded();
    }

    /**
     * Core's restore.
     *
     * @param authority $authority with whose rights
     */
    private function restore(authority $authority): void {
        $core = null;
        try {
            $progress = new restore_progress($this->record->id);
            $course = $this->record->courseid;
            $core = new core_restore($this->record, $authority, $course, \backup::TARGET_NEW_COURSE, $progress, $this->warnings);
            $core->settings()->for_new_course($this->record->options);
            $core->check();
            $core->execute();
            $this->partial = $core->is_partial();
        } catch (\Exception $e) {
            throw failure::of($e);
        } finally {
            $core?->close();
        }
    }

    /**
     * Names that the teacher typed, whether the course is shown, and the id number. Names that nobody typed are the backup's,
     * as core has stored them. Core leaves an id number empty unless the backup is from this very site; whether the backup's
     * is kept is this site's choice.
     *
     * @param string $shortname the short name in the backup
     * @param string $idnumber likewise the id number
     */
    private function name(string $shortname, string $idnumber): void {
        global $DB;
        $course = $DB->get_record('course', ['id' => $this->record->courseid], '*', MUST_EXIST);
        $wanted = ['id' => $course->id, 'idnumber' => $this->idnumber($idnumber)];
        if ($this->record->fullname !== '' || $this->record->shortname !== '') {
            $names = [$this->record->fullname ?: $course->fullname, $this->record->shortname ?: $shortname];
            [$wanted['fullname'], $wanted['shortname']] = \restore_dbops::calculate_course_names($course->id, ...$names);
            if ([$wanted['fullname'], $wanted['shortname']] !== $names) {
                $this->warnings->add_first('names', get_string('nameschanged', 'block_courseferry'));
            }
        }
        if ($this->record->options->visible !== null) {
            $wanted['visible'] = (int)$this->record->options->visible;
        }
        if (array_diff_assoc($wanted, (array)$course)) {
            update_course((object)$wanted);
        }
    }

    /**
     * The backup's id number if this site keeps it, the teacher may give it, and it is free; else the empty one.
     *
     * @param string $inbackup the backup's
     */
    private function idnumber(string $inbackup): string {
        global $DB;
        $context = \context_coursecat::instance($this->record->categoryid);
        $keeps = get_config('block_courseferry', 'keepidnumber')
            && has_capability('moodle/course:changeidnumber', $context, $this->record->userid);
        $taken = $DB->record_exists_select('course', 'idnumber = ? AND id <> ?', [$inbackup, $this->record->courseid]);
        return $keeps && !$taken ? $inbackup : '';
    }

    /**
     * The owner becomes the course's editing teacher.
     */
    private function enrol_owner(): void {
        if (!enrolment::as_teacher($this->record->courseid, $this->record->userid)) {
            $this->partial = true;
            $this->warnings->add_first('enrolment', get_string('ownernotenrolled', 'block_courseferry'));
        }
    }
}
