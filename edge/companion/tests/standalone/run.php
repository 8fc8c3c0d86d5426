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
 * Tests of the classes that need no Moodle. Run: php tests/standalone/run.php
 *
 * The last line says how many passed and failed; the exit code is 1 if any failed.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

// phpcs:disable moodle.Files.MoodleInternal

namespace block_courseferry\local;

error_reporting(E_ALL);
set_error_handler(fn($level, $text, $file, $line) => error_reporting() & $level ? throw new \ErrorException($text, 0, $level, $file, $line) : true);
spl_autoload_register(function (string $class): void {
    $file = __DIR__ . '/../../classes/' . str_replace('\\', '/', substr($class, strlen('block_courseferry\\'))) . '.php';
    if (str_starts_with($class, 'block_courseferry\\') && is_file($file)) {
        require $file;
    }
});

/** Fails the test unless both are the same. */
function same(mixed $expected, mixed $actual): void {
    if ($expected !== $actual) {
        throw new \Exception('expected ' . var_export($expected, true) . ', got ' . var_export($actual, true));
    }
}

/** The code with which a check fails; empty if it does not. */
function code_of(callable $check): string {
    try {
        $check();
        return '';
    } catch (failure $failure) {
        return $failure->error;
    }
}

/** A temporary file with these bytes. */
function file_of(string $bytes): string {
    $path = tempnam(sys_get_temp_dir(), 'courseferry');
    register_shutdown_function(fn() => @unlink($path));
    file_put_contents($path, $bytes);
    return $path;
}

$passed = $failed = 0;
foreach (glob(__DIR__ . '/*_tests.php') as $file) {
    foreach (require $file as $sentence => $test) {
        try {
            $test();
            $passed++;
        } catch (\Throwable $e) {
            $failed++;
            echo 'FAILED ', basename($file, '_tests.php'), ": $sentence\n  {$e->getMessage()} ({$e->getFile()}:{$e->getLine()})\n";
        }
    }
}
echo "$passed passed, $failed failed\n";
exit($failed ? 1 : 0);
