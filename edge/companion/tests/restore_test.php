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
 * The restore itself, from hand-over to the course, with a real backup and a little Worker.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers \block_courseferry\local\run
 * @covers \block_courseferry\local\download
 * @covers \block_courseferry\local\course_restore
 */
final class restore_test extends companion_testcase {
    #[\Override]
    protected function setUp(): void {
        $this->preventResetByRollback();
        parent::setUp();
    }

    public function test_a_course_is_restored_and_its_owner_teaches_it(): void {
        global $DB;
        [$backup, $id] = $this->backup();
        $logs = glob(make_backup_temp_directory('') . '/*.log');
        $this->start_worker($backup);
        $sink = $this->redirectEvents();
        $this->hand_over(['remotecourseid' => $id]);
        $this->run_restores();

        $entry = $this->entry();
        $this->assertSame(['complete', ''], [$entry['state'], $entry['error']], $entry['errordetail']);
        $this->assertSame([strlen($backup), strlen($backup), 100.0], [$entry['bytes'], $entry['totalbytes'], $entry['percent']]);
        $course = get_course($entry['courseid']);
        $this->assertSame(['OPT101', 'Optics OPT101', ''], [$course->shortname, $course->fullname, $course->idnumber]);
        $this->assertEquals($this->category->id, $course->category);
        $this->assertSame(['Light'], array_values(array_map(fn($cm) => $cm->name, get_fast_modinfo($course)->get_cms())));
        $role = current(get_user_roles(\context_course::instance($course->id), $this->teacher->id, false));
        $this->assertSame('editingteacher', $role->shortname);
        $ours = array_filter($sink->get_events(), fn($event) => $event instanceof event\restore_event);
        $this->assertSame([event\restore_started::class, event\restore_finished::class], array_values(array_map(get_class(...), $ours)));
        $this->assertSame('', $DB->get_field(job::TABLE, 'ticket', ['job' => 'job1']));
        $this->assertSame($logs, glob(make_backup_temp_directory('') . '/*.log'), 'no log of the restore is left');
        $this->assert_nothing_left();
    }

    public function test_the_request_carries_the_ticket_and_goes_to_the_configured_worker(): void {
        [$backup, $id] = $this->backup();
        $this->start_worker($backup);
        $this->hand_over(['remotecourseid' => $id]);
        $this->run_restores();
        [$request] = $this->requests();
        $this->assertSame(['GET', '/backup/job1/1', 'Bearer ' . self::TICKET],
            [$request['method'], $request['path'], $request['headers']['authorization']]);
        $this->assertSame('identity', $request['headers']['accept-encoding']);
    }

    public function test_wanted_names_are_used_and_made_unique(): void {
        [$backup, $id] = $this->backup();
        $this->getDataGenerator()->create_course(['shortname' => 'WISH']);
        $this->start_worker($backup);
        $this->hand_over(['remotecourseid' => $id, 'options' => ['fullname' => 'Wished', 'shortname' => 'WISH']]);
        $this->run_restores();
        $this->assertSame(['WISH_1', 'Wished copy 1'], [$this->entry()['shortname'], $this->entry()['coursename']]);
    }

    public function test_the_id_number_is_kept_only_where_the_site_and_the_teachers_rights_say_so(): void {
        global $DB;
        [$backup, $id] = $this->backup();
        $this->start_worker($backup);
        set_config('keepidnumber', 1, 'block_courseferry');
        $idnumber = fn(string $job): string => $DB->get_field('course', 'idnumber', ['id' => job::find($job)->courseid]);

        $this->hand_over(['job' => 'without', 'remotecourseid' => $id]);
        $this->run_restores();
        $this->assertSame('', $idnumber('without'));

        $role = $DB->get_field('role', 'id', ['shortname' => local\installation::TEACHER_ROLE]);
        assign_capability('moodle/course:changeidnumber', CAP_ALLOW, $role, \context_system::instance()->id);
        foreach (['first' => 'ID-OPT101', 'second' => ''] as $job => $expected) {
            $this->hand_over(['job' => $job, 'remotecourseid' => $id]);
            $this->run_restores();
            $this->assertSame($expected, $idnumber($job));
        }
    }

