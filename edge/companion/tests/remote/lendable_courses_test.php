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
 * Which courses are lent to whom.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 *
 * @covers     \block_courseferry\remote\lendable_courses
 * @covers     \block_courseferry\remote\account
 */
final class lendable_courses_test extends lending_testcase {
    /**
     * Asserts that one of the teacher's courses is not lent: not listed, not looked into, not backed up.
     *
     * @param string $code why
     */
    private function assert_not_lent(string $code): void {
        $this->assertSame([], $this->call('get_courses', 'tteacher')['courses']);
        $this->assertSame($code, $this->code_of(fn() => $this->call('get_contents', 'tteacher', (int)$this->course->id)));
        $this->assertSame($code, $this->code_of(fn() => $this->start()));
    }

    public function test_a_teacher_is_told_the_courses_they_teach_and_where_they_stand(): void {
        $this->make_course(['fullname' => 'Somebody else\'s']);
        $this->as_client();
        $courses = $this->call('get_courses', 'tteacher')['courses'];
        $this->assertCount(1, $courses);
        $course = $courses[0];
        $this->assertSame((int)$this->course->id, $course['id']);
        $this->assertSame(['Optics', 'OPT'], [$course['fullname'], $course['shortname']]);
        $this->assertSame('Faculty / Physics', $course['categorypath']);
        $this->assertSame('PHY', $course['categoryidentifier']);
        $this->assertSame('topics', $course['format']);
        $this->assertTrue($course['visible']);
        $this->assertFalse($course['users']);
    }

    public function test_names_travel_as_they_are_stored(): void {
        global $DB;
        $name = '<span lang="en" class="multilang">Optics</span> R&amp;D <b>';
        $DB->set_field('course', 'fullname', $name, ['id' => $this->course->id]);
        $this->as_client();
        $this->assertSame($name, $this->call('get_courses', 'tteacher')['courses'][0]['fullname']);
    }

    public function test_only_the_clients_service_account_may_ask(): void {
        $entries = [['job' => 'job1', 'number' => 1]];
        foreach ([$this->teacher, $this->student] as $user) {
            $this->setUser($user);
            $this->assertSame('nopermissions', $this->code_of(fn() => $this->call('get_courses', 'tteacher')));
            $this->assertSame('nopermissions', $this->code_of(fn() => $this->call('get_contents', 'tteacher', $this->course->id)));
            $this->assertSame('nopermissions', $this->code_of(fn() => $this->start()));
            $this->assertSame('nopermissions', $this->code_of(fn() => $this->call('get_backups', $entries)));
            $this->assertSame('nopermissions', $this->code_of(fn() => $this->call('delete_backups', $entries)));
        }
    }

    public function test_a_name_that_is_not_exactly_an_accounts_is_unknown(): void {
        $this->getDataGenerator()->create_user(['username' => 'deleted1', 'deleted' => 1]);
        $this->as_client();
        $id = (int)$this->course->id;
        foreach (['nobody', 'TTEACHER', ' tteacher', 'tteacher ', 'ttéacher', '', 'guest', 'deleted1'] as $username) {
            foreach (
                [
                    fn() => $this->call('get_courses', $username), fn() => $this->call('get_contents', $username, $id),
                    fn() => $this->call('start_backup', 'job1', 1, $username, $id, []),
                ] as $asked
            ) {
                $this->assertSame('remote.unknown_user', $this->code_of($asked), "'$username'");
            }
        }
    }

    /**
     * Accounts that exist and are not lent to.
     *
     * @return array[]
     */
    public static function unlent_accounts(): array {
        return [
            'suspended' => [['suspended' => 1]],
            'not confirmed' => [['confirmed' => 0]],
            'of a kind in which people choose their name' => [['auth' => 'email']],
            'without login' => [['auth' => 'nologin']],
        ];
    }

    /**
     * Such an account gets nothing.
     *
     * @dataProvider unlent_accounts
     * @param array $fields
     */
    public function test_an_account_that_is_not_lent_to_gets_nothing(array $fields): void {
        global $DB;
        $DB->update_record('user', (object)(['id' => $this->teacher->id] + $fields));
        $this->as_client();
        $contents = fn() => $this->call('get_contents', 'tteacher', (int)$this->course->id);
        foreach ([fn() => $this->call('get_courses', 'tteacher'), $contents, fn() => $this->start()] as $asked) {
            $this->assertSame('remote.account_not_lent', $this->code_of($asked));
        }
    }

    public function test_an_administrator_gets_nothing_unless_the_site_wants_it(): void {
        global $CFG;
        $CFG->siteadmins .= ",{$this->teacher->id}";
        $this->as_client();
        $this->assertSame('remote.account_not_lent', $this->code_of(fn() => $this->call('get_courses', 'tteacher')));
        set_config('lendtoadmins', 1, 'block_courseferry');
        $this->assertCount(1, $this->call('get_courses', 'tteacher')['courses']);
    }

    public function test_a_course_that_one_does_not_teach_is_not_lent(): void {
        $other = $this->make_course();
        $this->getDataGenerator()->enrol_user($this->teacher->id, $other->id, 'student');
        $third = $this->make_course();
        $this->getDataGenerator()->enrol_user($this->teacher->id, $third->id, 'teacher');
        $this->as_client();
        $this->assertCount(1, $this->call('get_courses', 'tteacher')['courses']);
        $refused = [$other->id => 'not_owner', $third->id => 'not_owner', SITEID => 'not_owner', 0 => 'course_missing'];
        foreach ($refused as $id => $code) {
            $asked = fn() => $this->call('start_backup', 'job1', 1, 'tteacher', $id, []);
            $this->assertSame("remote.$code", $this->code_of($asked), "course $id");
            $this->assertSame("remote.$code", $this->code_of(fn() => $this->call('get_contents', 'tteacher', $id)));
        }
        $this->assertSame([], $this->call('get_courses', 'sstudent')['courses']);
    }

