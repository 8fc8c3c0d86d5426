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

use block_courseferry\local\arrival;
use block_courseferry\local\restore_record;
use block_courseferry\local\state;

/**
 * Adding to a course that is here already: all of it or nothing, and nothing that is there is changed.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \block_courseferry\local\course_addition
 * @covers     \block_courseferry\local\existing_sections
 * @covers     \block_courseferry\external\get_target_courses
 */
final class addition_test extends companion_testcase {
    /** @var \stdClass a course that is here already */
    private \stdClass $course;
    /** @var \stdClass teaches in it, and has no other right */
    private \stdClass $owner;

    #[\Override]
    protected function setUp(): void {
        // The tests look at what a rollback takes back, so the transaction must be a real one.
        $this->preventResetByRollback();
        parent::setUp();
        $generator = $this->getDataGenerator();
        $this->course = $generator->create_course(['fullname' => 'Waves 2026', 'shortname' => 'WAV26', 'numsections' => 2]);
        $this->owner = $generator->create_and_enrol($this->course, 'editingteacher', ['username' => 'owner']);
        $generator->create_and_enrol($this->course, 'student');
        $generator->create_module('page', ['course' => $this->course->id, 'name' => 'There before', 'section' => 1]);
        $generator->create_module('assign', ['course' => $this->course->id, 'name' => 'Task before', 'section' => 0]);
    }

    /**
     * Hands an addition over.
     *
     * @param int $id the course's id in the backup
     * @param array $change what is otherwise
     */
    private function add(int $id, array $change = []): array {
        $options = ($change['options'] ?? []) + ['targetcourseid' => (int)$this->course->id];
        return $this->hand_over(['options' => $options] + $change + [
            'userid' => (int)$this->owner->id, 'categoryid' => 0, 'remotecourseid' => $id,
        ]);
    }

    /**
     * What must stay as it is, whatever is added.
     */
    private function there(): array {
        global $DB;
        $context = \context_course::instance($this->course->id);
        $course = (array)get_course($this->course->id);
        unset($course['cacherev'], $course['timemodified']);
        return [
            'course' => $course,
            'sections' => $DB->get_records_select(
                'course_sections',
                'course = ? AND section <= 2',
                [$this->course->id],
                'id',
                'id, section, name, summary, visible',
            ),
            'sectionfiles' => $DB->count_records('files', ['contextid' => $context->id, 'filearea' => 'section']),
            'before' => $DB->get_records_sql(
                "SELECT id, name, intro FROM {page} WHERE course = ? AND name = 'There before'",
                [$this->course->id],
            ),
            'enrol' => $DB->get_records('enrol', ['courseid' => $this->course->id], 'id', 'id, enrol, status'),
            'people' => array_keys(get_enrolled_users($context, '', 0, 'u.id', 'u.id')),
            'roles' => $DB->get_records('role_assignments', ['contextid' => $context->id], 'id', 'id, roleid, userid'),
            'blocks' => $DB->count_records('block_instances', ['parentcontextid' => $context->id]),
        ];
    }

    /**
     * The names of the course's activities, as Moodle shows them.
     *
     * @return string[]
     */
    private function activities(): array {
        return array_values(array_map(fn($cm) => $cm->name, get_fast_modinfo($this->course->id)->get_cms()));
    }

    public function test_whoever_may_not_put_questions_into_the_course_is_told_which_right_is_missing(): void {
        global $DB;
        [$backup, $id] = $this->rich_backup();
        $this->start_worker($backup);
        $role = $DB->get_field('role', 'id', ['shortname' => 'editingteacher']);
        $context = \context_course::instance($this->course->id);
        assign_capability('moodle/question:managecategory', CAP_PREVENT, $role, $context->id);
        $this->as_service();
        $this->add($id);
        $activities = $this->activities();
        $this->run_restores();
        $entry = $this->entry();
        $this->assertSame(
            ['client.questions_refused', 'moodle/question:managecategory'],
            [$entry['error'], $entry['errordetail']],
        );
        $this->assertSame($activities, $this->activities());
    }

