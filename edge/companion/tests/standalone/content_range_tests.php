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
 * The header of a resumed download.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

namespace block_courseferry\local;

return [
    'a range tells first and last byte and the length' => function () {
        $range = content_range::parse('bytes 100-199/200');
        same([100, 199, 200], [$range->start, $range->end, $range->total]);
    },
    'the length may be unknown' => function () {
        $range = content_range::parse('bytes 100-199/*');
        same([100, 199, null], [$range->start, $range->end, $range->total]);
    },
    'the answer to a range beyond the end tells the length only' => function () {
        $range = content_range::parse('bytes */200');
        same([null, null, 200], [$range->start, $range->end, $range->total]);
    },
    'what makes no sense is no range' => function () {
        foreach ([null, '', 'bytes', 'bytes */*', 'bytes 5-4/10', 'bytes 0-10/10', 'items 0-1/2', 'bytes -1/2', 'bytes 0-1', 'bytes 0-1/2x'] as $header) {
            same(null, content_range::parse($header));
        }
    },
    'bytes are appended only where they continue the file' => function () {
        same(true, content_range::parse('bytes 100-199/200')->continues(100, 200));
        same(true, content_range::parse('bytes 100-199/200')->continues(100, 0));
        same(true, content_range::parse('bytes 100-199/*')->continues(100, 200));
        same(false, content_range::parse('bytes 0-199/200')->continues(100, 200));
        same(false, content_range::parse('bytes 100-299/300')->continues(100, 200));
        same(false, content_range::parse('bytes */200')->continues(100, 200));
    },
];
