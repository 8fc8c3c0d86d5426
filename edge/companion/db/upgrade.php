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
    $install = function (string $table) use ($CFG, $manager): void {
        if (!$manager->table_exists($table)) {
            $manager->install_one_table_from_xmldb_file("$CFG->dirroot/blocks/courseferry/db/install.xml", $table);
        }
    };

    if ($oldversion < 2026112650) {
        $install('block_courseferry_lent');
        upgrade_block_savepoint(true, 2026112650, 'courseferry');
    }

    if ($oldversion < 2026112660) {
        // What a restore can be ordered with, a download that is known to be whole, and courses that could not be removed.
        $table = new xmldb_table('block_courseferry_restore');
        $fields = [
            new xmldb_field('targetcourseid', XMLDB_TYPE_INTEGER, '10', null, XMLDB_NOTNULL, null, '0', 'categoryid'),
            new xmldb_field('options', XMLDB_TYPE_TEXT, null, null, null, null, null, 'shortname'),
            new xmldb_field('sha256', XMLDB_TYPE_CHAR, '64', null, null, null, null, 'options'),
            new xmldb_field('downloaded', XMLDB_TYPE_INTEGER, '1', null, XMLDB_NOTNULL, null, '0', 'totalbytes'),
            new xmldb_field('timedownload', XMLDB_TYPE_INTEGER, '10', null, XMLDB_NOTNULL, null, '0', 'timeprogress'),
            new xmldb_field('timefinished', XMLDB_TYPE_INTEGER, '10', null, XMLDB_NOTNULL, null, '0', 'timedownload'),
        ];
        foreach ($fields as $field) {
            if (!$manager->field_exists($table, $field)) {
                $manager->add_field($table, $field);
            }
        }
        $manager->change_field_precision($table, new xmldb_field('fullname', XMLDB_TYPE_CHAR, '1333', null, null, null, null));
        $manager->change_field_precision($table, new xmldb_field('shortname', XMLDB_TYPE_CHAR, '255', null, null, null, null));
        $install('block_courseferry_leftover');
        upgrade_block_savepoint(true, 2026112660, 'courseferry');
    }

    if ($oldversion < 2026112671) {
        // Restores for somebody else, additions of which a part arrived, and accounts that restores made.
        $table = new xmldb_table('block_courseferry_restore');
        $fields = [
            new xmldb_field('actorid', XMLDB_TYPE_INTEGER, '10', null, XMLDB_NOTNULL, null, '0', 'targetcourseid'),
            new xmldb_field('watermark', XMLDB_TYPE_TEXT, null, null, null, null, null, 'courseid'),
        ];
        foreach ($fields as $field) {
            if (!$manager->field_exists($table, $field)) {
                $manager->add_field($table, $field);
            }
        }
        $index = new xmldb_index('targetcourseid', XMLDB_INDEX_NOTUNIQUE, ['targetcourseid']);
        if (!$manager->index_exists($table, $index)) {
            $manager->add_index($table, $index);
        }
        $install('block_courseferry_other');
        $install('block_courseferry_account');
        upgrade_block_savepoint(true, 2026112671, 'courseferry');
    }

    if ($oldversion < 2026112680) {
        // An account is noted by each restore that may make it.
        $table = new xmldb_table('block_courseferry_account');
        if (!$manager->index_exists($table, new xmldb_index('once', XMLDB_INDEX_UNIQUE, ['job', 'username']))) {
            $manager->drop_key($table, new xmldb_key('username', XMLDB_KEY_UNIQUE, ['username']));
            $manager->drop_index($table, new xmldb_index('job', XMLDB_INDEX_NOTUNIQUE, ['job']));
            $manager->add_key($table, new xmldb_key('once', XMLDB_KEY_UNIQUE, ['job', 'username']));
            $manager->add_index($table, new xmldb_index('username', XMLDB_INDEX_NOTUNIQUE, ['username']));
        }
        upgrade_block_savepoint(true, 2026112680, 'courseferry');
    }

    if ($oldversion < 2026112690) {
        // A removal of a copy that has begun.
        $table = new xmldb_table('block_courseferry_restore');
        $field = new xmldb_field('timeremoval', XMLDB_TYPE_INTEGER, '10', null, XMLDB_NOTNULL, null, '0', 'timefinished');
        if (!$manager->field_exists($table, $field)) {
            $manager->add_field($table, $field);
        }
        upgrade_block_savepoint(true, 2026112690, 'courseferry');
    }

    return true;
}
