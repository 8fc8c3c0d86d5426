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

use block_courseferry\local\migration;

/**
 * Moving over from the block that this one replaces.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \block_courseferry\local\migration
 */
final class migration_test extends companion_testcase {
    /** @var string the original's table */
    private const TABLE = 'block_external_backuprestore';

    #[\Override]
    protected function setUp(): void {
        global $DB;
        // Making a table ends a transaction on some databases.
        $this->preventResetByRollback();
        parent::setUp();
        $table = new \xmldb_table(self::TABLE);
        $table->add_field('id', XMLDB_TYPE_INTEGER, '10', null, XMLDB_NOTNULL, XMLDB_SEQUENCE);
        $table->add_field('externalcoursename', XMLDB_TYPE_CHAR, '254', null, XMLDB_NOTNULL);
        $table->add_field('externalmoodleurl', XMLDB_TYPE_CHAR, '256', null, XMLDB_NOTNULL);
        $numbers = [
            'userid', 'externalcourseid', 'internalcategory', 'status', 'courseid', 'withuserdatas', 'timecreated', 'timemodified',
        ];
        foreach ($numbers as $name) {
            $table->add_field($name, XMLDB_TYPE_INTEGER, '10', null, XMLDB_NOTNULL, null, '0');
        }
        $table->add_key('primary', XMLDB_KEY_PRIMARY, ['id']);
        $DB->get_manager()->create_table($table);
    }

    #[\Override]
    protected function tearDown(): void {
        global $DB;
        $DB->get_manager()->drop_table(new \xmldb_table(self::TABLE));
        parent::tearDown();
    }

    /**
     * Adds a row of the original's.
     *
     * @param array $values what is otherwise than in an ordinary scheduled one
     * @return int its id
     */
    private function row(array $values): int {
        global $DB;
        static $course = 100;
        return (int)$DB->insert_record(self::TABLE, (object)($values + [
            'userid' => $this->teacher->id, 'externalcourseid' => $course++, 'externalcoursename' => 'Optics',
            'externalmoodleurl' => 'https://sciences.example', 'timecreated' => 100, 'timemodified' => 200,
        ]));
    }

    public function test_what_does_not_come_along_as_it_is_is_said(): void {
        $nobody = $this->row(['userid' => 0]);
        $data = $this->row(['withuserdatas' => 1]);
        $category = $this->row(['internalcategory' => 999999]);
        $first = $this->row(['externalcourseid' => 7]);
        $second = $this->row(['externalcourseid' => 7]);
        $this->row(['internalcategory' => $this->category->id]);
        $migration = new migration();
        $this->assertSame([
            "1 belong to nobody, or to users who are gone, and stay behind (rows $nobody).",
            "1 are of a course that is restored or scheduled already, and stay behind (rows $second).",
            "1 bring students' data, for owners who may have them where this site's setting \"userdata\" and the remote allow it "
                . "(rows $data).",
            "1 were to go to a category that is gone, and go to the default category (rows $category).",
        ], $migration->notes());
        $this->assertSame(['scheduled' => 4], $migration->counts());
        $sql = iterator_to_array($migration->rows(), false);
        $this->assertCount(4, preg_grep('/^-- /', $sql));
        $this->assertCount(4, preg_grep('/^INSERT /', $sql));
        $this->assertGreaterThan($first, $second);
    }

    public function test_who_may_create_courses_but_not_restore_them_is_named_before_their_restores_fail(): void {
        $creator = $this->getDataGenerator()->create_user();
        $role = $this->getDataGenerator()->create_role();
        assign_capability('moodle/course:create', CAP_ALLOW, $role, \context_system::instance()->id);
        role_assign($role, $creator->id, \context_system::instance()->id);
        set_config('defaultcategory', $this->category->id, 'block_my_external_backup_restore_courses');
        $waits = $this->row(['userid' => $creator->id]);
        $this->row(['userid' => $creator->id, 'status' => 2, 'courseid' => $this->getDataGenerator()->create_course()->id]);
        $this->row(['userid' => $this->teacher->id]);
        $this->assertSame([
            "1 wait for people who may not restore into the category, and fail unless they get a role that may, as "
                . "\"cli/install.php --role\" makes (rows $waits).",
        ], (new migration())->notes());
    }

    public function test_nothing_is_said_where_all_comes_along(): void {
        $this->row([]);
        $this->row(['status' => 2, 'courseid' => $this->getDataGenerator()->create_course()->id]);
        $this->assertSame([], (new migration())->notes());
    }

    public function test_settings_that_were_saved_are_lines_for_the_worker_and_no_others(): void {
        $original = 'block_my_external_backup_restore_courses';
        $saved = [
            'defaultcategory' => '', 'onlyoneremoteinstance' => '0', 'timelimitedmod' => '1', 'limitstart_hour' => '7',
            'limitstart_minute' => '5', 'search_roles' => "'editingteacher'", 'categorytable' => 'course_categories',
        ];
        foreach ($saved as $name => $value) {
            set_config($name, $value, $original);
        }
        $this->assertSame([
            'client_wwwroot = "https://www.example.com/moodle"',
            'timezone = "Australia/Perth"',
            'onlyoneremoteinstance = "0"',
            'timelimitedmod = "1"',
            'limitstart = "07:05"',
        ], (new migration())->worker_settings());
    }

    public function test_where_the_folder_of_the_original_is_gone_it_is_said_that_its_task_cannot_run(): void {
        $sentence = "The original's scheduled task cannot run: that block's folder is not here.";
        $this->assertContains($sentence, (new migration())->apply());
        $this->assertContains($sentence, (new migration())->undo());
    }
}
