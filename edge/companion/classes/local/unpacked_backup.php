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
 * A backup, unpacked where core's restore finds it, and what it says of itself.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class unpacked_backup {
    /** @var string[] the manifest's name in an archive; some packers begin every name with ./ */
    private const MANIFEST = ['moodle_backup.xml', './moodle_backup.xml'];

    /**
     * Use unpack().
     *
     * @param string $path the directory
     * @param \stdClass $info core's description of the backup
     */
    private function __construct(
        /** @var string the directory */
        public readonly string $path,
        /** @var \stdClass core's description of the backup */
        public readonly \stdClass $info,
    ) {
    }

    /**
     * Unpacks, first only the manifest: nothing else is, before that says it is the right course.
     *
     * @param restore_record $record whose backup it is
     * @param string $file the archive
     * @throws failure
     * @throws superseded if the attempt is no longer wanted
     */
    public static function unpack(restore_record $record, string $file): self {
        global $CFG;
        require_once($CFG->dirroot . '/backup/util/includes/restore_includes.php');
        $record->remove_unpacked();
        $directory = $record->backup_directory();
        $path = make_backup_temp_directory($directory);
        $packer = get_file_packer('application/vnd.moodle.backup');
        // Where the length was known, a missing end was noticed before this; where it was not, it shows here.
        $broken = $record->totalbytes > 0 ? 'backup.unreadable' : 'backup.truncated';
        $progress = new unpacking($record);
        $size = archive::unpacked_size($file, fn() => $progress->beat(0));
        // Its files are there twice for a while: unpacked, and in the file store.
        free_space::require(2 * $size);
        self::extract(fn() => $packer->extract_to_pathname($file, $path, self::MANIFEST), $broken);
        if (!is_readable("$path/moodle_backup.xml")) {
            throw new failure($size === 0 ? $broken : 'backup.not_a_backup', 'it holds no moodle_backup.xml');
        }
        $info = self::describe($directory);
        if ((string)$info->original_course_id !== (string)$record->remotecourseid) {
            throw new failure('backup.wrong_course', "course $info->original_course_id, not $record->remotecourseid");
        }
        if (!self::extract(fn() => $packer->extract_to_pathname($file, $path, null, $progress, true), $broken)) {
            throw new failure($broken, 'it cannot be unpacked whole');
        }
        return new self($path, $info);
    }

    /**
     * Has core unpack something.
     *
     * @param callable $extract does it
     * @param string $broken the code for an archive that cannot be read
     */
    private static function extract(callable $extract, string $broken): mixed {
        try {
            return $extract();
        } catch (\moodle_exception $e) {
            throw new failure($broken, failure::of($e)->getMessage());
        }
    }

    /**
     * What core says of the backup.
     *
     * @param string $directory where it is unpacked
     */
    private static function describe(string $directory): \stdClass {
        try {
            $info = \backup_general_helper::get_backup_information($directory);
        } catch (\moodle_exception $e) {
            throw new failure('backup.not_a_backup', failure::of($e)->getMessage());
        }
        if ($info->type !== \backup::TYPE_1COURSE || $info->format !== \backup::FORMAT_MOODLE) {
            throw new failure('backup.not_a_backup', "type $info->type, format $info->format");
        }
        return $info;
    }

    /**
     * The id number in the backup. Core removes the unpacked files when it is done, so it is read before.
     */
    public function idnumber(): string {
        $xml = @simplexml_load_file("$this->path/course/course.xml", null, LIBXML_NONET);
        $idnumber = $xml === false ? '' : trim((string)$xml->idnumber);
        return $idnumber === '$@NULL@$' ? '' : $idnumber;
    }

    /**
     * What is in it that is to arrive.
     *
     * @param restore_options $options what is left out
     */
    public function inventory(restore_options $options): inventory {
        $sections = array_flip($options->leaveoutsections);
        $unwanted = fn($activity): bool => isset($sections[(int)$activity->sectionid])
            || in_array((int)$activity->moduleid, $options->leaveoutactivities, true);
        $all = (array)($this->info->activities ?? []);
        // A subsection is an activity with a section of its own, whose activities go with it.
        $outside = array_map(fn($activity) => (int)$activity->moduleid, array_filter($all, $unwanted));
        foreach ((array)($this->info->sections ?? []) as $section) {
            if (in_array((int)($section->parentcmid ?? 0), $outside, true)) {
                $sections[(int)$section->sectionid] = true;
            }
        }
        $kinds = array_count_values(array_map(
            fn($activity) => $activity->modulename,
            array_filter($all, fn($activity) => !$unwanted($activity) && !isset($sections[(int)$activity->sectionid]))
        ));
        return new inventory($kinds, inventory::question_types("$this->path/questions.xml"));
    }
}
