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
use block_courseferry\local\snapshot;

/**
 * The web services: who may call them, what they answer, and what stays true when they are called twice.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers \block_courseferry\external\service
 */
final class external_test extends companion_testcase {
    public function test_nobody_without_the_services_capability_may_call(): void {
        $calls = [
            'get_readiness' => [0], 'get_site_access' => [''], 'get_user_access' => [2], 'preview' => [2, 1],
            'get_restores' => [[]], 'cancel' => ['job1', 1], 'get_target_courses' => [2], 'find_people' => [2],
            'remove_copy' => ['job1', 2], 'get_arrived' => ['job1', 2],
            'remove_arrived' => ['job1', 2], 'keep_arrived' => ['job1', 2],
            'restore' => [
                'job1',
                1,
                2,
                1,
                self::TICKET,
                1,
                'x',
                [],
            ], 'enrol' => ['job1', 2], 'notify' => ['job1', 1, 'success', 2, [], []],
        ];
        foreach ([$this->teacher, $this->getDataGenerator()->create_user()] as $user) {
            $this->setUser($user);
            foreach ($calls as $name => $arguments) {
                try {
                    $this->call($name, $arguments);
                    $this->fail("$name may be called");
                } catch (\required_capability_exception $e) {
                    $this->assertSame('nopermissions', $e->errorcode);
                }
            }
        }
    }

    public function test_a_database_error_does_not_tell_the_worker_what_was_asked(): void {
        global $DB;
        $this->preventResetByRollback();
        $this->as_service();
        // Without the column by which rows are looked up the function fails in the database.
        $table = new \xmldb_table('block_courseferry_restore');
        $key = new \xmldb_key('job', XMLDB_KEY_UNIQUE, ['job']);
        $field = new \xmldb_field('job', XMLDB_TYPE_CHAR, '64', null, XMLDB_NOTNULL);
        $DB->get_manager()->drop_key($table, $key);
        $DB->get_manager()->rename_field($table, $field, 'away');
        try {
            external\cancel::answer('secret-job', 1);
            $this->fail('it was answered');
        } catch (\moodle_exception $e) {
            $this->assertSame('dmlreadexception', $e->errorcode);
            $this->assertStringNotContainsString('secret-job', "{$e->getMessage()} $e->debuginfo");
            $this->assertStringNotContainsString('SELECT', "{$e->getMessage()} $e->debuginfo");
        } finally {
            $field->setName('away');
            $DB->get_manager()->rename_field($table, $field, 'job');
            $DB->get_manager()->add_key($table, $key);
        }
        $this->assertDebuggingCalled();
    }

    public function test_every_function_for_a_server_hides_database_statements(): void {
        global $CFG;
        $functions = [];
        require($CFG->dirroot . '/blocks/courseferry/db/services.php');
        foreach ($functions as $name => $function) {
            if (is_subclass_of($function['classname'], external\service::class)) {
                $this->assertSame('answer', $function['methodname'] ?? 'execute', $name);
            }
        }
    }

