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

use block_courseferry\local\made_accounts;
use block_courseferry\local\people;

/**
 * Students' data and enrolment methods, only by right; and whom nobody vouches for.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \block_courseferry\local\authority
 * @covers     \block_courseferry\local\made_accounts
 * @covers     \block_courseferry\local\course_enrolments
 */
final class people_data_test extends companion_testcase {
    /** @var string the backup */
    private string $backup;
    /** @var int its course */
    private int $remotecourseid;

    #[\Override]
    protected function setUp(): void {
        global $DB;
        $this->preventResetByRollback();
        parent::setUp();
        $generator = $this->getDataGenerator();
        $there = $generator->create_user(['username' => 'only-there', 'email' => 'only@there.example']);
        $both = $generator->create_user(['username' => 'on-both']);
        [$this->backup, $this->remotecourseid] = $this->backup([], function ($course) use ($generator, $there, $both) {
            global $DB;
            $generator->enrol_user($there->id, $course->id, 'student');
            $generator->enrol_user($both->id, $course->id, 'student', 'self');
            $assign = $generator->create_module('assign', ['course' => $course->id, 'name' => 'Task']);
            $item = \grade_item::fetch(['iteminstance' => $assign->id, 'itemmodule' => 'assign', 'courseid' => $course->id]);
            $item->update_final_grade($both->id, 70);
            $forum = $generator->create_module('forum', ['course' => $course->id, 'name' => 'Talk']);
            $generator->get_plugin_generator('mod_forum')->create_discussion([
                'course' => $course->id, 'forum' => $forum->id, 'userid' => $there->id, 'name' => 'A question',
            ]);
            $group = $generator->create_group(['courseid' => $course->id, 'name' => 'Lab A']);
            $generator->create_group_member(['groupid' => $group->id, 'userid' => $there->id]);
            $DB->set_field('enrol', 'status', ENROL_INSTANCE_ENABLED, ['courseid' => $course->id, 'enrol' => 'self']);
            $DB->set_field('enrol', 'customint1', ENROL_SEND_EMAIL_FROM_NOREPLY, ['courseid' => $course->id, 'enrol' => 'manual']);
            $DB->set_field('enrol', 'customint4', ENROL_SEND_EMAIL_FROM_NOREPLY, ['courseid' => $course->id, 'enrol' => 'self']);
        }, true);
        $this->backup = $this->from_elsewhere($this->backup);
        delete_user($there);
        $DB->delete_records('user', ['id' => $there->id]);
        $this->start_worker($this->backup);
        set_config('userdata', 1, 'block_courseferry');
    }

    /**
     * The backup as one that another site made.
     *
     * @param string $backup
     */
    private function from_elsewhere(string $backup): string {
        return $this->repack($backup, function (string $directory): void {
            $manifest = file_get_contents("$directory/moodle_backup.xml");
            $manifest = preg_replace('~(<original_site_identifier_hash>)[0-9a-f]+~', '${1}0123456789abcdef', $manifest);
            $manifest = str_replace('https://www.example.com', 'https://there.example', $manifest);
            file_put_contents("$directory/moodle_backup.xml", $manifest);
        });
    }

    /**
     * Gives the teacher capabilities in the category.
     *
     * @param string ...$capabilities
     */
    private function allow(string ...$capabilities): void {
        global $DB;
        $role = $DB->get_field('role', 'id', ['shortname' => local\installation::TEACHER_ROLE]);
        foreach ($capabilities as $capability) {
            assign_capability($capability, CAP_ALLOW, $role, \context_system::instance()->id, true);
        }
    }

    /**
     * Orders the restore.
     *
     * @param array $options
     * @param string $job
     */
    private function order(array $options, string $job = 'job1'): array {
        return $this->hand_over(['job' => $job, 'remotecourseid' => $this->remotecourseid, 'options' => $options]);
    }

    public function test_whoever_lacks_a_right_is_refused_with_its_name_and_nothing_is_done(): void {
        $courses = $this->courses();
        $refused = function (string $job, array $options): string {
            $entry = $this->order($options, $job);
            $this->assertSame(['failed', 'client.no_capability'], [$entry['state'], $entry['error']]);
            return $entry['errordetail'];
        };
        $this->assertStringContainsString('block/courseferry:can_restore_user_datas', $refused('a', ['students' => 1]));
        $this->assertStringContainsString('block/courseferry:can_restore_user_datas', $refused('b', ['enrolments' => 2]));
        $this->allow('block/courseferry:can_restore_user_datas');
        $this->assertStringContainsString('moodle/restore:userinfo', $refused('c', ['students' => 1]));
        $this->allow('moodle/restore:userinfo');
        set_config('userdata', 0, 'block_courseferry');
        $this->assertStringContainsString('userdata', $refused('d', ['students' => 1]));
        $this->assertSame($courses, $this->courses());
        $this->assertSame([], \core\task\manager::get_adhoc_tasks(task\restore::class));
    }

