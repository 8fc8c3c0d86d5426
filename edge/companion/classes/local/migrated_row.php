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
 * A restore of the block that this one replaces, as a row of the Worker's database. It asks Moodle nothing.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class migrated_row {
    /** @var array<int, string> the original's numbers; what was in progress when the site moved will not go on */
    private const STATUSES = [0 => 'scheduled', 1 => 'failed', 2 => 'restored', -1 => 'failed'];
    /** @var int the original's number of what is scheduled */
    private const SCHEDULED = 0;
    /** @var string[] the Worker's words for the original's enrolment modes, which are core's numbers */
    private const ENROLMENTS = ['never', 'with_users', 'always'];
    /** @var array<int, array{string, string}> code and detail of those that failed */
    private const ERRORS = [
        1 => ['client.crashed', 'In progress when this site moved over.'],
        -1 => ['client.restore_failed', 'Failed before this site moved over; no reason was kept.'],
    ];

    /**
     * The id of the job that a row becomes: the same each time, so that nothing is imported twice.
     */
    public static function job(string $wwwroot, int $id): string {
        return substr(hash('sha256', "courseferry migration $wwwroot $id"), 0, 32);
    }

    /**
     * The Worker's id of a remote: from its normalised address.
     *
     * @return string|null null if this is no address
     */
    public static function remote(string $address): ?string {
        $parts = parse_url(trim($address));
        if (!isset($parts['scheme'], $parts['host'])) {
            return null;
        }
        $scheme = strtolower($parts['scheme']);
        $default = ['https' => 443, 'http' => 80][$scheme] ?? null;
        $port = isset($parts['port']) && $parts['port'] !== $default ? ":{$parts['port']}" : '';
        return substr(hash('sha256', "$scheme://" . strtolower($parts['host']) . $port . rtrim($parts['path'] ?? '', '/')), 0, 12);
    }

    /**
     * What a row's status becomes.
     *
     * @param \stdClass $row the original's row
     */
    public static function status(\stdClass $row): string {
        return self::STATUSES[(int)$row->status] ?? 'failed';
    }

    /**
     * Whether a row waits for a restore with students' data. Whether its owner may have them is asked before it begins.
     *
     * @param \stdClass $row the original's row
     */
    public static function wants_data(\stdClass $row): bool {
        return (int)$row->status === self::SCHEDULED && !empty($row->withuserdatas);
    }

    /**
     * Whether a row waits for a restore into a category that is gone. It goes to the default one, as it does in the original.
     *
     * @param \stdClass $row the original's row, with wantedcategory
     */
    public static function lost_category(\stdClass $row): bool {
        return (int)$row->status === self::SCHEDULED && $row->internalcategory > 0 && !$row->wantedcategory;
    }

    /**
     * What a row wants otherwise than there, in the Worker's words. The original's enrolment mode counts only with students' data.
     *
     * @param \stdClass $row the original's row
     */
    private static function options(\stdClass $row): string {
        $options = empty($row->withuserdatas) ? [] : [
            'students' => true,
            'enrolments' => self::ENROLMENTS[(int)($row->enrolmentmode ?? 0)] ?? 'never',
        ];
        return json_encode((object)$options, JSON_THROW_ON_ERROR);
    }

    /**
     * Code and detail of a failed row.
     *
     * @param \stdClass $row the original's row
     * @return array{string, string}
     */
    private static function error(\stdClass $row): array {
        return self::ERRORS[(int)$row->status] ?? self::ERRORS[-1];
    }

    /**
     * The statement that adds the row, if it is not there yet.
     *
     * @param \stdClass $row the original's row, with username, fullname, locale, wantedcategory, and the restored course's category
     * @param string $wwwroot this Moodle's
     * @param bool $exclusive whether this row takes the remote course, so that nobody restores it again
     * @return string|null null if the remote's address is none
     */
    public static function sql(\stdClass $row, string $wwwroot, bool $exclusive): ?string {
        $remote = self::remote($row->externalmoodleurl);
        if ($remote === null) {
            return null;
        }
        $job = self::job($wwwroot, (int)$row->id);
        $status = self::status($row);
        [$error, $detail] = $status === 'failed' ? self::error($row) : [null, ''];
        $restored = $status === 'restored' && $row->category ? (int)$row->courseid : null;
        $name = (string)$row->externalcoursename;
        $changed = (int)($row->timemodified ?: $row->timecreated);
        $values = [
            'id' => $job,
            'batch' => $job,
            'user_id' => (int)$row->userid,
            'username' => $row->username,
            'user_name' => $row->fullname,
            'locale' => $row->locale,
            'remote' => $remote,
            'course' => (int)$row->externalcourseid,
            'full_name' => $name,
            'short_name' => '',
            'identifier' => '',
            'search' => mb_strtolower("$row->fullname $row->username $name "),
            'options' => self::options($row),
            'target' => $row->wantedcategory > 0 ? (string)(int)$row->wantedcategory : 'default',
            'category' => $restored === null ? null : (int)$row->category,
            'category_name' => $restored === null ? null : $row->categoryname,
            'exclusive_key' => $exclusive ? "$remote:" . (int)$row->externalcourseid : null,
            'status' => $status,
            'since' => $changed,
            'created' => (int)$row->timecreated,
            'not_before' => (int)$row->timecreated,
            'finished' => $status === 'scheduled' ? null : $changed,
            'attempt' => $status === 'restored' ? 1 : 0,
            'percent' => $status === 'restored' ? 100 : 0,
            'restored' => $restored,
            'gone' => (int)($status === 'restored' && $restored === null),
            'error' => $error,
            'error_detail' => $detail,
        ];
        return 'INSERT OR IGNORE INTO restores (' . implode(', ', array_keys($values)) . ') VALUES ('
            . implode(', ', array_map(self::literal(...), $values)) . ');';
    }

    /**
     * A value as SQL.
     *
     * @param string|int|null $value
     */
    private static function literal(string|int|null $value): string {
        return match (true) {
            $value === null => 'NULL',
            is_int($value) => (string)$value,
            default => "'" . str_replace(["'", "\0"], ["''", ''], $value) . "'",
        };
    }
}
