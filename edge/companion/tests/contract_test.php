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
require_once(__DIR__ . '/fixtures/contract.php');

use block_courseferry\local\failure;
use block_courseferry\local\restore_record;
use block_courseferry\local\state;
use core_external\external_api;

/**
 * The block says what the contract says, word by word; a change on one side alone fails here or at the Worker.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @coversNothing
 */
final class contract_test extends companion_testcase {
    /**
     * One of the contract's files.
     *
     * @param string $name
     */
    private function contract(string $name): array {
        return contract::read($name) ?? $this->markTestSkipped('The contract is not here.');
    }

    public function test_the_states_of_a_restore_are_those_of_the_contract(): void {
        $answers = ['notfound', 'staleattempt', 'busy'];
        $this->assertSame($this->contract('companion')['states'], [...array_column(state::cases(), 'value'), ...$answers]);
    }

    public function test_what_is_told_of_a_restore_has_the_contracts_fields_and_types(): void {
        $this->as_service();
        $this->hand_over();
        $entry = $this->entry();
        foreach ($this->contract('companion')['entries'] as $expected) {
            $this->assertEqualsCanonicalizing(array_keys($expected), array_keys($entry));
            $clean = external_api::clean_returnvalue(external\cancel::execute_returns(), $expected);
            $this->assertEquals($expected, array_merge($expected, $clean), $expected['state']);
            foreach ($expected as $name => $value) {
                $kind = fn($of): string => is_numeric($of) || is_bool($of) ? 'number' : gettype($of);
                $this->assertSame($kind($value), $kind($entry[$name]), $name);
            }
        }
    }

    public function test_an_order_takes_what_the_contract_names_and_nothing_else(): void {
        $order = $this->contract('companion')['order'];
        $takes = external\restore::execute_parameters()->keys;
        $this->assertEqualsCanonicalizing([...$order['required'], ...$order['optional']], array_keys($takes));
        $this->assertEqualsCanonicalizing($order['options'], array_keys($takes['options']->keys));
        foreach ($order['options'] as $name) {
            $this->assertSame(VALUE_DEFAULT, $takes['options']->keys[$name]->required, $name);
        }
    }

    public function test_every_function_takes_and_gives_what_the_contract_names(): void {
        global $CFG;
        $functions = [];
        require($CFG->dirroot . '/blocks/courseferry/db/services.php');
        $contract = $this->contract('companion')['functions'] + $this->contract('remote')['functions'];
        foreach ($contract as $name => $expected) {
            $class = $functions[$name]['classname'];
            $this->assertEqualsCanonicalizing($expected['in'], array_keys($class::execute_parameters()->keys), $name);
            if (isset($expected['out'])) {
                $this->assertEqualsCanonicalizing($expected['out'], array_keys($class::execute_returns()->keys), $name);
            }
        }
        $ours = array_diff(array_keys($functions), ['block_courseferry_restore', 'block_courseferry_get_launch_token']);
        $this->assertEqualsCanonicalizing($ours, array_keys($contract), 'each function is in the contract');
    }

    public function test_the_kinds_of_message_are_those_of_the_contract(): void {
        $this->as_service();
        $this->redirectMessages();
        foreach ($this->contract('companion')['messagekinds'] as $i => $kind) {
            $values = [['name' => 'subject', 'value' => 'S'], ['name' => 'text', 'value' => 'T']];
            $this->assertCount(1, $this->call('notify', ['job1', $i + 1, $kind, $this->teacher->id, $values, []])['messageids']);
        }
    }

    public function test_every_code_is_in_the_workers_table_and_hopes_for_the_same(): void {
        $table = $this->contract('errors');
        foreach (failure::TRANSIENT as $code => $transient) {
            $this->assertSame($transient, $table[$code]['transient'] ?? null, $code);
        }
        foreach ($this->contract('remote')['errors'] as $code) {
            $this->assertArrayHasKey($code, $table);
        }
    }

    public function test_the_workers_error_body_is_read_as_the_contract_writes_it(): void {
        $body = $this->contract('error_body');
        $failure = failure::of_download(410, json_encode($body));
        $this->assertSame($body['error']['code'], $failure->error);
        $this->assertStringContainsString($body['error']['message'], $failure->getMessage());
        $this->assertStringContainsString($body['request_id'], $failure->getMessage());
    }

    public function test_the_worker_has_every_endpoint_that_is_called(): void {
        $endpoints = array_map(fn($one) => "{$one['method']} {$one['path']}", $this->contract('worker')['endpoints']);
        $url = local\worker_url::parse('https://ferry.example.org');
        $path = fn(string $address): string => parse_url($address, PHP_URL_PATH);
        $called = ['GET ' . str_replace(['/job1', '/1'], ['/{job}', '/{attempt}'], $path($url->backup('job1', 1)))];
        $files = glob(__DIR__ . '/../classes/{local,task,privacy}/*.php', GLOB_BRACE);
        $source = implode('', array_map(file_get_contents(...), $files));
        preg_match_all("~->call\\('([a-z/]+)'~", $source, $calls);
        foreach (array_unique($calls[1]) as $name) {
            $called[] = 'POST ' . $path($url->api($name));
        }
        $this->assertGreaterThan(3, count($called));
        $this->assertSame([], array_diff($called, $endpoints));
    }
}
