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
 * The Content-Range header of a resumed download: which bytes came, of how many.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class content_range {
    /**
     * Use parse().
     *
     * @param int|null $start
     * @param int|null $end
     * @param int|null $total
     */
    private function __construct(
        /** @var int|null first byte; null in the answer to a range that could not be served */
        public readonly ?int $start,
        /** @var int|null last byte, likewise */
        public readonly ?int $end,
        /** @var int|null length of the whole file; null if the server does not know it */
        public readonly ?int $total,
    ) {
    }

    /**
     * Reads the header's value.
     *
     * @return self|null null if it is missing or makes no sense
     */
    public static function parse(?string $header): ?self {
        if (
            !preg_match(
                '~^\s*bytes\s+(?:(\d{1,18})-(\d{1,18})|\*)/(\d{1,18}|\*)\s*$~Di',
                $header ?? '',
                $match,
                PREG_UNMATCHED_AS_NULL,
            )
        ) {
            return null;
        }
        [, $start, $end, $total] = array_map(fn($number) => is_numeric($number) ? (int)$number : null, $match);
        if ($start === null && $total === null) {
            return null;
        }
        if ($start !== null && ($end < $start || ($total !== null && $end >= $total))) {
            return null;
        }
        return new self($start, $end, $total);
    }

    /**
     * Whether these bytes may be appended to a file that has so many already.
     *
     * @param int $have bytes that we have
     * @param int $expected length of the whole file as told before; 0 if it was not
     */
    public function continues(int $have, int $expected): bool {
        return $this->start === $have && ($expected === 0 || $this->total === null || $this->total === $expected);
    }
}
