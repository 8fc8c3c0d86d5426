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
use core_external\external_description;
use core_external\external_multiple_structure;
use core_external\external_value;
use Firebase\JWT\JWT;

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

    /**
     * The classes of our web services by their names.
     *
     * @return array<string, class-string<external\service>>
     */
    private static function classes(): array {
        global $CFG;
        $functions = [];
        require($CFG->dirroot . '/blocks/courseferry/db/services.php');
        // The browser calls that one, not the Worker.
        unset($functions['block_courseferry_get_launch_token']);
        return array_map(fn($function) => $function['classname'], $functions);
    }

    public function test_every_function_takes_and_gives_what_the_contract_names(): void {
        $classes = self::classes();
        $contract = $this->contract('remote')['functions'];
        foreach ($contract as $name => $expected) {
            $this->assertEqualsCanonicalizing($expected['in'], array_keys($classes[$name]::execute_parameters()->keys), $name);
            if (isset($expected['out'])) {
                $this->assertEqualsCanonicalizing($expected['out'], array_keys($classes[$name]::execute_returns()->keys), $name);
            }
        }
        $client = $this->contract('client')['functions'];
        $this->assertEqualsCanonicalizing(array_keys($classes), array_keys($contract + $client), 'each is in the contract');
        $this->assertSame([], array_intersect_key($contract, $client), 'none is there twice');
    }

    public function test_every_function_takes_what_the_worker_sends(): void {
        foreach ($this->contract('client')['functions'] as $name => $function) {
            $takes = self::classes()[$name]::execute_parameters()->keys;
            $required = array_filter($takes, fn($parameter) => $parameter->required === VALUE_REQUIRED);
            $this->assertSame([], array_diff_key($required, $function['in']), "$name is sent what it requires");
            foreach ($function['in'] as $parameter => $members) {
                $this->assertArrayHasKey($parameter, $takes, $name);
                $of = $takes[$parameter] instanceof external_multiple_structure ? $takes[$parameter]->content : $takes[$parameter];
                $this->assertSame([], array_diff($members, array_keys($of->keys ?? [])), "$name: $parameter");
            }
        }
    }

    public function test_every_function_answers_as_the_worker_reads_it(): void {
        $progress = $this->contract('companion')['entries'][0];
        foreach ($this->contract('client')['functions'] as $name => $function) {
            $example = $function['out'] === 'progress' ? $progress : $function['out'];
            array_walk_recursive($example, function (&$value) use ($progress) {
                $value = $value === 'progress' ? $progress : $value;
            });
            $this->assertSame([], self::differences($name, $example, self::classes()[$name]::execute_returns()));
        }
    }

    /**
     * Where an example is not what a function gives: fields that only one of them has, and values of another kind.
     *
     * @param string $at where it is, for whoever reads it
     * @param mixed $example
     * @param external_description $gives
     * @return string[]
     */
    private static function differences(string $at, mixed $example, external_description $gives): array {
        if ($gives instanceof external_value) {
            $kind = [PARAM_INT => 'integer', PARAM_FLOAT => 'double', PARAM_BOOL => 'boolean', PARAM_RAW => 'string'][$gives->type];
            return gettype($example) === $kind ? [] : ["$at is no $kind"];
        }
        if (!is_array($example)) {
            return ["$at is " . gettype($example)];
        }
        if ($gives instanceof external_multiple_structure) {
            return array_merge(...array_map(fn($one) => self::differences($at, $one, $gives->content), $example));
        }
        return array_merge(
            array_map(fn($name) => "$at.$name is not given", array_keys(array_diff_key($example, $gives->keys))),
            array_map(fn($name) => "$at.$name is not expected", array_keys(array_diff_key($gives->keys, $example))),
            ...array_map(
                fn($name) => self::differences("$at.$name", $example[$name], $gives->keys[$name]),
                array_keys(array_intersect_key($example, $gives->keys)),
            ),
        );
    }

    public function test_both_kinds_of_token_are_those_of_the_contract(): void {
        // Every claim is there when an administrator, logged in as somebody, opens the widget for a certain page.
        \core\session\manager::loginas($this->teacher->id, \context_system::instance());
        $worker = local\worker::configured();
        $tokens = ['launch' => local\launch::mint($worker, 's1')['token'], 'service' => $worker->service_token()];
        foreach ($this->contract('client')['tokens'] as $name => $expected) {
            [$header, $claims] = array_map(
                fn($part) => json_decode(JWT::urlsafeB64Decode($part), true, 8, JSON_THROW_ON_ERROR),
                array_slice(explode('.', $tokens[$name]), 0, 2),
            );
            $this->assertEquals($expected['header'], $header, $name);
            $this->assertLessThanOrEqual($expected['longestlife'], $claims['exp'] - $claims['iat'], $name);
            $shape = fn(array $claims): array => array_map(
                fn($claim) => is_array($claim) ? array_map(gettype(...), $claim) : gettype($claim),
                $claims,
            );
            $this->assertEquals($shape($expected['claims']), $shape($claims), $name);
            foreach ($claims['access']['assignments'] ?? [] as $assignment) {
                $this->assertEquals($shape($expected['claims']['access']['assignments'][0]), $shape($assignment));
            }
        }
        // Without "log in as" and without a wanted page the claims that are optional are missing.
        $this->setUser($this->teacher);
        $expected = $this->contract('client')['tokens']['launch'];
        [, $claims] = explode('.', local\launch::mint($worker)['token']);
        $claims = json_decode(JWT::urlsafeB64Decode($claims), true, 8, JSON_THROW_ON_ERROR);
        $this->assertSame([], array_diff(array_keys(array_diff_key($expected['claims'], $claims)), $expected['optional']));
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
