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

/**
 * As much of Moodle's basic_testcase as the tests in tests/local use, for running them where there is no Moodle.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

// phpcs:disable moodle.Files.MoodleInternal, PSR1.Classes.ClassDeclaration, moodle.NamingConventions.ValidFunctionName
// The names are PHPUnit's.

/**
 * A test that cannot run here.
 */
final class skipped extends \Exception {
}

/**
 * Asserts as PHPUnit does.
 */
abstract class basic_testcase {
    /**
     * Fails the test.
     *
     * @param string $message why
     */
    protected function fail(string $message): never {
        throw new \Exception($message);
    }

    /**
     * Leaves the test.
     *
     * @param string $message why
     */
    protected function markTestSkipped(string $message): never {
        throw new skipped($message);
    }

    /**
     * Both are the same.
     *
     * @param mixed $expected
     * @param mixed $actual
     * @param string $message
     */
    protected function assertSame(mixed $expected, mixed $actual, string $message = ''): void {
        if ($expected !== $actual) {
            $this->fail(trim("$message expected " . var_export($expected, true) . ', got ' . var_export($actual, true)));
        }
    }

    /**
     * Both are equal.
     *
     * @param mixed $expected
     * @param mixed $actual
     */
    protected function assertEquals(mixed $expected, mixed $actual): void {
        if ($expected != $actual) {
            $this->fail('expected ' . var_export($expected, true) . ', got ' . var_export($actual, true));
        }
    }

    /**
     * There are so many.
     *
     * @param int $number
     * @param array $list
     */
    protected function assertCount(int $number, array $list): void {
        $this->assertSame($number, count($list));
    }
}
