<?php
/**
 * Cancels a restore, unless its course is already begun.
 *
 * @package    block_courseferry
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

namespace block_courseferry\external;

use block_courseferry\local\job;
use block_courseferry\local\state;
use core_external\external_function_parameters;
use core_external\external_single_structure;

class cancel extends service {
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters(['job' => self::text('The job'), 'attempt' => self::number('Up to this attempt')]);
    }

    public static function execute(string $job, int $attempt): array {
        global $DB;
        ['job' => $job, 'attempt' => $attempt] = self::begin(['job' => $job, 'attempt' => $attempt]);
        $cancelled = job::change($job, function (?\stdClass $row) use ($job, $attempt) {
            // An attempt that never arrived is noted as well: its hand-over may still be on the way.
            $row ??= job::blank($job, $attempt);
            $state = job::state($row);
            $overtaken = $attempt > $row->attempt && $state->is_over() && !$state->is_restored();
            if ($attempt < $row->attempt || !($state->is_cancellable() || $overtaken)) {
                return null;
            }
            $row->attempt = $attempt;
            $row->state = state::cancelled->value;
            $row->ticket = '';
            return $row;
        });
        if ($cancelled && $cancelled->taskid) {
            $DB->delete_records_select('task_adhoc', 'id = :id AND component = :component AND timestarted IS NULL',
                ['id' => $cancelled->taskid, 'component' => 'block_courseferry']);
            @unlink(job::backup_file($cancelled));
        }
        return job::entry($job, $cancelled ?? job::find($job));
    }

    public static function execute_returns(): external_single_structure {
        return self::entry();
    }
}
