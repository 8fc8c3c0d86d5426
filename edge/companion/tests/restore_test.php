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
        $this->assertSame(
            [event\restore_started::class, event\restore_finished::class],
            array_values(array_map(get_class(...), $ours)),
        );
        $this->assertSame('', $DB->get_field(restore_record::TABLE, 'ticket', ['job' => 'job1']));
        $this->assertSame($logs, glob(make_backup_temp_directory('') . '/*.log'), 'no log of the restore is left');
        $this->assert_nothing_left();
    }

    public function test_the_request_carries_the_ticket_and_goes_to_the_configured_worker(): void {
        [$backup, $id] = $this->backup();
        $this->start_worker($backup);
        $this->hand_over(['remotecourseid' => $id]);
        $this->run_restores();
        [$request] = $this->requests();
        $this->assertSame(
            ['GET', '/backup/job1/1', 'Bearer ' . self::TICKET],
            [$request['method'], $request['path'], $request['headers']['authorization']]
        );
        $this->assertSame('identity', $request['headers']['accept-encoding']);
    }

    public function test_the_backups_own_names_are_kept_byte_for_byte(): void {
        foreach (
            [
            'R&amp;D &lt;b&gt; &#128512; &nbsp;',
            'a &lt;3 b',
            '<span lang="en" class="multilang">Waves</span><span lang="fr" class="multilang">Ondes</span>',
            '{mlang en}Optics{mlang}{mlang fr}Optique{mlang}',
            ] as $i => $name
        ) {
            [$backup, $id] = $this->backup(['fullname' => $name, 'shortname' => "N$i &amp; $i"]);
            $this->start_worker($backup);
            $this->hand_over(['job' => "job$i", 'remotecourseid' => $id]);
            $this->run_restores();
            $entry = $this->entry("job$i");
            $this->assertSame([$name, "N$i &amp; $i"], [$entry['coursename'], $entry['shortname']], $entry['errordetail']);
        }
    }

    public function test_the_course_comes_as_the_teacher_wants_it(): void {
        global $DB;
        $generator = $this->getDataGenerator();
        $start = strtotime('2026-01-05 08:00 UTC');
        $left = [];
        [$backup, $id] = $this->backup([
            'startdate' => $start,
            'numsections' => 3,
        ], function ($course) use ($generator, $start, &$left) {
            $module = fn(array $values) => $generator->create_module('assign', ['course' => $course->id] + $values);
            $module(['name' => 'Kept', 'section' => 1, 'duedate' => $start + WEEKSECS]);
            $left['activity'] = (int)$module(['name' => 'Left', 'section' => 1])->cmid;
            $module(['name' => 'In a left section', 'section' => 2]);
            $left['section'] = (int)get_fast_modinfo($course)->get_section_info(2)->id;
        });
        $role = $DB->get_field('role', 'id', ['shortname' => local\installation::TEACHER_ROLE]);
        assign_capability('moodle/restore:rolldates', CAP_ALLOW, $role, \context_system::instance()->id);
        $this->start_worker($backup);
        $this->hand_over(['remotecourseid' => $id, 'options' => [
            'startdate' => $start + YEARSECS, 'visible' => 0,
            'leaveoutsections' => [$left['section']], 'leaveoutactivities' => [$left['activity']],
        ]]);
        $this->run_restores();
        $entry = $this->entry();
        $this->assertSame(['complete', []], [$entry['state'], $entry['warnings']], $entry['errordetail']);
        $course = get_course($entry['courseid']);
        $this->assertEquals([0, $start + YEARSECS], [$course->visible, $course->startdate]);
        $names = array_map(fn($cm) => $cm->name, get_fast_modinfo($course)->get_cms());
        $this->assertEqualsCanonicalizing(['Light', 'Kept'], $names);
        $due = $DB->get_field('assign', 'duedate', ['course' => $course->id, 'name' => 'Kept']);
        $this->assertEquals($start + YEARSECS + WEEKSECS, $due);
    }

    public function test_from_another_start_every_date_moves_by_as_much_and_only_by_right(): void {
        global $DB;
        $there = strtotime('2025-09-01 08:00 UTC');
        $here = strtotime('2026-09-07 08:00 UTC');
        [$backup, $id] = $this->backup(['startdate' => $there], fn($course) => $this->dated_activities($course, $there));
        $this->start_worker($backup);
        $order = ['remotecourseid' => $id, 'options' => ['startdate' => $here]];
        $refused = $this->hand_over(['job' => 'without'] + $order);
        $this->assertSame(['failed', 'client.no_capability'], [$refused['state'], $refused['error']]);
        $this->assertStringContainsString('moodle/restore:rolldates', $refused['errordetail']);
        $role = $DB->get_field('role', 'id', ['shortname' => local\installation::TEACHER_ROLE]);
        assign_capability('moodle/restore:rolldates', CAP_ALLOW, $role, \context_system::instance()->id);
        $this->hand_over($order);
        $this->hand_over(['job' => 'asthere', 'remotecourseid' => $id]);
        $this->run_restores();
        foreach (['job1' => $here, 'asthere' => $there] as $job => $start) {
            $entry = $this->entry($job);
            $this->assertSame('complete', $entry['state'], $entry['errordetail']);
            $this->assert_dated((int)$entry['courseid'], $start);
        }
    }

    public function test_the_worker_is_told_to_hurry_when_the_backup_is_here_and_when_it_is_over(): void {
        [$backup, $id] = $this->backup();
        $this->start_worker($backup);
        $this->hand_over(['remotecourseid' => $id]);
        $this->run_restores();
        $this->assertSame('complete', $this->entry()['state']);
        $hurries = $this->requests('/api/companion/hurry');
        $this->assertCount(2, $hurries);
        foreach ($hurries as $request) {
            $this->assertSame(['POST', '{}'], [$request['method'], $request['body']]);
            $this->assertStringStartsWith('Bearer ey', $request['headers']['authorization']);
        }
        $tokens = array_column(array_column($hurries, 'headers'), 'authorization');
        $this->assertCount(2, array_unique($tokens), 'each a token of its own');
    }

    public function test_nothing_depends_on_a_worker_that_does_not_hear(): void {
        [$backup, $id] = $this->backup();
        $this->start_worker($backup, ['answers' => ['/api/companion/hurry' => [500, []]]]);
        $this->hand_over(['remotecourseid' => $id]);
        $output = $this->run_restores();
        $this->assertSame('complete', $this->entry()['state']);
        $this->assertSame(2, substr_count($output, 'was not told to hurry'));
    }

    /**
     * A backup of over three megabytes.
     *
     * @return array{0: string, 1: int} its bytes, and the course's id in it
     */
    private function large_backup(): array {
        return $this->backup([], fn($course) => get_file_storage()->create_file_from_string([
            'contextid' => \context_course::instance($course->id)->id, 'component' => 'course', 'filearea' => 'summary',
            'filepath' => '/', 'filename' => 'large.bin', 'itemid' => 0,
        ], random_bytes(3 * 1024 * 1024)));
    }

    public function test_free_space_is_watched_by_what_is_written_and_a_full_disk_ends_it(): void {
        [$backup, $id] = $this->large_backup();
        // Without a Content-Length only the bytes that have come can be watched; there is room for two more megabytes.
        $this->start_worker($backup, ['length' => false, 'pace' => 600 * 1024]);
        $written = function (): int {
            clearstatcache();
            return array_sum(array_map(filesize(...), glob(make_temp_directory('courseferry') . '/*.mbz')));
        };
        $room = 2 * 1024 * 1024;
        self::$free = fn() => 256 * 1024 * 1024 + $room - $written();
        $this->hand_over(['remotecourseid' => $id]);
        $this->run_restores();
        $entry = $this->entry();
        $this->assertSame(['failed', 'client.disk_full', true], [$entry['state'], $entry['error'], (bool)$entry['transient']]);
        $this->assertLessThan($room, $entry['bytes'], 'it ended long before the disk was full');
        $this->assert_nothing_left();
    }

    public function test_there_must_be_room_for_the_backup_unpacked_before_it_is(): void {
        [$backup, $id] = $this->backup();
        $this->start_worker($backup);
        self::$free = fn() => 256 * 1024 * 1024 + 1024;
        $this->hand_over(['remotecourseid' => $id]);
        $this->run_restores();
        $this->assertSame('client.disk_full', $this->entry()['error']);
        $this->assert_nothing_left();
    }

    public function test_a_disk_that_takes_no_more_bytes_ends_it_and_leaves_nothing(): void {
        [$backup, $id] = $this->large_backup();
        $this->start_worker($backup);
        $this->hand_over(['remotecourseid' => $id]);
        $courses = $this->courses();
        $this->run_process('job1', blocks: 1024);
        $this->assertSame('client.disk_full', $this->entry()['error'], $this->output);
        $this->assertSame($courses, $this->courses());
        $this->assert_nothing_left();
    }

    public function test_no_more_run_at_once_than_the_site_or_the_block_lets(): void {
        global $CFG;
        $limit = fn(): int => (new task\restore())->get_concurrency_limit();
        $this->assertSame(2, $limit());
        $CFG->task_concurrency_limit = ['block_courseferry\task\restore' => 5];
        $this->assertSame(5, $limit());
        unset($CFG->task_concurrency_limit);
        // Core holds the third back, and leaves it to a later run.
        $this->as_service();
        foreach (['a', 'b', 'c'] as $job) {
            $this->hand_over(['job' => $job]);
        }
        $CFG->lock_factory = \core\lock\file_lock_factory::class;
        $this->expectOutputRegex('/per-task limit of 2/');
        $next = fn() => \core\task\manager::get_next_adhoc_task(time() + 1, true, task\restore::class);
        $running = array_filter([$next(), $next(), $next()]);
        $this->assertCount(2, $running);
        foreach ($running as $task) {
            \core\task\manager::adhoc_task_failed($task);
        }
    }

    public function test_activities_and_questions_that_did_not_arrive_are_said(): void {
        [$backup, $id] = $this->backup([], function ($course) {
            $this->getDataGenerator()->create_module('page', ['course' => $course->id, 'name' => 'Shade']);
            $questions = $this->getDataGenerator()->get_plugin_generator('core_question');
            $quiz = $this->getDataGenerator()->create_module('quiz', ['course' => $course->id]);
            $category = $questions->create_question_category(['contextid' => \context_module::instance($quiz->cmid)->id]);
            $questions->create_question('truefalse', null, ['category' => $category->id]);
            $questions->create_question('truefalse', null, ['category' => $category->id]);
        });
        $backup = $this->repack($backup, function (string $path): void {
            $replace = fn(string $file, string $is, string $be) =>
                file_put_contents($file, str_replace(">$is<", ">$be<", file_get_contents($file)));
            $replace("$path/moodle_backup.xml", 'page', 'holodeck');
            $replace("$path/questions.xml", 'truefalse', 'stack');
        });
        $this->start_worker($backup);
        $this->hand_over(['remotecourseid' => $id]);
        $this->run_restores();
        $entry = $this->entry();
        $missing = array_filter($entry['warnings'], fn($warning) => $warning['code'] === 'missing');
        $this->assertSame([
            '2 of 3 activities did not arrive, because they are of a kind that is not installed here: holodeck (2).',
            '2 questions cannot be used, because they are of a type that is not installed here: stack (2).',
        ], array_values(array_column($missing, 'message')), json_encode($entry));
    }

    public function test_a_question_bank_that_is_an_activity_since_moodle_5_is_not_missed_on_an_older_one(): void {
        if (\core_component::get_plugin_directory('mod', 'qbank') !== null) {
            $this->markTestSkipped('This Moodle has question banks as activities.');
        }
        [$backup, $id] = $this->backup();
        $backup = $this->repack($backup, function (string $path): void {
            $manifest = "$path/moodle_backup.xml";
            file_put_contents($manifest, str_replace('>page<', '>qbank<', file_get_contents($manifest), $changed));
            $this->assertGreaterThan(0, $changed);
        });
        $this->start_worker($backup);
        $this->hand_over(['remotecourseid' => $id]);
        $this->run_restores();
        $this->assertSame(['complete', []], [$this->entry()['state'], $this->entry()['warnings']]);
    }

    public function test_an_ordinary_course_comes_without_a_warning(): void {
        [$backup, $id] = $this->backup([], function ($course) {
            $questions = $this->getDataGenerator()->get_plugin_generator('core_question');
            $quiz = $this->getDataGenerator()->create_module('quiz', ['course' => $course->id]);
            $category = $questions->create_question_category(['contextid' => \context_module::instance($quiz->cmid)->id]);
            quiz_add_quiz_question($questions->create_question('shortanswer', null, ['category' => $category->id])->id, $quiz);
        });
        $this->start_worker($backup);
        $this->hand_over(['remotecourseid' => $id]);
        $this->run_restores();
        $this->assertSame(['complete', []], [$this->entry()['state'], $this->entry()['warnings']]);
    }

    public function test_an_archive_whose_members_begin_with_a_dot_is_a_backup(): void {
        [$backup, $id] = $this->backup();
        $dotted = $this->repack($backup, fn() => null, true);
        $this->start_worker($dotted);
        $this->hand_over(['remotecourseid' => $id]);
        $this->run_restores();
        $this->assertSame('complete', $this->entry()['state'], $this->entry()['errordetail']);
    }

    public function test_the_file_must_be_the_one_that_the_remote_made(): void {
        [$backup, $id] = $this->backup();
        $this->start_worker($backup);
        $sha256 = fn(string $bytes): array => ['options' => [], 'sha256' => hash('sha256', $bytes)];
        $this->hand_over(['job' => 'wrong', 'remotecourseid' => $id] + $sha256('another'));
        $this->hand_over(['job' => 'right', 'remotecourseid' => $id] + $sha256($backup));
        $this->run_restores();
        $this->assertSame(['failed', 'backup.checksum'], [$this->entry('wrong')['state'], $this->entry('wrong')['error']]);
        $this->assertSame('complete', $this->entry('right')['state']);
    }

    public function test_after_a_crash_the_file_that_is_here_is_used(): void {
        global $DB;
        [$backup, $id] = $this->backup();
        $this->start_worker($backup, ['status' => 410, 'body' => 'backup.gone']);
        $this->hand_over(['remotecourseid' => $id]);
        $record = restore_record::find('job1');
        file_put_contents($record->backup_file(), $backup);
        // As a process leaves it that dies while it restores; nobody ever told a length or an ETag.
        $DB->update_record(restore_record::TABLE, (object)[
            'id' => $record->id, 'state' => 'restoring', 'runs' => 1, 'downloaded' => 1, 'bytes' => strlen($backup),
        ]);
        $this->run_restores();
        $this->assertSame('complete', $this->entry()['state'], $this->entry()['errordetail']);
        $this->assertSame([], $this->requests());
        $this->assert_nothing_left();
    }

    public function test_a_download_that_drips_ends_in_time(): void {
        global $DB;
        [$backup, $id] = $this->backup();
        $this->start_worker($backup, ['cut' => 3000]);
        $this->hand_over(['remotecourseid' => $id]);
        $DB->set_field(restore_record::TABLE, 'timedownload', time() - local\download::MAX_TIME - 1, ['job' => 'job1']);
        $this->run_restores();
        $this->assertSame(['failed', 'backup.too_slow'], [$this->entry()['state'], $this->entry()['error']]);
        $this->assert_nothing_left();
    }

    public function test_a_half_made_course_that_cannot_be_deleted_ends_the_restore_and_never_makes_two(): void {
        global $DB;
        [$backup, $id] = $this->backup();
        $this->start_worker($backup);
        $this->hand_over(['remotecourseid' => $id]);
        $half = $this->getDataGenerator()->create_course(['category' => $this->category->id]);
        $DB->update_record(restore_record::TABLE, (object)[
            'id' => restore_record::find('job1')->id, 'state' => 'restoring', 'courseid' => $half->id, 'runs' => 1,
        ]);
        $this->redirectHook(\core_course\hook\before_course_deleted::class, fn() => throw new \moodle_exception('error'));
        $before = $this->courses();
        $this->run_restores();
        $entry = $this->entry();
        $this->assertSame(['failed', 'client.crashed', 0], [$entry['state'], $entry['error'], $entry['courseid']]);
        $this->assertStringContainsString("course $half->id", $entry['errordetail']);
        $this->assertSame($before, $this->courses());
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
        $idnumber = fn(string $job): string => $DB->get_field('course', 'idnumber', ['id' => restore_record::find($job)->courseid]);

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

    public function test_what_a_process_throws_whose_code_an_upgrade_replaced_fails_no_restore(): void {
        global $CFG;
        $thrown = new \Error('Class "block_courseferry\local\of_the_next_version" not found');
        $this->expectOutputRegex('/of_the_next_version/');
        $this->assertSame('client.restore_failed', local\failure::of($thrown)->error);
        $CFG->allversionshash = 'of the code with which this process began';
        $failure = local\failure::of($thrown);
        $this->assertSame('client.maintenance', $failure->error);
        $this->assertTrue(local\failure::is_transient($failure->error));
        $known = new local\failure('client.precheck_failed');
        $this->assertSame($known, local\failure::of($known));
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
        $this->assertSame(
            ['bytes=3000-', '"' . sha1($backup) . '"'],
            [$second['headers']['range'], $second['headers']['if-range']],
        );
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
        $this->assertEquals(0, restore_record::find('job1')->runs);
        $DB->set_field(restore_record::TABLE, 'timeprogress', time() - DAYSECS, ['job' => 'job1']);
        $this->make_due();
        $this->run_restores();
        $entry = $this->entry();
        $this->assertSame(['failed', 'backup.unreachable', true], [$entry['state'], $entry['error'], (bool)$entry['transient']]);
        $this->assert_nothing_left();
    }

    /**
     * Downloads that are no backup.
     *
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
     * A bad backup makes no course and leaves nothing behind.
     *
     * @dataProvider bad_backups
     * @param array $behaviour how the Worker behaves
     * @param callable|null $spoil what is done to the backup
     * @param string $error the code
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
        $DB->update_record(restore_record::TABLE, (object)[
            'id' => restore_record::find('job1')->id, 'state' => 'restoring', 'courseid' => $half->id, 'runs' => 1,
        ]);
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

    /**
     * Makes a waiting task due.
     */
    private function make_due(): void {
        global $DB;
        $DB->set_field('task_adhoc', 'nextruntime', 1, ['component' => 'block_courseferry']);
    }

    /**
     * No temporary file is left.
     */
    private function assert_nothing_left(): void {
        $this->assertSame([], glob(make_temp_directory('courseferry') . '/*'));
        $this->assertSame([], glob(make_backup_temp_directory('') . '/courseferry_*'));
    }
}
