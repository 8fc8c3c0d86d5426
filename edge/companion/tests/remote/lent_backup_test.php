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

namespace block_courseferry\remote;

use block_courseferry\lending_testcase;

defined('MOODLE_INTERNAL') || die();

global $CFG;
require_once($CFG->dirroot . '/blocks/courseferry/tests/fixtures/lending_testcase.php');

/**
 * A lent backup from being asked for to being gone.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 *
 * @covers     \block_courseferry\remote\lent_backup
 * @covers     \block_courseferry\remote\backup_run
 * @covers     \block_courseferry\remote\course_backup
 * @covers     \block_courseferry\task\tend_lent
 */
final class lent_backup_test extends lending_testcase {
    public function test_a_backup_waits_for_cron_is_made_as_the_teacher_and_is_ready_with_its_checksum(): void {
        $this->as_client();
        $this->assertSame('waiting', $this->start()['state']);
        $events = $this->redirectEvents();
        $this->run_cron();
        $entry = $this->entry();
        $this->assertSame(['ready', 100.0, ''], [$entry['state'], $entry['percent'], $entry['error']]);
        $content = $this->backup()->file()->get_content();
        $this->assertSame(strlen($content), $entry['bytes']);
        $this->assertSame(hash('sha256', $content), $entry['sha256']);
        $this->assertEqualsWithDelta(time() + 2 * DAYSECS, $entry['expires'], 60);
        $names = array_map(fn($event) => $event->eventname, $events->get_events());
        $this->assertContains('\block_courseferry\event\lent_backup_ready', $names);
        $information = $this->text_in($this->backup()->file(), 'moodle_backup.xml');
        $this->assertStringContainsString("<original_course_id>{$this->course->id}</original_course_id>", $information);
    }

    public function test_nothing_of_it_lies_in_the_teachers_or_the_courses_own_backups(): void {
        global $DB;
        $this->as_client();
        $this->start();
        $this->run_cron();
        $this->assertSame(1, $DB->count_records_select('files', "filename LIKE '%.mbz'"));
        $this->assertSame(0, $DB->count_records_select('files', "filename LIKE '%.mbz' AND component <> 'block_courseferry'"));
        $this->assertSame(0, $DB->count_records('backup_controllers'));
        $this->assertSame([], glob(make_backup_temp_directory('') . '/*') ?: []);
    }

    public function test_no_student_and_no_work_of_theirs_is_in_it(): void {
        $this->as_client();
        $this->start();
        $this->run_cron();
        $names = $this->names_in($this->backup()->file());
        $this->assertNotContains('users.xml', $names);
        $this->assertStringNotContainsString('sstudent', $this->backup()->file()->get_content());
    }

    public function test_the_sites_defaults_for_backups_by_hand_neither_add_students_nor_drop_content(): void {
        set_config('backup_general_users', 1, 'backup');
        set_config('backup_general_files', 0, 'backup');
        set_config('backup_general_activities', 0, 'backup');
        $this->as_client();
        $this->start();
        $this->run_cron();
        $file = $this->backup()->file();
        $this->assertNotContains('users.xml', $this->names_in($file));
        $information = $this->text_in($file, 'moodle_backup.xml');
        $this->assertStringContainsString('<modulename>page</modulename>', $information);
        $this->assertMatchesRegularExpression('~<name>files</name>\s*<value>1</value>~', $information);
    }

    public function test_where_the_site_forces_students_data_on_no_backup_is_made(): void {
        global $DB;
        $role = $DB->get_field('role', 'id', ['shortname' => 'editingteacher']);
        assign_capability('moodle/backup:userinfo', CAP_ALLOW, $role, \context_course::instance($this->course->id)->id, true);
        set_config('backup_general_users', 1, 'backup');
        set_config('backup_general_users_locked', 1, 'backup');
        $this->as_client();
        $this->start();
        $this->run_cron();
        $entry = $this->entry();
        $this->assertSame(['failed', 'remote.backup_settings', false], [$entry['state'], $entry['error'], $entry['transient']]);
        $this->assertStringContainsString('users', $entry['message']);
        $this->assertNull($this->backup()->file());
    }