    public function test_an_editing_teacher_adds_content_and_nothing_there_is_changed(): void {
        [$backup, $id] = $this->rich_backup();
        $this->start_worker($backup);
        $before = $this->there();
        $courses = $this->courses();
        $sink = $this->redirectEvents();
        $this->assertSame('pending', $this->add($id)['state']);
        $this->run_restores();
        $entry = $this->entry();
        $this->assertSame(['complete', []], [$entry['state'], $entry['warnings']], $entry['errordetail']);
        $this->assertEquals([$this->course->id, $this->course->id], [$entry['courseid'], $entry['targetcourseid']]);
        $this->assertSame('Waves 2026', $entry['coursename']);
        $expected = ['There before', 'Task before', 'Light', 'Task', 'Talk', 'Exam'];
        $this->assertSame([], array_diff($expected, $this->activities()));
        $this->assertEquals($before, $this->there());
        $this->assertSame($courses, $this->courses());
        $this->assertContains('Lab A', array_column(groups_get_all_groups($this->course->id), 'name'));
        $finished = array_values(array_filter($sink->get_events(), fn($event) => $event instanceof event\restore_finished));
        $this->assertCount(1, $finished);
        $this->assertEquals($this->course->id, $finished[0]->courseid);
        $this->assertSame([], glob(make_backup_temp_directory('') . '/courseferry_*'));
    }

    public function test_what_is_left_out_does_not_come(): void {
        $left = 0;
        [$backup, $id] = $this->backup([], function ($course) use (&$left) {
            $left = (int)$this->getDataGenerator()->create_module('page', ['course' => $course->id, 'name' => 'Left'])->cmid;
        });
        $this->start_worker($backup);
        $this->add($id, ['options' => ['leaveoutactivities' => [$left]]]);
        $this->run_restores();
        $this->assertSame(['complete', []], [$this->entry()['state'], $this->entry()['warnings']], $this->entry()['errordetail']);
        $this->assertContains('Light', $this->activities());
        $this->assertNotContains('Left', $this->activities());
    }

    public function test_one_that_fails_in_the_middle_leaves_nothing_and_the_next_adds_once(): void {
        global $DB;
        [$backup, $id] = $this->rich_backup();
        $this->start_worker($backup);
        $before = [$this->there(), $this->activities(), $DB->count_records('question'), $DB->count_records('groups')];
        $this->add($id);
        $this->break_the_forum(true);
        $this->run_restores();
        $this->break_the_forum(false);
        $entry = $this->entry();
        $this->assertSame(['failed', 'client.restore_failed'], [$entry['state'], $entry['error']], $entry['errordetail']);
        $this->assertEquals($before, [
            $this->there(), $this->activities(), $DB->count_records('question'), $DB->count_records('groups'),
        ]);
        $this->add($id, ['attempt' => 2]);
        $this->run_restores();
        $this->assertSame('complete', $this->entry()['state'], $this->entry()['errordetail']);
        $this->assertCount(1, array_keys($this->activities(), 'Talk'));
    }

    /**
     * Makes the restore of any forum fail, or no longer: the table has no room for its name.
     *
     * @param bool $broken
     */
    private function break_the_forum(bool $broken): void {
        global $DB;
        $index = new \xmldb_index('courseferry', XMLDB_INDEX_UNIQUE, ['name']);
        $table = new \xmldb_table('forum');
        if ($broken) {
            // A forum of that name is there already, and there may be no second.
            $other = $this->getDataGenerator()->create_course();
            $this->getDataGenerator()->create_module('forum', ['course' => $other->id, 'name' => 'Talk']);
            $DB->get_manager()->add_index($table, $index);
        } else {
            $DB->get_manager()->drop_index($table, $index);
        }
    }

    public function test_two_at_a_time_never_add_to_one_course(): void {
        global $CFG;
        // A database's own locks are given to the same session twice, so they would keep nothing away here.
        $CFG->lock_factory = \core\lock\file_lock_factory::class;
        [$backup, $id] = $this->backup();
        $this->start_worker($backup);
        $this->add($id);
        $lock = \core\lock\lock_config::get_lock_factory('block_courseferry')->get_lock("target_{$this->course->id}", 0);
        $this->run_restores();
        $entry = $this->entry();
        $this->assertSame(['failed', 'client.course_busy', true], [$entry['state'], $entry['error'], (bool)$entry['transient']]);
        $lock->release();
        $this->add($id, ['attempt' => 2]);
        $this->run_restores();
        $this->assertSame('complete', $this->entry()['state'], $this->entry()['errordetail']);
    }

    public function test_a_process_that_died_before_the_end_has_added_nothing_and_the_next_adds_once(): void {
        global $DB;
        [$backup, $id] = $this->backup();
        $this->start_worker($backup);
        $this->add($id);
        $DB->update_record(restore_record::TABLE, (object)[
            'id' => restore_record::find('job1')->id, 'state' => state::restoring->value, 'runs' => 1,
        ]);
        $this->run_restores();
        $this->assertSame('complete', $this->entry()['state'], $this->entry()['errordetail']);
        $this->assertCount(1, array_keys($this->activities(), 'Light'));
        $this->assertSame('complete', $this->add($id, ['attempt' => 5])['state'], 'done is done');
    }

