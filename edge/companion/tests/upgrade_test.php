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
    public function test_after_an_upgrade_the_tables_are_those_of_a_fresh_install(): void {
        global $CFG, $DB;
        require_once($CFG->libdir . '/upgradelib.php');
        require_once(__DIR__ . '/../db/upgrade.php');
        // Changing tables ends a transaction on some databases.
        $this->preventResetByRollback();
        $manager = $DB->get_manager();
        $restores = new \xmldb_table('block_courseferry_restore');
        $manager->drop_index($restores, new \xmldb_index('targetcourseid', XMLDB_INDEX_NOTUNIQUE, ['targetcourseid']));
        $manager->drop_field($restores, new \xmldb_field('targetcourseid'));
        foreach (['actorid', 'watermark', 'options', 'sha256', 'downloaded', 'timedownload', 'timefinished'] as $name) {
            $manager->drop_field($restores, new \xmldb_field($name));
        }
        $manager->change_field_precision($restores, new \xmldb_field('fullname', XMLDB_TYPE_CHAR, '254'));
        $manager->drop_table(new \xmldb_table('block_courseferry_leftover'));
        $manager->drop_table(new \xmldb_table('block_courseferry_lent'));
        $manager->drop_table(new \xmldb_table('block_courseferry_other'));
        $manager->drop_table(new \xmldb_table('block_courseferry_account'));
        set_config('version', 2026112400, 'block_courseferry');

        ob_start();
        $this->assertTrue(xmldb_block_courseferry_upgrade(2026112400));
        ob_end_clean();

        $file = new \xmldb_file(__DIR__ . '/../db/install.xml');
        $file->loadXMLStructure();
        $this->assertSame([], $manager->check_database_schema($file->getStructure(), ['extratables' => false]));
        $plugin = new \stdClass();
        require(__DIR__ . '/../version.php');
        $this->assertEquals($plugin->version, get_config('block_courseferry', 'version'));
        $this->as_service();
        $this->assertSame('pending', $this->hand_over()['state']);
    }
}