    public function test_nobody_gets_an_account_or_an_enrolment_by_the_file(): void {
        global $DB;
        $student = $this->getDataGenerator()->create_user(['username' => 'only-there']);
        [$backup, $id] = $this->backup([], fn($course) => $this->getDataGenerator()->enrol_user($student->id, $course->id), true);
        $DB->delete_records('user', ['id' => $student->id]);
        // The owner has every right; and at the restore page this site always restores people.
        role_assign($DB->get_field('role', 'id', ['shortname' => 'manager']), $this->teacher->id, \context_system::instance()->id);
        set_config('restore_general_users', 1, 'restore');
        set_config('restore_general_users_locked', 1, 'restore');
        set_config('restore_general_enrolments', \backup::ENROL_ALWAYS, 'restore');
        $this->start_worker($backup);
        $before = $DB->count_records('user');
        $this->hand_over(['remotecourseid' => $id]);
        $this->run_restores();
        $entry = $this->entry();
        $this->assertSame(['complete', ''], [$entry['state'], $entry['error']], $entry['errordetail']);
        $this->assertSame($before, $DB->count_records('user'));
        $enrolled = array_keys(get_enrolled_users(\context_course::instance($entry['courseid'])));
        $this->assertEquals([$this->teacher->id], $enrolled);
    }

    public function test_no_statement_of_the_database_reaches_people(): void {
        $sql = "INSERT INTO mdl_user (username) VALUES ('secret-value')";
        $this->expectOutputRegex('/secret-value/');
        $failure = local\failure::of(new \dml_write_exception('duplicate key', $sql, ['secret-value']));
        $this->assertSame('client.restore_failed', $failure->error);
        $this->assertStringNotContainsString('secret-value', $failure->getMessage());
        $failure = local\failure::of(new \moodle_exception('error', '', '', null, 'secret-value'));
        $this->assertStringNotContainsString('secret-value', $failure->getMessage());
    }

    public function test_the_workers_request_id_reaches_the_log(): void {
        [$backup, $id] = $this->backup();
        $this->start_worker($backup, ['status' => 410, 'body' => 'backup.gone']);
        $this->hand_over(['remotecourseid' => $id]);
        $output = $this->run_restores();
        $this->assertStringContainsString('(request r1)', $output);
        $this->assertStringContainsString('(request r1)', $this->entry()['errordetail']);
    }

    public function test_a_cut_download_is_resumed_where_it_stopped(): void {
        [$backup, $id] = $this->backup();
        $this->start_worker($backup, ['cut' => 3000]);
        $this->hand_over(['remotecourseid' => $id]);
        $this->run_restores();
        $this->assertSame('complete', $this->entry()['state']);
        [$first, $second] = $this->requests();
        $this->assertArrayNotHasKey('range', $first['headers']);
        $this->assertSame(['bytes=3000-', '"' . sha1($backup) . '"'], [$second['headers']['range'], $second['headers']['if-range']]);
    }

    public function test_other_bytes_than_those_asked_for_are_never_appended(): void {
        [$backup, $id] = $this->backup();
        $this->start_worker($backup, ['cut' => 3000, 'range' => 'bytes 0-99/100']);
        $this->hand_over(['remotecourseid' => $id]);
        $this->run_restores();
        $this->assertSame('downloading', $this->entry()['state']);
        $this->behave([]);
        $this->make_due();
        $this->run_restores();
        $this->assertSame('complete', $this->entry()['state']);
    }

    public function test_an_unreachable_worker_is_waited_for_and_then_given_up(): void {
        global $DB;
        [$backup, $id] = $this->backup();
        $this->start_worker($backup, ['status' => 503]);
        $this->hand_over(['remotecourseid' => $id]);
        $this->run_restores();
        $this->assertSame('downloading', $this->entry()['state']);
        $this->assertEquals(0, job::find('job1')->runs);
        $DB->set_field(job::TABLE, 'timeprogress', time() - DAYSECS, ['job' => 'job1']);
        $this->make_due();
        $this->run_restores();
        $entry = $this->entry();
        $this->assertSame(['failed', 'backup.unreachable', true], [$entry['state'], $entry['error'], (bool)$entry['transient']]);
        $this->assert_nothing_left();
    }

