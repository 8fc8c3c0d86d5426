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
 * The checks of a downloaded file before it is unpacked.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

namespace block_courseferry\local;

$tgz = gzencode('a backup');
$zip = "PK\x03\x04 a backup";

return [
    'tar.gz and zip pass, with the right length and checksum' => function () use ($tgz, $zip) {
        foreach ([$tgz, $zip] as $bytes) {
            same('', code_of(fn() => archive::check(file_of($bytes), strlen($bytes), '"' . sha1($bytes) . '"')));
        }
    },
    'an unknown length and an ETag that is no SHA-1 are no reason to refuse' => function () use ($tgz) {
        foreach (['', 'W/"' . sha1('other') . '"', '"65a1b2c3-5f"', sha1('other')] as $etag) {
            same('', code_of(fn() => archive::check(file_of($tgz), 0, $etag)));
        }
    },
    'an empty file means that the remote no longer has the backup' => function () {
        same('backup.gone', code_of(fn() => archive::check(file_of(''), 0, '')));
        same('backup.gone', code_of(fn() => archive::check('/nowhere/at/all', 10, '')));
    },
    'a file of another length is truncated' => function () use ($tgz) {
        same('backup.truncated', code_of(fn() => archive::check(file_of($tgz), strlen($tgz) + 1, '')));
    },
    'a file with another checksum is not used' => function () use ($tgz) {
        same('backup.checksum', code_of(fn() => archive::check(file_of($tgz), strlen($tgz), '"' . sha1('other') . '"')));
    },
    'a page or a message instead of a backup is recognised' => function () {
        foreach (['<!DOCTYPE html>', '{"error":"x"}', "\x1f", 'PK', "Rar!\x1a\x07"] as $bytes) {
            same('backup.not_a_backup', code_of(fn() => archive::check(file_of($bytes), 0, '')));
        }
    },
];
