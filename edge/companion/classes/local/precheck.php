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
 * Turns what core's prechecks say about a backup into our codes and sentences, which are for teachers. Core gives no codes: its
 * errors and warnings are recognised by comparing them with its own language strings, in the language of this process.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class precheck {
    /** @var string[] what core asks for in the course where it puts an activity's own questions */
    private const QUESTIONS = ['moodle/question:managecategory', 'moodle/question:add'];
    /** @var int accounts that are named */
    private const MAX_NAMED = 5;
    /** @var int characters of a name */
    private const MAX_NAME = 60;

    /**
     * The failure that some errors of core's prechecks mean.
     *
     * @param string[] $errors core's sentences
     * @param int $courseid the course that is restored into
     * @param int $userid whose rights count
     */
    public static function failure(array $errors, int $courseid, int $userid): failure {
        // A conflict comes first: whoever mends only the missing accounts would be refused again.
        $conflicts = [...self::named_in($errors, 'restoreuserconflict'), ...self::named_in($errors, 'restoremnethostidmismatch')];
        if ($conflicts) {
            return new failure('client.account_conflict', self::some_of($conflicts));
        }
        $missing = self::named_in($errors, 'restorecannotcreateuser');
        if ($missing) {
            return new failure('client.accounts_missing', self::some_of($missing));
        }
        $refused = array_combine(['qcategorycannotberestored', 'questioncannotberestored'], self::QUESTIONS);
        foreach ($refused as $identifier => $capability) {
            if (self::named_in($errors, $identifier, 'backup', 'name')) {
                // Core says of a category that it cannot be made, also where only its questions cannot.
                $missing = self::missing_question_right($courseid, $userid) ?? $capability;
                return new failure('client.questions_refused', $missing);
            }
        }
        return new failure('client.precheck_failed', implode("\n", $errors));
    }

    /**
     * Why somebody may not put the questions into a course that belong to the backup's activities, or null. Asked before core's
     * prechecks: from Moodle 5 on these let it pass, and the restore breaks on its way.
     *
     * @param string $path where the backup is unpacked
     * @param int $courseid the course
     * @param int $userid whose rights count
     */
    public static function questions_failure(string $path, int $courseid, int $userid): ?failure {
        $missing = self::missing_question_right($courseid, $userid);
        if ($missing === null) {
            return null;
        }
        foreach (backup_xml::elements("$path/questions.xml") as $element) {
            if ($element->name === 'contextlevel' && (int)$element->readString() === CONTEXT_MODULE) {
                return new failure('client.questions_refused', $missing);
            }
        }
        return null;
    }

    /**
     * The first of the rights to make questions that somebody lacks in a course, or null.
     *
     * @param int $courseid the course
     * @param int $userid the user
     */
    private static function missing_question_right(int $courseid, int $userid): ?string {
        $lacks = fn(string $capability): bool => !has_capability($capability, \context_course::instance($courseid), $userid);
        return current(array_filter(self::QUESTIONS, $lacks)) ?: null;
    }

    /**
     * What one of core's sentences names, in each error that is this sentence.
     *
     * @param string[] $errors
     * @param string $identifier of the sentence
     * @param string $component its component
     * @param string|null $property which property of an object it names; null where it names a text
     * @return string[]
     */
    private static function named_in(
        array $errors,
        string $identifier,
        string $component = '',
        ?string $property = null,
    ): array {
        $place = 'COURSEFERRY_NAME';
        $sentence = get_string($identifier, $component, $property === null ? $place : (object)[$property => $place]);
        $pattern = '/^' . str_replace($place, '(.*)', preg_quote($sentence, '/')) . '$/suD';
        $found = preg_filter($pattern, '$1', $errors);
        return array_values(array_unique($found));
    }

    /**
     * The first few of some names, and how many more there are.
     *
     * @param string[] $names
     */
    private static function some_of(array $names): string {
        $cut = fn(string $name): string => \core_text::substr($name, 0, self::MAX_NAME);
        $named = implode(', ', array_map($cut, array_slice($names, 0, self::MAX_NAMED)));
        $more = count($names) - self::MAX_NAMED;
        return $more > 0 ? "$named (+$more)" : $named;
    }

    /**
     * Core's sentence about a backup of a newer Moodle, in words for teachers; null for any other warning.
     *
     * @param string $warning core's sentence
     * @param \stdClass $info core's description of the backup
     */
    public static function newer_backup(string $warning, \stdClass $info): ?string {
        global $CFG;
        $core = get_string('noticenewerbackup', '', (object)[
            'serverversion' => $CFG->version,
            'serverrelease' => $CFG->release,
            'backupversion' => $info->moodle_version,
            'backuprelease' => $info->moodle_release,
        ]);
        $short = fn(string $release): string => explode(' ', $release)[0];
        return $warning !== $core ? null : get_string('newerbackup', 'block_courseferry', (object)[
            'there' => $short($info->moodle_release),
            'here' => $short($CFG->release),
        ]);
    }
}
