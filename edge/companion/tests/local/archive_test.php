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
 * The checks of a downloaded file before it is unpacked.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \block_courseferry\local\archive
 */
final class archive_test extends \basic_testcase {
    /**
     * A small tar.gz.
     */
    private static function tgz(): string {
        return (string)gzencode('a backup');
    }

    /**
     * The beginning of a zip.
     */
    private static function zip(): string {
        return "PK\x03\x04 a backup";
    }

    /**
     * The code with which a check fails; empty if it does not.
     *
     * @param callable $check
     */
    private static function code_of(callable $check): string {
        try {
            $check();
            return '';
        } catch (failure $failure) {
            return $failure->error;
        }
    }

    /**
     * A temporary file.
     *
     * @param string $bytes what is in it
     */
    private static function file_of(string $bytes): string {
        $path = tempnam(sys_get_temp_dir(), 'courseferry');
        register_shutdown_function(fn() => @unlink($path));
        file_put_contents($path, $bytes);
        return $path;
    }

    public function test_tar_gz_and_zip_pass_with_the_right_length_and_checksum(): void {
        foreach ([self::tgz(), self::zip()] as $bytes) {
            $this->assertSame(
                '',
                self::code_of(fn() => archive::check(self::file_of($bytes), strlen($bytes), '"' . sha1($bytes) . '"')),
            );
        }
    }

    public function test_an_unknown_length_and_an_etag_that_is_no_sha_1_are_no_reason_to_refuse(): void {
        foreach (['', 'W/"' . sha1('other') . '"', '"65a1b2c3-5f"', sha1('other')] as $etag) {
            $this->assertSame('', self::code_of(fn() => archive::check(self::file_of(self::tgz()), 0, $etag)));
        }
    }

    public function test_an_empty_file_means_that_the_remote_no_longer_has_the_backup(): void {
        $this->assertSame('backup.gone', self::code_of(fn() => archive::check(self::file_of(''), 0, '')));
        $this->assertSame('backup.gone', self::code_of(fn() => archive::check('/nowhere/at/all', 10, '')));
    }

    public function test_a_file_of_another_length_is_truncated(): void {
        $this->assertSame(
            'backup.truncated',
            self::code_of(fn() => archive::check(self::file_of(self::tgz()), strlen(self::tgz()) + 1, '')),
        );
    }

    public function test_a_file_with_another_checksum_is_not_used(): void {
        $this->assertSame(
            'backup.checksum',
            self::code_of(fn() => archive::check(self::file_of(self::tgz()), strlen(self::tgz()), '"' . sha1('other') . '"')),
        );
    }

    public function test_what_stands_before_the_archive_is_named_and_will_be_there_each_time(): void {
        foreach (["\n", "\r\n\r\n", "\xef\xbb\xbf", " \n\xef\xbb\xbf"] as $stray) {
            foreach ([self::tgz(), self::zip()] as $bytes) {
                $check = fn() => archive::check(self::file_of($stray . $bytes), strlen($bytes), '"' . sha1($bytes) . '"');
                $this->assertSame('remote.stray_output', self::code_of($check));
            }
        }
        $this->assertSame(false, failure::is_transient('remote.stray_output'));
    }

    public function test_a_page_or_a_message_instead_of_a_backup_is_recognised(): void {
        foreach (['<!DOCTYPE html>', '{"error":"x"}', "\x1f", 'PK', "Rar!\x1a\x07"] as $bytes) {
            $this->assertSame('backup.not_a_backup', self::code_of(fn() => archive::check(self::file_of($bytes), 0, '')));
        }
    }
}