    /**
     * @return array[] how the Worker behaves, what the backup is (null: right), the code
     */
    public static function bad_backups(): array {
        return [
            'the ticket is refused' => [['status' => 401], null, 'backup.ticket_refused'],
            'the backup is gone' => [['status' => 410, 'body' => 'backup.gone'], null, 'backup.gone'],
            'the backup was replaced' => [['status' => 412, 'body' => 'backup.replaced'], null, 'backup.replaced'],
            'the answer is empty' => [[], fn($bytes) => '', 'backup.gone'],
            'a page came' => [[], fn($bytes) => '<html>Log in</html>', 'backup.not_a_backup'],
            'half an archive came' => [[], fn($bytes) => substr($bytes, 0, intdiv(strlen($bytes), 2)), 'backup.unreadable'],
            'the checksum is another' => [['etag' => '"' . sha1('other') . '"'], null, 'backup.checksum'],
        ];
    }

    /**
     * @dataProvider bad_backups
     */
    public function test_no_course_comes_of_a_bad_backup(array $behaviour, ?callable $spoil, string $error): void {
        [$backup, $id] = $this->backup();
        $this->start_worker($spoil ? $spoil($backup) : $backup, $behaviour);
        $before = $this->courses();
        $this->hand_over(['remotecourseid' => $id]);
        $this->run_restores();
        $this->assertSame(['failed', $error], [$this->entry()['state'], $this->entry()['error']]);
        $this->assertSame($before, $this->courses());
        $this->assert_nothing_left();
    }

    public function test_the_backup_of_another_course_is_thrown_away(): void {
        [$backup, $id] = $this->backup();
        $this->start_worker($backup);
        $before = $this->courses();
        $this->hand_over(['remotecourseid' => $id + 1]);
        $this->run_restores();
        $this->assertSame('backup.wrong_course', $this->entry()['error']);
        $this->assertSame($before, $this->courses());
        $this->assert_nothing_left();
    }

    public function test_rights_lost_since_the_hand_over_stop_it(): void {
        [$backup, $id] = $this->backup();
        $this->start_worker($backup);
        $this->hand_over(['remotecourseid' => $id]);
        role_unassign_all(['userid' => $this->teacher->id]);
        $this->run_restores();
        $this->assertSame('client.no_capability', $this->entry()['error']);
        $this->assertSame([], $this->requests());
    }

    public function test_a_category_deleted_since_the_hand_over_stops_it(): void {
        [$backup, $id] = $this->backup();
        $this->start_worker($backup);
        $this->hand_over(['remotecourseid' => $id]);
        $this->category->delete_full(false);
        $this->run_restores();
        $this->assertSame('client.category_missing', $this->entry()['error']);
    }

    public function test_a_process_that_died_in_the_middle_leaves_no_second_course(): void {
        global $DB;
        [$backup, $id] = $this->backup();
        $this->start_worker($backup);
        $this->hand_over(['remotecourseid' => $id]);
        $half = $this->getDataGenerator()->create_course(['category' => $this->category->id]);
        $DB->update_record(job::TABLE, (object)['id' => job::find('job1')->id, 'state' => 'restoring', 'courseid' => $half->id, 'runs' => 1]);
        $before = count($this->courses());
        $this->run_restores();
        $this->assertSame('complete', $this->entry()['state']);
        $this->assertFalse($DB->record_exists('course', ['id' => $half->id]));
        $this->assertCount($before, $this->courses());
    }

    public function test_a_cancelled_attempt_is_not_begun(): void {
        [$backup, $id] = $this->backup();
        $this->start_worker($backup);
        $this->hand_over(['remotecourseid' => $id]);
        $this->call('cancel', ['job1', 1]);
        $this->run_restores();
        $this->assertSame('cancelled', $this->entry()['state']);
        $this->assertSame([], $this->requests());
    }

    private function make_due(): void {
        global $DB;
        $DB->set_field('task_adhoc', 'nextruntime', 1, ['component' => 'block_courseferry']);
    }

    private function assert_nothing_left(): void {
        $this->assertSame([], glob(make_temp_directory('courseferry') . '/*'));
        $this->assertSame([], glob(make_backup_temp_directory('') . '/courseferry_*'));
    }
}
