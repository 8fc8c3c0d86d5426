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
 * What the Worker needs to decide as this Moodle would: the access rules at system and category level, and a user's roles
 * there. It decides nothing itself.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class snapshot {
    /** @var string[] the capabilities that the Worker asks about */
    public const CAPABILITIES = [
        'block/courseferry:view',
        'block/courseferry:can_see_external_course_link',
        'block/courseferry:manage',
        'block/courseferry:startnow',
        'block/courseferry:can_restore_user_datas',
        'moodle/category:viewcourselist',
        'moodle/category:viewhiddencategories',
        'moodle/course:create',
        'moodle/restore:restorecourse',
        'moodle/restore:restoreactivity',
        'moodle/restore:restoresection',
        'moodle/restore:rolldates',
        'moodle/restore:userinfo',
        'moodle/restore:createuser',
        'moodle/question:add',
        'moodle/question:managecategory',
    ];

    /** @var string the block that this one replaces */
    private const ORIGINAL = 'my_external_backup_restore_courses';

    /**
     * The site snapshot without what changes all the time.
     */
    private static function stable(): array {
        return [
            'config' => self::config(),
            'contexts' => self::contexts(),
            'roles' => self::roles(),
            'capabilities' => self::capabilities(),
            'role_capabilities' => self::role_capabilities(),
            'site' => self::site(),
        ];
    }

    /**
     * The site snapshot, and its version: the same as long as nothing in it changes.
     *
     * @return array{version: string, snapshot: array}
     */
    public static function site_access(): array {
        $snapshot = self::stable();
        $version = sha1(json_encode($snapshot, JSON_THROW_ON_ERROR));
        \cache::make('block_courseferry', 'siteversion')->set('version', $version);
        $snapshot['site']['lastcron'] = (int)get_config('tool_task', 'lastcronstart');
        return ['version' => $version, 'snapshot' => $snapshot];
    }

    /**
     * The site snapshot's version as of at most a few minutes ago.
     */
    public static function recent_version(): string {
        $version = \cache::make('block_courseferry', 'siteversion')->get('version');
        return $version !== false ? $version : self::site_access()['version'];
    }

    /**
     * A user's role assignments at system and category level.
     *
     * @return array<array{roleid: int, contextid: int}>
     */
    public static function assignments(int $userid): array {
        global $DB;
        $sql = 'SELECT DISTINCT ra.roleid, ra.contextid
                  FROM {role_assignments} ra
                  JOIN {context} ctx ON ctx.id = ra.contextid
                 WHERE ra.userid = :userid AND ctx.contextlevel IN (:system, :category)
              ORDER BY ra.contextid, ra.roleid';
        $rows = $DB->get_recordset_sql($sql, ['userid' => $userid, 'system' => CONTEXT_SYSTEM, 'category' => CONTEXT_COURSECAT]);
        $assignments = [];
        foreach ($rows as $row) {
            $assignments[] = ['roleid' => (int)$row->roleid, 'contextid' => (int)$row->contextid];
        }
        $rows->close();
        return $assignments;
    }

    /**
     * The settings that decide.
     */
    private static function config(): array {
        global $CFG;
        return [
            'siteadmins' => array_values(array_map(intval(...), array_filter(explode(',', $CFG->siteadmins ?? '')))),
            'siteguest' => (int)($CFG->siteguest ?? 0),
            'defaultuserroleid' => (int)($CFG->defaultuserroleid ?? 0),
            'notloggedinroleid' => (int)($CFG->notloggedinroleid ?? 0),
            'guestroleid' => (int)($CFG->guestroleid ?? 0),
            'defaultfrontpageroleid' => (int)($CFG->defaultfrontpageroleid ?? 0),
            'forcelogin' => !empty($CFG->forcelogin),
            'contextlocking' => !empty($CFG->contextlocking),
            'contextlockappliestoadmin' => !isset($CFG->contextlockappliestoadmin) || !empty($CFG->contextlockappliestoadmin),
            'frontpagecontextid' => (int)\context_course::instance(SITEID)->id,
            'syscontextid' => (int)\context_system::instance()->id,
        ];
    }

    /**
     * System and category contexts, these in the order in which they are shown.
     */
    private static function contexts(): array {
        global $DB, $SITE;
        $system = \context_system::instance();
        $contexts = [[
            'id' => (int)$system->id,
            'contextlevel' => CONTEXT_SYSTEM,
            'instanceid' => 0,
            'path' => $system->path,
            'depth' => (int)$system->depth,
            'locked' => (bool)$system->locked,
            'name' => $SITE->fullname,
            'visible' => true,
            'identifier' => '',
        ]];
        $identifiers = category_identifiers::configured()->all();
        $sql = 'SELECT cc.id AS categoryid, cc.name, cc.visible, ctx.id, ctx.path, ctx.depth, ctx.locked
                  FROM {course_categories} cc
                  JOIN {context} ctx ON ctx.instanceid = cc.id AND ctx.contextlevel = :level
              ORDER BY cc.sortorder, cc.id';
        foreach ($DB->get_records_sql($sql, ['level' => CONTEXT_COURSECAT]) as $category) {
            $contexts[] = [
                'id' => (int)$category->id,
                'contextlevel' => CONTEXT_COURSECAT,
                'instanceid' => (int)$category->categoryid,
                'path' => (string)$category->path,
                'depth' => (int)$category->depth,
                'locked' => (bool)$category->locked,
                'name' => $category->name,
                'visible' => (bool)$category->visible,
                'identifier' => $identifiers[(int)$category->categoryid] ?? '',
            ];
        }
        return $contexts;
    }

    /**
     * All roles.
     */
    private static function roles(): array {
        return array_values(array_map(fn($role) => [
            'id' => (int)$role->id,
            'shortname' => $role->shortname,
            'name' => role_get_name($role),
            'archetype' => $role->archetype,
            'sortorder' => (int)$role->sortorder,
        ], get_all_roles()));
    }

    /**
     * The capabilities that the Worker asks about.
     */
    private static function capabilities(): array {
        global $DB;
        [$in, $params] = $DB->get_in_or_equal(self::CAPABILITIES, SQL_PARAMS_NAMED);
        return array_values(array_map(fn($capability) => [
            'name' => $capability->name,
            'captype' => $capability->captype,
            'contextlevel' => (int)$capability->contextlevel,
            'riskbitmask' => (int)$capability->riskbitmask,
            'component' => $capability->component,
        ], $DB->get_records_select('capabilities', "name $in", $params, 'name')));
    }

    /**
     * What roles say about them at system and category level.
     */
    private static function role_capabilities(): array {
        global $DB;
        [$in, $params] = $DB->get_in_or_equal(self::CAPABILITIES, SQL_PARAMS_NAMED);
        $sql = "SELECT rc.id, rc.contextid, rc.roleid, rc.capability, rc.permission
                  FROM {role_capabilities} rc
                  JOIN {context} ctx ON ctx.id = rc.contextid
                 WHERE ctx.contextlevel IN (:system, :category) AND rc.capability $in
              ORDER BY rc.contextid, rc.roleid, rc.capability";
        return array_values(array_map(fn($row) => [
            'contextid' => (int)$row->contextid,
            'roleid' => (int)$row->roleid,
            'capability' => $row->capability,
            'permission' => (int)$row->permission,
        ], $DB->get_records_sql($sql, $params + ['system' => CONTEXT_SYSTEM, 'category' => CONTEXT_COURSECAT])));
    }

    /**
     * The site itself.
     */
    private static function site(): array {
        global $CFG, $SITE;
        return [
            'wwwroot' => $CFG->wwwroot,
            'sitename' => $SITE->fullname,
            'release' => (string)$CFG->release,
            'timezone' => \core_date::get_server_timezone(),
            'lang' => launch_claims::locale($CFG->lang),
            'pluginversion' => (string)get_config('block_courseferry', 'version'),
            'maxfullname' => typed_name::max_full(),
            'maxshortname' => typed_name::max_short(),
            'targetcourses' => (bool)get_config('block_courseferry', 'targetcourses'),
            'userdata' => (bool)get_config('block_courseferry', 'userdata'),
            'removecopytime' => copy_removal::time(),
            'originalblock' => self::original()['running'],
        ];
    }

    /**
     * The block that this one replaces: whether it is installed here, and its task switched on. Both would share the one
     * backup that a remote keeps per user.
     *
     * @return array{installed: bool, running: bool}
     */
    public static function original(): array {
        if (!\core_component::get_plugin_directory('block', self::ORIGINAL)) {
            return ['installed' => false, 'running' => false];
        }
        $task = \core\task\manager::get_scheduled_task('block_' . self::ORIGINAL . '\task\backup_restore_task');
        return ['installed' => true, 'running' => $task && !$task->get_disabled()];
    }
}
