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

use block_courseferry\local\worker_url;
use core_external\external_api;
use core_external\external_function_parameters;
use core_external\external_multiple_structure;
use core_external\external_single_structure;
use core_external\external_value;

/**
 * What the web services for the Worker have in common: only its service user may call them.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
abstract class service extends external_api {
    /** @var string what the caller needs */
    protected const CAPABILITY = 'block/courseferry:callservice';

    /**
     * What the function takes.
     */
    abstract public static function execute_parameters(): external_function_parameters;

    /**
     * What it gives back.
     */
    abstract public static function execute_returns(): external_single_structure;

    /**
     * What core calls: the function itself, but for what a database error says. It can hold a statement with its values, which on a
     * site that debugs would reach the Worker, and from there people.
     *
     * @param mixed ...$arguments those of the function
     */
    public static function answer(mixed ...$arguments): mixed {
        try {
            return static::execute(...$arguments);
        } catch (\dml_exception $e) {
            debugging("{$e->getMessage()}\n$e->debuginfo\n{$e->getTraceAsString()}");
            throw new \moodle_exception($e->errorcode, 'error');
        }
    }

    /**
     * What it takes, as core asks for it.
     */
    public static function answer_parameters(): external_function_parameters {
        return static::execute_parameters();
    }

    /**
     * What it gives back, as core asks for it.
     */
    public static function answer_returns(): external_single_structure {
        return static::execute_returns();
    }

    /**
     * Validates a call: its parameters, its context, its caller.
     *
     * @param array $arguments by name
     * @return array the parameters, clean
     */
    protected static function begin(array $arguments): array {
        $params = self::validate_parameters(static::execute_parameters(), $arguments);
        $context = \context_system::instance();
        self::validate_context($context);
        require_capability(static::CAPABILITY, $context);
        foreach ((array)($params['job'] ?? $params['jobs'] ?? []) as $job) {
            if (!worker_url::is_job($job)) {
                throw new \invalid_parameter_exception('not a job id');
            }
        }
        return $params;
    }

    /**
     * A number.
     *
     * @param string $description what it is
     */
    protected static function number(string $description): external_value {
        return new external_value(PARAM_INT, $description);
    }

    /**
     * Text, as it is.
     *
     * @param string $description what it is
     */
    protected static function text(string $description): external_value {
        return new external_value(PARAM_RAW, $description);
    }

    /**
     * Yes or no.
     *
     * @param string $description what it is
     */
    protected static function flag(string $description): external_value {
        return new external_value(PARAM_BOOL, $description);
    }

    /**
     * A list of records.
     *
     * @param external_value[] $fields by name
     */
    protected static function records(array $fields, string $description): external_multiple_structure {
        return new external_multiple_structure(new external_single_structure($fields), $description);
    }

    /**
     * What is told of a job.
     */
    protected static function entry(): external_single_structure {
        return new external_single_structure([
            'job' => self::text('The job'),
            'attempt' => self::number('The stored attempt; 0 if the job is not known'),
            'state' => self::text('pending, downloading, extracting, restoring, complete, partiallyrestored, failed, cancelled, '
                . 'notfound; in the answer of restore also staleattempt or busy'),
            'bytes' => self::number('Bytes that have come'),
            'totalbytes' => self::number('Bytes of the whole backup; 0 if not known'),
            'percent' => new external_value(PARAM_FLOAT, 'Of the present state, 0 to 100'),
            'courseid' => self::number('The restored course; 0 if there is none, or no longer'),
            'targetcourseid' => self::number('The course that was added to; 0 if a new one was made'),
            'coursename' => self::text('Its full name'),
            'shortname' => self::text('Its short name'),
            'warnings' => self::records([
                'code' => self::text('Where it comes from; more: of the others there are only so many'),
                'message' => self::text('What it says'),
                'count' => self::number('How often it was said'),
            ], 'What to look at after the restore'),
            'error' => self::text('Stable code of the failure, or empty'),
            'errordetail' => self::text('For administrators'),
            'transient' => self::flag('Whether a later attempt may succeed'),
            'timemodified' => self::number('Unix time of the last change'),
        ]);
    }
}
