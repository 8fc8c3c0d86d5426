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

namespace block_courseferry\external;

use block_courseferry\local\people;
use core_external\external_function_parameters;
use core_external\external_multiple_structure;
use core_external\external_single_structure;
use core_external\external_value;

/**
 * Sends a Moodle message about a restore, once per job, attempt, kind and user. The Worker writes the words.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class notify extends service {
    /** @var string[] the message provider of each kind */
    private const PROVIDERS = [
        'success' => 'restorationsuccess',
        'failure' => 'restorationfailed',
        'digest' => 'restorationfailed',
    ];
    /** @var string */
    private const TABLE = 'block_courseferry_message';

    #[\Override]
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters([
            'job' => self::text('The job'),
            'attempt' => self::number('The attempt'),
            'kind' => new external_value(PARAM_ALPHA, 'success, failure or digest'),
            'userid' => self::number('To whom'),
            'values' => self::records([
                'name' => new external_value(PARAM_ALPHA, 'subject, text, html, contexturl or contexturlname'),
                'value' => self::text('Its value'),
            ], 'What it says, in the user\'s language'),
            'warnings' => new external_multiple_structure(self::text('What to look at'), 'Added as a list', VALUE_DEFAULT, []),
        ]);
    }

    /**
     * Sends a message, unless it was sent before.
     *
     * @param string $job
     * @param int $attempt
     * @param string $kind
     * @param int $userid
     * @param array $values
     * @param string[] $warnings
     */
    public static function execute(
        string $job,
        int $attempt,
        string $kind,
        int $userid,
        array $values,
        array $warnings = [],
    ): array {
        global $DB;
        $params = self::begin([
            'job' => $job, 'attempt' => $attempt, 'kind' => $kind, 'userid' => $userid, 'values' => $values,
            'warnings' => $warnings,
        ]);
        if (!isset(self::PROVIDERS[$params['kind']])) {
            throw new \invalid_parameter_exception('kind is success, failure or digest');
        }
        $key = array_intersect_key($params, array_flip(['job', 'attempt', 'kind', 'userid']));
        $sent = $DB->get_record(self::TABLE, $key);
        if ($sent) {
            return self::sent((int)$sent->messageid);
        }
        if (!people::is_active($params['userid'])) {
            throw new \moodle_exception('client.user_inactive', 'block_courseferry');
        }
        $message = self::message($params);
        // Core keeps what it would send by mail until the transaction ends: either both, message and note of it, or neither.
        $transaction = $DB->start_delegated_transaction();
        try {
            $id = $DB->insert_record(self::TABLE, $key + ['timecreated' => time()]);
            $messageid = (int)message_send($message);
            $DB->set_field(self::TABLE, 'messageid', $messageid, ['id' => $id]);
            $transaction->allow_commit();
            return self::sent($messageid);
        } catch (\Throwable $e) {
            $transaction->rollback($e);
        }
    }

    /**
     * The message.
     *
     * @param array $params the call's
     */
    private static function message(array $params): \core\message\message {
        $values = array_column($params['values'], 'value', 'name');
        $list = array_map(fn($warning) => trim($warning), $params['warnings']);
        $message = new \core\message\message();
        $message->component = 'block_courseferry';
        $message->name = self::PROVIDERS[$params['kind']];
        $message->notification = 1;
        $message->courseid = SITEID;
        $message->userfrom = \core_user::get_noreply_user();
        $message->userto = \core_user::get_user($params['userid'], '*', MUST_EXIST);
        $message->subject = clean_param($values['subject'] ?? '', PARAM_TEXT);
        $message->fullmessageformat = FORMAT_HTML;
        $message->fullmessage = implode("\n", [$values['text'] ?? '', ...array_map(fn($line) => "- $line", $list)]);
        $message->fullmessagehtml = clean_text(($values['html'] ?? '') ?: text_to_html(s($values['text'] ?? '')), FORMAT_HTML)
            . ($list ? \html_writer::alist(array_map(s(...), $list)) : '');
        $message->smallmessage = $message->subject;
        $message->contexturl = self::own_address($values['contexturl'] ?? '');
        $message->contexturlname = clean_param(
            $values['contexturlname'] ?? '',
            PARAM_TEXT,
        ) ?: get_string('pluginname', 'block_courseferry');
        return $message;
    }

    /**
     * An address of this site; any other becomes the page of all one's restores.
     */
    private static function own_address(string $address): string {
        global $CFG;
        $clean = clean_param($address, PARAM_URL);
        return str_starts_with($clean, "$CFG->wwwroot/") ? $clean : "$CFG->wwwroot/blocks/courseferry/view.php#restores";
    }

    /**
     * What is answered.
     *
     * @param int $messageid 0 if the user or the site does not want such messages
     */
    private static function sent(int $messageid): array {
        return ['messageids' => $messageid > 0 ? [$messageid] : []];
    }

    #[\Override]
    public static function execute_returns(): external_single_structure {
        return new external_single_structure([
            'messageids' => new external_multiple_structure(self::number('Message'), 'Empty if such messages are switched off'),
        ]);
    }
}
