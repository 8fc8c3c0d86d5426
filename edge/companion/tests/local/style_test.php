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

/**
 * What of Moodle's coding style can be seen without Moodle's own checker, which no package registry has.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @coversNothing
 */
final class style_test extends \basic_testcase {
    /** @var int characters of a line, at most */
    private const LINE = 132;
    /** @var string[] what stands in each file */
    private const BOILERPLATE = [
        "<?php\n// This file is part of Moodle - https://moodle.org/\n",
        "// along with Moodle.  If not, see <https://www.gnu.org/licenses/>.\n\n",
        " * @package    block_courseferry\n",
        " * @copyright  2026 Courseferry contributors\n",
        " * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later\n",
    ];

    /**
     * The plugin's PHP files.
     *
     * @return string[] their text, by their name in the plugin
     */
    private static function files(): array {
        $root = dirname(__DIR__, 2);
        $files = [];
        $tree = new \RecursiveIteratorIterator(new \RecursiveDirectoryIterator($root, \FilesystemIterator::SKIP_DOTS));
        foreach ($tree as $file) {
            if ($file->getExtension() === 'php') {
                $files[substr($file->getPathname(), strlen($root) + 1)] = file_get_contents($file->getPathname());
            }
        }
        ksort($files);
        return $files;
    }

    /**
     * Asserts that no line of any file is at fault.
     *
     * @param callable $fault says what is wrong with a line, from its file's name, its text, and the line before it; or null
     */
    private function assert_of_every_line(callable $fault): void {
        $faults = [];
        foreach (self::files() as $name => $text) {
            $before = '';
            foreach (explode("\n", $text) as $number => $line) {
                $wrong = $fault($name, $line, $before);
                if ($wrong !== null) {
                    $faults[] = "$name:" . ($number + 1) . " $wrong";
                }
                $before = $line;
            }
        }
        $this->assertSame([], $faults);
    }

    public function test_every_file_says_whose_it_is_and_under_which_licence(): void {
        foreach (self::files() as $name => $text) {
            foreach (self::BOILERPLATE as $wanted) {
                $this->assertSame(true, str_contains($text, $wanted), "$name: $wanted");
            }
            $this->assertSame(true, str_ends_with($text, "\n") && !str_ends_with($text, "\n\n"), "$name ends with one line break");
        }
    }

    public function test_no_line_is_too_long_or_holds_white_space_that_nobody_sees(): void {
        $this->assert_of_every_line(fn(string $name, string $line): ?string => match (true) {
            str_contains($line, "\t") || rtrim($line) !== $line => 'white space',
            !str_starts_with($name, 'lang/') && mb_strlen($line) > self::LINE => 'longer than ' . self::LINE . ' characters',
            default => null,
        });
    }

    public function test_every_function_and_property_is_described_but_for_tests(): void {
        $words = '(?:(?:final|abstract|public|protected|private|static|readonly) )+';
        $member = '/^    ' . $words . '(?:function (?!test_)|const |[\w\\\\?|]+ \$)/';
        $described = '~\*/$|^    #\[~';
        $this->assert_of_every_line(fn(string $name, string $line, string $before): ?string =>
            preg_match($member, $line) && !preg_match($described, $before) ? 'has no description' : null);
    }

    public function test_a_comment_is_a_sentence(): void {
        $comment = '~^\s*// (?!phpcs:)~';
        $this->assert_of_every_line(fn(string $name, string $line, string $before): ?string => match (true) {
            !preg_match($comment, $before) && preg_match($comment, $line) && preg_match('~// [a-z]~', $line) =>
                'the comment begins small',
            preg_match($comment, $before) && !preg_match('~^\s*//~', $line) && !preg_match('~[.!?]$~', $before) =>
                'the comment before has no end',
            default => null,
        });
    }
}
