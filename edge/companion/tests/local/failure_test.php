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

use block_courseferry\contract;

/**
 * Codes of failures, and what the Worker's refusals become.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \block_courseferry\local\failure
 */
final class failure_test extends \basic_testcase {
    public function test_the_code_that_the_worker_tells_is_kept_with_its_request_id_for_the_log(): void {
        $failure = failure::of_download(410, '{"error":{"code":"backup.gone","message":"The backup is gone."},"request_id":"r7"}');
        $this->assertSame('backup.gone', $failure->error);
        $this->assertSame('HTTP 410 The backup is gone. (request r7)', $failure->getMessage());
    }

    public function test_what_the_remote_says_instead_of_a_backup_keeps_its_name_and_is_final_here(): void {
        $body = '{"error":{"code":"remote.download_redirected","message":"Elsewhere.","detail":"a redirect"},"request_id":"r7"}';
        $failure = failure::of_download(502, $body);
        $this->assertSame('remote.download_redirected', $failure->error);
        $this->assertSame('HTTP 502 Elsewhere. a redirect (request r7)', $failure->getMessage());
        $this->assertSame(false, failure::is_transient($failure->error));
        $this->assertSame('backup.unreachable', failure::of_download(502, '{"error":{"code":"remote.<b>"}}')->error);
    }

    public function test_without_a_code_the_status_speaks(): void {
        foreach (
            [
            401 => 'backup.ticket_refused', 404 => 'backup.ticket_refused', 409 => 'backup.ticket_refused', 410 => 'backup.gone',
            412 => 'backup.replaced', 416 => 'backup.replaced', 302 => 'backup.unreachable', 502 => 'backup.unreachable',
            503 => 'backup.unreachable', 429 => 'backup.unreachable',
            ] as $status => $code
        ) {
            foreach (
                [
                '', '<html>', '[]', '{"error":"x"}', '{"error":{"code":7}}',
                '{"error":{"code":"backup.invented"}}', '{"error":{"code":"client.crashed"}}',
                ] as $body
            ) {
                $this->assertSame($code, failure::of_download($status, $body)->error);
            }
        }
    }

    public function test_whether_trying_again_can_help_depends_on_the_code(): void {
        $this->assertSame(true, failure::is_transient('backup.unreachable'));
        $this->assertSame(true, failure::is_transient('backup.truncated'));
        $this->assertSame(false, failure::is_transient('backup.not_a_backup'));
        $this->assertSame(false, failure::is_transient('client.no_capability'));
        $this->assertSame(false, failure::is_transient('something.else'));
    }

    public function test_the_workers_table_knows_every_code_and_hopes_for_the_same(): void {
        require_once(__DIR__ . '/../fixtures/contract.php');
        $table = contract::read('errors');
        if ($table === null) {
            $this->markTestSkipped('The contract is not here.');
        }
        foreach (failure::TRANSIENT as $code => $transient) {
            $this->assertSame(true, isset($table[$code]), "$code in the Worker's table");
            $this->assertSame($transient, $table[$code]['transient'], $code);
        }
    }
}
