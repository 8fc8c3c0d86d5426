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

/**
 * A real process that adds to a course is killed at many of its steps: never twice, and what arrived is known exactly.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \block_courseferry\local\course_addition
 * @covers     \block_courseferry\local\arrival
 * @covers     \block_courseferry\local\arrival_removal
 * @covers     \block_courseferry\local\watermark
 */
final class killed_addition_test extends companion_testcase {
    /** @var string[] tables that processes write to whatever they restore, and those of the restore itself */
    private const UNRELATED = [
        'backup_controllers', 'backup_logs', 'block_courseferry_restore', 'block_courseferry_other', 'config', 'config_plugins',
        'files', 'lock_db', 'logstore_standard_log', 'task_adhoc', 'task_log', 'user_preferences', 'cache_flags', 'sessions',
    ];

    /** @var \stdClass a course that is here already */
    private \stdClass $course;
    /** @var \stdClass teaches in it */
    private \stdClass $owner;
    /** @var int the backup's course */
    private int $remotecourseid;

    #[\Override]
    protected function setUp(): void {
        // Rows must be committed, so that the other process sees them.
        $this->preventResetByRollback();
        parent::setUp();
        [$backup, $this->remotecourseid] = $this->rich_backup();
        $this->start_worker($backup);
        set_config('enabled_stores', 'logstore_standard', 'tool_log');
        set_config('buffersize', 0, 'logstore_standard');
        get_log_manager(true);
        $this->course = $this->existing_course('WAV26');
    }

    /**
     * A course with something in it, and its teacher.
     *
     * @param string $shortname
     */
    private function existing_course(string $shortname): \stdClass {
        $generator = $this->getDataGenerator();
        $course = $generator->create_course(['shortname' => $shortname, 'numsections' => 2]);
        $generator->create_module('page', ['course' => $course->id, 'name' => 'There before', 'section' => 1]);
        $this->owner = $generator->create_and_enrol($course, 'editingteacher');
        $generator->create_group(['courseid' => $course->id, 'name' => 'Group before']);
        return $course;
    }

    /**
     * Hands an addition over.
     *
     * @param string $job
     * @param int $attempt
     * @return string the state that is answered, and the error
     */
    private function add(string $job, int $attempt = 1): string {
        $entry = $this->hand_over([
            'job' => $job, 'attempt' => $attempt, 'userid' => (int)$this->owner->id, 'categoryid' => 0,
            'remotecourseid' => $this->remotecourseid, 'options' => ['targetcourseid' => (int)$this->course->id],
        ]);
        return trim("{$entry['state']} {$entry['error']}");
    }

    /**
     * How many writes it takes to add the backup to a course like this one.
     *
     * @param bool $atomic whether the database takes back what was not committed
     */
    private function writes(bool $atomic): int {
        $this->course = $this->existing_course('TWIN');
        $this->add('twin');
        $writes = $this->run_process('twin', 0, $atomic);
        $this->assertSame('complete', $this->entry('twin')['state'], $this->output);
        $this->course = $this->existing_course('REAL');
        return $writes;
    }

    /**
     * Steps at which to kill, one at random in each part of the way.
     *
     * @param int $writes how long the way is
     * @param int $parts how many
     * @return int[]
     */
    private static function steps(int $writes, int $parts): array {
        return array_map(
            fn(int $part): int => random_int(max(1, intdiv($writes * ($part - 1), $parts)), intdiv($writes * $part, $parts) - 1),
            range(1, $parts),
        );
    }

    /**
     * How many rows each table has, which a restore that came to nothing must leave as they were.
     *
     * @return array<string, int>
     */
    private function rows(): array {
        global $DB;
        $rows = [];
        foreach (array_diff($DB->get_tables(false), self::UNRELATED) as $table) {
            $rows[$table] = $DB->count_records($table);
        }
        ksort($rows);
        return $rows;
    }

    /**
     * What is in the course: activities, sections with their names, groups.
     *
     * @return string[]
     */
    private function contents(): array {
        global $DB;
        \course_modinfo::clear_instance_cache();
        $modinfo = get_fast_modinfo($DB->get_record('course', ['id' => $this->course->id]));
        $section = fn($s) => "section $s->section: $s->name, $s->summary";
        $groups = $DB->get_fieldset_select('groups', 'name', 'courseid = ?', [$this->course->id]);
        return [
            ...array_values(array_map(fn($cm) => "activity $cm->name", $modinfo->get_cms())),
            ...array_values(array_map($section, $DB->get_records('course_sections', ['course' => $this->course->id], 'section'))),
            ...array_map(fn($name) => "group $name", $groups),
        ];
    }

