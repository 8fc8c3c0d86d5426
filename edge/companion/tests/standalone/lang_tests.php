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
 * The two languages say the same things.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

namespace block_courseferry\local;

$load = function (string $lang): array {
    defined('MOODLE_INTERNAL') || define('MOODLE_INTERNAL', true);
    $string = [];
    require __DIR__ . "/../../lang/$lang/block_courseferry.php";
    return $string;
};
$placeholders = function (string $text): array {
    preg_match_all('/\{\$a(?:->\w+)?\}/', $text, $matches);
    sort($matches[0]);
    return array_values(array_unique($matches[0]));
};

return [
    'every string is there in both languages, in alphabetical order' => function () use ($load) {
        $english = array_keys($load('en'));
        same($english, array_keys($load('fr')));
        $sorted = $english;
        sort($sorted, SORT_STRING);
        same($sorted, $english);
    },
    'translations name the same values' => function () use ($load, $placeholders) {
        $french = $load('fr');
        foreach ($load('en') as $name => $text) {
            same([$name, $placeholders($text)], [$name, $placeholders($french[$name])]);
        }
    },
    'every string that the code asks for exists' => function () use ($load) {
        $strings = $load('en');
        $root = __DIR__ . '/../..';
        foreach ([...glob("$root/*.php"), ...glob("$root/{classes,cli,templates}/*", GLOB_BRACE), ...glob("$root/classes/*/*.php")] as $file) {
            if (is_file($file)) {
                preg_match_all("/(?:get_string|moodle_exception)\('([^'\$]+)', 'block_courseferry'/", file_get_contents($file), $matches);
                foreach ($matches[1] as $name) {
                    same("$file $name", isset($strings[$name]) ? "$file $name" : 'missing');
                }
            }
        }
    },
];
