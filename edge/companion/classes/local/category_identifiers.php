<?php
/**
 * The identifier by which a category is known on several Moodles: by default its id number, else any column of any table.
 *
 * Table and columns come from settings. They are looked up in the database's own schema before they come near a statement.
 *
 * @package    block_courseferry
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

namespace block_courseferry\local;

final class category_identifiers {
    public function __construct(
        private readonly string $table,
        private readonly string $key,
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
