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

defined('MOODLE_INTERNAL') || die();

global $CFG;
require_once($CFG->libdir . '/filestorage/file_progress.php');

/**
 * Keeps the restore's heartbeat going while its backup is unpacked, watches the space that is left, and notices when the
 * restore is no longer wanted.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class unpacking implements \file_progress {
    /** @var int seconds between two writes */
    private const EVERY = 2;
    /** @var int calls between two looks at the space: each stands for 64 KiB of a tar.gz, or for a file of a zip */
    private const LOOK_EVERY = 256;
    /** @var int when it was last written */
    private int $written = 0;
    /** @var int calls so far */
    private int $calls = 0;

    /**
     * For a restore.
     *
     * @param restore_record $record whose backup is unpacked
     */
    public function __construct(
        /** @var restore_record whose backup is unpacked */
        private readonly restore_record $record,
    ) {
    }

    #[\Override]
    public function progress($progress = self::INDETERMINATE, $max = self::INDETERMINATE) {
        if ($this->calls++ % self::LOOK_EVERY === 0) {
            free_space::require(0);
        }
        $this->beat($max > 0 && $progress >= 0 ? 100 * $progress / $max : 0);
    }

    /**
     * Says now and then that we are at work.
     *
     * @param float $percent how far it is
     */
    public function beat(float $percent): void {
        if (time() - $this->written >= self::EVERY) {
            $this->written = time();
            $this->record->advance(['percent' => round($percent, 2)]);
        }
    }
}
