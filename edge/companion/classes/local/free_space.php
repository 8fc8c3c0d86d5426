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
 * How much room there is where backups are unpacked.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class free_space {
    /** @var int bytes that are left to the rest of Moodle */
    private const RESERVE = 256 * 1024 * 1024;

    /**
     * Free bytes; PHP_INT_MAX where the system does not tell.
     */
    public static function bytes(): int {
        global $CFG;
        $free = PHP_INT_MAX;
        foreach ([make_temp_directory('courseferry'), make_backup_temp_directory(''), $CFG->dataroot] as $directory) {
            $here = @disk_free_space($directory);
            $free = $here === false ? $free : min($free, (int)$here);
        }
        return $free;
    }

    /**
     * Sees to it that there is room.
     *
     * @param int $bytes that are wanted besides the reserve
     * @throws failure if there is less
     */
    public static function require(int $bytes): void {
        $free = self::bytes();
        if ($free < $bytes + self::RESERVE) {
            throw new failure('client.disk_full', "$bytes bytes needed, $free free");
        }
    }
}
