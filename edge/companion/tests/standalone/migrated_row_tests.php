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
 * Restores of the block that this one replaces, as rows of the Worker's database.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

namespace block_courseferry\local;

$row = fn(array $change = []): \stdClass => (object)($change + [
    'id' => 5, 'userid' => 3, 'username' => 'tteacher', 'fullname' => "Tina O'Teacher", 'locale' => 'fr', 'externalcourseid' => 7,
    'externalcoursename' => 'Été; "Optics"', 'externalmoodleurl' => 'https://Sciences.example/moodle/', 'internalcategory' => 0, 'status' => 2,
    'courseid' => 42, 'category' => 4, 'categoryname' => 'Physics', 'timecreated' => 100, 'timemodified' => 200,
]);
$sql = fn(array $change = [], bool $exclusive = true): string =>
    migrated_row::sql($row($change), 'https://moodle.example.org', $exclusive);
$has = fn(string $part, string $statement) => same($part, str_contains($statement, $part) ? $part : $statement);

return [
    'a job\'s id is 32 hexadecimal digits and the same each time' => function () {
        $id = migrated_row::job('https://moodle.example.org', 5);
        same(1, preg_match('/^[0-9a-f]{32}$/D', $id));
        same($id, migrated_row::job('https://moodle.example.org', 5));
        same(false, $id === migrated_row::job('https://moodle.example.org', 6));
    },
    'one remote has one id, however its address is written' => function () {
        $id = migrated_row::remote('https://sciences.example/moodle');
        same(substr(hash('sha256', 'https://sciences.example/moodle'), 0, 12), $id);
        same($id, migrated_row::remote(' HTTPS://Sciences.example:443/moodle/ '));
        same(false, $id === migrated_row::remote('https://sciences.example/Moodle'));
        same(null, migrated_row::remote('sciences.example'));
    },
    'a restored course comes along as restored and stays taken' => function () use ($sql, $has) {
        $statement = $sql();
        $has("'restored', 200, 100, 100, 200, 1, 100, 42, 0, NULL, ''", $statement);
        $has(':7\'', $statement);
    },
    'what is scheduled waits at the Worker' => fn() => $has("'scheduled', 200, 100, 100, NULL, 0, 0, NULL, 0, NULL, ''", $sql(['status' => 0])),
    'what failed or was in progress is failed, with what is known' => function () use ($sql, $has) {
        $has("'client.restore_failed'", $sql(['status' => -1], false));
        $has("'client.crashed'", $sql(['status' => 1], false));
    },
    'a restored course that was deleted since is gone' => fn() => $has(', NULL, 1, NULL,', $sql(['category' => null], false)),
    'names cannot break out of their place' => fn() => $has("'Tina O''Teacher'", $sql(['externalcoursename' => "'); DROP TABLE restores; --"])),
    'an unknown remote is left out' => fn() => same(null, migrated_row::sql($row(['externalmoodleurl' => '']), 'https://m.example', true)),
];
