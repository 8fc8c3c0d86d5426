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
 * Fetches a job's backup from the Worker into a file, and resumes where an earlier process stopped.
 *
 * It uses core's HTTP client, so the site's proxy, blocked hosts and allowed ports hold.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class download {
    /** @var int[] seconds to wait before each further try of this process */
    private const WAITS = [1, 3, 6];
    /** @var int seconds with hardly a byte that end a connection */
    private const STALLED = 60;
    /** @var int bytes a second that count as hardly a byte */
    private const DRIP = 1024;
    /** @var int seconds that one attempt may download, all its processes together */
    public const MAX_TIME = 6 * HOURSECS;
    /** @var int seconds between two notes of how far we are */
    private const NOTE_EVERY = 2;
    /** @var int bytes after which the free space is looked at again, however quickly they come */
    private const WATCH_EVERY = 16 * 1024 * 1024;
    /** @var int bytes kept of an answer that is no backup */
    private const MAX_REFUSAL = 8192;
    /** @var int a backup unpacked, and its files in the file store, take about this many times its size */
    private const SPACE_FACTOR = 3;

    /** @var string where the bytes go */
    private readonly string $path;
    /** @var int when the row was last brought up to date */
    private int $noted = 0;
    /** @var int bytes that came since the free space was last looked at */
    private int $unwatched = 0;

    /**
     * For a restore.
     *
     * @param restore_record $record whose backup it is
     * @param worker_url $worker where it comes from
     */
    public function __construct(
        /** @var restore_record whose backup it is */
        private restore_record $record,
        /** @var worker_url where it comes from */
        private readonly worker_url $worker,
    ) {
        $this->path = $record->backup_file();
    }

    /**
     * Fetches what is missing.
     *
     * @return restore_record the record as it is then
     * @throws failure for good
     * @throws unreached for now
     * @throws superseded if the attempt is no longer wanted
     */
    public function run(): restore_record {
        if ($this->record->downloaded && $this->is_whole()) {
            return $this->record;
        }
        $this->record = $this->record->advance(['downloaded' => false, 'timedownload' => $this->record->timedownload ?: time()]);
        foreach ([...self::WAITS, null] as $wait) {
            $before = $this->have();
            if ($this->is_whole() || $this->fetch()) {
                $this->note(true);
                return $this->record->advance(['downloaded' => true, 'bytes' => $this->size()]);
            }
            $this->note(true, $this->have() > $before);
            if ($wait !== null) {
                sleep($wait);
            }
        }
        throw new unreached($this->have() . " of {$this->record->totalbytes} bytes");
    }

    /**
     * One request.
     *
     * @return bool whether the file is whole now; false if it is worth asking again
     */
    private function fetch(): bool {
        $have = $this->have();
        $curl = worker::http();
        $curl->setHeader(['Authorization: Bearer ' . $this->record->ticket, 'Accept: */*']);
        if ($have > 0) {
            $curl->setHeader(["Range: bytes=$have-", "If-Range: {$this->record->etag}"]);
        }
        $file = null;
        $refusal = '';
        $problem = null;
        $receive = function ($handle, string $bytes) use ($curl, $have, &$file, &$refusal, &$problem): int {
            try {
                $status = (int)curl_getinfo($handle, CURLINFO_RESPONSE_CODE);
                if ($status !== 200 && $status !== 206) {
                    $refusal .= substr($bytes, 0, self::MAX_REFUSAL - strlen($refusal));
                    return strlen($bytes);
                }
                $file ??= $this->open($curl, $status, $have);
                if (fwrite($file, $bytes) !== strlen($bytes)) {
                    throw new failure('client.disk_full', 'the temporary directory is full');
                }
                $this->note();
                $this->unwatched += strlen($bytes);
                if ($this->unwatched >= self::WATCH_EVERY) {
                    $this->watch_space($this->have());
                }
                return strlen($bytes);
            } catch (\Throwable $thrown) {
                $problem = $thrown;
                return 0;
            }
        };
        $curl->get($this->worker->backup($this->record->job, $this->record->attempt), [], [
            'CURLOPT_ENCODING' => 'identity',
            'CURLOPT_CONNECTTIMEOUT' => 20,
            'CURLOPT_LOW_SPEED_LIMIT' => self::DRIP,
            'CURLOPT_LOW_SPEED_TIME' => self::STALLED,
            'CURLOPT_WRITEFUNCTION' => $receive,
        ]);
        if ($file) {
            fclose($file);
        }
        if ($problem) {
            throw $problem;
        }
        return $this->judge($curl, $have, $refusal);
    }

    /**
     * Opens the file for an answer that brings bytes: for appending only if they are just those that are missing.
     *
     * @return resource
     */
    private function open(\curl $curl, int $status, int $have) {
        $etag = worker::header($curl, 'etag');
        if ($status === 206) {
            $range = content_range::parse(worker::header($curl, 'content-range'));
            if (!$range?->continues($have, $this->record->totalbytes)) {
                $this->start_over();
                throw new unreached('the Worker sent other bytes than those asked for');
            }
            $total = $range->total ?? 0;
        } else {
            $have = 0;
            $total = (int)worker::header($curl, 'content-length');
        }
        $this->record = $this->record->advance([
            'etag' => $have > 0 ? $this->record->etag : \core_text::substr($etag, 0, 255),
            'totalbytes' => $total ?: ($have > 0 ? $this->record->totalbytes : 0),
        ]);
        $this->watch_space($have);
        return fopen(
            $this->path,
            $have > 0 ? 'ab' : 'wb',
        ) ?: throw new failure('client.disk_full', 'the temporary file cannot be opened');
    }

    /**
     * What a finished request means.
     */
    private function judge(\curl $curl, int $have, string $refusal): bool {
        $status = (int)($curl->info['http_code'] ?? 0);
        if ($status === 0) {
            mtrace('The Worker does not answer: ' . $curl->error);
            return false;
        }
        if ($status === 200 || $status === 206) {
            // A cut that the client did not notice shows in the length.
            return $curl->get_errno() === 0 && ($this->record->totalbytes === 0 || $this->is_whole());
        }
        if ($status === 416 && content_range::parse(worker::header($curl, 'content-range'))?->total === $have) {
            return true;
        }
        $failure = failure::of_download($status, $refusal);
        if ($failure->error === 'backup.unreachable') {
            mtrace($failure->getMessage());
            return false;
        }
        throw $failure;
    }

    /**
     * Whether all of the backup is here.
     */
    private function is_whole(): bool {
        $length = $this->record->downloaded ? $this->record->bytes : $this->record->totalbytes;
        return $length > 0 && $this->size() === $length && ($this->record->downloaded || $this->record->etag !== '');
    }

    /**
     * Looks whether there is room for what is still to come and for all of it unpacked. Where nobody tells a length, for what
     * has come so far: a download that never ends is stopped long before the disk is full.
     *
     * @param int $have bytes that have come
     * @throws failure
     */
    private function watch_space(int $have): void {
        $this->unwatched = 0;
        $total = max($have, $this->record->totalbytes);
        free_space::require($total - $have + (self::SPACE_FACTOR - 1) * $total);
    }

    /**
     * Bytes in the file.
     */
    private function size(): int {
        clearstatcache(true, $this->path);
        return (int)@filesize($this->path);
    }

    /**
     * Bytes that may be built on: those of an earlier request whose ETag is known.
     */
    private function have(): int {
        $size = $this->size();
        $usable = $this->record->etag !== '' && ($this->record->totalbytes === 0 || $size <= $this->record->totalbytes);
        return $usable ? $size : 0;
    }

    /**
     * Forgets what came.
     */
    private function start_over(): void {
        @unlink($this->path);
        $this->record = $this->record->advance(['etag' => '', 'totalbytes' => 0, 'bytes' => 0]);
    }

    /**
     * Notes how far we are, now and then, and notices when the attempt is no longer wanted.
     */
    private function note(bool $now = false, bool $progress = true): void {
        if (!$now && time() - $this->noted < self::NOTE_EVERY) {
            return;
        }
        $this->noted = time();
        $bytes = $this->have();
        $total = $this->record->totalbytes;
        if (time() - $this->record->timedownload > self::MAX_TIME) {
            throw new failure('backup.too_slow', "$bytes bytes in " . format_time(self::MAX_TIME));
        }
        $this->watch_space($bytes);
        $this->record = $this->record->advance([
            'bytes' => $bytes,
            'percent' => $total > 0 ? round(100 * $bytes / $total, 2) : 0.0,
        ] + ($progress ? ['timeprogress' => time()] : []));
    }
}
