<?php
/**
 * The checks of a downloaded file before it is unpacked.
 *
 * @package    block_courseferry
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
