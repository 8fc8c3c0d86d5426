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
 * The enrolment methods in a backup. Moodle writes to everybody who is enrolled by one that welcomes people; a restore must not,
 * so while it runs the methods welcome nobody.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class course_enrolments {
    /** @var array<string, string> the field that says whether people are welcomed, by method */
    private const WELCOMES = ['manual' => 'customint1', 'self' => 'customint4'];

    /** @var string the backup's file of enrolment methods */
    private readonly string $file;
    /** @var array<string, int[]> what the methods of the backup say, by method, in their order */
    private array $welcomes = [];

    /**
     * Those of a backup.
     *
     * @param unpacked_backup $backup the backup
     */
    public function __construct(unpacked_backup $backup) {
        $this->file = "$backup->path/course/enrolments.xml";
    }

    /**
     * Sees to it that nobody is welcomed.
     *
     * @param int $courseid the new course
     */
    public function silence(int $courseid): void {
        $document = new \DOMDocument();
        if (!is_readable($this->file) || !@$document->load($this->file, LIBXML_NONET | LIBXML_PARSEHUGE)) {
            return;
        }
        $path = new \DOMXPath($document);
        $first = null;
        foreach ($path->query('/enrolments/enrols/enrol') as $element) {
            $method = (string)$path->evaluate('string(enrol)', $element);
            $first ??= $method;
            $field = self::WELCOMES[$method] ?? null;
            $value = $field ? $path->query($field, $element)->item(0) : null;
            if ($value) {
                $this->welcomes[$method][] = (int)$value->textContent;
                $value->textContent = '0';
            }
        }
        $document->save($this->file);
        if ($first !== 'manual' && enrol_is_enabled('manual')) {
            // Core makes this site's own manual method for those who came by another.
            $plugin = enrol_get_plugin('manual');
            $plugin->add_instance(get_course($courseid), ['customint1' => 0] + $plugin->get_instance_defaults());
            $site = (int)get_config('enrol_manual', 'sendcoursewelcomemessage');
            $this->welcomes['manual'] = [$site, ...$this->welcomes['manual'] ?? []];
        }
    }

    /**
     * From now on people are welcomed as the backup says.
     *
     * @param int $courseid the course
     */
    public function put_back(int $courseid): void {
        global $DB;
        foreach ($this->welcomes as $method => $values) {
            $instances = $DB->get_records('enrol', ['courseid' => $courseid, 'enrol' => $method], 'id', 'id');
            foreach (array_values($instances) as $i => $instance) {
                if (isset($values[$i])) {
                    $DB->set_field('enrol', self::WELCOMES[$method], $values[$i], ['id' => $instance->id]);
                }
            }
        }
    }
}
