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

use block_courseferry\local\service_setup;

/**
 * Sets this Moodle up to lend courses to a client: web service, account, role, token. Each client has an account of its own, so
 * that none sees another's backups. Done twice it changes nothing.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class lending_setup {
    /** @var string beginning of the accounts' usernames, and short name of their role */
    public const NAME = 'courseferryremote';
    /** @var string[] all that a client needs here */
    private const CAPABILITIES = [
        'webservice/rest:use', 'block/courseferry:can_see_backup_courses', 'block/courseferry:can_retrieve_courses',
    ];

    /** @var service_setup account, token and role; it notes what was changed */
    private readonly service_setup $setup;

    /**
     * Makes the set-up for a client.
     *
     * @param string $client a short name; empty where there is only one client
     * @throws \invalid_parameter_exception
     */
    public function __construct(string $client = '') {
        if (!self::is_name($client)) {
            throw new \invalid_parameter_exception('a client is named with at most 40 small letters and digits');
        }
        $username = $client === '' ? self::NAME : self::NAME . "_$client";
        $this->setup = new service_setup(download::SERVICE, $username, trim("remote $client"));
    }

    /**
     * Whether a client can be named so.
     *
     * @param string $client
     * @return bool
     */
    public static function is_name(string $client): bool {
        return preg_match('/^[a-z0-9]{0,40}$/D', $client) === 1;
    }

    /**
     * What was changed, in sentences.
     *
     * @return string[]
     */
    public function done(): array {
        return $this->setup->done();
    }

    /**
     * Whether the account is made already.
     *
     * @return bool
     */
    public function is_made(): bool {
        return $this->setup->account_id() > 0;
    }

    /**
     * Makes what is missing.
     *
     * @param token_change $change
     * @return string the client's entry for this Moodle in EXTERNAL_MOODLES
     */
    public function entry(token_change $change): string {
        global $CFG;
        $role = $this->setup->role(
            self::NAME,
            'Courseferry remote',
            'For the accounts of other Moodles\' Courseferry only: may list and back up the courses of those who teach them.',
            self::CAPABILITIES,
            [CONTEXT_SYSTEM]
        );
        $token = $this->setup->token($role, $change !== token_change::keep, $change === token_change::rotate ? DAYSECS : 0);
        return "$CFG->wwwroot,$token";
    }
}
