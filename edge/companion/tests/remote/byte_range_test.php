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
 * Which bytes a request wants.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 *
 * @covers     \block_courseferry\remote\byte_range
 */
final class byte_range_test extends \basic_testcase {
    /**
     * Requests for a file of 100 bytes whose ETag is "e".
     *
     * @return array[]
     */
    public static function requests(): array {
        return [
            'no range' => [null, null, null],
            'from the beginning' => ['bytes=0-', null, [0, 99]],
            'from the middle' => ['bytes=40-', null, [40, 99]],
            'the last byte' => ['bytes=99-', null, [99, 99]],
            'a piece' => ['bytes=10-19', null, [10, 19]],
            'beyond the end' => ['bytes=90-500', null, [90, 99]],
            'the last ten' => ['bytes=-10', null, [90, 99]],
            'the last thousand' => ['bytes=-1000', null, [0, 99]],
            'of the same file' => ['bytes=40-', '"e"', [40, 99]],
            'of a file that was replaced' => ['bytes=40-', '"old"', null],
            'of a weak ETag' => ['bytes=40-', 'W/"e"', null],
            'two ranges' => ['bytes=0-1,5-6', null, null],
            'another unit' => ['lines=1-2', null, null],
            'no bytes named' => ['bytes=-', null, null],
            'a number too long to be one' => ['bytes=99999999999999999999-', null, null],
            'after the end' => ['bytes=100-', null, 'backup.range'],
            'the last none' => ['bytes=-0', null, 'backup.range'],
            'backwards' => ['bytes=20-10', null, 'backup.range'],
        ];
    }

    /**
     * Each is understood or refused.
     *
     * @dataProvider requests
     * @param string|null $range
     * @param string|null $ifrange
     * @param array|string|null $wanted
     */
    public function test_a_range_is_understood(?string $range, ?string $ifrange, array|string|null $wanted): void {
        try {
            $found = byte_range::wanted($range, $ifrange, 'e', 100);
            $this->assertSame($wanted, $found ? [$found->first, $found->last] : null);
        } catch (lending_exception $e) {
            $this->assertSame($wanted, $e->errorcode);
        }
    }
}
