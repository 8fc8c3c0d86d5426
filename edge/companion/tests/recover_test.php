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

use block_courseferry\local\leftover;
use block_courseferry\local\restore_record;
use block_courseferry\local\state;

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
        $taskid = restore_record::find('job1')->taskid;
        $this->recover();
        $this->assertSame([state::pending, $taskid], [restore_record::find('job1')->state, restore_record::find('job1')->taskid]);
    }

    public function test_a_task_that_has_just_started_is_left_alone(): void {
        $this->hand_over();
        $this->started(10);
        $taskid = restore_record::find('job1')->taskid;
        $this->recover();
        $this->assertSame($taskid, restore_record::find('job1')->taskid);
    }

    public function test_a_killed_task_is_queued_again_and_cannot_be_cancelled_with_its_course_begun(): void {
        global $DB;
        $this->hand_over();
        $half = $this->getDataGenerator()->create_course();
        $this->change(['state' => 'restoring', 'courseid' => $half->id, 'runs' => 1]);
        $this->started(HOURSECS);
        $old = restore_record::find('job1')->taskid;
        $this->recover();
        $record = restore_record::find('job1');
        $this->assertSame(state::restoring, $record->state);
        $this->assertNotSame($old, $record->taskid);
        $this->assertEquals(
            [$record->taskid],
            $DB->get_fieldset_select('task_adhoc', 'id', 'component = ?', ['block_courseferry']),
        );
        $this->assertSame('restoring', $this->call('cancel', ['job1', 1])['state']);
    }

    public function test_what_is_left_of_a_course_is_removed_once_the_restore_is_over(): void {
        global $DB;
        $half = $this->die_for_the_last_time();
        $this->recover();
        $this->assertSame('client.crashed', $this->entry()['error']);
        $this->assertFalse($DB->record_exists('course', ['id' => $half->id]));
        $this->assertFalse($DB->record_exists('tool_recyclebin_category', []));
        $this->assertFalse($DB->record_exists(leftover::TABLE, []));
    }

    public function test_a_course_that_core_cannot_delete_keeps_no_restore_from_ending_and_is_told(): void {
        global $DB;
        // What is rolled back here must be the try's own transaction.
        $this->preventResetByRollback();
        $half = $this->die_for_the_last_time();
        $this->getDataGenerator()->get_plugin_generator('core_question')->create_question_category(
            ['contextid' => \context_course::instance($half->id)->id],
        );
        $categories = $DB->count_records('question_categories');
        $tries = 0;
        $this->redirectHook(\core_course\hook\before_course_deleted::class, function () use (&$tries) {
            $tries++;
            $this->getDataGenerator()->get_plugin_generator('core_question')->create_question_category();
            throw new \moodle_exception('error', '', '', null, 'a question of a kind that is not installed');
        });
        $this->recover();
        $entry = $this->entry();
        $this->assertSame(['failed', 'client.crashed'], [$entry['state'], $entry['error']]);
        $this->assertStringContainsString("course $half->id", $entry['errordetail']);
        $course = $DB->get_record('course', ['id' => $half->id]);
        $this->assertSame(['0', "courseferry-left-$half->id"], [$course->visible, $course->shortname]);
        $this->assertSame($categories, $DB->count_records('question_categories'), 'a try that fails leaves nothing');

        $this->as_service();
        ['number' => $number, 'list' => $list] = $this->call('get_readiness', [0])['leftovers'];
        $this->assertSame([1, (int)$half->id], [$number, $list[0]['courseid']]);
        $this->assertNotSame('', $list[0]['reason']);

        for ($i = 0; $i < 10; $i++) {
            $this->recover();
        }
        $this->assertSame(1, $tries, 'it is not tried every minute');
        $this->assertSame('pending', $this->hand_over(['attempt' => 2])['state'], 'another attempt is not held up');

        $this->stopHookRedirections();
        $DB->set_field(leftover::TABLE, 'timetried', time() - DAYSECS);
        $this->recover();
        $this->assertFalse($DB->record_exists('course', ['id' => $half->id]));
        $this->assertSame(0, $this->call('get_readiness', [0])['leftovers']['number']);
    }

    public function test_a_leftover_that_somebody_deletes_is_forgotten(): void {
        global $DB;
        $half = $this->getDataGenerator()->create_course();
        $this->hand_over();
        $this->change(['courseid' => $half->id]);
        leftover::note(restore_record::find('job1'));
        delete_course($half, false);
        $this->assertFalse($DB->record_exists(leftover::TABLE, []));
    }

    /**
     * A restore whose third process has died in the middle of its course.
     *
     * @return \stdClass the half-made course
     */
    private function die_for_the_last_time(): \stdClass {
        $this->hand_over();
        $half = $this->getDataGenerator()->create_course();
        $this->change(['state' => 'restoring', 'courseid' => $half->id, 'runs' => 3]);
        $this->started(HOURSECS);
        return $half;
    }

    public function test_a_task_that_core_dropped_is_queued_again(): void {
        global $DB;
        $this->hand_over();
        $DB->delete_records('task_adhoc', ['component' => 'block_courseferry']);
        $this->change(['heartbeat' => time() - HOURSECS]);
        $this->recover();
        $this->assertTrue($DB->record_exists('task_adhoc', ['id' => restore_record::find('job1')->taskid]));
    }

    public function test_a_task_that_core_gave_up_is_queued_again(): void {
        global $DB;
        $this->hand_over();
        $DB->set_field('task_adhoc', 'attemptsavailable', 0, ['component' => 'block_courseferry']);
        $this->recover();
        $this->assertEquals(1, $DB->get_field('task_adhoc', 'attemptsavailable', ['id' => restore_record::find('job1')->taskid]));
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
        $wanted = restore_record::find('job1')->backup_file();
        touch($wanted, time() - 2 * DAYSECS);
        $this->recover();
        $this->assertSame([false, true], [file_exists($stray), file_exists($wanted)]);
        unlink($wanted);
    }

    /**
     * Runs the scheduled task.
     */
    private function recover(): void {
        ob_start();
        (new task\recover())->execute();
        ob_end_clean();
    }

    /**
     * Changes the restore's row.
     *
     * @param array $fields
     */
    private function change(array $fields): void {
        global $DB;
        $DB->update_record(restore_record::TABLE, (object)(['id' => restore_record::find('job1')->id] + $fields));
    }

    /**
     * Notes that the task has been started.
     *
     * @param int $ago seconds
     */
    private function started(int $ago): void {
        global $DB;
        $DB->set_field('task_adhoc', 'timestarted', time() - $ago, ['component' => 'block_courseferry']);
    }
}
