<?php
/**
 * The header of a resumed download.
 *
 * @package    block_courseferry
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
