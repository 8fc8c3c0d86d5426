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
 * Accounts that a restore with people's data made. Another site chose their names and e-mail addresses, so nobody vouches for
 * them until an administrator has confirmed each.
 *
 * They are noted before they are made, so that none goes unnoted if the process dies in between; and by each restore that may
 * make them, for the one that noted an account first need not be the one that makes it.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class made_accounts {
    /** @var string the table */
    public const TABLE = 'block_courseferry_account';

    /**
     * Those of a restore.
     *
     * @param unpacked_backup $backup names them
     * @param restore_record $record the restore
     */
    public function __construct(
        /** @var unpacked_backup names them */
        private readonly unpacked_backup $backup,
        /** @var restore_record the restore */
        private readonly restore_record $record,
    ) {
    }

    /**
     * Notes the people in the backup who have no account here.
     */
    public function expect(): void {
        global $CFG, $DB;
        $known = fn(string $username): bool =>
            $DB->record_exists('user', ['username' => $username, 'mnethostid' => $CFG->mnet_localhost_id])
            || $DB->record_exists(self::TABLE, ['job' => $this->record->job, 'username' => $username]);
        foreach ($this->usernames() as $username) {
            if (!$known($username)) {
                $DB->insert_record(self::TABLE, (object)[
                    'username' => $username,
                    'job' => $this->record->job,
                    'remote' => $this->record->remote,
                    'timecreated' => time(),
                ]);
            }
        }
    }

    /**
     * The usernames in the backup.
     *
     * @return iterable<string>
     */
    private function usernames(): iterable {
        // Where a site allows it (backup/import_general_duplicate_admin_allowed), core restores an "admin" who is not the one here
        // under this name.
        $suffix = '_' . ($this->backup->info->original_site_identifier_hash ?? '');
        foreach (backup_xml::elements("{$this->backup->path}/users.xml") as $element) {
            if ($element->name === 'username') {
                // Byte for byte, as core takes it: an account "name " is not the one of "name".
                $username = \core_text::substr($element->readString(), 0, 100);
                yield $username;
                if ($username === 'admin') {
                    yield $username . $suffix;
                }
            }
        }
    }

    /**
     * Links the names to the accounts that have been made, and forgets the others.
     */
    public function link(): void {
        self::link_job($this->record->job);
    }

    /**
     * Likewise for restores that are over and whose process died.
     */
    public static function link_stale(): void {
        global $DB;
        foreach ($DB->get_fieldset_sql('SELECT DISTINCT job FROM {' . self::TABLE . '} WHERE userid = 0') as $job) {
            if (restore_record::find($job)?->state->is_over() ?? true) {
                self::link_job($job);
            }
        }
    }

    /**
     * Links the names that a restore noted to the accounts that it made, and forgets the others: those that were not made, and
     * those that another restore has linked already.
     *
     * @param string $job the restore
     */
    private static function link_job(string $job): void {
        global $CFG, $DB;
        foreach ($DB->get_records(self::TABLE, ['job' => $job, 'userid' => 0]) as $row) {
            $made = $DB->get_field('user', 'id', ['username' => $row->username, 'mnethostid' => $CFG->mnet_localhost_id]);
            if ($made && !$DB->record_exists(self::TABLE, ['userid' => $made])) {
                $DB->set_field(self::TABLE, 'userid', $made, ['id' => $row->id]);
            } else {
                $DB->delete_records(self::TABLE, ['id' => $row->id]);
            }
        }
    }

    /**
     * Whether an account is one that a restore made and nobody has confirmed.
     *
     * @param \stdClass $user
     */
    public static function is_unconfirmed(\stdClass $user): bool {
        global $DB;
        return $DB->record_exists_select(
            self::TABLE,
            'timeconfirmed = 0 AND (userid = :id OR (userid = 0 AND username = :username))',
            ['id' => $user->id, 'username' => $user->username],
        );
    }

    /**
     * An administrator has looked: the account is whose it says. Two restores that ended in one moment may both have linked it.
     *
     * @param int $id of one of its rows
     * @param int $by the administrator
     */
    public static function confirm(int $id, int $by): void {
        global $DB;
        $row = $DB->get_record(self::TABLE, ['id' => $id], '*', MUST_EXIST);
        if (!$row->timeconfirmed && $row->userid) {
            $DB->execute(
                'UPDATE {' . self::TABLE . '} SET timeconfirmed = ?, confirmedby = ? WHERE userid = ? AND timeconfirmed = 0',
                [time(), $by, $row->userid],
            );
            \block_courseferry\event\account_confirmed::of((int)$row->userid, $row->job)->trigger();
        }
    }

    /**
     * How many wait to be confirmed.
     */
    public static function count_unconfirmed(): int {
        global $DB;
        return $DB->count_records_select(self::TABLE, 'timeconfirmed = 0 AND userid > 0', null, 'COUNT(DISTINCT userid)');
    }

    /**
     * Forgets the username of an erased account, and who confirmed accounts if it was this one. That an account was made by a
     * restore stays known by its id, for as long as it exists: nobody vouches for it because it was erased.
     *
     * @param int $userid
     */
    public static function anonymise(int $userid): void {
        global $DB;
        // The id, and not nothing: a restore may have made several accounts, and the names that it noted are unique.
        $DB->set_field(self::TABLE, 'username', "#$userid", ['userid' => $userid]);
        $DB->set_field(self::TABLE, 'confirmedby', 0, ['confirmedby' => $userid]);
    }

    /**
     * Forgets a deleted account.
     *
     * @param int $userid
     */
    public static function forget(int $userid): void {
        global $DB;
        $DB->delete_records(self::TABLE, ['userid' => $userid]);
    }
}
