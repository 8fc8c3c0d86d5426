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
 * Addresses at the Worker.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \block_courseferry\local\worker_url
 */
final class worker_url_test extends \basic_testcase {
    public function test_an_origin_is_taken_as_it_is_typed_without_slash_default_port_and_capitals(): void {
        foreach (
            [
            'https://ferry.example.org' => 'https://ferry.example.org',
            ' HTTPS://Ferry.Example.ORG/ ' => 'https://ferry.example.org',
            'https://ferry.example.org:443' => 'https://ferry.example.org',
            'https://ferry.example.org:8443' => 'https://ferry.example.org:8443',
            'http://127.0.0.1:8787' => 'http://127.0.0.1:8787',
            'http://localhost:80/' => 'http://localhost',
            'http://[::1]:8787' => 'http://[::1]:8787',
            ] as $typed => $origin
        ) {
            $this->assertSame($origin, worker_url::parse($typed)?->origin());
        }
    }

    public function test_what_is_no_origin_or_not_encrypted_is_refused(): void {
        foreach (
            [
            '', 'ferry.example.org', '//ferry.example.org', 'ftp://ferry.example.org', 'http://ferry.example.org',
            'http://localhost.example.org', 'https://ferry.example.org/path', 'https://user@ferry.example.org',
            'https://user:secret@ferry.example.org', 'https://ferry.example.org?x=1', 'https://ferry.example.org#x', 'https://',
            'https://ferry example.org', "https://ferry.example.org\r\nX: y", 'javascript:alert(1)',
            'https://ferry.example.org:99999',
            ] as $typed
        ) {
            $this->assertSame(null, worker_url::parse($typed));
        }
    }

    public function test_a_download_address_is_made_of_the_origin_the_job_and_the_attempt(): void {
        $url = worker_url::parse('https://ferry.example.org');
        $this->assertSame(
            'https://ferry.example.org/backup/0123456789abcdef0123456789abcdef/3',
            $url->backup('0123456789abcdef0123456789abcdef', 3),
        );
    }

    public function test_no_job_id_can_leave_its_place_in_the_address(): void {
        foreach (['', '..', '../x', 'a/b', 'a?b', 'a#b', 'A', 'ä', "a\n", 'a%2f', '-a', str_repeat('a', 65)] as $job) {
            $this->assertSame(false, worker_url::is_job($job));
        }
        $thrown = false;
        try {
            worker_url::parse('https://ferry.example.org')->backup('../x', 1);
        } catch (\InvalidArgumentException) {
            $thrown = true;
        }
        $this->assertSame(true, $thrown);
    }

    public function test_a_sign_in_comes_back_to_one_page_of_the_origin_and_nowhere_else(): void {
        $url = worker_url::parse('https://ferry.example.org');
        $this->assertSame('https://ferry.example.org/sign-in/return#launch=t', $url->sign_in_return('t'));
    }
}
