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

use block_courseferry\local\eligibility;
use block_courseferry\local\people;

/**
 * What the Worker learns of whether restores can work here: counts that agree with asking everybody, cron, tasks, places.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers \block_courseferry\external\get_readiness
 * @covers \block_courseferry\local\eligibility
 * @covers \block_courseferry\local\readiness
 */
final class readiness_test extends companion_testcase {
    /**
     * Makes somebody who teaches a course.
     */
    private function teacher(array $user = []): \stdClass {
        $course = $this->getDataGenerator()->create_course();
        return $this->getDataGenerator()->create_and_enrol($course, 'editingteacher', $user);
    }

    /**
     * The same counts, made by asking `has_capability` about each person.
     */
    private function asked_one_by_one(): array {
        global $DB, $USER;
        $teachers = $DB->get_fieldset_sql("SELECT DISTINCT ra.userid FROM {role_assignments} ra JOIN {role} r ON r.id = ra.roleid
            JOIN {context} ctx ON ctx.id = ra.contextid
             WHERE r.archetype = 'editingteacher' AND ctx.contextlevel = ?", [CONTEXT_COURSE]);
        $counts = ['teachers' => 0, 'seewidget' => 0, 'mayrestore' => 0];
        $before = $USER;
        foreach ($teachers as $id) {
            if (!people::is_active((int)$id)) {
                continue;
            }
            $this->setUser($id);
            $counts['teachers']++;
            $counts['seewidget'] += (int)people::may_see_widget();
            $counts['mayrestore'] += (int)(\core_course_category::make_categories_list(people::REQUIRED) !== []);
        }
        $this->setUser($before);
        return $counts;
    }

    public function test_cron_carries_as_many_at_once_as_the_stricter_limit_lets_it(): void {
        global $CFG;
        $carried = fn(): int => local\readiness::report(0)['sidebyside'];
        $CFG->task_concurrency_limit = ['block_courseferry\\task\\restore' => 5];
        $CFG->task_adhoc_concurrency_limit = 3;
        $this->assertSame(3, $carried());
        $CFG->task_adhoc_concurrency_limit = 8;
        $this->assertSame(5, $carried());
    }

    public function test_nobody_may_restore_until_somebody_is_given_the_right(): void {
        $this->teacher();
        $this->teacher(['suspended' => 1]);
        $this->assertSame(['teachers' => 1, 'seewidget' => 0, 'mayrestore' => 0], eligibility::counts());
        // The teacher of these tests may restore, and teaches nothing yet.
        $course = $this->getDataGenerator()->create_course();
        $this->getDataGenerator()->enrol_user($this->teacher->id, $course->id, 'editingteacher');
        $this->assertSame(['teachers' => 2, 'seewidget' => 1, 'mayrestore' => 1], eligibility::counts());
        $this->assertSame($this->asked_one_by_one(), eligibility::counts());
    }

    public function test_the_counts_are_those_of_asking_everybody_in_every_category(): void {
        global $DB;
        $generator = $this->getDataGenerator();
        $categories = [$this->category];
        for ($i = 0; $i < 12; $i++) {
            $parent = $i % 3 ? $categories[$i - 1]->id : 0;
            $categories[] = $generator->create_category(['parent' => $parent]);
        }
        $roles = [
            (int)$DB->get_field('role', 'id', ['shortname' => local\installation::TEACHER_ROLE]),
            (int)$DB->get_field('role', 'id', ['shortname' => 'coursecreator']),
            (int)$DB->get_field('role', 'id', ['shortname' => 'manager']),
        ];
        $people = array_map(fn() => $this->teacher(), range(1, 12));
        foreach ($people as $i => $person) {
            role_assign($roles[$i % 3], $person->id, $categories[($i * 5) % 13]->get_context()->id);
            if ($i % 4 === 0) {
                role_assign($roles[1], $person->id, $categories[($i * 7) % 13]->get_context()->id);
            }
        }
        role_assign($roles[1], $people[5]->id, \context_system::instance()->id);
        assign_capability('moodle/restore:restorecourse', CAP_ALLOW, $roles[1], $categories[4]->get_context()->id);
        assign_capability('moodle/restore:restorecourse', CAP_PROHIBIT, $roles[0], $categories[6]->get_context()->id);
        assign_capability('moodle/course:create', CAP_PREVENT, $roles[2], $categories[2]->get_context()->id);
        assign_capability('moodle/category:viewhiddencategories', CAP_PREVENT, $roles[1], $categories[10]->get_context()->id);
        $categories[9]->hide();
        $categories[3]->hide();
        set_config('siteadmins', get_config('core', 'siteadmins') . ',' . $people[7]->id);
        accesslib_clear_all_caches_for_unit_testing();
        $expected = $this->asked_one_by_one();
        $this->assertSame($expected, eligibility::counts());
        $this->assertGreaterThan(0, $expected['mayrestore']);
        $this->assertLessThan($expected['teachers'], $expected['mayrestore']);
    }

    public function test_many_people_cost_no_more_questions_than_few(): void {
        global $DB;
        $count = function () use ($DB): int {
            accesslib_clear_all_caches_for_unit_testing();
            $before = $DB->perf_get_reads();
            eligibility::counts();
            return $DB->perf_get_reads() - $before;
        };
        $this->may_restore($this->teacher(), $this->category);
        $few = $count();
        for ($i = 0; $i < 10; $i++) {
            $this->may_restore($this->teacher(), $this->category);
        }
        $this->assertSame($few, $count());
    }

    public function test_cron_tasks_and_the_blocks_place_are_told_as_they_are(): void {
        global $DB;
        set_config('lastcronstart', 1795308746, 'tool_task');
        $this->as_service();
        $report = $this->call('get_readiness', [(int)$this->category->id]);
        $this->assertSame(1795308746, $report['lastcron']);
        $this->assertTrue($report['task']['enabled']);
        $this->assertSame(['number' => 0, 'oldest' => 0], $report['waiting']);
        $this->assertTrue($report['defaultcategoryexists']);
        $this->assertFalse($report['ondashboard']);
        $this->assertFalse($report['original']['running']);
        $this->assertSame('editingteacher', $report['enrolrole']);
        $this->assertSame('', $report['missingidentifier']);
        $this->assertSame(1, $report['identifiedcategories']);
        $this->assertGreaterThan(0, $report['freebytes']);

        $this->setAdminUser();
        $page = new \moodle_page();
        $page->set_context(\context_system::instance());
        $page->set_pagetype('my-index');
        $page->set_subpage((string)$DB->get_field('my_pages', 'id', ['userid' => null, 'private' => 1, 'name' => '__default']));
        $page->blocks->add_region('content');
        $page->blocks->add_block('courseferry', 'content', 0, false, 'my-index', $page->subpage);
        $this->hand_over();
        $DB->set_field('task_adhoc', 'nextruntime', 1795308000, ['component' => 'block_courseferry']);
        $task = \core\task\manager::get_scheduled_task(task\recover::class);
        $task->set_disabled(true);
        \core\task\manager::configure_scheduled_task($task);
        set_config('categorytable', 'no_such_table', 'block_courseferry');
        $this->as_service();
        $report = $this->call('get_readiness', [999999]);
        $this->assertFalse($report['task']['enabled']);
        $this->assertSame(['number' => 1, 'oldest' => 1795308000], $report['waiting']);
        $this->assertFalse($report['defaultcategoryexists']);
        $this->assertTrue($report['ondashboard']);
        $this->assertSame('no_such_table', $report['missingidentifier']);
    }
}
