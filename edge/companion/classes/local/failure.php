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
 * Why a restore failed: a stable code that the Worker knows, and whether trying again can help.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class failure extends \Exception {
    /** @var array<string, bool> every code, and whether a later attempt may succeed without anybody's doing */
    public const TRANSIENT = [
        'client.user_inactive' => false,
        'client.no_capability' => false,
        'client.category_missing' => false,
        'client.disk_full' => true,
        'client.crashed' => false,
        'client.course_busy' => true,
        'client.course_missing' => false,
        'client.partly_added' => false,
        'client.arrived_removed' => false,
        'client.account_conflict' => false,
        'client.accounts_missing' => false,
        'client.questions_refused' => false,
        'client.precheck_failed' => false,
        'client.restore_failed' => false,
        'client.maintenance' => true,
        'backup.unreadable' => false,
        'backup.not_a_backup' => false,
        'backup.wrong_course' => true,
        'backup.too_large' => false,
        'backup.too_slow' => true,
        'backup.truncated' => true,
        'backup.checksum' => true,
        'backup.replaced' => true,
        'backup.gone' => true,
        'backup.unreachable' => true,
        'backup.ticket_refused' => false,
        'remote.stray_output' => false,
    ];

    /** @var int bytes of a detail */
    private const MAX_DETAIL = 500;

    /**
     * A failure.
     *
     * @param string $error the code
     * @param string $detail what an administrator needs to know more
     */
    public function __construct(
        /** @var string the code */
        public readonly string $error,
        string $detail = '',
    ) {
        parent::__construct($detail);
    }

    /**
     * What an exception of Moodle's means. Its details may hold SQL with the values in it: they go to the log of the task that
     * runs, and never to people.
     *
     * An upgrade replaces the code while a process that began before still runs, with some classes of the old version and some of
     * the new one. What such a process throws says nothing of the restore: `client.maintenance` makes the Worker try again, and
     * counts as no failure. Moodle starts no cron process until the upgrade is done, so a later one has one version only.
     */
    public static function of(\Throwable $thrown): self {
        if ($thrown instanceof self) {
            return $thrown;
        }
        $debuginfo = trim((string)($thrown->debuginfo ?? ''));
        mtrace(get_class($thrown) . ": {$thrown->getMessage()}\n$debuginfo\n{$thrown->getTraceAsString()}");
        $said = match (true) {
            $thrown instanceof \dml_exception => "a database error ($thrown->errorcode)",
            $debuginfo !== '' => str_replace(["($debuginfo)", $debuginfo], '', $thrown->getMessage()),
            default => $thrown->getMessage(),
        };
        $code = self::is_code_replaced() ? 'client.maintenance' : 'client.restore_failed';
        return new self($code, get_class($thrown) . ': ' . trim($said));
    }

    /**
     * Whether the code on disk, of Moodle or of any plugin, is of another version than the one with which this process began. Our
     * `version.php` is read anew, since PHP's cache may still hold the old one.
     */
    private static function is_code_replaced(): bool {
        \core_component::invalidate_opcode_php_cache(dirname(__DIR__, 2) . '/version.php');
        return moodle_needs_upgrading(false);
    }

    /**
     * Whether a later attempt may succeed without anybody's doing.
     */
    public static function is_transient(string $error): bool {
        return self::TRANSIENT[$error] ?? false;
    }

    /**
     * What the Worker's refusal of a download means.
     *
     * @param int $status HTTP status, not 2xx
     * @param string $body its JSON, which may name the code itself
     */
    public static function of_download(int $status, string $body): self {
        $answer = json_decode($body, true);
        $told = is_array($answer) && is_array($answer['error'] ?? null) ? $answer['error'] : [];
        $code = is_string($told['code'] ?? null) ? $told['code'] : '';
        // What the remote said instead of a backup and goes on saying: the Worker knows these codes, and names them.
        $remotes = (bool)preg_match('/^remote\.[a-z_]{1,40}$/D', $code);
        if (!$remotes && (!str_starts_with($code, 'backup.') || !isset(self::TRANSIENT[$code]))) {
            $code = match ($status) {
                401, 403, 404, 409 => 'backup.ticket_refused',
                410 => 'backup.gone',
                412, 416 => 'backup.replaced',
                default => 'backup.unreachable',
            };
        }
        $said = array_filter([$told['message'] ?? '', $told['detail'] ?? ''], fn($text) => is_string($text) && $text !== '');
        $request = is_array($answer) && is_string($answer['request_id'] ?? null) ? " (request {$answer['request_id']})" : '';
        $detail = mb_strcut(trim("HTTP $status " . implode(' ', $said)), 0, self::MAX_DETAIL);
        return new self($code, $detail . mb_strcut($request, 0, 100));
    }
}
