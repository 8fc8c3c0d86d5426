<?php
/**
 * What a launch token says of the user. It signs nothing and asks Moodle nothing.
 *
 * @package    block_courseferry
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

namespace block_courseferry\local;

final class launch_claims {
    /** @var int seconds that a launch token is good for */
    public const LIFETIME = 300;
    /** @var int bytes of JSON above which the role assignments are left out; the Worker then asks for them */
    public const MAX_ACCESS = 2048;

    /**
     * The claims.
     *
     * @param array $user id, username, fullname, firstname, lastname, lang, timezone
     * @param array $site wwwroot and the Worker's origin: iss, aud
     * @param array $access assignments and siteversion
     * @param array|null $real id and username of who is logged in as this user
     * @param string $state given back as it came; empty for none
     * @param int $now Unix time
     * @param string $jti unique
     */
    public static function build(array $user, array $site, array $access, ?array $real, string $state, int $now, string $jti): array {
        $claims = [
            'iss' => $site['iss'],
            'aud' => $site['aud'],
            'sub' => (string)$user['id'],
            'preferred_username' => $user['username'],
            'name' => $user['fullname'],
            'given_name' => $user['firstname'],
            'family_name' => $user['lastname'],
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
