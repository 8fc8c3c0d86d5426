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
 * Who may see the widget, who is vouched for, who may own a restore.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class people {
    /** @var string[] what a restore into a category requires; core's own restore checks only the second */
    public const REQUIRED = ['moodle/course:create', 'moodle/restore:restorecourse'];
    /** @var string what adding to a course requires in it */
    public const REQUIRED_IN_COURSE = 'moodle/restore:restorecourse';
    /**
     * @var string[] kinds of account in which the site or its directory gives the usernames. Any other, also one that we do
     *     not know, is for an administrator to trust.
     */
    private const TRUSTED = ['cas', 'db', 'ldap', 'manual', 'shibboleth'];

    /**
     * Whether the current user may see the widget: at system level, in any category where they may create courses, or because of
     * a course to which they may add.
     */
    public static function may_see_widget(): bool {
        global $USER;
        if (!isloggedin() || isguestuser()) {
            return false;
        }
        return has_capability('block/courseferry:view', \context_system::instance())
            || \core_course_category::make_categories_list(['block/courseferry:view', 'moodle/course:create']) !== []
            || target_courses::grants_widget((int)$USER->id);
    }

    /**
     * Whether we tell the Worker a user's name. A remote trusts us for it, so the account must be of a kind in which
     * nobody picks their own username; and none that a restore made, for another site chose that one.
     */
    public static function is_vouched_for(\stdClass $user): bool {
        global $CFG;
        return !isguestuser($user)
            && (int)$user->mnethostid === (int)$CFG->mnet_localhost_id
            && in_array($user->auth, self::trusted_auth(), true)
            && !made_accounts::is_unconfirmed($user);
    }

    /**
     * The kinds of account that are vouched for.
     *
     * @return string[]
     */
    private static function trusted_auth(): array {
        $setting = get_config('block_courseferry', 'trustedauth');
        return $setting === false ? self::default_trusted_auth() : array_filter(explode(',', $setting));
    }

    /**
     * The kinds that are trusted until an administrator chooses others.
     *
     * @return string[]
     */
    public static function default_trusted_auth(): array {
        return array_values(array_intersect(self::TRUSTED, array_keys(\core_component::get_plugin_list('auth'))));
    }

    /**
     * Whether an account is in use.
     */
    public static function is_active(int $userid): bool {
        $user = \core_user::get_user($userid);
        if (!$user) {
            return false;
        }
        try {
            \core_user::require_active_user($user, true, true);
            return true;
        } catch (\moodle_exception) {
            return false;
        }
    }

    /**
     * Why a user may not restore into a category now, or null.
     *
     * @param int $userid the user
     * @param int $categoryid the category
     */
    public static function why_not_into(int $userid, int $categoryid): ?failure {
        if (!self::is_active($userid)) {
            return new failure('client.user_inactive', "user $userid is suspended, deleted or not confirmed");
        }
        $context = \context_coursecat::instance($categoryid, IGNORE_MISSING);
        if (!$context) {
            return new failure('client.category_missing', "category $categoryid");
        }
        foreach (self::REQUIRED as $capability) {
            if (!has_capability($capability, $context, $userid)) {
                return new failure('client.no_capability', "$capability in category $categoryid");
            }
        }
        return null;
    }

    /**
     * Why a user may not add to a course now, or null.
     *
     * @param int $userid the user
     * @param int $courseid the course
     */
    public static function why_not_adding(int $userid, int $courseid): ?failure {
        global $DB;
        if (!self::is_active($userid)) {
            return new failure('client.user_inactive', "user $userid is suspended, deleted or not confirmed");
        }
        $course = $courseid === (int)SITEID ? false : $DB->get_record('course', ['id' => $courseid]);
        if (!$course) {
            return new failure('client.course_missing', "course $courseid");
        }
        $capability = self::REQUIRED_IN_COURSE;
        if (!has_capability($capability, \context_course::instance($courseid), $userid)) {
            return new failure('client.no_capability', "$capability in course $courseid");
        }
        return can_access_course($course, $userid, '', true)
            ? null : new failure('client.no_capability', "course $courseid cannot be entered");
    }
}
