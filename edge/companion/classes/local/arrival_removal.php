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
 * Takes out of a course what an addition that did not end had brought, and nothing else; what somebody has worked in since stays.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class arrival_removal {
    /** @var string[] what whoever removes must be allowed in the course, besides adding to it */
    private const REQUIRED = ['moodle/course:manageactivities', 'moodle/course:update'];

    /** @var string[] names of what stays */
    private array $left = [];

    /**
     * For a restore and whoever wants it.
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
        global $CFG;
        require_once($CFG->dirroot . '/course/lib.php');
        require_once($CFG->dirroot . '/group/lib.php');
        require_once($CFG->libdir . '/questionlib.php');
    }

    /**
     * What holds any decision back: a reason's code and what an administrator wants to know; null if nothing does.
     *
     * @return array{0: string, 1: string}|null
     */
    public function obstacle_to_deciding(): ?array {
        return match (true) {
            !people::is_active($this->userid), $this->record->userid !== $this->userid => ['notowner', "user $this->userid"],
            !$this->record->is_partly_added() => ['notpartly', $this->record->state->value],
            default => null,
        };
    }

    /**
     * What holds the removal back; null if nothing does.
     *
     * @return array{0: string, 1: string}|null
     */
    public function obstacle(): ?array {
        $obstacle = $this->obstacle_to_deciding();
        if ($obstacle) {
            return $obstacle;
        }
        $refusal = people::why_not_adding($this->userid, $this->record->targetcourseid);
        if ($refusal) {
            return ['norights', $refusal->getMessage()];
        }
        $context = \context_course::instance($this->record->targetcourseid);
        foreach (self::REQUIRED as $capability) {
            if (!has_capability($capability, $context, $this->userid)) {
                return ['norights', "$capability in course {$this->record->targetcourseid}"];
            }
        }
        if (arrival::of($this->record)->is_mixed()) {
            return ['mixed', 'somebody else restored into the course meanwhile'];
        }
        return get_log_manager()->get_readers('\core\log\sql_reader') ? null : ['nolog', 'no log can be asked'];
    }

    /**
     * Removes it, and notes that the restore may run again.
     */
    public function execute(): void {
        $obstacle = $this->obstacle();
        if ($obstacle) {
            mtrace("What arrived in course {$this->record->targetcourseid} stays: $obstacle[0]. $obstacle[1]");
            return;
        }
        $arrival = arrival::of($this->record);
        watermark::of($this->record)?->sections->put_back();
        foreach (array_reverse($arrival->ids('course_modules')) as $id) {
            $this->remove('course_modules', $id, self::is_used_module($id), fn() => self::delete_module($id));
        }
        foreach (array_reverse($arrival->ids('course_sections')) as $id) {
            $this->remove('course_sections', $id, self::is_used_section($id), fn() => $this->delete_section($id));
        }
        foreach ($arrival->ids('groupings') as $id) {
            $this->remove('groupings', $id, self::is_used_grouping($id, $arrival), fn() => groups_delete_grouping($id));
        }
        foreach ($arrival->ids('groups') as $id) {
            $used = groups_get_members($id, 'u.id') !== [];
            $this->remove('groups', $id, $used, fn() => groups_delete_group($id));
        }
        foreach (array_reverse($arrival->ids('question_categories')) as $id) {
            $this->remove('question_categories', $id, question_category_in_use($id), fn() => self::delete_questions($id));
        }
        course_addition::forget_contents($this->record->targetcourseid);
        $this->record->decide(restore_record::ARRIVED_REMOVED, implode(', ', $this->left));
    }

    /**
     * Removes one, unless it is used. One that cannot be removed keeps no other from being.
     *
     * @param string $table of watermark::TABLES
     * @param int $id
     * @param bool $used
     * @param callable $delete
     */
    private function remove(string $table, int $id, bool $used, callable $delete): void {
        $name = arrival::name($table, $id);
        try {
            if (!$used) {
                $delete();
                return;
            }
            mtrace("$name ($table $id) stays: somebody has worked in it.");
        } catch (\Throwable $e) {
            mtrace("$name ($table $id) cannot be removed: " . failure::of($e)->getMessage());
        }
        $this->left[] = $name;
    }

    /**
     * Whether somebody has worked in an activity: it has grades or completions, or Moodle's log tells of it.
     *
     * @param int $id of the course module
     */
    private static function is_used_module(int $id): bool {
        global $DB;
        $context = \context_module::instance($id, IGNORE_MISSING);
        $graded = $DB->record_exists_sql('SELECT 1
              FROM {grade_grades} g
              JOIN {grade_items} i ON i.id = g.itemid
              JOIN {modules} m ON m.name = i.itemmodule
              JOIN {course_modules} cm ON cm.instance = i.iteminstance AND cm.module = m.id
             WHERE cm.id = ? AND g.finalgrade IS NOT NULL', [$id]);
        return $graded || $DB->record_exists('course_modules_completion', ['coursemoduleid' => $id])
            || ($context && self::is_in_log('contextid = :of', ['of' => $context->id]));
    }

    /**
     * Whether a section holds anything still, or was edited.
     *
     * @param int $id
     */
    private static function is_used_section(int $id): bool {
        global $DB;
        $holds = $DB->get_field('course_sections', 'sequence', ['id' => $id]);
        return trim((string)$holds, ', ') !== ''
            || self::is_in_log("objecttable = 'course_sections' AND objectid = :of", ['of' => $id]);
    }

    /**
     * Whether a grouping has groups that did not arrive with it.
     *
     * @param int $id
     * @param arrival $arrival what arrived
     */
    private static function is_used_grouping(int $id, arrival $arrival): bool {
        global $DB;
        $groups = $DB->get_fieldset_select('groupings_groups', 'groupid', 'groupingid = ?', [$id]);
        return array_diff($groups, $arrival->ids('groups')) !== [];
    }

    /**
     * Whether Moodle's log tells of a change that no restore made.
     *
     * @param string $select
     * @param array $params
     */
    private static function is_in_log(string $select, array $params): bool {
        foreach (get_log_manager()->get_readers('\core\log\sql_reader') as $reader) {
            if ($reader->get_events_select_count("$select AND crud <> 'r' AND origin <> 'restore'", $params) > 0) {
                return true;
            }
        }
        return false;
    }

    /**
     * Deletes an activity. One whose process died before its end has nothing that its own code could delete.
     *
     * @param int $id of the course module
     */
    private static function delete_module(int $id): void {
        global $DB;
        $module = $DB->get_record('course_modules', ['id' => $id], '*', MUST_EXIST);
        $name = $DB->get_field('modules', 'name', ['id' => $module->module]);
        if ($module->instance && $DB->record_exists($name, ['id' => $module->instance])) {
            course_delete_module($id);
            return;
        }
        \context_helper::delete_instance(CONTEXT_MODULE, $id);
        delete_mod_from_section($id, $module->section);
        $DB->delete_records('course_modules', ['id' => $id]);
    }

    /**
     * Deletes an empty section.
     *
     * @param int $id
     */
    private function delete_section(int $id): void {
        global $DB;
        $section = $DB->get_record('course_sections', ['id' => $id], '*', MUST_EXIST);
        rebuild_course_cache($this->record->targetcourseid, true);
        course_delete_section($this->record->targetcourseid, $section, false);
    }

    /**
     * Deletes a category with its questions.
     *
     * @param int $id
     */
    private static function delete_questions(int $id): void {
        global $DB;
        question_category_delete_safe($DB->get_record('question_categories', ['id' => $id], '*', MUST_EXIST));
    }

    /**
     * Keeps it: the course has what arrived, and the restore is over.
     */
    public function keep(): void {
        watermark::of($this->record)?->sections->put_back();
        $this->record->decide('');
    }
}
