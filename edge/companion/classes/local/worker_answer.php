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
 * The Worker's answer to a call of ours, and what it says of the connection.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class worker_answer {
    /** @var int seconds of difference between the clocks that tokens bear */
    private const CLOCK_LEEWAY = 60;

    /**
     * An answer.
     *
     * @param int $status
     * @param string $body
     * @param string $date
     * @param bool $blocked
     * @param string $error
     */
    public function __construct(
        /** @var int HTTP status; 0 if there was no answer */
        public readonly int $status,
        /** @var string what came */
        public readonly string $body,
        /** @var string the Date header */
        public readonly string $date = '',
        /** @var bool whether Moodle itself refused to connect */
        public readonly bool $blocked = false,
        /** @var string what the HTTP client says */
        public readonly string $error = '',
    ) {
    }

    /**
     * Whether the Worker did what it was asked.
     */
    public function ok(): bool {
        return $this->status >= 200 && $this->status < 300;
    }

    /**
     * Why a call failed: what the HTTP client says, or the status.
     */
    public function problem(): string {
        return $this->error ?: "HTTP $this->status";
    }

    /**
     * The JSON that came; null if it was none.
     */
    public function json(): ?array {
        $json = json_decode($this->body, true);
        return is_array($json) ? $json : null;
    }

    /**
     * What is wrong with the connection, as the end of a language string's name: ok, blocked, unreachable, clock, key,
     * notworker, refused.
     *
     * @param int $now Unix time here
     */
    public function verdict(int $now): string {
        $there = $this->date === '' ? false : strtotime($this->date);
        $haserrorcode = isset($this->json()['error']['code']);
        return match (true) {
            $this->ok() && $this->json() !== null => 'ok',
            $this->blocked => 'blocked',
            $this->status === 0, $this->status >= 500 && !$haserrorcode => 'unreachable',
            $this->status === 401 && $there !== false && abs($there - $now) > self::CLOCK_LEEWAY => 'clock',
            $this->status === 401 => 'key',
            $haserrorcode => 'refused',
            default => 'notworker',
        };
    }
}
