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
 * The header of a resumed download.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \block_courseferry\local\content_range
 */
final class content_range_test extends \basic_testcase {
    public function test_a_range_tells_first_and_last_byte_and_the_length(): void {
        $range = content_range::parse('bytes 100-199/200');
        $this->assertSame([100, 199, 200], [$range->start, $range->end, $range->total]);
    }

    public function test_the_length_may_be_unknown(): void {
        $range = content_range::parse('bytes 100-199/*');
        $this->assertSame([100, 199, null], [$range->start, $range->end, $range->total]);
    }

    public function test_the_answer_to_a_range_beyond_the_end_tells_the_length_only(): void {
        $range = content_range::parse('bytes */200');
        $this->assertSame([null, null, 200], [$range->start, $range->end, $range->total]);
    }

    public function test_what_makes_no_sense_is_no_range(): void {
        foreach (
            [
            null, '', 'bytes', 'bytes */*', 'bytes 5-4/10', 'bytes 0-10/10', 'items 0-1/2',
            'bytes -1/2', 'bytes 0-1', 'bytes 0-1/2x',
            ] as $header
        ) {
            $this->assertSame(null, content_range::parse($header));
        }
    }

    public function test_bytes_are_appended_only_where_they_continue_the_file(): void {
        $this->assertSame(true, content_range::parse('bytes 100-199/200')->continues(100, 200));
        $this->assertSame(true, content_range::parse('bytes 100-199/200')->continues(100, 0));
        $this->assertSame(true, content_range::parse('bytes 100-199/*')->continues(100, 200));
        $this->assertSame(false, content_range::parse('bytes 0-199/200')->continues(100, 200));
        $this->assertSame(false, content_range::parse('bytes 100-299/300')->continues(100, 200));
        $this->assertSame(false, content_range::parse('bytes */200')->continues(100, 200));
    }
}