    public function test_a_right_that_is_lost_before_it_runs_ends_it(): void {
        $this->allow('block/courseferry:can_restore_user_datas', 'moodle/restore:userinfo', 'moodle/restore:createuser');
        $this->assertSame('pending', $this->order(['students' => 1])['state']);
        set_config('userdata', 0, 'block_courseferry');
        $this->run_restores();
        $this->assertSame('client.no_capability', $this->entry()['error']);
        $this->assertSame([], $this->requests());
    }

    public function test_missing_accounts_are_said_by_name_where_they_may_not_be_made(): void {
        global $CFG, $DB;
        $CFG->disableusercreationonrestore = true;
        $this->allow('block/courseferry:can_restore_user_datas', 'moodle/restore:userinfo');
        $users = $DB->count_records('user');
        $courses = $this->courses();
        $this->order(['students' => 1]);
        $this->run_restores();
        $entry = $this->entry();
        $this->assertSame(['failed', 'client.accounts_missing'], [$entry['state'], $entry['error']]);
        $this->assertSame('only-there', $entry['errordetail']);
        $this->assertSame([$users, $courses], [$DB->count_records('user'), $this->courses()]);
        $this->assertFalse($DB->record_exists(made_accounts::TABLE, []));
    }

    public function test_an_account_of_the_same_name_that_is_somebody_elses_is_named_and_nobody_is_given_anothers_work(): void {
        global $DB;
        $this->allow('block/courseferry:can_restore_user_datas', 'moodle/restore:userinfo', 'moodle/restore:createuser');
        $namesake = $this->getDataGenerator()->create_user(['username' => 'only-there', 'email' => 'somebody@else.example']);
        [$users, $courses] = [$DB->count_records('user'), $this->courses()];
        $this->order(['students' => 1]);
        $this->run_restores();
        $entry = $this->entry();
        $this->assertSame(['failed', 'client.account_conflict'], [$entry['state'], $entry['error']]);
        $this->assertSame('only-there', $entry['errordetail']);
        $this->assertSame([$users, $courses], [$DB->count_records('user'), $this->courses()]);
        $this->assertSame([], enrol_get_all_users_courses($namesake->id));
        $this->order(['students' => 0], 'without');
        $this->run_restores();
        $this->assertSame('complete', $this->entry('without')['state'], 'the course comes without them');
    }

    public function test_an_erased_account_loses_its_name_here_and_is_still_not_vouched_for(): void {
        global $DB;
        $this->allow('block/courseferry:can_restore_user_datas', 'moodle/restore:userinfo', 'moodle/restore:createuser');
        $this->order(['students' => 1]);
        $this->run_restores();
        $made = $DB->get_record('user', ['username' => 'only-there']);
        $context = \context_user::instance($made->id)->id;
        $contexts = new \core_privacy\local\request\approved_contextlist($made, 'block_courseferry', [$context]);
        privacy\provider::delete_data_for_user($contexts);
        $this->assertFalse($DB->record_exists(made_accounts::TABLE, ['username' => 'only-there']));
        $this->assertFalse(people::is_vouched_for($made));
        made_accounts::link_stale();
        $this->assertFalse(people::is_vouched_for($made));
        $this->assertSame(1, made_accounts::count_unconfirmed());
    }

    public function test_students_come_with_their_work_and_nobody_is_written_to_or_vouched_for(): void {
        global $DB;
        $this->allow('block/courseferry:can_restore_user_datas', 'moodle/restore:userinfo', 'moodle/restore:createuser');
        $messages = $this->redirectMessages();
        $this->order(['students' => 1]);
        $this->run_restores();
        $entry = $this->entry();
        $this->assertSame(['complete', ''], [$entry['state'], $entry['error']], $entry['errordetail']);
        $context = \context_course::instance($entry['courseid']);
        $names = array_column(get_enrolled_users($context, '', 0, 'u.id, u.username'), 'username');
        $this->assertEqualsCanonicalizing(['only-there', 'on-both', 'tteacher'], $names);
        $both = $DB->get_record('user', ['username' => 'on-both']);
        $task = $DB->get_record('assign', ['course' => $entry['courseid'], 'name' => 'Task']);
        $grades = grade_get_grades($entry['courseid'], 'mod', 'assign', $task->id, $both->id);
        $this->assertEquals(70, $grades->items[0]->grades[$both->id]->grade);
        $this->assertSame([], $messages->get_messages(), 'nobody is welcomed');

        $made = $DB->get_record('user', ['username' => 'only-there']);
        $rows = $DB->get_records(made_accounts::TABLE);
        $this->assertSame([(string)$made->id], array_column($rows, 'userid'));
        $this->assertFalse(people::is_vouched_for($made));
        $this->assertTrue(people::is_vouched_for($both));
        $this->setUser($made);
        $this->assertSame('untrustedaccount', local\launch::refusal());
        $this->as_service();
        $this->assertFalse((bool)$this->call('get_user_access', [(int)$made->id])['vouchedfor']);

        $this->setAdminUser();
        $sink = $this->redirectEvents();
        made_accounts::confirm((int)reset($rows)->id, (int)get_admin()->id);
        $this->assertCount(1, array_filter($sink->get_events(), fn($event) => $event instanceof event\account_confirmed));
        $this->assertTrue(people::is_vouched_for($made));
        $this->assertSame(0, made_accounts::count_unconfirmed());
    }

