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
 * Putting a restored course back.
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
        // Moodle's log waits until a transaction ends.
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

    public function test_a_removal_whose_process_died_is_pressed_again_and_ended(): void {
        global $DB;
        $this->remove();
        // It had begun to delete, which Moodle's log tells of, and was killed.
        $record = restore_record::find('job1');
        $DB->set_field(restore_record::TABLE, 'timeremoval', time() - 120, ['id' => $record->id]);
        $DB->set_field('task_adhoc', 'timestarted', time() - 120, ['classname' => '\\' . task\remove_copy::class]);
        $page = $this->getDataGenerator()->create_module('page', ['course' => $this->course->id]);
        \core\event\course_module_created::create_from_cm(get_coursemodule_from_id('page', $page->cmid))->trigger();
        $this->as_service();
        $this->assertSame('possible', $this->look());
        $this->assertSame('queued', $this->remove());
        $this->run_removals();
        $this->assertSame('done', $this->look());
        $this->assertFalse($DB->record_exists('course', ['id' => $this->course->id]));
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
