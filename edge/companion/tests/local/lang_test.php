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
 * The two languages say the same things.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @coversNothing
 */
final class lang_test extends \basic_testcase {
    /**
     * The strings of a language.
     *
     * @param string $lang
     * @return string[] by name
     */
    private static function load(string $lang): array {
        defined('MOODLE_INTERNAL') || define('MOODLE_INTERNAL', true);
        $string = [];
        require(__DIR__ . "/../../lang/$lang/block_courseferry.php");
        return $string;
    }

    /**
     * The values that a string names.
     *
     * @param string $text
     * @return string[]
     */
    private static function placeholders(string $text): array {
        preg_match_all('/\{\$a(?:->\w+)?\}/', $text, $matches);
        sort($matches[0]);
        return array_values(array_unique($matches[0]));
    }

    public function test_every_string_is_there_in_both_languages_in_alphabetical_order(): void {
        $english = array_keys(self::load('en'));
        $this->assertSame($english, array_keys(self::load('fr')));
        $sorted = $english;
        sort($sorted, SORT_STRING);
        $this->assertSame($sorted, $english);
    }

    public function test_translations_name_the_same_values(): void {
        $french = self::load('fr');
        foreach (self::load('en') as $name => $text) {
            $this->assertSame([$name, self::placeholders($text)], [$name, self::placeholders($french[$name])]);
        }
    }

    public function test_every_string_that_the_code_asks_for_exists(): void {
        $strings = self::load('en');
        $root = __DIR__ . '/../..';
        $files = glob("$root/{*,classes/*,classes/*/*,cli/*}.php", GLOB_BRACE);
        foreach ($files as $file) {
            if (is_file($file)) {
                preg_match_all(
                    "/(?:get_string|moodle_exception)\('([^'\$]+)', 'block_courseferry'/",
                    file_get_contents($file),
                    $matches,
                );
                foreach ($matches[1] as $name) {
                    $this->assertSame("$file $name", isset($strings[$name]) ? "$file $name" : 'missing');
                }
            }
        }
    }
}