    public function test_the_service_holds_every_function_but_the_browsers(): void {
        global $DB;
        $functions = $DB->get_fieldset_sql('SELECT f.functionname FROM {external_services_functions} f
            JOIN {external_services} s ON s.id = f.externalserviceid
              WHERE s.shortname = ? AND s.restrictedusers = 1', ['courseferry']);
        $this->assertContains('block_courseferry_restore', $functions);
        $this->assertNotContains('block_courseferry_get_launch_token', $functions);
        $this->assertCount(17, $functions);
    }

    public function test_the_site_snapshot_keeps_its_version_until_something_changes(): void {
        $this->as_service();
        $first = $this->call('get_site_access', ['']);
        $this->assertFalse($first['unchanged']);
        $this->assertSame($first['version'], $this->call('get_site_access', [''])['version']);
        $again = $this->call('get_site_access', [$first['version']]);
        $this->assertTrue($again['unchanged']);
        $this->assertNull($again['snapshot']);

        $this->setAdminUser();
        $this->category->hide();
        $this->as_service();
        $changed = $this->call('get_site_access', [$first['version']]);
        $this->assertFalse($changed['unchanged']);
        $category = array_column($changed['snapshot']['contexts'], null, 'id')[$this->category->get_context()->id];
        $this->assertFalse((bool)$category['visible']);
        $this->assertSame('PHY', $category['identifier']);
    }

    public function test_the_site_snapshot_begins_with_the_system_and_names_the_capabilities(): void {
        $this->as_service();
        $snapshot = $this->call('get_site_access', [''])['snapshot'];
        $this->assertSame(CONTEXT_SYSTEM, $snapshot['contexts'][0]['contextlevel']);
        $this->assertEqualsCanonicalizing(snapshot::CAPABILITIES, array_column($snapshot['capabilities'], 'name'));
        $this->assertFalse((bool)$snapshot['site']['originalblock']);
        $this->assertSame(get_config('block_courseferry', 'version'), $snapshot['site']['pluginversion']);
        $this->assertContains((int)get_admin()->id, $snapshot['config']['siteadmins']);
    }

    public function test_identifiers_come_only_from_a_table_and_columns_that_exist(): void {
        $this->as_service();
        foreach (
            [
            ['categorytable', 'course_categories; DROP TABLE x'], ['categorytable', 'nowhere'],
            ['categorytable_foreignkey', 'id = 1 OR id'], ['categorytable_categoryfield', '(SELECT password FROM x)'],
            ] as [$setting, $value]
        ) {
            $before = get_config('block_courseferry', $setting);
            set_config($setting, $value, 'block_courseferry');
            $contexts = $this->call('get_site_access', [''])['snapshot']['contexts'];
            $this->assertSame([''], array_values(array_unique(array_column($contexts, 'identifier'))));
            set_config($setting, $before, 'block_courseferry');
        }
    }

    public function test_a_users_snapshot_holds_their_roles_at_category_level_and_their_state(): void {
        $course = $this->getDataGenerator()->create_and_enrol($this->getDataGenerator()->create_course(), 'editingteacher');
        $this->as_service();
        $user = $this->call('get_user_access', [$this->teacher->id]);
        $this->assertSame('tteacher', $user['username']);
        $this->assertSame(
            [$this->category->get_context()->id],
            array_map(intval(...), array_column($user['assignments'], 'contextid')),
        );
        $this->assertFalse((bool)$user['suspended']);
        $this->assertTrue((bool)$user['vouchedfor']);
        $this->assertSame([], array_intersect(['email', 'firstname', 'lastname'], array_keys($user)), 'nobody reads these');
        $this->assertSame([], $this->call('get_user_access', [$course->id])['assignments']);
        $this->assertSame($this->call('get_site_access', [''])['version'], $user['siteversion']);
    }

    public function test_an_unknown_user_has_no_snapshot(): void {
        $this->as_service();
        $this->expectExceptionObject(new \moodle_exception('usernotfound', 'block_courseferry'));
        $this->call('get_user_access', [999999]);
    }

    public function test_the_preview_says_what_core_would_make_of_a_taken_short_name(): void {
        $this->getDataGenerator()->create_course(['shortname' => 'OPT101']);
        $this->as_service();
        $names = [['fullname' => 'Waves', 'shortname' => 'OPT101'], ['fullname' => 'Waves', 'shortname' => 'FREE']];
        $preview = $this->call('preview', [$this->teacher->id, $this->category->id, 0, $names]);
        $this->assertEquals([true, false], array_column($preview['names'], 'shortnametaken'));
        $this->assertSame(['OPT101_1', 'FREE'], array_column($preview['names'], 'becomesshortname'));
        $this->assertTrue((bool)$preview['category']['exists']);
        $this->assertGreaterThan(0, $preview['freebytes']);
        $this->assertFalse((bool)$this->call('preview', [$this->teacher->id, 999999])['category']['exists']);
        $course = $this->getDataGenerator()->create_course();
        foreach ([[$course->id, true], [SITEID, false], [999999, false], [0, false]] as [$id, $exists]) {
            $found = $this->call('preview', [$this->teacher->id, 0, $id])['course'];
            $this->assertSame([(int)$id, $exists], [(int)$found['id'], (bool)$found['exists']]);
        }
    }

    public function test_the_preview_says_that_an_equal_full_name_changes_both(): void {
        $this->getDataGenerator()->create_course(['fullname' => 'Plain course', 'shortname' => 'PLAIN-2025']);
        $this->as_service();
        $names = [
            ['fullname' => 'Plain course', 'shortname' => 'PLAIN-2026'],
            ['fullname' => 'R&amp;D &lt;b&gt;', 'shortname' => 'RD'],
        ];
        $preview = $this->call('preview', [$this->teacher->id, $this->category->id, 0, $names]);
        $this->assertEquals([
            $names[0] + [
                'fullnametaken' => true, 'shortnametaken' => false,
                'becomesfullname' => 'Plain course copy 1', 'becomesshortname' => 'PLAIN-2026_1',
            ],
            $names[1] + [
                'fullnametaken' => false, 'shortnametaken' => false,
                'becomesfullname' => 'R&amp;D &lt;b&gt;', 'becomesshortname' => 'RD',
            ],
        ], $preview['names']);
        $this->assertGreaterThanOrEqual(254, $preview['maxfullname']);
        $this->assertGreaterThanOrEqual(100, $preview['maxshortname']);
    }

    public function test_no_name_is_refused(): void {
        $this->as_service();
        $max = local\typed_name::max_full();
        foreach (
            [
            'R&amp;D &lt;b&gt;' => 'R&amp;D &lt;b&gt;',
            'vector<int>' => 'vector&lt;int&gt;',
            'HTML: the <canvas> element &amp; more' => 'HTML: the &lt;canvas&gt; element &amp; more',
            'a <3 b' => 'a &lt;3 b',
            '<span lang="en" class="multilang">Waves</span><span lang="fr" class="multilang">Ondes</span>' => null,
            '{mlang en}Optics{mlang}{mlang fr}Optique{mlang}' => null,
            str_repeat('é', 2000) => str_repeat('é', $max),
            ] as $typed => $stored
        ) {
            $job = 'j' . md5($typed);
            $this->assertSame('pending', $this->hand_over(['job' => $job, 'options' => ['fullname' => $typed]])['state'], $typed);
            $this->assertSame($stored ?? $typed, restore_record::find($job)->fullname);
        }
    }

    public function test_a_worker_that_knows_fewer_options_is_understood(): void {
        $this->as_service();
        $arguments = ['job1', 1, (int)$this->teacher->id, (int)$this->category->id, self::TICKET, 1, 'Sciences'];
        $this->assertSame('pending', $this->call('restore', $arguments)['state']);
        $this->assertEquals(new local\restore_options(), restore_record::find('job1')->options);
    }

    public function test_dates_move_only_for_those_who_may_move_them(): void {
        global $DB;
        $this->as_service();
        $entry = $this->hand_over(['options' => ['startdate' => 1795305600]]);
        $this->assertSame(['failed', 'client.no_capability'], [$entry['state'], $entry['error']]);
        $this->assertStringContainsString('moodle/restore:rolldates', $entry['errordetail']);
        $role = $DB->get_field('role', 'id', ['shortname' => local\installation::TEACHER_ROLE]);
        assign_capability('moodle/restore:rolldates', CAP_ALLOW, $role, \context_system::instance()->id);
        $this->assertSame('pending', $this->hand_over(['attempt' => 2, 'options' => ['startdate' => 1795305600]])['state']);
    }

    public function test_a_hand_over_is_pending_and_queues_one_task(): void {
        global $DB;
        $this->as_service();
        $this->assertSame('pending', $this->hand_over()['state']);
        $this->assertSame('pending', $this->hand_over()['state']);
        $task = $DB->get_record('task_adhoc', ['component' => 'block_courseferry'], '*', MUST_EXIST);
        $this->assertEquals($this->teacher->id, $task->userid);
        $this->assertSame('notfound', $this->entry('job2')['state']);
    }

    public function test_attempts_are_fenced(): void {
        $this->as_service();
        $this->hand_over(['attempt' => 2]);
        $this->assertSame('staleattempt', $this->hand_over(['attempt' => 1])['state']);
        $this->assertSame('busy', $this->hand_over(['attempt' => 3])['state']);
        $this->assertSame('pending', $this->call('cancel', ['job1', 1])['state']);
        $this->assertSame('cancelled', $this->call('cancel', ['job1', 2])['state']);
        $this->assertSame('cancelled', $this->hand_over(['attempt' => 2])['state']);
        $this->assertSame('pending', $this->hand_over(['attempt' => 3])['state']);
    }

    public function test_a_hand_over_that_comes_after_its_cancellation_begins_nothing(): void {
        global $DB;
        $this->as_service();
        $this->assertSame('cancelled', $this->call('cancel', ['job1', 1])['state']);
        $this->assertSame('cancelled', $this->hand_over()['state']);
        $this->assertFalse($DB->record_exists('task_adhoc', ['component' => 'block_courseferry']));
    }

    public function test_a_restored_job_answers_so_to_every_attempt(): void {
        global $DB;
        $this->as_service();
        $this->hand_over();
        $DB->set_field(restore_record::TABLE, 'state', 'complete', ['job' => 'job1']);
        $this->assertSame('complete', $this->hand_over(['attempt' => 5])['state']);
        $this->assertSame('complete', $this->call('cancel', ['job1', 5])['state']);
    }

    public function test_owners_who_may_not_are_refused_at_once(): void {
        global $DB;
        $suspended = $this->getDataGenerator()->create_user(['suspended' => 1]);
        $this->may_restore($suspended, $this->category);
        $stranger = $this->getDataGenerator()->create_user();
        $this->as_service();
        foreach (
            [
            ['client.user_inactive', ['job' => 'a', 'userid' => (int)$suspended->id]],
            ['client.user_inactive', ['job' => 'b', 'userid' => 999999]],
            ['client.no_capability', ['job' => 'c', 'userid' => (int)$stranger->id]],
            ['client.category_missing', ['job' => 'd', 'categoryid' => 999999]],
            ] as [$error, $change]
        ) {
            $entry = $this->hand_over($change);
            $this->assertSame(['failed', $error], [$entry['state'], $entry['error']]);
        }
        $this->assertFalse($DB->record_exists('task_adhoc', ['component' => 'block_courseferry']));
    }

    public function test_an_owner_who_may_restore_but_not_create_is_refused(): void {
        $role = $this->getDataGenerator()->create_role();
        assign_capability('moodle/restore:restorecourse', CAP_ALLOW, $role, \context_system::instance()->id);
        $user = $this->getDataGenerator()->create_user();
        role_assign($role, $user->id, $this->category->get_context()->id);
        $this->as_service();
        $this->assertSame('client.no_capability', $this->hand_over(['userid' => (int)$user->id])['error']);
    }

    public function test_what_is_no_job_id_is_refused(): void {
        $this->as_service();
        $this->expectException(\invalid_parameter_exception::class);
        $this->hand_over(['job' => '../../etc']);
    }

    public function test_enrolment_is_only_into_restored_courses(): void {
        global $DB;
        $course = $this->getDataGenerator()->create_course();
        $colleague = $this->getDataGenerator()->create_user();
        $this->as_service();
        $this->hand_over();
        $DB->set_field(restore_record::TABLE, 'courseid', $course->id, ['job' => 'job1']);
        foreach (['job1', 'job2'] as $job) {
            try {
                $this->call('enrol', [$job, $colleague->id]);
                $this->fail('enrolled');
            } catch (\moodle_exception $e) {
                $this->assertSame('client.unknown_job', $e->errorcode);
            }
        }
        $this->assertFalse(is_enrolled(\context_course::instance($course->id), $colleague));
    }

    public function test_a_colleague_is_enrolled_once_with_the_role_of_the_setting(): void {
        global $DB;
        $course = $this->getDataGenerator()->create_course();
        $colleague = $this->getDataGenerator()->create_user();
        set_config('enrollrole', $DB->get_field('role', 'id', ['shortname' => 'teacher']), 'block_courseferry');
        $this->as_service();
        $this->hand_over();
        $DB->update_record(
            restore_record::TABLE,
            (object)['id' => restore_record::find('job1')->id, 'state' => 'complete', 'courseid' => $course->id],
        );
        $sink = $this->redirectEvents();
        $first = $this->call('enrol', ['job1', $colleague->id]);
        $second = $this->call('enrol', ['job1', $colleague->id]);
        $this->assertSame([true, false], [(bool)$first['enrolled'], (bool)$first['already']]);
        $this->assertSame([true, true], [(bool)$second['enrolled'], (bool)$second['already']]);
        $this->assertCount(1, array_filter($sink->get_events(), fn($event) => $event instanceof event\copy_enrolled));
        $this->assertSame('teacher', current(get_user_roles(\context_course::instance($course->id), $colleague->id))->shortname);
    }

    public function test_a_message_is_sent_once_and_links_only_to_this_site(): void {
        $this->as_service();
        $sink = $this->redirectMessages();
        $values = [
            ['name' => 'subject', 'value' => 'Restored'], ['name' => 'text', 'value' => 'It is <there>.'],
            ['name' => 'contexturl', 'value' => 'https://evil.example/'],
        ];
        $first = $this->call('notify', ['job1', 1, 'success', $this->teacher->id, $values, ['one <b>thing</b>']]);
        $this->assertSame($first, $this->call('notify', ['job1', 1, 'success', $this->teacher->id, $values, []]));
        $this->assertCount(1, $first['messageids']);
        [$message] = $sink->get_messages();
        $this->assertSame('restorationsuccess', $message->eventtype);
        $this->assertStringContainsString('/blocks/courseferry/view.php', $message->contexturl);
        $this->assertStringContainsString('It is &lt;there&gt;.', $message->fullmessagehtml);
        $this->assertStringContainsString('one &lt;b&gt;thing&lt;/b&gt;', $message->fullmessagehtml);
        $this->call('notify', ['job1', 1, 'failure', $this->teacher->id, $values, []]);
        $this->assertCount(2, $sink->get_messages());
    }

    public function test_a_deleted_course_is_forgotten(): void {
        global $DB;
        $course = $this->getDataGenerator()->create_course();
        $this->as_service();
        $this->hand_over();
        $DB->update_record(
            restore_record::TABLE,
            (object)['id' => restore_record::find('job1')->id, 'state' => 'complete', 'courseid' => $course->id],
        );
        $this->assertEquals($course->id, $this->entry()['courseid']);
        delete_course($course, false);
        $this->assertSame(['complete', 0], [$this->entry()['state'], $this->entry()['courseid']]);
    }
}
