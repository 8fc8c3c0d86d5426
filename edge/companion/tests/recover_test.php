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

use block_courseferry\local\job;

/**
 * What happens to restores whose process died.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers \block_courseferry\task\recover
 */
final class recover_test extends companion_testcase {
    public function test_a_task_that_waits_for_its_turn_is_left_alone(): void {
        $this->hand_over();
        $taskid = job::find('job1')->taskid;
        $this->recover();
        $this->assertSame(['pending', $taskid], [job::find('job1')->state, job::find('job1')->taskid]);
    }

    public function test_a_task_that_has_just_started_is_left_alone(): void {
        $this->hand_over();
        $this->started(10);
        $taskid = job::find('job1')->taskid;
        $this->recover();
        $this->assertSame($taskid, job::find('job1')->taskid);
    }

    public function test_a_killed_task_is_queued_again_and_its_half_made_course_removed(): void {
        global $DB;
        $this->hand_over();
        $half = $this->getDataGenerator()->create_course();
        $this->change(['state' => 'restoring', 'courseid' => $half->id, 'runs' => 1]);
        $this->started(HOURSECS);
        $old = job::find('job1')->taskid;
        $this->recover();
        $row = job::find('job1');
        $this->assertSame('pending', $row->state);
        $this->assertNotSame($old, $row->taskid);
        $this->assertSame([$row->taskid], array_map(strval(...), $DB->get_fieldset_select('task_adhoc', 'id', 'component = ?', ['block_courseferry'])));
        $this->assertFalse($DB->record_exists('course', ['id' => $half->id]));
        $this->assertFalse($DB->record_exists('tool_recyclebin_category', []));
    }

    public function test_a_task_that_core_dropped_is_queued_again(): void {
        global $DB;
        $this->hand_over();
        $DB->delete_records('task_adhoc', ['component' => 'block_courseferry']);
        $this->change(['heartbeat' => time() - HOURSECS]);
        $this->recover();
        $this->assertTrue($DB->record_exists('task_adhoc', ['id' => job::find('job1')->taskid]));
    }

    public function test_a_task_that_core_gave_up_is_queued_again(): void {
        global $DB;
        $this->hand_over();
        $DB->set_field('task_adhoc', 'attemptsavailable', 0, ['component' => 'block_courseferry']);
        $this->recover();
        $this->assertEquals(1, $DB->get_field('task_adhoc', 'attemptsavailable', ['id' => job::find('job1')->taskid]));
    }

    public function test_the_third_death_is_the_last(): void {
        $this->hand_over();
        $this->change(['state' => 'restoring', 'runs' => 3]);
        $this->started(HOURSECS);
        $this->recover();
        $entry = $this->entry();
        $this->assertSame(['failed', 'client.crashed', false], [$entry['state'], $entry['error'], (bool)$entry['transient']]);
    }

    public function test_a_suspended_owners_restore_ends(): void {
        global $DB;
        $this->hand_over();
        $DB->set_field('user', 'suspended', 1, ['id' => $this->teacher->id]);
        $DB->delete_records('task_adhoc', ['component' => 'block_courseferry']);
        $this->change(['heartbeat' => time() - HOURSECS]);
        $this->recover();
        $this->assertSame('client.user_inactive', $this->entry()['error']);
    }

    public function test_what_is_over_is_left_alone(): void {
        global $DB;
        $course = $this->getDataGenerator()->create_course();
        $this->hand_over();
        $this->change(['state' => 'complete', 'courseid' => $course->id]);
        $this->started(HOURSECS);
        $this->recover();
        $this->assertSame('complete', $this->entry()['state']);
        $this->assertTrue($DB->record_exists('course', ['id' => $course->id]));
    }

    public function test_stray_files_of_past_days_are_removed(): void {
        $stray = make_temp_directory('courseferry') . '/gone.1.mbz';
        touch($stray, time() - 2 * DAYSECS);
        $this->hand_over();
        $wanted = job::backup_file(job::find('job1'));
        touch($wanted, time() - 2 * DAYSECS);
        $this->recover();
        $this->assertSame([false, true], [file_exists($stray), file_exists($wanted)]);
        unlink($wanted);
    }

    private function recover(): void {
        ob_start();
        (new task\recover())->execute();
        ob_end_clean();
    }

    private function change(array $fields): void {
        global $DB;
        $DB->update_record(job::TABLE, (object)(['id' => job::find('job1')->id] + $fields));
    }

    private function started(int $ago): void {
        global $DB;
        $DB->set_field('task_adhoc', 'timestarted', time() - $ago, ['component' => 'block_courseferry']);
    }
}
