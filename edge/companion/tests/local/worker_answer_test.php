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
 * What the test of the connection says.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \block_courseferry\local\worker_answer
 */
final class worker_answer_test extends \basic_testcase {
    /**
     * What an answer says of the connection.
     *
     * @param mixed ...$answer its fields by name
     */
    private static function verdict(mixed ...$answer): string {
        return (new worker_answer(...($answer + ['body' => ''])))->verdict(1_000_000);
    }

    /**
     * A Date header.
     *
     * @param int $time Unix time
     */
    private static function date(int $time): string {
        return gmdate('D, d M Y H:i:s', $time) . ' GMT';
    }

    public function test_a_worker_that_answers_in_json_is_connected(): void {
        $this->assertSame('ok', self::verdict(status: 200, body: '{"ok":true}'));
    }

    public function test_a_page_instead_of_json_is_not_the_worker(): void {
        $this->assertSame('notworker', self::verdict(status: 200, body: '<html>'));
    }

    public function test_an_address_that_is_not_there_is_not_the_worker(): void {
        $this->assertSame('notworker', self::verdict(status: 404));
    }

    public function test_a_redirect_is_not_followed_and_is_not_the_worker(): void {
        $this->assertSame('notworker', self::verdict(status: 302));
    }

    public function test_no_answer_is_unreachable(): void {
        $this->assertSame('unreachable', self::verdict(status: 0, error: 'Connection refused'));
    }

    public function test_an_error_of_a_gateway_is_unreachable(): void {
        $this->assertSame('unreachable', self::verdict(status: 502));
    }

    public function test_a_host_that_moodle_blocks_is_told_apart(): void {
        $this->assertSame('blocked', self::verdict(status: 0, blocked: true, error: 'The URL is blocked.'));
    }

    public function test_a_refused_token_with_clocks_that_agree_is_a_wrong_key(): void {
        $this->assertSame('key', self::verdict(status: 401, date: self::date(1_000_030)));
    }

    public function test_a_refused_token_with_clocks_that_differ_is_the_clock(): void {
        $this->assertSame('clock', self::verdict(status: 401, date: self::date(1_000_300)));
    }

    public function test_any_other_refusal_in_the_workers_form_is_shown_as_it_is(): void {
        $this->assertSame('refused', self::verdict(status: 403, body: '{"error":{"code":"access.denied"}}'));
    }
}
