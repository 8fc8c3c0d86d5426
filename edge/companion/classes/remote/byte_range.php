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
 * Which bytes of a file a request wants. Moodle answers an unsatisfiable range with the whole file; we say what it is.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class byte_range {
    /**
     * Makes a range.
     *
     * @param int $first
     * @param int $last
     */
    private function __construct(
        /** @var int the first byte */
        public readonly int $first,
        /** @var int the last byte, itself included */
        public readonly int $last,
    ) {
    }

    /**
     * The range that a request wants, or null for the whole file.
     *
     * @param string|null $range its header Range
     * @param string|null $ifrange its header If-Range
     * @param string $etag the file's, without quotes
     * @param int $size bytes of the file
     * @return self|null
     * @throws lending_exception if there is no such part
     */
    public static function wanted(?string $range, ?string $ifrange, string $etag, int $size): ?self {
        // HTTP allows the whole file as the answer to several ranges, and to a header that is not understood.
        if ($range === null || !preg_match('/^bytes=(\d{0,18})-(\d{0,18})$/D', trim($range), $ends) || $ends[0] === 'bytes=-') {
            return null;
        }
        if ($ifrange !== null && trim($ifrange) !== "\"$etag\"") {
            return null;
        }
        [, $first, $last] = $ends;
        if ($first === '') {
            $wanted = new self(max(0, $size - (int)$last), $size - 1);
        } else {
            $wanted = new self((int)$first, $last === '' ? $size - 1 : min((int)$last, $size - 1));
        }
        if ($wanted->first >= $size || $last !== '' && $first !== '' && (int)$last < (int)$first) {
            throw new lending_exception('backup.range', "bytes */$size");
        }
        return $wanted;
    }
}
