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
 * What a backup holds, to be compared with what arrived. Core leaves out without a word what belongs to a plugin that is not
 * installed here.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class inventory {
    /** @var string a kind of question that is no question: it stands for others, and is restored as that since Moodle 4.0 */
    private const RANDOM = 'random';
    /** @var string an activity that only holds questions, since Moodle 5.0; an older Moodle puts them into the course's bank */
    private const BANK = 'qbank';

    /** @var int the context level of courses; those of what is in them are higher */
    private const COURSE_LEVEL = 50;

    /**
     * An inventory.
     *
     * @param array<string, int> $activities
     * @param array<string, int> $questions
     */
    public function __construct(
        /** @var array<string, int> how many activities of each kind */
        private readonly array $activities,
        /** @var array<string, int> how many questions of each type */
        private readonly array $questions,
    ) {
    }

    /**
     * How many questions of each type a backup's file of questions holds, of those that belong to the course or its
     * activities.
     *
     * @param string $file questions.xml; it may be missing
     * @return array<string, int>
     */
    public static function question_types(string $file): array {
        $types = [];
        $ours = false;
        $parents = [];
        foreach (backup_xml::elements($file) as $element) {
            $parent = $parents[$element->depth - 1] ?? '';
            $parents[$element->depth] = $element->name;
            if ($element->name === 'contextlevel' && $parent === 'question_category') {
                // Questions of a category or of the site are shared with other courses and may be here already.
                $ours = (int)$element->readString() >= self::COURSE_LEVEL;
            } else if ($element->name === 'qtype' && $parent === 'question' && $ours) {
                $type = $element->readString();
                $types[$type] = ($types[$type] ?? 0) + 1;
            }
        }
        unset($types[self::RANDOM]);
        return $types;
    }

    /**
     * What did not arrive in a course, each thing a sentence for people.
     *
     * @param int $courseid where it should be
     * @param int $after only activities whose course module id is higher are new there
     * @param bool $alone whether the course holds nothing else, so that its questions can be counted
     * @return string[]
     */
    public function missing_from(int $courseid, int $after = 0, bool $alone = true): array {
        $arrived = self::activities_in($courseid, $after);
        $expected = $this->activities;
        if (!self::is_installed('mod', self::BANK)) {
            unset($expected[self::BANK]);
        }
        $missing = [];
        foreach ($expected as $kind => $number) {
            $missing[$kind] = max(0, $number - ($arrived[$kind] ?? 0));
        }
        $sentences = [self::sentence('activities', array_filter($missing), array_sum($expected), 'mod')];
        $unknown = array_filter($this->questions, fn($type) => !\question_bank::is_qtype_installed($type), ARRAY_FILTER_USE_KEY);
        $lost = $alone ? max(0, array_sum($this->questions) - self::questions_in($courseid)) : 0;
        if ($lost > 0) {
            $sentences[] = get_string('missingquestions', 'block_courseferry', (object)[
                'missing' => $lost, 'total' => array_sum($this->questions),
            ]);
        }
        if ($unknown && $lost < array_sum($this->questions)) {
            $sentences[] = get_string('unusablequestions', 'block_courseferry', (object)[
                'number' => array_sum($unknown), 'kinds' => self::kinds($unknown),
            ]);
        }
        return array_values(array_filter($sentences));
    }

    /**
     * A sentence about activities that did not arrive; null if all did.
     *
     * @param string $what activities
     * @param array<string, int> $missing by kind
     * @param int $total how many there are in the backup
     * @param string $plugintype the kind of plugin that is missing
     */
    private static function sentence(string $what, array $missing, int $total, string $plugintype): ?string {
        if (!$missing) {
            return null;
        }
        $uninstalled = array_filter(
            $missing,
            fn($kind) => !self::is_installed($plugintype, $kind),
            ARRAY_FILTER_USE_KEY,
        );
        $values = (object)['missing' => array_sum($missing), 'total' => $total, 'kinds' => self::kinds($missing)];
        return get_string(
            count($uninstalled) === count($missing) ? "missing{$what}notinstalled" : "missing$what",
            'block_courseferry',
            $values
        );
    }

    /**
     * Whether a plugin is here.
     *
     * @param string $plugintype such as mod
     * @param string $kind its name
     */
    private static function is_installed(string $plugintype, string $kind): bool {
        return \core_component::get_plugin_directory($plugintype, $kind) !== null;
    }

    /**
     * Kinds with their numbers, for people.
     *
     * @param array<string, int> $numbers by kind
     */
    private static function kinds(array $numbers): string {
        return implode(', ', array_map(fn($kind, $number) => "$kind ($number)", array_keys($numbers), $numbers));
    }

    /**
     * The activities of a course by kind.
     *
     * @param int $courseid the course
     * @param int $after only those whose course module id is higher
     * @return array<string, int>
     */
    private static function activities_in(int $courseid, int $after): array {
        global $DB;
        $sql = 'SELECT m.name, COUNT(cm.id) AS number
                  FROM {course_modules} cm
                  JOIN {modules} m ON m.id = cm.module
                 WHERE cm.course = :course AND cm.id > :after AND cm.deletioninprogress = 0
              GROUP BY m.name';
        return array_map(intval(...), $DB->get_records_sql_menu($sql, ['course' => $courseid, 'after' => $after]));
    }

    /**
     * How many questions belong to a course and its activities.
     *
     * @param int $courseid the course
     */
    private static function questions_in(int $courseid): int {
        global $DB;
        $context = \context_course::instance($courseid);
        $below = $DB->sql_like('ctx.path', ':path');
        $sql = "SELECT COUNT(v.id)
                  FROM {question_versions} v
                  JOIN {question_bank_entries} e ON e.id = v.questionbankentryid
                  JOIN {question_categories} c ON c.id = e.questioncategoryid
                  JOIN {context} ctx ON ctx.id = c.contextid
                 WHERE ctx.id = :context OR $below";
        return $DB->count_records_sql($sql, ['context' => $context->id, 'path' => "$context->path/%"]);
    }
}
