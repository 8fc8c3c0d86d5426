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
 * How far this Moodle is connected to the Worker, for the settings page and its test.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class connection {
    /** @var string the service that db/services.php defines */
    public const SERVICE = 'courseferry';

    /**
     * Calls the Worker and says what came of it.
     *
     * @return array{ok: bool, text: string}
     */
    public static function test(): array {
        global $CFG;
        $worker = worker::configured();
        if (!$worker) {
            return ['ok' => false, 'text' => self::status()];
        }
        $answer = $worker->call('companion/check', [
            'wwwroot' => $CFG->wwwroot,
            'version' => (string)get_config('block_courseferry', 'version'),
        ]);
        $verdict = $answer->verdict(time());
        if ($verdict === 'ok') {
            set_config('lastcheck', time(), 'block_courseferry');
        }
        $refusal = $answer->json()['error'] ?? [];
        $host = parse_url($worker->url->origin());
        return ['ok' => $verdict === 'ok', 'text' => get_string("connection_$verdict", 'block_courseferry', (object)[
            'origin' => $worker->url->origin(),
            'host' => $host['host'],
            'port' => $host['port'] ?? ($host['scheme'] === 'https' ? 443 : 80),
            'status' => $answer->status,
            'detail' => s($verdict === 'refused'
                ? trim(($refusal['code'] ?? '') . ' ' . ($refusal['message'] ?? ''))
                : $answer->error),
            'here' => gmdate('H:i:s') . ' UTC',
            'there' => s($answer->date),
        ])];
    }

    /**
     * One sentence: connected, or what comes next. All of it is the second of the four steps that the Worker's pages count.
     */
    public static function status(): string {
        $config = get_config('block_courseferry');
        $next = match (true) {
            !self::has_token() => 'nexttoken',
            worker::configured() === null => 'nextkeys',
            empty($config->lastcheck) => 'nexttest',
            default => null,
        };
        return $next === null
            ? get_string('connected', 'block_courseferry', userdate($config->lastcheck))
            : get_string('notconnectedstep', 'block_courseferry') . ' ' . get_string($next, 'block_courseferry');
    }

    /**
     * Whether somebody may call the web services: a token was made.
     */
    private static function has_token(): bool {
        global $DB;
        return $DB->record_exists_sql('SELECT 1 FROM {external_tokens} t JOIN {external_services} s ON s.id = t.externalserviceid
            WHERE s.shortname = :service AND s.enabled = 1', ['service' => self::SERVICE]);
    }
}
