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

use block_courseferry\local\installation;

/**
 * What cli/install.php sets up.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers \block_courseferry\local\installation
 */
final class installation_test extends companion_testcase {
    public function test_a_second_run_changes_nothing(): void {
        $first = new installation();
        $token = $first->token(false);
        $this->assertNotEmpty($first->done());
        $second = new installation();
        $this->assertSame($token, $second->token(false));
        $this->assertSame([str_repeat('l', 43), ''], $second->key('launchkey', false));
        $this->assertSame([], $second->done());
    }

    public function test_rotating_makes_new_secrets_and_ends_the_old_token(): void {
        global $DB;
        $installation = new installation();
        $token = $installation->token(false);
        $new = $installation->token(true);
        $this->assertNotSame($token, $new);
        $this->assertFalse($DB->record_exists('external_tokens', ['token' => $token]));
        [$key, $previous] = $installation->key('servicekey', true);
        $this->assertSame(str_repeat('s', 43), $previous);
        $this->assertSame([$key, 43], [get_config('block_courseferry', 'servicekey'), strlen($key)]);
    }

    public function test_a_function_that_the_service_lost_is_given_back(): void {
        global $DB;
        (new installation())->token(false);
        $lost = ['functionname' => 'block_courseferry_get_readiness'];
        $DB->delete_records('external_services_functions', $lost);
        $again = new installation();
        $again->token(false);
        $this->assertTrue($DB->record_exists('external_services_functions', $lost));
        $this->assertSame(['The service has all its functions again.'], $again->done());
    }

    public function test_the_service_user_can_do_nothing_else(): void {
        $this->as_service();
        $system = \context_system::instance();
        $this->assertTrue(has_all_capabilities(['webservice/rest:use', 'block/courseferry:callservice'], $system));
        $this->assertFalse(has_any_capability(
            ['moodle/course:create', 'moodle/user:viewdetails', 'block/courseferry:manage'],
            $system,
        ));
    }

    public function test_the_teachers_role_is_enough_to_restore_where_it_is_assigned_and_nowhere_else(): void {
        $elsewhere = $this->getDataGenerator()->create_category();
        $this->assertNull(local\people::why_not_into((int)$this->teacher->id, (int)$this->category->id));
        $this->assertSame('client.no_capability', local\people::why_not_into((int)$this->teacher->id, (int)$elsewhere->id)->error);
    }
}
