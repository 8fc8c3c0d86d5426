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
 * Warnings of a restore are counted where they are equal, and cut where they are long or many.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \block_courseferry\local\warnings
 */
final class warnings_test extends \basic_testcase {
    public function test_equal_ones_are_counted(): void {
        $warnings = new warnings();
        $warnings->add('warning', 'a file is missing');
        $warnings->add('warning', 'a file is missing');
        $warnings->add('error', 'a file is missing');
        $this->assertSame([
            ['code' => 'warning', 'message' => 'a file is missing', 'count' => 2],
            ['code' => 'error', 'message' => 'a file is missing', 'count' => 1],
        ], $warnings->all());
    }

    public function test_of_thousands_fifty_are_kept_and_the_last_says_how_many_more(): void {
        $warnings = new warnings();
        for ($i = 0; $i < 5000; $i++) {
            $warnings->add('warning', "file $i is missing");
        }
        $all = $warnings->all();
        $this->assertCount(warnings::MAX, $all);
        $this->assertSame(['code' => 'more', 'message' => '', 'count' => 4951], end($all));
    }

    public function test_those_that_differ_only_in_a_quoted_name_are_one_thing(): void {
        $warnings = new warnings();
        foreach (range(1, 70) as $i) {
            $warnings->add('precheck', "The questions category \"Topic $i\" will be created elsewhere");
        }
        $this->assertSame(
            [['code' => 'precheck', 'message' => 'The questions category "Topic 1" will be created elsewhere', 'count' => 70]],
            $warnings->all(),
        );
    }

    public function test_what_we_say_ourselves_is_never_drowned(): void {
        $warnings = new warnings();
        foreach (range(1, 300) as $i) {
            $warnings->add('warning', "file $i is missing");
        }
        $warnings->add_first('missing', '7 of 77 activities did not arrive');
        $all = $warnings->all();
        $this->assertCount(warnings::MAX, $all);
        $this->assertSame('missing', $all[0]['code']);
        $this->assertSame(301, array_sum(array_column($all, 'count')));
    }

    public function test_a_long_one_is_cut_and_tags_are_taken_out(): void {
        $warnings = new warnings();
        $warnings->add('warning', '<b>' . str_repeat('ä', 96241));
        $this->assertSame(str_repeat('ä', 500), $warnings->all()[0]['message']);
    }

    public function test_broken_characters_do_not_break_the_answer(): void {
        $warnings = new warnings();
        $warnings->add('warning', "a\xff b");
        $this->assertSame(JSON_ERROR_NONE, json_encode($warnings->all()) === false ? json_last_error() : JSON_ERROR_NONE);
    }
}