    public function test_students_data_come_along_by_right(): void {
        global $DB;
        set_config('lenduserdata', 1, 'block_courseferry');
        $role = $DB->get_field('role', 'id', ['shortname' => 'editingteacher']);
        assign_capability('moodle/backup:userinfo', CAP_ALLOW, $role, \context_course::instance($this->course->id)->id, true);
        $this->as_client();
        $this->start('job1', 1, ['users' => true]);
        $this->run_cron();
        $this->assertSame('ready', $this->entry()['state']);
        $this->assertStringContainsString('sstudent', $this->text_in($this->backup()->file(), 'users.xml'));
        // The right is lost while another one waits.
        $this->start('job1', 2, ['users' => true]);
        set_config('lenduserdata', 0, 'block_courseferry');
        $this->run_cron();
        $this->assertSame('remote.users_not_lent', $this->entry('job1', 2)['error']);
    }

    public function test_sections_and_activities_are_left_out(): void {
        $generator = $this->getDataGenerator();
        $left = $generator->create_module('page', ['course' => $this->course->id, 'section' => 1, 'name' => 'Left here']);
        $with = $generator->create_module('page', ['course' => $this->course->id, 'section' => 2, 'name' => 'With its section']);
        $section = get_fast_modinfo($this->course->id)->get_section_info(2)->id;
        $this->as_client();
        $this->start('job1', 1, ['leaveoutsections' => [(int)$section, 987654], 'leaveoutactivities' => [(int)$left->cmid]]);
        $this->run_cron();
        $information = $this->text_in($this->backup()->file(), 'moodle_backup.xml');
        $this->assertStringContainsString('<title>Light</title>', $information);
        $this->assertStringNotContainsString("<moduleid>$left->cmid</moduleid>", $information);
        $this->assertStringNotContainsString("<moduleid>$with->cmid</moduleid>", $information);
    }

    public function test_asked_again_with_the_same_number_it_is_the_same_backup(): void {
        global $DB;
        $this->as_client();
        $this->start();
        $this->start();
        $this->assertSame(1, $DB->count_records('task_adhoc', ['classname' => '\block_courseferry\task\lend']));
        $this->run_cron();
        $first = $this->start();
        $this->assertSame('ready', $first['state']);
        $this->run_cron();
        $this->assertSame($first['sha256'], $this->start()['sha256']);
        $this->assertSame(1, $DB->count_records(lent_backup::TABLE));
        $this->delete();
        $this->assertSame('gone', $this->start()['state']);
        $this->assertSame('waiting', $this->start('job1', 2)['state']);
    }

    public function test_two_calls_that_ask_for_the_same_at_once_get_the_same(): void {
        global $DB, $USER;
        $this->as_client();
        $first = $this->backup_of_row($this->start());
        // As a second call at the same moment does, which looked before the row was there.
        $second = lent_backup::start((int)$USER->id, 'job1', 1, (int)$this->teacher->id, $this->course, new backup_options());
        $this->assertSame($first->id, $second->id);
        $this->assertSame(1, $DB->count_records('task_adhoc', ['classname' => '\block_courseferry\task\lend']));
    }

    /**
     * The backup that an entry is about.
     *
     * @param array $entry
     * @return lent_backup
     */
    private function backup_of_row(array $entry): lent_backup {
        return $this->backup($entry['job'], $entry['number']);
    }

    public function test_one_number_is_of_one_course_and_one_user(): void {
        $other = $this->make_course();
        $this->getDataGenerator()->enrol_user($this->teacher->id, $other->id, 'editingteacher');
        $this->as_client();
        $this->start();
        $another = fn() => $this->call('start_backup', 'job1', 1, 'tteacher', (int)$other->id, []);
        $this->assertSame('invalidparameter', $this->code_of($another));
        $somebody = fn() => $this->call('start_backup', 'job1', 1, 'sstudent', (int)$this->course->id, []);
        $this->assertSame('invalidparameter', $this->code_of($somebody));
    }

    public function test_what_is_no_job_or_number_is_refused(): void {
        $this->as_client();
        foreach (['', '../x', 'Job', str_repeat('x', 100)] as $job) {
            $this->assertSame('invalidparameter', $this->code_of(fn() => $this->start($job)), $job);
            $this->assertSame('invalidparameter', $this->code_of(fn() => $this->entry($job)), $job);
        }
        $this->assertSame('invalidparameter', $this->code_of(fn() => $this->start('job1', 0)));
        $many = array_fill(0, 201, ['job' => 'job1', 'number' => 1]);
        $this->assertSame('invalidparameter', $this->code_of(fn() => $this->call('get_backups', $many)));
    }

