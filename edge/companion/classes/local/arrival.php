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
 * What came to a course from an addition that did not end: everything that is newer than its watermark, but for what others made
 * there meanwhile.
 *
 * On a database with transactions it is always empty, at whatever step the process died.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class arrival {
    /** @var string the table of what others made in a course while a restore adds to it */
    public const OTHERS = 'block_courseferry_other';
    /** @var string in it: that somebody else restored into the course, so that nobody can tell any more whose is what */
    public const RESTORED = 'restored';
    /** @var int how many are named */
    private const NAMED = 200;

    /** @var bool whether this process is adding just now, so that what events tell is its own doing */
    private static bool $adding = false;

    /**
     * Use of().
     *
     * @param int $courseid
     * @param array<string, int[]> $ids
     */
    private function __construct(
        /** @var int the course */
        public readonly int $courseid,
        /** @var array<string, int[]> by table */
        private readonly array $ids,
    ) {
    }

    /**
     * What came of a restore.
     *
     * @param restore_record $record the restore
     */
    public static function of(restore_record $record): self {
        $mark = $record->targetcourseid && !$record->state->is_restored() ? watermark::of($record) : null;
        $ids = [];
        foreach ($mark ? watermark::TABLES : [] as $table) {
            $ids[$table] = self::newer($table, $record->targetcourseid, $mark->highest($table));
        }
        return new self($record->targetcourseid, array_filter($ids));
    }

    /**
     * What is newer in a course, oldest first, but for what others made.
     *
     * @param string $table of watermark::TABLES
     * @param int $courseid the course
     * @param int $highest the highest id that is not new
     * @return int[]
     */
    private static function newer(string $table, int $courseid, int $highest): array {
        global $DB;
        $context = \context_course::instance($courseid, IGNORE_MISSING);
        [$where, $of] = match ($table) {
            'course_modules' => ['course = :of AND deletioninprogress = 0', $courseid],
            'course_sections' => ['course = :of', $courseid],
            // The category at the top, which holds the others, is never shown.
            'question_categories' => ['contextid = :of AND parent <> 0', $context ? $context->id : 0],
            default => ['courseid = :of', $courseid],
        };
        $others = '(SELECT objectid FROM {' . self::OTHERS . '} WHERE courseid = :course AND kind = :kind)';
        return array_map(intval(...), $DB->get_fieldset_select($table, 'id', "$where AND id > :highest AND id NOT IN $others", [
            'of' => $of, 'highest' => $highest, 'course' => $courseid, 'kind' => $table,
        ]));
    }

    /**
     * Whether nothing came.
     */
    public function is_nothing(): bool {
        return $this->ids === [];
    }

    /**
     * Ends a restore of which something came: it would come twice.
     *
     * @throws failure
     */
    public function require_nothing(): void {
        if (!$this->is_nothing()) {
            throw $this->failure();
        }
    }

    /**
     * The failure that says so.
     */
    public function failure(): failure {
        $numbers = array_map(fn($table, $ids) => count($ids) . " $table", array_keys($this->ids), $this->ids);
        return new failure(restore_record::PARTLY_ADDED, 'arrived: ' . implode(', ', $numbers));
    }

    /**
     * The ids of what came into a table, oldest first.
     *
     * @param string $table of watermark::TABLES
     * @return int[]
     */
    public function ids(string $table): array {
        return $this->ids[$table] ?? [];
    }

    /**
     * What came, by name.
     *
     * @return array{arrived: array<array{kind: string, name: string}>, more: bool}
     */
    public function names(): array {
        $kinds = [
            'course_sections' => 'section', 'course_modules' => 'activity', 'groups' => 'group', 'groupings' => 'grouping',
            'question_categories' => 'questions',
        ];
        $all = [];
        foreach ($kinds as $table => $kind) {
            foreach ($this->ids($table) as $id) {
                $all[] = [$table, $kind, $id];
            }
        }
        $named = array_map(
            fn($one) => ['kind' => $one[1], 'name' => self::name($one[0], $one[2])],
            array_slice($all, 0, self::NAMED),
        );
        return ['arrived' => $named, 'more' => count($all) > self::NAMED];
    }

    /**
     * The name of one.
     *
     * @param string $table of watermark::TABLES
     * @param int $id
     */
    public static function name(string $table, int $id): string {
        global $DB;
        if ($table === 'course_modules') {
            $module = $DB->get_record_sql('SELECT cm.instance, m.name
                  FROM {course_modules} cm JOIN {modules} m ON m.id = cm.module WHERE cm.id = ?', [$id]);
            // An activity whose process died before its end has no name yet.
            $name = $module && $module->instance ? $DB->get_field($module->name, 'name', ['id' => $module->instance]) : '';
            return (string)$name !== '' ? (string)$name : get_string('modulename', $module->name ?? 'page');
        }
        $row = $DB->get_record($table, ['id' => $id]);
        return (string)($row->name ?? '') !== ''
            ? (string)$row->name : get_string('section') . (isset($row->section) ? " $row->section" : '');
    }

    /**
     * Does something that adds. What events tell meanwhile is this process's own doing.
     *
     * @param callable $add
     */
    public static function while_adding(callable $add): void {
        self::$adding = true;
        try {
            $add();
        } finally {
            self::$adding = false;
        }
    }

    /**
     * Notes what somebody else made in a course, if a restore that adds to it has begun and not ended.
     *
     * @param int $courseid the course
     * @param string $table of watermark::TABLES, or RESTORED
     * @param int $id
     */
    public static function note_other(int $courseid, string $table, int $id): void {
        global $DB;
        if (self::$adding || !$courseid) {
            return;
        }
        $records = restore_record::adding_to($courseid);
        $restored = $table === self::RESTORED;
        if ($restored && course_addition::database_is_atomic()) {
            // What a dead process of ours did was taken back, so all that is new is theirs.
            foreach ($records as $record) {
                foreach (self::of($record)->ids as $of => $ids) {
                    foreach ($ids as $theirs) {
                        self::store_other($courseid, $of, $theirs);
                    }
                }
            }
        } else if ($records) {
            self::store_other($courseid, $table, $id);
        }
    }

    /**
     * Stores what somebody else made.
     *
     * @param int $courseid the course
     * @param string $table of watermark::TABLES, or RESTORED
     * @param int $id
     */
    private static function store_other(int $courseid, string $table, int $id): void {
        global $DB;
        $row = ['courseid' => $courseid, 'kind' => $table, 'objectid' => $id];
        if (!$DB->record_exists(self::OTHERS, $row)) {
            $DB->insert_record(self::OTHERS, (object)$row);
        }
    }

    /**
     * Whether somebody else restored into the course meanwhile, so that nobody can tell whose is what.
     */
    public function is_mixed(): bool {
        global $DB;
        return $DB->record_exists(self::OTHERS, ['courseid' => $this->courseid, 'kind' => self::RESTORED]);
    }

    /**
     * Forgets what others made, once no restore adds to the course any more.
     *
     * @param int $courseid the course
     */
    public static function forget_others(int $courseid): void {
        global $DB;
        if (!restore_record::adding_to($courseid)) {
            $DB->delete_records(self::OTHERS, ['courseid' => $courseid]);
        }
    }
}
