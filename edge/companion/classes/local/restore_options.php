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
 * What a teacher wants otherwise than it is on the other Moodle. Everything has "as there" as its default.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class restore_options {
    /** @var int the most sections, and the most activities, that can be left out by name */
    private const MAX_LEFT_OUT = 2000;

    /**
     * Options.
     *
     * @param int $startdate Unix time; 0 for as there
     * @param bool|null $visible null for as there
     * @param int[] $leaveoutsections ids of sections there
     * @param int[] $leaveoutactivities course module ids there
     * @param bool $students whether people and their data come along
     * @param int $enrolments which enrolment methods come along, by core's number
     */
    public function __construct(
        /** @var int the new course's start, from which every date in it moves; 0 for as there */
        public readonly int $startdate = 0,
        /** @var bool|null whether the new course is shown; null for as there */
        public readonly ?bool $visible = null,
        /** @var int[] sections that are not wanted, by their ids there */
        public readonly array $leaveoutsections = [],
        /** @var int[] activities that are not wanted, by their course module ids there */
        public readonly array $leaveoutactivities = [],
        /** @var bool whether people and their data come along */
        public readonly bool $students = false,
        /** @var int which enrolment methods come along, by core's number: 0 none, 1 with their people, 2 all */
        public readonly int $enrolments = 0,
    ) {
    }

    /**
     * Options as a hand-over or a stored row says them.
     *
     * @param array $values by name; what is missing is as there
     */
    public static function from_array(array $values): self {
        $visible = (int)($values['visible'] ?? -1);
        $ids = fn(string $name): array => array_slice(
            array_values(array_unique(array_map(intval(...), $values[$name] ?? []))),
            0,
            self::MAX_LEFT_OUT
        );
        return new self(
            max(0, (int)($values['startdate'] ?? 0)),
            $visible < 0 ? null : $visible > 0,
            $ids('leaveoutsections'),
            $ids('leaveoutactivities'),
            !empty($values['students']),
            min(2, max(0, (int)($values['enrolments'] ?? 0))),
        );
    }

    /**
     * Whether people, their data or the ways by which they are enrolled come along.
     */
    public function brings_people(): bool {
        return $this->students || $this->enrolments > 0;
    }

    /**
     * As they are stored.
     */
    public function to_json(): string {
        return json_encode([
            'startdate' => $this->startdate,
            'visible' => $this->visible === null ? -1 : (int)$this->visible,
            'leaveoutsections' => $this->leaveoutsections,
            'leaveoutactivities' => $this->leaveoutactivities,
            'students' => (int)$this->students,
            'enrolments' => $this->enrolments,
        ], JSON_THROW_ON_ERROR);
    }
}
