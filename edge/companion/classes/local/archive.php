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
 * What can be said of a downloaded backup file before it is unpacked. It knows nothing of Moodle.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class archive {
    /**
     * Checks length, checksum and kind.
     *
     * @param string $path the file
     * @param int $length bytes that it must have; 0 if nobody told
     * @param string $etag the server's ETag; it is a SHA-1 only when Moodle itself serves the file
     * @throws failure
     */
    public static function check(string $path, int $length, string $etag): void {
        clearstatcache(true, $path);
        $size = (int)@filesize($path);
        if ($size === 0) {
            throw new failure('backup.gone', 'the download was empty');
        }
        if ($length > 0 && $size !== $length) {
            throw new failure('backup.truncated', "$size of $length bytes");
        }
        $sha1 = self::sha1_of($etag);
        if ($sha1 !== null && sha1_file($path) !== $sha1) {
            throw new failure('backup.checksum', "the file's SHA-1 is not $sha1");
        }
        if (!self::is_archive((string)file_get_contents($path, false, null, 0, 4))) {
            throw new failure('backup.not_a_backup', 'neither tar.gz nor zip');
        }
    }

    /**
     * The SHA-1 that a strong ETag of 40 hexadecimal digits is; null for any other.
     */
    public static function sha1_of(string $etag): ?string {
        return preg_match('/^"([0-9a-f]{40})"$/D', $etag, $match) ? $match[1] : null;
    }

    /**
     * Whether a file that begins so is tar.gz or zip, the two forms of a Moodle backup.
     */
    public static function is_archive(string $beginning): bool {
        return str_starts_with($beginning, "\x1f\x8b") || str_starts_with($beginning, "PK\x03\x04");
    }
}
