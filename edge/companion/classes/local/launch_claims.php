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
 * What a launch token says of the user. It signs nothing and asks Moodle nothing.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class launch_claims {
    /** @var int seconds that a launch token is good for */
    public const LIFETIME = 300;
    /** @var int bytes of JSON above which the role assignments are left out; the Worker then asks for them */
    public const MAX_ACCESS = 2048;

    /**
     * The claims.
     *
     * @param array $user id, username, fullname, lang, timezone
     * @param array $site wwwroot and the Worker's origin: iss, aud
     * @param array $access assignments, siteversion, and whether they see the widget because of a course here
     * @param array|null $real id and username of who is logged in as this user
     * @param string $state given back as it came; empty for none
     * @param int $now Unix time
     * @param string $jti unique
     */
    public static function build(
        array $user,
        array $site,
        array $access,
        ?array $real,
        string $state,
        int $now,
        string $jti,
    ): array {
        $claims = [
            'iss' => $site['iss'],
            'aud' => $site['aud'],
            'sub' => (string)$user['id'],
            'preferred_username' => $user['username'],
            'name' => $user['fullname'],
            'locale' => self::locale($user['lang']),
            'zoneinfo' => $user['timezone'],
            'iat' => $now,
            'exp' => $now + self::LIFETIME,
            'jti' => $jti,
        ];
        if ($real !== null) {
            $claims['act'] = ['sub' => (string)$real['id'], 'preferred_username' => $real['username']];
        }
        if ($state !== '') {
            $claims['state'] = $state;
        }
        if (strlen((string)json_encode($access)) <= self::MAX_ACCESS) {
            $claims['access'] = $access;
        }
        return $claims;
    }

    /**
     * Moodle's language code as the rest of the world writes it: fr_ca becomes fr-ca.
     */
    public static function locale(string $lang): string {
        return str_replace('_', '-', $lang);
    }
}
