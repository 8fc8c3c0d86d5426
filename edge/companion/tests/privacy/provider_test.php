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

namespace block_courseferry\privacy;

defined('MOODLE_INTERNAL') || die();

require_once(__DIR__ . '/../fixtures/companion_testcase.php');

use block_courseferry\companion_testcase;
use block_courseferry\local\restore_record;
use block_courseferry\task\erase;
use core_privacy\local\request\approved_contextlist;
use core_privacy\local\request\writer;

/**
 * What is kept about people, and how it is erased.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers \block_courseferry\privacy\provider
 * @covers \block_courseferry\task\erase
 */
final class provider_test extends companion_testcase {
    public function test_ones_data_comes_from_here_and_from_the_worker(): void {
        $this->start_worker('', ['answers' => ['/api/privacy/export' => [200, ['restores' => [['full_name' => 'Optics']]]]]]);
        $this->hand_over();
        provider::export_user_data($this->contexts());
        $writer = writer::with_context(\context_user::instance($this->teacher->id));
        $this->assertSame('Moodle Sciences', $writer->get_data(['Courseferry'])->restores[0]->remote);
        $this->assertSame('Optics', $writer->get_data(['Courseferry', 'What the Worker keeps'])->restores[0]['full_name']);
        $this->assertSame("{\"userid\":{$this->teacher->id}}", $this->requests('/api/')[0]['body']);
    }

    public function test_a_worker_that_cannot_be_asked_is_said_not_hidden(): void {
        $this->start_worker('', ['answers' => ['/api/privacy/export' => [503, []]]]);
        provider::export_user_data($this->contexts());
        $writer = writer::with_context(\context_user::instance($this->teacher->id));
        $this->assertStringContainsString('could not be asked', $writer->get_data(['Courseferry', 'What the Worker keeps'])->error);
    }

    public function test_erasing_cancels_what_waits_and_keeps_what_became_of_a_course(): void {
        global $DB;
        $course = $this->getDataGenerator()->create_course();
        $this->hand_over(['job' => 'done', 'remotecourseid' => 7]);
        $DB->update_record(
            restore_record::TABLE,
            (object)['id' => restore_record::find('done')->id, 'state' => 'complete', 'courseid' => $course->id],
        );
        $this->hand_over(['job' => 'waiting']);
        provider::delete_data_for_user($this->contexts());
        $done = restore_record::find('done');
        $this->assertEquals(
            [0, 7, $course->id, 'complete'],
            [$done->userid, $done->remotecourseid, $done->courseid, $done->state->value],
        );
        $this->assertEquals(
            [0, 'cancelled'],
            [restore_record::find('waiting')->userid, restore_record::find('waiting')->state->value],
        );
    }

    public function test_the_worker_is_told_until_it_has_confirmed(): void {
        $this->start_worker('', ['answers' => ['/api/privacy/erase' => [503, []]]]);
        $task = new erase();
        $task->set_custom_data(['userid' => $this->teacher->id]);
        try {
            $task->execute();
            $this->fail('taken for done');
        } catch (\moodle_exception $e) {
            $this->assertSame('privacy:workerunreachable', $e->errorcode);
        }
        $this->behave(['answers' => ['/api/privacy/erase' => [200, []]]]);
        $task->execute();
        $this->assertCount(2, $this->requests('/api/'));
    }

    public function test_what_runs_is_erased_once_it_is_over(): void {
        global $DB;
        $this->hand_over();
        $DB->set_field(restore_record::TABLE, 'state', 'restoring', ['job' => 'job1']);
        provider::delete_data_for_user($this->contexts());
        $this->assertFalse(provider::anonymise((int)$this->teacher->id));
        $DB->set_field(restore_record::TABLE, 'state', 'failed', ['job' => 'job1']);
        $this->assertTrue(provider::anonymise((int)$this->teacher->id));
        $this->assertEquals(0, restore_record::find('job1')->userid);
    }

    /**
     * The teacher's own context.
     */
    private function contexts(): approved_contextlist {
        return new approved_contextlist(
            \core_user::get_user($this->teacher->id),
            'block_courseferry',
            [\context_user::instance($this->teacher->id)->id]
        );
    }
}
