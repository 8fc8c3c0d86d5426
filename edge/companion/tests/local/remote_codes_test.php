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
 * The remote side and the Worker's table of codes say the same.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @coversNothing
 */
final class remote_codes_test extends \basic_testcase {
    /**
     * The Worker's table of codes.
     *
     * @return array<string, array{transient: bool}>
     */
    private function table(): array {
        require_once(__DIR__ . '/../fixtures/contract.php');
        $table = contract::read('errors');
        if ($table === null) {
            $this->markTestSkipped('The contract is not here.');
        }
        return $table;
    }

    /**
     * What the remote side's classes say.
     *
     * @return string
     */
    private static function source(): string {
        $files = glob(__DIR__ . '/../../classes/{remote,task,external}/{*,remote_*}.php', GLOB_BRACE);
        return implode('', array_map(file_get_contents(...), array_unique($files)));
    }

    public function test_every_code_of_the_remote_side_is_in_the_table_and_in_the_language_pack(): void {
        $table = $this->table();
        preg_match_all("/new lending_exception\\('([a-z_.]+)'/", self::source(), $used);
        $codes = array_unique($used[1]);
        $this->assertSame(true, count($codes) > 8);
        $strings = file_get_contents(__DIR__ . '/../../lang/en/block_courseferry.php');
        foreach ($codes as $code) {
            $this->assertSame(true, isset($table[$code]), "$code in the Worker's table");
            $this->assertSame(true, str_contains($strings, "\$string['$code']"), "$code in the language pack");
        }
    }

    public function test_both_sides_hope_for_the_same(): void {
        $table = $this->table();
        $source = file_get_contents(__DIR__ . '/../../classes/remote/lending_exception.php');
        preg_match('/TRANSIENT = \[([^\]]+)\]/', $source, $list);
        preg_match_all("/'([a-z_.]+)'/", $list[1], $transient);
        preg_match_all("/new lending_exception\\('([a-z_.]+)'/", self::source(), $used);
        foreach (array_unique([...$used[1], ...$transient[1]]) as $code) {
            $this->assertSame($table[$code]['transient'], in_array($code, $transient[1], true), $code);
        }
    }
}
