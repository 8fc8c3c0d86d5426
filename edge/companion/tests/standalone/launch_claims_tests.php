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
 * What a launch token says.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

namespace block_courseferry\local;

$claims = fn(array $change = []): array => launch_claims::build(...($change + [
    'user' => [
        'id' => 3, 'username' => 'tteacher', 'fullname' => 'Tina Teacher',
        'lang' => 'fr_ca', 'timezone' => 'Europe/Paris',
    ],
    'site' => ['iss' => 'https://moodle.example.org', 'aud' => 'https://ferry.example.org'],
    'access' => ['assignments' => [['roleid' => 1, 'contextid' => 2]], 'siteversion' => 'v1'],
    'real' => null,
    'state' => '',
    'now' => 1000,
    'jti' => 'j1',
]));

return [
    'a token names the user, both sites and five minutes' => function () use ($claims) {
        same([
            'iss' => 'https://moodle.example.org', 'aud' => 'https://ferry.example.org', 'sub' => '3', 'preferred_username' => 'tteacher',
            'name' => 'Tina Teacher', 'locale' => 'fr-ca', 'zoneinfo' => 'Europe/Paris',
            'iat' => 1000, 'exp' => 1300, 'jti' => 'j1',
            'access' => ['assignments' => [['roleid' => 1, 'contextid' => 2]], 'siteversion' => 'v1'],
        ], $claims());
    },
    'whoever is logged in as somebody else is named too' => function () use ($claims) {
        same(['sub' => '2', 'preferred_username' => 'admin'], $claims(['real' => ['id' => 2, 'username' => 'admin']])['act']);
        same(false, isset($claims()['act']));
    },
    'a state is given back, and only where there was one' => function () use ($claims) {
        same('s1', $claims(['state' => 's1'])['state']);
        same(false, isset($claims()['state']));
    },
    'many role assignments are left out, so that the page stays small' => function () use ($claims) {
        $many = array_fill(0, 200, ['roleid' => 1, 'contextid' => 2]);
        same(false, isset($claims(['access' => ['assignments' => $many, 'siteversion' => 'v1']])['access']));
    },
];
