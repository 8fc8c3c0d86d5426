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

namespace block_courseferry;

defined('MOODLE_INTERNAL') || die();

require_once(__DIR__ . '/fixtures/companion_testcase.php');

use block_courseferry\local\restore_record;

/**
 * Removing a restored course again.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \block_courseferry\local\copy_removal
 * @covers     \block_courseferry\external\get_copy
 * @covers     \block_courseferry\external\remove_copy
 * @covers     \block_courseferry\task\remove_copy
 * @covers     \block_courseferry\task\removal
 */
final class removal_test extends companion_testcase {
    /** @var \stdClass the restored course */
    private \stdClass $course;

    #[\Override]
    protected function setUp(): void {
        global $DB;
        // Moodle writes its log only when a transaction has ended.
        $this->preventResetByRollback();
        parent::setUp();
        set_config('removecopytime', WEEKSECS, 'block_courseferry');
        set_config('categorybinenable', 1, 'tool_recyclebin');
        set_config('enabled_stores', 'logstore_standard', 'tool_log');
        set_config('buffersize', 0, 'logstore_standard');
        get_log_manager(true);
        $this->course = $this->getDataGenerator()->create_course(['category' => $this->category->id]);
        $this->getDataGenerator()->enrol_user($this->teacher->id, $this->course->id, 'editingteacher');
        $DB->delete_records('logstore_standard_log');
        $this->hand_over();
        $DB->update_record(restore_record::TABLE, (object)[
            'id' => restore_record::find('job1')->id, 'state' => 'complete', 'courseid' => $this->course->id,
            'timefinished' => time() - 10,
        ]);
        $this->as_service();
    }

    /**
     * Asks for the course to be removed.
     *
     * @param int $userid who asks; 0 for its owner
     * @return string the state, and what holds it back
     */
    private function remove(int $userid = 0): string {
        return $this->ask('remove_copy', $userid);
    }

    /**
     * Asks whether it can be.
     *
     * @param int $userid who asks; 0 for its owner
     * @return string the state, and what holds it back
     */
    private function look(int $userid = 0): string {
        return $this->ask('get_copy', $userid);
    }

    /**
     * Calls one of the two functions.
     *
     * @param string $function its name
     * @param int $userid who asks; 0 for its owner
     */
    private function ask(string $function, int $userid): string {
        $answer = $this->call($function, ['job1', $userid ?: (int)$this->teacher->id]);
        return trim("{$answer['state']} {$answer['reason']}");
    }

    /**
     * Runs the queued removals.
     */
    private function run_removals(): void {
        $this->run_tasks(task\remove_copy::class);
        $this->as_service();
    }

    public function test_a_copy_in_which_nobody_worked_goes_into_the_recycle_bin(): void {
        global $DB;
        $this->assertSame('queued', $this->remove());
        $this->assertSame('queued', $this->remove(), 'twice is once');
        $this->run_removals();
        $this->assertFalse($DB->record_exists('course', ['id' => $this->course->id]));
        $this->assertTrue($DB->record_exists('tool_recyclebin_category', ['categoryid' => $this->category->id]));
        $this->assertSame('done', $this->remove());
        $this->assertSame(['complete', 0], [$this->entry()['state'], $this->entry()['courseid']]);
    }

    public function test_looking_tells_how_it_stands_and_does_nothing(): void {
        $this->assertSame('possible', $this->look());
        $this->run_removals();
        $this->assertSame('possible', $this->look());
        $this->remove();
        $this->assertSame('queued', $this->look());
        $this->run_removals();
        $this->assertSame('done', $this->look());
        $this->assertSame('refused notowner', $this->look((int)get_admin()->id));
    }

    /**
     * Has the scheduled task look.
     *
     * @return string what it prints
     */
    private function recover(): string {
        ob_start();
        (new task\recover())->execute();
        return ob_get_clean();
    }

    /**
     * Has the queued removal begin an hour ago and end early.
     */
    private function die_early(): void {
        global $DB;
        $DB->set_field('task_adhoc', 'timestarted', time() - HOURSECS, ['classname' => '\\' . task\remove_copy::class]);
    }

    /**
     * Puts something into the course, and a teacher who has done nothing since.
     */
    private function fill(): void {
        global $DB;
        $this->getDataGenerator()->create_module('page', ['course' => $this->course->id, 'name' => 'Light']);
        $this->getDataGenerator()->create_module('assign', ['course' => $this->course->id, 'name' => 'Task']);
        $DB->delete_records('logstore_standard_log');
    }

