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

use core\session\manager;

/**
 * Mints launch tokens for the user who is logged in. What they say is in launch_claims.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class launch {
    /**
     * Why the current user gets no token: the name of a string, or null.
     *
     * A "log in as" that began inside a course is no full identity: Moodle itself refuses that session everything outside
     * the course. A token would carry the other person's rights everywhere.
     */
    public static function refusal(): ?string {
        global $USER;
        return match (true) {
            manager::is_loggedinas() && (int)($USER->loginascontext->contextlevel ?? 0) !== CONTEXT_SYSTEM => 'limitedloginas',
            !people::is_vouched_for($USER) => 'untrustedaccount',
            default => null,
        };
    }

    /**
     * A token for the current user.
     *
     * @param worker $worker for whom it is
     * @param string $state given back as it came; empty for none
     * @return array{token: string, expires: int}
     * @throws \moodle_exception if there is a refusal
     */
    public static function mint(worker $worker, string $state = ''): array {
        global $CFG, $USER;
        $refusal = self::refusal();
        if ($refusal !== null) {
            throw new \moodle_exception($refusal, 'block_courseferry');
        }
        $real = null;
        if (manager::is_loggedinas()) {
            $realuser = manager::get_realuser();
            $real = ['id' => $realuser->id, 'username' => $realuser->username];
        }
        $claims = launch_claims::build(
            user: [
                'id' => $USER->id,
                'username' => $USER->username,
                'fullname' => fullname($USER),
                'lang' => current_language(),
                'timezone' => \core_date::get_user_timezone($USER),
            ],
            site: ['iss' => $CFG->wwwroot, 'aud' => $worker->url->origin()],
            access: [
                'assignments' => snapshot::assignments((int)$USER->id),
                'siteversion' => snapshot::recent_version(),
                'targetcourses' => target_courses::grants_widget((int)$USER->id),
            ],
            real: $real,
            state: $state,
            now: time(),
            jti: random_string(24),
        );
        return ['token' => $worker->launch_token($claims), 'expires' => $claims['exp']];
    }
}
