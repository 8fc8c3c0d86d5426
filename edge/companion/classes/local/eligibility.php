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
 * How many of those who teach here see the widget, and how many may restore into some category. Exactly, by Moodle's own
 * functions, and with few queries: a category in which nobody is assigned and nothing is overridden answers as the one above
 * it does, so only the others are looked at.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class eligibility {
    /** @var string the one entry of the cache */
    private const ENTRY = 'counts';
    /** @var string what sees the widget */
    private const SEE = 'block/courseferry:view';
    /** @var string what sees a category */
    private const VIEW = 'moodle/category:viewcourselist';
    /** @var string what sees a hidden one, besides */
    private const VIEW_HIDDEN = 'moodle/category:viewhiddencategories';

    /**
     * The counts as of at most a few minutes ago.
     *
     * @return array{teachers: int, seewidget: int, mayrestore: int}
     */
    public static function recent_counts(): array {
        $cache = \cache::make('block_courseferry', 'eligibility');
        $counts = $cache->get(self::ENTRY);
        if ($counts === false) {
            $counts = self::counts();
            $cache->set(self::ENTRY, $counts);
        }
        return $counts;
    }

    /**
     * The counts now.
     *
     * @return array{teachers: int, seewidget: int, mayrestore: int}
     */
    public static function counts(): array {
        $see = self::teachers_with([self::SEE], \context_system::instance());
        $restore = [];
        $categories = self::telling_categories();
        foreach ($categories as $category) {
            $context = \context_coursecat::instance($category->id);
            $visible = $category->visible ? [self::VIEW] : [self::VIEW, self::VIEW_HIDDEN];
            $see += self::teachers_with([...$visible, self::SEE, people::REQUIRED[0]], $context);
            $restore += self::teachers_with([...$visible, ...people::REQUIRED], $context);
        }
        foreach (self::teaching_administrators() as $userid) {
            // Administrators need no role, but a locked category is locked for them too.
            $may = fn(array $capabilities, \context $context): bool => has_all_capabilities($capabilities, $context, $userid);
            $see += $may([self::SEE], \context_system::instance()) ? [$userid => true] : [];
            foreach ($categories as $category) {
                $restore += $may(people::REQUIRED, \context_coursecat::instance($category->id)) ? [$userid => true] : [];
            }
        }
        return ['teachers' => self::count_teachers(), 'seewidget' => count($see), 'mayrestore' => count($restore)];
    }

    /**
     * The categories that can answer otherwise than the one above them, and one that stands for all the rest: of the
     * categories at the top of which nothing special can be said, the first.
     *
     * @return \stdClass[] id and visible
     */
    private static function telling_categories(): array {
        global $DB;
        [$in, $params] = $DB->get_in_or_equal([self::SEE, self::VIEW, self::VIEW_HIDDEN, ...people::REQUIRED], SQL_PARAMS_NAMED);
        $sql = "SELECT cc.id, cc.parent, cc.visible, ctx.locked,
                       CASE WHEN EXISTS (SELECT 1 FROM {role_assignments} ra WHERE ra.contextid = ctx.id)
                              OR EXISTS (SELECT 1 FROM {role_capabilities} rc WHERE rc.contextid = ctx.id AND rc.capability $in)
                            THEN 1 ELSE 0 END AS own
                  FROM {course_categories} cc
                  JOIN {context} ctx ON ctx.instanceid = cc.id AND ctx.contextlevel = :level
              ORDER BY cc.depth, cc.sortorder, cc.id";
        return self::telling($DB->get_records_sql($sql, $params + ['level' => CONTEXT_COURSECAT]));
    }

    /**
     * Which of these categories are to be looked at.
     *
     * @param \stdClass[] $categories by id, each after its parent: id, parent, visible, locked, own (roles or overrides)
     * @return \stdClass[]
     */
    public static function telling(array $categories): array {
        $telling = [];
        $plain = false;
        foreach ($categories as $category) {
            $above = $categories[$category->parent] ?? null;
            $special = $category->own || $category->locked || !$category->visible;
            $same = $above && $above->visible == $category->visible;
            if ($category->own || $category->locked || ($above ? !$same : $special || !$plain)) {
                $telling[] = $category;
            }
            $plain = $plain || (!$above && !$special);
        }
        return $telling;
    }

    /**
     * Those who teach and have all these capabilities in a context.
     *
     * @param string[] $capabilities
     * @return array<int, true> by user id
     */
    private static function teachers_with(array $capabilities, \context $context): array {
        global $DB;
        [$teaches, $params] = self::teaches();
        $having = '';
        foreach ($capabilities as $capability) {
            [$sql, $of] = get_with_capability_sql($context, $capability);
            $having .= " AND u.id IN ($sql)";
            $params += $of;
        }
        return array_fill_keys($DB->get_fieldset_sql("SELECT u.id FROM {user} u WHERE $teaches $having", $params), true);
    }

    /**
     * How many teach.
     */
    private static function count_teachers(): int {
        global $DB;
        [$teaches, $params] = self::teaches();
        return $DB->count_records_sql("SELECT COUNT(u.id) FROM {user} u WHERE $teaches", $params);
    }

    /**
     * Administrators who teach.
     *
     * @return int[]
     */
    private static function teaching_administrators(): array {
        global $CFG, $DB;
        $administrators = array_filter(array_map(intval(...), explode(',', $CFG->siteadmins ?? '')));
        if (!$administrators) {
            return [];
        }
        [$in, $ids] = $DB->get_in_or_equal($administrators, SQL_PARAMS_NAMED);
        [$teaches, $params] = self::teaches();
        return array_map(
            intval(...),
            $DB->get_fieldset_sql("SELECT u.id FROM {user} u WHERE u.id $in AND $teaches", $ids + $params),
        );
    }

    /**
     * The condition that a user is active and teaches some course: a role made from "editing teacher" in it.
     *
     * @return array{0: string, 1: array}
     */
    private static function teaches(): array {
        global $CFG;
        $condition = "u.deleted = 0 AND u.suspended = 0 AND u.confirmed = 1 AND u.auth <> :nologin AND u.id <> :guest
            AND EXISTS (SELECT 1
                          FROM {role_assignments} tra
                          JOIN {role} tr ON tr.id = tra.roleid AND tr.archetype = :archetype
                          JOIN {context} tctx ON tctx.id = tra.contextid AND tctx.contextlevel = :course
                         WHERE tra.userid = u.id)";
        return [$condition, [
            'nologin' => 'nologin', 'guest' => (int)$CFG->siteguest, 'archetype' => 'editingteacher', 'course' => CONTEXT_COURSE,
        ]];
    }
}