    public function test_killed_at_any_step_it_leaves_nothing_and_in_the_end_it_is_there_once(): void {
        $writes = $this->writes(true);
        $this->add('real');
        $contents = $this->contents();
        $restoring = 0;
        // Killed at the last moment, so that what core's own prechecks make once is there: from Moodle 5 on an empty question bank.
        $this->run_process('real', 'end');
        $this->assertSame('restoring', $this->entry('real')['state'], $this->output);
        $this->assertSame($contents, $this->contents());
        $rows = $this->rows();
        foreach (self::steps($writes, 12) as $step) {
            $this->run_process('real', $step);
            if ($this->entry('real')['state'] === 'complete') {
                // Killed after everything was done, or not at all: adding to another course can take a few writes less.
                $this->assertGreaterThan(9 * $writes, 10 * $step);
                break;
            }
            $restoring += (int)($this->entry('real')['state'] === 'restoring');
            $this->assertTrue(arrival::of(restore_record::find('real'))->is_nothing(), "killed at $step of $writes");
            $this->assertSame($contents, $this->contents(), "killed at $step of $writes");
            $this->assertSame($rows, $this->rows(), "killed at $step of $writes");
        }
        $this->assertGreaterThan(6, $restoring);
        $this->run_process('real');
        $this->assertSame('complete', $this->entry('real')['state'], $this->output);
        $this->assert_once();
    }

    /**
     * Everything that was to be added is in the course exactly once.
     */
    private function assert_once(): void {
        $contents = array_count_values($this->contents());
        foreach (['There before', 'Light', 'Task', 'Talk', 'Exam'] as $name) {
            $this->assertSame(1, $contents["activity $name"] ?? 0, $name);
        }
        $this->assertSame([1, 1], [$contents['group Lab A'] ?? 0, $contents['group Group before'] ?? 0]);
    }

