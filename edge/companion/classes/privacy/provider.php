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

namespace block_courseferry\privacy;

use block_courseferry\local\made_accounts;
use block_courseferry\local\restore_record;
use block_courseferry\local\worker;
use block_courseferry\task\erase;
use core_privacy\local\metadata\collection;
use core_privacy\local\request\approved_contextlist;
use core_privacy\local\request\approved_userlist;
use core_privacy\local\request\contextlist;
use core_privacy\local\request\transform;
use core_privacy\local\request\userlist;
use core_privacy\local\request\writer;

/**
 * What is kept about people, here and at the Worker, and how they get or erase it.
 *
 * Erasing makes rows anonymous: which remote course became which course stays, so that nobody restores it again by mistake.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class provider implements
    \core_privacy\local\metadata\provider,
    \core_privacy\local\request\core_userlist_provider,
    \core_privacy\local\request\plugin\provider {
    /** @var string */
    private const MESSAGES = 'block_courseferry_message';

    #[\Override]
    public static function get_metadata(collection $collection): collection {
        $fields = fn(string $of, array $names): array => array_combine(
            $names,
            array_map(fn($name) => "privacy:metadata:$of:$name", $names)
        );
        $collection->add_database_table(
            restore_record::TABLE,
            $fields('restore', ['userid', 'actorid', 'remote', 'remotecourseid', 'categoryid', 'courseid', 'state', 'timecreated']),
            'privacy:metadata:restore'
        );
        $collection->add_database_table(
            self::MESSAGES,
            $fields('message', ['userid', 'job', 'kind', 'timecreated']),
            'privacy:metadata:message',
        );
        $collection->add_database_table(
            made_accounts::TABLE,
            $fields('account', ['userid', 'username', 'remote', 'timecreated', 'confirmedby']),
            'privacy:metadata:account',
        );
        $collection->add_external_location_link('worker', [
            'userid' => 'privacy:metadata:userid',
            'username' => 'privacy:metadata:username',
            'fullname' => 'privacy:metadata:fullname',
            'lang' => 'privacy:metadata:lang',
            'roles' => 'privacy:metadata:roles',
        ], 'privacy:metadata:externalpurpose');
        $collection->add_external_location_link('remotes', ['username' => 'privacy:metadata:username'], 'privacy:metadata:remotes');
        $collection->add_subsystem_link('core_message', [], 'privacy:metadata:message');
        lent_backups::describe($collection);
        return $collection;
    }

    #[\Override]
    public static function get_contexts_for_userid(int $userid): contextlist {
        $list = new contextlist();
        // The Worker may know of somebody of whom nothing is kept here, so we do not ask our tables.
        $list->add_user_context($userid);
        return $list;
    }

    #[\Override]
    public static function get_users_in_context(userlist $userlist) {
        $context = $userlist->get_context();
        if ($context instanceof \context_user) {
            $userlist->add_user($context->instanceid);
        }
    }

    #[\Override]
    public static function export_user_data(approved_contextlist $contextlist) {
        global $DB;
        $userid = (int)$contextlist->get_user()->id;
        foreach ($contextlist->get_contexts() as $context) {
            if (!self::is_of($context, $userid)) {
                continue;
            }
            $restores = array_map(fn($record) => (object)[
                'remote' => $record->remote,
                'remotecourseid' => $record->remotecourseid,
                'categoryid' => $record->categoryid,
                'courseid' => $record->courseid,
                'state' => $record->state->value,
                'timecreated' => transform::datetime($record->timecreated),
            ], restore_record::of_user($userid));
            $messages = array_values(array_map(fn($row) => (object)[
                'kind' => $row->kind,
                'timecreated' => transform::datetime($row->timecreated),
            ], $DB->get_records(self::MESSAGES, ['userid' => $userid], 'timecreated')));
            $name = get_string('pluginname', 'block_courseferry');
            $writer = writer::with_context($context);
            if ($restores || $messages) {
                $writer->export_data([$name], (object)['restores' => $restores, 'messages' => $messages]);
            }
            $made = $DB->get_record(made_accounts::TABLE, ['userid' => $userid], 'remote, timecreated', IGNORE_MULTIPLE);
            if ($made) {
                $made->timecreated = transform::datetime($made->timecreated);
                $writer->export_data([$name, get_string('madeaccounts', 'block_courseferry')], $made);
            }
            $lent = lent_backups::of($userid);
            if ($lent) {
                $writer->export_data([$name, get_string('lentbackups', 'block_courseferry')], (object)['backups' => $lent]);
            }
            $kept = self::kept_by_worker($userid);
            if ($kept !== null) {
                $writer->export_data([$name, get_string('privacy:worker', 'block_courseferry')], $kept);
            }
        }
    }

    /**
     * What the Worker keeps of a user, or why it could not be asked; null if there is no Worker.
     */
    private static function kept_by_worker(int $userid): ?\stdClass {
        $worker = worker::configured();
        if (!$worker) {
            return null;
        }
        $answer = $worker->call('privacy/export', ['userid' => $userid]);
        return (object)($answer->ok() && $answer->json() !== null
            ? $answer->json() : ['error' => get_string('privacy:workerunreachable', 'block_courseferry', $answer->problem())]);
    }

    #[\Override]
    public static function delete_data_for_all_users_in_context(\context $context) {
        if ($context instanceof \context_user) {
            self::forget((int)$context->instanceid);
        }
    }

    #[\Override]
    public static function delete_data_for_user(approved_contextlist $contextlist) {
        $userid = (int)$contextlist->get_user()->id;
        foreach ($contextlist->get_contexts() as $context) {
            if (self::is_of($context, $userid)) {
                self::forget($userid);
            }
        }
    }

    #[\Override]
    public static function delete_data_for_users(approved_userlist $userlist) {
        foreach ($userlist->get_userids() as $userid) {
            if (self::is_of($userlist->get_context(), (int)$userid)) {
                self::forget((int)$userid);
            }
        }
    }

    /**
     * Whether a context is a user's own.
     *
     * @param \context $context
     * @param int $userid
     */
    private static function is_of(\context $context, int $userid): bool {
        return $context instanceof \context_user && (int)$context->instanceid === $userid;
    }

    /**
     * Cancels what can be cancelled, makes anonymous what is over, and has the Worker do the same. What runs is left to the
     * task, which comes again until the Worker has confirmed and nothing runs.
     */
    private static function forget(int $userid): void {
        foreach (restore_record::of_user($userid) as $record) {
            if ($record->state->is_cancellable()) {
                restore_record::cancel($record->job, $record->attempt);
            }
        }
        self::anonymise($userid);
        lent_backups::forget($userid);
        if (worker::configured() || restore_record::of_user($userid)) {
            erase::queue($userid);
        }
    }

    /**
     * Makes the user's finished rows anonymous.
     *
     * @return bool whether none is left
     */
    public static function anonymise(int $userid): bool {
        global $DB;
        foreach (restore_record::of_user($userid) as $record) {
            if ($record->state->is_over()) {
                $DB->update_record(restore_record::TABLE, (object)[
                    'id' => $record->id, 'userid' => 0, 'fullname' => '', 'shortname' => '', 'errordetail' => '',
                ]);
            }
        }
        $DB->set_field(restore_record::TABLE, 'actorid', 0, ['actorid' => $userid]);
        made_accounts::anonymise($userid);
        // The Worker does not send a message about an erased person again.
        $DB->delete_records(self::MESSAGES, ['userid' => $userid]);
        return restore_record::of_user($userid) === [];
    }
}
