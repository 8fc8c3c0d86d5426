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

global $CFG;
require_once($CFG->libdir . '/filestorage/file_progress.php');

/**
 * Keeps the job's heartbeat going while its backup is unpacked, and notices when it is no longer wanted.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class unpacking implements \file_progress {
    /** @var int seconds between two writes */
    private const EVERY = 2;
    /** @var int when it was last written */
    private int $written = 0;

    public function __construct(private readonly \stdClass $row) {
    }

    #[\Override]
    public function progress($progress = self::INDETERMINATE, $max = self::INDETERMINATE) {
        if (time() - $this->written < self::EVERY) {
            return;
        }
        $this->written = time();
        $percent = $max > 0 && $progress >= 0 ? round(100 * $progress / $max, 2) : 0;
        job::advance($this->row, ['percent' => $percent]);
    }
}
