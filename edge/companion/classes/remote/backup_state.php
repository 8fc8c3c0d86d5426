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

/**
 * How far a lent backup is.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
enum backup_state: string {
    case waiting = 'waiting';
    case running = 'running';
    case ready = 'ready';
    case failed = 'failed';
    case removed = 'removed';
    case expired = 'expired';

    /**
     * Whether a process has yet to work on it, or works on it.
     */
    public function is_unfinished(): bool {
        return $this === self::waiting || $this === self::running;
    }

    /**
     * Whether nothing of it is kept. The client is not told which of the two it was.
     */
    public function is_gone(): bool {
        return $this === self::removed || $this === self::expired;
    }
}
