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
 * Names of courses that people typed, and how long this Moodle lets them be.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class typed_name {
    /**
     * The most characters of a full name here: 254, since Moodle 5 more.
     */
    public static function max_full(): int {
        return self::max('FULLNAME_MAXIMUM_LENGTH', 254);
    }

    /**
     * The most characters of a short name here: 100, since Moodle 5 more.
     */
    public static function max_short(): int {
        return self::max('SHORTNAME_MAXIMUM_LENGTH', 100);
    }

    /**
     * A constant of core's, where it has it.
     *
     * @param string $name the constant
     * @param int $otherwise what holds where it is not there
     */
    private static function max(string $name, int $otherwise): int {
        return defined("core_course\\constants::$name") ? (int)constant("core_course\\constants::$name") : $otherwise;
    }

    /**
     * A name as Moodle stores it. What Moodle would cut out of it as a tag, such as "vector<int>", is kept as characters;
     * multilang spans stay as they are.
     *
     * @param string $typed the name
     * @param int $max characters
     */
    public static function stored(string $typed, int $max): string {
        $name = trim(fix_utf8($typed));
        if (clean_param($name, PARAM_TEXT) !== $name) {
            $name = htmlspecialchars($name, ENT_NOQUOTES | ENT_HTML5, 'UTF-8', false);
        }
        return \core_text::substr($name, 0, $max);
    }
}
