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
 * The states of a restore.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \block_courseferry\local\state
 */
final class state_test extends \basic_testcase {
    public function test_a_process_is_at_work_or_should_be_until_the_state_is_an_end(): void {
        $this->assertSame(['pending', 'downloading', 'extracting', 'restoring'], state::unfinished());
    }

    public function test_a_restore_can_be_cancelled_until_its_course_is_begun(): void {
        $this->assertSame(
            ['pending', 'downloading', 'extracting'],
            array_column(array_filter(state::cases(), fn($state) => $state->is_cancellable()), 'value'),
        );
    }

    public function test_a_course_that_is_there_stays_there(): void {
        $this->assertSame(
            ['complete', 'partiallyrestored'],
            array_column(array_filter(state::cases(), fn($state) => $state->is_restored()), 'value'),
        );
    }
}
