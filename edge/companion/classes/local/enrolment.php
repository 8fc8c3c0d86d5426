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
 * Enrols people in restored courses, by manual enrolment.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class enrolment {
    /**
     * Enrols the owner as editing teacher.
     *
     * @return bool false if this site has no such role or no manual enrolment
     */
    public static function as_teacher(int $courseid, int $userid): bool {
        return self::enrol($courseid, $userid, self::teacher_role());
    }

    /**
     * Enrols a colleague in the role that the setting names.
     *
     * @return bool false if this site has no such role or no manual enrolment
     */
    public static function as_colleague(int $courseid, int $userid): bool {
        global $DB;
        $role = self::colleagues_role();
        return self::enrol($courseid, $userid, $role === '' ? 0 : (int)$DB->get_field('role', 'id', ['shortname' => $role]));
    }

    /**
     * Short name of the role that colleagues get; empty if there is none.
     */
    public static function colleagues_role(): string {
        global $DB;
        $role = (int)get_config('block_courseferry', 'enrollrole');
        return (string)($DB->get_field('role', 'shortname', ['id' => $role])
            ?: $DB->get_field('role', 'shortname', ['id' => self::teacher_role()]));
    }

    /**
     * The editing teacher's role; 0 if there is none.
     */
    public static function teacher_role(): int {
        global $DB;
        $role = $DB->get_field('role', 'id', ['shortname' => 'editingteacher']);
        return (int)($role ?: array_key_first(get_archetype_roles('editingteacher')));
    }

    /**
     * Enrols somebody.
     *
     * @param int $courseid where
     * @param int $userid whom
     * @param int $role as what
     */
    private static function enrol(int $courseid, int $userid, int $role): bool {
        global $CFG, $DB;
        require_once($CFG->libdir . '/enrollib.php');
        $plugin = enrol_is_enabled('manual') ? enrol_get_plugin('manual') : null;
        if (!$plugin || !$role) {
            return false;
        }
        $instances = $DB->get_records('enrol', ['courseid' => $courseid, 'enrol' => 'manual'], 'status, sortorder, id', '*', 0, 1);
        $instance = reset($instances);
        if (!$instance) {
            $course = $DB->get_record('course', ['id' => $courseid], '*', MUST_EXIST);
            $instance = $DB->get_record(
                'enrol',
                ['id' => $plugin->add_default_instance($course) ?: $plugin->add_instance($course)],
            );
        }
        if ((int)$instance->status !== ENROL_INSTANCE_ENABLED) {
            $plugin->update_status($instance, ENROL_INSTANCE_ENABLED);
        }
        $plugin->enrol_user($instance, $userid, $role);
        return true;
    }
}
