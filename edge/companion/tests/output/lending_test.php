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

namespace block_courseferry\output;

use block_courseferry\lending_testcase;
use block_courseferry\remote\lending_exception;
use block_courseferry\remote\lent_backup;

defined('MOODLE_INTERNAL') || die();

global $CFG;
require_once($CFG->dirroot . '/blocks/courseferry/tests/fixtures/lending_testcase.php');
require_once($CFG->libdir . '/tablelib.php');

/**
 * What an administrator sees of lending.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 *
 * @covers     \block_courseferry\output\lending
 * @covers     \block_courseferry\output\lent_table
 */
final class lending_test extends lending_testcase {
    public function test_the_list_says_who_took_what_when_and_how_large_it_is(): void {
        $this->as_client('north');
        $this->start();
        $this->run_cron();
        $this->start('job2');
        $this->backup('job2')->fail(new lending_exception('remote.backup_failed', 'No <b>luck</b>.'));
        $this->start('job3');
        $this->setAdminUser();
        $list = $this->list();
        $teacher = fullname($this->teacher);
        foreach (['Optics', $teacher, 'courseferryremote_north', 'Ready', 'Failed', 'No luck.', 'Waiting'] as $told) {
            $this->assertStringContainsString($told, $list);
        }
        $this->assertMatchesRegularExpression('/\d\s*(KB|MB|bytes)/', str_replace("\u{a0}", ' ', $list));
    }

    public function test_a_course_and_a_teacher_that_are_gone_keep_their_line(): void {
        global $DB;
        $this->as_client();
        $this->start();
        $this->setAdminUser();
        delete_course($this->course, false);
        \block_courseferry\privacy\lent_backups::forget((int)$this->teacher->id);
        $list = $this->list();
        $this->assertStringContainsString('Optics', $list);
        $this->assertStringContainsString(get_string('lent_anonymised', 'block_courseferry'), $list);
        $this->assertStringNotContainsString(fullname($this->teacher), $list);
        $this->assertSame(1, $DB->count_records(lent_backup::TABLE));
    }

    public function test_the_page_shows_an_entry_only_when_asked(): void {
        global $PAGE;
        $this->setAdminUser();
        $url = new \moodle_url('/blocks/courseferry/lendingsetup.php');
        $PAGE->set_url($url);
        $output = $PAGE->get_renderer('core');
        $before = $output->render(new lending($url, '', false, null, []));
        $this->assertStringNotContainsString('courseferry-entry', $before);
        $this->assertStringNotContainsString('value="stolen"', $before);
        $after = $output->render(new lending($url, '', true, 'https://moodle.example.org,0123', ['A new token is made.']));
        foreach (['https://moodle.example.org,0123', 'A new token is made.', 'value="rotate"', 'value="stolen"'] as $shown) {
            $this->assertStringContainsString($shown, $after);
        }
    }

    public function test_every_event_says_which_course_and_for_whom(): void {
        $this->as_client();
        $events = $this->redirectEvents();
        $this->start();
        $this->delete();
        $ours = array_filter($events->get_events(), fn($event) => $event instanceof \block_courseferry\event\lent_backup_event);
        $this->assertCount(2, $ours);
        foreach ($ours as $event) {
            $about = "'{$this->course->id}' for the user with id '{$this->teacher->id}'";
            $this->assertStringContainsString($about, $event->get_description());
            $this->assertNotSame('', $event::get_name());
        }
    }

    /**
     * The list as it is printed.
     *
     * @return string
     */
    private function list(): string {
        ob_start();
        (new lent_table(new \moodle_url('/blocks/courseferry/lent.php')))->out(50, false);
        return ob_get_clean();
    }
}
