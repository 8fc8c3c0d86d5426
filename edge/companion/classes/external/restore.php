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

use block_courseferry\local\job;
use block_courseferry\local\people;
use block_courseferry\local\state;
use core_external\external_function_parameters;
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
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters([
            'job' => self::text('The job'),
            'attempt' => self::number('From 1, raised by each hand-over'),
            'userid' => self::number('The owner'),
            'categoryid' => self::number('Where the course is to be'),
            'ticket' => self::text('Opens the download'),
            'remotecourseid' => self::number('The course there; the backup must be of it'),
            'remote' => self::text('The remote Moodle\'s name, for people'),
            'options' => new external_single_structure([
                'fullname' => new external_value(PARAM_TEXT, 'Full name; empty for the backup\'s', VALUE_DEFAULT, ''),
                'shortname' => new external_value(PARAM_TEXT, 'Short name; empty for the backup\'s', VALUE_DEFAULT, ''),
            ], 'Options', VALUE_DEFAULT, []),
        ]);
    }

    public static function execute(string $job, int $attempt, int $userid, int $categoryid, string $ticket, int $remotecourseid,
            string $remote, array $options = []): array {
        $params = self::begin([
            'job' => $job, 'attempt' => $attempt, 'userid' => $userid, 'categoryid' => $categoryid, 'ticket' => $ticket,
            'remotecourseid' => $remotecourseid, 'remote' => $remote, 'options' => $options,
        ]);
        if ($params['attempt'] < 1 || !preg_match('/^[\x21-\x7e]{16,255}$/D', $params['ticket'])) {
            throw new \invalid_parameter_exception('attempt from 1, ticket of 16 to 255 visible characters');
        }
        $stored = job::find($params['job']);
        $answer = self::answer_of($stored, $params['attempt']);
        if ($answer !== null) {
            return job::entry($params['job'], $stored, $answer);
        }
        if ($stored) {
            job::remove_half_made_course($stored);
        }
        $row = job::change($params['job'], function (?\stdClass $now) use ($params) {
            // Another call may have come between.
            return self::answer_of($now, $params['attempt']) === null ? self::accept($now, $params) : null;
        });
        $row ??= job::find($params['job']);
        if ($row->state === state::failed->value) {
            \block_courseferry\event\restore_failed::of($row)->trigger();
        }
        return job::entry($params['job'], $row, self::answer_of($row, $params['attempt']));
    }

    /**
     * What is answered where nothing is begun; null if the attempt is to be taken up.
     */
    private static function answer_of(?\stdClass $row, int $attempt): ?string {
        return match (true) {
            $row === null => null,
            job::state($row)->is_restored() => $row->state,
            $attempt < $row->attempt => 'staleattempt',
            $attempt == $row->attempt => $row->state,
            !job::state($row)->is_over() => 'busy',
            default => null,
        };
    }

    /**
     * The row for a new attempt: queued, or failed at once where the owner may not.
     */
    private static function accept(?\stdClass $now, array $params): \stdClass {
        $row = job::blank($params['job'], $params['attempt']);
        foreach (['userid', 'categoryid', 'remotecourseid', 'ticket'] as $field) {
            $row->$field = $params[$field];
        }
        $row->remote = \core_text::substr($params['remote'], 0, 255);
        $row->fullname = \core_text::substr($params['options']['fullname'] ?? '', 0, 254);
        $row->shortname = \core_text::substr($params['options']['shortname'] ?? '', 0, 100);
        if ($now) {
            $row->id = $now->id;
            $row->timecreated = $now->timecreated;
        }
        $refusal = people::why_not($params['userid'], $params['categoryid']);
        if ($refusal) {
            $row->state = state::failed->value;
            $row->error = $refusal->error;
            $row->errordetail = $refusal->getMessage();
            $row->ticket = '';
            return $row;
        }
        return job::queue($row);
    }

    public static function execute_returns(): external_single_structure {
        return self::entry();
    }
}