    /**
     * What of the course is there.
     *
     * @return int[] by table
     */
    private function parts(): array {
        global $DB;
        $parts = [];
        foreach (['course_modules', 'course_sections', 'page', 'assign', 'assign_plugin_config', 'enrol'] as $table) {
            $parts[$table] = $DB->count_records($table);
        }
        return $parts;
    }

    /**
     * The copies of the course in the recycle bin, whole ones.
     */
    private function recycled(): array {
        global $DB;
        $files = get_file_storage();
        $area = [$this->category->get_context()->id, 'tool_recyclebin', TOOL_RECYCLEBIN_COURSECAT_BIN_FILEAREA];
        $items = $DB->get_records('tool_recyclebin_category', ['categoryid' => $this->category->id]);
        return array_filter($items, fn($item) => !$files->is_area_empty(...$area, itemid: $item->id));
    }

    /**
     * How many writes it takes to remove a course like this one.
     */
    private function writes(): int {
        global $DB;
        $mine = $this->course;
        $this->course = $this->getDataGenerator()->create_course(['category' => $this->category->id]);
        $DB->set_field(restore_record::TABLE, 'courseid', $this->course->id, ['job' => 'job1']);
        $this->fill();
        $this->remove();
        $writes = $this->run_process('job1', kind: 'remove_copy');
        $this->assertFalse($DB->record_exists('course', ['id' => $this->course->id]), $this->output);
        $this->course = $mine;
        $DB->delete_records('tool_recyclebin_category');
        $DB->set_field(restore_record::TABLE, 'courseid', $mine->id, ['job' => 'job1']);
        $DB->set_field(restore_record::TABLE, 'timeremoval', 0, ['job' => 'job1']);
        $this->fill();
        $this->as_service();
        return $writes;
    }

    public function test_killed_at_any_step_it_leaves_the_course_whole_and_one_copy_in_the_bin(): void {
        global $DB;
        $writes = $this->writes();
        $parts = $this->parts();
        // Once the bin has it, what is left to do takes fewer steps.
        $killed = ['before' => 0, 'after' => 0];
        for ($ninth = 1; $ninth <= 8; $ninth++) {
            $when = $this->recycled() ? 'after' : 'before';
            $step = intdiv($writes * ($when === 'after' ? 1 + $killed['after'] : $ninth), 9);
            $this->assertSame('queued', $this->remove(), "pressed again before it is killed at $step of $writes");
            $this->run_process('job1', $step, kind: 'remove_copy');
            $this->as_service();
            if (!$DB->record_exists('course', ['id' => $this->course->id])) {
                break;
            }
            $this->assertSame($parts, $this->parts(), "killed at $step of $writes");
            $this->assertLessThanOrEqual(1, count($this->recycled()), "killed at $step of $writes");
            $killed[$when]++;
        }
        $this->assertGreaterThan(1, $killed['before']);
        $this->assertGreaterThan(1, $killed['after']);
        $this->remove();
        $this->run_removals();
        $this->assertSame('done', $this->look());
        $this->assertSame(1, $DB->count_records('tool_recyclebin_category'));
        $this->setAdminUser();
        $recycled = $this->recycled();
        (new \tool_recyclebin\category_bin($this->category->id))->restore_item(reset($recycled));
        $again = $DB->get_record('course', ['shortname' => $this->course->shortname], '*', MUST_EXIST);
        $names = array_map(fn($cm) => $cm->name, get_fast_modinfo($again)->get_cms());
        $this->assertSame([], array_diff(['Light', 'Task'], $names), 'what the bin has is the whole course');
    }

    public function test_a_removal_whose_process_died_is_finished_by_itself(): void {
        global $DB;
        $this->fill();
        $this->remove();
        $this->run_process('job1', 20, kind: 'remove_copy');
        $this->assertTrue($DB->record_exists('course', ['id' => $this->course->id]));
        $this->assertStringContainsString('begins again', $this->recover());
        $this->assertSame('', $this->recover(), 'once');
        $this->as_service();
        $this->assertSame('queued', $this->look());
        $this->run_removals();
        $this->assertSame('done', $this->look());
        $this->assertSame(1, $DB->count_records('tool_recyclebin_category'));
    }

