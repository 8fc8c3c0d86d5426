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

namespace block_courseferry\local;

/**
 * What a launch token says.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \block_courseferry\local\launch_claims
 */
final class launch_claims_test extends \basic_testcase {
    /**
     * Claims.
     *
     * @param array $change what is otherwise
     */
    private static function claims(array $change = []): array {
        return launch_claims::build(...($change + [
            'user' => [
                'id' => 3, 'username' => 'tteacher', 'fullname' => 'Tina Teacher', 'lang' => 'fr_ca', 'timezone' => 'Europe/Paris',
            ],
            'site' => ['iss' => 'https://moodle.example.org', 'aud' => 'https://ferry.example.org'],
            'access' => ['assignments' => [['roleid' => 1, 'contextid' => 2]], 'siteversion' => 'v1'],
            'real' => null,
            'state' => '',
            'now' => 1000,
            'jti' => 'j1',
        ]));
    }

    public function test_a_token_names_the_user_both_sites_and_five_minutes(): void {
        $this->assertSame([
            'iss' => 'https://moodle.example.org', 'aud' => 'https://ferry.example.org',
            'sub' => '3', 'preferred_username' => 'tteacher',
            'name' => 'Tina Teacher', 'locale' => 'fr-ca', 'zoneinfo' => 'Europe/Paris',
            'iat' => 1000, 'exp' => 1300, 'jti' => 'j1',
            'access' => ['assignments' => [['roleid' => 1, 'contextid' => 2]], 'siteversion' => 'v1'],
        ], self::claims());
    }

    public function test_whoever_is_logged_in_as_somebody_else_is_named_too(): void {
        $this->assertSame(
            ['sub' => '2', 'preferred_username' => 'admin'],
            self::claims(['real' => ['id' => 2, 'username' => 'admin']])['act'],
        );
        $this->assertSame(false, isset(self::claims()['act']));
    }

    public function test_a_state_is_given_back_and_only_where_there_was_one(): void {
        $this->assertSame('s1', self::claims(['state' => 's1'])['state']);
        $this->assertSame(false, isset(self::claims()['state']));
    }

    public function test_many_role_assignments_are_left_out_so_that_the_page_stays_small(): void {
        $many = array_fill(0, 200, ['roleid' => 1, 'contextid' => 2]);
        $this->assertSame(false, isset(self::claims(['access' => ['assignments' => $many, 'siteversion' => 'v1']])['access']));
    }
}
