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
 * How a course was before something was added to it: the highest ids of what could be new there, and its sections.
 *
 * It is taken after core's prechecks, which make things of their own, and stored before anything is added.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class watermark {
    /** @var string[] tables of what can arrive */
    public const TABLES = ['course_modules', 'course_sections', 'groups', 'groupings', 'question_categories'];

    /**
     * Use now() or of().
     *
     * @param array<string, int> $highest
     * @param existing_sections $sections
     */
    private function __construct(
        /** @var array<string, int> the highest id of each table */
        private readonly array $highest,
        /** @var existing_sections the course's sections */
        public readonly existing_sections $sections,
    ) {
    }

    /**
     * As it is now.
     *
     * @param int $courseid the course
     */
    public static function now(int $courseid): self {
        global $DB;
        $highest = array_map(fn($table) => (int)$DB->get_field_sql("SELECT MAX(id) FROM {{$table}}"), self::TABLES);
        return new self(array_combine(self::TABLES, $highest), existing_sections::of($courseid));
    }

    /**
     * The one that a record holds, or null.
     *
     * @param restore_record $record the restore
     */
    public static function of(restore_record $record): ?self {
        $stored = json_decode($record->watermark, true);
        return $stored ? new self(
            array_map(intval(...), $stored['highest']),
            existing_sections::from_array($record->targetcourseid, $stored['sections']),
        ) : null;
    }

    /**
     * As it is stored.
     */
    public function to_json(): string {
        return json_encode(['highest' => $this->highest, 'sections' => $this->sections->to_array()], JSON_THROW_ON_ERROR);
    }

    /**
     * The highest id of a table.
     *
     * @param string $table one of TABLES
     */
    public function highest(string $table): int {
        return $this->highest[$table];
    }
}
