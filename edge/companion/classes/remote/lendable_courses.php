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
 * The courses that an account may take: it has one of the roles in question there, can enter, and may back the course up.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class lendable_courses {
    /** @var array<int, bool>|null ids of the courses in which the account's enrolment is active */
    private ?array $enrolled = null;

    /**
     * Makes the list of an account.
     *
     * @param \stdClass $user
     */
    public function __construct(
        /** @var \stdClass whose courses */
        private readonly \stdClass $user,
    ) {
    }

    /**
     * All courses that the account may take now.
     *
     * @return \stdClass[] rows of the course table
     */
    public function all(): array {
        return array_values(array_filter($this->with_role(), fn(\stdClass $course): bool => $this->why_not($course) === null));
    }

    /**
     * The course, if the account may take it now.
     *
     * @param int $courseid
     * @return \stdClass
     * @throws lending_exception
     */
    public function require(int $courseid): \stdClass {
        global $DB;
        $course = $this->with_role($courseid)[$courseid] ?? null;
        if (!$course && !$DB->record_exists('course', ['id' => $courseid])) {
            throw new lending_exception('remote.course_missing');
        }
        $why = $course ? $this->why_not($course) : 'norole';
        if ($why === 'nobackup') {
            throw new lending_exception('remote.no_backup_right');
        }
        if ($why) {
            throw new lending_exception('remote.not_owner', get_string("notowner_$why", 'block_courseferry'));
        }
        return $course;
    }

    /**
     * Whether the account may take the students' data of a course along.
     *
     * @param int $courseid
     * @return bool
     */
    public function may_take_users(int $courseid): bool {
        return get_config('block_courseferry', 'lenduserdata')
            && has_capability('moodle/backup:userinfo', \context_course::instance($courseid), $this->user);
    }

    /**
     * The courses in which the account has one of the roles in question, the front page never.
     *
     * @param int $courseid only this one; 0 for all
     * @return \stdClass[] by id, in the order of their names
     */
    private function with_role(int $courseid = 0): array {
        global $DB;
        [$in, $params] = $DB->get_in_or_equal(self::roles() ?: [0], SQL_PARAMS_NAMED);
        $preload = \context_helper::get_preload_record_columns_sql('ctx');
        $courses = $DB->get_records_sql("SELECT c.*, $preload
              FROM {course} c
              JOIN {context} ctx ON ctx.instanceid = c.id AND ctx.contextlevel = :level
             WHERE c.id <> :site AND (:all = 0 OR c.id = :course)
                   AND EXISTS (SELECT 1 FROM {role_assignments} ra
                                WHERE ra.contextid = ctx.id AND ra.userid = :user AND ra.roleid $in)
          ORDER BY c.fullname, c.id", $params + [
            'level' => CONTEXT_COURSE, 'site' => SITEID, 'all' => $courseid, 'course' => $courseid, 'user' => $this->user->id,
        ]);
        array_walk($courses, fn(\stdClass $course) => \context_helper::preload_from_record($course));
        return $courses;
    }

    /**
     * The roles in question: the setting, or all that are made from "editing teacher".
     *
     * @return int[]
     */
    private static function roles(): array {
        $setting = get_config('block_courseferry', 'search_roles');
        return $setting === false ? array_map(intval(...), array_keys(get_archetype_roles('editingteacher')))
            : array_map(intval(...), array_filter(explode(',', $setting)));
    }

    /**
     * Why the account may not take a course in which it has the role, or null.
     *
     * @param \stdClass $course
     * @return string|null
     */
    private function why_not(\stdClass $course): ?string {
        $context = \context_course::instance($course->id);
        return match (true) {
            !isset($this->enrolled()[$course->id]) && !has_capability('moodle/course:view', $context, $this->user) => 'notenrolled',
            !$course->visible && !has_capability('moodle/course:viewhiddencourses', $context, $this->user) => 'hidden',
            !has_capability('moodle/backup:backupcourse', $context, $this->user) => 'nobackup',
            default => null,
        };
    }

    /**
     * The courses in which the account's enrolment is active: roles stay when an enrolment is suspended or over.
     *
     * @return array<int, bool>
     */
    private function enrolled(): array {
        global $DB;
        if ($this->enrolled === null) {
            $ids = $DB->get_fieldset_sql('SELECT DISTINCT e.courseid
                  FROM {user_enrolments} ue
                  JOIN {enrol} e ON e.id = ue.enrolid
                 WHERE ue.userid = :user AND ue.status = :active AND e.status = :enabled
                       AND ue.timestart <= :started AND (ue.timeend = 0 OR ue.timeend > :ended)', [
                'user' => $this->user->id, 'active' => ENROL_USER_ACTIVE, 'enabled' => ENROL_INSTANCE_ENABLED,
                'started' => time(), 'ended' => time(),
            ]);
            $this->enrolled = array_fill_keys($ids, true);
        }
        return $this->enrolled;
    }
}
