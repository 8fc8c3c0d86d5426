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
 * What the test of the connection says.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

namespace block_courseferry\local;

$verdict = fn(...$answer): string => (new worker_answer(...($answer + ['body' => ''])))->verdict(1_000_000);
$date = fn(int $time): string => gmdate('D, d M Y H:i:s', $time) . ' GMT';

return [
    'a Worker that answers in JSON is connected' => fn() => same('ok', $verdict(status: 200, body: '{"ok":true}')),
    'a page instead of JSON is not the Worker' => fn() => same('notworker', $verdict(status: 200, body: '<html>')),
    'an address that is not there is not the Worker' => fn() => same('notworker', $verdict(status: 404)),
    'a redirect is not followed and is not the Worker' => fn() => same('notworker', $verdict(status: 302)),
    'no answer is unreachable' => fn() => same('unreachable', $verdict(status: 0, error: 'Connection refused')),
    'an error of a gateway is unreachable' => fn() => same('unreachable', $verdict(status: 502)),
    'a host that Moodle blocks is told apart' => fn() => same('blocked', $verdict(status: 0, blocked: true, error: 'The URL is blocked.')),
    'a refused token with clocks that agree is a wrong key' => fn() => same('key', $verdict(status: 401, date: $date(1_000_030))),
    'a refused token with clocks that differ is the clock' => fn() => same('clock', $verdict(status: 401, date: $date(1_000_300))),
    'any other refusal in the Worker\'s form is shown as it is' =>
        fn() => same('refused', $verdict(status: 403, body: '{"error":{"code":"access.denied"}}')),
];
