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

use block_courseferry\task\recover;
use block_courseferry\task\restore;

/**
 * What only Moodle knows of whether restores can work here: cron, tasks, versions, the block's place, the settings. It
 * judges nothing; the Worker does.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class readiness {
    /** @var string the default dashboard's name among Moodle's pages */
    private const DASHBOARD = '__default';

    /**
     * All of it.
     *
     * @param int $defaultcategory the category that the Worker sends courses to; 0 if it has none
     */
    public static function report(int $defaultcategory): array {
        global $CFG, $DB;
        $identifiers = category_identifiers::configured();
        return [
            'time' => time(),
            'release' => (string)$CFG->release,
            'pluginversion' => (string)get_config('block_courseferry', 'version'),
            'lastcron' => (int)get_config('tool_task', 'lastcronstart'),
            'croninterval' => (int)($CFG->expectedcronfrequency ?? MINSECS),
            'task' => self::task(),
            'waiting' => self::waiting(),
            'sidebyside' => self::side_by_side(),
            ...eligibility::recent_counts(),
            'ondashboard' => self::is_on_dashboard(),
            'original' => snapshot::original(),
            'freebytes' => free_space::bytes(),
            'defaultcategoryexists' => $defaultcategory > 0 && $DB->record_exists('course_categories', ['id' => $defaultcategory]),
            'missingidentifier' => (string)$identifiers->missing(),
            'identifiedcategories' => count($identifiers->all()),
            'enrolrole' => enrolment::colleagues_role(),
            'manualenrolment' => enrol_is_enabled('manual'),
            'leftovers' => leftover::report(),
        ];
    }

    /**
     * How many restores cron carries side by side at the most: this task's own limit, within the site's for all queued tasks;
     * 0 if neither is set.
     */
    private static function side_by_side(): int {
        global $CFG;
        $limits = array_filter([(new restore())->get_concurrency_limit(), (int)($CFG->task_adhoc_concurrency_limit ?? 0)]);
        return $limits === [] ? 0 : min($limits);
    }

    /**
     * The scheduled task that looks after restores.
     */
    private static function task(): array {
        $task = \core\task\manager::get_scheduled_task(recover::class);
        return [
            'enabled' => $task && !$task->get_disabled(),
            'lastrun' => $task ? (int)$task->get_last_run_time() : 0,
            'faildelay' => $task ? (int)$task->get_fail_delay() : 0,
        ];
    }

    /**
     * Queued work that should have begun: how much, and since when the oldest could.
     */
    private static function waiting(): array {
        global $DB;
        $sql = 'SELECT COUNT(id) AS number, MIN(nextruntime) AS oldest
                  FROM {task_adhoc}
                 WHERE component = :component AND nextruntime <= :now AND timestarted IS NULL';
        $row = $DB->get_record_sql($sql, ['component' => 'block_courseferry', 'now' => time()]);
        return ['number' => (int)$row->number, 'oldest' => (int)$row->oldest];
    }

    /**
     * Whether the block stands on the dashboard of those who have not made their own.
     */
    private static function is_on_dashboard(): bool {
        global $DB;
        $page = $DB->get_field('my_pages', 'id', ['userid' => null, 'private' => 1, 'name' => self::DASHBOARD], IGNORE_MULTIPLE);
        $sql = "SELECT 1
                  FROM {block_instances} bi
                  JOIN {block} b ON b.name = bi.blockname AND b.visible = 1
                 WHERE bi.blockname = :name AND bi.parentcontextid = :system
                   AND bi.pagetypepattern IN ('my-index', 'my-*', '*')
                   AND (bi.subpagepattern IS NULL OR bi.subpagepattern = :page)";
        return $DB->record_exists_sql($sql, [
            'name' => 'courseferry', 'system' => \context_system::instance()->id, 'page' => (string)$page,
        ]);
    }
}
