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

use block_courseferry\local\authority;
use block_courseferry\local\restore_options;
use block_courseferry\local\restore_record;
use block_courseferry\local\typed_name;
use core_external\external_function_parameters;
use core_external\external_multiple_structure;
use core_external\external_single_structure;
use core_external\external_value;

/**
 * Takes a backup over from the Worker: stores the job and queues the task that fetches and restores it.
 *
 * The attempt is a fencing number. Where the backup is fetched stands in the settings; the call carries no address.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class restore extends service {
    #[\Override]
    public static function execute_parameters(): external_function_parameters {
        $option = fn(string $type, string $description, mixed $default): external_value =>
            new external_value($type, $description, VALUE_DEFAULT, $default);
        $ids = fn(string $description): external_multiple_structure =>
            new external_multiple_structure(self::number('Its id there'), $description, VALUE_DEFAULT, []);
        return new external_function_parameters([
            'job' => self::text('The restore'),
            'attempt' => self::number('From 1, raised by each hand-over'),
            'userid' => self::number('The owner'),
            'categoryid' => self::number('Where the course is to be; 0 where a course is added to'),
            'ticket' => self::text('Opens the download'),
            'remotecourseid' => self::number('The course there; the backup must be of it'),
            'remote' => self::text('The remote Moodle\'s name, for people'),
            'options' => new external_single_structure([
                'fullname' => $option(PARAM_RAW, 'Full name that the teacher typed; empty for the backup\'s', ''),
                'shortname' => $option(PARAM_RAW, 'Short name that the teacher typed; empty for the backup\'s', ''),
                'targetcourseid' => $option(PARAM_INT, 'The course that is added to; 0 for a new one', 0),
                'startdate' => $option(PARAM_INT, 'Unix time from which all dates move; 0 for as there', 0),
                'visible' => $option(PARAM_INT, '0 hidden, 1 shown, -1 for as there', -1),
                'leaveoutsections' => $ids('Sections that are not wanted'),
                'leaveoutactivities' => $ids('Course modules that are not wanted'),
                'students' => $option(PARAM_INT, '1: people and their data come along', 0),
                'enrolments' => $option(PARAM_INT, 'Enrolment methods: 0 none, 1 with their people, 2 all', 0),
            ], 'What is wanted otherwise than there', VALUE_DEFAULT, []),
            'sha256' => $option(
                PARAM_ALPHANUM,
                'SHA-256 of the backup in hexadecimal digits; empty if the remote does not tell',
                '',
            ),
            'actorid' => $option(PARAM_INT, 'The administrator who restores for the owner; 0 where that is the owner', 0),
        ]);
    }

    /**
     * Takes an order up, once for each attempt.
     *
     * @param string $job the Worker's id of the restore
     * @param int $attempt the fencing number
     * @param int $userid the owner
     * @param int $categoryid where the course is to be
     * @param string $ticket opens the download
     * @param int $remotecourseid the course there
     * @param string $remote the remote Moodle's name
     * @param array $options what is wanted otherwise than there
     * @param string $sha256 of the backup
     * @param int $actorid the administrator who restores for the owner
     */
    public static function execute(
        string $job,
        int $attempt,
        int $userid,
        int $categoryid,
        string $ticket,
        int $remotecourseid,
        string $remote,
        array $options = [],
        string $sha256 = '',
        int $actorid = 0,
    ): array {
        $order = self::begin([
            'job' => $job, 'attempt' => $attempt, 'userid' => $userid, 'categoryid' => $categoryid, 'ticket' => $ticket,
            'remotecourseid' => $remotecourseid, 'remote' => $remote, 'options' => $options, 'sha256' => $sha256,
            'actorid' => $actorid,
        ]);
        if ($order['attempt'] < 1 || !preg_match('/^[\x21-\x7e]{16,255}$/D', $order['ticket'])) {
            throw new \invalid_parameter_exception('attempt from 1, ticket of 16 to 255 visible characters');
        }
        if (!preg_match('/^([0-9a-f]{64})?$/D', $order['sha256'])) {
            throw new \invalid_parameter_exception('sha256 is 64 hexadecimal digits');
        }
        $new = array_diff_key($order['options'], array_flip(['targetcourseid', 'leaveoutsections', 'leaveoutactivities']));
        $asthere = ['fullname' => '', 'shortname' => '', 'startdate' => 0, 'visible' => -1, 'students' => 0, 'enrolments' => 0];
        if (!empty($order['options']['targetcourseid']) && array_diff_assoc($new, $asthere)) {
            throw new \invalid_parameter_exception('a course that is added to keeps its names, dates, visibility and people');
        }
        $fresh = false;
        $record = restore_record::change($order['job'], function (?restore_record $now) use ($order, &$fresh) {
            $fresh = self::answer_of($now, $order['attempt']) === null;
            return $fresh ? self::accept($now, $order) : null;
        });
        if ($fresh && $record->error !== '') {
            \block_courseferry\event\restore_failed::of($record)->trigger();
        }
        $record ??= restore_record::find($order['job']);
        return restore_record::entry($order['job'], $record, self::answer_of($record, $order['attempt']));
    }

    /**
     * What is answered where nothing is begun; null if the attempt is to be taken up.
     *
     * @param restore_record|null $record the record as it is
     * @param int $attempt the attempt that is asked for
     */
    private static function answer_of(?restore_record $record, int $attempt): ?string {
        return match (true) {
            $record === null => null,
            $record->state->is_restored(), $record->is_partly_added() => $record->state->value,
            $attempt < $record->attempt => 'staleattempt',
            $attempt === $record->attempt => $record->state->value,
            !$record->state->is_over() => 'busy',
            default => null,
        };
    }

    /**
     * The record of a new attempt: queued, or failed at once where the owner may not.
     *
     * @param restore_record|null $now the record of the attempt before
     * @param array $order what was ordered
     */
    private static function accept(?restore_record $now, array $order): restore_record {
        $record = new restore_record($order['job'], $order['attempt']);
        foreach (['userid', 'categoryid', 'remotecourseid', 'ticket', 'sha256', 'actorid'] as $field) {
            $record->$field = $order[$field];
        }
        $record->targetcourseid = max(0, (int)($order['options']['targetcourseid'] ?? 0));
        $record->remote = \core_text::substr($order['remote'], 0, 255);
        $record->fullname = typed_name::stored($order['options']['fullname'] ?? '', typed_name::max_full());
        $record->shortname = typed_name::stored($order['options']['shortname'] ?? '', typed_name::max_short());
        $record->options = restore_options::from_array($order['options']);
        if ($now) {
            $record->id = $now->id;
            $record->timecreated = $now->timecreated;
        }
        $refusal = authority::why_not($record);
        if ($refusal) {
            $record->refuse($refusal);
            return $record;
        }
        return $record->queue();
    }

    #[\Override]
    public static function execute_returns(): external_single_structure {
        return self::entry();
    }
}
