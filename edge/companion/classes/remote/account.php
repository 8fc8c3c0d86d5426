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

use block_courseferry\local\people;

/**
 * The accounts here to which courses are lent. The client vouches for the username; this site says to which kinds of account
 * that is good enough.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class account {
    /**
     * The account with exactly this username.
     *
     * @param string $username
     * @return \stdClass its row
     * @throws lending_exception
     */
    public static function find(string $username): \stdClass {
        global $CFG, $DB;
        $user = $DB->get_record('user', ['username' => $username, 'mnethostid' => $CFG->mnet_localhost_id, 'deleted' => 0]);
        // MySQL compares without case and accents: it finds "Anna" and "anña" as well.
        if (!$user || $user->username !== $username || isguestuser($user)) {
            throw new lending_exception('remote.unknown_user');
        }
        self::check($user);
        return $user;
    }

    /**
     * Checks that an account that was lent to still is.
     *
     * @param int $userid
     * @return \stdClass its row
     * @throws lending_exception
     */
    public static function require(int $userid): \stdClass {
        $user = $userid ? \core_user::get_user($userid) : false;
        if (!$user || $user->deleted) {
            throw new lending_exception('remote.unknown_user');
        }
        self::check($user);
        return $user;
    }

    /**
     * The kinds of account that are lent to.
     *
     * @return string[]
     */
    private static function kinds(): array {
        $setting = get_config('block_courseferry', 'lentauth');
        return $setting === false ? people::default_trusted_auth() : array_filter(explode(',', $setting));
    }

    /**
     * Refuses accounts that are not lent to.
     *
     * @param \stdClass $user
     * @throws lending_exception
     */
    private static function check(\stdClass $user): void {
        $why = match (true) {
            (bool)$user->suspended => 'suspended',
            !$user->confirmed => 'unconfirmed',
            $user->auth === 'nologin' || !in_array($user->auth, self::kinds(), true) => 'kind',
            is_siteadmin($user) && !get_config('block_courseferry', 'lendtoadmins') => 'administrator',
            default => null,
        };
        if ($why) {
            throw new lending_exception('remote.account_not_lent', get_string("notlent_$why", 'block_courseferry'));
        }
    }
}
