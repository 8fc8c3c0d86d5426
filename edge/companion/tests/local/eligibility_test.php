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
 * Which categories are looked at to count who may restore: as few as are enough.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \block_courseferry\local\eligibility
 */
final class eligibility_test extends \basic_testcase {
    /**
     * Ids of the categories to be looked at.
     *
     * @param array ...$rows each id, parent, visible, locked, own
     * @return int[]
     */
    private static function telling(array ...$rows): array {
        $categories = [];
        foreach ($rows as [$id, $parent, $visible, $locked, $own]) {
            $categories[$id] = (object)[
                'id' => $id, 'parent' => $parent, 'visible' => $visible, 'locked' => $locked, 'own' => $own,
            ];
        }
        return array_column(eligibility::telling($categories), 'id');
    }

    public function test_where_nothing_is_special_one_category_stands_for_all(): void {
        $this->assertSame([1], self::telling(
            [1, 0, 1, 0, 0],
            [2, 0, 1, 0, 0],
            [3, 1, 1, 0, 0],
            [4, 3, 1, 0, 0],
        ));
    }

    public function test_one_with_roles_or_overrides_of_its_own_is_looked_at_what_is_below_it_is_not(): void {
        $this->assertSame([1, 2], self::telling(
            [1, 0, 1, 0, 0],
            [2, 1, 1, 0, 1],
            [3, 2, 1, 0, 0],
        ));
    }

    public function test_a_locked_one_is_looked_at(): void {
        $this->assertSame([1, 2], self::telling([1, 0, 1, 0, 0], [2, 1, 1, 1, 0]));
    }

    public function test_a_hidden_one_is_looked_at_a_hidden_one_below_it_is_not(): void {
        $this->assertSame([1, 2], self::telling(
            [1, 0, 1, 0, 0],
            [2, 0, 0, 0, 0],
            [3, 2, 0, 0, 0],
        ));
    }

    public function test_one_that_is_shown_below_a_hidden_one_is_looked_at(): void {
        $this->assertSame([1, 2], self::telling([1, 0, 0, 0, 0], [2, 1, 1, 0, 0]));
    }

    public function test_where_all_at_the_top_are_special_no_other_stands_for_them(): void {
        $this->assertSame([1, 2], self::telling(
            [1, 0, 1, 0, 1],
            [2, 0, 0, 0, 0],
            [3, 1, 1, 0, 0],
        ));
    }

    public function test_a_site_without_categories_has_none_to_look_at(): void {
        $this->assertSame([], self::telling());
    }
}
