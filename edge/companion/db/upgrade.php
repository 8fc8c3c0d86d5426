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
 * What an installed block needs when a new version comes.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

/**
 * Brings the tables of an older version up to this one.
 *
 * @param int $oldversion
 * @return bool
 */
function xmldb_block_courseferry_upgrade(int $oldversion): bool {
    global $CFG, $DB;
    $manager = $DB->get_manager();

    if ($oldversion < 2026112650) {
        $table = 'block_courseferry_lent';
        if (!$manager->table_exists($table)) {
            $manager->install_one_table_from_xmldb_file("$CFG->dirroot/blocks/courseferry/db/install.xml", $table);
        }
        upgrade_block_savepoint(true, 2026112650, 'courseferry');
    }

    return true;
}