    public function test_without_transactions_what_arrived_is_known_removed_exactly_and_never_doubled(): void {
        global $DB;
        $writes = $this->writes(false);
        $contents = $this->contents();
        $this->add('real');
        $attempt = 1;
        $partly = 0;
        foreach (self::steps($writes, 6) as $step) {
            $this->run_process('real', $step, false);
            if ($this->entry('real')['state'] === 'complete') {
                break;
            }
            $names = array_column(arrival::of(restore_record::find('real'))->names()['arrived'], 'name');
            if (!$names) {
                $this->assertSame($contents, $this->contents(), "killed at $step of $writes");
                continue;
            }
            $partly++;
            // A colleague works in the course meanwhile.
            $mine = $this->getDataGenerator()->create_module('page', ['course' => $this->course->id, 'name' => "Mine at $step"]);
            $contents = $this->with_activity($contents, "activity Mine at $step");
            // The next process looks, adds nothing, and says so.
            $this->run_process('real', 0, false);
            $this->as_service();
            $this->assertSame('failed client.partly_added', $this->add('real', ++$attempt), 'a newer attempt changes nothing');
            $this->assertSame('failed', $this->call('cancel', ['real', $attempt])['state']);
            $arrived = $this->call('get_arrived', ['real', (int)$this->owner->id])['arrived'];
            $this->assertSame($names, array_column($arrived, 'name'));
            $this->assertNotContains("Mine at $step", $names);
            foreach (['Light', 'Task', 'Talk', 'Exam'] as $name) {
                $there = $DB->record_exists_sql('SELECT 1 FROM {course_modules} cm JOIN {modules} m ON m.id = cm.module
                     WHERE cm.course = ? AND cm.instance > 0 AND EXISTS (SELECT 1 FROM {' . self::table($name) . '} t
                     WHERE t.id = cm.instance AND t.name = ? AND m.name = ?)', [$this->course->id, $name, self::table($name)]);
                $this->assertSame($there, in_array($name, $names, true), "$name, killed at $step of $writes");
            }
            $this->assertSame('queued', $this->call('remove_arrived', ['real', (int)$this->owner->id])['state']);
            $this->run_tasks(task\remove_arrived::class);
            $this->assertSame($contents, $this->contents(), "killed at $step of $writes");
            $this->assertSame('client.arrived_removed', $this->entry('real')['error'], $this->entry('real')['errordetail']);
            $this->assertTrue($DB->record_exists('course_modules', ['id' => $mine->cmid]));
            $this->as_service();
            $this->assertSame('done', $this->call('remove_arrived', ['real', (int)$this->owner->id])['state']);
            $this->assertSame('pending', $this->add('real', $attempt), 'now it may run again');
            $this->setAdminUser();
        }
        $this->assertGreaterThan(1, $partly);
        $this->run_process('real', 0, false);
        $this->assertSame('complete', $this->entry('real')['state'], $this->output);
        $this->assert_once();
    }

    /**
     * The table in which an activity stands.
     *
     * @param string $name of the activity
     */
    private static function table(string $name): string {
        return ['Light' => 'page', 'Task' => 'assign', 'Talk' => 'forum', 'Exam' => 'quiz'][$name];
    }

    /**
     * What should be in the course once there is another activity.
     *
     * @param string[] $contents what was there
     * @param string $activity
     * @return string[]
     */
    private function with_activity(array $contents, string $activity): array {
        $activities = array_filter($contents, fn($line) => str_starts_with($line, 'activity '));
        $now = array_filter($this->contents(), fn($line) => str_starts_with($line, 'activity '));
        // In the course's order.
        $wanted = array_values(array_intersect($now, [...$activities, $activity]));
        return [...$wanted, ...array_values(array_diff($contents, $activities))];
    }

    public function test_what_arrived_can_be_kept_and_what_somebody_worked_in_stays(): void {
        global $DB;
        $this->add('real');
        $this->run_process('real', 'end', false);
        $this->run_process('real', 0, false);
        $student = $this->getDataGenerator()->create_and_enrol($this->course, 'student');
        $stranger = $this->getDataGenerator()->create_and_enrol($this->course, 'editingteacher');
        $this->as_service();
        foreach (['remove_arrived', 'keep_arrived'] as $decide) {
            $answer = $this->call($decide, ['real', (int)$stranger->id]);
            $this->assertSame(['refused', 'notowner'], [$answer['state'], $answer['reason']]);
        }
        $role = $DB->get_field('role', 'id', ['shortname' => 'editingteacher']);
        $context = \context_course::instance($this->course->id);
        assign_capability('moodle/course:manageactivities', CAP_PREVENT, $role, $context->id);
        $answer = $this->call('remove_arrived', ['real', (int)$this->owner->id]);
        $this->assertSame(['refused', 'norights'], [$answer['state'], $answer['reason']]);
        $this->assertStringContainsString('moodle/course:manageactivities', $answer['detail']);
        unassign_capability('moodle/course:manageactivities', $role, $context->id);

        $task = $DB->get_record('assign', ['course' => $this->course->id, 'name' => 'Task']);
        [, $cm] = get_course_and_cm_from_instance($task->id, 'assign');
        $this->setUser($student);
        \core\event\course_module_updated::create_from_cm($cm)->trigger();
        $this->as_service();
        $this->call('remove_arrived', ['real', (int)$this->owner->id]);
        $this->run_tasks(task\remove_arrived::class);
        $activities = array_filter($this->contents(), fn($line) => str_starts_with($line, 'activity '));
        $this->assertEqualsCanonicalizing(['activity There before', 'activity Task'], $activities);
        $this->assertStringContainsString('Task', $this->entry('real')['errordetail']);

        $this->as_service();
        $this->add('real', 2);
        $this->run_process('real', 'end', false);
        $this->run_process('real', 0, false);
        $this->as_service();
        $this->assertSame('done', $this->call('keep_arrived', ['real', (int)$this->owner->id])['state']);
        $entry = $this->entry('real');
        $this->assertSame(['partiallyrestored', '', 'partly'], [$entry['state'], $entry['error'], $entry['warnings'][0]['code']]);
        $this->assertEquals($this->course->id, $entry['courseid']);
        $this->assertSame('partiallyrestored', $this->add('real', 3), 'done is done');
    }

    public function test_taking_out_what_arrived_goes_on_by_itself_when_its_process_dies(): void {
        $contents = $this->contents();
        $this->add('real');
        $this->run_process('real', 'end', false);
        $this->run_process('real', 0, false);
        $this->as_service();
        $this->assertSame('queued', $this->call('remove_arrived', ['real', (int)$this->owner->id])['state']);
        foreach ([60, 200] as $step) {
            $this->run_process('real', $step, false, kind: 'remove_arrived');
            $this->assertSame('client.partly_added', $this->entry('real')['error'], "killed at $step");
            ob_start();
            (new task\recover())->execute();
            $this->assertStringContainsString('begins again', ob_get_clean());
        }
        $this->run_tasks(task\remove_arrived::class);
        $this->assertSame('client.arrived_removed', $this->entry('real')['error'], $this->entry('real')['errordetail']);
        $this->assertSame($contents, $this->contents());
    }
}
