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

namespace block_courseferry;

defined('MOODLE_INTERNAL') || die();

require_once(__DIR__ . '/fixtures/companion_testcase.php');

use block_courseferry\local\precheck;

/**
 * What core's prechecks say is told in our own words.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \block_courseferry\local\precheck
 */
final class precheck_test extends companion_testcase {
    /**
     * The code and the detail that core's sentences become for somebody who has every right.
     *
     * @param string ...$sentences
     */
    private function failed_as(string ...$sentences): array {
        $failure = precheck::failure($sentences, SITEID, (int)get_admin()->id);
        return [$failure->error, $failure->getMessage()];
    }

    public function test_accounts_are_named_the_first_few_of_them_and_conflicts_before_missing_ones(): void {
        $conflict = fn(string $name): string => get_string('restoreuserconflict', '', $name);
        $missing = fn(string $name): string => get_string('restorecannotcreateuser', '', $name);
        $this->assertSame(['client.account_conflict', 'admin'], $this->failed_as($missing('mcurie'), $conflict('admin')));
        $this->assertSame(['client.accounts_missing', 'o\'neil, a/b'], $this->failed_as($missing('o\'neil'), $missing('a/b')));
        $many = array_map(fn(int $i): string => $missing("user$i"), range(1, 300));
        $this->assertSame(['client.accounts_missing', 'user1, user2, user3, user4, user5 (+295)'], $this->failed_as(...$many));
        [, $detail] = $this->failed_as($missing(str_repeat('é', 1000)));
        $this->assertSame(60, \core_text::strlen($detail));
    }

    public function test_questions_that_may_not_be_made_are_told_by_the_right_that_is_missing(): void {
        global $DB;
        $category = get_string('qcategorycannotberestored', 'backup', (object)['name' => "Topic\n1"]);
        $question = get_string('questioncannotberestored', 'backup', (object)['name' => 'Q1']);
        $this->assertSame(['client.questions_refused', 'moodle/question:managecategory'], $this->failed_as($question, $category));
        $this->assertSame(['client.questions_refused', 'moodle/question:add'], $this->failed_as($question));
        // Core's sentence about a category is the same whichever of both rights is missing.
        $course = $this->getDataGenerator()->create_course();
        $teacher = $this->getDataGenerator()->create_and_enrol($course, 'editingteacher');
        $role = (int)$DB->get_field('role', 'id', ['shortname' => 'editingteacher']);
        assign_capability('moodle/question:add', CAP_PROHIBIT, $role, \context_course::instance($course->id)->id, true);
        $failure = precheck::failure([$category], (int)$course->id, (int)$teacher->id);
        $this->assertSame('moodle/question:add', $failure->getMessage());
    }

    public function test_anything_else_is_said_in_cores_words(): void {
        $this->assertSame(['client.precheck_failed', "one thing\nanother"], $this->failed_as('one thing', 'another'));
    }

    public function test_a_backup_of_a_newer_moodle_arrives_with_a_warning_in_words_for_teachers(): void {
        [$backup, $id] = $this->backup();
        $newer = $this->repack($backup, function (string $directory): void {
            $manifest = file_get_contents("$directory/moodle_backup.xml");
            $manifest = preg_replace('~(<moodle_version>)[^<]+~', '${1}2099010100', $manifest);
            $manifest = preg_replace('~(<moodle_release>)[^<]+~', '${1}9.1.3 (Build: 20990101)', $manifest);
            file_put_contents("$directory/moodle_backup.xml", $manifest);
        });
        $this->start_worker($newer);
        $this->hand_over(['remotecourseid' => $id]);
        $this->run_restores();
        $entry = $this->entry();
        $this->assertSame(['complete', 'newer'], [$entry['state'], $entry['warnings'][0]['code']], $entry['errordetail']);
        $this->assertStringContainsString('newer Moodle (9.1.3)', $entry['warnings'][0]['message']);
        $this->assertNotContains('precheck', array_column($entry['warnings'], 'code'));
    }
}
