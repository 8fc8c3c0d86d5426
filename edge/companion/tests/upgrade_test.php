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

/**
 * A block of an earlier version gets what is missing.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     ::xmldb_block_courseferry_upgrade
 */
final class upgrade_test extends companion_testcase {
    #[\Override]
    protected function setUp(): void {
        global $CFG;
        require_once($CFG->libdir . '/upgradelib.php');
        require_once(__DIR__ . '/../db/upgrade.php');
        // Changing tables ends a transaction on some databases.
        $this->preventResetByRollback();
        parent::setUp();
    }

    public function test_after_an_upgrade_the_tables_are_those_of_a_fresh_install(): void {
        global $DB;
        $manager = $DB->get_manager();
        $restores = new \xmldb_table('block_courseferry_restore');
        $manager->drop_index($restores, new \xmldb_index('targetcourseid', XMLDB_INDEX_NOTUNIQUE, ['targetcourseid']));
        $manager->drop_field($restores, new \xmldb_field('targetcourseid'));
        $later = ['actorid', 'watermark', 'options', 'sha256', 'downloaded', 'timedownload', 'timefinished', 'timeremoval'];
        foreach ($later as $name) {
            $manager->drop_field($restores, new \xmldb_field($name));
        }
        $manager->change_field_precision($restores, new \xmldb_field('fullname', XMLDB_TYPE_CHAR, '254'));
        $manager->drop_table(new \xmldb_table('block_courseferry_leftover'));
        $manager->drop_table(new \xmldb_table('block_courseferry_lent'));
        $manager->drop_table(new \xmldb_table('block_courseferry_other'));
        $manager->drop_table(new \xmldb_table('block_courseferry_account'));
        $this->upgrade_from(2026112400);
        $this->as_service();
        $this->assertSame('pending', $this->hand_over()['state']);
    }

    public function test_an_account_that_was_noted_before_can_be_noted_by_another_restore_after_the_upgrade(): void {
        global $DB;
        $manager = $DB->get_manager();
        $accounts = new \xmldb_table('block_courseferry_account');
        $manager->drop_key($accounts, new \xmldb_key('once', XMLDB_KEY_UNIQUE, ['job', 'username']));
        $manager->drop_index($accounts, new \xmldb_index('username', XMLDB_INDEX_NOTUNIQUE, ['username']));
        $manager->add_key($accounts, new \xmldb_key('username', XMLDB_KEY_UNIQUE, ['username']));
        $manager->add_index($accounts, new \xmldb_index('job', XMLDB_INDEX_NOTUNIQUE, ['job']));
        $DB->insert_record('block_courseferry_account', (object)['username' => 'someone', 'job' => 'before']);

        $this->upgrade_from(2026112671);
        $DB->insert_record('block_courseferry_account', (object)['username' => 'someone', 'job' => 'after']);
        $this->assertSame(2, $DB->count_records('block_courseferry_account', ['username' => 'someone']));
    }

    /**
     * Upgrades, and sees that the tables and the version are those of a fresh install.
     *
     * @param int $version of the block before
     */
    private function upgrade_from(int $version): void {
        global $DB;
        set_config('version', $version, 'block_courseferry');
        ob_start();
        $this->assertTrue(xmldb_block_courseferry_upgrade($version));
        ob_end_clean();

        $file = new \xmldb_file(__DIR__ . '/../db/install.xml');
        $file->loadXMLStructure();
        $this->assertSame([], $DB->get_manager()->check_database_schema($file->getStructure(), ['extratables' => false]));
        $plugin = new \stdClass();
        require(__DIR__ . '/../version.php');
        $this->assertEquals($plugin->version, get_config('block_courseferry', 'version'));
    }
}