    public function test_an_activity_that_came_only_halfway_is_called_by_its_kind(): void {
        global $DB;
        $quiz = $DB->get_field('modules', 'id', ['name' => 'quiz']);
        $half = $DB->insert_record('course_modules', (object)['course' => $this->course->id, 'module' => $quiz, 'instance' => 0]);
        $this->assertSame('Quiz', arrival::name('course_modules', $half));
    }

    public function test_nobody_adds_where_they_may_not(): void {
        $elsewhere = $this->getDataGenerator()->create_course();
        $student = $this->getDataGenerator()->create_and_enrol($this->course, 'student');
        foreach (
            [
            ['client.no_capability', 'moodle/restore:restorecourse', ['options' => ['targetcourseid' => (int)$elsewhere->id]]],
            ['client.no_capability', 'moodle/restore:restorecourse', ['userid' => (int)$student->id]],
            ['client.course_missing', '', ['options' => ['targetcourseid' => 999999]]],
            ['client.course_missing', '', ['options' => ['targetcourseid' => (int)SITEID]]],
            ['client.user_inactive', '', ['userid' => (int)$this->getDataGenerator()->create_user(['suspended' => 1])->id]],
            ] as $i => [$error, $detail, $change]
        ) {
            $entry = $this->add(1, ['job' => "job$i"] + $change);
            $this->assertSame(['failed', $error], [$entry['state'], $entry['error']]);
            $this->assertStringContainsString($detail, $entry['errordetail']);
        }
        foreach ([['fullname' => 'Another name'], ['startdate' => 1], ['students' => 1], ['enrolments' => 2]] as $options) {
            try {
                $this->add(1, ['job' => 'invalid', 'options' => $options]);
                $this->fail(key($options) . ' was taken');
            } catch (\invalid_parameter_exception) {
                $this->assertNull(restore_record::find('invalid'));
            }
        }
    }

    public function test_a_course_that_is_deleted_meanwhile_ends_it(): void {
        [$backup, $id] = $this->backup();
        $this->start_worker($backup);
        $this->add($id);
        $courses = $this->courses();
        delete_course($this->course, false);
        $this->run_restores();
        $this->assertSame(['failed', 'client.course_missing'], [$this->entry()['state'], $this->entry()['error']]);
        $this->assertSame([], array_diff($this->courses(), $courses));
    }

    public function test_the_right_is_asked_again_before_it_runs(): void {
        [$backup, $id] = $this->backup();
        $this->start_worker($backup);
        $this->add($id);
        role_unassign_all(['userid' => $this->owner->id]);
        $before = $this->activities();
        $this->run_restores();
        $this->assertSame('client.no_capability', $this->entry()['error']);
        $this->assertSame($before, $this->activities());
    }

    /**
     * Owners without and with the right to choose a start date: both get the same.
     *
     * @return array[]
     */
    public static function rights_over_dates(): array {
        return ['an editing teacher' => [false], 'somebody with moodle/restore:rolldates' => [true]];
    }

    /**
     * Every date moves by the distance of the two starts.
     *
     * @dataProvider rights_over_dates
     * @param bool $rolls whether the owner could choose another start
     */
    public function test_dates_move_by_the_distance_of_the_two_starts(bool $rolls): void {
        global $DB;
        $there = strtotime('2025-09-01 08:00 UTC');
        $here = strtotime('2026-09-07 08:00 UTC');
        $DB->set_field('course', 'startdate', $here, ['id' => $this->course->id]);
        if ($rolls) {
            $role = $DB->get_field('role', 'id', ['shortname' => 'editingteacher']);
            $context = \context_course::instance($this->course->id);
            assign_capability('moodle/restore:rolldates', CAP_ALLOW, $role, $context->id);
        }
        [$backup, $id] = $this->backup(['startdate' => $there], fn($course) => $this->dated_activities($course, $there));
        $this->start_worker($backup);
        $this->add($id);
        $this->run_restores();
        $this->assertSame('complete', $this->entry()['state'], $this->entry()['errordetail']);
        $this->assert_dated((int)$this->course->id, $here);
        $this->assertEquals($here, get_course($this->course->id)->startdate);
    }

