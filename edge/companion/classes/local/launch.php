<?php
/**
 * Mints launch tokens for the user who is logged in. What they say is in launch_claims.
 *
 * @package    block_courseferry
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

namespace block_courseferry\local;

use core\session\manager;

final class launch {
    /**
     * A token for the current user.
     *
     * @param string $state given back as it came; empty for none
     * @return array{token: string, expires: int}
     * @throws \moodle_exception if the Worker is not configured or the account is not vouched for
     */
    public static function mint(worker $worker, string $state = ''): array {
        global $CFG, $USER;
        if (!people::is_vouched_for($USER)) {
            throw new \moodle_exception('untrustedaccount', 'block_courseferry');
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
                'firstname' => $USER->firstname,
                'lastname' => $USER->lastname,
                'lang' => current_language(),
                'timezone' => \core_date::get_user_timezone($USER),
            ],
            site: ['iss' => $CFG->wwwroot, 'aud' => $worker->url->origin()],
            access: ['assignments' => snapshot::assignments((int)$USER->id), 'siteversion' => snapshot::recent_version()],
            real: $real,
            state: $state,
            now: time(),
            jti: random_string(24),
        );
        return ['token' => $worker->launch_token($claims), 'expires' => $claims['exp']];
    }
}