    public function test_without_transactions_one_that_has_begun_to_delete_is_finished_whatever_has_changed(): void {
        global $DB;
        $this->fill();
        $this->remove();
        $kill = function (int $step): void {
            $this->remove();
            $this->run_process('job1', $step, false, kind: 'remove_copy');
            $this->as_service();
        };
        for ($step = 20; !$this->recycled(); $step += 20) {
            $kill($step);
        }
        for ($step = 5; $DB->record_exists('page', ['course' => $this->course->id]); $step += 5) {
            $kill($step);
        }
        $this->assertTrue($DB->record_exists('course', ['id' => $this->course->id]), 'half of it');
        // Half a course goes even if the time for removing has passed meanwhile.
        set_config('removecopytime', 1, 'block_courseferry');
        $this->recover();
        $this->run_process('job1', 0, false, kind: 'remove_copy');
        $this->assertFalse($DB->record_exists('course', ['id' => $this->course->id]), $this->output);
        $this->assertCount(1, $this->recycled());
    }

    public function test_one_that_died_is_held_back_by_what_was_done_since(): void {
        global $DB;
        $this->remove();
        // The process dies when it is about to delete.
        $DB->set_field(restore_record::TABLE, 'timeremoval', time() - 120, ['job' => 'job1']);
        $this->die_early();
        $page = $this->getDataGenerator()->create_module('page', ['course' => $this->course->id]);
        \core\event\course_module_created::create_from_cm(get_coursemodule_from_id('page', $page->cmid))->trigger();
        $this->recover();
        $this->run_removals();
        $this->assertSame('refused changed', $this->look());
        $this->assertTrue($DB->record_exists('course', ['id' => $this->course->id]));
    }

    public function test_the_third_early_end_is_the_last_and_readiness_names_the_course(): void {
        $this->remove();
        foreach (['begins again', 'begins again', 'given up'] as $said) {
            $this->die_early();
            $this->assertStringContainsString($said, $this->recover());
        }
        $this->as_service();
        $this->assertSame('possible', $this->look(), 'its owner can ask again');
        $leftovers = $this->call('get_readiness', [0])['leftovers'];
        $this->assertSame([1, (int)$this->course->id], [$leftovers['number'], $leftovers['list'][0]['courseid']]);
        $this->remove();
        $this->run_removals();
        $this->assertSame('done', $this->look());
        $this->assertSame(0, $this->call('get_readiness', [0])['leftovers']['number']);
    }

    public function test_it_stays_for_anybody_else(): void {
        $manager = $this->getDataGenerator()->create_and_enrol($this->course, 'manager');
        $this->assertSame('refused notowner', $this->remove((int)$manager->id));
    }

    public function test_it_stays_where_others_are(): void {
        $this->getDataGenerator()->create_and_enrol($this->course, 'student');
        $this->assertSame('refused participants', $this->remove());
    }

    public function test_it_stays_once_somebody_has_worked_in_it(): void {
        $this->setUser($this->teacher);
        $page = $this->getDataGenerator()->create_module('page', ['course' => $this->course->id]);
        $cm = get_coursemodule_from_id('page', $page->cmid);
        \core\event\course_module_created::create_from_cm($cm)->trigger();
        $this->as_service();
        $this->assertSame('refused changed', $this->remove());
    }

    public function test_looking_at_it_changes_nothing(): void {
        $this->setUser($this->teacher);
        \core\event\course_viewed::create(['context' => \context_course::instance($this->course->id)])->trigger();
        $this->as_service();
        $this->assertSame('queued', $this->remove());
    }

    public function test_what_happens_before_the_task_runs_counts_too(): void {
        global $DB;
        $this->assertSame('queued', $this->remove());
        $this->getDataGenerator()->create_and_enrol($this->course, 'student');
        $this->run_removals();
        $this->assertTrue($DB->record_exists('course', ['id' => $this->course->id]));
    }

    public function test_it_stays_after_its_time_without_a_recycle_bin_and_without_a_log(): void {
        set_config('removecopytime', 5, 'block_courseferry');
        $this->assertSame('refused toolate', $this->remove());
        set_config('removecopytime', WEEKSECS, 'block_courseferry');
        set_config('categorybinenable', 0, 'tool_recyclebin');
        $this->assertSame('refused norecyclebin', $this->remove());
        set_config('categorybinenable', 1, 'tool_recyclebin');
        set_config('enabled_stores', '', 'tool_log');
        get_log_manager(true);
        $this->assertSame('refused nolog', $this->remove());
    }

    public function test_only_what_a_restore_made_can_be_removed(): void {
        global $DB;
        $DB->update_record(restore_record::TABLE, (object)[
            'id' => restore_record::find('job1')->id, 'courseid' => 0, 'targetcourseid' => $this->course->id,
        ]);
        $this->assertSame('refused notrestored', $this->remove());
        $this->expectExceptionObject(new \moodle_exception('client.unknown_job', 'block_courseferry'));
        $this->call('remove_copy', ['job2', (int)$this->teacher->id]);
    }
}