    /**
     * Who is in a course, as what, and with which work: but for whoever brought it.
     *
     * @param int $courseid
     * @return string[][]
     */
    private function people_in(int $courseid): array {
        global $DB;
        $of = fn(string $columns, string $from): array => $DB->get_fieldset_sql(
            'SELECT ' . $DB->sql_concat_join("' '", explode(', ', "u.username, $columns")) . " AS who
               FROM {user} u $from AND u.id <> :owner
           ORDER BY who",
            ['course' => $courseid, 'owner' => $this->teacher->id],
        );
        return [
            'enrolments' => $of('e.enrol', 'JOIN {user_enrolments} ue ON ue.userid = u.id
                JOIN {enrol} e ON e.id = ue.enrolid WHERE e.courseid = :course'),
            'roles' => $of('r.shortname', 'JOIN {role_assignments} ra ON ra.userid = u.id
                JOIN {role} r ON r.id = ra.roleid
                JOIN {context} c ON c.id = ra.contextid WHERE c.contextlevel = ' . CONTEXT_COURSE . ' AND c.instanceid = :course'),
            'grades' => $of('gi.itemtype, gg.finalgrade', 'JOIN {grade_grades} gg ON gg.userid = u.id AND gg.finalgrade > 0
                JOIN {grade_items} gi ON gi.id = gg.itemid WHERE gi.courseid = :course'),
            'posts' => $of('d.name', 'JOIN {forum_discussions} d ON d.userid = u.id WHERE d.course = :course'),
            'groups' => $of('g.name', 'JOIN {groups_members} gm ON gm.userid = u.id
                JOIN {groups} g ON g.id = gm.groupid WHERE g.courseid = :course'),
        ];
    }

    public function test_students_and_their_work_are_those_that_cores_own_page_brings(): void {
        $this->allow('block/courseferry:can_restore_user_datas', 'moodle/restore:userinfo', 'moodle/restore:createuser');
        foreach ([\backup::ENROL_WITHUSERS, \backup::ENROL_NEVER] as $enrolments) {
            $this->order(['students' => 1, 'enrolments' => $enrolments], "job$enrolments");
            $this->run_restores();
            $entry = $this->entry("job$enrolments");
            $this->assertSame('complete', $entry['state'], $entry['errordetail']);
            $this->setAdminUser();
            $theirs = \restore_dbops::create_new_course('Theirs', "THEIRS$enrolments", $this->category->id);
            $settings = ['users' => 1, 'enrolments' => $enrolments];
            $this->by_core($this->backup, $theirs, \backup::TARGET_NEW_COURSE, $settings);
            $ours = $this->people_in($entry['courseid']);
            $this->assertSame($this->people_in($theirs), $ours);
            $this->assertSame(['only-there Lab A'], $ours['groups']);
            $this->assertNotContains([], $ours);
        }
    }

    public function test_a_process_that_dies_leaves_no_account_that_is_vouched_for(): void {
        global $DB;
        $this->allow('block/courseferry:can_restore_user_datas', 'moodle/restore:userinfo', 'moodle/restore:createuser');
        $this->order(['students' => 1], 'counted');
        $writes = $this->run_process('counted');
        $this->assertSame('complete', $this->entry('counted')['state'], $this->output);
        $made = $DB->get_record('user', ['username' => 'only-there']);
        $DB->delete_records('user', ['id' => $made->id]);
        $DB->delete_records(made_accounts::TABLE);
        $seen = 0;
        $this->order(['students' => 1], 'dying');
        foreach ([3, 4, 5, 6, 7, 8] as $tenth) {
            $this->run_process('dying', intdiv($writes * $tenth, 10));
            $made = $DB->get_record('user', ['username' => 'only-there']);
            if ($made) {
                $seen++;
                $this->assertFalse(people::is_vouched_for($made), "killed at $tenth tenths");
            }
        }
        $this->assertGreaterThan(0, $seen);
        $this->run_process('dying');
        $this->assertSame('complete', $this->entry('dying')['state'], $this->output);
        $this->assertFalse(people::is_vouched_for($DB->get_record('user', ['username' => 'only-there'])));
    }

    /**
     * The accounts that a restore may make, noted as it does before it makes any.
     *
     * @param string $job the restore
     */
    private function expecting(string $job): made_accounts {
        $this->order(['students' => 1], $job);
        $record = local\restore_record::find($job);
        $file = make_request_directory() . '/backup.mbz';
        file_put_contents($file, $this->backup);
        $accounts = new made_accounts(local\unpacked_backup::unpack($record, $file), $record);
        $accounts->expect();
        return $accounts;
    }

    public function test_an_account_that_two_restores_expect_is_noted_whichever_of_them_makes_it(): void {
        global $DB;
        $this->allow('block/courseferry:can_restore_user_datas', 'moodle/restore:userinfo', 'moodle/restore:createuser');
        $failing = $this->expecting('failing');
        $making = $this->expecting('making');
        $failing->link();
        $made = $this->getDataGenerator()->create_user(['username' => 'only-there']);
        $this->assertFalse(people::is_vouched_for($made), 'while it is being made');
        $making->link();
        $this->assertFalse(people::is_vouched_for($made), 'once it is made');
        $this->assertSame('making', $DB->get_field(made_accounts::TABLE, 'job', ['userid' => $made->id]));
    }

    public function test_an_account_of_two_restores_is_confirmed_once(): void {
        global $DB;
        $this->allow('block/courseferry:can_restore_user_datas', 'moodle/restore:userinfo', 'moodle/restore:createuser');
        $first = $this->expecting('first');
        $second = $this->expecting('second');
        $made = $this->getDataGenerator()->create_user(['username' => 'only-there']);
        $first->link();
        $this->setAdminUser();
        $row = $DB->get_record(made_accounts::TABLE, ['userid' => $made->id]);
        made_accounts::confirm((int)$row->id, (int)get_admin()->id);
        $second->link();
        $this->assertTrue(people::is_vouched_for($made));
        $this->assertSame(1, $DB->count_records(made_accounts::TABLE));
    }

    public function test_two_notes_of_one_account_are_confirmed_together(): void {
        global $DB;
        $made = $this->getDataGenerator()->create_user(['username' => 'only-there']);
        // Two restores that end in the same moment both take the account for theirs.
        foreach (['first', 'second'] as $job) {
            $row = ['username' => $made->username, 'userid' => $made->id, 'job' => $job, 'timecreated' => time()];
            $id = $DB->insert_record(made_accounts::TABLE, (object)$row);
        }
        $this->setAdminUser();
        $this->assertSame(1, made_accounts::count_unconfirmed());
        made_accounts::confirm((int)$id, (int)get_admin()->id);
        $this->assertTrue(people::is_vouched_for($made));
    }

    public function test_enrolment_methods_come_as_wanted_and_welcome_people_again_afterwards(): void {
        global $DB;
        $this->allow('block/courseferry:can_restore_user_datas', 'moodle/restore:userinfo', 'moodle/restore:createuser');
        $methods = function (string $job) use ($DB): array {
            $course = $this->entry($job)['courseid'];
            $enabled = ['courseid' => $course, 'status' => ENROL_INSTANCE_ENABLED];
            return $DB->get_records_menu('enrol', $enabled, 'enrol', 'enrol, customint1');
        };
        $messages = $this->redirectMessages();
        $this->order(['students' => 1, 'enrolments' => 1], 'with');
        $this->order(['enrolments' => 2], 'methods');
        $this->order(['students' => 1], 'none');
        $this->run_restores();
        foreach (['with', 'methods', 'none'] as $job) {
            $this->assertSame('complete', $this->entry($job)['state'], $this->entry($job)['errordetail']);
        }
        $this->assertSame(['manual'], array_keys($methods('none')));
        $this->assertContains('self', array_keys($methods('with')));
        $this->assertContains('self', array_keys($methods('methods')));
        $this->assertEquals(ENROL_SEND_EMAIL_FROM_NOREPLY, $methods('with')['manual']);
        $self = fn(string $job): array => ['courseid' => $this->entry($job)['courseid'], 'enrol' => 'self'];
        $this->assertEquals(ENROL_SEND_EMAIL_FROM_NOREPLY, $DB->get_field('enrol', 'customint4', $self('with')));
        $enrolled = array_keys(get_enrolled_users(\context_course::instance($this->entry('methods')['courseid'])));
        $this->assertEquals([$this->teacher->id], $enrolled, 'methods without people');
        $this->assertSame([], $messages->get_messages(), 'nobody is welcomed');
    }
}
