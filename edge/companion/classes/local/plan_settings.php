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
 * Sets what of a backup core's restore takes.
 *
 * Who gets an account or an enrolment is never left to the file, nor to the site's defaults for restores by hand.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class plan_settings {
    /** @var string[] settings of what is the course's own rather than content */
    private const NOT_CONTENT = [
        'overwrite_conf', 'blocks', 'filters', 'permissions', 'badges', 'calendarevents', 'contentbankcontent', 'legacyfiles',
        'customfield', 'competencies',
    ];

    /**
     * Of a plan.
     *
     * @param \restore_plan $plan the plan, before its prechecks
     */
    public function __construct(
        /** @var \restore_plan the plan, before its prechecks */
        private readonly \restore_plan $plan,
    ) {
    }

    /**
     * For a new course.
     *
     * @param restore_options $options what the teacher wants otherwise than there
     */
    public function for_new_course(restore_options $options): void {
        $this->people((int)$options->students, $options->enrolments);
        $this->leave_out($options);
        if ($options->startdate > 0) {
            // Core moves every date by as much as this one is moved.
            $this->set('course_startdate', $options->startdate);
        }
    }

    /**
     * For adding to a course. What is not content stays out: the course has its own. Dates move by the distance of the two
     * starts, for those too who could choose: core does so by itself only for the others.
     *
     * @param restore_options $options what the teacher wants otherwise than there
     * @param int $startdate when the course that is added to starts; 0 for never
     */
    public function for_existing_course(restore_options $options, int $startdate): void {
        if ($startdate > 0 && (int)$this->plan->get_setting('course_startdate')->get_value() > 0) {
            $this->set('course_startdate', $startdate);
        }
        $this->people(0, \backup::ENROL_NEVER);
        foreach (self::NOT_CONTENT as $name) {
            $this->set($name, 0);
        }
        $this->leave_out($options);
    }

    /**
     * Who gets an account, a role or an enrolment: nobody, unless that was asked for by right.
     *
     * @param int $users 1 for people with their data
     * @param int $enrolments which enrolment methods, by core's number
     */
    private function people(int $users, int $enrolments): void {
        $this->set('users', $users);
        $this->set('enrolments', $enrolments);
    }

    /**
     * Leaves sections and activities out. A section takes what is in it along.
     *
     * @param restore_options $options which
     */
    private function leave_out(restore_options $options): void {
        $sections = array_flip($options->leaveoutsections);
        $activities = array_flip($options->leaveoutactivities);
        foreach ($this->plan->get_settings() as $setting) {
            if (!preg_match('/^([a-z0-9]+)_(\d+)_included$/D', $setting->get_name(), $match)) {
                continue;
            }
            $unwanted = $match[1] === 'section' ? $sections : $activities;
            if (isset($unwanted[(int)$match[2]])) {
                $this->give($setting, 0);
            }
        }
    }

    /**
     * Gives a setting its value, where the plan has such a setting.
     *
     * @param string $name its name
     * @param int $value its value
     */
    private function set(string $name, int $value): void {
        if ($this->plan->setting_exists($name)) {
            $this->give($this->plan->get_setting($name), $value);
        }
    }

    /**
     * Gives a setting its value.
     *
     * @param \base_setting $setting the setting
     * @param int $value its value
     */
    private function give(\base_setting $setting, int $value): void {
        if ((int)$setting->get_value() === $value) {
            return;
        }
        if ($setting->get_status() === \base_setting::LOCKED_BY_PERMISSION && $value !== 0) {
            throw new failure('client.no_capability', "the setting {$setting->get_name()} of the restore");
        }
        // A default that an administrator locked is for people at the restore page; leaving out needs no right.
        $setting->set_status(\base_setting::NOT_LOCKED);
        $setting->set_value($value);
        if ((int)$setting->get_value() !== $value) {
            throw new failure('client.restore_failed', "the setting {$setting->get_name()} of the restore cannot be $value");
        }
    }
}
