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
 * What a teacher wants otherwise than there.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \block_courseferry\local\restore_options
 */
final class restore_options_test extends \basic_testcase {
    public function test_what_is_not_said_is_as_there(): void {
        $options = restore_options::from_array([]);
        $this->assertSame(
            [0, null, [], []],
            [$options->startdate, $options->visible, $options->leaveoutsections, $options->leaveoutactivities]
        );
    }

    public function test_options_are_the_same_after_they_were_stored(): void {
        $options = restore_options::from_array([
            'startdate' => 1795305600, 'visible' => 0, 'leaveoutsections' => ['7', 7, 8], 'leaveoutactivities' => [5],
        ]);
        $again = restore_options::from_array(json_decode($options->to_json(), true));
        $this->assertEquals($options, $again);
        $this->assertSame(
            [1795305600, false, [7, 8], [5]],
            [$again->startdate, $again->visible, $again->leaveoutsections, $again->leaveoutactivities]
        );
    }

    public function test_a_date_before_all_dates_is_no_date(): void {
        $this->assertSame(0, restore_options::from_array(['startdate' => -1])->startdate);
    }
}
