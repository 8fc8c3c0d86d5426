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
 * With whose rights a restore is carried out: its owner's; or, where an administrator restores for somebody who lacks them, the
 * administrator's, who is then named in the order.
 *
 * Borrowed rights never include people's data.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class authority {
    /** @var string what an administrator needs to restore for somebody else */
    private const FOR_OTHERS = 'block/courseferry:manage';

    /**
     * Use of().
     *
     * @param int $userid
     */
    private function __construct(
        /** @var int whose rights */
        public readonly int $userid,
    ) {
    }

    /**
     * The one over a restore now.
     *
     * @param restore_record $record what is wanted
     * @throws failure that says what is missing
     */
    public static function of(restore_record $record): self {
        $refusal = self::refusal_for_others($record);
        if ($refusal) {
            throw $refusal;
        }
        $refusal = self::refusal($record, $record->userid);
        if (!$refusal) {
            return new self($record->userid);
        }
        $borrows = self::is_for_another($record) && $refusal->error === 'client.no_capability'
            && !$record->options->brings_people();
        if (!$borrows || self::refusal($record, $record->actorid)) {
            throw $refusal;
        }
        return new self($record->actorid);
    }

    /**
     * Why a restore may not be, or null. Capabilities alone would not do: a suspended user has them all.
     *
     * @param restore_record $record what is wanted
     */
    public static function why_not(restore_record $record): ?failure {
        try {
            self::of($record);
            return null;
        } catch (failure $refusal) {
            return $refusal;
        }
    }

    /**
     * Whether somebody else wants it for the owner.
     *
     * @param restore_record $record what is wanted
     */
    private static function is_for_another(restore_record $record): bool {
        return $record->actorid !== 0 && $record->actorid !== $record->userid;
    }

    /**
     * Why nobody may restore for somebody else, or null: both are in use and vouched for, and one is an administrator.
     *
     * @param restore_record $record what is wanted
     */
    private static function refusal_for_others(restore_record $record): ?failure {
        if (!self::is_for_another($record)) {
            return null;
        }
        foreach ([$record->userid, $record->actorid] as $userid) {
            if (!people::is_active($userid)) {
                return new failure('client.user_inactive', "user $userid is suspended, deleted or not confirmed");
            }
            if (!people::is_vouched_for(\core_user::get_user($userid))) {
                return new failure('client.user_inactive', "user $userid is not vouched for");
            }
        }
        return has_capability(self::FOR_OTHERS, \context_system::instance(), $record->actorid)
            ? null : new failure('client.no_capability', self::FOR_OTHERS . " of user $record->actorid");
    }

    /**
     * Why a user's own rights do not do, or null.
     *
     * @param restore_record $record what is wanted
     * @param int $userid the user
     */
    private static function refusal(restore_record $record, int $userid): ?failure {
        if ($record->targetcourseid) {
            return people::why_not_adding($userid, $record->targetcourseid);
        }
        return people::why_not_into($userid, $record->categoryid)
            ?? self::why_not_dates($userid, $record->categoryid, $record->options)
            ?? self::why_not_people($userid, $record->categoryid, $record->options);
    }

    /**
     * Why a user may not have the dates of a new course moved, or null.
     *
     * @param int $userid the user
     * @param int $categoryid the category
     * @param restore_options $options what is wanted
     */
    private static function why_not_dates(int $userid, int $categoryid, restore_options $options): ?failure {
        return $options->startdate === 0 ? null : self::lacks(['moodle/restore:rolldates'], $userid, $categoryid);
    }

    /**
     * Why a user may not bring people's data or enrolment methods along, or null. Accounts that are missing here are made only
     * with moodle/restore:createuser, which core's prechecks ask for where it comes to it.
     *
     * @param int $userid the user
     * @param int $categoryid the category
     * @param restore_options $options what is wanted
     */
    private static function why_not_people(int $userid, int $categoryid, restore_options $options): ?failure {
        if (!$options->brings_people()) {
            return null;
        }
        if (!get_config('block_courseferry', 'userdata')) {
            return new failure('client.no_capability', 'the setting userdata: this site takes no students\' data');
        }
        $required = ['block/courseferry:can_restore_user_datas'];
        if ($options->students) {
            $required[] = 'moodle/restore:userinfo';
        }
        return self::lacks($required, $userid, $categoryid);
    }

    /**
     * The failure that names the first capability that somebody lacks in a category, or null.
     *
     * @param string[] $capabilities
     * @param int $userid
     * @param int $categoryid
     */
    private static function lacks(array $capabilities, int $userid, int $categoryid): ?failure {
        foreach ($capabilities as $capability) {
            if (!has_capability($capability, \context_coursecat::instance($categoryid), $userid)) {
                return new failure('client.no_capability', "$capability in category $categoryid");
            }
        }
        return null;
    }
}
