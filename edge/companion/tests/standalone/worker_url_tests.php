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

/**
 * Addresses at the Worker.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

namespace block_courseferry\local;

return [
    'an origin is taken as it is typed, without slash, default port and capitals' => function () {
        foreach ([
            'https://ferry.example.org' => 'https://ferry.example.org',
            ' HTTPS://Ferry.Example.ORG/ ' => 'https://ferry.example.org',
            'https://ferry.example.org:443' => 'https://ferry.example.org',
            'https://ferry.example.org:8443' => 'https://ferry.example.org:8443',
            'http://127.0.0.1:8787' => 'http://127.0.0.1:8787',
            'http://localhost:80/' => 'http://localhost',
            'http://[::1]:8787' => 'http://[::1]:8787',
        ] as $typed => $origin) {
            same($origin, worker_url::parse($typed)?->origin());
        }
    },
    'what is no origin, or not encrypted, is refused' => function () {
        foreach ([
            '', 'ferry.example.org', '//ferry.example.org', 'ftp://ferry.example.org', 'http://ferry.example.org',
            'http://localhost.example.org', 'https://ferry.example.org/path', 'https://user@ferry.example.org',
            'https://user:secret@ferry.example.org', 'https://ferry.example.org?x=1', 'https://ferry.example.org#x', 'https://',
            'https://ferry example.org', "https://ferry.example.org\r\nX: y", 'javascript:alert(1)', 'https://ferry.example.org:99999',
        ] as $typed) {
            same(null, worker_url::parse($typed));
        }
    },
    'a download address is made of the origin, the job and the attempt' => function () {
        $url = worker_url::parse('https://ferry.example.org');
        same('https://ferry.example.org/backup/0123456789abcdef0123456789abcdef/3', $url->backup('0123456789abcdef0123456789abcdef', 3));
    },
    'no job id can leave its place in the address' => function () {
        foreach (['', '..', '../x', 'a/b', 'a?b', 'a#b', 'A', 'ä', "a\n", 'a%2f', '-a', str_repeat('a', 65)] as $job) {
            same(false, worker_url::is_job($job));
        }
        $thrown = false;
        try {
            worker_url::parse('https://ferry.example.org')->backup('../x', 1);
        } catch (\InvalidArgumentException) {
            $thrown = true;
        }
        same(true, $thrown);
    },
    'a sign-in comes back to one page of the origin and nowhere else' => function () {
        $url = worker_url::parse('https://ferry.example.org');
        same('https://ferry.example.org/sign-in/return#launch=t', $url->sign_in_return('t'));
    },
];
