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
 * Addresses at the Worker, all built from the one configured origin. It fetches nothing.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class worker_url {
    /** @var string what a job's id may look like; it becomes part of addresses and file names */
    private const JOB = '/^[0-9a-z][0-9a-z-]{0,63}$/D';

    /** @var string the page of the Worker that a sign-in comes back to, and the only one that launch.php leads to */
    public const SIGN_IN_RETURN = '/sign-in/return';

    /**
     * Use parse().
     *
     * @param string $origin scheme, host and port, as they are compared
     */
    private function __construct(
        /** @var string scheme, host and port */
        private readonly string $origin,
    ) {
    }

    /**
     * Takes an origin as an administrator types it. Https, or plain http for loopback only; no path, user or query.
     *
     * @return self|null null if it is no such origin
     */
    public static function parse(string $typed): ?self {
        $parts = parse_url(trim($typed));
        if (!is_array($parts) || array_diff(array_keys($parts), ['scheme', 'host', 'port', 'path'])) {
            return null;
        }
        $scheme = strtolower($parts['scheme'] ?? '');
        $host = strtolower($parts['host'] ?? '');
        $loopback = in_array($host, ['localhost', '127.0.0.1', '[::1]'], true) || str_ends_with($host, '.localhost');
        if (!preg_match('/^([a-z0-9.-]+|\[[0-9a-f:]+\])$/D', $host) || ($parts['path'] ?? '/') !== '/') {
            return null;
        }
        if ($scheme !== 'https' && !($scheme === 'http' && $loopback)) {
            return null;
        }
        $default = $scheme === 'https' ? 443 : 80;
        $port = ($parts['port'] ?? $default) === $default ? '' : ":{$parts['port']}";
        return new self("$scheme://$host$port");
    }

    /**
     * The origin, without a slash at its end.
     */
    public function origin(): string {
        return $this->origin;
    }

    /**
     * The widget's module.
     *
     * @param string $integrity the hash that pins a build of it, by which its name is known; empty for the newest build
     */
    public function widget(string $integrity = ''): string {
        if (!self::is_integrity($integrity)) {
            return "$this->origin/widget/courseferry.js";
        }
        $hash = bin2hex(base64_decode(substr($integrity, strlen('sha256-'))));
        return "$this->origin/widget/files/courseferry-" . substr($hash, 0, 16) . '.js';
    }

    /**
     * Whether this is a hash as browsers compare it, of the one kind that the Worker's deployment prints.
     */
    public static function is_integrity(string $typed): bool {
        return preg_match('~^sha256-[A-Za-z0-9+/]{43}=$~D', $typed) === 1;
    }

    /**
     * Where a job's backup is downloaded.
     *
     * @throws \InvalidArgumentException if the job's id is not one
     */
    public function backup(string $job, int $attempt): string {
        if (!self::is_job($job)) {
            throw new \InvalidArgumentException('not a job id');
        }
        return "$this->origin/backup/$job/$attempt";
    }

    /**
     * A call of ours to the Worker.
     */
    public function api(string $name): string {
        return "$this->origin/api/$name";
    }

    /**
     * Where a visitor comes back to, whom Moodle has logged in. No other page ever gets a launch token in its address.
     *
     * @param string $token the launch token
     */
    public function sign_in_return(#[\SensitiveParameter] string $token): string {
        return $this->origin . self::SIGN_IN_RETURN . "#launch=$token";
    }

    /**
     * Whether this may be a job's id.
     */
    public static function is_job(string $job): bool {
        return preg_match(self::JOB, $job) === 1;
    }
}
