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
 * The states of a restore in this Moodle, in the words that the Worker uses.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
enum state: string {
    case pending = 'pending';
    case downloading = 'downloading';
    case extracting = 'extracting';
    case restoring = 'restoring';
    case complete = 'complete';
    case partiallyrestored = 'partiallyrestored';
    case failed = 'failed';
    case cancelled = 'cancelled';

    /**
     * The states in which a process should be at work or about to be.
     *
     * @return string[]
     */
    public static function unfinished(): array {
        return array_column(array_filter(self::cases(), fn(self $state) => !$state->is_over()), 'value');
    }

    /**
     * Whether nothing will happen any more in this attempt.
     */
    public function is_over(): bool {
        return $this->is_restored() || $this === self::failed || $this === self::cancelled;
    }

    /**
     * Whether the course is there, for good.
     */
    public function is_restored(): bool {
        return $this === self::complete || $this === self::partiallyrestored;
    }

    /**
     * Whether it may still be cancelled: the course is not begun.
     */
    public function is_cancellable(): bool {
        return in_array($this, [self::pending, self::downloading, self::extracting], true);
    }
}