    public function test_the_front_page_is_never_lent(): void {
        $role = $this->getDataGenerator()->create_role(['archetype' => 'editingteacher']);
        role_assign($role, $this->teacher->id, \context_course::instance(SITEID)->id);
        $this->as_client();
        $this->assertCount(1, $this->call('get_courses', 'tteacher')['courses']);
        $this->assertSame('remote.not_owner', $this->code_of(fn() => $this->call('start_backup', 'j', 1, 'tteacher', SITEID, [])));
        $this->assertSame('remote.not_owner', $this->code_of(fn() => $this->call('get_contents', 'tteacher', SITEID)));
    }

    public function test_a_teacher_whose_enrolment_is_suspended_or_over_is_not_lent_to(): void {
        global $DB;
        $enrolment = ['userid' => $this->teacher->id];
        $this->as_client();
        foreach ([['status', ENROL_USER_SUSPENDED, ENROL_USER_ACTIVE], ['timeend', time() - 60, 0]] as [$field, $bad, $good]) {
            $DB->set_field('user_enrolments', $field, $bad, $enrolment);
            $this->assert_not_lent('remote.not_owner');
            $DB->set_field('user_enrolments', $field, $good, $enrolment);
        }
        $this->assertCount(1, $this->call('get_courses', 'tteacher')['courses']);
    }

    public function test_without_the_right_to_back_up_there_is_no_course(): void {
        global $DB;
        $role = $DB->get_field('role', 'id', ['shortname' => 'editingteacher']);
        assign_capability('moodle/backup:backupcourse', CAP_PREVENT, $role, \context_course::instance($this->course->id)->id, true);
        $this->as_client();
        $this->assert_not_lent('remote.no_backup_right');
    }

    public function test_a_hidden_course_is_lent_to_those_who_may_enter_it(): void {
        global $DB;
        course_change_visibility($this->course->id, false);
        $this->as_client();
        $courses = $this->call('get_courses', 'tteacher')['courses'];
        $this->assertFalse($courses[0]['visible']);
        $role = $DB->get_field('role', 'id', ['shortname' => 'editingteacher']);
        $context = \context_course::instance($this->course->id);
        assign_capability('moodle/course:viewhiddencourses', CAP_PREVENT, $role, $context->id, true);
        $this->assert_not_lent('remote.not_owner');
    }

    public function test_the_site_says_which_roles_make_a_course_ones_own(): void {
        global $DB;
        $manager = $DB->get_field('role', 'id', ['shortname' => 'manager']);
        set_config('search_roles', $manager, 'block_courseferry');
        $this->as_client();
        $this->assertSame([], $this->call('get_courses', 'tteacher')['courses']);
        role_assign($manager, $this->teacher->id, \context_course::instance($this->course->id)->id);
        $this->assertCount(1, $this->call('get_courses', 'tteacher')['courses']);
        set_config('search_roles', '', 'block_courseferry');
        $this->assertSame([], $this->call('get_courses', 'tteacher')['courses']);
    }

    public function test_contents_name_sections_and_activities_and_how_large_they_are(): void {
        $resource = $this->getDataGenerator()->create_module('resource', ['course' => $this->course->id, 'section' => 2]);
        $context = \context_module::instance($resource->cmid);
        get_file_storage()->create_file_from_string([
            'contextid' => $context->id, 'component' => 'mod_resource', 'filearea' => 'content', 'itemid' => 0,
            'filepath' => '/', 'filename' => 'more.txt',
        ], str_repeat('x', 5000));
        get_file_storage()->create_file_from_string([
            'contextid' => \context_course::instance($this->course->id)->id, 'component' => 'backup', 'filearea' => 'course',
            'itemid' => 0, 'filepath' => '/', 'filename' => 'old.mbz',
        ], str_repeat('y', 70000));
        $this->as_client();
        $contents = $this->call('get_contents', 'tteacher', (int)$this->course->id);
        $this->assertGreaterThanOrEqual(5000, $contents['bytes']);
        $this->assertLessThan(70000, $contents['bytes']);
        $sections = array_column($contents['sections'], null, 'number');
        $this->assertNotSame('', $sections[1]['name']);
        $this->assertSame(['Light', 'page'], [$sections[1]['activities'][0]['name'], $sections[1]['activities'][0]['kind']]);
        $this->assertSame((int)$resource->cmid, $sections[2]['activities'][0]['id']);
        $this->assertGreaterThanOrEqual(5000, $sections[2]['activities'][0]['bytes']);
    }

    public function test_students_data_may_be_taken_where_the_site_lends_them_and_the_teacher_has_the_right(): void {
        global $DB;
        $this->as_client();
        $may = fn(): bool => $this->call('get_courses', 'tteacher')['courses'][0]['users'];
        $this->assertFalse($may());
        set_config('lenduserdata', 1, 'block_courseferry');
        $this->assertFalse($may());
        $this->assertSame('remote.users_not_lent', $this->code_of(fn() => $this->start('job1', 1, ['users' => true])));
        $role = $DB->get_field('role', 'id', ['shortname' => 'editingteacher']);
        $context = \context_course::instance($this->course->id);
        assign_capability('moodle/backup:userinfo', CAP_ALLOW, $role, $context->id, true);
        $this->assertTrue($may());
        set_config('lenduserdata', 0, 'block_courseferry');
        $this->assertFalse($may());
        $this->assertSame('remote.users_not_lent', $this->code_of(fn() => $this->start('job1', 1, ['users' => true])));
    }
}