    public function test_targets_are_the_courses_in_which_one_has_the_right(): void {
        $generator = $this->getDataGenerator();
        $generator->create_course(['fullname' => 'Not mine']);
        $older = $generator->create_course(['fullname' => 'Optik & Été', 'shortname' => 'OPT', 'startdate' => 1000]);
        $generator->enrol_user($this->owner->id, $older->id, 'editingteacher');
        $generator->enrol_user($this->owner->id, $generator->create_course(['fullname' => 'As a student'])->id, 'student');
        $this->as_service();
        $names = fn(mixed ...$arguments): array =>
            array_column($this->call('get_target_courses', [(int)$this->owner->id, ...$arguments])['courses'], 'fullname');
        $this->assertSame(['Waves 2026', 'Optik & Été'], $names());
        $this->assertSame(['Optik & Été'], $names('été'));
        $this->assertSame(['Waves 2026'], $names('wav26'));
        $this->assertSame([], $names('Not mine'));
        $first = $this->call('get_target_courses', [(int)$this->owner->id, '', 1]);
        $this->assertSame([1, true], [count($first['courses']), (bool)$first['more']]);
        $student = $generator->create_user();
        $this->assertSame([], $this->call('get_target_courses', [(int)$student->id])['courses']);
        $one = fn(int $course): array => $this->call('get_target_courses', [(int)$this->owner->id, '', 20, $course]);
        $this->assertSame(['OPT'], array_column($one((int)$older->id)['courses'], 'shortname'));
        $refused = $one((int)$generator->create_course()->id);
        $this->assertSame([[], 'client.no_capability'], [$refused['courses'], $refused['error']]);
        $this->assertStringContainsString('moodle/restore:restorecourse', $refused['errordetail']);
        $this->assertSame('client.course_missing', $one((int)SITEID)['error']);
    }

    public function test_among_three_thousand_courses_one_is_found_with_few_questions_and_the_widget_is_shown(): void {
        global $DB;
        $category = $this->getDataGenerator()->create_category();
        $course = (array)$this->course;
        unset($course['id'], $course['idnumber']);
        $DB->insert_records('course', array_map(fn(int $i) => array_intersect_key([
            'category' => $category->id, 'fullname' => "Course number $i", 'shortname' => "C$i",
        ] + $course, $DB->get_columns('course')), range(1, 3000)));
        \context_helper::create_instances(CONTEXT_COURSE);
        $courses = $DB->get_fieldset_select('course', 'id', 'category = ?', [$category->id]);
        $DB->insert_records('enrol', array_map(fn($id) => ['enrol' => 'manual', 'courseid' => $id, 'roleid' => 5], $courses));
        $instances = $DB->get_fieldset_select('enrol', 'id', "enrol = 'manual' AND courseid <> ?", [$this->course->id]);
        $enrolled = fn($id) => ['enrolid' => $id, 'userid' => $this->owner->id, 'status' => 0, 'timestart' => 0, 'timeend' => 0];
        $DB->insert_records('user_enrolments', array_map($enrolled, $instances));
        $role = $DB->get_field('role', 'id', ['shortname' => 'editingteacher']);
        role_assign($role, $this->owner->id, \context_coursecat::instance($category->id)->id);
        $this->as_service();
        foreach (['number 2999' => [1, false], 'course' => [20, true], 'nowhere' => [0, false]] as $search => [$number, $more]) {
            $before = $DB->perf_get_reads();
            $begun = microtime(true);
            $found = $this->call('get_target_courses', [(int)$this->owner->id, $search]);
            $seconds = microtime(true) - $begun;
            $this->assertSame([$number, $more], [count($found['courses']), (bool)$found['more']], $search);
            $this->assertLessThan(150, $DB->perf_get_reads() - $before, $search);
            $this->assertLessThan(5, $seconds, $search);
        }
        $this->setUser($this->owner);
        $this->assertFalse(local\people::may_see_widget());
        set_config('targetcourses', 1, 'block_courseferry');
        $this->assertTrue(local\people::may_see_widget());
        $before = $DB->perf_get_reads();
        $this->assertTrue(local\target_courses::grants_widget((int)$this->owner->id));
        $this->assertSame($before, $DB->perf_get_reads(), 'a second view of the dashboard asks nothing');
        $this->setUser($this->getDataGenerator()->create_and_enrol($this->course, 'student'));
        $this->assertFalse(local\people::may_see_widget());
        $this->as_service();
        $this->assertTrue((bool)$this->call('get_user_access', [(int)$this->owner->id])['targetcourses']);
        $this->assertTrue((bool)$this->call('get_site_access', [''])['snapshot']['site']['targetcourses']);
    }
}
