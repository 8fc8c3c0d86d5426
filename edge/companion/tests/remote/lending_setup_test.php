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
 * Setting a Moodle up to lend.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 *
 * @covers     \block_courseferry\remote\lending_setup
 * @covers     \block_courseferry\local\service_setup
 */
final class lending_setup_test extends lending_testcase {
    public function test_done_twice_it_changes_nothing(): void {
        global $CFG;
        $first = new lending_setup();
        $this->assertFalse($first->is_made());
        $entry = $first->entry(token_change::keep);
        $this->assertTrue($first->is_made());
        $this->assertNotSame([], $first->done());
        $this->assertMatchesRegularExpression('~^' . preg_quote($CFG->wwwroot) . ',[0-9a-f]{32}$~', $entry);
        $again = new lending_setup();
        $this->assertSame($entry, $again->entry(token_change::keep));
        $this->assertSame([], $again->done());
    }

    public function test_the_account_may_do_just_what_it_needs(): void {
        global $DB;
        $this->as_client();
        $functions = $DB->get_fieldset_sql('SELECT f.functionname FROM {external_services_functions} f
            JOIN {external_services} s ON s.id = f.externalserviceid WHERE s.shortname = ? AND s.restrictedusers = 1', [
            download::SERVICE,
        ]);
        $this->assertEqualsCanonicalizing([
            'block_courseferry_remote_get_courses', 'block_courseferry_remote_get_contents',
            'block_courseferry_remote_start_backup', 'block_courseferry_remote_get_backups',
            'block_courseferry_remote_delete_backups', 'core_webservice_get_site_info',
        ], $functions);
        $context = \context_system::instance();
        $needed = ['webservice/rest:use', 'block/courseferry:can_see_backup_courses', 'block/courseferry:can_retrieve_courses'];
        foreach ($needed as $may) {
            $this->assertTrue(has_capability($may, $context));
        }
        foreach (['block/courseferry:callservice', 'moodle/backup:backupcourse', 'moodle/user:viewdetails'] as $not) {
            $this->assertFalse(has_capability($not, $context));
        }
    }

    public function test_a_rotated_token_is_good_for_a_day_a_stolen_one_not_a_moment(): void {
        global $DB;
        $old = $this->as_client();
        $this->setAdminUser();
        $rotated = explode(',', (new lending_setup())->entry(token_change::rotate))[1];
        $this->assertNotSame($old, $rotated);
        $this->assertEqualsWithDelta(time() + DAYSECS, $DB->get_field('external_tokens', 'validuntil', ['token' => $old]), 60);
        $this->assertSame($rotated, explode(',', (new lending_setup())->entry(token_change::keep))[1]);
        $stolen = explode(',', (new lending_setup())->entry(token_change::stolen))[1];
        $this->assertSame([$stolen], $DB->get_fieldset_select('external_tokens', 'token', 'token IN (?, ?, ?)', [
            $old, $rotated, $stolen,
        ]));
    }

    public function test_each_client_has_its_own_account(): void {
        $this->assertNotSame($this->as_client('north'), $this->as_client('south'));
        foreach (['North', 'a b', '../x', str_repeat('a', 41)] as $name) {
            $this->assertSame('invalidparameter', $this->code_of(fn() => new lending_setup($name)));
        }
    }
}
