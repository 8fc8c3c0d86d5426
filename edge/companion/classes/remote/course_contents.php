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

namespace block_courseferry\remote;

/**
 * What is in a course: its sections and activities, and how large their files are.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class course_contents {
    /**
     * Makes the contents of a course as an account sees them.
     *
     * @param \stdClass $course
     * @param \stdClass $user
     */
    public function __construct(
        /** @var \stdClass the course */
        private readonly \stdClass $course,
        /** @var \stdClass who asks */
        private readonly \stdClass $user,
    ) {
    }

    /**
     * All of it, as the web service answers it.
     *
     * @return array
     */
    public function all(): array {
        global $CFG;
        require_once($CFG->dirroot . '/course/lib.php');
        $modinfo = get_fast_modinfo($this->course, (int)$this->user->id);
        $format = course_get_format($this->course);
        $bytes = $this->bytes();
        $sections = [];
        foreach ($modinfo->get_section_info_all() as $section) {
            $cms = array_map($modinfo->get_cm(...), $modinfo->get_sections()[$section->sectionnum] ?? []);
            $sections[] = [
                'id' => (int)$section->id,
                'number' => (int)$section->sectionnum,
                'name' => (string)$section->name !== '' ? $section->name : $format->get_default_section_name($section),
                'visible' => (bool)$section->visible,
                'activities' => array_values(array_map(
                    fn(\cm_info $cm): array => $this->activity($cm, $bytes[$cm->id] ?? 0),
                    array_filter($cms, self::is_copied(...)),
                )),
            ];
        }
        return ['bytes' => array_sum($bytes), 'sections' => $sections];
    }

    /**
     * Whether a backup holds an activity.
     *
     * @param \cm_info $cm
     * @return bool
     */
    private static function is_copied(\cm_info $cm): bool {
        return !$cm->deletioninprogress && plugin_supports('mod', $cm->modname, FEATURE_BACKUP_MOODLE2);
    }

    /**
     * One activity.
     *
     * @param \cm_info $cm
     * @param int $bytes
     * @return array
     */
    private function activity(\cm_info $cm, int $bytes): array {
        return [
            'id' => (int)$cm->id,
            'name' => (string)$cm->name,
            'kind' => $cm->modname,
            'kindname' => (string)$cm->modfullname,
            'visible' => (bool)$cm->visible,
            'bytes' => $bytes,
            'section' => (int)($cm->get_delegated_section_info()?->id ?? 0),
        ];
    }

    /**
     * Bytes of the files of each activity, and of the course itself under 0. Backups that lie in the course, and what waits in
     * its recycle bin, are not copied.
     *
     * @return array<int, int>
     */
    private function bytes(): array {
        global $DB;
        $context = \context_course::instance($this->course->id);
        $inside = $DB->sql_like('ctx.path', ':inside');
        $sizes = $DB->get_records_sql_menu("SELECT cmid, SUM(filesize) AS bytes
              FROM (SELECT CASE WHEN ctx.contextlevel = :module THEN ctx.instanceid ELSE 0 END AS cmid, f.filesize
                      FROM {files} f
                      JOIN {context} ctx ON ctx.id = f.contextid
                     WHERE (ctx.id = :course OR $inside) AND f.component NOT IN ('backup', 'tool_recyclebin')) sizes
          GROUP BY cmid", ['module' => CONTEXT_MODULE, 'course' => $context->id, 'inside' => "$context->path/%"]);
        return array_map(intval(...), $sizes);
    }
}
