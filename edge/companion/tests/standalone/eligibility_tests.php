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
 * Which categories are looked at to count who may restore: as few as tell everything.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

namespace block_courseferry\local;

/** Ids of the categories to be looked at, of rows [id, parent, visible, locked, own]. */
$telling = function (array ...$rows): array {
    $categories = [];
    foreach ($rows as [$id, $parent, $visible, $locked, $own]) {
        $categories[$id] = (object)['id' => $id, 'parent' => $parent, 'visible' => $visible, 'locked' => $locked, 'own' => $own];
    }
    return array_column(eligibility::telling($categories), 'id');
};

return [
    'where nothing is special one category stands for all' => fn() => same([1], $telling(
        [1, 0, 1, 0, 0], [2, 0, 1, 0, 0], [3, 1, 1, 0, 0], [4, 3, 1, 0, 0],
    )),
    'one with roles or overrides of its own is looked at, what is below it is not' => fn() => same([1, 2], $telling(
        [1, 0, 1, 0, 0], [2, 1, 1, 0, 1], [3, 2, 1, 0, 0],
    )),
    'a locked one is looked at' => fn() => same([1, 2], $telling([1, 0, 1, 0, 0], [2, 1, 1, 1, 0])),
    'a hidden one is looked at, a hidden one below it is not' => fn() => same([1, 2], $telling(
        [1, 0, 1, 0, 0], [2, 0, 0, 0, 0], [3, 2, 0, 0, 0],
    )),
    'one that is shown below a hidden one is looked at' => fn() => same([1, 2], $telling([1, 0, 0, 0, 0], [2, 1, 1, 0, 0])),
    'where all at the top are special no other stands for them' => fn() => same([1, 2], $telling(
        [1, 0, 1, 0, 1], [2, 0, 0, 0, 0], [3, 1, 1, 0, 0],
    )),
    'a site without categories has none to look at' => fn() => same([], $telling()),
];
