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
    /** @var int bytes that any backup may unpack to */
    private const UNPACKED = 1024 ** 3;
    /** @var int how many times its size a larger one may unpack to; text hardly reaches 20 */
    private const RATIO = 100;
    /** @var int bytes that are read at a time */
    private const CHUNK = 1024 ** 2;

    /**
     * Checks length, checksum and kind.
     *
     * @param string $path the file
     * @param int $length bytes that it must have; 0 if nobody told
     * @param string $etag the server's ETag; it is a SHA-1 only when Moodle itself serves the file
     * @param string $sha256 what the remote says its SHA-256 is; empty if it does not
     * @throws failure
     */
    public static function check(string $path, int $length, string $etag, string $sha256 = ''): void {
        clearstatcache(true, $path);
        $size = (int)@filesize($path);
        if ($size === 0) {
            throw new failure('backup.gone', 'the download was empty');
        }
        $beginning = (string)file_get_contents($path, false, null, 0, 16);
        if (self::is_spoilt($beginning)) {
            throw new failure('remote.stray_output', 'something stands before the archive: ' . bin2hex(substr($beginning, 0, 4)));
        }
        if ($length > 0 && $size !== $length) {
            throw new failure('backup.truncated', "$size of $length bytes");
        }
        $sha1 = $sha256 === '' ? self::sha1_of($etag) : null;
        if ($sha256 !== '' && !hash_equals($sha256, (string)hash_file('sha256', $path))) {
            throw new failure('backup.checksum', "the file's SHA-256 is not $sha256");
        }
        if ($sha1 !== null && sha1_file($path) !== $sha1) {
            throw new failure('backup.checksum', "the file's SHA-1 is not $sha1");
        }
        if (!self::is_archive($beginning)) {
            throw new failure('backup.not_a_backup', 'neither tar.gz nor zip');
        }
    }

    /**
     * The SHA-1 that a strong ETag of 40 hexadecimal digits is; null for any other.
     *
     * @param string $etag the header's value
     */
    public static function sha1_of(string $etag): ?string {
        return preg_match('/^"([0-9a-f]{40})"$/D', $etag, $match) ? $match[1] : null;
    }

    /**
     * Whether a file that begins so is tar.gz or zip, the two forms of a Moodle backup.
     *
     * @param string $beginning at least four bytes
     */
    public static function is_archive(string $beginning): bool {
        return str_starts_with($beginning, "\x1f\x8b") || str_starts_with($beginning, "PK\x03\x04");
    }

    /**
     * Whether a file that begins so is an archive with something before it: a line feed or a byte order mark that PHP sent
     * before the file, as of a configuration with a blank line at its end. It will be so each time.
     *
     * @param string $beginning at least sixteen bytes
     */
    public static function is_spoilt(string $beginning): bool {
        return !self::is_archive($beginning) && self::is_archive(ltrim($beginning, " \t\r\n\xef\xbb\xbf"));
    }

    /**
     * How many bytes really come out of an archive. Its own index and headers say what they like, so it is unpacked for this,
     * to nowhere.
     *
     * @param string $path the file
     * @param callable|null $tick called after each piece, with the bytes so far
     * @param int $free bytes that any backup may unpack to, however small it is
     * @throws failure as soon as there are more than a backup of this size can hold
     */
    public static function unpacked_size(string $path, ?callable $tick = null, int $free = self::UNPACKED): int {
        $most = max($free, self::RATIO * (int)filesize($path));
        $size = 0;
        foreach (self::streams($path) as $stream) {
            while (is_string($bytes = @fread($stream, self::CHUNK)) && $bytes !== '') {
                $size += strlen($bytes);
                if ($size > $most) {
                    throw new failure('backup.too_large', "it unpacks to more than $most bytes");
                }
                if ($tick) {
                    $tick($size);
                }
            }
            fclose($stream);
        }
        return $size;
    }

    /**
     * What is in an archive: of tar.gz the one stream, of zip each member's.
     *
     * @param string $path the file
     * @return iterable<resource>
     */
    private static function streams(string $path): iterable {
        if (str_starts_with((string)file_get_contents($path, false, null, 0, 2), "\x1f\x8b")) {
            $stream = @fopen("compress.zlib://$path", 'rb');
            return $stream ? [$stream] : [];
        }
        return self::zip_streams($path);
    }

    /**
     * The members of a zip.
     *
     * @param string $path the file
     * @return iterable<resource>
     */
    private static function zip_streams(string $path): iterable {
        $zip = new \ZipArchive();
        if ($zip->open($path, \ZipArchive::RDONLY) !== true) {
            return;
        }
        for ($i = 0; $i < $zip->numFiles; $i++) {
            $stream = $zip->getStreamIndex($i);
            if ($stream) {
                yield $stream;
            }
        }
        $zip->close();
    }
}