    public function test_several_backups_of_one_teacher_stand_side_by_side(): void {
        $other = $this->make_course(['fullname' => 'Waves']);
        $this->getDataGenerator()->enrol_user($this->teacher->id, $other->id, 'editingteacher');
        $this->as_client();
        $this->start('job1');
        $this->start('job2');
        $this->call('start_backup', 'job3', 1, 'tteacher', (int)$other->id, []);
        $this->run_cron();
        foreach (['job1' => $this->course, 'job2' => $this->course, 'job3' => $other] as $job => $course) {
            $this->assertSame('ready', $this->entry($job)['state']);
            $information = $this->text_in($this->backup($job)->file(), 'moodle_backup.xml');
            $this->assertStringContainsString("<original_course_id>$course->id</original_course_id>", $information);
        }
        $this->assertTrue($this->delete('job1'));
        $this->assertNotNull($this->backup('job2')->file());
    }

    public function test_to_another_client_a_backup_is_gone(): void {
        $this->as_client('north');
        $this->start();
        $this->run_cron();
        $this->as_client('south');
        $this->assertSame('gone', $this->entry()['state']);
        $this->assertFalse($this->delete());
        // The same job and number of another client are another backup.
        $this->assertSame('waiting', $this->start()['state']);
        $this->as_client('north');
        $this->assertSame('ready', $this->entry()['state']);
    }

    public function test_a_deleted_backup_leaves_no_file_and_a_waiting_one_does_not_begin(): void {
        global $DB;
        $this->as_client();
        $this->start('job1');
        $this->run_cron();
        $this->start('job2');
        $file = $this->backup('job1')->file();
        $this->assertTrue($this->delete('job1'));
        $this->assertFalse($this->delete('job1'));
        $this->assertFalse(get_file_storage()->get_file_by_id($file->get_id()));
        $this->assertTrue($this->delete('job2'));
        $this->assertFalse($DB->record_exists('task_adhoc', ['classname' => '\block_courseferry\task\lend']));
        $this->assertSame(['gone', 'gone'], [$this->entry('job1')['state'], $this->entry('job2')['state']]);
        $this->assertFalse($this->delete('never', 7));
    }

    public function test_a_running_backup_that_is_deleted_stops_and_leaves_nothing(): void {
        global $DB;
        $this->as_client();
        $this->start();
        $backup = $this->backup();
        $DB->set_field(lent_backup::TABLE, 'state', backup_state::running->value, ['id' => $backup->id]);
        $backup->remove();
        $progress = new backup_progress($backup->id);
        $this->expectException(no_longer_wanted::class);
        $progress->start_progress('Backup', 10);
    }

    public function test_progress_can_be_stored_with_its_controller(): void {
        $this->assertStringContainsString('backup_progress', serialize(new backup_progress(7)));
    }

    public function test_what_is_not_fetched_in_time_is_removed(): void {
        global $DB;
        set_config('lentkeep', DAYSECS, 'block_courseferry');
        $this->as_client();
        $this->start();
        $this->run_cron();
        $file = $this->backup()->file();
        $DB->set_field(lent_backup::TABLE, 'timeready', time() - DAYSECS + 60);
        $this->run_cron();
        $this->assertSame('ready', $this->entry()['state']);
        $DB->set_field(lent_backup::TABLE, 'timeready', time() - DAYSECS);
        $this->run_cron();
        $this->assertSame('gone', $this->entry()['state']);
        $this->assertFalse(get_file_storage()->get_file_by_id($file->get_id()));
        $this->assertSame(backup_state::expired, $this->backup()->state);
        $DB->set_field(lent_backup::TABLE, 'timemodified', time() - 91 * DAYSECS);
        $this->run_cron();
        $this->assertSame(0, $DB->count_records(lent_backup::TABLE));
    }

    public function test_a_killed_process_is_found_and_the_backup_begins_anew(): void {
        global $DB;
        $this->as_client();
        $this->start();
        $this->kill();
        $this->assertStringContainsString('Nobody is at work', $this->tend());
        $this->assertSame('waiting', $this->entry()['state']);
        $this->assertSame([], glob(make_backup_temp_directory('') . '/*') ?: []);
        $this->run_cron();
        $this->assertSame('ready', $this->entry()['state']);
        $this->assertSame(0, $DB->count_records('task_adhoc', ['classname' => '\block_courseferry\task\lend']));
    }

    public function test_after_three_deaths_a_backup_fails(): void {
        $this->as_client();
        $this->start();
        for ($death = 1; $death <= 3; $death++) {
            $this->assertSame('waiting', $this->entry()['state'], "before death $death");
            $this->kill();
            $this->tend();
        }
        $entry = $this->entry();
        $this->assertSame(['failed', 'remote.backup_crashed', false], [$entry['state'], $entry['error'], $entry['transient']]);
    }

