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

namespace block_courseferry\remote;

use block_courseferry\event\lent_backup_fetched;
use block_courseferry\lending_testcase;
use core_external\util;

defined('MOODLE_INTERNAL') || die();

global $CFG;
require_once($CFG->dirroot . '/blocks/courseferry/tests/fixtures/lending_testcase.php');

/**
 * Who may fetch what through backup.php.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 *
 * @covers     \block_courseferry\remote\download
 */
final class download_test extends lending_testcase {
    public function test_a_client_fetches_its_backup_and_that_is_noted_once(): void {
        $token = $this->as_client();
        $this->start();
        $this->assertSame('remote.not_ready', $this->code_of(fn() => download::authorise($token, 'job1', 1)));
        $this->run_cron();
        $events = $this->redirectEvents();
        $backup = download::authorise($token, 'job1', 1);
        $content = $backup->file()->get_content();
        $this->assertSame($this->entry()['sha256'], hash('sha256', $content));
        $digest = base64_encode(hash('sha256', $content, true));
        $this->assertSame("Repr-Digest: sha-256=:$digest:", download::digest($backup));
        download::note($backup);
        download::note($backup);
        $this->assertCount(1, array_filter($events->get_events(), fn($event) => $event instanceof lent_backup_fetched));
    }

    public function test_no_other_id_opens_anything(): void {
        $token = $this->as_client('north');
        $this->start();
        $this->run_cron();
        foreach ([['job1', 2], ['job2', 1], ['never', 9]] as [$job, $number]) {
            $this->assertSame('backup.gone', $this->code_of(fn() => download::authorise($token, $job, $number)));
        }
        foreach ([['', 1], ['../../x', 1], ['job1', 0], ['job1', -1]] as [$job, $number]) {
            $this->assertSame('invalidparameter', $this->code_of(fn() => download::authorise($token, $job, $number)));
        }
        $other = $this->as_client('south');
        $this->assertSame('backup.gone', $this->code_of(fn() => download::authorise($other, 'job1', 1)));
        $this->as_client('north');
        $this->delete();
        $this->assertSame('backup.gone', $this->code_of(fn() => download::authorise($token, 'job1', 1)));
    }

    public function test_a_token_of_another_service_opens_nothing(): void {
        global $DB, $USER;
        $this->as_client();
        $this->start();
        $this->run_cron();
        $service = (object)[
            'id' => $DB->insert_record('external_services', (object)[
                'name' => 'Other', 'shortname' => 'other', 'enabled' => 1, 'restrictedusers' => 0, 'timecreated' => time(),
            ]),
        ];
        $token = util::generate_token(EXTERNAL_TOKEN_PERMANENT, $service, $USER->id, \context_system::instance());
        $this->assertSame('accessexception', $this->code_of(fn() => download::authorise($token, 'job1', 1)));
    }

    public function test_a_bad_token_or_one_without_its_rights_opens_nothing(): void {
        global $DB;
        $token = $this->as_client();
        $this->start();
        $this->run_cron();
        $this->assertSame('invalidtoken', $this->code_of(fn() => download::authorise('', 'job1', 1)));
        $this->assertSame('invalidtoken', $this->code_of(fn() => download::authorise(str_repeat('0', 32), 'job1', 1)));
        $role = $DB->get_field('role', 'id', ['shortname' => lending_setup::NAME]);
        unassign_capability('block/courseferry:can_retrieve_courses', $role);
        $this->assertSame('nopermissions', $this->code_of(fn() => download::authorise($token, 'job1', 1)));
    }

    public function test_the_backup_of_a_teacher_who_was_suspended_is_not_given_out(): void {
        global $DB;
        $token = $this->as_client();
        $this->start();
        $this->run_cron();
        $DB->set_field('user', 'suspended', 1, ['id' => $this->teacher->id]);
        $this->assertSame('remote.account_not_lent', $this->code_of(fn() => download::authorise($token, 'job1', 1)));
    }

    public function test_each_refusal_has_its_http_status(): void {
        foreach (
            [
                400 => new \invalid_parameter_exception('x'),
                401 => new \moodle_exception('invalidtoken', 'webservice'),
                403 => new lending_exception('remote.account_not_lent'),
                405 => new \moodle_exception('invalidmethod', 'block_courseferry'),
                409 => new lending_exception('remote.not_ready'),
                410 => new lending_exception('backup.gone'),
                416 => new lending_exception('backup.range'),
                503 => new \moodle_exception('sitemaintenance', 'admin'),
                500 => new \RuntimeException('x'),
            ] as $status => $refusal
        ) {
            $this->assertSame($status, download::status($refusal));
        }
    }
}
