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

namespace block_courseferry\privacy;

use block_courseferry\lending_testcase;
use block_courseferry\remote\lent_backup;
use core_privacy\local\request\approved_contextlist;
use core_privacy\local\request\writer;

defined('MOODLE_INTERNAL') || die();

global $CFG;
require_once($CFG->dirroot . '/blocks/courseferry/tests/fixtures/lending_testcase.php');

/**
 * What is kept about people because courses are lent.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 *
 * @covers     \block_courseferry\privacy\lent_backups
 * @covers     \block_courseferry\privacy\provider
 */
final class lent_backups_test extends lending_testcase {
    public function test_a_teacher_is_told_what_was_lent(): void {
        $this->as_client();
        $this->start();
        $context = \context_user::instance($this->teacher->id);
        provider::export_user_data(new approved_contextlist($this->teacher, 'block_courseferry', [$context->id]));
        $told = writer::with_context($context)->get_data([
            get_string('pluginname', 'block_courseferry'), get_string('lentbackups', 'block_courseferry'),
        ]);
        $this->assertSame('Optics', $told->backups[0]->coursename);
    }

    public function test_erasing_removes_the_backup_and_says_no_longer_whose_it_was(): void {
        global $DB;
        $this->as_client();
        $this->start();
        $this->run_cron();
        $file = $this->backup()->file();
        $context = \context_user::instance($this->teacher->id);
        provider::delete_data_for_user(new approved_contextlist($this->teacher, 'block_courseferry', [$context->id]));
        $this->assertFalse($DB->record_exists(lent_backup::TABLE, ['userid' => $this->teacher->id]));
        $this->assertFalse(get_file_storage()->get_file_by_id($file->get_id()));
        $this->assertSame('gone', $this->entry()['state']);
    }
}