    public function test_a_process_that_is_at_work_is_left_alone(): void {
        global $CFG;
        $this->as_client();
        $this->start();
        $this->kill();
        // Where locks are the database connection's own, one process has its lock as often as it likes.
        $CFG->lock_factory = '\core\lock\db_record_lock_factory';
        $lock = $this->backup()->lock(0);
        $this->tend();
        $this->assertSame('running', $this->entry()['state']);
        $lock->release();
    }

    /**
     * Ways in which an account goes while its backup waits.
     *
     * @return array[]
     */
    public static function gone_accounts(): array {
        return [
            'suspended' => [['suspended' => 1], 'remote.account_not_lent'],
            'deleted' => [['deleted' => 1], 'remote.unknown_user'],
        ];
    }

    /**
     * Core removes the task of such a user from its queue and leaves no trace.
     *
     * @dataProvider gone_accounts
     * @param array $fields
     * @param string $code
     */
    public function test_a_task_that_core_dropped_with_its_user_ends_the_backup(array $fields, string $code): void {
        global $DB;
        $this->as_client();
        $this->start();
        $DB->update_record('user', (object)(['id' => $this->teacher->id] + $fields));
        $DB->delete_records('task_adhoc', ['classname' => '\block_courseferry\task\lend']);
        $DB->set_field(lent_backup::TABLE, 'heartbeat', time() - HOURSECS);
        $this->tend();
        $entry = $this->entry();
        $this->assertSame(['failed', $code], [$entry['state'], $entry['error']]);
    }

    public function test_a_course_that_is_deleted_while_its_backup_waits_fails_it(): void {
        $this->as_client();
        $this->start();
        delete_course($this->course, false);
        $this->run_cron();
        $entry = $this->entry();
        $this->assertSame(['failed', 'remote.course_missing', false], [$entry['state'], $entry['error'], $entry['transient']]);
        $this->assertNotSame('', $entry['message']);
    }

    public function test_a_teacher_who_loses_the_course_while_its_backup_waits_gets_none(): void {
        $this->as_client();
        $this->start();
        $instance = array_values(enrol_get_instances($this->course->id, true))[0];
        enrol_get_plugin('manual')->unenrol_user($instance, $this->teacher->id);
        $this->run_cron();
        $this->assertSame('remote.not_owner', $this->entry()['error']);
        $this->assertNull($this->backup()->file());
    }

    public function test_a_backup_that_core_cannot_make_fails_without_sql_and_leaves_nothing(): void {
        global $DB;
        $this->as_client();
        $this->start();
        $DB->execute('ALTER TABLE {page} RENAME TO {page_away}');
        try {
            $this->run_cron();
        } finally {
            $DB->execute('ALTER TABLE {page_away} RENAME TO {page}');
        }
        $entry = $this->entry();
        $this->assertSame(['failed', 'remote.backup_failed', true], [$entry['state'], $entry['error'], $entry['transient']]);
        $this->assertStringNotContainsStringIgnoringCase('select', $entry['message']);
        $this->assertSame([], glob(make_backup_temp_directory('') . '/*') ?: []);
        $this->assertSame(0, $DB->count_records('backup_controllers'));
        // The next one in the same process finds no temporary table in its way.
        $this->call('start_backup', 'job2', 1, 'tteacher', (int)$this->another_course()->id, []);
        $this->run_cron();
        $this->assertSame('ready', $this->entry('job2')['state']);
    }

    /**
     * Another course of the teacher's.
     *
     * @return \stdClass
     */
    private function another_course(): \stdClass {
        $course = $this->make_course();
        $this->getDataGenerator()->enrol_user($this->teacher->id, $course->id, 'editingteacher');
        return $course;
    }

    /**
     * Leaves things as a process does that is killed in the middle of its backup.
     */
    private function kill(): void {
        global $DB;
        $backup = $this->backup();
        $backupid = md5((string)$backup->runs);
        file_put_contents(make_backup_temp_directory($backupid) . '/half.xml', 'x');
        $long = time() - HOURSECS;
        $DB->update_record(lent_backup::TABLE, (object)[
            'id' => $backup->id, 'state' => backup_state::running->value, 'runs' => $backup->runs + 1, 'backupid' => $backupid,
            'heartbeat' => $long,
        ]);
        $DB->set_field('task_adhoc', 'timestarted', $long, ['id' => $backup->taskid]);
    }

    /**
     * Runs the scheduled task.
     *
     * @return string what it prints
     */
    private function tend(): string {
        ob_start();
        (new \block_courseferry\task\tend_lent())->execute();
        return ob_get_clean();
    }
}
