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

use block_courseferry\local\worker_url;

/**
 * Who may fetch which file through backup.php, and how a refusal is answered there.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class download {
    /** @var string short name of the service whose tokens are taken */
    public const SERVICE = 'courseferry_remote';

    /**
     * The backup that a token may fetch.
     *
     * @param string $token
     * @param string $job
     * @param int $number
     * @return lent_backup a ready one
     * @throws \moodle_exception
     */
    public static function authorise(string $token, string $job, int $number): lent_backup {
        global $CFG, $USER;
        require_once($CFG->dirroot . '/webservice/lib.php');
        $authenticated = (new \webservice())->authenticate_user($token);
        // Core accepts a token of any service, so the service is compared here.
        if ($authenticated['service']->shortname !== self::SERVICE) {
            throw new \webservice_access_exception('The token is of another service');
        }
        require_capability('block/courseferry:can_retrieve_courses', \context_system::instance());
        if (!worker_url::is_job($job) || $number < 1) {
            throw new \invalid_parameter_exception('job or number');
        }
        $backup = lent_backup::find((int)$USER->id, $job, $number);
        if (!$backup || $backup->state->is_gone()) {
            throw new lending_exception('backup.gone');
        }
        if ($backup->state !== backup_state::ready) {
            throw new lending_exception('remote.not_ready');
        }
        account::require($backup->userid);
        return $backup;
    }

    /**
     * Notes that a backup is fetched for the first time.
     *
     * @param lent_backup $backup
     */
    public static function note(lent_backup $backup): void {
        $first = lent_backup::change($backup->id, function (lent_backup $now): bool {
            $first = $now->timefetched === 0;
            $now->timefetched = time();
            return $first;
        });
        if ($first) {
            \block_courseferry\event\lent_backup_fetched::of($first)->trigger();
        }
    }

    /**
     * The header that tells a file's checksum, RFC 9530.
     *
     * @param lent_backup $backup
     * @return string
     */
    public static function digest(lent_backup $backup): string {
        return 'Repr-Digest: sha-256=:' . base64_encode(hex2bin($backup->sha256)) . ':';
    }

    /**
     * The HTTP status of a refusal.
     *
     * @param \Throwable $e
     * @return int
     */
    public static function status(\Throwable $e): int {
        return match ($e->errorcode ?? '') {
            'invalidparameter', 'missingparam' => 400,
            'invalidtoken' => 401,
            'accessexception', 'nopermissions', 'remote.account_not_lent', 'remote.unknown_user' => 403,
            'invalidmethod' => 405,
            'remote.not_ready' => 409,
            'backup.gone' => 410,
            'backup.range' => 416,
            'sitemaintenance' => 503,
            default => 500,
        };
    }
}
