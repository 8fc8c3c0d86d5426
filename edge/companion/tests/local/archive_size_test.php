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
 * How much comes out of an archive, whatever it says of itself.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \block_courseferry\local\archive
 */
final class archive_size_test extends \basic_testcase {
    public function test_what_comes_out_is_counted(): void {
        $this->assertSame(100000, archive::unpacked_size(self::file(gzencode(str_repeat('x', 100000)))));
    }

    public function test_a_small_file_that_grows_and_grows_is_stopped(): void {
        $file = self::file(gzencode(str_repeat("\0", 2000000), 9));
        try {
            archive::unpacked_size($file, null, 1000000);
            $this->fail('it was unpacked');
        } catch (failure $failure) {
            $this->assertSame('backup.too_large', $failure->error);
        }
    }

    public function test_a_backup_of_text_is_none_of_that_kind(): void {
        $text = implode("\n", array_map(fn($i) => "<activity id=\"$i\"><name>Page $i</name></activity>", range(1, 20000)));
        $file = self::file(gzencode($text));
        $this->assertSame(strlen($text), archive::unpacked_size($file, null, 1000));
    }

    public function test_the_members_of_a_zip_are_counted_by_what_is_in_them(): void {
        if (!class_exists(\ZipArchive::class)) {
            $this->markTestSkipped('PHP has no zip here');
        }
        $path = self::file('');
        $zip = new \ZipArchive();
        $zip->open($path, \ZipArchive::OVERWRITE);
        $zip->addFromString('a', str_repeat('a', 5000));
        $zip->addFromString('b/c', str_repeat('b', 7000));
        $zip->close();
        $this->assertSame(12000, archive::unpacked_size($path));
    }

    public function test_a_sha256_is_checked_where_the_remote_told_it(): void {
        $bytes = gzencode('a backup');
        archive::check(self::file($bytes), strlen($bytes), '"' . sha1('other') . '"', hash('sha256', $bytes));
        try {
            archive::check(self::file($bytes), strlen($bytes), '"' . sha1($bytes) . '"', hash('sha256', 'other'));
            $this->fail('it was taken');
        } catch (failure $failure) {
            $this->assertSame('backup.checksum', $failure->error);
        }
    }

    /**
     * A temporary file.
     *
     * @param string $bytes what is in it
     */
    private static function file(string $bytes): string {
        $path = tempnam(sys_get_temp_dir(), 'courseferry');
        register_shutdown_function(fn() => @unlink($path));
        file_put_contents($path, $bytes);
        return $path;
    }
}
