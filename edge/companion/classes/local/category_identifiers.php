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
 * The identifier by which a category is known on several Moodles: by default its id number, else any column of any table.
 *
 * Table and columns come from settings. They are looked up in the database's own schema before they come near a statement.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class category_identifiers {
    /**
     * A source of identifiers.
     *
     * @param string $table
     * @param string $key
     * @param string $field
     */
    public function __construct(
        /** @var string the table, without prefix */
        private readonly string $table,
        /** @var string its column with the category's id */
        private readonly string $key,
        /** @var string its column with the identifier */
        private readonly string $field,
    ) {
    }

    /**
     * The source that the settings name.
     */
    public static function configured(): self {
        $config = get_config('block_courseferry');
        return new self(
            trim($config->categorytable ?? 'course_categories'),
            trim($config->categorytable_foreignkey ?? 'id'),
            trim($config->categorytable_categoryfield ?? 'idnumber'),
        );
    }

    /**
     * What of the settings the database does not have: the name, or null if all is there.
     */
    public function missing(): ?string {
        global $DB;
        if (!in_array($this->table, $DB->get_tables(), true)) {
            return $this->table;
        }
        $columns = $DB->get_columns($this->table);
        foreach (['id', $this->key, $this->field] as $column) {
            if (!isset($columns[$column])) {
                return "$this->table.$column";
            }
        }
        return null;
    }

    /**
     * Category id to identifier, without the empty ones.
     *
     * @return array<int, string>
     */
    public function all(): array {
        global $DB;
        if ($this->missing() !== null) {
            return [];
        }
        $identifiers = [];
        $rows = $DB->get_recordset($this->table, null, 'id', "id, $this->key AS categoryid, $this->field AS identifier");
        foreach ($rows as $row) {
            if ((int)$row->categoryid > 0 && (string)$row->identifier !== '') {
                $identifiers[(int)$row->categoryid] ??= (string)$row->identifier;
            }
        }
        $rows->close();
        return $identifiers;
    }
}
