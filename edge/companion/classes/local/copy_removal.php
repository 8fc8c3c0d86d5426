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

use block_courseferry\task\remove_copy;

/**
 * Puts a course that Courseferry made back, as long as nobody has worked in it: into the recycle bin, not past it.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class copy_removal {
    /** @var string the answer where the course is to be removed, or is being removed */
    public const QUEUED = 'queued';
    /** @var string the answer where nothing holds it back */
    public const POSSIBLE = 'possible';
    /** @var string the answer where it is gone already */
    public const DONE = 'done';
    /** @var string the answer where something holds it back */
    public const REFUSED = 'refused';

    /**
     * For a restore and whoever wants its course removed.
     *
     * @param restore_record $record the restore
     * @param int $userid who wants it
     */
    public function __construct(
        /** @var restore_record the restore */
        private readonly restore_record $record,
        /** @var int who wants it */
        private readonly int $userid,
    ) {
    }

    /**
     * How it stands: the answer, what holds it back, and details for administrators.
     *
     * @return array{0: string, 1: string, 2: string}
     */
    public function decision(): array {
        $record = $this->record;
        $ismine = $record->state->is_restored() && $record->userid === $this->userid;
        if ($ismine && $record->courseid === 0 && !$record->targetcourseid) {
            return [self::DONE, '', ''];
        }
        $obstacle = $this->obstacle();
        if ($obstacle) {
            return [self::REFUSED, ...$obstacle];
        }
        return [remove_copy::is_queued($record->job) ? self::QUEUED : self::POSSIBLE, '', ''];
    }

    /**
     * What holds the removal back: a reason's code and what an administrator wants to know; null if nothing does.
     *
     * @return array{0: string, 1: string}|null
     */
    public function obstacle(): ?array {
        $course = $this->record->courseid;
        $until = $this->record->timefinished + (int)get_config('block_courseferry', 'removecopytime');
        // Where the database takes nothing back, a removal that ended early may have taken a part out: it can only be finished.
        $begun = $this->record->timeremoval && !course_addition::database_is_atomic();
        return match (true) {
            !people::is_active($this->userid), $this->record->userid !== $this->userid => ['notowner', "user $this->userid"],
            !$this->record->state->is_restored(), $course === 0, $course === (int)SITEID =>
                ['notrestored', $this->record->state->value],
            !$this->record->timefinished, time() > $until && !$begun => ['toolate', userdate($until)],
            !self::recycles() => ['norecyclebin', 'tool_recyclebin'],
            default => $this->others($course) ?? ($begun ? null : $this->changes($course)),
        };
    }

    /**
     * Seconds for which a copy can be removed after its restore; 0 for never.
     */
    public static function time(): int {
        return self::recycles() ? max(0, (int)get_config('block_courseferry', 'removecopytime')) : 0;
    }

    /**
     * Whether Moodle keeps deleted courses for a while.
     */
    private static function recycles(): bool {
        return class_exists(\tool_recyclebin\category_bin::class) && \tool_recyclebin\category_bin::is_enabled();
    }

    /**
     * Whether anybody but its owner is in the course or was there.
     *
     * @param int $course the course
     * @return array{0: string, 1: string}|null
     */
    private function others(int $course): ?array {
        global $DB;
        $other = ['course' => $course, 'owner' => $this->userid];
        $enrolled = $DB->record_exists_sql('SELECT 1
              FROM {user_enrolments} ue
              JOIN {enrol} e ON e.id = ue.enrolid
             WHERE e.courseid = :course AND ue.userid <> :owner', $other);
        return $enrolled || $DB->record_exists_select('user_lastaccess', 'courseid = :course AND userid <> :owner', $other)
            ? ['participants', 'others are enrolled in it or were there'] : null;
    }

    /**
     * Whether somebody has worked in the course since it was made.
     *
     * @param int $course the course
     * @return array{0: string, 1: string}|null
     */
    private function changes(int $course): ?array {
        global $DB;
        $graded = $DB->record_exists_sql('SELECT 1
              FROM {grade_grades} g
              JOIN {grade_items} i ON i.id = g.itemid
             WHERE i.courseid = :course AND g.timemodified > :finished AND g.finalgrade IS NOT NULL', [
            'course' => $course, 'finished' => $this->record->timefinished,
        ]);
        if ($graded) {
            return ['changed', 'it has grades'];
        }
        return $this->log($course);
    }

    /**
     * What Moodle's log says of work in the course.
     *
     * @param int $course the course
     * @return array{0: string, 1: string}|null
     */
    private function log(int $course): ?array {
        $readers = get_log_manager()->get_readers('\core\log\sql_reader');
        if (!$readers) {
            return ['nolog', 'no log can be asked'];
        }
        // A backup changes nothing; the recycle bin makes one before a course is deleted.
        $select = "courseid = :course AND timecreated > :finished AND component <> 'block_courseferry' AND eventname <> :backup
            AND (crud <> 'r' OR (userid <> :owner AND userid > 0))";
        $params = [
            'course' => $course, 'finished' => $this->record->timefinished, 'owner' => $this->userid,
            'backup' => '\\' . \core\event\course_backup_created::class,
        ];
        foreach ($readers as $reader) {
            foreach ($reader->get_events_select($select, $params, 'timecreated ASC', 0, 1) as $event) {
                return ['changed', $event::get_name() . ', ' . userdate($event->timecreated)];
            }
        }
        return null;
    }

    /**
     * Removes the course, if still nothing holds it back: into the recycle bin first, then all of it in one transaction. A process
     * that dies on the way leaves the course whole.
     *
     * @throws failure if it cannot be deleted
     */
    public function execute(): void {
        $obstacle = $this->obstacle();
        if ($obstacle) {
            mtrace("Course {$this->record->courseid} stays: $obstacle[0]. $obstacle[1]");
            return;
        }
        $this->recycle();
        restore_record::change($this->record->job, function (?restore_record $now) {
            if ($now) {
                $now->timeremoval = time();
            }
            return $now;
        });
        $failure = leftover::delete_course($this->record->courseid);
        if ($failure) {
            throw $failure;
        }
    }

    /**
     * Puts the course into the recycle bin, unless an earlier process did: what a second one stored might be less than the whole.
     */
    private function recycle(): void {
        global $DB;
        $course = get_course($this->record->courseid);
        $bin = new \tool_recyclebin\category_bin($course->category);
        $context = \context_coursecat::instance($course->category);
        $stored = $DB->get_records_select(
            'tool_recyclebin_category',
            'categoryid = ? AND shortname = ? AND timecreated >= ?',
            [$course->category, $course->shortname, $this->record->timefinished],
        );
        $whole = false;
        foreach ($stored as $item) {
            $area = [$context->id, 'tool_recyclebin', TOOL_RECYCLEBIN_COURSECAT_BIN_FILEAREA, $item->id];
            if (get_file_storage()->is_area_empty(...$area)) {
                // That process died before the file was there.
                $bin->delete_item($item);
            } else {
                $whole = true;
            }
        }
        if (!$whole) {
            $bin->store_item($course);
        }
    }
}
