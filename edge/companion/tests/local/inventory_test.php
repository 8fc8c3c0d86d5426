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
 * What a backup holds.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \block_courseferry\local\inventory
 */
final class inventory_test extends \basic_testcase {
    public function test_questions_of_the_course_are_counted_by_type_in_both_forms_of_the_file(): void {
        $old = '<question_category id="1"><contextlevel>50</contextlevel><questions>'
            . '<question id="1"><qtype>stack</qtype><plugin><qtype>x</qtype></plugin></question>'
            . '<question id="2"><qtype>random</qtype></question></questions></question_category>';
        $new = '<question_category id="2"><contextlevel>70</contextlevel><question_bank_entries><question_bank_entry id="3">'
            . '<question_version><question_versions id="1"><questions><question id="3"><qtype>stack</qtype></question>'
            . '</questions></question_versions></question_version></question_bank_entry></question_bank_entries>'
            . '</question_category>';
        $shared = '<question_category id="3"><contextlevel>10</contextlevel><questions><question id="4"><qtype>essay</qtype>'
            . '</question></questions></question_category>';
        $file = tempnam(sys_get_temp_dir(), 'courseferry');
        file_put_contents($file, "<?xml version=\"1.0\"?><question_categories>$old$new$shared</question_categories>");
        $this->assertSame(['stack' => 2], inventory::question_types($file));
        unlink($file);
    }

    public function test_a_backup_without_questions_has_none(): void {
        $this->assertSame([], inventory::question_types('/nowhere/questions.xml'));
    }
}
