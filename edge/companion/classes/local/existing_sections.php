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
 * The sections of a course that is added to, as they were. Core gives an unnamed section the backup's name, and an empty summary
 * the backup's text and files. Those with both cannot change, and are not kept.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class existing_sections {
    /**
     * Use of() or from_array().
     *
     * @param int $courseid
     * @param array[] $sections
     */
    private function __construct(
        /** @var int the course */
        private readonly int $courseid,
        /** @var array[] by id: name, summary, summaryformat */
        private readonly array $sections,
    ) {
    }

    /**
     * Those of a course now.
     *
     * @param int $courseid the course
     */
    public static function of(int $courseid): self {
        return new self($courseid, self::incomplete($courseid));
    }

    /**
     * Those that were stored.
     *
     * @param int $courseid the course
     * @param array[] $sections as of to_array()
     */
    public static function from_array(int $courseid, array $sections): self {
        return new self($courseid, $sections);
    }

    /**
     * To be stored.
     *
     * @return array[] by id
     */
    public function to_array(): array {
        return $this->sections;
    }

    /**
     * The sections that have no name or no summary.
     *
     * @param int $courseid the course
     * @return array[] by id: name, summary, summaryformat
     */
    private static function incomplete(int $courseid): array {
        global $DB;
        $incomplete = [];
        $fields = 'id, name, summary, summaryformat';
        foreach ($DB->get_records('course_sections', ['course' => $courseid], 'id', $fields) as $section) {
            if ((string)$section->name === '' || empty($section->summary)) {
                $incomplete[(int)$section->id] = array_diff_key((array)$section, ['id' => true]);
            }
        }
        return $incomplete;
    }

    /**
     * Gives them their names and summaries back.
     */
    public function put_back(): void {
        global $DB;
        $now = $DB->get_records('course_sections', ['course' => $this->courseid], 'id', 'id, name, summary, summaryformat');
        $context = \context_course::instance($this->courseid);
        foreach ($this->sections as $id => $section) {
            if (!isset($now[$id]) || array_diff_key((array)$now[$id], ['id' => true]) == $section) {
                continue;
            }
            $DB->update_record('course_sections', (object)(['id' => $id] + $section));
            if (empty($section['summary'])) {
                // A section without a summary had no files of its own.
                get_file_storage()->delete_area_files($context->id, 'course', 'section', $id);
            }
        }
    }
}
