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
 * Runs the tests in tests/local, which need no Moodle, where there is none: php tests/standalone/run.php
 *
 * The last line says how many passed and failed; the exit code is 1 if any failed.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

// phpcs:disable moodle.Files.MoodleInternal,moodle.Files.RequireLogin

error_reporting(E_ALL);
set_error_handler(function (int $level, string $text, string $file, int $line): bool {
    return error_reporting() & $level ? throw new ErrorException($text, 0, $level, $file, $line) : true;
});
spl_autoload_register(function (string $class): void {
    $file = __DIR__ . '/../../classes/' . str_replace('\\', '/', substr($class, strlen('block_courseferry\\'))) . '.php';
    if (str_starts_with($class, 'block_courseferry\\') && is_file($file)) {
        require($file);
    }
});
require(__DIR__ . '/basic_testcase.php');

$passed = $failed = $skipped = 0;
foreach (glob(__DIR__ . '/../local/*_test.php') as $file) {
    require($file);
    $class = 'block_courseferry\\local\\' . basename($file, '.php');
    foreach (preg_grep('/^test_/', get_class_methods($class)) as $method) {
        try {
            (new $class())->$method();
            $passed++;
        } catch (skipped) {
            $skipped++;
        } catch (Throwable $e) {
            $failed++;
            echo 'FAILED ', basename($file, '.php'), "::$method\n  {$e->getMessage()} ({$e->getFile()}:{$e->getLine()})\n";
        }
    }
}
echo "$passed passed, $failed failed, $skipped skipped\n";
exit($failed ? 1 : 0);
